/** The ratio of signal and noise, as a metric. */
import { type Arguments, signature } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import { type ImageReduction, reduce_scores } from '../functional/reduction.ts';
import { join } from '../join.ts';
import { Metric, type MetricOptions } from '../metric.ts';

/** How far apart values can be, or the least and the greatest, within which all are then kept. */
export type DataRange = number | readonly [least: number, greatest: number];
export interface PeakSignalNoiseRatioArguments extends MetricOptions {
  data_range: DataRange;
  /** The base of the logarithm (default: 10) */
  base?: number;
  /** How the ratios along `dim` become one (default: 'elementwise_mean') */
  reduction?: ImageReduction;
  /** The dimensions over which errors are averaged (default: all, of all batches) */
  dim?: number | readonly number[] | null;
}

const parse = signature<PeakSignalNoiseRatioArguments>(
  '__init__',
  ['data_range', ['base', 10], ['reduction', 'elementwise_mean'], ['dim', null]],
  [['compute_with_cache', true]],
);

/**
 * The ratio of the greatest possible signal and the noise, in decibels: the more, the better.
 * @see https://lightning.ai/docs/torchmetrics/stable/image/peak_signal_noise_ratio.html
 */
export class PeakSignalNoiseRatio extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = true;
  declare sum_squared_error: Tensor | Tensor[];
  declare total: Tensor | Tensor[];
  declare data_range: Tensor;
  readonly base: number;
  readonly reduction: ImageReduction;
  readonly dim: readonly number[] | null;
  readonly clamp: readonly [least: number, greatest: number] | null;

  constructor(...args: Arguments<PeakSignalNoiseRatioArguments, ['data_range', 'base', 'reduction', 'dim']>) {
    const { data_range, base, reduction, dim, compute_with_cache } = parse(args);
    super({ compute_with_cache });
    if (dim === null && reduction !== 'elementwise_mean') {
      warn(`The \`reduction=${String(reduction)}\` will not have any effect when \`dim\` is None.`);
    }
    this.base = base;
    this.reduction = reduction;
    this.dim = typeof dim === 'number' ? [dim] : dim;
    this.clamp = typeof data_range === 'number' ? null : data_range;
    const each = dim !== null;
    this.add_state('sum_squared_error', each ? [] : aten.zeros([]), { dist_reduce_fx: each ? 'cat' : 'sum' });
    this.add_state('total', each ? [] : aten.zeros([], { dtype: int64 }), { dist_reduce_fx: each ? 'cat' : 'sum' });
    const range = typeof data_range === 'number' ? data_range : data_range[1] - data_range[0];
    this.add_state('data_range', aten.full([], range, { dtype: this.dtype }), { dist_reduce_fx: 'mean' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    const within = (values: Tensor): Tensor => (this.clamp === null ? values : values.clamp(...this.clamp));
    const squares = within(preds).sub(within(target)).pow(2);
    if (Array.isArray(this.sum_squared_error)) {
      const sums = squares.sum([...this.dim!]);
      this.sum_squared_error.push(sums);
      (this.total as Tensor[]).push(aten.full(sums.shape, squares.numel() / sums.numel(), { dtype: int64 }));
      return;
    }
    this.sum_squared_error = this.sum_squared_error.add(squares.sum());
    this.total = (this.total as Tensor).add(squares.numel());
  }

  override compute(): Tensor {
    const flat = (state: Tensor | Tensor[]): Tensor =>
      Array.isArray(state) ? join(state.map((part) => part.flatten())) : state;
    const noise = flat(this.sum_squared_error).div(flat(this.total));
    const ratios = this.data_range.log().mul(2).sub(noise.log()).mul(10 / Math.log(this.base));
    return reduce_scores(ratios, this.reduction);
  }
}
