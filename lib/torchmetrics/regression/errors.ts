/** Means of errors, as metrics. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import { as_float } from '../functional/division.ts';
import { check_same_shape } from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';

export interface OutputsArguments extends MetricOptions {
  /** How many numbers are predicted for each sample, each with an error of its own (default: 1) */
  num_outputs?: number;
}
export interface SquaredErrorArguments extends OutputsArguments {
  /** The mean of the squares, or its root? (default: true) */
  squared?: boolean;
}
export interface MinkowskiArguments extends MetricOptions {
  p: number;
}

/** What `MinkowskiDistance` takes, under another name than all others. */
interface Targets {
  preds: Tensor;
  targets: Tensor;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_targets = signature<Targets>('update', ['preds', 'targets']);
const parse_options = signature<MetricOptions>('__init__', [], KEYWORDS);
const parse_squared = signature<SquaredErrorArguments>('__init__', [['squared', true], ['num_outputs', 1]], KEYWORDS);
const parse_outputs = signature<OutputsArguments>('__init__', [['num_outputs', 1]], KEYWORDS);
const parse_minkowski = signature<MinkowskiArguments>('__init__', ['p'], KEYWORDS);

/** Less than this is taken for it where errors are divided by what is true. */
const LEAST = 1.17e-6;

/** Sums up errors, and counts them; subclasses say what an error is, and what becomes of the sum. */
abstract class ErrorMetric extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = false;
  declare total: Tensor;
  readonly num_outputs: number | null;
  readonly _sum: string;

  constructor(sum: string, num_outputs: number | null, { compute_with_cache }: MetricOptions) {
    super({ compute_with_cache });
    if (num_outputs !== null && !(Number.isInteger(num_outputs) && num_outputs > 0)) {
      throw new ValueError(`Expected num_outputs to be a positive integer but got ${num_outputs}`);
    }
    this.num_outputs = num_outputs;
    this._sum = sum;
    this.add_state(sum, aten.zeros(num_outputs === null ? [] : [num_outputs]), { dist_reduce_fx: 'sum' });
    this.add_state('total', aten.zeros([], { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  /** The error of each prediction. */
  abstract _error(preds: Tensor, target: Tensor): Tensor;

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    check_same_shape(preds, target);
    const sum = this._state(this._sum) as Tensor;
    const flat = this.num_outputs === null || this.num_outputs === 1;
    const [x, y] = flat ? [preds.flatten(), target.flatten()] : [preds, target];
    this._set_state(this._sum, sum.add(this._error(x, y).sum(0)));
    this.total = this.total.add(x.shape[0]!);
  }

  override compute(): Tensor {
    return (this._state(this._sum) as Tensor).div(this.total);
  }
}

/**
 * The mean of squared errors, or its root.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_error.html
 */
export class MeanSquaredError extends ErrorMetric {
  readonly squared: boolean;

  constructor(...args: Arguments<SquaredErrorArguments, ['squared', 'num_outputs']>) {
    const options = parse_squared(args);
    super('sum_squared_error', options.num_outputs, options);
    this.squared = options.squared;
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return preds.sub(target).pow(2);
  }

  override compute(): Tensor {
    const mean = super.compute();
    return this.squared ? mean : mean.sqrt();
  }
}

/**
 * The mean of errors without their sign.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_error.html
 */
export class MeanAbsoluteError extends ErrorMetric {
  constructor(...args: Arguments<OutputsArguments, ['num_outputs']>) {
    const options = parse_outputs(args);
    super('sum_abs_error', options.num_outputs, options);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return as_float(preds).sub(as_float(target)).abs();
  }
}

/**
 * The mean of errors as shares of what is true.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_percentage_error.html
 */
export class MeanAbsolutePercentageError extends ErrorMetric {
  constructor(...args: Arguments<MetricOptions, []>) {
    const options = parse_options(args);
    super('sum_abs_per_error', null, options);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return preds.sub(target).abs().div(target.abs().clamp({ min: LEAST }));
  }
}

/**
 * The mean of errors as shares of the mean of what is predicted and what is true.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/symmetric_mean_absolute_percentage_error.html
 */
export class SymmetricMeanAbsolutePercentageError extends ErrorMetric {
  constructor(...args: Arguments<MetricOptions, []>) {
    const options = parse_options(args);
    super('sum_abs_per_error', null, options);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return preds.sub(target).abs().mul(2).div(target.abs().add(preds.abs()).clamp({ min: LEAST }));
  }
}

/**
 * The mean of squared errors of logarithms, of one more than the numbers.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_log_error.html
 */
export class MeanSquaredLogError extends ErrorMetric {
  constructor(...args: Arguments<MetricOptions, []>) {
    const options = parse_options(args);
    super('sum_squared_log_error', null, options);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return preds.log1p().sub(target.log1p()).pow(2);
  }
}

/**
 * The mean of the logarithms of the hyperbolic cosines of errors.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/log_cosh_error.html
 */
export class LogCoshError extends ErrorMetric {
  constructor(...args: Arguments<OutputsArguments, ['num_outputs']>) {
    const options = parse_outputs(args);
    super('sum_log_cosh_error', options.num_outputs, options);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    const error = preds.sub(target);
    return aten.logaddexp(error, error.neg()).sub(Math.LN2);
  }
}

/**
 * The distance of what is predicted and what is true: the `p`-th root of the sum of errors to that power.
 * @throws ValueError for p below 1
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/minkowski_distance.html
 */
export class MinkowskiDistance extends ErrorMetric {
  readonly p: number;

  constructor(...args: Arguments<MinkowskiArguments, ['p']>) {
    const { p, ...options } = parse_minkowski(args);
    super('minkowski_dist_sum', null, options);
    if (!(typeof p === 'number' && p >= 1)) {
      throw new ValueError(`Argument \`\`p\`\` must be a float or int greater than 1, but got ${String(p)}`);
    }
    this.p = p;
  }

  override update(...args: BatchArguments | Arguments<Targets, ['preds', 'targets']>): void {
    const { preds, targets } = parse_targets(args);
    super.update(preds, targets);
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    return preds.sub(target).abs().pow(this.p);
  }

  override compute(): Tensor {
    return (this._state(this._sum) as Tensor).pow(1 / this.p);
  }
}

/**
 * The sum of errors without their sign, as a share of the sum of what is true.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/weighted_mean_absolute_percentage_error.html
 */
export class WeightedMeanAbsolutePercentageError extends ErrorMetric {
  declare sum_scale: Tensor;

  constructor(...args: Arguments<MetricOptions, []>) {
    super('sum_abs_error', null, parse_options(args));
    this.add_state('sum_scale', aten.zeros([]), { dist_reduce_fx: 'sum' });
  }

  override _error(preds: Tensor, target: Tensor): Tensor {
    this.sum_scale = this.sum_scale.add(target.abs().sum());
    return preds.sub(target).abs();
  }

  override compute(): Tensor {
    return (this._state(this._sum) as Tensor).div(this.sum_scale.clamp({ min: LEAST }));
  }
}
