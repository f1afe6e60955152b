/** torch.distributions beside Python's (scripts/fixtures/distributions.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of, evaluate, type Expected, expect_result, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';

/** What Python gives, or the error that it throws; null where it has a mistake. */
type Result = Expected | { error: [name: string, message: string] } | null;

interface Made {
  make: string;
  x: ExpectedTensor;
  results: Result[];
}

interface Distribution extends Made {
  parameters: (ExpectedTensor | { number: number })[];
}

const fixture = read_fixture<{
  calls: string[];
  distributions: Distribution[];
  transform_calls: string[];
  transforms: Made[];
  constraint_calls: string[];
  constraints: Made[];
  cases: [call: string, result: Result][];
}>('distributions');

const SCOPE = {
  str: String,
  f: (...values: number[]) => torch.tensor(values.length === 1 ? values[0]! : values, { dtype: torch.float32 }),
  grad: (value: Tensor, leaves: Tensor[]) =>
    torch.autograd.grad(value, leaves, { allow_unused: true, retain_graph: true }),
};

function check(call: string, scope: Readonly<Record<string, unknown>>, expected: Result): void {
  if (expected === null) return;
  torch.manual_seed(0);
  const evaluated = (): unknown => evaluate(call, { ...SCOPE, ...scope });
  if (!('error' in expected)) return expect_result(evaluated(), expected);
  const [name, message] = expected.error;
  // A class is called by its name here.
  expect(error_of(evaluated)).toEqual([name, message.replace('.__init__()', '()')]);
}

/** A tensor of floats has gradients. */
function leaf(described: ExpectedTensor): Tensor {
  const value = tensor_of(described);
  return value.requires_grad_(value.is_floating_point());
}

function replay<T extends Made>(
  kind: string,
  calls: readonly string[],
  made: readonly T[],
  scope_of: (one: T) => Record<string, unknown>,
): void {
  describe.each(made.map((one, i) => [`${kind} ${i}: ${one.make}`, one] as const))('%s', (_, one) => {
    const scope = scope_of(one);
    test.each(calls.map((call, i) => [call, one.results[i]!] as const))('%s', (call, result) => {
      check(call, scope, result);
    });
  });
}

replay('distribution', fixture.calls, fixture.distributions, ({ make, parameters, x }) => {
  const given = parameters.map((one) => ('number' in one ? one.number : leaf(one)));
  return {
    d: (evaluate(make, {}) as (...args: unknown[]) => unknown)(...given),
    x: tensor_of(x),
    p: torch.tensor([0.125, 0.5, 0.875]),
    bad: torch.tensor([NaN, -1, 0.5]),
    leaves: given.filter((one) => torch.is_tensor(one) && one.requires_grad),
  };
});

replay('transform', fixture.transform_calls, fixture.transforms, ({ make, x }) => {
  const value = leaf(x);
  return { T: evaluate(make, SCOPE), x: value, leaves: [value] };
});

replay('constraint', fixture.constraint_calls, fixture.constraints, ({ make, x }) => {
  const value = tensor_of(x);
  return { c: evaluate(make, SCOPE), x: value, u: value.nan_to_num(-0.5).sub(0.25) };
});

describe('calls', () => {
  test.each(fixture.cases)('%s', (call, result) => check(call, {}, result));
});
