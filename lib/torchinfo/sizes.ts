/** The sizes of what goes into modules and comes out of them: tensors in arrays, in objects, in one another. */
import { is_kwargs } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';

/** A size as a list; a list in a list where a dict was cut to one batch. */
export type SizeList = (number | SizeList)[];
export type SizeAndBytes = [size: SizeList, bytes_per_element: number];

const NOTHING: SizeAndBytes = [[], 0];

function of_tensor(tensor: Tensor): SizeAndBytes {
  return [[...tensor.shape], tensor.element_size()];
}

/** The size of the first tensor that there is. */
function nested_size(value: unknown): SizeAndBytes {
  if (value instanceof Tensor) return of_tensor(value);
  if (is_kwargs(value)) return nested_size(Object.values(value));
  if (value instanceof Map) return nested_size([...value.values()]);
  if (Array.isArray(value) && value.length > 0) return nested_size(value[0]);
  return NOTHING;
}

/** The tensor in `value.data`: what a packed sequence holds. */
function data_of(value: unknown): Tensor | null {
  if (value instanceof Tensor) return value;
  const data = (value as { data?: unknown } | null | undefined)?.data;
  return data instanceof Tensor ? data : null;
}

/** The size of the input or the output of a module, with 1 for its batch if `batch_dim` says where that is. */
export function calculate_size(value: unknown, batch_dim: number | null): SizeAndBytes {
  if (value === null || value === undefined) return NOTHING;
  if (value instanceof Tensor) return of_tensor(value);
  if (Array.isArray(value)) {
    const data = value.length > 0 ? data_of(value[0]) : null;
    const [size, bytes] = data === null ? nested_size(value) : of_tensor(data);
    if (batch_dim !== null && (data !== null || batch_dim < size.length)) return [with_one(size, batch_dim), bytes];
    return [size, bytes];
  }
  if (is_kwargs(value) || value instanceof Map) {
    const values = value instanceof Map ? [...value.values()] : Object.values(value);
    const [size, bytes] = nested_size(values.at(-1));
    return [batch_dim === null ? size : [with_one(size, batch_dim)], bytes];
  }
  const data = data_of(value);
  if (data !== null) return of_tensor(data);
  throw new TypeError(
    `Model contains a layer with an unsupported input or output type: ${String(value)}, type: ${type_name(value)}`,
  );
}

function with_one(size: SizeList, dim: number): SizeList {
  return [...size.slice(0, dim), 1, ...size.slice(dim + 1)];
}

/** The product of all numbers in a list and in the lists in it. */
export function product(sizes: SizeList): number {
  return sizes.reduce<number>((result, size) => result * (Array.isArray(size) ? product(size) : size), 1);
}

/** `action` of every tensor in arrays, maps and objects, in the place of the tensor. */
export function map_tensors(value: unknown, action: (tensor: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return action(value);
  if (Array.isArray(value)) return Array.from(value, (item) => map_tensors(item, action));
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, map_tensors(item, action)]));
  if (is_kwargs(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map_tensors(item, action)]));
  }
  return value;
}

/** What Python's object for a storage takes beside the bytes in it. */
const STORAGE_OVERHEAD = 64;

/** The bytes of the storages of all tensors in `value`. */
export function total_memory(value: unknown): number {
  let bytes = 0;
  map_tensors(value, (tensor) => (bytes += tensor.untyped_storage().nbytes() + STORAGE_OVERHEAD));
  return bytes;
}
