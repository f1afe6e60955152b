import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { tensor } from '../creation.ts';
import { NotImplementedError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { type Constraint, is_dependent } from './constraints.ts';
import {
  as_size,
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  sample_shape_of,
  type Shape,
  type Value,
  type ValueArguments,
} from './shapes.ts';

/** What every distribution takes. */
export interface Validation {
  /** Check parameters and values (null: as `Distribution.set_default_validate_args` says, at first yes). */
  validate_args?: boolean | null;
}

export interface DistributionParameters extends Validation {
  batch_shape?: Shape;
  event_shape?: Shape;
}

/** Which constraint each parameter has to satisfy. */
export type ArgConstraints = Readonly<Record<string, Constraint>>;

/** What a class says of its distributions. */
interface DistributionClass {
  readonly name: string;
  readonly __module__: string;
  readonly arg_constraints?: ArgConstraints;
  readonly support?: Constraint;
  readonly has_rsample: boolean;
  readonly has_enumerate_support: boolean;
  readonly lazy_parameters: readonly string[];
}

const distribution_arguments = signature<DistributionParameters>('Distribution', [
  ['batch_shape', []],
  ['event_shape', []],
  ['validate_args', null],
]);
const value_arguments = signature<{ value: Tensor }>('log_prob', ['value']);
const support_arguments = signature<{ expand?: boolean }>('enumerate_support', [['expand', true]]);

let validate_by_default = true;

/** Makes `value` an attribute of the object itself; what was computed on demand is then kept. */
export function own<T>(object: object, name: string, value: T): T {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  return value;
}

/** The only argument of `log_prob`, `cdf` and `icdf`, whatever it is: `_validate_sample` looks at that. */
export function value_of(args: readonly unknown[]): Tensor {
  return args.length === 1 && args[0] instanceof Tensor ? args[0] : value_arguments(args).value;
}

function as_value(value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  // Python computes with numbers as well, where nothing checks that they are tensors.
  if (typeof value === 'number' || typeof value === 'boolean') return tensor(value);
  throw new TypeError(`argument 'value' must be Tensor, not ${type_name(value)}`);
}

/** The only argument of `icdf`, which nothing else checks. */
export function unchecked_value(args: readonly unknown[]): Tensor {
  return as_value(value_of(args));
}

/** The argument of `enumerate_support`. */
export function support_expand_of(args: readonly unknown[]): boolean {
  return support_arguments(args).expand;
}

export type SupportArguments = Arguments<{ expand?: boolean }, ['expand']>;

/**
 * What all distributions have in common. A distribution of one's own extends this class: its constructor calls
 * `super()`, sets its parameters and then calls `this.__init__(batch_shape, event_shape, validate_args)`, which checks
 * them against `static arg_constraints`; it overrides `rsample` or `sample`, `log_prob` and what else it can compute.
 *
 * @param batch_shape the shape of the parameters: so many independent distributions (default: one)
 * @param event_shape the shape of one sample of one of them (default: a number)
 * @param validate_args check parameters and values (null: as `set_default_validate_args` says, at first yes)
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.distribution.Distribution
 */
export class Distribution {
  /** Where Python has the class. */
  static readonly __module__: string = 'torch.distributions.distribution';
  /** Can gradients flow through samples? */
  static readonly has_rsample: boolean = false;
  /** Can all values be listed? */
  static readonly has_enumerate_support: boolean = false;
  /** Parameters that are computed on demand, and not checked before. */
  protected static readonly lazy_parameters: readonly string[] = [];

  protected _batch_shape: Size = new Size();
  protected _event_shape: Size = new Size();
  protected _validate_args: boolean | null = null;

  constructor(...args: Arguments<DistributionParameters, ['batch_shape', 'event_shape', 'validate_args']>) {
    const { batch_shape, event_shape, validate_args } = distribution_arguments(args);
    this._batch_shape = as_size(batch_shape);
    this._event_shape = as_size(event_shape);
    this._validate_args = validate_args;
  }

  /** Sets the shapes and checks the parameters, which are attributes by now. */
  protected __init__(batch_shape: Shape, event_shape: Shape, validate_args: boolean | null): void {
    this._batch_shape = as_size(batch_shape);
    this._event_shape = as_size(event_shape);
    this._validate_args = validate_args;
    if (this._validates) this._check_parameters();
  }

  /** Makes attributes of parameters, of which each is a number or a tensor of numbers, and checks them. */
  protected _broadcast(parameters: Readonly<Record<string, Value>>, validate_args: boolean | null): void {
    const values = broadcast_all(...Object.values(parameters));
    Object.keys(parameters).forEach((name, i) => own(this, name, values[i]!));
    this.__init__(values[0]!.shape, [], validate_args);
  }

  private _check_parameters(): void {
    const { lazy_parameters } = this._class;
    let arg_constraints: ArgConstraints;
    try {
      ({ arg_constraints } = this);
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      warn(
        `${class_text(this._class)} does not define \`arg_constraints\`. Please set \`arg_constraints = {}\` or ` +
          'initialize the distribution with `validate_args=False` to turn off validation.',
      );
      return;
    }
    for (const [name, constraint] of Object.entries(arg_constraints)) {
      if (is_dependent(constraint)) continue;
      if (!Object.hasOwn(this, name) && lazy_parameters.includes(name)) continue;
      const value = (this as unknown as Record<string, Tensor>)[name]!;
      if (constraint.check(value).all().item()) continue;
      throw new ValueError(
        `Expected parameter ${name} (Tensor of shape ${tuple_text(value.shape)}) of distribution ${String(this)} ` +
          `to satisfy the constraint ${String(constraint)}, but found invalid values:\n${value}`,
      );
    }
  }

  protected get _class(): DistributionClass {
    return this.constructor as unknown as DistributionClass;
  }

  /** Are parameters and values checked? */
  protected get _validates(): boolean {
    return this._validate_args ?? validate_by_default;
  }

  /**
   * Whether parameters and values are checked where `validate_args` does not say it. Checks cost time: turn them off
   * once a program works.
   * @throws ValueError unless `value` is a boolean
   */
  static set_default_validate_args(value: boolean): void {
    if (typeof value !== 'boolean') throw new ValueError('set_default_validate_args() takes true or false');
    validate_by_default = value;
  }

  /** As many distributions as `batch_shape` says, with the parameters of this one. */
  expand(...args: ExpandArguments): this {
    const { arg_constraints } = this;
    return this._expanded(batch_shape_of(args), arg_constraints);
  }

  /**
   * A copy with other shapes, of which all parameters that are there have been expanded.
   * @param make_copy makes the copy, once the parameters could be expanded
   */
  protected _expanded(
    batch_shape: Size,
    arg_constraints: ArgConstraints,
    make_copy = (): this => this._copy(batch_shape),
  ): this {
    const names = Object.keys(arg_constraints).filter((name) => Object.hasOwn(this, name));
    const values = names.map((name) => {
      const value = (this as unknown as Record<string, Tensor>)[name]!;
      return value.expand([...batch_shape, ...value.shape.slice(value.ndim - arg_constraints[name]!.event_dim)]);
    });
    const copy = make_copy();
    names.forEach((name, i) => own(copy, name, values[i]!));
    return copy;
  }

  /** A distribution of the same class, still without parameters. */
  protected _copy(batch_shape: Size, event_shape: Shape = this._event_shape): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    copy._batch_shape = batch_shape;
    copy._event_shape = as_size(event_shape);
    copy._validate_args = this._validate_args;
    return copy;
  }

  /** The shape of the parameters: how many distributions there are. */
  get batch_shape(): Size {
    return this._batch_shape;
  }

  /** The shape of one sample of one distribution. */
  get event_shape(): Size {
    return this._event_shape;
  }

  /** The constraints of the parameters, by name. */
  get arg_constraints(): ArgConstraints {
    return this._class.arg_constraints ?? not_implemented();
  }

  /** The constraint that samples satisfy. */
  get support(): Constraint {
    return this._class.support ?? not_implemented();
  }

  /** Can gradients flow through samples? */
  get has_rsample(): boolean {
    return this._class.has_rsample;
  }

  /** Can all values be listed? */
  get has_enumerate_support(): boolean {
    return this._class.has_enumerate_support;
  }

  /** The mean. */
  get mean(): Tensor {
    return not_implemented();
  }

  /** The most likely value. */
  get mode(): Tensor {
    throw new NotImplementedError(`${class_text(this._class)} does not implement mode`);
  }

  /** The variance. */
  get variance(): Tensor {
    return not_implemented();
  }

  /** The standard deviation. */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /**
   * Draws samples, through which no gradients flow.
   * @param sample_shape how many; the result has the shape `sample_shape + batch_shape + event_shape`
   */
  sample(...args: SampleArguments): Tensor {
    return no_grad(() => this.rsample(...args));
  }

  /**
   * Draws samples as a function of the parameters and of random numbers that do not depend on them, so that gradients
   * flow to the parameters.
   * @throws NotImplementedError where `has_rsample` is false
   */
  rsample(...args: SampleArguments): Tensor {
    void args;
    return not_implemented();
  }

  /** `n` samples. Use `sample([n])`. */
  sample_n(n: number): Tensor {
    warn('`sample_n(n)` will be deprecated. Use `sample((n,))` instead.', 'FutureWarning');
    return this.sample([n]);
  }

  /**
   * The logarithm of the density, or of the probability, of values.
   * @param value a tensor that broadcasts against `batch_shape + event_shape`
   * @throws ValueError for values outside of the support, if arguments are checked
   */
  log_prob(...args: ValueArguments): Tensor {
    void args;
    return not_implemented();
  }

  /** The probability of a value at most as large. */
  cdf(...args: ValueArguments): Tensor {
    void args;
    return not_implemented();
  }

  /** The inverse of `cdf`: the value below which samples are with this probability. */
  icdf(...args: ValueArguments): Tensor {
    void args;
    return not_implemented();
  }

  /**
   * All values that samples can have, along a new first dimension.
   * @param expand repeat them for each distribution of the batch (default: true); without it their shape is
   *   `[count, 1, ..., 1] + event_shape`
   * @throws NotImplementedError where `has_enumerate_support` is false
   */
  enumerate_support(...args: SupportArguments): Tensor {
    void args;
    return not_implemented();
  }

  /** The entropy, in nats, of each distribution of the batch. */
  entropy(): Tensor {
    return not_implemented();
  }

  /** `exp(entropy)` */
  perplexity(): Tensor {
    return this.entropy().exp();
  }

  /** What `enumerate_support` gives where `values` are all values along the first dimension. */
  protected _enumerated(values: Tensor, args: readonly unknown[]): Tensor {
    const { batch_shape, event_shape } = this;
    const column = values.view([values.size(0), ...batch_shape.map(() => 1), ...event_shape]);
    return support_expand_of(args) ? column.expand([values.size(0), ...batch_shape, ...event_shape]) : column;
  }

  /** The shape that samples have: `sample_shape + batch_shape + event_shape`. */
  protected _extended_shape(sample_shape: Shape = []): Size {
    return as_size(sample_shape).concat(this._batch_shape, this._event_shape);
  }

  /** The values, and those of one call's `sample_shape` as a shape of samples. */
  protected _sample_shape(args: readonly unknown[]): Size {
    return this._extended_shape(sample_shape_of(args));
  }

  /** The argument of `log_prob` and its like, checked if arguments are. */
  protected _value(args: readonly unknown[]): Tensor {
    const value = value_of(args);
    if (this._validates) this._validate_sample(value);
    return as_value(value);
  }

  /**
   * Checks values that a method was given.
   * @throws ValueError if it is no tensor, does not broadcast, or is not in the support
   */
  _validate_sample(value: unknown): void {
    if (!(value instanceof Tensor)) throw new ValueError('The value argument to log_prob must be a Tensor');
    const { shape } = value;
    const start = Math.max(shape.length - this._event_shape.length, 0);
    const event = shape.slice(start);
    if (!event.equals(this._event_shape)) {
      throw new ValueError(
        `The right-most size of value must match event_shape: ${String(shape)} vs ${String(this._event_shape)}.`,
      );
    }
    const expected = this._extended_shape();
    for (let i = 1; i <= Math.min(shape.length, expected.length); i++) {
      const [a, b] = [shape[shape.length - i], expected[expected.length - i]];
      if (a === 1 || b === 1 || a === b) continue;
      throw new ValueError(
        `Value is not broadcastable with batch_shape+event_shape: ${String(shape)} vs ${String(expected)}.`,
      );
    }
    let support: Constraint;
    try {
      ({ support } = this);
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      warn(
        `${class_text(this._class)} does not define \`support\` to enable sample validation. Please initialize the ` +
          'distribution with `validate_args=False` to turn off validation.',
      );
      return;
    }
    if (support.check(value).all().item()) return;
    throw new ValueError(
      `Expected value argument (Tensor of shape ${tuple_text(shape)}) to be within the support ` +
        `(${String(support)}) of the distribution ${String(this)}, but found invalid values:\n${value}`,
    );
  }

  toString(): string {
    let names: string[] = [];
    try {
      names = Object.keys(this.arg_constraints).filter((name) => Object.hasOwn(this, name));
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
    }
    const items = names.map((name) => {
      const value = (this as unknown as Record<string, Tensor>)[name]!;
      return `${name}: ${value.numel() === 1 ? `${value}` : String(value.shape)}`;
    });
    return `${this.constructor.name}(${items.join(', ')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function not_implemented(): never {
  throw new NotImplementedError('');
}

function class_text(cls: DistributionClass): string {
  return `<class '${cls.__module__}.${cls.name}'>`;
}

/** A shape as Python writes a tuple. */
export function tuple_text(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** Standard normal numbers, of the dtype and on the device of `like`. */
export function standard_normal(shape: Shape, like: Tensor): Tensor {
  return aten.empty(shape, { dtype: like.dtype, device: like.device }).normal_();
}

/** Numbers between 0 and 1, of the dtype and on the device of `like`. */
export function standard_uniform(shape: Shape, like: Tensor): Tensor {
  return aten.rand(shape, { dtype: like.dtype, device: like.device });
}

/** Euler's constant, gamma. */
export const EULER = 0.5772156649015329;
