import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { AssertionError, ValueError } from '../errors.ts';
import { broadcast_shapes } from '../functional/index.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { check_number, check_whole } from './arguments.ts';
import { Chi2 } from './chi2.ts';
import { type Constraint, greater_than, lower_cholesky, positive_definite } from './constraints.ts';
import {
  type CovarianceParameters,
  covariance_factor,
  given_matrix,
  triangular_log_det,
} from './covariance.ts';
import { type ArgConstraints, own, type Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import {
  as_size,
  type ExpandArguments,
  type SampleParameters,
  type Shape,
  type Value,
  type ValueArguments,
} from './shapes.ts';

interface WishartParameters extends CovarianceParameters, Validation {
  df: Value;
}
const wishart_arguments = signature<WishartParameters>('Wishart', [
  'df',
  ['covariance_matrix', null],
  ['precision_matrix', null],
  ['scale_tril', null],
  ['validate_args', null],
]);

interface WishartSampleParameters extends SampleParameters {
  max_try_correction?: number | null;
}
const rsample_arguments = signature<WishartSampleParameters>('rsample', [
  ['sample_shape', []],
  ['max_try_correction', null],
]);

/**
 * Wishart distributions of symmetric, positive definite matrices: what `X^T X` is like for `df` rows of normal vectors.
 *
 * @param df the degrees of freedom, more than the number of rows less 1
 * @param covariance_matrix symmetric and positive definite: `[..., n, n]`
 * @param precision_matrix the inverse of it, instead
 * @param scale_tril the lower triangular Cholesky factor of it, instead
 * @throws AssertionError unless exactly one of the three is given
 * @throws ValueError for too small a `df`
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.wishart.Wishart
 */
export class Wishart extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.wishart';
  static readonly support: Constraint = positive_definite;
  static override readonly has_rsample: boolean = true;
  protected static override readonly lazy_parameters: readonly string[] = [
    'covariance_matrix',
    'precision_matrix',
    'scale_tril',
  ];

  /** The degrees of freedom, for each distribution of the batch. */
  declare readonly df: Tensor;
  /** The Cholesky factor of the covariance, not repeated where one is shared by the batch. */
  declare readonly _unbroadcasted_scale_tril: Tensor;

  constructor(
    ...args: Arguments<
      WishartParameters,
      ['df', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']
    >
  ) {
    super();
    const { df, validate_args, ...matrices } = wishart_arguments(args);
    check_number('Wishart', 'df', df);
    const given = given_matrix('Wishart', matrices);
    if (given === undefined) {
      throw new AssertionError(
        'Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.',
      );
    }
    const [name, matrix] = given;
    if (matrix.ndim < 2) {
      throw new ValueError('scale_tril must be at least two-dimensional, with optional leading batch dimensions');
    }
    let batch_shape = matrix.shape.slice(0, -2);
    const event_shape = matrix.shape.slice(-2);
    if (df instanceof Tensor) {
      batch_shape = broadcast_shapes(batch_shape, df.shape);
      this.df = df.expand(batch_shape);
    } else {
      this.df = aten.full(batch_shape, Number(df), { dtype: matrix.dtype, device: matrix.device });
    }
    const rows = event_shape[1]!;
    if (this.df.le(rows - 1).any().item()) {
      throw new ValueError(`Value of df=${String(df)} expected to be greater than ndim - 1 = ${rows - 1}.`);
    }
    own(this, name, matrix.expand([...batch_shape, -1, -1]));
    if (this.df.lt(rows).any().item()) {
      warn('Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.');
    }
    this.__init__(batch_shape, event_shape, validate_args);
    this._unbroadcasted_scale_tril = covariance_factor(name, matrix);
  }

  override get arg_constraints(): ArgConstraints {
    return {
      covariance_matrix: positive_definite,
      precision_matrix: positive_definite,
      scale_tril: lower_cholesky,
      df: greater_than(this._rows - 1),
    };
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    own(copy, '_unbroadcasted_scale_tril', this._unbroadcasted_scale_tril);
    return copy;
  }

  /** How many rows and columns the matrices have. */
  get _rows(): number {
    return this._event_shape[this._event_shape.length - 1]!;
  }

  private _for_batch(matrix: Tensor): Tensor {
    return matrix.expand([...this._batch_shape, ...this._event_shape]);
  }

  /** The lower triangular Cholesky factor of the covariance matrix. */
  get scale_tril(): Tensor {
    return own(this, 'scale_tril', this._for_batch(this._unbroadcasted_scale_tril));
  }

  /** The covariance matrix of the rows that the matrices are made of. */
  get covariance_matrix(): Tensor {
    const factor = this._unbroadcasted_scale_tril;
    return own(this, 'covariance_matrix', this._for_batch(factor.matmul(factor.mT)));
  }

  /** The inverse of the covariance matrix. */
  get precision_matrix(): Tensor {
    return own(this, 'precision_matrix', this._for_batch(aten.cholesky_inverse(this._unbroadcasted_scale_tril)));
  }

  private get _df_of_matrices(): Tensor {
    return this.df.unsqueeze(-1).unsqueeze(-1);
  }

  override get mean(): Tensor {
    return this._df_of_matrices.mul(this.covariance_matrix);
  }

  /** The most likely matrix; NaN where `df` is at most one more than the number of rows. */
  override get mode(): Tensor {
    const factor = this._df_of_matrices.sub(this._rows + 1);
    return factor.masked_fill(factor.le(0), NaN).mul(this.covariance_matrix);
  }

  override get variance(): Tensor {
    const covariance = this.covariance_matrix;
    const diagonal = covariance.diagonal(0, -2, -1);
    const products = diagonal.unsqueeze(-1).mul(diagonal.unsqueeze(-2));
    return this._df_of_matrices.mul(covariance.pow(2).add(products));
  }

  /** Bartlett's decomposition: the Cholesky factor of a sample has chi on the diagonal and normal numbers below it. */
  private _bartlett(sample_shape: Shape): Tensor {
    const n = this._rows;
    const { dtype, device } = this._unbroadcasted_scale_tril;
    const degrees = this.df.unsqueeze(-1).sub(aten.arange(n, { dtype, device }));
    const factor = new Chi2(degrees, { validate_args: false }).rsample(sample_shape).sqrt().diag_embed();
    const [rows, columns] = aten.tril_indices(n, n, -1, { device }).unbind(0);
    const below = aten.randn([...sample_shape, ...this._batch_shape, (n * (n - 1)) / 2], { dtype, device });
    const product = this._unbroadcasted_scale_tril.matmul(factor.index_put_(['...', rows!, columns!], below));
    return product.matmul(product.mT);
  }

  /** Which samples have a positive definite matrix, for any (or not, for any) of the distributions of the batch. */
  private _to_draw_again(samples: Tensor, valid: boolean): Tensor {
    const wanted = positive_definite.check(samples).eq(valid);
    const batch_dims = this._batch_shape.length;
    return batch_dims === 0 ? wanted : wanted.flatten(-batch_dims).any(-1);
  }

  /**
   * Draws samples through which gradients flow. As in Python, a sample that is a valid matrix is drawn once more, and
   * then as long as it is not one; the numbers of a seed are Python's.
   * @param max_try_correction how many times at most (default: 10)
   */
  override rsample(
    ...args: Arguments<WishartSampleParameters, ['sample_shape', 'max_try_correction']>
  ): Tensor {
    const { sample_shape, max_try_correction } = rsample_arguments(args);
    const tries = max_try_correction ?? 10;
    check_whole('rsample', 'max_try_correction', tries);
    const shape = as_size(sample_shape);
    let samples = this._bartlett([shape.numel()]);
    let again = this._to_draw_again(samples, true);
    let count = again.sum().item() as number;
    if (count > 0) warn('Singular sample detected.');
    for (let left = tries; count > 0 && left > 0; left--) {
      const drawn = this._bartlett([count]);
      samples = samples.index_put([again], drawn);
      again = again.index_put([again], this._to_draw_again(drawn, false));
      count = again.sum().item() as number;
    }
    return samples.reshape(this._extended_shape(shape));
  }

  override sample(...args: Arguments<WishartSampleParameters, ['sample_shape', 'max_try_correction']>): Tensor {
    return no_grad(() => this.rsample(...args));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const { df, _unbroadcasted_scale_tril: factor, _rows: n } = this;
    const trace = aten.cholesky_solve(value, factor).diagonal(0, -2, -1).sum(-1);
    return df
      .mul(-0.5 * n * Math.LN2)
      .sub(df.mul(triangular_log_det(factor)))
      .sub(df.mul(0.5).mvlgamma(n))
      .add(df.sub(n + 1).mul(0.5).mul(aten.linalg_slogdet(value)[1]))
      .sub(trace.mul(0.5));
  }

  override entropy(): Tensor {
    const { df, _rows: n } = this;
    const half = df.mul(0.5);
    return triangular_log_det(this._unbroadcasted_scale_tril)
      .mul(n + 1)
      .add(0.5 * n * (n + 1) * Math.LN2)
      .add(half.mvlgamma(n))
      .sub(df.sub(n + 1).mul(0.5).mul(multivariate_digamma(half, n)))
      .add(half.mul(n));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.precision_matrix.mul(-0.5), this.df.sub(this._rows + 1).mul(0.5)];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    const n = this._rows;
    const half = y.add((n + 1) / 2);
    const log_det = aten.linalg_slogdet(x.mul(-2))[1];
    return half.mul(aten.rsub(log_det, n * Math.LN2)).add(half.mvlgamma(n));
  }

  protected override get _mean_carrier_measure(): number {
    return 0;
  }
}

/** The derivative of the logarithm of the multivariate gamma function of dimension `n`. */
export function multivariate_digamma(x: Tensor, n: number): Tensor {
  const halves = aten.arange(n, { dtype: x.dtype, device: x.device }).mul(0.5);
  return x.unsqueeze(-1).sub(halves).digamma().sum(-1);
}
