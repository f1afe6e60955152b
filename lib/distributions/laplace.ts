import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, unchecked_value, type Validation } from './distribution.ts';
import type { SampleArguments, Value, ValueArguments } from './shapes.ts';

export interface LaplaceParameters extends Validation {
  loc: Value;
  scale: Value;
}

const laplace_arguments = signature<LaplaceParameters>('Laplace', ['loc', 'scale', ['validate_args', null]]);

/**
 * The Laplace distribution: on either side of `loc` the density falls as that of `Exponential(1 / scale)`.
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.laplace.Laplace
 */
export class Laplace extends Distribution {
  static override readonly __module__: string = 'torch.distributions.laplace';
  static readonly arg_constraints: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
  static readonly support: constraints.Constraint = constraints.real;
  static override readonly has_rsample: boolean = true;

  declare readonly loc: Tensor;
  declare readonly scale: Tensor;

  constructor(...args: Arguments<LaplaceParameters, ['loc', 'scale', 'validate_args']>) {
    const { loc, scale, validate_args } = laplace_arguments(args);
    super();
    this._broadcast({ loc, scale }, validate_args);
  }

  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get stddev(): Tensor {
    return this.scale.mul(Math.SQRT2);
  }
  override get variance(): Tensor {
    return this.scale.pow(2).mul(2);
  }

  override rsample(...args: SampleArguments): Tensor {
    const { eps } = new finfo(this.loc.dtype);
    const u = this.loc.new_empty(this._sample_shape(args)).uniform_(eps - 1, 1);
    return this.loc.sub(this.scale.mul(u.sign()).mul(u.abs().neg().log1p()));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const distance = this._value(args).sub(this.loc).abs();
    return this.scale.mul(2).log().neg().sub(distance.div(this.scale));
  }

  override cdf(...args: ValueArguments): Tensor {
    const offset = this._value(args).sub(this.loc);
    return aten.rsub(offset.sign().mul(0.5).mul(offset.abs().neg().div(this.scale).expm1()), 0.5);
  }

  override icdf(...args: ValueArguments): Tensor {
    const offset = unchecked_value(args).sub(0.5);
    return this.loc.sub(this.scale.mul(offset.sign()).mul(offset.abs().mul(-2).log1p()));
  }

  override entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }
}
