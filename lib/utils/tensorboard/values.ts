/** What a writer takes as numbers. */
import { is_array, is_instance } from '../../arguments.ts';
import { as_tensor } from '../../creation.ts';
import { float16, float64, bfloat16, type TypedArray } from '../../dtype.ts';
import { NotImplementedError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';

/** Numbers: a tensor, one number, or an array of them, typed (with a `shape`, as `numpy()` gives it) or nested. */
export type TensorLike =
  Tensor | number | boolean | bigint | (TypedArray & { shape?: readonly number[] }) | readonly TensorLike[];

/**
 * The values as a tensor on the CPU, apart from any graph.
 * @throws NotImplementedError if they are none
 */
export function to_tensor(value: unknown): Tensor {
  if (is_instance(value, Tensor)) {
    const source = value.detach().cpu();
    // NumPy, through which Python goes, has no bfloat16.
    return source.dtype === bfloat16 ? source.to(float16) : source;
  }
  if (typeof value === 'number') return as_tensor(value, { dtype: float64 });
  if (typeof value === 'boolean' || typeof value === 'bigint') return as_tensor(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as TypedArray & { shape?: readonly number[] };
    const flat = as_tensor(array);
    return is_array(array.shape) ? flat.reshape(array.shape) : flat;
  }
  if (is_array(value)) return as_tensor(value as readonly number[]);
  throw new NotImplementedError(`Got <class '${type_name(value)}'>, but numpy array or torch tensor are expected.`);
}

/** The elements as numbers, row by row. */
export function to_numbers(value: Tensor): Float64Array {
  return Float64Array.from(value.to(float64).contiguous().flatten().numpy() as Float64Array);
}
