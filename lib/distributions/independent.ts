import { type Arguments, signature } from '../arguments.ts';
import { NotImplementedError, ValueError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { check_distribution, check_whole } from './arguments.ts';
import { type Constraint, independent } from './constraints.ts';
import {
  type ArgConstraints,
  Distribution,
  own,
  support_expand_of,
  type SupportArguments,
  type Validation,
} from './distribution.ts';
import {
  batch_shape_of,
  type ExpandArguments,
  type SampleArguments,
  sum_rightmost,
  type ValueArguments,
} from './shapes.ts';

interface IndependentParameters<D extends Distribution> extends Validation {
  base_distribution: D;
  reinterpreted_batch_ndims: number;
}
const independent_arguments = signature<IndependentParameters<Distribution>>('Independent', [
  'base_distribution',
  'reinterpreted_batch_ndims',
  ['validate_args', null],
]);

/**
 * Makes the last dimensions of a batch part of one sample: `new Independent(new Normal(loc, scale), 1)` is a vector of
 * independent normal numbers, whose `log_prob` is one number.
 *
 * @param base_distribution the distribution
 * @param reinterpreted_batch_ndims how many dimensions of its batch, counted from the right
 * @throws ValueError if the batch has fewer dimensions
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.independent.Independent
 */
export class Independent<D extends Distribution = Distribution> extends Distribution {
  static override readonly __module__: string = 'torch.distributions.independent';
  static readonly arg_constraints: ArgConstraints = {};

  /** The distribution whose batch is reinterpreted. */
  declare readonly base_dist: D;
  declare readonly reinterpreted_batch_ndims: number;

  constructor(
    ...args: Arguments<IndependentParameters<D>, ['base_distribution', 'reinterpreted_batch_ndims', 'validate_args']>
  ) {
    super();
    const { base_distribution, reinterpreted_batch_ndims, validate_args } = independent_arguments(args);
    check_distribution('Independent', 'base_distribution', base_distribution);
    check_whole('Independent', 'reinterpreted_batch_ndims', reinterpreted_batch_ndims);
    const { batch_shape, event_shape } = base_distribution;
    if (reinterpreted_batch_ndims > batch_shape.length) {
      throw new ValueError(
        'Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), ' +
          `actual ${reinterpreted_batch_ndims} vs ${batch_shape.length}`,
      );
    }
    this.base_dist = base_distribution as D;
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
    const shape = batch_shape.concat(event_shape);
    const cut = batch_shape.length - reinterpreted_batch_ndims;
    this.__init__(shape.slice(0, cut), shape.slice(cut), validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    const reinterpreted = this._event_shape.slice(0, this.reinterpreted_batch_ndims);
    own(copy, 'base_dist', this.base_dist.expand(batch_shape.concat(reinterpreted)));
    own(copy, 'reinterpreted_batch_ndims', this.reinterpreted_batch_ndims);
    return copy;
  }

  override get has_rsample(): boolean {
    return this.base_dist.has_rsample;
  }

  override get has_enumerate_support(): boolean {
    return this.reinterpreted_batch_ndims > 0 ? false : this.base_dist.has_enumerate_support;
  }

  override get support(): Constraint {
    const { support } = this.base_dist;
    return this.reinterpreted_batch_ndims > 0 ? independent(support, this.reinterpreted_batch_ndims) : support;
  }

  override get mean(): Tensor {
    return this.base_dist.mean;
  }

  override get mode(): Tensor {
    return this.base_dist.mode;
  }

  override get variance(): Tensor {
    return this.base_dist.variance;
  }

  override sample(...args: SampleArguments): Tensor {
    return this.base_dist.sample(...args);
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.base_dist.rsample(...args);
  }

  override log_prob(...args: ValueArguments): Tensor {
    return sum_rightmost(this.base_dist.log_prob(...args), this.reinterpreted_batch_ndims);
  }

  override entropy(): Tensor {
    return sum_rightmost(this.base_dist.entropy(), this.reinterpreted_batch_ndims);
  }

  override enumerate_support(...args: SupportArguments): Tensor {
    const expand = support_expand_of(args);
    if (this.reinterpreted_batch_ndims > 0) {
      throw new NotImplementedError('Enumeration over cartesian product is not implemented');
    }
    return this.base_dist.enumerate_support(expand);
  }

  override toString(): string {
    return `${this.constructor.name}(${String(this.base_dist)}, ${this.reinterpreted_batch_ndims})`;
  }
}
