/**
 * PyTorch's own data base of optimizers: ten steps in each of its settings, with each flag, to the last bit, and all
 * the errors that it expects (scripts/fixtures/optim_db.py).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import torch, { optim, type Tensor } from 'tstorch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dtype_named, error_of } from '../expected.ts';
import { AS_RECORDED, NEARLY } from '../processor.ts';

interface Bytes {
  dtype: string;
  shape: number[];
  bytes: string;
}

type Written = null | number | string | boolean | Bytes | Written[];

interface Case {
  name: string;
  options: Record<string, Written>;
  dtype: string;
  sparse?: true;
  partial?: true;
  error?: [name: string, message: string];
  params: Bytes[];
  state: Record<string, Record<string, Written>>;
  repr: string;
}

type Described =
  | { tensor: number }
  | { pair: Described[] }
  | { group: Record<string, Described> }
  | Described[]
  | string
  | number;

interface ErrorCase {
  name: string;
  desc: string;
  params: Described;
  tensors: { dtype: string; shape: number[]; grad: boolean; sparse: boolean }[];
  options: Record<string, Written>;
  step?: true;
  warning?: string;
  error?: [name: string, message: string];
}

const fixtures = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/optim_db.json.gz', import.meta.url))).toString(),
) as {
  shapes: number[][];
  matrices: number[][];
  steps: number;
  cases: Case[];
  resumed: { name: string; sparse: boolean; file: string; before: Bytes[]; after: Bytes[] }[];
  errors: ErrorCase[];
};

type Constructor = new (params: unknown, options: Record<string, unknown>) => optim.Optimizer;
const constructor_of = (name: string): Constructor => (optim as unknown as Record<string, Constructor>)[name]!;

function is_bytes(value: Written): value is Bytes {
  return typeof value === 'object' && value !== null && 'bytes' in value;
}

/** The tensor with these bytes. */
function tensor_of({ dtype, shape, bytes }: Bytes): Tensor {
  return torch.tensor(new Uint8Array(Buffer.from(bytes, 'base64'))).view(dtype_named(dtype)).reshape(shape);
}

function read(value: Written): unknown {
  if (Array.isArray(value)) return value.map(read);
  return is_bytes(value) ? tensor_of(value) : value;
}

const options_of = (options: Record<string, Written>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, read(value)]));

/** The same numbers as in the script. */
function numbers(shape: readonly number[], seed: number, dtype: typeof torch.float32): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from(
    { length: count * (dtype.is_complex ? 2 : 1) },
    (_, i) => ((((seed * 37 + i * 53 + 11) * 29) % 127) - 63) / 64,
  );
  if (!dtype.is_complex) return torch.tensor(values, { dtype }).reshape(shape);
  return torch.view_as_complex(torch.tensor(values, { dtype: torch.float32 }).reshape([...shape, 2]));
}

function gradient(shape: readonly number[], step: number, i: number, dtype: typeof torch.float32, sparse: boolean) {
  const grad = numbers(shape, 100 + step * 10 + i, dtype);
  if (!sparse) return grad;
  grad.select(0, step % shape[0]!).zero_();
  return grad.to_sparse(1);
}

function expect_same(actual: unknown, expected: Written, what: string): void {
  if (Array.isArray(expected)) {
    expect((actual as unknown[]).length, what).toBe(expected.length);
    expected.forEach((item, i) => expect_same((actual as unknown[])[i], item, `${what}[${i}]`));
    return;
  }
  if (!is_bytes(expected)) return expect(actual, what).toEqual(expected);
  expect(torch.is_tensor(actual), `${what} is a tensor`).toBe(true);
  const tensor = (actual as Tensor).detach();
  const dense = (tensor.is_sparse ? tensor.to_dense() : tensor).contiguous();
  expect([String(dense.dtype), ...dense.shape], what).toEqual([`torch.${expected.dtype}`, ...expected.shape]);
  const bytes = dense.reshape([-1]).view(torch.uint8).tolist() as number[];
  if (Buffer.from(bytes).toString('base64') === expected.bytes) return;
  if (!AS_RECORDED) return torch.testing.assert_close(dense, tensor_of(expected), { ...NEARLY, msg: what });
  expect.fail(`${what}: ${String(dense)}, in Python ${String(tensor_of(expected))}`);
}

function run({ name, options, dtype: dtype_name, sparse, partial }: Case): [optim.Optimizer, Tensor[]] {
  const dtype = dtype_named(dtype_name);
  const dense_shapes = name === 'Muon' ? fixtures.matrices : fixtures.shapes;
  const shapes = sparse && name !== 'Muon' ? [[4, 3], [6, 2]] : dense_shapes;
  const params = shapes.map((shape, i) => numbers(shape, i, dtype).requires_grad_());
  const optimizer = new (constructor_of(name))(params, options_of(options));
  const closure = (): Tensor => {
    optimizer.zero_grad();
    const total = (terms: Tensor[]): Tensor => terms.reduce((sum, term) => sum.add(term), torch.tensor(0));
    const first = params.map((p, i) => p.sub(p.detach().new_ones([]).mul(0.25)).abs().pow(2).mul(i + 1).sum());
    const loss = total(first).add(total(params.map((p) => p.abs().pow(4).sum())));
    loss.backward();
    return loss;
  };
  for (let step = 0; step < (name === 'LBFGS' ? 2 : fixtures.steps); step++) {
    if (name === 'LBFGS') {
      optimizer.step(closure);
      continue;
    }
    params.forEach((param, i) => {
      param.grad = partial && (step + i) % 3 === 0 ? null : gradient(param.shape, step, i, dtype, sparse === true);
    });
    optimizer.step();
    if (options['differentiable'] !== true) continue;
    for (const param of params) param.detach_();
    for (const state of optimizer.state.values()) {
      for (const [key, value] of Object.entries(state)) if (torch.is_tensor(value)) state[key] = value.detach();
    }
  }
  return [optimizer, params];
}

beforeAll(() => torch.set_num_threads(1));

describe('ten steps', () => {
  const titled = fixtures.cases.map((expected) => {
    const { name, dtype, options, sparse, partial } = expected;
    const rest = [sparse && 'sparse gradients', partial && 'some gradients'].filter(Boolean).join(', ');
    const shown = Object.entries(options).map(([key, value]) => `${key}=${String(read(value))}`);
    return [`${name} ${dtype} ${shown.join(' ')} ${rest}`, expected] as const;
  });

  test.each(titled)('%s', (_, expected) => {
    if (expected.error !== undefined) return expect(error_of(() => run(expected))).toEqual(expected.error);
    const [optimizer, params] = run(expected);
    params.forEach((param, i) => expect_same(param, expected.params[i]!, `parameter ${i}`));
    const { state } = optimizer.state_dict();
    expect([...state.keys()].map(String).sort()).toEqual(Object.keys(expected.state).sort());
    for (const [key, wanted] of Object.entries(expected.state)) {
      const actual = state.get(Number(key))!;
      expect(Object.keys(actual)).toEqual(Object.keys(wanted));
      for (const [name, value] of Object.entries(wanted)) expect_same(actual[name], value, `${name} of ${key}`);
    }
    expect(String(optimizer)).toBe(expected.repr);
  });
});

describe('what a file of Python’s holds goes on here, by way of a file of ours', () => {
  test.each(fixtures.resumed)('$name', ({ name, sparse, file, before, after }) => {
    const params = before.map((param) => tensor_of(param).requires_grad_());
    const make = (): optim.Optimizer =>
      new (constructor_of(name))(params.map((param, i) => [`p${i}`, param]), { lr: 0.0625 });
    const saved = torch.load(Buffer.from(file, 'base64')) as optim.OptimizerStateDict;
    const first = make();
    first.load_state_dict(saved);
    const optimizer = make();
    optimizer.load_state_dict(torch.load(torch.save(first.state_dict())) as optim.OptimizerStateDict);
    for (let step = 3; step < 6; step++) {
      params.forEach((param, i) => {
        param.grad = gradient(param.shape, step, i, torch.float32, sparse);
      });
      optimizer.step();
    }
    params.forEach((param, i) => expect_same(param, after[i]!, `parameter ${i}`));
    expect(optimizer.param_groups[0]!.param_names).toEqual(params.map((_, i) => `p${i}`));
  });
});

describe('errors', () => {
  /** What has been warned of so far: each text is printed only once. */
  const warnings: unknown[] = [];
  beforeAll(() => {
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(text));
  });
  afterAll(() => void vi.restoreAllMocks());

  const titled = fixtures.errors.map((expected) => [`${expected.name} ${expected.desc}`, expected] as const);

  test.each(titled)('%s', (_, { name, params, tensors, options, step, warning, error }) => {
    const made = tensors.map(({ dtype, shape, grad, sparse }) => {
      const dense = torch.zeros(shape, { dtype: dtype_named(dtype) });
      const tensor = sparse ? dense.to_sparse() : dense;
      if (grad) tensor.grad = torch.zeros_like(tensor);
      return grad ? tensor : tensor.requires_grad_();
    });
    const build = (value: Described): unknown => {
      if (Array.isArray(value)) return value.map(build);
      if (typeof value !== 'object') return value;
      if ('tensor' in value) return made[value.tensor];
      if ('pair' in value) return value.pair.map(build);
      return Object.fromEntries(Object.entries(value.group).map(([key, item]) => [key, build(item)]));
    };
    const act = (): void => {
      const optimizer = new (constructor_of(name))(build(params), options_of(options));
      if (step) optimizer.step();
    };
    if (error !== undefined) return expect(error_of(act)).toEqual(error);
    act();
    expect(warnings).toContain(warning);
  });
});
