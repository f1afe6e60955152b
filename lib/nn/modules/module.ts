import { inspect } from 'node:util';
import { is_kwargs, signature } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import type { DeviceLike } from '../../device.ts';
import { bfloat16, float16, float32, float64 } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import {
  AssertionError,
  AttributeError,
  KeyError,
  NotImplementedError,
  RuntimeError,
  TypeError,
  ValueError,
} from '../../errors.ts';
import { typename } from '../../inquiries.ts';
import { aten } from '../../ops.ts';
import { OrderedDict } from '../../ordered_dict.ts';
import { repr, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { RemovableHandle } from '../../utils/hooks.ts';
import { warn } from '../../warnings.ts';
import { Buffer, Parameter, is_lazy } from '../parameter.ts';
import { deepcopy } from '../../copy/index.ts';
import type { Memo } from '../../copy/index.ts';
import { BackwardHook, hook_last_step } from './backward_hooks.ts';
import { Hooks, call_hook, calls_are_hooked, global_hooks } from './module_hooks.ts';
import { run_always_called_hooks, run_forward_hooks, run_forward_pre_hooks } from './module_hooks.ts';
import type {
  AnyHook,
  BackwardHookFunction,
  BackwardPreHookFunction,
  ForwardHook,
  ForwardHookOptions,
  ForwardHookWithKwargs,
  ForwardPreHook,
  ForwardPreHookWithKwargs,
  HookFunction,
  HookObject,
  HookOptions,
  HookedCall,
} from './module_hooks.ts';
import { hooked_buffer, hooked_module, hooked_parameter } from './registration_hooks.ts';
import { IncompatibleKeys, parse_load_state_dict, plain } from './state_dict.ts';
import type { LoadStateDictArguments, StateDict } from './state_dict.ts';
import { parse_to } from './to_arguments.ts';
import type { ToOptions } from './to_arguments.ts';

type Kwargs = Record<string, unknown>;
type Attributes = Record<string, unknown>;

/**
 * An object that can be called. A class of JavaScript cannot say that of its instances, so its constructor gives back
 * a function instead of the object it was asked to set up; everything else about the function is taken from the class.
 */
class Callable {
  constructor() {
    const self = ((...args: unknown[]): unknown =>
      calls_are_hooked ? self._call_impl(args) : self.forward(...args)) as unknown as Module;
    Object.setPrototypeOf(self, new.target.prototype as object);
    // A function's own `name` and `length` would hide and refuse properties of these names.
    Reflect.deleteProperty(self, 'name');
    Reflect.deleteProperty(self, 'length');
    return self as unknown as this;
  }
}

const register_buffer_arguments = signature<RegisterBufferOptions>('register_buffer', [
  'name',
  'tensor',
  ['persistent', true],
]);
const named_members_arguments = signature<NamedMembersOptions>('named_parameters', [
  ['prefix', ''],
  ['recurse', true],
  ['remove_duplicate', true],
]);
const named_modules_arguments = signature<NamedModulesOptions>('named_modules', [
  ['memo', null],
  ['prefix', ''],
  ['remove_duplicate', true],
]);
const recurse_arguments = signature<{ recurse?: boolean }>('parameters', [['recurse', true]]);
const modules_arguments = signature<{ remove_duplicate?: boolean }>('modules', [['remove_duplicate', true]]);
const state_dict_arguments = signature<StateDictOptions>('state_dict', [
  ['destination', null],
  ['prefix', ''],
  ['keep_vars', false],
]);
const mode_arguments = signature<{ mode?: boolean }>('train', [['mode', true]]);
const requires_grad_arguments = signature<{ requires_grad?: boolean }>('requires_grad_', [['requires_grad', true]]);
const zero_grad_arguments = signature<{ set_to_none?: boolean }>('zero_grad', [['set_to_none', true]]);
const full_backward_hook_arguments = signature<{ hook: HookFunction; prepend?: boolean }>(
  'register_full_backward_hook',
  ['hook', ['prepend', false]],
);
const full_backward_pre_hook_arguments = signature<{ hook: HookFunction; prepend?: boolean }>(
  'register_full_backward_pre_hook',
  ['hook', ['prepend', false]],
);
const register_parameter_arguments = signature<RegisterParameterOptions>('register_parameter', ['name', 'param']);
const add_module_arguments = signature<AddModuleOptions>('add_module', ['name', 'module']);
const get_submodule_arguments = signature<{ target: string }>('get_submodule', ['target']);
const get_parameter_arguments = signature<{ target: string }>('get_parameter', ['target']);
const get_buffer_arguments = signature<{ target: string }>('get_buffer', ['target']);
const set_submodule_arguments = signature<SetSubmoduleOptions>('set_submodule', [
  'target',
  'module',
  ['strict', false],
]);
const apply_arguments = signature<{ fn: (module: Module) => void }>('apply', ['fn']);
const to_empty_arguments = signature<ToEmptyOptions>('to_empty', [], ['device', ['recurse', true]]);

export interface RegisterBufferOptions {
  name: string;
  tensor: Tensor | null;
  persistent?: boolean;
}
export interface RegisterParameterOptions {
  name: string;
  param: Parameter | null;
}
export interface AddModuleOptions {
  name: string;
  module: Module | null;
}
export interface SetSubmoduleOptions {
  target: string;
  module: Module;
  strict?: boolean;
}
export interface NamedMembersOptions {
  prefix?: string;
  recurse?: boolean;
  remove_duplicate?: boolean;
}
export interface NamedModulesOptions {
  memo?: Set<Module> | null;
  prefix?: string;
  remove_duplicate?: boolean;
}
export interface StateDictOptions {
  destination?: StateDict | null;
  prefix?: string;
  keep_vars?: boolean;
}
export interface ToEmptyOptions {
  device: DeviceLike | null;
  recurse?: boolean;
}

/** Hooks of `register_state_dict_post_hook`, which must not give anything back. */
const public_hooks = new WeakSet<AnyHook>();

/** The suffix of the key under which a module's extra state is saved. */
const EXTRA_STATE_KEY = '_extra_state';

/** @throws TypeError unless the name of a member is a string */
function check_target(target: unknown): void {
  if (typeof target !== 'string') throw new TypeError(`target should be a string. Got ${type_name(target)}`);
}

/** A hook given by its name, among its options. */
export interface NamedHook<H> {
  hook: H;
}

/** A hook that runs before a module's part of `state_dict()` is made. */
export type StateDictPreHook<M> = (module: M, prefix: string, keep_vars: boolean) => void;
/** A hook that runs when a module's part of `state_dict()` is made. */
export type StateDictPostHook<M> = (module: M, state_dict: StateDict, prefix: string, local_metadata: Kwargs) => void;
/** A hook that runs before a module's part of a state dict is loaded. */
export type LoadStateDictPreHook<M> = (
  module: M,
  state_dict: OrderedDict<string, unknown>,
  prefix: string,
  local_metadata: Kwargs,
  strict: boolean,
  missing_keys: string[],
  unexpected_keys: string[],
  error_msgs: string[],
) => void;
/** A hook that runs after a module's part of a state dict is loaded. */
export type LoadStateDictPostHook<M> = (module: M, incompatible_keys: IncompatibleKeys) => void;

/** A hook and its options, whether the hook stands before them or among them. */
function hook_and_options<O>(given: AnyHook | (O & NamedHook<AnyHook>), rest: O): [hook: AnyHook, options: O] {
  return is_kwargs(given) && 'hook' in given ? [given['hook'] as AnyHook, given as O] : [given as AnyHook, rest];
}

function no_extra_state(method: string): string {
  return (
    `Reached a code path in Module.${method}() that should never be called. Please file an issue at ` +
    'https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug.'
  );
}

/** The shape as messages show it. */
function shape_text(tensor: Tensor): string {
  return String(tensor.shape);
}

/** Indents every line but the first. */
export function add_indent(text: string, spaces: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

/** Calls `module(...)` after its `forward`: the same parameters, the same result. */
export interface Module {
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/**
 * The base class of all neural network modules, and of your own models.
 *
 * A subclass sets up its parameters and sub-modules in the constructor or as class fields, and computes in `forward`.
 * Its instances are functions: `model(x)` runs `forward` and the hooks around it, typed after `forward`.
 *
 * ```ts
 * class Model extends nn.Module {
 *   conv1 = new nn.Conv2d(1, 20, 5);
 *   conv2 = new nn.Conv2d(20, 20, 5);
 *
 *   forward(x: Tensor): Tensor {
 *     return F.relu(this.conv2(F.relu(this.conv1(x))));
 *   }
 * }
 * ```
 *
 * Parameters, buffers and sub-modules are the module's own properties, in the order in which they were assigned.
 * JavaScript's private `#fields` cannot be seen from outside, so nothing in them is registered; nor is anything in a
 * plain array or object, for which there are `ModuleList`, `ModuleDict`, `ParameterList` and `ParameterDict`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
 */
export class Module extends Callable {
  /** The version of what `state_dict()` gives; it is saved beside the tensors and handed to `_load_from_state_dict`. */
  static _version = 1;

  /** Whether the module is in training mode: dropout drops, batch norm uses and updates the batch's statistics. */
  training = true;

  /** The names of the buffers, and whether each is saved. */
  #buffers: Map<string, boolean> | null = null;
  /** The names of parameters in whose place there is another tensor for a while. */
  #replaced: Set<string> | null = null;
  /** The names of sub-modules that have been registered as null. */
  #absent: Set<string> | null = null;
  #hooks: Hooks | null = null;

  /**
   * What the module computes; every subclass defines it. Call the module itself rather than this: only that runs hooks.
   * @throws NotImplementedError if a subclass does not define it
   */
  // The one signature that every other one is a special case of.
  forward(...args: any[]): any {
    void args;
    throw new NotImplementedError(`Module [${this._get_name()}] is missing the required "forward" function`);
  }

  // ---------------------------------------------------------------------------------------------------- members

  /** The module's own parameters by name. A copy: it is properties that make parameters. */
  get _parameters(): Map<string, Parameter> {
    const result = new Map<string, Parameter>();
    for (const name of Object.keys(this)) {
      const value = (this as unknown as Attributes)[name];
      if (this._is_parameter(name, value)) result.set(name, value);
    }
    return result;
  }

  /** Is what is under a name a parameter, or does it stand for one? */
  _is_parameter(name: string, value: unknown): value is Parameter {
    if (value instanceof Parameter) return true;
    return this.#replaced !== null && this.#replaced.has(name) && value instanceof Tensor;
  }

  /** The module's own buffers by name. A copy: `register_buffer` makes buffers. */
  get _buffers(): Map<string, Tensor | null> {
    const result = new Map<string, Tensor | null>();
    for (const name of Object.keys(this)) {
      const value = (this as unknown as Attributes)[name];
      if (value instanceof Buffer) {
        if (!this.#buffers?.has(name)) (this.#buffers ??= new Map()).set(name, value.persistent);
      } else if (!this.#buffers?.has(name) || value instanceof Parameter || this.#replaced?.has(name)) {
        continue;
      }
      result.set(name, value as Tensor | null);
    }
    return result;
  }

  /** The module's own sub-modules by name. A copy: it is properties that make sub-modules. */
  get _modules(): Map<string, Module> {
    const result = new Map<string, Module>();
    for (const name of Object.keys(this)) {
      const value = (this as unknown as Attributes)[name];
      if (value instanceof Module) result.set(name, value);
    }
    return result;
  }

  /** The names of the buffers that are no part of the `state_dict()`. A copy. */
  get _non_persistent_buffers_set(): Set<string> {
    return new Set([...this._buffers.keys()].filter((name) => !this.#buffers!.get(name)));
  }

  /** Refuses names that a member of a module cannot have. */
  #check_name(kind: 'buffer' | 'parameter' | 'module', name: string, taken: boolean): void {
    if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${type_name(name)}`);
    // Python looks at these in another order for modules than for the rest.
    if (kind === 'module' && taken) throw new KeyError(`attribute '${name}' already exists`);
    if (name.includes('.')) {
      throw new KeyError(`${kind} name can't contain "."${kind === 'module' ? `, got: ${name}` : ''}`);
    }
    if (name === '') throw new KeyError(`${kind} name can't be empty string ""`);
    if (taken) throw new KeyError(`attribute '${name}' already exists`);
  }

  /**
   * Adds a buffer: a tensor that belongs to the module's state, moves with it, and is not trained.
   * @param name the property under which it is found
   * @param tensor the buffer, or null for none yet
   * @param persistent whether it is part of the `state_dict()` (default: true)
   * @throws KeyError if the name is empty, contains a dot or is taken by something else
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer
   */
  register_buffer(...args: Arguments<RegisterBufferOptions, ['name', 'tensor', 'persistent']>): void {
    const { name, tensor, persistent } = register_buffer_arguments(args);
    const present = this._get_member(name);
    this.#check_name('buffer', name, present !== undefined && !this._buffers.has(name));
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new TypeError(
        `cannot assign '${typename(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    const buffer = hooked_buffer(this, name, tensor);
    (this.#buffers ??= new Map()).set(name, persistent);
    this._set_member(name, buffer);
  }

  /**
   * Adds a parameter, as assigning it to a property does.
   * @param name the property under which it is found
   * @param param the parameter, or null for none
   * @throws KeyError if the name is empty, contains a dot or is taken by something else
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_parameter
   */
  register_parameter(...args: Arguments<RegisterParameterOptions, ['name', 'param']>): void {
    const { name, param } = register_parameter_arguments(args);
    const present = this._get_member(name);
    this.#check_name('parameter', name, present !== undefined && present !== null && !(present instanceof Parameter));
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typename(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    if (param?.grad_fn) {
      throw new ValueError(
        `Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly. ` +
          `To express '${name}' as a function of another Tensor, compute the value in the forward() method.`,
      );
    }
    this._set_member(name, param === null ? null : hooked_parameter(this, name, param));
  }

  /**
   * Adds a sub-module, as assigning it to a property does.
   * @param name the property under which it is found
   * @param module the module, or null for none
   * @throws KeyError if the name is empty, contains a dot or is taken by something else
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.add_module
   */
  add_module(...args: Arguments<AddModuleOptions, ['name', 'module']>): void {
    const { name, module } = add_module_arguments(args);
    if (module !== null && !(module instanceof Module)) {
      throw new TypeError(`${typename(module)} is not a Module subclass`);
    }
    const present = this._get_member(name);
    this.#check_name('module', name, present !== undefined && present !== null && !this._modules.has(name));
    const child = hooked_module(this, name, module);
    if (child === null) (this.#absent ??= new Set()).add(name);
    this._set_member(name, child);
  }

  /** Another name of {@link add_module}. */
  register_module(...args: Arguments<AddModuleOptions, ['name', 'module']>): void {
    this.add_module(...args);
  }

  /** What is under a name: a member, or whatever else the module has; containers keep members elsewhere. */
  _get_member(name: string): unknown {
    return (this as unknown as Attributes)[name];
  }

  /** Puts a parameter, a buffer or a sub-module under a name; containers keep them elsewhere. */
  _set_member(name: string, value: Tensor | Module | null): void {
    (this as unknown as Attributes)[name] = value;
  }

  /** Takes away what is under a name; containers keep members elsewhere. */
  _delete_member(name: string): boolean {
    return Object.hasOwn(this, name) && Reflect.deleteProperty(this, name);
  }

  /**
   * Takes away a parameter, a buffer, a sub-module or any other attribute: Python's `del module.name`.
   * @throws AttributeError if there is none of that name
   */
  __delattr__(name: string): void {
    if (!this._delete_member(name)) {
      throw new AttributeError(`'${this._get_name()}' object has no attribute '${name}'`);
    }
    this.#buffers?.delete(name);
    this.#absent?.delete(name);
  }

  /**
   * Puts a tensor in the place of another, or takes it away, for a while: {@link torch.func.functional_call} does.
   * Whatever has been a parameter, goes on being listed as one.
   * @param tensor what is to be there; undefined for nothing
   * @returns what was there; undefined for nothing
   */
  _swap_tensor(name: string, tensor: Tensor | null | undefined): Tensor | null | undefined {
    const present = this._get_member(name) as Tensor | null | undefined;
    const parameter = this._is_parameter(name, present);
    if (tensor === undefined) {
      this._delete_member(name);
    } else {
      if (parameter && !(tensor instanceof Parameter)) (this.#replaced ??= new Set()).add(name);
      else this.#replaced?.delete(name);
      this._set_member(name, tensor);
    }
    return present;
  }

  /**
   * The sub-module of a dotted name; the module itself for an empty one.
   * @throws AttributeError if there is nothing under that name, or something else than a module
   */
  get_submodule(...args: Arguments<{ target: string }, ['target']>): Module {
    const { target } = get_submodule_arguments(args);
    check_target(target);
    if (target === '') return this;
    let module: Module = this;
    for (const item of target.split('.')) {
      const found = module._get_member(item);
      if (found === undefined) throw new AttributeError(`${module._get_name()} has no attribute \`${item}\``);
      if (!(found instanceof Module)) throw new AttributeError(`\`${item}\` is not an nn.Module`);
      module = found;
    }
    return module;
  }

  /**
   * Puts a module in the place of a sub-module, under its dotted name.
   * @param strict whether there must be one under that name already (default: false)
   * @throws AttributeError if something else than a module is there
   */
  set_submodule(...args: Arguments<SetSubmoduleOptions, ['target', 'module', 'strict']>): void {
    const { target, module, strict } = set_submodule_arguments(args);
    check_target(target);
    if (target === '') throw new ValueError('Cannot set the submodule without a target name!');
    if (!(module instanceof Module)) {
      throw new ValueError(`\`module\` is not an nn.Module, found <class '${type_name(module)}'>`);
    }
    const dot = target.lastIndexOf('.');
    const parent = this.get_submodule(target.slice(0, Math.max(dot, 0)));
    const name = target.slice(dot + 1);
    const present = parent._get_member(name);
    if (present === undefined) {
      if (strict) throw new AttributeError(`${parent._get_name()} has no attribute \`${name}\``);
    } else if (!(present instanceof Module)) {
      throw new AttributeError(`\`${name}\` is not an nn.Module`);
    }
    parent._set_member(name, module);
  }

  /**
   * The parameter of a dotted name.
   * @throws AttributeError if there is nothing under that name, or something else than a parameter
   */
  get_parameter(...args: Arguments<{ target: string }, ['target']>): Parameter {
    const [module, name, value] = this.#member(get_parameter_arguments(args).target);
    if (value === undefined) throw new AttributeError(`${module._get_name()} has no attribute \`${name}\``);
    if (!(value instanceof Parameter)) throw new AttributeError(`\`${name}\` is not an nn.Parameter`);
    return value;
  }

  /**
   * The buffer of a dotted name.
   * @throws AttributeError if there is nothing under that name, or something else than a buffer
   */
  get_buffer(...args: Arguments<{ target: string }, ['target']>): Tensor {
    const [module, name, value] = this.#member(get_buffer_arguments(args).target);
    if (value === undefined) throw new AttributeError(`${module._get_name()} has no attribute \`${name}\``);
    if (!module._buffers.has(name)) throw new AttributeError(`\`${name}\` is not a buffer`);
    return value as Tensor;
  }

  /**
   * Something else to be saved in the `state_dict()`; a subclass that defines it defines `set_extra_state`, too.
   * @throws RuntimeError if a subclass does not define it
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.get_extra_state
   */
  get_extra_state(): unknown {
    throw new RuntimeError(no_extra_state('get_extra_state'));
  }

  /**
   * Takes back what `get_extra_state()` gave.
   * @throws RuntimeError if a subclass does not define it
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.set_extra_state
   */
  set_extra_state(state: unknown): void {
    void state;
    throw new RuntimeError(no_extra_state('set_extra_state'));
  }

  #member(target: string): [module: Module, name: string, value: unknown] {
    check_target(target);
    const dot = target.lastIndexOf('.');
    const module = this.get_submodule(target.slice(0, Math.max(dot, 0)));
    const name = target.slice(dot + 1);
    return [module, name, module._get_member(name)];
  }

  /** Every module at or below this one with its dotted name, parents first. */
  *#walk(memo: Set<Module> | null, prefix: string): Generator<[string, Module]> {
    if (memo?.has(this)) return;
    memo?.add(this);
    yield [prefix, this];
    for (const [name, module] of this._modules) {
      yield* module.#walk(memo, prefix === '' ? name : `${prefix}.${name}`);
    }
  }

  #named_members<T extends Tensor>(
    { prefix, recurse, remove_duplicate }: Required<NamedMembersOptions>,
    members_of: (module: Module) => Map<string, T | null>,
  ): [string, T][] {
    const result: [string, T][] = [];
    const seen = new Set<T>();
    const modules: Iterable<[string, Module]> = recurse
      ? this.#walk(remove_duplicate ? new Set() : null, prefix)
      : [[prefix, this]];
    for (const [path, module] of modules) {
      for (const [name, member] of members_of(module)) {
        if (member === null || seen.has(member)) continue;
        if (remove_duplicate) seen.add(member);
        result.push([path === '' ? name : `${path}.${name}`, member]);
      }
    }
    return result;
  }

  /**
   * The parameters of this module and all below it, each once, in the order of assignment.
   * @param recurse whether those of sub-modules are wanted, too (default: true)
   */
  parameters(...args: Arguments<{ recurse?: boolean }, ['recurse']>): Parameter[] {
    return this.named_parameters('', recurse_arguments(args).recurse).map(([, param]) => param);
  }

  /**
   * As {@link parameters}, each with its dotted name.
   * @param prefix what to put before all names (default: nothing)
   * @param recurse whether those of sub-modules are wanted, too (default: true)
   * @param remove_duplicate whether a parameter that is in two places is given once (default: true)
   */
  named_parameters(
    ...args: Arguments<NamedMembersOptions, ['prefix', 'recurse', 'remove_duplicate']>
  ): [name: string, param: Parameter][] {
    return this.#named_members(named_members_arguments(args), (module) => module._parameters);
  }

  /**
   * The buffers of this module and all below it, each once.
   * @param recurse whether those of sub-modules are wanted, too (default: true)
   */
  buffers(...args: Arguments<{ recurse?: boolean }, ['recurse']>): Tensor[] {
    return this.named_buffers('', recurse_arguments(args).recurse).map(([, buffer]) => buffer);
  }

  /** As {@link buffers}, each with its dotted name. The parameters are those of {@link named_parameters}. */
  named_buffers(
    ...args: Arguments<NamedMembersOptions, ['prefix', 'recurse', 'remove_duplicate']>
  ): [name: string, buffer: Tensor][] {
    return this.#named_members(named_members_arguments(args), (module) => module._buffers);
  }

  /** The modules right below this one, each once. */
  children(): Module[] {
    return [...new Set(this._modules.values())];
  }

  /** As {@link children}, each with its name. */
  named_children(): [name: string, module: Module][] {
    const seen = new Set<Module>();
    const result: [string, Module][] = [];
    for (const entry of this._modules) {
      if (!seen.has(entry[1])) result.push(entry);
      seen.add(entry[1]);
    }
    return result;
  }

  /**
   * This module and all below it, parents first.
   * @param remove_duplicate whether a module that is in two places is given once (default: true)
   */
  modules(...args: Arguments<{ remove_duplicate?: boolean }, ['remove_duplicate']>): Module[] {
    const { remove_duplicate } = modules_arguments(args);
    return Array.from(this.#walk(remove_duplicate ? new Set() : null, ''), ([, module]) => module);
  }

  /**
   * As {@link modules}, each with its dotted name; that of this module is the prefix.
   * @param memo modules to leave out; those that are given are added
   * @param prefix what to put before all names (default: nothing)
   * @param remove_duplicate whether a module that is in two places is given once (default: true)
   */
  named_modules(
    ...args: Arguments<NamedModulesOptions, ['memo', 'prefix', 'remove_duplicate']>
  ): [name: string, module: Module][] {
    const { memo, prefix, remove_duplicate } = named_modules_arguments(args);
    return [...this.#walk(remove_duplicate ? (memo ?? new Set()) : null, prefix)];
  }

  // ------------------------------------------------------------------------------------- changing all members

  /**
   * Runs a function on every module at and below this one, this one last.
   * @returns this module
   */
  apply(...args: Arguments<{ fn: (module: Module) => void }, ['fn']>): this {
    const { fn } = apply_arguments(args);
    if (typeof fn !== 'function') throw new TypeError(`'${type_name(fn)}' object is not callable`);
    for (const module of this.children()) module.apply(fn);
    fn(this);
    return this;
  }

  /**
   * Puts `fn(tensor)` in the place of every parameter, gradient and buffer. Parameters stay the same objects, so that
   * optimizers go on working.
   */
  _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    if (recurse) for (const module of this.children()) module._apply(fn);
    for (const [name, param] of this._parameters) {
      const applied = no_grad(() => fn(param));
      const grad = param.grad;
      let target = param;
      if (aten._has_compatible_shallow_copy_type(param, applied)) {
        param.data = applied;
      } else {
        if (!param.is_leaf) throw new AssertionError('param must be a leaf tensor');
        target = new Parameter(applied, param.requires_grad);
        this._set_member(name, target);
      }
      if (grad === null) continue;
      const grad_applied = no_grad(() => fn(grad));
      if (aten._has_compatible_shallow_copy_type(grad, grad_applied)) {
        grad.data = grad_applied;
        if (target !== param) target.grad = grad;
      } else {
        if (!grad.is_leaf) throw new AssertionError('param_grad must be a leaf tensor');
        target.grad = grad_applied.requires_grad_(grad.requires_grad);
      }
    }
    for (const [name, buffer] of this._buffers) {
      if (buffer !== null) this._set_member(name, fn(buffer));
    }
    return this;
  }

  /**
   * Moves parameters and buffers to a device, or converts those of floating point to a dtype.
   *
   * ```ts
   * model.to('cuda');
   * model.to(torch.float64);
   * model.to('cuda', torch.float16, true);
   * model.to(other_tensor); // its device and dtype
   * model.to({ device: 'cuda', memory_format: torch.channels_last });
   * ```
   * @returns this module, which is changed in place
   * @throws TypeError if the dtype is neither of real nor of complex floating point numbers
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.to
   */
  to(device: DeviceLike | null, dtype?: DType | null, non_blocking?: boolean, kwargs?: ToOptions): this;
  to(device: DeviceLike | null, dtype: DType | null, kwargs: ToOptions): this;
  to(device: DeviceLike | null, kwargs: ToOptions): this;
  to(dtype: DType, non_blocking?: boolean, kwargs?: ToOptions): this;
  to(dtype: DType, kwargs: ToOptions): this;
  to(tensor: Tensor, non_blocking?: boolean, kwargs?: ToOptions): this;
  to(tensor: Tensor, kwargs: ToOptions): this;
  to(kwargs: ToOptions): this;
  to(...args: unknown[]): this {
    const { device, dtype, non_blocking, memory_format } = parse_to(args);
    if (dtype !== undefined) {
      if (!dtype.is_floating_point && !dtype.is_complex) {
        throw new TypeError(
          `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${String(dtype)}`,
        );
      }
      if (dtype.is_complex) {
        warn(
          'Complex modules are a new feature under active development whose design may change, ' +
            'and some modules might not work as expected when using complex tensors as parameters or buffers. ' +
            'Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml ' +
            'if a complex module does not work as expected.',
        );
      }
    }
    return this._apply((tensor) => {
      const converts = dtype !== undefined && (tensor.is_floating_point() || tensor.is_complex());
      const reformats = memory_format !== undefined && (tensor.dim() === 4 || tensor.dim() === 5);
      try {
        return tensor.to({
          device,
          dtype: converts ? dtype : undefined,
          non_blocking,
          memory_format: reformats ? memory_format : undefined,
        });
      } catch (error) {
        if (error instanceof NotImplementedError && error.message === 'Cannot copy out of meta tensor; no data!') {
          throw new NotImplementedError(
            `${error.message} Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to() ` +
              'when moving module from meta to a different device.',
          );
        }
        throw error;
      }
    });
  }

  /** Moves parameters and buffers to a device, leaving what is in them undefined. */
  to_empty(...args: Arguments<ToEmptyOptions, []>): this {
    const { device, recurse } = to_empty_arguments(args);
    return this._apply((tensor) => aten.empty_like(tensor, { device }), recurse);
  }

  /** Moves parameters and buffers to the CPU. */
  cpu(): this {
    return this._apply((tensor) => tensor.cpu());
  }

  /** Moves parameters and buffers to a GPU, the current one unless told which. */
  cuda(device?: DeviceLike | null): this {
    return this._apply((tensor) => tensor.cuda(device));
  }

  /** Moves parameters and buffers to an Intel GPU, the current one unless told which. */
  xpu(device?: DeviceLike | null): this {
    return this._apply((tensor) => tensor.xpu(device));
  }

  /** Moves parameters and buffers to a Graphcore IPU, the current one unless told which. */
  ipu(device?: DeviceLike | null): this {
    return this.#to_device('ipu', device);
  }

  /** Moves parameters and buffers to an MTIA accelerator, the current one unless told which. */
  mtia(device?: DeviceLike | null): this {
    return this.#to_device('mtia', device);
  }

  #to_device(type: string, device: DeviceLike | null = null): this {
    return this._apply((tensor) => tensor.to(typeof device === 'number' ? `${type}:${device}` : (device ?? type)));
  }

  /**
   * Moves parameters and buffers to where other processes can map them. Workers of this process need no such thing.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.share_memory
   */
  share_memory(): this {
    return this._apply((tensor) => tensor.share_memory_());
  }

  /**
   * There is no compiler here, so the module goes on running as it is.
   * @throws NotImplementedError always
   */
  compile(): never {
    throw new NotImplementedError('torch.compile is not available: modules run eagerly');
  }

  /** Converts all parameters and buffers to `dst_type`, a dtype or the name of a type of tensors. */
  type(dst_type: DType | string): this {
    return this._apply((tensor) => tensor.type(dst_type));
  }

  #to_floating_point(dtype: DType): this {
    return this._apply((tensor) => (tensor.is_floating_point() ? tensor.to(dtype) : tensor));
  }

  /** Converts parameters and buffers of floating point to `float32`. */
  float(): this {
    return this.#to_floating_point(float32);
  }

  /** Converts parameters and buffers of floating point to `float64`. */
  double(): this {
    return this.#to_floating_point(float64);
  }

  /** Converts parameters and buffers of floating point to `float16`. */
  half(): this {
    return this.#to_floating_point(float16);
  }

  /** Converts parameters and buffers of floating point to `bfloat16`. */
  bfloat16(): this {
    return this.#to_floating_point(bfloat16);
  }

  /**
   * Puts this module and all below it in training mode.
   * @param mode false for evaluation mode (default: true)
   */
  train(...args: Arguments<{ mode?: boolean }, ['mode']>): this {
    const { mode } = mode_arguments(args);
    if (typeof mode !== 'boolean') throw new ValueError('training mode is expected to be boolean');
    this.training = mode;
    for (const module of this.children()) module.train(mode);
    return this;
  }

  /** Puts this module and all below it in evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Says for all parameters whether gradients are computed for them (default: true). */
  requires_grad_(...args: Arguments<{ requires_grad?: boolean }, ['requires_grad']>): this {
    const { requires_grad } = requires_grad_arguments(args);
    for (const param of this.parameters()) param.requires_grad_(requires_grad);
    return this;
  }

  /**
   * Resets the gradients of all parameters.
   * @param set_to_none drop them rather than fill them with zeros (default: true)
   */
  zero_grad(...args: Arguments<{ set_to_none?: boolean }, ['set_to_none']>): void {
    const { set_to_none } = zero_grad_arguments(args);
    for (const param of this.parameters()) {
      if (set_to_none) {
        param.grad = null;
        continue;
      }
      const grad = param.grad;
      if (grad === null) continue;
      if (grad.grad_fn !== null) grad.detach_();
      else grad.requires_grad_(false);
      grad.zero_();
    }
  }

  // ------------------------------------------------------------------------------------------------------ hooks

  /**
   * Adds a hook that runs before `forward`: `hook(module, args)`, or `hook(module, args, kwargs)` with `with_kwargs`.
   * What it gives back, if anything, takes the place of the arguments: an array of them, or a single one; with
   * `with_kwargs` `[args, kwargs]`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_pre_hook
   */
  register_forward_pre_hook(
    hook: ForwardPreHookWithKwargs<this>,
    options: HookOptions & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_pre_hook(
    hook: ForwardPreHook<this>,
    options?: HookOptions & { with_kwargs?: false },
  ): RemovableHandle;
  register_forward_pre_hook(
    kwargs: HookOptions & NamedHook<ForwardPreHookWithKwargs<this>> & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_pre_hook(
    kwargs: HookOptions & NamedHook<ForwardPreHook<this>> & { with_kwargs?: false },
  ): RemovableHandle;
  /** @internal Hooks of the library's own have a state. */
  register_forward_pre_hook(hook: HookObject): RemovableHandle;
  register_forward_pre_hook(given: AnyHook | (HookOptions & NamedHook<AnyHook>), rest: HookOptions = {}): RemovableHandle {
    const [hook, options] = hook_and_options(given, rest);
    return this.#own_hooks.add_forward_pre(hook, options);
  }

  /**
   * Adds a hook that runs after `forward`: `hook(module, args, output)`, or `hook(module, args, kwargs, output)` with
   * `with_kwargs`. What it gives back, if anything, takes the place of the output.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_hook
   */
  register_forward_hook(
    hook: ForwardHookWithKwargs<this>,
    options: ForwardHookOptions & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_hook(
    hook: ForwardHook<this>,
    options?: ForwardHookOptions & { with_kwargs?: false },
  ): RemovableHandle;
  register_forward_hook(
    kwargs: ForwardHookOptions & NamedHook<ForwardHookWithKwargs<this>> & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_hook(
    kwargs: ForwardHookOptions & NamedHook<ForwardHook<this>> & { with_kwargs?: false },
  ): RemovableHandle;
  register_forward_hook(given: AnyHook | (ForwardHookOptions & NamedHook<AnyHook>), rest: ForwardHookOptions = {}): RemovableHandle {
    const [hook, options] = hook_and_options(given, rest);
    return this.#own_hooks.add_forward(hook, options);
  }

  /** Whether hooks run before or after this module's `forward`, those of all modules aside. */
  _has_forward_hooks(): boolean {
    const hooks = this.#hooks;
    return hooks !== null && hooks.forward_pre.size + hooks.forward.size > 0;
  }

  /**
   * Adds a hook that runs when the gradients of the module's arguments have been computed:
   * `hook(module, grad_input, grad_output)`, with the gradients of the positional arguments and of the results, null
   * for what is no tensor. What it gives back, if anything, takes the place of the former.
   *
   * Neither arguments nor results of a module with such a hook can be changed in place.
   * @param prepend run it before the hooks that are already there (default: false)
   * @throws RuntimeError if there are hooks of {@link register_backward_hook}
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook
   */
  register_full_backward_hook(
    ...args: Arguments<NamedHook<BackwardHookFunction<this>> & { prepend?: boolean }, ['hook', 'prepend']>
  ): RemovableHandle {
    const options = full_backward_hook_arguments(args);
    return this.#own_hooks.add_backward(options.hook, true, 'on a single Module', options.prepend);
  }

  /**
   * Adds a hook that runs when the gradients of the module's results have been computed: `hook(module, grad_output)`.
   * What it gives back, if anything, takes their place.
   * @param prepend run it before the hooks that are already there (default: false)
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_pre_hook
   */
  register_full_backward_pre_hook(
    ...args: Arguments<NamedHook<BackwardPreHookFunction<this>> & { prepend?: boolean }, ['hook', 'prepend']>
  ): RemovableHandle {
    const options = full_backward_pre_hook_arguments(args);
    return this.#own_hooks.add_backward_pre(options.hook, options.prepend);
  }

  /**
   * Adds a hook on the last step of the module alone: it sees the gradients that this step takes and gives.
   * @deprecated use {@link register_full_backward_hook}
   * @throws RuntimeError if there are hooks of {@link register_full_backward_hook}
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_backward_hook
   */
  register_backward_hook(hook: BackwardHookFunction<this>): RemovableHandle {
    return this.#own_hooks.add_backward(hook, false, 'on a single Module');
  }

  get #own_hooks(): Hooks {
    return (this.#hooks ??= new Hooks());
  }

  /** The hooks before `forward` by their ids. */
  get _forward_pre_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.forward_pre;
  }

  /** The hooks after `forward` by their ids. */
  get _forward_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.forward;
  }

  /** The hooks on gradients of results by their ids. */
  get _backward_pre_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.backward_pre;
  }

  /** The hooks on gradients of arguments by their ids. */
  get _backward_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.backward;
  }

  /** The hooks before `state_dict()` by their ids. */
  get _state_dict_pre_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.state_dict_pre;
  }

  /** The hooks after `state_dict()` by their ids. */
  get _state_dict_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.state_dict_post;
  }

  /** The hooks before `load_state_dict()` by their ids. */
  get _load_state_dict_pre_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.load_state_dict_pre;
  }

  /** The hooks after `load_state_dict()` by their ids. */
  get _load_state_dict_post_hooks(): Map<number, AnyHook> {
    return this.#own_hooks.load_state_dict_post;
  }

  #add_hook(
    table: 'state_dict_pre' | 'state_dict_post' | 'load_state_dict_pre' | 'load_state_dict_post',
    hook: AnyHook,
  ): RemovableHandle {
    const hooks = this.#own_hooks[table];
    const handle = new RemovableHandle(hooks);
    hooks.set(handle.id, hook);
    return handle;
  }

  /** Adds a hook that runs before the module's part of `state_dict()` is made. */
  register_state_dict_pre_hook(
    hook: StateDictPreHook<this> | NamedHook<StateDictPreHook<this>>,
  ): RemovableHandle {
    return this.#add_hook('state_dict_pre', hook_and_options(hook, {})[0]);
  }

  /** Adds a hook that runs when the module's part of `state_dict()` is made; it may change the dict in place. */
  register_state_dict_post_hook(
    given: StateDictPostHook<this> | NamedHook<StateDictPostHook<this>>,
  ): RemovableHandle {
    const [hook] = hook_and_options(given, {});
    public_hooks.add(hook);
    return this.#add_hook('state_dict_post', hook);
  }

  /**
   * As {@link register_state_dict_post_hook}, for a hook that may give back another dict.
   * @throws RuntimeError for a hook that has been registered there
   */
  _register_state_dict_hook(hook: AnyHook): RemovableHandle {
    if (public_hooks.has(hook)) {
      throw new RuntimeError(
        'Cannot register the same function as the state dict post hook that was previously registered via ' +
          'register_state_dict_post_hook',
      );
    }
    return this.#add_hook('state_dict_post', hook);
  }

  /** Adds a hook that runs before the module's part of a state dict is loaded; it may change the dict in place. */
  register_load_state_dict_pre_hook(
    hook: LoadStateDictPreHook<this> | NamedHook<LoadStateDictPreHook<this>>,
  ): RemovableHandle {
    return this._register_load_state_dict_pre_hook(hook_and_options(hook, {})[0], true);
  }

  /** As {@link register_load_state_dict_pre_hook}, for a hook that is not handed the module unless it asks for it. */
  _register_load_state_dict_pre_hook(hook: AnyHook, with_module = false): RemovableHandle {
    const handle = this.#add_hook('load_state_dict_pre', hook);
    if (!with_module) this.#own_hooks.without_module.add(handle.id);
    return handle;
  }

  /** Adds a hook that runs after the module's part of a state dict is loaded; it may change the lists in place. */
  register_load_state_dict_post_hook(
    hook: LoadStateDictPostHook<this> | NamedHook<LoadStateDictPostHook<this>>,
  ): RemovableHandle {
    return this.#add_hook('load_state_dict_post', hook_and_options(hook, {})[0]);
  }

  /** A call of the module while there are hooks somewhere. */
  _call_impl(args: unknown[]): unknown {
    const hooks = this.#hooks;
    if (!hooks?.on_calls && !global_hooks.on_calls) return this.forward(...args);
    const last = args[args.length - 1];
    const call: HookedCall = is_kwargs(last)
      ? { args: args.slice(0, -1), kwargs: last, output: null, called: new Set() }
      : { args, kwargs: {}, output: null, called: new Set() };
    const tables = hooks === null ? [global_hooks] : [global_hooks, hooks];
    try {
      for (const table of tables) run_forward_pre_hooks(this, table, call);
      const full_hooks = tables.flatMap((table) => (table.full_backward === true ? [...table.backward.values()] : []));
      const pre_hooks = tables.flatMap((table) => [...table.backward_pre.values()]);
      const backward =
        full_hooks.length + pre_hooks.length > 0 ? new BackwardHook(this, full_hooks, pre_hooks) : undefined;
      if (backward !== undefined) call.args = backward.setup_input_hook(call.args);
      call.output = this.forward(...call.args, ...(Object.keys(call.kwargs).length > 0 ? [call.kwargs] : []));
      for (const table of tables) run_forward_hooks(this, table, call);
      if (backward !== undefined) call.output = backward.setup_output_hook(call.output);
      const old_hooks = tables.flatMap((table) => (table.full_backward === false ? [...table.backward.values()] : []));
      if (old_hooks.length > 0) hook_last_step(this, old_hooks, call.args, call.output);
      return call.output;
    } catch (error) {
      for (const table of tables) run_always_called_hooks(this, table, call);
      throw error;
    }
  }

  // -------------------------------------------------------------------------------------------------- state dicts

  /** Puts the module's own parameters and persistent buffers into `destination`. */
  _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    for (const [name, param] of this._parameters) destination.set(prefix + name, keep_vars ? param : param.detach());
    for (const [name, buffer] of this._buffers) {
      if (buffer === null || !this.#buffers!.get(name)) continue;
      destination.set(prefix + name, keep_vars ? buffer : buffer.detach());
    }
    if (this.get_extra_state !== Module.prototype.get_extra_state) {
      destination.set(prefix + EXTRA_STATE_KEY, this.get_extra_state() as Tensor);
    }
  }

  /**
   * The parameters and persistent buffers of this module and all below it, by dotted name. The tensors share the
   * memory of the module's, outside of any graph.
   * @param destination a dict to add to
   * @param prefix what to put before all names (default: nothing)
   * @param keep_vars give the parameters themselves and not detached tensors (default: false)
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict
   */
  state_dict(...args: Arguments<StateDictOptions, ['destination', 'prefix', 'keep_vars']>): StateDict {
    if (args.length > 0 && !is_kwargs(args[0])) {
      warn(
        'Positional args are being deprecated, use kwargs instead. Refer to ' +
          'https://pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.state_dict for details.',
        'FutureWarning',
      );
    }
    const { destination: given, prefix, keep_vars } = state_dict_arguments(args);
    let destination: StateDict = given ?? new OrderedDict();
    if (given === null) destination._metadata = new OrderedDict();
    const local_metadata: Kwargs = { version: (this.constructor as typeof Module)._version };
    destination._metadata?.set(prefix.slice(0, -1), local_metadata);
    for (const hook of this.#hooks?.state_dict_pre.values() ?? []) call_hook(hook, this, prefix, keep_vars);
    this._save_to_state_dict(destination, prefix, keep_vars);
    for (const [name, module] of this._modules) {
      module.state_dict({ destination, prefix: `${prefix}${name}.`, keep_vars });
    }
    for (const hook of this.#hooks?.state_dict_post.values() ?? []) {
      const result = call_hook(hook, this, destination, prefix, local_metadata);
      if (result === undefined || result === null) continue;
      if (public_hooks.has(hook)) throw new RuntimeError('state_dict post-hook must return None');
      destination = result as StateDict;
    }
    return destination;
  }

  /**
   * Copies what belongs to this module, and not to those below it, from `state_dict` into its parameters and buffers.
   * A subclass that has to read what older versions of itself saved overrides it.
   * @param local_metadata what was saved beside the tensors: `version`, and `assign_to_params_buffers` where tensors
   *   are to be assigned rather than copied
   */
  _load_from_state_dict(
    state_dict: OrderedDict<string, unknown>,
    prefix: string,
    local_metadata: Kwargs,
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ): void {
    for (const [id, hook] of this.#hooks?.load_state_dict_pre ?? []) {
      const module = this.#hooks!.without_module.has(id) ? [] : [this];
      call_hook(hook, ...module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs);
    }
    const assign = local_metadata['assign_to_params_buffers'] === true;
    const local_state = new Map<string, Tensor>(this._parameters);
    for (const [name, buffer] of this._buffers) {
      if (buffer !== null && this.#buffers!.get(name)) local_state.set(name, buffer);
    }
    for (const [name, param] of local_state) {
      const key = prefix + name;
      if (state_dict.has(key)) this.#load_member(name, key, param, state_dict.get(key), assign, error_msgs);
      else if (strict) missing_keys.push(key);
    }
    const extra_state_key = prefix + EXTRA_STATE_KEY;
    if (this.set_extra_state !== Module.prototype.set_extra_state) {
      if (state_dict.has(extra_state_key)) this.set_extra_state(state_dict.get(extra_state_key));
      else if (strict) missing_keys.push(extra_state_key);
    } else if (strict && state_dict.has(extra_state_key)) {
      unexpected_keys.push(extra_state_key);
    }
    if (!strict) return;
    const modules = this._modules;
    for (const key of state_dict.keys()) {
      if (!key.startsWith(prefix) || key === extra_state_key) continue;
      const [first, ...rest] = key.slice(prefix.length).split('.') as [string, ...string[]];
      const known = rest.length > 0 ? modules.has(first) : local_state.has(first);
      if (!known) unexpected_keys.push(key);
    }
  }

  #load_member(
    name: string,
    key: string,
    param: Tensor,
    value: unknown,
    assign: boolean,
    error_msgs: string[],
  ): void {
    if (!(value instanceof Tensor)) {
      error_msgs.push(
        `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint ` +
          `but received <class '${type_name(value)}'>`,
      );
      return;
    }
    let input = value;
    if (!is_lazy(param)) {
      const shape = param.shape;
      // Versions before 0.4 saved numbers as tensors of one element.
      if (shape.length === 0 && input.shape.length === 1 && input.shape[0] === 1) input = input.select(0, 0);
      if (!shape.equals(input.shape)) {
        error_msgs.push(
          `size mismatch for ${key}: copying a param with shape ${shape_text(input)} from checkpoint, ` +
            `the shape in current model is ${shape_text(param)}.`,
        );
        return;
      }
    }
    if (param.device.type === 'meta' && input.device.type !== 'meta' && !assign) {
      warn(
        `for ${key}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, ` +
          'which is a no-op. (Did you mean to pass `assign=True` to assign items in the state dictionary to their ' +
          'corresponding key in the module instead of copying them in place?)',
      );
    }
    try {
      if (!assign) {
        no_grad(() => param.copy_(input));
      } else if (!(param instanceof Parameter)) {
        this._set_member(name, input);
      } else {
        const requires_grad = param.requires_grad;
        const given = input instanceof Parameter;
        this._set_member(name, given ? input.requires_grad_(requires_grad) : new Parameter(input, requires_grad));
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      error_msgs.push(
        `While copying the parameter named "${key}", whose dimensions in the model are ${shape_text(param)} and ` +
          `whose dimensions in the checkpoint are ${shape_text(input)}, an exception occurred : ` +
          `${repr([error.message])}.`,
      );
    }
  }

  /**
   * Copies parameters and buffers from a state dict into this module and all below it.
   * @param state_dict what `state_dict()` gave, any other map, or a plain object
   * @param strict whether the keys must be exactly those of this module (default: true)
   * @param assign take the dict's tensors in the place of the module's, rather than copy (default: false)
   * @returns the keys that were missing and those that were not expected; prints as `<All keys matched successfully>`
   *   if there are none
   * @throws RuntimeError if `strict` and the keys differ, or if a tensor has another shape than its parameter
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict
   */
  load_state_dict(...args: LoadStateDictArguments): IncompatibleKeys {
    const { state_dict: given, strict, assign } = parse_load_state_dict(args);
    const missing_keys: string[] = [];
    const unexpected_keys: string[] = [];
    const error_msgs: string[] = [];
    const incompatible_keys = new IncompatibleKeys(missing_keys, unexpected_keys);
    const metadata = (given as { _metadata?: unknown })._metadata;
    const entries = given instanceof Map ? given : Object.entries(given);

    const load = (module: Module, state_dict: OrderedDict<string, unknown>, prefix: string): void => {
      const saved = metadata instanceof Map ? (metadata.get(prefix.slice(0, -1)) as Kwargs | undefined) : undefined;
      const local_metadata = { ...plain(saved), ...(assign ? { assign_to_params_buffers: true } : {}) };
      module._load_from_state_dict(
        state_dict,
        prefix,
        local_metadata,
        true,
        missing_keys,
        unexpected_keys,
        error_msgs,
      );
      for (const [name, child] of module._modules) {
        const child_prefix = `${prefix}${name}.`;
        const below = new OrderedDict<string, unknown>();
        for (const [key, value] of state_dict) if (key.startsWith(child_prefix)) below.set(key, value);
        load(child, below, child_prefix);
      }
      for (const hook of module.#hooks?.load_state_dict_post.values() ?? []) {
        const result = call_hook(hook, module, incompatible_keys);
        if (result !== undefined && result !== null) {
          throw new AssertionError(
            'Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, ' +
              'if incompatible_keys need to be modified, it should be done inplace.',
          );
        }
      }
    };
    load(this, new OrderedDict(entries as Iterable<[string, unknown]>), '');

    if (strict) {
      const keys = (names: string[]): string => names.map((key) => `"${key}"`).join(', ');
      if (unexpected_keys.length > 0) {
        error_msgs.unshift(`Unexpected key(s) in state_dict: ${keys(unexpected_keys)}. `);
      }
      if (missing_keys.length > 0) error_msgs.unshift(`Missing key(s) in state_dict: ${keys(missing_keys)}. `);
    }
    if (error_msgs.length > 0) {
      throw new RuntimeError(`Error(s) in loading state_dict for ${this._get_name()}:\n\t${error_msgs.join('\n\t')}`);
    }
    return incompatible_keys;
  }

  // ------------------------------------------------------------------------------------------------------ copying

  /**
   * A copy of the module with parameters, buffers and sub-modules of its own, as `copy.deepcopy(module)` in Python.
   *
   * The constructor of the subclass does not run, so JavaScript's private `#members` of a subclass are not there.
   * @param memo what has been copied already, and its copies
   */
  __deepcopy__(memo: Memo = new Map()): this {
    const copy = Reflect.construct(Module, [], this.constructor) as this;
    memo.set(this, copy);
    copy.#buffers = this.#buffers && new Map(this.#buffers);
    copy.#absent = this.#absent && new Set(this.#absent);
    copy.#hooks = this.#hooks?.copy(memo) ?? null;
    for (const key of Reflect.ownKeys(this)) {
      const descriptor = Object.getOwnPropertyDescriptor(this, key)!;
      if ('value' in descriptor) descriptor.value = deepcopy(descriptor.value, memo) as unknown;
      Object.defineProperty(copy, key, descriptor);
    }
    return copy;
  }

  /** @internal A module of class `cls` whose own constructor has not run. */
  static __new__(cls: abstract new (...args: never[]) => unknown): object {
    return Reflect.construct(Module, [], cls) as object;
  }

  /** @internal How a module travels to another thread; hooks stay behind. */
  __getstate__(): unknown {
    return [this.#buffers, this.#absent, Object.entries(this)];
  }

  /** @internal */
  __setstate__([buffers, absent, members]: [Map<string, boolean> | null, Set<string> | null, [string, unknown][]]): void {
    this.#buffers = buffers;
    this.#absent = absent;
    for (const [name, value] of members) {
      Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
    }
  }

  // ----------------------------------------------------------------------------------------------------- printing

  /** The name of the class. */
  _get_name(): string {
    return this.constructor.name;
  }

  /** What stands between the parentheses when the module is printed; subclasses say what is worth knowing. */
  extra_repr(): string {
    return '';
  }

  /** The sub-modules by name, those that have been registered as null as well. */
  #named_or_absent_modules(): ReadonlyMap<string, Module | null> {
    const modules = this._modules;
    if (this.#absent === null) return modules;
    const absent = this.#absent;
    const names = Object.keys(this).filter((name) => modules.has(name) || absent.has(name));
    return new Map(names.map((name) => [name, modules.get(name) ?? null]));
  }

  /** The description that printing shows: the name of the class, `extra_repr()`, and the sub-modules. */
  __repr__(): string {
    const extra = this.extra_repr();
    const extra_lines = extra === '' ? [] : extra.split('\n');
    const child_lines = Array.from(
      this.#named_or_absent_modules(),
      ([name, module]) => `(${name}): ${module === null ? 'None' : add_indent(module.__repr__(), 2)}`,
    );
    if (extra_lines.length === 0 && child_lines.length === 0) return `${this._get_name()}()`;
    if (extra_lines.length === 1 && child_lines.length === 0) return `${this._get_name()}(${extra_lines[0]})`;
    return `${this._get_name()}(\n  ${[...extra_lines, ...child_lines].join('\n  ')}\n)`;
  }

  override toString(): string {
    return this.__repr__();
  }

  [inspect.custom](): string {
    return this.__repr__();
  }
}
