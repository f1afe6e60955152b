/**
 * Packs a value for another thread, as Python pickles one for another process. Plain data is copied, tensors keep their
 * memory, an instance of a class goes as the class's name and its properties. As in Python an object may say itself how
 * it travels, with `__reduce__()` or `__getstate__()`.
 */
import { isProxy } from 'node:util/types';
import { RuntimeError, TypeError } from '../../../../errors.ts';
import { native } from '../../../../native.ts';
import { Tensor } from '../../../../tensor.ts';
import { constant_name } from './constants.ts';
import type { Encoded, Packed, Parcel, Properties } from './packed.ts';
import { type Callable, describe, type Found, is_class, references_to, source_of } from './references.ts';

/** What an object may define to say how it travels. */
interface Reducible {
  /** What to call with which arguments to get the object back, and perhaps a state to set then. */
  __reduce__?(): readonly [callee: Callable, args: readonly unknown[], state?: unknown];
  /** What to hand to `__setstate__` on the other side, or to set as properties. */
  __getstate__?(): unknown;
}

/** A class that can make an instance without running its constructor (Python's `cls.__new__(cls)`). */
export interface MakesBlanks {
  __new__(cls: Callable): object;
}

/** Classes whose instances the structured clone copies, if nothing was added to them. */
const cloned: ReadonlySet<unknown> = new Set(
  [
    Date, RegExp, ArrayBuffer, SharedArrayBuffer, DataView, Boolean, Number, String,
    Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
    Float64Array, BigInt64Array, BigUint64Array,
    Error, EvalError, RangeError, ReferenceError, SyntaxError, globalThis.TypeError, URIError,
  ].map((one) => one.prototype),
);

const nothing: Properties = { names: [], values: [], hidden: 0 };

/** How messages go on from `path` to a property. */
function below(path: string, key: string): string {
  if (path === '') return key;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** The first class of a chain with private members, which only a constructor can give an instance. */
function private_member(cls: Callable): [owner: Callable, member: string] | null {
  for (let one: unknown = cls; typeof one === 'function'; one = Object.getPrototypeOf(one) as unknown) {
    if (one === Function.prototype || Object.hasOwn(one, '__new__')) return null;
    const source = source_of(one as Callable);
    if (!source.includes('#')) continue;
    const member = /\.(#[\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(source)?.[1];
    if (member !== undefined) return [one as Callable, member];
  }
  return null;
}

class Packer {
  readonly #objects: Packed[] = [];
  readonly #places = new Map<unknown, number>();
  readonly #found: Found[] = [];
  readonly #plain = new Map<object, boolean>();
  /** Numbers of the tensors shared so far, to take back if packing fails. */
  readonly tokens: number[] = [];

  /** The classes and functions met, in the order of the parcel's references. */
  get callables(): Callable[] {
    return this.#found.map(({ value }) => value);
  }

  pack(value: unknown, path: string): Parcel {
    const root = this.#encode(value, path);
    return { root, objects: this.#objects, references: references_to(this.#found) };
  }

  #encode(value: unknown, path: string): Encoded {
    switch (typeof value) {
      case 'object':
        if (value === null) return null;
        break;
      case 'function':
      case 'symbol':
        break;
      default:
        return value as Encoded;
    }
    const known = this.#places.get(value);
    if (known !== undefined) return { link: known };
    // The place is taken first: the object may refer to itself.
    const place = this.#objects.length;
    this.#objects.push(undefined as unknown as Packed);
    this.#places.set(value, place);
    this.#objects[place] = this.#pack_object(value as object | symbol, path);
    return { link: place };
  }

  #pack_object(value: object | symbol, path: string): Packed {
    if (typeof value === 'symbol') {
      const key = Symbol.keyFor(value);
      if (key !== undefined) return { kind: 'symbol', key };
      throw new TypeError(`${path}: ${String(value)} cannot be sent to a worker: make it with Symbol.for()`);
    }
    if (isProxy(value)) throw new TypeError(`${path}: a Proxy cannot be sent to a worker`);
    const name = constant_name(value);
    if (name !== undefined) return { kind: 'constant', name };
    if (value instanceof Tensor) return this.#pack_tensor(value, path);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (typeof value === 'function' && is_function_kind(prototype)) return this.#pack_callable(value as Callable, path);
    if (this.#is_plain(value)) return { kind: 'raw', value };
    return this.#pack_parts(value, prototype, path);
  }

  #pack_parts(value: object, prototype: object | null, path: string): Packed {
    if (Array.isArray(value) && prototype === Array.prototype) {
      return { kind: 'array', items: this.#encode_all(value, path), of: null };
    }
    if (prototype === Object.prototype || prototype === null) {
      return { kind: 'object', bare: prototype === null, properties: this.#properties(value, path) };
    }
    const { __reduce__, __getstate__ } = value as Reducible;
    if (typeof __reduce__ === 'function') return this.#pack_reduced(value, __reduce__.call(value), path);
    if (prototype === Map.prototype || prototype === Set.prototype) return this.#pack_collection(value, null, path);

    const cls = (value as { constructor?: unknown }).constructor;
    if (typeof cls !== 'function' || (cls as { prototype?: unknown }).prototype !== prototype) {
      throw new TypeError(`${path}: an object that is no instance of its constructor cannot be sent to a worker`);
    }
    if (/\[native code\]\s*\}$/.test(source_of(cls as Callable))) {
      throw new TypeError(`${path}: a ${cls.name} cannot be sent to a worker`);
    }
    const hidden = private_member(cls as Callable);
    if (hidden !== null) {
      const [owner, member] = hidden;
      throw new TypeError(
        `${path}: an instance of ${cls.name} cannot be sent to a worker, since JavaScript hides the private member ` +
          `${member} of class ${owner.name}: use an ordinary name such as _${member.slice(1)}, or define ` +
          '__reduce__() { return [the class, its arguments]; }',
      );
    }
    if (typeof value === 'function' && typeof (cls as Partial<MakesBlanks>).__new__ !== 'function') {
      throw new TypeError(
        `${path}: an instance of ${cls.name} cannot be sent to a worker, since it is a function: define ` +
          '__reduce__() { return [the class, its arguments]; }, or a static __new__(cls) that makes an empty one',
      );
    }
    const of = this.#encode(cls, `${path}.constructor`);
    if (typeof __getstate__ === 'function') {
      return { kind: 'state', of, state: this.#encode(__getstate__.call(value), `${path}.__getstate__()`) };
    }
    if (Array.isArray(value)) return { kind: 'array', items: this.#encode_all(value, path), of };
    if (value instanceof Map || value instanceof Set) return this.#pack_collection(value, of, path);
    return { kind: 'instance', of, properties: this.#properties(value, path) };
  }

  #encode_all(items: readonly unknown[], path: string): Encoded[] {
    return Array.from(items, (item, i) => (is_simple(item) ? item : this.#encode(item, `${path}[${i}]`)));
  }

  #pack_collection(value: object, of: Encoded, path: string): Packed {
    const properties = of === null ? nothing : this.#properties(value, path);
    if (value instanceof Set) {
      return { kind: 'set', items: this.#encode_all([...(value as Set<unknown>)], path), of, properties };
    }
    const entries = Array.from(value as Map<unknown, unknown>, ([key, item], i) => {
      const at = is_simple(key) ? `${path}.get(${JSON.stringify(String(key))})` : `${path}.get(key ${i})`;
      return [this.#encode(key, `${path} (key ${i})`), this.#encode(item, at)] as const;
    });
    return { kind: 'map', entries, of, properties };
  }

  #pack_reduced(value: object, reduced: unknown, path: string): Packed {
    if (!Array.isArray(reduced) || typeof reduced[0] !== 'function' || !Array.isArray(reduced[1])) {
      throw new TypeError(`${path}: __reduce__() has to give a class or function, a list of arguments, and perhaps a state`);
    }
    const [callee, args, state] = reduced as [Callable, unknown[], unknown];
    return {
      kind: 'reduced',
      callee: this.#encode(callee, `${path}.__reduce__()[0]`),
      args: this.#encode_all(args, `${path}.__reduce__()[1]`),
      state: this.#encode(state, `${path}.__reduce__()[2]`),
    };
  }

  #pack_tensor(tensor: Tensor, path: string): Packed {
    let token: number;
    try {
      token = native.tensor_share(tensor._h);
    } catch (error) {
      if (error instanceof Error) error.message = `${path}: ${error.message}`;
      throw error;
    }
    this.tokens.push(token);
    if (Object.getPrototypeOf(tensor) === Tensor.prototype) {
      return { kind: 'tensor', token, of: null, properties: nothing };
    }
    const of = this.#encode(tensor.constructor, `${path}.constructor`);
    return { kind: 'tensor', token, of, properties: this.#properties(tensor, path, '_h') };
  }

  #pack_callable(value: Callable, path: string): Packed {
    if (is_class(value)) path = path.replace(/\.constructor$/, '');
    else if (/\[native code\]\s*\}$/.test(source_of(value)) && (globalThis as Record<string, unknown>)[value.name] !== value) {
      throw new TypeError(`${path}: ${describe(value)} cannot be sent to a worker (it is bound or part of Node)`);
    }
    return { kind: 'callable', reference: this.#found.push({ value, path }) - 1 };
  }

  #properties(value: object, path: string, except?: string): Properties {
    const shown: [string, Encoded][] = [];
    const hidden: [string, Encoded][] = [];
    const skip_items = Array.isArray(value);
    for (const key of Reflect.ownKeys(value)) {
      if (key === except) continue;
      const descriptor = Object.getOwnPropertyDescriptor(value, key)!;
      if (typeof key === 'symbol') {
        if (!descriptor.enumerable) continue;
        throw new TypeError(`${path}: a property named by ${String(key)} cannot be sent to a worker`);
      }
      if (skip_items && (key === 'length' || /^\d+$/.test(key))) continue;
      if (!('value' in descriptor)) {
        if (!descriptor.enumerable) continue;
        throw new TypeError(`${below(path, key)}: a property with a getter cannot be sent to a worker`);
      }
      const encoded = this.#encode(descriptor.value, below(path, key));
      (descriptor.enumerable ? shown : hidden).push([key, encoded]);
    }
    const all = [...shown, ...hidden];
    return { names: all.map(([key]) => key), values: all.map(([, item]) => item), hidden: hidden.length };
  }

  /** Does the structured clone take `value` over with everything in it? */
  #is_plain(value: object): boolean {
    const known = this.#plain.get(value);
    if (known !== undefined) return known;
    // Until it is known: whatever leads back to an object is packed in parts.
    this.#plain.set(value, false);
    const plain = this.#looks_plain(value);
    this.#plain.set(value, plain);
    return plain;
  }

  #looks_plain(value: object): boolean {
    if (isProxy(value)) return false;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (cloned.has(prototype)) return true;
    const item_is_plain = (item: unknown): boolean =>
      is_simple(item) || (typeof item === 'object' && this.#is_plain(item as object));
    if (prototype === Array.prototype) return (value as unknown[]).every(item_is_plain);
    if (prototype === Map.prototype) {
      for (const [key, item] of value as Map<unknown, unknown>) {
        if (!item_is_plain(key) || !item_is_plain(item)) return false;
      }
      return true;
    }
    if (prototype === Set.prototype) return [...(value as Set<unknown>)].every(item_is_plain);
    if (prototype !== Object.prototype) return false;
    return Reflect.ownKeys(value).every((key) => {
      const descriptor = Object.getOwnPropertyDescriptor(value, key)!;
      return typeof key === 'string' && descriptor.enumerable === true && 'value' in descriptor && item_is_plain(descriptor.value);
    });
  }
}

function is_simple(value: unknown): value is Exclude<Encoded, object> | null {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}

const function_kinds: ReadonlySet<unknown> = new Set([
  Function.prototype,
  Object.getPrototypeOf(function* () {}),
  Object.getPrototypeOf(async () => {}),
  Object.getPrototypeOf(async function* () {}),
]);

/** Is this the prototype of a function or a class, as opposed to that of an object that can be called? */
function is_function_kind(prototype: unknown): boolean {
  return function_kinds.has(prototype) || typeof prototype === 'function';
}

/**
 * Packs `value` for another thread. The tensors in it are shared from then on, until they are adopted or dropped.
 *
 * @param name what error messages call the value
 * @throws TypeError for what cannot travel, with the way to it (`dataset.transform.transforms[1]`) and what can be done
 */
export function pack(value: unknown, name: string): Parcel {
  return pack_with(new Packer(), (packer) => packer.pack(value, name), name);
}

/**
 * As `pack`, of an object whose properties are the things that messages call by their own names.
 *
 * @returns the parcel, and the classes and functions that it refers to
 */
export function pack_with_callables(luggage: object): { parcel: Parcel; callables: Callable[] } {
  const packer = new Packer();
  return { parcel: pack_with(packer, () => packer.pack(luggage, ''), 'the dataset'), callables: packer.callables };
}

function pack_with(packer: Packer, action: (packer: Packer) => Parcel, name: string): Parcel {
  try {
    return action(packer);
  } catch (error) {
    for (const token of packer.tokens) native.tensor_unshare(token);
    if (error instanceof RangeError) throw new RuntimeError(`${name} is nested too deeply to be sent to a worker`);
    throw error;
  }
}

/** Drops the tensors of a parcel that nobody has adopted. */
export function drop(parcel: Parcel): void {
  for (const object of parcel.objects) if (object.kind === 'tensor') native.tensor_unshare(object.token);
}
