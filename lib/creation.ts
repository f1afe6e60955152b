/**
 * Tensors from JavaScript's own data. Those that LibTorch fills (`zeros`, `arange`, `rand`, …) are operators.
 * @see https://docs.pytorch.org/docs/stable/torch.html#creation-ops
 */
import * as worker_threads from 'node:worker_threads';
import { type Arguments, is_instance, signature } from './arguments.ts';
import { Complex } from './complex.ts';
import { device_or_default } from './default_device.ts';
import { type DeviceLike, device as Device } from './device.ts';
import {
  bool,
  dtype as DType,
  float16,
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
import { integer_range } from './limits.ts';
import { native } from './native.ts';
import { aten } from './ops.ts';
import { type_name } from './repr.ts';
import { type Scalar, Tensor } from './tensor.ts';
import { legacy_type_name } from './tensor_type.ts';
import { warn } from './warnings.ts';

const { markAsUntransferable } = worker_threads;
/** Not in Node 20. */
const { isMarkedAsUntransferable } = worker_threads as { isMarkedAsUntransferable?: (object: object) => boolean };

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

/** More dimensions than any tensor has: what nests deeper is an array that contains itself. */
const MOST_DIMENSIONS = 128;

/** The sizes of nested arrays, read along the first elements; whether the rest fits is checked when they are copied. */
function sizes_of(data: unknown): number[] {
  const sizes: number[] = [];
  for (let level = data; Array.isArray(level) || ArrayBuffer.isView(level); level = (level as ArrayLike<unknown>)[0]) {
    const { length } = level as { length?: number };
    if (length === undefined) throw new TypeError('a DataView has no elements; give a typed array');
    if (sizes.length === MOST_DIMENSIONS) throw new ValueError("too many dimensions 'list'");
    sizes.push(length);
    if (length === 0) return sizes;
  }
  return sizes;
}

/** An element that is no plain number, as it is stored: the only element of a tensor, or what `tensor` takes. */
function element_of(value: unknown): Scalar {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
  }
  if (value instanceof Complex) return value;
  if (value instanceof Tensor) {
    if (value.numel() !== 1) throw new ValueError('only one element tensors can be converted to Python scalars');
    return value.item();
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError('an array stands where a number was expected: all rows have to be equally deep');
  }
  if (typeof value === 'string') throw new TypeError("new(): invalid data type 'str'");
  throw new RuntimeError(`Could not infer dtype of ${type_name(value)}`);
}

/** Copies the elements of nested arrays, in row-major order, to one array. */
function flatten(data: unknown, sizes: readonly number[], level: number, into: Scalar[]): void {
  if (level === sizes.length) {
    into.push(element_of(data));
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
      into.push(typeof item === 'number' ? item : element_of(item));
    }
    return;
  }
  for (let i = 0; i < list.length; i++) flatten(list[i], sizes, level + 1, into);
}

/** The dtype that the elements' values ask for: the widest of bool, int64, the default float dtype and complex. */
function infer_dtype(elements: readonly Scalar[]): DType {
  let rank = 0;
  for (let i = 0; i < elements.length; i++) {
    const value = elements[i]!;
    let own: number;
    switch (typeof value) {
      case 'number':
        own = is_whole(value) ? 2 : 3;
        break;
      case 'boolean':
        own = 1;
        break;
      case 'bigint':
        own = 2;
        break;
      default:
        own = 4;
    }
    if (own > rank) rank = own;
  }
  if (rank === 0 || rank === 3) return get_default_dtype();
  if (rank === 1) return bool;
  if (rank === 2) return int64;
  const real = get_default_dtype();
  if (real !== float32 && real !== float64 && real !== float16) {
    throw new RuntimeError('invalid default scalar type for complex');
  }
  return real.to_complex();
}

/** Is it a number that Python would write without a point? -0 is not, nor are those too large to be exact. */
function is_whole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function overflow(kind: DType): RuntimeError {
  return new RuntimeError(`value cannot be converted to type ${kind.name} without overflow`);
}

/** An element of a 64-bit integer dtype. */
function to_bigint(value: Scalar, kind: DType): bigint {
  if (typeof value === 'number' && !Number.isFinite(value)) throw overflow(kind);
  const whole = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value as bigint | boolean);
  const kept = kind === uint64 ? BigInt.asUintN(64, whole) : BigInt.asIntN(64, whole);
  if (kept !== whole) throw overflow(kind);
  return whole;
}

/** The range of an integer dtype of less than 64 bits. */
type SmallRange = readonly [lowest: number, highest: number];

/** An element of a smaller integer dtype. Whole negative numbers wrap around in unsigned ones, as in Python. */
function to_small_int(value: Scalar, kind: DType, [lowest, highest]: SmallRange): number {
  const number = Number(value);
  if (number >= lowest && number <= highest) return Math.trunc(number);
  const wraps = lowest === 0 && (typeof value === 'bigint' || is_whole(number)) && -number <= highest;
  if (!wraps || !(number < 0)) throw overflow(kind);
  return number;
}

/** The elements as they lie in memory for `dtype`, which has a typed array. */
function to_typed_array(elements: readonly Scalar[], kind: DType): TypedArray {
  const array = new kind._array!(elements.length);
  const range = integer_range(kind);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    for (let i = 0; i < elements.length; i++) array[i] = to_bigint(elements[i]!, kind);
  } else if (kind === bool) {
    // Everything that is not zero is true, NaN too.
    for (let i = 0; i < elements.length; i++) array[i] = Number(elements[i]) === 0 ? 0 : 1;
  } else if (range !== undefined) {
    for (let i = 0; i < elements.length; i++) array[i] = to_small_int(elements[i]!, kind, range as SmallRange);
  } else {
    for (let i = 0; i < elements.length; i++) array[i] = Number(elements[i]);
  }
  return array;
}

function from_elements(elements: readonly Scalar[], sizes: readonly number[], kind: DType): Tensor {
  if (kind.is_complex) {
    const parts = new Float64Array(2 * elements.length);
    for (let i = 0; i < elements.length; i++) {
      const value = elements[i]!;
      parts[2 * i] = value instanceof Complex ? value.real : Number(value);
      parts[2 * i + 1] = value instanceof Complex ? value.imag : 0;
    }
    const pairs = new Tensor(native.from_buffer(parts, float64._h, [...sizes, 2], false));
    return aten.view_as_complex(pairs).to(kind);
  }
  const complex = elements.find((value) => value instanceof Complex);
  if (complex !== undefined) throw new TypeError(`can't convert the complex number ${complex} to ${kind}`);
  // Where JavaScript has no array of the dtype, LibTorch converts from doubles, as Python's torch.tensor does.
  const held = kind._array === null ? float64 : kind;
  const made = new Tensor(native.from_buffer(to_typed_array(elements, held), held._h, sizes, false));
  return held === kind ? made : made.to(kind);
}

/** LibTorch's own name of a dtype: `Float`. */
function scalar_type(kind: DType): string {
  return legacy_type_name(kind).replace('Tensor', '');
}

/** Checks the options that all functions here have in common. */
function check_options(
  name: string,
  { dtype, device, requires_grad }: { dtype?: unknown; device?: unknown; requires_grad?: unknown },
): void {
  if (dtype != null && !(dtype instanceof DType)) {
    throw new TypeError(`${name}(): argument 'dtype' must be torch.dtype, not ${type_name(dtype)}`);
  }
  if (device != null && !(device instanceof Device) && typeof device !== 'string' && !Number.isInteger(device)) {
    throw new TypeError(`${name}(): argument 'device' must be torch.device, str or int, not ${type_name(device)}`);
  }
  if (requires_grad !== undefined && typeof requires_grad !== 'boolean') {
    throw new TypeError(`${name}(): argument 'requires_grad' must be bool, not ${type_name(requires_grad)}`);
  }
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
  check_options('tensor', { dtype, device, requires_grad });
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
    result = new Tensor(native.from_buffer(data, own._h, sizes_of_array(data), false));
    if (dtype !== null) result = result.to(dtype);
  } else {
    const [sizes, elements] = read_nested(data);
    result = from_elements(elements, sizes, dtype ?? infer_dtype(elements));
  }
  const where = device_or_default(device);
  if (where !== null) result = result.to(new Device(where));
  if (pin_memory) result = aten.pin_memory(result);
  return requires_grad ? result.requires_grad_() : result;
}

/** The sizes and the elements of nested arrays. */
function read_nested(data: unknown): [sizes: number[], elements: Scalar[]] {
  const elements: Scalar[] = [];
  try {
    const sizes = sizes_of(data);
    // A size of zero ends the nesting: there is nothing to copy.
    if (!sizes.includes(0)) flatten(data, sizes, 0, elements);
    else if (Array.isArray(data)) check_empty(data, sizes, 0);
    return [sizes, elements];
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof ValueError || cause instanceof RuntimeError) throw cause;
    // A getter or a proxy among the elements threw.
    throw new TypeError("tensor(): argument 'data' cannot be read", { cause });
  }
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
  if (!ArrayBuffer.isView(array)) {
    throw new TypeError(`from_numpy(): argument 'array' must be a typed array, not ${type_name(array)}`);
  }
  return over_memory(array, dtype_of_array(array), sizes_of_array(array));
}

/** The sizes of the tensor that a typed array makes. */
function sizes_of_array(array: ArrayBufferView): readonly number[] {
  const { shape, length } = array as { shape?: unknown; length?: number };
  return Array.isArray(shape) ? [...(shape as number[])] : [length!];
}

/** A tensor over the very memory of `view`. That memory has to stay where it is from now on. */
function over_memory(view: ArrayBufferView, kind: DType, sizes: readonly number[]): Tensor {
  const { buffer } = view;
  if (buffer instanceof ArrayBuffer && (buffer as { resizable?: boolean }).resizable === true) {
    throw new ValueError('a tensor cannot share the memory of a resizable ArrayBuffer');
  }
  const made = new Tensor(native.from_buffer(view, kind._h, sizes, true));
  // Buffers over memory of an addon's are marked already, and Node fails at its exit if they are marked again.
  if (isMarkedAsUntransferable?.(buffer) !== true) markAsUntransferable(buffer);
  forbid_transfer(buffer);
  return made;
}

function refuse_transfer(): never {
  throw new TypeError('the memory of a tensor cannot be transferred; copy the array with slice()');
}

/** Not every Node that has `ArrayBuffer.transfer` minds the mark. */
function forbid_transfer(buffer: ArrayBufferLike): void {
  for (const name of ['transfer', 'transferToFixedLength']) {
    if (name in buffer) Reflect.defineProperty(buffer, name, { value: refuse_transfer });
  }
}

/** @internal An ArrayBuffer over the memory of a contiguous tensor on the CPU. */
export function buffer_over(source: Tensor): ArrayBuffer {
  const buffer = native.buffer_over(source._h);
  forbid_transfer(buffer);
  return buffer;
}

function bytes_of(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer || buffer instanceof SharedArrayBuffer) return new Uint8Array(buffer);
  throw new TypeError(
    `frombuffer(): argument 'buffer' must be a typed array, a DataView or an ArrayBuffer, not ${type_name(buffer)}`,
  );
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
  check_options('frombuffer', { dtype, requires_grad });
  const bytes = bytes_of(buffer);
  for (const [name, value] of Object.entries({ count, offset })) {
    if (Number.isInteger(value)) continue;
    throw new TypeError(`frombuffer(): argument '${name}' must be int, not ${type_name(value)}`);
  }
  if (bytes.length === 0 || count === 0) {
    throw new ValueError(`both buffer length (${bytes.length}) and count (${count}) must not be 0`);
  }
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
  const result = over_memory(bytes.subarray(offset), dtype, [length]);
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
  check_options('as_tensor', { dtype, device });
  if (!(data instanceof Tensor) && !ArrayBuffer.isView(data)) return tensor(data, { dtype, device });
  const source = data instanceof Tensor ? data : from_numpy(data as TypedArray);
  const where = device_or_default(device);
  return dtype === null && where === null ? source : source.to({ dtype, device: where });
}

/** Is `obj` a tensor? See https://docs.pytorch.org/docs/stable/generated/torch.is_tensor.html */
export function is_tensor(obj: unknown): obj is Tensor {
  return is_instance(obj, Tensor);
}

interface AsarrayParameters {
  obj: TensorData;
  dtype?: DType | null;
  device?: DeviceLike | null;
  copy?: boolean | null;
  requires_grad?: boolean;
}

const asarray_arguments = signature<AsarrayParameters>(
  'asarray',
  ['obj'],
  [['dtype', null], ['device', null], ['copy', null], ['requires_grad', false]],
);

/**
 * `obj` as a tensor.
 *
 * @param copy whether there has to be a copy, or (false) must not be; by default there is one only where it is needed
 * @throws ValueError if there must be no copy, and it cannot be done without
 * @see https://docs.pytorch.org/docs/stable/generated/torch.asarray.html
 */
export function asarray(...args: Arguments<AsarrayParameters, ['obj']>): Tensor {
  const { obj, dtype, device, copy, requires_grad } = asarray_arguments(args);
  check_options('asarray', { dtype, device, requires_grad });
  const where = device_or_default(device);
  let result: Tensor;
  if (obj instanceof Tensor || ArrayBuffer.isView(obj)) {
    const source = obj instanceof Tensor ? obj : from_numpy(obj as TypedArray);
    const there = where === null || source.device.equals(where);
    if (copy === false && !there) {
      throw new ValueError(`can't alias tensor from device '${source.device}' to '${String(where)}'.`);
    }
    if (copy === false && dtype !== null && dtype !== source.dtype) {
      throw new ValueError(`can't alias tensor with dtype '${scalar_type(source.dtype)}' into dtype '${scalar_type(dtype)}'.`);
    }
    const converted = source.to({ dtype, device: where });
    result = converted === source && copy === true ? source.clone() : converted;
  } else {
    if (copy === false) throw new ValueError("can't alias arbitrary sequence into a tensor.");
    result = tensor(obj, { dtype, device: where });
  }
  return requires_grad ? result.requires_grad_() : result;
}
