/** LU factorizations, and decompositions that moved to `torch.linalg`. */
import { type Arguments, signature } from '../arguments.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

interface LuParameters {
  A: Tensor;
  pivot?: boolean;
  get_infos?: boolean;
  out?: readonly Tensor[] | null;
}

const lu_arguments = signature<LuParameters>('lu', ['A', ['pivot', true], ['get_infos', false], ['out', null]]);

/**
 * The LU factorization of a matrix or of each in a batch: the factors in one matrix, and the pivots.
 *
 * @param pivot whether rows are swapped; the CPU knows no other way
 * @param get_infos give, in a third tensor, 0 for each matrix that could be factorized
 * @param out tensors that the results are written to, as many as there are results
 * @deprecated as in PyTorch: `torch.linalg.lu_factor` is its successor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lu.html
 */
export function lu(...args: Arguments<LuParameters, ['A', 'pivot', 'get_infos', 'out']>): Tensor[] {
  const { A, pivot, get_infos, out } = lu_arguments(args);
  const factors = aten._lu_with_info(A, pivot, !get_infos);
  const result: Tensor[] = get_infos ? factors : [factors[0], factors[1]];
  if (out === null) return result;
  if (!Array.isArray(out)) throw new TypeError('argument \'out\' must be tuple of Tensors, not ' + typeof out);
  if (out.length !== result.length) {
    throw new TypeError(`expected tuple of ${result.length} elements but got ${out.length}`);
  }
  out.forEach((one: Tensor, i) => one.resize_as_(result[i]!).copy_(result[i]!));
  return out as Tensor[];
}

function removed(name: string, advice: string): (...args: readonly unknown[]) => never {
  return () => {
    throw new RuntimeError(`torch.${name} was deprecated since version 1.9 and is now removed. ${advice}`);
  };
}

/**
 * Removed from PyTorch.
 * @deprecated use `torch.linalg.eig`
 */
export const eig = removed('eig', 'Use torch.linalg.eig, which gives complex tensors, instead.');

/**
 * Removed from PyTorch.
 * @deprecated use `torch.linalg.eigh`
 */
export const symeig = removed('symeig', "Use torch.linalg.eigh, which reads the lower triangle unless UPLO: 'U' is given, instead.");

/**
 * Removed from PyTorch.
 * @deprecated use `torch.linalg.lstsq`
 */
export const lstsq = removed('lstsq', 'Use torch.linalg.lstsq, which takes its arguments the other way round, instead.');

/**
 * Removed from PyTorch.
 * @deprecated use `torch.linalg.solve`
 */
export const solve = removed('solve', 'Use torch.linalg.solve, which takes its arguments the other way round, instead.');

/**
 * Removed from PyTorch.
 * @deprecated use `torch.linalg.matrix_rank`
 */
export const matrix_rank = removed('matrix_rank', 'Use torch.linalg.matrix_rank, which calls symmetric hermitian, instead.');
