/** Where the elements of a tensor are that are not zero. */
import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { check_tensor } from './tensors.ts';

interface NonzeroOptions {
  as_tuple?: boolean;
  out?: Tensor | null;
}

interface NonzeroParameters extends NonzeroOptions {
  input: Tensor;
}

/** The indices as rows of one tensor, or with `as_tuple` a tensor for each dimension. */
type Indices<O> = O extends { as_tuple: true } ? Tensor[] : Tensor;

const nonzero_arguments = signature<NonzeroParameters>('nonzero', ['input'], [['as_tuple', false], ['out', null]]);

/** The forms of `torch.nonzero`; those of the method are the same without `input`. */
export interface NonzeroFunction {
  <const O extends NonzeroOptions = {}>(input: Tensor, kwargs?: O): Indices<O>;
  <const O extends NonzeroParameters>(kwargs: O): Indices<O>;
}

export interface NonzeroMethod {
  <const O extends { as_tuple?: boolean } = {}>(kwargs?: O): Indices<O>;
}

/**
 * The indices of the elements that are not zero, in row-major order: (N, D) for N of them in D dimensions.
 *
 * @param as_tuple give D tensors (N) instead, as indexing takes them
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html
 */
export const nonzero: NonzeroFunction = ((...args: Arguments<NonzeroParameters, ['input']>) => {
  const { input, as_tuple, out } = nonzero_arguments(args);
  check_tensor('nonzero', 'input', input);
  if (as_tuple) return aten.nonzero_numpy(input);
  return out === null ? aten.nonzero(input) : aten.nonzero(input, { out });
}) as NonzeroFunction;
