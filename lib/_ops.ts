/**
 * `torch.ops`: every operator that LibTorch, or a library loaded into it, registers.
 *
 *     torch.ops.aten.add(x, y);
 *     torch.ops.aten.add.Tensor(x, y, { alpha: 2 });
 *     torch.ops.load_library('./libmine.so');
 *     torch.ops.mine.twice(x);
 *
 * @see https://docs.pytorch.org/docs/stable/library.html
 */
import { resolve } from 'node:path';
import { AttributeError, OSError, TypeError } from './errors.ts';
import type { Aten } from './generated/aten.ts';
import { native } from './native.ts';
import { operator_function } from './operator.ts';
import type { Tensor } from './tensor.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** One overload of an operator, such as `torch.ops.aten.add.Tensor`. */
export interface OpOverload {
  /** What it gives is known at run time only: a tensor, unless said otherwise. */
  <R = Tensor>(...args: unknown[]): R;
  /** `'aten::add.Tensor'` */
  name(): string;
  readonly namespace: string;
  readonly overloadpacket: OpOverloadPacket;
  /** The operator's schema as text. */
  readonly _schema: string;
}

interface PacketMembers {
  /** The names of the overloads; `'default'` is the one without a name. */
  overloads(): string[];
}

/** An operator with all its overloads, such as `torch.ops.aten.add`; a call picks the overload that fits. */
export type OpOverloadPacket = PacketMembers &
  (<R = Tensor>(...args: unknown[]) => R) & { readonly [overload: string]: OpOverload };

/** An operator of aten: typed as its schemas say. */
export type AtenPacket<F> = F & PacketMembers & { readonly [overload: string]: OpOverload };

/** The operators of one library by name. */
export interface OpNamespace {
  readonly [operator: string]: OpOverloadPacket;
}

interface OpsMembers {
  readonly aten: { readonly [K in keyof Aten]: AtenPacket<Aten[K]> };
  /**
   * Opens a shared library that registers operators (with `TORCH_LIBRARY`); they are then in `torch.ops`.
   * @throws OSError if it cannot be opened
   */
  load_library(path: string): void;
  /** The paths of the libraries that were loaded. */
  readonly loaded_libraries: ReadonlySet<string>;
}

/** The libraries of operators by name. */
export type Ops = OpsMembers & { readonly [namespace: string]: OpNamespace };

/** Gives an object or a function its text, for `String` and for `console.log`. */
function show<T extends object>(target: T, text: string, repr: string): T {
  return Object.defineProperties(target, {
    toString: { value: () => text },
    [inspect_custom]: { value: () => repr },
  });
}

/** Adds members that are no names of operators and stay out of a listing. */
function define(target: object, members: Readonly<Record<string, unknown>>): void {
  // A function's own name and length may be redefined, but not assigned.
  for (const name in members) Object.defineProperty(target, name, { value: members[name], configurable: true });
}

/** Makes `target` find properties that it has not got with `find`, once each; undefined is no property. */
function find_members<T extends object>(target: T, find: (name: string) => unknown): T {
  const get = (_: object, name: string | symbol, receiver: object): unknown => {
    // Asked for by `await` and by whatever prints or compares values.
    if (typeof name !== 'string' || ['then', 'toJSON', 'asymmetricMatch'].includes(name)) return undefined;
    if (name in Object.prototype) return (Object.prototype as unknown as Record<string, unknown>)[name];
    const value = find(name);
    if (value !== undefined) Object.defineProperty(receiver, name, { value, enumerable: true, configurable: true });
    return value;
  };
  const behind = Object.create(null) as object;
  return Object.setPrototypeOf(target, new Proxy(behind, { get })) as T;
}

function make_overload(qualified: string, name: string, packet: OpOverloadPacket): OpOverload {
  const [namespace, operator] = qualified.split('::') as [string, string];
  const shown = name === '' ? 'default' : name;
  const overload = operator_function(`${qualified}.${shown}`) as unknown as OpOverload;
  define(overload, {
    name: () => (name === '' ? qualified : `${qualified}.${name}`),
    namespace,
    overloadpacket: packet,
    _schema: native.schema_text(qualified, name),
  });
  const text = `${namespace}.${operator}`;
  return show(overload, `${text}.${shown}`, `<OpOverload(op='${text}', overload='${shown}')>`);
}

function make_packet(namespace: string, operator: string): OpOverloadPacket | undefined {
  if (!/^\w+$/.test(namespace) || !/^\w+$/.test(operator)) return undefined;
  const qualified = `${namespace}::${operator}`;
  const names = native.overloads(qualified);
  if (names === undefined) return undefined;
  const packet = operator_function(qualified) as unknown as OpOverloadPacket;
  const text = `${namespace}.${operator}`;
  define(packet, { overloads: () => (native.overloads(qualified) ?? []).map((name) => name || 'default') });
  // Overloads may be called `name` or `length` too, as a function's own properties are.
  for (const own of ['name', 'length']) Reflect.deleteProperty(packet, own);
  show(packet, text, `<OpOverloadPacket(op='${text}')>`);
  return find_members(packet, (name) => {
    const overload = name === 'default' ? '' : name;
    if (native.schema_text(qualified, overload) !== undefined) return make_overload(qualified, overload, packet);
    if (name in Function.prototype) return (Function.prototype as unknown as Record<string, unknown>)[name];
    throw new AttributeError(`The underlying op of '${text}' has no overload name '${name}'`);
  });
}

function make_namespace(namespace: string): OpNamespace {
  const text = `<module 'torch.ops.${namespace}' from 'torch.ops'>`;
  return find_members(show({}, text, text), (operator) => {
    const packet = make_packet(namespace, operator);
    if (packet !== undefined) return packet;
    throw new AttributeError(`'_OpNamespace' '${namespace}' object has no attribute '${operator}'`);
  }) as OpNamespace;
}

const loaded_libraries = new Set<string>();

function load_library(path: string): void {
  if (typeof path !== 'string') throw new TypeError(`expected str, bytes or os.PathLike object, not ${typeof path}`);
  const absolute = resolve(path);
  const reason = native.load_library(absolute);
  if (reason !== null) throw new OSError(`Could not load this library: ${absolute}`, { cause: new OSError(reason) });
  loaded_libraries.add(absolute);
}

function make_ops(): Ops {
  const text = "<module 'torch.ops' from '_ops.py'>";
  const made = show({}, text, text);
  define(made, { load_library, loaded_libraries });
  return find_members(made, make_namespace) as Ops;
}

/** Every operator by its library's name and its own, see the top of this file. */
export const ops: Ops = make_ops();
