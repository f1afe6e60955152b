/**
 * Sine and cosine, rounded correctly, which is what the C library gives all but always. JavaScript's own differ in the
 * last digit now and then, and not in the same places from one version of Node to the next.
 *
 * A number in twice the usual precision is a pair [high, low], whose sum it is.
 */
type Double2 = readonly [high: number, low: number];

const SPLITTER = 2 ** 27 + 1;

function two_sum(a: number, b: number): Double2 {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

function two_product(a: number, b: number): Double2 {
  const product = a * b;
  const [a_scaled, b_scaled] = [SPLITTER * a, SPLITTER * b];
  const a_high = a_scaled - (a_scaled - a);
  const b_high = b_scaled - (b_scaled - b);
  const [a_low, b_low] = [a - a_high, b - b_high];
  return [product, a_high * b_high - product + a_high * b_low + a_low * b_high + a_low * b_low];
}

function add(a: Double2, b: Double2): Double2 {
  const [high, low] = two_sum(a[0], b[0]);
  return two_sum(high, low + a[1] + b[1]);
}

function multiply(a: Double2, b: Double2): Double2 {
  const [high, low] = two_product(a[0], b[0]);
  return two_sum(high, low + a[0] * b[1] + a[1] * b[0]);
}

function divide(a: Double2, b: number): Double2 {
  const quotient = a[0] / b;
  const [high, low] = two_product(quotient, b);
  return two_sum(quotient, (a[0] - high - low + a[1]) / b);
}

/** Half of pi in parts, the first two so short that their products with small whole numbers are exact. */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;

/** The nearest multiple of pi / 2, as its number, and what is left of `x`. */
function reduce(x: number): [quadrant: number, rest: Double2] {
  const k = Math.round((x * 2) / Math.PI);
  const first = two_sum(x, -k * HALF_PI[0]);
  const second = add(first, [-k * HALF_PI[1], 0]);
  return [((k % 4) + 4) % 4, add(second, two_product(-k, HALF_PI[2]))];
}

/** `first (1 - r²/(n+1)(n+2) (1 - r²/(n+3)(n+4) (...)))`, the series of the sine from n = 1, of the cosine from 0. */
function series(r: Double2, first: Double2, n: number): number {
  const square = multiply(r, r);
  const negative: Double2 = [-square[0], -square[1]];
  let sum: Double2 = [1, 0];
  for (let i = n + 24; i > n; i -= 2) sum = add([1, 0], multiply(divide(negative, i * (i - 1)), sum));
  return multiply(first, sum)[0];
}

function wave(x: number, shift: number): number {
  const [k, rest] = reduce(x);
  const quadrant = (k + shift) % 4;
  const value = quadrant % 2 === 0 ? series(rest, rest, 1) : series(rest, [1, 0], 0);
  return quadrant < 2 ? value : -value;
}

/** The sine of an angle of no more than a million. */
export function sin(x: number): number {
  return wave(x, 0);
}

/** The cosine of an angle of no more than a million. */
export function cos(x: number): number {
  return wave(x, 1);
}
