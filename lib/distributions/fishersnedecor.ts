import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, type Validation } from './distribution.ts';
import { Gamma } from './gamma.ts';
import {
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';

export interface FisherSnedecorParameters extends Validation {
  df1: Value;
  df2: Value;
}

const fisher_arguments = signature<FisherSnedecorParameters>('FisherSnedecor', [
  'df1',
  'df2',
  ['validate_args', null],
]);

/**
 * The F distribution: the ratio of two `Chi2` numbers, each divided by its degrees of freedom.
 * @param df1 the degrees of freedom above
 * @param df2 those below
 * @throws ValueError for numbers that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.fishersnedecor.FisherSnedecor
 */
export class FisherSnedecor extends Distribution {
  static override readonly __module__: string = 'torch.distributions.fishersnedecor';
  static readonly arg_constraints: ArgConstraints = { df1: constraints.positive, df2: constraints.positive };
  static readonly support: constraints.Constraint = constraints.positive;
  static override readonly has_rsample: boolean = true;

  declare readonly df1: Tensor;
  declare readonly df2: Tensor;
  readonly _gamma1: Gamma;
  readonly _gamma2: Gamma;

  constructor(...args: Arguments<FisherSnedecorParameters, ['df1', 'df2', 'validate_args']>) {
    const given = fisher_arguments(args);
    super();
    const [df1, df2] = broadcast_all(given.df1, given.df2);
    this._gamma1 = new Gamma(df1.mul(0.5), df1);
    this._gamma2 = new Gamma(df2.mul(0.5), df2);
    this._broadcast({ df1, df2 }, given.validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    const batch_shape = batch_shape_of(args);
    own(copy, '_gamma1', this._gamma1.expand(batch_shape));
    own(copy, '_gamma2', this._gamma2.expand(batch_shape));
    return copy;
  }

  /** NaN for `df2` of 2 and less. */
  override get mean(): Tensor {
    const df2 = this.df2.masked_fill(this.df2.le(2), NaN);
    return df2.div(df2.sub(2));
  }
  /** NaN for `df1` of 2 and less. */
  override get mode(): Tensor {
    const { df1, df2 } = this;
    return df1.sub(2).div(df1).mul(df2).div(df2.add(2)).masked_fill(df1.le(2), NaN);
  }
  /** NaN for `df2` of 4 and less. */
  override get variance(): Tensor {
    const { df1 } = this;
    const df2 = this.df2.masked_fill(this.df2.le(4), NaN);
    const numerator = df2.pow(2).mul(2).mul(df1.add(df2).sub(2));
    return numerator.div(df1.mul(df2.sub(2).pow(2)).mul(df2.sub(4)));
  }

  override rsample(...args: SampleArguments): Tensor {
    const { tiny } = new finfo(this.df1.dtype);
    const above = this._gamma1.rsample(...args);
    const below = this._gamma2.rsample(...args);
    below.detach().clamp_(tiny);
    const ratio = above.div(below);
    ratio.clamp_(tiny);
    return ratio;
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const [half1, half2] = [this.df1.mul(0.5), this.df2.mul(0.5)];
    const ratio = this.df1.div(this.df2);
    const normalizer = half1.add(half2).lgamma().sub(half1.lgamma()).sub(half2.lgamma());
    return normalizer
      .add(half1.mul(ratio.log()).add(half1.sub(1).mul(value.log())))
      .sub(half1.add(half2).mul(ratio.mul(value).log1p()));
  }
}
