import { signature } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import {
  AssertionError,
  AttributeError,
  IndexError,
  KeyError,
  RuntimeError,
  TypeError,
  ValueError,
} from '../../errors.ts';
import { typename } from '../../inquiries.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { Parameter } from '../parameter.ts';
import { chain } from './chain.ts';
import { anything_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { absolute_index, is_index, make_indexable, slice_indices } from './indexing.ts';
import type { Indexable } from './indexing.ts';
import { Module, add_indent } from './module.ts';

/** Named members in an order of their own. */
export type Named<V> = ReadonlyMap<string, V> | Readonly<Record<string, V>>;

function entries_of<V>(named: Named<V>): Iterable<[string, V]> {
  return named instanceof Map ? named : Object.entries(named);
}

function is_plain_object(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A constructor's only argument, by position or by name. */
type MaybeNamed<N extends string, V> = V | Readonly<Record<N, V>>;

/** The argument itself. A dictionary of modules may have one with the argument's name. */
function unnamed<N extends string, V>(name: N, given: MaybeNamed<N, V>): V {
  if (!is_plain_object(given) || Object.keys(given).length !== 1 || !Object.hasOwn(given, name)) return given as V;
  const value = given[name] as V;
  return value instanceof Module ? (given as V) : value;
}

function is_iterable(value: unknown): value is Iterable<unknown> {
  return value !== null && value !== undefined && typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function';
}

/**
 * What all containers have in common: members that have a place or a name rather than a property. Properties would
 * not do: JavaScript puts whole numbers before all other names, and a member called `keys` would hide a method.
 */
abstract class MemberContainer<V> extends Module implements Indexable {
  declare readonly _members: Map<string, V>;

  constructor() {
    super();
    Object.defineProperty(this, '_members', { value: new Map<string, V>() });
  }

  /** A module that a subclass holds in a class field becomes a member like all others, as in Python. */
  protected _adopt(): Map<string, V> {
    const attributes = this as unknown as Record<string, unknown>;
    for (const name of Object.keys(this)) {
      const value = attributes[name];
      if (!(value instanceof Module)) continue;
      Reflect.deleteProperty(this, name);
      this._members.set(name, value as V);
    }
    return this._members;
  }

  /** How many members there are. */
  override get length(): number {
    return this._adopt().size;
  }

  __len__(): number {
    return this.length;
  }

  override get _modules(): Map<string, Module> {
    const result = new Map<string, Module>();
    for (const [name, member] of this._adopt()) if (member instanceof Module) result.set(name, member);
    return result;
  }

  override get _parameters(): Map<string, Parameter> {
    const result = super._parameters;
    for (const [name, member] of this._members) if (this._is_parameter(name, member)) result.set(name, member);
    return result;
  }

  override _get_member(name: string): unknown {
    const member = this._members.get(name);
    return member !== undefined || is_index(name) ? member : super._get_member(name);
  }

  override _set_member(name: string, value: Tensor | Module | null): void {
    if (value instanceof Module || this._members.has(name)) this._members.set(name, value as V);
    else super._set_member(name, value);
  }

  override _delete_member(name: string): boolean {
    return this._members.delete(name) || super._delete_member(name);
  }

  _get_named(name: string): unknown {
    return this._members.get(name);
  }

  abstract __getitem__(index: number | string): unknown;
  abstract __setitem__(index: number | string, value: unknown): void;
}
make_indexable(MemberContainer as unknown as { prototype: Indexable & Module });

/** What the containers of modules that are lists have in common. */
abstract class ListOfModules<M extends Module = Module> extends MemberContainer<M> {
  [index: number]: M;

  /** The modules, in order. */
  *[Symbol.iterator](): Generator<M, void> {
    yield* this._adopt().values();
  }

  /** A container of the same kind with the members of these names. */
  protected abstract _select(names: string[]): ListOfModules<M>;

  /** The module at a place, counted from the end if negative, or for a slice such as `'1:3'` a container of them. */
  override __getitem__(index: number): M;
  override __getitem__(slice: string): this;
  override __getitem__(index: number | string): M | this {
    const members = this._adopt();
    if (typeof index === 'number') return [...members.values()][absolute_index(index, members.size)]!;
    const names = [...members.keys()];
    return this._select(slice_indices(index, names.length).map((i) => names[i]!)) as this;
  }

  /** Puts a module in the place of another. */
  override __setitem__(index: number, module: M): void {
    const names = [...this._adopt().keys()];
    this.add_module(names[absolute_index(index, names.length)]!, module);
  }

  /** Takes out the module at a place, or those of a slice; those behind it move up. */
  __delitem__(index: number | string): void {
    const members = this._adopt();
    const count = members.size;
    const places = typeof index === 'number' ? [absolute_index(index, count)] : slice_indices(index, count);
    const left = [...members.values()].filter((_, i) => !places.includes(i));
    members.clear();
    left.forEach((module, i) => members.set(String(i), module));
  }

  /** Takes out the module at a place, or those of a slice, and gives it back. */
  pop(index: number): M;
  pop(slice: string): this;
  pop(index: number | string): M | this {
    const taken = this.__getitem__(index as number);
    this.__delitem__(index);
    return taken;
  }

  /** Adds a module at the end. */
  append(module: M): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** Moves everything from `index` on by one and puts the module there. */
  protected _insert(index: number, module: M): void {
    const members = this._adopt();
    const size = members.size;
    for (let i = size; i > index; i--) {
      const moved = members.get(String(i - 1));
      if (moved === undefined) throw new KeyError(`'${i - 1}'`);
      members.set(String(i), moved);
    }
    members.set(String(index), module);
  }
}

export interface InsertOptions<M extends Module = Module> {
  index: number;
  module: M;
}
const insert_arguments = signature<InsertOptions>('insert', ['index', 'module']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Sequential {
  (...args: Input): Tensor;
}

/**
 * A chain of modules: calls the first with the input, and each following one with the output of the one before.
 *
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 5), new nn.ReLU(), new nn.Linear(5, 1));
 * const named = new nn.Sequential({ hidden: new nn.Linear(2, 5), out: new nn.Linear(5, 1) });
 * model[0]; // Linear
 * model['1:']; // Sequential of the last two
 * ```
 *
 * @param args the modules, or one object or map of modules by name
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 */
export class Sequential extends ListOfModules {
  [slice: `${string}:${string}`]: Sequential;

  /** Whether members held in class fields have been taken in; they are there once the constructors are through. */
  _complete = false;

  constructor(...args: Module[] | [named: Named<Module>]) {
    super();
    const [first] = args;
    if (args.length === 1 && (first instanceof Map || is_plain_object(first))) {
      for (const [name, module] of entries_of(first as Named<Module>)) this.add_module(name, module);
    } else {
      (args as Module[]).forEach((module, i) => this.add_module(String(i), module));
    }
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    if (!this._complete) {
      this._adopt();
      this._complete = true;
    }
    return chain(this._members.values(), anything_of(args)) as Tensor;
  }

  protected override _select(names: string[]): Sequential {
    return new Sequential(new Map(names.map((name) => [name, this._members.get(name)!])));
  }

  /** Puts a module before the one at `index`. */
  insert(...args: Arguments<InsertOptions, ['index', 'module']>): this {
    const { index, module } = insert_arguments(args);
    if (!(module instanceof Module)) throw new AssertionError(`module should be of type: <class '${Module.name}'>`);
    const size = this.length;
    if (index < -size || index > size) throw new IndexError(`Index out of range: ${index}`);
    this._insert(index < 0 ? index + size : index, module);
    return this;
  }

  /** Adds all modules of an iterable at the end. */
  extend(sequential: Iterable<Module>): this {
    for (const module of [...sequential]) this.append(module);
    return this;
  }

  /** A new chain of this one's modules followed by those of another: Python's `a + b`. */
  __add__(other: Sequential): Sequential {
    if (!(other instanceof Sequential)) {
      throw new ValueError(
        `add operator supports only objects of Sequential class, but <class '${type_name(other)}'> is given.`,
      );
    }
    return new Sequential(...this, ...other);
  }

  /** A new chain of this one's modules, `times` over: Python's `a * 3`. They are the same modules each time. */
  __mul__(times: number): Sequential {
    if (!Number.isInteger(times)) {
      throw new TypeError(
        `unsupported operand type(s) for *: <class '${type_name(this)}'> and <class '${type_name(times)}'>`,
      );
    }
    if (times <= 0) {
      throw new ValueError(`Non-positive multiplication factor ${times} for <class '${type_name(this)}'>`);
    }
    return new Sequential(...Array.from({ length: times }, () => [...this]).flat());
  }
}

/**
 * A list of modules, all of them registered, unlike those of a plain array. It has no `forward`. Its type is that of
 * the modules it begins with; `new nn.ModuleList<nn.Module>([...])` also takes others later.
 * @param modules the modules to begin with
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 */
export class ModuleList<M extends Module = Module> extends ListOfModules<M> {
  [slice: `${string}:${string}`]: ModuleList<M>;

  constructor(modules: MaybeNamed<'modules', Iterable<M> | null> = null) {
    super();
    const given = unnamed('modules', modules);
    if (given !== null) this.extend(given);
  }

  protected override _select(names: string[]): ModuleList<M> {
    return new ModuleList(names.map((name) => this._members.get(name)!));
  }

  /** Puts a module before the one at `index`. */
  insert(...args: Arguments<InsertOptions<M>, ['index', 'module']>): void {
    const { index, module } = insert_arguments(args);
    this._insert(index, module as M);
  }

  /** Adds all modules of an iterable at the end. */
  extend(modules: Iterable<M>): this {
    if (!is_iterable(modules)) {
      throw new TypeError(`ModuleList.extend should be called with an iterable, but got ${type_name(modules)}`);
    }
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** A new list of this one's modules followed by those of another: Python's `a + b`. */
  __add__<N extends Module>(other: Iterable<N>): ModuleList<M | N> {
    return new ModuleList<M | N>([...this, ...other]);
  }

  /** The modules, with equal ones in a row written once: `(0-2): 3 x Linear(...)`. */
  override __repr__(): string {
    const blocks: { first: number; last: number; text: string }[] = [];
    for (const module of this) {
      const text = module.__repr__();
      const place = blocks.length === 0 ? 0 : blocks[blocks.length - 1]!.last + 1;
      if (blocks[blocks.length - 1]?.text === text) blocks[blocks.length - 1]!.last = place;
      else blocks.push({ first: place, last: place, text });
    }
    if (blocks.length === 0) return `${this._get_name()}()`;
    const lines = blocks.map(({ first, last, text }) =>
      add_indent(first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`, 2),
    );
    return `${this._get_name()}(\n  ${lines.join('\n  ')}\n)`;
  }
}

/** What the values of a dict of modules are: those of its names, any where they are not known. */
type ValueOf<M> = keyof M extends never ? Module : Extract<M[keyof M], Module>;

/** The methods of a `ModuleDict`. */
class ModulesByName<M extends object = {}> extends MemberContainer<Module> {
  constructor(
    modules: MaybeNamed<'modules', Named<Module> | Iterable<readonly [string, Module]> | ModulesByName | null> = null,
  ) {
    super();
    const given = unnamed('modules', modules);
    if (given !== null) this.update(given);
  }

  /** The module of a name. */
  override __getitem__<K extends keyof M>(key: K): M[K];
  override __getitem__(key: string): Module;
  override __getitem__(key: string): Module {
    const module = this._members.get(String(key));
    if (module === undefined) throw new KeyError(`'${key}'`);
    return module;
  }

  /** Puts a module under a name. */
  override __setitem__(key: string, module: Module): void {
    this.add_module(String(key), module);
  }

  /** Takes out the module of a name. */
  __delitem__(key: string): void {
    if (!this._members.delete(key)) throw new KeyError(`'${key}'`);
  }

  __contains__(key: string): boolean {
    return this._members.has(key);
  }

  /** The module of a name, or undefined. */
  get<K extends keyof M>(key: K): M[K];
  get(key: string): Module | undefined;
  get(key: string): Module | undefined {
    return this._members.get(key);
  }

  /** The names, in order. */
  [Symbol.iterator](): IterableIterator<string> {
    return this._members.keys();
  }

  keys(): IterableIterator<string> {
    return this._members.keys();
  }

  values(): IterableIterator<ValueOf<M>> {
    return this._members.values() as IterableIterator<ValueOf<M>>;
  }

  items(): IterableIterator<[string, ValueOf<M>]> {
    return this._members.entries() as IterableIterator<[string, ValueOf<M>]>;
  }

  /** Takes out all modules. */
  clear(): void {
    this._members.clear();
  }

  /** Takes out the module of a name and gives it back. */
  pop(key: string): Module {
    const module = this.__getitem__(key);
    this.__delitem__(key);
    return module;
  }

  /** Puts in all modules of a map, an object, another `ModuleDict` or pairs, in the place of those of the same name. */
  update(modules: Named<Module> | Iterable<readonly [string, Module]> | ModulesByName): void {
    const pairs = pairs_of<Module>(modules instanceof ModulesByName ? modules._members : modules, 'ModuleDict');
    for (const [name, module] of pairs) this.__setitem__(name, module);
  }
}
Object.defineProperty(ModulesByName, 'name', { value: 'ModuleDict' });

interface ModuleDictConstructor extends Omit<typeof ModulesByName, 'prototype'> {
  new <M extends Readonly<Record<string, Module>>>(modules: M | Readonly<{ modules: M }>): ModuleDict<M>;
  new <M extends object>(modules: ModulesByName<M>): ModuleDict<M>;
  new (...args: ConstructorParameters<typeof ModulesByName>): ModuleDict;
  readonly prototype: ModuleDict;
}

/**
 * Modules by name, all of them registered, unlike those of a plain object. It has no `forward`. Those that it begins
 * with are typed properties:
 *
 * ```ts
 * const layers = new nn.ModuleDict({ conv: new nn.Conv2d(3, 8, 3), act: new nn.ReLU() });
 * layers['conv'].weight; // or layers.conv
 * layers.get('pool'); // one that came later, or undefined
 * ```
 *
 * A name that one of its methods has, such as `keys`, is reached with `get` alone.
 * @param modules the modules to begin with, as a map, an object or pairs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
 */
export const ModuleDict = ModulesByName as unknown as ModuleDictConstructor;
export type ModuleDict<M extends object = {}> = keyof M extends never ? ModulesByName : ModulesByName<M> & Readonly<M>;

/** The pairs that a dict-like container is updated with. */
function pairs_of<V>(given: unknown, name: string): Iterable<readonly [string, V]> {
  if (given instanceof Map || is_plain_object(given)) return entries_of(given as Named<V>);
  if (!is_iterable(given)) {
    const method = name === 'ParameterDict' ? 'ParametersDict' : name;
    throw new TypeError(
      `${method}.update should be called with an iterable of key/value pairs, but got ${type_name(given)}`,
    );
  }
  return Array.from(given, (pair, i) => {
    if (!Array.isArray(pair)) {
      throw new TypeError(`${name} update sequence element #${i} should be Iterable; is${type_name(pair)}`);
    }
    if (pair.length !== 2) {
      throw new ValueError(`${name} update sequence element #${i} has length ${pair.length}; 2 is required`);
    }
    return pair as [string, V];
  });
}

/** A tensor that is not a parameter becomes one; everything else stays as it is. */
function as_parameter(value: unknown): unknown {
  return value instanceof Tensor && !(value instanceof Parameter) ? new Parameter(value) : value;
}

/** A member of a `ParameterList` or `ParameterDict` as it is printed. */
function member_line(name: string, value: unknown, kind_of: (tensor: Tensor) => string): string {
  if (!(value instanceof Tensor)) return `  (${name}): Object of type: ${type_name(value)}`;
  const place = value.device.type === 'cuda' ? ` (${String(value.device)})` : '';
  const what = value instanceof Parameter ? 'Parameter' : 'Tensor';
  return `  (${name}): ${what} containing: [${kind_of(value)} of size ${value.shape.join('x')}${place}]`;
}

/**
 * A list of parameters, all of them registered, unlike those of a plain array. Tensors that are put in become
 * parameters; it may hold other values as well. It cannot be called.
 * @param values the parameters to begin with
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
 */
export class ParameterList extends MemberContainer<unknown> {
  [index: number]: Parameter;
  [slice: `${string}:${string}`]: ParameterList;

  constructor(values: MaybeNamed<'values', Iterable<unknown> | null> = null) {
    super();
    const given = unnamed('values', values);
    if (given !== null) this.extend(given);
  }

  override forward(...args: unknown[]): never {
    void args;
    throw new RuntimeError('ParameterList should not be called.');
  }

  /** The members, in order. */
  *[Symbol.iterator](): Generator<Parameter, void> {
    yield* this._members.values() as Iterable<Parameter>;
  }

  /** The member at a place, counted from the end if negative, or for a slice such as `'1:3'` a list of them. */
  override __getitem__(index: number): Parameter;
  override __getitem__(slice: string): ParameterList;
  override __getitem__(index: number | string): Parameter | ParameterList {
    const members = [...this];
    if (typeof index === 'number') return members[absolute_index(index, members.length)]!;
    return new ParameterList(slice_indices(index, members.length).map((i) => members[i]!));
  }

  /** Puts a member in the place of another. */
  override __setitem__(index: number, value: unknown): void {
    this._members.set(String(absolute_index(index, this.length)), as_parameter(value));
  }

  /** Adds a member at the end. */
  append(value: unknown): this {
    this._members.set(String(this.length), as_parameter(value));
    return this;
  }

  /** Adds all members of an iterable at the end. */
  extend(values: Iterable<unknown>): this {
    if (!is_iterable(values) || values instanceof Tensor) {
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${type_name(values)}`);
    }
    for (const value of [...values]) this.append(value);
    return this;
  }

  override extra_repr(): string {
    return Array.from(this._members, ([name, value]) =>
      member_line(name, value, (tensor) => String(tensor.dtype)),
    ).join('\n');
  }
}

/** The methods of a `ParameterDict`. */
class ParametersByName extends MemberContainer<unknown> {
  constructor(parameters: Named<unknown> | Iterable<readonly [string, unknown]> | ParametersByName | null = null) {
    super();
    if (parameters !== null) this.update(parameters);
  }

  override forward(...args: unknown[]): never {
    void args;
    throw new RuntimeError('ParameterDict should not be called.');
  }

  /** The member of a name. */
  override __getitem__(key: string): Parameter {
    if (!this._members.has(String(key))) {
      throw new AttributeError(`'${this._get_name()}' object has no attribute '${key}'`);
    }
    return this._members.get(String(key)) as Parameter;
  }

  /** Puts a member under a name. */
  override __setitem__(key: string, value: unknown): void {
    this._members.set(String(key), as_parameter(value));
  }

  /** Takes out the member of a name. */
  __delitem__(key: string): void {
    if (!this._members.delete(key)) throw new KeyError(`'${key}'`);
  }

  /** A new dict with the same value under each of `keys`. */
  fromkeys(keys: Iterable<string>, default_value: unknown = null): ParametersByName {
    return new ParametersByName([...keys].map((key) => [key, default_value] as const));
  }

  __contains__(key: string): boolean {
    return this._members.has(key);
  }

  /** The member of a name, or `default_value` if there is none. */
  get(key: string, default_value: unknown = null): Parameter {
    return (this._members.has(key) ? this._members.get(key) : default_value) as Parameter;
  }

  /** The member of a name, which `default_value` becomes if there is none. */
  setdefault(key: string, default_value: unknown = null): Parameter {
    if (!this._members.has(key)) this.__setitem__(key, default_value);
    return this.__getitem__(key);
  }

  /** The names, in order. */
  [Symbol.iterator](): IterableIterator<string> {
    return this._members.keys();
  }

  keys(): IterableIterator<string> {
    return this._members.keys();
  }

  values(): IterableIterator<Parameter> {
    return this._members.values() as IterableIterator<Parameter>;
  }

  items(): IterableIterator<[string, Parameter]> {
    return this._members.entries() as IterableIterator<[string, Parameter]>;
  }

  /** Takes out all members. */
  clear(): void {
    this._members.clear();
  }

  /** Takes out the member of a name and gives it back. */
  pop(key: string): Parameter {
    const value = this.__getitem__(key);
    this.__delitem__(key);
    return value;
  }

  /** Takes out the last member and gives it back with its name. */
  popitem(): [string, Parameter] {
    const last = [...this._members.keys()].pop();
    if (last === undefined) throw new KeyError("'dictionary is empty'");
    return [last, this.pop(last)];
  }

  /** Another dict of the same parameters. */
  copy(): this {
    return new ParametersByName(this._members) as this;
  }

  /** Puts in all members of a map, an object, another `ParameterDict` or pairs. A plain object's go in by name. */
  update(parameters: Named<unknown> | Iterable<readonly [string, unknown]> | ParametersByName): void {
    const given = parameters instanceof ParametersByName ? parameters._members : parameters;
    const pairs = [...pairs_of<unknown>(given, 'ParameterDict')];
    if (is_plain_object(given)) pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [name, value] of pairs) this.__setitem__(name, value);
  }

  override extra_repr(): string {
    return Array.from(this._members, ([name, value]) => member_line(name, value, typename)).join('\n');
  }
}
Object.defineProperty(ParametersByName, 'name', { value: 'ParameterDict' });

/** What becomes of a value that is put in. */
type AsParameter<V> = V extends Tensor ? Parameter : V;

interface ParameterDictConstructor extends Omit<typeof ParametersByName, 'prototype'> {
  new <P extends Readonly<Record<string, unknown>>>(parameters: P): ParameterDict<P>;
  new (...args: ConstructorParameters<typeof ParametersByName>): ParameterDict;
  readonly prototype: ParameterDict;
}

/**
 * Parameters by name, all of them registered, unlike those of a plain object. Tensors that are put in become
 * parameters; it may hold other values as well. It cannot be called. Those that it begins with are typed properties.
 * @param parameters the parameters to begin with, as a map, an object or pairs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html
 */
export const ParameterDict = ParametersByName as unknown as ParameterDictConstructor;
export type ParameterDict<P extends object = {}> = keyof P extends never
  ? ParametersByName
  : ParametersByName & { readonly [K in keyof P]: AsParameter<P[K]> };

/**
 * A module with the sub-modules that it is given by name.
 * @deprecated subclass `Module`
 */
export class Container extends Module {
  constructor(modules: Readonly<Record<string, Module>> = {}) {
    warn(
      '`nn.Container` is deprecated. All of its functionality is now implemented in `nn.Module`. Subclass that instead.',
      'FutureWarning',
    );
    super();
    for (const [name, module] of Object.entries(modules)) this.add_module(name, module);
  }
}
