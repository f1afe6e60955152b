import { type Arguments, signature } from '../arguments.ts';
import { as_tensor } from '../creation.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, type Validation, value_of } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import {
  batch_shape_of,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';

export interface GammaParameters extends Validation {
  concentration: Value;
  rate: Value;
}

const gamma_arguments = signature<GammaParameters>('Gamma', ['concentration', 'rate', ['validate_args', null]]);

/**
 * The gamma distribution.
 * @param concentration its shape, alpha
 * @param rate the inverse of its scale, beta
 * @throws ValueError for parameters that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.gamma.Gamma
 */
export class Gamma extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.gamma';
  static readonly arg_constraints: ArgConstraints = {
    concentration: constraints.positive,
    rate: constraints.positive,
  };
  static readonly support: constraints.Constraint = constraints.nonnegative;
  static override readonly has_rsample: boolean = true;

  declare readonly concentration: Tensor;
  declare readonly rate: Tensor;

  constructor(...args: Arguments<GammaParameters, ['concentration', 'rate', 'validate_args']>) {
    const { concentration, rate, validate_args } = gamma_arguments(args);
    super();
    this._broadcast({ concentration, rate }, validate_args);
  }

  override expand(...args: ExpandArguments): this {
    // Those of this class: Chi2 has one parameter, from which these come.
    return this._expanded(batch_shape_of(args), Gamma.arg_constraints);
  }

  override get mean(): Tensor {
    return this.concentration.div(this.rate);
  }
  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clamp(0);
  }
  override get variance(): Tensor {
    return this.concentration.div(this.rate.pow(2));
  }

  override rsample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    const value = aten._standard_gamma(this.concentration.expand(shape)).div(this.rate.expand(shape));
    // Never 0, of which there is no logarithm; gradients pass all the same.
    value.detach().clamp_(new finfo(value.dtype).tiny);
    return value;
  }

  override log_prob(...args: ValueArguments): Tensor {
    const { concentration, rate } = this;
    const { dtype, device } = rate;
    const value = this._value([as_tensor(value_of(args), { dtype, device })]);
    return concentration
      .xlogy(rate)
      .add(concentration.sub(1).xlogy(value))
      .sub(rate.mul(value))
      .sub(concentration.lgamma());
  }

  override cdf(...args: ValueArguments): Tensor {
    return aten.special_gammainc(this.concentration, this.rate.mul(this._value(args)));
  }

  override entropy(): Tensor {
    const { concentration } = this;
    return concentration
      .sub(this.rate.log())
      .add(concentration.lgamma())
      .add(aten.rsub(concentration, 1).mul(concentration.digamma()));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration.sub(1), this.rate.neg()];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.add(1).lgamma().add(x.add(1).mul(y.reciprocal().neg().log()));
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}
