/** Masked reductions of sparse tensors: what the mask lets through is the pattern, and what is not there counts as 0. */
import { sparse_coo_tensor } from '../sparse/creation.ts';
import { bool, type dtype as DType, int64 } from '../dtype.ts';
import { AssertionError, RuntimeError, ValueError } from '../errors.ts';
import { sparse_coo, sparse_csr } from '../layout.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { canonical_dims } from './inputs.ts';

/** The reductions that sparse tensors have. */
export type SparseReduction = 'sum' | 'prod' | 'amax' | 'amin' | 'mean';

export interface SparseReductionOptions {
  dim: number | readonly number[] | null;
  keepdim: boolean;
  dtype: DType;
  mask: Tensor | null;
}

function check(operation: SparseReduction, { layout }: Tensor, { keepdim, mask }: SparseReductionOptions): void {
  if (operation === 'mean' && layout !== sparse_csr) {
    throw new ValueError(`masked mean expects strided or sparse_csr tensor (got ${String(layout)} tensor)`);
  }
  if (layout !== sparse_coo && layout !== sparse_csr) {
    throw new ValueError(
      `masked ${operation} expects strided, sparse_coo or sparse_csr tensor (got ${String(layout)} tensor)`,
    );
  }
  if (mask === null && operation !== 'sum') {
    throw new ValueError(
      `masked ${operation} expects explicit mask for ${String(layout).replace('torch.', '')} tensor input`,
    );
  }
  if (layout === sparse_csr && !keepdim) {
    const Class = operation === 'sum' || operation === 'prod' ? RuntimeError : AssertionError;
    throw new Class('reduction operations on CSR tensors with keepdim=False is unsupported');
  }
}

/** The input in coordinate format with the elements that the mask lets through, each of them there. */
function pattern_of(input: Tensor, mask: Tensor | null): Tensor {
  const coordinates = input.layout === sparse_coo ? input : input.to_sparse();
  const flat = coordinates.sparse_dim() === input.ndim ? coordinates : coordinates.to_dense().to_sparse();
  if (mask === null) return flat.coalesce();
  let pattern = mask;
  if (!mask.shape.equals(input.shape)) {
    const dense = mask.layout === sparse_coo || mask.layout === sparse_csr ? mask.to_dense() : mask;
    pattern = aten.broadcast_to(dense, input.shape);
  }
  pattern = pattern.to_dense().to(bool).to_sparse().coalesce();
  return flat.coalesce().sparse_mask(pattern);
}

/** The elements of each group reduced; `groups` says which group each is of. */
function reduce(operation: SparseReduction, values: Tensor, groups: Tensor, count: number): Tensor {
  const start = aten.zeros([count], { dtype: values.dtype, device: values.device });
  if (operation === 'sum') return start.index_add(0, groups, values);
  return start.scatter_reduce(0, groups, values, operation, { include_self: false });
}

/**
 * The reduction over the dimensions `dim`, over all for null; sparse as the input is.
 * @throws ValueError where there is no such reduction for the layout, or no mask where one is needed
 */
export function sparse_reduction(operation: SparseReduction, input: Tensor, options: SparseReductionOptions): Tensor {
  const dims = canonical_dims(options.dim, input.ndim);
  check(operation, input, options);
  const pattern = pattern_of(input, options.mask);
  const values = pattern.values().to(options.dtype);
  const indices = pattern.indices();
  const { keepdim } = options;
  const rest = Array.from({ length: input.ndim }, (_, i) => i).filter((i) => !dims.includes(i));
  const shape = input.shape.map((size, i) => (dims.includes(i) ? 1 : size));
  const is_csr = input.layout === sparse_csr;
  if (rest.length === 0 && !is_csr) {
    const nothing = aten.zeros([values.numel()], { dtype: int64, device: values.device });
    const total = reduce(operation, values, nothing, 1).reshape(keepdim ? shape : []);
    return values.numel() === 0 ? aten.zeros_like(total).to_sparse() : total.to_sparse();
  }
  // One number for each place in the result, in the order of its elements.
  let places = aten.zeros_like(indices.index([0]));
  for (const i of rest) places = places.mul(input.size(i)).add(indices.index([i]));
  const [unique, groups] = aten._unique2(places, true, true) as unknown as [Tensor, Tensor];
  const reduced = reduce(operation, values, groups, unique.numel());
  const kept = keepdim ? shape.map((_, i) => i) : rest;
  const rows: Tensor[] = [];
  let remaining = unique;
  for (const i of [...kept].reverse()) {
    if (dims.includes(i)) {
      rows.unshift(aten.zeros_like(unique));
    } else {
      rows.unshift(remaining.remainder(input.size(i)));
      remaining = remaining.div(input.size(i), { rounding_mode: 'floor' });
    }
  }
  const size = kept.map((i) => shape[i]!);
  const made = sparse_coo_tensor(aten.stack(rows), reduced, size, { is_coalesced: true });
  return is_csr ? made.to_sparse_csr() : made;
}
