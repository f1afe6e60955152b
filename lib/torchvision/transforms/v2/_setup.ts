/** What constructors of version 2 make of their arguments, beside what those of version 1 do. */
import { TypeError, ValueError } from '../../../errors.ts';
import { str, type_name } from '../../../repr.ts';

/** @throws ValueError for another count of numbers than sides can be given in */
export function check_padding_arg(padding: unknown): void {
  if (typeof padding !== 'number' && !(Array.isArray(padding) && [1, 2, 4].includes(padding.length))) {
    throw new ValueError(`Padding must be an int or a 1, 2, or 4 element of tuple or list, got ${str(padding)}.`);
  }
}

/** A list of one or two numbers as two. */
export function setup_pair(arg: unknown, name: string): [number, number] {
  if (typeof arg === 'number') return [arg, arg];
  if (!Array.isArray(arg) && typeof arg !== 'string') {
    throw new TypeError(`${name} should be a number or a sequence of numbers. Got ${type_name(arg)}`);
  }
  if (arg.length !== 1 && arg.length !== 2) {
    throw new ValueError(`If ${name} is a sequence its length should be 1 or 2. Got ${arg.length}`);
  }
  const numbers = [...arg] as readonly unknown[];
  if (numbers.some((one) => typeof one !== 'number')) {
    throw new ValueError(`${name} should be a sequence of numbers. Got ${type_name(arg)}`);
  }
  return [numbers[0] as number, numbers[numbers.length - 1] as number];
}

/** @throws ValueError for what is no chance */
export function check_chance(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new ValueError('`p` should be a floating point value in the interval [0.0, 1.0].');
  }
}
