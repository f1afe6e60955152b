import { is_instance } from '../../arguments.ts';
import { AttributeError, KeyError, TypeError } from '../../errors.ts';
import { str, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Module } from '../modules/module.ts';

/** Tensors by the dotted names of a module's members; undefined for one that is not to be there. */
export type NamedTensors = ReadonlyMap<string, Tensor | null | undefined>;

/** What a value is, as far as it lets itself be read. */
function text_of(value: unknown): string {
  try {
    return str(value);
  } catch {
    return type_name(value);
  }
}

/** Reaches the parameters and buffers of a module, and of all below it, by their dotted names. */
export class NamedMemberAccessor {
  readonly module: Module;
  readonly #modules = new Map<string, Module>();

  constructor(module: Module) {
    this.module = module;
  }

  /**
   * The sub-module of a dotted name.
   * @throws AttributeError if there is nothing of that name, TypeError if it is no module
   */
  get_submodule(name: string): Module {
    if (name === '') return this.module;
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    const [parent, attribute] = this.#split(name);
    const found = parent._get_member(attribute);
    if (found === undefined) throw new AttributeError(`${parent._get_name()} has no attribute \`${attribute}\``);
    if (!(found instanceof Module)) {
      throw new TypeError(`submodule \`${name}\`: ${str(found)} is not an instance of torch.nn.Module`);
    }
    this.#modules.set(name, found);
    return found;
  }

  #split(name: string): [parent: Module, attribute: string] {
    const dot = name.lastIndexOf('.');
    return [this.get_submodule(name.slice(0, Math.max(dot, 0))), name.slice(dot + 1)];
  }

  /**
   * Puts a tensor where another is, or takes it away.
   * @returns what was there; undefined for nothing
   * @throws TypeError for what is no tensor, here or there
   */
  swap_tensor(name: string, tensor: Tensor | null | undefined): Tensor | null | undefined {
    const [parent, attribute] = this.#split(name);
    if (tensor !== undefined && tensor !== null && !is_instance(tensor, Tensor)) {
      throw new TypeError(`${text_of(tensor)} is not an instance of torch.Tensor`);
    }
    if (attribute === '') throw new KeyError('tensor name can\'t be empty string ""');
    const present = parent._get_member(attribute);
    if (present !== undefined && present !== null && !(present instanceof Tensor)) {
      throw new TypeError(`attribute \`${attribute}\`: ${str(present)} is not an instance of torch.Tensor`);
    }
    return parent._swap_tensor(attribute, tensor);
  }

  /**
   * Swaps many; if one cannot be, those before it are put back.
   * @returns what was there
   */
  swap_tensors(tensors: NamedTensors): Map<string, Tensor | null | undefined> {
    const before = new Map<string, Tensor | null | undefined>();
    try {
      for (const [name, tensor] of tensors) before.set(name, this.swap_tensor(name, tensor));
    } catch (error) {
      for (const [name, tensor] of before) this.swap_tensor(name, tensor);
      throw error;
    }
    return before;
  }

  /** All parameters and buffers, those in two places twice. */
  named_tensors(): [name: string, tensor: Tensor][] {
    const options = { remove_duplicate: false };
    return [...this.module.named_parameters(options), ...this.module.named_buffers(options)];
  }

  /** The names of tensors that are not among the keys, and the keys that are no such names. */
  check_keys(keys: Iterable<string>): [missing: string[], unexpected: string[]] {
    const given = new Set(keys);
    const valid = new Set(this.named_tensors().map(([name]) => name));
    return [
      [...valid].filter((name) => !given.has(name)).sort(),
      [...given].filter((name) => !valid.has(name)).sort(),
    ];
  }
}
