/** How much of the variance is explained, as metrics. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import { check_same_shape, shape_text } from '../functional/stat_scores.ts';
import { Metric, type MetricOptions } from '../metric.ts';

/** How the scores of several outputs become one: not at all, their mean, or weighted by how much the outputs vary. */
export type Multioutput = 'raw_values' | 'uniform_average' | 'variance_weighted';
export interface ExplainedVarianceArguments extends MetricOptions {
  /** How the scores of several outputs become one (default: 'uniform_average') */
  multioutput?: Multioutput;
}
export interface R2ScoreArguments extends ExplainedVarianceArguments {
  /** How many independent variables the score is adjusted for (default: 0) */
  adjusted?: number;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const MULTIOUTPUT = ['multioutput', 'uniform_average'] as const;
const parse_explained = signature<ExplainedVarianceArguments>('__init__', [MULTIOUTPUT], KEYWORDS);
const parse_r2 = signature<R2ScoreArguments>('__init__', [['adjusted', 0], MULTIOUTPUT], KEYWORDS);

/** The scores of outputs as one; `spread` is how much the outputs vary. */
function joined(scores: Tensor, spread: Tensor, multioutput: Multioutput): Tensor {
  if (multioutput === 'raw_values') return scores;
  return multioutput === 'uniform_average' ? scores.mean() : spread.div(spread.sum()).mul(scores).sum();
}

/** `1 - a / b` where that can be said; without either 1, without `b` alone 0. */
function explained(a: Tensor, b: Tensor, some_a: Tensor, some_b: Tensor): Tensor {
  const safe = aten.where(some_b, b, aten.ones_like(b));
  const score = a.div(safe).neg().add(1);
  const one = aten.ones_like(score);
  return aten.where(some_a.logical_and(some_b), score, aten.where(some_a, one.mul(0), one));
}

/** @throws ValueError for what there is not */
function check_multioutput(multioutput: unknown): void {
  if ((['raw_values', 'uniform_average', 'variance_weighted'] as unknown[]).includes(multioutput)) return;
  throw new ValueError(
    "Invalid input to argument `multioutput`. Choose one of the following: ('raw_values', 'uniform_average', " +
      "'variance_weighted')",
  );
}

/**
 * How much of the variance of what is true is explained: 1 for all of it, 0 for no more than its mean would.
 * @throws ValueError for options that make no sense, and for less than two samples
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/r2_score.html
 */
export class R2Score extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = true;
  declare sum_squared_error: Tensor;
  declare sum_error: Tensor;
  declare residual: Tensor;
  declare total: Tensor;
  readonly adjusted: number;
  readonly multioutput: Multioutput;

  constructor(...args: Arguments<R2ScoreArguments, ['adjusted', 'multioutput']>) {
    const { adjusted, multioutput, compute_with_cache } = parse_r2(args);
    super({ compute_with_cache });
    if (!(Number.isInteger(adjusted) && adjusted >= 0)) {
      throw new ValueError('`adjusted` parameter should be an integer larger or equal to 0.');
    }
    check_multioutput(multioutput);
    this.adjusted = adjusted;
    this.multioutput = multioutput;
    for (const name of ['sum_squared_error', 'sum_error', 'residual']) {
      this.add_state(name, aten.zeros([]), { dist_reduce_fx: 'sum' });
    }
    this.add_state('total', aten.zeros([], { dtype: int64 }), { dist_reduce_fx: 'sum' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    check_same_shape(preds, target);
    if (preds.ndim > 2) {
      throw new ValueError(
        'Expected both prediction and target to be 1D or 2D tensors, but received tensors with dimension ' +
          shape_text(preds),
      );
    }
    this.sum_squared_error = this.sum_squared_error.add(target.pow(2).sum(0));
    this.sum_error = this.sum_error.add(target.sum(0));
    this.residual = this.residual.add(target.sub(preds).pow(2).sum(0));
    this.total = this.total.add(target.shape[0]!);
  }

  override compute(): Tensor {
    const count = Number(this.total.item());
    if (count < 2) throw new ValueError('Needs at least two samples to calculate r2 score.');
    const spread = this.sum_squared_error.sub(this.sum_error.mul(this.sum_error.div(this.total)));
    const some = (value: Tensor): Tensor => aten.isclose(value, aten.zeros_like(value), 1e-5, 1e-4).logical_not();
    const score = joined(
      explained(this.residual, spread, some(this.residual), some(spread)), spread, this.multioutput,
    );
    if (this.adjusted === 0) return score;
    const free = count - this.adjusted - 1;
    if (free > 0) return score.neg().add(1).mul((count - 1) / free).neg().add(1);
    const why = free < 0 ? 'More independent regressions than data points' : 'Division by zero';
    warn(`${why} in adjusted r2 score. Falls back to standard r2 score.`);
    return score;
  }
}

/**
 * How much of the variance of what is true is explained, an error that is always the same aside.
 * @throws ValueError for options that make no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/explained_variance.html
 */
export class ExplainedVariance extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = true;
  declare num_obs: Tensor;
  declare sum_error: Tensor;
  declare sum_squared_error: Tensor;
  declare sum_target: Tensor;
  declare sum_squared_target: Tensor;
  readonly multioutput: Multioutput;

  constructor(...args: Arguments<ExplainedVarianceArguments, ['multioutput']>) {
    const { multioutput, compute_with_cache } = parse_explained(args);
    super({ compute_with_cache });
    check_multioutput(multioutput);
    this.multioutput = multioutput;
    for (const name of ['sum_error', 'sum_squared_error', 'sum_target', 'sum_squared_target', 'num_obs']) {
      this.add_state(name, aten.zeros([]), { dist_reduce_fx: 'sum' });
    }
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    check_same_shape(preds, target);
    const error = target.sub(preds);
    this.num_obs = this.num_obs.add(preds.shape[0]!);
    this.sum_error = this.sum_error.add(error.sum(0));
    this.sum_squared_error = this.sum_squared_error.add(error.pow(2).sum(0));
    this.sum_target = this.sum_target.add(target.sum(0));
    this.sum_squared_target = this.sum_squared_target.add(target.pow(2).sum(0));
  }

  override compute(): Tensor {
    const variance = (squares: Tensor, sum: Tensor): Tensor =>
      squares.div(this.num_obs).sub(sum.div(this.num_obs).pow(2));
    const left = variance(this.sum_squared_error, this.sum_error);
    const spread = variance(this.sum_squared_target, this.sum_target);
    return joined(explained(left, spread, left.ne(0), spread.ne(0)), spread, this.multioutput);
  }
}
