import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, EULER, type Validation } from './distribution.ts';
import { Exponential } from './exponential.ts';
import { broadcast_all, type Value } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AffineTransform, PowerTransform } from './transforms.ts';

export interface WeibullParameters extends Validation {
  scale: Value;
  concentration: Value;
}

const weibull_arguments = signature<WeibullParameters>('Weibull', [
  'scale',
  'concentration',
  ['validate_args', null],
]);

/**
 * The Weibull distribution, of how long things last.
 * @param scale lambda
 * @param concentration the shape, k: below 1 things fail early, above 1 they wear out
 * @throws ValueError for parameters that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.weibull.Weibull
 */
export class Weibull extends TransformedFamily<Exponential> {
  static override readonly __module__: string = 'torch.distributions.weibull';
  static override readonly arg_constraints: ArgConstraints = {
    scale: constraints.positive,
    concentration: constraints.positive,
  };
  static override readonly support: constraints.Constraint = constraints.positive;

  declare readonly scale: Tensor;
  declare readonly concentration: Tensor;

  constructor(...args: Arguments<WeibullParameters, ['scale', 'concentration', 'validate_args']>) {
    const given = weibull_arguments(args);
    const { validate_args } = given;
    const [scale, concentration] = broadcast_all(given.scale, given.concentration);
    const steps = [new PowerTransform(concentration.reciprocal()), new AffineTransform(0, scale)];
    super(new Exponential(aten.ones_like(scale), { validate_args }), steps, { validate_args: false });
    this._with_parameters({ scale, concentration }, validate_args);
  }

  override get mean(): Tensor {
    return this.scale.mul(this._log_moment(1).exp());
  }
  override get mode(): Tensor {
    const { concentration } = this;
    return this.scale.mul(concentration.sub(1).div(concentration).pow(concentration.reciprocal()));
  }
  override get variance(): Tensor {
    return this.scale.pow(2).mul(this._log_moment(2).exp().sub(this._log_moment(1).mul(2).exp()));
  }

  /** The logarithm of the mean of a power of samples of scale 1. */
  private _log_moment(power: number): Tensor {
    return this.concentration.reciprocal().mul(power).add(1).lgamma();
  }

  override entropy(): Tensor {
    const inverse = this.concentration.reciprocal();
    return aten.rsub(inverse, 1).mul(EULER).add(this.scale.mul(inverse).log()).add(1);
  }
}
