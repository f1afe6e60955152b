/** Cohen's kappa, as a metric. */
import { signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import type { OptionArguments } from '../functional/batch.ts';
import { check_kappa_weights, kappa_of, type KappaWeights } from '../functional/confusion_scores.ts';
import { KAPPA_TASK } from '../functional/parameters.ts';
import type { MetricOptions } from '../metric.ts';
import { BinaryConfusionMatrix, MulticlassConfusionMatrix } from './confusion_matrix.ts';
import { metric_of_task, type TaskMetric } from './task.ts';

interface CommonArguments extends MetricOptions {
  /** How much worse a confusion is than none: all alike (default), by the distance of the classes, or its square. */
  weights?: KappaWeights;
  /** A label that does not count. */
  ignore_index?: number | null;
  /** Check what comes in? (default: true) */
  validate_args?: boolean;
}
export interface BinaryKappaArguments extends CommonArguments {
  /** From which probability on it is a yes (default: 0.5) */
  threshold?: number;
}
export interface MulticlassKappaArguments extends CommonArguments {
  num_classes: number;
}
/** The arguments of the metric that chooses by `task`, beside it. */
export interface TaskKappaArguments extends CommonArguments {
  threshold?: number;
  num_classes?: number | null;
}

const COMMON = [['ignore_index', null], ['weights', null], ['validate_args', true]] as const;
const BINARY = [['threshold', 0.5], ...COMMON] as const;
const MULTICLASS = ['num_classes', ...COMMON] as const;
const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_binary = signature<BinaryKappaArguments>('__init__', BINARY, KEYWORDS);
const parse_multiclass = signature<MulticlassKappaArguments>('__init__', MULTICLASS, KEYWORDS);

/**
 * How much more agreement there is than chance would give; yes or no.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export class BinaryCohenKappa extends BinaryConfusionMatrix {
  override higher_is_better: boolean | null = true;
  readonly weights: KappaWeights;

  constructor(...args: OptionArguments<BinaryKappaArguments, typeof BINARY>) {
    const { weights, ...options } = parse_binary(args);
    super(options);
    if (options.validate_args) check_kappa_weights(weights);
    this.weights = weights;
  }

  override compute(): Tensor {
    return kappa_of(this.confmat, this.weights);
  }
}

/**
 * How much more agreement there is than chance would give; one class of several.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export class MulticlassCohenKappa extends MulticlassConfusionMatrix {
  override higher_is_better: boolean | null = true;
  readonly weights: KappaWeights;

  constructor(...args: OptionArguments<MulticlassKappaArguments, typeof MULTICLASS>) {
    const { weights, ...options } = parse_multiclass(args);
    super(options);
    if (options.validate_args) check_kappa_weights(weights);
    this.weights = weights;
  }

  override compute(): Tensor {
    return kappa_of(this.confmat, this.weights);
  }
}

/**
 * How much more agreement there is than chance would give: the metric of the task, with `new` or without.
 * @throws ValueError for a task that there is none for
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export const CohenKappa = metric_of_task<
  TaskMetric<TaskKappaArguments, typeof KAPPA_TASK, BinaryCohenKappa, MulticlassCohenKappa, never>
>('CohenKappa', KAPPA_TASK, {
  binary: BinaryCohenKappa,
  multiclass: MulticlassCohenKappa,
});
