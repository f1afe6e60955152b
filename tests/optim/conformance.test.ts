/**
 * Ten steps where options differ by group or change on the way, and errors that optim_db.test.ts does not have: parameters
 * and states to PyTorch's last digit (scripts/fixtures/optim.py).
 */
import { readFileSync } from 'node:fs';
import torch, { optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import { AS_RECORDED, NEARLY } from '../processor.ts';

type Options = Record<string, unknown>;

interface Fixtures {
  seed: number;
  steps: number;
  shapes: number[][];
  cases: {
    name: string;
    dtype: 'float32' | 'float64' | 'float16';
    groups: Options[] | null;
    partial: boolean;
    change: Options | null;
    options: Options;
    first: number[][];
    last: number[][];
    state: Record<string, Record<string, number[]>>;
    repr: string;
  }[];
  errors: { name: string; options: Options; error: string; message: string }[];
}

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/optim.json', import.meta.url), 'utf8')) as Fixtures;

type Constructor = new (params: unknown, options: Options) => optim.Optimizer;
const constructor_of = (name: string): Constructor => (optim as unknown as Record<string, Constructor>)[name]!;

/** `{ tensor: value }` is a tensor. */
function option(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(option);
  const { tensor } = (value ?? {}) as { tensor?: number };
  return tensor === undefined ? value : torch.tensor(tensor);
}

const options_of = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, option(value)]));

/** Checks a tensor's elements, all digits of them (where AS_RECORDED): nine are enough to tell one float32 from all others. */
function expect_values(tensor: Tensor, expected: readonly number[], what: string): void {
  const wanted = tensor.dtype === torch.float32 ? expected.map(Math.fround) : expected;
  const actual = tensor.detach().flatten().tolist() as number[];
  if (AS_RECORDED) return expect(actual, what).toEqual(wanted);
  const expected_tensor = torch.tensor(wanted, { dtype: torch.float64 });
  torch.testing.assert_close(torch.tensor(actual, { dtype: torch.float64 }), expected_tensor, { ...NEARLY, msg: what });
}

beforeAll(() => torch.set_num_threads(1));

describe('ten steps', () => {
  const titled = fixtures.cases.map((expected) => {
    const { name, dtype, groups, partial, change, options } = expected;
    const rest = { ...(groups && { groups }), ...(partial && { partial }), ...(change && { change }) };
    return [`${name} ${dtype} ${JSON.stringify(options)} ${JSON.stringify(rest)}`, expected] as const;
  });

  test.each(titled)('%s', (_, expected) => {
    torch.manual_seed(fixtures.seed);
    const dtype = torch[expected.dtype];
    const params = fixtures.shapes.map((shape) => torch.randn(shape, { dtype }).requires_grad_());
    let given: unknown = params;
    if (expected.groups !== null) {
      const split = params.length - expected.groups.length;
      const others = expected.groups.map((group, i) => ({ params: [params[split + i]!], ...options_of(group) }));
      given = [{ params: params.slice(0, split) }, ...others];
    }
    const optimizer = new (constructor_of(expected.name))(given, options_of(expected.options));
    for (let step = 0; step < fixtures.steps; step++) {
      if (step === 5 && expected.change !== null) Object.assign(optimizer.param_groups[0]!, expected.change);
      params.forEach((param, i) => {
        const grad = torch.randn(param.shape, { dtype });
        param.grad = expected.partial && (step + i) % 3 === 0 ? null : grad;
      });
      expect(optimizer.step()).toBeNull();
      if (step > 0) continue;
      params.forEach((param, i) => expect_values(param, expected.first[i]!, `parameter ${i}, first step`));
    }
    params.forEach((param, i) => expect_values(param, expected.last[i]!, `parameter ${i}, last step`));
    const { state } = optimizer.state_dict();
    expect([...state.keys()].sort().map(String)).toEqual(Object.keys(expected.state));
    for (const [key, param_state] of state) {
      const tensors = Object.entries(param_state).filter(([, value]) => value instanceof torch.Tensor);
      const wanted = expected.state[key]!;
      expect(tensors.map(([name]) => name)).toEqual(Object.keys(wanted));
      for (const [name, value] of tensors) expect_values(value as Tensor, wanted[name]!, `${name} of parameter ${key}`);
    }
    expect(String(optimizer)).toBe(expected.repr);
  });
});

describe('errors', () => {
  const titled = fixtures.errors.map(
    (expected) => [`${expected.name} ${JSON.stringify(expected.options)}`, expected] as const,
  );

  test.each(titled)(
    '%s',
    (_, { name, options, error, message }) => {
      let caught: unknown;
      try {
        new (constructor_of(name))([torch.ones(2, { requires_grad: true })], options_of(options));
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBeInstanceOf(Error);
      expect([(caught as Error).name, (caught as Error).message]).toEqual([error, message]);
    },
  );
});
