import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { binary_cross_entropy_with_logits } from '../nn/functional.ts';
import type { Size } from '../size.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, own, type SupportArguments } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import {
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import { broadcast_all, type SampleArguments, type Value, type ValueArguments } from './shapes.ts';

const bernoulli_arguments = signature<ProbsOrLogits<Value>>('Bernoulli', [
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/**
 * 1 with the probability `probs`, else 0.
 * @param probs the probability of a 1
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for a probability outside of 0 to 1
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.bernoulli.Bernoulli
 */
export class Bernoulli extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.bernoulli';
  static readonly arg_constraints: ArgConstraints = { probs: constraints.unit_interval, logits: constraints.real };
  static readonly support: constraints.Constraint = constraints.boolean;
  static override readonly has_enumerate_support: boolean = true;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary');
  }

  declare readonly probs: Tensor;
  declare readonly logits: Tensor;

  constructor(...args: Arguments<ProbsOrLogits<Value>, ['probs', 'logits', 'validate_args']>) {
    const { probs, logits, validate_args } = bernoulli_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [given] = broadcast_all(value);
    own(this, name, given);
    this.__init__(given.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.probs;
  }
  /** The more likely of the two; NaN where they are equally likely. */
  override get mode(): Tensor {
    const { probs } = this;
    return probs.ge(0.5).to(probs.dtype).masked_fill(probs.eq(0.5), NaN);
  }
  override get variance(): Tensor {
    return this.probs.mul(aten.rsub(this.probs, 1));
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => aten.bernoulli(this.probs.expand(shape)));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const [logits, target] = broadcast_all(this.logits, value);
    return binary_cross_entropy_with_logits(logits, target, { reduction: 'none' }).neg();
  }

  override entropy(): Tensor {
    return binary_cross_entropy_with_logits(this.logits, this.probs, { reduction: 'none' });
  }

  override enumerate_support(...args: SupportArguments): Tensor {
    const { dtype, device } = param_of(this);
    return this._enumerated(aten.arange(2, { dtype, device }), args);
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.probs.logit()];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.exp().log1p();
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}
