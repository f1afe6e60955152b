import { check_consistent_length, labels_of, type Samples } from '../utils/rows.ts';

/** Pairs of the truth and what was predicted; as many rows, of one number. */
function pairs(y_true: Samples, y_pred: Samples): [truth: number, predicted: number][] {
  check_consistent_length(y_true, y_pred);
  const predicted = labels_of(y_pred) as number[];
  return (labels_of(y_true) as number[]).map((truth, i) => [truth, predicted[i]!]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean of the squared differences.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_squared_error.html
 */
export function mean_squared_error(y_true: Samples, y_pred: Samples): number {
  return mean(pairs(y_true, y_pred).map(([truth, predicted]) => (truth - predicted) ** 2));
}

/**
 * The square root of the mean of the squared differences.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_error.html
 */
export function root_mean_squared_error(y_true: Samples, y_pred: Samples): number {
  return Math.sqrt(mean_squared_error(y_true, y_pred));
}

/**
 * The mean of the absolute differences.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_error.html
 */
export function mean_absolute_error(y_true: Samples, y_pred: Samples): number {
  return mean(pairs(y_true, y_pred).map(([truth, predicted]) => Math.abs(predicted - truth)));
}

/**
 * How much of the variance the predictions explain: 1 where they are right, 0 where the mean would do as well.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html
 */
export function r2_score(y_true: Samples, y_pred: Samples): number {
  const both = pairs(y_true, y_pred);
  const center = mean(both.map(([truth]) => truth));
  const rest = both.reduce((sum, [truth, predicted]) => sum + (truth - predicted) ** 2, 0);
  const total = both.reduce((sum, [truth]) => sum + (truth - center) ** 2, 0);
  if (total === 0) return rest === 0 ? 1 : 0;
  return 1 - rest / total;
}
