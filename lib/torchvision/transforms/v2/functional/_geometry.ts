/** Functions that resize, cut, turn and warp. */
import { tensor as make_tensor } from '../../../../creation.ts';
import { show } from '../../../../config.ts';
import { type dtype as DType, float32, float64, uint8 } from '../../../../dtype.ts';
import { TypeError, ValueError } from '../../../../errors.ts';
import { interpolate } from '../../../../nn/functional.ts';
import { aten } from '../../../../ops.ts';
import { list_repr, repr, str } from '../../../../repr.ts';
import { Tensor } from '../../../../tensor.ts';
import { Image } from '../../../image.ts';
import * as v1 from '../../functional.ts';
import type { Fill, Img, InterpolationLike, PaddingMode, Point, SizeLike } from '../../functional.ts';
import * as pil from '../../functional_image.ts';
import * as F_t from '../../functional_tensor.ts';
import { InterpolationMode, interpolation_of } from '../../interpolation.ts';
import { by_tensor, crops, functional, in_batches } from './_kernel.ts';

/**
 * The way to interpolate that a word or one of Pillow's numbers stands for.
 *
 * @throws ValueError for anything else
 */
export function check_interpolation(interpolation: InterpolationLike): InterpolationMode {
  const words = Object.values(InterpolationMode);
  if (typeof interpolation === 'string' && !words.includes(interpolation)) {
    throw new ValueError(
      `Invalid interpolation mode: '${String(interpolation)}'. Supported string values are: ${list_repr(words)}.`,
    );
  }
  if (typeof interpolation !== 'string' && !Number.isInteger(interpolation)) {
    throw new ValueError(
      'Argument interpolation should be an `InterpolationMode` or a corresponding Pillow integer constant, ' +
        `but got ${str(interpolation)}.`,
    );
  }
  return interpolation_of(interpolation);
}

/** An image mirrored. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.horizontal_flip.html */
export const horizontal_flip = functional(
  'horizontal_flip',
  [],
  (image) => image.flip(-1),
  (image) => image.transpose(Image.FLIP_LEFT_RIGHT),
);

/** An image upside down. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.vertical_flip.html */
export const vertical_flip = functional(
  'vertical_flip',
  [],
  (image) => image.flip(-2),
  (image) => image.transpose(Image.FLIP_TOP_BOTTOM),
);

/** Another name of `horizontal_flip`. */
export const hflip = horizontal_flip;

/** Another name of `vertical_flip`. */
export const vflip = vertical_flip;

/** Whether LibTorch's kernels for bytes are those of AVX2 or NEON, which are faster than the way through floats. */
let vectorised: boolean | undefined;
function has_vectorised_bytes(): boolean {
  vectorised ??= process.arch === 'arm64' || /CPU capability usage: AVX(2|512)/.test(show());
  return vectorised;
}

/** Whether pixels of a dtype are resized as they are, and not as floats. */
function resizes_as_is({ dtype, device }: Tensor, mode: InterpolationMode): boolean {
  if (dtype === float32 || dtype === float64) return true;
  if (dtype !== uint8) return false;
  if (mode === 'nearest' || mode === 'nearest-exact') return true;
  if (device.type !== 'cpu') return false;
  return mode === 'bilinear' ? has_vectorised_bytes() : mode === 'bicubic' || mode === 'lanczos';
}

/** A batch of a single image whose pixels lie together, with strides from which LibTorch sees that they do. */
function showing_its_layout(batch: Tensor): Tensor {
  const [, channels, height, width] = batch.shape as readonly number[] as [number, number, number, number];
  const strides = batch.stride();
  const pixels_together = strides[1] === 1 && strides[3] === channels && strides[2] === channels * width;
  if (batch.size(0) !== 1 || channels === 1 || !pixels_together) return batch;
  return batch.as_strided([1, channels, height, width], [batch.numel(), ...strides.slice(1)]);
}

function resized(image: Tensor, size: readonly [number, number], mode: InterpolationMode, antialias: boolean): Tensor {
  if (image.numel() === 0) return image.reshape([...image.shape.slice(0, -2), ...size]);
  const as_is = resizes_as_is(image, mode);
  const smooth = mode === 'bilinear' || mode === 'bicubic' || mode === 'lanczos';
  const [channels, height, width] = [...image.shape].slice(-3) as [number, number, number];
  const batch = showing_its_layout(image.reshape(-1, channels, height, width));
  const pixels = as_is ? batch : batch.to(float32);
  let result =
    mode === 'lanczos'
      ? aten._upsample_lanczos2d_aa(pixels, [...size], false)
      : interpolate(pixels, {
          size: [...size],
          mode: mode as 'nearest',
          align_corners: smooth ? false : null,
          antialias: smooth && antialias,
        });
  if (!as_is) {
    if (mode === 'bicubic' && image.dtype === uint8) result = result.clamp_(0, 255);
    result = (image.dtype.is_floating_point ? result : result.round_()).to(image.dtype);
  }
  return result.reshape([...image.shape.slice(0, -2), ...size]);
}

interface ResizeArguments {
  /** Height and width, or the shorter edge; null where `max_size` is the longer edge. */
  size: SizeLike | null;
  /** How to interpolate, bilinear by default. */
  interpolation?: InterpolationLike;
  /** The largest that the longer edge may be. */
  max_size?: number | null;
  /** Smooth before making smaller? Images in memory always are. */
  antialias?: boolean | null;
}

/** Height and width of an image in another size. */
function output_size(img: Img, { size, max_size }: Required<ResizeArguments>): readonly [number, number] {
  const sizes = typeof size === 'number' ? [size] : size;
  if (max_size !== null && sizes !== null && sizes.length !== 1) {
    throw new ValueError(
      'max_size should only be passed if size is None or specifies the length of the smaller edge, ' +
        'i.e. size should be an int or a sequence of length 1 in torchscript mode.',
    );
  }
  const [, height, width] = v1.get_dimensions(img);
  return v1._compute_resized_output_size([height, width], sizes, max_size);
}

/**
 * An image in another size.
 *
 * @throws ValueError for a size or a way to interpolate that makes no sense
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.resize.html
 */
export const resize = functional<ResizeArguments, ['size', 'interpolation', 'max_size', 'antialias']>(
  'resize',
  ['size', ['interpolation', 'bilinear'], ['max_size', null], ['antialias', true]],
  (image, parameters) => {
    const mode = check_interpolation(parameters.interpolation);
    const antialias = parameters.antialias ?? false;
    if (mode === 'lanczos' && !antialias) throw new ValueError('InterpolationMode.LANCZOS requires antialias=True');
    const size = output_size(image, parameters);
    const unchanged = size[0] === image.size(-2) && size[1] === image.size(-1);
    return unchanged ? image : resized(image, size, mode, antialias);
  },
  (image, parameters) => {
    const mode = check_interpolation(parameters.interpolation);
    const [height, width] = output_size(image, parameters);
    return v1.resize(image, [height, width], mode, null, parameters.antialias);
  },
);

interface PadArguments {
  /** For all sides, for left and right and for top and bottom, or for left, top, right and bottom. */
  padding: number | readonly number[];
  /** What is there in mode `constant`: one value, or one for each channel; zero by default. */
  fill?: Fill;
  padding_mode?: PaddingMode;
}

const PADDING_MODES = ['constant', 'edge', 'reflect', 'symmetric'];

function padded(image: Tensor, { padding, fill, padding_mode }: Required<PadArguments>): Tensor {
  if (typeof padding !== 'number' && !Array.isArray(padding)) {
    throw new TypeError(`\`padding\` should be an integer or tuple or list of integers, but got ${str(padding)}`);
  }
  if (typeof padding !== 'number' && ![1, 2, 4].includes(padding.length)) {
    throw new ValueError(`Padding must be an int or a 1, 2, or 4 element tuple or list. Found ${padding.length}`);
  }
  if (!PADDING_MODES.includes(padding_mode)) {
    throw new ValueError(
      "`padding_mode` should be either `'constant'`, `'edge'`, `'reflect'` or `'symmetric'`, " +
        `but got \`${repr(padding_mode)}\`.`,
    );
  }
  const colour = typeof fill === 'number' ? [fill] : (fill ?? [0]);
  const sides = F_t.padding_sides(padding);
  if (padding_mode !== 'constant') {
    if (colour.length !== 1) {
      throw new ValueError(`Padding mode '${padding_mode}' is not supported if fill is not scalar`);
    }
    return in_batches(image, (batch) => F_t.pad(batch, padding, colour[0]!, padding_mode));
  }
  const result = aten.constant_pad_nd(image, sides, colour.length === 1 ? colour[0]! : 0);
  if (colour.length === 1) return result;
  const pixel = make_tensor([...colour], { dtype: image.dtype, device: image.device }).view(-1, 1, 1);
  const [left, right, top, bottom] = sides;
  const paint = (dim: number, from: number, length: number): void => {
    if (length > 0) result.narrow(dim, from, length).copy_(pixel);
  };
  paint(-1, 0, left);
  paint(-2, 0, top);
  paint(-1, result.size(-1) - right, right);
  paint(-2, result.size(-2) - bottom, bottom);
  return result;
}

/** An image with something around it. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.pad.html */
export const pad = functional<PadArguments, ['padding', 'fill', 'padding_mode']>(
  'pad',
  ['padding', ['fill', null], ['padding_mode', 'constant']],
  padded,
  (image, { padding, fill, padding_mode }) => pil.pad(image, padding, fill, padding_mode),
);

/** A part of an image. */
export interface Part {
  /** Its first row. */
  top: number;
  /** Its first column. */
  left: number;
  height: number;
  width: number;
}

/** A part of an image; zeros where it is outside. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.crop.html */
export const crop = functional<Part, ['top', 'left', 'height', 'width']>(
  'crop',
  ['top', 'left', 'height', 'width'],
  (image, { top, left, height, width }) => F_t.crop(image, top, left, height, width),
  (image, { top, left, height, width }) => image.crop([left, top, left + width, top + height]),
);

/** The middle of an image; zeros where it is not large enough. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.center_crop.html */
export const center_crop = functional<{ output_size: SizeLike }, ['output_size']>(
  'center_crop',
  ['output_size'],
  (image, { output_size }) => v1.center_crop(image, output_size),
  (image, { output_size }) => v1.center_crop(image, output_size),
);

interface ResizedCropArguments extends Part {
  size: SizeLike;
  interpolation?: InterpolationLike;
  antialias?: boolean | null;
}

/** A part of an image, resized. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.resized_crop.html */
export const resized_crop = functional<
  ResizedCropArguments,
  ['top', 'left', 'height', 'width', 'size', 'interpolation', 'antialias']
>(
  'resized_crop',
  ['top', 'left', 'height', 'width', 'size', ['interpolation', 'bilinear'], ['antialias', true]],
  (image, part) => resized_part(image, part),
  (image, part) => resized_part(image, part),
);

function resized_part<T extends Img>(image: T, part: Required<ResizedCropArguments>): T {
  const { top, left, height, width, size, interpolation, antialias } = part;
  return resize(crop(image, top, left, height, width), size, interpolation, null, antialias);
}

function corners_and_middle(image: Img, size: SizeLike): Img[] {
  const pair = typeof size === 'number' ? [size, size] : size.length === 1 ? [size[0]!, size[0]!] : size;
  if (pair.length !== 2) throw new ValueError('Please provide only two dimensions (h, w) for size.');
  const [height, width] = pair as readonly [number, number];
  const [, h, w] = v1.get_dimensions(image);
  if (width > w || height > h) {
    throw new ValueError(`Requested crop size ${repr(size)} is bigger than input size ${repr([h, w])}`);
  }
  const [bottom, right] = [h - height, w - width];
  const corners = [[0, 0], [0, right], [bottom, 0], [bottom, right]] as const;
  return [...corners.map(([top, left]) => crop(image, top, left, height, width)), center_crop(image, [height, width])];
}

/**
 * The four corners and the middle of an image.
 *
 * @throws ValueError if the image is smaller
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.five_crop.html
 */
export const five_crop = crops<{ size: SizeLike }, ['size'], 5>('five_crop', ['size'], (image, { size }) =>
  corners_and_middle(image, size),
);

/**
 * The crops of `five_crop`, and those of the image flipped.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.ten_crop.html
 */
export const ten_crop = crops<{ size: SizeLike; vertical_flip?: boolean }, ['size', 'vertical_flip'], 10>(
  'ten_crop',
  ['size', ['vertical_flip', false]],
  (image, { size, vertical_flip: upside_down }) => [
    ...corners_and_middle(image, size),
    ...corners_and_middle(upside_down ? vertical_flip(image) : horizontal_flip(image), size),
  ],
);

/** An image of which `mask` is to be seen, over a colour. */
function over(image: Tensor, mask: Tensor, colour: Tensor): Tensor {
  return image.sub(colour).mul_(mask).add_(colour);
}

/** Takes each pixel from where the grid says. */
function warped(image: Tensor, grid: Tensor, mode: InterpolationMode, fill: Fill): Tensor {
  return in_batches(image, (batch) => F_t.apply_grid(batch, grid, mode, fill, over));
}

/** How far a point is from the middle of an image; none for the middle itself. */
function from_middle(image: Tensor, center: readonly number[] | null): readonly [number, number] {
  return center === null ? [0, 0] : [center[0]! - image.size(-1) * 0.5, center[1]! - image.size(-2) * 0.5];
}

interface RotateArguments {
  /** Degrees, counter clockwise. */
  angle: number;
  interpolation?: InterpolationLike;
  /** Make the result large enough for all of it? */
  expand?: boolean;
  /** What it turns around, its middle by default. */
  center?: readonly number[] | null;
  fill?: Fill;
}

/** Turns an image. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.rotate.html */
export const rotate = functional<RotateArguments, ['angle', 'interpolation', 'expand', 'center', 'fill']>(
  'rotate',
  ['angle', ['interpolation', 'nearest'], ['expand', false], ['center', null], ['fill', null]],
  (image, { angle, interpolation, expand, center, fill }) => {
    const mode = check_interpolation(interpolation);
    const turn = ((angle % 360) + 360) % 360;
    const [height, width] = [image.size(-2), image.size(-1)];
    if (center === null) {
      if (turn === 0) return image.clone();
      if (turn === 180) return image.rot90(2, [-2, -1]);
      if ((turn === 90 || turn === 270) && (expand || height === width)) return image.rot90(turn / 90, [-2, -1]);
    }
    F_t.check_grid(image, mode, fill);
    const matrix = v1._get_inverse_affine_matrix(from_middle(image, center), -turn, [0, 0], 1, [0, 0]);
    const size = expand ? F_t.affine_output_size(matrix, width, height, (length) => length.mul(1e4)) : undefined;
    return warped(image, F_t.affine_grid(matrix, image, size), mode, fill);
  },
  (image, { angle, interpolation, expand, center, fill }) =>
    pil.rotate(image, angle, check_interpolation(interpolation), expand, center, fill),
);

interface AffineArguments {
  /** Degrees, clockwise. */
  angle: number;
  /** Pixels to the right and down. */
  translate: readonly number[];
  scale: number;
  /** Degrees along x, and along y. */
  shear: number | readonly number[];
  interpolation?: InterpolationLike;
  fill?: Fill;
  center?: readonly number[] | null;
}

/** Both angles to shear by. @throws TypeError, ValueError for arguments that make no sense */
function check_affine({ angle, translate, scale, shear, center }: Required<AffineArguments>): readonly number[] {
  if (typeof angle !== 'number') throw new TypeError('Argument angle should be int or float');
  if (!Array.isArray(translate)) throw new TypeError('Argument translate should be a sequence');
  if (translate.length !== 2) throw new ValueError('Argument translate should be a sequence of length 2');
  if (!(scale > 0)) throw new ValueError('Argument scale should be positive');
  if (typeof shear !== 'number' && !Array.isArray(shear)) {
    throw new TypeError('Shear should be either a single value or a sequence of two values');
  }
  const list = shear as number | readonly number[];
  const shears = typeof list === 'number' ? [list, 0] : list.length === 1 ? [list[0]!, list[0]!] : list;
  if (shears.length !== 2) {
    throw new ValueError(`Shear should be a sequence containing two values. Got ${list_repr(shears)}`);
  }
  if (center !== null && !Array.isArray(center)) throw new TypeError('Argument center should be a sequence');
  return shears;
}

/** Turns, moves, scales and shears an image. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.affine.html */
export const affine = functional<
  AffineArguments,
  ['angle', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
>(
  'affine',
  ['angle', 'translate', 'scale', 'shear', ['interpolation', 'nearest'], ['fill', null], ['center', null]],
  (image, parameters) => {
    const mode = check_interpolation(parameters.interpolation);
    const shear = check_affine(parameters);
    const { angle, translate, scale, center, fill } = parameters;
    F_t.check_grid(image, mode, fill);
    const matrix = v1._get_inverse_affine_matrix(from_middle(image, center), angle, translate, scale, shear);
    return warped(image, F_t.affine_grid(matrix, image), mode, fill);
  },
  (image, parameters) => {
    const mode = check_interpolation(parameters.interpolation);
    const shear = check_affine(parameters);
    const { angle, translate, scale, center, fill } = parameters;
    return v1.affine(image, angle, translate, scale, shear, mode, fill, center);
  },
);

interface PerspectiveArguments {
  /** Four corners; null where there are coefficients. */
  startpoints: readonly Point[] | null;
  /** Where they go; null where there are coefficients. */
  endpoints: readonly Point[] | null;
  interpolation?: InterpolationLike;
  fill?: Fill;
  /** The eight numbers of the map back, instead of the corners. */
  coefficients?: readonly number[] | null;
}

function coefficients_of({ startpoints, endpoints, coefficients }: Required<PerspectiveArguments>): readonly number[] {
  if (coefficients === null) {
    if (startpoints !== null && endpoints !== null) return v1._get_perspective_coeffs(startpoints, endpoints);
    throw new ValueError('Either the startpoints/endpoints or the coefficients must have non `None` values.');
  }
  if (startpoints !== null && endpoints !== null) {
    throw new ValueError("The startpoints/endpoints and the coefficients shouldn't be defined concurrently.");
  }
  if (coefficients.length !== 8) throw new ValueError('Argument coefficients should have 8 float values');
  return coefficients;
}

/**
 * An image in perspective: what is at `startpoints` goes to `endpoints`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.perspective.html
 */
export const perspective = functional<
  PerspectiveArguments,
  ['startpoints', 'endpoints', 'interpolation', 'fill', 'coefficients']
>(
  'perspective',
  ['startpoints', 'endpoints', ['interpolation', 'bilinear'], ['fill', null], ['coefficients', null]],
  (image, parameters) => {
    const map = coefficients_of(parameters);
    const mode = check_interpolation(parameters.interpolation);
    F_t.check_grid(image, mode, parameters.fill);
    return warped(image, F_t.perspective_grid(map, image), mode, parameters.fill);
  },
  (image, parameters) => {
    const map = coefficients_of(parameters);
    return pil.perspective(image, map, check_interpolation(parameters.interpolation), parameters.fill);
  },
);

interface ElasticArguments {
  /** Of shape (1, H, W, 2), in halves of the image's size. */
  displacement: Tensor;
  interpolation?: InterpolationLike;
  fill?: Fill;
}

function displaced(image: Tensor, { displacement, interpolation, fill }: Required<ElasticArguments>): Tensor {
  if (!(displacement instanceof Tensor)) {
    throw new TypeError('Argument displacement should be a Tensor');
  }
  const mode = check_interpolation(interpolation);
  const shape = [1, image.size(-2), image.size(-1), 2];
  if (displacement.ndim !== 4 || shape.some((size, i) => displacement.shape[i] !== size)) {
    throw new ValueError(
      `Argument displacement shape should be ${repr(shape)}, but given ${String(displacement.shape)}`,
    );
  }
  const dtype: DType = F_t.working_dtype(image);
  return warped(image, F_t.displaced_grid(displacement.to(dtype), image, dtype), mode, fill);
}

/** An image whose pixels are moved. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.elastic.html */
export const elastic = functional<ElasticArguments, ['displacement', 'interpolation', 'fill']>(
  'elastic',
  ['displacement', ['interpolation', 'bilinear'], ['fill', null]],
  displaced,
  by_tensor(displaced),
);

/** Another name of `elastic`. */
export const elastic_transform = elastic;
