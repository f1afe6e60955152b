/** Distributions in training, and distributions of one's own (expected values: scripts/fixtures/distributions.py). */
import torch, { distributions, optim } from 'tstorch';
import type { Tensor } from 'tstorch';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { error_of, type Expected, expect_result, is_typed_error, read_fixture, thrown_by } from '../expected.ts';

const { constraints, Distribution } = distributions;
const [policy_gradient, variational] = read_fixture<{ trained: [Expected, Expected] }>('distributions').trained;

describe('trains as in Python', () => {
  test('a policy', () => {
    torch.manual_seed(0);
    const logits = torch.zeros(3, { requires_grad: true });
    const optimizer = new optim.SGD([logits], { lr: 0.25 });
    for (let step = 0; step < 20; step++) {
      const policy = new distributions.Categorical({ logits });
      const action = policy.sample([4]);
      const reward = new distributions.Normal(action.float(), 0.5).sample();
      const loss = policy.log_prob(action).mul(reward).mean().neg().sub(policy.entropy().mul(0.01));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    expect_result(logits, policy_gradient);
  });

  test('through samples', () => {
    torch.manual_seed(0);
    const [loc, log_scale] = [torch.zeros(2, { requires_grad: true }), torch.zeros(2, { requires_grad: true })];
    const target = new distributions.Gumbel(torch.tensor([1, -2], { dtype: torch.float32 }), 0.5);
    const optimizer = new optim.Adam([loc, log_scale], { lr: 0.1 });
    for (let step = 0; step < 20; step++) {
      const guess = new distributions.Normal(loc, log_scale.exp());
      const z = guess.rsample([8]);
      const loss = guess.log_prob(z).sub(target.log_prob(z)).sum(-1).mean();
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    expect_result([loc, log_scale], variational);
  });
});

describe('validation', () => {
  afterEach(() => Distribution.set_default_validate_args(true));

  test('is what set_default_validate_args says, unless the distribution says it', () => {
    Distribution.set_default_validate_args(false);
    expect(new distributions.Normal(0, -1).scale.item()).toBe(-1);
    expect(error_of(() => new distributions.Normal(0, -1, { validate_args: true }))[0]).toBe('ValueError');
    Distribution.set_default_validate_args(true);
    expect(error_of(() => new distributions.Normal(0, -1))[0]).toBe('ValueError');
    expect(error_of(() => Distribution.set_default_validate_args(1 as unknown as boolean))[0]).toBe('ValueError');
  });

  test('an expanded distribution checks as the one it came from', () => {
    const bad = torch.tensor(NaN);
    const unchecked = new distributions.Normal(0, 1, { validate_args: false }).expand([2]);
    expect(unchecked.log_prob(bad).isnan().all().item()).toBe(true);
    expect(error_of(() => new distributions.Normal(0, 1).expand([2]).log_prob(bad))[0]).toBe('ValueError');
  });
});

describe('what makes no sense', () => {
  const things = [null, 'x', [0.5], 5n, {}, new Map(), () => 1, Symbol('s'), torch.float32, torch.ones(2, 2)];
  const { Categorical, Chi2, Dirichlet, ExpTransform, Normal } = distributions;
  const normal = new Normal(0, 1, { validate_args: false });

  test.each([
    ['parameters', (junk: never) => [new Normal(junk, 1), new Chi2(junk), new Categorical(junk), new Dirichlet(junk)]],
    ['values', (junk: never) => [normal.log_prob(junk), normal.cdf(junk), normal.icdf(junk)]],
    ['shapes', (junk: never) => [normal.sample(junk), normal.expand(junk)]],
    ['what is transformed', (junk: never) => [new ExpTransform()(junk), new ExpTransform().inv(junk)]],
    ['what is put together', (junk: never) => [new distributions.CatTransform(junk), constraints.cat(junk)]],
  ] as const)('is refused by an error of the library: %s', (_, use) => {
    for (const thing of things) {
      const error = thrown_by(() => use(thing as never));
      if (error !== undefined) expect(is_typed_error(error), String(error)).toBe(true);
    }
  });

  test('a number is a value where nothing is checked', () => {
    expect(normal.log_prob(2 as unknown as Tensor).equal(normal.log_prob(torch.tensor(2)))).toBe(true);
  });
});

test('what is computed on demand has gradients, wherever it is first asked for', () => {
  const probs = torch.tensor([0.25, 0.5], { requires_grad: true });
  const coin = new distributions.Bernoulli(probs);
  const logits = torch.no_grad(() => coin.logits);
  expect(coin.logits).toBe(logits);
  const [gradient] = torch.autograd.grad(logits.sum(), [probs]);
  torch.testing.assert_close(gradient, torch.tensor([16 / 3, 4]));
});

test('samples have no gradients, and rsamples do', () => {
  const scale = torch.tensor(2, { dtype: torch.float32, requires_grad: true });
  for (const one of [new distributions.Normal(0, scale), new distributions.Gamma(scale, 1)]) {
    expect(one.sample().requires_grad).toBe(false);
    expect(one.rsample().requires_grad).toBe(true);
  }
});

describe('distributions of one\'s own', () => {
  /** 1 or 2. */
  class Own extends Distribution {
    static override readonly __module__ = '__main__';
    readonly share: Tensor;

    constructor(share: Tensor, validate_args: boolean | null = null) {
      super();
      this.share = share;
      this.__init__(share.shape, [], validate_args);
    }

    override sample(...args: Parameters<typeof Distribution.prototype.sample>): Tensor {
      return this.share.expand(this._sample_shape(args)).bernoulli().add(1);
    }

    override log_prob(...args: Parameters<typeof Distribution.prototype.log_prob>): Tensor {
      return this._value(args).sub(1).xlogy(this.share);
    }
  }

  class Constrained extends Own {
    static readonly arg_constraints = { share: constraints.unit_interval };
    static readonly support = constraints.integer_interval(1, 2);
  }

  test('say what they lack', async () => {
    const warned: string[] = [];
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation((message) => void warned.push(String(message)));
    new Own(torch.tensor(0.5)).log_prob(torch.tensor(2));
    warn.mockRestore();
    expect(warned).toEqual([
      "<class '__main__.Own'> does not define `arg_constraints`. Please set `arg_constraints = {}` or initialize the " +
        'distribution with `validate_args=False` to turn off validation.',
      "<class '__main__.Own'> does not define `support` to enable sample validation. Please initialize the " +
        'distribution with `validate_args=False` to turn off validation.',
    ]);
  });

  test('are checked, expanded and printed', () => {
    expect(error_of(() => new Constrained(torch.tensor(2.5)))).toEqual([
      'ValueError',
      'Expected parameter share (Tensor of shape ()) of distribution Constrained(share: 2.5) to satisfy the ' +
        'constraint Interval(lower_bound=0.0, upper_bound=1.0), but found invalid values:\n2.5',
    ]);
    const many = new Constrained(torch.tensor([0.25, 0.75])).expand([3, 2]);
    expect(many).toBeInstanceOf(Constrained);
    expect(String(many)).toBe('Constrained(share: torch.Size([3, 2]))');
    expect(many.sample([4]).shape).toEqual(new torch.Size([4, 3, 2]));
    const [, message] = error_of(() => many.log_prob(torch.tensor(3)));
    expect(message).toMatch('(IntegerInterval(lower_bound=1, upper_bound=2))');
    expect(error_of(() => many.rsample())[0]).toBe('NotImplementedError');
  });
});
