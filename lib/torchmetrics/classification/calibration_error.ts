/** Calibration error, as a metric. */
import { signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import { calibration_error_of, type CalibrationNorm, check_bins } from '../functional/calibration_error.ts';
import { CALIBRATION_BINARY, CALIBRATION_MULTICLASS, CALIBRATION_TASK } from '../functional/parameters.ts';
import { join } from '../join.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import { check_score_batch, check_score_options, score_pairs } from '../functional/scores.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

export interface BinaryCalibrationArguments extends MetricOptions {
  /** Into how many bins confidence is divided (default: 15) */
  n_bins?: number;
  /** How the differences of the bins become one (default: their mean, 'l1') */
  norm?: CalibrationNorm;
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface MulticlassCalibrationArguments extends BinaryCalibrationArguments {
  num_classes: number;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskCalibrationArguments extends BinaryCalibrationArguments {
  num_classes?: number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryCalibrationArguments>('__init__', CALIBRATION_BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassCalibrationArguments>('__init__', CALIBRATION_MULTICLASS, KEYWORDS);

/** Gathers how sure every prediction was, and whether it was right. */
class CalibrationMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
  override higher_is_better: boolean | null = false;
  declare confidences: Tensor[];
  declare accuracies: Tensor[];
  readonly n_bins: number;
  readonly norm: CalibrationNorm;
  readonly num_classes: number | null;
  readonly ignore_index: number | null;
  readonly validate_args: boolean;

  constructor(num_classes: number | null, given: Required<BinaryCalibrationArguments>) {
    super({ compute_with_cache: given.compute_with_cache });
    this.n_bins = given.n_bins;
    this.norm = given.norm;
    this.num_classes = num_classes;
    this.ignore_index = given.ignore_index;
    this.validate_args = given.validate_args;
    if (given.validate_args) {
      check_score_options(num_classes, given.ignore_index);
      check_bins(given.n_bins, given.norm);
    }
    this.add_state('confidences', [], { dist_reduce_fx: 'cat' });
    this.add_state('accuracies', [], { dist_reduce_fx: 'cat' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_score_batch(preds, target, this.num_classes, this.ignore_index);
    const [scores, truth] = score_pairs(preds, target, this.num_classes, this.ignore_index);
    if (this.num_classes === null) {
      this.confidences.push(scores);
      this.accuracies.push(truth);
      return;
    }
    const { values, indices } = scores.max({ dim: 1 });
    this.confidences.push(values);
    this.accuracies.push(indices.eq(truth).to(scores.dtype));
  }

  override compute(): Tensor {
    return calibration_error_of(join(this.confidences), join(this.accuracies), this.n_bins, this.norm);
  }
}

/**
 * How far confidence is from the share of right predictions; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export class BinaryCalibrationError extends CalibrationMetric {
  constructor(...args: OptionArguments<BinaryCalibrationArguments, typeof CALIBRATION_BINARY>) {
    super(null, parse_binary(args));
  }
}

/**
 * How far confidence is from the share of right predictions; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export class MulticlassCalibrationError extends CalibrationMetric {
  constructor(...args: OptionArguments<MulticlassCalibrationArguments, typeof CALIBRATION_MULTICLASS>) {
    const options = parse_multiclass(args);
    super(options.num_classes, options);
  }
}

/**
 * How far confidence is from the share of right predictions: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export const CalibrationError = metric_of_task<
  TaskMetric<
    TaskCalibrationArguments,
    typeof CALIBRATION_TASK,
    BinaryCalibrationError,
    MulticlassCalibrationError,
    never
  >
>('CalibrationError', CALIBRATION_TASK, {
  binary: BinaryCalibrationError,
  multiclass: MulticlassCalibrationError,
});
