/** Scores of true and false positives and negatives, as metrics. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import {
  accuracy_ratio,
  type Average,
  check_stat_options,
  check_stat_tensors,
  type Counts,
  fbeta_ratio,
  precision_ratio,
  type Ratio,
  recall_ratio,
  reduce_counts,
  specificity_ratio,
  stat_counts,
  type StatOptions,
  type Task,
} from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';

interface CommonArguments extends MetricOptions {
  /** Over which dimensions: all (default), or those of each sample. */
  multidim_average?: 'global' | 'samplewise';
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassArguments extends CommonArguments {
  num_classes?: number | null;
  /** How many of the best predictions count (default: 1) */
  top_k?: number;
  /** How the scores of the classes become one (default: their mean). */
  average?: Average;
}
export interface MultilabelArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
  average?: Average;
}
/** The arguments of the metrics that choose by `task`. */
export interface TaskArguments extends CommonArguments {
  task: Task;
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
  average?: Average;
  top_k?: number;
}

const COMMON = [['multidim_average', 'global'], ['ignore_index', null], ['validate_args', true]] as const;
const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryArguments>('__init__', [['threshold', 0.5], ...COMMON], KEYWORDS);
const parse_multiclass = signature<MulticlassArguments>(
  '__init__',
  [['num_classes', null], ['top_k', 1], ['average', 'macro'], ...COMMON],
  KEYWORDS,
);
const parse_multilabel = signature<MultilabelArguments>(
  '__init__',
  ['num_labels', ['threshold', 0.5], ['average', 'macro'], ...COMMON],
  KEYWORDS,
);
const parse_task = signature<TaskArguments>(
  '__new__',
  [
    'task', ['threshold', 0.5], ['num_classes', null], ['num_labels', null], ['average', 'micro'],
    ['multidim_average', 'global'], ['top_k', 1], ['ignore_index', null], ['validate_args', true],
  ],
  KEYWORDS,
);
type BinaryPositional = ['threshold', 'multidim_average', 'ignore_index', 'validate_args'];
type MulticlassPositional = ['num_classes', 'top_k', 'average', 'multidim_average', 'ignore_index', 'validate_args'];
type MultilabelPositional = ['num_labels', 'threshold', 'average', 'multidim_average', 'ignore_index', 'validate_args'];

const NAMES = ['tp', 'fp', 'tn', 'fn'] as const;

/** Metrics that count true and false positives and negatives. */
class StatScoresMetric extends Metric {
  override full_state_update = false;
  override is_differentiable = false;
  override higher_is_better: boolean | null = true;
  validate_args: boolean;
  _options: StatOptions;

  constructor(task: Task, given: Partial<StatOptions> & CommonArguments, size: (options: StatOptions) => number) {
    const { validate_args = true, compute_with_cache, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    this._options = {
      task, threshold: 0.5, num_classes: null, num_labels: null, average: 'macro', multidim_average: 'global', top_k: 1,
      ignore_index: null, ...options,
    };
    if (validate_args) check_stat_options(this._options);
    const samplewise = this._options.multidim_average === 'samplewise';
    for (const name of NAMES) {
      const fallback = samplewise ? [] : aten.zeros([size(this._options)], { dtype: int64 });
      this.add_state(name, fallback, { dist_reduce_fx: samplewise ? 'cat' : 'sum' });
    }
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_stat_tensors(preds, target, this._options);
    const counts = stat_counts(preds, target, this._options);
    NAMES.forEach((name, i) => {
      const state = this._state(name);
      if (Array.isArray(state)) state.push(counts[i]!);
      else this._set_state(name, state.add(counts[i]!));
    });
  }

  /** The counts of all batches. */
  _final_state(): Counts {
    return NAMES.map((name) => {
      const state = this._state(name);
      if (state instanceof Tensor) return state;
      if (state.length === 0) throw new ValueError('No samples to concatenate');
      return aten.cat(state.map((part) => (part.ndim === 0 ? part.unsqueeze(0) : part)));
    }) as unknown as Counts;
  }

  /** What the score is the ratio of. */
  _ratio(): Ratio {
    return accuracy_ratio;
  }

  override compute(): Tensor {
    return reduce_counts(this._final_state(), this._options, this._ratio());
  }
}

/** The metric of a task, from what the wrapper of all tasks was called with. */
function of_task<B, C, L>(
  args: readonly unknown[],
  name: string,
  Binary: new (options: BinaryArguments) => B,
  Multiclass: new (options: MulticlassArguments) => C,
  Multilabel: new (options: MultilabelArguments) => L,
): B | C | L {
  const { task, threshold, num_classes, num_labels, average, top_k, ...common } = parse_task(args);
  const must_be_whole = (parameter: string, value: unknown): void => {
    if (Number.isInteger(value)) return;
    const type = `<class '${type_name(value)}'>`;
    throw new ValueError(
      name === 'Accuracy'
        ? `Optional arg \`${parameter}\` must be type \`int\` when task is ClassificationTask.${String(task).toUpperCase()}. Got ${type}`
        : `\`${parameter}\` is expected to be \`int\` but \`${type} was passed.\``,
    );
  };
  switch (task) {
    case 'binary':
      return new Binary({ threshold, ...common });
    case 'multiclass':
      must_be_whole('num_classes', num_classes);
      must_be_whole('top_k', top_k);
      return new Multiclass({ num_classes, top_k, average, ...common });
    case 'multilabel':
      must_be_whole('num_labels', num_labels);
      return new Multilabel({ num_labels: num_labels!, threshold, average, ...common });
    default:
      throw new ValueError(
        `Invalid Classification: expected one of ['BINARY', 'MULTICLASS', 'MULTILABEL'], but got ${String(task)}.`,
      );
  }
}

/** The metric that a `task` asks for. */
export interface TaskMetric<B, C, L> {
  new (options: TaskArguments & { task: 'binary' }): B;
  new (options: TaskArguments & { task: 'multiclass' }): C;
  new (options: TaskArguments & { task: 'multilabel' }): L;
  new (task: Task, options?: Omit<TaskArguments, 'task'>): B | C | L;
  (options: TaskArguments & { task: 'binary' }): B;
  (options: TaskArguments & { task: 'multiclass' }): C;
  (options: TaskArguments & { task: 'multilabel' }): L;
  (task: Task, options?: Omit<TaskArguments, 'task'>): B | C | L;
}

/**
 * The share of right predictions, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class BinaryAccuracy extends StatScoresMetric {
  constructor(...args: Arguments<BinaryArguments, BinaryPositional>) {
    super('binary', parse_binary(args), () => 1);
  }
}

/**
 * The share of right predictions, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class MulticlassAccuracy extends StatScoresMetric {
  constructor(...args: Arguments<MulticlassArguments, MulticlassPositional>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) => (average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1)));
  }
}

/**
 * The share of right predictions, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class MultilabelAccuracy extends StatScoresMetric {
  constructor(...args: Arguments<MultilabelArguments, MultilabelPositional>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }
}

/**
 * The share of right predictions: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const Accuracy = function (...args: unknown[]) {
  return of_task(args, 'Accuracy', BinaryAccuracy, MulticlassAccuracy, MultilabelAccuracy);
} as unknown as TaskMetric<BinaryAccuracy, MulticlassAccuracy, MultilabelAccuracy>;

/**
 * The share of right ones among what was predicted, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class BinaryPrecision extends StatScoresMetric {
  constructor(...args: Arguments<BinaryArguments, BinaryPositional>) {
    super('binary', parse_binary(args), () => 1);
  }

  override _ratio(): Ratio {
    return precision_ratio;
  }
}

/**
 * The share of right ones among what was predicted, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class MulticlassPrecision extends StatScoresMetric {
  constructor(...args: Arguments<MulticlassArguments, MulticlassPositional>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) => (average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1)));
  }

  override _ratio(): Ratio {
    return precision_ratio;
  }
}

/**
 * The share of right ones among what was predicted, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class MultilabelPrecision extends StatScoresMetric {
  constructor(...args: Arguments<MultilabelArguments, MultilabelPositional>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }

  override _ratio(): Ratio {
    return precision_ratio;
  }
}

/**
 * The share of right ones among what was predicted: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const Precision = function (...args: unknown[]) {
  return of_task(args, 'Precision', BinaryPrecision, MulticlassPrecision, MultilabelPrecision);
} as unknown as TaskMetric<BinaryPrecision, MulticlassPrecision, MultilabelPrecision>;

/**
 * The share of what was found, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class BinaryRecall extends StatScoresMetric {
  constructor(...args: Arguments<BinaryArguments, BinaryPositional>) {
    super('binary', parse_binary(args), () => 1);
  }

  override _ratio(): Ratio {
    return recall_ratio;
  }
}

/**
 * The share of what was found, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class MulticlassRecall extends StatScoresMetric {
  constructor(...args: Arguments<MulticlassArguments, MulticlassPositional>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) => (average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1)));
  }

  override _ratio(): Ratio {
    return recall_ratio;
  }
}

/**
 * The share of what was found, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class MultilabelRecall extends StatScoresMetric {
  constructor(...args: Arguments<MultilabelArguments, MultilabelPositional>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }

  override _ratio(): Ratio {
    return recall_ratio;
  }
}

/**
 * The share of what was found: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const Recall = function (...args: unknown[]) {
  return of_task(args, 'Recall', BinaryRecall, MulticlassRecall, MultilabelRecall);
} as unknown as TaskMetric<BinaryRecall, MulticlassRecall, MultilabelRecall>;

/**
 * The share of negatives that were seen as such, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class BinarySpecificity extends StatScoresMetric {
  constructor(...args: Arguments<BinaryArguments, BinaryPositional>) {
    super('binary', parse_binary(args), () => 1);
  }

  override _ratio(): Ratio {
    return specificity_ratio;
  }
}

/**
 * The share of negatives that were seen as such, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class MulticlassSpecificity extends StatScoresMetric {
  constructor(...args: Arguments<MulticlassArguments, MulticlassPositional>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) => (average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1)));
  }

  override _ratio(): Ratio {
    return specificity_ratio;
  }
}

/**
 * The share of negatives that were seen as such, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class MultilabelSpecificity extends StatScoresMetric {
  constructor(...args: Arguments<MultilabelArguments, MultilabelPositional>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }

  override _ratio(): Ratio {
    return specificity_ratio;
  }
}

/**
 * The share of negatives that were seen as such: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const Specificity = function (...args: unknown[]) {
  return of_task(args, 'Specificity', BinarySpecificity, MulticlassSpecificity, MultilabelSpecificity);
} as unknown as TaskMetric<BinarySpecificity, MulticlassSpecificity, MultilabelSpecificity>;

/**
 * The harmonic mean of precision and recall, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class BinaryF1Score extends StatScoresMetric {
  constructor(...args: Arguments<BinaryArguments, BinaryPositional>) {
    super('binary', parse_binary(args), () => 1);
  }

  override _ratio(): Ratio {
    return fbeta_ratio(1);
  }
}

/**
 * The harmonic mean of precision and recall, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class MulticlassF1Score extends StatScoresMetric {
  constructor(...args: Arguments<MulticlassArguments, MulticlassPositional>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) => (average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1)));
  }

  override _ratio(): Ratio {
    return fbeta_ratio(1);
  }
}

/**
 * The harmonic mean of precision and recall, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class MultilabelF1Score extends StatScoresMetric {
  constructor(...args: Arguments<MultilabelArguments, MultilabelPositional>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }

  override _ratio(): Ratio {
    return fbeta_ratio(1);
  }
}

/**
 * The harmonic mean of precision and recall: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const F1Score = function (...args: unknown[]) {
  return of_task(args, 'F1Score', BinaryF1Score, MulticlassF1Score, MultilabelF1Score);
} as unknown as TaskMetric<BinaryF1Score, MulticlassF1Score, MultilabelF1Score>;
