import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, standard_normal, unchecked_value, type Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import type { SampleArguments, Value, ValueArguments } from './shapes.ts';

export interface NormalParameters extends Validation {
  loc: Value;
  scale: Value;
}

const normal_arguments = signature<NormalParameters>('Normal', ['loc', 'scale', ['validate_args', null]]);

/**
 * The normal distribution.
 *
 * ```ts
 * const normal = new torch.distributions.Normal(0, 1);
 * normal.log_prob(normal.sample([3]));
 * ```
 *
 * @param loc the mean
 * @param scale the standard deviation
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.normal.Normal
 */
export class Normal extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.normal';
  static readonly arg_constraints: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
  static readonly support: constraints.Constraint = constraints.real;
  static override readonly has_rsample: boolean = true;

  declare readonly loc: Tensor;
  declare readonly scale: Tensor;

  constructor(...args: Arguments<NormalParameters, ['loc', 'scale', 'validate_args']>) {
    const { loc, scale, validate_args } = normal_arguments(args);
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
    return this.scale;
  }
  override get variance(): Tensor {
    return this.stddev.pow(2);
  }

  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => aten.normal(this.loc.expand(shape), this.scale.expand(shape)));
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.loc.add(standard_normal(this._sample_shape(args), this.loc).mul(this.scale));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const exponent = value.sub(this.loc).pow(2).neg().div(this.scale.pow(2).mul(2));
    return exponent.sub(this.scale.log()).sub(Math.log(Math.sqrt(2 * Math.PI)));
  }

  override cdf(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const z = value.sub(this.loc).mul(this.scale.reciprocal()).div(Math.SQRT2);
    return z.erf().add(1).mul(0.5);
  }

  override icdf(...args: ValueArguments): Tensor {
    const value = unchecked_value(args);
    return this.loc.add(this.scale.mul(value.mul(2).sub(1).erfinv()).mul(Math.SQRT2));
  }

  override entropy(): Tensor {
    return this.scale.log().add(0.5 + 0.5 * Math.log(2 * Math.PI));
  }

  override get _natural_params(): readonly Tensor[] {
    const variance = this.scale.pow(2);
    return [this.loc.div(variance), variance.reciprocal().mul(-0.5)];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.pow(2).mul(-0.25).div(y).add(y.reciprocal().mul(-Math.PI).log().mul(0.5));
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}
