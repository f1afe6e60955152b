import { type Arguments, signature } from '../arguments.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, standard_uniform } from './distribution.ts';
import {
  clamp_probs,
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import {
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { SigmoidTransform } from './transforms.ts';

export interface RelaxedBernoulliParameters extends ProbsOrLogits<Value> {
  temperature: Value;
}

function relaxed_arguments(name: string): (args: readonly unknown[]) => Required<RelaxedBernoulliParameters> {
  return signature(name, ['temperature', ['probs', null], ['logits', null], ['validate_args', null]]);
}

type RelaxedArguments = Arguments<RelaxedBernoulliParameters, ['temperature', 'probs', 'logits', 'validate_args']>;
const logit_relaxed_arguments = relaxed_arguments('LogitRelaxedBernoulli');
const relaxed_bernoulli_arguments = relaxed_arguments('RelaxedBernoulli');

/**
 * The log odds of `RelaxedBernoulli` numbers.
 * @param temperature the lower, the further from 0
 * @param probs the probability of a positive number
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for a probability outside of 0 to 1
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli
 */
export class LogitRelaxedBernoulli extends Distribution {
  static override readonly __module__: string = 'torch.distributions.relaxed_bernoulli';
  static readonly arg_constraints: ArgConstraints = { probs: constraints.unit_interval, logits: constraints.real };
  static readonly support: constraints.Constraint = constraints.real;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary');
  }

  declare readonly probs: Tensor;
  declare readonly logits: Tensor;
  readonly temperature: Tensor;

  constructor(...args: RelaxedArguments) {
    const { temperature, probs, logits, validate_args } = logit_relaxed_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [given] = broadcast_all(value);
    [this.temperature] = broadcast_all(temperature);
    own(this, name, given);
    this.__init__(given.shape, [], validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    own(copy, 'temperature', this.temperature);
    return copy;
  }

  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  override rsample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    const probs = clamp_probs(this.probs.expand(shape));
    const uniform = clamp_probs(standard_uniform(shape, probs));
    return uniform
      .log()
      .sub(uniform.neg().log1p())
      .add(probs.log())
      .sub(probs.neg().log1p())
      .div(this.temperature);
  }

  override log_prob(...args: ValueArguments): Tensor {
    const [value, logits] = broadcast_all(this._value(args), this.logits);
    const difference = logits.sub(value.mul(this.temperature));
    return this.temperature.log().add(difference).sub(difference.exp().log1p().mul(2));
  }
}

/**
 * Numbers from 0 to 1 that are nearly 0 or 1, and that gradients can flow through, unlike those of `Bernoulli`.
 * @param temperature the lower, the closer to 0 or 1
 * @param probs the probability of a number of more than one half
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for a probability outside of 0 to 1
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.relaxed_bernoulli.RelaxedBernoulli
 */
export class RelaxedBernoulli extends TransformedFamily<LogitRelaxedBernoulli> {
  static override readonly __module__: string = 'torch.distributions.relaxed_bernoulli';
  static override readonly arg_constraints: ArgConstraints = LogitRelaxedBernoulli.arg_constraints;
  static override readonly support: constraints.Constraint = constraints.unit_interval;

  constructor(...args: RelaxedArguments) {
    const { temperature, probs, logits, validate_args } = relaxed_bernoulli_arguments(args);
    super(new LogitRelaxedBernoulli(temperature, probs, logits), new SigmoidTransform(), { validate_args });
  }

  get temperature(): Tensor {
    return this.base_dist.temperature;
  }
  get probs(): Tensor {
    return this.base_dist.probs;
  }
  get logits(): Tensor {
    return this.base_dist.logits;
  }
}
