/** Other parameters and another state in the place of an optimizer's own, for a while. */
import { is_kwargs } from '../arguments.ts';
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { RuntimeError } from '../errors.ts';
import { list_repr, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { type Optimizer, OptimizerState } from './optimizer.ts';
import type { OptimizerStateDictLike, ParamGroup, ParamState } from './optimizer.ts';

const NAME = 'swap_in_optimizer_params_and_state';

/** A dict, be it a map or a plain object, as a map; null for anything else. */
function dict_of(value: unknown): ReadonlyMap<unknown, unknown> | null {
  if (value instanceof Map) return value as Map<unknown, unknown>;
  if (!is_kwargs(value)) return null;
  return new Map(Object.entries(value).map(([key, item]) => [/^\d+$/.test(key) ? Number(key) : key, item]));
}

function checked_state(value: unknown): ReadonlyMap<unknown, unknown> {
  const state = dict_of(value);
  if (state === null) {
    throw new RuntimeError(
      `${NAME} requires swapin_optim_state['state'] to be a dict mapping packed parameter ids to per-param state ` +
        `dicts, got ${type_name(value)}.`,
    );
  }
  const entries = [...state];
  if (entries.some(([key]) => key instanceof Tensor)) {
    throw new RuntimeError(`${NAME} requires optimizer.state_dict()-style state keyed by packed parameter ids.`);
  }
  if (entries.some(([key, item]) => typeof key === 'number' && dict_of(item) === null)) {
    throw new RuntimeError(`${NAME} requires per-parameter optimizer state entries to be dictionaries.`);
  }
  return state;
}

/** The numbers of the parameters in one of the groups to be swapped in. */
function checked_ids(index: number, live: ParamGroup, group: unknown): readonly number[] {
  if (!is_kwargs(group)) {
    throw new RuntimeError(`${NAME} requires each optimizer param group to be a dictionary.`);
  }
  const ids = group['params'];
  if (!Array.isArray(ids) || !ids.every((id) => Number.isInteger(id))) {
    throw new RuntimeError(
      `${NAME} requires optimizer.state_dict()-style param_groups[*]['params'] entries keyed by packed ` +
        'parameter ids.',
    );
  }
  if (ids.length !== live.params.length) {
    throw new RuntimeError(
      `swapin_optim_state param group ${index} has a different number of params than the live optimizer param group.`,
    );
  }
  const added = Object.keys(group).filter((key) => !(key in live));
  const missing = Object.keys(live).filter((key) => !(key in group));
  if (added.length + missing.length > 0) {
    throw new RuntimeError(
      `${NAME} requires optimizer.state_dict()-style param group keys to exactly match the live optimizer group keys ` +
        `for group ${index}. Keys only in swap-in: ${list_repr(added)}. Keys only in live: ${list_repr(missing)}.`,
    );
  }
  return ids as number[];
}

/** Checks everything, and gives what does the swap, which in turn gives what undoes it. */
function prepared(
  optimizer: Optimizer,
  parameters: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
  state_dict: OptimizerStateDictLike,
): () => () => void {
  if (optimizer.state.size === 0) throw new RuntimeError(`${NAME} requires initialized optimizer state.`);
  if (dict_of(state_dict) === null) throw new RuntimeError(`${NAME} requires a DCP-style optimizer state_dict.`);
  const given = checked_state(state_dict.state);
  const groups: unknown = state_dict.param_groups;
  if (!Array.isArray(groups)) {
    throw new RuntimeError(
      `${NAME} requires swapin_optim_state['param_groups'] to be a list of param-group dicts, got ${type_name(groups)}.`,
    );
  }
  if (groups.length !== optimizer.param_groups.length) {
    throw new RuntimeError('swapin_optim_state has a different number of parameter groups than the live optimizer.');
  }
  const tensors = parameters instanceof Map ? [...parameters.values()] : Object.values(parameters as object);
  let offset = 0;
  const swapped = optimizer.param_groups.map((live, i) => {
    const ids = checked_ids(i, live, groups[i]);
    const params = tensors.slice(offset, offset + ids.length) as Tensor[];
    offset += ids.length;
    if (offset > tensors.length) {
      throw new RuntimeError(
        `${NAME} requires the explicit parameter state to match optimizer.param_groups ordering.`,
      );
    }
    return { ids, group: { ...(groups[i] as ParamGroup), params } };
  });
  const known = new Set<unknown>(swapped.flatMap(({ ids }) => ids));
  const extra = [...given.keys()].filter((key) => !known.has(key));
  if (extra.length > 0) {
    throw new RuntimeError(
      `${NAME} requires swapin_optim_state['state'] to be keyed only by packed parameter ids from ` +
        `param_groups[*]['params']; got extra keys ${list_repr(extra)}.`,
    );
  }

  return () => {
    const { state } = optimizer;
    const before = optimizer.param_groups.map((group) => ({ ...group }));
    optimizer.state = new OptimizerState();
    swapped.forEach(({ ids, group }, i) => {
      Object.assign(optimizer.param_groups[i]!, group);
      group.params.forEach((param, j) => {
        const own = Object.fromEntries(dict_of(given.get(ids[j])) ?? []) as ParamState;
        optimizer.state.set(param, own);
      });
    });
    return () => {
      optimizer.param_groups.forEach((group, i) => {
        for (const key of Object.keys(group)) delete group[key];
        Object.assign(group, before[i]);
      });
      optimizer.state = state;
    };
  };
}

/**
 * Has an optimizer work on other parameters, with another state and other options, while `callback` runs:
 *
 * ```ts
 * const { state_dict } = saved;
 * optim.swap_in_optimizer_params_and_state(optimizer, { weight, bias }, state_dict, () => optimizer.step());
 * ```
 *
 * Tensors of the state are not copied, so a step inside goes on with them.
 *
 * @param optimizer has to have made a step
 * @param swapin_parameters by name, in the order of the optimizer's groups
 * @param swapin_optim_state what `state_dict()` gives
 * @param callback without one, the result is for `using`
 * @throws RuntimeError if they do not fit
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export function swap_in_optimizer_params_and_state(
  optimizer: Optimizer,
  swapin_parameters: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
  swapin_optim_state: OptimizerStateDictLike,
): Guard;
export function swap_in_optimizer_params_and_state<T>(
  optimizer: Optimizer,
  swapin_parameters: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
  swapin_optim_state: OptimizerStateDictLike,
  callback: () => T,
): T;
export function swap_in_optimizer_params_and_state<T>(
  optimizer: Optimizer,
  swapin_parameters: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
  swapin_optim_state: OptimizerStateDictLike,
  callback?: () => T,
): T | Guard {
  return scoped(NAME, prepared(optimizer, swapin_parameters, swapin_optim_state), callback);
}
