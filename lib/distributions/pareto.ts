import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import type { ArgConstraints, Validation } from './distribution.ts';
import { Exponential } from './exponential.ts';
import { broadcast_all, type Value } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AffineTransform, ExpTransform } from './transforms.ts';

export interface ParetoParameters extends Validation {
  scale: Value;
  alpha: Value;
}

const pareto_arguments = signature<ParetoParameters>('Pareto', ['scale', 'alpha', ['validate_args', null]]);

/**
 * The Pareto distribution, of what a few have much of.
 * @param scale the lowest value
 * @param alpha how fast the density falls
 * @throws ValueError for parameters that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.pareto.Pareto
 */
export class Pareto extends TransformedFamily<Exponential> {
  static override readonly __module__: string = 'torch.distributions.pareto';
  static override readonly arg_constraints: ArgConstraints = {
    alpha: constraints.positive,
    scale: constraints.positive,
  };

  declare readonly scale: Tensor;
  declare readonly alpha: Tensor;

  constructor(...args: Arguments<ParetoParameters, ['scale', 'alpha', 'validate_args']>) {
    const given = pareto_arguments(args);
    const { validate_args } = given;
    const [scale, alpha] = broadcast_all(given.scale, given.alpha);
    const steps = [new ExpTransform(), new AffineTransform(0, scale)];
    super(new Exponential(alpha, { validate_args }), steps, { validate_args: false });
    this._with_parameters({ scale, alpha }, validate_args);
  }

  override get support(): constraints.Constraint {
    return constraints.greater_than_eq(this.scale);
  }
  /** Infinite for `alpha` of 1 and less. */
  override get mean(): Tensor {
    const alpha = this.alpha.clamp(1);
    return alpha.mul(this.scale).div(alpha.sub(1));
  }
  override get mode(): Tensor {
    return this.scale;
  }
  /** Infinite for `alpha` of 2 and less. */
  override get variance(): Tensor {
    const alpha = this.alpha.clamp(2);
    return this.scale.pow(2).mul(alpha).div(alpha.sub(1).pow(2).mul(alpha.sub(2)));
  }

  override entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1));
  }
}
