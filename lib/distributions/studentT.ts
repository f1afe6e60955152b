import { type Arguments, signature } from '../arguments.ts';
import type { Tensor } from '../tensor.ts';
import { Chi2 } from './chi2.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, own, standard_normal, type Validation } from './distribution.ts';
import {
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';

export interface StudentTParameters extends Validation {
  df: Value;
  loc?: Value;
  scale?: Value;
}

const student_arguments = signature<StudentTParameters>('StudentT', [
  'df',
  ['loc', 0],
  ['scale', 1],
  ['validate_args', null],
]);

/**
 * Student's t distribution.
 * @param df the degrees of freedom: the fewer, the heavier the tails
 * @param loc the mode (default: 0)
 * @param scale how far numbers are from it (default: 1)
 * @throws ValueError for `df` or `scale` that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.studentT.StudentT
 */
export class StudentT extends Distribution {
  static override readonly __module__: string = 'torch.distributions.studentT';
  static readonly arg_constraints: ArgConstraints = {
    df: constraints.positive,
    loc: constraints.real,
    scale: constraints.positive,
  };
  static readonly support: constraints.Constraint = constraints.real;
  static override readonly has_rsample: boolean = true;

  declare readonly df: Tensor;
  declare readonly loc: Tensor;
  declare readonly scale: Tensor;
  readonly _chi2: Chi2;

  constructor(...args: Arguments<StudentTParameters, ['df', 'loc', 'scale', 'validate_args']>) {
    const given = student_arguments(args);
    super();
    const [df, loc, scale] = broadcast_all(given.df, given.loc, given.scale);
    this._chi2 = new Chi2(df);
    this._broadcast({ df, loc, scale }, given.validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    own(copy, '_chi2', this._chi2.expand(batch_shape_of(args)));
    return copy;
  }

  /** NaN for one degree of freedom and fewer. */
  override get mean(): Tensor {
    return this.loc.masked_fill(this.df.le(1), NaN);
  }
  override get mode(): Tensor {
    return this.loc;
  }
  /** Infinite for two degrees of freedom and fewer, NaN for one and fewer. */
  override get variance(): Tensor {
    const { df } = this;
    const variance = this.scale.pow(2).mul(df).div(df.sub(2));
    return variance.masked_fill(df.le(2), Infinity).masked_fill(df.le(1), NaN);
  }

  override rsample(...args: SampleArguments): Tensor {
    const normal = standard_normal(this._sample_shape(args), this.df);
    return this.loc.add(this.scale.mul(normal.mul(this._chi2.rsample(...args).div(this.df).rsqrt())));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const { df, scale } = this;
    const y = this._value(args).sub(this.loc).div(scale);
    const normalizer = scale
      .log()
      .add(df.log().mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .add(df.mul(0.5).lgamma())
      .sub(df.add(1).mul(0.5).lgamma());
    return df.add(1).mul(-0.5).mul(y.pow(2).div(df).log1p()).sub(normalizer);
  }

  override entropy(): Tensor {
    const { df } = this;
    const [half, next] = [df.mul(0.5), df.add(1).mul(0.5)];
    const log_beta = half
      .lgamma()
      .add(0.5 * Math.log(Math.PI))
      .sub(next.lgamma());
    return this.scale
      .log()
      .add(next.mul(next.digamma().sub(half.digamma())))
      .add(df.log().mul(0.5))
      .add(log_beta);
  }
}
