/** Matthews' correlation, as a metric. */
import { signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import type { OptionArguments } from '../functional/batch.ts';
import { matthews_of } from '../functional/confusion_scores.ts';
import { MATTHEWS_BINARY, MATTHEWS_MULTICLASS, MATTHEWS_MULTILABEL, MATTHEWS_TASK } from '../functional/parameters.ts';
import type { MetricOptions } from '../metric.ts';
import { BinaryConfusionMatrix, MulticlassConfusionMatrix, MultilabelConfusionMatrix } from './confusion_matrix.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

interface CommonArguments extends MetricOptions {
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryMatthewsArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassMatthewsArguments extends CommonArguments {
  num_classes: number;
}
export interface MultilabelMatthewsArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskMatthewsArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryMatthewsArguments>('__init__', MATTHEWS_BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassMatthewsArguments>('__init__', MATTHEWS_MULTICLASS, KEYWORDS);
const parse_multilabel = signature<MultilabelMatthewsArguments>('__init__', MATTHEWS_MULTILABEL, KEYWORDS);

/**
 * The correlation of what is predicted and what is true, from -1 to 1; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export class BinaryMatthewsCorrCoef extends BinaryConfusionMatrix {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<BinaryMatthewsArguments, typeof MATTHEWS_BINARY>) {
    super(parse_binary(args));
  }

  override compute(): Tensor {
    return matthews_of(this.confmat);
  }
}

/**
 * The correlation of what is predicted and what is true, from -1 to 1; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export class MulticlassMatthewsCorrCoef extends MulticlassConfusionMatrix {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MulticlassMatthewsArguments, typeof MATTHEWS_MULTICLASS>) {
    super(parse_multiclass(args));
  }

  override compute(): Tensor {
    return matthews_of(this.confmat);
  }
}

/**
 * The correlation of what is predicted and what is true, from -1 to 1; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export class MultilabelMatthewsCorrCoef extends MultilabelConfusionMatrix {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MultilabelMatthewsArguments, typeof MATTHEWS_MULTILABEL>) {
    super(parse_multilabel(args));
  }

  override compute(): Tensor {
    return matthews_of(this.confmat);
  }
}

/**
 * The correlation of what is predicted and what is true: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export const MatthewsCorrCoef = metric_of_task<
  TaskMetric<
    TaskMatthewsArguments,
    typeof MATTHEWS_TASK,
    BinaryMatthewsCorrCoef,
    MulticlassMatthewsCorrCoef,
    MultilabelMatthewsCorrCoef
  >
>('MatthewsCorrCoef', MATTHEWS_TASK, {
  binary: BinaryMatthewsCorrCoef,
  multiclass: MulticlassMatthewsCorrCoef,
  multilabel: MultilabelMatthewsCorrCoef,
});
