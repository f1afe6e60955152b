/**
 * The tstorch side: answers the runner's requests until its input ends. A case is a function that prepares and returns
 * the function to measure.
 */
import { existsSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import torch, { Tensor } from 'tstorch';

const LINE = '/proc/self/schedstat';
/** The part of a sample that runs before it: a half. */
const LEAD_IN = 2;

let cases = {};
/** What is measured of each prepared case, and how often a sample repeats it. */
const prepared = new Map();

/** Where Linux tells how long this thread has stood in line for a core; null elsewhere. */
const line_file = existsSync(LINE) ? openSync(LINE) : null;
const line_buffer = Buffer.alloc(80);

/**
 * Nanoseconds that this thread has stood in line for a core because others had it. That says something about the
 * machine's other work and nothing about ours, so it is taken off.
 */
function waited() {
  if (line_file === null) return 0;
  const length = readSync(line_file, line_buffer, 0, line_buffer.length, 0);
  return Number(line_buffer.latin1Slice(0, length).split(' ')[1]);
}

/** A GPU works on when a call has returned: what was started counts until it is done. */
const finish = process.env.TSTORCH_BENCH_DEVICE === 'cuda' ? () => torch.cuda.synchronize() : () => {};

/** Nanoseconds that a number of calls take. */
function run(step, iterations) {
  // The clock is read first and last: a wait between the two readings may be counted, but never taken off in vain.
  const start = process.hrtime.bigint();
  const waited_before = waited();
  for (let i = 0; i < iterations; i++) step();
  finish();
  const in_line = waited() - waited_before;
  return Number(process.hrtime.bigint() - start) - in_line;
}

/** One number for the result of a case, to be compared with the other side's. */
function value_of(result) {
  if (result instanceof Tensor) return result.detach().double().sum().item();
  return typeof result === 'number' ? result : null;
}

/** Runs a case until it is warm; gives how many calls make a sample. */
function calibrate(step, sample, warm_up) {
  let iterations = 1;
  let spent = 0;
  for (;;) {
    const elapsed = Math.max(run(step, iterations), 1);
    spent += elapsed;
    const fitting = Math.max(1, Math.round((iterations * sample) / elapsed));
    if (spent >= warm_up) return fitting;
    iterations = Math.min(fitting, iterations * 10);
  }
}

const actions = {
  version: () => ({ version: torch.__version__ }),

  async load({ group }) {
    ({ cases } = await import(`../cases/${group}.mjs`));
    return { cases: Object.keys(cases) };
  },

  prepare({ name, threads, iterations, sample, warm_up }) {
    torch.set_num_threads(threads);
    torch.manual_seed(0);
    const step = cases[name]();
    if (iterations !== null) {
      prepared.set(name, { step, iterations });
      return { value: null };
    }
    const value = value_of(step());
    prepared.set(name, { step, iterations: calibrate(step, sample * 1e6, warm_up * 1e6) });
    return { value };
  },

  time({ name, threads }) {
    torch.set_num_threads(threads);
    const { step, iterations } = prepared.get(name);
    // While the other side ran, caches went cold; what comes first is not counted.
    run(step, Math.floor(iterations / LEAD_IN));
    return { nanoseconds: run(step, iterations) / iterations };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const request = JSON.parse(line);
    answer = await actions[request.action](request);
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
