import { ValueError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';

/** How the scores of images become one: their mean, their sum, or not at all. */
export type ImageReduction = 'elementwise_mean' | 'sum' | 'none' | null;

/** @throws ValueError for a reduction that there is none of */
export function reduce_scores(scores: Tensor, reduction: ImageReduction): Tensor {
  if (reduction === 'elementwise_mean') return scores.mean();
  if (reduction === 'sum') return scores.sum();
  if (reduction === 'none' || reduction === null) return scores;
  throw new ValueError('Reduction parameter unknown.');
}
