/** Scores of true and false positives and negatives, as metrics. */
import { signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';
import { type BatchArguments, type OptionArguments, parse_batch } from '../functional/batch.ts';
import { BETA_TASK, COUNTS_TASK, COUNTS_TASK_ZERO } from '../functional/parameters.ts';
import {
  accuracy_score,
  type Average,
  check_stat_options,
  check_stat_tensors,
  type Counts,
  fbeta_score_of,
  hamming_distance_score,
  negative_predictive_score,
  precision_score,
  recall_score,
  reduce_counts,
  type Score,
  specificity_score,
  stack_counts,
  stat_counts,
  type StatOptions,
  type Task,
} from '../functional/stat_scores.ts';
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
  /** The score where there is nothing to divide by, 0 (default) or 1; for precision, recall and what is made of them. */
  zero_division?: number;
}
export interface BinaryArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassArguments extends CommonArguments {
  num_classes?: number | null;
  /** How many of the best predictions count (default: 1) */
  top_k?: number;
  /** How the scores of the classes become one (default: their mean). */
  average?: Average;
}
export interface MultilabelArguments extends CommonArguments {
  num_labels: number;
  threshold?: number;
  average?: Average;
}
/** How much more recall counts than precision. */
interface BetaArguments {
  beta: number;
}
/** The arguments of the metrics that choose by `task`, beside it. */
export interface TaskArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
  num_labels?: number | null;
  average?: Average;
  top_k?: number;
}
export interface TaskFBetaArguments extends TaskArguments {
  /** How much more recall counts than precision (default: 1) */
  beta?: number;
}

const COMMON = [['multidim_average', 'global'], ['ignore_index', null], ['validate_args', true]] as const;
const ZERO_DIVISION = ['zero_division', 0] as const;
const BINARY = [['threshold', 0.5], ...COMMON] as const;
const MULTICLASS = [['num_classes', null], ['top_k', 1], ['average', 'macro'], ...COMMON] as const;
const MULTILABEL = ['num_labels', ['threshold', 0.5], ['average', 'macro'], ...COMMON] as const;
const F_BINARY = [...BINARY, ZERO_DIVISION] as const;
const F_MULTICLASS = ['num_classes', ['top_k', 1], ['average', 'macro'], ...COMMON, ZERO_DIVISION] as const;
const F_MULTILABEL = [...MULTILABEL, ZERO_DIVISION] as const;
const BETA_BINARY = ['beta', ...F_BINARY] as const;
const BETA_MULTICLASS = ['beta', ...F_MULTICLASS] as const;
const BETA_MULTILABEL = ['beta', ...F_MULTILABEL] as const;

const KEYWORDS = [['compute_with_cache', true]] as const;
const WITH_ZERO = [ZERO_DIVISION, ...KEYWORDS] as const;
const parse_binary = signature<BinaryArguments>('__init__', BINARY, WITH_ZERO);
const parse_multiclass = signature<MulticlassArguments>('__init__', MULTICLASS, WITH_ZERO);
const parse_multilabel = signature<MultilabelArguments>('__init__', MULTILABEL, WITH_ZERO);
const parse_f_binary = signature<BinaryArguments>('__init__', F_BINARY, KEYWORDS);
const parse_f_multiclass = signature<MulticlassArguments>('__init__', F_MULTICLASS, KEYWORDS);
const parse_f_multilabel = signature<MultilabelArguments>('__init__', F_MULTILABEL, KEYWORDS);
const parse_beta_binary = signature<BetaArguments & BinaryArguments>('__init__', BETA_BINARY, KEYWORDS);
const parse_beta_multiclass = signature<BetaArguments & MulticlassArguments>('__init__', BETA_MULTICLASS, KEYWORDS);
const parse_beta_multilabel = signature<BetaArguments & MultilabelArguments>('__init__', BETA_MULTILABEL, KEYWORDS);

const NAMES = ['tp', 'fp', 'tn', 'fn'] as const;

/** Metrics that count true and false positives and negatives; subclasses say which score they make of them. */
class CountingMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
  override higher_is_better: boolean | null = null;
  validate_args: boolean;
  _options: StatOptions;
  /** The score; null for the counts themselves. */
  readonly _score: Score | null = null;

  constructor(task: Task, given: Partial<StatOptions> & CommonArguments, size: (options: StatOptions) => number) {
    const { validate_args = true, compute_with_cache, ...options } = given;
    super({ compute_with_cache });
    this.validate_args = validate_args;
    this._options = {
      task, threshold: 0.5, num_classes: null, num_labels: null, average: 'macro', multidim_average: 'global', top_k: 1,
      ignore_index: null, zero_division: 0, ...options,
    };
    if (validate_args) check_stat_options(this._options);
    const samplewise = this._options.multidim_average === 'samplewise';
    for (const name of NAMES) {
      const fallback = samplewise ? [] : aten.zeros([size(this._options)], { dtype: int64 });
      this.add_state(name, fallback, { dist_reduce_fx: samplewise ? 'cat' : 'sum' });
    }
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (this.validate_args) check_stat_tensors(preds, target, this._options);
    const counts = stat_counts(preds, target, this._options);
    NAMES.forEach((name, i) => {
      const state = this._state(name);
      if (Array.isArray(state)) state.push(counts[i]!);
      else this._set_state(name, state.add(counts[i]!));
    });
  }

  /** The counts of all batches. */
  _final_state(): Counts {
    return NAMES.map((name) => {
      const state = this._state(name);
      return state instanceof Tensor ? state : join(state);
    }) as unknown as Counts;
  }

  override compute(): Tensor {
    const counts = this._final_state();
    if (this._score === null) return stack_counts(counts, this._options);
    return reduce_counts(counts, this._options, this._score);
  }
}

/** @throws ValueError for beta that is not positive */
function checked_beta(beta: number, validate: boolean | undefined): number {
  if (validate !== false && !(typeof beta === 'number' && beta > 0)) {
    throw new ValueError(`Expected argument \`beta\` to be a float larger than 0, but got ${String(beta)}.`);
  }
  return beta;
}

/**
 * Counts of true positives, false positives, true negatives, false negatives, and of what is true: (..., 5); yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export class BinaryStatScores extends CountingMetric {
  constructor(...args: OptionArguments<BinaryArguments, typeof BINARY>) {
    super('binary', parse_binary(args), () => 1);
  }
}

/**
 * Counts of true positives, false positives, true negatives, false negatives, and of what is true: (..., 5);
 * one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export class MulticlassStatScores extends CountingMetric {
  constructor(...args: OptionArguments<MulticlassArguments, typeof MULTICLASS>) {
    super('multiclass', parse_multiclass(args), ({ average, top_k, num_classes }) =>
      average === 'micro' && top_k === 1 ? 1 : (num_classes ?? 1),
    );
  }
}

/**
 * Counts of true positives, false positives, true negatives, false negatives, and of what is true: (..., 5);
 * any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export class MultilabelStatScores extends CountingMetric {
  constructor(...args: OptionArguments<MultilabelArguments, typeof MULTILABEL>) {
    super('multilabel', parse_multilabel(args), ({ num_labels }) => num_labels!);
  }
}

/**
 * Counts of true and false positives and negatives: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export const StatScores = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK, BinaryStatScores, MulticlassStatScores, MultilabelStatScores>
>('StatScores', COUNTS_TASK, {
  binary: BinaryStatScores,
  multiclass: MulticlassStatScores,
  multilabel: MultilabelStatScores,
}, [ZERO_DIVISION]);

/**
 * The share of right predictions, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class BinaryAccuracy extends BinaryStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = accuracy_score;
}

/**
 * The share of right predictions, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class MulticlassAccuracy extends MulticlassStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = accuracy_score;
}

/**
 * The share of right predictions, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export class MultilabelAccuracy extends MultilabelStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = accuracy_score;
}

/**
 * The share of right predictions: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const Accuracy = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK, BinaryAccuracy, MulticlassAccuracy, MultilabelAccuracy>
>('Accuracy', COUNTS_TASK, {
  binary: BinaryAccuracy,
  multiclass: MulticlassAccuracy,
  multilabel: MultilabelAccuracy,
}, [ZERO_DIVISION]);

/**
 * The share of right ones among what was predicted, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class BinaryPrecision extends BinaryStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = precision_score;
}

/**
 * The share of right ones among what was predicted, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class MulticlassPrecision extends MulticlassStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = precision_score;
}

/**
 * The share of right ones among what was predicted, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export class MultilabelPrecision extends MultilabelStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = precision_score;
}

/**
 * The share of right ones among what was predicted: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const Precision = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK, BinaryPrecision, MulticlassPrecision, MultilabelPrecision>
>('Precision', COUNTS_TASK, {
  binary: BinaryPrecision,
  multiclass: MulticlassPrecision,
  multilabel: MultilabelPrecision,
}, [ZERO_DIVISION]);

/**
 * The share of what was found, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class BinaryRecall extends BinaryStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = recall_score;
}

/**
 * The share of what was found, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class MulticlassRecall extends MulticlassStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = recall_score;
}

/**
 * The share of what was found, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export class MultilabelRecall extends MultilabelStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null = recall_score;
}

/**
 * The share of what was found: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const Recall = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK, BinaryRecall, MulticlassRecall, MultilabelRecall>
>('Recall', COUNTS_TASK, {
  binary: BinaryRecall,
  multiclass: MulticlassRecall,
  multilabel: MultilabelRecall,
}, [ZERO_DIVISION]);

/**
 * The share of negatives that were seen as such, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class BinarySpecificity extends BinaryStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = specificity_score;
}

/**
 * The share of negatives that were seen as such, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class MulticlassSpecificity extends MulticlassStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = specificity_score;
}

/**
 * The share of negatives that were seen as such, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export class MultilabelSpecificity extends MultilabelStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = specificity_score;
}

/**
 * The share of negatives that were seen as such: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const Specificity = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK, BinarySpecificity, MulticlassSpecificity, MultilabelSpecificity>
>('Specificity', COUNTS_TASK, {
  binary: BinarySpecificity,
  multiclass: MulticlassSpecificity,
  multilabel: MultilabelSpecificity,
}, [ZERO_DIVISION]);

/**
 * The share of right ones among what was predicted to be negative, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export class BinaryNegativePredictiveValue extends BinaryStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = negative_predictive_score;
}

/**
 * The share of right ones among what was predicted to be negative, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export class MulticlassNegativePredictiveValue extends MulticlassStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = negative_predictive_score;
}

/**
 * The share of right ones among what was predicted to be negative, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export class MultilabelNegativePredictiveValue extends MultilabelStatScores {
  override higher_is_better: boolean | null = null;
  override readonly _score: Score | null = negative_predictive_score;
}

/**
 * The share of right ones among what was predicted to be negative: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export const NegativePredictiveValue = metric_of_task<
  TaskMetric<
    TaskArguments,
    typeof COUNTS_TASK,
    BinaryNegativePredictiveValue,
    MulticlassNegativePredictiveValue,
    MultilabelNegativePredictiveValue
  >
>('NegativePredictiveValue', COUNTS_TASK, {
  binary: BinaryNegativePredictiveValue,
  multiclass: MulticlassNegativePredictiveValue,
  multilabel: MultilabelNegativePredictiveValue,
}, [ZERO_DIVISION]);

/**
 * The share of wrong predictions, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export class BinaryHammingDistance extends BinaryStatScores {
  override higher_is_better: boolean | null = false;
  override readonly _score: Score | null = hamming_distance_score;
}

/**
 * The share of wrong predictions, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export class MulticlassHammingDistance extends MulticlassStatScores {
  override higher_is_better: boolean | null = false;
  override readonly _score: Score | null = hamming_distance_score;
}

/**
 * The share of wrong predictions, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export class MultilabelHammingDistance extends MultilabelStatScores {
  override higher_is_better: boolean | null = false;
  override readonly _score: Score | null = hamming_distance_score;
}

/**
 * The share of wrong predictions: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export const HammingDistance = metric_of_task<
  TaskMetric<
    TaskArguments,
    typeof COUNTS_TASK,
    BinaryHammingDistance,
    MulticlassHammingDistance,
    MultilabelHammingDistance
  >
>('HammingDistance', COUNTS_TASK, {
  binary: BinaryHammingDistance,
  multiclass: MulticlassHammingDistance,
  multilabel: MultilabelHammingDistance,
}, [ZERO_DIVISION]);

/**
 * The weighted harmonic mean of precision and recall, in which recall counts `beta` times as much; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export class BinaryFBetaScore extends BinaryStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null;
  readonly beta: number;

  constructor(...args: OptionArguments<BetaArguments & BinaryArguments, typeof BETA_BINARY>) {
    const { beta, ...options } = parse_beta_binary(args);
    super(options);
    this.beta = checked_beta(beta, options.validate_args);
    this._score = fbeta_score_of(beta);
  }
}

/**
 * The weighted harmonic mean of precision and recall, in which recall counts `beta` times as much; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export class MulticlassFBetaScore extends MulticlassStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null;
  readonly beta: number;

  constructor(...args: OptionArguments<BetaArguments & MulticlassArguments, typeof BETA_MULTICLASS>) {
    const { beta, ...options } = parse_beta_multiclass(args);
    super(options);
    this.beta = checked_beta(beta, options.validate_args);
    this._score = fbeta_score_of(beta);
  }
}

/**
 * The weighted harmonic mean of precision and recall, in which recall counts `beta` times as much; any number of labels.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export class MultilabelFBetaScore extends MultilabelStatScores {
  override higher_is_better: boolean | null = true;
  override readonly _score: Score | null;
  readonly beta: number;

  constructor(...args: OptionArguments<BetaArguments & MultilabelArguments, typeof BETA_MULTILABEL>) {
    const { beta, ...options } = parse_beta_multilabel(args);
    super(options);
    this.beta = checked_beta(beta, options.validate_args);
    this._score = fbeta_score_of(beta);
  }
}

/**
 * The weighted harmonic mean of precision and recall: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export const FBetaScore = metric_of_task<
  TaskMetric<TaskFBetaArguments, typeof BETA_TASK, BinaryFBetaScore, MulticlassFBetaScore, MultilabelFBetaScore>
>('FBetaScore', BETA_TASK, {
  binary: BinaryFBetaScore,
  multiclass: MulticlassFBetaScore,
  multilabel: MultilabelFBetaScore,
});

/**
 * The harmonic mean of precision and recall, yes or no.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class BinaryF1Score extends BinaryFBetaScore {
  constructor(...args: OptionArguments<BinaryArguments, typeof F_BINARY>) {
    super({ beta: 1, ...parse_f_binary(args) });
  }
}

/**
 * The harmonic mean of precision and recall, one class of several.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class MulticlassF1Score extends MulticlassFBetaScore {
  constructor(...args: OptionArguments<MulticlassArguments, typeof F_MULTICLASS>) {
    super({ beta: 1, ...parse_f_multiclass(args) });
  }
}

/**
 * The harmonic mean of precision and recall, any number of labels.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export class MultilabelF1Score extends MultilabelFBetaScore {
  constructor(...args: OptionArguments<MultilabelArguments, typeof F_MULTILABEL>) {
    super({ beta: 1, ...parse_f_multilabel(args) });
  }
}

/**
 * The harmonic mean of precision and recall: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const F1Score = metric_of_task<
  TaskMetric<TaskArguments, typeof COUNTS_TASK_ZERO, BinaryF1Score, MulticlassF1Score, MultilabelF1Score>
>('F1Score', COUNTS_TASK_ZERO, {
  binary: BinaryF1Score,
  multiclass: MulticlassF1Score,
  multilabel: MultilabelF1Score,
});
