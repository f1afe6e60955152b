/** How ticks are labelled: as few digits as tell them apart, what they share written once at the end of the axis. */
import { py_format_fixed } from '../python_format.ts';
import { power_of_ten } from './ticks.ts';

/** Labels of ticks, and what is to be multiplied with and added to all of them: `1e6`, `+1.23e4`. */
export interface TickLabels {
  readonly labels: string[];
  readonly offset: string;
}

/** From this power of ten on, and up to its negative, one is taken out. */
const [LOWEST_POWER, HIGHEST_POWER] = [-5, 6];
/** That many digits have to be shared before they are taken out. */
const SHARED_DIGITS = 4;

/** A real minus sign, which is as wide as a plus. */
export function with_minus(text: string): string {
  return text.replaceAll('-', '\u2212');
}

/** The first power of ten from `start` down for which `test` holds. */
function power_where(start: number, test: (power: number) => boolean): number {
  let power = start;
  while (!test(power) && power > -330) power--;
  return power;
}

/** What all ticks have in common, if it is long. */
function shared_offset(ticks: readonly number[]): number {
  if (ticks.length === 0) return 0;
  const [low, high] = [Math.min(...ticks), Math.max(...ticks)];
  if (low === high || (low <= 0 && high >= 0)) return 0;
  const [small, large] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b) as [number, number];
  const digits = (value: number, power: number): number => Math.floor(value / power_of_ten(power));
  const start = Math.ceil(Math.log10(large));
  let power = 1 + power_where(start, (p) => digits(small, p) !== digits(large, p));
  if ((large - small) / power_of_ten(power) <= 1e-2) {
    power = 1 + power_where(start, (p) => digits(large, p) - digits(small, p) > 1);
  }
  const leading = digits(large, power);
  return leading >= 10 ** (SHARED_DIGITS - 1) ? Math.sign(low) * leading * power_of_ten(power) : 0;
}

function power_of(visible: readonly number[], offset: number, low: number, high: number): number {
  if (visible.length === 0) return 0;
  const largest = Math.max(...visible.map(Math.abs));
  const power = offset !== 0 ? Math.floor(Math.log10(high - low)) : largest === 0 ? 0 : Math.floor(Math.log10(largest));
  return power <= LOWEST_POWER || power >= HIGHEST_POWER ? power : 0;
}

function round_to(value: number, digits: number): number {
  const scale = power_of_ten(digits);
  return Math.round(value * scale) / scale;
}

/** How many digits behind the point tell ticks apart. */
function digits_needed(ticks: readonly number[], low: number, high: number, offset: number, power: number): number {
  const scaled = (values: readonly number[]): number[] => values.map((value) => (value - offset) / power_of_ten(power));
  const locations = scaled(ticks);
  const all = ticks.length < 2 ? scaled([...ticks, low, high]) : locations;
  let range = Math.max(...all) - Math.min(...all);
  if (range === 0) range = Math.max(...all.map(Math.abs));
  if (range === 0) range = 1;
  const range_power = Math.floor(Math.log10(range));
  let digits = Math.max(0, 3 - range_power);
  const threshold = 1e-3 * power_of_ten(range_power);
  while (digits >= 0 && locations.every((value) => Math.abs(value - round_to(value, digits)) < threshold)) digits--;
  return digits + 1;
}

/** A number as the text of an offset: `1.23e4`. */
function offset_text(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) {
    const [digits, exponent] = value.toExponential().split('e');
    return exponent === '+0' ? digits! : `${digits}e${Number(exponent)}`;
  }
  const [digits, exponent] = Number(value.toPrecision(11)).toExponential().split('e');
  return Number(exponent) === 0 ? digits! : `${digits}e${Number(exponent)}`;
}

/** The labels of ticks on an axis that shows `low` to `high`. */
export function tick_labels(ticks: readonly number[], low: number, high: number): TickLabels {
  if (ticks.length === 0) return { labels: [], offset: '' };
  const [from, to] = low <= high ? [low, high] : [high, low];
  const visible = ticks.filter((tick) => tick >= from && tick <= to);
  const offset = shared_offset(visible);
  const power = power_of(visible, offset, from, to);
  const digits = digits_needed(ticks, from, to, offset, power);
  const labels = ticks.map((tick) => {
    const value = (tick - offset) / power_of_ten(power);
    return with_minus(py_format_fixed(Math.abs(value) < 1e-8 ? 0 : value, digits));
  });
  const factor = power === 0 ? '' : `1e${power}`;
  const sum = offset === 0 ? '' : `${offset > 0 ? '+' : ''}${offset_text(offset)}`;
  return { labels, offset: with_minus(factor + sum) };
}
