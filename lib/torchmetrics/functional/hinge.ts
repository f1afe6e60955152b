/** Hinge losses: how far scores are from being right by a margin. */
import { ValueError } from '../../errors.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/** Against the best other class, or each class against the rest. */
export type HingeMode = 'crammer-singer' | 'one-vs-all';

/** @throws ValueError for options that make no sense */
export function check_hinge_options(squared: unknown, mode: unknown): void {
  if (typeof squared !== 'boolean') {
    throw new ValueError(`Expected argument \`squared\` to be an bool but got ${String(squared)}`);
  }
  if (mode === 'crammer-singer' || mode === 'one-vs-all') return;
  throw new ValueError(
    `Expected argument \`multiclass_mode\` to be one of ('crammer-singer', 'one-vs-all'), but got ${String(mode)}.`,
  );
}

/** The losses of scores (samples) or (samples, classes), summed over the samples. */
export function hinge_sum(preds: Tensor, target: Tensor, squared: boolean, mode: HingeMode): Tensor {
  let margin: Tensor;
  if (preds.ndim === 1) margin = aten.where(target.to(int64).eq(1), preds, preds.neg());
  else {
    const right = aten.one_hot(target.to(int64), preds.shape[1]!).eq(1);
    if (mode === 'one-vs-all') margin = aten.where(right, preds, preds.neg());
    else margin = preds.masked_select(right).sub(preds.masked_fill(right, -Infinity).amax([1]));
  }
  const losses = margin.neg().add(1).clamp({ min: 0 });
  return (squared ? losses.pow(2) : losses).sum(0);
}
