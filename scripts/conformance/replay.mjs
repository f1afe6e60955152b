/** Replays bundles in worker processes: a sample that ends its process has failed, and the next one follows. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPRODUCIBLE } from '../fixtures/reproducible.mjs';
import { BUILD, ROOT } from '../setup/paths.mjs';

const WORKER = join(BUILD, 'conformance', 'replay', 'worker.js');
/** Of one sample, in milliseconds. */
const LONGEST = 120_000;

/** Replays `files` in one process; null when it came to their end, else why it did not. */
function run_worker(folder, files, on_outcome) {
  return new Promise((done) => {
    const worker = spawn(process.execPath, ['--no-warnings', WORKER, folder, ...files], {
      cwd: ROOT,
      env: { ...process.env, ...REPRODUCIBLE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    worker.stderr.on('data', (data) => (complaint = (complaint + data).slice(-2000)));
    let late = false;
    let timer;
    const expect_more = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        late = true;
        worker.kill('SIGKILL');
      }, LONGEST);
    };
    expect_more();
    createInterface({ input: worker.stdout }).on('line', (line) => {
      expect_more();
      on_outcome(...JSON.parse(line));
    });
    worker.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return done(null);
      done(late ? 'it did not end' : `the process ended (${signal ?? code}): ${complaint.trim().split('\n').at(-1)}`);
    });
  });
}

/**
 * Replays all samples.
 * @param folder where the bundles are
 * @param files their names
 * @param on_outcome called with (file, number, outcome)
 */
export async function replay_all(folder, files, on_outcome) {
  let position = 0;
  let next = 0;
  while (position < files.length) {
    const rest = files.slice(position);
    if (next > 0) rest[0] += `:${next}`;
    const failed = await run_worker(folder, rest, (file, number, outcome) => {
      if (number < 0) {
        position++;
        next = 0;
      } else {
        next = number + 1;
        on_outcome(file, number, outcome);
      }
    });
    if (failed === null) return;
    const verdict = { passed: false, exact: false, reason: failed, crashed: true };
    on_outcome(files[position], next, { result: verdict, gradient: null });
    next++;
  }
}
