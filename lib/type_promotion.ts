/**
 * The dtype that an operator's result has.
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc
 */
import { dtype_of_code } from './dtype.ts';
import type * as functions from './generated/functions.ts';
import { aten } from './ops.ts';

/** LibTorch gives a dtype as its number. */
function giving_dtype<F>(operator: unknown): F {
  const call = operator as (...args: unknown[]) => number;
  return ((...args: unknown[]) => dtype_of_code(call(...args))) as F;
}

/**
 * The dtype of an arithmetic operation on the two arguments, tensors or numbers.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.result_type.html
 */
export const result_type: typeof functions.result_type = giving_dtype(aten.result_type);

/**
 * The smallest dtype that holds the values of both.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.promote_types.html
 */
export const promote_types: typeof functions.promote_types = giving_dtype(aten.promote_types);
