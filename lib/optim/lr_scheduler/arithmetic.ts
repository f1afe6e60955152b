/**
 * Python's arithmetic on learning rates, which are numbers or tensors: to the last bit, so that a schedule has the same
 * numbers here and there.
 */
import { ZeroDivisionError } from '../../errors.ts';
import { native } from '../../native.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';

/** A learning rate, a momentum or another option that a schedule changes: a number, or a tensor of one element. */
export type Rate = number | Tensor;

/** `a * b` */
export function times(a: Rate, b: Rate): Rate {
  if (a instanceof Tensor) return a.mul(b as Tensor);
  return b instanceof Tensor ? b.mul(a) : a * b;
}

/** `a + b` */
export function plus(a: Rate, b: Rate): Rate {
  if (a instanceof Tensor) return a.add(b as Tensor);
  return b instanceof Tensor ? b.add(a) : a + b;
}

/** `a - b` */
export function minus(a: Rate, b: Rate): Rate {
  if (a instanceof Tensor) return a.sub(b as Tensor);
  return b instanceof Tensor ? aten.rsub(b, a) : a - b;
}

/** `a / b` for floats */
export function quotient(a: number, b: number): number;
export function quotient(a: Rate, b: number): Rate;
export function quotient(a: Rate, b: number): Rate {
  if (a instanceof Tensor) return a.div(b);
  if (b === 0) throw new ZeroDivisionError('float division by zero');
  return a / b;
}

/** `a / b` for two ints */
export function true_quotient(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('division by zero');
  return a / b;
}

/** `a // b` */
export function floor_quotient(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('integer division or modulo by zero');
  return Math.floor(a / b);
}

/** `a % b`, which has the sign of `b` */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new ZeroDivisionError('integer modulo by zero');
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** `base ** exponent`: exact for two ints, as the C library has it for others. */
export function power(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw new ZeroDivisionError('0.0 cannot be raised to a negative power');
  const result = native.c_pow(base, exponent);
  const exact = Number.isInteger(base) && Number.isInteger(exponent) && exponent >= 0;
  // What a double holds exactly, the C library computes exactly.
  if (!exact || Math.abs(result) <= Number.MAX_SAFE_INTEGER || !Number.isFinite(result)) return result;
  return Number(BigInt(base) ** BigInt(exponent));
}

/** `math.cos(x)` */
export function cos(x: number): number {
  return native.c_cos(x);
}

/** `math.log(x, base)` */
export function log(x: number, base: number): number {
  return native.c_log(x) / native.c_log(base);
}

/** `max(a, b)` */
export function larger(a: number, b: number): number {
  return b > a ? b : a;
}

/** `min(a, b)` */
export function smaller(a: number, b: number): number {
  return b < a ? b : a;
}

/** How many of the numbers, which are in order, are not above `limit`: Python's `bisect.bisect_right`. */
export function bisect_right(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limit < numbers[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
