import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import type { ArgConstraints, Validation } from './distribution.ts';
import { Gamma } from './gamma.ts';
import { half_of, type Value } from './shapes.ts';

export interface Chi2Parameters extends Validation {
  df: Value;
}

const chi2_arguments = signature<Chi2Parameters>('Chi2', ['df', ['validate_args', null]]);

/**
 * The sum of the squares of `df` standard normal numbers: `Gamma(df / 2, 1 / 2)`.
 * @param df the degrees of freedom
 * @throws ValueError for a number that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.chi2.Chi2
 */
export class Chi2 extends Gamma {
  static override readonly __module__: string = 'torch.distributions.chi2';
  static override readonly arg_constraints: ArgConstraints = { df: constraints.positive };

  constructor(...args: Arguments<Chi2Parameters, ['df', 'validate_args']>) {
    const { df, validate_args } = chi2_arguments(args);
    super(half_of(df), 0.5, validate_args);
  }

  get df(): Tensor {
    return this.concentration.mul(2);
  }
}
