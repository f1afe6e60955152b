/**
 * The built-ins of Python that ported code leans on: `range`, `enumerate`, `zip`, `len`, `print`, `str`, `repr`, `format`.
 * Nothing here needs LibTorch, so that a script may import it alone.
 *
 * @see https://docs.python.org/3/library/functions.html
 */
import { is_kwargs } from '../arguments.ts';
import { Complex } from '../complex.ts';
import { IndexError, TypeError, ValueError } from '../errors.ts';
import { format_number, format_text } from '../python_format_spec.ts';
import { repr as scalar_repr, type_name } from '../repr.ts';

/** What has a length in Python's sense. */
export interface Sized {
  __len__(): number;
}

/**
 * The number of items in `object`: what its `__len__` says, the characters of a string, the entries of an array,
 * typed array, `Map`, `Set` or plain object, the `length` of anything else that has one (a tensor, a loader).
 *
 * @throws TypeError for an object without a length
 */
export function len(object: unknown): number {
  if (typeof object === 'string') {
    let count = 0;
    for (const _ of object) count++;
    return count;
  }
  if ((typeof object === 'object' && object !== null) || typeof object === 'function') {
    const sized = object as { __len__?: unknown; length?: unknown; size?: unknown };
    if (typeof sized.__len__ === 'function') return (sized as Sized).__len__();
    if (object instanceof Map || object instanceof Set) return object.size;
    // A function's own `length` counts its parameters; a module that has a length defines it in its class.
    if (typeof object === 'object' || !Object.hasOwn(object, 'length')) {
      if (typeof sized.length === 'number') return sized.length;
    }
    if (is_kwargs(object)) return Object.keys(object).length;
  }
  throw new TypeError(`object of type '${type_name(object)}' has no len()`);
}

/** The iterator of an iterable; an iterator is its own. */
export function iter<T>(object: Iterable<T> | Iterator<T>): Iterator<T> {
  if (typeof (object as Partial<Iterable<T>>)?.[Symbol.iterator] === 'function') {
    return (object as Iterable<T>)[Symbol.iterator]();
  }
  if (typeof (object as Partial<Iterator<T>>)?.next === 'function') return object as Iterator<T>;
  throw new TypeError(`'${type_name(object)}' object is not iterable`);
}

/** Whole numbers from `start` up to, not including, `stop`: can be walked any number of times and has a length. */
export class Range implements Iterable<number> {
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  constructor(start: number, stop: number, step: number) {
    for (const value of [start, stop, step]) {
      if (!Number.isInteger(value)) throw new TypeError(`range() takes whole numbers, but got ${String(value)}`);
    }
    if (step === 0) throw new ValueError('range() arg 3 must not be zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  __len__(): number {
    return this.length;
  }

  /** The number at `index`; a negative index counts from the end. */
  __getitem__(index: number): number {
    const position = index < 0 ? index + this.length : index;
    if (!(position >= 0 && position < this.length)) throw new IndexError('range object index out of range');
    return this.start + position * this.step;
  }

  at(index: number): number {
    return this.__getitem__(index);
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    const length = this.length;
    for (let i = 0; i < length; i++) yield this.start + i * this.step;
  }

  toString(): string {
    return this.step === 1 ? `range(${this.start}, ${this.stop})` : `range(${this.start}, ${this.stop}, ${this.step})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** `range(stop)`, `range(start, stop)`, `range(start, stop, step)`. */
export function range(stop: number): Range;
export function range(start: number, stop: number, step?: number): Range;
export function range(first: number, stop?: number, step = 1): Range {
  return stop === undefined ? new Range(0, first, step) : new Range(first, stop, step);
}

/** Pairs `[count, item]`, counting from `start`. */
export function* enumerate<T>(iterable: Iterable<T>, start: number | { start?: number } = 0): Generator<[number, T]> {
  let count = typeof start === 'number' ? start : (start.start ?? 0);
  for (const item of iterable) yield [count++, item];
}

type Zipped<T extends readonly Iterable<unknown>[]> = {
  -readonly [K in keyof T]: T[K] extends Iterable<infer Item> ? Item : never;
};

/** Walks several iterables side by side, up to the end of the shortest. */
export function* zip<T extends readonly Iterable<unknown>[]>(...iterables: T): Generator<Zipped<T>> {
  if (iterables.length === 0) return;
  const iterators = iterables.map((iterable) => iter(iterable));
  let open = iterators;
  try {
    while (true) {
      const row: unknown[] = [];
      for (const iterator of iterators) {
        const { done, value } = iterator.next();
        if (done) {
          open = iterators.filter((other) => other !== iterator);
          return;
        }
        row.push(value);
      }
      yield row as Zipped<T>;
    }
  } finally {
    for (const iterator of open) iterator.return?.();
  }
}

/**
 * A value as Python's `repr` writes it: strings in quotes, `None`, `True`, an array as a list, a plain object or `Map`
 * as a dict, everything else as it describes itself.
 */
export function repr(value: unknown): string {
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype)
    return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${Array.from(value, repr).join(', ')}}`;
  if (value instanceof Map && Object.getPrototypeOf(value) === Map.prototype) return dict_repr(value);
  if (is_kwargs(value)) return dict_repr(Object.entries(value));
  return scalar_repr(value);
}

function dict_repr(entries: Iterable<[unknown, unknown]>): string {
  return `{${Array.from(entries, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
}

/**
 * A value as Python's `str` writes it and `print` shows it: a string as it is, an error's message, what the value's own
 * `__str__` gives, and for anything else its `repr`.
 */
export function str(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.message;
  const own = (value as { __str__?: unknown } | null | undefined)?.__str__;
  return typeof own === 'function' ? (value as { __str__(): string }).__str__() : repr(value);
}

/**
 * A value as Python's `format(value, spec)` and `f"{value:spec}"` write it: a tensor, a number, a string. A number
 * without a fraction is an `int`, which makes no difference to `'.2f'` and the like.
 *
 * @throws ValueError for a specification that makes no sense for the value, TypeError where the value takes none
 * @see https://docs.python.org/3/library/functions.html#format
 */
export function format(value: unknown, format_spec: string = ''): string {
  if (typeof format_spec !== 'string') {
    throw new TypeError(`format() argument 2 must be str, not ${type_name(format_spec)}`);
  }
  if (typeof value === 'string') return format_text(value, format_spec);
  if (typeof value === 'number') {
    return format_number(value, format_spec, !Number.isInteger(value) || Object.is(value, -0));
  }
  if (typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Complex) {
    return format_number(value, format_spec, false);
  }
  const own = (value as { __format__?: unknown } | null | undefined)?.__format__;
  if (typeof own === 'function') return (value as { __format__(spec: string): string }).__format__(format_spec);
  if (format_spec === '') return str(value);
  throw new TypeError(`unsupported format string passed to ${type_name(value)}.__format__`);
}

/** What `print` takes by name. */
export interface PrintOptions {
  /** Written between the values; a space where nothing is said. */
  sep?: string;
  /** Written after the last value; a new line where nothing is said. */
  end?: string;
  /** Where to write; standard output where nothing is said. */
  file?: { write(text: string): unknown };
}

const print_options = new Set(['sep', 'end', 'file']);

function is_print_options(value: unknown): value is PrintOptions {
  if (!is_kwargs(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => print_options.has(name));
}

/** Writes values to standard output as Python's `print` does; `{ sep, end, file }` may come last. */
export function print(...values: unknown[]): void {
  const last = values.at(-1);
  const options: PrintOptions = is_print_options(last) ? (values.pop() as PrintOptions) : {};
  const { sep = ' ', end = '\n', file = process.stdout } = options;
  file.write(values.map(str).join(sep) + end);
}

/**
 * Seconds on a clock that never goes back; only differences mean anything, as with `timeit.default_timer`.
 *
 * @see https://docs.python.org/3/library/timeit.html#timeit.default_timer
 */
export function default_timer(): number {
  return performance.now() / 1000;
}
