/**
 * The tstorch side: answers the runner's requests until its input ends. A case is a function that prepares and returns
 * the function to measure.
 */
import { createInterface } from 'node:readline';
import torch, { Tensor } from 'tstorch';
import { calibrate, run } from './timing.mjs';

/** The part of a sample that runs before it: a half. */
const LEAD_IN = 2;

let cases = {};
/** What is measured of each prepared case, and how often a sample repeats it. */
const prepared = new Map();

/** A GPU works on when a call has returned: what was started counts until it is done. */
const finish = process.env.TSTORCH_BENCH_DEVICE === 'cuda' ? () => torch.cuda.synchronize() : () => {};

/** One number for the result of a case, to be compared with the other side's. */
function value_of(result) {
  if (result instanceof Tensor) return result.detach().double().sum().item();
  return typeof result === 'number' ? result : null;
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
    prepared.set(name, { step, iterations: calibrate(step, sample * 1e6, warm_up * 1e6, finish) });
    return { value };
  },

  time({ name, threads }) {
    torch.set_num_threads(threads);
    const { step, iterations } = prepared.get(name);
    // While the other side ran, caches went cold; what comes first is not counted.
    run(step, Math.floor(iterations / LEAD_IN), finish);
    return { nanoseconds: run(step, iterations, finish) / iterations };
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
