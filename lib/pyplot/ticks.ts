/**
 * Where ticks stand: round numbers, as few as are easy to read.
 *
 * @see https://matplotlib.org/stable/api/ticker_api.html
 */
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';

const LARGEST_COUNT = 9;
/** Between numbers that are closer, no steps can be told apart. */
const SMALLEST_SPAN = 1e-300;
/** More levels than that are more than anyone can see. */
const MOST_LEVELS = 10_000;

/** Steps between ticks that an axis may have, up to powers of ten. */
const AXIS_STEPS: readonly number[] = [1, 2, 2.5, 5, 10];
/** Steps between levels of a contour. */
const LEVEL_STEPS: readonly number[] = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** A power of ten with a whole exponent, to the last digit, which `**` does not promise. */
export function power_of_ten(exponent: number): number {
  return Number(`1e${exponent}`);
}

/** Python's `divmod` of floats. */
function divmod(x: number, y: number): [number, number] {
  let rest = x % y;
  if (rest !== 0 && rest < 0 !== y < 0) rest += y;
  return [Math.round((x - rest) / y), rest];
}

function floor_divide(x: number, y: number): number {
  return divmod(x, y)[0];
}

/** The power of ten of a step, and what to subtract first where numbers are large beside their differences. */
function scale_range(low: number, high: number, count: number): { scale: number; offset: number } {
  const difference = Math.abs(high - low);
  const middle = (high + low) / 2;
  const offset =
    Math.abs(middle) / difference < 100
      ? 0
      : Math.sign(middle) * power_of_ten(Math.floor(Math.log10(Math.abs(middle))));
  return { scale: power_of_ten(Math.floor(Math.log10(difference / count))), offset };
}

/** Is the remainder of a division by the step as good as `edge`, for numbers that far from zero? */
function is_close(remainder: number, edge: number, step: number, offset: number): boolean {
  let tolerance = 1e-10;
  if (offset !== 0) tolerance = Math.min(0.4999, Math.max(1e-10, 10 ** (Math.log10(Math.abs(offset) / step) - 12)));
  return Math.abs(remainder - edge) < tolerance;
}

export interface TickOptions {
  /** How many intervals there are at most. */
  readonly count: number;
  /** The steps to choose from, times powers of ten. */
  readonly steps?: readonly number[];
  /** How many ticks there are at least. */
  readonly least?: number;
  /** Whole numbers only? */
  readonly integer?: boolean;
}

/** An interval that is not empty, as wide as numbers of its size can tell. */
export function nonsingular(low: number, high: number, expander: number, tiny = 1e-15): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [-expander, expander];
  let [from, to] = low <= high ? [low, high] : [high, low];
  const largest = Math.max(Math.abs(from), Math.abs(to));
  if (largest < (1e6 / tiny) * 2.2250738585072014e-308) [from, to] = [-expander, expander];
  else if (to - from <= largest * tiny) {
    if (to === 0 && from === 0) [from, to] = [-expander, expander];
    else [from, to] = [from - expander * Math.abs(from), to + expander * Math.abs(to)];
  }
  return low <= high ? [from, to] : [to, from];
}

/** Ticks at round numbers that reach over the interval from `low` to `high`; the first and the last may lie outside. */
export function round_ticks(low: number, high: number, options: TickOptions): number[] {
  const { count, steps: choice = AXIS_STEPS, least = 2, integer = false } = options;
  const [from, to] = nonsingular(Math.min(low, high), Math.max(low, high), 1e-13, 1e-14);
  // Numbers so large or so small that their differences are none.
  if (!Number.isFinite(to - from) || to - from < SMALLEST_SPAN) return [from, to];
  const { scale, offset } = scale_range(from, to, count);
  const [begin, end] = [from - offset, to - offset];
  let steps = [...choice.slice(0, -1).map((step) => 0.1 * step), ...choice, 10 * choice[1]!].map(
    (step) => step * scale,
  );
  if (integer) steps = steps.filter((step) => step < 1 || Math.abs(step - Math.round(step)) < 0.001);
  const needed = (end - begin) / count;
  const found = steps.findIndex((step) => step >= needed);
  let ticks: number[] = [];
  for (let i = found < 0 ? steps.length - 1 : found; i >= 0; i--) {
    let step = steps[i]!;
    if (integer && Math.floor(end) - Math.ceil(begin) >= least - 1) step = Math.max(1, step);
    const first = floor_divide(begin, step) * step;
    const [below, low_rest] = divmod(begin - first, step);
    const [above, high_rest] = divmod(end - first, step);
    const bottom = is_close(low_rest / step, 1, step, offset) ? below + 1 : below;
    const top = is_close(high_rest / step, 0, step, offset) ? above : above + 1;
    ticks = [];
    for (let k = bottom; k <= top; k++) ticks.push(k * step + first);
    if (ticks.filter((tick) => tick <= end && tick >= begin).length >= least) break;
  }
  return ticks.map((tick) => tick + offset);
}

/**
 * The ticks of an axis.
 * @param space how many there is room for
 */
export function axis_ticks(low: number, high: number, space: number): number[] {
  return round_ticks(low, high, { count: Math.min(Math.max(space, 1), LARGEST_COUNT) });
}

/** Levels for a contour of values from `low` to `high`, about `count` of them. */
export function contour_levels(low: number, high: number, count: number): number[] {
  if (!(Number.isInteger(count) && count > 0 && count <= MOST_LEVELS)) {
    throw new ValueError(`levels must be a whole number from 1 to ${MOST_LEVELS}, not ${repr(count)}`);
  }
  const levels = round_ticks(low, high, { count: count + 1, steps: LEVEL_STEPS, least: 1 });
  let first = levels.findLastIndex((level) => level < low);
  if (first < 0) first = 0;
  const over = levels.findIndex((level) => level > high);
  const last = over < 0 ? levels.length : over + 1;
  return last - first < 3 ? levels : levels.slice(first, last);
}

/** Ticks at powers of ten, and the smaller ones between them. */
export function log_ticks(low: number, high: number, space: number): { major: number[]; minor: number[] } {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const [first, last] = [Math.max(Math.floor(from), -323), Math.min(Math.ceil(to), 308)];
  // As many powers as there is room for: each, or every second, third, ...
  const stride = Math.max(
    1,
    Math.ceil((Math.floor(to) - Math.ceil(from) + 1) / Math.min(Math.max(space, 1), LARGEST_COUNT)),
  );
  const major: number[] = [];
  const minor: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    if ((exponent - Math.ceil(from)) % stride === 0) major.push(power_of_ten(exponent));
    if (stride === 1) for (let digit = 2; digit < 10; digit++) minor.push(digit * power_of_ten(exponent));
  }
  return { major, minor };
}
