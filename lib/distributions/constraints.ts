/**
 * What values a parameter may have and a sample can have: `constraints.positive.check(x)`.
 *
 * A constraint that needs numbers is made by calling its class, with `new` or, as in Python, without:
 * `constraints.interval(0, 1)`.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints
 */
import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, NotImplementedError, ValueError } from '../errors.ts';
import { finfo } from '../type_info.ts';
import { aten } from '../ops.ts';
import { py_float_repr } from '../python_format.ts';
import { repr, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { check_list, positive_dim } from './shapes.ts';

/** A bound of a constraint: a number, or a tensor that is broadcast against the values. */
export type Bound = number | Tensor;

/** The condition that values lie in a region. Subclasses define `check`. */
export class Constraint {
  /** What `String(constraint)` calls it. */
  protected get _name(): string {
    return this.constructor.name.replace(/^_/, '');
  }

  /** Are the values whole numbers or the like? */
  get is_discrete(): boolean {
    return false;
  }

  /** How many dimensions at the right belong to one value. */
  get event_dim(): number {
    return 0;
  }

  /**
   * Which values satisfy the constraint.
   * @param value a tensor of shape `batch_shape + event_shape`
   * @returns booleans of shape `batch_shape`
   */
  check(value: Tensor): Tensor {
    void value;
    throw new NotImplementedError('');
  }

  toString(): string {
    return `${this._name}()`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A class that may be called without `new`, as all of Python's. */
export type Callable<C extends abstract new (...args: never) => unknown> = C &
  (C extends new (...args: infer A) => infer R ? (...args: A) => R : never);

function callable<C extends new (...args: never) => unknown>(cls: C): Callable<C> {
  return new Proxy(cls, { apply: (target, _this, args) => Reflect.construct(target, args) as unknown }) as Callable<C>;
}

/** Bounds of constraints that are numbers with a point in Python. */
const with_float_bounds = new WeakSet<Constraint>();

/** The same constraint, whose bounds print as `0.0`. */
export function _float_bounds<C extends Constraint>(constraint: C): C {
  with_float_bounds.add(constraint);
  return constraint;
}

function bounds_text(constraint: Constraint, name: string, bounds: Readonly<Record<string, Bound>>): string {
  const write = with_float_bounds.has(constraint) ? py_float_repr : repr;
  const items = Object.entries(bounds).map(
    ([key, bound]) => `${key}=${bound instanceof Tensor ? `${bound}` : write(bound)}`,
  );
  return `${name}(${items.join(', ')})`;
}

function unknown_attribute(name: string): never {
  throw new NotImplementedError(`.${name} cannot be determined statically`);
}

interface DependentParameters {
  is_discrete?: boolean;
  event_dim?: number;
}

const dependent_arguments = signature<DependentParameters>(
  'dependent',
  [],
  [['is_discrete', null], ['event_dim', null]],
);

/** A constraint that is known only together with other values: nothing can be checked. */
class _Dependent extends Constraint {
  readonly #is_discrete: boolean | null;
  readonly #event_dim: number | null;

  constructor(...args: Arguments<DependentParameters, []>) {
    super();
    const { is_discrete, event_dim } = dependent_arguments(args);
    this.#is_discrete = is_discrete;
    this.#event_dim = event_dim;
  }

  override get is_discrete(): boolean {
    return this.#is_discrete ?? unknown_attribute('is_discrete');
  }

  override get event_dim(): number {
    return this.#event_dim ?? unknown_attribute('event_dim');
  }

  override check(value: Tensor): Tensor {
    void value;
    throw new ValueError('Cannot determine validity of dependent constraint');
  }
}

/** The constraint that a class of distributions has where only its instances know theirs. */
class _DependentProperty extends _Dependent {}

class _IndependentConstraint extends Constraint {
  readonly base_constraint: Constraint;
  readonly reinterpreted_batch_ndims: number;

  constructor(...args: Arguments<IndependentParameters, ['base_constraint', 'reinterpreted_batch_ndims']>) {
    super();
    const { base_constraint, reinterpreted_batch_ndims } = independent_arguments(args);
    check_constraint(base_constraint);
    if (reinterpreted_batch_ndims < 0) {
      throw new AssertionError(`reinterpreted_batch_ndims must be >= 0, got ${reinterpreted_batch_ndims}`);
    }
    this.base_constraint = base_constraint;
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
  }

  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete;
  }

  override get event_dim(): number {
    return this.base_constraint.event_dim + this.reinterpreted_batch_ndims;
  }

  override check(value: Tensor): Tensor {
    const result = this.base_constraint.check(value);
    const ndims = this.reinterpreted_batch_ndims;
    if (result.ndim < ndims) {
      const expected = this.base_constraint.event_dim + ndims;
      throw new ValueError(`Expected value.dim() >= ${expected} but got ${value.ndim}`);
    }
    return result.reshape([...result.shape.slice(0, result.ndim - ndims), -1]).all(-1);
  }

  override toString(): string {
    return `IndependentConstraint(${String(this.base_constraint)}, ${this.reinterpreted_batch_ndims})`;
  }
}

interface IndependentParameters {
  base_constraint: Constraint;
  reinterpreted_batch_ndims: number;
}

const independent_arguments = signature<IndependentParameters>('independent', [
  'base_constraint',
  'reinterpreted_batch_ndims',
]);

function check_constraint(value: unknown): void {
  if (value instanceof Constraint) return;
  throw new AssertionError(`base_constraint must be a Constraint, got ${type_name(value)}`);
}

/** Values of a mixture: what satisfies the constraint of every component. */
export class MixtureSameFamilyConstraint extends Constraint {
  readonly base_constraint: Constraint;

  constructor(base_constraint: Constraint) {
    super();
    check_constraint(base_constraint);
    this.base_constraint = base_constraint;
  }

  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete;
  }

  override get event_dim(): number {
    return this.base_constraint.event_dim;
  }

  override check(value: Tensor): Tensor {
    const { event_dim } = this;
    if (value.ndim < event_dim) throw new ValueError(`Expected value.dim() >= ${event_dim} but got ${value.ndim}`);
    return this.base_constraint.check(value.unsqueeze(-1 - event_dim)).all(-1);
  }

  override toString(): string {
    return `MixtureSameFamilyConstraint(${String(this.base_constraint)})`;
  }
}

class _Boolean extends Constraint {
  override get is_discrete(): boolean {
    return true;
  }
  override check(value: Tensor): Tensor {
    return value.eq(0).bitwise_or(value.eq(1));
  }
}

class _OneHot extends Constraint {
  override get is_discrete(): boolean {
    return true;
  }
  override get event_dim(): number {
    return 1;
  }
  override check(value: Tensor): Tensor {
    return value.eq(0).bitwise_or(value.eq(1)).all(-1).bitwise_and(value.sum(-1).eq(1));
  }
}

interface IntervalParameters {
  lower_bound: Bound;
  upper_bound: Bound;
}

const interval_arguments = signature<IntervalParameters>('interval', ['lower_bound', 'upper_bound']);
const lower_arguments = signature<{ lower_bound: Bound }>('greater_than', ['lower_bound']);
const upper_arguments = signature<{ upper_bound: Bound }>('less_than', ['upper_bound']);

type IntervalArguments = Arguments<IntervalParameters, ['lower_bound', 'upper_bound']>;
type LowerArguments = Arguments<{ lower_bound: Bound }, ['lower_bound']>;
type UpperArguments = Arguments<{ upper_bound: Bound }, ['upper_bound']>;

abstract class TwoBounds extends Constraint {
  readonly lower_bound: Bound;
  readonly upper_bound: Bound;

  constructor(...args: IntervalArguments) {
    super();
    ({ lower_bound: this.lower_bound, upper_bound: this.upper_bound } = interval_arguments(args));
  }

  override toString(): string {
    return bounds_text(this, this._name, { lower_bound: this.lower_bound, upper_bound: this.upper_bound });
  }
}

abstract class LowerBound extends Constraint {
  readonly lower_bound: Bound;

  constructor(...args: LowerArguments) {
    super();
    this.lower_bound = lower_arguments(args).lower_bound;
  }

  override toString(): string {
    return bounds_text(this, this._name, { lower_bound: this.lower_bound });
  }
}

abstract class UpperBound extends Constraint {
  readonly upper_bound: Bound;

  constructor(...args: UpperArguments) {
    super();
    this.upper_bound = upper_arguments(args).upper_bound;
  }

  override toString(): string {
    return bounds_text(this, this._name, { upper_bound: this.upper_bound });
  }
}

/** `value % 1 == 0` */
function is_whole(value: Tensor): Tensor {
  return value.remainder(1).eq(0);
}

class _IntegerInterval extends TwoBounds {
  override get is_discrete(): boolean {
    return true;
  }
  override check(value: Tensor): Tensor {
    return is_whole(value).bitwise_and(value.ge(this.lower_bound)).bitwise_and(value.le(this.upper_bound));
  }
}

class _IntegerLessThan extends UpperBound {
  override get is_discrete(): boolean {
    return true;
  }
  override check(value: Tensor): Tensor {
    return is_whole(value).bitwise_and(value.le(this.upper_bound));
  }
}

class _IntegerGreaterThan extends LowerBound {
  override get is_discrete(): boolean {
    return true;
  }
  override check(value: Tensor): Tensor {
    return is_whole(value).bitwise_and(value.ge(this.lower_bound));
  }
}

class _Real extends Constraint {
  override check(value: Tensor): Tensor {
    return value.eq(value); // false for NaN
  }
}

class _GreaterThan extends LowerBound {
  override check(value: Tensor): Tensor {
    return value.gt(this.lower_bound);
  }
}

class _GreaterThanEq extends LowerBound {
  override check(value: Tensor): Tensor {
    return value.ge(this.lower_bound);
  }
}

class _LessThan extends UpperBound {
  override check(value: Tensor): Tensor {
    return value.lt(this.upper_bound);
  }
}

class _Interval extends TwoBounds {
  override check(value: Tensor): Tensor {
    return value.ge(this.lower_bound).bitwise_and(value.le(this.upper_bound));
  }
}

class _HalfOpenInterval extends TwoBounds {
  override check(value: Tensor): Tensor {
    return value.ge(this.lower_bound).bitwise_and(value.lt(this.upper_bound));
  }
}

class _Simplex extends Constraint {
  override get event_dim(): number {
    return 1;
  }
  override check(value: Tensor): Tensor {
    return value.ge(0).all(-1).bitwise_and(value.sum(-1).sub(1).abs().lt(1e-6));
  }
}

class _Multinomial extends Constraint {
  readonly upper_bound: Bound;

  constructor(...args: UpperArguments) {
    super();
    this.upper_bound = upper_arguments(args).upper_bound;
  }

  override get is_discrete(): boolean {
    return true;
  }
  override get event_dim(): number {
    return 1;
  }
  override check(value: Tensor): Tensor {
    return value.ge(0).all(-1).bitwise_and(value.sum(-1).le(this.upper_bound));
  }
}

/** Are all matrices of `value` equal to `other` in every element? */
function same_matrices(value: Tensor, other: Tensor): Tensor {
  const equal = value.eq(other);
  return equal.reshape([...value.shape.slice(0, -2), -1]).all(-1);
}

class _LowerTriangular extends Constraint {
  override get event_dim(): number {
    return 2;
  }
  override check(value: Tensor): Tensor {
    return same_matrices(value.tril(), value);
  }
}

class _LowerCholesky extends Constraint {
  override get event_dim(): number {
    return 2;
  }
  override check(value: Tensor): Tensor {
    const positive_diagonal = value.diagonal(0, -2, -1).gt(0).all(-1);
    return same_matrices(value.tril(), value).bitwise_and(positive_diagonal);
  }
}

class _CorrCholesky extends Constraint {
  override get event_dim(): number {
    return 2;
  }
  override check(value: Tensor): Tensor {
    const tolerance = new finfo(value.dtype).eps * value.size(-1) * 10;
    const unit_rows = value.detach().norm(2, -1).sub(1).abs().le(tolerance).all(-1);
    return lower_cholesky.check(value).bitwise_and(unit_rows);
  }
}

class _Square extends Constraint {
  override get event_dim(): number {
    return 2;
  }
  override check(value: Tensor): Tensor {
    const square = value.size(-2) === value.size(-1);
    return aten.full(value.shape.slice(0, -2), square, { dtype: aten.eq(value, value).dtype, device: value.device });
  }
}

class _Symmetric extends _Square {
  override check(value: Tensor): Tensor {
    const square = super.check(value);
    if (!square.all().item()) return square;
    return aten.isclose(value, value.mT, { atol: 1e-6 }).all(-2).all(-1);
  }
}

class _PositiveSemidefinite extends _Symmetric {
  override check(value: Tensor): Tensor {
    const symmetric = super.check(value);
    if (!symmetric.all().item()) return symmetric;
    return aten.linalg_eigvalsh(value).ge(0).all(-1);
  }
}

class _PositiveDefinite extends _Symmetric {
  override check(value: Tensor): Tensor {
    const symmetric = super.check(value);
    if (!symmetric.all().item()) return symmetric;
    return aten.linalg_cholesky_ex(value).info.eq(0);
  }
}

interface CatParameters {
  cseq: readonly Constraint[];
  dim?: number;
  lengths?: readonly number[] | null;
}

const cat_arguments = signature<CatParameters>('cat', ['cseq', ['dim', 0], ['lengths', null]]);
const stack_arguments = signature<{ cseq: readonly Constraint[]; dim?: number }>('stack', ['cseq', ['dim', 0]]);

function check_constraints(cseq: readonly Constraint[]): void {
  check_list(cseq);
  if (cseq.every((one) => one instanceof Constraint)) return;
  throw new AssertionError('All elements of cseq must be Constraint instances');
}

class _Cat extends Constraint {
  readonly cseq: readonly Constraint[];
  readonly lengths: readonly number[];
  readonly dim: number;

  constructor(...args: Arguments<CatParameters, ['cseq', 'dim', 'lengths']>) {
    super();
    const { cseq, dim, lengths } = cat_arguments(args);
    check_constraints(cseq);
    this.cseq = [...cseq];
    this.lengths = lengths ?? cseq.map(() => 1);
    this.dim = dim;
    if (this.lengths.length !== this.cseq.length) {
      throw new AssertionError(
        `lengths (${this.lengths.length}) must match cseq (${this.cseq.length})`,
      );
    }
  }

  override get is_discrete(): boolean {
    return this.cseq.some((one) => one.is_discrete);
  }

  override get event_dim(): number {
    return Math.max(...this.cseq.map((one) => one.event_dim));
  }

  override check(value: Tensor): Tensor {
    positive_dim(this.dim, value, 'value');
    let start = 0;
    const checks = this.cseq.map((one, i) => {
      const part = value.narrow(this.dim, start, this.lengths[i]!);
      start += this.lengths[i]!;
      return one.check(part);
    });
    return aten.cat(checks, this.dim);
  }
}

class _Stack extends Constraint {
  readonly cseq: readonly Constraint[];
  readonly dim: number;

  constructor(...args: Arguments<{ cseq: readonly Constraint[]; dim?: number }, ['cseq', 'dim']>) {
    super();
    const { cseq, dim } = stack_arguments(args);
    check_constraints(cseq);
    this.cseq = [...cseq];
    this.dim = dim;
  }

  override get is_discrete(): boolean {
    return this.cseq.some((one) => one.is_discrete);
  }

  override get event_dim(): number {
    const most = Math.max(...this.cseq.map((one) => one.event_dim));
    return this.dim + most < 0 ? most + 1 : most;
  }

  override check(value: Tensor): Tensor {
    positive_dim(this.dim, value, 'value');
    const parts = this.cseq.map((one, i) => one.check(value.select(this.dim, i)));
    return aten.stack(parts, this.dim);
  }
}

/** Only known together with other values, such as an upper bound that is another parameter. */
export const dependent: Constraint = new _Dependent();
/** `dependent` of which `is_discrete` and `event_dim` are known (by name only). */
export const dependent_property: Callable<typeof _DependentProperty> = callable(_DependentProperty);
/** `independent(constraint, ndims)`: the last `ndims` dimensions satisfy it together or not at all. */
export const independent: Callable<typeof _IndependentConstraint> = callable(_IndependentConstraint);
/** 0 or 1. */
export const boolean: Constraint = new _Boolean();
/** Vectors with one 1 among zeros. */
export const one_hot: Constraint = new _OneHot();
/** 0, 1, 2, ... */
export const nonnegative_integer: Constraint = new _IntegerGreaterThan(0);
/** 1, 2, 3, ... */
export const positive_integer: Constraint = new _IntegerGreaterThan(1);
/** `integer_interval(lower_bound, upper_bound)`: whole numbers, both bounds included. */
export const integer_interval: Callable<typeof _IntegerInterval> = callable(_IntegerInterval);
/** All numbers but NaN. */
export const real: Constraint = new _Real();
/** Vectors of real numbers. */
export const real_vector: Constraint = new _IndependentConstraint(real, 1);
export const positive: Constraint = _float_bounds(new _GreaterThan(0));
export const nonnegative: Constraint = _float_bounds(new _GreaterThanEq(0));
/** `greater_than(lower_bound)` */
export const greater_than: Callable<typeof _GreaterThan> = callable(_GreaterThan);
/** `greater_than_eq(lower_bound)` */
export const greater_than_eq: Callable<typeof _GreaterThanEq> = callable(_GreaterThanEq);
/** `less_than(upper_bound)` */
export const less_than: Callable<typeof _LessThan> = callable(_LessThan);
/** `multinomial(upper_bound)`: vectors of counts whose sum is at most that. */
export const multinomial: Callable<typeof _Multinomial> = callable(_Multinomial);
/** From 0 to 1, both included. */
export const unit_interval: Constraint = _float_bounds(new _Interval(0, 1));
/** `interval(lower_bound, upper_bound)`, both included. */
export const interval: Callable<typeof _Interval> = callable(_Interval);
/** `half_open_interval(lower_bound, upper_bound)`, without the upper one. */
export const half_open_interval: Callable<typeof _HalfOpenInterval> = callable(_HalfOpenInterval);
/** Vectors of numbers from 0 on whose sum is 1. */
export const simplex: Constraint = new _Simplex();
export const lower_triangular: Constraint = new _LowerTriangular();
/** Lower triangular matrices with a positive diagonal. */
export const lower_cholesky: Constraint = new _LowerCholesky();
/** Cholesky factors of correlation matrices: `lower_cholesky` whose rows have length 1. */
export const corr_cholesky: Constraint = new _CorrCholesky();
export const square: Constraint = new _Square();
export const symmetric: Constraint = new _Symmetric();
export const positive_semidefinite: Constraint = new _PositiveSemidefinite();
export const positive_definite: Constraint = new _PositiveDefinite();
/** `cat(constraints, dim, lengths)`: one after the other along a dimension, each for so many entries. */
export const cat: Callable<typeof _Cat> = callable(_Cat);
/** `stack(constraints, dim)`: one for each entry of a dimension. */
export const stack: Callable<typeof _Stack> = callable(_Stack);

/** Whether a constraint is `dependent`, which cannot be checked. */
export function is_dependent(constraint: Constraint): boolean {
  return constraint instanceof _Dependent;
}

// What the registry of transforms knows by class.
export {
  _Boolean, _Cat, _CorrCholesky, _GreaterThan, _GreaterThanEq, _HalfOpenInterval, _IndependentConstraint,
  _IntegerGreaterThan, _IntegerLessThan, _Interval, _LessThan, _LowerCholesky, _PositiveDefinite,
  _PositiveSemidefinite, _Real, _Simplex, _Stack,
};
