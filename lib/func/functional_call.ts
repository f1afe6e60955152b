import { is_array, is_instance, wrong_type } from '../arguments.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { Module } from '../nn/modules/module.ts';
import { call_with, entries_of, is_dict, parse_functional_call } from '../nn/utils/stateless.ts';
import type { CallArguments, FunctionalCallOptions, TensorDict } from '../nn/utils/stateless.ts';
import { is_iterable } from '../nn/utils/tensors.ts';
import { aten } from '../ops.ts';
import { list_repr, type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Calls a module with other parameters and buffers than its own: those that are not given are its own.
 *
 * ```ts
 * const params = Object.fromEntries(model.named_parameters());
 * const output = torch.func.functional_call(model, params, x);
 * ```
 * @param module the module
 * @param parameter_and_buffer_dicts the tensors by their dotted names, as a map or an object, or an array of such.
 *   Where the call puts other tensors in their place, the dict has those afterwards
 * @param args the arguments of the call: an array of them, or a single one
 * @param kwargs the named ones
 * @param options `tie_weights`: whether a tensor that the module has under several names may be given under one of them
 *   (default: true); `strict`: whether exactly the module's parameters and buffers have to be given (default: false)
 * @returns what the module gives
 * @throws ValueError for a name that is in two of the dicts, and for different tensors in the place of one
 * @throws RuntimeError if `strict` and names are missing, or not the module's
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.functional_call.html
 */
export function functional_call<M extends Module>(
  module: M,
  parameter_and_buffer_dicts: TensorDict | readonly TensorDict[],
  args?: CallArguments<M>,
  kwargs?: Readonly<Record<string, unknown>> | null,
  options?: FunctionalCallOptions,
): ReturnType<M['forward']>;
export function functional_call<M extends Module>(
  module: M,
  parameter_and_buffer_dicts: TensorDict | readonly TensorDict[],
  args: CallArguments<M>,
  options: FunctionalCallOptions & { kwargs?: Readonly<Record<string, unknown>> | null },
): ReturnType<M['forward']>;
export function functional_call(...given: unknown[]): unknown {
  const call = parse_functional_call('parameter_and_buffer_dicts', given);
  return call_with(merged(call.dicts), call);
}

/** The one dict, or all tensors of several. */
function merged(dicts: unknown): TensorDict {
  if (is_dict(dicts)) return dicts;
  if (!is_array(dicts)) {
    throw new ValueError(
      'Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got ' +
        `<class '${type_name(dicts)}'>`,
    );
  }
  if (!dicts.every(is_dict)) {
    throw new ValueError('Expected all elements of parameter_and_buffer_dicts to be dictionaries');
  }
  const all = dicts.flatMap(entries_of);
  const result = new Map(all);
  if (result.size < all.length) {
    const repeated = [...result.keys()].filter((name) => all.filter(([other]) => other === name).length > 1);
    throw new ValueError(
      `${list_repr(repeated)} appeared in multiple dictionaries; behavior of functional call is ambiguous`,
    );
  }
  return result;
}

/**
 * The parameters and buffers of several modules of one class, stacked: what an ensemble is computed with.
 * @param models the modules, all of them training or all evaluating
 * @returns the parameters and the buffers, each by its dotted name, with a first dimension for the modules
 * @throws RuntimeError if there are none, or if they differ in class, in mode, or in what has gradients
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.stack_module_state.html
 */
export function stack_module_state(
  models: Iterable<Module>,
): [params: Record<string, Tensor>, buffers: Record<string, Tensor>] {
  if (!is_iterable(models)) throw wrong_type('stack_module_state', 'models', 'list of Modules', models);
  const all = [...models];
  for (const model of all) {
    if (!is_instance(model, Module)) throw wrong_type('stack_module_state', 'models', 'list of Modules', model);
  }
  const [first] = all;
  if (first === undefined) throw new RuntimeError('stack_module_state: Expected at least one model, got 0.');
  if (all.some(({ training }) => training !== first.training)) {
    throw new RuntimeError('stack_module_state: Expected all models to have the same training/eval mode.');
  }
  if (all.some(({ constructor }) => constructor !== first.constructor)) {
    throw new RuntimeError('stack_module_state: Expected all models to be of the same class.');
  }
  return [stacked(all.map((model) => model.named_parameters())), stacked(all.map((model) => model.named_buffers()))];
}

function stacked(members: readonly (readonly [name: string, tensor: Tensor][])[]): Record<string, Tensor> {
  const dicts = members.map((entries) => new Map(entries));
  return Object.fromEntries(
    [...dicts[0]!.keys()].map((name) => [
      name,
      stacked_leaf(
        name,
        dicts.map((dict) => dict.get(name)!),
      ),
    ]),
  );
}

function stacked_leaf(name: string, tensors: readonly Tensor[]): Tensor {
  const { requires_grad } = tensors[0]!;
  if (tensors.some((tensor) => tensor.requires_grad !== requires_grad)) {
    throw new RuntimeError(`Expected ${name} from each model to have the same .requires_grad`);
  }
  const result = aten.stack(tensors).detach();
  return requires_grad ? result.requires_grad_() : result;
}
