import { IndexError, TypeError, ValueError } from '../../errors.ts';
import { Module } from './module.ts';

/** A class whose instances answer to `x[0]`, `x[-1]`, `x['1:3']` and `x.name`. */
export interface Indexable {
  __getitem__(index: number | string): unknown;
  __setitem__(index: number | string, value: unknown): void;
  /** The item of a name, or undefined. */
  _get_named(name: string): unknown;
}

/** Does this name an item by its place, or a range of items? */
export function is_index(key: string): boolean {
  return /^-?\d+$/.test(key) || key.includes(':');
}

function index_of(key: string): number | string {
  return key.includes(':') ? key : Number(key);
}

const handler: ProxyHandler<object> = {
  get(target, key, receiver: Indexable): unknown {
    if (typeof key === 'string') {
      if (is_index(key)) return receiver.__getitem__(index_of(key));
      if (!(key in target)) return receiver._get_named(key);
    }
    return Reflect.get(target, key, receiver);
  },

  set(target, key, value: unknown, receiver: Indexable & Module): boolean {
    if (typeof key === 'string') {
      if (is_index(key)) {
        receiver.__setitem__(index_of(key), value);
        return true;
      }
      if (value instanceof Module) {
        receiver.add_module(key, value);
        return true;
      }
    }
    return Reflect.set(target, key, value, receiver);
  },
};

/**
 * Makes `x[0]` mean `x.__getitem__(0)` for the instances of a class. What does it stands *behind* the class's own
 * prototype, so that everything the class defines is found first and costs nothing extra.
 */
export function make_indexable(cls: { prototype: Indexable & Module }): void {
  const base = Object.getPrototypeOf(cls.prototype) as object;
  Object.setPrototypeOf(cls.prototype, new Proxy(Object.create(base) as object, handler));
}

/**
 * The place that an index means in a list of `length` items.
 * @throws IndexError if there is no such place
 */
export function absolute_index(index: number, length: number): number {
  if (!Number.isInteger(index)) throw new TypeError(`indices must be whole numbers or slices, not ${String(index)}`);
  if (index < -length || index >= length) throw new IndexError(`index ${index} is out of range`);
  return index < 0 ? index + length : index;
}

/**
 * The places that a slice such as `1:3`, `:-1` or `::2` means in a list of `length` items.
 * @throws ValueError if it is not one
 */
export function slice_indices(text: string, length: number): number[] {
  const parts = text.split(':').map((part) => part.trim());
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => !/^([+-]?\d+)?$/.test(part))) {
    throw new ValueError(`'${text}' is not a slice; write it as 'start:stop' or 'start:stop:step'`);
  }
  const [start, stop, step = 1] = parts.map((part) => (part === '' ? undefined : Number(part)));
  if (step === 0) throw new ValueError('slice step cannot be zero');
  const lowest = step > 0 ? 0 : -1;
  const highest = step > 0 ? length : length - 1;
  const clip = (place: number): number => Math.min(Math.max(place < 0 ? place + length : place, lowest), highest);
  const first = start === undefined ? (step > 0 ? lowest : highest) : clip(start);
  const end = stop === undefined ? (step > 0 ? highest : lowest) : clip(stop);
  const result: number[] = [];
  for (let i = first; step > 0 ? i < end : i > end; i += step) result.push(i);
  return result;
}
