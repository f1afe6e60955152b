import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, unchecked_value, type Validation } from './distribution.ts';
import type { SampleArguments, Value, ValueArguments } from './shapes.ts';

export interface CauchyParameters extends Validation {
  loc: Value;
  scale: Value;
}

const cauchy_arguments = signature<CauchyParameters>('Cauchy', ['loc', 'scale', ['validate_args', null]]);

/**
 * The Cauchy distribution, which has neither mean nor variance: the ratio of two normal numbers is distributed so.
 * @param loc the mode and median
 * @param scale half of the width where the density is at least half of the highest
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.cauchy.Cauchy
 */
export class Cauchy extends Distribution {
  static override readonly __module__: string = 'torch.distributions.cauchy';
  static readonly arg_constraints: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
  static readonly support: constraints.Constraint = constraints.real;
  static override readonly has_rsample: boolean = true;

  declare readonly loc: Tensor;
  declare readonly scale: Tensor;

  constructor(...args: Arguments<CauchyParameters, ['loc', 'scale', 'validate_args']>) {
    const { loc, scale, validate_args } = cauchy_arguments(args);
    super();
    this._broadcast({ loc, scale }, validate_args);
  }

  /** NaN: the integral does not converge. */
  override get mean(): Tensor {
    return this._filled(NaN);
  }
  override get mode(): Tensor {
    return this.loc;
  }
  /** Infinite. */
  override get variance(): Tensor {
    return this._filled(Infinity);
  }

  private _filled(value: number): Tensor {
    const { dtype, device } = this.loc;
    return aten.full(this._extended_shape(), value, { dtype, device });
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.loc.add(this.loc.new_empty(this._sample_shape(args)).cauchy_().mul(this.scale));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const z = this._value(args).sub(this.loc).div(this.scale);
    return aten.rsub(this.scale.log(), -Math.log(Math.PI)).sub(z.pow(2).log1p());
  }

  override cdf(...args: ValueArguments): Tensor {
    return this._value(args).sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5);
  }

  override icdf(...args: ValueArguments): Tensor {
    return unchecked_value(args).sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc);
  }

  override entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}
