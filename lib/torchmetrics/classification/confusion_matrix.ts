/** Confusion matrices, as metrics. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import {
  check_confusion_options, check_confusion_tensors, confusion_counts, type ConfusionOptions, type Normalize,
  normalize_confusion,
} from '../functional/confusion_matrix.ts';
import type { Task } from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';

interface CommonArguments extends MetricOptions {
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Shares instead of counts: of each true label, each predicted one, or all. */
  normalize?: Normalize;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryConfusionArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassConfusionArguments extends CommonArguments {
  num_classes: number;
}
export interface MultilabelConfusionArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
}
/** The arguments of the metric that chooses by `task`. */
export interface TaskConfusionArguments extends CommonArguments {
  task: Task;
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
}

const COMMON = [['ignore_index', null], ['normalize', null], ['validate_args', true]] as const;
const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryConfusionArguments>('__init__', [['threshold', 0.5], ...COMMON], KEYWORDS);
const parse_multiclass = signature<MulticlassConfusionArguments>('__init__', ['num_classes', ...COMMON], KEYWORDS);
const parse_multilabel = signature<MultilabelConfusionArguments>(
  '__init__',
  ['num_labels', ['threshold', 0.5], ...COMMON],
  KEYWORDS,
);
const parse_task = signature<TaskConfusionArguments>(
  '__new__',
  [
    'task', ['threshold', 0.5], ['num_classes', null], ['num_labels', null], ['normalize', null],
    ['ignore_index', null], ['validate_args', true],
  ],
  KEYWORDS,
);

/** Metrics that count pairs of a true and a predicted label, in `confmat`. */
class ConfusionMetric extends Metric {
  override full_state_update = false;
  override is_differentiable = false;
  declare confmat: Tensor;
  validate_args: boolean;
  _options: ConfusionOptions;

  constructor(task: Task, given: Partial<ConfusionOptions> & CommonArguments) {
    const { validate_args = true, compute_with_cache, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    this._options = {
      task, threshold: 0.5, num_classes: null, num_labels: null, ignore_index: null, normalize: null, ...options,
    };
    if (validate_args) check_confusion_options(this._options);
    const { num_classes, num_labels } = this._options;
    const classes = task === 'multiclass' ? num_classes! : 2;
    const shape = task === 'multilabel' ? [num_labels!, 2, 2] : [classes, classes];
    this.add_state('confmat', aten.zeros(shape, { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_confusion_tensors(preds, target, this._options);
    this.confmat = this.confmat.add(confusion_counts(preds, target, this._options));
  }

  override compute(): Tensor {
    return normalize_confusion(this.confmat, this._options.normalize);
  }
}

/**
 * What was predicted for each true label, yes or no: (2, 2), the truth down, the prediction across.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export class BinaryConfusionMatrix extends ConfusionMetric {
  constructor(
    ...args: Arguments<BinaryConfusionArguments, ['threshold', 'ignore_index', 'normalize', 'validate_args']>
  ) {
    super('binary', parse_binary(args));
  }
}

/**
 * What was predicted for each true class: (classes, classes), the truth down, the prediction across.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export class MulticlassConfusionMatrix extends ConfusionMetric {
  constructor(
    ...args: Arguments<MulticlassConfusionArguments, ['num_classes', 'ignore_index', 'normalize', 'validate_args']>
  ) {
    super('multiclass', parse_multiclass(args));
  }
}

/**
 * What was predicted for each label, yes or no: (labels, 2, 2), the truth down, the prediction across.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export class MultilabelConfusionMatrix extends ConfusionMetric {
  constructor(
    ...args: Arguments<
      MultilabelConfusionArguments,
      ['num_labels', 'threshold', 'ignore_index', 'normalize', 'validate_args']
    >
  ) {
    super('multilabel', parse_multilabel(args));
  }
}

/** The confusion matrix that a `task` asks for. */
export interface TaskConfusionMatrix {
  new (options: TaskConfusionArguments & { task: 'binary' }): BinaryConfusionMatrix;
  new (options: TaskConfusionArguments & { task: 'multiclass' }): MulticlassConfusionMatrix;
  new (options: TaskConfusionArguments & { task: 'multilabel' }): MultilabelConfusionMatrix;
  new (task: Task, options?: Omit<TaskConfusionArguments, 'task'>): ConfusionMetric;
  (options: TaskConfusionArguments & { task: 'binary' }): BinaryConfusionMatrix;
  (options: TaskConfusionArguments & { task: 'multiclass' }): MulticlassConfusionMatrix;
  (options: TaskConfusionArguments & { task: 'multilabel' }): MultilabelConfusionMatrix;
  (task: Task, options?: Omit<TaskConfusionArguments, 'task'>): ConfusionMetric;
}

/**
 * What was predicted for each true label: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const ConfusionMatrix = function (...args: unknown[]): ConfusionMetric {
  const { task, threshold, num_classes, num_labels, ...common } = parse_task(args);
  const whole = (name: string, value: unknown): number => {
    if (Number.isInteger(value)) return value as number;
    throw new ValueError(`\`${name}\` is expected to be \`int\` but \`<class '${type_name(value)}'> was passed.\``);
  };
  switch (task) {
    case 'binary':
      return new BinaryConfusionMatrix({ threshold, ...common });
    case 'multiclass':
      return new MulticlassConfusionMatrix({ num_classes: whole('num_classes', num_classes), ...common });
    case 'multilabel':
      return new MultilabelConfusionMatrix({ num_labels: whole('num_labels', num_labels), threshold, ...common });
    default:
      throw new ValueError(
        `Invalid Classification: expected one of ['BINARY', 'MULTICLASS', 'MULTILABEL'], but got ${String(task)}.`,
      );
  }
} as unknown as TaskConfusionMatrix;
