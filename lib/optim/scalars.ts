/**
 * Numbers that may be numbers of JavaScript or tensors of one element, such as learning rates and counts of steps:
 * computed with as Python does, which is in the tensor's precision as soon as one of the two is a tensor.
 */
import { float32, float64, get_default_dtype } from '../dtype.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';

/** A number or a tensor of one element. */
export type Num = number | Tensor;

/** `x + y` */
export function add(x: Num, y: Num): Num {
  if (x instanceof Tensor) return x.add(y as Tensor);
  return y instanceof Tensor ? y.add(x) : x + y;
}

/** `x - y` */
export function subtract(x: Num, y: Num): Num {
  if (x instanceof Tensor) return x.sub(y as Tensor);
  return y instanceof Tensor ? aten.rsub(y, x) : x - y;
}

/** `x * y` */
export function multiply(x: Num, y: Num): Num {
  if (x instanceof Tensor) return x.mul(y as Tensor);
  return y instanceof Tensor ? y.mul(x) : x * y;
}

/** `x / y`; a number by a tensor is the number times the tensor's reciprocal. */
export function divide(x: Num, y: Num): Num {
  if (x instanceof Tensor) return x.div(y as Tensor);
  return y instanceof Tensor ? y.reciprocal().mul(x) : x / y;
}

/** `x ** y`, of numbers as C computes it. */
export function power(x: Num, y: Num): Num {
  if (x instanceof Tensor) return x.pow(y as Tensor);
  return y instanceof Tensor ? aten.pow(x, y) : native.c_pow(x, y);
}

/** `-x` */
export function negate(x: Num): Num {
  return x instanceof Tensor ? x.neg() : -x;
}

/** `1 - x` */
export function complement(x: Num): Num {
  return subtract(1, x);
}

/** `abs(x)` */
export function magnitude(x: Num): Num {
  return x instanceof Tensor ? x.abs() : Math.abs(x);
}

/** `x < y` */
export function is_less(x: Num, y: Num): boolean {
  if (x instanceof Tensor) return x.lt(y as Tensor).item() as unknown as boolean;
  return y instanceof Tensor ? (y.gt(x).item() as unknown as boolean) : x < y;
}

/** `x <= y` */
export function is_at_most(x: Num, y: Num): boolean {
  if (x instanceof Tensor) return x.le(y as Tensor).item() as unknown as boolean;
  return y instanceof Tensor ? (y.ge(x).item() as unknown as boolean) : x <= y;
}

/** The first of the least. */
export function least(x: Num, y: Num): Num {
  return is_less(y, x) ? y : x;
}

/** The first of the greatest. */
export function greatest(x: Num, y: Num): Num {
  return is_less(x, y) ? y : x;
}

/**
 * `x` in the precision of the default dtype. Python makes such a tensor of it on the way to one that may be more
 * precise, as those in a state are that has been loaded for parameters of float64.
 */
export function default_rounded(x: number): number {
  const dtype = get_default_dtype();
  if (dtype === float64) return x;
  return dtype === float32 ? Math.fround(x) : aten.scalar_tensor(x, { dtype }).item();
}

/** The dtype of numbers that optimizers keep in tensors of their own. */
function number_dtype(fused: boolean): typeof float32 {
  return !fused && get_default_dtype() === float64 ? float64 : float32;
}

/** Where such a number is. */
export interface NumberPlace {
  /** A step on the device is to read the number. */
  capturable?: boolean;
  /** A fused operator is to read it. */
  fused?: boolean | null;
}

/** A number that an optimizer keeps of a parameter. It is on the CPU, where it is read, unless the device reads it. */
export function number_tensor(place: NumberPlace, param: Tensor, value: number): Tensor {
  const on_device = place.capturable || place.fused;
  return aten.scalar_tensor(value, {
    dtype: number_dtype(Boolean(place.fused)),
    device: on_device ? param.device : 'cpu',
  });
}
