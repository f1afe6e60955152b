/** Transforms that resize, cut, turn and warp. */
import { type Arguments, signature } from '../../../arguments.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { aten } from '../../../ops.ts';
import { repr, str } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { warn } from '../../../warnings.ts';
import type { Fill, Img, InterpolationLike, PaddingMode, SizeLike } from '../functional.ts';
import { _get_perspective_coeffs } from '../functional.ts';
import { padding_sides } from '../functional_tensor.ts';
import * as v1 from '../geometry.ts';
import { check_sequence, draw, draw_integer, setup_angle, setup_size } from '../setup.ts';
import * as F from './functional/_geometry.ts';
import type { Part } from './functional/_geometry.ts';
import { gaussian_blur } from './functional/_misc.ts';
import { RandomApplyTransform, Transform, type Written } from './_transform.ts';
import { check_fill, fill_for, type FillArgument } from './_by_type.ts';
import { is_image } from './_kinds.ts';
import { query_size } from './_query.ts';
import { check_padding_arg, setup_pair } from './_setup.ts';

const TWO_DIMENSIONS = 'Please provide only two dimensions (h, w) for size.';

/** The chance of a transform that has nothing else to it. */
interface Chance {
  p?: number;
}
const parse_flip = signature<Chance>('RandomFlip', [['p', 0.5]]);

/** Mirrors the images of a sample with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomHorizontalFlip.html */
export class RandomHorizontalFlip extends RandomApplyTransform {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_flip(args).p);
  }

  override transform(inpt: Img): Img {
    return F.horizontal_flip(inpt);
  }
}

/** Turns the images of a sample upside down with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomVerticalFlip.html */
export class RandomVerticalFlip extends RandomApplyTransform {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_flip(args).p);
  }

  override transform(inpt: Img): Img {
    return F.vertical_flip(inpt);
  }
}

/** How transforms that resize do it. */
interface Resizing {
  interpolation?: InterpolationLike;
  /** Smooth before making smaller? Images in memory always are. */
  antialias?: boolean | null;
}

interface ResizeArguments extends Resizing {
  /** Height and width, or the shorter edge; null where `max_size` is the longer edge. */
  size: SizeLike | null;
  /** The largest that the longer edge may be. */
  max_size?: number | null;
}
const parse_resize = signature<ResizeArguments>('Resize', [
  'size',
  ['interpolation', 'bilinear'],
  ['max_size', null],
  ['antialias', true],
]);

/** Resizes the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Resize.html */
export class Resize extends Transform {
  static override readonly _written: Written = { lists: ['size'] };

  size: readonly number[] | null;
  interpolation: InterpolationLike;
  max_size: number | null;
  antialias: boolean | null;

  constructor(...args: Arguments<ResizeArguments, readonly ['size', 'interpolation', 'max_size', 'antialias']>) {
    super();
    const { size, interpolation, max_size, antialias } = parse_resize(args);
    if (size === null) {
      if (max_size === null) {
        throw new ValueError(`max_size must be an integer when size is None, but got ${repr(max_size)} instead.`);
      }
      this.size = null;
    } else if (typeof size === 'number') {
      this.size = [size];
    } else if (Array.isArray(size) && (size.length === 1 || size.length === 2)) {
      this.size = size as readonly number[];
    } else {
      throw new ValueError(
        `size can be an integer, a sequence of one or two integers, or None, but got ${str(size)} instead.`,
      );
    }
    this.interpolation = interpolation;
    this.max_size = max_size;
    this.antialias = antialias;
  }

  override transform(inpt: Img): Img {
    return F.resize(inpt, this.size, this.interpolation, this.max_size, this.antialias);
  }
}

const parse_center_crop = signature<{ size: SizeLike }>('CenterCrop', ['size']);

/** Cuts the middle out of the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.CenterCrop.html */
export class CenterCrop extends Transform {
  size: readonly [number, number];

  constructor(...args: Arguments<{ size: SizeLike }, readonly ['size']>) {
    super();
    this.size = setup_size(parse_center_crop(args).size, TWO_DIMENSIONS);
  }

  override transform(inpt: Img): Img {
    return F.center_crop(inpt, this.size);
  }
}

interface RandomResizedCropArguments extends Resizing {
  size: SizeLike;
  /** The smallest and the largest share of the image's area. */
  scale?: readonly number[];
  /** The smallest and the largest proportion of width to height. */
  ratio?: readonly number[];
}
const parse_random_resized_crop = signature<RandomResizedCropArguments>('RandomResizedCrop', [
  'size',
  ['scale', [0.08, 1]],
  ['ratio', [3 / 4, 4 / 3]],
  ['interpolation', 'bilinear'],
  ['antialias', true],
]);

/** Cuts a random part out of the images of a sample and resizes it. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomResizedCrop.html */
export class RandomResizedCrop extends Transform<Part> {
  static override readonly _written: Written = { floats: ['scale', 'ratio'] };

  /** As version 1 draws. */
  static readonly get_params: typeof v1.RandomResizedCrop.get_params = v1.RandomResizedCrop.get_params;

  size: readonly [number, number];
  scale: readonly number[];
  ratio: readonly number[];
  interpolation: InterpolationLike;
  antialias: boolean | null;

  constructor(
    ...args: Arguments<
      RandomResizedCropArguments,
      readonly ['size', 'scale', 'ratio', 'interpolation', 'antialias']
    >
  ) {
    super();
    const { size, scale, ratio, interpolation, antialias } = parse_random_resized_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    if (!Array.isArray(scale) || scale.length !== 2) throw new TypeError('Scale should be a sequence of two floats.');
    if (!Array.isArray(ratio) || ratio.length !== 2) throw new TypeError('Ratio should be a sequence of two floats.');
    if (scale[0] > scale[1] || ratio[0] > ratio[1]) warn('Scale and ratio should be of kind (min, max)');
    this.scale = scale;
    this.ratio = ratio;
    this.interpolation = interpolation;
    this.antialias = antialias;
  }

  override make_params(flat_inputs: readonly unknown[]): Part {
    query_size(flat_inputs);
    const image = flat_inputs.find(is_image)!;
    const [top, left, height, width] = RandomResizedCrop.get_params(image, this.scale, this.ratio);
    return { top, left, height, width };
  }

  override transform(inpt: Img, { top, left, height, width }: Part): Img {
    return F.resized_crop(inpt, top, left, height, width, this.size, this.interpolation, this.antialias);
  }
}

/** A sample `T` with as many images as `C` has items for each image. */
type CropsOf<T, C extends readonly unknown[]> = T extends Tensor | Exclude<Img, Tensor>
  ? { [K in keyof C]: T }
  : T extends readonly unknown[]
    ? { [K in keyof T]: CropsOf<T[K], C> }
    : T;

type Five = [0, 0, 0, 0, 0];

const parse_five_crop = signature<{ size: SizeLike }>('FiveCrop', ['size']);

export interface FiveCrop {
  <T>(sample: T): CropsOf<T, Five>;
  <T extends readonly unknown[]>(...parts: T): CropsOf<T, Five>;
}

/** Makes its four corners and its middle of each image of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.FiveCrop.html */
export class FiveCrop extends Transform {
  size: readonly [number, number];

  constructor(...args: Arguments<{ size: SizeLike }, readonly ['size']>) {
    super();
    this.size = setup_size(parse_five_crop(args).size, TWO_DIMENSIONS);
  }

  override transform(inpt: Img): Img[] {
    return F.five_crop(inpt, this.size);
  }
}

interface TenCropArguments {
  size: SizeLike;
  /** Turn the image upside down for the other five, instead of mirroring it? */
  vertical_flip?: boolean;
}
const parse_ten_crop = signature<TenCropArguments>('TenCrop', ['size', ['vertical_flip', false]]);

export interface TenCrop {
  <T>(sample: T): CropsOf<T, [...Five, ...Five]>;
  <T extends readonly unknown[]>(...parts: T): CropsOf<T, [...Five, ...Five]>;
}

/** Makes the crops of `FiveCrop`, and those of it flipped, of each image of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.TenCrop.html */
export class TenCrop extends Transform {
  size: readonly [number, number];
  vertical_flip: boolean;

  constructor(...args: Arguments<TenCropArguments, readonly ['size', 'vertical_flip']>) {
    super();
    const { size, vertical_flip } = parse_ten_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    this.vertical_flip = vertical_flip;
  }

  override transform(inpt: Img): Img[] {
    return F.ten_crop(inpt, this.size, this.vertical_flip);
  }
}

interface PadArguments {
  /** For all sides, for left and right and for top and bottom, or for left, top, right and bottom. */
  padding: number | readonly number[];
  fill?: FillArgument;
  padding_mode?: PaddingMode;
}
const parse_pad = signature<PadArguments>('Pad', ['padding', ['fill', 0], ['padding_mode', 'constant']]);

/** Puts something around the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Pad.html */
export class Pad extends Transform {
  static override readonly _written: Written = { lists: ['padding'] };

  padding: number | readonly number[];
  fill: FillArgument;
  padding_mode: PaddingMode;

  constructor(...args: Arguments<PadArguments, readonly ['padding', 'fill', 'padding_mode']>) {
    super();
    const { padding, fill, padding_mode } = parse_pad(args);
    check_padding_arg(padding);
    if (!['constant', 'edge', 'reflect', 'symmetric'].includes(padding_mode)) {
      throw new ValueError('Padding mode should be either constant, edge, reflect or symmetric');
    }
    this.padding = padding;
    this.fill = check_fill(fill);
    this.padding_mode = padding_mode;
  }

  override transform(inpt: Img): Img {
    return F.pad(inpt, this.padding, fill_for(this.fill, inpt), this.padding_mode);
  }
}

/** What is put around an image: left, top, right and bottom. */
type Sides = readonly [left: number, top: number, right: number, bottom: number];

interface RandomZoomOutArguments {
  fill?: FillArgument;
  /** How many times as large the canvas is as the image. */
  side_range?: readonly number[];
  p?: number;
}
const parse_zoom_out = signature<RandomZoomOutArguments>('RandomZoomOut', [
  ['fill', 0],
  ['side_range', [1, 4]],
  ['p', 0.5],
]);

/** A number from `low` to `high`, in single precision. */
function draw_between(low: number, high: number): number {
  return Math.fround(Math.fround(draw() * Math.fround(high - low)) + Math.fround(low));
}

/** The whole part of a product in single precision. */
function whole(a: number, b: number): number {
  return Math.trunc(Math.fround(a * b));
}

/** Puts the images of a sample anywhere on a larger canvas, with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomZoomOut.html */
export class RandomZoomOut extends RandomApplyTransform<{ padding: Sides }> {
  static override readonly _written: Written = { floats: ['side_range'] };

  fill: FillArgument;
  side_range: readonly number[];

  constructor(...args: Arguments<RandomZoomOutArguments, readonly ['fill', 'side_range', 'p']>) {
    const { fill, side_range, p } = parse_zoom_out(args);
    super(p);
    this.fill = check_fill(fill);
    check_sequence(side_range, 'side_range', [2]);
    if (side_range[0]! < 1 || side_range[0]! > side_range[1]!) {
      throw new ValueError(`Invalid side range provided ${repr(side_range)}.`);
    }
    this.side_range = side_range;
  }

  override make_params(flat_inputs: readonly unknown[]): { padding: Sides } {
    const [height, width] = query_size(flat_inputs);
    const times = draw_between(this.side_range[0]!, this.side_range[1]!);
    const [across, down] = [whole(width, times) - width, whole(height, times) - height];
    const [x, y] = aten.rand([2]).tolist() as [number, number];
    const [left, top] = [whole(across, x), whole(down, y)];
    return { padding: [left, top, across - left, down - top] };
  }

  override transform(inpt: Img, { padding }: { padding: Sides }): Img {
    return F.pad(inpt, padding, fill_for(this.fill, inpt));
  }
}

interface RandomRotationArguments {
  /** The range of degrees; a number stands for the range from minus it to it. */
  degrees: number | readonly number[];
  interpolation?: InterpolationLike;
  /** Make the result large enough for all of it? */
  expand?: boolean;
  /** What it turns around, its middle by default. */
  center?: readonly number[] | null;
  fill?: FillArgument;
}
const parse_random_rotation = signature<RandomRotationArguments>('RandomRotation', [
  'degrees',
  ['interpolation', 'nearest'],
  ['expand', false],
  ['center', null],
  ['fill', 0],
]);

/** Turns the images of a sample by a random angle. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomRotation.html */
export class RandomRotation extends Transform<{ angle: number }> {
  static override readonly _written: Written = { floats: ['degrees'], lists: ['degrees', 'center'] };

  /** As version 1 draws. */
  static readonly get_params: typeof v1.RandomRotation.get_params = v1.RandomRotation.get_params;

  degrees: readonly number[];
  interpolation: InterpolationLike;
  expand: boolean;
  fill: FillArgument;
  center: readonly number[] | null;

  constructor(
    ...args: Arguments<RandomRotationArguments, readonly ['degrees', 'interpolation', 'expand', 'center', 'fill']>
  ) {
    super();
    const { degrees, interpolation, expand, center, fill } = parse_random_rotation(args);
    this.degrees = setup_angle(degrees, 'degrees');
    this.interpolation = interpolation;
    this.expand = expand;
    this.fill = check_fill(fill);
    if (center !== null) check_sequence(center, 'center', [2]);
    this.center = center;
  }

  override make_params(): { angle: number } {
    return { angle: RandomRotation.get_params(this.degrees) };
  }

  override transform(inpt: Img, { angle }: { angle: number }): Img {
    return F.rotate(inpt, angle, this.interpolation, this.expand, this.center, fill_for(this.fill, inpt));
  }
}

interface RandomAffineArguments {
  degrees: number | readonly number[];
  /** The largest shares of width and height to move by. */
  translate?: readonly number[] | null;
  scale?: readonly number[] | null;
  /** The range of degrees along x, and along y. */
  shear?: number | readonly number[] | null;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
  center?: readonly number[] | null;
}
const parse_random_affine = signature<RandomAffineArguments>('RandomAffine', [
  'degrees',
  ['translate', null],
  ['scale', null],
  ['shear', null],
  ['interpolation', 'nearest'],
  ['fill', 0],
  ['center', null],
]);

/** How an image is turned, moved, scaled and sheared. */
interface AffineParams {
  angle: number;
  translate: readonly [number, number];
  scale: number;
  shear: readonly [number, number];
}

/** Turns, moves, scales and shears the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomAffine.html */
export class RandomAffine extends Transform<AffineParams> {
  static override readonly _written: Written = {
    floats: ['degrees', 'translate', 'scale', 'shear'],
    lists: ['degrees', 'shear', 'center'],
  };

  /** As version 1 draws. */
  static readonly get_params: typeof v1.RandomAffine.get_params = v1.RandomAffine.get_params;

  degrees: readonly number[];
  translate: readonly number[] | null;
  scale: readonly number[] | null;
  shear: readonly number[] | null;
  interpolation: InterpolationLike;
  fill: FillArgument;
  center: readonly number[] | null;

  constructor(
    ...args: Arguments<
      RandomAffineArguments,
      readonly ['degrees', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
    >
  ) {
    super();
    const { degrees, translate, scale, shear, interpolation, fill, center } = parse_random_affine(args);
    this.degrees = setup_angle(degrees, 'degrees');
    if (translate !== null) {
      check_sequence(translate, 'translate', [2]);
      if (!translate.every((t) => t >= 0 && t <= 1)) {
        throw new ValueError('translation values should be between 0 and 1');
      }
    }
    this.translate = translate;
    if (scale !== null) {
      check_sequence(scale, 'scale', [2]);
      if (!scale.every((s) => s > 0)) throw new ValueError('scale values should be positive');
    }
    this.scale = scale;
    this.shear = shear === null ? null : setup_angle(shear, 'shear', [2, 4]);
    this.interpolation = interpolation;
    this.fill = check_fill(fill);
    if (center !== null) check_sequence(center, 'center', [2]);
    this.center = center;
  }

  override make_params(flat_inputs: readonly unknown[]): AffineParams {
    const [height, width] = query_size(flat_inputs);
    const drawn = RandomAffine.get_params(this.degrees, this.translate, this.scale, this.shear, [width, height]);
    const [angle, translate, scale, shear] = drawn;
    return { angle, translate, scale, shear };
  }

  override transform(inpt: Img, { angle, translate, scale, shear }: AffineParams): Img {
    const fill = fill_for(this.fill, inpt);
    return F.affine(inpt, angle, translate, scale, shear, this.interpolation, fill, this.center);
  }
}

interface RandomCropArguments {
  size: SizeLike;
  padding?: number | readonly number[] | null;
  /** Pad images that are too small? */
  pad_if_needed?: boolean;
  fill?: FillArgument;
  padding_mode?: PaddingMode;
}
const parse_random_crop = signature<RandomCropArguments>('RandomCrop', [
  'size',
  ['padding', null],
  ['pad_if_needed', false],
  ['fill', 0],
  ['padding_mode', 'constant'],
]);

/** What is put around an image, and which part is cut out of that. */
interface Cut {
  /** Null where nothing is. */
  padding: Sides | null;
  /** Null where all of it is. */
  part: Part | null;
}

/** Cuts a part of a given size out of the images of a sample, anywhere. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomCrop.html */
export class RandomCrop extends Transform<Cut> {
  static override readonly _written: Written = { lists: ['padding'] };

  /** As version 1 draws. */
  static readonly get_params: typeof v1.RandomCrop.get_params = v1.RandomCrop.get_params;

  size: readonly [number, number];
  /** Left, right, top and bottom. */
  padding: readonly [left: number, right: number, top: number, bottom: number] | null;
  pad_if_needed: boolean;
  fill: FillArgument;
  padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<RandomCropArguments, readonly ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode']>
  ) {
    super();
    const { size, padding, pad_if_needed, fill, padding_mode } = parse_random_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    if (padding === null) {
      this.padding = null;
    } else {
      check_padding_arg(padding);
      this.padding = padding_sides(padding);
    }
    this.pad_if_needed = pad_if_needed;
    this.fill = check_fill(fill);
    this.padding_mode = padding_mode;
  }

  override make_params(flat_inputs: readonly unknown[]): Cut {
    const [height, width] = query_size(flat_inputs);
    let [left, right, top, bottom] = this.padding ?? [0, 0, 0, 0];
    const [wanted_height, wanted_width] = this.size;
    const missing = (size: number, wanted: number): number => (this.pad_if_needed ? Math.max(wanted - size, 0) : 0);
    const more_rows = missing(height + top + bottom, wanted_height);
    const more_columns = missing(width + left + right, wanted_width);
    [left, top, right, bottom] = [left + more_columns, top + more_rows, right + more_columns, bottom + more_rows];
    const [rows, columns] = [height + top + bottom, width + left + right];
    if (rows < wanted_height || columns < wanted_width) {
      const padded = this.padding === null ? '' : 'padded ';
      throw new ValueError(
        `Required crop size ${repr(this.size)} is larger than ${padded}input image size ${repr([rows, columns])}.`,
      );
    }
    const start = (size: number, wanted: number): number => (wanted < size ? draw_integer(0, size - wanted + 1) : 0);
    const first_row = start(rows, wanted_height);
    const first_column = start(columns, wanted_width);
    const all = wanted_height >= rows && wanted_width >= columns;
    return {
      padding: [left, top, right, bottom].some((side) => side !== 0) ? [left, top, right, bottom] : null,
      part: all ? null : { top: first_row, left: first_column, height: wanted_height, width: wanted_width },
    };
  }

  override transform(inpt: Img, { padding, part }: Cut): Img {
    const image = padding === null ? inpt : F.pad(inpt, padding, fill_for(this.fill, inpt), this.padding_mode);
    return part === null ? image : F.crop(image, part.top, part.left, part.height, part.width);
  }
}

interface RandomPerspectiveArguments {
  /** How far the corners may move, from 0 to 1. */
  distortion_scale?: number;
  p?: number;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_random_perspective = signature<RandomPerspectiveArguments>('RandomPerspective', [
  ['distortion_scale', 0.5],
  ['p', 0.5],
  ['interpolation', 'bilinear'],
  ['fill', 0],
]);

/** Puts the images of a sample in perspective with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomPerspective.html */
export class RandomPerspective extends RandomApplyTransform<{ coefficients: readonly number[] }> {
  /** As version 1 draws. */
  static readonly get_params: typeof v1.RandomPerspective.get_params = v1.RandomPerspective.get_params;

  distortion_scale: number;
  interpolation: InterpolationLike;
  fill: FillArgument;

  constructor(
    ...args: Arguments<RandomPerspectiveArguments, readonly ['distortion_scale', 'p', 'interpolation', 'fill']>
  ) {
    const { distortion_scale, p, interpolation, fill } = parse_random_perspective(args);
    super(p);
    if (!(distortion_scale >= 0 && distortion_scale <= 1)) {
      throw new ValueError('Argument distortion_scale value should be between 0 and 1');
    }
    this.distortion_scale = distortion_scale;
    this.interpolation = interpolation;
    this.fill = check_fill(fill);
  }

  override make_params(flat_inputs: readonly unknown[]): { coefficients: readonly number[] } {
    const [height, width] = query_size(flat_inputs);
    const corners = RandomPerspective.get_params(width, height, this.distortion_scale);
    return { coefficients: _get_perspective_coeffs(...corners) };
  }

  override transform(inpt: Img, { coefficients }: { coefficients: readonly number[] }): Img {
    return F.perspective(inpt, null, null, this.interpolation, fill_for(this.fill, inpt), coefficients);
  }
}

interface ElasticTransformArguments {
  /** How far pixels move, down and across. */
  alpha?: number | readonly number[];
  /** How smoothly. */
  sigma?: number | readonly number[];
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_elastic = signature<ElasticTransformArguments>('ElasticTransform', [
  ['alpha', 50],
  ['sigma', 5],
  ['interpolation', 'bilinear'],
  ['fill', 0],
]);

/** Moves the pixels of the images of a sample about, as if they were seen through water. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ElasticTransform.html */
export class ElasticTransform extends Transform<{ displacement: Tensor }> {
  static override readonly _written: Written = { floats: ['alpha', 'sigma'], lists: ['alpha', 'sigma'] };

  /** As version 1 draws. */
  static readonly get_params: typeof v1.ElasticTransform.get_params = v1.ElasticTransform.get_params;

  alpha: readonly [number, number];
  sigma: readonly [number, number];
  interpolation: InterpolationLike;
  fill: FillArgument;

  constructor(...args: Arguments<ElasticTransformArguments, readonly ['alpha', 'sigma', 'interpolation', 'fill']>) {
    super();
    const { alpha, sigma, interpolation, fill } = parse_elastic(args);
    this.alpha = setup_pair(alpha, 'alpha');
    this.sigma = setup_pair(sigma, 'sigma');
    this.interpolation = interpolation;
    this.fill = check_fill(fill);
  }

  override make_params(flat_inputs: readonly unknown[]): { displacement: Tensor } {
    return { displacement: v1.draw_displacement(this.alpha, this.sigma, query_size(flat_inputs), gaussian_blur) };
  }

  override transform(inpt: Img, { displacement }: { displacement: Tensor }): Img {
    const fill: Fill = fill_for(this.fill, inpt);
    return F.elastic(inpt, displacement, this.interpolation, fill);
  }
}

/** The size that images of a sample get. */
interface Sized {
  size: readonly number[];
}

/** Base of the transforms that resize to a size that they draw. */
abstract class RandomSize extends Transform<Sized> {
  abstract interpolation: InterpolationLike;
  abstract antialias: boolean | null;

  override transform(inpt: Img, { size }: Sized): Img {
    return F.resize(inpt, size, this.interpolation, null, this.antialias);
  }
}

interface ScaleJitterArguments extends Resizing {
  /** What images are scaled to fit into, before the jitter. */
  target_size: readonly [number, number];
  scale_range?: readonly [number, number];
}
const parse_scale_jitter = signature<ScaleJitterArguments>('ScaleJitter', [
  'target_size',
  ['scale_range', [0.1, 2]],
  ['interpolation', 'bilinear'],
  ['antialias', true],
]);

/** Resizes the images of a sample to a random multiple of a size. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ScaleJitter.html */
export class ScaleJitter extends RandomSize {
  static override readonly _written: Written = { floats: ['scale_range'] };

  target_size: readonly [number, number];
  scale_range: readonly [number, number];
  interpolation: InterpolationLike;
  antialias: boolean | null;

  constructor(
    ...args: Arguments<ScaleJitterArguments, readonly ['target_size', 'scale_range', 'interpolation', 'antialias']>
  ) {
    super();
    const { target_size, scale_range, interpolation, antialias } = parse_scale_jitter(args);
    this.target_size = target_size;
    this.scale_range = scale_range;
    this.interpolation = interpolation;
    this.antialias = antialias;
  }

  override make_params(flat_inputs: readonly unknown[]): Sized {
    const [height, width] = query_size(flat_inputs);
    const fitting = Math.min(this.target_size[1] / height, this.target_size[0] / width);
    const times = Math.fround(draw_between(...this.scale_range) * Math.fround(fitting));
    return { size: [whole(height, times), whole(width, times)] };
  }
}

interface RandomShortestSizeArguments extends Resizing {
  /** The shorter edge, or several to choose from. */
  min_size: number | readonly number[];
  /** The largest that the longer edge may be. */
  max_size?: number | null;
}
const parse_shortest = signature<RandomShortestSizeArguments>('RandomShortestSize', [
  'min_size',
  ['max_size', null],
  ['interpolation', 'bilinear'],
  ['antialias', true],
]);

/** Resizes the images of a sample so that the shorter edge has one of several sizes. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomShortestSize.html */
export class RandomShortestSize extends RandomSize {
  static override readonly _written: Written = { lists: ['min_size'] };

  min_size: readonly number[];
  max_size: number | null;
  interpolation: InterpolationLike;
  antialias: boolean | null;

  constructor(
    ...args: Arguments<RandomShortestSizeArguments, readonly ['min_size', 'max_size', 'interpolation', 'antialias']>
  ) {
    super();
    const { min_size, max_size, interpolation, antialias } = parse_shortest(args);
    this.min_size = typeof min_size === 'number' ? [min_size] : min_size;
    this.max_size = max_size;
    this.interpolation = interpolation;
    this.antialias = antialias;
  }

  override make_params(flat_inputs: readonly unknown[]): Sized {
    const [height, width] = query_size(flat_inputs);
    let times = this.min_size[draw_integer(0, this.min_size.length)]! / Math.min(height, width);
    if (this.max_size !== null) times = Math.min(times, this.max_size / Math.max(height, width));
    return { size: [Math.trunc(height * times), Math.trunc(width * times)] };
  }
}

interface RandomResizeArguments extends Resizing {
  min_size: number;
  /** One more than the largest. */
  max_size: number;
}
const parse_random_resize = signature<RandomResizeArguments>('RandomResize', [
  'min_size',
  'max_size',
  ['interpolation', 'bilinear'],
  ['antialias', true],
]);

/** Resizes the images of a sample so that the shorter edge has a random size. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomResize.html */
export class RandomResize extends RandomSize {
  min_size: number;
  max_size: number;
  interpolation: InterpolationLike;
  antialias: boolean | null;

  constructor(
    ...args: Arguments<RandomResizeArguments, readonly ['min_size', 'max_size', 'interpolation', 'antialias']>
  ) {
    super();
    const { min_size, max_size, interpolation, antialias } = parse_random_resize(args);
    this.min_size = min_size;
    this.max_size = max_size;
    this.interpolation = interpolation;
    this.antialias = antialias;
  }

  override make_params(): Sized {
    return { size: [draw_integer(this.min_size, this.max_size)] };
  }
}
