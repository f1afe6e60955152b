import { signature } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { AssertionError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html */
export const one_hot: typeof aten.one_hot = aten.one_hot;

export interface EmbeddingFunctionOptions {
  input: Tensor;
  weight: Tensor;
  padding_idx?: number | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
}
const embedding_arguments = signature<EmbeddingFunctionOptions>('embedding', [
  'input',
  'weight',
  ['padding_idx', null],
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['sparse', false],
]);

/**
 * The place of an index, counted from the end if negative.
 * @throws AssertionError if there is no such place
 */
export function absolute_padding_idx(padding_idx: number, num_embeddings: number, name = 'Padding_idx'): number {
  if (padding_idx >= num_embeddings && padding_idx > 0) {
    throw new AssertionError(`${name} must be within num_embeddings`);
  }
  if (padding_idx < -num_embeddings) throw new AssertionError(`${name} must be within num_embeddings`);
  return padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
}

/**
 * Looks up rows of `weight`, `(num_embeddings, embedding_dim)`, by their numbers in `input`, `(*)`: gives
 * `(*, embedding_dim)`.
 * @param padding_idx a row that takes no part in training (default: none)
 * @param max_norm rows of a larger norm are scaled down, in place (default: none)
 * @param norm_type the p of that norm (default: 2)
 * @param scale_grad_by_freq divide gradients by how often a row occurs (default: false)
 * @param sparse whether the gradient of the weight is a sparse tensor (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 */
export function embedding(
  ...args: Arguments<
    EmbeddingFunctionOptions,
    ['input', 'weight', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
  >
): Tensor {
  const options = embedding_arguments(args);
  const { weight, padding_idx, max_norm } = options;
  const place = padding_idx === null ? -1 : absolute_padding_idx(padding_idx, weight.size(0));
  let { input } = options;
  if (max_norm !== null) {
    input = input.contiguous();
    no_grad(() => aten.embedding_renorm_(weight.detach(), input, max_norm, options.norm_type));
  }
  return aten.embedding(weight, input, place, options.scale_grad_by_freq, options.sparse);
}
