/** The objects of the library of which each thread has its own, one for each name: dtypes and the like. */
import * as dtypes from '../../../../dtype.ts';
import * as layouts from '../../../../layout.ts';
import { default_generator } from '../../../../random.ts';
import { default_collate, default_convert } from '../collate.ts';

const by_name = new Map<string, object>(
  Object.entries({
    default_collate,
    default_convert,
    default_generator,
    ...Object.fromEntries(
      [...Object.entries(dtypes), ...Object.entries(layouts)].filter(
        ([, value]) =>
          value instanceof dtypes.dtype || value instanceof layouts.layout || value instanceof layouts.memory_format,
      ),
    ),
  }),
);
const names = new Map(Array.from(by_name, ([name, value]) => [value, name]));

/** The name of a constant; undefined for anything else. */
export function constant_name(value: object): string | undefined {
  return names.get(value);
}

/** The constant of that name. */
export function constant_named(name: string): object {
  return by_name.get(name)!;
}
