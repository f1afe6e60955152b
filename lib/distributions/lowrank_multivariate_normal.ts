import { type Arguments, signature } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { broadcast_shapes } from '../functional/index.ts';
import { check_tensor } from '../functional/tensors.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import type { Tensor } from '../tensor.ts';
import { type Constraint, independent, positive, real, real_vector } from './constraints.ts';
import { triangular_log_det } from './covariance.ts';
import { type ArgConstraints, Distribution, own, standard_normal, type Validation } from './distribution.ts';
import type { ExpandArguments, SampleArguments, ValueArguments } from './shapes.ts';

interface LowRankParameters extends Validation {
  loc: Tensor;
  cov_factor: Tensor;
  cov_diag: Tensor;
}
const low_rank_arguments = signature<LowRankParameters>('LowRankMultivariateNormal', [
  'loc',
  'cov_factor',
  'cov_diag',
  ['validate_args', null],
]);

/** The Cholesky factor of `I + W^T D^-1 W`, a small matrix that stands for the inverse and the determinant. */
function capacitance_factor(cov_factor: Tensor, cov_diag: Tensor): Tensor {
  const rank = cov_factor.size(-1);
  const scaled = cov_factor.mT.div(cov_diag.unsqueeze(-2));
  const identity = aten.eye(rank, { dtype: cov_factor.dtype, device: cov_factor.device });
  return aten.linalg_cholesky(scaled.matmul(cov_factor).add(identity));
}

/** The logarithm of the determinant of `W W^T + D`. */
export function low_rank_log_det(cov_diag: Tensor, capacitance_tril: Tensor): Tensor {
  return triangular_log_det(capacitance_tril).mul(2).add(cov_diag.log().sum(-1));
}

/** `x^T (W W^T + D)^-1 x`, without that matrix being made. */
export function low_rank_mahalanobis(cov_factor: Tensor, cov_diag: Tensor, x: Tensor, capacitance_tril: Tensor): Tensor {
  const scaled = cov_factor.mT.div(cov_diag.unsqueeze(-2));
  const projected = scaled.matmul(x.unsqueeze(-1));
  const saved = aten.linalg_solve_triangular(capacitance_tril, projected, { upper: false }).pow(2).sum([-2, -1]);
  return x.pow(2).div(cov_diag).sum(-1).sub(saved);
}

/**
 * Normal distributions of vectors whose covariance matrix is `cov_factor @ cov_factor.mT + diag(cov_diag)`: computed
 * with matrices of the rank of `cov_factor` instead of the size of the vectors.
 *
 * @param loc the mean: `[..., n]`
 * @param cov_factor `[..., n, rank]`
 * @param cov_diag positive: `[..., n]`
 * @throws ValueError for shapes that do not fit
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.lowrank_multivariate_normal.LowRankMultivariateNormal
 */
export class LowRankMultivariateNormal extends Distribution {
  static override readonly __module__: string = 'torch.distributions.lowrank_multivariate_normal';
  static readonly arg_constraints: ArgConstraints = {
    loc: real_vector,
    cov_factor: independent(real, 2),
    cov_diag: independent(positive, 1),
  };
  static readonly support: Constraint = real_vector;
  static override readonly has_rsample: boolean = true;

  /** The mean, for each distribution of the batch. */
  declare readonly loc: Tensor;
  /** The part of the covariance that is of low rank is this times its transpose. */
  declare readonly cov_factor: Tensor;
  /** The rest of the covariance: its diagonal. */
  declare readonly cov_diag: Tensor;
  declare readonly _unbroadcasted_cov_factor: Tensor;
  declare readonly _unbroadcasted_cov_diag: Tensor;
  declare readonly _capacitance_tril: Tensor;

  constructor(...args: Arguments<LowRankParameters, ['loc', 'cov_factor', 'cov_diag', 'validate_args']>) {
    super();
    const { loc, cov_factor, cov_diag, validate_args } = low_rank_arguments(args);
    for (const [name, value] of Object.entries({ loc, cov_factor, cov_diag })) {
      check_tensor('LowRankMultivariateNormal', name, value);
    }
    if (loc.ndim < 1) throw new ValueError('loc must be at least one-dimensional.');
    if (cov_factor.ndim < 2) {
      throw new ValueError('cov_factor must be at least two-dimensional, with optional leading batch dimensions');
    }
    const event_shape = loc.shape.slice(-1);
    if (cov_factor.size(-2) !== event_shape[0]) {
      throw new ValueError(`cov_factor must be a batch of matrices with shape ${event_shape[0]} x m`);
    }
    if (!cov_diag.shape.slice(-1).equals(event_shape)) {
      throw new ValueError(`cov_diag must be a batch of vectors with shape ${String(event_shape)}`);
    }
    let batch_shape: Size;
    try {
      batch_shape = broadcast_shapes(
        loc.shape.slice(0, -1),
        cov_factor.shape.slice(0, -2),
        cov_diag.shape.slice(0, -1),
      );
    } catch (cause) {
      throw new ValueError(
        `Incompatible batch shapes: loc ${String(loc.shape)}, cov_factor ${String(cov_factor.shape)}, ` +
          `cov_diag ${String(cov_diag.shape)}`,
        { cause },
      );
    }
    this.loc = loc.expand([...batch_shape, -1]);
    this.cov_factor = cov_factor.expand([...batch_shape, -1, -1]);
    this.cov_diag = cov_diag.expand([...batch_shape, -1]);
    this._unbroadcasted_cov_factor = cov_factor;
    this._unbroadcasted_cov_diag = cov_diag;
    this._capacitance_tril = capacitance_factor(cov_factor, cov_diag);
    this.__init__(batch_shape, event_shape, validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    own(copy, '_unbroadcasted_cov_factor', this._unbroadcasted_cov_factor);
    own(copy, '_unbroadcasted_cov_diag', this._unbroadcasted_cov_diag);
    own(copy, '_capacitance_tril', this._capacitance_tril);
    return copy;
  }

  private _for_batch(matrix: Tensor): Tensor {
    return matrix.expand([...this._batch_shape, ...this._event_shape, ...this._event_shape]);
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  /** The variances of the components: the diagonal of the covariance matrix. */
  override get variance(): Tensor {
    const variances = this._unbroadcasted_cov_factor.pow(2).sum(-1).add(this._unbroadcasted_cov_diag);
    return own(this, 'variance', variances.expand([...this._batch_shape, ...this._event_shape]));
  }

  /** The lower triangular Cholesky factor of the covariance matrix. */
  get scale_tril(): Tensor {
    // Scaled to a diagonal of at least 1, so that it can be factored whatever the sizes of `cov_diag`.
    const scale = this._unbroadcasted_cov_diag.sqrt().unsqueeze(-1);
    const factor = this._unbroadcasted_cov_factor.div(scale);
    const identity = aten.eye(this._event_shape[0]!, { dtype: factor.dtype, device: factor.device });
    const tril = aten.linalg_cholesky(factor.matmul(factor.mT).add(identity)).mul(scale);
    return own(this, 'scale_tril', this._for_batch(tril));
  }

  /** The covariance matrix, in full. */
  get covariance_matrix(): Tensor {
    const factor = this._unbroadcasted_cov_factor;
    const covariance = factor.matmul(factor.mT).add(this._unbroadcasted_cov_diag.diag_embed());
    return own(this, 'covariance_matrix', this._for_batch(covariance));
  }

  /** The inverse of the covariance matrix. */
  get precision_matrix(): Tensor {
    const scaled = this._unbroadcasted_cov_factor.mT.div(this._unbroadcasted_cov_diag.unsqueeze(-2));
    const solved = aten.linalg_solve_triangular(this._capacitance_tril, scaled, { upper: false });
    const precision = this._unbroadcasted_cov_diag.reciprocal().diag_embed().sub(solved.mT.matmul(solved));
    return own(this, 'precision_matrix', this._for_batch(precision));
  }

  override rsample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    const rank = this.cov_factor.size(-1);
    const low_rank = standard_normal([...shape.slice(0, -1), rank], this.loc);
    const own_noise = standard_normal(shape, this.loc);
    return this.loc
      .add(this._unbroadcasted_cov_factor.matmul(low_rank.unsqueeze(-1)).squeeze(-1))
      .add(this._unbroadcasted_cov_diag.sqrt().mul(own_noise));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const difference = this._value(args).sub(this.loc);
    const { _unbroadcasted_cov_factor: factor, _unbroadcasted_cov_diag: diag, _capacitance_tril: capacitance } = this;
    const distance = low_rank_mahalanobis(factor, diag, difference, capacitance);
    const constant = this._event_shape[0]! * Math.log(2 * Math.PI);
    return distance.add(low_rank_log_det(diag, capacitance)).add(constant).mul(-0.5);
  }

  override entropy(): Tensor {
    const constant = this._event_shape[0]! * (1 + Math.log(2 * Math.PI));
    const log_det = low_rank_log_det(this._unbroadcasted_cov_diag, this._capacitance_tril);
    const entropy = log_det.add(constant).mul(0.5);
    return this._batch_shape.length === 0 ? entropy : entropy.expand(this._batch_shape);
  }
}
