import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, unchecked_value, type Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import type { SampleArguments, Value, ValueArguments } from './shapes.ts';

export interface ExponentialParameters extends Validation {
  rate: Value;
}

const exponential_arguments = signature<ExponentialParameters>('Exponential', ['rate', ['validate_args', null]]);

/**
 * The time until the next of events that come independently, `rate` of them per unit of time.
 * @throws ValueError for a rate that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.exponential.Exponential
 */
export class Exponential extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.exponential';
  static readonly arg_constraints: ArgConstraints = { rate: constraints.positive };
  static readonly support: constraints.Constraint = constraints.nonnegative;
  static override readonly has_rsample: boolean = true;

  declare readonly rate: Tensor;

  constructor(...args: Arguments<ExponentialParameters, ['rate', 'validate_args']>) {
    const { rate, validate_args } = exponential_arguments(args);
    super();
    this._broadcast({ rate }, validate_args);
  }

  override get mean(): Tensor {
    return this.rate.reciprocal();
  }
  override get mode(): Tensor {
    return aten.zeros_like(this.rate);
  }
  override get stddev(): Tensor {
    return this.rate.reciprocal();
  }
  override get variance(): Tensor {
    return this.rate.pow(-2);
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.rate.new_empty(this._sample_shape(args)).exponential_().div(this.rate);
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    return this.rate.log().sub(this.rate.mul(value));
  }

  override cdf(...args: ValueArguments): Tensor {
    const value = this._value(args);
    return aten.rsub(this.rate.neg().mul(value).exp(), 1);
  }

  override icdf(...args: ValueArguments): Tensor {
    return unchecked_value(args).neg().log1p().neg().div(this.rate);
  }

  override entropy(): Tensor {
    return aten.rsub(this.rate.log(), 1);
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.rate.neg()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.neg().log().neg();
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}
