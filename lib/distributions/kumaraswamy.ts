import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import type { BetaParameters } from './beta.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, EULER } from './distribution.ts';
import { broadcast_all } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AffineTransform, PowerTransform } from './transforms.ts';
import { Uniform } from './uniform.ts';

const kumaraswamy_arguments = signature<BetaParameters>('Kumaraswamy', [
  'concentration1',
  'concentration0',
  ['validate_args', null],
]);

/**
 * Numbers between 0 and 1, distributed much as those of `Beta`, but with a distribution function that is easily inverted.
 * @param concentration1 how much 1 weighs, alpha
 * @param concentration0 how much 0 weighs, beta
 * @throws ValueError for weights that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.kumaraswamy.Kumaraswamy
 */
export class Kumaraswamy extends TransformedFamily<Uniform> {
  static override readonly __module__: string = 'torch.distributions.kumaraswamy';
  static override readonly arg_constraints: ArgConstraints = {
    concentration1: constraints.positive,
    concentration0: constraints.positive,
  };
  static override readonly support: constraints.Constraint = constraints.unit_interval;

  declare readonly concentration1: Tensor;
  declare readonly concentration0: Tensor;

  constructor(...args: Arguments<BetaParameters, ['concentration1', 'concentration0', 'validate_args']>) {
    const given = kumaraswamy_arguments(args);
    const { validate_args } = given;
    const [concentration1, concentration0] = broadcast_all(given.concentration1, given.concentration0);
    const uniform = new Uniform(aten.zeros_like(concentration0), aten.ones_like(concentration0), { validate_args });
    const steps = [
      new PowerTransform(concentration0.reciprocal()),
      new AffineTransform(1, -1),
      new PowerTransform(concentration1.reciprocal()),
    ];
    super(uniform, steps, { validate_args: false });
    this._with_parameters({ concentration1, concentration0 }, validate_args);
  }

  /** The mean of a power of samples. */
  private _moment(power: number): Tensor {
    const { concentration0 } = this;
    const sum = this.concentration1.reciprocal().mul(power).add(1);
    const log_beta = sum.lgamma().add(concentration0.lgamma()).sub(sum.add(concentration0).lgamma());
    return concentration0.mul(log_beta.exp());
  }

  override get mean(): Tensor {
    return this._moment(1);
  }
  override get mode(): Tensor {
    const { concentration1, concentration0 } = this;
    const log_mode = concentration0
      .reciprocal()
      .mul(concentration0.neg().log1p())
      .sub(concentration0.mul(concentration1).neg().log1p());
    const none = concentration0.lt(1).bitwise_or(concentration1.lt(1));
    return log_mode.masked_fill(none, NaN).exp();
  }
  override get variance(): Tensor {
    return this._moment(2).sub(this.mean.pow(2));
  }

  override entropy(): Tensor {
    const t1 = aten.rsub(this.concentration1.reciprocal(), 1);
    const t0 = aten.rsub(this.concentration0.reciprocal(), 1);
    const harmonic = this.concentration0.add(1).digamma().add(EULER);
    return t0.add(t1.mul(harmonic)).sub(this.concentration1.log()).sub(this.concentration0.log());
  }
}
