/** Average precision, as a metric. */
import type { Tensor } from '../../tensor.ts';
import type { OptionArguments } from '../functional/batch.ts';
import { average_precision_of } from '../functional/curves.ts';
import { AREA_MULTICLASS, AREA_MULTILABEL, AREA_TASK } from '../functional/parameters.ts';
import {
  CLASS_AVERAGES,
  LABEL_AVERAGES,
  type MulticlassAreaArguments,
  type MultilabelAreaArguments,
  parse_multiclass_area,
  parse_multilabel_area,
  type TaskAUROCArguments,
} from './auroc.ts';
import {
  type BinaryCurveArguments,
  type BinaryCurvePositional,
  check_area_average,
  CurveMetric,
  parse_binary_curve,
} from './precision_recall_curve.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

/**
 * Precision, averaged over the steps of recall; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export class BinaryAveragePrecision extends CurveMetric {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<BinaryCurveArguments, BinaryCurvePositional>) {
    super('binary', parse_binary_curve(args));
  }

  override compute(): Tensor {
    return average_precision_of(this._curve_state(), this._options);
  }
}

/**
 * Precision, averaged over the steps of recall; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export class MulticlassAveragePrecision extends CurveMetric {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MulticlassAreaArguments, typeof AREA_MULTICLASS>) {
    const options = parse_multiclass_area(args);
    super('multiclass', options);
    if (options.validate_args) check_area_average(options.average, CLASS_AVERAGES);
  }

  override compute(): Tensor {
    return average_precision_of(this._curve_state(), this._options);
  }
}

/**
 * Precision, averaged over the steps of recall; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export class MultilabelAveragePrecision extends CurveMetric {
  override higher_is_better: boolean | null = true;

  constructor(...args: OptionArguments<MultilabelAreaArguments, typeof AREA_MULTILABEL>) {
    const options = parse_multilabel_area(args);
    super('multilabel', options);
    if (options.validate_args) check_area_average(options.average, LABEL_AVERAGES);
  }

  override compute(): Tensor {
    return average_precision_of(this._curve_state(), this._options);
  }
}

/**
 * Precision, averaged over the steps of recall: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export const AveragePrecision = metric_of_task<
  TaskMetric<
    Omit<TaskAUROCArguments,
    'max_fpr'>,
    typeof AREA_TASK,
    BinaryAveragePrecision,
    MulticlassAveragePrecision,
    MultilabelAveragePrecision
  >
>('AveragePrecision', AREA_TASK, {
  binary: BinaryAveragePrecision,
  multiclass: MulticlassAveragePrecision,
  multilabel: MultilabelAveragePrecision,
});
