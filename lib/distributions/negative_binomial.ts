import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { logsigmoid } from '../nn/functional.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own } from './distribution.ts';
import { Gamma } from './gamma.ts';
import {
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import { broadcast_all, type SampleArguments, type Value, type ValueArguments } from './shapes.ts';

export interface NegativeBinomialParameters extends ProbsOrLogits<Value> {
  total_count: Value;
}

const negative_binomial_arguments = signature<NegativeBinomialParameters>('NegativeBinomial', [
  'total_count',
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/**
 * How many attempts succeed before `total_count` have failed: 0, 1, … .
 * @param total_count at how many failures one stops; it need not be whole
 * @param probs the probability that an attempt succeeds, less than 1
 * @param logits its log odds, instead of it
 * @throws ValueError unless one of them is given; for numbers out of their range
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.negative_binomial.NegativeBinomial
 */
export class NegativeBinomial extends Distribution {
  static override readonly __module__: string = 'torch.distributions.negative_binomial';
  static readonly arg_constraints: ArgConstraints = {
    total_count: constraints.greater_than_eq(0),
    probs: constraints._float_bounds(constraints.half_open_interval(0, 1)),
    logits: constraints.real,
  };
  static readonly support: constraints.Constraint = constraints.nonnegative_integer;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary');
  }

  declare readonly total_count: Tensor;
  declare readonly probs: Tensor;
  declare readonly logits: Tensor;

  constructor(...args: Arguments<NegativeBinomialParameters, ['total_count', 'probs', 'logits', 'validate_args']>) {
    const { total_count, probs, logits, validate_args } = negative_binomial_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [count, given] = broadcast_all(total_count, value);
    own(this, 'total_count', count.type_as(given));
    own(this, name, given);
    this.__init__(given.shape, [], validate_args);
  }

  override get mean(): Tensor {
    return this.total_count.mul(this.logits.exp());
  }
  override get mode(): Tensor {
    return this.total_count.sub(1).mul(this.logits.exp()).floor().clamp(0);
  }
  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid());
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  override sample(...args: SampleArguments): Tensor {
    return no_grad(() => {
      const rates = new Gamma(this.total_count, this.logits.neg().exp(), { validate_args: false });
      return aten.poisson(rates.sample(...args));
    });
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const { total_count, logits } = this;
    const outcomes = total_count.mul(logsigmoid(logits.neg())).add(value.mul(logsigmoid(logits)));
    const attempts = total_count.add(value);
    const orderings = attempts.lgamma().neg().add(value.add(1).lgamma()).add(total_count.lgamma());
    return outcomes.sub(orderings.masked_fill(attempts.eq(0), 0));
  }
}
