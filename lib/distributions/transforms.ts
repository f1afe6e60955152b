/**
 * Invertible transformations with computable log det Jacobians: `new transforms.ExpTransform()(x)`.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.transforms
 */
import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, AttributeError, NotImplementedError, TypeError, ValueError } from '../errors.ts';
import { broadcast_shapes } from '../functional/index.ts';
import { logsigmoid, pad, softplus } from '../nn/functional.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import { type Bound, type Constraint, _float_bounds } from './constraints.ts';
import * as constraints from './constraints.ts';
import type { Distribution } from './distribution.ts';
import { as_size, broadcast_all, check_list, positive_dim, type Shape, sum_rightmost } from './shapes.ts';

export interface TransformOptions {
  cache_size?: number;
}

const cache_arguments = signature<TransformOptions>('Transform', [['cache_size', 0]]);
const with_cache_arguments = signature<TransformOptions>('with_cache', [['cache_size', 1]]);
const jacobian_arguments = signature<JacobianParameters>('log_abs_det_jacobian', ['x', 'y']);
const shape_arguments = signature<{ shape: Shape }>('forward_shape', ['shape']);

interface JacobianParameters {
  x: Tensor;
  y: Tensor;
}
type JacobianArguments = Arguments<JacobianParameters, ['x', 'y']>;
type ShapeArguments = Arguments<{ shape: Shape }, ['shape']>;
type CacheArguments = Arguments<TransformOptions, ['cache_size']>;

/** The sign of a transform's derivative: a number, or a tensor where parameters decide. */
export type Sign = number | Tensor;

function tensor_argument(name: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new TypeError(`argument '${name}' must be Tensor, not ${type_name(value)}`);
}

/** An object that can be called, as `nn.Module`'s: the constructor gives back a function with the class's prototype. */
class CallableTransform {
  constructor() {
    const self = ((x: Tensor) => self.__call__(tensor_argument('input', x))) as unknown as Transform;
    Object.setPrototypeOf(self, new.target.prototype as object);
    // A function's own `name` and `length` would hide and refuse properties of these names.
    Reflect.deleteProperty(self, 'name');
    Reflect.deleteProperty(self, 'length');
    return self as unknown as this;
  }
}

export interface Transform {
  /** Transforms `x`; with `cache_size` 1 the last result is kept, and its inverse is what it came from. */
  (x: Tensor): Tensor;
}

/**
 * A transformation of tensors. A subclass defines `domain`, `codomain`, `_call`, and if they are there `_inverse` and
 * `log_abs_det_jacobian`; it is then called as a function, and `transform.inv` is called to go back.
 *
 * @param cache_size with 1, the last pair of input and output is remembered, so that going back gives the very tensor
 *   that was transformed (default: 0)
 * @throws ValueError for any other `cache_size`
 */
export class Transform extends CallableTransform {
  /** Does every value of the codomain come from one value of the domain? */
  get bijective(): boolean {
    return false;
  }

  /** What may be transformed. */
  get domain(): Constraint {
    throw new NotImplementedError('');
  }
  /** What comes out. */
  get codomain(): Constraint {
    throw new NotImplementedError('');
  }
  readonly _cache_size: number;
  #inverse: Transform | undefined;
  #cached: readonly [x: Tensor, y: Tensor] | undefined;

  constructor(...args: CacheArguments) {
    const { cache_size } = cache_arguments(args);
    if (cache_size !== 0 && cache_size !== 1) throw new ValueError('cache_size must be 0 or 1');
    super();
    this._cache_size = cache_size;
  }

  /** How many dimensions at the right are transformed together. */
  get event_dim(): number {
    if (this.domain.event_dim === this.codomain.event_dim) return this.domain.event_dim;
    throw new ValueError('Please use either .domain.event_dim or .codomain.event_dim');
  }

  /** The inverse, a transform too: `t.inv.inv` is `t`. */
  get inv(): Transform {
    return (this.#inverse ??= new _InverseTransform(this));
  }

  /** Whether the transform is rising (1) or falling (-1), of bijective ones on numbers. */
  get sign(): Sign {
    throw new NotImplementedError('');
  }

  /** The same transform with another cache. */
  with_cache(...args: CacheArguments): Transform {
    const { cache_size } = with_cache_arguments(args);
    return cache_size === this._cache_size ? this : this._with_cache(cache_size);
  }

  protected _with_cache(cache_size: number): Transform {
    return new (this.constructor as new (options: TransformOptions) => Transform)({ cache_size });
  }

  /** Whether `other` is the same transform. */
  __eq__(other: unknown): boolean {
    return other === this || (other instanceof Transform && other.constructor === this.constructor);
  }

  /** What calling the transform does. */
  __call__(x: Tensor): Tensor {
    if (this._cache_size === 0) return this._call(x);
    if (this.#cached?.[0] === x) return this.#cached[1];
    const y = this._call(x);
    this.#cached = [x, y];
    return y;
  }

  /** What calling the inverse does. */
  _inv_call(y: Tensor): Tensor {
    if (this._cache_size === 0) return this._inverse(y);
    if (this.#cached?.[1] === y) return this.#cached[0];
    const x = this._inverse(y);
    this.#cached = [x, y];
    return x;
  }

  /** Computes the transform; for subclasses. */
  protected _call(x: Tensor): Tensor {
    void x;
    throw new NotImplementedError('');
  }

  /** Computes the inverse; for subclasses. */
  protected _inverse(y: Tensor): Tensor {
    void y;
    throw new NotImplementedError('');
  }

  /**
   * The logarithm of the absolute determinant of the Jacobian, `log |dy/dx|`.
   * @throws NotImplementedError where it is not known
   */
  log_abs_det_jacobian(...args: JacobianArguments): Tensor {
    const { x, y } = jacobian_arguments(args);
    return this._log_abs_det_jacobian(tensor_argument('x', x), tensor_argument('y', y));
  }

  protected _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    void x;
    void y;
    throw new NotImplementedError('');
  }

  /** The shape of what comes out for an input of this shape. */
  forward_shape(...args: ShapeArguments): Size {
    return this._forward_shape(as_size(shape_arguments(args).shape));
  }

  /** The shape of the input that leads to an output of this shape. */
  inverse_shape(...args: ShapeArguments): Size {
    return this._inverse_shape(as_size(shape_arguments(args).shape));
  }

  protected _forward_shape(shape: Size): Size {
    return shape;
  }

  protected _inverse_shape(shape: Size): Size {
    return shape;
  }

  override toString(): string {
    return `${this.constructor.name}()`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

class _InverseTransform extends Transform {
  readonly #of: Transform;

  constructor(transform: Transform) {
    super({ cache_size: transform._cache_size });
    this.#of = transform;
  }

  override get bijective(): boolean {
    return this.#of.bijective;
  }
  override get domain(): Constraint {
    return this.#of.codomain;
  }
  override get codomain(): Constraint {
    return this.#of.domain;
  }
  override get sign(): Sign {
    return this.#of.sign;
  }
  override get inv(): Transform {
    return this.#of;
  }
  protected override _with_cache(cache_size: number): Transform {
    return this.#of.with_cache(cache_size).inv;
  }
  override __eq__(other: unknown): boolean {
    return other instanceof _InverseTransform && this.#of.__eq__(other.#of);
  }
  override __call__(x: Tensor): Tensor {
    return this.#of._inv_call(x);
  }
  override _inv_call(y: Tensor): Tensor {
    return this.#of(y);
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return this.#of.log_abs_det_jacobian(y, x).neg();
  }
  protected override _forward_shape(shape: Size): Size {
    return this.#of.inverse_shape(shape);
  }
  protected override _inverse_shape(shape: Size): Size {
    return this.#of.forward_shape(shape);
  }
  override toString(): string {
    return `_InverseTransform(${String(this.#of)})`;
  }
}

function product_of_signs(signs: readonly Sign[]): Sign {
  return signs.reduce((product, sign) => {
    if (typeof product === 'number') return typeof sign === 'number' ? product * sign : sign.mul(product);
    return product.mul(sign);
  }, 1);
}

interface ComposeParameters extends TransformOptions {
  parts: readonly Transform[];
}
const compose_arguments = signature<ComposeParameters>('ComposeTransform', ['parts', ['cache_size', 0]]);

/**
 * Several transforms, one after the other.
 * @param parts the transforms, the first one first
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ComposeTransform
 */
export class ComposeTransform extends Transform {
  readonly parts: readonly Transform[];
  #inverse: ComposeTransform | undefined;

  constructor(...args: Arguments<ComposeParameters, ['parts', 'cache_size']>) {
    const { parts, cache_size } = compose_arguments(args);
    check_list(parts);
    super({ cache_size });
    this.parts = cache_size === 0 ? [...parts] : parts.map((part) => part.with_cache(cache_size));
  }

  override get domain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let event_dim = parts[parts.length - 1]!.codomain.event_dim;
    for (const part of [...parts].reverse()) {
      event_dim = Math.max(event_dim + part.domain.event_dim - part.codomain.event_dim, part.domain.event_dim);
    }
    return with_event_dim(parts[0]!.domain, event_dim);
  }

  override get codomain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let event_dim = parts[0]!.domain.event_dim;
    for (const part of parts) {
      event_dim = Math.max(event_dim + part.codomain.event_dim - part.domain.event_dim, part.codomain.event_dim);
    }
    return with_event_dim(parts[parts.length - 1]!.codomain, event_dim);
  }

  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  override get sign(): Sign {
    return product_of_signs(this.parts.map((part) => part.sign));
  }

  override get inv(): Transform {
    if (this.#inverse === undefined) {
      this.#inverse = new ComposeTransform([...this.parts].reverse().map((part) => part.inv));
      this.#inverse.#inverse = this;
    }
    return this.#inverse;
  }

  protected override _with_cache(cache_size: number): Transform {
    return new ComposeTransform(this.parts, cache_size);
  }

  override __eq__(other: unknown): boolean {
    if (!(other instanceof ComposeTransform) || other.parts.length !== this.parts.length) return false;
    return this.parts.every((part, i) => part.__eq__(other.parts[i]));
  }

  override __call__(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part(value), x);
  }

  override _inv_call(y: Tensor): Tensor {
    return this.inv(y);
  }

  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const { parts } = this;
    if (parts.length === 0) return aten.zeros_like(x);
    let { event_dim } = this.domain;
    let sum: Tensor | undefined;
    let input = x;
    parts.forEach((part, i) => {
      const output = i === parts.length - 1 ? y : part(input);
      const term = sum_rightmost(part.log_abs_det_jacobian(input, output), event_dim - part.domain.event_dim);
      sum = sum === undefined ? term : sum.add(term);
      event_dim += part.codomain.event_dim - part.domain.event_dim;
      input = output;
    });
    return sum!;
  }

  protected override _forward_shape(shape: Size): Size {
    return this.parts.reduce((sizes, part) => part.forward_shape(sizes), shape);
  }

  protected override _inverse_shape(shape: Size): Size {
    return this.parts.reduceRight((sizes, part) => part.inverse_shape(sizes), shape);
  }

  override toString(): string {
    return `ComposeTransform(\n    ${this.parts.map(String).join(',\n    ')}\n)`;
  }
}

/** The constraint with more dimensions that belong together, so that there are `event_dim`. */
function with_event_dim(constraint: Constraint, event_dim: number): Constraint {
  const more = event_dim - constraint.event_dim;
  return more > 0 ? constraints.independent(constraint, more) : constraint;
}

/** The transform that changes nothing. */
export const identity_transform: ComposeTransform = new ComposeTransform([]);

interface IndependentParameters extends TransformOptions {
  base_transform: Transform;
  reinterpreted_batch_ndims: number;
}
const independent_arguments = signature<IndependentParameters>('IndependentTransform', [
  'base_transform',
  'reinterpreted_batch_ndims',
  ['cache_size', 0],
]);

/**
 * A transform whose last `reinterpreted_batch_ndims` dimensions count as one value: its Jacobian is summed over them.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.IndependentTransform
 */
export class IndependentTransform extends Transform {
  readonly base_transform: Transform;
  readonly reinterpreted_batch_ndims: number;

  constructor(
    ...args: Arguments<IndependentParameters, ['base_transform', 'reinterpreted_batch_ndims', 'cache_size']>
  ) {
    const { base_transform, reinterpreted_batch_ndims, cache_size } = independent_arguments(args);
    if (!(base_transform instanceof Transform)) {
      throw new AttributeError(`'${type_name(base_transform)}' object has no attribute 'with_cache'`);
    }
    super({ cache_size });
    this.base_transform = base_transform.with_cache(cache_size);
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims;
  }

  protected override _with_cache(cache_size: number): Transform {
    return new IndependentTransform(this.base_transform, this.reinterpreted_batch_ndims, { cache_size });
  }
  override __eq__(other: unknown): boolean {
    return other === this;
  }
  override get domain(): Constraint {
    return constraints.independent(this.base_transform.domain, this.reinterpreted_batch_ndims);
  }
  override get codomain(): Constraint {
    return constraints.independent(this.base_transform.codomain, this.reinterpreted_batch_ndims);
  }
  override get bijective(): boolean {
    return this.base_transform.bijective;
  }
  override get sign(): Sign {
    return this.base_transform.sign;
  }

  protected override _call(x: Tensor): Tensor {
    if (x.ndim < this.domain.event_dim) throw new ValueError('Too few dimensions on input');
    return this.base_transform(x);
  }
  protected override _inverse(y: Tensor): Tensor {
    if (y.ndim < this.codomain.event_dim) throw new ValueError('Too few dimensions on input');
    return this.base_transform.inv(y);
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return sum_rightmost(this.base_transform.log_abs_det_jacobian(x, y), this.reinterpreted_batch_ndims);
  }
  protected override _forward_shape(shape: Size): Size {
    return this.base_transform.forward_shape(shape);
  }
  protected override _inverse_shape(shape: Size): Size {
    return this.base_transform.inverse_shape(shape);
  }
  override toString(): string {
    return `IndependentTransform(${String(this.base_transform)}, ${this.reinterpreted_batch_ndims})`;
  }
}

interface ReshapeParameters extends TransformOptions {
  in_shape: Shape;
  out_shape: Shape;
}
const reshape_arguments = signature<ReshapeParameters>('ReshapeTransform', [
  'in_shape',
  'out_shape',
  ['cache_size', 0],
]);

/**
 * Gives the last dimensions another shape.
 * @throws ValueError if the two shapes have different numbers of elements
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ReshapeTransform
 */
export class ReshapeTransform extends Transform {
  readonly in_shape: Size;
  readonly out_shape: Size;

  constructor(...args: Arguments<ReshapeParameters, ['in_shape', 'out_shape', 'cache_size']>) {
    const { in_shape, out_shape, cache_size } = reshape_arguments(args);
    super({ cache_size });
    this.in_shape = as_size(in_shape);
    this.out_shape = as_size(out_shape);
    if (this.in_shape.numel() !== this.out_shape.numel()) {
      throw new ValueError('in_shape, out_shape have different numbers of elements');
    }
  }

  override get bijective(): boolean {
    return true;
  }
  override get domain(): Constraint {
    return constraints.independent(constraints.real, this.in_shape.length);
  }
  override get codomain(): Constraint {
    return constraints.independent(constraints.real, this.out_shape.length);
  }
  override __eq__(other: unknown): boolean {
    return other === this;
  }
  protected override _with_cache(cache_size: number): Transform {
    return new ReshapeTransform(this.in_shape, this.out_shape, { cache_size });
  }
  protected override _call(x: Tensor): Tensor {
    return x.reshape([...x.shape.slice(0, x.ndim - this.in_shape.length), ...this.out_shape]);
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.reshape([...y.shape.slice(0, y.ndim - this.out_shape.length), ...this.in_shape]);
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return x.new_zeros(x.shape.slice(0, x.ndim - this.in_shape.length));
  }
  protected override _forward_shape(shape: Size): Size {
    return reshaped(shape, this.in_shape, this.out_shape);
  }
  protected override _inverse_shape(shape: Size): Size {
    return reshaped(shape, this.out_shape, this.in_shape);
  }
}

function reshaped(shape: Size, from: Size, to: Size): Size {
  if (shape.length < from.length) throw new ValueError('Too few dimensions on input');
  const cut = shape.length - from.length;
  const last = shape.slice(cut);
  if (!last.equals(from)) throw new ValueError(`Shape mismatch: expected ${size_text(last)} but got ${String(from)}`);
  return shape.slice(0, cut).concat(to);
}

function size_text(shape: Size): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** `exp(x)`. */
export class ExpTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real;
  }
  override get codomain(): Constraint {
    return constraints.positive;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return 1;
  }
  protected override _call(x: Tensor): Tensor {
    return x.exp();
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.log();
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return x;
  }
}

interface PowerParameters extends TransformOptions {
  exponent: Tensor | number;
}
const power_arguments = signature<PowerParameters>('PowerTransform', ['exponent', ['cache_size', 0]]);

/** `x ** exponent` for positive `x`. */
export class PowerTransform extends Transform {
  readonly exponent: Tensor;

  constructor(...args: Arguments<PowerParameters, ['exponent', 'cache_size']>) {
    const { exponent, cache_size } = power_arguments(args);
    super({ cache_size });
    [this.exponent] = broadcast_all(exponent);
  }

  override get domain(): Constraint {
    return constraints.positive;
  }
  override get codomain(): Constraint {
    return constraints.positive;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return this.exponent.sign();
  }
  protected override _with_cache(cache_size: number): Transform {
    return new PowerTransform(this.exponent, { cache_size });
  }
  override __eq__(other: unknown): boolean {
    return other instanceof PowerTransform && same_bound(this.exponent, other.exponent);
  }
  protected override _call(x: Tensor): Tensor {
    return x.pow(this.exponent);
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.pow(this.exponent.reciprocal());
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    return this.exponent.mul(y).div(x).abs().log();
  }
  protected override _forward_shape(shape: Size): Size {
    return broadcast_shapes(shape, this.exponent.shape);
  }
  protected override _inverse_shape(shape: Size): Size {
    return broadcast_shapes(shape, this.exponent.shape);
  }
}

/** The logistic function, kept away from 0 and 1. */
function clipped_sigmoid(x: Tensor): Tensor {
  const { tiny, eps } = new finfo(x.dtype);
  return x.sigmoid().clamp(tiny, 1 - eps);
}

/** `1 / (1 + exp(-x))`. */
export class SigmoidTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real;
  }
  override get codomain(): Constraint {
    return constraints.unit_interval;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return 1;
  }
  protected override _call(x: Tensor): Tensor {
    return clipped_sigmoid(x);
  }
  protected override _inverse(y: Tensor): Tensor {
    const { tiny, eps } = new finfo(y.dtype);
    const inside = y.clamp(tiny, 1 - eps);
    return inside.log().sub(inside.neg().log1p());
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return softplus(x.neg()).neg().sub(softplus(x));
  }
}

/** `log(1 + exp(x))`. */
export class SoftplusTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real;
  }
  override get codomain(): Constraint {
    return constraints.positive;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return 1;
  }
  protected override _call(x: Tensor): Tensor {
    return softplus(x);
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y);
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return softplus(x.neg()).neg();
  }
}

const minus_one_to_one = _float_bounds(constraints.interval(-1, 1));

/** `tanh(x)`. Near -1 and 1 its inverse is inexact: use a cache. */
export class TanhTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real;
  }
  override get codomain(): Constraint {
    return minus_one_to_one;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return 1;
  }
  protected override _call(x: Tensor): Tensor {
    return x.tanh();
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.atanh();
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return aten.rsub(x, Math.LN2).sub(softplus(x.mul(-2))).mul(2);
  }
}

/** `|x|`, whose inverse gives the positive value. */
export class AbsTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real;
  }
  override get codomain(): Constraint {
    return constraints.positive;
  }
  protected override _call(x: Tensor): Tensor {
    return x.abs();
  }
  protected override _inverse(y: Tensor): Tensor {
    return y;
  }
}

interface AffineParameters extends TransformOptions {
  loc: Bound;
  scale: Bound;
  event_dim?: number;
}
const affine_arguments = signature<AffineParameters>('AffineTransform', [
  'loc',
  'scale',
  ['event_dim', 0],
  ['cache_size', 0],
]);

/**
 * `loc + scale * x`.
 * @param event_dim how many dimensions belong to one value (default: 0)
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.AffineTransform
 */
export class AffineTransform extends Transform {
  readonly loc: Bound;
  readonly scale: Bound;
  readonly #event_dim: number;

  constructor(...args: Arguments<AffineParameters, ['loc', 'scale', 'event_dim', 'cache_size']>) {
    const { loc, scale, event_dim, cache_size } = affine_arguments(args);
    super({ cache_size });
    this.loc = loc;
    this.scale = scale;
    this.#event_dim = event_dim;
  }

  override get event_dim(): number {
    return this.#event_dim;
  }
  override get domain(): Constraint {
    return with_event_dim(constraints.real, this.#event_dim);
  }
  override get codomain(): Constraint {
    return this.domain;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return typeof this.scale === 'number' ? Math.sign(this.scale) : this.scale.sign();
  }
  protected override _with_cache(cache_size: number): Transform {
    return new AffineTransform(this.loc, this.scale, this.#event_dim, { cache_size });
  }
  override __eq__(other: unknown): boolean {
    return other instanceof AffineTransform && same_bound(this.loc, other.loc) && same_bound(this.scale, other.scale);
  }
  protected override _call(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.loc);
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale);
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    let { shape } = x;
    let result =
      typeof this.scale === 'number' ? aten.full_like(x, Math.log(Math.abs(this.scale))) : this.scale.abs().log();
    if (this.#event_dim > 0) {
      result = result.view([...result.shape.slice(0, -this.#event_dim), -1]).sum(-1);
      shape = shape.slice(0, -this.#event_dim);
    }
    return result.expand(shape);
  }
  protected override _forward_shape(shape: Size): Size {
    return broadcast_shapes(shape, shape_of(this.loc), shape_of(this.scale));
  }
  protected override _inverse_shape(shape: Size): Size {
    return this._forward_shape(shape);
  }
}

function shape_of(bound: Bound): Shape {
  return typeof bound === 'number' ? [] : bound.shape;
}

function same_bound(a: Bound, b: Bound): boolean {
  if (typeof a !== 'number') return Boolean(a.eq(b).all().item());
  return typeof b === 'number' ? a === b : same_bound(b, a);
}

/** The shape with the last sizes replaced; fails where there are too few. */
function last_sizes(shape: Size, count: number, last: (sizes: Size) => number[]): Size {
  if (shape.length < count) throw new ValueError('Too few dimensions on input');
  const cut = shape.length - count;
  return shape.slice(0, cut).concat(last(shape.slice(cut)));
}

/** The lower triangle of square matrices, without the diagonals above `diagonal`, row after row. */
function triangle_to_vector(matrix: Tensor, diagonal: number): Tensor {
  const n = matrix.size(-1);
  const [rows, columns] = aten.tril_indices(n, n, diagonal, { device: matrix.device }).unbind(0);
  return matrix.index(['...', rows!, columns!]);
}

/** Strictly lower triangular matrices from their elements. */
function vector_to_triangle(vector: Tensor): Tensor {
  const elements = vector.size(-1);
  const n = matrix_size(elements);
  if (n === undefined) {
    throw new ValueError(
      `The size of last dimension is ${elements} which cannot be expressed as the lower triangular part of a square ` +
        'D x D matrix.',
    );
  }
  const [rows, columns] = aten.tril_indices(n, n, -1, { device: vector.device }).unbind(0);
  const matrix = vector.new_zeros([...vector.shape.slice(0, -1), n, n]);
  return matrix.index_put_(['...', rows!, columns!], vector);
}

/** The n for which `n * (n - 1) / 2` elements are below the diagonal, if there is one. */
function matrix_size(elements: number): number | undefined {
  const n = Math.round((0.25 + 2 * elements) ** 0.5 + 0.5);
  return (n * (n - 1)) / 2 === elements ? n : undefined;
}

/**
 * From `n * (n - 1) / 2` real numbers to the Cholesky factor of a correlation matrix of n rows: each row is a point on
 * the unit sphere, found by breaking a stick with the hyperbolic tangents of the numbers.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CorrCholeskyTransform
 */
export class CorrCholeskyTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real_vector;
  }
  override get codomain(): Constraint {
    return constraints.corr_cholesky;
  }
  override get bijective(): boolean {
    return true;
  }
  protected override _call(x: Tensor): Tensor {
    const { eps } = new finfo(x.dtype);
    const partial = vector_to_triangle(x.tanh().clamp(-1 + eps, 1 - eps));
    const rest = aten.rsub(partial.pow(2), 1).sqrt().cumprod(-1);
    const n = partial.size(-1);
    const with_diagonal = partial.add(aten.eye(n, { dtype: x.dtype, device: x.device }));
    return with_diagonal.mul(pad(rest.narrow(-1, 0, n - 1), [1, 0], { value: 1 }));
  }
  protected override _inverse(y: Tensor): Tensor {
    const rest = aten.rsub(y.mul(y).cumsum(-1), 1);
    const before = pad(rest.narrow(-1, 0, y.size(-1) - 1), [1, 0], { value: 1 });
    const t = triangle_to_vector(y, -1).div(triangle_to_vector(before, -1).sqrt());
    return t.log1p().sub(t.neg().log1p()).div(2);
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const rest = aten.rsub(y.mul(y).cumsum(-1), 1);
    const sticks = triangle_to_vector(rest, -2).log().sum(-1).mul(0.5);
    const tanh = x.add(softplus(x.mul(-2))).sub(Math.LN2).sum(-1).mul(-2);
    return sticks.add(tanh);
  }
  protected override _forward_shape(shape: Size): Size {
    return last_sizes(shape, 1, ([elements]) => {
      const n = matrix_size(elements!);
      if (n === undefined) throw new ValueError('Input is not a flattened lower-diagonal number');
      return [n, n];
    });
  }
  protected override _inverse_shape(shape: Size): Size {
    return last_sizes(shape, 2, ([rows, columns]) => {
      if (rows !== columns) throw new ValueError('Input is not square');
      return [(rows! * (rows! - 1)) / 2];
    });
  }
}

/** Softmax over the last dimension; not one to one, since a constant added to `x` changes nothing. */
export class SoftmaxTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real_vector;
  }
  override get codomain(): Constraint {
    return constraints.simplex;
  }
  protected override _call(x: Tensor): Tensor {
    const weights = x.sub(x.max(-1, true).values).exp();
    return weights.div(weights.sum(-1, true));
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.log();
  }
  protected override _forward_shape(shape: Size): Size {
    return last_sizes(shape, 1, (last) => last);
  }
  protected override _inverse_shape(shape: Size): Size {
    return last_sizes(shape, 1, (last) => last);
  }
}

/** The logarithms of how many parts of the stick are left, itself included. */
function log_parts_left(like: Tensor, count: number): Tensor {
  return aten.rsub(like.new_ones([count]).cumsum(-1), count + 1).log();
}

/**
 * From n real numbers to n + 1 that sum to 1: each breaks off its share of what is left of a stick.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.StickBreakingTransform
 */
export class StickBreakingTransform extends Transform {
  override get domain(): Constraint {
    return constraints.real_vector;
  }
  override get codomain(): Constraint {
    return constraints.simplex;
  }
  override get bijective(): boolean {
    return true;
  }
  protected override _call(x: Tensor): Tensor {
    const share = clipped_sigmoid(x.sub(log_parts_left(x, x.size(-1))));
    const left = aten.rsub(share, 1).cumprod(-1);
    return pad(share, [0, 1], { value: 1 }).mul(pad(left, [1, 0], { value: 1 }));
  }
  protected override _inverse(y: Tensor): Tensor {
    const count = y.size(-1) - 1;
    const broken = y.narrow(-1, 0, count);
    const left = aten.rsub(broken.cumsum(-1), 1).clamp(new finfo(y.dtype).tiny);
    return broken.log().sub(left.log()).add(log_parts_left(broken, count));
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const count = x.size(-1);
    const shifted = x.sub(log_parts_left(x, count));
    return shifted.neg().add(logsigmoid(shifted)).add(y.narrow(-1, 0, count).log()).sum(-1);
  }
  protected override _forward_shape(shape: Size): Size {
    return last_sizes(shape, 1, ([n]) => [n! + 1]);
  }
  protected override _inverse_shape(shape: Size): Size {
    return last_sizes(shape, 1, ([n]) => [n! - 1]);
  }
}

const real_matrix = constraints.independent(constraints.real, 2);

/** The lower triangle of a square matrix, with the exponential of its diagonal. */
export class LowerCholeskyTransform extends Transform {
  override get domain(): Constraint {
    return real_matrix;
  }
  override get codomain(): Constraint {
    return constraints.lower_cholesky;
  }
  protected override _call(x: Tensor): Tensor {
    return x.tril(-1).add(x.diagonal(0, -2, -1).exp().diag_embed());
  }
  protected override _inverse(y: Tensor): Tensor {
    return y.tril(-1).add(y.diagonal(0, -2, -1).log().diag_embed());
  }
}

/** From square matrices to positive definite ones, by way of `LowerCholeskyTransform`. */
export class PositiveDefiniteTransform extends Transform {
  override get domain(): Constraint {
    return real_matrix;
  }
  override get codomain(): Constraint {
    return constraints.positive_definite;
  }
  protected override _call(x: Tensor): Tensor {
    const factor = new LowerCholeskyTransform()(x);
    return factor.matmul(factor.mT);
  }
  protected override _inverse(y: Tensor): Tensor {
    return new LowerCholeskyTransform().inv(aten.linalg_cholesky(y));
  }
}

function check_transforms(tseq: readonly Transform[]): void {
  check_list(tseq);
  if (tseq.every((one) => one instanceof Transform)) return;
  throw new AssertionError('All elements of tseq must be Transform instances');
}

interface CatParameters extends TransformOptions {
  tseq: readonly Transform[];
  dim?: number;
  lengths?: readonly number[] | null;
}
const cat_arguments = signature<CatParameters>('CatTransform', [
  'tseq',
  ['dim', 0],
  ['lengths', null],
  ['cache_size', 0],
]);

/**
 * Transforms side by side along a dimension, each for as many entries as `lengths` says (one, if that is not given).
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CatTransform
 */
export class CatTransform extends Transform {
  readonly transforms: readonly Transform[];
  readonly lengths: readonly number[];
  readonly dim: number;

  constructor(...args: Arguments<CatParameters, ['tseq', 'dim', 'lengths', 'cache_size']>) {
    const { tseq, dim, lengths, cache_size } = cat_arguments(args);
    check_transforms(tseq);
    super({ cache_size });
    this.transforms = cache_size === 0 ? [...tseq] : tseq.map((one) => one.with_cache(cache_size));
    this.lengths = lengths ?? tseq.map(() => 1);
    this.dim = dim;
    if (this.lengths.length !== this.transforms.length) {
      throw new AssertionError(
        `lengths (${this.lengths.length}) must match transforms (${this.transforms.length})`,
      );
    }
  }

  override get event_dim(): number {
    return Math.max(...this.transforms.map((one) => one.event_dim));
  }
  /** How many entries the dimension has. */
  override get length(): number {
    return this.lengths.reduce((sum, one) => sum + one, 0);
  }
  override get bijective(): boolean {
    return this.transforms.every((one) => one.bijective);
  }
  override get domain(): Constraint {
    return constraints.cat(this.transforms.map((one) => one.domain), this.dim, this.lengths);
  }
  override get codomain(): Constraint {
    return constraints.cat(this.transforms.map((one) => one.codomain), this.dim, this.lengths);
  }
  protected override _with_cache(cache_size: number): Transform {
    return new CatTransform(this.transforms, this.dim, this.lengths, { cache_size });
  }

  #parts(x: Tensor, name: string): Tensor[] {
    positive_dim(this.dim, x);
    if (x.size(this.dim) !== this.length) {
      throw new AssertionError(
        `${name}.size(${this.dim}) = ${x.size(this.dim)} must equal length ${this.length}`,
      );
    }
    let start = 0;
    return this.lengths.map((length) => {
      start += length;
      return x.narrow(this.dim, start - length, length);
    });
  }

  protected override _call(x: Tensor): Tensor {
    return aten.cat(this.#parts(x, 'x').map((part, i) => this.transforms[i]!(part)), this.dim);
  }
  protected override _inverse(y: Tensor): Tensor {
    return aten.cat(this.#parts(y, 'y').map((part, i) => this.transforms[i]!.inv(part)), this.dim);
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const outputs = this.#parts(y, 'y');
    const terms = this.#parts(x, 'x').map((part, i) => {
      const one = this.transforms[i]!;
      return sum_rightmost(one.log_abs_det_jacobian(part, outputs[i]!), this.event_dim - one.event_dim);
    });
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + this.event_dim;
    return dim < 0 ? aten.cat(terms, dim) : terms.reduce((sum, term) => sum.add(term));
  }
}

interface StackParameters extends TransformOptions {
  tseq: readonly Transform[];
  dim?: number;
}
const stack_arguments = signature<StackParameters>('StackTransform', ['tseq', ['dim', 0], ['cache_size', 0]]);

/**
 * Transforms side by side, one for each entry of a dimension.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.StackTransform
 */
export class StackTransform extends Transform {
  readonly transforms: readonly Transform[];
  readonly dim: number;

  constructor(...args: Arguments<StackParameters, ['tseq', 'dim', 'cache_size']>) {
    const { tseq, dim, cache_size } = stack_arguments(args);
    check_transforms(tseq);
    super({ cache_size });
    this.transforms = cache_size === 0 ? [...tseq] : tseq.map((one) => one.with_cache(cache_size));
    this.dim = dim;
  }

  override get bijective(): boolean {
    return this.transforms.every((one) => one.bijective);
  }
  override get domain(): Constraint {
    return constraints.stack(this.transforms.map((one) => one.domain), this.dim);
  }
  override get codomain(): Constraint {
    return constraints.stack(this.transforms.map((one) => one.codomain), this.dim);
  }
  protected override _with_cache(cache_size: number): Transform {
    return new StackTransform(this.transforms, this.dim, { cache_size });
  }

  #parts(x: Tensor, name: string): Tensor[] {
    positive_dim(this.dim, x);
    if (x.size(this.dim) !== this.transforms.length) {
      throw new AssertionError(
        `${name}.size(${this.dim}) = ${x.size(this.dim)} must equal len(transforms) ${this.transforms.length}`,
      );
    }
    return x.unbind(this.dim);
  }

  protected override _call(x: Tensor): Tensor {
    return aten.stack(this.#parts(x, 'x').map((part, i) => this.transforms[i]!(part)), this.dim);
  }
  protected override _inverse(y: Tensor): Tensor {
    return aten.stack(this.#parts(y, 'y').map((part, i) => this.transforms[i]!.inv(part)), this.dim);
  }
  protected override _log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    const outputs = this.#parts(y, 'y');
    const terms = this.#parts(x, 'x').map((part, i) => this.transforms[i]!.log_abs_det_jacobian(part, outputs[i]!));
    return aten.stack(terms, this.dim);
  }
}

interface CumulativeParameters extends TransformOptions {
  distribution: Distribution;
}
const cumulative_arguments = signature<CumulativeParameters>('CumulativeDistributionTransform', [
  'distribution',
  ['cache_size', 0],
]);

/**
 * The cumulative distribution function of a distribution.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CumulativeDistributionTransform
 */
export class CumulativeDistributionTransform extends Transform {
  readonly distribution: Distribution;

  constructor(...args: Arguments<CumulativeParameters, ['distribution', 'cache_size']>) {
    const { distribution, cache_size } = cumulative_arguments(args);
    super({ cache_size });
    this.distribution = distribution;
  }

  override get domain(): Constraint {
    return this.distribution.support;
  }
  override get codomain(): Constraint {
    return constraints.unit_interval;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): Sign {
    return 1;
  }
  protected override _with_cache(cache_size: number): Transform {
    return new CumulativeDistributionTransform(this.distribution, { cache_size });
  }
  protected override _call(x: Tensor): Tensor {
    return this.distribution.cdf(x);
  }
  protected override _inverse(y: Tensor): Tensor {
    return this.distribution.icdf(y);
  }
  protected override _log_abs_det_jacobian(x: Tensor): Tensor {
    return this.distribution.log_prob(x);
  }
}
