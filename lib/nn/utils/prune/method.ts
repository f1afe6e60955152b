import { is_instance, is_kwargs } from '../../../arguments.ts';
import { AssertionError, AttributeError, IndexError, TypeError, ValueError } from '../../../errors.ts';
import { contiguous_format } from '../../../layout.ts';
import { aten } from '../../../ops.ts';
import { type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import type { Module } from '../../modules/module.ts';
import type { Parameter } from '../../parameter.ts';

/** What a method of pruning looks at: single elements, whole channels, or everything at once. */
export type PruningType = 'unstructured' | 'structured' | 'global';

type PruningClass = new (...args: never[]) => BasePruningMethod;

/**
 * A way of pruning: says which elements of a tensor stay. A subclass defines `PRUNING_TYPE` and `compute_mask`.
 *
 * An instance is the hook of a module that computes the pruned tensor before every call: the module then has the
 * parameter `weight_orig` and the buffer `weight_mask`, and `weight` is their product.
 *
 * ```ts
 * class EveryOther extends prune.BasePruningMethod {
 *   readonly PRUNING_TYPE = 'unstructured';
 *   compute_mask(t: Tensor, default_mask: Tensor): Tensor {
 *     const mask = default_mask.clone();
 *     mask.view(-1)['::2'] = 0;
 *     return mask;
 *   }
 * }
 * EveryOther.apply(module, 'bias');
 * ```
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.BasePruningMethod.html
 */
export abstract class BasePruningMethod {
  abstract readonly PRUNING_TYPE: PruningType;

  /** The name of the parameter that is pruned. */
  declare _tensor_name: string;

  /**
   * Which elements of a tensor stay: 1 for those, 0 for the others.
   * @param t the tensor, or the scores to judge its elements by
   * @param default_mask what has been pruned before
   */
  abstract compute_mask(t: Tensor, default_mask: Tensor): Tensor;

  __call__(module: Module): void {
    module._set_member(this._tensor_name, this.apply_mask(module));
  }

  /** The pruned tensor of a module: the original times the mask. */
  apply_mask(module: Module): Tensor {
    if (this._tensor_name === undefined) throw new AssertionError(`Module ${String(module)} has to be pruned`);
    const mask = module._get_member(`${this._tensor_name}_mask`) as Tensor;
    const original = module._get_member(`${this._tensor_name}_orig`) as Tensor;
    return mask.to(original.dtype).mul(original);
  }

  /**
   * Prunes a parameter of a module. One that has been pruned already is pruned further.
   * @param module the module, which is changed in place
   * @param name the name of the parameter
   * @param args the arguments of the class's constructor, and by name `importance_scores`: a tensor of the same shape
   *   to judge the elements by, rather than by themselves
   * @returns the hook that computes the pruned tensor
   */
  static apply(this: PruningClass, module: Module, name: string, ...args: unknown[]): BasePruningMethod {
    const { positional, importance_scores } = split_scores(args);
    return apply_method(module, name, () => new this(...(positional as never[])), importance_scores);
  }

  /**
   * A pruned copy of a tensor.
   * @param default_mask what has been pruned before (default: nothing)
   * @param importance_scores what to judge the elements by (default: themselves)
   */
  prune(t: Tensor, default_mask: Tensor | null = null, importance_scores: Tensor | null = null): Tensor {
    if (importance_scores !== null && !importance_scores.shape.equals(t.shape)) {
      throw new AssertionError(
        'importance_scores should have the same shape as tensor t, got ' +
          `${String(importance_scores.shape)} vs ${String(t.shape)}`,
      );
    }
    return t.mul(this.compute_mask(importance_scores ?? t, default_mask ?? aten.ones_like(t)));
  }

  /** Makes the pruned tensor the parameter of the module again, for good. */
  remove(module: Module): void {
    const name = this._tensor_name;
    if (name === undefined) {
      throw new AssertionError(`Module ${String(module)} has to be pruned before pruning can be removed`);
    }
    const pruned = this.apply_mask(module);
    const original = module._get_member(`${name}_orig`) as Parameter;
    original.data = pruned.data;
    for (const suffix of ['', '_orig', '_mask']) module.__delattr__(name + suffix);
    module._set_member(name, original);
  }
}

/** The arguments of a constructor, without the scores that may be among the named ones. */
function split_scores(args: readonly unknown[]): { positional: unknown[]; importance_scores: Tensor | null } {
  const last = args[args.length - 1];
  if (!is_kwargs(last) || !('importance_scores' in last)) return { positional: [...args], importance_scores: null };
  const { importance_scores, ...rest } = last;
  const named = Object.keys(rest).length > 0 ? [rest] : [];
  return {
    positional: [...args.slice(0, -1), ...named],
    importance_scores: (importance_scores as Tensor | undefined) ?? null,
  };
}

/** The hook for what is already pruned, together with another method; that method alone if nothing is. */
function composed(module: Module, name: string, make: () => BasePruningMethod): BasePruningMethod {
  const hooks = [...module._forward_pre_hooks].filter(
    (entry): entry is [number, BasePruningMethod] =>
      entry[1] instanceof BasePruningMethod && entry[1]._tensor_name === name,
  );
  if (hooks.length > 1) {
    throw new AssertionError(
      `Avoid adding multiple pruning hooks to the same tensor ${name} of module ${String(module)}. Use a ` +
        'PruningContainer.',
    );
  }
  for (const [id] of hooks) module._forward_pre_hooks.delete(id);
  const method = make();
  method._tensor_name = name;
  const old = hooks[0]?.[1];
  if (old === undefined) return method;
  const container = old instanceof PruningContainer ? old : new PruningContainer(old);
  container.add_pruning_method(method);
  return container;
}

/** Prunes a parameter of a module by a method, judging by scores if there are any. */
export function apply_method(
  module: Module,
  name: string,
  make: () => BasePruningMethod,
  importance_scores: Tensor | null,
): BasePruningMethod {
  const method = composed(module, name, make);
  const original = module._get_member(name);
  if (!is_instance(original, Tensor)) {
    throw new AttributeError(`'${module._get_name()}' object has no attribute '${name}'`);
  }
  if (importance_scores !== null && !importance_scores.shape.equals(original.shape)) {
    throw new AssertionError(
      `importance_scores should have the same shape as parameter ${name} of ${String(module)}, got ` +
        `${String(importance_scores.shape)} vs ${String(original.shape)}`,
    );
  }
  const is_first = !(method instanceof PruningContainer);
  let default_mask: Tensor;
  if (is_first) {
    module.register_parameter(`${name}_orig`, original as Parameter);
    module.__delattr__(name);
    default_mask = aten.ones_like(original);
  } else {
    const mask = module._get_member(`${name}_mask`) as Tensor;
    default_mask = mask.detach().clone({ memory_format: contiguous_format });
  }
  try {
    module.register_buffer(`${name}_mask`, method.compute_mask(importance_scores ?? original, default_mask));
    module._set_member(name, method.apply_mask(module));
    module.register_forward_pre_hook(method);
  } catch (error) {
    if (is_first) {
      module.register_parameter(name, original as Parameter);
      module.__delattr__(`${name}_orig`);
    }
    throw error;
  }
  return method;
}

/**
 * Several methods that prune the same parameter, one after the other: each judges what those before have left.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.PruningContainer.html
 */
export class PruningContainer extends BasePruningMethod {
  // It is the last method's type that counts.
  readonly PRUNING_TYPE = 'global';
  _pruning_methods: readonly BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    if (methods.length === 1) this._tensor_name = methods[0]!._tensor_name;
    for (const method of methods) this.add_pruning_method(method);
  }

  /**
   * Adds a method.
   * @throws TypeError for what is none
   * @throws ValueError for one of another parameter
   */
  add_pruning_method(method: BasePruningMethod): void {
    if (!is_instance(method, BasePruningMethod)) {
      throw new TypeError(`<class '${type_name(method)}'> is not a BasePruningMethod subclass`);
    }
    if (this._tensor_name !== method._tensor_name) {
      throw new ValueError(
        `Can only add pruning methods acting on the parameter named '${this._tensor_name}' to PruningContainer ` +
          `<torch.nn.utils.prune.PruningContainer object>. Found '${method._tensor_name}'`,
      );
    }
    this._pruning_methods = [...this._pruning_methods, method];
  }

  get length(): number {
    return this._pruning_methods.length;
  }

  __len__(): number {
    return this.length;
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this._pruning_methods[Symbol.iterator]();
  }

  /** @throws IndexError if there is no method at this place */
  __getitem__(index: number): BasePruningMethod {
    const method = this._pruning_methods.at(index);
    if (method === undefined) throw new IndexError('tuple index out of range');
    return method;
  }

  /** What the last method leaves of what those before it have left. */
  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const method = this._pruning_methods[this._pruning_methods.length - 1]!;
    const mask = default_mask.to(t.dtype);
    switch (method.PRUNING_TYPE) {
      case 'unstructured': {
        const left = default_mask.eq(1);
        const part = method.compute_mask(t.masked_select(left), default_mask.masked_select(left));
        return mask.masked_scatter_(left, part.to(mask.dtype));
      }
      case 'structured': {
        const dim = channel_dim(method, t);
        const others = [...t.shape.keys()].filter((one) => one !== dim);
        const left = default_mask.sum(others).ne(0).nonzero().squeeze(1);
        const part = method.compute_mask(t.index_select(dim, left), default_mask.index_select(dim, left));
        return mask.index_copy_(dim, left, part.to(mask.dtype));
      }
      case 'global':
        return mask.copy_(method.compute_mask(t, default_mask));
      default:
        throw new ValueError(`Unrecognized PRUNING_TYPE ${String(method.PRUNING_TYPE)}`);
    }
  }

  /** A container of its own with the same methods, for a copy of the module. */
  __deepcopy__(): PruningContainer {
    const copy = new PruningContainer();
    copy._tensor_name = this._tensor_name;
    copy._pruning_methods = this._pruning_methods;
    return copy;
  }
}

/** The dimension of the channels that a method prunes. */
function channel_dim(method: BasePruningMethod, t: Tensor): number {
  const { dim } = method as { dim?: number };
  if (dim === undefined) {
    throw new AttributeError(
      'Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.',
    );
  }
  const place = dim < 0 ? dim + t.dim() : dim;
  if (place < 0) throw new IndexError(`Index is out of bounds for tensor with dimensions ${t.dim()}`);
  return place;
}
