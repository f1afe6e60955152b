import { type Arguments, is_kwargs, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { IndexError, ValueError } from '../errors.ts';
import { check_tensor } from '../functional/tensors.ts';
import type { Tensor } from '../tensor.ts';
import { Categorical } from './categorical.ts';
import { type Constraint, MixtureSameFamilyConstraint } from './constraints.ts';
import { type ArgConstraints, Distribution, type Validation, value_of } from './distribution.ts';
import {
  batch_shape_of,
  type ExpandArguments,
  type SampleArguments,
  sample_shape_of,
  type ValueArguments,
} from './shapes.ts';

interface MixtureParameters<D extends Distribution> extends Validation {
  mixture_distribution: Categorical;
  component_distribution: D;
}
const mixture_arguments = signature<MixtureParameters<Distribution>>('MixtureSameFamily', [
  'mixture_distribution',
  'component_distribution',
  ['validate_args', null],
]);

const value_arguments = signature<{ x: Tensor }>('log_prob', ['x']);

/** How `log_prob` and `cdf` are called: Python's name of the value is `x` here. */
type MixtureValueArguments = ValueArguments | [kwargs: { x: Tensor }];

function value_named_x(args: MixtureValueArguments): Tensor {
  const [first] = args;
  return is_kwargs(first) && 'x' in first ? value_arguments(args).x : value_of(args);
}

/**
 * Mixtures of distributions of one family: a category is drawn, and then a sample of the component of that number.
 *
 * ```ts
 * const weights = new Categorical(torch.ones(5));
 * const mixture = new MixtureSameFamily(weights, new Normal(torch.randn(5), torch.rand(5)));
 * ```
 *
 * @param mixture_distribution how likely the components are
 * @param component_distribution the components, along the last dimension of its batch
 * @throws ValueError for anything else, and for batches that do not fit
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.mixture_same_family.MixtureSameFamily
 */
export class MixtureSameFamily<D extends Distribution = Distribution> extends Distribution {
  static override readonly __module__: string = 'torch.distributions.mixture_same_family';
  static readonly arg_constraints: ArgConstraints = {};

  private _mixture_distribution: Categorical;
  private _component_distribution: D;

  constructor(
    ...args: Arguments<MixtureParameters<D>, ['mixture_distribution', 'component_distribution', 'validate_args']>
  ) {
    super();
    const { mixture_distribution, component_distribution, validate_args } = mixture_arguments(args);
    if (!(mixture_distribution instanceof Categorical)) {
      throw new ValueError(' The Mixture distribution needs to be an  instance of torch.distributions.Categorical');
    }
    if (!(component_distribution instanceof Distribution)) {
      throw new ValueError('The Component distribution needs to be an instance of torch.distributions.Distribution');
    }
    const weights_shape = mixture_distribution.batch_shape;
    const batch_shape = component_distribution.batch_shape.slice(0, -1);
    for (let i = 1; i <= Math.min(weights_shape.length, batch_shape.length); i++) {
      const [a, b] = [weights_shape[weights_shape.length - i], batch_shape[batch_shape.length - i]];
      if (a === 1 || b === 1 || a === b) continue;
      throw new ValueError(
        `\`mixture_distribution.batch_shape\` (${String(weights_shape)}) is not compatible with ` +
          `\`component_distribution.batch_shape\`(${String(batch_shape)})`,
      );
    }
    const weights = mixture_distribution.logits.size(-1);
    const [components] = component_distribution.batch_shape.slice(-1);
    if (components === undefined) throw new IndexError('tuple index out of range');
    if (weights !== components) {
      throw new ValueError(
        `\`mixture_distribution component\` (${weights}) does not equal ` +
          `\`component_distribution.batch_shape[-1]\` (${components})`,
      );
    }
    this._mixture_distribution = mixture_distribution;
    this._component_distribution = component_distribution as D;
    this.__init__(batch_shape, component_distribution.event_shape, validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    const components = this._component_distribution.batch_shape.slice(-1);
    copy._component_distribution = this._component_distribution.expand(batch_shape.concat(components));
    copy._mixture_distribution = this._mixture_distribution.expand(batch_shape);
    return copy;
  }

  override get support(): Constraint {
    return new MixtureSameFamilyConstraint(this._component_distribution.support);
  }

  /** How likely the components are. */
  get mixture_distribution(): Categorical {
    return this._mixture_distribution;
  }

  /** The components, along the last dimension of the batch. */
  get component_distribution(): D {
    return this._component_distribution;
  }

  /** The dimension of the components, in values of a batch. */
  private get _component_dim(): number {
    return -1 - this._event_shape.length;
  }

  /** The average over components, of what has the shape of one value for each of them. */
  private _average(values: Tensor): Tensor {
    const { probs } = this._mixture_distribution;
    const weights = probs.reshape([...probs.shape, ...this._event_shape.map(() => 1)]);
    return weights.mul(values).sum(this._component_dim);
  }

  override get mean(): Tensor {
    return this._average(this._component_distribution.mean);
  }

  /** The average variance of the components, and the variance of their means. */
  override get variance(): Tensor {
    const { mean, variance } = this._component_distribution;
    const distance = mean.sub(this.mean.unsqueeze(this._component_dim));
    return this._average(variance).add(this._average(distance.pow(2)));
  }

  override cdf(...args: MixtureValueArguments): Tensor {
    const x = value_named_x(args);
    check_tensor('cdf', 'x', x);
    const value = x.unsqueeze(this._component_dim);
    return this._component_distribution.cdf(value).mul(this._mixture_distribution.probs).sum(-1);
  }

  override log_prob(...args: MixtureValueArguments): Tensor {
    const value = this._value([value_named_x(args)]).unsqueeze(this._component_dim);
    const weights = this._mixture_distribution.logits.log_softmax(-1);
    return this._component_distribution.log_prob(value).add(weights).logsumexp(-1);
  }

  override sample(...args: SampleArguments): Tensor {
    const sample_shape = sample_shape_of(args);
    return no_grad(() => {
      const chosen = this._mixture_distribution.sample(sample_shape);
      const samples = this._component_distribution.sample(sample_shape);
      const dim = sample_shape.length + this._batch_shape.length;
      const index = chosen
        .reshape([...chosen.shape, 1, ...this._event_shape.map(() => 1)])
        .expand([...chosen.shape, 1, ...this._event_shape]);
      return samples.gather(dim, index).squeeze(dim);
    });
  }

  override toString(): string {
    return `MixtureSameFamily(\n  ${String(this._mixture_distribution)},\n  ${String(this._component_distribution)})`;
  }
}
