import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import type { ArgConstraints } from './distribution.ts';
import { Normal, type NormalParameters } from './normal.ts';
import { TransformedFamily } from './transformed_family.ts';
import { ExpTransform } from './transforms.ts';

const log_normal_arguments = signature<NormalParameters>('LogNormal', ['loc', 'scale', ['validate_args', null]]);

/**
 * Numbers whose logarithm is normal.
 * @param loc the mean of the logarithm
 * @param scale the standard deviation of the logarithm
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.log_normal.LogNormal
 */
export class LogNormal extends TransformedFamily<Normal> {
  static override readonly __module__: string = 'torch.distributions.log_normal';
  static override readonly arg_constraints: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
  static override readonly support: constraints.Constraint = constraints.positive;

  constructor(...args: Arguments<NormalParameters, ['loc', 'scale', 'validate_args']>) {
    const { loc, scale, validate_args } = log_normal_arguments(args);
    super(new Normal(loc, scale, { validate_args }), new ExpTransform(), { validate_args });
  }

  get loc(): Tensor {
    return this.base_dist.loc;
  }
  get scale(): Tensor {
    return this.base_dist.scale;
  }
  override get mean(): Tensor {
    return this.loc.add(this.scale.pow(2).div(2)).exp();
  }
  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }
  override get variance(): Tensor {
    const variance = this.scale.pow(2);
    return variance.expm1().mul(this.loc.mul(2).add(variance).exp());
  }

  override entropy(): Tensor {
    return this.base_dist.entropy().add(this.loc);
  }
}
