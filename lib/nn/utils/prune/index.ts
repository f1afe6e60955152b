/**
 * Pruning: makes elements of a module's parameters zero, and keeps them so.
 *
 * ```ts
 * prune.l1_unstructured(model.fc, 'weight', 0.3); // the smallest 30 %
 * prune.remove(model.fc, 'weight'); // for good
 * ```
 * @see https://docs.pytorch.org/docs/stable/nn.html#utilities
 */
import { is_array, is_instance, is_kwargs } from '../../../arguments.ts';
import type { Arguments } from '../../../arguments.ts';
import { AttributeError, TypeError, ValueError } from '../../../errors.ts';
import { aten } from '../../../ops.ts';
import { Tensor } from '../../../tensor.ts';
import { Module } from '../../modules/module.ts';
import { signature } from '../checked.ts';
import { parameters_to_vector } from '../convert_parameters.ts';
import { is_iterable } from '../tensors.ts';
import { BasePruningMethod, PruningContainer, apply_method } from './method.ts';
import {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from './methods.ts';

export { BasePruningMethod, PruningContainer, type PruningType } from './method.ts';
export * from './methods.ts';

/** A parameter by its module and its name there. */
export type ParameterPlace = readonly [module: Module, name: string];

interface Place<M extends Module> {
  module: M;
  name: string;
}
export interface PruneUnstructuredOptions<M extends Module = Module> extends Place<M> {
  amount: number;
}
export interface PruneL1UnstructuredOptions<M extends Module = Module> extends PruneUnstructuredOptions<M> {
  importance_scores?: Tensor | null;
}
export interface PruneRandomStructuredOptions<M extends Module = Module> extends PruneUnstructuredOptions<M> {
  dim: number;
}
export interface PruneLnStructuredOptions<M extends Module = Module> extends PruneRandomStructuredOptions<M> {
  n: number | 'fro' | 'nuc';
  importance_scores?: Tensor | null;
}
export interface PruneCustomFromMaskOptions<M extends Module = Module> extends Place<M> {
  mask: Tensor;
}
export interface GlobalUnstructuredOptions {
  /** What to judge the elements by, for the parameters for which it is not the elements themselves. */
  importance_scores?: ReadonlyMap<ParameterPlace, Tensor> | null;
  /** The arguments of the method. */
  [argument: string]: unknown;
}

const identity_arguments = signature<Place<Module>>('identity', ['module', 'name']);
const remove_arguments = signature<Place<Module>>('remove', ['module', 'name']);
const is_pruned_arguments = signature<{ module: Module }>('is_pruned', ['module']);
const random_unstructured_arguments = signature<PruneUnstructuredOptions>('random_unstructured', [
  'module',
  'name',
  'amount',
]);
const l1_unstructured_arguments = signature<PruneL1UnstructuredOptions>('l1_unstructured', [
  'module',
  'name',
  'amount',
  ['importance_scores', null],
]);
const random_structured_arguments = signature<PruneRandomStructuredOptions>('random_structured', [
  'module',
  'name',
  'amount',
  'dim',
]);
const ln_structured_arguments = signature<PruneLnStructuredOptions>('ln_structured', [
  'module',
  'name',
  'amount',
  'n',
  'dim',
  ['importance_scores', null],
]);
const custom_from_mask_arguments = signature<PruneCustomFromMaskOptions>('custom_from_mask', [
  'module',
  'name',
  'mask',
]);

/**
 * Sets up what pruning needs, and prunes nothing.
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.identity.html
 */
export function identity<M extends Module>(...args: Arguments<Place<M>, ['module', 'name']>): M {
  const { module, name } = identity_arguments(args);
  apply_method(module, name, () => new Identity(), null);
  return module as M;
}

/**
 * Prunes single elements of a parameter at random.
 * @param amount how many elements if it is whole, a share of them if it is not
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.random_unstructured.html
 */
export function random_unstructured<M extends Module>(
  ...args: Arguments<PruneUnstructuredOptions<M>, ['module', 'name', 'amount']>
): M {
  const { module, name, amount } = random_unstructured_arguments(args);
  apply_method(module, name, () => new RandomUnstructured(amount), null);
  return module as M;
}

/**
 * Prunes the single elements of a parameter of the smallest absolute value.
 * @param amount how many elements if it is whole, a share of them if it is not
 * @param importance_scores what to judge the elements by (default: themselves)
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.l1_unstructured.html
 */
export function l1_unstructured<M extends Module>(
  ...args: Arguments<PruneL1UnstructuredOptions<M>, ['module', 'name', 'amount', 'importance_scores']>
): M {
  const { module, name, amount, importance_scores } = l1_unstructured_arguments(args);
  apply_method(module, name, () => new L1Unstructured(amount), importance_scores);
  return module as M;
}

/**
 * Prunes whole channels of a parameter at random.
 * @param amount how many channels if it is whole, a share of them if it is not
 * @param dim the dimension that counts the channels
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.random_structured.html
 */
export function random_structured<M extends Module>(
  ...args: Arguments<PruneRandomStructuredOptions<M>, ['module', 'name', 'amount', 'dim']>
): M {
  const { module, name, amount, dim } = random_structured_arguments(args);
  apply_method(module, name, () => new RandomStructured(amount, dim), null);
  return module as M;
}

/**
 * Prunes the whole channels of a parameter of the smallest norm.
 * @param amount how many channels if it is whole, a share of them if it is not
 * @param n which norm, as `p` of `torch.norm`
 * @param dim the dimension that counts the channels
 * @param importance_scores what to judge the elements by (default: themselves)
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.ln_structured.html
 */
export function ln_structured<M extends Module>(
  ...args: Arguments<PruneLnStructuredOptions<M>, ['module', 'name', 'amount', 'n', 'dim', 'importance_scores']>
): M {
  const { module, name, amount, n, dim, importance_scores } = ln_structured_arguments(args);
  apply_method(module, name, () => new LnStructured(amount, n, dim), importance_scores);
  return module as M;
}

/**
 * Prunes a parameter where a mask is 0.
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.custom_from_mask.html
 */
export function custom_from_mask<M extends Module>(
  ...args: Arguments<PruneCustomFromMaskOptions<M>, ['module', 'name', 'mask']>
): M {
  const { module, name, mask } = custom_from_mask_arguments(args);
  apply_method(module, name, () => new CustomFromMask(mask), null);
  return module as M;
}

/** @throws TypeError, AttributeError unless there is a tensor at a place */
function tensor_at(place: ParameterPlace): Tensor {
  if (!is_array(place) || !is_instance(place[0], Module) || typeof place[1] !== 'string') {
    throw new TypeError('global_unstructured(): parameters must be pairs of a module and a name');
  }
  const [module, name] = place;
  const tensor = module._get_member(name);
  if (is_instance(tensor, Tensor)) return tensor;
  throw new AttributeError(`'${module._get_name()}' object has no attribute '${name}'`);
}

/** The scores of a parameter, if there are any; places are the same if module and name are. */
function scores_of(scores: ReadonlyMap<ParameterPlace, Tensor>, [module, name]: ParameterPlace): Tensor | undefined {
  for (const [[other, other_name], tensor] of scores) if (other === module && other_name === name) return tensor;
  return undefined;
}

/**
 * Prunes several parameters as if they were one: more of one and less of another.
 *
 * ```ts
 * const places = [[model.conv, 'weight'], [model.fc, 'weight']] as const;
 * prune.global_unstructured(places, prune.L1Unstructured, { amount: 0.2 });
 * ```
 * @param parameters the parameters, each by its module and its name there
 * @param pruning_method a class that prunes single elements
 * @param options the arguments of its constructor by name, and `importance_scores`
 * @throws TypeError for a class that prunes something else
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.global_unstructured.html
 */
export function global_unstructured(
  parameters: Iterable<ParameterPlace>,
  pruning_method: new (...args: never[]) => BasePruningMethod,
  options: GlobalUnstructuredOptions = {},
): void {
  if (!is_iterable(parameters)) throw new TypeError('global_unstructured(): parameters is not an Iterable');
  const Class = pruning_method as unknown as new (kwargs?: object) => BasePruningMethod;
  if (typeof Class !== 'function' || !is_instance(Class.prototype, BasePruningMethod)) {
    throw new TypeError('global_unstructured(): pruning_method must be a subclass of BasePruningMethod');
  }
  const { importance_scores: given, ...kwargs } = is_kwargs(options) ? options : { importance_scores: options };
  const scores = given ?? new Map<ParameterPlace, Tensor>();
  if (!is_instance(scores, Map)) {
    throw new TypeError('global_unstructured(): importance_scores must be of type dict');
  }
  const places = [...parameters];
  const tensors = places.map(tensor_at);
  const all_scores = parameters_to_vector(places.map((place, i) => scores_of(scores, place) ?? tensors[i]!));
  const default_mask = parameters_to_vector(
    places.map(
      ([module, name], i) => (module._get_member(`${name}_mask`) as Tensor | undefined) ?? aten.ones_like(tensors[i]!),
    ),
  );
  const method = Object.keys(kwargs).length > 0 ? new Class(kwargs) : new Class();
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new TypeError(
      'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. Found method ' +
        `<class 'torch.nn.utils.prune.${Class.name}'> of type ${method.PRUNING_TYPE}`,
    );
  }
  method._tensor_name = 'temp';
  const mask = new PruningContainer(method).compute_mask(all_scores, default_mask);
  let start = 0;
  places.forEach(([module, name], i) => {
    const tensor = tensors[i]!;
    const count = tensor.numel();
    custom_from_mask(module, name, mask.narrow(0, start, count).view_as(tensor));
    start += count;
  });
}

/**
 * Makes pruning permanent: the parameter is what has been left of it, and no longer computed.
 * @returns the module, which is changed in place
 * @throws ValueError if the parameter is not pruned
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html
 */
export function remove<M extends Module>(...args: Arguments<Place<M>, ['module', 'name']>): M {
  const { module, name } = remove_arguments(args);
  for (const [id, hook] of module._forward_pre_hooks) {
    if (!(hook instanceof BasePruningMethod) || hook._tensor_name !== name) continue;
    hook.remove(module);
    module._forward_pre_hooks.delete(id);
    return module as M;
  }
  throw new ValueError(
    `Parameter '${name}' of module ${String(module)} has to be pruned before pruning can be removed`,
  );
}

/**
 * Is anything pruned, in the module or below it?
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.prune.is_pruned.html
 */
export function is_pruned(...args: Arguments<{ module: Module }, ['module']>): boolean {
  const { module } = is_pruned_arguments(args);
  return module
    .modules()
    .some((one) => [...one._forward_pre_hooks.values()].some((hook) => hook instanceof BasePruningMethod));
}
