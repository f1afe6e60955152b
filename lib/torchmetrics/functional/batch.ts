/** What an `update` of predictions and targets takes, by position or by name. */
import { type Arguments, signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';

export interface Batch {
  preds: Tensor;
  target: Tensor;
}
export type BatchArguments = Arguments<Batch, ['preds', 'target']>;

/** @throws TypeError for what is missing or unknown */
export const parse_batch = signature<Batch>('update', ['preds', 'target']);
