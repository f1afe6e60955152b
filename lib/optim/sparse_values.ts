/** Sparse gradients, as optimizers compute with them. */
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

/** A sparse tensor with the indices and the shape of `pattern`, which has to be coalesced, but other values. */
export function with_values(pattern: Tensor, values: Tensor): Tensor {
  return aten._sparse_coo_tensor_unsafe(aten._indices(pattern), values, pattern.shape);
}

/** The values of a dense tensor where `pattern` has its own. */
export function values_at(tensor: Tensor, pattern: Tensor): Tensor {
  return aten._values(aten.sparse_mask(tensor, pattern));
}
