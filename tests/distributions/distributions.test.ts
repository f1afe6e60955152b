/** torch.distributions beside Python's (scripts/fixtures/distributions.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of, evaluate, type Expected, expect_result, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';

type Result = Expected | { error: [name: string, message: string] };

interface Case {
  make: string;
  parameters: (ExpectedTensor | { number: number })[];
  x: ExpectedTensor;
  results: Result[];
}

const fixture = read_fixture<{ calls: string[]; distributions: Case[]; cases: [string, Result][] }>('distributions');

function check(call: string, scope: Readonly<Record<string, unknown>>, expected: Result): void {
  torch.manual_seed(0);
  if ('error' in expected) expect(error_of(() => evaluate(call, scope))).toEqual(expected.error);
  else expect_result(evaluate(call, scope), expected);
}

/** A parameter as Python's script gives it: a tensor of floats has gradients. */
function parameter(described: Case['parameters'][number]): Tensor | number {
  if ('number' in described) return described.number;
  const value = tensor_of(described);
  return value.requires_grad_(value.is_floating_point());
}

function scope_of({ make, parameters, x }: Case): Record<string, unknown> {
  const given = parameters.map(parameter);
  return {
    grad: (value: Tensor, leaves: Tensor[]) => torch.autograd.grad(value, leaves, { allow_unused: true }),
    d: (evaluate(make, {}) as (...args: unknown[]) => unknown)(...given),
    x: tensor_of(x),
    p: torch.tensor([0.125, 0.5, 0.875]),
    bad: torch.tensor([NaN, -1, 0.5]),
    leaves: given.filter((one) => torch.is_tensor(one) && one.requires_grad),
    str: String,
  };
}

describe.each(fixture.distributions.map((one, i) => [`${i}: ${one.make}`, one] as const))('%s', (_, one) => {
  const scope = scope_of(one);
  test.each(fixture.calls.map((call, i) => [call, one.results[i]!] as const))('%s', (call, expected) => {
    check(call, scope, expected);
  });
});

describe('calls', () => {
  const t = (...values: unknown[]): unknown => torch.tensor((values.length === 1 ? values[0] : values) as number[]);
  test.each(fixture.cases)('%s', (call, expected) => check(call, { t, str: String }, expected));
});
