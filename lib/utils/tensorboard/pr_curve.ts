/** Curves of precision over recall. */
import { float32 } from '../../dtype.ts';
import { histogram, linspace } from '../../histogram.ts';
import { message, whole } from './protobuf.ts';
import { float_table, metadata } from './summary.ts';
import { to_numbers, to_tensor } from './values.ts';

/** TensorBoard reads no more. */
const MOST_THRESHOLDS = 127;
const LEAST_COUNT = 1e-7;

/** Rows of a curve: true and false positives, true and false negatives, precision and recall. */
export function pr_curve_raw(tag: string, rows: readonly unknown[], num_thresholds: number): Uint8Array {
  const content = message(whole(2, Math.min(num_thresholds, MOST_THRESHOLDS)));
  const numbers = rows.map((row) => to_numbers(to_tensor(row).flatten()));
  return float_table(tag, numbers, metadata('pr_curves', content));
}

/** Sums from each place to the end. */
function sums_to_end(values: Float64Array): Float64Array {
  const result = Float64Array.from(values);
  for (let i = result.length - 2; i >= 0; i--) result[i]! += result[i + 1]!;
  return result;
}

/**
 * The curve of predictions from 0 to 1 for labels that are 0 or 1.
 * @param weights of the examples; 1 where nothing is said
 */
export function pr_curve(
  tag: string,
  labels: unknown,
  predictions: unknown,
  num_thresholds: number,
  weights: unknown,
): Uint8Array {
  const count = Math.min(num_thresholds, MOST_THRESHOLDS);
  const predicted = to_tensor(predictions);
  const single = predicted.dtype === float32;
  const buckets = to_numbers(predicted).map((share) =>
    Math.floor(single ? Math.fround(share * (count - 1)) : share * (count - 1)),
  );
  const truth = to_numbers(to_tensor(labels));
  const weight = weights === null ? null : to_numbers(to_tensor(weights));
  const weight_of = (i: number): number => (weight === null ? 1 : weight[weight.length === 1 ? 0 : i]!);
  const edges = linspace(0, count - 1, count + 1);
  const tp = sums_to_end(
    histogram(
      buckets,
      edges,
      truth.map((label, i) => label * weight_of(i)),
    ),
  );
  const fp = sums_to_end(
    histogram(
      buckets,
      edges,
      truth.map((label, i) => (1 - label) * weight_of(i)),
    ),
  );
  const tn = fp.map((positives) => fp[0]! - positives);
  const fn = tp.map((positives) => tp[0]! - positives);
  const precision = tp.map((positives, i) => positives / Math.max(LEAST_COUNT, positives + fp[i]!));
  const recall = tp.map((positives, i) => positives / Math.max(LEAST_COUNT, positives + fn[i]!));
  return pr_curve_raw(tag, [tp, fp, tn, fn, precision, recall], count);
}
