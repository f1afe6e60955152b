/** Decompositions of matrices that are nearly of low rank, by random projections. */
import { type Arguments, signature } from '../arguments.ts';
import { complex128, complex64, float32, float64 } from '../dtype.ts';
import { TypeError, ValueError } from '../errors.ts';
import { strided } from '../layout.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { check_tensor } from './tensors.ts';

type Decomposition = [U: Tensor, S: Tensor, V: Tensor];

/** A product of which the first factor may be sparse. */
function matmul(a: Tensor, b: Tensor): Tensor {
  return a.layout === strided ? aten.matmul(a, b) : aten.mm(a, b);
}

/** The dtype of computations with `x`. */
function computing_dtype({ dtype }: Tensor) {
  return [float32, float64, complex64, complex128].includes(dtype) || dtype.is_floating_point ? dtype : float32;
}

/** (A - M) B without A - M, which may not fit into memory. */
function shifted_product(A: Tensor, M: Tensor | null, B: Tensor): Tensor {
  const product = matmul(A, B);
  return M === null ? product : product.sub(matmul(M, B));
}

function orthonormal(x: Tensor): Tensor {
  return aten.linalg_qr(x)[0];
}

/** `q` orthonormal columns that nearly span those of A - M: a random guess, made better by `niter` rounds. */
function approximate_basis(A: Tensor, q: number, niter: number, M: Tensor | null): Tensor {
  const guess = aten.randn(A.size(-1), q, { dtype: computing_dtype(A), device: A.device });
  let Q = orthonormal(shifted_product(A, M, guess));
  for (let i = 0; i < niter; i++) {
    Q = orthonormal(shifted_product(A.mH, M?.mH ?? null, Q));
    Q = orthonormal(shifted_product(A, M, Q));
  }
  return Q;
}

function decompose(A: Tensor, q: number, niter: number, M: Tensor | null): Decomposition {
  let mean = M === null ? null : aten.broadcast_to(M, A.shape);
  const wide = A.size(-2) < A.size(-1);
  const tall = wide ? A.mH : A;
  if (wide) mean = mean?.mH ?? null;
  const Q = approximate_basis(tall, q, niter, mean);
  let small = matmul(Q.mH, tall);
  if (mean !== null) small = small.sub(matmul(Q.mH, mean));
  const [inner, S, Vh] = aten.linalg_svd(small, false);
  const U = Q.matmul(inner);
  const V = Vh.mH;
  return wide ? [V, S, U] : [U, S, V];
}

/** Fails unless `q` and `niter` are whole numbers or null. */
function check_counts(name: string, q: unknown, niter: unknown): void {
  for (const [argument, value] of Object.entries({ q, niter })) {
    if (value === null || Number.isInteger(value)) continue;
    throw new TypeError(`${name}(): argument '${argument}' must be int, not ${type_name(value)}`);
  }
}

interface SvdLowrankParameters {
  A: Tensor;
  q?: number | null;
  niter?: number | null;
  M?: Tensor | null;
}

const svd_lowrank_arguments = signature<SvdLowrankParameters>('svd_lowrank', ['A', ['q', 6], ['niter', 2], ['M', null]]);

/**
 * The singular value decomposition of matrices (…, m, n) of low rank: U (…, m, q), S (…, q) and V (…, n, q), such that
 * U diag(S) V^H is nearly A, or A - M. Draws random numbers.
 *
 * @param q a little more than the rank
 * @param niter how many rounds make the result better
 * @see https://docs.pytorch.org/docs/stable/generated/torch.svd_lowrank.html
 */
export function svd_lowrank(...args: Arguments<SvdLowrankParameters, ['A', 'q', 'niter', 'M']>): Decomposition {
  const { A, q, niter, M } = svd_lowrank_arguments(args);
  check_tensor('svd_lowrank', 'A', A);
  if (M !== null) check_tensor('svd_lowrank', 'M', M);
  check_counts('svd_lowrank', q, niter);
  return decompose(A, q ?? 6, niter ?? 2, M);
}

interface PcaLowrankParameters {
  A: Tensor;
  q?: number | null;
  center?: boolean;
  niter?: number;
}

const pca_lowrank_arguments = signature<PcaLowrankParameters>('pca_lowrank', [
  'A',
  ['q', null],
  ['center', true],
  ['niter', 2],
]);

/**
 * The principal components of samples (…, m, n), one a row: the columns of V (…, n, q), with U and S as `svd_lowrank`
 * gives them for the samples less their mean.
 *
 * @param q a little more than the rank; 6 at most by default
 * @param center subtract the mean of the samples, which otherwise has to be zero
 * @throws ValueError if `q` is more than m or n, or negative
 * @see https://docs.pytorch.org/docs/stable/generated/torch.pca_lowrank.html
 */
export function pca_lowrank(...args: Arguments<PcaLowrankParameters, ['A', 'q', 'center', 'niter']>): Decomposition {
  const { A, q, center, niter } = pca_lowrank_arguments(args);
  check_tensor('pca_lowrank', 'A', A);
  check_counts('pca_lowrank', q, niter);
  const m = A.size(-2);
  const n = A.size(-1);
  const rank = q ?? Math.min(6, m, n);
  if (!(rank >= 0 && rank <= Math.min(m, n))) {
    throw new ValueError(`q(=${rank}) must be non-negative integer and not greater than min(m, n)=${Math.min(m, n)}`);
  }
  if (!(niter >= 0)) throw new ValueError(`niter(=${niter}) must be non-negative integer`);
  if (!center) return decompose(A, rank, niter, null);
  if (A.layout === strided) return decompose(A.sub(A.mean([-2], true)), rank, niter, null);
  if (A.ndim !== 2) throw new ValueError('pca_lowrank input is expected to be 2-dimensional tensor');
  // The mean as a dense row: the samples stay sparse.
  const mean = aten.sum(A, [0]).to_dense().div(m).unsqueeze(0);
  return decompose(A, rank, niter, mean);
}
