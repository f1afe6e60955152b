import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import type { ArgConstraints } from './distribution.ts';
import { Gamma, type GammaParameters } from './gamma.ts';
import { TransformedFamily } from './transformed_family.ts';
import { PowerTransform } from './transforms.ts';

const inverse_gamma_arguments = signature<GammaParameters>('InverseGamma', [
  'concentration',
  'rate',
  ['validate_args', null],
]);

/**
 * Numbers whose inverse is distributed as those of `Gamma`.
 * @param concentration the shape, alpha
 * @param rate the scale, beta: the rate of the inverse
 * @throws ValueError for parameters that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.inverse_gamma.InverseGamma
 */
export class InverseGamma extends TransformedFamily<Gamma> {
  static override readonly __module__: string = 'torch.distributions.inverse_gamma';
  static override readonly arg_constraints: ArgConstraints = {
    concentration: constraints.positive,
    rate: constraints.positive,
  };
  static override readonly support: constraints.Constraint = constraints.positive;

  constructor(...args: Arguments<GammaParameters, ['concentration', 'rate', 'validate_args']>) {
    const { concentration, rate, validate_args } = inverse_gamma_arguments(args);
    const gamma = new Gamma(concentration, rate, { validate_args });
    super(gamma, new PowerTransform(gamma.rate.new_ones([]).neg()), { validate_args });
  }

  get concentration(): Tensor {
    return this.base_dist.concentration;
  }
  get rate(): Tensor {
    return this.base_dist.rate;
  }
  /** Infinite for a concentration of 1 and less. */
  override get mean(): Tensor {
    const { concentration } = this;
    const mean = this.rate.div(concentration.sub(1));
    return aten.where(concentration.gt(1), mean, aten.full_like(mean, Infinity));
  }
  override get mode(): Tensor {
    return this.rate.div(this.concentration.add(1));
  }
  /** Infinite for a concentration of 2 and less. */
  override get variance(): Tensor {
    const { concentration } = this;
    const variance = this.rate.square().div(concentration.sub(1).square().mul(concentration.sub(2)));
    return aten.where(concentration.gt(2), variance, aten.full_like(variance, Infinity));
  }

  override entropy(): Tensor {
    const { concentration } = this;
    return concentration
      .add(this.rate.log())
      .add(concentration.lgamma())
      .sub(concentration.add(1).mul(concentration.digamma()));
  }
}
