/** Reading the arguments of functions that take any number of tensors, `f(a, b, c)`, or an array of them. */
import { is_instance, is_kwargs } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';

/** Fails unless the argument `name` of `called` is a tensor. */
export function check_tensor(called: string, name: string, value: unknown): asserts value is Tensor {
  if (is_instance(value, Tensor)) return;
  throw new TypeError(`${called}(): argument '${name}' must be Tensor, not ${type_name(value)}`);
}

/**
 * The tensors of `f(a, b, c)`.
 * @param position which argument of the operator below they are, for the message
 * @throws TypeError if there is anything else among them
 */
export function spread_tensors(args: readonly unknown[], position: number = 0): readonly Tensor[] {
  for (let i = 0; i < args.length; i++) {
    if (is_instance(args[i], Tensor)) continue;
    throw new TypeError(`expected Tensor as element ${i} in argument ${position}, but got ${type_name(args[i])}`);
  }
  return args as readonly Tensor[];
}

/** The tensors of `f(a, b, c)` or of `f([a, b, c])`. */
export function tensors_or_list(args: readonly unknown[], position: number = 0): readonly Tensor[] {
  const list = args.length === 1 && Array.isArray(args[0]) ? (args[0] as readonly unknown[]) : args;
  return spread_tensors(list, position);
}

/** The arguments without the trailing object of keyword arguments, and that. */
export function split_kwargs(args: readonly unknown[]): [positional: readonly unknown[], kwargs: Record<string, unknown>] {
  const last = args[args.length - 1];
  return is_kwargs(last) ? [args.slice(0, -1), last] : [args, {}];
}
