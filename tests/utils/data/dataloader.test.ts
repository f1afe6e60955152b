import torch, { type Tensor } from 'tstorch';
import { len, range } from 'tstorch/python';
import {
  BatchSampler,
  DataLoader,
  default_collate,
  default_convert,
  get_worker_info,
  IterableDataset,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} from 'tstorch/utils/data';
import { describe, expect, expectTypeOf, test } from 'vitest';

const samples = Array.from({ length: 7 }, (_, i): [Tensor, number] => [torch.full([2], i), i]);

describe('DataLoader', () => {
  test('batches of samples, as often as one likes', () => {
    const loader = new DataLoader(samples, { batch_size: 3 });
    expect([loader.length, len(loader), loader.batch_size, loader.dataset]).toEqual([3, 3, 3, samples]);
    for (let epoch = 0; epoch < 2; epoch++) {
      const batches = Array.from(loader, ([X, y]) => [X.shape, y.tolist(), y.dtype]);
      expect(batches).toEqual([
        [[3, 2], [0, 1, 2], torch.int64],
        [[3, 2], [3, 4, 5], torch.int64],
        [[1, 2], [6], torch.int64],
      ]);
    }
    for (const [X, y] of loader) {
      expectTypeOf(X).toEqualTypeOf<Tensor>();
      expectTypeOf(y).toEqualTypeOf<Tensor>();
    }
  });

  test('arguments by position, by name, and mixed', () => {
    const by_position = new DataLoader(samples, 2, false, null, null, 0, null, false, true);
    const by_name = new DataLoader({ dataset: samples, batch_size: 2, drop_last: true });
    const mixed = new DataLoader(samples, 2, { drop_last: true });
    for (const loader of [by_position, by_name, mixed]) expect([loader.length, loader.drop_last]).toEqual([3, true]);
    // @ts-expect-error
    expect(() => new DataLoader(samples, { batchsize: 2 })).toThrow(
      /unexpected keyword argument 'batchsize'.*batch_size/,
    );
    // @ts-expect-error
    expect(() => new DataLoader(samples, 2, { batch_size: 2 })).toThrow("multiple values for argument 'batch_size'");
    // @ts-expect-error
    expect(() => new DataLoader({ batch_size: 2 })).toThrow("missing 1 required positional argument: 'dataset'");
  });

  test('batch_size null gives single samples', () => {
    const loader = new DataLoader([Float32Array.of(1, 2), Float32Array.of(3, 4)], { batch_size: null });
    expect(Array.from(loader as unknown as Iterable<Tensor>, (sample) => sample.tolist())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(loader.length).toBe(2);
  });

  test('samplers of all kinds', () => {
    const order = (options: object): unknown =>
      Array.from(new DataLoader<[Tensor, number], [Tensor, Tensor]>(samples, options), ([, y]) => y.tolist());
    expect(order({ sampler: [5, 1, -1], batch_size: 2 })).toEqual([[5, 1], [6]]);
    expect(order({ sampler: new SequentialSampler(range(4)), batch_size: 3 })).toEqual([[0, 1, 2], [3]]);
    expect(order({ batch_sampler: [[1], [2, 3]] })).toEqual([[1], [2, 3]]);
    expect(order({ batch_sampler: new BatchSampler([3, 2, 1], 2, true) })).toEqual([[3, 2]]);
    class Backwards extends Sampler {
      override *__iter__(): Generator<number> {
        for (let i = 6; i >= 0; i--) yield i;
      }
      __len__(): number {
        return 7;
      }
    }
    const loader = new DataLoader(samples, { sampler: new Backwards(), batch_size: 4 });
    expect([loader.length, ...Array.from(loader, ([, y]) => y.tolist())]).toEqual([2, [6, 5, 4, 3], [2, 1, 0]]);
  });

  test('collate_fn', () => {
    const loader = new DataLoader(samples, { batch_size: 4, collate_fn: (batch) => batch.map(([, y]) => y) });
    expectTypeOf([...loader]).toEqualTypeOf<number[][]>();
    expect([...loader]).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('streams', () => {
    let open = 0;
    class Letters extends IterableDataset<string> {
      override *__iter__(): Generator<string> {
        open++;
        try {
          yield* 'abcde';
        } finally {
          open--;
        }
      }
      __len__(): number {
        return 5;
      }
    }
    const loader = new DataLoader(new Letters(), { batch_size: 2 });
    expect([...loader]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(loader.length).toBe(3);
    expect([...new DataLoader(new Letters(), { batch_size: 2, drop_last: true })]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect([...new DataLoader(new Letters(), { batch_size: null })]).toEqual(['a', 'b', 'c', 'd', 'e']);
    // Leaving early closes the stream.
    for (const batch of loader) {
      expect(batch).toEqual(['a', 'b']);
      break;
    }
    expect(open).toBe(0);
    expect(() => new DataLoader(new Letters(), { shuffle: true })).toThrow('expected unspecified shuffle option');
    expect(() => new DataLoader(new Letters(), { sampler: [1] })).toThrow('expected unspecified sampler option');
    expect(() => new DataLoader(new Letters(), { batch_sampler: [[1]] })).toThrow(
      'expected unspecified batch_sampler option',
    );
  });

  test('__getitems__ is asked for whole batches', () => {
    const asked: number[][] = [];
    const dataset = {
      __getitem__: (i: number) => i,
      __getitems__: (indices: number[]) => (asked.push(indices), indices.map((i) => i * 10)),
      __len__: () => 5,
    };
    class Batched {
      __getitem__ = dataset.__getitem__;
      __getitems__ = dataset.__getitems__;
      __len__ = dataset.__len__;
    }
    expect(Array.from(new DataLoader(new Batched(), { batch_size: 3 }), (batch) => batch.tolist())).toEqual([
      [0, 10, 20],
      [30, 40],
    ]);
    expect(asked).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  test('options that contradict each other', () => {
    const make = (options: object) => () => new DataLoader(samples, options);
    expect(make({ shuffle: true, sampler: [0] })).toThrow('sampler option is mutually exclusive with shuffle');
    expect(make({ batch_sampler: [[0]], batch_size: 2 })).toThrow('batch_sampler option is mutually exclusive');
    expect(make({ batch_sampler: [[0]], shuffle: true })).toThrow('batch_sampler option is mutually exclusive');
    expect(make({ batch_size: null, drop_last: true })).toThrow('disables auto-batching');
    expect(make({ batch_size: 0 })).toThrow('batch_size should be a positive integer value, but got batch_size=0');
    expect(make({ batch_size: 2.5 })).toThrow(torch.ValueError);
    expect(make({ num_workers: -1 })).toThrow('num_workers option should be non-negative');
    expect(make({ timeout: -1 })).toThrow('timeout option should be non-negative');
    expect(make({ prefetch_factor: 2 })).toThrow('prefetch_factor option could only be specified in multiprocessing');
    expect(make({ persistent_workers: true })).toThrow('persistent_workers option needs num_workers > 0');
    expect(() => new DataLoader([], { shuffle: true })).toThrow('num_samples should be a positive integer value');
    expect(() => new DataLoader(5 as never)).toThrow(/argument 'dataset' must be a Dataset or an array/);
  });

  test('what decides over the order is fixed', () => {
    const loader = new DataLoader(samples, { batch_size: 2 });
    expect(() => ((loader as { batch_size: number }).batch_size = 3)).toThrow(
      'batch_size attribute should not be set after DataLoader is initialized',
    );
    loader.pin_memory = false;
    expect(loader.length).toBe(4);
  });

  test('an error in a sample comes out of the loop', () => {
    const loader = new DataLoader(new TensorDataset(torch.arange(3)), { sampler: [0, 7] });
    expect(() => [...loader]).toThrow(torch.IndexError);
  });
});

describe('default_collate', () => {
  test('numbers', () => {
    expect(default_collate([1, 2, 3])).toSatisfy(
      (t: Tensor) => t.dtype === torch.int64 && torch.equal(t, torch.tensor([1, 2, 3])),
    );
    const fractions = default_collate([1, 2.5]);
    expect([fractions.dtype, fractions.tolist()]).toEqual([torch.float64, [1, 2.5]]);
    expect(default_collate([true, false]).dtype).toBe(torch.bool);
    const large = default_collate([2n ** 60n, 1n]);
    expect([large.dtype, large.tolist()]).toEqual([torch.int64, [2n ** 60n, 1]]);
  });

  test('tensors and typed arrays', () => {
    const tensors = default_collate([torch.ones(2), torch.zeros(2)]);
    expect(tensors.tolist()).toEqual([
      [1, 1],
      [0, 0],
    ]);
    const arrays = default_collate([Int32Array.of(1, 2), Int32Array.of(3, 4)]);
    expect([arrays.dtype, arrays.tolist()]).toEqual([
      torch.int32,
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(() => default_collate([torch.ones(2), torch.ones(3)])).toThrow(torch.RuntimeError);
  });

  test('nested', () => {
    const batch = default_collate([
      { image: torch.ones(1), label: 3, name: 'a', box: [1, 2.5] as [number, number], tags: new Map([['x', 1]]) },
      { image: torch.zeros(1), label: 4, name: 'b', box: [3, 4] as [number, number], tags: new Map([['x', 2]]) },
    ]);
    expect([batch.image.tolist(), batch.label.tolist(), batch.name]).toEqual([
      [[1], [0]],
      [3, 4],
      ['a', 'b'],
    ]);
    expect(batch.box.map((part) => [part.dtype, part.tolist()])).toEqual([
      [torch.int64, [1, 3]],
      [torch.float64, [2.5, 4]],
    ]);
    expect(batch.tags.get('x')!.tolist()).toEqual([1, 2]);
  });

  test('what does not go together', () => {
    expect(() => default_collate([[1, 2], [1]])).toThrow('each element in list of batch should be of equal size');
    expect(() => default_collate([null])).toThrow(/batch must contain tensors.*found NoneType/);
    expect(() => default_collate([new Date()])).toThrow(/found Date/);
    expect(() => default_collate([{ a: 1 }, { b: 1 }])).toThrow("one lacks 'a'");
    expect(() => default_collate([])).toThrow('the batch is empty');
  });

  test('default_convert', () => {
    const converted = default_convert({ a: Float32Array.of(1), b: ['x', Uint8Array.of(2)], c: 3 }) as {
      a: Tensor;
      b: [string, Tensor];
      c: number;
    };
    expect([converted.a.tolist(), converted.b[0], converted.b[1].dtype, converted.c]).toEqual([
      [1],
      'x',
      torch.uint8,
      3,
    ]);
  });
});

test('samplers refuse what makes no sense', () => {
  expect(() => new RandomSampler([], {})).toThrow(
    'num_samples should be a positive integer value, but got num_samples=0',
  );
  expect(() => new RandomSampler([1], { num_samples: -1 })).toThrow(torch.ValueError);
  expect(() => new RandomSampler([1], { replacement: 1 as never })).toThrow(torch.TypeError);
  expect(() => [...new RandomSampler([], { num_samples: 2 })]).toThrow('there is nothing to sample from');
  expect(() => new WeightedRandomSampler([1], 0)).toThrow(torch.ValueError);
  expect(() => new WeightedRandomSampler(torch.ones(2, 2), 1)).toThrow(
    'weights should be a 1d sequence but given weights have shape (2, 2)',
  );
  expect(() => new BatchSampler([1], 0, false)).toThrow(torch.ValueError);
  expect(() => new BatchSampler([1], 1, 1 as never)).toThrow('drop_last should be a boolean value');
  expect(() => [...new Sampler()]).toThrow(torch.NotImplementedError);
  expect(new SubsetRandomSampler([4, 5]).length).toBe(2);
});

test('there is no worker here', () => {
  expect(get_worker_info()).toBeNull();
  expect(torch.utils.data.DataLoader).toBe(DataLoader);
});
