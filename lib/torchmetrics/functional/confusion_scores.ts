/** Scores that a confusion matrix gives: Jaccard index, Cohen's kappa, Matthews' correlation. */
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { as_float, safe_divide } from './division.ts';
import type { Average, Task } from './stat_scores.ts';

/** @throws ValueError for an average that there is none of */
export function check_average(average: unknown, known: readonly unknown[]): void {
  if (known.includes(average)) return;
  const names = known.map((one) => (one === null ? 'None' : `'${String(one)}'`)).join(', ');
  throw new ValueError(`Expected argument \`average\` to be one of (${names}), but got ${String(average)}.`);
}

export interface JaccardOptions {
  average: Average;
  ignore_index: number | null;
  zero_division: number;
}

/** How much of what is predicted or true is both: of the yes, of each class, or of each label. */
export function jaccard_of(matrix: Tensor, task: Task, options: JaccardOptions): Tensor {
  const { average, ignore_index, zero_division } = options;
  const counts = as_float(matrix);
  if (task === 'binary') {
    const both = counts.select(0, 1).select(0, 1);
    return safe_divide(both, counts.sum().sub(counts.select(0, 0).select(0, 0)), zero_division);
  }
  const cell = (truth: number, predicted: number): Tensor => counts.select(1, truth).select(1, predicted);
  const both = task === 'multilabel' ? cell(1, 1) : counts.diag();
  const truth = task === 'multilabel' ? cell(1, 1).add(cell(1, 0)) : counts.sum(1);
  const predicted = task === 'multilabel' ? cell(1, 1).add(cell(0, 1)) : counts.sum(0);
  const either = truth.add(predicted).sub(both);
  const classes = counts.shape[0]!;
  const ignored = ignore_index !== null && ignore_index >= 0 && ignore_index < classes ? ignore_index : null;
  if (average === 'micro') {
    const whole = ignored === null ? either.sum() : either.sum().sub(either.select(0, ignored));
    return safe_divide(both.sum(), whole, zero_division);
  }
  const score = safe_divide(both, either, zero_division);
  if (average === null || average === 'none') return score;
  let weights = average === 'weighted' ? truth : aten.ones_like(score);
  if (average === 'macro') {
    if (ignored !== null) weights = weights.masked_fill(aten.arange(classes, { device: weights.device }).eq(ignored), 0);
    if (task === 'multiclass') weights = weights.masked_fill(truth.add(predicted).eq(0), 0);
  }
  return weights.mul(score).div(weights.sum()).sum();
}

/** How much worse a confusion of two classes is than none: all alike, by their distance, or by its square. */
export type KappaWeights = 'linear' | 'quadratic' | 'none' | null;

/** @throws ValueError for weights that there are none of */
export function check_kappa_weights(weights: unknown): void {
  if ((['linear', 'quadratic', 'none', null] as unknown[]).includes(weights)) return;
  throw new ValueError(
    `Expected argument \`weight\` to be one of ('linear', 'quadratic', 'none', None), but got ${String(weights)}.`,
  );
}

/** How much more agreement there is than chance would give. */
export function kappa_of(matrix: Tensor, weights: KappaWeights): Tensor {
  const counts = as_float(matrix);
  const classes = counts.shape[0]!;
  const [predicted, truth] = [counts.sum(0, { keepdim: true }), counts.sum(1, { keepdim: true })];
  const by_chance = truth.matmul(predicted).div(predicted.sum());
  const positions = aten.arange(classes, { dtype: counts.dtype, device: counts.device });
  const distance = positions.unsqueeze(0).sub(positions.unsqueeze(1));
  const penalty =
    weights === 'linear' ? distance.abs() : weights === 'quadratic' ? distance.pow(2) : distance.ne(0).to(counts.dtype);
  return penalty.mul(counts).sum().div(penalty.mul(by_chance).sum()).neg().add(1);
}

/** The correlation of what is predicted and what is true, from -1 to 1. */
export function matthews_of(matrix: Tensor): Tensor {
  // Labels count together.
  const joined = matrix.ndim === 3 ? matrix.sum(0) : matrix;
  const counts = as_float(joined);
  const binary = counts.numel() === 4;
  const [tn, fp, fn, tp] = (binary ? counts.flatten().tolist() : [0, 0, 0, 0]) as [number, number, number, number];
  if (binary) {
    const whole = (value: number): Tensor => aten.full([], value, { dtype: joined.dtype, device: joined.device });
    if (tp + tn !== 0 && fp + fn === 0) return whole(1);
    if (tp + tn === 0 && fp + fn !== 0) return whole(-1);
  }
  const [truth, predicted] = [counts.sum(-1), counts.sum(-2)];
  const [right, all] = [counts.trace(), counts.sum()];
  const spread = (sums: Tensor): Tensor => all.pow(2).sub(sums.pow(2).sum());
  const covariance = right.mul(all).sub(truth.mul(predicted).sum());
  const variance = spread(predicted).mul(spread(truth));
  if (Number(variance.item()) !== 0) return covariance.div(variance.sqrt());
  if (!binary) return aten.zeros_like(variance);
  // Everything is in one row or column: the limit for a matrix with a trace of the rest.
  const eps = 1.1920928955078125e-7;
  const sign = (tp === 0 || tn === 0 ? tp + tn : 0) - (fp === 0 || fn === 0 ? fp + fn : 0);
  const product = (tp + fp + eps) * (tp + fn + eps) * (tn + fp + eps) * (tn + fn + eps);
  return aten.full_like(variance, (Math.sqrt(eps) * sign) / Math.sqrt(product));
}
