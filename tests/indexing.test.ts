/** Indices of every kind, compared with Python's PyTorch (scripts/fixtures/indexing.py), in each of our notations. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { range } from 'tstorch/python';
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  type Expected,
  expect_result,
  type ExpectedTensor,
  is_typed_error,
  read_fixture,
  tensor_of,
  thrown_by,
} from './expected.ts';

type Refused = [error?: string, message?: string];
type Get = [tensor: string, notation: string | null, list: string, result: Expected | null, ...Refused];
type Set = [
  tensor: string,
  notation: string | null,
  list: string,
  value: string,
  result: Expected | null,
  ...Refused,
];
type View = [tensor: string, list: string, shares: boolean, shape: number[], stride: number[], offset: number];
type Gradient = [tensor: string, list: string, read: Expected, written: Expected, value: Expected];
interface Fixture {
  inputs: Record<string, ExpectedTensor>;
  get: Get[];
  set: Set[];
  views: View[];
  gradients: Gradient[];
}

const fixture = read_fixture<Fixture>('indexing');

function fresh_inputs(): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(fixture.inputs).map(([name, value]) => [name, tensor_of(value)]));
}

type Indexable = Record<string, unknown>;

/** Messages that name what there is in Python alone: ours name what there is in JavaScript. */
const OURS = /^only integers, slices|^invalid index of a 0-dim tensor|^Overflow when unpacking long long/;

/** What `action` throws has to be an error of ours, of the class and with the message of Python's if those are given. */
function expect_refusal(action: () => unknown, error?: string, message?: string): void {
  const thrown = thrown_by(action);
  expect(is_typed_error(thrown), String(thrown)).toBe(true);
  if (error !== undefined) expect((thrown as Error).name).toBe(error);
  if (message !== undefined && !OURS.test(message)) expect((thrown as Error).message).toBe(message);
}

const builtins = { slice: torch.slice, range };

describe('reading', () => {
  for (const [name, notation, list, result, ...refused] of fixture.get) {
    const check = (read: (x: Tensor, inputs: Record<string, Tensor>) => unknown) => () => {
      const inputs = fresh_inputs();
      if (result === null) expect_refusal(() => read(inputs[name]!, inputs), ...refused);
      else expect_result(read(inputs[name]!, inputs), result);
    };
    if (notation !== null)
      test(
        `${name}['${notation}']`,
        check((x) => (x as unknown as Indexable)[notation]),
      );
    test(
      `${name}.index(${list})`,
      check((x, inputs) => x.index(evaluate(list, { ...builtins, ...inputs }) as never)),
    );
  }
});

describe('writing', () => {
  for (const [name, notation, list, value, result, ...refused] of fixture.set) {
    const check = (write: (x: Tensor, value: unknown, inputs: Record<string, Tensor>) => unknown) => () => {
      const inputs = fresh_inputs();
      const source = evaluate(value, inputs);
      if (result === null) return expect_refusal(() => write(inputs[name]!, source, inputs), ...refused);
      write(inputs[name]!, source, inputs);
      expect_result(inputs[name]!, result);
    };
    if (notation !== null) {
      test(
        `${name}['${notation}'] = ${value}`,
        check((x, source) => ((x as unknown as Indexable)[notation] = source)),
      );
    }
    test(
      `${name}.index_put_(${list}, ${value})`,
      check((x, source, inputs) => x.index_put_(evaluate(list, { ...builtins, ...inputs }) as never, source as never)),
    );
  }
});

describe('memory', () => {
  test.each(fixture.views)('%s.index(%s)', (name, list, shares, shape, stride, offset) => {
    const inputs = fresh_inputs();
    const base = inputs[name]!;
    const result = base.index(evaluate(list, { ...builtins, ...inputs }) as never);
    expect(result.untyped_storage()._cdata === base.untyped_storage()._cdata).toBe(shares);
    expect([[...result.shape], result.stride(), result.storage_offset()]).toEqual([shape, stride, offset]);
  });
});

describe('gradients', () => {
  test.each(fixture.gradients)('%s.index(%s)', (name, list, read, written, of_value) => {
    const inputs = fresh_inputs();
    const index = evaluate(list, { ...builtins, ...inputs }) as never;
    const leaf = inputs[name]!.clone().requires_grad_();
    const result = leaf.index(index);
    const weights = torch.arange(1, result.numel() + 1).reshape(result.shape);
    result.mul(weights).sum().abs().backward();
    expect_result(leaf.grad, read);
    const other = inputs[name]!.clone().requires_grad_();
    const value = torch.tensor(1.5, { requires_grad: true });
    const copy = other.mul(2);
    copy.index_put_(index, value);
    copy.sum().abs().backward();
    expect_result(other.grad, written);
    expect_result(value.grad, of_value);
  });
});

describe('forms', () => {
  const x = torch.arange(12).reshape(3, 4);

  test('a number needs no quotes, nor does an array of one index', () => {
    expect(x[1]!.tolist()).toEqual([4, 5, 6, 7]);
    expect(x[-1]!.tolist()).toEqual([8, 9, 10, 11]);
    expect(x.index(1).tolist()).toEqual([4, 5, 6, 7]);
    expect(x.index('1:, 0').tolist()).toEqual([4, 8]);
    expect(x.index(torch.slice(1)).tolist()).toEqual([[0, 1, 2, 3]]);
    expect(x.index(torch.tensor([2, 2])).tolist()).toEqual([
      [8, 9, 10, 11],
      [8, 9, 10, 11],
    ]);
    expect(x.index(null).shape).toEqual(new torch.Size([1, 3, 4]));
    expect(x.index(['1', ':2'] as never).tolist()).toEqual([4, 5]);
  });

  test('spaces do not matter, and words of JavaScript are understood', () => {
    const view = x as unknown as Indexable;
    expect((view[' 1 : 3 , 0 '] as Tensor).tolist()).toEqual([4, 8]);
    expect((view['null, 1'] as Tensor).tolist()).toEqual([[4, 5, 6, 7]]);
    expect((view['..., -1'] as Tensor).tolist()).toEqual([3, 7, 11]);
    expect((view['[0, 2], 1'] as Tensor).tolist()).toEqual([1, 9]);
  });

  test('ranges, slices of tensors, bigints', () => {
    expect(x.index(range(2)).tolist()).toEqual(x.index([[0, 1]]).tolist());
    expect(x.index([range(0, 3, 2), 1]).tolist()).toEqual([1, 9]);
    const one = torch.tensor(1);
    expect(x.index([torch.slice(one, null, one), 0]).tolist()).toEqual([4, 8]);
    expect(x.index([1n, torch.slice(2n, null)]).tolist()).toEqual([6, 7]);
    const part = 'only integer tensors of a single element can be converted to an index';
    expect(() => x.index(torch.slice(torch.tensor([0, 1])))).toThrow(part);
    expect(() => x.index(torch.slice(torch.tensor(0.5)))).toThrow(part);
  });

  test('slices and numbers give views, lists and masks give copies', () => {
    const y = torch.zeros(3, 4);
    y[0]!.fill_(1);
    y[':, 1']!.fill_(2);
    y.index([[1, 2]]).fill_(9);
    y.index(y.eq(0)).fill_(9);
    expect(y.tolist()).toEqual([
      [1, 2, 1, 1],
      [0, 2, 0, 0],
      [0, 2, 0, 0],
    ]);
  });

  test('a chain of indices assigns through views', () => {
    const y = torch.zeros(2, 2);
    y[1]![0] = 5 as never;
    y[0] = torch.tensor([1.5, 2.5]);
    expect(y.tolist()).toEqual([
      [1.5, 2.5],
      [5, 0],
    ]);
  });

  test('nested arrays and typed arrays are values, in the dtype of the tensor', () => {
    const y = torch.zeros(2, 3);
    (y as unknown as Indexable)['0'] = [1, 2, 3];
    y.index_put_([1], new Float64Array([4, 5, 6.5]) as never);
    expect(y.tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6.5],
    ]);
    expect(y.dtype).toBe(torch.float32);
  });

  test('index_put_ takes its arguments by name, and adds with accumulate', () => {
    const y = torch.zeros(3);
    const at = torch.tensor([0, 0, 2]);
    expect(y.index_put_({ indices: [at], values: torch.ones(3), accumulate: true })).toBe(y);
    expect(y.tolist()).toEqual([2, 0, 1]);
    y.index_put_([at], 5, true);
    expect(y.tolist()).toEqual([12, 0, 6]);
    y.index_put_([at], 1, { accumulate: false });
    expect(y.tolist()).toEqual([1, 0, 1]);
    expect(() => y.index_put_([at], 1, 5 as never)).toThrow(torch.TypeError);
    expect(() => y.index_put_([at], 1, { acumulate: true } as never)).toThrow(
      /unexpected keyword argument 'acumulate'/,
    );
  });

  test('iteration gives the rows, and length their number', () => {
    expect([...x].map((row) => row.tolist())).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(x.length).toBe(3);
    const [first, ...rest] = torch.arange(3);
    expect(first!.item()).toBe(0);
    expect(rest.map((one) => one.item())).toEqual([1, 2]);
    expect(() => [...torch.tensor(1)]).toThrow('iteration over a 0-d tensor');
    expect(() => torch.tensor(1).length).toThrow('len() of a 0-d tensor');
  });

  test('gradients flow through what was read and written', () => {
    const w = torch.tensor(
      [
        [1.5, 2],
        [3, 4],
      ],
      { requires_grad: true },
    );
    const y = w.mul(2);
    y[':, 0'] = torch.zeros(2);
    y[1]!
      .sum()
      .add(
        w
          .index([
            [0, 0],
            [1, 1],
          ])
          .sum(),
      )
      .backward();
    expect(w.grad!.tolist()).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(() => (w[0] = torch.zeros(2))).toThrow(
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    );
  });

  test('names that are no index are ordinary properties', () => {
    const y = torch.zeros(2) as Tensor & { note?: string; nothing?: unknown };
    y.note = 'mine';
    expect(y.note).toBe('mine');
    expect(y.nothing).toBeUndefined();
    expect('note' in y).toBe(true);
  });
});

describe('refusals', () => {
  const x = torch.arange(12).reshape(3, 4);
  const read = (index: unknown) => () => x.index(index as never);

  test.each([
    ['1.5', "cannot read '1.5' in the index '1.5'"],
    ['1, a', "cannot read 'a' in the index '1, a'"],
    ['1:2:3:4', "cannot read '1:2:3:4'"],
    ['[0, b]', "cannot read 'b'"],
    ['[0, 1', 'cannot read'],
    ['0]', 'cannot read'],
    ['-', "cannot read '-'"],
    ['1:x', "cannot read '1:x'"],
    ['..', "cannot read '..'"],
    ['3', 'index 3 is out of bounds for dimension 0 with size 3'],
    [':, 4', 'index 4 is out of bounds for dimension 1 with size 4'],
  ])('x[%j] says what is wrong', (notation, message) => {
    expect(() => (x as unknown as Indexable)[notation]).toThrow(torch.IndexError);
    expect(() => (x as unknown as Indexable)[notation]).toThrow(message);
    expect(() => ((x as unknown as Indexable)[notation] = 1)).toThrow(torch.IndexError);
  });

  test('a 0-dim tensor has no rows', () => {
    expect(() => torch.tensor(1)[0]).toThrow(
      'invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number',
    );
  });

  test.each([
    ['a fraction', [1.5]],
    ['undefined', [undefined]],
    ['a symbol', [Symbol('x')]],
    ['a function', [() => 0]],
    ['an object', [{}]],
    ['a date', [new Date()]],
    ['a foreign tensor-like', [{ _h: {} }]],
    ['an infinite number', [Infinity]],
    ['NaN', [NaN]],
    ['a number beyond 64 bits', [2n ** 70n]],
    ['a large number', [2 ** 52]],
    ['words', ['first']],
    ['a slice of words', [torch.slice('a' as never, 'b' as never)]],
    ['a slice with a fraction', [torch.slice(0.5, 2)]],
    ['an array of strings', [['a', 'b']]],
    ['an array of fractions', [[0.5, 1.5]]],
    ['a ragged array', [[[0, 1], [2]]]],
    ['a float tensor', [torch.tensor([0.5])]],
    ['an array of nothing but holes', [new Array(3)]],
  ])('%s is no index', (_, index) => {
    expect_refusal(read(index));
    expect_refusal(() => x.index_put_(index as never, 1));
  });

  test('an array that contains itself', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect_refusal(read([cycle]));
    expect_refusal(read(cycle));
  });

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'five'],
    ['a symbol', Symbol('x')],
    ['an object', {}],
    ['a function', () => 1],
    ['a ragged array', [[1], [2, 3]]],
    ['a tensor that does not fit', torch.ones(7)],
  ])('%s is no value to assign', (_, value) => {
    expect_refusal(() => ((x as unknown as Indexable)['0'] = value));
    expect_refusal(() => x.index_put_([0, torch.slice(null)], value as never));
  });

  test('disposed tensors', () => {
    const gone = torch.zeros(2);
    gone.dispose();
    expect(() => gone[0]).toThrow(/disposed/);
    expect(() => x.index(gone)).toThrow(/disposed/);
    expect(() => (x[0] = gone)).toThrow(/disposed/);
  });

  test('steps are positive', () => {
    expect(() => (x as unknown as Indexable)['::-1']).toThrow('step must be greater than zero');
    expect(() => (x as unknown as Indexable)['::0']).toThrow('slice step cannot be zero');
    expect(() => torch.slice(1, 2, 3, 4 as never)).toThrow('slice expected at most 3 arguments, got 4');
  });
});
