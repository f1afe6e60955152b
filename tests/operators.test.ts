/** Operators in all the ways of calling them, compared with Python's PyTorch (scripts/fixtures/operators.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  evaluate,
  type Expected,
  expect_result,
  type ExpectedTensor,
  read_fixture,
  tensor_of,
  thrown_by,
} from './expected.ts';

type Case = [call: string, result: Expected | null, error?: string];

const fixture = read_fixture<{ inputs: Record<string, ExpectedTensor>; cases: Case[] }>('operators');

/** Python's names for errors, where ours differ. */
const ERROR_NAMES: Readonly<Record<string, string>> = { _LinAlgError: 'LinAlgError' };

const inputs: Record<string, unknown> = {};

beforeAll(() => {
  for (const [name, value] of Object.entries(fixture.inputs)) inputs[name] = tensor_of(value);
});

describe('gives what Python gives', () => {
  test.each(fixture.cases.filter(([, result]) => result !== null))('%s', (call, result) => {
    expect_result(evaluate(call, inputs), result!);
  });
});

describe('refuses what Python refuses', () => {
  test.each(fixture.cases.filter(([, result]) => result === null))('%s', (call, _, error) => {
    const thrown = thrown_by(() => evaluate(call, inputs));
    const name = ERROR_NAMES[error!] ?? error!;
    const error_class = (torch as unknown as Record<string, new () => Error>)[name]!;
    expect(thrown, String(thrown)).toBeInstanceOf(error_class);
    expect((thrown as Error).message).not.toMatch(/\.cpp:\d+ \(most recent call first\)|C\+\+ CapturedTraceback/);
  });
});

type Loose = Record<string, (...args: unknown[]) => unknown>;
const loose = torch as unknown as Loose;

describe('ways of calling', () => {
  const a = torch.tensor([
    [0.5, -1.25, 2],
    [3.5, 0, -0.75],
  ]);
  const m = a as unknown as Loose;

  test('what an operator changes or leaves as it is, it gives back', () => {
    const x = torch.ones(2);
    expect(x.add_(1)).toBe(x);
    expect(x.mul_({ other: 2 })).toBe(x);
    expect(x.fill_(3)).toBe(x);
    expect(x.contiguous()).toBe(x);
    expect(x.to(torch.float32)).toBe(x);
    expect(x.to('cpu')).toBe(x);
    expect(x.float()).toBe(x);
    expect([x.expand_as(x) === x, x.view(2) === x, x.clone() === x]).toEqual([false, false, false]);
    expect(x.add_(1).mul_(2).tolist()).toEqual([8, 8]);
    expect(x.copy_(torch.zeros(2))).toBe(x);
  });

  test('out= gives back the tensors that it was given', () => {
    const out = torch.empty(2, 3);
    expect(torch.add(a, 1, { out })).toBe(out);
    expect(torch.add({ input: a, other: 1, out })).toBe(out);
    expect(out.tolist()).toEqual(a.add(1).tolist());
    const values = torch.empty(0);
    const indices = torch.empty(0, { dtype: torch.int64 });
    const result = torch.max(a, 1, { out: [values, indices] });
    expect(result[0]).toBe(values);
    expect(result.indices).toBe(indices);
    expect(indices.tolist()).toEqual([2, 0]);
    expect(() => loose['max']!(a, 1, { out: [values] })).toThrow(torch.TypeError);
    expect(() => loose['max']!(a, 1, { out: [values, 5] })).toThrow(torch.TypeError);
    expect(() => loose['add']!(a, 1, { out: null })).toThrow(torch.TypeError);
  });

  test('results with several values are arrays with named fields', () => {
    const result = a.max({ dim: 1 });
    const [values, indices] = result;
    expect(result.values).toBe(values);
    expect(result.indices).toBe(indices);
    expect([Array.isArray(result), result.length, [...result].map((x) => x.tolist())]).toEqual([
      true,
      2,
      [
        [2, 3.5],
        [2, 0],
      ],
    ]);
    expect(String(result)).toBe('torch.return_types.max(\nvalues=tensor([2.0000, 3.5000]),\nindices=tensor([2, 0]))');
    const { logabsdet, sign } = torch.eye(2).mul(2).slogdet();
    expect([sign.item(), logabsdet.item()]).toEqual([1, Math.fround(Math.log(4))]);
    expect(a.split(1).map((x: Tensor) => x.tolist())).toEqual([[[0.5, -1.25, 2]], [[3.5, 0, -0.75]]]);
  });

  test('lists of whole numbers: an array, a Size, one number, or spread over the arguments', () => {
    for (const x of [
      a.view(3, 2),
      a.view([3, 2]),
      a.view({ size: [3, 2] }),
      a.view(new torch.Size([3, 2])),
      m['view']!(3n, 2n) as Tensor,
      a.view(3, -1),
    ]) {
      expect([...x.shape]).toEqual([3, 2]);
    }
    expect([...a.reshape(torch.ones(6).shape).shape]).toEqual([6]);
    expect([...torch.zeros(2, 3, { dtype: torch.int64 }).shape]).toEqual([2, 3]);
    expect([...torch.zeros(2).shape]).toEqual([2]);
    expect(torch.max_pool2d(torch.ones(1, 1, 4, 4), 2).shape).toEqual(
      torch.max_pool2d(torch.ones(1, 1, 4, 4), [2, 2]).shape,
    );
    expect(a.sum(0).tolist()).toEqual(a.sum([0]).tolist());
    expect(a.sum([]).item()).toBe(a.sum().item());
    expect(() => m['view']!(3, [2])).toThrow(torch.TypeError);
    expect(() => m['view']!([3], 2)).toThrow(torch.TypeError);
  });

  test('0-dim tensors count as numbers, unless a gradient would get lost', () => {
    expect([...(loose['zeros']!([torch.tensor(2), 3]) as Tensor).shape]).toEqual([2, 3]);
    expect(a.softmax(torch.tensor(1) as never).tolist()).toEqual(a.softmax(1).tolist());
    expect(torch.clamp(a, torch.tensor(0), torch.tensor(1)).tolist()).toEqual([
      [0.5, 0, 1],
      [1, 0, 0],
    ]);
    expect(torch.full([1], torch.tensor(2.5) as never).item()).toBe(2.5);
    expect(() => torch.full([1], torch.tensor(2.5, { requires_grad: true }) as never)).toThrow(torch.TypeError);
    expect(() => a.sum(torch.tensor(1.5) as never)).toThrow(torch.TypeError);
    expect(() => a.sum(torch.tensor([1, 1]) as never)).toThrow(torch.TypeError);
  });

  test('undefined counts as not given, null as None', () => {
    expect(a.sum(undefined as never).item()).toBe(a.sum().item());
    expect(a.sum({ dim: 0, keepdim: undefined }).tolist()).toEqual(a.sum(0).tolist());
    expect(a.clamp(null, 1).tolist()).toEqual(a.clamp({ max: 1 }).tolist());
    expect(a.sum({ dim: null }).item()).toBe(a.sum().item());
    expect(torch.add(a, 1, {}).tolist()).toEqual(a.add(1).tolist());
    expect(m['add']!(1, undefined, undefined)).toBeInstanceOf(torch.Tensor);
  });

  test('complex numbers, booleans, bigints and infinities are scalars', () => {
    expect(a.mul(new torch.Complex(0, 1)).dtype).toBe(torch.complex64);
    expect(torch.tensor(2).mul(true).dtype).toBe(torch.int64);
    expect(
      torch
        .tensor(2)
        .add(2n ** 62n)
        .item(),
    ).toBe(2n ** 62n + 2n);
    expect(torch.tensor(2).add(Infinity).item()).toBe(Infinity);
    expect(torch.tensor([1]).add(-0).dtype).toBe(torch.float32);
    expect(torch.full([1], NaN).item()).toBeNaN();
    expect(() => torch.tensor(2).add(2n ** 63n)).toThrow(torch.ValueError);
  });

  test('a view and its base share memory, a copy does not', () => {
    const x = torch.zeros(2, 2);
    x.view(4).fill_(1);
    x.t().select(0, 0).mul_(5);
    x.clone().fill_(9);
    expect(x.tolist()).toEqual([
      [5, 1],
      [5, 1],
    ]);
    expect(x.untyped_storage()._cdata).toBe(x.view(4).untyped_storage()._cdata);
    expect(x.data_ptr()).not.toBe(x.clone().data_ptr());
  });

  test('functions of tensors are found on the class as well, and keep their own name', () => {
    expect(Object.keys(torch.ones(1))).toEqual(['_h']);
    expect('add' in a).toBe(true);
    expect((a as unknown as Record<string, unknown>)['no_such_method']).toBeUndefined();
    expect(loose['no_such_function']).toBeUndefined();
  });
});
