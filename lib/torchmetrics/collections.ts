/** Several metrics that get the same batches. */
import { type Arguments, is_kwargs } from '../arguments.ts';
import { type dtype as DType } from '../dtype.ts';
import { KeyError, ValueError } from '../errors.ts';
import { Module } from '../nn/modules/module.ts';
import { repr, type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { type Call, Metric } from './metric.ts';

/** What a collection takes: metrics, collections of them, or either by name. */
export type Metrics = Metric | MetricCollection | readonly (Metric | MetricCollection)[] | NamedMetrics;
export type NamedMetrics = Readonly<Record<string, Metric | MetricCollection>>;

export interface MetricCollectionOptions {
  /** Goes in front of each name (default: nothing) */
  prefix?: string | null;
  /** Goes behind each name (default: nothing) */
  postfix?: string | null;
  /** Taken as in Python, where metrics with the same states share them; the results are the same. */
  compute_groups?: boolean | string[][];
}

const OPTIONS = ['metrics', 'prefix', 'postfix', 'compute_groups'];

/** The options in a trailing object; metrics by name are one, too, but all its values are metrics. */
function options_of(args: unknown[]): MetricCollectionOptions & { metrics?: Metrics } {
  const last = args.at(-1);
  if (!is_kwargs(last) || !Object.keys(last).every((name) => OPTIONS.includes(name))) return {};
  if (Object.values(last).some((value) => value instanceof Metric) && !('metrics' in last)) return {};
  if (args.length === 1 && !('metrics' in last)) return {};
  return args.pop() as MetricCollectionOptions;
}

/** @throws ValueError for what is no text */
function check_text(name: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new ValueError(`Expected input \`${name}\` to be a string, but got <class '${type_name(value)}'>`);
}

/** How metrics of a nested collection were named there; kept beside them, for what they give by name themselves. */
interface Nested {
  prefix: string | null;
  postfix: string | null;
}

/**
 * Metrics that are updated, computed and reset together. Calling it, and `compute`, give their results by name.
 *
 * Names in a batch are handed to every metric: each has to know them.
 *
 * ```ts
 * const metrics = new MetricCollection([new BinaryAccuracy(), new BinaryRecall()], { prefix: 'val_' });
 * metrics.update(preds, target);
 * const { val_BinaryAccuracy, val_BinaryRecall } = metrics.compute();
 * ```
 * @throws ValueError for what is no metric, and for two of the same name
 * @see https://lightning.ai/docs/torchmetrics/stable/pages/overview.html#metriccollection
 */
export class MetricCollection<R = Tensor> extends Module {
  prefix: string | null;
  postfix: string | null;
  declare readonly _metrics: Map<string, Metric>;
  declare readonly _nested: Map<string, Nested>;

  constructor(metrics: Metrics, options?: MetricCollectionOptions);
  constructor(...args: [metrics: Metrics, ...additional_metrics: (Metric | MetricCollection)[]]);
  constructor(...args: [metrics: Metrics, ...additional_metrics: (Metric | MetricCollection)[], MetricCollectionOptions]);
  constructor(options: MetricCollectionOptions & { metrics: Metrics });
  constructor(...args: unknown[]) {
    super();
    const hidden = (value: unknown): PropertyDescriptor => ({ value, configurable: true, writable: true });
    Object.defineProperties(this, { _metrics: hidden(new Map()), _nested: hidden(new Map()) });
    const { metrics, prefix, postfix } = options_of(args);
    this.prefix = check_text('prefix', prefix);
    this.postfix = check_text('postfix', postfix);
    if (metrics !== undefined) args.unshift(metrics);
    this.add_metrics(...(args as [Metrics, ...Metric[]]));
  }

  override get _modules(): Map<string, Module> {
    return new Map<string, Module>(this._metrics);
  }

  override _get_member(name: string): unknown {
    return this._metrics.get(name) ?? super._get_member(name);
  }

  override _set_member(name: string, value: Tensor | Module | null): void {
    if (value instanceof Metric) this._metrics.set(name, value);
    else super._set_member(name, value);
  }

  /**
   * Puts in more metrics, under the names of their classes or the given ones.
   * @throws ValueError for what is no metric, and for two of the same name
   */
  add_metrics(metrics: Metrics, ...additional_metrics: (Metric | MetricCollection)[]): void {
    const is_metric = (value: unknown): value is Metric | MetricCollection =>
      value instanceof Metric || value instanceof MetricCollection;
    if (is_metric(metrics) || Array.isArray(metrics)) {
      const list = is_metric(metrics) ? [metrics] : (metrics as readonly (Metric | MetricCollection)[]);
      for (const metric of [...list, ...additional_metrics]) {
        if (!is_metric(metric)) {
          throw new ValueError(
            `Input ${repr(metric)} to \`MetricCollection\` is not a instance of` +
              ' `torchmetrics.Metric` or `torchmetrics.MetricCollection`',
          );
        }
        if (metric instanceof MetricCollection) {
          this._take(metric, '');
          continue;
        }
        const name = metric._get_name();
        if (this._metrics.has(name)) throw new ValueError(`Encountered two metrics both named ${name}`);
        this._metrics.set(name, metric);
      }
      return;
    }
    if (!is_kwargs(metrics)) {
      throw new ValueError(
        'Unknown input to MetricCollection. Expected, `Metric`, `MetricCollection` or `dict`/`sequence` of the' +
          ` previous, but got ${repr(metrics)}`,
      );
    }
    if (additional_metrics.length > 0) {
      throw new ValueError(
        `You have passes extra arguments ${repr(additional_metrics)} which are not compatible with first passed ` +
          `dictionary ${repr(metrics)} so they will be ignored.`,
      );
    }
    // By name, so that the order is the same everywhere.
    for (const name of Object.keys(metrics).sort()) {
      const metric = metrics[name];
      if (!is_metric(metric)) {
        throw new ValueError(
          `Value ${repr(metric)} belonging to key ${name} is not an instance of` +
            ' `torchmetrics.Metric` or `torchmetrics.MetricCollection`',
        );
      }
      if (metric instanceof MetricCollection) this._take(metric, `${name}_`);
      else this._metrics.set(name, metric);
    }
  }

  _take({ _metrics, prefix, postfix }: MetricCollection, before: string): void {
    for (const [base, metric] of _metrics) {
      const name = `${before}${prefix ?? ''}${base}${postfix ?? ''}`;
      this._metrics.set(name, metric);
      this._nested.set(name, { prefix, postfix });
    }
  }

  /** Takes a batch in, in every metric, and gives their results of it alone. */
  override forward(...args: Parameters<Call>): Record<string, R> {
    return this._results((metric) => (metric as unknown as Call)(...args));
  }

  /** Takes a batch in, in every metric. */
  update(...args: Parameters<Call>): void {
    for (const metric of this._metrics.values()) metric.update(...args);
  }

  /** The results of all batches so far, by name. */
  compute(): Record<string, R> {
    return this._results((metric) => metric.compute() as unknown);
  }

  _results(result_of: (metric: Metric) => unknown): Record<string, R> {
    const results = Array.from(this._metrics, ([name, metric]) => [name, result_of(metric)] as const);
    // Some give several results, by names of their own; those need the metric's where they would meet another.
    const names = results.flatMap(([name, result]) => (is_kwargs(result) ? Object.keys(result) : [name]));
    const ambiguous = new Set(names).size < names.length;
    const named: Record<string, R> = {};
    for (const [name, result] of results) {
      if (!is_kwargs(result)) {
        named[this._named(name)] = result as R;
        continue;
      }
      const { prefix, postfix } = this._nested.get(name) ?? { prefix: null, postfix: null };
      for (const [own, value] of Object.entries(result)) {
        const base = ambiguous ? `${name.replace(prefix ?? '', '').replace(postfix ?? '', '')}_${own}` : own;
        named[this._named(`${prefix ?? ''}${base}${postfix ?? ''}`)] = value as R;
      }
    }
    return named;
  }

  _named(name: string): string {
    return `${this.prefix ?? ''}${name}${this.postfix ?? ''}`;
  }

  /** Forgets all batches. */
  reset(): void {
    for (const metric of this._metrics.values()) metric.reset();
  }

  /** A copy with states of its own, and perhaps another prefix or postfix. */
  clone(...args: Arguments<Pick<MetricCollectionOptions, 'prefix' | 'postfix'>, ['prefix', 'postfix']>): this {
    const [first, second] = args;
    const { prefix, postfix } = is_kwargs(first)
      ? first
      : { prefix: first as string | null | undefined, postfix: is_kwargs(second) ? second.postfix : second };
    const copy = this.__deepcopy__();
    if (prefix) copy.prefix = check_text('prefix', prefix);
    if (postfix) copy.postfix = check_text('postfix', postfix);
    return copy;
  }

  /** Whether the states are part of the `state_dict()` from now on. */
  persistent(mode = true): void {
    for (const metric of this._metrics.values()) metric.persistent(mode);
  }

  /** Keeps all states in another dtype. */
  set_dtype(dtype: DType): this {
    for (const metric of this._metrics.values()) metric.set_dtype(dtype);
    return this;
  }

  /** The states of all metrics, by name. */
  get metric_state(): Record<string, Metric['metric_state']> {
    return Object.fromEntries(Array.from(this.items(), ([name, metric]) => [name, metric.metric_state]));
  }

  /** How many metrics there are. */
  override get length(): number {
    return this._metrics.size;
  }

  __len__(): number {
    return this._metrics.size;
  }

  __contains__(name: string): boolean {
    return this._metrics.has(name);
  }

  /**
   * The metric of a name, with or without prefix and postfix.
   * @throws KeyError if there is none
   */
  __getitem__(name: string): Metric {
    const without = (text: string, part: string, at_end: boolean): string => {
      if (part === '' || !(at_end ? text.endsWith(part) : text.startsWith(part))) return text;
      return at_end ? text.slice(0, -part.length) : text.slice(part.length);
    };
    const base = without(without(name, this.prefix ?? '', false), this.postfix ?? '', true);
    const metric = this._metrics.get(base);
    if (metric === undefined) throw new KeyError(base);
    return metric;
  }

  /** The names, in order. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  /**
   * The names, in order.
   * @param keep_base without prefix and postfix?
   */
  keys(keep_base = false): IterableIterator<string> {
    return keep_base ? this._metrics.keys() : [...this._metrics.keys()].map((name) => this._named(name)).values();
  }

  /** The metrics, in order. */
  values(): IterableIterator<Metric> {
    return this._metrics.values();
  }

  /**
   * Names and metrics, in order.
   * @param keep_base names without prefix and postfix?
   */
  items(keep_base = false): IterableIterator<[string, Metric]> {
    return Array.from(this._metrics, ([name, metric]): [string, Metric] => [
      keep_base ? name : this._named(name), metric,
    ]).values();
  }

  override __repr__(): string {
    const { prefix, postfix } = this;
    const added = [...(prefix ? [`prefix=${prefix}`] : []), ...(postfix ? [`postfix=${postfix}`] : [])];
    const text = super.__repr__();
    return added.length === 0 ? text : `${text.slice(0, -2)}${added.map((one) => `,\n  ${one}`).join('')}\n)`;
  }
}
