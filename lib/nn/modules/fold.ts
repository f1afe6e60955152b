import type { Arguments } from '../../arguments.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';
import type { SizeLike } from './sizes.ts';

export interface UnfoldOptions {
  kernel_size: SizeLike;
  dilation?: SizeLike;
  padding?: SizeLike;
  stride?: SizeLike;
}
export interface FoldOptions extends UnfoldOptions {
  output_size: SizeLike;
}
const fold_arguments = signature<FoldOptions>('Fold', [
  'output_size',
  'kernel_size',
  ['dilation', 1],
  ['padding', 0],
  ['stride', 1],
]);
const unfold_arguments = signature<UnfoldOptions>('Unfold', [
  'kernel_size',
  ['dilation', 1],
  ['padding', 0],
  ['stride', 1],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Fold {
  (...args: Input): Tensor;
}

/**
 * Puts columns `(N, C · ∏ kernel_size, L)`, such as {@link Unfold} gives, back in their places and adds up where
 * windows overlap: gives `(N, C, *output_size)`.
 * @param output_size the height and the width of the result
 * @param kernel_size the size of the windows
 * @param dilation how far a window's elements are apart (default: 1)
 * @param padding how many zeros had been added on both sides (default: 0)
 * @param stride how far the windows are apart (default: 1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html
 */
export class Fold extends Module {
  output_size: SizeLike;
  kernel_size: SizeLike;
  dilation: SizeLike;
  padding: SizeLike;
  stride: SizeLike;

  constructor(...args: Arguments<FoldOptions, ['output_size', 'kernel_size', 'dilation', 'padding', 'stride']>) {
    super();
    const options = fold_arguments(args);
    this.output_size = options.output_size;
    this.kernel_size = options.kernel_size;
    this.dilation = options.dilation;
    this.padding = options.padding;
    this.stride = options.stride;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return (
      `output_size=${str(this.output_size)}, kernel_size=${str(this.kernel_size)}, dilation=${str(this.dilation)}, ` +
      `padding=${str(this.padding)}, stride=${str(this.stride)}`
    );
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Unfold {
  (...args: Input): Tensor;
}

/**
 * The windows of `(N, C, H, W)` or `(C, H, W)` as columns: gives `(N, C · ∏ kernel_size, L)` for `L` windows.
 * @param kernel_size the size of the windows
 * @param dilation how far a window's elements are apart (default: 1)
 * @param padding how many zeros are added on both sides (default: 0)
 * @param stride how far the windows are apart (default: 1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 */
export class Unfold extends Module {
  kernel_size: SizeLike;
  dilation: SizeLike;
  padding: SizeLike;
  stride: SizeLike;

  constructor(...args: Arguments<UnfoldOptions, ['kernel_size', 'dilation', 'padding', 'stride']>) {
    super();
    const options = unfold_arguments(args);
    this.kernel_size = options.kernel_size;
    this.dilation = options.dilation;
    this.padding = options.padding;
    this.stride = options.stride;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return (
      `kernel_size=${str(this.kernel_size)}, dilation=${str(this.dilation)}, padding=${str(this.padding)}, ` +
      `stride=${str(this.stride)}`
    );
  }
}
