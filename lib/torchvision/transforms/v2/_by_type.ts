/** Arguments that may differ from one kind of input to another. */
import type { dtype as DType } from '../../../dtype.ts';
import { TypeError } from '../../../errors.ts';
import type { Fill, Img } from '../functional.ts';
import type { Class } from './_kinds.ts';

/**
 * One value for every kind of input, or a `Map` with one for each class; `'others'` stands for all others. What is a
 * `dict` with classes for keys in Python is a `Map` here: keys of plain objects are text.
 */
export type ByType<T> = T | ReadonlyMap<Class | 'others', T>;

/** The entry for an input: that of its very class, or of the others. */
export function entry_for<T>(map: ReadonlyMap<Class | 'others', T>, inpt: object): { value: T } | undefined {
  const key = map.has(inpt.constructor as Class) ? (inpt.constructor as Class) : 'others';
  return map.has(key) ? { value: map.get(key) as T } : undefined;
}

/** What to fill with; one value, or one for each class. */
export type FillArgument = ByType<Fill>;

/** The colour to fill with for an input; none where a class has no entry. */
export function fill_for(fill: FillArgument, inpt: Img): Fill {
  if (!(fill instanceof Map)) return fill as Fill;
  return entry_for(fill as ReadonlyMap<Class | 'others', Fill>, inpt)?.value ?? null;
}

/** @throws TypeError for what is no colour */
export function check_fill<T extends FillArgument>(fill: T): T {
  const known = fill === null || typeof fill === 'number' || Array.isArray(fill) || fill instanceof Map;
  if (!known) {
    throw new TypeError('Got inappropriate fill arg, only Numbers, tuples, lists and dicts are allowed.');
  }
  return fill;
}

/** Dtypes by class, as `ToDtype` takes them. */
export type DTypeArgument = ByType<DType | null>;
