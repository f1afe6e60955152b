/** Bringing tensors to common shapes. */
import { is_array, is_instance } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { repr, type_name } from '../repr.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { spread_tensors } from './tensors.ts';

/** One tensor in, one out; several in, as many out. */
interface EachTensor {
  (tensor: Tensor): Tensor;
  (tensors: readonly Tensor[]): Tensor[];
  (...tensors: Tensor[]): Tensor[];
}

/**
 * Views of the tensors with the shape that they broadcast to.
 * @throws RuntimeError if they do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_tensors.html
 */
export function broadcast_tensors(...tensors: readonly Tensor[]): Tensor[] {
  return aten.broadcast_tensors(spread_tensors(tensors));
}

function sizes_of_shape(shape: unknown): readonly number[] {
  if (typeof shape === 'number') return [shape];
  if (!is_array(shape)) {
    throw new TypeError('Input shapes should be of type ints, a tuple of ints, or a list of ints');
  }
  for (const size of shape as readonly unknown[]) {
    if (!Number.isInteger(size)) throw new TypeError(`broadcast_shapes(): sizes must be int, not ${type_name(size)}`);
  }
  return shape as readonly number[];
}

/**
 * The shape that tensors of these shapes broadcast to.
 * @param shapes each an array of sizes, or one size alone
 * @throws RuntimeError if they do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_shapes.html
 */
export function broadcast_shapes(...shapes: readonly (number | readonly number[])[]): Size {
  const all = shapes.map(sizes_of_shape);
  const result: number[] = new Array<number>(Math.max(0, ...all.map((one) => one.length))).fill(1);
  all.forEach((sizes, which) => {
    for (let i = -1; i >= -sizes.length; i--) {
      const size = sizes[sizes.length + i]!;
      if (size < 0) throw new ValueError('Attempting to broadcast a dimension with negative length!');
      const known = result[result.length + i]!;
      if (size === 1 || size === known) continue;
      if (known !== 1) {
        throw new RuntimeError(
          `Attempting to broadcast a dimension of length ${size} at ${i}! Mismatching argument at index ${which} had ` +
            `${repr(Array.from(sizes))}; but expected shape should be broadcastable to [${result.join(', ')}]`,
        );
      }
      result[result.length + i] = size;
    }
  });
  return new Size(result);
}

function each_tensor(name: 'atleast_1d' | 'atleast_2d' | 'atleast_3d'): EachTensor {
  return ((...args: readonly unknown[]): Tensor | Tensor[] => {
    const [first] = args;
    if (args.length !== 1) return aten[name](spread_tensors(args, 1));
    return is_instance(first, Tensor) ? aten[name](first) : aten[name](first as readonly Tensor[]);
  }) as EachTensor;
}

/**
 * The tensor with one dimension at least; of several tensors, each.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_1d.html
 */
export const atleast_1d: EachTensor = each_tensor('atleast_1d');

/**
 * The tensor with two dimensions at least; of several tensors, each.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_2d.html
 */
export const atleast_2d: EachTensor = each_tensor('atleast_2d');

/**
 * The tensor with three dimensions at least; of several tensors, each.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_3d.html
 */
export const atleast_3d: EachTensor = each_tensor('atleast_3d');
