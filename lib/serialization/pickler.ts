/** Writes JavaScript values as a Python pickle of protocol 2, the one that PyTorch's files are in. */
import { is_kwargs } from '../arguments.ts';
import { Counter } from '../counter.ts';
import { TypeError, ValueError } from '../errors.ts';
import { OrderedDict } from '../ordered_dict.ts';
import { type_name } from '../repr.ts';
import { Call, deepest, Float, Global, op, OwnString, PersistentId, Tuple } from './pickle_format.ts';

const ordered_dict = new Global('collections', 'OrderedDict');
const counter = new Global('collections', 'Counter');
const encode = new Global('_codecs', 'encode');
const set = new Global('__builtin__', 'set');

/** As Python's pickler does, long lists and dicts go in pieces of this many items. */
const batch_size = 1000;

const replacement = Buffer.from('\ufffd');

/** A byte array that grows. */
class Bytes {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  /** Makes room for `count` more bytes and says where they begin. */
  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }

  u8(...values: readonly number[]): void {
    const at = this.#reserve(values.length);
    for (let i = 0; i < values.length; i++) this.#buffer[at + i] = values[i]!;
  }

  u16(value: number): void {
    const at = this.#reserve(2);
    this.#buffer.writeUInt16LE(value, at);
  }

  i32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeInt32LE(value, at);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  bytes(values: Uint8Array): void {
    const at = this.#reserve(values.length);
    this.#buffer.set(values, at);
  }

  result(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/**
 * One pickle. Whole numbers become `int`, others `float`; arrays lists, plain objects and `Map`s with keys that are not
 * all strings dicts, other `Map`s ordered dicts, a `Counter` one of Python's; `Uint8Array`s `bytes`. What appears twice
 * is written once.
 */
export class Pickler {
  readonly #out = new Bytes();
  /** Objects by identity, strings and globals by value. */
  readonly #memo = new Map<unknown, number>();
  readonly #describe: (value: object) => object | undefined;
  #depth = 0;

  /**
   * @param describe says how Python makes an object of a class that is not known here (a `Call`, a `Global`); undefined
   * where it cannot be written
   */
  constructor(describe: (value: object) => object | undefined) {
    this.#describe = describe;
  }

  dump(value: unknown): Buffer {
    this.#out.u8(op.PROTO, 2);
    this.#save(value);
    this.#out.u8(op.STOP);
    return this.#out.result();
  }

  #memoize(key: unknown): void {
    const index = this.#memo.size;
    this.#memo.set(key, index);
    if (index < 256) this.#out.u8(op.BINPUT, index);
    else {
      this.#out.u8(op.LONG_BINPUT);
      this.#out.u32(index);
    }
  }

  /** Refers to what has been written already, if it has. */
  #recall(key: unknown): boolean {
    const index = this.#memo.get(key);
    if (index === undefined) return false;
    if (index < 256) this.#out.u8(op.BINGET, index);
    else {
      this.#out.u8(op.LONG_BINGET);
      this.#out.u32(index);
    }
    return true;
  }

  #save(value: unknown): void {
    switch (typeof value) {
      case 'undefined':
        return this.#out.u8(op.NONE);
      case 'boolean':
        return this.#out.u8(value ? op.NEWTRUE : op.NEWFALSE);
      case 'number':
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? this.#integer(value) : this.#float(value);
      case 'bigint':
        return this.#integer(value);
      case 'string':
        return this.#string(value);
      case 'object':
      case 'function':
        return value === null ? this.#out.u8(op.NONE) : this.#object(value);
      default:
        throw cannot_save(value);
    }
  }

  #float(value: number): void {
    this.#out.u8(op.BINFLOAT);
    this.#out.f64(value);
  }

  #integer(value: number | bigint): void {
    if (value >= 0 && value < 256) return this.#out.u8(op.BININT1, Number(value));
    if (value >= 0 && value < 65536) {
      this.#out.u8(op.BININT2);
      return this.#out.u16(Number(value));
    }
    if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.#out.u8(op.BININT);
      return this.#out.i32(Number(value));
    }
    const bytes: number[] = [];
    let rest = BigInt(value);
    // Two's complement, as few bytes as keep the sign.
    do {
      bytes.push(Number(BigInt.asUintN(8, rest)));
      rest >>= 8n;
    } while (!(rest === 0n && bytes.at(-1)! < 128) && !(rest === -1n && bytes.at(-1)! >= 128));
    if (bytes.length > 255) throw new ValueError('cannot save an integer of more than 255 bytes');
    this.#out.u8(op.LONG1, bytes.length, ...bytes);
  }

  /** @param identity what stands for the string when it comes again */
  #string(value: string, identity: unknown = value): void {
    if (this.#recall(identity)) return;
    const bytes = Buffer.from(value);
    // Half of a surrogate pair has no UTF-8; it comes out as a replacement character, which would not be noticed.
    if (bytes.includes(replacement) && bytes.toString() !== value) {
      throw new ValueError('cannot save a string with half a surrogate pair');
    }
    this.#out.u8(op.BINUNICODE);
    this.#out.u32(bytes.length);
    this.#out.bytes(bytes);
    this.#memoize(identity);
  }

  #object(value: object): void {
    if (value instanceof Float) return this.#float(value.value);
    if (value instanceof OwnString) return this.#string(value.value, value);
    if (value instanceof Global) return this.#global(value);
    if (value instanceof PersistentId) {
      this.#save(value.id);
      return this.#out.u8(op.BINPERSID);
    }
    if (this.#recall(value)) return;
    if (++this.#depth > deepest) throw new ValueError('cannot save: lists and dicts lie too deep in each other');
    if (value instanceof Tuple) this.#tuple(value.items, value);
    else if (value instanceof Call) this.#call(value, value);
    else if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype) {
      if (Object.isFrozen(value)) this.#tuple(value, value);
      else this.#list(value);
    }
    else if (value instanceof Map) this.#map(value as Map<unknown, unknown>);
    else if (value instanceof Set) this.#call(new Call(set, [...(value as Set<unknown>)]), value);
    else if (value instanceof Uint8Array) {
      this.#call(new Call(encode, Buffer.from(value).toString('latin1'), 'latin1'), value);
    } else if (is_kwargs(value)) {
      this.#out.u8(op.EMPTY_DICT);
      this.#memoize(value);
      this.#items(Object.entries(value));
    } else {
      const described = this.#describe(value);
      if (described === undefined) throw cannot_save(value);
      if (described instanceof Call) this.#call(described, value);
      else this.#object(described);
    }
    this.#depth--;
  }

  #global({ module, name }: Global): void {
    const key = `${module}\n${name}\n`;
    // A string has no two lines like these as its whole text in any file; the marker keeps the two apart for good.
    const memo_key = `\0global ${key}`;
    if (this.#recall(memo_key)) return;
    this.#out.u8(op.GLOBAL);
    this.#out.bytes(Buffer.from(key));
    this.#memoize(memo_key);
  }

  /** @param whole the object that the items are in, under which it is remembered */
  #tuple(items: readonly unknown[], whole: object): void {
    if (items.length === 0) return this.#out.u8(op.EMPTY_TUPLE);
    if (items.length > 3) this.#out.u8(op.MARK);
    for (const item of items) this.#save(item);
    this.#out.u8([op.TUPLE1, op.TUPLE2, op.TUPLE3][items.length - 1] ?? op.TUPLE);
    this.#memoize(whole);
  }

  /** @param whole the object that the call stands for, under which it is remembered */
  #call(call: Call, whole: object): void {
    this.#global(call.callee);
    this.#save(call.args);
    this.#out.u8(op.REDUCE);
    this.#memoize(whole);
  }

  #list(list: readonly unknown[]): void {
    this.#out.u8(op.EMPTY_LIST);
    this.#memoize(list);
    for (let start = 0; start < list.length; start += batch_size) {
      const items = list.slice(start, start + batch_size);
      if (items.length > 1) this.#out.u8(op.MARK);
      for (const item of items) this.#save(item);
      this.#out.u8(items.length > 1 ? op.APPENDS : op.APPEND);
    }
  }

  #map(map: Map<unknown, unknown>): void {
    const keys = [...map.keys()];
    if (map instanceof Counter) {
      const counts = keys.every((key) => typeof key === 'string') ? Object.fromEntries(map) : new Map(map);
      return this.#call(new Call(counter, counts), map);
    }
    if (!(map instanceof OrderedDict) && keys.some((key) => typeof key !== 'string')) {
      this.#out.u8(op.EMPTY_DICT);
      this.#memoize(map);
      return this.#items([...map]);
    }
    this.#call(new Call(ordered_dict), map);
    this.#items([...map]);
    const { _metadata } = map as OrderedDict<unknown, unknown>;
    if (_metadata !== undefined) {
      this.#save({ _metadata });
      this.#out.u8(op.BUILD);
    }
  }

  #items(entries: readonly (readonly [unknown, unknown])[]): void {
    for (let start = 0; start < entries.length; start += batch_size) {
      const items = entries.slice(start, start + batch_size);
      if (items.length > 1) this.#out.u8(op.MARK);
      for (const [key, value] of items) {
        this.#save(key);
        this.#save(value);
      }
      this.#out.u8(items.length > 1 ? op.SETITEMS : op.SETITEM);
    }
  }
}

function cannot_save(value: unknown): TypeError {
  const name = type_name(value);
  const state = (value as { state_dict?: unknown } | null)?.state_dict;
  const advice =
    typeof state === 'function'
      ? `save its state instead: torch.save(${name.toLowerCase()}.state_dict(), path)`
      : 'only tensors, numbers, strings, booleans, null, bytes, and arrays, plain objects, Maps and Sets of these';
  return new TypeError(`cannot save an object of type '${name}'; ${advice}`);
}
