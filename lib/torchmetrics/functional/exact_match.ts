/** How often all of a sample is right. */
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { as_probabilities, type StatOptions } from './stat_scores.ts';

/** Samples that are right as a whole, and all of them. */
export function exact_counts(preds: Tensor, target: Tensor, options: StatOptions): [correct: Tensor, total: number] {
  const { task, threshold, multidim_average, ignore_index } = options;
  const samplewise = multidim_average === 'samplewise';
  if (task === 'multiclass') {
    const labels = preds.ndim === target.ndim + 1 ? preds.argmax(1) : preds;
    const rows = (tensor: Tensor): Tensor => tensor.reshape(tensor.shape[0]!, -1);
    const truth = rows(target);
    let same = rows(labels).eq(truth);
    if (ignore_index !== null) same = same.logical_or(truth.eq(ignore_index));
    const correct = same.all(1);
    return samplewise ? [correct, 1] : [correct.sum(), correct.numel()];
  }
  const labels = preds.is_floating_point() ? as_probabilities(preds).gt(threshold) : preds;
  // (samples, labels, positions): a position is right if all its labels are.
  const flat = (tensor: Tensor): Tensor => tensor.reshape([...tensor.shape.slice(0, 2), -1]);
  const truth = flat(target);
  let same = flat(labels).eq(truth);
  if (ignore_index !== null) same = same.logical_or(truth.eq(ignore_index));
  const correct = same.all(1);
  return samplewise ? [correct.sum(1), correct.shape[1]!] : [correct.sum(), correct.numel()];
}

/** The share of samples that are right: 0 where there is none. */
export function exact_share(correct: Tensor, total: Tensor): Tensor {
  return aten.where(total.ne(0), correct.float().div(total), aten.zeros([], { device: correct.device }));
}

