import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { repr } from '../../repr.ts';
import { MeanMetric, type NanStrategy, SumMetric } from '../aggregation.ts';
import { type Call, Metric, type MetricOptions, type MetricState } from '../metric.ts';
import { WrapperMetric } from './abstract.ts';

export interface RunningArguments {
  base_metric: Metric;
  /** How many of the last batches count (default: 5) */
  window?: number;
}
export interface RunningAggregatorArguments extends MetricOptions {
  window?: number;
  /** What to do about a NaN (default: 'warn', which also drops it) */
  nan_strategy?: NanStrategy;
}

const parse = signature<RunningArguments>('__init__', ['base_metric', ['window', 5]]);
const parse_aggregator = signature<RunningAggregatorArguments>(
  '__init__',
  [['window', 5], ['nan_strategy', 'warn']],
  [['compute_with_cache', true]],
);

/**
 * A metric over the last batches alone.
 * @throws ValueError for what is no metric, or whose batches cannot be put together
 * @see https://lightning.ai/docs/torchmetrics/stable/wrappers/running.html
 */
export class Running extends WrapperMetric {
  readonly base_metric: Metric;
  readonly window: number;
  _num_vals_seen = 0;

  constructor(...args: Arguments<RunningArguments, ['base_metric', 'window']>) {
    const { base_metric, window } = parse(args);
    super();
    if (!(base_metric instanceof Metric)) {
      throw new ValueError(
        `Expected argument \`metric\` to be an instance of \`torchmetrics.Metric\` but got ${repr(base_metric)}`,
      );
    }
    if (!(Number.isInteger(window) && window > 0)) {
      throw new ValueError(`Expected argument \`window\` to be a positive integer but got ${window}`);
    }
    if (base_metric.full_state_update !== false) {
      throw new ValueError(
        `Expected attribute \`full_state_update\` set to \`False\` but got ${repr(base_metric.full_state_update)}`,
      );
    }
    this.base_metric = base_metric;
    this.window = window;
    for (const [name, fallback] of base_metric._defaults) {
      for (let i = 0; i < window; i++) {
        this.add_state(`${name}_${i}`, fallback, { dist_reduce_fx: base_metric._reductions.get(name)! });
      }
    }
  }

  /** Keeps the states of the last batch in the place of those of the oldest one. */
  _keep(): void {
    const place = this._num_vals_seen % this.window;
    for (const name of this.base_metric._defaults.keys()) {
      this._set_state(`${name}_${place}`, this.base_metric._state(name));
    }
    this.base_metric.reset();
    this._num_vals_seen++;
  }

  override update(...args: Parameters<Call>): void {
    this.base_metric.update(...args);
    this._keep();
  }

  override forward(...args: Parameters<Call>): ReturnType<this['compute']> {
    const result = (this.base_metric as unknown as Call)(...args) as ReturnType<this['compute']>;
    this._keep();
    return result;
  }

  override compute(): any {
    const names = [...this.base_metric._defaults.keys()];
    for (let i = 0; i < this.window; i++) {
      const states = names.map((name): [string, MetricState] => [name, this._state(`${name}_${i}`)]);
      this.base_metric._update_count = i + 1;
      this.base_metric._reduce_states(Object.fromEntries(states));
    }
    const result: unknown = this.base_metric.compute();
    this.base_metric.reset();
    return result;
  }

  override reset(): void {
    super.reset();
    this._num_vals_seen = 0;
  }
}

/**
 * The mean of the values of the last updates.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/running_mean.html
 */
export class RunningMean extends Running {
  constructor(...args: Arguments<RunningAggregatorArguments, ['window', 'nan_strategy']>) {
    const { window, ...options } = parse_aggregator(args);
    super(new MeanMetric(options), window);
  }
}

/**
 * The sum of the values of the last updates.
 * @see https://lightning.ai/docs/torchmetrics/stable/aggregation/running_sum.html
 */
export class RunningSum extends Running {
  constructor(...args: Arguments<RunningAggregatorArguments, ['window', 'nan_strategy']>) {
    const { window, ...options } = parse_aggregator(args);
    super(new SumMetric(options), window);
  }
}
