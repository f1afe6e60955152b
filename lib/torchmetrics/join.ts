import { ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The tensors of all batches as one; numbers count as tensors of one element.
 * @throws ValueError where there is none
 */
export function join(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) throw new ValueError('No samples to concatenate');
  return aten.cat(parts.map((part) => (part.ndim === 0 ? part.unsqueeze(0) : part)));
}
