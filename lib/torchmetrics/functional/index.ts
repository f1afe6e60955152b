/**
 * `torchmetrics.functional`: the scores of one batch, without a metric that gathers.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
import { type Arguments, signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import { ConfusionMatrix, type TaskConfusionArguments } from '../classification/confusion_matrix.ts';
import { Accuracy, F1Score, Precision, Recall, Specificity, type TaskArguments } from '../classification/stat_scores.ts';
import type { Batch } from './batch.ts';

type ScoreArguments = Batch & Omit<TaskArguments, 'compute_with_cache'>;
type ScorePositional = [
  'preds', 'target', 'task', 'threshold', 'num_classes', 'num_labels', 'average', 'multidim_average', 'top_k',
  'ignore_index', 'validate_args',
];
type Score = (...args: Arguments<ScoreArguments, ScorePositional>) => Tensor;
type Gatherer = (options: TaskArguments & { task: 'binary' }) => (preds: Tensor, target: Tensor) => Tensor;

/** The function of one batch that gives what `metric` would. */
function score(name: string, metric: unknown): Score {
  const parse = signature<ScoreArguments>(name, [
    'preds', 'target', 'task', ['threshold', 0.5], ['num_classes', null], ['num_labels', null], ['average', 'micro'],
    ['multidim_average', 'global'], ['top_k', 1], ['ignore_index', null], ['validate_args', true],
  ]);
  return (...args) => {
    const { preds, target, ...options } = parse(args);
    return (metric as Gatherer)(options as TaskArguments & { task: 'binary' })(preds, target);
  };
}

/** @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html */
export const accuracy: Score = score('accuracy', Accuracy);
/** @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html */
export const precision: Score = score('precision', Precision);
/** @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html */
export const recall: Score = score('recall', Recall);
/** @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html */
export const specificity: Score = score('specificity', Specificity);
/** @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html */
export const f1_score: Score = score('f1_score', F1Score);

type ConfusionArguments = Batch & Omit<TaskConfusionArguments, 'compute_with_cache'>;
const parse_confusion = signature<ConfusionArguments>('confusion_matrix', [
  'preds', 'target', 'task', ['threshold', 0.5], ['num_classes', null], ['num_labels', null], ['normalize', null],
  ['ignore_index', null], ['validate_args', true],
]);

/** @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html */
export function confusion_matrix(
  ...args: Arguments<
    ConfusionArguments,
    [
      'preds', 'target', 'task', 'threshold', 'num_classes', 'num_labels', 'normalize', 'ignore_index', 'validate_args',
    ]
  >
): Tensor {
  const { preds, target, ...options } = parse_confusion(args);
  return ConfusionMatrix(options as TaskConfusionArguments & { task: 'binary' })(preds, target);
}
