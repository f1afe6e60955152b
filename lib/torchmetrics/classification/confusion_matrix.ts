/**
 * What is taken for what.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
import { type Arguments, signature } from '../../arguments.ts';
import { float32, int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import {
  as_probabilities,
  check_stat_options,
  check_stat_tensors,
  type StatOptions,
  type Task,
} from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';

/** What the numbers are shares of: of those that are the class, of those taken for it, of all. Counts, if null. */
export type Normalize = 'true' | 'pred' | 'all' | 'none' | null;

interface CommonArguments extends MetricOptions {
  normalize?: Normalize;
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryConfusionMatrixArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassConfusionMatrixArguments extends CommonArguments {
  num_classes: number;
}
export interface MultilabelConfusionMatrixArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
}
/** The arguments of {@link ConfusionMatrix}. */
export interface ConfusionMatrixArguments extends CommonArguments {
  task: Task;
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryConfusionMatrixArguments>(
  '__init__',
  [['threshold', 0.5], ['ignore_index', null], ['normalize', null], ['validate_args', true]],
  KEYWORDS,
);
const parse_multiclass = signature<MulticlassConfusionMatrixArguments>(
  '__init__',
  ['num_classes', ['ignore_index', null], ['normalize', null], ['validate_args', true]],
  KEYWORDS,
);
const parse_multilabel = signature<MultilabelConfusionMatrixArguments>(
  '__init__',
  ['num_labels', ['threshold', 0.5], ['ignore_index', null], ['normalize', null], ['validate_args', true]],
  KEYWORDS,
);
const parse_task = signature<ConfusionMatrixArguments>(
  '__new__',
  [
    'task', ['threshold', 0.5], ['num_classes', null], ['num_labels', null], ['normalize', null],
    ['validate_args', true], ['ignore_index', null],
  ],
  KEYWORDS,
);

const NORMALIZE: readonly unknown[] = ['true', 'pred', 'all', 'none', null];

/** Counts pairs of what is and what was predicted. */
class ConfusionMatrixMetric extends Metric {
  override full_state_update = false;
  override is_differentiable = false;
  validate_args: boolean;
  normalize: Normalize;
  declare confmat: Tensor;
  _options: StatOptions;

  constructor(task: Task, given: Partial<StatOptions> & CommonArguments, sizes: () => number[]) {
    const { validate_args = true, normalize = null, compute_with_cache, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    this.normalize = normalize;
    this._options = {
      task, threshold: 0.5, num_classes: null, num_labels: null, average: 'macro', multidim_average: 'global', top_k: 1,
      ignore_index: null, ...options,
    };
    if (validate_args) {
      check_stat_options(this._options);
      if (!NORMALIZE.includes(normalize)) {
        throw new ValueError(
          `Expected argument \`normalize\` to be one of ('true', 'pred', 'all', 'none', None), but got ${String(normalize)}.`,
        );
      }
    }
    this.add_state('confmat', aten.zeros(sizes(), { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  override update(preds: Tensor, target: Tensor): void {
    if (this.validate_args) check_stat_tensors(preds, target, this._options, false);
    this.confmat = this.confmat.add(pair_counts(preds, target, this._options));
  }

  override compute(): Tensor {
    return normalized(this.confmat, this.normalize);
  }
}

/** How often each class was taken for each. */
function pair_counts(preds: Tensor, target: Tensor, options: StatOptions): Tensor {
  const { task, threshold, ignore_index, num_labels } = options;
  const count = (truth: Tensor, labels: Tensor, classes: number): Tensor =>
    aten.bincount(truth.to(int64).mul(classes).add(labels.to(int64)), { minlength: classes ** 2 });
  if (task === 'multilabel') {
    const labels = preds.is_floating_point() ? as_probabilities(preds).gt(threshold) : preds;
    const flat = (tensor: Tensor): Tensor => tensor.movedim(1, -1).reshape(-1, num_labels!);
    let pairs = flat(target).mul(2).add(flat(labels.to(int64))).add(aten.arange(num_labels!).mul(4));
    if (ignore_index !== null) pairs = pairs.masked_select(flat(target).ne(ignore_index));
    return aten.bincount(pairs.flatten(), { minlength: 4 * num_labels! }).reshape(num_labels!, 2, 2);
  }
  let labels = preds;
  if (task === 'multiclass' && preds.ndim === target.ndim + 1) labels = preds.argmax(1);
  labels = labels.flatten();
  let truth = target.flatten();
  if (ignore_index !== null) {
    const kept = truth.ne(ignore_index);
    labels = labels.masked_select(kept);
    truth = truth.masked_select(kept);
  }
  if (task === 'binary' && labels.is_floating_point()) labels = as_probabilities(labels).gt(threshold);
  const classes = task === 'binary' ? 2 : options.num_classes!;
  return count(truth, labels, classes).reshape(classes, classes);
}

/** Counts as shares; a share of nothing is 0. */
function normalized(confmat: Tensor, normalize: Normalize): Tensor {
  if (normalize === null || normalize === 'none') return confmat;
  const counts = confmat.to(float32);
  const whole =
    normalize === 'true'
      ? counts.sum(-1, { keepdim: true })
      : normalize === 'pred'
        ? counts.sum(-2, { keepdim: true })
        : counts.sum([-2, -1], { keepdim: true });
  const shares = counts.div(whole);
  const missing = shares.isnan();
  const count = missing.sum().item();
  if (count === 0) return shares;
  warn(`${count} NaN values found in confusion matrix have been replaced with zeros.`);
  return shares.masked_fill(missing, 0);
}

/** Of yes and no: a matrix of shape (2, 2), a row for each truth and a column for each prediction. */
export class BinaryConfusionMatrix extends ConfusionMatrixMetric {
  constructor(...args: Arguments<BinaryConfusionMatrixArguments, ['threshold', 'ignore_index', 'normalize', 'validate_args']>) {
    super('binary', parse_binary(args), () => [2, 2]);
  }
}

/** Of classes: a matrix of shape (C, C), a row for each true class and a column for each predicted one. */
export class MulticlassConfusionMatrix extends ConfusionMatrixMetric {
  constructor(
    ...args: Arguments<MulticlassConfusionMatrixArguments, ['num_classes', 'ignore_index', 'normalize', 'validate_args']>
  ) {
    const options = parse_multiclass(args);
    super('multiclass', options, () => [options.num_classes, options.num_classes]);
  }
}

/** Of labels: a matrix of shape (2, 2) for each, in a tensor of shape (L, 2, 2). */
export class MultilabelConfusionMatrix extends ConfusionMatrixMetric {
  constructor(
    ...args: Arguments<
      MultilabelConfusionMatrixArguments,
      ['num_labels', 'threshold', 'ignore_index', 'normalize', 'validate_args']
    >
  ) {
    const options = parse_multilabel(args);
    super('multilabel', options, () => [options.num_labels, 2, 2]);
  }
}

interface ConfusionMatrixByTask {
  new (options: ConfusionMatrixArguments & { task: 'binary' }): BinaryConfusionMatrix;
  new (options: ConfusionMatrixArguments & { task: 'multiclass' }): MulticlassConfusionMatrix;
  new (options: ConfusionMatrixArguments & { task: 'multilabel' }): MultilabelConfusionMatrix;
}

/**
 * What is taken for what: the metric of the task.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const ConfusionMatrix = function (...args: unknown[]) {
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
} as unknown as ConfusionMatrixByTask;
