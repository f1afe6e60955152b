/** Batches of scores, of yes or of each class, that are taken as probabilities. */
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { check_confusion_tensors } from './confusion_matrix.ts';
import { as_class_probabilities, check_ignore_index, check_size, rows_of_scores } from './curves.ts';
import { as_probabilities } from './stat_scores.ts';

/** @throws ValueError for options that make no sense; `num_classes` is null where there is only yes or no */
export function check_score_options(num_classes: number | null, ignore_index: number | null): void {
  if (num_classes !== null) check_size('num_classes', num_classes);
  check_ignore_index(ignore_index);
}

/** @throws RuntimeError or ValueError for tensors that do not fit together */
export function check_score_batch(
  preds: Tensor,
  target: Tensor,
  num_classes: number | null,
  ignore_index: number | null,
): void {
  const task = num_classes === null ? 'binary' : 'multiclass';
  check_confusion_tensors(preds, target, {
    task, threshold: 0, num_classes, num_labels: null, ignore_index, normalize: null,
  });
  if (preds.is_floating_point()) return;
  throw new ValueError(
    'Expected argument `preds` to be floating tensor with probabilities/logits but got tensor with dtype ' +
      String(preds.dtype),
  );
}

/** Probabilities, of yes (positions) or of each class (positions, classes), and labels, without what does not count. */
export function score_pairs(
  preds: Tensor,
  target: Tensor,
  num_classes: number | null,
  ignore_index: number | null,
): [scores: Tensor, target: Tensor] {
  const truth = target.flatten();
  const kept = ignore_index === null ? null : truth.ne(ignore_index);
  const only = (tensor: Tensor): Tensor => (kept === null ? tensor : aten.index(tensor, [kept]));
  if (num_classes === null) return [as_probabilities(only(preds.flatten())), only(truth)];
  if (preds.ndim !== target.ndim + 1) throw new RuntimeError('`preds` should have one dimension more than `target`');
  return [as_class_probabilities(only(rows_of_scores(preds))), only(truth)];
}
