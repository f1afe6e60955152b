import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import { Categorical, CATEGORIES } from './categorical.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, standard_uniform } from './distribution.ts';
import { clamp_probs, type ProbsOrLogits } from './probabilities.ts';
import {
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { ExpTransform } from './transforms.ts';

export interface RelaxedCategoricalParameters extends ProbsOrLogits<Tensor> {
  temperature: Value;
}

function relaxed_arguments(name: string): (args: readonly unknown[]) => Required<RelaxedCategoricalParameters> {
  return signature(name, ['temperature', ['probs', null], ['logits', null], ['validate_args', null]]);
}

type RelaxedArguments = Arguments<RelaxedCategoricalParameters, ['temperature', 'probs', 'logits', 'validate_args']>;
const exp_relaxed_arguments = relaxed_arguments('ExpRelaxedCategorical');
const relaxed_categorical_arguments = relaxed_arguments('RelaxedOneHotCategorical');

/**
 * The logarithms of `RelaxedOneHotCategorical` vectors.
 * @param temperature the lower, the further apart
 * @param probs how likely the categories are, as in `Categorical`
 * @param logits unnormalised logarithms of that, instead
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.relaxed_categorical.ExpRelaxedCategorical
 */
export class ExpRelaxedCategorical extends Distribution {
  static override readonly __module__: string = 'torch.distributions.relaxed_categorical';
  static readonly arg_constraints: ArgConstraints = CATEGORIES;
  // Vectors of real numbers, of which only those whose exponentials sum to 1 come up.
  static readonly support: constraints.Constraint = constraints.real_vector;
  static override readonly has_rsample: boolean = true;

  readonly temperature: Tensor;
  readonly _categorical: Categorical;

  constructor(...args: RelaxedArguments) {
    const { temperature, probs, logits, validate_args } = exp_relaxed_arguments(args);
    super();
    this._categorical = new Categorical(probs, logits);
    [this.temperature] = broadcast_all(temperature);
    this.__init__(this._categorical.batch_shape, this._categorical.param_shape.slice(-1), validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    own(copy, 'temperature', this.temperature);
    own(copy, '_categorical', this._categorical.expand(batch_shape));
    return copy;
  }

  get probs(): Tensor {
    return this._categorical.probs;
  }
  get logits(): Tensor {
    return this._categorical.logits;
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._categorical.param_shape;
  }

  override rsample(...args: SampleArguments): Tensor {
    const uniform = clamp_probs(standard_uniform(this._sample_shape(args), this.logits));
    const gumbel = uniform.log().neg().log().neg();
    const scores = this.logits.add(gumbel).div(this.temperature);
    return scores.sub(scores.logsumexp(-1, true));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const count = this.event_shape[0]!;
    const [value, logits] = broadcast_all(this._value(args), this.logits);
    const log_scale = aten
      .full_like(this.temperature, count)
      .lgamma()
      .sub(this.temperature.log().mul(1 - count));
    const scores = logits.sub(value.mul(this.temperature));
    return scores.sub(scores.logsumexp(-1, true)).sum(-1).add(log_scale);
  }
}

/**
 * Vectors that are nearly one-hot, and that gradients can flow through, unlike those of `OneHotCategorical`: the
 * Gumbel softmax.
 * @param temperature the lower, the closer to one-hot vectors
 * @param probs how likely the categories are, as in `Categorical`
 * @param logits unnormalised logarithms of that, instead
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.relaxed_categorical.RelaxedOneHotCategorical
 */
export class RelaxedOneHotCategorical extends TransformedFamily<ExpRelaxedCategorical> {
  static override readonly __module__: string = 'torch.distributions.relaxed_categorical';
  static override readonly arg_constraints: ArgConstraints = CATEGORIES;
  static override readonly support: constraints.Constraint = constraints.simplex;

  constructor(...args: RelaxedArguments) {
    const { temperature, probs, logits, validate_args } = relaxed_categorical_arguments(args);
    super(new ExpRelaxedCategorical(temperature, probs, logits, validate_args), new ExpTransform(), { validate_args });
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
