/**
 * Element types of tensors.
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.dtype
 */
import { is_instance } from './arguments.ts';
import { TypeError } from './errors.ts';
import { type Handle, native } from './native.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A typed array class that can hold a dtype's elements as they lie in memory. */
export type TypedArrayConstructor =
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | Int8ArrayConstructor
  | Int16ArrayConstructor
  | Int32ArrayConstructor
  | BigInt64ArrayConstructor
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | BigUint64ArrayConstructor;

/** A typed array that can hold a dtype's elements, over memory of its own or shared between threads. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** The element type of a tensor, such as `torch.float32`. There is one object for each type: compare with `===`. */
export class dtype {
  /** @internal */
  readonly _h: Handle;
  /** The name without the module: `'float32'`. */
  readonly name: string;
  /** Bytes of one element. */
  readonly itemsize: number;
  readonly is_floating_point: boolean;
  readonly is_complex: boolean;
  /** Can values of this type be negative? */
  readonly is_signed: boolean;
  /** @internal The typed array that has elements of this type; null where JavaScript has none. */
  readonly _array: TypedArrayConstructor | null;

  /** @internal */
  constructor(
    code: number,
    name: string,
    itemsize: number,
    kind: 'float' | 'complex' | 'int' | 'uint' | 'bool',
    array: TypedArrayConstructor | null,
  ) {
    if (complete) throw new TypeError("cannot create 'torch.dtype' instances");
    this._h = native.dtype_constant(code)!;
    this.name = name;
    this.itemsize = itemsize;
    this.is_floating_point = kind === 'float';
    this.is_complex = kind === 'complex';
    this.is_signed = kind !== 'uint' && kind !== 'bool' && name !== 'float8_e8m0fnu';
    this._array = array;
    by_code[code] = this;
  }

  /** The floating-point type of a complex type's parts; other types are their own. */
  to_real(): dtype {
    if (this === complex128) return float64;
    if (this === complex64) return float32;
    if (this === complex32) return float16;
    return this;
  }

  /** The complex type whose parts have this floating-point type. */
  to_complex(): dtype {
    if (this === float64) return complex128;
    if (this === float16) return complex32;
    if (this === float32 || this === bfloat16) return complex64;
    return this;
  }

  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

const by_code: dtype[] = [];
/** Only this file makes dtypes: there is one object for each. */
let complete = false;

/** @internal The dtype with LibTorch's number `code`. */
export function dtype_of_code(code: number): dtype {
  return by_code[code] ?? unknown_dtype(code);
}

/** A dtype that a newer LibTorch has and the list below has not. */
function unknown_dtype(code: number): dtype {
  complete = false;
  const made = new dtype(code, `dtype_${code}`, 1, 'uint', null);
  complete = true;
  return made;
}

// The numbers are c10::ScalarType's, which are part of LibTorch's stable interface.
export const uint8: dtype = new dtype(0, 'uint8', 1, 'uint', Uint8Array);
export const int8: dtype = new dtype(1, 'int8', 1, 'int', Int8Array);
export const int16: dtype = new dtype(2, 'int16', 2, 'int', Int16Array);
export const int32: dtype = new dtype(3, 'int32', 4, 'int', Int32Array);
export const int64: dtype = new dtype(4, 'int64', 8, 'int', BigInt64Array);
export const float16: dtype = new dtype(5, 'float16', 2, 'float', null);
export const float32: dtype = new dtype(6, 'float32', 4, 'float', Float32Array);
export const float64: dtype = new dtype(7, 'float64', 8, 'float', Float64Array);
export const complex32: dtype = new dtype(8, 'complex32', 4, 'complex', null);
export const complex64: dtype = new dtype(9, 'complex64', 8, 'complex', null);
export const complex128: dtype = new dtype(10, 'complex128', 16, 'complex', null);
export const bool: dtype = new dtype(11, 'bool', 1, 'bool', Uint8Array);
export const qint8: dtype = new dtype(12, 'qint8', 1, 'int', null);
export const quint8: dtype = new dtype(13, 'quint8', 1, 'uint', null);
export const qint32: dtype = new dtype(14, 'qint32', 4, 'int', null);
export const quint4x2: dtype = new dtype(16, 'quint4x2', 1, 'uint', null);
export const quint2x4: dtype = new dtype(17, 'quint2x4', 1, 'uint', null);
export const bfloat16: dtype = new dtype(15, 'bfloat16', 2, 'float', null);
export const bits1x8: dtype = new dtype(18, 'bits1x8', 1, 'uint', null);
export const bits2x4: dtype = new dtype(19, 'bits2x4', 1, 'uint', null);
export const bits4x2: dtype = new dtype(20, 'bits4x2', 1, 'uint', null);
export const bits8: dtype = new dtype(21, 'bits8', 1, 'uint', null);
export const bits16: dtype = new dtype(22, 'bits16', 2, 'uint', null);
export const float8_e5m2: dtype = new dtype(23, 'float8_e5m2', 1, 'float', null);
export const float8_e4m3fn: dtype = new dtype(24, 'float8_e4m3fn', 1, 'float', null);
export const float8_e5m2fnuz: dtype = new dtype(25, 'float8_e5m2fnuz', 1, 'float', null);
export const float8_e4m3fnuz: dtype = new dtype(26, 'float8_e4m3fnuz', 1, 'float', null);
export const uint16: dtype = new dtype(27, 'uint16', 2, 'uint', Uint16Array);
export const uint32: dtype = new dtype(28, 'uint32', 4, 'uint', Uint32Array);
export const uint64: dtype = new dtype(29, 'uint64', 8, 'uint', BigUint64Array);
// Types of fewer bits than a byte can be named, and hardly computed with.
export const uint1: dtype = new dtype(30, 'uint1', 1, 'uint', null);
export const uint2: dtype = new dtype(31, 'uint2', 1, 'uint', null);
export const uint3: dtype = new dtype(32, 'uint3', 1, 'uint', null);
export const uint4: dtype = new dtype(33, 'uint4', 1, 'uint', null);
export const uint5: dtype = new dtype(34, 'uint5', 1, 'uint', null);
export const uint6: dtype = new dtype(35, 'uint6', 1, 'uint', null);
export const uint7: dtype = new dtype(36, 'uint7', 1, 'uint', null);
export const int1: dtype = new dtype(37, 'int1', 1, 'int', null);
export const int2: dtype = new dtype(38, 'int2', 1, 'int', null);
export const int3: dtype = new dtype(39, 'int3', 1, 'int', null);
export const int4: dtype = new dtype(40, 'int4', 1, 'int', null);
export const int5: dtype = new dtype(41, 'int5', 1, 'int', null);
export const int6: dtype = new dtype(42, 'int6', 1, 'int', null);
export const int7: dtype = new dtype(43, 'int7', 1, 'int', null);
export const float8_e8m0fnu: dtype = new dtype(44, 'float8_e8m0fnu', 1, 'float', null);
export const float4_e2m1fn_x2: dtype = new dtype(45, 'float4_e2m1fn_x2', 1, 'float', null);

complete = true;

export const bit: dtype = uint1;
export const float: dtype = float32;
export const double: dtype = float64;
export const half: dtype = float16;
export const short: dtype = int16;
export const int: dtype = int32;
export const long: dtype = int64;
export const cfloat: dtype = complex64;
export const cdouble: dtype = complex128;
export const chalf: dtype = complex32;

/**
 * The dtype of new floating-point tensors, `torch.float32` unless changed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_default_dtype.html
 */
export function get_default_dtype(): dtype {
  return dtype_of_code(native.get_default_dtype());
}

/**
 * Changes the dtype of new floating-point tensors.
 * @param d a floating-point dtype
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_dtype.html
 */
export function set_default_dtype(d: dtype): void {
  if (!is_instance(d, dtype)) {
    throw new TypeError(`set_default_dtype(): argument 'd' must be torch.dtype, not ${typeof d}`);
  }
  native.set_default_dtype(d._h);
}
