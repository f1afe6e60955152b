import { type Arguments, signature } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { broadcast_shapes } from '../functional/index.ts';
import { check_tensor } from '../functional/tensors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { type Constraint, lower_cholesky, positive_definite, real_vector } from './constraints.ts';
import {
  type CovarianceParameters,
  covariance_factor,
  given_matrix,
  squared_mahalanobis,
  triangular_log_det,
} from './covariance.ts';
import { type ArgConstraints, Distribution, own, standard_normal, type Validation } from './distribution.ts';
import type { ExpandArguments, SampleArguments, ValueArguments } from './shapes.ts';

interface MultivariateNormalParameters extends CovarianceParameters, Validation {
  loc: Tensor;
}
const multivariate_normal_arguments = signature<MultivariateNormalParameters>('MultivariateNormal', [
  'loc',
  ['covariance_matrix', null],
  ['precision_matrix', null],
  ['scale_tril', null],
  ['validate_args', null],
]);

/**
 * Normal distributions of vectors. The spread is given by one of three matrices; the Cholesky factor is the fastest,
 * since the others are turned into it.
 *
 * @param loc the mean: `[..., n]`
 * @param covariance_matrix symmetric and positive definite: `[..., n, n]`
 * @param precision_matrix the inverse of the covariance matrix
 * @param scale_tril the lower triangular Cholesky factor of the covariance matrix
 * @throws ValueError unless exactly one of the three is given
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.multivariate_normal.MultivariateNormal
 */
export class MultivariateNormal extends Distribution {
  static override readonly __module__: string = 'torch.distributions.multivariate_normal';
  static readonly arg_constraints: ArgConstraints = {
    loc: real_vector,
    covariance_matrix: positive_definite,
    precision_matrix: positive_definite,
    scale_tril: lower_cholesky,
  };
  static readonly support: Constraint = real_vector;
  static override readonly has_rsample: boolean = true;
  protected static override readonly lazy_parameters: readonly string[] = [
    'covariance_matrix',
    'precision_matrix',
    'scale_tril',
  ];

  /** The mean, for each distribution of the batch. */
  declare readonly loc: Tensor;
  /** The Cholesky factor of the covariance, not repeated where one is shared by the batch. */
  declare readonly _unbroadcasted_scale_tril: Tensor;

  constructor(
    ...args: Arguments<
      MultivariateNormalParameters,
      ['loc', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']
    >
  ) {
    super();
    const { loc, validate_args, ...matrices } = multivariate_normal_arguments(args);
    check_tensor('MultivariateNormal', 'loc', loc);
    if (loc.ndim < 1) throw new ValueError('loc must be at least one-dimensional.');
    const given = given_matrix('MultivariateNormal', matrices);
    if (given === undefined) {
      throw new ValueError('Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.');
    }
    const [name, matrix] = given;
    if (matrix.ndim < 2) {
      const what = name === 'scale_tril' ? 'scale_tril matrix' : name;
      throw new ValueError(`${what} must be at least two-dimensional, with optional leading batch dimensions`);
    }
    const batch_shape = broadcast_shapes(matrix.shape.slice(0, -2), loc.shape.slice(0, -1));
    own(this, name, matrix.expand([...batch_shape, -1, -1]));
    this.loc = loc.expand([...batch_shape, -1]);
    this.__init__(batch_shape, this.loc.shape.slice(-1), validate_args);
    this._unbroadcasted_scale_tril = covariance_factor(name, matrix);
  }

  override expand(...args: ExpandArguments): this {
    const copy = super.expand(...args);
    own(copy, '_unbroadcasted_scale_tril', this._unbroadcasted_scale_tril);
    return copy;
  }

  private _for_batch(matrix: Tensor): Tensor {
    return matrix.expand([...this._batch_shape, ...this._event_shape, ...this._event_shape]);
  }

  /** The lower triangular Cholesky factor of the covariance matrix. */
  get scale_tril(): Tensor {
    return own(this, 'scale_tril', this._for_batch(this._unbroadcasted_scale_tril));
  }

  /** The covariance matrix, for each distribution of the batch. */
  get covariance_matrix(): Tensor {
    const factor = this._unbroadcasted_scale_tril;
    return own(this, 'covariance_matrix', this._for_batch(factor.matmul(factor.mT)));
  }

  /** The inverse of the covariance matrix. */
  get precision_matrix(): Tensor {
    return own(this, 'precision_matrix', this._for_batch(aten.cholesky_inverse(this._unbroadcasted_scale_tril)));
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  /** The variances of the components: the diagonal of the covariance matrix. */
  override get variance(): Tensor {
    const variances = this._unbroadcasted_scale_tril.pow(2).sum(-1);
    return variances.expand([...this._batch_shape, ...this._event_shape]);
  }

  override rsample(...args: SampleArguments): Tensor {
    const noise = standard_normal(this._sample_shape(args), this.loc);
    return this.loc.add(this._unbroadcasted_scale_tril.matmul(noise.unsqueeze(-1)).squeeze(-1));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const distance = squared_mahalanobis(this._unbroadcasted_scale_tril, value.sub(this.loc));
    const constant = this._event_shape[0]! * Math.log(2 * Math.PI);
    return distance.add(constant).mul(-0.5).sub(triangular_log_det(this._unbroadcasted_scale_tril));
  }

  override entropy(): Tensor {
    const constant = 0.5 * this._event_shape[0]! * (1 + Math.log(2 * Math.PI));
    const entropy = triangular_log_det(this._unbroadcasted_scale_tril).add(constant);
    return this._batch_shape.length === 0 ? entropy : entropy.expand(this._batch_shape);
  }
}
