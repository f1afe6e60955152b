/**
 * Names for classes and functions that another thread can find them by: the module and the text of its source. Python
 * names them by module and name; JavaScript keeps neither the module nor what it exports, but its debugger knows which
 * file a function comes from.
 */
import { Session } from 'node:inspector';
import { isProxy } from 'node:util/types';
import { TypeError } from '../../../../errors.ts';

/** A class or a function. */
export type Callable = (abstract new (...args: never[]) => unknown) | ((...args: never[]) => unknown);

/** What names a class or a function in another thread. */
export interface Reference {
  /** The module that exports it; null for what JavaScript itself has. */
  readonly url: string | null;
  readonly name: string;
  /** Its source, by which it is recognized among the module's exports. */
  readonly source: string;
  /** Did the program name the module itself, in `__module__`? Then its word counts for more than the source. */
  readonly named: boolean;
  /** Where it was found, such as `dataset.transform.transforms[1]`. */
  readonly path: string;
}

/** A class or function that says which module exports it. */
interface Named {
  readonly __module__?: unknown;
  readonly __qualname__?: unknown;
}

/** The name that `value` has, or is exported under where it says so. */
function name_of(value: Callable): string {
  const own = Object.hasOwn(value, '__qualname__') ? (value as Named).__qualname__ : value.name;
  return typeof own === 'string' ? own : '';
}

/** `value` as messages call it. */
export function describe(value: Callable): string {
  const kind = is_class(value) ? 'class' : 'function';
  const name = name_of(value);
  return name === '' ? `a ${kind} without a name` : `${kind} ${name}`;
}

/** The text of a class or function. */
export function source_of(value: Callable): string {
  return Function.prototype.toString.call(value);
}

/** Is it a class, as opposed to a function? */
export function is_class(value: Callable): boolean {
  return /^class\b/.test(source_of(value));
}

const locations = new WeakMap<Callable, string>();

/** Files of scripts by the number that the debugger gives them, while it is asked. */
interface Asked {
  readonly session: Session;
  readonly urls: Map<string, string>;
}

/** Under this name a function is put into the global scope for a moment, where the debugger can see it. */
const PLACE = '__tstorch_located';

function ask<T>(session: Session, method: string, parameters: object): T | undefined {
  let answer: T | undefined;
  // Answers of the debugger of one's own thread come before `post` returns.
  (session.post as (method: string, parameters: object, done: (error: unknown, result: T) => void) => void).call(
    session,
    method,
    parameters,
    (error, result) => {
      if (!error) answer = result;
    },
  );
  return answer;
}

function locate({ session, urls }: Asked, value: Callable): string | null {
  const global = globalThis as Record<string, unknown>;
  Object.defineProperty(global, PLACE, { value, configurable: true, enumerable: false });
  try {
    const found = ask<{ result: { objectId?: string } }>(session, 'Runtime.evaluate', {
      expression: `globalThis.${PLACE}`,
    });
    const objectId = found?.result.objectId;
    if (objectId === undefined) return null;
    const properties = ask<{ internalProperties?: { name: string; value?: { value?: { scriptId: string } } }[] }>(
      session,
      'Runtime.getProperties',
      { objectId, ownProperties: true },
    );
    const location = properties?.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    return (location && urls.get(location.scriptId)) ?? null;
  } finally {
    delete global[PLACE];
  }
}

/** Finds the modules of several classes and functions at once: starting the debugger takes some milliseconds. */
function locate_all(values: readonly Callable[]): void {
  const unknown = values.filter((value) => !locations.has(value));
  if (unknown.length === 0) return;
  const session = new Session();
  const urls = new Map<string, string>();
  try {
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    ask(session, 'Debugger.enable', {});
    for (const value of unknown) locations.set(value, locate({ session, urls }, value) ?? '');
  } catch {
    // A Node without a debugger: `__module__` has to say it.
    for (const value of unknown) locations.set(value, '');
  } finally {
    session.disconnect();
  }
}

/** A file's path, as some tools name scripts, as an address. */
function as_url(location: string): string {
  return location.startsWith('/') ? `file://${encodeURI(location)}` : location;
}

const REMEDY = 'export it from a module of its own';

/** A class or function to be named, and where it was found. */
export interface Found {
  readonly value: Callable;
  readonly path: string;
}

/**
 * Names classes and functions for another thread.
 *
 * @throws TypeError for what no other thread can find, with where it was found
 */
export function references_to(found: readonly Found[]): Reference[] {
  const modules = found.map(({ value }) => {
    const named = Object.hasOwn(value, '__module__') ? (value as Named).__module__ : undefined;
    return typeof named === 'string' || named instanceof URL ? String(named) : null;
  });
  const is_global = ({ value }: Found): boolean =>
    (globalThis as Record<string, unknown>)[value.name] === value && /\{\s*\[native code\]\s*\}$/.test(source_of(value));
  locate_all(found.filter((one, i) => modules[i] === null && !is_global(one)).map(({ value }) => value));

  return found.map((one, i) => {
    const { value, path } = one;
    const name = name_of(value);
    if (isProxy(value)) throw new TypeError(`${path}: a Proxy cannot be sent to a worker`);
    const named = modules[i] ?? null;
    if (named === null && is_global(one)) return { url: null, name, source: '', named: false, path };
    const url = named ?? as_url(locations.get(value) ?? '');
    if (!/^(file|data|node|https?):/.test(url)) {
      throw new TypeError(
        `${path}: ${describe(value)} cannot be sent to a worker, since it is not known which module it belongs to: ` +
          `${REMEDY}, and say so with \`static __module__ = import.meta.url\` (a function: \`f.__module__ = ...\`)`,
      );
    }
    if (name === '' && named === null) {
      throw new TypeError(
        `${path}: ${describe(value)} cannot be sent to a worker, which could not find it in any module: give it a ` +
          `name and ${REMEDY}`,
      );
    }
    return { url, name, source: source_of(value), named: named !== null, path };
  });
}

/** What a module exports. */
type Namespace = Readonly<Record<string, unknown>>;

function is_callable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** The exports of a module, and those of the modules that it exports whole. */
function* exports_of(namespace: Namespace): Iterable<unknown> {
  for (const value of Object.values(namespace)) {
    yield value;
    const tag = (value as { [Symbol.toStringTag]?: unknown } | null | undefined)?.[Symbol.toStringTag];
    if (typeof value === 'object' && tag === 'Module') yield* Object.values(value as Namespace);
  }
}

/**
 * The export of a module that a reference names.
 *
 * @throws TypeError if there is none
 */
export function find_export(namespace: Namespace, { url, name, source, named, path }: Reference): Callable {
  const under_name = namespace[name];
  if (is_callable(under_name) && (named || source_of(under_name) === source)) return under_name;
  for (const value of exports_of(namespace)) if (is_callable(value) && source_of(value) === source) return value;
  const what = /^class\b/.test(source) ? 'class' : 'function';
  throw new TypeError(
    `${path}: a worker needs ${what} ${name}, and ${url} does not export it: export it there under this name` +
      (named ? '' : ' (what is made inside of another function cannot be sent to a worker)'),
  );
}

/** A class or function of JavaScript itself. */
export function find_global({ name, path }: Reference): Callable {
  const value = (globalThis as Record<string, unknown>)[name];
  if (is_callable(value)) return value;
  throw new TypeError(`${path}: there is no ${name} in a worker`);
}
