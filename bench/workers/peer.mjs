/** A library that TypeScript has today: answers the runner's requests as worker.mjs does for tstorch. */
import { createInterface } from 'node:readline';
import { calibrate, run } from './timing.mjs';

const { cases } = await import(`../peers/${process.argv[2]}.mjs`);
const prepared = new Map();

const actions = {
  load: () => ({ cases: Object.keys(cases) }),

  async prepare({ name, iterations, sample, warm_up }) {
    const step = await cases[name]();
    prepared.set(name, { step, iterations: iterations ?? calibrate(step, sample * 1e6, warm_up * 1e6) });
    return {};
  },

  time({ name }) {
    const { step, iterations } = prepared.get(name);
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
