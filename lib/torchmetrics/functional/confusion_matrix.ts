/** Confusion matrices: what was predicted for each true label. */
import { int64 } from '../../dtype.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import {
  as_probabilities, check_labels, check_same_shape, shape_text, type Task, unique_values,
} from './stat_scores.ts';

/** What the counts are divided by: those of the true label, of the predicted one, or all. */
export type Normalize = 'true' | 'pred' | 'all' | 'none' | null;

export interface ConfusionOptions {
  task: Task;
  threshold: number;
  num_classes: number | null;
  num_labels: number | null;
  ignore_index: number | null;
  normalize: Normalize;
}

/** @throws ValueError for options that make no sense */
export function check_confusion_options(options: ConfusionOptions): void {
  const { task, threshold, num_classes, num_labels, ignore_index, normalize } = options;
  const at_least_two = (name: string, value: unknown): void => {
    if (Number.isInteger(value) && (value as number) >= 2) return;
    throw new ValueError(`Expected argument \`${name}\` to be an integer larger than 1, but got ${value ?? 'None'}`);
  };
  if (task === 'multiclass') at_least_two('num_classes', num_classes);
  if (task === 'multilabel') at_least_two('num_labels', num_labels);
  if (task !== 'multiclass' && !(typeof threshold === 'number' && threshold >= 0 && threshold <= 1)) {
    const range = task === 'binary' ? ' in the [0,1] range' : '';
    throw new ValueError(`Expected argument \`threshold\` to be a float${range}, but got ${threshold}.`);
  }
  if (ignore_index !== null && !Number.isInteger(ignore_index)) {
    throw new ValueError(
      `Expected argument \`ignore_index\` to either be \`None\` or an integer, but got ${String(ignore_index)}`,
    );
  }
  if (!(['true', 'pred', 'all', 'none', null] as unknown[]).includes(normalize)) {
    throw new ValueError(
      `Expected argument \`normalize\` to be one of ('true', 'pred', 'all', 'none', None), but got ${String(normalize)}.`,
    );
  }
}

/** @throws RuntimeError or ValueError for tensors that do not fit together or the options */
export function check_confusion_tensors(preds: Tensor, target: Tensor, options: ConfusionOptions): void {
  const { task, num_classes, num_labels, ignore_index } = options;
  if (task !== 'multiclass') {
    check_same_shape(preds, target);
    if (task === 'multilabel' && preds.shape[1] !== num_labels) {
      throw new ValueError(
        'Expected both `target.shape[1]` and `preds.shape[1]` to be equal to the number of labels but got ' +
          `${preds.shape[1]} and expected ${num_labels}`,
      );
    }
    check_labels(preds, target, ignore_index, 'preds');
    return;
  }
  const more = 'If `preds` have one dimension more than `target`, ';
  if (preds.ndim === target.ndim + 1) {
    if (!preds.is_floating_point()) throw new ValueError(`${more}\`preds\` should be a float tensor.`);
    if (preds.shape[1] !== num_classes) {
      throw new ValueError(`${more}\`preds.shape[1]\` should be equal to number of classes.`);
    }
    if (String(preds.shape.slice(2)) !== String(target.shape.slice(1))) {
      throw new ValueError(
        `${more}the shape of \`preds\` should be (N, C, ...), and the shape of \`target\` should be (N, ...).`,
      );
    }
  } else if (preds.ndim !== target.ndim) {
    throw new ValueError(
      'Either `preds` and `target` both should have the (same) shape (N, ...), or `target` should be (N, ...) and ' +
        '`preds` should be (N, C, ...).',
    );
  } else if (String(preds.shape) !== String(target.shape)) {
    // Python's error has two parts here, and prints as the tuple of them.
    throw new ValueError(
      "('The `preds` and `target` should have the same shape,', ' got `preds` with shape=" +
        `${shape_text(preds)} and \`target\` with shape=${shape_text(target)}.')`,
    );
  }
  const most = num_classes! + (ignore_index === null ? 0 : 1);
  // Where the predictions are scores, Python looks at neither.
  if (preds.is_floating_point()) return;
  for (const [tensor, name] of [[target, 'target'], [preds, 'preds']] as const) {
    const found = unique_values(tensor).numel();
    if (found > most) {
      throw new RuntimeError(
        `Detected more unique values in \`${name}\` than expected. Expected only ${most} but found ${found} in \`target\`.`,
      );
    }
  }
}

/** Counts of a batch: (C, C), true labels down and predicted ones across; (labels, 2, 2) for the task of labels. */
export function confusion_counts(preds: Tensor, target: Tensor, options: ConfusionOptions): Tensor {
  const { task, threshold, ignore_index } = options;
  if (task === 'multilabel') return multilabel_counts(preds, target, options);
  const classes = task === 'binary' ? 2 : options.num_classes!;
  let labels = (task === 'multiclass' && preds.ndim === target.ndim + 1 ? preds.argmax(1) : preds).flatten();
  let truth = target.flatten();
  if (ignore_index !== null) {
    const kept = truth.ne(ignore_index);
    labels = labels.masked_select(kept);
    truth = truth.masked_select(kept);
  }
  if (task === 'binary' && labels.is_floating_point()) labels = as_probabilities(labels).gt(threshold);
  const pairs = truth.to(int64).mul(classes).add(labels.to(int64));
  return aten.bincount(pairs, { minlength: classes ** 2 }).reshape(classes, classes);
}

function multilabel_counts(preds: Tensor, target: Tensor, options: ConfusionOptions): Tensor {
  const { threshold, ignore_index } = options;
  const num_labels = options.num_labels!;
  const flat = (tensor: Tensor): Tensor => tensor.movedim(1, -1).reshape(-1, num_labels);
  const labels = flat(preds.is_floating_point() ? as_probabilities(preds).gt(threshold) : preds);
  const truth = flat(target);
  const offsets = aten.arange(num_labels, { device: preds.device }).mul(4);
  let bins = truth.to(int64).mul(2).add(labels.to(int64)).add(offsets).flatten();
  if (ignore_index !== null) bins = bins.masked_select(truth.ne(ignore_index).flatten());
  return aten.bincount(bins, { minlength: 4 * num_labels }).reshape(num_labels, 2, 2);
}

/** Counts as shares; where there is nothing to share, 0 and a warning. */
export function normalize_confusion(matrix: Tensor, normalize: Normalize): Tensor {
  if (normalize === null || normalize === 'none') return matrix;
  const counts = matrix.is_floating_point() ? matrix : matrix.float();
  const dims = { true: [-1], pred: [-2], all: [-2, -1] }[normalize];
  const shares = counts.div(counts.sum(dims, { keepdim: true }));
  const missing = Number(shares.isnan().sum().item());
  if (missing === 0) return shares;
  warn(`${missing} NaN values found in confusion matrix have been replaced with zeros.`);
  return shares.masked_fill(shares.isnan(), 0);
}
