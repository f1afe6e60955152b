/**
 * Files of Python's torch.save, read; and our own, which have to be the same bytes (scripts/fixtures/serialization.py).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import torch, { nn, optim, type Tensor } from 'tstorch';
import { UnpicklingError } from 'tstorch/serialization';
import { afterAll, describe, expect, test } from 'vitest';

const encoded = JSON.parse(readFileSync(new URL('fixtures/serialization.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const python = (name: string): Buffer => {
  const text = encoded[name];
  if (text === undefined) throw new Error(`there is no fixture ${name}`);
  return Buffer.from(text, 'base64');
};

const folder = mkdtempSync(join(tmpdir(), 'tstorch-serialization-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const share_memory = (a: Tensor, b: Tensor): boolean => {
  const before = b.clone();
  a.add_(1);
  const shared = !torch.equal(b, before);
  a.sub_(1);
  return shared;
};

function model(seed = 0): nn.Sequential {
  torch.manual_seed(seed);
  return new nn.Sequential({ conv: new nn.Conv2d(1, 2, 2), norm: new nn.BatchNorm2d(2) });
}

describe('reading what Python has written', () => {
  test('a state dict', () => {
    const state = torch.load(python('state_dict')) as Map<string, Tensor>;
    expect(state).toBeInstanceOf(Map);
    const expected = model().state_dict();
    expect([...state.keys()]).toEqual([...expected.keys()]);
    for (const [name, tensor] of expected) expect(torch.equal(state.get(name)!, tensor), name).toBe(true);
    const other = model();
    other.apply((module: nn.Module) => module instanceof nn.Conv2d && void torch.no_grad(() => module.weight.zero_()));
    expect(String(other.load_state_dict(state))).toBe('<All keys matched successfully>');
    expect(torch.equal(other.state_dict().get('conv.weight')!, expected.get('conv.weight')!)).toBe(true);
  });

  test('every dtype', () => {
    const tensors = torch.load(python('dtypes')) as Map<string, Tensor>;
    expect(tensors.size).toBe(17);
    for (const [name, tensor] of tensors) {
      expect(String(tensor.dtype)).toBe(`torch.${name}`);
      const values = name.startsWith('complex') ? tensor.to(torch.complex64).real : tensor.to(torch.float32);
      expect(values.tolist(), name).toEqual(name === 'bool' ? [0, 1, 1, 1] : [0, 1, 2, 3]);
    }
  });

  test('views and shared memory', () => {
    const { base, transposed, row, column, expanded, tied, empty, scalar } = torch.load(python('views'));
    expect(base.tolist()).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(torch.equal(transposed, base.t())).toBe(true);
    expect([row.tolist(), column.tolist(), column.stride()]).toEqual([[4, 5, 6, 7], [2, 6, 10], [4]]);
    expect([expanded.tolist(), expanded.stride(), [...empty.shape], scalar.item()]).toEqual([
      [1, 1, 1],
      [0],
      [0, 3],
      2.5,
    ]);
    for (const view of [transposed, row, column]) expect(share_memory(base, view)).toBe(true);
    expect(tied[0]).toBe(tied[1]);
  });

  test('plain data', () => {
    const data = torch.load(python('data'));
    expect(data).toMatchObject({
      int: 7,
      negative: -3,
      large: 300,
      larger: 70000,
      huge: 2 ** 40,
      minus: -(2 ** 40),
      beyond: 2n ** 60n + 1n,
      float: 0.1,
      infinity: Infinity,
      none: null,
      true: true,
      false: false,
      text: 'grüße 😀',
      list: [1, [2, 3], []],
      tuple: [1, 'a', [2.5]],
      empty: {},
      set: new Set([1]),
      bytes: Uint8Array.of(0, 255, 127),
      bytearray: Uint8Array.of(97, 98),
      nested: { a: { b: [{ c: 1 }] } },
      dtype: torch.float16,
    });
    expect(data.int_keys).toEqual(
      new Map([
        [0, 'a'],
        [5, 'b'],
      ]),
    );
    // A plain object would put these in another order.
    expect([...data.digits]).toEqual([
      ['10', 1],
      ['2', 2],
    ]);
    expect([...data.ordered]).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect([String(data.size), String(data.device), String(data.complex)]).toEqual([
      'torch.Size([2, 3])',
      'cuda:1',
      '(1+2j)',
    ]);
    expect(data.many).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  });

  test('an optimizer', () => {
    const { epoch, optimizer } = torch.load(python('optimizer'));
    expect(epoch).toBe(3);
    expect([...optimizer.state.keys()]).toEqual([0, 1, 2, 3]);
    expect([optimizer.state.get(0).step.item(), optimizer.param_groups[0].params]).toEqual([1, [0, 1, 2, 3]]);
    expect(optimizer.param_groups[0]).toMatchObject({ lr: 0.01, betas: [0.9, 0.999], amsgrad: false, maximize: false });
    const ours = new optim.Adam(model().parameters(), { lr: 0.5 });
    ours.load_state_dict(optimizer);
    expect(ours.param_groups[0]!['lr']).toBe(0.01);
  });

  test('parameters and leaves', () => {
    const { parameter, frozen, leaf } = torch.load(python('parameter'));
    expect([parameter, frozen].every((p) => p instanceof nn.Parameter)).toBe(true);
    expect([parameter, frozen, leaf].map((p: Tensor) => [p.requires_grad, p.is_leaf])).toEqual([
      [true, true],
      [false, true],
      [true, true],
    ]);
    expect(leaf).not.toBeInstanceOf(nn.Parameter);
    expect(parameter.tolist()).toEqual([1, 2]);
    parameter.sum().backward();
    expect(parameter.grad.tolist()).toEqual([1, 1]);
  });

  test('tensors of other kinds', () => {
    expect(torch.load(python('attributes')).tolist()).toEqual([1, 1]);
    const { sparse, meta, conjugate, negative } = torch.load(python('special'));
    expect([String(sparse.layout), sparse.to_dense().tolist()]).toEqual([
      'torch.sparse_coo',
      [
        [0, 2],
        [3, 0],
      ],
    ]);
    expect([String(meta.device), [...meta.shape]]).toEqual(['meta', [2, 3]]);
    expect([String(conjugate.tolist()[0]), negative.tolist()]).toEqual(['(1-2j)', [-2]]);
  });

  test('a list that contains itself', () => {
    const list = torch.load(python('cycle')) as unknown[];
    expect(list[0]).toBe(list);
  });

  test.each(['big_endian', 'deflated', 'no_byteorder', 'no_checksums'])('%s', (name) => {
    expect(torch.load(python(name)).tolist()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('where tensors go', () => {
  const file = (): Buffer => python('cuda');

  test('a device that is there instead of the one in the file', () => {
    for (const map_location of ['cpu', new torch.device('cpu'), { 'cuda:0': 'cpu' }, new Map([['cuda:0', 'cpu']])]) {
      const { a, b } = torch.load(file(), { map_location });
      expect([a.tolist(), b.tolist(), String(a.device)]).toEqual([[0, 1, 2], [0, 1], 'cpu']);
    }
    expect(torch.load(file(), 'cpu').a.tolist()).toEqual([0, 1, 2]);
    expect(torch.load({ f: file(), map_location: 'cpu' }).a.tolist()).toEqual([0, 1, 2]);
  });

  test('a function is asked for each storage', () => {
    const asked: unknown[] = [];
    const { a } = torch.load(file(), (storage: Tensor, location: string) => {
      asked.push([storage.numel(), location]);
      return storage;
    });
    expect(asked).toEqual([
      [12, 'cuda:0'],
      [16, 'cuda:0'],
    ]);
    expect(a.tolist()).toEqual([0, 1, 2]);
    expect(torch.load(python('views'), () => null).scalar.item()).toBe(2.5);
    expect(() => torch.load(file(), () => torch.ones(3))).toThrow(torch.TypeError);
  });

  test('meta reads no memory', () => {
    const { a } = torch.load(file(), { map_location: 'meta' });
    expect([String(a.device), [...a.shape], a.dtype]).toEqual(['meta', [3], torch.float32]);
  });

  test.skipIf(torch.cuda.is_available())('a device that is not there is an error that says what to do', () => {
    expect(() => torch.load(file())).toThrow(/Attempting to deserialize object on a CUDA device.*map_location/s);
  });
});

describe('what is not loaded', () => {
  const failing = (name: string): unknown => {
    try {
      return torch.load(python(name));
    } catch (error) {
      return error;
    }
  };

  test.each([
    ['runs_system', /GLOBAL posix\.system whose module posix is blocked/],
    ['runs_eval', /Unsupported global: GLOBAL builtins\.eval was not an allowed global by default/],
    ['whole_module', /Unsupported global: GLOBAL torch\.nn\.modules\.linear\.Linear was not an allowed global/],
  ])('%s', (name, message) => {
    const error = failing(name) as Error;
    expect(error).toBeInstanceOf(UnpicklingError);
    expect(error.message).toMatch(/^Weights only load failed\./);
    expect(error.message).toMatch(message);
  });

  test.each([
    ['torchscript', /TorchScript archive/],
    ['beyond_storage', /sizes \[2, 4\].*requiring a storage size of 32 are out of bounds for storage of size 24/],
    ['offset_beyond', /out of bounds for storage of size 24/],
    ['negative_stride', /sizes are not whole numbers/],
    ['huge_stride', /sizes are not whole numbers|out of bounds/],
    ['huge_size', /out of bounds/],
    ['huge_storage', /storage 0 should have 4503599627370496 bytes, but the file holds 24/],
    ['no_storage', /file not found: data\/7/],
    ['other_storage', /storage 0 should have 48 bytes, but the file holds 24/],
  ])('%s', (name, message) => {
    const error = failing(name) as Error;
    expect(error instanceof torch.RuntimeError || error instanceof UnpicklingError, String(error)).toBe(true);
    expect(error.message).toMatch(message);
  });

  test('files from before PyTorch 1.6', () => {
    expect((torch.load(python('legacy')) as Tensor).tolist()).toEqual([0, 1, 2]);
    const loaded = torch.load(python('legacy_state')) as Record<string, Tensor> & { state: Map<string, Tensor> };
    expect([...loaded.state.keys()]).toEqual(['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']);
    expect(loaded.state.get('running_var')!.tolist()).toEqual([1, 1]);
    expect(loaded['plain']).toEqual([1, 'two', null, 2 ** 40]);
    expect([loaded['half']!.dtype, loaded['half']!.tolist()]).toEqual([torch.float16, [1.5, -2.5]]);
    expect(loaded['flags']!.tolist()).toEqual([true, false]);
    expect(loaded['parameter']).toBeInstanceOf(torch.nn.Parameter);
    // Tensors that shared memory still do.
    loaded['whole']!.fill_(9);
    expect(loaded['row']!.tolist()).toEqual([9, 9, 9]);
    expect((torch.load(python('legacy'), { map_location: 'meta' }) as Tensor).device.type).toBe('meta');
  });

  test('such files are refused where they are damaged', () => {
    const whole = python('legacy_state');
    for (let length = 15; length < whole.length; length += 7) {
      let error: unknown;
      try {
        torch.load(whole.subarray(0, length));
      } catch (thrown) {
        error = thrown;
      }
      expect(error instanceof torch.RuntimeError || error instanceof UnpicklingError, String(error)).toBe(true);
    }
  });

  test('files that are no files of PyTorch', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.from('PK\x03\x04'),
      python('data').subarray(0, 700),
    ]) {
      expect(() => torch.load(bytes)).toThrow(torch.RuntimeError);
    }
    expect(() => torch.load(join(folder, 'nowhere.pth'))).toThrow(torch.OSError);
    expect(() => torch.load(folder)).toThrow(torch.OSError);
    expect(() => torch.load(5 as never)).toThrow(torch.TypeError);
    expect(() => torch.load(python('views'), { weights_only: false })).toThrow(torch.NotImplementedError);
    expect(() => torch.load(python('views'), { mmap: true })).toThrow(torch.NotImplementedError);
    // @ts-expect-error
    expect(() => torch.load(python('views'), { mapp_location: 'cpu' })).toThrow(
      /unexpected keyword argument.*map_location/,
    );
  });

  test('damage is noticed', () => {
    const file = python('dtypes');
    // One bit of a tensor's data: float64's 3.0, which stands nowhere else in the file.
    const at = file.indexOf(Buffer.from(Float64Array.of(2, 3).buffer));
    expect(at).toBeGreaterThan(0);
    file[at]! ^= 1;
    expect(() => torch.load(file)).toThrow(/corrupted: its checksum does not fit/);
  });

  test('nothing that a damaged file says ends in anything but an error', () => {
    // A generator of our own, so that a failure can be repeated.
    let state = 1;
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
    const kinds = new Set<string>();
    for (const name of ['state_dict', 'special', 'parameter', 'data']) {
      const original = python(name);
      for (let round = 0; round < 1000; round++) {
        let file = Buffer.from(original);
        for (let i = 0; i <= round % 4; i++) file[random(file.length)] = random(256);
        if (round % 5 === 0) file = file.subarray(0, random(file.length));
        try {
          torch.load(file);
          kinds.add('loaded');
        } catch (error) {
          kinds.add((error as Error).name);
        }
      }
    }
    expect(
      [...kinds].filter((kind) => !['loaded', 'RuntimeError', 'UnpicklingError', 'NotImplementedError'].includes(kind)),
    ).toEqual([]);
    expect(kinds).toContain('RuntimeError');
  });

  test('a pickle without a checksum, with anything in it', () => {
    let state = 7;
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
    const kinds = new Set<string>();
    for (const name of ['state_dict', 'special', 'parameter', 'data', 'views']) {
      const original = python(name);
      // Clear the checksum of data.pkl in the table of contents, as PyTorch does when told not to compute any.
      const entry = original.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
      original.writeUInt32LE(0, entry + 16);
      const start = original.indexOf(Buffer.from([0x80, 0x02]));
      const end = original.indexOf(Buffer.from([0x50, 0x4b, 0x07, 0x08]));
      for (let round = 0; round < 1500; round++) {
        const file = Buffer.from(original);
        for (let i = 0; i <= round % 3; i++) file[start + random(end - start)] = random(256);
        try {
          torch.load(file);
          kinds.add('loaded');
        } catch (error) {
          kinds.add((error as Error).name);
        }
      }
    }
    const known = ['loaded', 'RuntimeError', 'UnpicklingError', 'NotImplementedError', 'IndexError', 'ValueError'];
    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
    expect(kinds).toContain('UnpicklingError');
  });

  test('a small file cannot ask for much memory', () => {
    // A string of a megabyte, made into bytes a hundred thousand times.
    const text = Buffer.alloc(1 << 20, 'a');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    const once = Buffer.concat([
      Buffer.from('c_codecs\nencode\nq\x01X', 'latin1'),
      length,
      text,
      Buffer.from('q\x02X\x06\x00\x00\x00latin1q\x03\x86R', 'latin1'),
    ]);
    const pickle = Buffer.concat([
      Buffer.from([0x80, 2]),
      Buffer.from('('),
      once,
      ...Array(100_000).fill(Buffer.from('h\x01h\x02h\x03\x86R', 'latin1')),
      Buffer.from('t.'),
    ]);
    expect(() => torch.load(with_pickle(pickle))).toThrow('asks for far more memory than it holds');
  });

  test('depth is limited', () => {
    const pickle = Buffer.concat([
      Buffer.from([0x80, 2]),
      Buffer.from(')'),
      Buffer.alloc(100_000, 0x85),
      Buffer.from('.'),
    ]);
    expect(() => torch.load(with_pickle(pickle))).toThrow('too deep in each other');
  });
});

/** An archive with this pickle, stored without a checksum. */
function with_pickle(pickle: Buffer): Buffer {
  const name = Buffer.from('archive/data.pkl');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt32LE(pickle.length, 18);
  local.writeUInt32LE(pickle.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(pickle.length, 20);
  central.writeUInt32LE(pickle.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + pickle.length, 16);
  return Buffer.concat([local, name, pickle, central, name, end]);
}

describe('writing what Python reads', () => {
  /** The bytes of an archive up to its fingerprint, which is computed in another way. */
  const comparable = (file: Buffer): string =>
    file.subarray(0, file.indexOf('archive/.data/serialization_id') - 30).toString('base64');

  test('a state dict is the same file, byte for byte', () => {
    expect(comparable(torch.save(model().state_dict()))).toBe(comparable(python('state_dict')));
  });

  test('so are counters, which are read as such', () => {
    const counters = torch.load(python('counters'));
    expect(Object.values(counters).map(String)).toEqual([
      "Counter({'a': 2, 'b': 2, ' ': 1, 'c': 1})",
      'Counter({3: 2, 1: 1})',
      'Counter()',
    ]);
    expect(comparable(torch.save(counters))).toBe(comparable(python('counters')));
  });

  test('so are all dtypes, views and parameters', () => {
    const values = torch.tensor([0, 1, 2, 3], { dtype: torch.float32 });
    const names = [
      'float64',
      'float32',
      'float16',
      'bfloat16',
      'int64',
      'int32',
      'int16',
      'int8',
      'uint8',
      'bool',
      'complex64',
      'complex128',
      'uint16',
      'uint32',
      'float8_e4m3fn',
      'float8_e5m2',
      'complex32',
    ] as const;
    const tensors = new Map(names.map((name) => [name as string, values.to(torch[name])]));
    expect(comparable(torch.save(tensors))).toBe(comparable(python('dtypes')));

    const base = torch.arange(12, { dtype: torch.float32 }).view(3, 4);
    const shared = torch.zeros(2);
    const views = {
      base,
      transposed: base.t(),
      row: base[1],
      column: base[':, 2'],
      expanded: torch.ones(1).expand(3),
      tied: [shared, shared],
      empty: torch.empty(0, 3),
      scalar: torch.tensor(2.5),
    };
    expect(comparable(torch.save(views))).toBe(comparable(python('views')));

    const parameters = {
      parameter: new nn.Parameter(torch.tensor([1, 2], { dtype: torch.float32 })),
      frozen: new nn.Parameter(torch.ones(1), { requires_grad: false }),
      leaf: torch.ones(2, { requires_grad: true }),
    };
    expect(comparable(torch.save(parameters))).toBe(comparable(python('parameter')));

    const special = {
      sparse: torch
        .tensor(
          [
            [0, 2],
            [3, 0],
          ],
          { dtype: torch.float32 },
        )
        .to_sparse(),
      meta: torch.empty(2, 3, { device: 'meta' }),
      conjugate: torch.tensor([new torch.Complex(1, 2)]).conj(),
      negative: torch.tensor([new torch.Complex(1, 2)]).conj().imag,
    };
    expect(comparable(torch.save(special))).toBe(comparable(python('special')));
  });

  test('plain data comes back as it was', () => {
    const data = {
      int: 7,
      negative: -3,
      edges: [255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1],
      bigint: [2n ** 60n, -(2n ** 60n), 2n ** 200n],
      float: [0.1, -0, 1e300, Infinity],
      none: null,
      flags: [true, false],
      text: ['', 'grüße 😀', '\ufeffmark', '\ufffd'],
      empty: [[], {}, new Set(), new Uint8Array(0)],
      set: new Set([1, 'a']),
      bytes: Uint8Array.of(0, 255),
      int_keys: new Map([
        [0, { exp_avg: 1 }],
        [1, { exp_avg: 2 }],
      ]),
      ordered: new Map([
        ['b', 1],
        ['a', 2],
      ]),
      many: Array.from({ length: 2001 }, (_, i) => i),
      large: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, i])),
      dtype: torch.bfloat16,
    };
    const loaded = torch.load(torch.save(data));
    expect(loaded).toEqual({ ...data, ordered: loaded.ordered });
    expect([...loaded.ordered]).toEqual([...data.ordered]);
    const others = torch.load(
      torch.save([torch.ones(2, 3).shape, new torch.device('cuda:1'), new torch.Complex(1, -2), NaN]),
    );
    expect(others.map(String)).toEqual(['torch.Size([2, 3])', 'cuda:1', '(1-2j)', 'NaN']);
    const cycle: unknown[] = [1];
    cycle.push({ cycle });
    const back = torch.load(torch.save(cycle));
    expect(back[1].cycle).toBe(back);
  });

  test('an own property may have any name', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}}') as object;
    const loaded = torch.load(torch.save(hostile)) as Map<string, unknown>;
    expect(loaded.get('__proto__')).toEqual({ polluted: 1 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('to a file and back', () => {
    const path = join(folder, 'model.pth');
    torch.save(model().state_dict(), path);
    expect(torch.equal(torch.load(path).get('conv.bias'), model().state_dict().get('conv.bias')!)).toBe(true);
    torch.save({ a: 1 }, { f: pathToFileURL(path) });
    expect(torch.load(pathToFileURL(path))).toEqual({ a: 1 });
    // The archive's folder has the file's name, as in Python.
    expect(readFileSync(path).subarray(30, 44).toString()).toBe('model/data.pkl');
    expect(torch.load(new Uint8Array(readFileSync(path)))).toEqual({ a: 1 });
    expect(torch.load(new Uint8Array(readFileSync(path)).buffer)).toEqual({ a: 1 });
  });

  test('memory that is shared is written once', () => {
    const large = torch.zeros(10000);
    const file = torch.save([large, large['0:5000'], large.view(100, 100)]);
    expect(file.length).toBeLessThan(50000);
    const [a, b, c] = torch.load(file) as [Tensor, Tensor, Tensor];
    expect([share_memory(a, b), share_memory(a, c)]).toEqual([true, true]);
    expect(() => torch.save([large, large.view(torch.int32)])).toThrow('view the same data as different types');
  });

  test('training goes on where it was', () => {
    const run = (stop_after: number): number[] => {
      let network = model();
      let optimizer = new optim.Adam(network.parameters(), { lr: 0.1 });
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) {
        if (step === stop_after) {
          const file = torch.save({ model: network.state_dict(), optimizer: optimizer.state_dict(), step });
          network = model(99);
          optimizer = new optim.Adam(network.parameters(), { lr: 0.5 });
          const checkpoint = torch.load(file);
          network.load_state_dict(checkpoint.model);
          optimizer.load_state_dict(checkpoint.optimizer);
        }
        const loss = (network(torch.arange(16, { dtype: torch.float32 }).view(4, 1, 2, 2)) as Tensor).pow(3).sum();
        losses.push(loss.item() as number);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
      }
      return losses;
    };
    const losses = run(-1);
    expect(losses.every(Number.isFinite) && new Set(losses).size === 4).toBe(true);
    expect(run(2)).toEqual(losses);
  });

  test('what cannot be saved', () => {
    expect(() => torch.save(new nn.Linear(1, 1))).toThrow(
      /cannot save an object of type 'Linear'; save its state instead/,
    );
    expect(() => torch.save({ f: () => 1 })).toThrow(torch.TypeError);
    expect(() => torch.save(new Date())).toThrow(/cannot save an object of type 'Date'/);
    expect(() => torch.save(Symbol('x'))).toThrow(torch.TypeError);
    expect(() => torch.save('\ud800')).toThrow('half a surrogate pair');
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => torch.save(deep)).toThrow('too deep in each other');
    expect(() => torch.save(1, join(folder, 'no', 'such', 'folder.pth'))).toThrow(/Parent directory .* does not exist/);
    expect(() => torch.save(1, 5 as never)).toThrow(torch.TypeError);
    // An error leaves no file behind, and does not touch one that was there.
    const path = join(folder, 'kept.pth');
    writeFileSync(path, 'before');
    expect(() => torch.save(new Date(), path)).toThrow();
    expect(() => torch.save(new Date(), join(folder, 'new.pth'))).toThrow();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).not.toContain('new.pth');
  });
});

test('what goes in several pieces has the checksum of the whole, in memory and in a file', () => {
  // Larger than two pieces, and no multiple of one.
  const big = torch.arange(175_000, { dtype: torch.float32 });
  const state = new Map([['small', torch.ones(3)], ['big', big], ['view', big['10:20']], ['last', torch.zeros(2)]]);
  const path = join(folder, 'archive.pt');
  torch.save(state, path);
  const bytes = torch.save(state);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const { buffer, byteOffset, byteLength } = big.numpy() as Float32Array<ArrayBuffer>;
  const data = Buffer.from(buffer, byteOffset, byteLength);
  const at = bytes.indexOf(data);
  expect(at % 64).toBe(0);
  expect(bytes.readUInt32LE(at + data.length)).toBe(0x08074b50);
  expect(bytes.readUInt32LE(at + data.length + 4)).toBe(crc32(data));
  const loaded = torch.load<Map<string, Tensor>>(path);
  for (const [name, tensor] of state) expect(torch.equal(loaded.get(name)!, tensor)).toBe(true);
});
