/**
 * Functions of sparse tensors. They are made with `torch.sparse_coo_tensor` and the like, or by `x.to_sparse()`.
 * @see https://docs.pytorch.org/docs/stable/sparse.html
 */
import { type Arguments, signature } from '../arguments.ts';
import type { dtype as DType } from '../dtype.ts';
import { operator_function } from '../operator.ts';
import { aten } from '../ops.ts';
import { handle_of, type Scalar, type Tensor } from '../tensor.ts';

export { as_sparse_gradcheck, type Gradcheck } from './gradcheck.ts';
export { check_sparse_tensor_invariants } from './invariants.ts';

interface SumParameters {
  input: Tensor;
  dim?: number | readonly number[] | null;
  dtype?: DType | null;
}

const sum_arguments = signature<SumParameters>('sum', ['input', ['dim', null], ['dtype', null]]);

/**
 * The sum over the dimensions `dim`, over all of them by default. What is left of the sparse dimensions stays sparse.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.sum.html
 */
export function sum(...args: Arguments<SumParameters, ['input', 'dim', 'dtype']>): Tensor {
  const { input, dim, dtype } = sum_arguments(args);
  handle_of(input, 'input');
  const dims = typeof dim === 'number' ? [dim] : dim;
  if (dims === null) return dtype === null ? aten._sparse_sum(input) : aten._sparse_sum(input, { dtype });
  return dtype === null ? aten._sparse_sum(input, dims) : aten._sparse_sum(input, dims, { dtype });
}

/** A function over an operator of another name. */
function named<F>(operator: string): F {
  return operator_function(operator) as unknown as F;
}

/** `sparse` by `dense`, in every form of a call. */
interface Multiply {
  (sparse: Tensor, dense: Tensor): Tensor;
  /** For two sparse CSR matrices `reduce` says what is done with the products, `'sum'` by default. */
  (sparse: Tensor, dense: Tensor, reduce: 'sum' | 'mean' | 'amax' | 'amin'): Tensor;
  (kwargs: { sparse: Tensor; dense: Tensor; reduce?: 'sum' | 'mean' | 'amax' | 'amin' }): Tensor;
}

/**
 * The product of a sparse matrix with a matrix, sparse or dense. Autograd follows both.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.mm.html
 */
export const mm: Multiply = /* @__PURE__ */ named('aten::_sparse_mm');

interface AddmmOptions {
  beta?: Scalar;
  alpha?: Scalar;
}

interface AddMultiply {
  (input: Tensor, mat1: Tensor, mat2: Tensor, kwargs?: AddmmOptions): Tensor;
  (kwargs: { input: Tensor; mat1: Tensor; mat2: Tensor } & AddmmOptions): Tensor;
}

/**
 * `beta * input + alpha * (mat1 @ mat2)` for a sparse `mat1`. Autograd follows all of them.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.addmm.html
 */
export const addmm: AddMultiply = /* @__PURE__ */ named('aten::_sparse_addmm');

/**
 * `alpha * (mat1 @ mat2) + beta * input` for dense matrices, at the places that the sparse CSR matrix `input` has.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.sampled_addmm.html
 */
export const sampled_addmm: AddMultiply & {
  (input: Tensor, mat1: Tensor, mat2: Tensor, kwargs: AddmmOptions & { out?: Tensor | null }): Tensor;
} = /* @__PURE__ */ named('aten::sparse_sampled_addmm');

interface Normalize {
  (input: Tensor, dim: number, kwargs?: { dtype?: DType | null }): Tensor;
  (input: Tensor, kwargs: { dim: number; dtype?: DType | null }): Tensor;
  (kwargs: { input: Tensor; dim: number; dtype?: DType | null }): Tensor;
}

/** Python's: `dtype` may be left out where the schema wants it. */
function normalizing(name: string, operator: 'aten::_sparse_softmax' | 'aten::_sparse_log_softmax'): Normalize {
  const parse = signature<{ input: Tensor; dim: number; dtype?: DType | null }>(
    name,
    ['input', 'dim'],
    [['dtype', null]],
  );
  const call = named<(input: Tensor, dim: number, kwargs: { dtype: DType | null }) => Tensor>(operator);
  return ((...args: readonly unknown[]) => {
    const { input, dim, dtype } = parse(args);
    return call(input, dim, { dtype });
  }) as Normalize;
}

/**
 * The softmax along `dim` over the elements that are there: those that are not count as negative infinity.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.softmax.html
 */
export const softmax: Normalize = /* @__PURE__ */ normalizing('softmax', 'aten::_sparse_softmax');

/**
 * The logarithm of `softmax`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.log_softmax.html
 */
export const log_softmax: Normalize = /* @__PURE__ */ normalizing('log_softmax', 'aten::_sparse_log_softmax');

/**
 * The sparse matrix of size `shape` whose diagonals are the rows of `diagonals`.
 * @param offsets for each row which diagonal it is: 0 is the main one, those above it count up
 * @param layout of the result; `torch.sparse_coo` by default
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.spdiags.html
 */
export const spdiags: typeof aten._spdiags = /* @__PURE__ */ named('aten::_spdiags');

/**
 * Solves a system of equations whose matrix is sparse CSR. Needs a GPU and cuDSS.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.spsolve.html
 */
export const spsolve: typeof aten._spsolve = /* @__PURE__ */ named('aten::_spsolve');
