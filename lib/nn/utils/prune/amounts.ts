/** How much is to be pruned, and whether that makes sense. */
import { IndexError, TypeError, ValueError } from '../../../errors.ts';
import { str } from '../../../repr.ts';
import type { Tensor } from '../../../tensor.ts';

/**
 * @throws TypeError unless an amount is a number
 * @throws ValueError unless it is a number of elements, or a share of them
 */
export function check_amount(amount: unknown): asserts amount is number {
  if (typeof amount !== 'number') {
    throw new TypeError(`Invalid type for amount: ${str(amount)}. Must be int or float.`);
  }
  if (amount >= 0 && (Number.isInteger(amount) || amount <= 1)) return;
  throw new ValueError(
    `amount=${str(amount)} should either be a float in the range [0, 1] or a non-negative integer`,
  );
}

/** The nearest whole number, of two as near the even one. */
function round_half_even(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/**
 * How many of `size` elements an amount is.
 * @throws ValueError if it is more than there are
 */
export function elements_to_prune(amount: number, size: number): number {
  const count = Number.isInteger(amount) ? amount : round_half_even(amount * size);
  if (count > size) {
    throw new ValueError(`amount=${count} should be smaller than the number of parameters to prune=${size}`);
  }
  return count;
}

/**
 * @throws ValueError for a tensor without channels
 * @throws IndexError for a dimension that it does not have
 */
export function check_channels(tensor: Tensor, dim: number): void {
  const { shape } = tensor;
  if (shape.length <= 1) {
    throw new ValueError(
      'Structured pruning can only be applied to multidimensional tensors. Found tensor of shape ' +
        `${String(shape)} with ${shape.length} dims`,
    );
  }
  if (dim >= shape.length) throw new IndexError(`Invalid index ${dim} for tensor of size ${String(shape)}`);
}
