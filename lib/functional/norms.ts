/** Norms and distances. */
import { type Arguments, signature } from '../arguments.ts';
import type { dtype as DType } from '../dtype.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { strided } from '../layout.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { check_tensor } from './tensors.ts';

/** The order of a norm: a number, `'fro'` for the Frobenius norm or `'nuc'` for the nuclear norm. */
export type NormOrder = number | 'fro' | 'nuc' | null;

/** @internal */
export interface NormParameters {
  input: Tensor;
  p?: NormOrder;
  dim?: number | readonly number[] | null;
  keepdim?: boolean;
  out?: Tensor | null;
  dtype?: DType | null;
}

const norm_arguments = signature<NormParameters>('norm', [
  'input',
  ['p', 'fro'],
  ['dim', null],
  ['keepdim', false],
  ['out', null],
  ['dtype', null],
]);

/** The norm of a tensor that is not strided, for which LibTorch has other operators. */
function sparse_norm({ input, p, dim, keepdim, out, dtype }: Required<NormParameters>): Tensor {
  const dims = typeof dim === 'number' ? [dim] : dim;
  const result = out === null ? {} : { out };
  if (typeof p === 'string') {
    if (p !== 'fro' && p !== 'nuc') {
      throw new RuntimeError(`only valid string values are 'fro' and 'nuc', found ${String(p)}`);
    }
    if (dtype !== null) {
      throw new ValueError(`dtype argument is not supported in ${p === 'fro' ? 'frobenius' : 'nuclear'} norm`);
    }
    if (p === 'fro') return aten.frobenius_norm(input, dims ?? [], { keepdim, ...result });
    return dims === null
      ? aten.nuclear_norm(input, { keepdim, ...result })
      : aten.nuclear_norm(input, dims, { keepdim, ...result });
  }
  const all = dims ?? Array.from({ length: input.ndim }, (_, i) => i);
  if (dtype === null) return aten.norm(input, p, all, keepdim, result);
  return aten.norm(input, p, all, keepdim, { dtype, ...result });
}

/**
 * The norm of all elements, or of those along some dimensions.
 *
 * @param p the order, `'fro'` by default
 * @param dim the dimensions to reduce; all by default
 * @param keepdim leave them in with size 1
 * @param dtype what the elements are converted to before
 * @deprecated as in PyTorch: `torch.linalg.vector_norm` and `torch.linalg.matrix_norm` are its successors
 * @see https://docs.pytorch.org/docs/stable/generated/torch.norm.html
 */
export function norm(...args: Arguments<NormParameters, ['input', 'p', 'dim', 'keepdim', 'out', 'dtype']>): Tensor {
  const given = norm_arguments(args);
  const { input, p, dim, keepdim, out, dtype } = given;
  check_tensor('norm', 'input', input);
  if (input.layout !== strided) return sparse_norm(given);
  const options = out !== null ? [{ dtype, out }] : dtype !== null ? [{ dtype }] : [];
  if (typeof p !== 'string' || (p === 'fro' && (!Array.isArray(dim) || dim.length <= 2))) {
    return aten.linalg_vector_norm(input, typeof p === 'number' ? p : (p ?? 2) === 'fro' ? 2 : (p ?? 2) as number, dim as number[] | null, keepdim, ...options);
  }
  if (typeof dim === 'number') throw new RuntimeError(`linalg.matrix_norm: dim must be a 2-tuple. Got ${dim}`);
  return aten.linalg_matrix_norm(input, p, dim ?? Array.from({ length: input.ndim }, (_, i) => i), keepdim, ...options);
}

/** Ways for `cdist` to compute Euclidean distances. */
export type CdistMode =
  | 'use_mm_for_euclid_dist_if_necessary'
  | 'use_mm_for_euclid_dist'
  | 'donot_use_mm_for_euclid_dist';

/** LibTorch's numbers for them. */
const CDIST_MODES: Readonly<Record<CdistMode, number | null>> = {
  use_mm_for_euclid_dist_if_necessary: null,
  use_mm_for_euclid_dist: 1,
  donot_use_mm_for_euclid_dist: 2,
};

interface CdistParameters {
  x1: Tensor;
  x2: Tensor;
  p?: number;
  compute_mode?: CdistMode;
}

const cdist_arguments = signature<CdistParameters>('cdist', [
  'x1',
  'x2',
  ['p', 2],
  ['compute_mode', 'use_mm_for_euclid_dist_if_necessary'],
]);

/**
 * The distances between all rows of `x1` (…, P, M) and all rows of `x2` (…, R, M): (…, P, R).
 *
 * @param p the order of the norm
 * @param compute_mode whether Euclidean distances are computed by a matrix product: for more than 25 rows, always, never
 * @throws RuntimeError if the rows differ in length
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cdist.html
 */
export function cdist(...args: Arguments<CdistParameters, ['x1', 'x2', 'p', 'compute_mode']>): Tensor {
  const { x1, x2, p, compute_mode } = cdist_arguments(args);
  if (typeof compute_mode !== 'string' || !Object.hasOwn(CDIST_MODES, compute_mode)) {
    const shown = typeof compute_mode === 'string' ? compute_mode : type_name(compute_mode);
    throw new ValueError(`${shown} is not a valid value for compute_mode`);
  }
  return aten.cdist(x1, x2, p, CDIST_MODES[compute_mode]);
}
