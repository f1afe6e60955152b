/** What plotting functions take as numbers: tensors, typed arrays, nested arrays; and what they make of it. */
import { is_array, is_instance } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { float64 } from '../dtype.ts';
import { str, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { Image } from '../torchvision/image.ts';

/** A typed array of numbers; with a `shape`, as a tensor's `numpy()` gives it, it may have several dimensions. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One number. */
export type NumberLike = number | boolean | bigint | Tensor;

/** Numbers of any shape: a tensor, a typed array, an image, arrays of numbers or of 0-dim tensors, nested for rows. */
export type ArrayLike = NumberLike | NumberArray | Image | readonly ArrayLike[] | Iterable<NumberLike>;

/** Numbers of any shape, or texts that name categories. */
export type Values = ArrayLike | readonly string[];

/** Numbers row by row, and their shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A number of whatever kind stands for one; NaN where a value is missing. */
function number_of(value: unknown, name: string): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
    case 'bigint':
      return Number(value);
    default:
      break;
  }
  if (value === null || value === undefined) return NaN;
  if (is_instance(value, Tensor)) return Number(value.detach().item());
  throw new TypeError(`${name}: a number is expected, not ${type_name(value)}`);
}

function of_tensor(value: Tensor): Numbers {
  const dense = value.layout.name === 'strided' ? value : value.to_dense();
  const data = dense.detach().to({ dtype: float64, device: 'cpu' }).contiguous().numpy();
  // A copy: what is drawn later is what was there when it was asked for.
  return { shape: [...value.shape], data: Float64Array.from(data as Float64Array) };
}

/** An image of torchvision: its rows of pixels, and where these have several values, those of each. */
function of_image({ width, height, channels, data }: Image): Numbers {
  return { shape: channels === 1 ? [height, width] : [height, width, channels], data: Float64Array.from(data) };
}

function is_typed_array(value: unknown): value is NumberArray & { readonly shape?: readonly number[] } {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function stack(parts: readonly Numbers[], name: string): Numbers {
  const shape = parts[0]!.shape;
  const size = parts[0]!.data.length;
  const data = new Float64Array(parts.length * size);
  parts.forEach((part, i) => {
    if (part.shape.length !== shape.length || part.shape.some((length, d) => length !== shape[d])) {
      throw new ValueError(`${name}: rows of different lengths`);
    }
    data.set(part.data, i * size);
  });
  return { shape: [parts.length, ...shape], data };
}

/**
 * The numbers in `value`.
 * @param name what to call it in errors
 * @throws TypeError if it is not made of numbers
 * @throws ValueError if its rows differ in length
 */
export function numbers(value: unknown, name: string): Numbers {
  if (is_instance(value, Tensor)) {
    if (value.is_complex()) throw new RuntimeError(`${name}: complex numbers cannot be drawn`);
    return of_tensor(value);
  }
  if (is_instance(value, Image)) return of_image(value);
  if (is_typed_array(value)) {
    const shape = is_array(value.shape) ? (value.shape as number[]) : [value.length];
    return { shape, data: Float64Array.from(value as ArrayLikeOfAny, Number) };
  }
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
    const items = is_array(value) ? value : [...(value as Iterable<unknown>)];
    const nested = items.some((item) => typeof item === 'object' && item !== null && !is_scalar_tensor(item));
    if (nested)
      return stack(
        items.map((item) => numbers(item, name)),
        name,
      );
    return { shape: [items.length], data: Float64Array.from(items, (item) => number_of(item, name)) };
  }
  return { shape: [], data: Float64Array.of(number_of(value, name)) };
}

type ArrayLikeOfAny = globalThis.ArrayLike<number>;

function is_scalar_tensor(value: unknown): boolean {
  return is_instance(value, Tensor) && value.numel() === 1;
}

/** One-dimensional numbers; a single one counts as a list of one, further dimensions are laid out row by row. */
export function flat(value: unknown, name: string): Float64Array {
  return numbers(value, name).data;
}

/**
 * A single number.
 * @throws TypeError if it is none
 */
export function one_number(value: unknown, name: string): number {
  const { data } = numbers(value, name);
  if (data.length !== 1) throw new TypeError(`${name}: one number is expected, not ${data.length}`);
  return data[0]!;
}

/**
 * A list of texts.
 * @throws TypeError if it is none
 */
export function texts(value: unknown, name: string): string[] {
  if (!is_array(value)) throw new TypeError(`${name}: a list of texts is expected, not ${type_name(value)}`);
  return value.map(str);
}

/** @throws ValueError if the two cannot be drawn against each other */
export function check_same_size(x: Float64Array, y: Float64Array): void {
  if (x.length !== y.length) {
    throw new ValueError(`x and y must have same first dimension, but have shapes (${x.length},) and (${y.length},)`);
  }
}

/** Are the numbers bytes or other whole ones by their type, as an image from 0 to 255 has them? */
export function is_whole_type(value: unknown): boolean {
  if (is_instance(value, Tensor)) return !value.is_floating_point();
  if (is_instance(value, Image)) return value.mode !== 'F';
  if (is_typed_array(value)) return !(value instanceof Float32Array || value instanceof Float64Array);
  return false;
}

/** Are these names of categories? */
export function is_texts(value: unknown): value is readonly string[] {
  return is_array(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/**
 * The smallest and the largest finite number; `[Infinity, -Infinity]` where there is none.
 * @param positive whether only numbers above zero count, as on a logarithmic axis
 */
export function extremes(values: Iterable<number>, positive = false): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (positive && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
