/** Errors: their classes, their messages, and that no input whatever does worse than throw one of them. */
import torch from 'tstorch';
import { describe, expect, test } from 'vitest';
import { is_typed_error, thrown_by } from './expected.ts';
import { type Finished, HANDLE_MODES, run_script } from './processes.ts';

const a = torch.ones(2, 3);

describe('classes', () => {
  test.each<[keyof typeof torch, string, () => unknown]>([
    [
      'RuntimeError',
      'The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1',
      () => a.add(torch.ones(2)),
    ],
    ['IndexError', 'Dimension out of range (expected to be in range of [-2, 1], but got 5)', () => a.sum(5)],
    ['ValueError', 'expected a non-empty list of Tensors', () => torch.cat([])],
    [
      'TypeError',
      "reshape(): argument 'shape' (position 1) must be tuple of ints, not str",
      () => a.reshape('x' as never),
    ],
    ['NotImplementedError', '"bitwise_and_cpu" not implemented for \'Float\'', () => torch.bitwise_and(a, a)],
    ['OutOfMemoryError', "can't allocate memory", () => torch.zeros(2 ** 46)],
    ['RuntimeError', 'must be batches of square matrices', () => torch.inverse(a)],
    ['LinAlgError', 'singular', () => torch.inverse(torch.zeros(2, 2))],
  ])('%s: %s', (name, message, action) => {
    const error = thrown_by(action) as Error;
    expect(error.constructor).toBe(torch[name]);
    expect(error.message).toContain(message);
  });

  test('names, kinship, and a stack that starts where the mistake is', () => {
    for (const name of [
      'RuntimeError',
      'IndexError',
      'KeyError',
      'AttributeError',
      'ValueError',
      'NotImplementedError',
      'TypeError',
      'AssertionError',
      'OSError',
    ] as const) {
      const error = new torch[name]('text');
      expect([error.name, error.message, error instanceof Error, Object.keys(error)]).toEqual([name, 'text', true, []]);
      expect(String(error)).toBe(`${name}: text`);
    }
    expect(new torch.TypeError('')).toBeInstanceOf(TypeError);
    expect(new torch.NotImplementedError('')).toBeInstanceOf(torch.RuntimeError);
    expect(new torch.OutOfMemoryError('').name).toBe('torch.OutOfMemoryError');
    expect(new torch.LinAlgError('').name).toBe('torch.linalg.LinAlgError');
    const error = thrown_by(() => a.add(torch.ones(2))) as Error;
    expect(error.stack).toContain('errors.test.ts');
    expect(error.message).not.toMatch(/Exception raised from|\.cpp|frame #/);
  });
});

describe('messages name the argument', () => {
  test.each<[string, () => unknown, string]>([
    [
      'wrong type',
      () => torch.add(a, 'x' as never),
      "add(): argument 'other' (position 2) must be Tensor, not str",
    ],
    [
      'wrong type, by name',
      () => a.sum({ dim: 0, keepdim: 5 as never }),
      "sum(): argument 'keepdim' must be bool, not int",
    ],
    [
      'wrong type, one overload',
      () => torch.relu('x' as never),
      "relu(): argument 'input' (position 1) must be Tensor, not str",
    ],
    [
      'wrong element',
      () => torch.cat([a, 5 as never]),
      'expected Tensor as element 1 in argument 0, but got int',
    ],
    ['too few', () => (torch.relu as () => unknown)(), 'relu() missing 1 required positional arguments: "input"'],
    [
      'too many',
      () => (torch.relu as (...args: unknown[]) => unknown)(a, a),
      'relu() takes 1 positional argument but 2 were given',
    ],
    [
      'an unknown name',
      () => torch.relu(a, { inplace: true } as never),
      "relu() got an unexpected keyword argument 'inplace'; valid ones are: input",
    ],
    ['given twice', () => torch.relu(a, { input: a } as never), "relu() got multiple values for argument 'input'"],
    ['null', () => torch.relu(null as never), "relu(): argument 'input' (position 1) must be Tensor, not NoneType"],
    ['undefined', () => torch.relu(undefined as never), 'relu() missing 1 required positional arguments: "input"'],
    [
      'an object in the middle',
      () => (torch.relu as (...args: unknown[]) => unknown)({ out: a }, {}),
      'relu(): argument 1 must not be an object',
    ],
    [
      'a disposed tensor',
      () => {
        const gone = torch.ones(1);
        gone.dispose();
        return torch.mm(a, gone);
      },
      "argument 'mat2' is a tensor that was disposed of",
    ],
    [
      'a device that is not there',
      () => torch.zeros(2, { device: 'xpu' }),
      "argument 'device': there is no device 'xpu' (Torch not compiled with XPU enabled)",
    ],
    ['an unknown device', () => torch.zeros(2, { device: 'gpu' }), 'Expected one of cpu, cuda'],
    ['a device with a strange index', () => new torch.device('cuda:99999'), "Invalid device string: 'cuda:99999'"],
    ['a device with half an index', () => new torch.device('cuda', 1.5), "device(): argument 'index' must be int"],
    [
      'a dtype by its name',
      () => torch.zeros(2, { dtype: 'float32' as never }),
      "zeros(): argument 'dtype' must be torch.dtype, not str",
    ],
    [
      'a getter that throws',
      () =>
        torch.relu(
          new Proxy([], {
            get() {
              throw new Error('mine');
            },
          }) as never,
        ),
      "relu(): argument 'input' (position 1) must be Tensor, not object",
    ],
    [
      'a keyword that throws',
      () =>
        torch.relu({
          get input(): never {
            throw new Error('mine');
          },
        }),
      "relu(): argument 'input' cannot be read",
    ],
    ['a bigint beyond 64 bits', () => a.sum((2n ** 70n) as never), "argument 'dim' does not fit in 64 bits"],
    [
      'an array that contains itself',
      () => {
        const cycle: unknown[] = [];
        cycle.push(cycle);
        return torch.cat(cycle as never);
      },
      'expected Tensor as element 0 in argument 0, but got list',
    ],
  ])('%s', (_, action, message) => {
    const error = thrown_by(action);
    expect(is_typed_error(error), String(error)).toBe(true);
    expect((error as Error).message).toContain(message);
  });
});

describe('no arithmetic with operators', () => {
  test('they throw and say what to write', () => {
    const b = a as unknown as number;
    for (const wrong of [() => b + 1, () => b * b, () => -b, () => b < 2, () => b > b, () => +b]) {
      expect(wrong).toThrow(torch.TypeError);
      expect(wrong).toThrow("JavaScript's operators do not work on tensors: write a.add(b)");
    }
  });
});

describe('junk', () => {
  const cycle: unknown[] = [1];
  cycle[0] = cycle;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = {
    get: () => {
      throw new Error('mine');
    },
  };
  const JUNK: Record<string, unknown> = {
    symbol: Symbol('x'),
    function: () => 1,
    class: class Mine {},
    date: new Date(),
    map: new Map(),
    promise: Promise.resolve(),
    string: 'abc',
    'empty string': '',
    'large bigint': 2n ** 100n,
    proxy: new Proxy({}, throwing),
    'array proxy': new Proxy([], throwing),
    'revoked proxy': revoked.proxy,
    'throwing getter': Object.create({
      get real() {
        throw new Error('mine');
      },
    }),
    cycle,
    'array of symbols': [Symbol('x')],
    'array of functions': [() => 1],
    'array of arrays': [[['a']]],
    'array of holes': new Array(3),
    'array of billions of holes': new Array(2 ** 32 - 1),
    'foreign handle': { _h: {} },
    'tensor class': torch.Tensor,
    namespace: torch,
  };

  const loose = torch as unknown as Record<string, (...args: unknown[]) => unknown>;
  const x = a as unknown as Record<string, (...args: unknown[]) => unknown>;
  const CALLS: Record<string, (junk: unknown) => unknown> = {
    'torch.add(a, _)': (junk) => loose['add']!(a, junk, 1),
    'torch.add(_, a)': (junk) => loose['add']!(junk, a),
    'torch.cat(_)': (junk) => loose['cat']!(junk, 0),
    'torch.cat([a, _])': (junk) => loose['cat']!([a, junk]),
    'torch.conv2d(a, a, _)': (junk) => loose['conv2d']!(a, a, junk, 1),
    'torch.zeros(_)': (junk) => loose['zeros']!(junk, 2),
    'torch.zeros([2, _])': (junk) => loose['zeros']!([2, junk]),
    'torch.zeros(2, { dtype: _ })': (junk) => loose['zeros']!(2, { dtype: junk }),
    'torch.zeros(2, { device: _ })': (junk) => loose['zeros']!(2, { device: junk }),
    'torch.zeros(2, { layout: _ })': (junk) => loose['zeros']!(2, { layout: junk }),
    'torch.zeros(2, { requires_grad: _ })': (junk) => loose['zeros']!(2, { requires_grad: junk }),
    'torch.rand(2, { generator: _ })': (junk) => loose['rand']!(2, { generator: junk }),
    'torch.add(a, a, { out: _ })': (junk) => loose['add']!(a, a, { out: junk }),
    'torch.add(a, a, { alpha: _ })': (junk) => loose['add']!(a, a, { alpha: junk }),
    'torch.sum(a, { dim: _ })': (junk) => loose['sum']!(a, { dim: junk }),
    'torch.einsum(_, [a])': (junk) => loose['einsum']!(junk, [a]),
    'torch.full([2], _)': (junk) => loose['full']!([2], junk, {}),
    'torch.tensor(_)': (junk) => loose['tensor']!(junk, {}),
    'torch.tensor([1, _])': (junk) => loose['tensor']!([1, junk]),
    'torch.tensor(1, { dtype: _ })': (junk) => loose['tensor']!(1, { dtype: junk }),
    'torch.tensor(1, { device: _ })': (junk) => loose['tensor']!(1, { device: junk }),
    'torch.from_numpy(_)': (junk) => loose['from_numpy']!(junk),
    'torch.frombuffer(_)': (junk) => loose['frombuffer']!(junk, { dtype: torch.int8 }),
    'torch.manual_seed(_)': (junk) => loose['manual_seed']!(junk),
    'torch.no_grad(_)': (junk) => (typeof junk === 'function' ? loose['no_grad']!({}) : loose['no_grad']!(junk)),
    'torch.set_default_dtype(_)': (junk) => loose['set_default_dtype']!(junk),
    'torch.autograd.grad(_, a)': (junk) => torch.autograd.grad(junk as never, a),
    'torch.autograd.backward(_)': (junk) => torch.autograd.backward(junk as never, null),
    'new torch.device(_)': (junk) => new torch.device(junk as never),
    'new torch.Generator(_)': (junk) => new torch.Generator(junk as never),
    'a.to(_)': (junk) => x['to']!(junk),
    'a.view(_)': (junk) => x['view']!(junk, 2),
    'a.size(_)': (junk) => x['size']!(junk),
    'a.backward(_)': (junk) => x['backward']!(junk),
    'a.grad = _': (junk) => (a.grad = junk as never),
    'a.requires_grad = _': (junk) => (a.requires_grad = junk as never),
    'a.index([_])': (junk) => x['index']!([junk]),
    'a.is_contiguous({ memory_format: _ })': (junk) => x['is_contiguous']!({ memory_format: junk }),
  };

  test.each(Object.keys(CALLS))('%s', (name) => {
    for (const [kind, junk] of Object.entries(JUNK)) {
      const error = thrown_by(() => CALLS[name]!(junk));
      expect(
        is_typed_error(error),
        `${kind}: ${error === undefined ? 'nothing was thrown' : String((error as Error).stack)}`,
      ).toBe(true);
    }
  });
});

test('what LibTorch does not check', () => {
  const { status, signal, report } = run_script('unchecked');
  expect([status, signal]).toEqual([0, null]);
  expect(report).toEqual({
    'eigvals of infinities': 'RuntimeError: torch.linalg.eigvals: input tensor should not contain infs or NaNs.',
    'eigvals of NaN': 'RuntimeError: torch.linalg.eigvals: input tensor should not contain infs or NaNs.',
    'range of integers in small steps':
      'RuntimeError: range(): expected step not to be zero in the dtype of the result',
    'range into integers': 'RuntimeError: range(): expected step not to be zero in the dtype of the result',
    'repeats beyond an int64': 'RuntimeError: repeat_interleave(): expected the sum of repeats to be less than 2^62',
    'negative repeats': 'RuntimeError: repeats can not be negative',
    'no dimension to quantize by':
      'RuntimeError: fused_moving_avg_obs_fake_quant(): expected ch_axis to be a dimension of self, counted from the front',
    'too few minima': 'RuntimeError: _fused_moving_avg_obs_fq_helper(): expected running_min to have 3 elements',
    'a list of layouts': 'RuntimeError: _foreach_copy(): expected self and src to hold tensors of the same layouts',
    'chunks of no dimensions': 'RuntimeError: _chunk_cat(): expected dim to be a dimension of all tensors',
    'nothing to a quantized result': 'RuntimeError: torch.cat(): expected a non-empty list of Tensors',
    'slopes elsewhere': 'RuntimeError: rrelu_with_noise(): expected out to have the shape [2, 3], but it has [0, 3]',
    'softmax of nothing': 'RuntimeError: _masked_softmax(): expected self to have elements',
    'no sizes to compress':
      'RuntimeError: _sparse_compressed_tensor_with_dims(): expected nnz and dense_dim not to be negative',
    'distances of nothing': 'RuntimeError: _pdist_backward(): expected self to have elements',
  });
});

// Everything there is, with random arguments, in a process that may crash. What asks for more memory than this gets an
// error of LibTorch's instead of filling the machine's.
const MEMORY = 5_000_000;

interface FuzzReport {
  calls: number;
  returned: number;
  untyped: object;
  sum: number;
}

function check_fuzz(finished: Finished): FuzzReport {
  const { status, signal, stderr } = finished;
  expect([status, signal], `the last call was ${stderr.trim().split('\n').at(-1)}`).toEqual([0, null]);
  // Read only now: a process that crashed has written none.
  const report = finished.report as FuzzReport;
  expect(report).toMatchObject({ untyped: {}, sum: 6 });
  const { calls, returned } = report;
  expect(returned).toBeGreaterThan(calls / 20);
  return report;
}

test.each(HANDLE_MODES.map((handles, i) => [handles, i + 1] as const))('random calls, %s', (handles, seed) => {
  const { calls } = check_fuzz(run_script('fuzz', { handles, args: [seed, 12], address_space: MEMORY }));
  expect(calls).toBeGreaterThan(20_000);
});

test('random calls of all overloads of operators', () => {
  const { calls, returned } = check_fuzz(run_script('fuzz_operators', { args: [1, 8], address_space: MEMORY }));
  expect(calls).toBeGreaterThan(24_000);
  expect(returned).toBeGreaterThan(calls / 5);
});
