/** A program that loads in workers; its argument says how it ends. The last line that it prints is its report. */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import torch from 'tstorch';
import { DataLoader, Dataset } from 'tstorch/utils/data';
import { Large, Split } from '../utils/data/workers/datasets.mjs';

/** A dataset of the main script: the workers import that too. */
export class Squares extends Dataset {
  __len__() {
    return 8;
  }

  __getitem__(index) {
    return index * index;
  }
}

const what = process.argv[2];

function resident() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

const actions = {
  /** Three times 2000 batches of 256 KB, 500 MB altogether; what the first walk needs is kept for the others. */
  async memory() {
    const loader = new DataLoader(new Large(), { num_workers: 2, persistent_workers: true });
    const figures = [];
    let wrong = 0;
    for (let walk = 0; walk < 3; walk++) {
      let next = 0;
      for (const [X, y] of loader) {
        if (X[0][5][5].item() !== next || y.item() !== next) wrong++;
        next++;
      }
      torch.memory.collect();
      figures.push(resident());
    }
    console.log(JSON.stringify({ wrong, grown: figures[2] - figures[1], live: torch.memory.stats().live_tensors }));
  },
  main_script() {
    const sums = [...new DataLoader(new Squares(), { batch_size: 4, num_workers: 2 })].map((batch) => batch.tolist());
    console.log(JSON.stringify(sums));
  },
  end_early() {
    for (const _ of new DataLoader(new Large(), { num_workers: 2 })) break;
    console.log('1');
  },
  forgotten() {
    const walk = new DataLoader(new Large(), { num_workers: 2 })[Symbol.iterator]();
    walk.next();
    console.log('1');
  },
  persistent() {
    const loader = new DataLoader(new Split(4), { num_workers: 2, persistent_workers: true });
    for (const _ of loader);
    console.log('1');
  },
  exit() {
    for (const _ of new DataLoader(new Large(), { num_workers: 2 })) process.exit(4);
  },
  uncaught() {
    for (const _ of new DataLoader(new Large(), { num_workers: 2 })) throw new Error('on purpose');
  },
  async exit_async() {
    for await (const _ of new DataLoader(new Large(), { num_workers: 2 })) process.exit(4);
  },
};

if (isMainThread) await actions[what]?.();
// A script that forgets to ask whether it is the main one.
if (what === 'unguarded') for (const _ of new DataLoader(new Squares(), { num_workers: 1 }));
