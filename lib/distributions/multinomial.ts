import { type Arguments, signature } from '../arguments.ts';
import { NotImplementedError } from '../errors.ts';
import { tensor } from '../creation.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import { Binomial } from './binomial.ts';
import { Categorical, CATEGORIES } from './categorical.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own } from './distribution.ts';
import type { ProbsOrLogits } from './probabilities.ts';
import {
  as_size,
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  sample_shape_of,
  type SampleArguments,
  type ValueArguments,
} from './shapes.ts';

export interface MultinomialParameters extends ProbsOrLogits<Tensor> {
  total_count?: number;
}

const multinomial_arguments = signature<MultinomialParameters>('Multinomial', [
  ['total_count', 1],
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/**
 * How often each category comes up in `total_count` draws: vectors of counts.
 * @param total_count the number of draws, the same for all distributions of the batch (default: 1)
 * @param probs how likely the categories are, as in `Categorical`
 * @param logits unnormalised logarithms of that, instead
 * @throws NotImplementedError where `total_count` is no number
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.multinomial.Multinomial
 */
export class Multinomial extends Distribution {
  static override readonly __module__: string = 'torch.distributions.multinomial';
  static readonly arg_constraints: ArgConstraints = CATEGORIES;

  readonly total_count: number;
  readonly _categorical: Categorical;
  readonly _binomial: Binomial;

  constructor(...args: Arguments<MultinomialParameters, ['total_count', 'probs', 'logits', 'validate_args']>) {
    const { total_count, probs, logits, validate_args } = multinomial_arguments(args);
    if (typeof total_count !== 'number') throw new NotImplementedError('inhomogeneous total_count is not supported');
    super();
    this.total_count = total_count;
    this._categorical = new Categorical(probs, logits);
    this._binomial = new Binomial(total_count, { probs: this.probs });
    this.__init__(this._categorical.batch_shape, this._categorical.param_shape.slice(-1), validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    own(copy, 'total_count', this.total_count);
    own(copy, '_categorical', this._categorical.expand(batch_shape));
    own(copy, '_binomial', this._binomial);
    return copy;
  }

  override get support(): constraints.Constraint {
    return constraints.multinomial(this.total_count);
  }
  /** The probabilities, whose sum is 1. */
  get probs(): Tensor {
    return this._categorical.probs;
  }
  /** Their logarithms. */
  get logits(): Tensor {
    return this._categorical.logits;
  }
  override get mean(): Tensor {
    return this.probs.mul(this.total_count);
  }
  override get variance(): Tensor {
    return this.probs.mul(this.total_count).mul(aten.rsub(this.probs, 1));
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._categorical.param_shape;
  }

  override sample(...args: SampleArguments): Tensor {
    const sample_shape = sample_shape_of(args);
    const draws = this._categorical.sample(as_size([this.total_count]).concat(sample_shape)).movedim(0, -1);
    const counts = draws.new_zeros(this._extended_shape(sample_shape));
    return counts.scatter_add_(-1, draws, aten.ones_like(draws)).type_as(this.probs);
  }

  override entropy(): Tensor {
    const count = tensor(this.total_count);
    const ordered = this._categorical.entropy().mul(count).sub(count.add(1).lgamma());
    const counts = this._binomial.enumerate_support(false).narrow(0, 1, this.total_count);
    const repeated = this._binomial.log_prob(counts).exp().mul(counts.add(1).lgamma());
    return ordered.add(repeated.sum([0, -1]));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const [value, logits] = broadcast_all(this._value(args), this.logits);
    const orderings = value.sum(-1).add(1).lgamma().sub(value.add(1).lgamma().sum(-1));
    // What never comes up and did not: 0 times minus infinity is 0 here.
    const impossible = value.eq(0).bitwise_and(logits.eq(-Infinity));
    return orderings.add(logits.masked_fill(impossible, 0).mul(value).sum(-1));
  }
}
