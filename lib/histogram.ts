/** Counting numbers into bins, as NumPy's `histogram` does. */
import { ValueError } from './errors.ts';

/** More would not fit into memory. */
const MOST_BINS = 2 ** 24;

/** The smallest and the largest number. */
function ends(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (Number.isNaN(low) || (values.length > 0 && !Number.isFinite(high - low))) {
    throw new ValueError(`autodetected range of [${low}, ${high}] is not finite`);
  }
  return [low, high];
}

/** Numbers at equal distances, both ends among them. */
export function linspace(from: number, to: number, count: number): Float64Array {
  const step = (to - from) / (count - 1);
  const result = Float64Array.from({ length: count }, (_, i) => from + i * step);
  if (count > 1) result[count - 1] = to;
  return result;
}

/** The index of the bin of a value: each bin holds its lower edge, the last one both; -1 beyond the edges. */
function bin_of(value: number, edges: Float64Array): number {
  const last = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[last]!)) return -1;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The edges of bins.
 * @param bins how many, or the edges
 * @throws ValueError if these make no bins
 */
export function bin_edges(
  values: Float64Array,
  bins: number | Float64Array,
  range: readonly [number, number] | null,
): Float64Array {
  if (typeof bins !== 'number') {
    if (bins.some((edge, i) => i > 0 && edge < bins[i - 1]!)) {
      throw new ValueError('`bins` must increase monotonically, when an array');
    }
    return bins;
  }
  if (bins > MOST_BINS) throw new ValueError(`\`bins\` must be at most ${MOST_BINS}, not ${bins}`);
  if (!Number.isInteger(bins) || bins < 1) throw new ValueError('`bins` must be positive, when an integer');
  let [low, high] = range ?? ends(values);
  if (low > high && range !== null) throw new ValueError('max must be larger than min in range parameter.');
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return linspace(low, high, bins + 1);
}

/** How many values lie in each bin, or the sum of their weights. */
export function histogram(
  values: Float64Array,
  edges: Float64Array,
  weights: Float64Array | null = null,
): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  values.forEach((value, i) => {
    const bin = bin_of(value, edges);
    if (bin >= 0) counts[bin]! += weights === null ? 1 : weights[i]!;
  });
  return counts;
}
