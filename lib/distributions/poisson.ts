import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import type { ArgConstraints, Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import { broadcast_all, type SampleArguments, type Value, type ValueArguments } from './shapes.ts';

export interface PoissonParameters extends Validation {
  rate: Value;
}

const poisson_arguments = signature<PoissonParameters>('Poisson', ['rate', ['validate_args', null]]);

/**
 * How many events there are where `rate` of them are expected: 0, 1, … .
 * @throws ValueError for a negative rate
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.poisson.Poisson
 */
export class Poisson extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.poisson';
  static readonly arg_constraints: ArgConstraints = { rate: constraints.nonnegative };
  static readonly support: constraints.Constraint = constraints.nonnegative_integer;

  declare readonly rate: Tensor;

  constructor(...args: Arguments<PoissonParameters, ['rate', 'validate_args']>) {
    const { rate, validate_args } = poisson_arguments(args);
    super();
    this._broadcast({ rate }, validate_args);
  }

  override get mean(): Tensor {
    return this.rate;
  }
  override get mode(): Tensor {
    return this.rate.floor();
  }
  override get variance(): Tensor {
    return this.rate;
  }

  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => aten.poisson(this.rate.expand(shape)));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const [rate, value] = broadcast_all(this.rate, this._value(args));
    return value.xlogy(rate).sub(rate).sub(value.add(1).lgamma());
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.rate.log()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.exp();
  }
}
