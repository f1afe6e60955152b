import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

interface NonzeroParameters {
  input: Tensor;
  out?: Tensor | null;
  as_tuple?: boolean;
}

const nonzero_arguments = signature<NonzeroParameters>('nonzero', ['input'], [['out', null], ['as_tuple', false]]);

/**
 * Where the elements are that are not zero: a row of indices for each, `(n, input.dim())`; with `as_tuple` a tensor of
 * indices for each dimension, as `x.index` takes them.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html
 */
export function nonzero(input: Tensor, kwargs: { as_tuple: true }): Tensor[];
export function nonzero(...args: Arguments<NonzeroParameters & { as_tuple?: false }, ['input']>): Tensor;
export function nonzero(...args: readonly unknown[]): Tensor | Tensor[] {
  const { input, out, as_tuple } = nonzero_arguments(args);
  if (as_tuple) return aten.nonzero_numpy(input);
  return out === null ? aten.nonzero(input) : aten.nonzero(input, { out });
}
