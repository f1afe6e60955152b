/**
 * What numbers a dtype can hold.
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 */
import { is_instance } from './arguments.ts';
import { dtype, get_default_dtype } from './dtype.ts';
import { TypeError } from './errors.ts';
import { py_format_general } from './python_format.ts';
import { type_name } from './repr.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

interface FloatInfo {
  /** The step from 1 to the next number. */
  eps: number;
  max: number;
  /** The smallest positive number with full precision. */
  smallest_normal: number;
  /** Ten to the minus of the decimal digits that survive. */
  resolution: number;
  min?: number;
}

const FLOATS: Readonly<Record<string, FloatInfo>> = {
  float16: { eps: 2 ** -10, max: 65504, smallest_normal: 2 ** -14, resolution: 1e-3 },
  bfloat16: { eps: 2 ** -7, max: (2 - 2 ** -7) * 2 ** 127, smallest_normal: 2 ** -126, resolution: 1e-2 },
  float32: { eps: 2 ** -23, max: (2 - 2 ** -23) * 2 ** 127, smallest_normal: 2 ** -126, resolution: 1e-6 },
  float64: { eps: Number.EPSILON, max: Number.MAX_VALUE, smallest_normal: 2 ** -1022, resolution: 1e-15 },
  float8_e4m3fn: { eps: 2 ** -3, max: 448, smallest_normal: 2 ** -6, resolution: 1 },
  float8_e4m3fnuz: { eps: 2 ** -3, max: 240, smallest_normal: 2 ** -7, resolution: 1 },
  float8_e5m2: { eps: 2 ** -2, max: 57344, smallest_normal: 2 ** -14, resolution: 1 },
  float8_e5m2fnuz: { eps: 2 ** -3, max: 57344, smallest_normal: 2 ** -15, resolution: 1 },
  float8_e8m0fnu: { eps: 1, max: 2 ** 127, min: 2 ** -127, smallest_normal: 2 ** -127, resolution: 1 },
};

/** The real dtypes of the parts of complex ones. */
const PARTS: Readonly<Record<string, string>> = { complex32: 'float16', complex64: 'float32', complex128: 'float64' };

/** The argument of `finfo` and `iinfo`: a dtype by position or as `type`, or none. */
function type_argument(name: string, args: readonly unknown[]): dtype | undefined {
  const [first] = args;
  const given = typeof first === 'object' && first !== null && 'type' in first ? first.type : first;
  if (given === undefined) return undefined;
  if (!is_instance(given, dtype)) {
    throw new TypeError(`${name}(): argument 'type' (position 1) must be torch.dtype, not ${type_name(given)}`);
  }
  return given;
}

/**
 * The limits of a floating-point dtype, or of the parts of a complex one.
 * @see https://docs.pytorch.org/docs/stable/type_info.html#torch.torch.finfo
 */
export class finfo {
  /** How many bits a number takes. */
  readonly bits: number;
  /** The step from 1 to the next number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number with full precision. */
  readonly tiny: number;
  /** The smallest positive number with full precision. */
  readonly smallest_normal: number;
  /** Ten to the minus of the decimal digits that survive. */
  readonly resolution: number;
  /** The dtype's name. */
  readonly dtype: string;

  /**
   * @param type the default float dtype if left out
   * @throws TypeError for integer dtypes
   */
  constructor(type?: dtype | { type: dtype }) {
    const kind = type_argument('finfo', [type]) ?? get_default_dtype();
    const name = PARTS[kind.name] ?? kind.name;
    const info = FLOATS[name];
    if (info === undefined) {
      if (kind.is_floating_point) throw new TypeError(`${kind} is not supported by torch.finfo`);
      throw new TypeError(
        "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'",
      );
    }
    this.bits = kind.is_complex ? kind.itemsize * 4 : kind.itemsize * 8;
    this.eps = info.eps;
    this.max = info.max;
    this.min = info.min ?? -info.max;
    this.tiny = info.smallest_normal;
    this.smallest_normal = info.smallest_normal;
    this.resolution = info.resolution;
    this.dtype = name;
  }

  toString(): string {
    const names = ['resolution', 'min', 'max', 'eps', 'smallest_normal', 'tiny'] as const;
    const parts = names.map((name) => `${name}=${py_format_general(this[name])}`);
    return `finfo(${parts.join(', ')}, dtype=${this.dtype})`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/**
 * The limits of an integer dtype.
 * @see https://docs.pytorch.org/docs/stable/type_info.html#torch.torch.iinfo
 */
export class iinfo {
  /** How many bits a number takes. */
  readonly bits: number;
  /** The largest number, a bigint where it is beyond those that JavaScript's numbers hold exactly. */
  readonly max: number | bigint;
  /** The smallest number, a bigint where it is beyond those that JavaScript's numbers hold exactly. */
  readonly min: number | bigint;
  /** The dtype's name. */
  readonly dtype: string;

  /** @throws TypeError for floating-point dtypes and bool */
  constructor(type: dtype | { type: dtype }) {
    const kind = type_argument('iinfo', [type]);
    if (kind === undefined) throw new TypeError("iinfo() missing 1 required positional arguments: \"type\"");
    if (kind.is_floating_point || kind.is_complex) {
      throw new TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'");
    }
    if (!/^u?int(8|16|32|64)$/.test(kind.name)) throw new TypeError(`${kind} is not supported by torch.iinfo`);
    const bits = kind.itemsize * 8;
    const [min, max] = kind.is_signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
    this.bits = bits;
    this.max = bits < 64 ? Number(max) : max;
    this.min = bits < 64 || min === 0n ? Number(min) : min;
    this.dtype = kind.name;
  }

  toString(): string {
    const [min, max] = [this.min, this.max].map((one) => py_format_general(Number(one)));
    return `iinfo(min=${min}, max=${max}, dtype=${this.dtype})`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}
