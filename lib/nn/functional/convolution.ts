import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { ntuple } from '../modules/sizes.ts';
import type { SizeLike } from '../modules/sizes.ts';

/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html */
export const conv1d: typeof aten.conv1d = aten.conv1d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html */
export const conv2d: typeof aten.conv2d = aten.conv2d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html */
export const conv3d: typeof aten.conv3d = aten.conv3d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html */
export const conv_transpose1d: typeof aten.conv_transpose1d = aten.conv_transpose1d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html */
export const conv_transpose2d: typeof aten.conv_transpose2d = aten.conv_transpose2d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html */
export const conv_transpose3d: typeof aten.conv_transpose3d = aten.conv_transpose3d;

/**
 * A convolution along time of `(T, N, in_channels)`, with a weight `(width, in_channels, out_channels)` and a bias
 * `(out_channels)`; `pad` zeros are added on both sides.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_tbc.html
 */
export const conv_tbc: typeof aten.conv_tbc = aten.conv_tbc;

/** Where the windows of `unfold` and `fold` lie. */
export interface WindowOptions {
  input: Tensor;
  kernel_size: SizeLike;
  /** How far the window's elements are apart (default: 1). */
  dilation?: SizeLike;
  /** How many zeros are added on both sides (default: 0). */
  padding?: SizeLike;
  /** How far the window moves (default: 1). */
  stride?: SizeLike;
}
const unfold_arguments = signature<WindowOptions>('unfold', [
  'input',
  'kernel_size',
  ['dilation', 1],
  ['padding', 0],
  ['stride', 1],
]);

/**
 * The windows of `(N, C, H, W)` or `(C, H, W)` as columns: gives `(N, C · ∏ kernel_size, L)` for `L` windows.
 * @throws RuntimeError for an input of another number of dimensions, or one that is smaller than a window
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html
 */
export function unfold(
  ...args: Arguments<WindowOptions, ['input', 'kernel_size', 'dilation', 'padding', 'stride']>
): Tensor {
  const { input, kernel_size, dilation, padding, stride } = unfold_arguments(args);
  return aten.im2col(input, ntuple(kernel_size, 2), ntuple(dilation, 2), ntuple(padding, 2), ntuple(stride, 2));
}

export interface FoldFunctionOptions extends WindowOptions {
  /** The height and the width of the result. */
  output_size: SizeLike;
}
const fold_arguments = signature<FoldFunctionOptions>('fold', [
  'input',
  'output_size',
  'kernel_size',
  ['dilation', 1],
  ['padding', 0],
  ['stride', 1],
]);

/**
 * Puts columns `(N, C · ∏ kernel_size, L)`, such as `unfold` gives, back in their places and adds up where windows
 * overlap: gives `(N, C, *output_size)`.
 * @throws RuntimeError if there are not as many columns as windows
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fold.html
 */
export function fold(
  ...args: Arguments<FoldFunctionOptions, ['input', 'output_size', 'kernel_size', 'dilation', 'padding', 'stride']>
): Tensor {
  const { input, output_size, kernel_size, dilation, padding, stride } = fold_arguments(args);
  return aten.col2im(
    input,
    ntuple(output_size, 2),
    ntuple(kernel_size, 2),
    ntuple(dilation, 2),
    ntuple(padding, 2),
    ntuple(stride, 2),
  );
}
