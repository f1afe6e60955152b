/** Printing, compared character for character with what Python's PyTorch prints (scripts/fixtures/tensor_str.py). */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import torch, { nn } from 'tstorch';
import type { Tensor } from 'tstorch';
import { afterEach, describe, expect, test } from 'vitest';
import { aten } from '../dist/ops.js';
import { decode, dtype_named, type Element, evaluate, is_typed_error, thrown_by } from './expected.ts';

type Options = NonNullable<Parameters<typeof torch.set_printoptions>[0]> & object;
interface Case {
  dtype: string;
  shape: number[];
  values?: Element[];
  recipe?: [number, number, number, number];
  prints: [options: Options, text: string][];
}
interface Fixture {
  cases: Case[];
  built: Record<string, string>;
  fstrings: [dtype: string, value: Element, text: string][];
  expressions: [code: string, text: Text, options?: Options & { default_dtype?: string }][];
}
/** What an expression prints as: each of several results, or why it is refused. */
type Text = string | string[] | { error: string; message: string };

const fixture = JSON.parse(readFileSync(new URL('fixtures/tensor_str.json', import.meta.url), 'utf8')) as Fixture;

function make({ dtype, shape, values, recipe }: Case): Tensor {
  if (recipe) {
    const [a, m, c, s] = recipe;
    const count = shape.reduce((x, y) => x * y, 1);
    const data = Float64Array.from({ length: count }, (_, i) => (((i * a) % m) - c) * s);
    return torch.from_numpy(data).to(dtype_named(dtype)).reshape(shape);
  }
  return torch.tensor(values!.map(decode), { dtype: dtype_named(dtype) }).reshape(shape);
}

afterEach(() => {
  torch.set_printoptions({ profile: 'default' });
  torch.set_default_dtype(torch.float32);
});

describe('elements', () => {
  fixture.cases.forEach((entry, index) => {
    entry.prints.forEach(([options, text], i) => {
      const name = `${index}.${i}: ${entry.dtype} of [${entry.shape}] ${JSON.stringify(options)}`;
      test(name, () => {
        const x = make(entry);
        torch.set_printoptions(options);
        expect(x.toString()).toBe(text);
      });
    });
  });
});

describe('tensors that are more than their elements', () => {
  const { float64, int32, int64 } = torch;
  const leaf = (): Tensor => torch.tensor([1, 2, 3], { dtype: torch.float32, requires_grad: true });
  const index = (): Tensor => torch.tensor([[0, 1, 1], [2, 0, 2]]);
  const value = (): Tensor => torch.tensor([3, 4, 5], { dtype: torch.float32 });
  const dense = (): Tensor => {
    const rows = [[0, 0, 1, 0], [2.5, 0, 0, 0], [0, 0, 3, 4], [0, 5, 0, 0]];
    return torch.tensor(rows);
  };
  const complex = (): Tensor => torch.tensor([new torch.Complex(1, 2), new torch.Complex(3, -4)]);

  const builders: Record<string, () => Tensor | string> = {
    requires_grad: leaf,
    add: () => leaf().add(1),
    sum: () => leaf().sum(),
    'mul float64': () => torch.tensor([0.1, 0.2], { dtype: float64, requires_grad: true }).mul(3),
    view: () => leaf().view(3, 1),
    detach: () => leaf().detach(),
    'grad long line': () => torch.zeros(3, 12, { dtype: float64, requires_grad: true }).exp(),
    'grad empty': () => torch.zeros(0, 2, { requires_grad: true }),
    'grad fn empty': () => torch.zeros(0, 2, { requires_grad: true }).mul(2),
    'copy slices': () =>
      torch.zeros(2).index_fill_(0, torch.tensor([0]), 1).mul_(torch.ones(2, { requires_grad: true })),
    parameter: () => new nn.Parameter(torch.tensor([[1.5, 2.0]])),
    'parameter frozen': () => new nn.Parameter(torch.tensor(3), { requires_grad: false }),
    'parameter 0-dim in f-string': () => `${new nn.Parameter(torch.tensor(1.5))}`,
    meta: () => torch.empty(2, 3, { device: 'meta' }),
    'meta int64': () => torch.empty(4, { dtype: int64, device: 'meta' }),
    'meta 0-dim': () => torch.empty([], { device: 'meta' }),
    'meta in f-string': () => `${torch.empty([], { device: 'meta' })}`,
    'meta grad': () => torch.empty(2, { device: 'meta', requires_grad: true }),
    transposed: () => torch.arange(6).reshape(2, 3).t(),
    strided: () => torch.arange(12, { dtype: torch.float32 }).reshape(3, 4)[':, ::2'],
    expanded: () => torch.tensor([[1], [2]], { dtype: torch.float32 }).expand(2, 3),
    'huge expanded': () => torch.tensor(0.5).expand(100000, 1000, 1000),
    conjugate: () => complex().conj(),
    'imag of conjugate': () => complex().conj().imag,
    'f-string 1-dim': () => `${torch.tensor([1.5])}`,
    coo: () => torch.sparse_coo_tensor(index(), value(), [2, 4]),
    'coo float64': () => torch.sparse_coo_tensor(index(), value().double().div(3), [2, 4]),
    'coo int': () => torch.sparse_coo_tensor(index(), torch.tensor([1, 2, 3], { dtype: int32 }), [2, 4]),
    'coo hybrid': () =>
      torch.sparse_coo_tensor(index(), torch.arange(6, { dtype: torch.float32 }).reshape(3, 2), [2, 4, 2]),
    'coo empty': () => torch.sparse_coo_tensor(torch.zeros(2, 0, { dtype: int64 }), torch.zeros(0), [2, 3]),
    'coo grad': () => torch.sparse_coo_tensor(index(), value(), [2, 4]).requires_grad_(),
    'coo grad fn': () => torch.eye(2, { requires_grad: true }).to_sparse(),
    'coo many': () => torch.arange(1, 1501, { dtype: torch.float32 }).reshape(30, 50).to_sparse(),
    'coo meta': () => torch.sparse_coo_tensor(index().to('meta'), value().to('meta'), [2, 4]),
    csr: () => dense().to_sparse_csr(),
    csc: () => dense().to_sparse_csc(),
    bsr: () => dense().to_sparse_bsr([2, 2]),
    bsc: () => dense().double().to_sparse_bsc([2, 2]),
    'csr empty': () => torch.zeros(2, 2).to_sparse_csr(),
    'csr float64': () => dense().double().to_sparse_csr(),
    quantized: () => torch.quantize_per_tensor(torch.tensor([0.5, 1.25]), 0.1, 10, torch.quint8),
    'quantized by channel': () => {
      const scales = torch.tensor([0.1, 0.5], { dtype: float64 });
      return torch.quantize_per_channel(torch.ones(2, 2), scales, torch.tensor([0, 3]), 0, torch.qint8);
    },
  };

  test('the test and its fixture name the same tensors', () => {
    expect(Object.keys(builders)).toEqual(Object.keys(fixture.built));
  });

  test.each(Object.entries(builders))('%s', (name, build) => {
    expect(build().toString()).toBe(fixture.built[name]);
  });
});

describe('ways to print', () => {
  test.each(fixture.fstrings)('%s %j in a template literal: %s', (dtype, value, text) => {
    expect(`${torch.tensor(decode(value), { dtype: dtype_named(dtype) })}`).toBe(text);
  });

  test('a tensor without dimensions is a number in a template literal alone', () => {
    const x = torch.tensor(0.25, { requires_grad: true });
    expect(`${x}`).toBe('0.25');
    expect(x.toString()).toBe('tensor(0.2500, requires_grad=True)');
    expect(inspect(x)).toBe('tensor(0.2500, requires_grad=True)');
  });

  test('printing leaves no trace in the graph', () => {
    const x = torch.tensor([1.5], { requires_grad: true });
    x.toString();
    expect(x.grad_fn).toBeNull();
    expect(x.requires_grad).toBe(true);
    expect(torch.is_grad_enabled()).toBe(true);
  });

  test('another default dtype', () => {
    const x = torch.tensor([0.5], { dtype: torch.float64 });
    const y = torch.tensor([0.5], { dtype: torch.float32 });
    torch.set_default_dtype(torch.float64);
    try {
      expect(x.toString()).toBe('tensor([0.5000])');
      expect(y.toString()).toBe('tensor([0.5000], dtype=torch.float32)');
      expect(torch.tensor([new torch.Complex(1, 2)]).toString()).toBe('tensor([1.+2.j])');
    } finally {
      torch.set_default_dtype(torch.float32);
    }
  });

  test('a subclass prints with its own name', () => {
    class Masses extends torch.Tensor {}
    const x = Object.setPrototypeOf(torch.tensor([1.5]), Masses.prototype) as Masses;
    expect(x.toString()).toBe('Masses([1.5000])');
  });

  test.skipIf(!torch.cuda.is_available())('on a GPU', () => {
    expect(torch.tensor([1.5]).cuda().toString()).toBe("tensor([1.5000], device='cuda:0')");
    expect(`${torch.tensor(1.5).cuda()}`).toBe('1.5');
  });
});

describe('expressions', () => {
  const text_of = (value: unknown): string | string[] =>
    Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype ? value.map((item) => (item as object).toString())
      : (value as object).toString();

  test.each(fixture.expressions.map((entry, i) => [i, ...entry] as const))('%i: %s', (_, code, text, given = {}) => {
    const { default_dtype, ...options } = given;
    torch.set_printoptions(options);
    if (default_dtype !== undefined) torch.set_default_dtype(dtype_named(default_dtype));
    if (typeof text === 'object' && 'error' in text) {
      const thrown = thrown_by(() => evaluate(code, { aten }));
      expect(is_typed_error(thrown), String(thrown)).toBe(true);
      expect((thrown as Error).message.split('\n')[0]).toBe(text.message);
    } else {
      expect(text_of(evaluate(code, { aten }))).toEqual(text);
    }
  });
});

describe('set_printoptions', () => {
  const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: null };

  test('by name, by position, by profile; sci_mode goes back to automatic', () => {
    expect(torch.get_printoptions()).toEqual(defaults);
    torch.set_printoptions({ precision: 2, sci_mode: true });
    expect(torch.get_printoptions()).toEqual({ ...defaults, precision: 2, sci_mode: true });
    torch.set_printoptions(3, 500, 2, 100);
    expect(torch.get_printoptions()).toEqual({
      precision: 3,
      threshold: 500,
      edgeitems: 2,
      linewidth: 100,
      sci_mode: null,
    });
    torch.set_printoptions({ profile: 'full', precision: 1 });
    expect(torch.get_printoptions()).toEqual({ ...defaults, precision: 1, threshold: Infinity });
    torch.set_printoptions({ profile: 'short' });
    expect(torch.get_printoptions()).toEqual({ ...defaults, precision: 2, edgeitems: 2 });
    const kept = torch.get_printoptions();
    torch.set_printoptions({ profile: 'default' });
    torch.set_printoptions(kept);
    expect(torch.get_printoptions()).toEqual(kept);
  });

  test('what makes no sense is refused and changes nothing', () => {
    const wrong: [unknown, RegExp][] = [
      [{ precision: '3' }, /'precision' must be a number/],
      [{ precision: -1 }, /'precision' must be a whole number/],
      [{ edgeitems: 1.5 }, /'edgeitems' must be a whole number/],
      [{ threshold: NaN }, /'threshold' must be a number/],
      [{ linewidth: true }, /'linewidth' must be a number/],
      [{ profile: 'tiny' }, /'profile' must be one of 'default', 'short', 'full'/],
      [{ precision: 2, sci_mode: 1 }, /'sci_mode' must be true, false or null/],
      [{ digits: 2 }, /unexpected keyword argument 'digits'/],
    ];
    for (const [options, message] of wrong) {
      expect(() => torch.set_printoptions(options as Options)).toThrow(message);
    }
    expect(torch.get_printoptions()).toEqual(defaults);
  });
});

describe('Size', () => {
  test('prints as in Python', () => {
    expect(String(new torch.Size([2, 3]))).toBe('torch.Size([2, 3])');
    expect(`${torch.zeros(4).shape}`).toBe('torch.Size([4])');
    expect(inspect(new torch.Size([]))).toBe('torch.Size([])');
    expect(inspect({ shape: new torch.Size([1]) })).toBe('{ shape: torch.Size([1]) }');
    expect(JSON.stringify(new torch.Size([2, 3]))).toBe('[2,3]');
  });

  test('is an array of numbers', () => {
    const size = torch.zeros(2, 3, 4).shape;
    expect(Array.isArray(size)).toBe(true);
    expect([...size]).toEqual([2, 3, 4]);
    expect(size).toEqual(new torch.Size([2, 3, 4]));
    const [rows, columns] = size;
    expect([rows, columns, size.at(-1), size.length]).toEqual([2, 3, 4, 3]);
    expect(size.numel()).toBe(24);
    expect(new torch.Size([]).numel()).toBe(1);
    expect(new torch.Size([3, 0]).numel()).toBe(0);
    expect(size.equals([2, 3, 4])).toBe(true);
    expect(size.equals([2, 3])).toBe(false);
    expect(size.equals([2, 3, 5])).toBe(false);
  });

  test('one number is not a length', () => {
    expect(String(new torch.Size([3]))).toBe('torch.Size([3])');
    expect(() => new torch.Size(3 as unknown as number[])).toThrow(/iterable of whole numbers/);
    expect(() => new torch.Size([1.5])).toThrow(/item 0 is 1.5/);
    expect(() => new torch.Size('23' as unknown as number[])).toThrow(TypeError);
  });

  test('slices and sums are sizes, anything else a plain array', () => {
    const size = new torch.Size([2, 3, 4]);
    expect(String(size.slice(1))).toBe('torch.Size([3, 4])');
    expect(String(size.slice(-1))).toBe('torch.Size([4])');
    expect(String(size.concat([5], 6))).toBe('torch.Size([2, 3, 4, 5, 6])');
    expect(size.map((n) => n / 4).constructor).toBe(Array);
    expect(size.map((n) => n / 4)).toEqual([0.5, 0.75, 1]);
    expect(size.filter((n) => n > 3)).toEqual([4]);
  });
});

describe('Complex', () => {
  test.each([
    [1, 2, '(1+2j)'],
    [0, 2.5, '2.5j'],
    [0, -0, '-0j'],
    [-0, 0, '(-0+0j)'],
    [1e16, 1e-7, '(1e+16+1e-07j)'],
    [NaN, -Infinity, '(nan-infj)'],
  ])('%d and %d print as %s', (real, imag, text) => {
    const z = new torch.Complex(real, imag);
    expect(String(z)).toBe(text);
    expect(inspect(z)).toBe(text);
  });

  test('its parts, its mirror image, its distance from zero', () => {
    const z = new torch.Complex(3, -4);
    expect([z.real, z.imag, z.abs()]).toEqual([3, -4, 5]);
    expect(z.conjugate()).toEqual(new torch.Complex(3, 4));
    expect(z.equals(new torch.Complex(3, -4))).toBe(true);
    expect(z.equals(z.conjugate())).toBe(false);
  });
});
