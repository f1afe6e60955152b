/** The curve of true over false positive rates, as a metric. */
import { type Curve, type Curves, roc_curves } from '../functional/curves.ts';
import { CURVE_TASK } from '../functional/parameters.ts';
import {
  BinaryPrecisionRecallCurve,
  MulticlassPrecisionRecallCurve,
  MultilabelPrecisionRecallCurve,
  type TaskCurveArguments,
} from './precision_recall_curve.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

/**
 * False positive rate, true positive rate and the thresholds that they are of, the highest first: yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export class BinaryROC extends BinaryPrecisionRecallCurve {
  override compute(): Curve {
    return roc_curves(this._curve_state(), this._options) as Curve;
  }
}

/**
 * False positive rate, true positive rate and the thresholds that they are of, the highest first;
 * of each class: one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export class MulticlassROC extends MulticlassPrecisionRecallCurve {
  override compute(): Curves {
    return roc_curves(this._curve_state(), this._options);
  }
}

/**
 * False positive rate, true positive rate and the thresholds that they are of, the highest first;
 * of each label: any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export class MultilabelROC extends MultilabelPrecisionRecallCurve {
  override compute(): Curves {
    return roc_curves(this._curve_state(), this._options);
  }
}

/**
 * False positive rate, true positive rate and the thresholds that they are of, the highest first: the
 * metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export const ROC = metric_of_task<
  TaskMetric<TaskCurveArguments, typeof CURVE_TASK, BinaryROC, MulticlassROC, MultilabelROC>
>('ROC', CURVE_TASK, {
  binary: BinaryROC,
  multiclass: MulticlassROC,
  multilabel: MultilabelROC,
}, [['average', null]]);
