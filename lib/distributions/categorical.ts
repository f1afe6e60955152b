import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { int64 } from '../dtype.ts';
import { ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, type SupportArguments } from './distribution.ts';
import {
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import { check_tensor, sample_shape_of, type SampleArguments, type ValueArguments } from './shapes.ts';

const categorical_arguments = signature<ProbsOrLogits<Tensor>>('Categorical', [
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/** The constraints of parameters that have the categories along their last dimension. */
export const CATEGORIES: ArgConstraints = { probs: constraints.simplex, logits: constraints.real_vector };

/**
 * The number of a category: 0, 1, … .
 *
 * ```ts
 * const policy = new torch.distributions.Categorical({ logits: model(state) });
 * const action = policy.sample();
 * const loss = policy.log_prob(action).neg().mul(reward);
 * ```
 *
 * @param probs how likely the categories are, along the last dimension; they need not sum to 1
 * @param logits unnormalised logarithms of that, instead
 * @throws ValueError unless one of them is given; for negative probabilities
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.categorical.Categorical
 */
export class Categorical extends Distribution {
  static override readonly __module__: string = 'torch.distributions.categorical';
  static readonly arg_constraints: ArgConstraints = CATEGORIES;
  static override readonly has_enumerate_support: boolean = true;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'categories');
  }

  /** The probabilities, whose sum is 1. */
  declare readonly probs: Tensor;
  /** Their logarithms. */
  declare readonly logits: Tensor;
  private _num_events: number;

  constructor(...args: Arguments<ProbsOrLogits<Tensor>, ['probs', 'logits', 'validate_args']>) {
    const { probs, logits, validate_args } = categorical_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    check_tensor(value);
    if (value.dim() < 1) throw new ValueError(`\`${name}\` parameter must be at least one-dimensional.`);
    const given = name === 'probs' ? value.div(value.sum(-1, true)) : value.sub(value.logsumexp(-1, true));
    own(this, name, given);
    this._num_events = given.size(-1);
    this.__init__(given.shape.slice(0, -1), [], validate_args);
  }

  protected override _copy(batch_shape: Size): this {
    const copy = super._copy(batch_shape);
    copy._num_events = this._num_events;
    return copy;
  }

  override get support(): constraints.Constraint {
    return constraints.integer_interval(0, this._num_events - 1);
  }
  /** NaN: categories have no mean. */
  override get mean(): Tensor {
    return this._undefined();
  }
  override get mode(): Tensor {
    return this.probs.argmax(-1);
  }
  /** NaN: categories have no variance. */
  override get variance(): Tensor {
    return this._undefined();
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  private _undefined(): Tensor {
    const { dtype, device } = this.probs;
    return aten.full(this._extended_shape(), NaN, { dtype, device });
  }

  override sample(...args: SampleArguments): Tensor {
    const sample_shape = sample_shape_of(args);
    return no_grad(() => {
      const rows = this.probs.reshape(-1, this._num_events);
      return aten.multinomial(rows, sample_shape.numel(), true).t().reshape(this._extended_shape(sample_shape));
    });
  }

  override log_prob(...args: ValueArguments): Tensor {
    const chosen = this._value(args).long().unsqueeze(-1);
    const [indices, logits] = aten.broadcast_tensors([chosen, this.logits]);
    return logits!.gather(-1, indices!.narrow(-1, 0, 1)).squeeze(-1);
  }

  override entropy(): Tensor {
    const { min } = new finfo(this.logits.dtype);
    return this.logits.clamp(min).mul(this.probs).sum(-1).neg();
  }

  override enumerate_support(...args: SupportArguments): Tensor {
    return this._enumerated(aten.arange(this._num_events, { dtype: int64, device: param_of(this).device }), args);
  }
}
