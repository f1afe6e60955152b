/**
 * Distributions of vectors and matrices, and those made of others, beside Python's
 * (scripts/fixtures/distributions_multivariate.py).
 */
import torch from 'tstorch';
import { describe, test } from 'vitest';
import { evaluate, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';
import { check, grad, leaves_of, parameter, type Parameter, type Result, t } from './calls.ts';

interface Case {
  make: string;
  parameters: Parameter[];
  x: ExpectedTensor;
  results: (Result | null)[];
}

const fixture = read_fixture<{ calls: string[]; distributions: Case[]; cases: [string, Result | null][] }>(
  'distributions_multivariate',
);
const { Categorical, Normal } = torch.distributions;

function scope_of({ make, parameters, x }: Case): Record<string, unknown> {
  const given = parameters.map(parameter);
  const build = evaluate(make, {}) as (...args: unknown[]) => InstanceType<typeof Normal>;
  const d = build(...given);
  return {
    d,
    fresh: () => build(...given),
    x: tensor_of(x),
    wide: [2, ...d.batch_shape],
    leaves: leaves_of(given),
    grad,
    str: String,
  };
}

describe.each(fixture.distributions.map((one, i) => [`${i}: ${one.make}`, one] as const))('%s', (_, one) => {
  const scope = scope_of(one);
  const calls = fixture.calls.map((call, i) => [call, one.results[i]!] as const);
  test.each(calls.filter(([, expected]) => expected !== null))('%s', (call, expected) => check(call, scope, expected));
});

describe('calls', () => {
  const weights = new Categorical(torch.ones(3));
  const normals = new Normal(torch.zeros(3), torch.ones(3));
  const calls = fixture.cases.filter((one): one is [string, Result] => one[1] !== null);
  test.each(calls)('%s', (call, expected) => check(call, { t, str: String, weights, normals }, expected));
});
