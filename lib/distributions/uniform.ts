import { type Arguments, signature } from '../arguments.ts';
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

export interface UniformParameters extends Validation {
  low: Value;
  high: Value;
}

const uniform_arguments = signature<UniformParameters>('Uniform', ['low', 'high', ['validate_args', null]]);

/**
 * Numbers from `low` on, less than `high`, all equally likely.
 * @throws ValueError unless `low` is less than `high`
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.uniform.Uniform
 */
export class Uniform extends Distribution {
  static override readonly __module__: string = 'torch.distributions.uniform';
  static override readonly has_rsample: boolean = true;

  declare readonly low: Tensor;
  declare readonly high: Tensor;

  constructor(...args: Arguments<UniformParameters, ['low', 'high', 'validate_args']>) {
    const { low, high, validate_args } = uniform_arguments(args);
    super();
    this._broadcast({ low, high }, validate_args);
  }

  override get arg_constraints(): ArgConstraints {
    return { low: constraints.less_than(this.high), high: constraints.greater_than(this.low) };
  }
  override get support(): constraints.Constraint {
    return constraints.interval(this.low, this.high);
  }
  override get mean(): Tensor {
    return this.high.add(this.low).div(2);
  }
  override get mode(): Tensor {
    return this.high.mul(NaN);
  }
  override get stddev(): Tensor {
    return this.high.sub(this.low).div(Math.sqrt(12));
  }
  override get variance(): Tensor {
    return this.high.sub(this.low).pow(2).div(12);
  }

  override rsample(...args: SampleArguments): Tensor {
    const share = standard_uniform(this._sample_shape(args), this.low);
    return this.low.add(share.mul(this.high.sub(this.low)));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const inside = this.low.le(value).type_as(this.low).mul(this.high.gt(value).type_as(this.low));
    return inside.log().sub(this.high.sub(this.low).log());
  }

  override cdf(...args: ValueArguments): Tensor {
    const value = this._value(args);
    return value.sub(this.low).div(this.high.sub(this.low)).clamp(0, 1);
  }

  override icdf(...args: ValueArguments): Tensor {
    return unchecked_value(args).mul(this.high.sub(this.low)).add(this.low);
  }

  override entropy(): Tensor {
    return this.high.sub(this.low).log();
  }
}
