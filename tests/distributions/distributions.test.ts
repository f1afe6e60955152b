/** torch.distributions beside Python's (scripts/fixtures/distributions.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, test } from 'vitest';
import { evaluate, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';
import { check, leaves_of, parameter, type Parameter, type Result } from './calls.ts';

interface Made {
  make: string;
  x: ExpectedTensor;
  /** null where Python has a mistake. */
  results: (Result | null)[];
}

interface Distribution extends Made {
  parameters: Parameter[];
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
  // The same distribution is asked again.
  grad: (value: Tensor, leaves: Tensor[]) =>
    torch.autograd.grad(value, leaves, { allow_unused: true, retain_graph: true }),
};

function replay<T extends Made>(
  kind: string,
  calls: readonly string[],
  made: readonly T[],
  scope_of: (one: T) => Record<string, unknown>,
): void {
  describe.each(made.map((one, i) => [`${kind} ${i}: ${one.make}`, one] as const))('%s', (_, one) => {
    const scope = scope_of(one);
    const expected = calls.map((call, i) => [call, one.results[i]!] as const).filter(([, result]) => result !== null);
    test.each(expected)('%s', (call, result) => check(call, { ...SCOPE, ...scope }, result));
  });
}

replay('distribution', fixture.calls, fixture.distributions, ({ make, parameters, x }) => {
  const given = parameters.map(parameter);
  return {
    d: (evaluate(make, {}) as (...args: unknown[]) => unknown)(...given),
    x: tensor_of(x),
    p: torch.tensor([0.125, 0.5, 0.875]),
    bad: torch.tensor([NaN, -1, 0.5]),
    leaves: leaves_of(given),
  };
});

replay('transform', fixture.transform_calls, fixture.transforms, ({ make, x }) => {
  const value = parameter(x);
  return { T: evaluate(make, SCOPE), x: value, leaves: [value] };
});

replay('constraint', fixture.constraint_calls, fixture.constraints, ({ make, x }) => {
  const value = tensor_of(x);
  return { c: evaluate(make, SCOPE), x: value, u: value.nan_to_num(-0.5).sub(0.25) };
});

describe('calls', () => {
  test.each(fixture.cases)('%s', (call, result) => check(call, SCOPE, result));
});
