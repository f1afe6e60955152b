/**
 * What numbers a dtype can hold.
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 */
import { is_instance } from './arguments.ts';
import { dtype, float8_e8m0fnu, get_default_dtype } from './dtype.ts';
import { TypeError } from './errors.ts';
import { float_limits, type FloatLimits, integer_range } from './limits.ts';
import { py_format_general } from './python_format.ts';
import { type_name } from './repr.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** It holds powers of two alone, and none of them is negative. */
const E8M0_LIMITS: FloatLimits & { min: number } = {
  eps: 1,
  max: 2 ** 127,
  min: 2 ** -127,
  tiny: 2 ** -127,
  resolution: 1,
};

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
    const info: (FloatLimits & { min?: number }) | undefined =
      kind === float8_e8m0fnu ? E8M0_LIMITS : float_limits(kind);
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
    this.tiny = info.tiny;
    this.smallest_normal = info.tiny;
    this.resolution = info.resolution;
    this.dtype = kind.to_real().name;
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
    const range = integer_range(kind);
    if (range === undefined) throw new TypeError(`${kind} is not supported by torch.iinfo`);
    this.bits = kind.itemsize * 8;
    this.max = range[1];
    this.min = range[0] === 0n ? 0 : range[0];
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
