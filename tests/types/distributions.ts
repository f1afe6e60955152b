/** Distributions as users write them, under strict: checked by compiling, never run. */
import torch, { distributions, nn } from 'tstorch';
import type { Tensor } from 'tstorch';
import { Categorical, type Distribution, Normal, type SampleArguments } from 'tstorch/distributions';

const { constraints, transforms } = distributions;

declare const x: Tensor;

export function policy_loss(model: nn.Linear, state: Tensor, reward: number): Tensor {
  const policy = new Categorical({ logits: model(state) });
  const action = policy.sample();
  return policy.log_prob(action).neg().mul(reward).sub(policy.entropy().mul(0.01));
}

export function made(): Distribution[] {
  return [
    new Normal(0, 1),
    new Normal(x, { scale: 1, validate_args: false }),
    new Normal({ loc: x, scale: x }),
    new torch.distributions.Uniform(0, x, null),
    new torch.distributions.Bernoulli(0.5),
    new torch.distributions.Bernoulli({ logits: x }),
    new torch.distributions.Binomial(10, { probs: x }),
    new torch.distributions.Binomial({ total_count: x, logits: 0.5 }),
    new torch.distributions.Multinomial(10, x),
    new torch.distributions.OneHotCategoricalStraightThrough(null, x),
    new torch.distributions.ContinuousBernoulli(0.5, { lims: [0.4, 0.6] }),
    new torch.distributions.StudentT(3, { scale: x }),
    new torch.distributions.Pareto({ alpha: 1, scale: 2 }),
    new torch.distributions.RelaxedOneHotCategorical(x, { logits: x }),
    new torch.distributions.TransformedDistribution(new Normal(0, 1), [new transforms.ExpTransform()]),
  ];
}

export function used(normal: Normal): Tensor[] {
  // What is expanded keeps its class.
  const many: Normal = normal.expand([2, 3]);
  const shape: torch.Size = many.batch_shape;
  const support: distributions.constraints.Constraint = many.support;
  const transform: distributions.transforms.Transform = torch.distributions.biject_to(support);
  return [
    many.loc,
    many.mean,
    many.sample(),
    many.sample([2]),
    many.rsample({ sample_shape: shape }),
    many.log_prob(x),
    many.cdf({ value: x }),
    many.enumerate_support(false),
    many.enumerate_support({ expand: true }),
    transform(x),
    transform.inv(x),
    transform.log_abs_det_jacobian(x, { y: x }),
    constraints.interval(0, x).check(x),
    constraints.positive.check(x),
  ];
}

export class Rayleigh extends distributions.Distribution {
  static override readonly has_rsample: boolean = true;
  static readonly arg_constraints = { scale: constraints.positive };
  static readonly support = constraints.nonnegative;

  constructor(scale: Tensor, validate_args: boolean | null = null) {
    super();
    this.scale = scale;
    this.__init__(this.scale.shape, [], validate_args);
  }

  readonly scale: Tensor;

  override rsample(...args: SampleArguments): Tensor {
    const square = new torch.distributions.Exponential(torch.ones_like(this.scale)).rsample(...args);
    return square.mul(2).sqrt().mul(this.scale);
  }
}

export function wrong(normal: Normal): void {
  // @ts-expect-error the scale is missing
  new Normal(0);
  // @ts-expect-error a list is no parameter
  new Normal([0, 1], 1);
  // @ts-expect-error names are Python's
  new Normal({ mean: 0, std: 1 });
  // @ts-expect-error probabilities of categories are a tensor
  new Categorical(0.5);
  // @ts-expect-error shapes are in square brackets
  normal.sample(3);
  // @ts-expect-error values are tensors
  normal.log_prob(3);
  // @ts-expect-error the upper bound is missing
  constraints.interval(0);
  // @ts-expect-error a module is no distribution
  new torch.distributions.TransformedDistribution(new nn.Linear(1, 1), []);
}
