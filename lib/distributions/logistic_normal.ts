import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import { type Constraint, positive, real, simplex } from './constraints.ts';
import type { ArgConstraints } from './distribution.ts';
import { Independent } from './independent.ts';
import { Normal, type NormalParameters } from './normal.ts';
import { TransformedDistribution } from './transformed_distribution.ts';
import { StickBreakingTransform } from './transforms.ts';

const logistic_normal_arguments = signature<NormalParameters>('LogisticNormal', [
  'loc',
  'scale',
  ['validate_args', null],
]);

/**
 * Probabilities that sum to 1, made of normal numbers by breaking a stick: of n numbers, n + 1 probabilities.
 *
 * @param loc the means of the normal numbers, along the last dimension
 * @param scale their standard deviations
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.logistic_normal.LogisticNormal
 */
export class LogisticNormal extends TransformedDistribution<Independent<Normal>> {
  static override readonly __module__: string = 'torch.distributions.logistic_normal';
  static override readonly arg_constraints: ArgConstraints = { loc: real, scale: positive };
  static readonly support: Constraint = simplex;
  static override readonly has_rsample: boolean = true;

  constructor(...args: Arguments<NormalParameters, ['loc', 'scale', 'validate_args']>) {
    const { loc, scale, validate_args } = logistic_normal_arguments(args);
    let base = new Normal(loc, scale, { validate_args });
    // One number alone counts as a vector of one.
    if (base.batch_shape.length === 0) base = base.expand([1]);
    super(new Independent(base, 1), new StickBreakingTransform(), { validate_args });
  }

  /** The means of the normal numbers. */
  get loc(): Tensor {
    return this.base_dist.base_dist.loc;
  }

  /** The standard deviations of the normal numbers. */
  get scale(): Tensor {
    return this.base_dist.base_dist.scale;
  }
}
