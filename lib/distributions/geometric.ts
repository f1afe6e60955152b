import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { ValueError } from '../errors.ts';
import { binary_cross_entropy_with_logits } from '../nn/functional.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, tuple_text } from './distribution.ts';
import { compute_on_demand, given_parameter, PROBS_AND_LOGITS, type ProbsOrLogits } from './probabilities.ts';
import { broadcast_all, type SampleArguments, type Value, type ValueArguments } from './shapes.ts';

const geometric_arguments = signature<ProbsOrLogits<Value>>('Geometric', [
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/**
 * How many attempts fail before the first that succeeds: 0, 1, … .
 * @param probs the probability that an attempt succeeds
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for a probability that is not positive, or more than 1
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.geometric.Geometric
 */
export class Geometric extends Distribution {
  static override readonly __module__: string = 'torch.distributions.geometric';
  static readonly arg_constraints: ArgConstraints = { probs: constraints.unit_interval, logits: constraints.real };
  static readonly support: constraints.Constraint = constraints.nonnegative_integer;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary');
  }

  declare readonly probs: Tensor;
  declare readonly logits: Tensor;

  constructor(...args: Arguments<ProbsOrLogits<Value>, ['probs', 'logits', 'validate_args']>) {
    const { probs, logits, validate_args } = geometric_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [given] = broadcast_all(value);
    own(this, name, given);
    this.__init__(given.shape, [], validate_args);
    if (!this._validates || name !== 'probs') return;
    const valid = given.gt(0);
    if (valid.all().item()) return;
    throw new ValueError(
      `Expected parameter probs (Tensor of shape ${tuple_text(given.shape)}) of distribution ${String(this)} ` +
        `to be positive but found invalid values:\n${given.detach().masked_select(valid.logical_not())}`,
    );
  }

  override get mean(): Tensor {
    return this.probs.reciprocal().sub(1);
  }
  override get mode(): Tensor {
    return aten.zeros_like(this.probs);
  }
  override get variance(): Tensor {
    return this.probs.reciprocal().sub(1).div(this.probs);
  }

  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => {
      const uniform = this.probs.new_empty(shape).uniform_(new finfo(this.probs.dtype).tiny, 1);
      return uniform.log().div(this.probs.neg().log1p()).floor();
    });
  }

  override log_prob(...args: ValueArguments): Tensor {
    const [value, probs] = broadcast_all(this._value(args), this.probs);
    // No failure where none is possible: 0 times minus infinity is 0 here.
    const failure = probs.masked_fill(probs.eq(1).bitwise_and(value.eq(0)), 0);
    return value.mul(failure.neg().log1p()).add(this.probs.log());
  }

  override entropy(): Tensor {
    return binary_cross_entropy_with_logits(this.logits, this.probs, { reduction: 'none' }).div(this.probs);
  }
}
