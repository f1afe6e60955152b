/** Confusion matrices, as metrics. */
import { signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import {
  check_confusion_options, check_confusion_tensors, confusion_counts, type ConfusionOptions, type Normalize,
  normalize_confusion,
} from '../functional/confusion_matrix.ts';
import { CONFUSION_TASK } from '../functional/parameters.ts';
import type { Task } from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

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
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskConfusionArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
}

const COMMON = [['ignore_index', null], ['normalize', null], ['validate_args', true]] as const;
const BINARY = [['threshold', 0.5], ...COMMON] as const;
const MULTICLASS = ['num_classes', ...COMMON] as const;
const MULTILABEL = ['num_labels', ['threshold', 0.5], ...COMMON] as const;
const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryConfusionArguments>('__init__', BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassConfusionArguments>('__init__', MULTICLASS, KEYWORDS);
const parse_multilabel = signature<MultilabelConfusionArguments>('__init__', MULTILABEL, KEYWORDS);

/** Metrics that count pairs of a true and a predicted label, in `confmat`. */
export class ConfusionMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
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
  constructor(...args: OptionArguments<BinaryConfusionArguments, typeof BINARY>) {
    super('binary', parse_binary(args));
  }
}

/**
 * What was predicted for each true class: (classes, classes), the truth down, the prediction across.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export class MulticlassConfusionMatrix extends ConfusionMetric {
  constructor(...args: OptionArguments<MulticlassConfusionArguments, typeof MULTICLASS>) {
    super('multiclass', parse_multiclass(args));
  }
}

/**
 * What was predicted for each label, yes or no: (labels, 2, 2), the truth down, the prediction across.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export class MultilabelConfusionMatrix extends ConfusionMetric {
  constructor(...args: OptionArguments<MultilabelConfusionArguments, typeof MULTILABEL>) {
    super('multilabel', parse_multilabel(args));
  }
}

/**
 * What was predicted for each true label: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const ConfusionMatrix = metric_of_task<
  TaskMetric<
    TaskConfusionArguments,
    typeof CONFUSION_TASK,
    BinaryConfusionMatrix,
    MulticlassConfusionMatrix,
    MultilabelConfusionMatrix
  >
>('ConfusionMatrix', CONFUSION_TASK, {
  binary: BinaryConfusionMatrix,
  multiclass: MulticlassConfusionMatrix,
  multilabel: MultilabelConfusionMatrix,
});
