/** Options of artists: their second names, and what is not known. */
import { is_kwargs } from '../arguments.ts';
import { AttributeError, TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';

/** @throws TypeError if these are no options */
export function check_options(name: string, options: unknown): void {
  if (!is_kwargs(options)) throw new TypeError(`${name}: options are a plain object, not ${type_name(options)}`);
}

/**
 * Options under their full names.
 * @param artist what errors call the artist
 * @param valid the full names
 * @param aliases short names of some
 * @throws TypeError if one is given twice
 * @throws AttributeError if one is not known
 */
export function full_names<T extends object>(
  artist: string,
  options: object,
  valid: readonly (keyof T & string)[],
  aliases: Readonly<Record<string, keyof T & string>> = {},
): T {
  check_options(artist, options);
  const result: Partial<Record<string, unknown>> = {};
  const names: Record<string, string> = {};
  for (const [given, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const name = Object.hasOwn(aliases, given) ? aliases[given]! : given;
    if (!(valid as readonly string[]).includes(name)) {
      throw new AttributeError(`${artist}.set() got an unexpected keyword argument '${given}'`);
    }
    if (name in result) {
      throw new TypeError(`Got both '${names[name]}' and '${given}', which are aliases of one another`);
    }
    result[name] = value;
    names[name] = given;
  }
  return result as T;
}
