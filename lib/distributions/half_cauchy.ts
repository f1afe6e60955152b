import { type Arguments, signature } from '../arguments.ts';
import { as_tensor } from '../creation.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { Cauchy } from './cauchy.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, unchecked_value } from './distribution.ts';
import { type HalfNormalParameters, positive_half } from './half_normal.ts';
import type { ValueArguments } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AbsTransform } from './transforms.ts';

const half_cauchy_arguments = signature<HalfNormalParameters>('HalfCauchy', ['scale', ['validate_args', null]]);

/**
 * The absolute value of Cauchy numbers around 0.
 * @param scale their scale
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.half_cauchy.HalfCauchy
 */
export class HalfCauchy extends TransformedFamily<Cauchy> {
  static override readonly __module__: string = 'torch.distributions.half_cauchy';
  static override readonly arg_constraints: ArgConstraints = { scale: constraints.positive };
  static override readonly support: constraints.Constraint = constraints.nonnegative;

  constructor(...args: Arguments<HalfNormalParameters, ['scale', 'validate_args']>) {
    const { scale, validate_args } = half_cauchy_arguments(args);
    super(new Cauchy(0, scale, { validate_args: false }), new AbsTransform(), { validate_args });
  }

  get scale(): Tensor {
    return this.base_dist.scale;
  }
  /** Infinite. */
  override get mean(): Tensor {
    const { dtype, device } = this.scale;
    return aten.full(this._extended_shape(), Infinity, { dtype, device });
  }
  override get mode(): Tensor {
    return aten.zeros_like(this.scale);
  }
  /** Infinite. */
  override get variance(): Tensor {
    return this.base_dist.variance;
  }

  override log_prob(...args: ValueArguments): Tensor {
    const { dtype, device } = this.scale;
    return positive_half(this.base_dist, as_tensor(this._value(args), { dtype, device }));
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
