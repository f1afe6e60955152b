/** How far confidence is from the share of right predictions. */
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/** How the differences of the bins become one: their mean, the root of their mean square, the largest. */
export type CalibrationNorm = 'l1' | 'l2' | 'max';

/** @throws ValueError for options that make no sense */
export function check_bins(n_bins: unknown, norm: unknown): void {
  if (!(Number.isInteger(n_bins) && (n_bins as number) >= 1)) {
    throw new ValueError(`Expected argument \`n_bins\` to be an integer larger than 0, but got ${String(n_bins)}`);
  }
  if (!(['l1', 'l2', 'max'] as unknown[]).includes(norm)) {
    throw new ValueError(`Expected argument \`norm\` to be one of ('l1', 'l2', 'max'), but got ${String(norm)}.`);
  }
}

/** The difference of confidence and of what was right, over bins of equal width. */
export function calibration_error_of(
  confidences: Tensor,
  accuracies: Tensor,
  n_bins: number,
  norm: CalibrationNorm,
): Tensor {
  const { dtype, device } = confidences;
  const right = accuracies.to(dtype);
  const edges = aten.linspace(0, 1, n_bins + 1, { dtype, device });
  // One bin more for a confidence of 1.
  const bins = aten.bucketize(confidences, edges, { right: true }).sub(1);
  const total = (values: Tensor): Tensor =>
    aten.zeros([n_bins + 1], { dtype, device }).scatter_add(0, bins, values);
  const counts = total(aten.ones_like(confidences));
  const mean = (values: Tensor): Tensor => total(values).div(counts).nan_to_num();
  const gap = mean(right).sub(mean(confidences)).abs();
  if (norm === 'max') return gap.max();
  const share = counts.div(counts.sum());
  if (norm === 'l1') return gap.mul(share).sum();
  const squares = gap.pow(2).mul(share).sum();
  return squares.clamp({ min: 0 }).sqrt();
}
