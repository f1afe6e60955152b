import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { type NDArray, with_shape } from '../../numpy/array.ts';
import { check_consistent_length, labels_of, type Samples, unique_labels } from '../utils/rows.ts';

export interface AccuracyScoreArguments {
  y_true: Samples;
  y_pred: Samples;
  normalize?: boolean;
  sample_weight?: readonly number[] | Float64Array | null;
}
export interface ConfusionMatrixArguments {
  y_true: Samples;
  y_pred: Samples;
  labels?: readonly unknown[] | null;
}

const parse_accuracy = signature<AccuracyScoreArguments>(
  'accuracy_score',
  ['y_true', 'y_pred'],
  [['normalize', true], ['sample_weight', null]],
);
const parse_confusion = signature<ConfusionMatrixArguments>('confusion_matrix', ['y_true', 'y_pred'], [['labels', null]]);

/**
 * The share of predictions that are right.
 *
 * @param normalize the share (default: true), or how many there are
 * @param sample_weight how much each sample counts
 * @throws ValueError if there are not as many predictions as labels
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html
 */
export function accuracy_score(...args: Arguments<AccuracyScoreArguments, ['y_true', 'y_pred']>): number {
  const { y_true, y_pred, normalize, sample_weight } = parse_accuracy(args);
  const count = check_consistent_length(y_true, y_pred);
  const [truth, predicted] = [labels_of(y_true), labels_of(y_pred)];
  let right = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = sample_weight?.[i] ?? 1;
    total += weight;
    if (truth[i] === predicted[i]) right += weight;
  }
  return normalize ? right / total : right;
}

/**
 * How often each label (row) was taken for each label (column).
 *
 * @param labels the labels and their order; all that occur, ascending, where nothing is said
 * @returns whole numbers of shape (labels, labels)
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html
 */
export function confusion_matrix(
  ...args: Arguments<ConfusionMatrixArguments, ['y_true', 'y_pred']>
): NDArray<BigInt64Array> {
  const { y_true, y_pred, labels } = parse_confusion(args);
  const count = check_consistent_length(y_true, y_pred);
  const [truth, predicted] = [labels_of(y_true), labels_of(y_pred)];
  const order = labels ?? unique_labels(truth, predicted);
  if (labels !== null && !labels.some((label) => truth.includes(label))) {
    throw new ValueError('At least one label specified must be in y_true');
  }
  const position = new Map(order.map((label, i) => [label, i]));
  const matrix = new BigInt64Array(order.length ** 2);
  for (let i = 0; i < count; i++) {
    const [row, column] = [position.get(truth[i]), position.get(predicted[i])];
    if (row !== undefined && column !== undefined) matrix[row * order.length + column]!++;
  }
  return with_shape(matrix, [order.length, order.length]);
}
