/**
 * Tensors from JavaScript's own data. Those that LibTorch fills (`zeros`, `arange`, `rand`, …) are operators.
 * @see https://docs.pytorch.org/docs/stable/torch.html#creation-ops
 */
import { type Arguments, signature } from './arguments.ts';
import { Complex } from './complex.ts';
import { type DeviceLike, device as Device } from './device.ts';
import {
  bool,
  complex128,
  complex64,
  type dtype as DType,
  float32,
  float64,
  get_default_dtype,
  int16,
  int32,
  int64,
  int8,
  type TypedArray,
  uint16,
  uint32,
  uint64,
  uint8,
} from './dtype.ts';
import { RuntimeError, TypeError, ValueError } from './errors.ts';
import { native } from './native.ts';
import { aten } from './ops.ts';
import { type Scalar, Tensor } from './tensor.ts';
import { warn } from './warnings.ts';

/** What `torch.tensor` takes: a number, arrays of numbers to any depth, a typed array, a tensor. */
export type TensorData = Scalar | Tensor | TypedArray | Uint8ClampedArray | readonly TensorData[];

interface TensorParameters {
  data: TensorData;
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
}

const tensor_arguments = signature<TensorParameters>(
  'tensor',
  ['data'],
  [['dtype', null], ['device', null], ['requires_grad', false], ['pin_memory', false]],
);

/** The dtype of a typed array's elements. */
function dtype_of_array(array: ArrayBufferView): DType {
  if (array instanceof Float32Array) return float32;
  if (array instanceof Float64Array) return float64;
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return uint8;
  if (array instanceof Int8Array) return int8;
  if (array instanceof Int16Array) return int16;
  if (array instanceof Int32Array) return int32;
  if (array instanceof BigInt64Array) return int64;
  if (array instanceof Uint16Array) return uint16;
  if (array instanceof Uint32Array) return uint32;
  if (array instanceof BigUint64Array) return uint64;
  throw new TypeError(`no dtype fits the elements of a ${array.constructor.name}`);
}

/** The sizes of nested arrays, read along the first elements; whether the rest fits is checked when they are copied. */
function sizes_of(data: unknown): number[] {
  const sizes: number[] = [];
  for (let level = data; ; level = (level as readonly unknown[])[0]) {
    if (level instanceof Tensor) return [...sizes, ...level.shape];
    if (!Array.isArray(level) && !ArrayBuffer.isView(level)) return sizes;
    const { length } = level as { length?: number };
    if (length === undefined) throw new TypeError('a DataView has no elements; give a typed array');
    sizes.push(length);
    if (length === 0) return sizes;
  }
}

/** Copies the elements of nested arrays, in row-major order, to one array. */
function flatten(data: unknown, sizes: readonly number[], level: number, into: unknown[]): void {
  if (level === sizes.length) {
    if (Array.isArray(data) || ArrayBuffer.isView(data)) {
      throw new ValueError(`only one element tensors can be converted to scalars: too many dimensions at dim ${level}`);
    }
    into.push(data instanceof Tensor ? data.item() : data);
    return;
  }
  if (data instanceof Tensor) {
    flatten(data.tolist(), sizes, level, into);
    return;
  }
  if (!Array.isArray(data) && !ArrayBuffer.isView(data)) {
    throw new TypeError(`not a sequence: expected an array of length ${sizes[level]} at dim ${level}`);
  }
  const list = data as unknown as ArrayLike<unknown>;
  if (list.length !== sizes[level]) {
    throw new ValueError(`expected sequence of length ${sizes[level]} at dim ${level} (got ${list.length})`);
  }
  if (level === sizes.length - 1) {
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (typeof item === 'number') into.push(item);
      else flatten(item, sizes, level + 1, into);
    }
    return;
  }
  for (let i = 0; i < list.length; i++) flatten(list[i], sizes, level + 1, into);
}

/** The dtype that the elements' values ask for: the widest of bool, int64, the default float dtype and complex. */
function infer_dtype(elements: readonly unknown[]): DType {
  let rank = 0;
  for (let i = 0; i < elements.length; i++) {
    const value = elements[i];
    let own: number;
    switch (typeof value) {
      case 'number':
        own = Number.isSafeInteger(value) && !Object.is(value, -0) ? 2 : 3;
        break;
      case 'boolean':
        own = 1;
        break;
      case 'bigint':
        own = 2;
        break;
      default:
        if (!(value instanceof Complex)) {
          const shown = value === null ? 'None' : typeof value;
          throw new TypeError(`must be a number, a boolean, a bigint or a torch.Complex, not ${shown} (element ${i})`);
        }
        own = 4;
    }
    if (own > rank) rank = own;
  }
  if (rank === 0 || rank === 3) return get_default_dtype();
  if (rank === 1) return bool;
  if (rank === 2) return int64;
  return get_default_dtype() === float64 ? complex128 : complex64;
}

const RANGES: ReadonlyMap<DType, readonly [number, number]> = new Map([
  [uint8, [0, 255]],
  [int8, [-128, 127]],
  [int16, [-32768, 32767]],
  [int32, [-2147483648, 2147483647]],
  [uint16, [0, 65535]],
  [uint32, [0, 4294967295]],
]);

/** The elements as they lie in memory for `dtype`, which has a typed array. */
function to_typed_array(elements: readonly unknown[], kind: DType): TypedArray {
  const array = new kind._array!(elements.length);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    for (let i = 0; i < elements.length; i++) {
      const value = elements[i] as number | boolean | bigint;
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new RuntimeError(`cannot convert float ${value} to ${kind}`);
      }
      array[i] = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
    }
    return array;
  }
  if (kind === bool) {
    for (let i = 0; i < elements.length; i++) array[i] = elements[i] ? 1 : 0;
    return array;
  }
  const range = RANGES.get(kind);
  for (let i = 0; i < elements.length; i++) {
    const value = Number(elements[i]);
    if (range !== undefined && !(Math.trunc(value) >= range[0] && Math.trunc(value) <= range[1])) {
      throw new RuntimeError(`value cannot be converted to type ${kind.name} without overflow`);
    }
    array[i] = value;
  }
  return array;
}

function from_elements(elements: readonly unknown[], sizes: readonly number[], kind: DType): Tensor {
  if (kind.is_complex) {
    const parts = new Float64Array(2 * elements.length);
    for (let i = 0; i < elements.length; i++) {
      const value = elements[i];
      parts[2 * i] = value instanceof Complex ? value.real : Number(value);
      parts[2 * i + 1] = value instanceof Complex ? value.imag : 0;
    }
    const pairs = new Tensor(native.from_buffer(parts, float64._h, [...sizes, 2], false));
    return aten.view_as_complex(pairs).to(kind);
  }
  const complex = elements.find((value) => value instanceof Complex);
  if (complex !== undefined) throw new RuntimeError(`can't convert complex ${complex} to ${kind}`);
  // Where JavaScript has no array of the dtype, LibTorch converts from doubles, as Python's torch.tensor does.
  const held = kind._array === null ? float64 : kind;
  const made = new Tensor(native.from_buffer(to_typed_array(elements, held), held._h, sizes, false));
  return held === kind ? made : made.to(kind);
}

/**
 * A new tensor with a copy of `data`.
 *
 * JavaScript cannot tell 3.0 from 3: whole numbers make an int64 tensor, any fraction among them a tensor of the default
 * float dtype; give `dtype` to have it otherwise. A typed array keeps its own dtype.
 *
 * @param data a number, boolean, bigint or `torch.Complex`, nested arrays of them, a typed array or a tensor
 * @throws ValueError if nested arrays have different lengths
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
 */
export function tensor(...args: Arguments<TensorParameters, ['data']>): Tensor {
  const { data, dtype, device, requires_grad, pin_memory } = tensor_arguments(args);
  let result: Tensor;
  if (data instanceof Tensor) {
    warn(
      'To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or ' +
        'sourceTensor.detach().clone().requires_grad_(true), rather than torch.tensor(sourceTensor).',
    );
    result = data.detach().clone();
    if (dtype !== null) result = result.to(dtype);
  } else if (ArrayBuffer.isView(data)) {
    const own = dtype_of_array(data);
    const shape = (data as { shape?: readonly number[] }).shape ?? [(data as { length: number }).length];
    result = new Tensor(native.from_buffer(data, own._h, [...shape], false));
    if (dtype !== null) result = result.to(dtype);
  } else {
    const sizes = sizes_of(data);
    const elements: unknown[] = [];
    // A size of zero ends the nesting: there is nothing to copy.
    if (!sizes.includes(0)) flatten(data, sizes, 0, elements);
    else if (Array.isArray(data)) check_empty(data, sizes, 0);
    result = from_elements(elements, sizes, dtype ?? infer_dtype(elements));
  }
  if (device !== null) result = result.to(new Device(device));
  if (pin_memory) result = aten.pin_memory(result);
  return requires_grad ? result.requires_grad_() : result;
}

function check_empty(data: readonly unknown[], sizes: readonly number[], level: number): void {
  if (data.length !== sizes[level]) {
    throw new ValueError(`expected sequence of length ${sizes[level]} at dim ${level} (got ${data.length})`);
  }
  if (level + 1 < sizes.length) for (const item of data) check_empty(item as readonly unknown[], sizes, level + 1);
}

/**
 * A tensor over the memory of a typed array: writing to one changes the other. If the array has a `shape`, as those of
 * `x.numpy()` do, so has the tensor.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html
 */
export function from_numpy(array: TypedArray & { readonly shape?: readonly number[] }): Tensor {
  if (!ArrayBuffer.isView(array)) throw new TypeError('from_numpy(): expected a typed array');
  const sizes = array.shape ?? [array.length];
  return new Tensor(native.from_buffer(array, dtype_of_array(array)._h, [...sizes], true));
}

interface FrombufferParameters {
  buffer: ArrayBufferView | ArrayBufferLike;
  dtype: DType;
  count?: number;
  offset?: number;
  requires_grad?: boolean;
}

const frombuffer_arguments = signature<FrombufferParameters>(
  'frombuffer',
  ['buffer'],
  ['dtype', ['count', -1], ['offset', 0], ['requires_grad', false]],
);

/**
 * A 1-dim tensor over the bytes of a buffer.
 *
 * @param count how many elements; by default as many as there are
 * @param offset where the first one starts, in bytes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.frombuffer.html
 */
export function frombuffer(...args: Arguments<FrombufferParameters, ['buffer']>): Tensor {
  const { buffer, dtype, count, offset, requires_grad } = frombuffer_arguments(args);
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  if (bytes.length === 0) throw new ValueError('both buffer length (0) and count (-1) must not be 0');
  if (!(offset >= 0 && offset < bytes.length)) {
    throw new ValueError(`offset (${offset} bytes) must be non-negative and no greater than buffer length (${bytes.length} bytes) minus 1`);
  }
  const rest = bytes.length - offset;
  if (count < 0 && rest % dtype.itemsize !== 0) {
    throw new ValueError(`buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${dtype.itemsize})`);
  }
  const length = count < 0 ? rest / dtype.itemsize : count;
  if (length * dtype.itemsize > rest) {
    throw new ValueError(`requested buffer length (${length} * ${dtype.itemsize} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${bytes.length} bytes)`);
  }
  const result = new Tensor(native.from_buffer(bytes.subarray(offset), dtype._h, [length], true));
  return requires_grad ? result.requires_grad_() : result;
}

interface AsTensorParameters {
  data: TensorData;
  dtype?: DType | null;
  device?: DeviceLike | null;
}

const as_tensor_arguments = signature<AsTensorParameters>('as_tensor', ['data', ['dtype', null], ['device', null]]);

/**
 * `data` as a tensor, without a copy where that is possible: of a tensor, or over a typed array.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.as_tensor.html
 */
export function as_tensor(...args: Arguments<AsTensorParameters, ['data', 'dtype', 'device']>): Tensor {
  const { data, dtype, device } = as_tensor_arguments(args);
  if (!(data instanceof Tensor) && !ArrayBuffer.isView(data)) return tensor(data, { dtype, device });
  const source = data instanceof Tensor ? data : from_numpy(data as TypedArray);
  return dtype === null && device === null ? source : source.to({ dtype, device });
}

/** Is `obj` a tensor? See https://docs.pytorch.org/docs/stable/generated/torch.is_tensor.html */
export function is_tensor(obj: unknown): obj is Tensor {
  return obj instanceof Tensor;
}
