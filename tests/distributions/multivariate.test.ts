/**
 * Distributions of vectors and matrices, and those made of others, beside Python's
 * (scripts/fixtures/distributions_multivariate.py).
 */
import torch from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of, evaluate, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';
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

// Python fails on these later, in the words of whatever it tried to do with them.
describe('what is no tensor, no distribution or no number', () => {
  const wrong: [call: string, message: string][] = [
    ['new D.MultivariateNormal([0, 0], eye)', "MultivariateNormal(): argument 'loc' must be Tensor, not list"],
    [
      'new D.MultivariateNormal(eye[0], { scale_tril: 1 })',
      "MultivariateNormal(): argument 'scale_tril' must be Tensor, not int",
    ],
    [
      'new D.LowRankMultivariateNormal(eye[0], eye, 1)',
      "LowRankMultivariateNormal(): argument 'cov_diag' must be Tensor, not int",
    ],
    ["new D.Wishart('3', eye)", "Wishart(): argument 'df' must be a Tensor or a number, not str"],
    ["new D.Wishart(3, 'eye')", "Wishart(): argument 'covariance_matrix' must be Tensor, not str"],
    [
      'new D.Wishart(3, eye).sample([], 0.5)',
      "rsample(): argument 'max_try_correction' must be a whole number, not float",
    ],
    ['new D.Independent(3, 1)', "Independent(): argument 'base_distribution' must be a Distribution, not int"],
    [
      'new D.Independent(normals, 0.5)',
      "Independent(): argument 'reinterpreted_batch_ndims' must be a whole number, not float",
    ],
    [
      'new D.TransformedDistribution(eye, [])',
      "TransformedDistribution(): argument 'base_distribution' must be a Distribution, not Tensor",
    ],
    ['new D.TransformedDistribution(normals, []).cdf(0)', "cdf(): argument 'value' must be Tensor, not int"],
    ['new D.TransformedDistribution(normals, []).icdf(0)', "icdf(): argument 'value' must be Tensor, not int"],
    ['new D.MixtureSameFamily(weights, normals).cdf(0)', "cdf(): argument 'x' must be Tensor, not int"],
  ];
  const normals = new Normal(torch.zeros(3), 1);
  const scope = { D: torch.distributions, eye: torch.eye(2), normals, weights: new Categorical(torch.ones(3)) };
  test.each(wrong)('%s', (call, message) => {
    expect(error_of(() => evaluate(call, scope))).toEqual(['TypeError', message]);
  });

  test('a matrix has a whole number of rows', () => {
    expect(error_of(() => new torch.distributions.LKJCholesky(2.5))).toEqual([
      'ValueError',
      'Expected dim to be an integer greater than or equal to 2. Found dim=2.5.',
    ]);
  });
});
