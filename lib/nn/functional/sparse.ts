import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { int64 } from '../../dtype.ts';
import { NotImplementedError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import { absolute_padding_idx } from './padding_idx.ts';

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

/** Scales down the rows that are too large, in place. */
function renormalize(weight: Tensor, input: Tensor, max_norm: number, norm_type: number): void {
  no_grad(() => aten.embedding_renorm_(weight.detach(), input, max_norm, norm_type));
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
    renormalize(weight, input, max_norm, options.norm_type);
  }
  return aten.embedding(weight, input, place, options.scale_grad_by_freq, options.sparse);
}

/** What is made of the rows in a bag. */
export type EmbeddingBagMode = 'sum' | 'mean' | 'max';
/** In the order of LibTorch's numbers for them. */
const BAG_MODES: readonly string[] = ['sum', 'mean', 'max'];

export interface EmbeddingBagFunctionOptions {
  input: Tensor;
  weight: Tensor;
  offsets?: Tensor | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  mode?: EmbeddingBagMode;
  sparse?: boolean;
  per_sample_weights?: Tensor | null;
  include_last_offset?: boolean;
  padding_idx?: number | null;
}
const embedding_bag_arguments = signature<EmbeddingBagFunctionOptions>('embedding_bag', [
  'input',
  'weight',
  ['offsets', null],
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['mode', 'mean'],
  ['sparse', false],
  ['per_sample_weights', null],
  ['include_last_offset', false],
  ['padding_idx', null],
]);

/**
 * Sums, means or maxima of bags of rows of `weight`, `(num_embeddings, embedding_dim)`, without the rows themselves
 * being copied. The bags are the rows of `input`, `(B, N)`, or where `input` is `(N)` they begin at the places in
 * `offsets`, `(B)`; gives `(B, embedding_dim)`.
 * @param max_norm rows of a larger norm are scaled down, in place (default: none)
 * @param norm_type the p of that norm (default: 2)
 * @param scale_grad_by_freq divide gradients by how often a row occurs (default: false; not for `'max'`)
 * @param mode `'sum'`, `'mean'` or `'max'` (default: `'mean'`)
 * @param sparse whether the gradient of the weight is a sparse tensor (default: false; not for `'max'`)
 * @param per_sample_weights a factor for each row that is looked up, of the shape of `input` (for `'sum'` alone)
 * @param include_last_offset whether the last of the offsets says where the last bag ends (default: false)
 * @param padding_idx a row that counts for nothing (default: none)
 * @throws ValueError if shapes or options do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html
 */
export function embedding_bag(
  ...args: Arguments<
    EmbeddingBagFunctionOptions,
    [
      'input',
      'weight',
      'offsets',
      'max_norm',
      'norm_type',
      'scale_grad_by_freq',
      'mode',
      'sparse',
      'per_sample_weights',
      'include_last_offset',
      'padding_idx',
    ]
  >
): Tensor {
  const options = embedding_bag_arguments(args);
  const { max_norm, norm_type, scale_grad_by_freq, mode, sparse } = options;
  let { input, weight, offsets, per_sample_weights, include_last_offset } = options;
  if (weight.dtype === int64 && input.is_floating_point()) {
    warn(
      'Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is ' +
        'deprecated, and should now be `embedding_bag(input, weight, ...)`.',
    );
    [input, weight] = [weight, input];
  }
  const shape = input.shape;
  if (per_sample_weights !== null && !shape.equals(per_sample_weights.shape)) {
    throw new ValueError(
      `embedding_bag: If per_sample_weights (${String(per_sample_weights.shape)}) is not None, then it must have the ` +
        `same shape as the input (${String(shape)})`,
    );
  }
  if (weight.dim() !== 2) {
    throw new ValueError(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.dim()}`);
  }
  if (shape.length === 2) {
    if (offsets !== null) {
      throw new ValueError(
        'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. ' +
          "However, found offsets of type <class 'torch.Tensor'>",
      );
    }
    offsets = aten.arange(0, shape.numel(), shape[1]!, { dtype: input.dtype, device: input.device });
    include_last_offset = false;
    input = input.reshape(-1);
    per_sample_weights = per_sample_weights?.reshape(-1) ?? null;
  } else if (shape.length === 1) {
    if (offsets === null) throw new ValueError('offsets has to be a 1D Tensor but got None');
    if (offsets.dim() !== 1) throw new ValueError('offsets has to be a 1D Tensor');
  } else {
    throw new ValueError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${shape.length}`);
  }
  const mode_code = BAG_MODES.indexOf(mode);
  if (mode_code < 0) throw new ValueError('mode has to be one of sum, mean or max');
  if (mode === 'max') {
    if (scale_grad_by_freq) {
      throw new ValueError('max mode does not support scaling the gradient by the frequency');
    }
    if (sparse) throw new ValueError('max mode does not support sparse weights');
  }
  if (max_norm !== null) renormalize(weight, input, max_norm, norm_type);
  if (per_sample_weights !== null && mode !== 'sum') {
    throw new NotImplementedError(
      'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode=\'sum\' ' +
        `(got mode='${mode}'). Please open a feature request on GitHub.`,
    );
  }
  return aten.embedding_bag(
    weight,
    input,
    offsets,
    scale_grad_by_freq,
    mode_code,
    sparse,
    per_sample_weights,
    include_last_offset,
    options.padding_idx,
  )[0];
}
