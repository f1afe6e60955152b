/** How often all of a sample is right, as a metric. */
import { signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import { exact_counts, exact_share } from '../functional/exact_match.ts';
import { EXACT_MULTICLASS, EXACT_MULTILABEL, EXACT_TASK } from '../functional/parameters.ts';
import { check_stat_options, check_stat_tensors, type StatOptions } from '../functional/stat_scores.ts';
import { join } from '../join.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

interface CommonArguments extends MetricOptions {
  /** Over which dimensions: all (default), or those of each sample. */
  multidim_average?: 'global' | 'samplewise';
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface MulticlassExactMatchArguments extends CommonArguments {
  num_classes: number;
}
export interface MultilabelExactMatchArguments extends CommonArguments {
  num_labels: number;
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskExactMatchArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_multiclass = signature<MulticlassExactMatchArguments>('__init__', EXACT_MULTICLASS, KEYWORDS);
const parse_multilabel = signature<MultilabelExactMatchArguments>('__init__', EXACT_MULTILABEL, KEYWORDS);

/** Counts samples that are right as a whole. */
class ExactMatchMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
  override higher_is_better: boolean | null = true;
  declare correct: Tensor | Tensor[];
  declare total: Tensor;
  validate_args: boolean;
  _options: StatOptions;

  constructor(task: 'multiclass' | 'multilabel', given: Partial<StatOptions> & CommonArguments) {
    const { validate_args = true, compute_with_cache, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    this._options = {
      task, threshold: 0.5, num_classes: null, num_labels: null, average: null, multidim_average: 'global', top_k: 1,
      ignore_index: null, zero_division: 0, ...options,
    };
    if (validate_args) check_stat_options(this._options);
    const samplewise = this._options.multidim_average === 'samplewise';
    const none = (): Tensor => aten.zeros([1], { dtype: int64 });
    this.add_state('correct', samplewise ? [] : none(), { dist_reduce_fx: samplewise ? 'cat' : 'sum' });
    this.add_state('total', none(), { dist_reduce_fx: samplewise ? 'mean' : 'sum' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_stat_tensors(preds, target, this._options);
    const [correct, total] = exact_counts(preds, target, this._options);
    if (Array.isArray(this.correct)) {
      this.correct.push(correct);
      this.total = aten.full_like(this.total, total);
    } else {
      this.correct = this.correct.add(correct);
      this.total = this.total.add(total);
    }
  }

  override compute(): Tensor {
    return exact_share(Array.isArray(this.correct) ? join(this.correct) : this.correct, this.total);
  }
}

/**
 * The share of samples in which everything is right; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export class MulticlassExactMatch extends ExactMatchMetric {
  constructor(...args: OptionArguments<MulticlassExactMatchArguments, typeof EXACT_MULTICLASS>) {
    super('multiclass', parse_multiclass(args));
  }
}

/**
 * The share of samples in which everything is right; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export class MultilabelExactMatch extends ExactMatchMetric {
  constructor(...args: OptionArguments<MultilabelExactMatchArguments, typeof EXACT_MULTILABEL>) {
    super('multilabel', parse_multilabel(args));
  }
}

/**
 * The share of samples in which everything is right: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export const ExactMatch = metric_of_task<
  TaskMetric<TaskExactMatchArguments, typeof EXACT_TASK, never, MulticlassExactMatch, MultilabelExactMatch>
>('ExactMatch', EXACT_TASK, {
  multilabel: MultilabelExactMatch,
  multiclass: MulticlassExactMatch,
});
