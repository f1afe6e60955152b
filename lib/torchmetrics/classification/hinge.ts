/** Hinge loss, as a metric. */
import { signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import { check_hinge_options, hinge_sum, type HingeMode } from '../functional/hinge.ts';
import { HINGE_BINARY, HINGE_MULTICLASS, HINGE_TASK } from '../functional/parameters.ts';
import { check_score_batch, check_score_options, score_pairs } from '../functional/scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

export interface BinaryHingeArguments extends MetricOptions {
  /** Square the losses? (default: false) */
  squared?: boolean;
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface MulticlassHingeArguments extends BinaryHingeArguments {
  num_classes: number;
  /** Against the best other class (default), or each class against the rest, which gives a loss of each. */
  multiclass_mode?: HingeMode;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskHingeArguments extends BinaryHingeArguments {
  num_classes?: number | null;
  multiclass_mode?: HingeMode;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryHingeArguments>('__init__', HINGE_BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassHingeArguments>('__init__', HINGE_MULTICLASS, KEYWORDS);

/** Gathers losses. */
class HingeMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = false;
  declare measures: Tensor;
  declare total: Tensor;
  readonly squared: boolean;
  readonly multiclass_mode: HingeMode;
  readonly num_classes: number | null;
  readonly ignore_index: number | null;
  readonly validate_args: boolean;

  constructor(num_classes: number | null, mode: HingeMode, given: Required<BinaryHingeArguments>) {
    super({ compute_with_cache: given.compute_with_cache });
    this.squared = given.squared;
    this.multiclass_mode = mode;
    this.num_classes = num_classes;
    this.ignore_index = given.ignore_index;
    this.validate_args = given.validate_args;
    if (given.validate_args) {
      check_score_options(num_classes, given.ignore_index);
      check_hinge_options(given.squared, mode);
    }
    const measures = mode === 'one-vs-all' ? aten.zeros([num_classes!]) : aten.zeros([]);
    this.add_state('measures', measures, { dist_reduce_fx: 'sum' });
    this.add_state('total', aten.zeros([], { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_score_batch(preds, target, this.num_classes, this.ignore_index);
    const [scores, truth] = score_pairs(preds, target, this.num_classes, this.ignore_index);
    this.measures = this.measures.add(hinge_sum(scores, truth, this.squared, this.multiclass_mode));
    this.total = this.total.add(truth.shape[0]!);
  }

  override compute(): Tensor {
    return this.measures.div(this.total);
  }
}

/**
 * How far scores are from being right by a margin of 1, on average; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export class BinaryHingeLoss extends HingeMetric {
  constructor(...args: OptionArguments<BinaryHingeArguments, typeof HINGE_BINARY>) {
    super(null, 'crammer-singer', parse_binary(args));
  }
}

/**
 * How far scores are from being right by a margin of 1, on average; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export class MulticlassHingeLoss extends HingeMetric {
  constructor(...args: OptionArguments<MulticlassHingeArguments, typeof HINGE_MULTICLASS>) {
    const { num_classes, multiclass_mode, ...options } = parse_multiclass(args);
    super(num_classes, multiclass_mode, options);
  }
}

/**
 * How far scores are from being right by a margin of 1, on average: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export const HingeLoss = metric_of_task<
  TaskMetric<TaskHingeArguments, typeof HINGE_TASK, BinaryHingeLoss, MulticlassHingeLoss, never>
>('HingeLoss', HINGE_TASK, {
  binary: BinaryHingeLoss,
  multiclass: MulticlassHingeLoss,
});
