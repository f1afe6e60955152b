import { type Arguments, is_kwargs, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { ModuleList } from '../../nn/modules/container.ts';
import { deepcopy } from '../../copy/index.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { type Call, Metric, type MetricOptions } from '../metric.ts';
import { WrapperMetric } from './abstract.ts';

export type SamplingStrategy = 'poisson' | 'multinomial';
export interface BootStrapperArguments extends MetricOptions {
  base_metric: Metric;
  /** How many copies of the metric see a sample of each batch (default: 10) */
  num_bootstraps?: number;
  /** Give the mean of their results? (default: true) */
  mean?: boolean;
  /** Give their standard deviation? (default: true) */
  std?: boolean;
  /** Which quantiles of them to give (default: none) */
  quantile?: number | Tensor | null;
  /** Give all of them? (default: false) */
  raw?: boolean;
  /** How often a sample counts: by a draw for each, or as many draws as there are (default: 'poisson') */
  sampling_strategy?: SamplingStrategy;
}

const parse = signature<BootStrapperArguments>(
  '__init__',
  [
    'base_metric', ['num_bootstraps', 10], ['mean', true], ['std', true], ['quantile', null], ['raw', false],
    ['sampling_strategy', 'poisson'],
  ],
  [['compute_with_cache', true]],
);

/**
 * How much a metric's result would vary on other samples: copies of it see samples drawn from each batch.
 * @throws ValueError for what is no metric, or an unknown strategy
 * @see https://lightning.ai/docs/torchmetrics/stable/wrappers/bootstrapper.html
 */
export class BootStrapper extends WrapperMetric {
  override full_state_update: boolean | null = true;
  readonly metrics: ModuleList;
  readonly num_bootstraps: number;
  readonly sampling_strategy: SamplingStrategy;
  readonly mean: boolean;
  readonly std: boolean;
  readonly quantile: number | Tensor | null;
  readonly raw: boolean;

  constructor(
    ...args: Arguments<
      BootStrapperArguments,
      ['base_metric', 'num_bootstraps', 'mean', 'std', 'quantile', 'raw', 'sampling_strategy']
    >
  ) {
    const { base_metric, num_bootstraps, mean, std, quantile, raw, sampling_strategy, compute_with_cache } = parse(args);
    super({ compute_with_cache });
    if (!(base_metric instanceof Metric)) {
      throw new ValueError(
        `Expected base metric to be an instance of torchmetrics.Metric but received ${repr(base_metric)}`,
      );
    }
    if (sampling_strategy !== 'poisson' && sampling_strategy !== 'multinomial') {
      throw new ValueError(
        "Expected argument ``sampling_strategy`` to be one of ('poisson', 'multinomial') but received " +
          String(sampling_strategy),
      );
    }
    this.metrics = new ModuleList(Array.from({ length: num_bootstraps }, () => deepcopy(base_metric)));
    this.num_bootstraps = num_bootstraps;
    this.mean = mean;
    this.std = std;
    this.quantile = quantile;
    this.raw = raw;
    this.sampling_strategy = sampling_strategy;
  }

  _draw(size: number): Tensor {
    if (this.sampling_strategy === 'multinomial') return aten.multinomial(aten.ones([size]), size, true);
    return aten.arange(size).repeat_interleave(aten.poisson(aten.ones([size])).long());
  }

  override update(...args: Parameters<Call>): void {
    const tensors = args.flatMap((arg) => (is_kwargs(arg) ? Object.values(arg) : [arg]));
    const first = tensors.find((value) => value instanceof Tensor);
    if (first === undefined) {
      throw new ValueError('None of the input contained tensors, so could not determine the sampling size');
    }
    for (const metric of this.metrics) {
      const places = this._draw(first.shape[0]!).to(this.device);
      if (places.numel() === 0) continue;
      const sampled = (value: unknown): unknown => (value instanceof Tensor ? value.index_select(0, places) : value);
      const batch = args.map((arg) =>
        is_kwargs(arg) ? Object.fromEntries(Object.entries(arg).map(([name, one]) => [name, sampled(one)])) : sampled(arg),
      );
      (metric as Metric).update(...batch);
    }
  }

  override compute(): Partial<Record<'mean' | 'std' | 'quantile' | 'raw', Tensor>> {
    const all = aten.stack([...this.metrics].map((metric) => (metric as Metric).compute() as Tensor));
    return {
      ...(this.mean && { mean: all.mean(0) }),
      ...(this.std && { std: all.std(0) }),
      ...(this.quantile !== null && { quantile: all.quantile(this.quantile as Tensor) }),
      ...(this.raw && { raw: all }),
    };
  }

  override reset(): void {
    super.reset();
    for (const metric of this.metrics) (metric as Metric).reset();
  }
}
