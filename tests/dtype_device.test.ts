/** dtypes, devices, layouts, memory formats and sizes. */
import { inspect } from 'node:util';
import torch from 'tstorch';
import { describe, expect, test } from 'vitest';

describe('dtype', () => {
  test.each([
    ['float32', 4, true, false, true],
    ['float64', 8, true, false, true],
    ['float16', 2, true, false, true],
    ['bfloat16', 2, true, false, true],
    ['float8_e4m3fn', 1, true, false, true],
    ['float8_e5m2', 1, true, false, true],
    ['complex32', 4, false, true, true],
    ['complex64', 8, false, true, true],
    ['complex128', 16, false, true, true],
    ['uint8', 1, false, false, false],
    ['uint16', 2, false, false, false],
    ['uint32', 4, false, false, false],
    ['uint64', 8, false, false, false],
    ['int8', 1, false, false, true],
    ['int16', 2, false, false, true],
    ['int32', 4, false, false, true],
    ['int64', 8, false, false, true],
    ['bool', 1, false, false, false],
  ] as const)('%s', (name, itemsize, is_floating_point, is_complex, is_signed) => {
    const dtype = torch[name];
    expect([dtype.name, dtype.itemsize, dtype.is_floating_point, dtype.is_complex, dtype.is_signed]).toEqual([
      name,
      itemsize,
      is_floating_point,
      is_complex,
      is_signed,
    ]);
    expect([String(dtype), inspect(dtype)]).toEqual([`torch.${name}`, `torch.${name}`]);
    const x = torch.empty(3, { dtype });
    expect([x.dtype, x.itemsize, x.element_size(), x.nbytes]).toEqual([dtype, itemsize, itemsize, 3 * itemsize]);
    expect([x.is_floating_point(), x.is_complex(), x.is_signed()]).toEqual([is_floating_point, is_complex, is_signed]);
  });

  test('aliases are the same objects', () => {
    expect([
      torch.float,
      torch.double,
      torch.half,
      torch.short,
      torch.int,
      torch.long,
      torch.cfloat,
      torch.cdouble,
      torch.chalf,
    ]).toEqual([
      torch.float32,
      torch.float64,
      torch.float16,
      torch.int16,
      torch.int32,
      torch.int64,
      torch.complex64,
      torch.complex128,
      torch.complex32,
    ]);
    expect(torch.float).toBe(torch.float32);
    expect([
      torch.complex64.to_real(),
      torch.float64.to_complex(),
      torch.bfloat16.to_complex(),
      torch.int64.to_real(),
    ]).toEqual([torch.float32, torch.complex128, torch.complex64, torch.int64]);
  });

  test('there is one object for each, which nobody else can make', () => {
    expect(
      () => new (torch.dtype as never as new (...args: unknown[]) => unknown)(6, 'mine', 4, 'float', null),
    ).toThrow("cannot create 'torch.dtype' instances");
    expect(() => new (torch.layout as never as new (...args: unknown[]) => unknown)(0, 'mine')).toThrow(
      "cannot create 'torch.layout' instances",
    );
    expect(() => new (torch.memory_format as never as new (...args: unknown[]) => unknown)(0, 'mine')).toThrow(
      "cannot create 'torch.memory_format' instances",
    );
    expect(torch.ones(1).dtype).toBe(torch.float32);
    expect(torch.float32).toBeInstanceOf(torch.dtype);
  });

  test('conversions by method and by to', () => {
    const x = torch.tensor([1.7, -1.2]);
    expect(
      [
        x.float(),
        x.double(),
        x.half(),
        x.bfloat16(),
        x.long(),
        x.int(),
        x.short(),
        x.char(),
        x.bool(),
        x.cfloat(),
        x.cdouble(),
      ].map((y) => y.dtype.name),
    ).toEqual([
      'float32',
      'float64',
      'float16',
      'bfloat16',
      'int64',
      'int32',
      'int16',
      'int8',
      'bool',
      'complex64',
      'complex128',
    ]);
    expect(torch.tensor([1.7]).byte().dtype).toBe(torch.uint8);
    expect(x.int().tolist()).toEqual([1, -1]);
    expect(x.type()).toBe('torch.FloatTensor');
    expect(x.type(torch.float64).type()).toBe('torch.DoubleTensor');
    expect(torch.ones(1, { dtype: torch.bool }).type()).toBe('torch.BoolTensor');
    for (const y of [
      x.to(torch.int32),
      x.to({ dtype: torch.int32 }),
      x.to('cpu', torch.int32),
      x.to('cpu', { dtype: torch.int32 }),
      x.to(torch.ones(1, { dtype: torch.int32 })),
      x.to({ other: torch.ones(1, { dtype: torch.int32 }) }),
    ]) {
      expect(y.dtype).toBe(torch.int32);
    }
    expect([
      x.to(torch.float32, { copy: true }) === x,
      x.to(torch.float32, false, true) === x,
      x.to({ dtype: null }) === x,
    ]).toEqual([false, false, true]);
    expect(() => x.to('float32' as never)).toThrow(torch.RuntimeError);
    expect(() => x.to(torch.float32, { dtype: torch.int32 } as never)).toThrow(
      "got multiple values for argument 'dtype'",
    );
    expect(() => x.to({ typ: torch.float32 } as never)).toThrow("unexpected keyword argument 'typ'");
    expect(() => x.to({ other: 5 } as never)).toThrow(torch.TypeError);
  });
});

describe('device', () => {
  test('forms', () => {
    const { device } = torch;
    expect([new device('cpu').type, new device('cpu').index]).toEqual(['cpu', null]);
    expect([new device('cuda:1').type, new device('cuda:1').index]).toEqual(['cuda', 1]);
    expect([new device('cuda', 1).type, new device('cuda', 1).index]).toEqual(['cuda', 1]);
    const cpu = new device('cpu');
    expect(new device(cpu)).toBe(cpu);
    expect([String(cpu), inspect(cpu), String(new device('cuda:1')), inspect(new device('cuda:1'))]).toEqual([
      'cpu',
      "device(type='cpu')",
      'cuda:1',
      "device(type='cuda', index=1)",
    ]);
    expect([new device('cuda:1').equals('cuda:1'), new device('cuda').equals('cuda:1')]).toEqual([true, false]);
    expect(torch.ones(1).device).toBe(torch.ones(2).device);
    expect([torch.ones(1).is_cpu, torch.ones(1).is_cuda, torch.ones(1, { device: 'meta' }).is_meta]).toEqual([
      true,
      false,
      true,
    ]);
    expect(torch.ones(1).get_device()).toBe(-1);
  });

  test.each<[string, unknown[], keyof typeof torch, string]>([
    ['an unknown type', ['gpu'], 'RuntimeError', 'Expected one of cpu, cuda'],
    ['nothing', [''], 'RuntimeError', 'Device string must not be empty'],
    ['a negative index', ['cuda:-1'], 'RuntimeError', "Invalid device string: 'cuda:-1'"],
    ['a negative index, as number', ['cuda', -1], 'RuntimeError', 'Device index must not be negative'],
    ['an index with letters', ['cuda:x'], 'RuntimeError', "Invalid device string: 'cuda:x'"],
    ['an index that does not fit', ['cuda:300'], 'RuntimeError', "Invalid device string: 'cuda:300'"],
    [
      'two indices',
      ['cuda:0', 0],
      'RuntimeError',
      'type (string) must not include an index because index was passed explicitly: cuda:0',
    ],
    ['a fraction', [1.5], 'TypeError', "argument 'index' must be int"],
    ['a string as index', ['cuda', '1'], 'TypeError', "argument 'index' (position 2) must be int"],
    ['an object', [{}], 'TypeError', "argument 'type' (position 1) must be str"],
    ['undefined', [], 'TypeError', "argument 'type' (position 1) must be str"],
  ])('%s', (_, args, error, message) => {
    const make = () => new (torch.device as never as new (...args: unknown[]) => unknown)(...args);
    expect(make).toThrow(torch[error] as never);
    expect(make).toThrow(message);
  });

  test('one that is not there', () => {
    for (const device of ['xpu', 'mps', new torch.device('hpu:1')]) {
      for (const use of [
        () => torch.zeros(2, { device }),
        () => torch.ones(2).to(device),
        () => torch.tensor([1], { device }),
        () => torch.zeros_like(torch.ones(1), { device }),
      ]) {
        expect(use).toThrow(torch.RuntimeError);
        expect(use).toThrow(`there is no device '${device}'`);
      }
    }
  });

  test.skipIf(torch.cuda.is_available())('without a GPU', () => {
    for (const use of [
      () => torch.zeros(2, { device: 'cuda' }),
      () => torch.ones(2).cuda(),
      () => torch.ones(2).to('cuda:0'),
      () => new torch.Generator('cuda'),
    ]) {
      expect(use).toThrow(torch.RuntimeError);
      expect(use).toThrow(/argument 'device': there is no device 'cuda(:0)?'/);
    }
    expect(() => torch.ones(2).to(0)).toThrow(torch.RuntimeError);
    expect(() => torch.zeros(2, { device: 0 })).toThrow('Cannot access accelerator device when none is available.');
  });
});

describe('layout and memory format', () => {
  test('layouts', () => {
    expect(torch.ones(1).layout).toBe(torch.strided);
    const sparse = torch.eye(2).to_sparse();
    expect([sparse.layout, sparse.is_sparse, String(torch.sparse_coo)]).toEqual([
      torch.sparse_coo,
      true,
      'torch.sparse_coo',
    ]);
    expect(torch.zeros(2, 2, { layout: torch.sparse_csr }).layout).toBe(torch.sparse_csr);
    expect(() => torch.zeros(2, { layout: 'strided' as never })).toThrow(torch.TypeError);
  });

  test('memory formats', () => {
    const x = torch.ones(2, 3, 4, 5);
    const y = x.to({ memory_format: torch.channels_last });
    expect([y.stride(), y.shape]).toEqual([[60, 1, 15, 3], x.shape]);
    expect([
      x.is_contiguous(),
      y.is_contiguous(),
      y.is_contiguous({ memory_format: torch.channels_last }),
      x.is_contiguous(torch.channels_last),
    ]).toEqual([true, false, true, false]);
    expect(y.contiguous().stride()).toEqual([60, 20, 5, 1]);
    expect(x.contiguous({ memory_format: torch.channels_last }).stride()).toEqual([60, 1, 15, 3]);
    expect(torch.ones(2, 3).t().is_contiguous()).toBe(false);
    expect(torch.ones(1, 3).t().is_contiguous()).toBe(true);
    expect(torch.empty(0, 3).t().is_contiguous()).toBe(true);
    expect(() => x.is_contiguous({ memory_format: 'channels_last' as never })).toThrow(torch.TypeError);
  });
});

describe('sizes', () => {
  const x = torch.ones(2, 3, 4);

  test('shape, size and stride', () => {
    expect([x.shape, x.size()]).toEqual([new torch.Size([2, 3, 4]), new torch.Size([2, 3, 4])]);
    expect([
      x.size(0),
      x.size(-1),
      x.size({ dim: 1 }),
      x.stride(),
      x.stride(0),
      x.stride(-1),
      x.stride({ dim: 1 }),
    ]).toEqual([2, 4, 3, [12, 4, 1], 12, 1, 4]);
    expect([
      x.dim(),
      x.ndim,
      x.ndimension(),
      x.numel(),
      x.nelement(),
      x.length,
      x.storage_offset(),
      x[1]!.storage_offset(),
    ]).toEqual([3, 3, 3, 24, 24, 2, 0, 12]);
    expect(() => x.size(3)).toThrow('Dimension out of range (expected to be in range of [-3, 2], but got 3)');
    expect(() => x.size(3)).toThrow(torch.IndexError);
    expect(() => x.stride(-4)).toThrow(torch.IndexError);
    expect(() => torch.tensor(1).size(0)).toThrow(
      'Dimension out of range (expected to be in range of [-1, 0], but got 0)',
    );
    for (const wrong of ['a', 1.5, NaN, [], true]) expect(() => x.size(wrong as never)).toThrow(torch.TypeError);
  });

  test('Size is an array that prints as in Python', () => {
    const size = x.shape;
    expect([String(size), `${size}`, inspect(size)]).toEqual(Array(3).fill('torch.Size([2, 3, 4])'));
    const [a, ...rest] = size;
    expect([a, rest, size.numel(), size.length, size.at(-1), size.includes(3)]).toEqual([2, [3, 4], 24, 3, 4, true]);
    expect([size.slice(1), size.concat(5)]).toEqual([new torch.Size([3, 4]), new torch.Size([2, 3, 4, 5])]);
    expect(size.map((n) => n * 2)).toEqual([4, 6, 8]);
    expect([size.equals([2, 3, 4]), size.equals([2, 3]), size.equals(torch.ones(2, 3, 5).shape)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(JSON.stringify(size)).toBe('[2,3,4]');
    size[0] = 99;
    expect(x.size(0)).toBe(2);
    expect([torch.tensor(1).shape.length, String(torch.tensor(1).shape)]).toEqual([0, 'torch.Size([])']);
    for (const wrong of [5, 'ab', [1.5], ['a'], null])
      expect(() => new torch.Size(wrong as never)).toThrow(torch.TypeError);
  });
});
