/**
 * Numbers as Python writes them: `repr(x)`, `'{:.4f}'.format(x)` and `'{:.4e}'.format(x)`, to the last character.
 *
 * JavaScript's `toFixed` and `toExponential` are nearly it. They work on the exact binary value too, but send a tie
 * away from zero where Python sends it to the even digit (0.125 to two places: `0.13` here, `0.12` there), `toFixed`
 * gives up at 1e21, and neither shows the sign of -0. So they do the common case, exact integer arithmetic the rest.
 */
import { ValueError } from './errors.ts';

/** What JavaScript's own functions take at most. */
const MAX_DIGITS = 100;

/** No double precision number has more digits behind the point, but for zeros. */
const MOST_DIGITS = 1100;

/** With more, a text would not fit into a string of JavaScript. Python's limit is eight times as high. */
const LARGEST_PRECISION = 2 ** 28;

/** The zeros that follow the digits which a number has at most, if more than those are asked for. */
function trailing_zeros(digits: number): string {
  if (digits > LARGEST_PRECISION) throw new ValueError('precision too big');
  return digits > MOST_DIGITS ? '0'.repeat(digits - MOST_DIGITS) : '';
}

const bits = new DataView(new ArrayBuffer(8));

/** A positive finite `x` as `mantissa * 2 ** exponent`, exactly. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const biased = Number(word >> 52n) & 0x7ff;
  const fraction = word & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** The whole number closest to `x * 10 ** power`, the even one of two equally close; `x` positive and finite. */
function round_scaled(x: number, power: number): bigint {
  const { mantissa, exponent } = decompose(x);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  const quotient = numerator / denominator;
  const twice_rest = 2n * (numerator - quotient * denominator);
  const up = twice_rest > denominator || (twice_rest === denominator && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/**
 * Whether `x * 10 ** power` may lie halfway between two whole numbers, `x` positive. Up to 22, powers of ten are
 * exact; what is beyond is for exact arithmetic to decide.
 */
function may_tie(x: number, power: number): boolean {
  if (power >= 0) {
    // An odd multiple of one half exactly if `x * 2 ** power` is one, since the powers of five between the two are
    // odd; and scaling by a power of two is exact.
    return (x * 2 ** (power + 1)) % 2 === 1;
  }
  if (power < -22) return true;
  const unit = Number(`1e${-power}`);
  return x % unit === unit / 2;
}

/** `inf`, `-inf` or `nan`, or nothing for a finite number. */
function non_finite(x: number): string | undefined {
  if (Number.isFinite(x)) return undefined;
  return Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf';
}

function is_negative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Python's exponent: a sign, and two digits at least. */
function exponent_text(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Puts a point behind the first `whole` digits, if anything follows them. */
function with_point(digits: string, whole: number): string {
  return digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
}

/** Python's `'{:.<digits>f}'.format(x)`. */
export function py_format_fixed(x: number, digits: number): string {
  const special = non_finite(x);
  if (special !== undefined) return special;
  if (digits > MOST_DIGITS) {
    return py_format_fixed(x, MOST_DIGITS) + trailing_zeros(digits);
  }
  const size = Math.abs(x);
  const sign = is_negative(x) ? '-' : '';
  if (size < 1e21 && digits <= MAX_DIGITS && !may_tie(size, digits)) return sign + size.toFixed(digits);
  const scaled = size === 0 ? '0' : round_scaled(size, digits).toString();
  const padded = scaled.padStart(digits + 1, '0');
  return sign + with_point(padded, padded.length - digits);
}

/** `[digits, exponent]` of a positive finite `x`, with one digit before the point and `digits` behind it. */
function exact_exponential(x: number, digits: number): [string, number] {
  const limit = 10n ** BigInt(digits + 1);
  // The logarithm may be one too high where x is just below a power of ten, and rounding may carry into a new digit:
  // start low, and only ever go up.
  for (let exponent = Math.floor(Math.log10(x)) - 1; ; exponent++) {
    const scaled = round_scaled(x, digits - exponent);
    if (scaled < limit) return [scaled.toString(), exponent];
  }
}

/** Python's `'{:.<digits>e}'.format(x)`. */
export function py_format_exponential(x: number, digits: number): string {
  const special = non_finite(x);
  if (special !== undefined) return special;
  if (digits > MOST_DIGITS) {
    return py_format_exponential(x, MOST_DIGITS).replace('e', `${trailing_zeros(digits)}e`);
  }
  const size = Math.abs(x);
  const sign = is_negative(x) ? '-' : '';
  if (size === 0) return sign + with_point('0'.repeat(digits + 1), 1) + exponent_text(0);
  if (digits <= MAX_DIGITS) {
    const text = size.toExponential(digits);
    const at = text.indexOf('e');
    const exponent = Number(text.slice(at + 1));
    // What was rounded is `x * 10 ** places`, or ten times that where rounding carried into a new digit.
    const places = digits - exponent;
    const fast = !may_tie(size, places) && !may_tie(size, places + 1);
    if (fast) return sign + text.slice(0, at) + exponent_text(exponent);
  }
  const [scaled, exponent] = exact_exponential(size, digits);
  return sign + with_point(scaled, 1) + exponent_text(exponent);
}

/** The fewest digits that give `x` back, as Python lays them out, without the `.0` of a whole number. */
function shortest(x: number): string {
  const special = non_finite(x);
  if (special !== undefined) return special;
  const sign = is_negative(x) ? '-' : '';
  const text = Math.abs(x).toExponential();
  const at = text.indexOf('e');
  const exponent = Number(text.slice(at + 1));
  const digits = text.slice(0, at).replace('.', '');
  if (exponent < -4 || exponent >= 16) return sign + with_point(digits, 1) + exponent_text(exponent);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + with_point(digits.padEnd(exponent + 1, '0'), exponent + 1);
}

/** Python's `repr` of a float: `1.0`, `0.1`, `1e-05`, `1e+16`, `inf`, `nan`. */
export function py_float_repr(x: number): string {
  const text = shortest(x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Python's `repr` of a complex number: `(1+2j)`, `2j`, `(-0+1.5j)`. */
export function py_complex_repr(real: number, imag: number): string {
  const imaginary = `${shortest(imag)}j`;
  if (Object.is(real, 0)) return imaginary;
  return `(${shortest(real)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`;
}

/** `x` with six significant digits at most, as C's `%g` and C++ streams write it: `65504`, `1e-06`, `3.40282e+38`. */
export function py_format_general(x: number): string {
  const special = non_finite(x);
  if (special !== undefined) return special;
  if (x === 0) return is_negative(x) ? '-0' : '0';
  const text = py_format_exponential(x, 5);
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  const trimmed = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent < -4 || exponent >= 6) {
    const at = text.indexOf('e');
    return trimmed(text.slice(0, at)) + exponent_text(exponent);
  }
  return trimmed(py_format_fixed(x, 5 - exponent));
}
