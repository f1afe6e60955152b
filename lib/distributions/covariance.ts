/** Covariance matrices, the three ways to give them, and what is computed with their Cholesky factors. */
import { check_tensor } from '../functional/tensors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

/**
 * `|L^-1 x|^2` for each vector `x` of `difference` and the lower triangular `factor` L of its batch. The factor is not
 * repeated for samples that stand before its batch: each of its matrices solves for all of them at once.
 */
export function squared_mahalanobis(factor: Tensor, difference: Tensor): Tensor {
  let own = factor;
  while (own.ndim > 2 && own.size(0) === 1) own = own.squeeze(0);
  const batch_dims = own.ndim - 2;
  const sample_dims = difference.ndim - 1 - batch_dims;
  if (sample_dims <= 0) {
    return aten.linalg_solve_triangular(own, difference.unsqueeze(-1), { upper: false }).pow(2).sum([-2, -1]);
  }
  const samples = difference.shape.slice(0, sample_dims);
  const columns = difference.reshape([samples.numel(), ...difference.shape.slice(sample_dims)]).movedim(0, -1);
  const solved = aten.linalg_solve_triangular(own, columns, { upper: false }).pow(2).sum(-2);
  return solved.movedim(-1, 0).reshape([...samples, ...solved.shape.slice(0, -1)]);
}

/** The logarithm of the determinant of triangular matrices with a positive diagonal. */
export function triangular_log_det(factor: Tensor): Tensor {
  return factor.diagonal(0, -2, -1).log().sum(-1);
}

/** The ways to say how the components of a vector vary; one of them is given. */
export interface CovarianceParameters {
  covariance_matrix?: Tensor | null;
  precision_matrix?: Tensor | null;
  scale_tril?: Tensor | null;
}

/** The name and the matrix of the one that is given; nothing if none or several are. */
export function given_matrix(
  called: string,
  parameters: Required<CovarianceParameters>,
): readonly [name: keyof CovarianceParameters, matrix: Tensor] | undefined {
  const { covariance_matrix, precision_matrix, scale_tril } = parameters;
  const given = Object.entries({ covariance_matrix, precision_matrix, scale_tril }).filter(([, one]) => one !== null);
  for (const [name, one] of given) check_tensor(called, name, one);
  return given.length === 1 ? (given[0] as [keyof CovarianceParameters, Tensor]) : undefined;
}

/** The Cholesky factor of the covariance matrix, from any of the three. */
export function covariance_factor(name: keyof CovarianceParameters, matrix: Tensor): Tensor {
  if (name === 'scale_tril') return matrix;
  return name === 'covariance_matrix' ? aten.linalg_cholesky(matrix) : factor_of_inverse(matrix);
}

/** The Cholesky factor of the inverse of positive definite matrices. */
function factor_of_inverse(precision: Tensor): Tensor {
  // With rows and columns turned around it factors into upper triangle times lower triangle, whose inverses are
  // lower times upper.
  const upper = aten.linalg_cholesky(precision.flip([-2, -1])).flip([-2, -1]);
  const identity = aten.eye(precision.size(-1), { dtype: precision.dtype, device: precision.device });
  return aten.linalg_solve_triangular(upper.mT, identity, { upper: false });
}
