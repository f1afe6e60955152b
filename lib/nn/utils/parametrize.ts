/**
 * Parametrizations: a parameter or buffer of a module is computed from others by modules.
 *
 * ```ts
 * class Symmetric extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).mT);
 *   }
 *   right_inverse(x: Tensor): Tensor {
 *     return x.triu();
 *   }
 * }
 * const linear = parametrize.register_parametrization(new nn.Linear(5, 5), 'weight', new Symmetric());
 * linear.weight; // symmetric
 * linear.parametrizations.weight.original; // what is trained
 * ```
 * @see https://docs.pytorch.org/docs/stable/nn.html#parametrizations-implemented-using-the-new-parametrization-functionality-in-torch-nn-utils-parametrize-register-parametrization
 */
import type { Arguments } from '../../arguments.ts';
import { no_grad, scoped } from '../../autograd/grad_mode.ts';
import type { Guard } from '../../autograd/grad_mode.ts';
import { KeyError, NotImplementedError, RuntimeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { ModuleDict, ModuleList } from '../modules/container.ts';
import type { Module } from '../modules/module.ts';
import { Parameter } from '../parameter.ts';
import { signature } from './checked.ts';

/**
 * A module that computes a tensor from one or several; `right_inverse`, if it has one, gives those from which it would
 * compute a tensor.
 */
export type Parametrization = Module & { right_inverse?: (value: Tensor) => Tensor | readonly Tensor[] };

/** What a module with parametrizations has beside its own members. */
export interface Parametrized {
  /** The lists of parametrizations, by the name of the tensor. */
  parametrizations: ModuleDict & Readonly<Record<string, ParametrizationList>>;
}

export interface RegisterParametrizationOptions {
  /** Allow a parametrization to change dtype and shape, and check nothing (default: false). */
  unsafe?: boolean;
}

const register_parametrization_arguments = signature<
  { module: Module; tensor_name: string; parametrization: Parametrization } & RegisterParametrizationOptions
>('register_parametrization', ['module', 'tensor_name', 'parametrization'], [['unsafe', false]]);
const remove_parametrizations_arguments = signature<{
  module: Module;
  tensor_name: string;
  leave_parametrized?: boolean;
}>('remove_parametrizations', ['module', 'tensor_name', ['leave_parametrized', true]]);

// --- Caching ----------------------------------------------------------------------------------------------------

let caches_open = 0;
let cache = new Map<Module, Map<string, Tensor>>();

/**
 * Computes parametrized tensors only once inside: run a forward pass in it that uses one several times.
 *
 * ```ts
 * const output = parametrize.cached(() => model(input));
 * using _ = parametrize.cached(); // until the end of the block
 * ```
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.cached.html
 */
export function cached(): Guard;
export function cached<T>(callback: () => T): T;
export function cached<T>(callback?: () => T): T | Guard {
  const enter = (): (() => void) => {
    caches_open++;
    return () => {
      if (--caches_open === 0) cache = new Map();
    };
  };
  return scoped('cached', enter, callback);
}

function cached_value(module: Module, name: string, compute: () => Tensor): Tensor {
  let values = cache.get(module);
  if (values === undefined) cache.set(module, (values = new Map()));
  let value = values.get(name);
  if (value === undefined) values.set(name, (value = compute()));
  return value;
}

// --- The parametrizations of one tensor -------------------------------------------------------------------------

/** Puts the memory of a tensor under another, which stays the same object. */
function take_memory(destination: Tensor, source: Tensor): void {
  no_grad(() => destination.set_(source));
}

function register_parameter_or_buffer(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) module.register_parameter(name, tensor);
  else module.register_buffer(name, tensor);
}

function has_right_inverse(module: Module): module is Module & Required<Parametrization> {
  return typeof (module as Parametrization).right_inverse === 'function';
}

/** @throws ValueError unless a parametrization keeps dtype and shape */
function check_same(what: 'dtype' | 'shape', flag: string, before: [string, unknown], after: [string, unknown]): void {
  if (String(before[1]) === String(after[1])) return;
  throw new ValueError(
    `Registering a parametrization may not change the ${what} of the tensor, unless ${flag} flag is enabled.\n` +
      `${before[0]}: ${String(before[1])}\n${after[0]}: ${String(after[1])}`,
  );
}

/** @throws ValueError unless a parametrization gave a tensor */
function check_tensor(result: unknown): asserts result is Tensor {
  if (result instanceof Tensor) return;
  throw new ValueError(`A parametrization must return a tensor. Got ${type_name(result)}.`);
}

/**
 * The parametrizations of one tensor of a module, in the order in which they are applied, and what they compute it
 * from: `original`, or `original0`, `original1`, … where `right_inverse` of the first gives several tensors.
 * {@link register_parametrization} makes it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.ParametrizationList.html
 */
export class ParametrizationList extends ModuleList {
  /** What the tensor is computed from, where that is one tensor. */
  declare original: Tensor;
  unsafe: boolean;
  /** Whether it is computed from one tensor. */
  is_tensor: boolean;
  /** From how many tensors it is computed. */
  ntensors: number;

  /**
   * @param modules the parametrizations
   * @param original the tensor as it was
   * @param unsafe allow them to change dtype and shape, and check nothing (default: false)
   * @throws ValueError if there are none, or if one changes dtype or shape
   */
  constructor(modules: readonly Module[], original: Tensor, unsafe = false) {
    if (modules.length === 0) throw new ValueError('ParametrizationList requires one or more modules.');
    super(modules);
    this.unsafe = unsafe;
    const { shape, dtype } = original;
    const inverse = no_grad(() => this._inverse_of(original));
    if (!(inverse instanceof Tensor) && !Array.isArray(inverse)) {
      throw new ValueError(
        "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " +
          `Got ${type_name(inverse)}`,
      );
    }
    this.is_tensor = inverse instanceof Tensor;
    this.ntensors = inverse instanceof Tensor ? 1 : inverse.length;
    if (inverse instanceof Tensor) this._keep_one(original, inverse);
    else this._keep_several(original, inverse as readonly unknown[]);

    if (unsafe) return;
    const result: unknown = this.forward();
    check_tensor(result);
    check_same('dtype', '`unsafe`', ['unparametrized dtype', dtype], ['parametrized dtype', result.dtype]);
    check_same('shape', '`unsafe`', ['unparametrized shape', shape], ['parametrized shape', result.shape]);
  }

  /** What the parametrizations would compute a tensor from, as far as they know. */
  _inverse_of(original: Tensor): unknown {
    let value: unknown = original;
    for (const module of [...this].reverse()) {
      if (!has_right_inverse(module)) continue;
      try {
        value = module.right_inverse(value as Tensor);
      } catch (error) {
        if (!(error instanceof NotImplementedError)) throw error;
      }
    }
    return value;
  }

  _keep_one(original: Tensor, inverse: Tensor): void {
    for (const what of ['dtype', 'device'] as const) {
      if (String(original[what]) === String(inverse[what])) continue;
      throw new ValueError(
        `When \`right_inverse\` outputs one tensor, it may not change the ${what}.\n` +
          `original.${what}: ${String(original[what])}\n` +
          `right_inverse(original).${what}: ${String(inverse[what])}`,
      );
    }
    take_memory(original, inverse);
    register_parameter_or_buffer(this, 'original', original);
  }

  _keep_several(original: Tensor, inverse: readonly unknown[]): void {
    for (const [i, item] of inverse.entries()) {
      if (!(item instanceof Tensor)) {
        throw new ValueError(
          "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " +
            `Got element ${i} of the sequence with type ${type_name(item)}.`,
        );
      }
      const { requires_grad } = original;
      const tensor = original instanceof Parameter ? new Parameter(item, requires_grad) : item;
      register_parameter_or_buffer(this, `original${i}`, tensor.requires_grad_(requires_grad));
    }
  }

  /**
   * Makes what the tensor is computed from such that it is `value`: asks the parametrizations for it, the last first.
   * @throws RuntimeError if one of them has no `right_inverse`
   * @throws ValueError if one gives something that does not fit
   */
  right_inverse(value: Tensor): void {
    const inverse = no_grad(() => {
      let result: unknown = value;
      for (const module of [...this].reverse()) {
        if (!has_right_inverse(module)) {
          throw new RuntimeError(`parametrization ${type_name(module)} does not implement right_inverse.`);
        }
        result = module.right_inverse(result as Tensor);
      }
      return result;
    });
    if (this.is_tensor) this._assign_one(inverse);
    else this._assign_several(inverse);
  }

  _assign_one(inverse: unknown): void {
    if (!(inverse instanceof Tensor)) {
      throw new ValueError(`\`right_inverse\` should return a tensor. Got ${type_name(inverse)}`);
    }
    if (inverse.dtype !== this.original.dtype) {
      throw new ValueError(
        `The tensor returned by \`right_inverse\` has dtype ${String(inverse.dtype)} while \`original\` has dtype ` +
          String(this.original.dtype),
      );
    }
    take_memory(this.original, inverse);
  }

  _assign_several(inverse: unknown): void {
    if (!Array.isArray(inverse)) {
      throw new ValueError(`'right_inverse' must return a sequence of tensors. Got ${type_name(inverse)}.`);
    }
    if (inverse.length !== this.ntensors) {
      throw new ValueError(
        `'right_inverse' must return a sequence of tensors of length ${this.ntensors}. Got a sequence of length ` +
          `${inverse.length}.`,
      );
    }
    for (const [i, tensor] of (inverse as unknown[]).entries()) {
      const original = this._get_member(`original${i}`) as Tensor;
      if (!(tensor instanceof Tensor)) {
        throw new ValueError(
          `'right_inverse' must return a sequence of tensors or reference-type opaques. Got element ${i} of type ` +
            `${type_name(tensor)}.`,
        );
      }
      if (original.dtype !== tensor.dtype) {
        throw new ValueError(
          `Tensor ${i} returned by \`right_inverse\` has dtype ${String(tensor.dtype)} while \`original${i}\` has ` +
            `dtype ${String(original.dtype)}`,
        );
      }
      take_memory(original, tensor);
    }
  }

  /** The tensors from which the parametrized one is computed. */
  get _originals(): Tensor[] {
    if (this.is_tensor) return [this.original];
    return Array.from({ length: this.ntensors }, (_, i) => this._get_member(`original${i}`) as Tensor);
  }

  /** The parametrized tensor. */
  override forward(): Tensor {
    const [first, ...others] = this;
    return others.reduce<Tensor>((value, module) => module(value) as Tensor, first!(...this._originals) as Tensor);
  }
}

// --- Modules with parametrizations ------------------------------------------------------------------------------

type AnyClass = new (...args: any[]) => Module;

/** The lists of parametrizations of a module, or undefined if it has none. */
function lists_of(module: Module): ModuleDict | undefined {
  const lists = module._get_member('parametrizations');
  return lists instanceof ModuleDict ? lists : undefined;
}

function list_of(module: Module, name: string): ParametrizationList {
  return lists_of(module)!.__getitem__(name) as ParametrizationList;
}

/** Makes a module one of a class of its own, on which the parametrized tensors are properties. */
function become_parametrized(module: Module): void {
  const Base = module.constructor as AnyClass;
  const name = `Parametrized${Base.name}`;
  const Class = { [name]: class extends Base {} }[name]!;
  Object.setPrototypeOf(module, Class.prototype as object);
}

/** The class that a parametrized module had before. */
function class_before(module: Module): AnyClass {
  return Object.getPrototypeOf(module.constructor) as AnyClass;
}

/** Makes a property of the module's class that computes a tensor when it is read. */
function add_property(module: Module, name: string): void {
  const prototype = Object.getPrototypeOf(module) as object;
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Module): Tensor {
      const list = list_of(this, name);
      const compute = (): Tensor => list();
      return caches_open > 0 ? cached_value(this, name, compute) : compute();
    },
    set(this: Module, value: Tensor): void {
      if (value instanceof Parameter) throw new KeyError(`attribute '${name}' already exists`);
      list_of(this, name).right_inverse(value);
    },
  });
}

/** Puts a tensor where the property was. Copies of the module may share the class, so the property stays on it. */
function hide_property(module: Module, name: string): void {
  Object.defineProperty(module, name, { value: undefined, writable: true, enumerable: true, configurable: true });
}

/**
 * Adds a parametrization to a parameter or buffer of a module: from now on, reading it computes it. Several are applied
 * one after the other. Assigning a tensor to it assigns, by way of `right_inverse`, what it is computed from.
 *
 * The module becomes one of a class called `Parametrized…`.
 * @param module the module, which is changed in place
 * @param tensor_name the name of the parameter or buffer
 * @param parametrization what is to compute it
 * @returns the module
 * @throws ValueError if the module has no such tensor; unless `unsafe`, if the parametrization changes dtype or shape
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html
 */
export function register_parametrization<M extends Module>(
  module: M,
  tensor_name: string,
  parametrization: Parametrization,
  options?: RegisterParametrizationOptions,
): M & Parametrized;
export function register_parametrization<M extends Module>(
  kwargs: { module: M; tensor_name: string; parametrization: Parametrization } & RegisterParametrizationOptions,
): M & Parametrized;
export function register_parametrization(...args: unknown[]): Module {
  const { module, tensor_name, parametrization, unsafe } = register_parametrization_arguments(args);
  parametrization.train(module.training);
  if (is_parametrized(module, tensor_name)) {
    if (!unsafe) check_another(module, tensor_name, parametrization);
    const list = list_of(module, tensor_name);
    list.append(parametrization);
    list.unsafe ||= unsafe;
    return module;
  }
  if (!module._buffers.has(tensor_name) && !(module._get_member(tensor_name) instanceof Parameter)) {
    throw new ValueError(
      `Module '${String(module)}' does not have a parameter, a buffer, or a parametrized element with name ` +
        `'${tensor_name}'`,
    );
  }
  const original = module._get_member(tensor_name) as Tensor;
  const list = new ParametrizationList([parametrization], original, unsafe);
  module.__delattr__(tensor_name);
  if (!is_parametrized(module)) {
    become_parametrized(module);
    module._set_member('parametrizations', new ModuleDict());
  }
  add_property(module, tensor_name);
  lists_of(module)!.__setitem__(tensor_name, list);
  return module;
}

/** @throws ValueError if a parametrization cannot be added to those that are there */
function check_another(module: Module, name: string, parametrization: Parametrization): void {
  const before = module._get_member(name) as Tensor;
  const after: unknown = parametrization(before);
  check_tensor(after);
  const [old_text, new_text] = [`module.${name}`, `parametrization(module.${name})`];
  for (const what of ['dtype', 'shape'] as const) {
    check_same(what, 'the `unsafe`', [`${old_text}.${what}`, before[what]], [`${new_text}.${what}`, after[what]]);
  }
  if (!has_right_inverse(parametrization)) return;
  let inverse: unknown;
  try {
    inverse = parametrization.right_inverse(after);
  } catch (error) {
    if (error instanceof NotImplementedError) return;
    throw error;
  }
  if (!(inverse instanceof Tensor)) {
    throw new ValueError(`parametrization.right_inverse must return a tensor. Got: ${type_name(inverse)}`);
  }
  for (const what of ['dtype', 'shape'] as const) {
    if (String(inverse[what]) === String(before[what])) continue;
    throw new ValueError(
      `The tensor returned by parametrization.right_inverse must have the same ${what} as ${old_text}, unless the ` +
        `\`unsafe\` flag is enabled.\n${old_text}.${what}: ${String(before[what])}\n` +
        `returned ${what}: ${String(inverse[what])}`,
    );
  }
}

export interface TransferParametrizationsOptions<M extends Module = Module> {
  from_module: Module;
  to_module: M;
  tensor_name?: string | null;
}
const is_parametrized_arguments = signature<{ module: Module; tensor_name?: string | null }>('is_parametrized', [
  'module',
  ['tensor_name', null],
]);
const type_before_parametrizations_arguments = signature<{ module: Module }>('type_before_parametrizations', [
  'module',
]);
const transfer_parametrizations_arguments = signature<TransferParametrizationsOptions>(
  'transfer_parametrizations_and_params',
  ['from_module', 'to_module', ['tensor_name', null]],
);

/**
 * Does a module have parametrizations, of a tensor or at all?
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.is_parametrized.html
 */
export function is_parametrized(
  ...args: Arguments<{ module: Module; tensor_name?: string | null }, ['module', 'tensor_name']>
): boolean {
  const { module, tensor_name } = is_parametrized_arguments(args);
  const lists = lists_of(module);
  if (lists === undefined) return false;
  return tensor_name === null ? lists.length > 0 : lists.__contains__(tensor_name);
}

/**
 * Takes the parametrizations of a tensor away.
 * @param leave_parametrized leave the tensor as they compute it, rather than what they compute it from (default: true)
 * @returns the module, which is changed in place; of its old class, once no tensor is parametrized
 * @throws ValueError if the tensor is not parametrized, or is computed from several that are to be left
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.remove_parametrizations.html
 */
export function remove_parametrizations<M extends Module>(
  module: M,
  tensor_name: string,
  leave_parametrized?: boolean | { leave_parametrized?: boolean },
): M;
export function remove_parametrizations<M extends Module>(kwargs: {
  module: M;
  tensor_name: string;
  leave_parametrized?: boolean;
}): M;
export function remove_parametrizations(...args: unknown[]): Module {
  const { module, tensor_name, leave_parametrized } = remove_parametrizations_arguments(args);
  if (!is_parametrized(module, tensor_name)) {
    throw new ValueError(`Module ${String(module)} does not have a parametrization on ${tensor_name}`);
  }
  const list = list_of(module, tensor_name);
  let tensor: Tensor;
  if (list.is_tensor) {
    tensor = list.original;
    if (leave_parametrized) {
      take_memory(
        tensor,
        no_grad(() => module._get_member(tensor_name) as Tensor),
      );
    }
  } else {
    if (!leave_parametrized) {
      throw new ValueError(
        'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a ' +
          'sequence of tensors.',
      );
    }
    const value = module._get_member(tensor_name) as Tensor;
    tensor = value.requires_grad ? new Parameter(value) : value;
  }
  hide_property(module, tensor_name);
  lists_of(module)!.__delitem__(tensor_name);
  register_parameter_or_buffer(module, tensor_name, tensor);
  if (!is_parametrized(module)) {
    module.__delattr__('parametrizations');
    Object.setPrototypeOf(module, class_before(module).prototype as object);
  }
  return module;
}

/**
 * The class of a module, or the one that it had before it was parametrized.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.type_before_parametrizations.html
 */
export function type_before_parametrizations(
  ...args: Arguments<{ module: Module }, ['module']>
): abstract new (...args: never[]) => Module {
  const { module } = type_before_parametrizations_arguments(args);
  return is_parametrized(module) ? class_before(module) : (module.constructor as AnyClass);
}

/**
 * Gives a module the parametrizations of another, and what they compute tensors from: both share them afterwards.
 * @param tensor_name which tensor's (default: those of all)
 * @returns `to_module`, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.transfer_parametrizations_and_params.html
 */
export function transfer_parametrizations_and_params<M extends Module>(
  ...args: Arguments<TransferParametrizationsOptions<M>, ['from_module', 'to_module', 'tensor_name']>
): M {
  const { from_module, to_module: given, tensor_name } = transfer_parametrizations_arguments(args);
  const to_module = given as M;
  if (!is_parametrized(from_module)) return to_module;
  if (tensor_name !== null && !is_parametrized(from_module, tensor_name)) {
    throw new KeyError(`'${tensor_name}'`);
  }
  for (const name of tensor_name === null ? [...lists_of(from_module)!.keys()] : [tensor_name]) {
    const from_list = list_of(from_module, name);
    if (to_module._get_member(name) === undefined) {
      to_module._set_member(name, new Parameter(from_module._get_member(name) as Tensor));
    }
    for (const parametrization of from_list) register_parametrization(to_module, name, parametrization);
    const to_list = list_of(to_module, name);
    if (from_list.is_tensor) to_list._set_member('original', from_list.original);
    else from_list._originals.forEach((original, i) => to_list._set_member(`original${i}`, original));
  }
  return to_module;
}
