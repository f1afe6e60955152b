// The package in worker threads; the first argument says what happens there. The last line is a report.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import torch from 'tstorch';

const what = isMainThread ? process.argv[2] : workerData;

function forever(step) {
  parentPort.postMessage('busy');
  for (;;) step();
}

const THREADS = {
  compute() {
    torch.manual_seed(1);
    const x = torch.rand(3, 3, { requires_grad: true });
    x.matmul(x).sum().backward();
    parentPort.postMessage(x.grad.sum().item());
  },
  garbage() {
    let sum = 0;
    for (let i = 0; i < 3000; i++)
      sum += torch
        .ones(64)
        .add(i % 2)
        .mul(2)
        .sum()
        .item();
    globalThis.kept = [torch.ones(1000), torch.ones(8).numpy(), torch.from_numpy(new Float32Array(8))];
    parentPort.postMessage(sum);
  },
  matmul() {
    const x = torch.rand(300, 300);
    forever(() => x.matmul(x));
  },
  collecting() {
    let x = torch.rand(1000);
    forever(() => {
      x = x.add(1);
      torch.memory.collect();
    });
  },
  backward() {
    const x = torch.rand(30, 30, { requires_grad: true });
    forever(() => {
      let y = x;
      for (let i = 0; i < 30; i++) y = y.matmul(x).tanh();
      y.sum().backward();
      x.grad = null;
    });
  },
  errors() {
    const x = torch.ones(2);
    forever(() => {
      try {
        x.add(torch.ones(3));
      } catch {}
    });
  },
  uncaught() {
    torch.ones(2).add(torch.ones(3));
  },
  exit() {
    globalThis.kept = torch.ones(1000);
    process.exit(7);
  },
};

function start() {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: what });
  return { worker, exited: once(worker, 'exit').catch(() => once(worker, 'exit')) };
}

/** Starts one, lets it work for a while and stops it. */
async function interrupt(milliseconds) {
  const { worker } = start();
  await once(worker, 'message');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return worker.terminate();
}

async function main() {
  switch (what) {
    case 'compute':
    case 'garbage': {
      const threads = [start(), start()];
      const results = await Promise.all(threads.map(async ({ worker }) => (await once(worker, 'message'))[0]));
      const codes = await Promise.all(threads.map(async ({ exited }) => (await exited)[0]));
      return { results, codes };
    }
    case 'uncaught': {
      const { worker, exited } = start();
      const [error] = await once(worker, 'error');
      return { error: [error.name, error.message], code: (await exited)[0] };
    }
    case 'exit':
      return { code: (await start().exited)[0] };
    default: {
      const codes = [];
      for (const milliseconds of [0, 3, 11, 29]) codes.push(await interrupt(milliseconds));
      return { codes };
    }
  }
}

if (!isMainThread) {
  THREADS[what]();
} else if (process.argv[3] !== undefined) {
  // The process ends while two threads compute.
  const threads = [start(), start()];
  await Promise.all(threads.map(({ worker }) => once(worker, 'message')));
  if (process.argv[3] === 'throw') throw new Error('on purpose');
  process.exit(Number(process.argv[3]));
} else {
  const report = await main();
  // This thread goes on as if nothing had happened.
  report.here = torch.ones(3).add(1).sum().item();
  console.log(JSON.stringify(report));
}
