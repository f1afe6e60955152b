import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import { Categorical, CATEGORIES } from './categorical.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, type SupportArguments } from './distribution.ts';
import type { ProbsOrLogits } from './probabilities.ts';
import { batch_shape_of, type ExpandArguments, type SampleArguments, type ValueArguments } from './shapes.ts';

const one_hot_arguments = signature<ProbsOrLogits<Tensor>>('OneHotCategorical', [
  ['probs', null],
  ['logits', null],
  ['validate_args', null],
]);

/**
 * A category as a vector of zeros with a 1 in its place. The parameters are those of `Categorical`.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.one_hot_categorical.OneHotCategorical
 */
export class OneHotCategorical extends Distribution {
  static override readonly __module__: string = 'torch.distributions.one_hot_categorical';
  static readonly arg_constraints: ArgConstraints = CATEGORIES;
  static readonly support: constraints.Constraint = constraints.one_hot;
  static override readonly has_enumerate_support: boolean = true;

  readonly _categorical: Categorical;

  constructor(...args: Arguments<ProbsOrLogits<Tensor>, ['probs', 'logits', 'validate_args']>) {
    const { probs, logits, validate_args } = one_hot_arguments(args);
    super();
    this._categorical = new Categorical(probs, logits);
    this.__init__(this._categorical.batch_shape, this._categorical.param_shape.slice(-1), validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    own(copy, '_categorical', this._categorical.expand(batch_shape));
    return copy;
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
    return this._categorical.probs;
  }
  override get mode(): Tensor {
    return this._one_hot(this._categorical.mode);
  }
  override get variance(): Tensor {
    return this.probs.mul(aten.rsub(this.probs, 1));
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return this._categorical.param_shape;
  }

  private _one_hot(categories: Tensor): Tensor {
    return aten.one_hot(categories, this.event_shape[0]!).to(this.probs.dtype);
  }

  override sample(...args: SampleArguments): Tensor {
    return this._one_hot(this._categorical.sample(...args));
  }

  override log_prob(...args: ValueArguments): Tensor {
    return this._categorical.log_prob(this._value(args).max(-1).indices);
  }

  override entropy(): Tensor {
    return this._categorical.entropy();
  }

  override enumerate_support(...args: SupportArguments): Tensor {
    const { dtype, device } = this.probs;
    return this._enumerated(aten.eye(this.event_shape[0]!, { dtype, device }), args);
  }
}

/**
 * `OneHotCategorical` whose samples have the gradient of the probabilities.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.one_hot_categorical.OneHotCategoricalStraightThrough
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  static override readonly has_rsample: boolean = true;

  override rsample(...args: SampleArguments): Tensor {
    const samples = this.sample(...args);
    return samples.add(this.probs.sub(this.probs.detach()));
  }
}
