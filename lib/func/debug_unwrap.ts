import { signature } from '../arguments.ts';
import { native } from '../native.ts';
import { handle_of, Tensor } from '../tensor.ts';

const debug_unwrap_arguments = signature<{ tensor: Tensor; recurse?: boolean }>(
  'debug_unwrap',
  ['tensor'],
  [['recurse', true]],
);

/**
 * The tensor behind the wrappers that transforms such as `grad` and `vmap` put around it, to be looked at while searching
 * for errors. A tensor without wrappers is given back.
 * @param recurse whether all wrappers are taken off (the default) or the outermost one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.debug_unwrap.html
 */
export function debug_unwrap(tensor: Tensor, options?: { recurse?: boolean }): Tensor;
export function debug_unwrap(...args: unknown[]): Tensor {
  const { tensor, recurse } = debug_unwrap_arguments(args);
  let inner = handle_of(tensor, 'tensor');
  for (let wrapped = native.wrapped(inner); wrapped !== null; wrapped = recurse ? native.wrapped(inner) : null) {
    inner = wrapped[0];
  }
  return inner === tensor._h ? tensor : new Tensor(inner);
}
