/**
 * Functions on images: enlarging, warping, and moving pixels between channels and space.
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html#vision-functions
 */
import type { Arguments } from '../../arguments.ts';
import { NotImplementedError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import { size_text } from '../modules/sizes.ts';

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html */
export const pixel_shuffle: typeof aten.pixel_shuffle = aten.pixel_shuffle;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html */
export const pixel_unshuffle: typeof aten.pixel_unshuffle = aten.pixel_unshuffle;
/** Puts the channels of `(N, C, *)` in another order, one of each group in turn. */
export const channel_shuffle: typeof aten.channel_shuffle = aten.channel_shuffle;
/** As `channel_shuffle`, by an operator of its own where a backend has one. */
export const native_channel_shuffle: typeof aten.native_channel_shuffle = aten.native_channel_shuffle;

/** How a value between pixels is found. */
export type GridSampleMode = 'bilinear' | 'nearest' | 'bicubic';
/** What lies beyond the edges. */
export type GridSamplePaddingMode = 'zeros' | 'border' | 'reflection';

export interface GridSampleOptions {
  input: Tensor;
  grid: Tensor;
  mode?: GridSampleMode;
  padding_mode?: GridSamplePaddingMode;
  /** Whether ±1 are the centres of the corner pixels and not their outer edges (default: false). */
  align_corners?: boolean | null;
}
const grid_sample_arguments = signature<GridSampleOptions>('grid_sample', [
  'input',
  'grid',
  ['mode', 'bilinear'],
  ['padding_mode', 'zeros'],
  ['align_corners', null],
]);

/** In the order of LibTorch's numbers for them. */
const GRID_MODES: readonly string[] = ['bilinear', 'nearest', 'bicubic'];
const GRID_PADDING_MODES: readonly string[] = ['zeros', 'border', 'reflection'];

/** False where `align_corners` is not given, with a warning, since it once was true. */
function known_align_corners(align_corners: boolean | null): boolean {
  if (align_corners !== null) return align_corners;
  warn(
    'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify ' +
      'align_corners=True if the old behavior is desired. See the documentation of grid_sample for details.',
  );
  return false;
}

/**
 * The values of `(N, C, H, W)` or `(N, C, D, H, W)` at the places in `grid`, `(N, H', W', 2)` or `(N, D', H', W', 3)`,
 * whose coordinates, x first, run from -1 to 1.
 * @throws ValueError for an unknown mode or padding mode
 * @throws RuntimeError if the shapes do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
 */
export function grid_sample(
  ...args: Arguments<GridSampleOptions, ['input', 'grid', 'mode', 'padding_mode', 'align_corners']>
): Tensor {
  const { input, grid, mode, padding_mode, align_corners } = grid_sample_arguments(args);
  const mode_code = GRID_MODES.indexOf(mode);
  if (mode_code < 0) {
    throw new ValueError(
      `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${String(mode)}'`,
    );
  }
  const padding_code = GRID_PADDING_MODES.indexOf(padding_mode);
  if (padding_code < 0) {
    throw new ValueError(
      "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: " +
        `'${String(padding_mode)}'`,
    );
  }
  return aten.grid_sampler(input, grid, mode_code, padding_code, known_align_corners(align_corners));
}

export interface AffineGridOptions {
  theta: Tensor;
  /** The shape of the result of `grid_sample`. */
  size: readonly number[];
  align_corners?: boolean | null;
}
const affine_grid_arguments = signature<AffineGridOptions>('affine_grid', ['theta', 'size', ['align_corners', null]]);

/**
 * The grid that makes `grid_sample` move its input by affine maps: `theta` is `(N, 2, 3)` for a size `(N, C, H, W)`,
 * `(N, 3, 4)` for `(N, C, D, H, W)`; gives `(N, H, W, 2)` or `(N, D, H, W, 3)`.
 * @throws ValueError if `theta` has another shape or no floating point numbers, or if a size is not positive
 * @throws NotImplementedError for a size of another number of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
 */
export function affine_grid(...args: Arguments<AffineGridOptions, ['theta', 'size', 'align_corners']>): Tensor {
  const { theta, size, align_corners: given } = affine_grid_arguments(args);
  const align_corners = known_align_corners(given);
  if (!theta.is_floating_point()) {
    throw new ValueError(`Expected theta to have floating point type, but got ${String(theta.dtype)}`);
  }
  const spatial = size.length - 2;
  if (spatial !== 2 && spatial !== 3) {
    throw new NotImplementedError(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. ' +
        `Got size ${size_text(size)}.`,
    );
  }
  const shape = theta.shape;
  if (shape.length !== 3 || shape[1] !== spatial || shape[2] !== spatial + 1) {
    throw new ValueError(
      `Expected a batch of ${spatial}D affine matrices of shape Nx${spatial}x${spatial + 1} for size ` +
        `${size_text(size)}. Got ${String(shape)}.`,
    );
  }
  if (align_corners && Math.min(...size.slice(2)) === 1) {
    warn(
      'Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is ' +
        'not an intended use case of affine_grid. See the documentation of affine_grid for details.',
    );
  } else if (Math.min(...size) <= 0) {
    throw new ValueError(`Expected non-zero, positive output size. Got ${size_text(size)}`);
  }
  return aten.affine_grid_generator(theta, size, align_corners);
}
