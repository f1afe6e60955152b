import { is_kwargs } from '../arguments.ts';
import { no_grad, set_grad_enabled } from '../autograd/grad_mode.ts';
import { as_tensor } from '../creation.ts';
import { get_default_device } from '../default_device.ts';
import type { device as Device } from '../device.ts';
import { type dtype as DType, get_default_dtype } from '../dtype.ts';
import { TypeError, ValueError } from '../errors.ts';
import { deepcopy } from '../copy/index.ts';
import { Module } from '../nn/modules/module.ts';
import type { StateDict } from '../nn/modules/state_dict.ts';
import { aten } from '../ops.ts';
import { repr } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';

/** What a metric keeps from batch to batch: a tensor, or a list that grows. */
export type MetricState = Tensor | Tensor[];
/** How the states of two parts of the data become the state of both. */
export type Reduction = 'sum' | 'mean' | 'max' | 'min' | 'cat' | ((stacked: Tensor) => Tensor) | null;

export interface AddStateOptions {
  dist_reduce_fx?: Reduction;
  /** Is the state part of the `state_dict()`? (default: false) */
  persistent?: boolean;
}
/** What every metric takes by name. */
export interface MetricOptions {
  /** Keep the result until the next update? (default: true) */
  compute_with_cache?: boolean;
}

type States = Record<string, MetricState>;
/** A call of a metric of which no more is known. */
export type Call = (...args: any[]) => unknown;

const REDUCTIONS: readonly unknown[] = ['sum', 'mean', 'max', 'min', 'cat', null];

/** `action` of every tensor in a result. */
function map_result(value: unknown, action: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return action(value);
  if (Array.isArray(value)) return value.map((item) => map_result(item, action));
  if (is_kwargs(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map_result(item, action)]));
  }
  return value;
}

/**
 * The base class of all metrics, and of your own: numbers that are gathered batch by batch.
 *
 * A subclass says in its constructor what it keeps (`add_state`), takes a batch in `update` and gives the result in
 * `compute`. Calling the metric updates it and gives the result of that batch alone.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/pages/implement.html
 */
export class Metric extends Module {
  /** Does a batch's result depend on the batches before? Null: to be on the safe side, yes. */
  full_state_update: boolean | null = null;
  higher_is_better: boolean | null = null;
  is_differentiable: boolean | null = null;
  compute_with_cache: boolean;

  _computed: unknown = null;
  _update_count = 0;
  _enable_grad = false;
  _defaults = new Map<string, MetricState>();
  _persistent = new Map<string, boolean>();
  _reductions = new Map<string, Reduction>();
  _device: Device = get_default_device();
  _dtype: DType = get_default_dtype();

  /** @throws ValueError for names that no metric takes */
  constructor(options: MetricOptions = {}) {
    super();
    const { compute_with_cache = true, ...unknown } = options;
    if (typeof compute_with_cache !== 'boolean') {
      throw new ValueError(
        `Expected keyword argument \`compute_with_cache\` to be a \`bool\` but got ${String(compute_with_cache)}`,
      );
    }
    const names = Object.keys(unknown).sort();
    if (names.length > 0) throw new ValueError(`Unexpected keyword arguments: ${names.map((n) => `\`${n}\``).join(', ')}`);
    this.compute_with_cache = compute_with_cache;
    // What the subclass defines, with the bookkeeping around it; copies of the metric take these along.
    const { update, compute } = this;
    const hidden = { enumerable: false, configurable: true, writable: true };
    Object.defineProperty(this, 'update', {
      ...hidden,
      value(this: Metric, ...args: unknown[]): void {
        this._computed = null;
        this._update_count++;
        set_grad_enabled(this._enable_grad, () => update.apply(this, args));
      },
    });
    Object.defineProperty(this, 'compute', {
      ...hidden,
      value(this: Metric): unknown {
        if (!this.update_called) {
          warn(
            `The \`\`compute\`\` method of metric ${this._get_name()} was called before the \`\`update\`\` method which ` +
              'may lead to errors, as metric states have not yet been updated.',
          );
        }
        if (this._computed !== null) return this._computed;
        const value = map_result(compute.call(this), (tensor) =>
          (tensor.numel() === 1 ? tensor.squeeze() : tensor).clone(),
        );
        if (this.compute_with_cache) this._computed = value;
        return value;
      },
    });
  }

  /** Takes a batch in; every subclass defines it. */
  update(...args: any[]): void {
    void args;
  }

  /** The result of all batches so far; every subclass defines it. */
  compute(): any {
    return undefined;
  }

  get update_called(): boolean {
    return this._update_count > 0;
  }

  get update_count(): number {
    return this._update_count;
  }

  get device(): Device {
    return this._device;
  }

  get dtype(): DType {
    return this._dtype;
  }

  /** The states by name. */
  get metric_state(): States {
    return Object.fromEntries([...this._defaults.keys()].map((name) => [name, this._state(name)]));
  }

  _state(name: string): MetricState {
    return (this as unknown as States)[name]!;
  }

  _set_state(name: string, value: MetricState): void {
    (this as unknown as States)[name] = value;
  }

  /**
   * Adds something to keep, under a property of that name.
   * @param fallback what it is before the first batch, and after `reset`: a tensor, or an empty array
   * @throws ValueError for anything else
   */
  add_state(name: string, fallback: MetricState, { dist_reduce_fx = null, persistent = false }: AddStateOptions = {}): void {
    if (!(fallback instanceof Tensor) && !(Array.isArray(fallback) && fallback.length === 0)) {
      throw new ValueError('state variable must be a tensor or any empty list (where you can append tensors)');
    }
    if (!REDUCTIONS.includes(dist_reduce_fx) && typeof dist_reduce_fx !== 'function') {
      throw new ValueError("`dist_reduce_fx` must be callable or one of ['mean', 'sum', 'cat', 'min', 'max', None]");
    }
    const value = fallback instanceof Tensor ? fallback.contiguous() : fallback;
    this._set_state(name, value);
    this._defaults.set(name, deepcopy(value));
    this._persistent.set(name, persistent);
    this._reductions.set(name, dist_reduce_fx);
  }

  /** Takes a batch in and gives the result of it alone. */
  override forward(...args: Parameters<this['update']>): ReturnType<this['compute']> {
    const full = this.full_state_update !== false;
    if (full) (this.update as (...args: unknown[]) => void)(...args);
    const kept = this._copy_states();
    const count = this._update_count;
    this._enable_grad = true;
    try {
      this.reset();
      (this.update as (...args: unknown[]) => void)(...args);
      const result = this.compute() as ReturnType<this['compute']>;
      this._update_count = full ? count : count + 1;
      if (full) for (const [name, value] of Object.entries(kept)) this._set_state(name, value);
      else no_grad(() => this._reduce_states(kept));
      return result;
    } finally {
      this._enable_grad = false;
      this._computed = null;
    }
  }

  _copy_states(): States {
    const copy = (tensor: Tensor): Tensor => tensor.detach().clone();
    return Object.fromEntries(
      Object.entries(this.metric_state).map(([name, value]) => [
        name,
        value instanceof Tensor ? copy(value) : value.map(copy),
      ]),
    );
  }

  /** Makes the states those of what was `before`, too. */
  _reduce_states(before: States): void {
    for (const [name, reduction] of this._reductions) {
      const [old, now] = [before[name]!, this._state(name)];
      this._set_state(name, this._reduce(reduction, old, now));
    }
  }

  _reduce(reduction: Reduction, old: MetricState, now: MetricState): MetricState {
    if (Array.isArray(old) && Array.isArray(now)) return [...old, ...now];
    if (!(old instanceof Tensor) || !(now instanceof Tensor)) throw new TypeError(`Unsupported reduce_fn: ${String(reduction)}`);
    if (typeof reduction === 'function') return reduction(aten.stack([old, now]));
    switch (reduction) {
      case 'sum':
        return old.add(now);
      case 'mean':
        return old.mul(this._update_count - 1).add(now).float().div(this._update_count);
      case 'max':
        return aten.maximum(old, now);
      case 'min':
        return aten.minimum(old, now);
      case 'cat':
        return aten.cat([old, now]);
      default:
        return aten.stack([old, now]);
    }
  }

  /** Forgets all batches. */
  reset(): void {
    this._update_count = 0;
    this._computed = null;
    for (const [name, fallback] of this._defaults) {
      this._set_state(name, fallback instanceof Tensor ? fallback.detach().clone().to(this._device) : []);
    }
  }

  /** A copy with states of its own. */
  clone(): this {
    return deepcopy(this);
  }

  /** Whether the states are part of the `state_dict()` from now on. */
  persistent(mode = false): void {
    for (const name of this._persistent.keys()) this._persistent.set(name, mode);
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    for (const [name, persistent] of this._persistent) {
      if (persistent) destination.set(prefix + name, deepcopy(this._state(name)) as Tensor);
    }
  }

  override _load_from_state_dict(...args: Parameters<Module['_load_from_state_dict']>): void {
    const [state_dict, prefix] = args;
    for (const name of this._defaults.keys()) {
      if (!state_dict.has(prefix + name)) continue;
      this._set_state(name, state_dict.get(prefix + name) as MetricState);
      state_dict.delete(prefix + name);
    }
    super._load_from_state_dict(...args);
  }

  override _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    super._apply(fn, recurse);
    const applied = (value: MetricState): MetricState => (value instanceof Tensor ? fn(value) : value.map(fn));
    for (const [name, fallback] of this._defaults) {
      this._defaults.set(name, applied(fallback));
      this._set_state(name, applied(this._state(name)));
    }
    this._computed = map_result(this._computed, fn);
    this._device = fn(aten.zeros([1], { device: this._device })).device;
    return this;
  }

  /** Metrics keep their dtype. */
  override float(): this {
    return this;
  }

  /** Metrics keep their dtype. */
  override double(): this {
    return this;
  }

  /** Metrics keep their dtype. */
  override half(): this {
    return this;
  }

  /** Metrics keep their dtype: `set_dtype` changes it. */
  override type(dst_type: DType): this {
    void dst_type;
    return this;
  }

  /** Keeps all states in another dtype. */
  set_dtype(dst_type: DType): this {
    this._dtype = dst_type;
    return this._apply((tensor) => tensor.to(dst_type));
  }

  /** This metric plus another, or a number or tensor: a metric of the results. TypeScript has no operators for it. */
  add(other: Operand): CompositionalMetric {
    return new CompositionalMetric('add', this, other);
  }

  /** This metric minus another, or a number or tensor. */
  sub(other: Operand): CompositionalMetric {
    return new CompositionalMetric('sub', this, other);
  }

  /** A number or tensor minus this metric. */
  rsub(other: Operand): CompositionalMetric {
    return new CompositionalMetric('sub', other, this);
  }

  /** This metric times another, or a number or tensor. */
  mul(other: Operand): CompositionalMetric {
    return new CompositionalMetric('mul', this, other);
  }

  /** This metric divided by another, or by a number or tensor. */
  div(other: Operand): CompositionalMetric {
    return new CompositionalMetric('true_divide', this, other);
  }

  /** A number or tensor divided by this metric. */
  rdiv(other: Operand): CompositionalMetric {
    return new CompositionalMetric('true_divide', other, this);
  }

  /** This metric to the power of another, or of a number or tensor. */
  pow(other: Operand): CompositionalMetric {
    return new CompositionalMetric('pow', this, other);
  }

  /** This metric without its sign. */
  abs(): CompositionalMetric {
    return new CompositionalMetric('abs', this, null);
  }

  /** As in Python, the metric without its sign, and then with a minus. */
  neg(): CompositionalMetric {
    return new CompositionalMetric('_neg', this, null);
  }
}

/** What metrics can be put together with. */
export type Operand = Metric | Tensor | number;

const OPERATORS = {
  add: (a: Tensor, b: Tensor) => a.add(b),
  sub: (a: Tensor, b: Tensor) => a.sub(b),
  mul: (a: Tensor, b: Tensor) => a.mul(b),
  true_divide: (a: Tensor, b: Tensor) => a.div(b),
  pow: (a: Tensor, b: Tensor) => a.pow(b),
  abs: (a: Tensor) => a.abs(),
  _neg: (a: Tensor) => a.abs().neg(),
};

/**
 * Metrics put together: `new MeanMetric().add(new MaxMetric())`. Whatever it gets it hands on to both of them.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/pages/overview.html#metric-arithmetic
 */
export class CompositionalMetric extends Metric {
  override full_state_update: boolean | null = true;
  readonly op: keyof typeof OPERATORS;
  readonly metric_a: Metric | Tensor;
  readonly metric_b: Metric | Tensor | null;

  constructor(op: keyof typeof OPERATORS, metric_a: Operand, metric_b: Operand | null) {
    super();
    // The parts are asked anew each time: they can be updated on their own.
    Reflect.deleteProperty(this, 'update');
    Reflect.deleteProperty(this, 'compute');
    this.op = op;
    this.metric_a = typeof metric_a === 'number' ? as_tensor(metric_a) : metric_a;
    this.metric_b = typeof metric_b === 'number' ? as_tensor(metric_b) : metric_b;
  }

  _put_together(result_of: (metric: Metric) => unknown): Tensor {
    const value = (part: Metric | Tensor | null): Tensor =>
      part instanceof Metric ? (result_of(part) as Tensor) : part!;
    return OPERATORS[this.op](value(this.metric_a), value(this.metric_b));
  }

  override update(...args: Parameters<Call>): void {
    for (const part of [this.metric_a, this.metric_b]) if (part instanceof Metric) part.update(...args);
  }

  override compute(): Tensor {
    return this._put_together((metric) => metric.compute() as unknown);
  }

  override forward(...args: Parameters<Call>): ReturnType<this['compute']> {
    return this._put_together((metric) => (metric as unknown as Call)(...args)) as ReturnType<this['compute']>;
  }

  override reset(): void {
    for (const part of [this.metric_a, this.metric_b]) if (part instanceof Metric) part.reset();
  }

  override persistent(mode = false): void {
    for (const part of [this.metric_a, this.metric_b]) if (part instanceof Metric) part.persistent(mode);
  }

  override __repr__(): string {
    const part = (value: Metric | Tensor | null): string =>
      value instanceof Tensor && value.ndim === 0 ? String(value.item()) : repr(value);
    return `CompositionalMetric(\n  ${this.op}(\n    ${part(this.metric_a)},\n    ${part(this.metric_b)}\n  )\n)`;
  }
}
