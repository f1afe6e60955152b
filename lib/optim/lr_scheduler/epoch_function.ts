/** Functions of the user's that schedulers call, and what of them is saved. */
import { is_kwargs } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import { type_name } from '../../repr.ts';

/**
 * A function of the number of the epoch; or an object with such a function in its `__call__`, whose properties are then
 * part of the scheduler's state, as they are in Python.
 */
export type EpochFunction<R = number> = ((epoch: number) => R) | { __call__(epoch: number): R };

function is_object(fn: unknown): fn is { __call__(epoch: number): unknown } {
  return typeof fn === 'object' && fn !== null && typeof (fn as { __call__?: unknown }).__call__ === 'function';
}

export function is_epoch_function(fn: unknown): fn is EpochFunction<never> {
  return typeof fn === 'function' || is_object(fn);
}

export function call_epoch_function<R>(fn: EpochFunction<R>, epoch: number): R {
  if (typeof fn === 'function') return fn(epoch);
  if (!is_object(fn)) throw new TypeError(`'${type_name(fn)}' object is not callable`);
  return fn.__call__(epoch);
}

/** What is saved of a function: nothing, but of an object its properties. */
export function function_state(fn: EpochFunction<unknown>): Record<string, unknown> | null {
  return typeof fn === 'function' ? null : { ...fn };
}

/** Gives an object the properties that were saved of it. */
export function restore_function(fn: unknown, state: unknown): void {
  if (typeof fn === 'object' && fn !== null && is_kwargs(state)) Object.assign(fn, state);
}
