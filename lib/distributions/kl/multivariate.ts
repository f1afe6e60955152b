/**
 * Kullback-Leibler divergences of normal distributions of vectors, with their covariance matrices in full or of low
 * rank: `(log |Q| - log |P| + trace(Q^-1 P) + distance of the means - n) / 2`.
 */
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { squared_mahalanobis, triangular_log_det } from '../covariance.ts';
import {
  low_rank_log_det,
  low_rank_mahalanobis,
  LowRankMultivariateNormal,
} from '../lowrank_multivariate_normal.ts';
import { MultivariateNormal } from '../multivariate_normal.ts';
import { type Pair, pair, same } from './pair.ts';

type AnyNormal = MultivariateNormal | LowRankMultivariateNormal;

function sum_of_squares(matrices: Tensor): Tensor {
  return matrices.pow(2).sum([-2, -1]);
}

function log_det(p: AnyNormal): Tensor {
  if (p instanceof MultivariateNormal) return triangular_log_det(p._unbroadcasted_scale_tril).mul(2);
  return low_rank_log_det(p._unbroadcasted_cov_diag, p._capacitance_tril);
}

/** Matrices whose products with their transposes sum to the covariance. */
function factors(p: AnyNormal): readonly Tensor[] {
  if (p instanceof MultivariateNormal) return [p._unbroadcasted_scale_tril];
  return [p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag.sqrt().diag_embed()];
}

/** `trace(Q^-1 F F^T)` of a factor F. */
function relative_trace(q: AnyNormal, factor: Tensor): Tensor {
  if (q instanceof MultivariateNormal) {
    return sum_of_squares(aten.linalg_solve_triangular(q._unbroadcasted_scale_tril, factor, { upper: false }));
  }
  const diag = q._unbroadcasted_cov_diag;
  const projected = q._unbroadcasted_cov_factor.mT.div(diag.unsqueeze(-2)).matmul(factor);
  const saved = aten.linalg_solve_triangular(q._capacitance_tril, projected, { upper: false });
  return sum_of_squares(factor.div(diag.sqrt().unsqueeze(-1))).sub(sum_of_squares(saved));
}

function distance(q: AnyNormal, difference: Tensor): Tensor {
  if (q instanceof MultivariateNormal) return squared_mahalanobis(q._unbroadcasted_scale_tril, difference);
  return low_rank_mahalanobis(q._unbroadcasted_cov_factor, q._unbroadcasted_cov_diag, difference, q._capacitance_tril);
}

/** The divergence; `kinds` is what errors call the two. */
function divergence(kinds: string): (p: AnyNormal, q: AnyNormal) => Tensor {
  return (p, q) => {
    if (!p.event_shape.equals(q.event_shape)) {
      throw new ValueError(
        // The gap is Python's.
        `KL-divergence between two ${kinds} with${' '.repeat(26)}different event shapes cannot be computed`,
      );
    }
    const trace = factors(p)
      .map((factor) => relative_trace(q, factor))
      .reduce((sum, one) => sum.add(one));
    return log_det(q)
      .sub(log_det(p))
      .add(trace)
      .add(distance(q, q.loc.sub(p.loc)))
      .sub(p.event_shape[0]!)
      .mul(0.5);
  };
}

const mixed = divergence('(Low Rank) Multivariate Normals');

export const MULTIVARIATE: readonly Pair[] = [
  same(MultivariateNormal, divergence('Multivariate Normals')),
  same(LowRankMultivariateNormal, divergence('Low Rank Multivariate Normals')),
  pair(MultivariateNormal, LowRankMultivariateNormal, mixed),
  pair(LowRankMultivariateNormal, MultivariateNormal, mixed),
];
