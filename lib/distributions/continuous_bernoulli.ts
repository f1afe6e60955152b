import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { ValueError } from '../errors.ts';
import { binary_cross_entropy_with_logits } from '../nn/functional.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, own, standard_uniform, unchecked_value } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import {
  clamp_probs,
  compute_on_demand,
  given_parameter,
  param_of,
  PROBS_AND_LOGITS,
  type ProbsOrLogits,
} from './probabilities.ts';
import {
  broadcast_all,
  batch_shape_of,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';

export interface ContinuousBernoulliParameters extends ProbsOrLogits<Value> {
  lims?: readonly [number, number];
}

const continuous_bernoulli_arguments = signature<ContinuousBernoulliParameters>('ContinuousBernoulli', [
  ['probs', null],
  ['logits', null],
  ['lims', [0.499, 0.501]],
  ['validate_args', null],
]);

/** `log(1 - p) - log(p)` */
function log_odds_against(p: Tensor): Tensor {
  return p.neg().log1p().sub(p.log());
}

/**
 * Numbers from 0 to 1 whose density is proportional to `probs ** x * (1 - probs) ** (1 - x)`: what the binary cross
 * entropy of images is the likelihood of.
 * @param probs in the interval between 0 and 1; not the mean
 * @param logits its log odds, instead of it
 * @param lims between these `probs` are so close to one half that series are used (default: 0.499 and 0.501)
 * @throws ValueError unless one of `probs` and `logits` is given; for `probs` out of their range
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.continuous_bernoulli.ContinuousBernoulli
 */
export class ContinuousBernoulli extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.continuous_bernoulli';
  static readonly arg_constraints: ArgConstraints = { probs: constraints.unit_interval, logits: constraints.real };
  static readonly support: constraints.Constraint = constraints.unit_interval;
  static override readonly has_rsample: boolean = true;
  protected static override readonly lazy_parameters = PROBS_AND_LOGITS;
  static {
    compute_on_demand(this, 'binary', clamp_probs);
  }

  declare readonly probs: Tensor;
  declare readonly logits: Tensor;
  readonly _lims: readonly [number, number];

  constructor(
    ...args: Arguments<ContinuousBernoulliParameters, ['probs', 'logits', 'lims', 'validate_args']>
  ) {
    const { probs, logits, lims, validate_args } = continuous_bernoulli_arguments(args);
    super();
    const [name, value] = given_parameter(probs, logits);
    const [given] = broadcast_all(value);
    if (name === 'probs' && validate_args !== null && validate_args) {
      if (!constraints.unit_interval.check(given).all().item()) {
        throw new ValueError('The parameter probs has invalid values');
      }
    }
    own(this, name, name === 'probs' ? clamp_probs(given) : given);
    this._lims = lims;
    this.__init__(given.shape, [], validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const copy = this._expanded(batch_shape_of(args), this.arg_constraints);
    own(copy, '_lims', this._lims);
    return copy;
  }

  /** Where the formulas are no difference of nearly equal numbers. */
  private get _stable(): Tensor {
    return this.probs.le(this._lims[0]).bitwise_or(this.probs.gt(this._lims[1]));
  }

  /** `formula` where it is stable for the probabilities, `series` elsewhere. */
  private _stabilized(formula: (probs: Tensor) => Tensor, series: Tensor): Tensor {
    const stable = this._stable;
    const probs = aten.where(stable, this.probs, aten.full_like(this.probs, this._lims[0]));
    return aten.where(stable, formula(probs), series);
  }

  /** The logarithm of what the density is multiplied by so that it integrates to 1. */
  private get _log_factor(): Tensor {
    const x = this.probs.sub(0.5).pow(2);
    return this._stabilized(
      (probs) => {
        const low = probs.le(0.5);
        const below = aten.where(low, probs, aten.zeros_like(probs));
        const above = aten.where(probs.ge(0.5), probs, aten.ones_like(probs));
        const log_width = aten.where(low, below.mul(-2).log1p(), above.mul(2).sub(1).log());
        return log_odds_against(probs).abs().log().sub(log_width);
      },
      x.mul(104 / 45).add(4 / 3).mul(x).add(Math.LN2),
    );
  }

  override get mean(): Tensor {
    const x = this.probs.sub(0.5);
    return this._stabilized(
      (probs) => probs.div(probs.mul(2).sub(1)).add(log_odds_against(probs).reciprocal()),
      x.pow(2).mul(16 / 45).add(1 / 3).mul(x).add(0.5),
    );
  }
  override get stddev(): Tensor {
    return this.variance.sqrt();
  }
  override get variance(): Tensor {
    const x = this.probs.sub(0.5).pow(2);
    return this._stabilized(
      (probs) =>
        probs
          .mul(probs.sub(1))
          .div(aten.rsub(probs.mul(2), 1).pow(2))
          .add(log_odds_against(probs).pow(2).reciprocal()),
      aten.rsub(aten.rsub(x.mul(128 / 945), 1 / 15).mul(x), 1 / 12),
    );
  }
  /** The shape of the parameter. */
  get param_shape(): Size {
    return param_of(this).shape;
  }

  override sample(...args: SampleArguments): Tensor {
    return no_grad(() => this.rsample(...args));
  }

  override rsample(...args: SampleArguments): Tensor {
    return this.icdf(standard_uniform(this._sample_shape(args), this.probs));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const [logits, target] = broadcast_all(this.logits, value);
    return binary_cross_entropy_with_logits(logits, target, { reduction: 'none' }).neg().add(this._log_factor);
  }

  override cdf(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const inside = this._stabilized((probs) => {
      const density = probs.pow(value).mul(aten.rsub(probs, 1).pow(aten.rsub(value, 1)));
      return density.add(probs).sub(1).div(probs.mul(2).sub(1));
    }, value);
    const below = aten.where(value.le(0), aten.zeros_like(inside), inside);
    return aten.where(value.ge(1), aten.ones_like(below), below);
  }

  override icdf(...args: ValueArguments): Tensor {
    const value = unchecked_value(args);
    return this._stabilized((probs) => {
      const log_rest = probs.neg().log1p();
      return probs
        .neg()
        .add(value.mul(probs.mul(2).sub(1)))
        .log1p()
        .sub(log_rest)
        .div(probs.log().sub(log_rest));
    }, value);
  }

  override entropy(): Tensor {
    const log_rest = this.probs.neg().log1p();
    return this.mean.mul(log_rest.sub(this.probs.log())).sub(this._log_factor).sub(log_rest);
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.logits];
  }

  override _log_normalizer(x: Tensor): Tensor {
    const [low, high] = [this._lims[0] - 0.5, this._lims[1] - 0.5];
    const stable = x.le(low).bitwise_or(x.gt(high));
    const logits = aten.where(stable, x, aten.full_like(x, low));
    const formula = logits.expm1().abs().log().sub(logits.abs().log());
    const series = x.mul(0.5).add(x.pow(2).div(24)).sub(x.pow(4).div(2880));
    return aten.where(stable, formula, series);
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}
