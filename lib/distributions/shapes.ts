/** Shapes of batches and events, and arguments that are numbers or tensors. */
import { type Arguments, signature } from '../arguments.ts';
import { get_default_dtype } from '../dtype.ts';
import { AssertionError, AttributeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { tensor } from '../creation.ts';
import { type_name } from '../repr.ts';

/** A parameter of a distribution: a tensor, or a number for a tensor without dimensions. */
export type Value = Tensor | number | boolean;
/** Sizes of dimensions. */
export type Shape = readonly number[];

export interface SampleParameters {
  sample_shape?: Shape;
}
/** How `sample` and `rsample` are called: `sample([2, 3])`. */
export type SampleArguments = Arguments<SampleParameters, ['sample_shape']>;
/** How `log_prob`, `cdf` and `icdf` are called. */
export type ValueArguments = Arguments<{ value: Tensor }, ['value']>;
/** How `expand` is called: `expand([2, 3])`. */
export type ExpandArguments = Arguments<{ batch_shape: Shape }, ['batch_shape']>;

const sample_arguments = signature<SampleParameters>('sample', [['sample_shape', []]]);
const expand_arguments = signature<{ batch_shape: Shape }>('expand', ['batch_shape']);

/** `shape` as a `Size`; fails for anything but a list of whole numbers. */
export function as_size(shape: unknown): Size {
  check_list(shape);
  return shape instanceof Size ? shape : new Size(shape as number[]);
}

/** The argument of `sample` and `rsample`. */
export function sample_shape_of(args: readonly unknown[]): Size {
  return as_size(sample_arguments(args).sample_shape);
}

/** The argument of `expand`. */
export function batch_shape_of(args: readonly unknown[]): Size {
  return as_size(expand_arguments(args).batch_shape);
}

/** Parameters as tensors of one shape; numbers take the dtype and the device of the first tensor, if there is one. */
export function broadcast_all<T extends readonly unknown[]>(...values: T): { [K in keyof T]: Tensor } {
  let first: Tensor | undefined;
  for (const value of values) {
    if (value instanceof Tensor) first ??= value;
    else if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ValueError(
        'Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__.',
      );
    }
  }
  const options = { dtype: first?.dtype ?? get_default_dtype(), device: first?.device };
  const tensors = values.map((value) => (value instanceof Tensor ? value : tensor(value as number, options)));
  return (tensors.length === 1 ? tensors : aten.broadcast_tensors(tensors)) as { [K in keyof T]: Tensor };
}

/** The sum over the last `count` dimensions, whatever their sizes. */
export function sum_rightmost(value: Tensor, count: number): Tensor {
  if (count === 0) return value;
  return value.reshape([...value.shape.slice(0, value.ndim - count), -1]).sum(-1);
}

/** Fails for a dimension that `x` does not have; `what` is what errors call it. */
export function positive_dim(dim: number, x: Tensor, what = 'tensor'): void {
  if (dim >= -x.ndim && dim < x.ndim) return;
  throw new AssertionError(`dim ${dim} out of range for ${what} with ${x.ndim} dimensions`);
}

/** Half of a parameter; what is none is left for `broadcast_all` to refuse. */
export function half_of(value: Value): Value {
  if (value instanceof Tensor) return value.mul(0.5);
  return typeof value === 'number' || typeof value === 'boolean' ? 0.5 * Number(value) : value;
}

/** Fails for what is no tensor, as Python does where it asks for the number of dimensions. */
export function check_tensor(value: unknown): void {
  if (!(value instanceof Tensor)) throw new AttributeError(`'${type_name(value)}' object has no attribute 'dim'`);
}

/** Fails for what is no list. */
export function check_list(value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`'${type_name(value)}' object is not iterable`);
}
