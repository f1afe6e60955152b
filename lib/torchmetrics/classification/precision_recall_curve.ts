/** The curve of precision over recall, as a metric, and what the metrics of all curves share. */
import { signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import {
  as_thresholds,
  check_curve_tensors,
  check_ignore_index,
  check_size,
  check_thresholds,
  type Curve,
  curve_counts,
  curve_pairs,
  type CurveAverage,
  type CurveOptions,
  type Curves,
  type CurveState,
  type Normalization,
  precision_recall_curves,
  type Thresholds,
} from '../functional/curves.ts';
import { CURVE_BINARY, CURVE_MULTICLASS, CURVE_MULTILABEL, CURVE_TASK } from '../functional/parameters.ts';
import type { Task } from '../functional/stat_scores.ts';
import { join } from '../join.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

export interface CurveArguments extends MetricOptions {
  /**
   * At which thresholds: as many between 0 and 1, or these, which needs the same memory however much comes in; null
   * (default) takes every score that there is.
   */
  thresholds?: Thresholds;
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryCurveArguments extends CurveArguments {
  /** How scores outside of [0, 1] become probabilities; null takes them as they are (default: 'sigmoid') */
  normalization?: Normalization;
}
export interface MulticlassCurveArguments extends CurveArguments {
  num_classes: number;
  /** One curve of all samples, or the mean of the classes' curves; null (default) for one of each class. */
  average?: 'micro' | 'macro' | null;
}
export interface MultilabelCurveArguments extends CurveArguments {
  num_labels: number;
}
/** The arguments of the metrics that choose by `task`, beside it. */
export interface TaskCurveArguments extends CurveArguments {
  num_classes?: number | null;
  num_labels?: number | null;
  /** Of classes: one curve of all samples, or the mean of the classes' curves (default: one of each). */
  average?: 'micro' | 'macro' | null;
}

/** What the constructor of every curve metric gets. */
interface CurveSetup extends CurveArguments {
  num_classes?: number | null;
  num_labels?: number | null;
  average?: CurveAverage;
  normalization?: Normalization;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const BINARY = [...CURVE_BINARY, ['normalization', 'sigmoid']] as const;
export const parse_binary_curve = signature<BinaryCurveArguments>('__init__', BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassCurveArguments>('__init__', CURVE_MULTICLASS, KEYWORDS);
export const parse_multilabel_curve = signature<MultilabelCurveArguments>('__init__', CURVE_MULTILABEL, KEYWORDS);
export type BinaryCurvePositional = typeof BINARY;

/** Gathers what curves are made of: all scores and labels, or counts at fixed thresholds. */
export class CurveMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
  declare preds: Tensor[];
  declare target: Tensor[];
  declare confmat: Tensor;
  readonly validate_args: boolean;
  readonly _options: CurveOptions;

  constructor(task: Task, given: CurveSetup) {
    const { validate_args = true, compute_with_cache, thresholds = null, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    if (validate_args) {
      if (task === 'multiclass') check_size('num_classes', options.num_classes);
      if (task === 'multilabel') check_size('num_labels', options.num_labels);
      check_thresholds(thresholds);
      check_ignore_index(options.ignore_index ?? null);
    }
    const steps = as_thresholds(thresholds);
    this._options = {
      task, num_classes: null, num_labels: null, average: null, ignore_index: null, normalization: 'sigmoid', ...options,
      thresholds: steps,
    };
    if (steps === null) {
      this.add_state('preds', [], { dist_reduce_fx: 'cat' });
      this.add_state('target', [], { dist_reduce_fx: 'cat' });
      return;
    }
    const columns = task === 'multilabel' ? options.num_labels! : options.num_classes!;
    const flat = task === 'binary' || (task === 'multiclass' && options.average === 'micro');
    const shape = flat ? [steps.numel(), 2, 2] : [steps.numel(), columns, 2, 2];
    this.add_state('confmat', aten.zeros(shape, { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  /** The thresholds that the counts are of; null where every score is one. */
  get thresholds(): Tensor | null {
    return this._options.thresholds;
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_curve_tensors(preds, target, this._options);
    const [scores, truth] = curve_pairs(preds, target, this._options);
    if (this._options.thresholds === null) {
      this.preds.push(scores);
      this.target.push(truth);
    } else this.confmat = this.confmat.add(curve_counts(scores, truth, this._options));
  }

  /** What all batches gave. */
  _curve_state(): CurveState {
    return this._options.thresholds === null ? [join(this.preds), join(this.target)] : this.confmat;
  }

  override _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    super._apply(fn, recurse);
    const { thresholds } = this._options;
    if (thresholds !== null) this._options.thresholds = fn(thresholds);
    return this;
  }

  override compute(): Curves | Tensor {
    return precision_recall_curves(this._curve_state(), this._options);
  }
}

/** @throws ValueError for an average that there is none of */
export function check_curve_average(average: unknown): void {
  if (([null, 'micro', 'macro'] as unknown[]).includes(average)) return;
  throw new ValueError(`Expected argument \`average\` to be one of None, 'micro' or 'macro', but got ${String(average)}`);
}

/** @throws ValueError for an average that there is none of */
export function check_area_average(average: unknown, known: readonly unknown[]): void {
  if (known.includes(average)) return;
  const names = known.map((one) => (one === null ? 'None' : `'${String(one)}'`)).join(', ');
  throw new ValueError(`Expected argument \`average\` to be one of (${names}) but got ${String(average)}`);
}

/**
 * Precision, recall and the thresholds that they are of: yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export class BinaryPrecisionRecallCurve extends CurveMetric {
  constructor(...args: OptionArguments<BinaryCurveArguments, BinaryCurvePositional>) {
    super('binary', parse_binary_curve(args));
  }

  override compute(): Curve {
    return precision_recall_curves(this._curve_state(), this._options) as Curve;
  }
}

/**
 * Precision, recall and the thresholds that they are of; of each class: one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export class MulticlassPrecisionRecallCurve extends CurveMetric {
  constructor(...args: OptionArguments<MulticlassCurveArguments, typeof CURVE_MULTICLASS>) {
    const options = parse_multiclass(args);
    super('multiclass', options);
    if (options.validate_args) check_curve_average(options.average);
  }

  override compute(): Curves {
    return precision_recall_curves(this._curve_state(), this._options);
  }
}

/**
 * Precision, recall and the thresholds that they are of; of each label: any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export class MultilabelPrecisionRecallCurve extends CurveMetric {
  constructor(...args: OptionArguments<MultilabelCurveArguments, typeof CURVE_MULTILABEL>) {
    super('multilabel', parse_multilabel_curve(args));
  }

  override compute(): Curves {
    return precision_recall_curves(this._curve_state(), this._options);
  }
}

/**
 * Precision, recall and the thresholds that they are of: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export const PrecisionRecallCurve = metric_of_task<
  TaskMetric<
    TaskCurveArguments,
    typeof CURVE_TASK,
    BinaryPrecisionRecallCurve,
    MulticlassPrecisionRecallCurve,
    MultilabelPrecisionRecallCurve
  >
>('PrecisionRecallCurve', CURVE_TASK, {
  binary: BinaryPrecisionRecallCurve,
  multiclass: MulticlassPrecisionRecallCurve,
  multilabel: MultilabelPrecisionRecallCurve,
}, [['average', null]]);
