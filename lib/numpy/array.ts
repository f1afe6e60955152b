/** What stands for an `ndarray`: a typed array with the numbers row by row, and their shape. */
import type { TypedArray } from '../dtype.ts';
import { TypeError, ValueError } from '../errors.ts';
import { type_name } from '../repr.ts';

/** A typed array that knows its shape. `torch.from_numpy` takes it, `tensor.numpy()` gives one. */
export type NDArray<T extends TypedArray = TypedArray> = T & { readonly shape: readonly number[] };

/** Gives `values` a shape. */
export function with_shape<T extends TypedArray>(values: T, shape: readonly number[]): NDArray<T> {
  return Object.defineProperty(values, 'shape', { value: shape, configurable: true }) as NDArray<T>;
}

/** The shape of a typed array; one that knows none has one dimension. */
export function shape_of(values: TypedArray): readonly number[] {
  return (values as Partial<NDArray>).shape ?? [values.length];
}

/** How many elements an array of this shape has. */
export function size_of(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape that `size` stands for: one number is a shape of one dimension. */
export function as_shape(size: number | readonly number[]): readonly number[] {
  const shape = typeof size === 'number' ? [size] : size;
  if (!Array.isArray(shape)) {
    throw new TypeError(`expected a sequence of integers or a single integer, got '${type_name(size)}'`);
  }
  for (const length of shape as unknown[]) {
    if (!Number.isSafeInteger(length)) {
      throw new TypeError(`'${type_name(length)}' object cannot be interpreted as an integer`);
    }
    if ((length as number) < 0) throw new ValueError('negative dimensions are not allowed');
  }
  return shape as readonly number[];
}

/** How many elements a row of `values` has, a row being what one index of the first dimension gives. */
export function row_length(values: TypedArray): number {
  return size_of(shape_of(values).slice(1));
}

/** A new array of the rows of `values` that `indices` tells, in that order. */
export function take_rows<T extends TypedArray>(values: T, indices: ArrayLike<number>): NDArray<T> {
  const width = row_length(values);
  const Class = values.constructor as new (length: number) => T;
  const result = new Class(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]! * width;
    for (let j = 0; j < width; j++) result[i * width + j] = values[row + j]!;
  }
  return with_shape(result, [indices.length, ...shape_of(values).slice(1)]);
}
