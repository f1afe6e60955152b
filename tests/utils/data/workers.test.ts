/** Loading in workers, compared with what Python's DataLoader gives with as many (scripts/fixtures/utils_data_workers.py). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch, { nn, type Tensor } from 'tstorch';
import { range } from 'tstorch/python';
import { datasets, transforms } from 'tstorch/torchvision';
import {
  ConcatDataset,
  DataLoader,
  type DataLoaderOptions,
  DistributedSampler,
  StackDataset,
  Subset,
  TensorDataset,
} from 'tstorch/utils/data';
import { describe, expect, test } from 'vitest';
import { read_fixture, thrown_by } from '../../expected.ts';
import * as own from './workers/datasets.mjs';

type Options = DataLoaderOptions<any, any>;
type Step = unknown[] | 'end' | { error: string; first: string; last: string };
interface Fixture {
  walks: {
    dataset: 'Drawing' | 'Whole' | 'Split';
    size: number;
    seed: number;
    stop: number | null;
    init: 'init_seed' | null;
    generator: number | null;
    options: Options;
    walks: unknown[][];
    after: number[];
  }[];
  failing: Record<string, Step[]>;
  failing_init: Step[];
  refused: { options: Options; error: string; message: string }[];
  distributed: { n: number; replicas: number; epoch: number; options: object; ranks: [number, number[]][] }[];
}
const fixture = read_fixture<Fixture>('utils_data_workers');

function plain(batch: unknown): unknown {
  if (Array.isArray(batch)) return batch.map(plain);
  return torch.is_tensor(batch) ? batch.tolist() : batch;
}

function loader_of({ dataset, size, seed, init, generator, options }: Fixture['walks'][number]): DataLoader<any, any> {
  torch.manual_seed(seed);
  return new DataLoader<any, any>(new own[dataset](size) as never, {
    ...options,
    worker_init_fn: init === null ? null : own[init],
    generator: generator === null ? null : new torch.Generator().manual_seed(generator),
  });
}

describe('as in Python', () => {
  test.each(fixture.walks)('$dataset($size), seed $seed, $options', (one) => {
    const loader = loader_of(one);
    const walks = one.walks.map(() => {
      const batches: unknown[] = [];
      for (const batch of loader) {
        batches.push(plain(batch));
        if (batches.length === one.stop) break;
      }
      return batches;
    });
    expect(walks).toEqual(one.walks);
    expect(torch.rand(2).tolist()).toEqual(one.after);
  });

  test.each(fixture.walks)('for await: $dataset($size), seed $seed, $options', async (one) => {
    const loader = loader_of(one);
    const walks: unknown[][] = [];
    for (const _ of one.walks) {
      const batches: unknown[] = [];
      for await (const batch of loader) {
        batches.push(plain(batch));
        if (batches.length === one.stop) break;
      }
      walks.push(batches);
    }
    expect(walks).toEqual(one.walks);
    expect(torch.rand(2).tolist()).toEqual(one.after);
  });

  const step = (walk: Iterator<any>): Step => {
    try {
      const { done, value } = walk.next();
      return done ? 'end' : (plain(value) as unknown[]);
    } catch (error) {
      const { name, message } = error as Error;
      const lines = message.split('\n');
      return { error: name, first: lines[0]!, last: lines[1]!.replace(/^Original /, '') };
    }
  };

  test.each(Object.entries(fixture.failing))('an error in a worker: %s', (what, steps) => {
    const walk = new DataLoader(new own.Failing(what), { batch_size: 2, num_workers: 2 })[Symbol.iterator]();
    // Python shows the key of a KeyError in quotes.
    const expected = JSON.parse(JSON.stringify(steps).replace("'five'", 'five')) as Step[];
    expect(steps.map(() => step(walk))).toEqual(expected);
  });

  test('an error of worker_init_fn', () => {
    const options = { batch_size: 2, num_workers: 2, worker_init_fn: own.failing_init };
    const walk = new DataLoader(new own.Failing('none'), options)[Symbol.iterator]();
    expect([step(walk)]).toEqual(fixture.failing_init);
    walk.return!();
  });

  test.each(fixture.refused)('refused: $options', ({ options, error, message }) => {
    const thrown = thrown_by(() => [...new DataLoader([0, 1, 2, 3], options)]) as Error;
    const words = (text: string): string => text.replace(/\W+/g, ' ').replace('None', 'null').toLowerCase();
    expect([thrown.name, words(thrown.message)]).toEqual([error, words(message)]);
  });

  test.each(fixture.distributed)('DistributedSampler of $n on $replicas, $options', ({ n, replicas, epoch, options, ranks }) => {
    const walks = Array.from(range(replicas), (rank) => {
      const sampler = new DistributedSampler(range(n), replicas, rank, options);
      sampler.set_epoch(epoch);
      return [sampler.length, [...sampler]];
    });
    expect(walks).toEqual(ranks);
  });
});

test('DistributedSampler refuses what Python refuses', () => {
  expect(() => new DistributedSampler(range(4), 2, 2)).toThrow(
    'Invalid rank 2, rank should be in the interval [0, 1]',
  );
  expect(() => new DistributedSampler(range(4))).toThrow('Requires distributed package to be available');
});

test('what a worker knows, and what worker_init_fn can do', () => {
  torch.manual_seed(3);
  const base_seed = BigInt(torch.empty([], { dtype: torch.int64 }).random_().item() as number | bigint);
  torch.manual_seed(3);
  const threads = torch.get_num_threads();
  torch.set_num_threads(2);
  try {
    const options = { batch_size: null, num_workers: 2, worker_init_fn: own.init_dataset };
    const told = [...(new DataLoader(new own.Telling(), options) as Iterable<unknown>)];
    const expected = Array.from(range(4), (index) => ({
      index,
      id: index % 2,
      num_workers: 2,
      seed: base_seed + BigInt(index % 2),
      own: true,
      threads: 1,
      initial: base_seed + BigInt(index % 2),
      extra: `set by ${index % 2}`,
    }));
    expect(told).toEqual(expected);
    expect(torch.get_num_threads()).toBe(2);
  } finally {
    torch.set_num_threads(threads);
  }
});

test('collate_fn of any kind', () => {
  const load = (collate_fn: (samples: any[]) => any): unknown[] => [
    ...new DataLoader<any, any>(new own.Drawing(4), { batch_size: 2, num_workers: 2, collate_fn }),
  ];
  expect(load(own.list_of_numbers)).toEqual([
    { indices: [0, 1], name: 'batch', seen: new Set([0, 1]) },
    { indices: [2, 3], name: 'batch', seen: new Set([2, 3]) },
  ]);
  expect(load(own.collate_doubled).map(plain)).toEqual([
    [0, 2],
    [4, 6],
  ]);
  const kept = load(own.keep) as [number, Tensor][][];
  expect(kept.map((batch) => batch.map(([index, x]) => [index, x.shape.length]))).toEqual([
    [[0, 1], [1, 1]],
    [[2, 1], [3, 1]],
  ]);
});

test('errors of other classes', () => {
  const fail = (what: string): Error =>
    thrown_by(() => [...new DataLoader(new own.Failing(what), { num_workers: 1 })]) as Error;
  expect(fail('range')).toBeInstanceOf(RangeError);
  expect(fail('range').message).toMatch(/^Caught RangeError in DataLoader worker process 0\.\nOriginal RangeError: out\n/);
  // A class that the main thread does not know comes as a RuntimeError where it cannot be looked up.
  expect(fail('own').message).toContain('in DataLoader worker process 0.\nOriginal ');
  const gone = fail('exit');
  expect([gone.name, gone.message.replace(/\d+/, 'N')]).toEqual([
    'RuntimeError',
    'DataLoader worker (thread(s) N) exited unexpectedly',
  ]);
});

test('what a worker has sent before it ends is there', async () => {
  const make = (): DataLoader<any, any> => new DataLoader<any, any>(new own.Failing('exit'), { num_workers: 1, prefetch_factor: 8 });
  // Long enough for the worker to go through all that it was asked for, and to end.
  const longer = 500;
  const blocking: unknown[] = [];
  const block = (): void => {
    for (const batch of make()) {
      blocking.push(...(plain(batch) as unknown[]));
      if (blocking.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, longer);
    }
  };
  expect(block).toThrow('exited unexpectedly');
  expect(blocking).toEqual([0, 1, 2, 3, 4]);

  const waiting: unknown[] = [];
  const walk = async (): Promise<void> => {
    for await (const batch of make()) {
      waiting.push(...(plain(batch) as unknown[]));
      if (waiting.length === 1) await new Promise((resolve) => setTimeout(resolve, longer));
    }
  };
  await expect(walk()).rejects.toThrow('exited unexpectedly');
  expect(waiting).toEqual([0, 1, 2, 3, 4]);
});

test('timeout', async () => {
  const loader = new DataLoader(new own.Failing('slow'), { num_workers: 1, timeout: 0.5 });
  const message = 'DataLoader timed out after 0.5 seconds';
  expect(() => [...loader]).toThrow(new torch.RuntimeError(message));
  await expect(loader[Symbol.asyncIterator]().next()).rejects.toThrow(message);
});

describe('what travels', () => {
  const carry = (cargo: object): unknown =>
    [...(new DataLoader(new own.Carrying(cargo), { batch_size: null, num_workers: 1 }) as Iterable<unknown>)][0];

  test('data of any shape', () => {
    const cycle: Record<string, unknown> = { x: torch.ones(1) };
    cycle['self'] = cycle;
    const one = { x: torch.ones(1) };
    const cargo = {
      probe: 'shapes',
      cycle,
      shared: [one, one],
      map: new Map([['a', torch.arange(2)]]),
      set: new Set([1, 'two']),
      date: new Date(5),
      bytes: Uint8Array.of(1, 2, 3),
      big: 12345678901234567890n,
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
    };
    expect(carry(cargo)).toEqual([
      true, true, [['a', [0, 1]]], [1, 'two'], 5, [1, 2, 3], '12345678901234567890', 1,
    ]);
  });

  test('what the library has', () => {
    const cargo = {
      probe: 'constants',
      dtype: torch.float64,
      device: new torch.device('cpu'),
      size: new torch.Size([2, 3]),
      complex: new torch.Complex(1, 2),
      format: torch.channels_last,
    };
    expect(carry(cargo)).toEqual([true, 'cpu', 'torch.Size([2, 3])', true, '(1+2j)', true]);
    const generator = new torch.Generator().manual_seed(9);
    torch.rand(3, { generator });
    const arrived = carry({ probe: 'generator', generator });
    expect(arrived).toEqual(torch.rand(2, { generator }).tolist());
    const [x, parameter] = [torch.ones(2, { requires_grad: true }), new nn.Parameter(torch.ones(2))];
    expect(carry({ probe: 'requires_grad', x, parameter })).toEqual([true, true, true]);
    const model = new own.Model();
    const input = torch.ones(1, 2);
    expect(carry({ probe: 'model', model, x: input })).toEqual([
      torch.no_grad(() => model(input).tolist() as unknown),
      ['layer.weight', 'layer.bias'],
    ]);
  });

  test('instances and functions', () => {
    const transform = new own.Compose([new own.Scale(3), own.plus_one]);
    expect(carry({ probe: 'transform', transform, x: torch.ones(2) })).toEqual([4, 4]);
    expect(carry({ probe: 'own', own: new own.Reducing(5) })).toEqual(['Reducing', 5, true]);
    expect(carry({ probe: 'own', own: new own.Stateful(5) })).toEqual(['Stateful', 6, 'by __setstate__']);
  });

  test('tensors keep their memory, that of JavaScript is copied', () => {
    const x = torch.zeros(3);
    carry({ probe: 'write', x });
    expect(x.tolist()).toEqual([7, 7, 7]);
    const numbers = Float32Array.of(1, 2);
    carry({ probe: 'write', x: torch.from_numpy(numbers) });
    expect([...numbers]).toEqual([1, 2]);
  });

  test('datasets of the library', () => {
    const rows = new TensorDataset(torch.arange(6), torch.arange(6).mul(10));
    const load = (dataset: any): unknown =>
      Array.from(new DataLoader<any, any>(dataset, { batch_size: 2, num_workers: 2 }), plain);
    const pairs = [[[0, 1], [0, 10]], [[2, 3], [20, 30]], [[4, 5], [40, 50]]];
    expect(load(rows)).toEqual(pairs);
    expect(load(new Subset(rows, [5, 0]))).toEqual([[[5, 0], [50, 0]]]);
    expect(load(new ConcatDataset([new Subset(rows, [0, 1]), new Subset(rows, [2, 3, 4, 5])]))).toEqual(pairs);
    const stacked = new DataLoader<any, any>(new StackDataset({ a: [1, 2], b: torch.arange(2) }), { batch_size: 2, num_workers: 1 });
    expect(Array.from(stacked, ({ a, b }) => [a.tolist(), b.tolist()])).toEqual([[[1, 2], [0, 1]]]);
    expect(load([1, 2, 3])).toEqual([[1, 2], [3]]);
    expect(load(torch.arange(3))).toEqual([[0, 1], [2]]);
  });

  test('data sets of images and their transforms', () => {
    const root = mkdtempSync(join(tmpdir(), 'tstorch-workers-'));
    const raw = join(root, 'MNIST', 'raw');
    mkdirSync(raw, { recursive: true });
    const idx = (shape: number[], values: number[]): Buffer =>
      Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size]), ...values]);
    for (const set of ['train', 't10k']) {
      writeFileSync(join(raw, `${set}-images-idx3-ubyte`), idx([3, 1, 2], [0, 51, 102, 153, 204, 255]));
      writeFileSync(join(raw, `${set}-labels-idx1-ubyte`), idx([3], [7, 8, 9]));
    }
    const transform = new transforms.Compose([
      new transforms.ToTensor(),
      new transforms.Normalize([0.5], [0.5]),
    ]);
    const images = new datasets.MNIST(root, { transform });
    const load = (num_workers: number): unknown =>
      Array.from(new DataLoader<any, any>(images, { batch_size: 2, num_workers }), plain);
    expect(load(2)).toEqual(load(0));
    rmSync(root, { recursive: true });
  });

  test.each<[string, () => unknown, RegExp]>([
    ['a closure', () => own.make_closure(2), /cargo\.transforms\[1\]: a worker needs function scaled, and .*datasets\.mjs does not export it/],
    ['an arrow function', () => (x: unknown) => x, /cargo\.transforms\[1\]: .*(without a name cannot be sent|could not import)/],
    ['a class that is not exported', () => own.make_hidden(), /cargo\.transforms\[1\]: a worker needs class Hidden/],
    ['private members', () => new own.WithPrivate(), /cargo\.transforms\[1\]: an instance of WithPrivate .* private member #secret .*__reduce__/],
    ['a symbol', () => Symbol('s'), /cargo\.transforms\[1\]: Symbol\(s\) cannot be sent/],
    ['a proxy', () => new Proxy({}, {}), /cargo\.transforms\[1\]: a Proxy cannot be sent/],
    ['a promise', () => Promise.resolve(), /cargo\.transforms\[1\]: a Promise cannot be sent/],
    ['a bound function', () => own.plus_one.bind(null), /cargo\.transforms\[1\]: .*bound/],
  ])('not %s', (_, make, message) => {
    const error = thrown_by(() => carry({ probe: 'shapes', transforms: [1, make()] })) as Error;
    expect(error.name).toBe('TypeError');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^dataset\.cargo/);
  });

  test('not a tensor with a history', () => {
    const x = torch.ones(1, { requires_grad: true }).mul(2);
    const error = thrown_by(() => carry({ probe: 'shapes', x })) as Error;
    expect([error.name, error.message.slice(0, 70)]).toEqual([
      'RuntimeError',
      'dataset.cargo.x: Cowardly refusing to serialize non-leaf tensor which ',
    ]);
  });
});

test('the thread is free while for await waits', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  for await (const _ of new DataLoader(new own.Split(4), { num_workers: 1 }));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(0);
});
