/** Tensors from JavaScript's own data, and back. Expected values are Python's PyTorch's. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { is_typed_error, thrown_by } from './expected.ts';

const { Complex } = torch;

/** dtype, shape and elements of a tensor, to compare in one go. */
function parts(x: Tensor): [string, number[], unknown] {
  return [x.dtype.name, [...x.shape], x.tolist()];
}

describe('tensor: the dtype follows from the values', () => {
  test.each<[unknown, string, number[], unknown]>([
    [3, 'int64', [], 3],
    [3.5, 'float32', [], 3.5],
    [true, 'bool', [], true],
    [2n ** 60n + 1n, 'int64', [], 2n ** 60n + 1n],
    [-(2n ** 63n), 'int64', [], -(2n ** 63n)],
    [2 ** 53 - 1, 'int64', [], 2 ** 53 - 1],
    [2 ** 53, 'float32', [], 2 ** 53],
    [-0, 'float32', [], -0],
    [NaN, 'float32', [], NaN],
    [Infinity, 'float32', [], Infinity],
    [1e300, 'float32', [], Infinity],
    [new Complex(1, 2), 'complex64', [], new Complex(1, 2)],
    [[1, 2], 'int64', [2], [1, 2]],
    [[1, 2.5], 'float32', [2], [1, 2.5]],
    [[true, false], 'bool', [2], [true, false]],
    [[true, 2], 'int64', [2], [1, 2]],
    [[true, 2.5], 'float32', [2], [1, 2.5]],
    [[1, 2n], 'int64', [2], [1, 2]],
    [[1n, 0.5], 'float32', [2], [1, 0.5]],
    [[1, Infinity, NaN], 'float32', [3], [1, Infinity, NaN]],
    [
      [new Complex(1, 2), 3, 2.5, true],
      'complex64',
      [4],
      [
        [1, 2],
        [3, 0],
        [2.5, 0],
        [1, 0],
      ].map(([re, im]) => new Complex(re, im)),
    ],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      'int64',
      [2, 3],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [[[[1]], [[2]]], 'int64', [2, 1, 1], [[[1]], [[2]]]],
    [[], 'float32', [0], []],
    [[[], []], 'float32', [2, 0], [[], []]],
    [[[[]]], 'float32', [1, 1, 0], [[[]]]],
    [
      [new Float32Array([1, 2]), new Float32Array([3, 4])],
      'int64',
      [2, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[torch.tensor(1), torch.tensor(2.5)], 'float32', [2], [1, 2.5]],
    [[torch.tensor([1]), 2], 'int64', [2], [1, 2]],
  ])('tensor(%o)', (data, dtype, shape, values) => {
    expect(parts(torch.tensor(data as never))).toEqual([dtype, shape, values]);
  });

  test('the default dtype is the one of fractions', () => {
    torch.set_default_dtype(torch.float64);
    try {
      expect(torch.tensor(0.1).dtype).toBe(torch.float64);
      expect(torch.tensor(0.1).item()).toBe(0.1);
      expect(torch.tensor([new Complex(0, 1)]).dtype).toBe(torch.complex128);
      expect(torch.tensor([]).dtype).toBe(torch.float64);
      expect(torch.tensor(1).dtype).toBe(torch.int64);
      expect(torch.zeros(1).dtype).toBe(torch.float64);
    } finally {
      torch.set_default_dtype(torch.float32);
    }
    expect(() => torch.set_default_dtype(torch.int32)).toThrow(
      'only floating-point types are supported as the default type',
    );
    expect(() => torch.set_default_dtype('float64' as never)).toThrow(torch.TypeError);
    expect(torch.get_default_dtype()).toBe(torch.float32);
  });

  test.each<[string, new (values: never) => object, (number | bigint)[], unknown[]]>([
    ['float32', Float32Array, [1.5, -2], [1.5, -2]],
    ['float64', Float64Array, [0.1], [0.1]],
    ['int8', Int8Array, [-128], [-128]],
    ['int16', Int16Array, [-32768], [-32768]],
    ['int32', Int32Array, [-(2 ** 31)], [-(2 ** 31)]],
    ['int64', BigInt64Array, [-(2n ** 63n), 5n], [-(2n ** 63n), 5]],
    ['uint8', Uint8Array, [255], [255]],
    ['uint8', Uint8ClampedArray, [300], [255]],
    ['uint16', Uint16Array, [65535], [65535]],
    ['uint32', Uint32Array, [2 ** 32 - 1], [2 ** 32 - 1]],
    ['uint64', BigUint64Array, [2n ** 64n - 1n], [2n ** 64n - 1n]],
    ['uint8', Buffer as never, [7], [7]],
  ])('%s from a %o', (dtype, Class, values, expected) => {
    const array = (Class as unknown as { from(values: unknown): object }).from(values);
    const x = torch.tensor(array as never);
    expect(parts(x)).toEqual([dtype, [values.length], expected]);
    (array as Record<number, unknown>)[0] = typeof values[0] === 'bigint' ? 1n : 1;
    expect(x.tolist()).toEqual(expected); // a copy
  });

  test('a typed array inside a larger buffer, with a shape of its own', () => {
    const array = new Float32Array(Float32Array.of(9, 1, 2, 3, 4, 9).buffer, 4, 4);
    expect(torch.tensor(array).tolist()).toEqual([1, 2, 3, 4]);
    const shaped = Object.assign(array, { shape: [2, 2] });
    expect(torch.tensor(shaped).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    shaped.shape = [2, 3];
    expect(() => torch.tensor(shaped)).toThrow('a tensor of that shape needs 24 bytes, the buffer has 16');
  });
});

describe('tensor: dtype wins', () => {
  test.each<[unknown, string, unknown]>([
    [3, 'float32', 3],
    [[1, 2], 'float64', [1, 2]],
    [1.9, 'int32', 1],
    [-1.9, 'int64', -1],
    [2, 'bool', true],
    [0, 'bool', false],
    [NaN, 'bool', true],
    [0.5, 'bool', true],
    [-1, 'uint8', 255],
    [-255, 'uint8', 1],
    [-1, 'uint16', 65535],
    [2n ** 63n, 'uint64', 2n ** 63n],
    [true, 'float32', 1],
    [5n, 'float32', 5],
    [2n ** 100n, 'float32', 2 ** 100],
    [70000, 'float16', Infinity],
    [1e39, 'bfloat16', Infinity],
    [500, 'float8_e4m3fn', 448],
    [1, 'complex64', new Complex(1, 0)],
    [new Complex(0.1, 2), 'complex128', new Complex(0.1, 2)],
    [[0.1], 'float16', [0.0999755859375]],
    [[0.1], 'bfloat16', [0.10009765625]],
  ])('tensor(%o, { dtype: %s })', (data, name, expected) => {
    const dtype = (torch as unknown as Record<string, typeof torch.float32>)[name]!;
    const x = torch.tensor(data as never, { dtype });
    expect(x.dtype).toBe(dtype);
    expect(x.tolist()).toEqual(expected);
  });

  test.each<[unknown, string]>([
    [300, 'uint8'],
    [-300, 'uint8'],
    [-1.9, 'uint8'],
    [255.9, 'uint8'],
    [200, 'int8'],
    [2 ** 40, 'int16'],
    [2 ** 40, 'int32'],
    [2 ** 40, 'uint32'],
    [1e20, 'int32'],
    [1e20, 'int64'],
    [NaN, 'int32'],
    [NaN, 'int64'],
    [Infinity, 'uint8'],
    [-Infinity, 'int64'],
    [2n ** 63n, 'int64'],
    [-(2n ** 63n) - 1n, 'int64'],
    [2n ** 64n, 'uint64'],
    [[1, 2, 2n ** 70n], 'int64'],
  ])('tensor(%o) does not fit %s', (data, name) => {
    const dtype = (torch as unknown as Record<string, typeof torch.float32>)[name]!;
    const make = () => torch.tensor(data as never, { dtype });
    expect(make).toThrow(torch.RuntimeError);
    expect(make).toThrow(`value cannot be converted to type ${name} without overflow`);
  });

  test('complex numbers have no place in real tensors', () => {
    expect(() => torch.tensor(new Complex(1, 0), { dtype: torch.float32 })).toThrow(torch.TypeError);
    expect(() => torch.tensor([1, new Complex(1, 0)], { dtype: torch.int64 })).toThrow('complex number (1+0j)');
  });

  test('a bigint beyond 64 bits', () => {
    expect(() => torch.tensor(2n ** 64n)).toThrow(torch.RuntimeError);
  });
});

describe('tensor: other options', () => {
  test('requires_grad', () => {
    const x = torch.tensor([1.5], { requires_grad: true });
    expect([x.requires_grad, x.is_leaf, x.grad]).toEqual([true, true, null]);
    expect(torch.tensor([1], { requires_grad: true, dtype: torch.float32 }).requires_grad).toBe(true);
    expect(torch.tensor({ data: [1.5], requires_grad: true }).requires_grad).toBe(true);
    expect(torch.tensor([new Complex(1, 1)], { requires_grad: true }).requires_grad).toBe(true);
  });

  test('whole numbers that are to require gradients: the error says how to mend it', () => {
    const make = () => torch.tensor([1, 2], { requires_grad: true });
    expect(make).toThrow(torch.RuntimeError);
    expect(make).toThrow(
      /only Tensors of floating point and complex dtype can require gradients.*dtype: torch\.float32/i,
    );
  });

  test('device', () => {
    expect(torch.tensor([1], { device: 'cpu' }).device.type).toBe('cpu');
    expect(torch.tensor([1], { device: new torch.device('cpu') }).device.type).toBe('cpu');
    expect(torch.tensor([1], { device: 'meta' }).is_meta).toBe(true);
  });

  test('a tensor is copied, without its history, and the warning of Python is given', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on('warning', listen);
    const x = torch.tensor([1.5, 2], { requires_grad: true });
    const y = torch.tensor(x.mul(2));
    const z = torch.tensor(x, { dtype: torch.float64, requires_grad: true });
    expect([y.requires_grad, y.tolist(), z.requires_grad, z.dtype]).toEqual([false, [3, 4], true, torch.float64]);
    y.fill_(0);
    expect(x.tolist()).toEqual([1.5, 2]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings.join()).toContain(
      'To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone()',
    );
  });
});

describe('tensor: wrong input', () => {
  const cycle: unknown[] = [1];
  cycle[0] = cycle;
  const revoked = Proxy.revocable([], {});
  revoked.revoke();

  test.each<[string, unknown, keyof typeof torch, RegExp]>([
    ['ragged rows', [[1, 2], [3]], 'ValueError', /^expected sequence of length 2 at dim 1 \(got 1\)$/],
    ['a longer row', [[1], [2, 3]], 'ValueError', /^expected sequence of length 1 at dim 1 \(got 2\)$/],
    ['an empty row', [[1], []], 'ValueError', /^expected sequence of length 1 at dim 1 \(got 0\)$/],
    ['an empty row first', [[], [1]], 'ValueError', /^expected sequence of length 0 at dim 1 \(got 1\)$/],
    ['a number among rows', [[1, 2], 3], 'TypeError', /^not a sequence/],
    ['a row among numbers', [1, [2, 3]], 'TypeError', /an array stands where a number was expected/],
    ['a tensor among numbers', [1, torch.ones(2)], 'ValueError', /^only one element tensors can be converted/],
    ['a string', 'a', 'TypeError', /^new\(\): invalid data type 'str'$/],
    ['strings', ['1'], 'TypeError', /^new\(\): invalid data type 'str'$/],
    ['null', null, 'RuntimeError', /^Could not infer dtype of NoneType$/],
    ['nulls', [null], 'RuntimeError', /^Could not infer dtype of NoneType$/],
    ['undefined among numbers', [1, undefined], 'RuntimeError', /^Could not infer dtype of NoneType$/],
    ['a hole', [1, , 3], 'RuntimeError', /^Could not infer dtype of NoneType$/],
    ['a symbol', [Symbol('x')], 'RuntimeError', /^Could not infer dtype of Symbol$/],
    ['a function', () => 1, 'RuntimeError', /^Could not infer dtype of function$/],
    ['objects', [{}], 'RuntimeError', /^Could not infer dtype of dict$/],
    ['a date', [new Date()], 'RuntimeError', /^Could not infer dtype of Date$/],
    ['a number object', [Object(1)], 'RuntimeError', /^Could not infer dtype of Number$/],
    ['a set', new Set([1]), 'RuntimeError', /^Could not infer dtype of Set$/],
    ['an array that contains itself', cycle, 'ValueError', /too many dimensions/],
    ['an array of billions of holes', new Array(2 ** 32 - 1), 'RuntimeError', /^Could not infer dtype of NoneType$/],
    ['a DataView', new DataView(new ArrayBuffer(8)), 'TypeError', /DataView/],
  ])('%s', (_, data, error, message) => {
    for (const options of [{}, { dtype: torch.float32 }, { dtype: torch.int64 }, { dtype: torch.complex64 }]) {
      const make = () => torch.tensor(data as never, options);
      expect(make).toThrow(torch[error] as never);
      expect(make).toThrow(message);
    }
  });

  test.each<[string, unknown[], keyof typeof torch, string]>([
    ['nothing', [], 'TypeError', "tensor() missing 1 required positional argument: 'data'"],
    ['too much', [[1], torch.float32], 'TypeError', 'tensor() takes 1 positional argument but 2 were given'],
    [
      'an unknown name',
      [[1], { dtyp: torch.float32 }],
      'TypeError',
      "unexpected keyword argument 'dtyp'; valid ones are: data, dtype",
    ],
    ['a name twice', [[1], { data: [2] }], 'TypeError', "got multiple values for argument 'data'"],
    [
      'a dtype by its name',
      [[1], { dtype: 'float32' }],
      'TypeError',
      "argument 'dtype' must be torch.dtype, not str",
    ],
    ['a number as dtype', [[1], { dtype: 6 }], 'TypeError', "argument 'dtype' must be torch.dtype, not int"],
    [
      'a flag that is none',
      [[1.5], { requires_grad: 1 }],
      'TypeError',
      "argument 'requires_grad' must be bool, not int",
    ],
    ['a device that is none', [[1], { device: {} }], 'TypeError', "argument 'device' must be torch.device"],
    ['half a device', [[1], { device: 1.5 }], 'TypeError', "argument 'device' must be torch.device"],
    ['an unknown device', [[1], { device: 'gpu' }], 'RuntimeError', 'Expected one of cpu, cuda'],
  ])('%s', (_, args, error, message) => {
    const make = () => (torch.tensor as (...args: unknown[]) => Tensor)(...args);
    expect(make).toThrow(torch[error] as never);
    expect(make).toThrow(message);
  });
});

describe('shared memory', () => {
  test('from_numpy: writing to one changes the other', () => {
    const array = new Float32Array([1, 2, 3]);
    const x = torch.from_numpy(array);
    array[0] = 10;
    x.mul_(2);
    expect([...array]).toEqual([20, 4, 6]);
    expect(x.tolist()).toEqual([20, 4, 6]);
    expect(torch.from_numpy(new Float32Array(0)).shape).toEqual(new torch.Size([0]));
    expect(torch.from_numpy(array.subarray(1)).tolist()).toEqual([4, 6]);
  });

  test('numpy: a typed array over the memory, with the shape', () => {
    const x = torch.arange(6, { dtype: torch.float64 }).reshape(2, 3);
    const array = x.numpy();
    expect(array).toBeInstanceOf(Float64Array);
    expect(array.shape).toEqual([2, 3]);
    array[0] = 9;
    x[1]!.zero_();
    expect([...array]).toEqual([9, 1, 2, 0, 0, 0]);
    expect(torch.from_numpy(array).shape).toEqual(new torch.Size([2, 3]));
    expect(torch.from_numpy(array).data_ptr()).toBe(x.data_ptr());
    expect(torch.from_numpy(x.numpy()).numpy()[0]).toBe(9);
    expect(x[1]!.numpy().buffer.byteLength).toBe(24);
  });

  test.each<[string, unknown]>([
    ['float32', Float32Array],
    ['float64', Float64Array],
    ['int8', Int8Array],
    ['int16', Int16Array],
    ['int32', Int32Array],
    ['int64', BigInt64Array],
    ['uint8', Uint8Array],
    ['uint16', Uint16Array],
    ['uint32', Uint32Array],
    ['uint64', BigUint64Array],
    ['bool', Uint8Array],
  ])('numpy of %s', (name, Class) => {
    const x = torch.ones(2, { dtype: (torch as unknown as Record<string, typeof torch.float32>)[name]! });
    expect(x.numpy()).toBeInstanceOf(Class);
    expect(Number(x.numpy()[1])).toBe(1);
  });

  test('numpy copies what does not lie in order, and resolves lazy signs', () => {
    const x = torch.arange(4).reshape(2, 2).t();
    expect([...x.numpy()].map(Number)).toEqual([0, 2, 1, 3]);
    x.numpy()[0] = 9n;
    expect(x.tolist()).toEqual([
      [0, 2],
      [1, 3],
    ]);
    const z = torch.tensor([new Complex(1, 2)]);
    expect(z.numpy().shape).toEqual([1, 2]);
    expect([...z.conj().numpy()]).toEqual([1, -2]);
    expect([...z.conj().imag.numpy()]).toEqual([-2]);
    expect(z.conj().imag.tolist()).toEqual([-2]);
    expect(torch.empty(0, 3).numpy().shape).toEqual([0, 3]);
    expect([...torch.arange(5)['1::2']!.numpy()]).toEqual([1n, 3n]);
  });

  test('numpy refuses what has no typed array', () => {
    const w = torch.ones(2, { requires_grad: true });
    expect(() => w.numpy()).toThrow(
      "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    );
    expect(w.numpy({ force: true })[0]).toBe(1);
    expect(() => torch.ones(1, { dtype: torch.bfloat16 }).numpy()).toThrow('Got unsupported ScalarType BFloat16');
    expect(() => torch.ones(1, { device: 'meta' }).numpy()).toThrow("can't convert meta device type tensor to numpy.");
    expect(() => torch.ones(1).to_sparse().numpy()).toThrow(torch.TypeError);
  });

  test('frombuffer', () => {
    const bytes = new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]);
    const x = torch.frombuffer(bytes, { dtype: torch.int16 });
    expect(x.tolist()).toEqual([1, 2, 3, 4]);
    bytes[0] = 9;
    expect(x.tolist()).toEqual([9, 2, 3, 4]);
    expect(torch.frombuffer(bytes.buffer, { dtype: torch.int16, count: 2, offset: 2 }).tolist()).toEqual([2, 3]);
    expect(torch.frombuffer({ buffer: new DataView(bytes.buffer, 4), dtype: torch.int32 }).tolist()).toEqual([262147]);
    expect(
      torch.frombuffer(new SharedArrayBuffer(4), { dtype: torch.float32, requires_grad: true }).requires_grad,
    ).toBe(true);
  });

  test.each<[unknown, object, keyof typeof torch, string]>([
    [new Uint8Array(0), { dtype: torch.int8 }, 'ValueError', 'both buffer length (0) and count (-1) must not be 0'],
    [
      new Uint8Array(4),
      { dtype: torch.int8, count: 0 },
      'ValueError',
      'both buffer length (4) and count (0) must not be 0',
    ],
    [
      new Uint8Array(3),
      { dtype: torch.int16 },
      'ValueError',
      'buffer length (3 bytes) after offset (0 bytes) must be a multiple of element size (2)',
    ],
    [
      new Uint8Array(4),
      { dtype: torch.int16, count: 3 },
      'ValueError',
      'requested buffer length (3 * 2 bytes) after offset (0 bytes) must not be greater than actual buffer length (4 bytes)',
    ],
    [
      new Uint8Array(4),
      { dtype: torch.int16, offset: 9 },
      'ValueError',
      'offset (9 bytes) must be non-negative and no greater than buffer length (4 bytes) minus 1',
    ],
    [new Uint8Array(4), { dtype: torch.int16, offset: -1 }, 'ValueError', 'offset (-1 bytes) must be non-negative'],
    [
      new Uint8Array(4),
      { dtype: torch.int16, offset: 1 },
      'ValueError',
      'after offset (1 bytes) must be a multiple of element size (2)',
    ],
    [new Uint8Array(6), { dtype: torch.int16, offset: 1, count: 1 }, 'ValueError', 'not aligned'],
    [new Uint8Array(4), { dtype: torch.int8, offset: 0.5 }, 'TypeError', "argument 'offset' must be int"],
    [new Uint8Array(4), { dtype: torch.int8, count: 'x' }, 'TypeError', "argument 'count' must be int"],
    [new Uint8Array(4), { dtype: 3 }, 'TypeError', "argument 'dtype' must be torch.dtype"],
    [new Uint8Array(4), {}, 'TypeError', "missing 1 required keyword-only argument: 'dtype'"],
    [5, { dtype: torch.int8 }, 'TypeError', "argument 'buffer' must be a typed array"],
    ['abc', { dtype: torch.int8 }, 'TypeError', "argument 'buffer' must be a typed array"],
    [new Uint8Array(4), { dtype: torch.int16, requires_grad: true }, 'RuntimeError', 'require gradients'],
  ])('frombuffer(%o, %o)', (buffer, options, error, message) => {
    const make = () => torch.frombuffer(buffer as never, options as never);
    expect(make).toThrow(torch[error] as never);
    expect(make).toThrow(message);
  });

  test('the memory of an array in use stays where it is', () => {
    const array = new Float32Array(1024).fill(7);
    const x = torch.from_numpy(array);
    try {
      structuredClone(array.buffer, { transfer: [array.buffer] }); // older Nodes copy, newer ones refuse
    } catch {}
    const y = torch.ones(4).numpy();
    for (const { buffer } of [array, y] as { buffer: { transfer?: (length: number) => unknown } }[]) {
      if (buffer.transfer !== undefined) expect(() => buffer.transfer!(0)).toThrow('cannot be transferred');
    }
    torch.memory.collect();
    expect(x.sum().item()).toBe(7168);
    const resizable = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 64 }]) as ArrayBuffer & {
      resizable?: boolean;
    };
    if (resizable.resizable) {
      expect(() => torch.from_numpy(new Float32Array(resizable))).toThrow(torch.ValueError);
      expect(() => torch.frombuffer(resizable, { dtype: torch.int32 })).toThrow('resizable');
    }
  });

  test('from_numpy wants a typed array', () => {
    for (const wrong of [[1, 2], 5, null, undefined, 'a', {}, new ArrayBuffer(4), new DataView(new ArrayBuffer(4))]) {
      expect(() => torch.from_numpy(wrong as never)).toThrow(torch.TypeError);
    }
    for (const shape of [[3], [-1], [2, 2, 2], ['a'], [1.5], [2 ** 40, 2 ** 40]]) {
      const array = Object.assign(new Float32Array(2), { shape });
      expect(is_typed_error(thrown_by(() => torch.from_numpy(array as never))), String(shape)).toBe(true);
    }
  });

  test('as_tensor copies only what it has to', () => {
    const x = torch.ones(2);
    expect(torch.as_tensor(x)).toBe(x);
    expect(torch.as_tensor(x, torch.float64).dtype).toBe(torch.float64);
    expect(torch.as_tensor({ data: x, dtype: torch.float32 })).toBe(x);
    const array = new Int32Array([1, 2]);
    const y = torch.as_tensor(array);
    array[0] = 5;
    expect(parts(y)).toEqual(['int32', [2], [5, 2]]);
    expect(parts(torch.as_tensor([1, 2.5]))).toEqual(['float32', [2], [1, 2.5]]);
    expect(parts(torch.as_tensor(3, { dtype: torch.float16 }))).toEqual(['float16', [], 3]);
    expect(() => torch.as_tensor(null as never)).toThrow(torch.RuntimeError);
    expect(() => torch.as_tensor(array, 'float32' as never)).toThrow(
      "as_tensor(): argument 'dtype' must be torch.dtype",
    );
  });

  test('a sparse or detached buffer is an error or empty, never a crash', () => {
    const array = new Float32Array(4);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(torch.from_numpy(array).numel()).toBe(0);
    expect(torch.tensor(array).numel()).toBe(0);
  });
});

describe('item and tolist', () => {
  test.each<[string, unknown, unknown]>([
    ['float32', 0.5, 0.5],
    ['float64', 0.1, 0.1],
    ['float16', 0.5, 0.5],
    ['bfloat16', 0.5, 0.5],
    ['int8', -5, -5],
    ['int16', -5, -5],
    ['int32', -5, -5],
    ['int64', -5, -5],
    ['int64', 2n ** 53n + 1n, 2n ** 53n + 1n],
    ['int64', 2n ** 53n - 1n, 2 ** 53 - 1],
    ['int64', -(2n ** 62n), -(2n ** 62n)],
    ['uint8', 200, 200],
    ['uint16', 60000, 60000],
    ['uint32', 4e9, 4e9],
    ['uint64', 2n ** 64n - 1n, 2n ** 64n - 1n],
    ['uint64', 5, 5],
    ['bool', true, true],
    ['complex64', new Complex(1, -2), new Complex(1, -2)],
    ['complex128', new Complex(0.1, NaN), new Complex(0.1, NaN)],
    ['float32', NaN, NaN],
    ['float32', -Infinity, -Infinity],
  ])('%s %o', (name, value, expected) => {
    const dtype = (torch as unknown as Record<string, typeof torch.float32>)[name]!;
    const x = torch.tensor(value as never, { dtype });
    expect(x.item()).toEqual(expected);
    expect(x.tolist()).toEqual(expected);
    expect(x.view(1, 1).item()).toEqual(expected);
    expect(x.view(1, 1).tolist()).toEqual([[expected]]);
  });

  test('tolist keeps the nesting', () => {
    expect(torch.arange(4).reshape(2, 1, 2).tolist()).toEqual([[[0, 1]], [[2, 3]]]);
    expect(torch.empty(2, 0).tolist()).toEqual([[], []]);
    expect(torch.arange(6).reshape(2, 3).t().tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(torch.tensor([true, false]).tolist()).toEqual([true, false]);
    expect(torch.ones(2, { requires_grad: true }).tolist()).toEqual([1, 1]);
  });

  test('item wants exactly one element', () => {
    expect(() => torch.ones(3).item()).toThrow('a Tensor with 3 elements cannot be converted to Scalar');
    expect(() => torch.tensor([]).item()).toThrow(torch.RuntimeError);
  });
});

describe('operators that make tensors', () => {
  test.each<[Tensor, string, number[], unknown]>([
    [
      torch.zeros(2, 2),
      'float32',
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [torch.zeros([2]), 'float32', [2], [0, 0]],
    [torch.zeros({ size: [1, 2] }), 'float32', [1, 2], [[0, 0]]],
    [torch.zeros(torch.ones(2, 1).shape), 'float32', [2, 1], [[0], [0]]],
    [torch.zeros([]), 'float32', [], 0],
    [torch.ones(2, { dtype: torch.int64 }), 'int64', [2], [1, 1]],
    [torch.ones({ size: [2], dtype: torch.bool }), 'bool', [2], [true, true]],
    [torch.full([2], 7), 'int64', [2], [7, 7]],
    [torch.full([2], 7, { dtype: torch.float32 }), 'float32', [2], [7, 7]],
    [torch.full({ size: [1], fill_value: 0.5 }), 'float32', [1], [0.5]],
    [torch.arange(3), 'int64', [3], [0, 1, 2]],
    [torch.arange(1, 2, 0.5), 'float32', [2], [1, 1.5]],
    [torch.arange({ end: 2 }), 'int64', [2], [0, 1]],
    [torch.arange(0, { end: 6, step: 3 }), 'int64', [2], [0, 3]],
    [torch.linspace(0, 1, 3), 'float32', [3], [0, 0.5, 1]],
    [torch.linspace(0, 1, { steps: 2, dtype: torch.float64 }), 'float64', [2], [0, 1]],
    [
      torch.eye(2),
      'float32',
      [2, 2],
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [torch.eye(1, { m: 2 }), 'float32', [1, 2], [[1, 0]]],
    [torch.zeros_like(torch.arange(2)), 'int64', [2], [0, 0]],
    [torch.full_like(torch.arange(2), 3), 'int64', [2], [3, 3]],
    [torch.scalar_tensor(3), 'float32', [], 3],
    [torch.empty(0), 'float32', [0], []],
  ])('%#', (x, dtype, shape, values) => {
    expect(parts(x)).toEqual([dtype, shape, values]);
  });

  test('requires_grad belongs to all of them', () => {
    expect(torch.zeros(2, { requires_grad: true }).requires_grad).toBe(true);
    expect(torch.rand(2, { requires_grad: true, dtype: torch.float64 }).requires_grad).toBe(true);
    expect(torch.linspace(0, 1, 3, { requires_grad: true }).is_leaf).toBe(true);
    expect(torch.ones_like(torch.ones(1), { requires_grad: true }).requires_grad).toBe(true);
    expect(torch.zeros(2, { requires_grad: false }).requires_grad).toBe(false);
    expect(() => torch.arange(3, { requires_grad: true })).toThrow(/dtype: torch\.float32/);
    expect(() => torch.zeros(2, { requires_grad: 1 as never })).toThrow("argument 'requires_grad' must be bool");
  });

  test('undefined counts as not given', () => {
    expect(torch.zeros(2, { dtype: undefined, requires_grad: undefined }).dtype).toBe(torch.float32);
    expect((torch.arange as (...args: unknown[]) => Tensor)(3, undefined).tolist()).toEqual([0, 1, 2]);
  });
});

test('a gradient that is zero without having memory', () => {
  const x = torch.randn(3, { requires_grad: true });
  const gradient = () => torch.autograd.grad(torch.sgn(x).sum(), x)[0]!;
  expect(() => gradient().numpy()).toThrow(
    'Cannot convert a ZeroTensor to numpy. Set force=True if you need the zero array.',
  );
  expect([...gradient().numpy({ force: true })]).toEqual([0, 0, 0]);
  expect(gradient().tolist()).toEqual([0, 0, 0]);
});
