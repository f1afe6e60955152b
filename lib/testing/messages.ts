/** The texts of `assert_close`'s errors. */
import { Complex } from '../complex.ts';
import { tensor } from '../creation.ts';
import { type dtype, float64 } from '../dtype.ts';
import { aten } from '../ops.ts';
import { py_format_fixed, py_float_repr } from '../python_format.ts';
import { Tensor } from '../tensor.ts';

/** What a message calls the things compared; a function changes the usual name. */
export type Identifier = string | ((usual: string) => string) | null;

export interface Tolerances {
  rtol: number;
  atol: number;
}

/** A number as Python shows it; `as_float` for one that is a float whatever its value. */
export function show_number(value: unknown, as_float = false): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'number') return String(value);
  return !as_float && Number.isInteger(value) && Math.abs(value) < 2 ** 53 ? String(value) : py_float_repr(value);
}

/** An element of a tensor of this dtype. */
function show_element(value: unknown, kind: dtype): string {
  return show_number(value, kind.is_floating_point);
}

/** `(1, 2)`, `(1,)` */
export function show_tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

function name(usual: string, identifier: Identifier): string {
  return typeof identifier === 'function' ? identifier(usual) : (identifier ?? usual);
}

interface Difference {
  text: string;
  /** Where it is; null for numbers. */
  index: readonly number[] | null;
}

function mismatch(
  identifier: string,
  extra: string,
  absolute: Difference,
  relative: Difference,
  { rtol, atol }: Tolerances,
): string {
  const exact = rtol === 0 && atol === 0;
  const line = (kind: string, { text, index }: Difference, tolerance: number): string => {
    const what =
      index === null
        ? `${kind[0]!.toUpperCase()}${kind.slice(1)} difference: ${text}`
        : `Greatest ${kind} difference: ${text} at index ${show_tuple(index)}`;
    return exact ? what : `${what} (up to ${show_number(tolerance)} allowed)`;
  };
  return [
    `${identifier} are not ${exact ? 'equal' : 'close'}!`,
    '',
    extra,
    line('absolute', absolute, atol),
    line('relative', relative, rtol),
  ].join('\n');
}

type AnyNumber = number | boolean | bigint | Complex;

function parts(value: AnyNumber): [real: number, imaginary: number] {
  return value instanceof Complex ? [value.real, value.imag] : [Number(value), 0];
}

/** The absolute value of a complex number, to the last digit as the C library has it: `Math.hypot` is less exact. */
function modulus(real: number, imaginary: number): number {
  const part = (value: number): Tensor => tensor(value, { dtype: float64 });
  return aten.hypot(part(real), part(imaginary)).item();
}

/** The absolute value of the difference. */
export function distance(a: AnyNumber, b: AnyNumber): number | bigint {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    if (typeof a !== 'number' || Number.isSafeInteger(a)) {
      const difference = BigInt(a as bigint) - BigInt(b as bigint);
      return difference < 0n ? -difference : difference;
    }
  }
  const [a_real, a_imaginary] = parts(a);
  const [b_real, b_imaginary] = parts(b);
  if (a instanceof Complex || b instanceof Complex) return modulus(a_real - b_real, a_imaginary - b_imaginary);
  return Math.abs(a_real - b_real);
}

/** The absolute value. */
export function size_of(value: AnyNumber): number {
  const [real, imaginary] = parts(value);
  return imaginary === 0 ? Math.abs(real) : modulus(real, imaginary);
}

/** @param as_float are the numbers floats, whatever their values? */
export function scalar_mismatch(
  actual: AnyNumber,
  expected: AnyNumber,
  as_float: boolean,
  tolerances: Tolerances,
  identifier: Identifier = null,
): string {
  const absolute = distance(actual, expected);
  const size = size_of(expected);
  const relative = size === 0 ? Infinity : Number(absolute) / size;
  const inexact = as_float || actual instanceof Complex || expected instanceof Complex;
  return mismatch(
    name('Scalars', identifier),
    `Expected ${show_number(expected, as_float)} but got ${show_number(actual, as_float)}.`,
    { text: show_number(absolute, inexact), index: null },
    { text: show_number(relative, true), index: null },
    tolerances,
  );
}

function unravel(flat: number, sizes: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...sizes].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** The greatest of the differences, where `matches` is false. */
function greatest(differences: Tensor, matches: Tensor, sizes: readonly number[]): Difference {
  const { values, indices } = aten.max(differences.masked_fill(matches, 0), 0);
  return { text: show_element(values.item(), values.dtype), index: unravel(indices.item(), sizes) };
}

export function tensor_mismatch(
  actual: Tensor,
  expected: Tensor,
  matches: Tensor,
  tolerances: Tolerances,
  identifier: Identifier = null,
): string {
  const count = matches.numel();
  const wrong = count - matches.sum().item();
  const extra = `Mismatched elements: ${wrong} / ${count} (${py_format_fixed((wrong / count) * 100, 1)}%)`;
  const usual = name('Tensor-likes', identifier);
  const { dtype } = actual;
  if (dtype.is_floating_point && dtype.itemsize === 1) {
    const [first] = aten.nonzero(matches.logical_not()).tolist() as number[][];
    return `${usual} are not 'equal'!\n\n${extra}\nThe first mismatched element is at index ${show_tuple(first!)}.`;
  }
  const flatten = (x: Tensor): Tensor => {
    const flat = x.detach().flatten();
    return dtype.is_floating_point || dtype.is_complex ? flat : flat.long();
  };
  const target = flatten(expected);
  const absolute = flatten(actual).sub(target).abs();
  const flat_matches = matches.flatten();
  const sizes = matches.shape;
  return mismatch(
    usual,
    extra,
    greatest(absolute, flat_matches, sizes),
    greatest(absolute.masked_fill(flat_matches, 0).div(target.abs()), flat_matches, sizes),
    tolerances,
  );
}
