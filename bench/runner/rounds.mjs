/**
 * Measures a group's cases in both processes. A round takes one sample of every case from one side and from the other,
 * and the next round asks in the opposite order: whatever else the machine does meets both alike and is spread over
 * all cases, and the medians leave it out.
 */
import { availableParallelism } from 'node:os';
import { first_match } from '../groups.mjs';
import { progress } from './progress.mjs';
import { compare } from './statistics.mjs';
import { python_worker, tstorch_worker } from './worker.mjs';

/** How long a sample takes, and how long a case runs before its first. */
const SAMPLE_MILLISECONDS = 20;
const WARM_UP_MILLISECONDS = 250;

function threads_of({ threads }, usual) {
  return threads === 'all' ? availableParallelism() : (threads ?? usual);
}

/** Do both sides compute the same? The random numbers are the same, so the results have to be. */
function agree(a, b) {
  if (a === null || b === null) return true;
  return Math.abs(a - b) <= 1e-4 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** The cases that both sides have; a name on one side only is a mistake in cases/. */
async function common_cases(workers, name) {
  const lists = [];
  for (const worker of workers) lists.push((await worker.ask({ action: 'load', group: name })).cases);
  const [first, second] = lists;
  const odd = [...first.filter((x) => !second.includes(x)), ...second.filter((x) => !first.includes(x))];
  if (odd.length > 0) throw new Error(`the cases of ${name} differ: ${odd.join('; ')}`);
  return first;
}

async function prepare(workers, { name, threads, iterations }) {
  const values = [];
  for (const worker of workers) {
    const times = { sample: SAMPLE_MILLISECONDS, warm_up: WARM_UP_MILLISECONDS };
    values.push((await worker.ask({ action: 'prepare', name, threads, iterations, ...times })).value);
  }
  if (!agree(values[0], values[1])) throw new Error(`the results differ: ${values.join(' and ')}`);
}

export async function measure_rounds({ name: group_name, group, python, options }) {
  const { env, note } = group.provide?.() ?? { env: {}, note: null };
  if (env === null) return { rows: [], note };
  const workers = [tstorch_worker(env), python_worker(python, env)];
  const rows = [];
  try {
    const names = (await common_cases(workers, group_name)).filter((name) => name.includes(options.only));
    for (const name of names) {
      const settings = first_match(group.settings, name) ?? {};
      const row = {
        name,
        target: first_match(group.targets, name),
        threads: threads_of(settings, options.threads),
        iterations: settings.iterations ?? null,
        rounds: Math.min(settings.rounds ?? Infinity, options.rounds),
        samples: workers.map(() => []),
      };
      progress(`${group_name}: preparing ${name}`);
      try {
        await prepare(workers, row);
      } catch (error) {
        row.error = error.message;
      }
      rows.push(row);
    }

    for (let round = 0; round < options.rounds; round++) {
      for (const row of rows) {
        if (row.error !== undefined || round >= row.rounds) continue;
        progress(`${group_name}: round ${round + 1} of ${options.rounds}, ${row.name}`);
        const order = round % 2 === 0 ? [0, 1] : [1, 0];
        for (const side of order) {
          const { nanoseconds } = await workers[side].ask({ action: 'time', name: row.name, threads: row.threads });
          row.samples[side].push(nanoseconds);
        }
      }
    }
  } finally {
    progress('');
    for (const worker of workers) worker.close();
  }
  const figures = rows.map(({ name, target, threads, error, samples: [tstorch, python] }) =>
    error === undefined ? { name, target, threads, ...compare(tstorch, python) } : { name, target, error },
  );
  return { rows: figures, note };
}
