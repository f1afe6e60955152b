/** The area under the curve of true over false positive rates, as a metric. */
import { signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';
import type { OptionArguments } from '../functional/batch.ts';
import { auroc_of, check_ignore_index, check_thresholds } from '../functional/curves.ts';
import { AREA_MULTICLASS, AREA_MULTILABEL, AUROC_BINARY, AUROC_TASK } from '../functional/parameters.ts';
import { check_area_average, type CurveArguments, CurveMetric } from './precision_recall_curve.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

export interface BinaryAUROCArguments extends CurveArguments {
  /** Up to which false positive rate the area counts; null (default) for all of it. */
  max_fpr?: number | null;
}
export interface MulticlassAreaArguments extends CurveArguments {
  num_classes: number;
  /** How the areas of the classes become one (default: their mean). */
  average?: 'macro' | 'weighted' | 'none' | null;
}
export interface MultilabelAreaArguments extends CurveArguments {
  num_labels: number;
  /** How the areas of the labels become one (default: their mean). */
  average?: 'micro' | 'macro' | 'weighted' | 'none' | null;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskAUROCArguments extends CurveArguments {
  num_classes?: number | null;
  num_labels?: number | null;
  average?: 'micro' | 'macro' | 'weighted' | 'none' | null;
  max_fpr?: number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryAUROCArguments>('__init__', AUROC_BINARY, KEYWORDS);
export const parse_multiclass_area = signature<MulticlassAreaArguments>('__init__', AREA_MULTICLASS, KEYWORDS);
export const parse_multilabel_area = signature<MultilabelAreaArguments>('__init__', AREA_MULTILABEL, KEYWORDS);
export const CLASS_AVERAGES = ['macro', 'weighted', 'none', null] as const;
export const LABEL_AVERAGES = ['micro', 'macro', 'weighted', 'none', null] as const;

/**
 * The area under the curve of true over false positive rates; yes or no. As in Python, it does not look at what comes in.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export class BinaryAUROC extends CurveMetric {
  override higher_is_better: boolean | null = true;
  readonly max_fpr: number | null;

  constructor(...args: OptionArguments<BinaryAUROCArguments, typeof AUROC_BINARY>) {
    const { max_fpr, validate_args, ...options } = parse_binary(args);
    super('binary', { ...options, validate_args: false });
    if (validate_args) {
      if (max_fpr !== null && !(typeof max_fpr === 'number' && max_fpr > 0 && max_fpr <= 1)) {
        throw new ValueError(`Arguments \`max_fpr\` should be a float in range (0, 1], but got: ${String(max_fpr)}`);
      }
      check_thresholds(options.thresholds);
      check_ignore_index(options.ignore_index);
    }
    this.max_fpr = max_fpr;
  }

  override compute(): Tensor {
    return auroc_of(this._curve_state(), this._options, this.max_fpr);
  }
}

/**
 * The area under the curve of true over false positive rates; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export class MulticlassAUROC extends CurveMetric {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MulticlassAreaArguments, typeof AREA_MULTICLASS>) {
    const options = parse_multiclass_area(args);
    super('multiclass', options);
    if (options.validate_args) check_area_average(options.average, CLASS_AVERAGES);
  }

  override compute(): Tensor {
    return auroc_of(this._curve_state(), this._options);
  }
}

/**
 * The area under the curve of true over false positive rates; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export class MultilabelAUROC extends CurveMetric {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MultilabelAreaArguments, typeof AREA_MULTILABEL>) {
    const options = parse_multilabel_area(args);
    super('multilabel', options);
    if (options.validate_args) check_area_average(options.average, LABEL_AVERAGES);
  }

  override compute(): Tensor {
    return auroc_of(this._curve_state(), this._options);
  }
}

/**
 * The area under the curve of true over false positive rates: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export const AUROC = metric_of_task<
  TaskMetric<TaskAUROCArguments, typeof AUROC_TASK, BinaryAUROC, MulticlassAUROC, MultilabelAUROC>
>('AUROC', AUROC_TASK, {
  binary: BinaryAUROC,
  multiclass: MulticlassAUROC,
  multilabel: MultilabelAUROC,
});
