import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, unchecked_value, type Validation } from './distribution.ts';
import { Normal } from './normal.ts';
import type { Value, ValueArguments } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AbsTransform } from './transforms.ts';

export interface HalfNormalParameters extends Validation {
  scale: Value;
}

const half_normal_arguments = signature<HalfNormalParameters>('HalfNormal', ['scale', ['validate_args', null]]);

/**
 * The absolute value of normal numbers around 0.
 * @param scale their standard deviation
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.half_normal.HalfNormal
 */
export class HalfNormal extends TransformedFamily<Normal> {
  static override readonly __module__: string = 'torch.distributions.half_normal';
  static override readonly arg_constraints: ArgConstraints = { scale: constraints.positive };
  static override readonly support: constraints.Constraint = constraints.nonnegative;

  constructor(...args: Arguments<HalfNormalParameters, ['scale', 'validate_args']>) {
    const { scale, validate_args } = half_normal_arguments(args);
    super(new Normal(0, scale, { validate_args: false }), new AbsTransform(), { validate_args });
  }

  get scale(): Tensor {
    return this.base_dist.scale;
  }
  override get mean(): Tensor {
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }
  override get mode(): Tensor {
    return aten.zeros_like(this.scale);
  }
  override get variance(): Tensor {
    return this.scale.pow(2).mul(1 - 2 / Math.PI);
  }

  override log_prob(...args: ValueArguments): Tensor {
    return positive_half(this.base_dist, this._value(args));
  }

  override cdf(...args: ValueArguments): Tensor {
    return this.base_dist.cdf(this._value(args)).mul(2).sub(1);
  }

  override icdf(...args: ValueArguments): Tensor {
    return this.base_dist.icdf(unchecked_value(args).add(1).div(2));
  }

  override entropy(): Tensor {
    return this.base_dist.entropy().sub(Math.LN2);
  }
}

/** The log density of the absolute value of numbers that are distributed symmetrically around 0. */
export function positive_half(symmetric: { log_prob(value: Tensor): Tensor }, value: Tensor): Tensor {
  const log_prob = symmetric.log_prob(value).add(Math.LN2);
  return aten.where(value.ge(0), log_prob, aten.full_like(log_prob, -Infinity));
}
