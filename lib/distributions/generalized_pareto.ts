import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import {
  type ArgConstraints,
  Distribution,
  standard_uniform,
  unchecked_value,
  type Validation,
} from './distribution.ts';
import type { SampleArguments, Value, ValueArguments } from './shapes.ts';

export interface GeneralizedParetoParameters extends Validation {
  loc: Value;
  scale: Value;
  concentration: Value;
}

const generalized_pareto_arguments = signature<GeneralizedParetoParameters>('GeneralizedPareto', [
  'loc',
  'scale',
  'concentration',
  ['validate_args', null],
]);

/**
 * How far above a threshold what exceeds it is.
 * @param loc the threshold, the lowest value
 * @param scale how far above it values are
 * @param concentration positive: a heavy tail, as of `Pareto`; 0: that of `Exponential`; negative: there is a highest
 *   value
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.generalized_pareto.GeneralizedPareto
 */
export class GeneralizedPareto extends Distribution {
  static override readonly __module__: string = 'torch.distributions.generalized_pareto';
  static readonly arg_constraints: ArgConstraints = {
    loc: constraints.real,
    scale: constraints.positive,
    concentration: constraints.real,
  };
  static override readonly has_rsample: boolean = true;

  declare readonly loc: Tensor;
  declare readonly scale: Tensor;
  declare readonly concentration: Tensor;

  constructor(
    ...args: Arguments<GeneralizedParetoParameters, ['loc', 'scale', 'concentration', 'validate_args']>
  ) {
    const { loc, scale, concentration, validate_args } = generalized_pareto_arguments(args);
    super();
    this._broadcast({ loc, scale, concentration }, validate_args);
  }

  override get support(): constraints.Constraint {
    const { loc, scale, concentration } = this;
    const bounded = loc.sub(scale.div(concentration));
    const highest = aten.where(concentration.lt(0), bounded, aten.full_like(loc, Infinity));
    return constraints.interval(loc, highest);
  }
  /** NaN for a concentration of 1 and more. */
  override get mean(): Tensor {
    const { concentration } = this;
    return this.loc.add(this.scale.div(aten.rsub(concentration, 1))).masked_fill(concentration.ge(1), NaN);
  }
  override get mode(): Tensor {
    return this.loc;
  }
  /** NaN for a concentration of one half and more. */
  override get variance(): Tensor {
    const { concentration } = this;
    const denominator = aten.rsub(concentration, 1).pow(2).mul(aten.rsub(concentration.mul(2), 1));
    return this.scale.pow(2).div(denominator).masked_fill(concentration.ge(0.5), NaN);
  }

  /** `limit` where the concentration is 0, else `formula` of it. */
  private _by_concentration(limit: Tensor, formula: (concentration: Tensor) => Tensor): Tensor {
    const { concentration } = this;
    const zero = aten.isclose(concentration, aten.zeros_like(concentration));
    return aten.where(zero, limit, formula(concentration.masked_fill(zero, 1)));
  }

  /** How many scales a value is above the threshold. */
  private _z(args: readonly unknown[]): Tensor {
    return this._value(args).sub(this.loc).div(this.scale);
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.icdf(standard_uniform(this._sample_shape(args), this.loc));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const z = this._z(args);
    const log_density = this._by_concentration(z.neg(), (k) =>
      aten.special_xlog1py(k.reciprocal().add(1), k.mul(z)).neg(),
    );
    return log_density.sub(this.scale.log());
  }

  /** The logarithm of the probability of a larger value. */
  log_survival_function(...args: ValueArguments): Tensor {
    const z = this._z(args);
    return this._by_concentration(z.neg(), (k) => k.mul(z).log1p().neg().div(k));
  }

  /** The logarithm of the probability of a value at most as large. */
  log_cdf(...args: ValueArguments): Tensor {
    return this.log_survival_function(...args).exp().neg().log1p();
  }

  override cdf(...args: ValueArguments): Tensor {
    return this.log_cdf(...args).exp();
  }

  override icdf(...args: ValueArguments): Tensor {
    const { scale } = this;
    const log_rest = unchecked_value(args).neg().log1p();
    const above = this._by_concentration(scale.mul(log_rest).neg(), (k) =>
      scale.div(k).mul(k.neg().mul(log_rest).expm1()),
    );
    return this.loc.add(above);
  }

  override entropy(): Tensor {
    return this.scale.log().add(this.concentration).add(1);
  }
}
