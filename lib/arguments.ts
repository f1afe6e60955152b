/**
 * Python's calling convention for what is written in TypeScript: every parameter by position or by name, the names
 * in a trailing plain object. Operators of LibTorch do not come through here; their schemas are matched natively.
 */
import { compile_reader, type Reader } from './compiled_reader.ts';
import { TypeError } from './errors.ts';
import { type_name } from './repr.ts';

/** A parameter: its name alone where it is required, with a default where it is not. */
export type ParameterSpec = string | readonly [name: string, default_value: unknown];

/**
 * Every way to call a function with parameters `P` whose names stand in the order `N`: any number of them by
 * position, the rest by name in a trailing object. Names of `P` that are not in `N` are keyword-only.
 */
export type Arguments<P, N extends readonly (keyof P)[], Done extends unknown[] = []> =
  | [...Done, kwargs: P]
  | ({} extends P ? Done : never)
  | (N extends readonly [infer H extends keyof P, ...infer T extends readonly (keyof P)[]]
      ? Arguments<Omit<P, H>, Extract<T, readonly (keyof Omit<P, H>)[]>, [...Done, P[H]]>
      : never);

/** Is this the trailing object of keyword arguments? Class instances, arrays and functions never are. */
export function is_kwargs(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  let prototype: unknown;
  try {
    prototype = Object.getPrototypeOf(value);
  } catch {
    return false; // a proxy that does not let itself be asked
  }
  return prototype === Object.prototype || prototype === null;
}

/** `value instanceof Class`, for values of which nothing is known: a proxy may refuse the question. */
export function is_instance<T>(value: unknown, Class: abstract new (...args: never) => T): value is T {
  try {
    return value instanceof Class;
  } catch {
    return false;
  }
}

/** `Array.isArray(value)`, for values of which nothing is known: a proxy that was revoked refuses the question. */
export function is_array(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** A keyword argument; its getter may throw. */
function read(name: string, kwargs: Record<string, unknown>, key: string): unknown {
  try {
    return kwargs[key];
  } catch (cause) {
    throw new TypeError(`${name}(): argument '${key}' cannot be read`, { cause });
  }
}

/** Fails if `value` is a proxy that does not let itself be looked at; whoever used it would fail with less to go by. */
function check_readable(name: string, key: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  try {
    void (Object.getPrototypeOf(value) as object | null)?.constructor;
    void value.constructor;
  } catch (cause) {
    throw new TypeError(`${name}(): argument '${key}' cannot be read`, { cause });
  }
}

function is_readable(value: unknown): boolean {
  try {
    check_readable('', '', value);
    return true;
  } catch {
    return false;
  }
}

/** What an argument has to be. */
export interface Requirement {
  /** What errors call it: `'Tensor'`, `'tuple of ints'`. */
  readonly expected: string;
  fits(value: unknown): boolean;
}

/** An error that says what an argument should have been. */
export function wrong_type(name: string, argument: string, expected: string, value: unknown): TypeError {
  let type = 'object';
  try {
    type = type_name(value);
  } catch {
    // a proxy that does not let itself be asked
  }
  return new TypeError(`${name}(): argument '${argument}' must be ${expected}, not ${type}`);
}

/** A reader that is used as often gets compiled. That takes half a millisecond, and saves 0.2 µs a call from then on. */
const CALLS_UNTIL_COMPILED = 1000;

/** How many arguments a function takes by position, in Python's words. */
function counts_text(positional: readonly ParameterSpec[]): string {
  const least = positional.filter((spec) => typeof spec === 'string').length;
  const most = positional.length;
  if (least !== most) return `from ${least} to ${most} positional arguments`;
  return most === 1 ? '1 positional argument' : `${most} positional arguments`;
}

/** What is missing, in Python's words. */
function missing_text(names: readonly string[], keyword_only: ReadonlySet<string>): string {
  const by_position = names.filter((name) => !keyword_only.has(name));
  const shown = (by_position.length > 0 ? by_position : names).map((name) => `'${name}'`);
  const kind = by_position.length > 0 ? 'positional' : 'keyword-only';
  const last = shown[shown.length - 1]!;
  const list =
    shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')}${shown.length > 2 ? ',' : ''} and ${last}`;
  return `missing ${shown.length} required ${kind} argument${shown.length === 1 ? '' : 's'}: ${list}`;
}

/**
 * Makes the argument reader of one function: `parse(args)` gives an object with every parameter by name, defaults
 * filled in. `undefined` counts as not given, as everywhere in JavaScript.
 *
 * @param name what error messages call the function
 * @param positional parameters that may be given by position or by name, in order
 * @param keyword_only parameters that may be given by name alone
 * @param requirement what each argument has to be, where there is more to ask than that it can be read
 * @throws TypeError (from the reader) for a missing, repeated, unknown, surplus or wrong argument
 */
export function signature<P extends object>(
  name: string,
  positional: readonly ParameterSpec[],
  keyword_only: readonly ParameterSpec[] = [],
  requirement: (spec: ParameterSpec) => Requirement | undefined = () => undefined,
): (args: readonly unknown[]) => Required<P> {
  const specs = [...positional, ...keyword_only];
  const names = specs.map((spec) => (typeof spec === 'string' ? spec : spec[0]));
  const required = names.filter((_, i) => typeof specs[i] === 'string');
  const requirements = specs.map(requirement);
  const known = new Set(names);
  const counts = counts_text(positional);
  // Every call starts from a copy of this: V8 copies an object with all its properties in one step.
  const defaults: Record<string, unknown> = {};
  specs.forEach((spec, i) => (defaults[names[i]!] = typeof spec === 'string' ? undefined : spec[1]));

  function read_named(kwargs: Record<string, unknown>, result: Record<string, unknown>, args: readonly unknown[]): void {
    for (let i = 0; i < names.length; i++) {
      const key = names[i]!;
      const named = read(name, kwargs, key);
      if (named === undefined) continue;
      if (i < args.length - 1 && args[i] !== undefined) {
        throw new TypeError(`${name}() got multiple values for argument '${key}'`);
      }
      check_readable(name, key, named);
      result[key] = named;
    }
    for (const key in kwargs) {
      if (known.has(key)) continue;
      throw new TypeError(`${name}() got an unexpected keyword argument '${key}'; valid ones are: ${names.join(', ')}`);
    }
  }

  function fail_for_missing(result: Record<string, unknown>): void {
    const missing = required.filter((key) => result[key] === undefined);
    if (missing.length === 0) return;
    throw new TypeError(`${name}() ${missing_text(missing, new Set(names.slice(positional.length)))}`);
  }

  function check_types(result: Record<string, unknown>): void {
    for (let i = 0; i < names.length; i++) {
      const value = result[names[i]!];
      // Defaults are as they should be.
      if (requirements[i] === undefined || value === defaults[names[i]!] || requirements[i]!.fits(value)) continue;
      throw wrong_type(name, names[i]!, requirements[i]!.expected, value);
    }
  }

  function read_any(args: readonly unknown[]): Record<string, unknown> {
    let count = args.length;
    let kwargs: Record<string, unknown> | undefined;
    if (count > 0 && is_kwargs(args[count - 1])) kwargs = args[--count] as Record<string, unknown>;
    if (count > positional.length) throw new TypeError(`${name}() takes ${counts} but ${count} were given`);
    const result = { ...defaults };
    for (let i = 0; i < count; i++) {
      const value = args[i];
      if (value === undefined) continue;
      check_readable(name, names[i]!, value);
      result[names[i]!] = value;
    }
    if (kwargs !== undefined) read_named(kwargs, result, args);
    for (let i = 0; i < required.length; i++) if (result[required[i]!] === undefined) fail_for_missing(result);
    check_types(result);
    return result;
  }

  function compiled(): Reader | null {
    const parameters = specs.map((spec, i) => {
      const fits = requirements[i] === undefined ? is_readable : requirements[i].fits;
      return { name: names[i]!, required: typeof spec === 'string', default_value: defaults[names[i]!], fits };
    });
    return compile_reader(parameters, positional.length, is_kwargs, read_any);
  }

  let calls = 0;
  let read_args: Reader = (args) => {
    if (++calls === CALLS_UNTIL_COMPILED) read_args = compiled() ?? read_any;
    return read_any(args);
  };
  return (args) => read_args(args) as Required<P>;
}
