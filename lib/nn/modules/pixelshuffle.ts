import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';

export interface PixelShuffleOptions {
  upscale_factor: number;
}
const pixel_shuffle_arguments = signature<PixelShuffleOptions>('PixelShuffle', ['upscale_factor']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface PixelShuffle {
  (...args: Input): Tensor;
}

/**
 * Makes an image `(*, C · r², H, W)` larger by putting channels beside each other: gives `(*, C, H · r, W · r)`.
 * @param upscale_factor how many times as large it gets, `r`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
 */
export class PixelShuffle extends Module {
  upscale_factor: number;

  constructor(...args: Arguments<PixelShuffleOptions, ['upscale_factor']>) {
    super();
    this.upscale_factor = pixel_shuffle_arguments(args).upscale_factor;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return `upscale_factor=${this.upscale_factor}`;
  }
}

export interface PixelUnshuffleOptions {
  downscale_factor: number;
}
const pixel_unshuffle_arguments = signature<PixelUnshuffleOptions>('PixelUnshuffle', ['downscale_factor']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface PixelUnshuffle {
  (...args: Input): Tensor;
}

/**
 * The reverse of {@link PixelShuffle}: makes `(*, C · r², H, W)` of `(*, C, H · r, W · r)`.
 * @param downscale_factor how many times as small it gets, `r`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
 */
export class PixelUnshuffle extends Module {
  downscale_factor: number;

  constructor(...args: Arguments<PixelUnshuffleOptions, ['downscale_factor']>) {
    super();
    this.downscale_factor = pixel_unshuffle_arguments(args).downscale_factor;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.pixel_unshuffle(input, this.downscale_factor);
  }

  override extra_repr(): string {
    return `downscale_factor=${this.downscale_factor}`;
  }
}
