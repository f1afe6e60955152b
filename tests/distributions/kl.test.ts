/** Kullback-Leibler divergences beside Python's (scripts/fixtures/distributions_kl.py), and registered ones. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { error_of, evaluate, type Expected, expect_result, read_fixture } from '../expected.ts';
import { check, grad, leaves_of, parameter, type Parameter, type Result, t } from './calls.ts';

const { kl_divergence, register_kl, Distribution, ExponentialFamily, MultivariateNormal, Normal } = torch.distributions;
type LowRank = InstanceType<typeof torch.distributions.LowRankMultivariateNormal>;
type Distribution = InstanceType<typeof Distribution>;

interface Made {
  make: string;
  parameters: Parameter[];
}
type Pair = [p: string, q: string, i: number, j: number, value: Result, gradients: Expected | null];

const fixture = read_fixture<{ families: [string, Made[]][]; pairs: Pair[]; cases: [string, Result][] }>(
  'distributions_kl',
);
const families = new Map(fixture.families);

function make(name: string, index: number): { leaves: Tensor[]; distribution: Distribution } {
  const { make: source, parameters } = families.get(name)![index]!;
  const given = parameters.map(parameter);
  const distribution = (evaluate(source, {}) as (...args: unknown[]) => Distribution)(...given);
  return { leaves: leaves_of(given), distribution };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('every pair', () => {
  const cases = fixture.pairs.map((one) => [`${one[0]} ${one[2]}, ${one[1]} ${one[3]}`, one] as const);
  test.each(cases)('%s', (_, [name_p, name_q, i, j, value, gradients]) => {
    const [p, q] = [make(name_p, i), make(name_q, j)];
    check('kl(p, q)', { kl: kl_divergence, p: p.distribution, q: q.distribution }, value);
    if (gradients === null) return;
    const divergence = kl_divergence(p.distribution, q.distribution);
    expect_result(grad(divergence.sum(), [...p.leaves, ...q.leaves]), gradients);
  });

  // Python cannot compute this one.
  test('a batch of covariance matrices of low rank', () => {
    const p = make('LowRankMultivariateNormal', 2).distribution as LowRank;
    const q = make('MultivariateNormal', 1).distribution;
    const full = new MultivariateNormal(p.loc, p.covariance_matrix);
    torch.testing.assert_close(kl_divergence(p, q), kl_divergence(full, q));
    expect(kl_divergence(p, q).shape.equals([2, 3])).toBe(true);
  });

  test('that Python has', () => {
    const names = new Set(fixture.pairs.filter(([, , , , value]) => !('error' in value)).map(([p, q]) => `${p} ${q}`));
    expect(names.size).toBeGreaterThanOrEqual(87);
  });
});

describe('calls', () => {
  test.each(fixture.cases)('%s', (call, expected) => check(call, { t }, expected));
});

describe('register_kl', () => {
  class A extends Normal {}
  class A2 extends A {}
  class B extends Normal {}
  class B2 extends B {}
  const [by_p, by_q, by_both] = [1, 2, 3].map((value) => (p: Distribution, q: Distribution) => {
    expect([p, q].every((one) => one instanceof Normal)).toBe(true);
    return torch.tensor(value);
  }) as [Divergence, Divergence, Divergence];
  type Divergence = (p: Distribution, q: Distribution) => Tensor;
  const [a, a2, b, b2] = [new A(0, 1), new A2(0, 1), new B(0, 1), new B2(0, 1)];
  const normal = new Normal(0, 1);

  // Ambiguity is found with all of these registered, one after the other.
  test('the function of the most special class of p, then of q', () => {
    const warnings: [unknown, unknown][] = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((text, category) => void warnings.push([text, category]));
    expect(kl_divergence(a, b).item()).toBe(0);
    expect(register_kl(A, Normal)(by_p)).toBe(by_p);
    expect(register_kl({ type_p: Normal, type_q: B })(by_q)).toBe(by_q);
    expect(kl_divergence(a, normal).item()).toBe(1);
    expect(kl_divergence(a2, a).item()).toBe(1);
    expect(kl_divergence(normal, b).item()).toBe(2);
    expect(kl_divergence(b, b2).item()).toBe(2);
    expect(kl_divergence(b, a).item()).toBe(0);
    expect(kl_divergence(normal, normal).item()).toBe(0);
    expect(warnings).toEqual([]);
    expect(kl_divergence(a2, b2).item()).toBe(1);
    expect(kl_divergence(a2, b2).item()).toBe(1);
    expect(warnings).toEqual([
      ['Ambiguous kl_divergence(A2, B2). Please register_kl(A, B)', 'RuntimeWarning'],
    ]);
    register_kl(A, B)(by_both);
    expect(kl_divergence(a2, b2).item()).toBe(3);
    expect(kl_divergence(a, b).item()).toBe(3);
    expect(warnings.length).toBe(1);
  });

  test('anything but classes of distributions is refused', () => {
    expect(error_of(() => register_kl(Number as never, Normal))).toEqual([
      'TypeError',
      "Expected type_p to be a Distribution subclass but got <class 'Number'>",
    ]);
    expect(error_of(() => register_kl(Normal, 3 as never))[0]).toBe('TypeError');
  });

  test('an exponential family of one’s own needs only a log normalizer', () => {
    class Squared extends ExponentialFamily {
      static readonly arg_constraints = {};
      readonly #parameter: Tensor;
      constructor(parameter: Tensor) {
        super();
        this.#parameter = parameter;
        this.__init__(parameter.shape, [], null);
      }
      override get _natural_params(): Tensor[] {
        return [this.#parameter];
      }
      override _log_normalizer(x: Tensor): Tensor {
        return x.pow(2);
      }
    }
    // q ** 2 - p ** 2 - (q - p) * 2 * p
    const [p, q] = [new Squared(torch.tensor([1.5, 2])), new Squared(torch.tensor([3, 0.5]))];
    const divergence = kl_divergence(p, q);
    expect(divergence.tolist()).toEqual([2.25, 2.25]);
    expect(error_of(() => kl_divergence(new Squared(torch.tensor(0.5)), normal))[0]).toBe('NotImplementedError');
  });
});
