import type { Arguments } from '../../arguments.ts';
import { float_str, repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import type { InterpolationMode } from '../functional/interpolate.ts';
import { family } from './family.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';
import type { SizeLike } from './sizes.ts';

export interface UpsampleOptions {
  size?: SizeLike | null;
  scale_factor?: number | readonly number[] | null;
  mode?: InterpolationMode;
  align_corners?: boolean | null;
  recompute_scale_factor?: boolean | null;
}
const upsample_arguments = signature<UpsampleOptions>('Upsample', [
  ['size', null],
  ['scale_factor', null],
  ['mode', 'nearest'],
  ['align_corners', null],
  ['recompute_scale_factor', null],
]);

/** A factor, or several of them as a tuple, which Python holds as floats. */
function factors_text(factors: number | readonly number[]): string {
  if (!Array.isArray(factors)) return float_str(factors);
  const texts = factors.map(float_str);
  return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(', ')})`;
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Upsample {
  (...args: Input): Tensor;
}

/**
 * Makes `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)` larger, to a size or by a factor.
 * @param size the size of the output, without batch and channels
 * @param scale_factor how many times as large as the input it is; give this or `size`
 * @param mode how new pixels are found (default: `'nearest'`)
 * @param align_corners whether the centres of the corner pixels stay where they are (default: false)
 * @param recompute_scale_factor compute the factors anew from the size of the output (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 */
export class Upsample extends Module {
  size: SizeLike | null;
  scale_factor: number | readonly number[] | null;
  mode: InterpolationMode;
  align_corners: boolean | null;
  recompute_scale_factor: boolean | null;

  constructor(
    ...args: Arguments<
      UpsampleOptions,
      ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor']
    >
  ) {
    super();
    const options = upsample_arguments(args);
    this.size = options.size;
    // A factor of 0 counts as none.
    this.scale_factor = options.scale_factor === 0 ? null : options.scale_factor;
    this.mode = options.mode;
    this.align_corners = options.align_corners;
    this.recompute_scale_factor = options.recompute_scale_factor;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this;
    return F.interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor);
  }

  override extra_repr(): string {
    const { size, scale_factor, mode } = this;
    const extent = scale_factor === null ? `size=${repr(size)}` : `scale_factor=${factors_text(scale_factor)}`;
    return `${extent}, mode=${repr(mode)}`;
  }
}

export type Upsampling2dOptions = Pick<UpsampleOptions, 'size' | 'scale_factor'>;
type Upsampling2dArguments = Arguments<Upsampling2dOptions, ['size', 'scale_factor']>;
const upsampling2d_arguments = family<Upsampling2dOptions>([
  ['size', null],
  ['scale_factor', null],
]);

/**
 * Makes `(N, C, H, W)` larger by repeating pixels.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html
 */
export class UpsamplingNearest2d extends Upsample {
  constructor(...args: Upsampling2dArguments) {
    super({ ...upsampling2d_arguments(new.target.name, args), mode: 'nearest' });
  }
}

/**
 * Makes `(N, C, H, W)` larger, with the corner pixels where they are and the others in between.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html
 */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: Upsampling2dArguments) {
    super({ ...upsampling2d_arguments(new.target.name, args), mode: 'bilinear', align_corners: true });
  }
}
