import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { NotImplementedError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, type SupportArguments } from './distribution.ts';
import {
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import { broadcast_all, type SampleArguments, type Value, type ValueArguments } from './shapes.ts';

export interface BinomialParameters extends ProbsOrLogits<Value> {
  total_count?: Value;
}

const binomial_arguments = signature<BinomialParameters>('Binomial', [
  ['total_count', 1],
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/** The positive part, whose gradient at 0 is one half: the log likelihood then has the right one there. */
function positive_part(x: Tensor): Tensor {
  return x.clamp(0).add(x).sub(x.clamp({ max: 0 })).div(2);
}

/**
 * How many of `total_count` attempts succeed, each with the probability `probs`.
 * @param total_count the number of attempts (default: 1)
 * @param probs the probability of success
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for numbers out of their range
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.binomial.Binomial
 */
export class Binomial extends Distribution {
  static override readonly __module__: string = 'torch.distributions.binomial';
  static readonly arg_constraints: ArgConstraints = {
    total_count: constraints.nonnegative_integer,
    probs: constraints.unit_interval,
    logits: constraints.real,
  };
  static override readonly has_enumerate_support: boolean = true;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary');
  }

  declare readonly total_count: Tensor;
  declare readonly probs: Tensor;
  declare readonly logits: Tensor;

  constructor(...args: Arguments<BinomialParameters, ['total_count', 'probs', 'logits', 'validate_args']>) {
    const { total_count, probs, logits, validate_args } = binomial_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [count, given] = broadcast_all(total_count, value);
    own(this, 'total_count', count.type_as(given));
    own(this, name, given);
    this.__init__(given.shape, [], validate_args);
  }

  override get support(): constraints.Constraint {
    return constraints.integer_interval(0, this.total_count);
  }
  override get mean(): Tensor {
    return this.total_count.mul(this.probs);
  }
  override get mode(): Tensor {
    return this.total_count.add(1).mul(this.probs).floor().clamp({ max: this.total_count });
  }
  override get variance(): Tensor {
    return this.total_count.mul(this.probs).mul(aten.rsub(this.probs, 1));
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => aten.binomial(this.total_count.expand(shape), this.probs.expand(shape)));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const { total_count, logits } = this;
    const normalizer = total_count
      .mul(positive_part(logits))
      .add(total_count.mul(logits.abs().neg().exp().log1p()))
      .sub(total_count.add(1).lgamma());
    const orderings = [value, total_count.sub(value)].map((count) => count.add(1).lgamma());
    return value.mul(logits).sub(orderings[0]!).sub(orderings[1]!).sub(normalizer);
  }

  private _common_count(method: string): number {
    const count = this.total_count.max().item() as number;
    if (this.total_count.min().item() === count) return count;
    throw new NotImplementedError(`Inhomogeneous total count not supported by \`${method}\`.`);
  }

  /** @throws NotImplementedError where the distributions of the batch have different counts */
  override entropy(): Tensor {
    this._common_count('entropy');
    const log_prob = this.log_prob(this.enumerate_support(false));
    return log_prob.exp().mul(log_prob).sum(0).neg();
  }

  /** @throws NotImplementedError where the distributions of the batch have different counts */
  override enumerate_support(...args: SupportArguments): Tensor {
    const { dtype, device } = param_of(this);
    return this._enumerated(aten.arange(this._common_count('enumerate_support') + 1, { dtype, device }), args);
  }
}
