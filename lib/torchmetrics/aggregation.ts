/** Metrics of numbers that are at hand already: their mean, sum, largest, smallest, or all of them. */
import { type Arguments, signature } from '../arguments.ts';
import { as_tensor } from '../creation.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { Metric, type MetricOptions, type MetricState, type Reduction } from './metric.ts';

/** What to do about a NaN: raise, warn and drop it, drop it, keep it, or take this number for it. */
export type NanStrategy = 'error' | 'warn' | 'ignore' | 'disable' | number;
export interface AggregatorArguments extends MetricOptions {
  /** What to do about a NaN (default: 'warn', which also drops it) */
  nan_strategy?: NanStrategy;
}
interface ValueArguments {
  value: Tensor | number;
}
interface MeanArguments extends ValueArguments {
  /** How much the values count: a number, or one for each (default: 1) */
  weight?: Tensor | number | null;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_init = signature<AggregatorArguments>('__init__', [['nan_strategy', 'warn']], KEYWORDS);
const parse_value = signature<ValueArguments>('update', ['value']);
const parse_mean = signature<MeanArguments>('update', ['value', ['weight', null]]);
type InitArguments = Arguments<AggregatorArguments, ['nan_strategy']>;

/** What the metrics of numbers share: the state, and what becomes of a NaN. */
class BaseAggregator extends Metric {
  override full_state_update: boolean | null = false;
  nan_strategy: NanStrategy;
  state_name: string;

  constructor(reduction: Reduction, fallback: MetricState | number, state_name: string, args: InitArguments) {
    const { nan_strategy = 'warn', compute_with_cache } = parse_init(args);
    super({ compute_with_cache });
    if (typeof nan_strategy !== 'number' && !['error', 'warn', 'ignore', 'disable'].includes(nan_strategy)) {
      throw new ValueError(
        "Arg `nan_strategy` should either be a float or one of ('error', 'warn', 'ignore', 'disable') but got " +
          `${String(nan_strategy)}.`,
      );
    }
    this.nan_strategy = nan_strategy;
    this.state_name = state_name;
    const state = typeof fallback === 'number' ? aten.full([], fallback, { dtype: this.dtype }) : fallback;
    this.add_state(state_name, state, { dist_reduce_fx: reduction });
  }

  /** A number as a tensor of the metric's dtype and device. */
  _cast(value: Tensor | number): Tensor {
    return value instanceof Tensor ? value : as_tensor(value, { dtype: this.dtype, device: this.device });
  }

  /** The values and their weights, without NaN if that is wanted. */
  _checked(value: Tensor, weight: Tensor | null = null): [value: Tensor, weight: Tensor] {
    const cast = (x: Tensor, w: Tensor): [Tensor, Tensor] => [x.to(this.dtype), w.to(this.dtype)];
    // Python, too, forgets the weights in this case.
    if (this.nan_strategy === 'disable') return cast(value, aten.ones_like(value));
    const weights = weight ?? aten.ones_like(value);
    const nans = value.isnan().logical_or(weights.isnan());
    if (!nans.any().item()) return cast(value, weights);
    if (this.nan_strategy === 'error') throw new RuntimeError('Encountered `nan` values in tensor');
    if (typeof this.nan_strategy === 'number') {
      return cast(value.masked_fill(nans, this.nan_strategy), weights.masked_fill(nans, 1));
    }
    if (this.nan_strategy === 'warn') warn('Encountered `nan` values in tensor. Will be removed.');
    const kept = nans.logical_not();
    return cast(value.masked_select(kept), weights.masked_select(kept));
  }

  override update(...args: Arguments<ValueArguments, ['value']>): void {
    const [value] = this._checked(this._cast(parse_value(args).value));
    if (value.numel() > 0) this._take(value);
  }

  /** Takes values in, of which there is one at least. */
  _take(value: Tensor): void {
    void value;
  }

  override compute(): Tensor | Tensor[] {
    return this._state(this.state_name);
  }
}

/**
 * The largest of all values.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/max.html
 */
export class MaxMetric extends BaseAggregator {
  override full_state_update: boolean | null = true;
  declare max_value: Tensor;

  constructor(...args: InitArguments) {
    super('max', -Infinity, 'max_value', args);
  }

  override _take(value: Tensor): void {
    this.max_value = aten.maximum(this.max_value, value.max());
  }

  override compute(): Tensor {
    return this.max_value;
  }
}

/**
 * The smallest of all values.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/min.html
 */
export class MinMetric extends BaseAggregator {
  override full_state_update: boolean | null = true;
  declare min_value: Tensor;

  constructor(...args: InitArguments) {
    super('min', Infinity, 'min_value', args);
  }

  override _take(value: Tensor): void {
    this.min_value = aten.minimum(this.min_value, value.min());
  }

  override compute(): Tensor {
    return this.min_value;
  }
}

/**
 * The sum of all values.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/sum.html
 */
export class SumMetric extends BaseAggregator {
  declare sum_value: Tensor;

  constructor(...args: InitArguments) {
    super('sum', 0, 'sum_value', args);
  }

  override _take(value: Tensor): void {
    this.sum_value = this.sum_value.add(value.sum());
  }

  override compute(): Tensor {
    return this.sum_value;
  }
}

/**
 * All values, one after the other; an empty array before the first.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/cat.html
 */
export class CatMetric extends BaseAggregator {
  declare value: Tensor[];

  constructor(...args: InitArguments) {
    super('cat', [], 'value', args);
  }

  override _take(value: Tensor): void {
    this.value.push(value);
  }

  override compute(): Tensor | Tensor[] {
    if (this.value.length === 0) return this.value;
    return aten.cat(this.value.map((part) => (part.ndim === 0 ? part.unsqueeze(0) : part)));
  }
}

/**
 * The mean of all values, weighted if weights come along.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/mean.html
 */
export class MeanMetric extends BaseAggregator {
  declare mean_value: Tensor;
  declare weight: Tensor;

  constructor(...args: InitArguments) {
    super('sum', 0, 'mean_value', args);
    this.add_state('weight', aten.zeros([], { dtype: this.dtype }), { dist_reduce_fx: 'sum' });
  }

  override update(...args: Arguments<MeanArguments, ['value', 'weight']>): void {
    const given = parse_mean(args);
    const all = this._cast(given.value);
    const weights = this._cast(given.weight ?? 1).expand(all.shape);
    const [value, weight] = this._checked(all, weights);
    if (value.numel() === 0) return;
    this.mean_value = this.mean_value.add(value.mul(weight).sum());
    this.weight = this.weight.add(weight.sum());
  }

  override compute(): Tensor {
    return this.mean_value.div(this.weight);
  }
}
