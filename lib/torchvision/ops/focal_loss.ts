import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';

/** Arguments of {@link sigmoid_focal_loss}. */
export interface SigmoidFocalLossArguments {
  /** Logits of any shape. */
  inputs: Tensor;
  /** 0 or 1 for each. */
  targets: Tensor;
  /** The weight of ones, and what remains of 1 that of zeros; -1 for none (default: 0.25). */
  alpha?: number;
  /** How little what is well predicted counts (default: 2). */
  gamma?: number;
  reduction?: 'none' | 'mean' | 'sum';
}
const focal_arguments = signature<SigmoidFocalLossArguments>('sigmoid_focal_loss', [
  'inputs',
  'targets',
  ['alpha', 0.25],
  ['gamma', 2],
  ['reduction', 'none'],
]);

/**
 * Binary cross entropy of logits, in which what is predicted well already counts less.
 * @throws ValueError for an alpha beyond 0 and 1 that is not -1, and an unknown reduction
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.sigmoid_focal_loss.html
 */
export function sigmoid_focal_loss(
  ...args: Arguments<SigmoidFocalLossArguments, ['inputs', 'targets', 'alpha', 'gamma', 'reduction']>
): Tensor {
  const { inputs, targets, alpha, gamma, reduction } = focal_arguments(args);
  if (!(alpha >= 0 && alpha <= 1) && alpha !== -1) {
    throw new ValueError(`Invalid alpha value: ${str(alpha)}. alpha must be in the range [0,1] or -1 for ignore.`);
  }
  const opposite = (t: Tensor): Tensor => t.neg().add(1);
  /** `t` where the target is 1, `other` where it is 0. */
  const by_target = (t: Tensor | number, other: Tensor | number): Tensor =>
    targets.mul(t).add(opposite(targets).mul(other));
  const p = inputs.sigmoid();
  const entropy = aten.binary_cross_entropy_with_logits(inputs, targets, null, null, 0);
  let loss = entropy.mul(opposite(by_target(p, opposite(p))).pow(gamma));
  if (alpha >= 0) loss = by_target(alpha, 1 - alpha).mul(loss);
  if (reduction === 'none') return loss;
  if (reduction === 'mean') return loss.mean();
  if (reduction === 'sum') return loss.sum();
  throw new ValueError(
    `Invalid Value for arg 'reduction': '${str(reduction)} \n Supported reduction modes: 'none', 'mean', 'sum'`,
  );
}
