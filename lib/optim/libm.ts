/**
 * `pow` and `cos` to the last bit. Python takes both from the C library, whose results are the rounded exact ones but
 * for a rare case; JavaScript's own differ from these in the last bit once in ten times, and a learning rate or a bias
 * correction that differs at all is soon another trajectory.
 */

/** Binary places behind the point in the exact arithmetic below. */
const PLACES = 160n;
const ONE = 1n << PLACES;

/** The splitter of Veltkamp and Dekker: `x * SPLITTER` tells the upper half of a double's digits from the lower. */
const SPLITTER = 2 ** 27 + 1;

/** What is left of `a * b` when its rounded value is `product`. */
function product_error(a: number, b: number, product: number): number {
  const a_big = SPLITTER * a - (SPLITTER * a - a);
  const b_big = SPLITTER * b - (SPLITTER * b - b);
  const a_small = a - a_big;
  const b_small = b - b_big;
  return a_small * b_small - (product - a_big * b_big - a_small * b_big - a_big * b_small);
}

/** `base ** exponent` for a whole exponent of at least 1, by squaring numbers that are sums of two doubles. */
function whole_power(base: number, exponent: number): number {
  let [high, low] = [1, 0];
  let [square, square_low] = [base, 0];
  for (let rest = exponent; ; ) {
    if (rest % 2 === 1) {
      const product = high * square;
      low = product_error(high, square, product) + (high * square_low + low * square);
      high = product + low;
      low += product - high;
    }
    rest = Math.floor(rest / 2);
    if (rest === 0) break;
    const product = square * square;
    square_low = product_error(square, square, product) + 2 * square * square_low;
    square = product + square_low;
    square_low += product - square;
  }
  return high;
}

/** A double as a fixed-point number; exact for those that are not too small to matter. */
function fixed(x: number): bigint {
  if (Math.abs(x) < 2 ** -60) return 0n;
  const shift = 60 - Math.floor(Math.log2(Math.abs(x)));
  return (BigInt(x * 2 ** shift) << PLACES) >> BigInt(shift);
}

/** `atanh(z)` as the power series `z + z^3 / 3 + …`, or `atan(z)`, whose signs alternate. */
function inverse_tangent(z: bigint, hyperbolic: boolean): bigint {
  const square = ((z * z) >> PLACES) * (hyperbolic ? 1n : -1n);
  let sum = 0n;
  let power = z;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> PLACES;
  }
  return sum;
}

/** `exp(x)`, or `cos(x)`, as `1 + x / 1! + x^2 / 2! + …`, of which the cosine takes every other with changing signs. */
function series(x: bigint, cosine: boolean): bigint {
  const factor = cosine ? -((x * x) >> PLACES) : x;
  let sum = 0n;
  let term = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = ((term * factor) >> PLACES) / (cosine ? (2n * n - 1n) * (2n * n) : n);
  }
  return sum;
}

const LN_2 = 2n * inverse_tangent(ONE / 3n, true);
/** Machin's formula. */
const PI = 16n * inverse_tangent(ONE / 5n, false) - 4n * inverse_tangent(ONE / 239n, false);

/** `base ** exponent` for a positive base, as `exp(exponent * ln(base))`. */
function fractional_power(base: number, exponent: number): number {
  const magnitude = Math.floor(Math.log2(base));
  const mantissa = fixed(base / 2 ** magnitude);
  const ratio = ((mantissa - ONE) << PLACES) / (mantissa + ONE);
  const logarithm = BigInt(magnitude) * LN_2 + 2n * inverse_tangent(ratio, true);
  const product = (fixed(exponent) * logarithm) >> PLACES;
  const twos = product / LN_2;
  const rest = series(product - twos * LN_2, false);
  return (Number(rest) / 2 ** Number(PLACES)) * 2 ** Number(twos);
}

/** C's `pow(base, exponent)`. */
export function pow(base: number, exponent: number): number {
  const rough = Math.pow(base, exponent);
  // Nothing to gain for 0, infinities and NaN; and near the ends of the range the arithmetic above would lose digits.
  if (!(Math.abs(rough) > 1e-280 && Math.abs(rough) < 1e280) || !(Math.abs(base) > 1e-140 && Math.abs(base) < 1e140)) {
    return rough;
  }
  if (exponent === 0 || exponent === 1) return rough;
  if (Number.isInteger(exponent) && exponent > 0) return whole_power(base, exponent);
  if (exponent === 0.5) return Math.sqrt(base);
  return base > 0 ? fractional_power(base, exponent) : rough;
}

/** C's `cos(x)`, `x` in radians. */
export function cos(x: number): number {
  if (!(Math.abs(x) < 2 ** 60)) return Math.cos(x);
  const angle = fixed(x) % (2n * PI);
  return Number(series(angle, true)) / 2 ** Number(PLACES);
}
