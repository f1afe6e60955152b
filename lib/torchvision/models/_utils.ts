/** Rounding, as the models' papers and Python have it. */

/** The multiple of `divisor` that is nearest to a number of channels, but no more than a tenth below it. */
export function make_divisible(value: number, divisor: number, least: number = divisor): number {
  const rounded = Math.max(least, Math.floor(Math.trunc(value + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * value ? rounded + divisor : rounded;
}

/** Python's `round(x)`: halves go to the even neighbour. */
export function round_half_even(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
