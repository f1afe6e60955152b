import torch, { type Tensor } from 'tstorch';
import { len, range } from 'tstorch/python';
import {
  ChainDataset,
  ConcatDataset,
  DataLoader,
  Dataset,
  IterableDataset,
  random_split,
  StackDataset,
  Subset,
  TensorDataset,
} from 'tstorch/utils/data';
import { describe, expect, expectTypeOf, test } from 'vitest';

class Squares extends Dataset<number> {
  readonly count: number;

  constructor(count: number) {
    super();
    this.count = count;
  }

  override __getitem__(index: number): number {
    const position = index < 0 ? index + this.count : index;
    if (!(position >= 0 && position < this.count)) throw new torch.IndexError('no such square');
    return position * position;
  }

  __len__(): number {
    return this.count;
  }
}

class UpTo extends IterableDataset<number> {
  readonly stop: number;

  constructor(stop: number) {
    super();
    this.stop = stop;
  }

  override *__iter__(): Generator<number> {
    for (let i = 0; i < this.stop; i++) yield i;
  }

  __len__(): number {
    return this.stop;
  }
}

describe('Dataset', () => {
  test('indices, length and loops follow from __getitem__ and __len__', () => {
    const dataset = new Squares(5);
    expect(dataset[3]).toBe(9);
    expect(dataset[-1]).toBe(16);
    expect(dataset.length).toBe(5);
    expect(len(dataset)).toBe(5);
    expect([...dataset]).toEqual([0, 1, 4, 9, 16]);
    expect(() => dataset[5]).toThrow(torch.IndexError);
  });

  test('without __len__ a loop goes on to the first IndexError', () => {
    class Endless extends Dataset<number> {
      override __getitem__(index: number): number {
        if (index >= 3) throw new torch.IndexError('end');
        return index;
      }
    }
    expect([...new Endless()]).toEqual([0, 1, 2]);
    expect(() => new Endless().length).toThrow("object of type 'Endless' has no len()");
  });

  test('another error in a sample is not taken for the end', () => {
    class Broken extends Dataset<number> {
      override __getitem__(): number {
        throw new Error('cannot read');
      }
    }
    expect(() => [...new Broken()]).toThrow('cannot read');
  });

  test('the base class says what is missing', () => {
    expect(() => new Dataset()[0]).toThrow(torch.NotImplementedError);
    expect(() => [...new IterableDataset()]).toThrow(torch.NotImplementedError);
  });

  test('a + b', () => {
    expect([...new Squares(2).__add__(new Squares(3))]).toEqual([0, 1, 0, 1, 4]);
    expect([...new UpTo(2).__add__(new UpTo(3))]).toEqual([0, 1, 0, 1, 2]);
  });
});

describe('TensorDataset', () => {
  test('rows side by side', () => {
    const dataset = new TensorDataset(torch.arange(6).view(3, 2), torch.tensor([1.5, 2.5, 3.5]));
    expect(dataset.length).toBe(3);
    const [x, y] = dataset[1]!;
    expect([x.tolist(), y.item()]).toEqual([[2, 3], 2.5]);
    expect(dataset[-1]![1].item()).toBe(3.5);
    expect(() => dataset[3]).toThrow(torch.IndexError);
    expect([...dataset]).toHaveLength(3);
    expectTypeOf(dataset[0]!).toEqualTypeOf<[Tensor, Tensor]>();
  });

  test('tensors of different length do not fit', () => {
    expect(() => new TensorDataset(torch.ones(2), torch.ones(3))).toThrow('Size mismatch between tensors');
  });

  // What the loader gathers at once has to be what stacking rows gives, whatever the tensors are like.
  test.each<[string, () => Tensor]>([
    ['contiguous', () => torch.randn(6, 3)],
    ['transposed', () => torch.randn(3, 6).t()],
    ['whole numbers', () => torch.arange(6)],
    ['bool', () => torch.tensor([true, false, true, true, false, false])],
    ['bfloat16', () => torch.randn(6, 2).to(torch.bfloat16)],
    ['complex', () => torch.randn(6, 2, { dtype: torch.complex64 })],
    ['with gradients', () => torch.randn(6, 2, { requires_grad: true })],
  ])('batches of %s rows', (_, make) => {
    const tensor = make();
    const order = [4, 0, 5, -1];
    const loader = new DataLoader(new TensorDataset(tensor), { sampler: order, batch_size: 3 });
    const batches = Array.from(loader, ([batch]) => batch);
    const row = (i: number): Tensor => tensor[i]!;
    expect(batches.map((batch) => batch.shape[0])).toEqual([3, 1]);
    expect(torch.equal(batches[0]!, torch.stack([row(4), row(0), row(5)]))).toBe(true);
    expect(torch.equal(batches[1]!, row(-1).unsqueeze(0))).toBe(true);
    expect(batches[0]!.dtype).toBe(tensor.dtype);
    expect(batches[0]!.requires_grad).toBe(tensor.requires_grad);
  });

  test('a subclass with samples of its own is asked for them', () => {
    class Doubled extends TensorDataset<[Tensor]> {
      override __getitem__(index: number): [Tensor] {
        return [super.__getitem__(index)[0].mul(2)];
      }
    }
    const [[batch]] = [...new DataLoader(new Doubled(torch.arange(3)), { batch_size: 3 })] as [[Tensor]];
    expect(batch.tolist()).toEqual([0, 2, 4]);
    const [[part]] = [...new DataLoader(new Subset(new Doubled(torch.arange(3)), [2, 1]), { batch_size: 2 })] as [
      [Tensor],
    ];
    expect(part.tolist()).toEqual([4, 2]);
  });
});

describe('Subset', () => {
  test('some samples, in the order given', () => {
    const subset = new Subset(new Squares(5), [4, 0, 2]);
    expect([subset.length, subset[0], subset[-1], [...subset]]).toEqual([3, 16, 4, [16, 0, 4]]);
    expect(subset.__getitems__([1, 2])).toEqual([0, 4]);
    expect(() => subset[3]).toThrow(torch.IndexError);
  });

  test('in batches, of a TensorDataset too', () => {
    const subset = new Subset(new TensorDataset(torch.arange(10)), [7, 1, 3]);
    const batches = Array.from(new DataLoader(subset, { batch_size: 2 }), ([batch]) => batch.tolist());
    expect(batches).toEqual([[7, 1], [3]]);
  });

  test('indices may be a range', () => {
    expect([...new Subset(new Squares(9), range(1, 9, 3))]).toEqual([1, 16, 49]);
  });

  test('__getitem__ alone is not enough for a subclass', () => {
    class Negated extends Subset<number> {
      override __getitem__(index: number): number {
        return -super.__getitem__(index);
      }
    }
    expect(() => new Negated(new Squares(3), [1])).toThrow(/Negated overrides __getitem__ but not __getitems__/);
  });
});

test('ConcatDataset', () => {
  const both = new ConcatDataset<number>([new Squares(3), [10, 11]]);
  expect(both.cumulative_sizes).toEqual([3, 5]);
  expect([...both]).toEqual([0, 1, 4, 10, 11]);
  expect([both[-1], both[-5], both[3]]).toEqual([11, 0, 10]);
  expect(() => both[5]).toThrow(torch.IndexError);
  expect(() => both[-6]).toThrow('absolute value of index should not exceed dataset length');
  expect(() => new ConcatDataset([])).toThrow('datasets should not be an empty iterable');
  expect(() => new ConcatDataset([new UpTo(2)])).toThrow('ConcatDataset does not support IterableDataset');
});

test('ChainDataset', () => {
  const chain = new ChainDataset([new UpTo(2), new UpTo(3)]);
  expect([...chain]).toEqual([0, 1, 0, 1, 2]);
  expect([...chain]).toHaveLength(5);
  expect(chain.length).toBe(5);
  expect(() => [...new ChainDataset([new Squares(2) as unknown as UpTo])]).toThrow('only supports IterableDataset');
});

test('StackDataset', () => {
  const rows = new StackDataset<[number, string]>(new Squares(3), ['a', 'b', 'c']);
  expect([rows.length, rows[1], [...rows][2]]).toEqual([3, [1, 'b'], [4, 'c']]);
  const named = new StackDataset<{ image: number; text: string }>({ image: new Squares(2), text: ['a', 'b'] });
  expect(named[1]).toEqual({ image: 1, text: 'b' });
  expect(named.__getitems__([1, 0])).toEqual([
    { image: 1, text: 'b' },
    { image: 0, text: 'a' },
  ]);
  expect(() => new StackDataset(new Squares(3), ['a'])).toThrow('Size mismatch between datasets');
  expect(() => new StackDataset()).toThrow('At least one dataset should be passed');
});

test('random_split refuses what does not add up', () => {
  expect(() => random_split(range(5), [2, 2])).toThrow(
    'Sum of input lengths does not equal the length of the input dataset!',
  );
  expect(() => random_split(range(5), [1.5, -0.5])).toThrow('Fraction at index 0 is not between 0 and 1');
});
