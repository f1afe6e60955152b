/** Calls on distributions that have to give what Python's give (scripts/fixtures/distribution_calls.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { expect } from 'vitest';
import { error_of, evaluate, type Expected, expect_result, type ExpectedTensor, tensor_of } from '../expected.ts';

export type Result = Expected | { error: [name: string, message: string] };
export type Parameter = ExpectedTensor | { number: number };

/** Makes a call after seed 0. */
export function check(call: string, scope: Readonly<Record<string, unknown>>, expected: Result): void {
  torch.manual_seed(0);
  if ('error' in expected) {
    const [name, message] = expected.error;
    // A class is called by its name here.
    expect(error_of(() => evaluate(call, scope))).toEqual([name, message.replace('.__init__()', '()')]);
  } else {
    expect_result(evaluate(call, scope), expected);
  }
}

/** A parameter as Python's script gives it: a tensor of floats has gradients. */
export function parameter(described: Parameter): Tensor | number {
  if ('number' in described) return described.number;
  const value = tensor_of(described);
  return value.requires_grad_(value.is_floating_point());
}

/** The parameters that have gradients. */
export function leaves_of(parameters: readonly unknown[]): Tensor[] {
  return parameters.filter((one): one is Tensor => torch.is_tensor(one) && one.requires_grad);
}

/** The gradients, null for what does not depend on a leaf. */
export function grad(value: Tensor, leaves: readonly Tensor[]): readonly (Tensor | null)[] {
  return torch.autograd.grad(value, leaves, { allow_unused: true });
}

/** A tensor of numbers. */
export function t(...values: unknown[]): Tensor {
  return torch.tensor((values.length === 1 ? values[0] : values) as number[]);
}
