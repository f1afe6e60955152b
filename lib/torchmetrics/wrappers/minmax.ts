import { type Arguments, signature } from '../../arguments.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { type Call, Metric, type MetricOptions } from '../metric.ts';
import { WrapperMetric } from './abstract.ts';

export interface MinMaxArguments extends MetricOptions {
  base_metric: Metric;
}

const parse = signature<MinMaxArguments>('__init__', ['base_metric'], [['compute_with_cache', true]]);

/**
 * A metric's result with the smallest and the largest one so far, seen whenever it is computed: `raw`, `min`, `max`.
 * As in Python, `reset` resets the metric alone.
 * @throws ValueError for what is no metric
 * @see https://lightning.ai/docs/torchmetrics/stable/wrappers/min_max.html
 */
export class MinMaxMetric extends WrapperMetric {
  override full_state_update: boolean | null = true;
  readonly _base_metric: Metric;
  min_val: Tensor;
  max_val: Tensor;

  constructor(...args: Arguments<MinMaxArguments, ['base_metric']>) {
    const { base_metric, compute_with_cache } = parse(args);
    super({ compute_with_cache });
    if (!(base_metric instanceof Metric)) {
      throw new ValueError(
        `Expected base metric to be an instance of \`torchmetrics.Metric\` but received ${repr(base_metric)}`,
      );
    }
    this._base_metric = base_metric;
    this.min_val = aten.full([], Infinity);
    this.max_val = aten.full([], -Infinity);
  }

  override update(...args: Parameters<Call>): void {
    this._base_metric.update(...args);
  }

  /** @throws RuntimeError for a metric whose result is not one number */
  override compute(): { raw: Tensor; max: Tensor; min: Tensor } {
    const raw: unknown = this._base_metric.compute();
    if (!(raw instanceof Tensor) || raw.numel() !== 1) {
      throw new RuntimeError(
        `Returned value from base metric should be a float or scalar tensor, but got ${repr(raw)}.`,
      );
    }
    this.max_val = aten.maximum(this.max_val.to(raw.device), raw);
    this.min_val = aten.minimum(this.min_val.to(raw.device), raw);
    return { raw, max: this.max_val, min: this.min_val };
  }

  override reset(): void {
    super.reset();
    this._base_metric.reset();
  }
}
