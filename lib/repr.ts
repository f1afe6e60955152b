/**
 * JavaScript values as Python writes them: `True`, `None`, `(3, 3)`, `'mean'`. Module and optimizer descriptions and
 * error messages are made of these.
 */
import { inspect } from 'node:util';
import { Complex } from './complex.ts';
import { py_float_repr } from './python_format.ts';

/** Longer arrays, which in JavaScript can be billions of holes, do not fit in a text. */
const LONGEST_LIST = 2 ** 20;

/** A string in quotes, as Python's `repr` quotes it: single ones, unless only double ones save a backslash. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const character of text) {
    if (character === quote || character === '\\') result += `\\${character}`;
    else if (character === '\n') result += '\\n';
    else if (character === '\r') result += '\\r';
    else if (character === '\t') result += '\\t';
    else if (character < ' ' || character === '\x7f') {
      result += `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    } else result += character;
  }
  return result + quote;
}

/** A plain array as a tuple: `(3, 3)`, `(3,)`. */
function tuple_repr(items: readonly unknown[]): string {
  return items.length === 1 ? `(${repr(items[0])},)` : `(${items.map(repr).join(', ')})`;
}

/**
 * Python's `repr` of a value. A number without a fraction is written as an `int`: where Python would hold a float,
 * say so with {@link float_str}. A plain array is written as a tuple: where Python would hold a list, use
 * {@link list_repr}. Whatever has a description of its own (a tensor, a dtype, a module) keeps it.
 */
export function repr(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'None';
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 1e16
        ? String(value)
        : py_float_repr(value);
    case 'string':
      return quoted(value);
    default:
      break;
  }
  if (value === null) return 'None';
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype) {
    return value.length > LONGEST_LIST ? `(<${value.length} items>)` : tuple_repr(value);
  }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return `{${Object.entries(value as object).map(([key, item]) => `${quoted(key)}: ${repr(item)}`).join(', ')}}`;
  }
  if (value instanceof Map && Object.getPrototypeOf(value) === Map.prototype) {
    return `{${Array.from(value, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
  }
  return inspect(value);
}

/** Python's `str` of a value, which is its `repr` without the quotes of a string. */
export function str(value: unknown): string {
  return typeof value === 'string' ? value : repr(value);
}

/** A value that Python would hold as a float, `1.0` and not `1`. Anything but a number is written as it is. */
export function float_str(value: unknown): string {
  return typeof value === 'number' ? py_float_repr(value) : str(value);
}

/** An array as Python writes a list: `['weight', 'bias']`. */
export function list_repr(items: readonly unknown[]): string {
  return `[${items.map(repr).join(', ')}]`;
}

/** What Python calls the type of a value, for messages: `int`, `str`, `NoneType`, the name of a class. */
export function type_name(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'NoneType';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'string':
      return 'str';
    default:
      break;
  }
  if (value === null) return 'NoneType';
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) return 'list';
    if (prototype === Object.prototype || prototype === null) return 'dict';
    if (prototype === Function.prototype) return 'function';
    if (prototype === Complex.prototype) return 'complex';
    return String((value as object).constructor.name);
  } catch {
    return 'object'; // a proxy that does not let itself be asked
  }
}
