/** The Jaccard index, as a metric. */
import { signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import type { OptionArguments } from '../functional/batch.ts';
import { check_average, jaccard_of } from '../functional/confusion_scores.ts';
import { JACCARD_BINARY, JACCARD_MULTICLASS, JACCARD_MULTILABEL, JACCARD_TASK } from '../functional/parameters.ts';
import type { Average } from '../functional/stat_scores.ts';
import type { MetricOptions } from '../metric.ts';
import { BinaryConfusionMatrix, MulticlassConfusionMatrix, MultilabelConfusionMatrix } from './confusion_matrix.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

interface CommonArguments extends MetricOptions {
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
  /** The index where there is nothing to divide by (default: 0) */
  zero_division?: number;
}
export interface BinaryJaccardArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassJaccardArguments extends CommonArguments {
  num_classes: number;
  /** How the indices of the classes become one (default: their mean). */
  average?: Average;
}
export interface MultilabelJaccardArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
  average?: Average;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskJaccardArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
  average?: Average;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryJaccardArguments>('__init__', JACCARD_BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassJaccardArguments>('__init__', JACCARD_MULTICLASS, KEYWORDS);
const parse_multilabel = signature<MultilabelJaccardArguments>('__init__', JACCARD_MULTILABEL, KEYWORDS);
const AVERAGES = ['micro', 'macro', 'weighted', 'none', null] as const;

/**
 * How much of what is predicted or true is both; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export class BinaryJaccardIndex extends BinaryConfusionMatrix {
  override higher_is_better: boolean | null = true;
  readonly zero_division: number;

  constructor(...args: OptionArguments<BinaryJaccardArguments, typeof JACCARD_BINARY>) {
    const { zero_division, ...options } = parse_binary(args);
    super(options);
    this.zero_division = zero_division;
  }

  override compute(): Tensor {
    const { ignore_index } = this._options;
    const { zero_division } = this;
    return jaccard_of(this.confmat, 'binary', { average: null, ignore_index, zero_division });
  }
}

/**
 * How much of what is predicted or true is both; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export class MulticlassJaccardIndex extends MulticlassConfusionMatrix {
  override higher_is_better: boolean | null = true;
  readonly average: Average;
  readonly zero_division: number;

  constructor(...args: OptionArguments<MulticlassJaccardArguments, typeof JACCARD_MULTICLASS>) {
    const { average, zero_division, ...options } = parse_multiclass(args);
    super(options);
    if (options.validate_args) check_average(average, AVERAGES);
    this.average = average;
    this.zero_division = zero_division;
  }

  override compute(): Tensor {
    const { ignore_index } = this._options;
    const { zero_division } = this;
    return jaccard_of(this.confmat, 'multiclass', { average: this.average, ignore_index, zero_division });
  }
}

/**
 * How much of what is predicted or true is both; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export class MultilabelJaccardIndex extends MultilabelConfusionMatrix {
  override higher_is_better: boolean | null = true;
  readonly average: Average;
  readonly zero_division: number;

  constructor(...args: OptionArguments<MultilabelJaccardArguments, typeof JACCARD_MULTILABEL>) {
    const { average, zero_division, ...options } = parse_multilabel(args);
    super(options);
    if (options.validate_args) check_average(average, AVERAGES);
    this.average = average;
    this.zero_division = zero_division;
  }

  override compute(): Tensor {
    // What is ignored is a value that labels have, and no label.
    const { average, zero_division } = this;
    return jaccard_of(this.confmat, 'multilabel', { average, ignore_index: null, zero_division });
  }
}

/**
 * How much of what is predicted or true is both: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export const JaccardIndex = metric_of_task<
  TaskMetric<
    TaskJaccardArguments,
    typeof JACCARD_TASK,
    BinaryJaccardIndex,
    MulticlassJaccardIndex,
    MultilabelJaccardIndex
  >
>('JaccardIndex', JACCARD_TASK, {
  binary: BinaryJaccardIndex,
  multiclass: MulticlassJaccardIndex,
  multilabel: MultilabelJaccardIndex,
}, [['zero_division', 0]]);
