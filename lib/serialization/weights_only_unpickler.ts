/**
 * Reads pickles without ever running code from them: a small machine that knows the opcodes of PyTorch's files, and
 * finds functions and classes in a fixed list alone. Everything else is an error, as for Python's
 * `torch.load(weights_only=True)`.
 */
import { Counter } from '../counter.ts';
import { OrderedDict } from '../ordered_dict.ts';
import { type_name } from '../repr.ts';
import { deepest, op, Tuple } from './pickle_format.ts';

/** A pickle that is broken, or that holds what must not be loaded. */
export class UnpicklingError extends Error {}
Object.defineProperty(UnpicklingError.prototype, 'name', {
  value: 'UnpicklingError',
  configurable: true,
  writable: true,
});

/** A function or class that a pickle may call. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** A Python `dict` being read. At the end it becomes an object or a `Map`, whichever can hold it. */
export class Dict extends Map<unknown, unknown> {}

/** What may be in a pickle beside plain data. */
export interface Vocabulary {
  /** What stands for a global, by its full name (`collections.OrderedDict`); undefined where it may not be used. */
  find(name: string): unknown;
  /** What an id stands for that is kept outside of the pickle. */
  persistent_load(id: Tuple): unknown;
  /** Are Python 2's strings bytes, a character each (`encoding='latin1'`)? They are UTF-8, and short, otherwise. */
  readonly latin1?: boolean;
}

/** An object of the vocabulary's that takes the state which a pickle gives it. */
export interface Buildable {
  set_state(state: unknown): void;
}

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Modules that Python 2 called otherwise; protocol 2 writes the old names. */
const renamed: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
  Queue: 'queue',
  SocketServer: 'socketserver',
  ConfigParser: 'configparser',
};

/** Modules of which nothing may ever be used. */
const blocked = new Set(['sys', 'os', 'posix', 'nt']);

/** Calls that the machine makes itself, without the vocabulary: containers. */
const builtin = new Map<string, Callable>(
  [
    new Callable('collections.OrderedDict', (args) => {
      const result = new OrderedDict<unknown, unknown>();
      const [items] = args;
      if (items instanceof Map) for (const [key, value] of items) result.set(key, value);
      else if (items !== undefined) for (const [key, value] of list_of(items).map(pair)) result.set(key, value);
      return result;
    }),
    new Callable('collections.Counter', ([counts]) => {
      return Counter.of_counts(counts instanceof Map ? (counts as Map<unknown, number>) : []);
    }),
    new Callable('builtins.set', (args) => new Set(args.length === 0 ? [] : list_of(args[0]))),
    new Callable('_codecs.encode', ([value, encoding = 'utf-8']) => {
      if (typeof value !== 'string' || !['latin1', 'latin-1', 'utf-8', 'ascii'].includes(encoding as string)) {
        throw new UnpicklingError('_codecs.encode() takes a string and the name of an encoding');
      }
      return new Uint8Array(Buffer.from(value, encoding === 'utf-8' ? 'utf8' : 'latin1'));
    }),
    new Callable('builtins.bytearray', ([value, encoding]) => {
      if (typeof value === 'string') {
        return new Uint8Array(Buffer.from(value, encoding === 'latin-1' || encoding === 'latin1' ? 'latin1' : 'utf8'));
      }
      if (value === undefined) return new Uint8Array(0);
      if (value instanceof Uint8Array) return value.slice();
      throw new UnpicklingError('builtins.bytearray() takes bytes');
    }),
  ].map((callable) => [callable.name, callable]),
);

function list_of(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Tuple) return value.items;
  throw new UnpicklingError(`a list was expected, but got ${type_name(value)}`);
}

function pair(value: unknown): readonly [unknown, unknown] {
  const items = list_of(value);
  if (items.length !== 2) throw new UnpicklingError('a pair of key and value was expected');
  return items as readonly unknown[] as readonly [unknown, unknown];
}

/** The value that a pickle holds. */
export function unpickle(bytes: Uint8Array, vocabulary: Vocabulary): unknown {
  return to_plain(new Machine(bytes, vocabulary).run());
}

/** The value of the pickle that begins somewhere within bytes, and where it ends. */
export function unpickle_at(bytes: Uint8Array, start: number, vocabulary: Vocabulary): { value: unknown; end: number } {
  const machine = new Machine(bytes.subarray(start), vocabulary);
  const value = to_plain(machine.run());
  return { value, end: start + machine.position };
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #vocabulary: Vocabulary;
  readonly #memo = new Map<number, unknown>();
  readonly #outer: unknown[][] = [];
  #stack: unknown[] = [];
  #at = 0;
  /**
   * How much the calls may still copy. What a file remembers it can name again in two bytes, so that without a limit a
   * small file could ask for any amount of memory.
   */
  #budget: number;

  constructor(bytes: Uint8Array, vocabulary: Vocabulary) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#vocabulary = vocabulary;
    this.#budget = 16 * bytes.length + 4096;
  }

  /** How far it has read. */
  get position(): number {
    return this.#at;
  }

  /** Steps over `count` bytes and says where they begin. */
  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new UnpicklingError('unexpected end of data: the file is truncated');
    this.#at += count;
    return at;
  }

  #u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  #u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #string(length: number): string {
    const at = this.#take(length);
    try {
      return text.decode(this.#bytes.subarray(at, at + length));
    } catch {
      throw new UnpicklingError('a string is not valid UTF-8');
    }
  }

  #python2_string(length: number): string {
    if (this.#vocabulary.latin1 !== true) return this.#string(length);
    const at = this.#take(length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length).toString('latin1');
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end === -1) throw new UnpicklingError('unexpected end of data: the file is truncated');
    const line = this.#string(end - this.#at);
    this.#at++;
    return line;
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw new UnpicklingError('the stack is empty: the file is malformed');
    return this.#stack.pop();
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw new UnpicklingError('the stack is empty: the file is malformed');
    return this.#stack.at(-1);
  }

  #replace_top(value: unknown): void {
    this.#stack[this.#stack.length - 1] = value;
  }

  #pop_mark(): unknown[] {
    const items = this.#stack;
    const outer = this.#outer.pop();
    if (outer === undefined) throw new UnpicklingError('there is no mark: the file is malformed');
    this.#stack = outer;
    return items;
  }

  #pop_items(count: number): Tuple {
    const items = Array.from({ length: count }, () => this.#pop());
    return new Tuple(items.reverse());
  }

  #recall(index: number): unknown {
    if (!this.#memo.has(index)) throw new UnpicklingError(`nothing is remembered as ${index}: the file is malformed`);
    return this.#memo.get(index);
  }

  run(): unknown {
    while (true) {
      const key = this.#u8();
      switch (key) {
        case op.PROTO: {
          const protocol = this.#u8();
          if (protocol > 5) throw new UnpicklingError(`unsupported pickle protocol: ${protocol}`);
          break;
        }
        case op.STOP:
          return this.#pop();
        case op.GLOBAL: {
          const module = this.#line();
          this.#stack.push(this.#global(renamed[module] ?? module, this.#line()));
          break;
        }
        case op.REDUCE: {
          const args = this.#pop();
          this.#replace_top(this.#call(this.#top(), args));
          break;
        }
        case op.NEWOBJ: {
          const args = this.#pop();
          this.#replace_top(this.#call(this.#top(), args));
          break;
        }
        case op.BUILD: {
          const state = this.#pop();
          build(this.#top(), state);
          break;
        }
        case op.BINPERSID: {
          const id = this.#pop();
          if (!(id instanceof Tuple)) {
            throw new UnpicklingError(`persistent_load id must be tuple, but got ${type_name(id)}`);
          }
          this.#stack.push(this.#vocabulary.persistent_load(id));
          break;
        }
        case op.APPEND: {
          const item = this.#pop();
          this.#target_list().push(item);
          break;
        }
        case op.APPENDS: {
          const items = this.#pop_mark();
          const list = this.#target_list();
          for (const item of items) list.push(item);
          break;
        }
        case op.SETITEM: {
          const value = this.#pop();
          const name = this.#pop();
          this.#target_dict().set(name, value);
          break;
        }
        case op.SETITEMS: {
          const items = this.#pop_mark();
          if (items.length % 2 !== 0) throw new UnpicklingError('a key has no value: the file is malformed');
          const dict = this.#target_dict();
          for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
          break;
        }
        case op.MARK:
          this.#outer.push(this.#stack);
          this.#stack = [];
          break;
        case op.TUPLE: {
          const items = this.#pop_mark();
          this.#stack.push(new Tuple(items));
          break;
        }
        case op.EMPTY_TUPLE:
          this.#stack.push(new Tuple([]));
          break;
        case op.TUPLE1:
          this.#stack.push(this.#pop_items(1));
          break;
        case op.TUPLE2:
          this.#stack.push(this.#pop_items(2));
          break;
        case op.TUPLE3:
          this.#stack.push(this.#pop_items(3));
          break;
        case op.EMPTY_LIST:
          this.#stack.push([]);
          break;
        case op.EMPTY_DICT:
          this.#stack.push(new Dict());
          break;
        case op.EMPTY_SET:
          this.#stack.push(new Set());
          break;
        case op.NONE:
          this.#stack.push(null);
          break;
        case op.NEWTRUE:
          this.#stack.push(true);
          break;
        case op.NEWFALSE:
          this.#stack.push(false);
          break;
        case op.BININT:
          this.#stack.push(this.#view.getInt32(this.#take(4), true));
          break;
        case op.BININT1:
          this.#stack.push(this.#u8());
          break;
        case op.BININT2:
          this.#stack.push(this.#view.getUint16(this.#take(2), true));
          break;
        case op.LONG1:
          this.#stack.push(this.#long(this.#u8()));
          break;
        case op.BINFLOAT:
          this.#stack.push(this.#view.getFloat64(this.#take(8), false));
          break;
        case op.BINUNICODE:
          this.#stack.push(this.#string(this.#u32()));
          break;
        case op.SHORT_BINSTRING:
          this.#stack.push(this.#python2_string(this.#u8()));
          break;
        case op.BINSTRING:
          if (this.#vocabulary.latin1 !== true) throw new UnpicklingError(`Unsupported operand ${key}`);
          this.#stack.push(this.#python2_string(this.#u32()));
          break;
        case op.BINGET:
          this.#stack.push(this.#recall(this.#u8()));
          break;
        case op.LONG_BINGET:
          this.#stack.push(this.#recall(this.#u32()));
          break;
        case op.BINPUT:
          this.#memo.set(this.#u8(), this.#top());
          break;
        case op.LONG_BINPUT:
          this.#memo.set(this.#u32(), this.#top());
          break;
        default:
          throw new UnpicklingError(`Unsupported operand ${key}`);
      }
    }
  }

  /** A whole number in two's complement: a `bigint` where a number would lose digits. */
  #long(length: number): number | bigint {
    const at = this.#take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[at + i]!);
    value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #global(module: string, name: string): unknown {
    const full = `${module}.${name}`;
    if (blocked.has(module)) {
      throw new UnpicklingError(`Trying to load unsupported GLOBAL ${full} whose module ${module} is blocked.`);
    }
    const found = builtin.get(full) ?? this.#vocabulary.find(full);
    if (found === undefined) {
      throw new UnpicklingError(`Unsupported global: GLOBAL ${full} was not an allowed global by default.`);
    }
    return found;
  }

  #call(callee: unknown, args: unknown): unknown {
    if (!(callee instanceof Callable)) {
      throw new UnpicklingError(`Trying to call reduce for unrecognized function ${type_name(callee)}`);
    }
    if (!(args instanceof Tuple)) throw new UnpicklingError(`${callee.name} is called without a tuple of arguments`);
    for (const arg of args.items) this.#budget -= extent(arg);
    if (this.#budget < 0) throw new UnpicklingError('the file asks for far more memory than it holds');
    return callee.call(args.items);
  }

  #target_list(): unknown[] {
    const target = this.#top();
    if (!Array.isArray(target)) throw new UnpicklingError(`Can only append to lists, but got ${type_name(target)}`);
    return target as unknown[];
  }

  #target_dict(): Map<unknown, unknown> {
    const target = this.#top();
    if (!(target instanceof Map)) {
      throw new UnpicklingError(`Can only set items of dict and collections.OrderedDict, but got ${type_name(target)}`);
    }
    return target as Map<unknown, unknown>;
  }
}

/** How much there is to copy in an argument. */
function extent(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return value instanceof Tuple ? value.items.length : 0;
}

/** Gives an object its state. The only one that has any here is a state dict, with the versions of its modules. */
function build(target: unknown, state: unknown): void {
  if (typeof target === 'object' && target !== null && 'set_state' in target) {
    (target as Buildable).set_state(state);
    return;
  }
  if (!(target instanceof OrderedDict) || !(state instanceof Map)) {
    throw new UnpicklingError(`Can only build OrderedDict, but got ${type_name(target)}`);
  }
  const metadata: unknown = state.get('_metadata');
  if (metadata instanceof OrderedDict) target._metadata = metadata;
}

/** Can a plain object hold these keys, in their order? Keys that look like array indices would come first. */
function fits_object(keys: Iterable<unknown>): boolean {
  for (const key of keys) {
    if (typeof key !== 'string' || /^(0|[1-9]\d*)$/.test(key) || key === '__proto__') return false;
  }
  return true;
}

/**
 * Turns what was read into JavaScript's own: tuples and lists into arrays, dicts into objects where their keys allow
 * it and into `Map`s where not. What was one object stays one.
 */
function to_plain(root: unknown): unknown {
  const done = new Map<object, unknown>();
  const convert = (value: unknown, depth: number): unknown => {
    const nested = value instanceof Tuple || value instanceof Map || value instanceof Set || Array.isArray(value);
    if (!nested) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    if (depth > deepest) throw new UnpicklingError('lists and dicts lie too deep in each other');
    const inner = (item: unknown): unknown => convert(item, depth + 1);

    if (value instanceof Tuple || is_list(value)) {
      const result: unknown[] = [];
      done.set(value, result);
      for (const item of value instanceof Tuple ? value.items : value) result.push(inner(item));
      return value instanceof Tuple ? Object.freeze(result) : result;
    }
    if (value instanceof Set) {
      const result = new Set<unknown>();
      done.set(value, result);
      for (const item of value as Set<unknown>) result.add(inner(item));
      return result;
    }
    if (value instanceof Dict && fits_object(value.keys())) {
      const result: Record<string, unknown> = {};
      done.set(value, result);
      for (const [key, item] of value) result[key as string] = inner(item);
      return result;
    }
    if (value instanceof Dict || value instanceof OrderedDict || value instanceof Counter) {
      const result = container_like(value);
      done.set(value, result);
      for (const [key, item] of value) result.set(inner(key), inner(item));
      if (value instanceof OrderedDict && value._metadata !== undefined) {
        (result as OrderedDict<unknown, unknown>)._metadata = inner(value._metadata) as typeof value._metadata;
      }
      return result;
    }
    return value;
  };
  return convert(root, 0);
}

/** An empty map of the kind that `value` becomes. */
function container_like(value: Map<unknown, unknown>): Map<unknown, unknown> {
  if (value instanceof Counter) return new Counter();
  return value instanceof OrderedDict ? new OrderedDict() : new Map();
}

/** A list that the machine made, and not a `torch.Size` or another special array. */
function is_list(value: unknown): value is unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
}
