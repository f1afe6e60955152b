/** Makes the value again that another thread has packed. */
import { TypeError } from '../../../../errors.ts';
import { native } from '../../../../native.ts';
import { Tensor } from '../../../../tensor.ts';
import { constant_named } from './constants.ts';
import type { MakesBlanks } from './pack.ts';
import type { Encoded, Packed, Parcel, Properties } from './packed.ts';
import { type Callable, is_class } from './references.ts';

class Unpacker {
  readonly #parcel: Parcel;
  readonly #callables: readonly Callable[];
  readonly #keep: boolean;
  readonly #made: unknown[] = [];
  readonly #known: boolean[] = [];

  constructor(parcel: Parcel, callables: readonly Callable[], keep: boolean) {
    this.#parcel = parcel;
    this.#callables = callables;
    this.#keep = keep;
  }

  unpack(): unknown {
    return this.#decode(this.#parcel.root);
  }

  #decode(encoded: Encoded): unknown {
    if (typeof encoded !== 'object' || encoded === null) return encoded;
    const place = encoded.link;
    if (!this.#known[place]) this.#make(place, this.#parcel.objects[place]!);
    return this.#made[place];
  }

  /** Notes an object before it is filled, since what it refers to may refer back. */
  #note<T>(place: number, value: T): T {
    this.#made[place] = value;
    this.#known[place] = true;
    return value;
  }

  #make(place: number, packed: Packed): void {
    switch (packed.kind) {
      case 'raw':
        this.#note(place, packed.value);
        return;
      case 'symbol':
        this.#note(place, Symbol.for(packed.key));
        return;
      case 'constant':
        this.#note(place, constant_named(packed.name));
        return;
      case 'callable':
        this.#note(place, this.#callables[packed.reference]);
        return;
      case 'array': {
        const array = this.#note(place, this.#as_instance<unknown[]>([], packed.of));
        for (const item of packed.items) array.push(this.#decode(item));
        return;
      }
      case 'object': {
        const object = this.#note(place, packed.bare ? (Object.create(null) as object) : {});
        this.#set_properties(object, packed.properties);
        return;
      }
      case 'map': {
        const map = this.#note(place, this.#as_instance(new Map<unknown, unknown>(), packed.of));
        for (const [key, value] of packed.entries) Map.prototype.set.call(map, this.#decode(key), this.#decode(value));
        this.#set_properties(map, packed.properties);
        return;
      }
      case 'set': {
        const set = this.#note(place, this.#as_instance(new Set<unknown>(), packed.of));
        for (const item of packed.items) Set.prototype.add.call(set, this.#decode(item));
        this.#set_properties(set, packed.properties);
        return;
      }
      case 'tensor': {
        const tensor = new Tensor(native.tensor_adopt(packed.token, this.#keep));
        this.#note(place, this.#as_instance(tensor, packed.of));
        this.#set_properties(tensor, packed.properties);
        return;
      }
      case 'instance': {
        const object = this.#note(place, this.#blank(packed.of));
        this.#set_properties(object, packed.properties);
        return;
      }
      case 'state': {
        const object = this.#note(place, this.#blank(packed.of));
        set_state(object, this.#decode(packed.state));
        return;
      }
      case 'reduced': {
        const callee = this.#decode(packed.callee) as Callable;
        const args = packed.args.map((arg) => this.#decode(arg));
        const object = this.#note(
          place,
          is_class(callee)
            ? (Reflect.construct(callee as new (...args: unknown[]) => unknown, args) as unknown)
            : (callee as (...args: unknown[]) => unknown)(...args),
        );
        if (packed.state !== undefined) set_state(object as object, this.#decode(packed.state));
        return;
      }
    }
  }

  /** An array, a map or the like as an instance of a class that extends it. */
  #as_instance<T extends object>(value: T, of: Encoded): T {
    if (of === null) return value;
    return Object.setPrototypeOf(value, (this.#decode(of) as { prototype: object }).prototype) as T;
  }

  /** An instance whose constructor has not run. */
  #blank(of: Encoded): object {
    const cls = this.#decode(of) as Callable & Partial<MakesBlanks>;
    if (typeof cls.__new__ === 'function') return cls.__new__(cls);
    return Object.create(cls.prototype as object) as object;
  }

  #set_properties(object: object, { names, values, hidden }: Properties): void {
    const shown = names.length - hidden;
    names.forEach((name, i) => {
      Object.defineProperty(object, name, {
        value: this.#decode(values[i]),
        enumerable: i < shown,
        configurable: true,
        writable: true,
      });
    });
  }
}

function set_state(object: object, state: unknown): void {
  const own = (object as { __setstate__?: (state: unknown) => void }).__setstate__;
  if (typeof own === 'function') own.call(object, state);
  else if (typeof state === 'object' && state !== null) Object.assign(object, state);
  else if (state !== undefined && state !== null) {
    throw new TypeError(`${object.constructor.name} has no __setstate__(), so its state has to be an object of properties`);
  }
}

/**
 * The value of a parcel.
 *
 * @param callables the classes and functions that it refers to, in its order
 * @param keep leave the tensors to others who get the same parcel?
 */
export function unpack(parcel: Parcel, callables: readonly Callable[], keep: boolean): unknown {
  return new Unpacker(parcel, callables, keep).unpack();
}
