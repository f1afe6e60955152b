/** Cutting tensors up, and finding what is in them. */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { check_tensor } from './tensors.ts';

interface SplitParameters {
  tensor: Tensor;
  split_size_or_sections: number | readonly number[];
  dim?: number;
}

const split_arguments = signature<SplitParameters>('split', ['tensor', 'split_size_or_sections', ['dim', 0]]);

/** @internal Is it one number, as an integer or in a tensor? */
function is_size(value: unknown): value is number {
  if (is_instance(value, Tensor)) return value.ndim === 0 && !value.dtype.is_floating_point;
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}

/** @internal The pieces; `split_size` is the size of each, or a list of their sizes. */
export function pieces_of(tensor: Tensor, split_size: number | readonly number[], dim: number): Tensor[] {
  if (is_size(split_size)) return aten.split(tensor, split_size, dim);
  return aten.split_with_sizes(tensor, split_size, dim);
}

/**
 * Views of pieces of the tensor along a dimension.
 *
 * @param split_size_or_sections the size of every piece (the last one may be smaller), or the sizes of all pieces
 * @throws RuntimeError if the sizes do not add up to that of the dimension
 * @see https://docs.pytorch.org/docs/stable/generated/torch.split.html
 */
export function split(...args: Arguments<SplitParameters, ['tensor', 'split_size_or_sections', 'dim']>): Tensor[] {
  const { tensor, split_size_or_sections, dim } = split_arguments(args);
  return pieces_of(tensor, split_size_or_sections, dim);
}

interface UnravelIndexParameters {
  indices: Tensor;
  shape: number | readonly number[];
}

const unravel_index_arguments = signature<UnravelIndexParameters>('unravel_index', ['indices', 'shape']);

/**
 * The coordinates in a tensor of shape `shape` of positions in its elements in row-major order: a tensor for each
 * dimension.
 * @throws TypeError if `indices` is not of an integer dtype or `shape` no list of ints
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unravel_index.html
 */
export function unravel_index(...args: Arguments<UnravelIndexParameters, ['indices', 'shape']>): Tensor[] {
  const { indices, shape } = unravel_index_arguments(args);
  check_tensor('unravel_index', 'indices', indices);
  const { dtype } = indices;
  if (dtype.is_floating_point || dtype.is_complex || dtype.name === 'bool') {
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${dtype}`);
  }
  const sizes: readonly unknown[] = Array.isArray(shape) ? shape : [shape];
  for (const size of sizes) {
    if (typeof size !== 'number' && !Array.isArray(shape)) {
      throw new TypeError(`expected 'shape' to be int or sequence of ints, but got <class '${type_name(shape)}'>`);
    }
    if (!Number.isInteger(size) && typeof size !== 'bigint') {
      throw new TypeError(`expected 'shape' sequence to only contain ints, but got <class '${type_name(size)}'>`);
    }
    if ((size as number) < 0) throw new ValueError(`'shape' cannot have negative values, but got (${sizes.join(', ')})`);
  }
  // In an int64 tensor the last strides may be beyond what a number holds.
  let stride = 1n;
  const coordinates: Tensor[] = [];
  for (let i = sizes.length - 1; i >= 0; i--) {
    const size = BigInt(sizes[i] as number);
    const quotient = aten.floor_divide(indices, BigInt.asIntN(64, stride));
    coordinates.unshift(aten.remainder(quotient, size));
    quotient.dispose();
    stride *= size;
  }
  return coordinates;
}
