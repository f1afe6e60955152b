import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { ValueError } from '../errors.ts';
import { check_tensor } from '../functional/tensors.ts';
import { repr } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { check_distribution } from './arguments.ts';
import { type Constraint, independent } from './constraints.ts';
import { type ArgConstraints, Distribution, own, type Validation, value_of } from './distribution.ts';
import { Independent } from './independent.ts';
import {
  batch_shape_of,
  type ExpandArguments,
  type SampleArguments,
  sum_rightmost,
  type ValueArguments,
} from './shapes.ts';
import { ComposeTransform, Transform } from './transforms.ts';

interface TransformedParameters<D extends Distribution> extends Validation {
  base_distribution: D;
  transforms: Transform | readonly Transform[];
}
const transformed_arguments = signature<TransformedParameters<Distribution>>('TransformedDistribution', [
  'base_distribution',
  'transforms',
  ['validate_args', null],
]);

function transform_list(transforms: unknown): readonly Transform[] {
  if (transforms instanceof Transform) return [transforms];
  if (!Array.isArray(transforms)) {
    throw new ValueError(`transforms must be a Transform or list, but was ${repr(transforms)}`);
  }
  if (!transforms.every((one) => one instanceof Transform)) {
    throw new ValueError('transforms must be a Transform or a list of Transforms');
  }
  return transforms;
}

/**
 * What becomes of a distribution's samples when they are transformed:
 * `new TransformedDistribution(new Normal(0, 1), [new transforms.ExpTransform()])` is a log-normal distribution.
 * A subclass that has parameters of its own sets them after `super(base, transforms, { validate_args: false })` and
 * then calls `this.__init__(this.batch_shape, this.event_shape, validate_args)`.
 *
 * @param base_distribution where samples come from
 * @param transforms a transform, or a list of them, the first one first
 * @throws ValueError if the transforms want more dimensions than samples have
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transformed_distribution.TransformedDistribution
 */
export class TransformedDistribution<D extends Distribution = Distribution> extends Distribution {
  static override readonly __module__: string = 'torch.distributions.transformed_distribution';
  static readonly arg_constraints: ArgConstraints = {};

  /** The distribution whose samples are transformed: expanded and `Independent`, where the transforms want it. */
  declare readonly base_dist: D;
  /** The transforms, the first one first. */
  declare readonly transforms: readonly Transform[];

  constructor(
    ...args: Arguments<TransformedParameters<D>, ['base_distribution', 'transforms', 'validate_args']>
  ) {
    super();
    const { base_distribution, transforms, validate_args } = transformed_arguments(args);
    check_distribution('TransformedDistribution', 'base_distribution', base_distribution);
    this.transforms = transform_list(transforms);
    const whole = new ComposeTransform(this.transforms);
    const [inner, outer] = [whole.domain.event_dim, whole.codomain.event_dim];
    const base_shape = base_distribution.batch_shape.concat(base_distribution.event_shape);
    const base_event_dim = base_distribution.event_shape.length;
    if (base_shape.length < inner) {
      throw new ValueError(
        `base_distribution needs to have shape with size at least ${inner}, but got ${String(base_shape)}.`,
      );
    }
    const shape = whole.forward_shape(base_shape);
    // Parameters of the transforms may make more distributions out of one.
    const expanded = whole.inverse_shape(shape);
    let base: Distribution = base_distribution;
    if (!expanded.equals(base_shape)) base = base.expand(expanded.slice(0, expanded.length - base_event_dim));
    if (inner > base_event_dim) base = new Independent(base, inner - base_event_dim);
    this.base_dist = base as D;
    const cut = shape.length - Math.max(outer, base_event_dim + outer - inner);
    this.__init__(shape.slice(0, cut), shape.slice(cut), validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    const shape = this.transforms.reduceRight(
      (sizes, one) => one.inverse_shape(sizes),
      batch_shape.concat(this._event_shape),
    );
    own(copy, 'base_dist', this.base_dist.expand(shape.slice(0, shape.length - this.base_dist.event_shape.length)));
    own(copy, 'transforms', this.transforms);
    return copy;
  }

  override get support(): Constraint {
    const last = this.transforms[this.transforms.length - 1];
    if (last === undefined) return this.base_dist.support;
    const more = this._event_shape.length - last.codomain.event_dim;
    return more > 0 ? independent(last.codomain, more) : last.codomain;
  }

  override get has_rsample(): boolean {
    return this.base_dist.has_rsample;
  }

  private _forward(x: Tensor): Tensor {
    return this.transforms.reduce((value, one) => one(value), x);
  }

  /** Samples, without gradients; where the base distribution has no `rsample`, too. */
  override sample(...args: SampleArguments): Tensor {
    return no_grad(() => this._forward(this.base_dist.sample(...args)));
  }

  override rsample(...args: SampleArguments): Tensor {
    return this._forward(this.base_dist.rsample(...args));
  }

  /** The density of the base distribution where the value came from, over how much space is stretched there. */
  override log_prob(...args: ValueArguments): Tensor {
    let y = this._value(args);
    let event_dim = this._event_shape.length;
    let stretched: Tensor | undefined;
    for (const one of [...this.transforms].reverse()) {
      const x = one.inv(y);
      const [inner, outer] = [one.domain.event_dim, one.codomain.event_dim];
      event_dim += inner - outer;
      const term = sum_rightmost(one.log_abs_det_jacobian(x, y), event_dim - inner);
      stretched = stretched === undefined ? term.neg() : stretched.sub(term);
      y = x;
    }
    const density = sum_rightmost(this.base_dist.log_prob(y), event_dim - this.base_dist.event_shape.length);
    return stretched === undefined ? density : stretched.add(density);
  }

  /** Turns a probability around where the transforms fall instead of rising; it is its own inverse. */
  private _monotonize(probability: Tensor): Tensor {
    const { sign } = new ComposeTransform(this.transforms);
    if (sign === 1) return probability;
    return probability.sub(0.5).mul(sign).add(0.5);
  }

  override cdf(...args: ValueArguments): Tensor {
    const y = value_of(args);
    check_tensor('cdf', 'value', y);
    const value = this.transforms.reduceRight((at, one) => one.inv(at), y);
    if (this._validates) this.base_dist._validate_sample(value);
    return this._monotonize(this.base_dist.cdf(value));
  }

  override icdf(...args: ValueArguments): Tensor {
    const value = value_of(args);
    check_tensor('icdf', 'value', value);
    return this._forward(this.base_dist.icdf(this._monotonize(value)));
  }
}
