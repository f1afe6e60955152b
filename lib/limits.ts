/** The smallest and largest values of dtypes, for the library's own use. */
import * as dtypes from './dtype.ts';
import type { dtype } from './dtype.ts';

/** `[lowest, highest]`; bigints for 64 bits, which numbers cannot hold exactly. */
const INTEGERS: ReadonlyMap<dtype, readonly [number | bigint, number | bigint]> = new Map<
  dtype,
  readonly [number | bigint, number | bigint]
>([
  [dtypes.uint8, [0, 255]],
  [dtypes.int8, [-128, 127]],
  [dtypes.int16, [-(2 ** 15), 2 ** 15 - 1]],
  [dtypes.int32, [-(2 ** 31), 2 ** 31 - 1]],
  [dtypes.int64, [-(2n ** 63n), 2n ** 63n - 1n]],
  [dtypes.uint16, [0, 2 ** 16 - 1]],
  [dtypes.uint32, [0, 2 ** 32 - 1]],
  [dtypes.uint64, [0n, 2n ** 64n - 1n]],
]);

/** The range of an integer dtype; undefined for others. */
export function integer_range(kind: dtype): readonly [number | bigint, number | bigint] | undefined {
  return INTEGERS.get(kind);
}

export interface FloatLimits {
  /** The step from 1 to the next number. */
  eps: number;
  /** The largest finite value; the lowest is its negative. */
  max: number;
  /** The smallest positive value with all digits. */
  tiny: number;
  /** Ten to the minus of the decimal digits that survive. */
  resolution: number;
}

const FLOATS: ReadonlyMap<dtype, FloatLimits> = new Map<dtype, FloatLimits>([
  [dtypes.float16, { eps: 2 ** -10, max: 65504, tiny: 2 ** -14, resolution: 1e-3 }],
  [dtypes.bfloat16, { eps: 2 ** -7, max: (2 - 2 ** -7) * 2 ** 127, tiny: 2 ** -126, resolution: 1e-2 }],
  [dtypes.float32, { eps: 2 ** -23, max: (2 - 2 ** -23) * 2 ** 127, tiny: 2 ** -126, resolution: 1e-6 }],
  [dtypes.float64, { eps: Number.EPSILON, max: Number.MAX_VALUE, tiny: 2 ** -1022, resolution: 1e-15 }],
  [dtypes.float8_e4m3fn, { eps: 2 ** -3, max: 448, tiny: 2 ** -6, resolution: 1 }],
  [dtypes.float8_e5m2, { eps: 2 ** -2, max: 57344, tiny: 2 ** -14, resolution: 1 }],
  [dtypes.float8_e4m3fnuz, { eps: 2 ** -3, max: 240, tiny: 2 ** -7, resolution: 1 }],
  [dtypes.float8_e5m2fnuz, { eps: 2 ** -3, max: 57344, tiny: 2 ** -15, resolution: 1 }],
]);

/** The limits of a floating-point dtype that has a sign, or of a complex one's parts; undefined for others. */
export function float_limits(kind: dtype): FloatLimits | undefined {
  return FLOATS.get(kind.to_real());
}
