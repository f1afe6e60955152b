import { is_instance } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { repr, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';

/** One tensor, or any number of them. */
export type TensorOrTensors = Tensor | Iterable<Tensor>;

/** Can it be gone through? A proxy may refuse the question. */
export function is_iterable(value: unknown): value is Iterable<unknown> {
  try {
    return typeof (value as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === 'function';
  } catch {
    return false;
  }
}

/**
 * The tensors of an argument that is one or holds several.
 * @throws TypeError for anything else
 */
export function tensors_of(given: TensorOrTensors): Tensor[] {
  if (is_instance(given, Tensor)) return [given];
  if (!is_iterable(given)) {
    throw new TypeError(`'${type_name(given)}' object is not iterable`);
  }
  const tensors = [...given];
  for (const tensor of tensors) {
    if (!is_instance(tensor, Tensor)) throw new TypeError(`expected a Tensor, but got ${type_name(tensor)}`);
  }
  return tensors;
}

/**
 * The number that Python's `float(value)` gives; texts such as `'inf'` are read.
 * @throws TypeError for what is neither a number nor a text, ValueError for a text that is no number
 */
export function to_float(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (is_instance(value, Tensor)) return Number(value.item());
  if (typeof value !== 'string') {
    throw new TypeError(`float() argument must be a string or a real number, not '${type_name(value)}'`);
  }
  const text = value.trim().toLowerCase();
  const infinity = /^([+-]?)inf(inity)?$/.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(text)) return NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text)) {
    throw new ValueError(`could not convert string to float: ${repr(value)}`);
  }
  return Number(text);
}
