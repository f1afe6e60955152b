import { type Arguments, is_kwargs, signature } from '../../arguments.ts';
import { AttributeError, TypeError, ValueError } from '../../errors.ts';
import { ModuleList } from '../../nn/modules/container.ts';
import { deepcopy } from '../../copy/index.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { MetricCollection } from '../collections.ts';
import { type Call, Metric } from '../metric.ts';

export interface MetricTrackerArguments {
  metric: Metric | MetricCollection;
  /** Is more better? Of each metric of a collection, in an array; null (default) asks the metrics. */
  maximize?: boolean | boolean[] | null;
}
/** A number of each step, or of each metric of a collection by name. */
export type Tracked<T> = T | Record<string, T>;

const parse = signature<MetricTrackerArguments>('__init__', ['metric', ['maximize', null]]);
const parse_best = signature<{ return_step?: boolean }>('best_metric', [['return_step', false]]);

/** @throws AttributeError for a metric that does not say whether more is better */
function direction(metric: Metric): boolean {
  if (metric.higher_is_better !== null) return metric.higher_is_better;
  throw new AttributeError(
    `The metric '${metric._get_name()}' does not have a 'higher_is_better' attribute. Please provide the \`maximize\` ` +
      'argument explicitly.',
  );
}

/**
 * A metric, or a collection, over several steps, epochs for instance: `increment` begins a step with a fresh copy,
 * `compute_all` gives the results of all steps, `best_metric` the best of them.
 * @throws TypeError for what is no metric, ValueError for a direction that does not fit
 * @see https://lightning.ai/docs/torchmetrics/stable/wrappers/metric_tracker.html
 */
export class MetricTracker extends ModuleList {
  readonly maximize: boolean | boolean[];

  constructor(...args: Arguments<MetricTrackerArguments, ['metric', 'maximize']>) {
    const { metric, maximize } = parse(args);
    super();
    if (!(metric instanceof Metric || metric instanceof MetricCollection)) {
      throw new TypeError(
        `Metric arg need to be an instance of a torchmetrics \`Metric\` or \`MetricCollection\` but got ${repr(metric)}`,
      );
    }
    this.append(metric);
    if (maximize === null) {
      this.maximize = metric instanceof Metric ? direction(metric) : [...metric.values()].map(direction);
      return;
    }
    if (typeof maximize !== 'boolean' && !Array.isArray(maximize)) {
      throw new ValueError('Argument `maximize` should either be a single bool or list of bool');
    }
    if (Array.isArray(maximize) && metric instanceof MetricCollection && maximize.length !== metric.length) {
      throw new ValueError('The len of argument `maximize` should match the length of the metric collection');
    }
    if (Array.isArray(maximize) && metric instanceof Metric) {
      throw new ValueError('Argument `maximize` should be a single bool when `metric` is a single Metric');
    }
    this.maximize = maximize;
  }

  /** How many steps there are so far. */
  get n_steps(): number {
    return this.length - 1;
  }

  /** Begins a step, with a copy of the metric as it was given. */
  increment(): void {
    this.append(deepcopy(this.__getitem__(0)));
  }

  _now(method: string): Metric | MetricCollection {
    if (this.n_steps > 0) return this.__getitem__(-1) as Metric | MetricCollection;
    throw new ValueError(`\`${method}\` cannot be called before \`.increment()\` has been called.`);
  }

  /** Takes a batch in and gives the result of it alone. */
  override forward(...args: Parameters<Call>): unknown {
    return (this._now('forward') as unknown as Call)(...args);
  }

  /** Takes a batch in. */
  update(...args: Parameters<Call>): void {
    this._now('update').update(...args);
  }

  /** The result of this step so far. */
  compute(): any {
    return this._now('compute').compute();
  }

  /** The results of all steps: (steps, ...), by name for a collection; an array where they cannot be one tensor. */
  compute_all(): any {
    this._now('compute_all');
    const results = [...this].slice(1).map((metric): unknown => (metric as Metric).compute());
    const all = (values: unknown[]): unknown =>
      values.every((value) => value instanceof Tensor) ? aten.stack(values as Tensor[]) : values;
    const first = results[0];
    if (!is_kwargs(first)) return all(results);
    return Object.fromEntries(
      Object.keys(first).map((name) => [name, all(results.map((result) => (result as Record<string, unknown>)[name]))]),
    );
  }

  /** Forgets the batches of this step. */
  reset(): void {
    this._now('reset').reset();
  }

  /** Forgets the batches of all steps. */
  reset_all(): void {
    for (const metric of this) (metric as Metric).reset();
  }

  /**
   * The best result of all steps, by name for a collection, and perhaps the step: `[value, step]`. Null, with a warning,
   * for a result that is more than one number.
   */
  best_metric(options: { return_step: true } | true): [value: Tracked<number | null>, step: Tracked<number | null>];
  best_metric(options?: { return_step?: false } | false): Tracked<number | null>;
  best_metric(
    ...args: unknown[]
  ): Tracked<number | null> | [value: Tracked<number | null>, step: Tracked<number | null>] {
    const { return_step } = parse_best(args.filter((arg) => arg !== undefined));
    const all: unknown = this.compute_all();
    if (!is_kwargs(all)) {
      const [value, step] = best_of(all, this.maximize as boolean, 'this');
      return return_step ? [value, step] : value;
    }
    const best = Object.entries(all).map(([name, values], i) => {
      const more = Array.isArray(this.maximize) ? this.maximize[i]! : this.maximize;
      return [name, ...best_of(values, more, name)] as const;
    });
    const values = Object.fromEntries(best.map(([name, value]) => [name, value]));
    return return_step ? [values, Object.fromEntries(best.map(([name, , step]) => [name, step]))] : values;
  }
}

/** The best of the results of all steps, and its step. */
function best_of(values: unknown, more: boolean, name: string): [value: number | null, step: number | null] {
  if (values instanceof Tensor && values.ndim === 1) {
    const { values: value, indices } = more ? values.max({ dim: 0 }) : values.min({ dim: 0 });
    return [Number(value.item()), Number(indices.item())];
  }
  warn(
    `There is no best result of ${name} metric: its results are more than one number each. Returning \`None\` instead.`,
  );
  return [null, null];
}
