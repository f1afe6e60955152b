/** What masked operations compute with: the input with their identity where the mask is false. */
import { is_instance } from '../arguments.ts';
import { tensor } from '../creation.ts';
import { bool, dtype as DType, float32, uint8 } from '../dtype.ts';
import { IndexError, NotImplementedError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { strided } from '../layout.ts';
import { integer_range } from '../limits.ts';
import { aten } from '../ops.ts';
import { handle_of, type Scalar, type Tensor } from '../tensor.ts';

/** Fails for anything but a tensor and a dtype; `operation` is what the message calls the function. */
export function check_input(operation: string, input: Tensor, dtype: unknown): void {
  handle_of(input, 'input');
  if (dtype !== null && !is_instance(dtype, DType)) {
    throw new TypeError(`${operation}(): argument 'dtype' must be torch.dtype, not ${typeof dtype}`);
  }
}

/** As `check_input`, and fails for tensors that are not strided. */
export function check_strided(operation: string, input: Tensor, dtype: unknown): void {
  check_input(operation, input, dtype);
  if (input.layout === strided) return;
  throw new ValueError(`masked ${operation} expects strided tensor (got ${String(input.layout)} tensor)`);
}

/** The dimensions as positions, in order; all of them for null and for an empty list. */
export function canonical_dims(dim: number | readonly number[] | null, ndim: number): number[] {
  if (dim === null || (typeof dim !== 'number' && dim.length === 0)) return Array.from({ length: ndim }, (_, i) => i);
  const count = Math.max(ndim, 1);
  const dims: number[] = [];
  if (typeof dim !== 'number' && !Array.isArray(dim)) {
    throw new TypeError(`argument 'dim' must be int or tuple of ints, not ${typeof dim}`);
  }
  for (const one of typeof dim === 'number' ? [dim] : dim) {
    if (!Number.isInteger(one)) throw new TypeError(`argument 'dim' must be int or tuple of ints, not ${typeof one}`);
    if (dims.includes(one)) throw new RuntimeError(`dim=${one} appears multiple times in the list of dims`);
    if (one >= count || one < -count) {
      throw new IndexError(
        `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${one})`,
      );
    }
    dims.push(one < 0 ? one + count : one);
  }
  return dims.sort((a, b) => a - b);
}

/** The mask in the input's shape, as booleans. */
export function input_mask(input: Tensor, mask: Tensor): Tensor {
  handle_of(mask, 'mask');
  let result = mask;
  if (!mask.shape.equals(input.shape)) {
    if (mask.ndim > input.ndim) {
      throw new IndexError(
        '_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)',
      );
    }
    result = aten.broadcast_to(mask, input.shape);
  }
  if (result.layout !== strided) result = result.to_dense();
  return result.to(bool);
}

/** What stands where the mask is false: the smallest (or largest) value of the dtype. */
function extreme(operation: string, input: Tensor, largest: boolean): Scalar {
  const { dtype } = input;
  if (dtype.is_floating_point) return largest ? Infinity : -Infinity;
  const range = dtype.is_signed || dtype === uint8 ? integer_range(dtype) : undefined;
  if (range === undefined) throw new NotImplementedError(`identity of ${operation} on ${dtype} input`);
  return range[largest ? 1 : 0];
}

/** The value that does not change the result of `operation`. */
function identity_of(operation: string, input: Tensor, ord: number | null): Tensor {
  const { dtype, device } = input;
  const make = (value: Scalar, kind = dtype): Tensor => tensor(value, { dtype: kind, device });
  switch (operation) {
    case 'sum':
      return make(0);
    case 'prod':
      return make(1);
    case 'logsumexp':
      return make(dtype.is_complex ? -Infinity : extreme(operation, input, false));
    case 'amax':
    case 'argmax':
    case 'logaddexp':
      return make(extreme(operation, input, false));
    case 'amin':
    case 'argmin':
      return make(extreme(operation, input, true));
    case 'norm':
      return make(ord === -Infinity ? Infinity : 0);
    case 'median':
      return make(NaN, dtype.is_floating_point ? dtype : float32);
    default:
      throw new ValueError(`no identity of ${operation}`);
  }
}

/** The input with the identity of `operation` where the mask is false. */
export function masked_input(operation: string, input: Tensor, mask: Tensor | null, ord: number | null = 2): Tensor {
  if (mask === null) return input;
  return aten.where(input_mask(input, mask), input, identity_of(operation, input, ord));
}
