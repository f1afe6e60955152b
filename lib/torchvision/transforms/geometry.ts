/**
 * Transforms that resize, cut, turn and warp.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { tensor as make_tensor } from '../../creation.ts';
import { float32 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import { repr, str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import * as F from './functional.ts';
import type { Fill, Img, InterpolationLike, PaddingMode, Point, SizeLike } from './functional.ts';
import { type InterpolationMode, interpolation_of, interpolation_repr } from './interpolation.ts';
import {
  check_sequence,
  draw_integer,
  draw_uniform,
  fill_for,
  floats_list,
  floats_tuple,
  happens,
  setup_angle,
  setup_fill,
  setup_size,
  TransformModule,
} from './setup.ts';

const TWO_DIMENSIONS = 'Please provide only two dimensions (h, w) for size.';

interface ResizeArguments {
  /** Height and width, or the shorter edge. */
  size: SizeLike;
  interpolation?: InterpolationLike;
  /** The largest that the longer edge may be. */
  max_size?: number | null;
  /** Smooth before making smaller? Images in memory always are. */
  antialias?: boolean | null;
}
const parse_resize = signature<ResizeArguments>('Resize', [
  'size',
  ['interpolation', 'bilinear'],
  ['max_size', null],
  ['antialias', true],
]);

/**
 * Resizes images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Resize.html
 */
export class Resize extends TransformModule {
  size: SizeLike;
  max_size: number | null;
  interpolation: InterpolationMode;
  antialias: boolean | null;

  constructor(...args: Arguments<ResizeArguments, readonly ['size', 'interpolation', 'max_size', 'antialias']>) {
    super();
    const { size, interpolation, max_size, antialias } = parse_resize(args);
    if (typeof size !== 'number' && !Array.isArray(size)) {
      throw new TypeError(`Size should be int or sequence. Got ${type_name(size)}`);
    }
    if (typeof size !== 'number' && size.length !== 1 && size.length !== 2) {
      throw new ValueError('If size is a sequence, it should have 1 or 2 values');
    }
    this.size = size;
    this.max_size = max_size;
    this.interpolation = interpolation_of(interpolation);
    this.antialias = antialias;
  }

  override forward<T extends Img>(img: T): T {
    return F.resize(img, this.size, this.interpolation, this.max_size, this.antialias);
  }

  protected override describe(): string {
    const { size, interpolation, max_size, antialias } = this;
    return `size=${repr(size)}, interpolation=${interpolation}, max_size=${repr(max_size)}, antialias=${repr(antialias)}`;
  }
}

/**
 * Cuts the middle out of images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.CenterCrop.html
 */
export class CenterCrop extends TransformModule {
  size: readonly [number, number];

  constructor(size: SizeLike) {
    super();
    this.size = setup_size(size, TWO_DIMENSIONS);
  }

  override forward<T extends Img>(img: T): T {
    return F.center_crop(img, this.size);
  }

  protected override describe(): string {
    return `size=${repr(this.size)}`;
  }
}

interface PadArguments {
  /** For all sides, for left and right and for top and bottom, or for left, top, right and bottom. */
  padding: number | readonly number[];
  fill?: number | readonly number[];
  padding_mode?: PaddingMode;
}
const parse_pad = signature<PadArguments>('Pad', ['padding', ['fill', 0], ['padding_mode', 'constant']]);

/**
 * Puts something around images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Pad.html
 */
export class Pad extends TransformModule {
  padding: number | readonly number[];
  fill: number | readonly number[];
  padding_mode: PaddingMode;

  constructor(...args: Arguments<PadArguments, readonly ['padding', 'fill', 'padding_mode']>) {
    super();
    const { padding, fill, padding_mode } = parse_pad(args);
    if (typeof padding !== 'number' && !Array.isArray(padding)) throw new TypeError('Got inappropriate padding arg');
    if (typeof fill !== 'number' && !Array.isArray(fill)) throw new TypeError('Got inappropriate fill arg');
    if (!['constant', 'edge', 'reflect', 'symmetric'].includes(padding_mode)) {
      throw new ValueError('Padding mode should be either constant, edge, reflect or symmetric');
    }
    if (typeof padding !== 'number' && ![1, 2, 4].includes(padding.length)) {
      throw new ValueError(`Padding must be an int or a 1, 2, or 4 element tuple, not a ${padding.length} element tuple`);
    }
    this.padding = padding;
    this.fill = fill;
    this.padding_mode = padding_mode;
  }

  override forward<T extends Img>(img: T): T {
    return F.pad(img, this.padding, this.fill, this.padding_mode);
  }

  protected override describe(): string {
    return `padding=${repr(this.padding)}, fill=${repr(this.fill)}, padding_mode=${this.padding_mode}`;
  }
}

interface RandomCropArguments {
  size: SizeLike;
  padding?: number | readonly number[] | null;
  /** Pad images that are too small? */
  pad_if_needed?: boolean;
  fill?: Fill;
  padding_mode?: PaddingMode;
}
const parse_random_crop = signature<RandomCropArguments>('RandomCrop', [
  'size',
  ['padding', null],
  ['pad_if_needed', false],
  ['fill', 0],
  ['padding_mode', 'constant'],
]);

/**
 * Cuts a part of a given size out of images, anywhere.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomCrop.html
 */
export class RandomCrop extends TransformModule {
  size: readonly [number, number];
  padding: number | readonly number[] | null;
  pad_if_needed: boolean;
  fill: Fill;
  padding_mode: PaddingMode;

  constructor(
    ...args: Arguments<RandomCropArguments, readonly ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode']>
  ) {
    super();
    const { size, padding, pad_if_needed, fill, padding_mode } = parse_random_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    this.padding = padding;
    this.pad_if_needed = pad_if_needed;
    this.fill = fill;
    this.padding_mode = padding_mode;
  }

  /** Top, left, height and width of the next part. */
  static get_params(img: Img, output_size: readonly [number, number]): [number, number, number, number] {
    const [, h, w] = F.get_dimensions(img);
    const [th, tw] = output_size;
    if (h < th || w < tw) {
      throw new ValueError(`Required crop size ${repr([th, tw])} is larger than input image size ${repr([h, w])}`);
    }
    if (w === tw && h === th) return [0, 0, h, w];
    const top = draw_integer(0, h - th + 1);
    return [top, draw_integer(0, w - tw + 1), th, tw];
  }

  override forward<T extends Img>(img: T): T {
    let image = img;
    const [height, width] = this.size;
    if (this.padding !== null) image = F.pad(image, this.padding, this.fill, this.padding_mode);
    const [, h, w] = F.get_dimensions(image);
    if (this.pad_if_needed && w < width) image = F.pad(image, [width - w, 0], this.fill, this.padding_mode);
    if (this.pad_if_needed && h < height) image = F.pad(image, [0, height - h], this.fill, this.padding_mode);
    return F.crop(image, ...RandomCrop.get_params(image, this.size));
  }

  protected override describe(): string {
    return `size=${repr(this.size)}, padding=${repr(this.padding)}`;
  }
}

const parse_flip = signature<{ p?: number }>('RandomFlip', [['p', 0.5]]);

/** Base of the flips. */
abstract class RandomFlip extends TransformModule {
  p: number;

  constructor(...args: Arguments<{ p?: number }, readonly ['p']>) {
    super();
    this.p = parse_flip(args).p;
  }

  protected override describe(): string {
    return `p=${repr(this.p)}`;
  }
}

/**
 * Mirrors images with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomHorizontalFlip.html
 */
export class RandomHorizontalFlip extends RandomFlip {
  override forward<T extends Img>(img: T): T {
    return happens(this.p) ? F.hflip(img) : img;
  }
}

/**
 * Turns images upside down with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomVerticalFlip.html
 */
export class RandomVerticalFlip extends RandomFlip {
  override forward<T extends Img>(img: T): T {
    return happens(this.p) ? F.vflip(img) : img;
  }
}

interface RandomPerspectiveArguments {
  /** How far the corners may move, from 0 to 1. */
  distortion_scale?: number;
  p?: number;
  interpolation?: InterpolationLike;
  fill?: Fill;
}
const parse_random_perspective = signature<RandomPerspectiveArguments>('RandomPerspective', [
  ['distortion_scale', 0.5],
  ['p', 0.5],
  ['interpolation', 'bilinear'],
  ['fill', 0],
]);

/**
 * Puts images in perspective with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomPerspective.html
 */
export class RandomPerspective extends TransformModule {
  p: number;
  interpolation: InterpolationMode;
  distortion_scale: number;
  fill: number | readonly number[];

  constructor(
    ...args: Arguments<RandomPerspectiveArguments, readonly ['distortion_scale', 'p', 'interpolation', 'fill']>
  ) {
    super();
    const { distortion_scale, p, interpolation, fill } = parse_random_perspective(args);
    this.p = p;
    this.interpolation = interpolation_of(interpolation);
    this.distortion_scale = distortion_scale;
    this.fill = setup_fill(fill);
  }

  /** Where the corners are, and where they go. */
  static get_params(width: number, height: number, distortion_scale: number): [Point[], Point[]] {
    const dx = Math.trunc(distortion_scale * Math.floor(width / 2));
    const dy = Math.trunc(distortion_scale * Math.floor(height / 2));
    const left = (): number => draw_integer(0, dx + 1);
    const right = (): number => draw_integer(width - dx - 1, width);
    const top = (): number => draw_integer(0, dy + 1);
    const bottom = (): number => draw_integer(height - dy - 1, height);
    const start: Point[] = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    return [start, [[left(), top()], [right(), top()], [right(), bottom()], [left(), bottom()]]];
  }

  override forward<T extends Img>(img: T): T {
    const [, height, width] = F.get_dimensions(img);
    if (!happens(this.p)) return img;
    const [start, end] = RandomPerspective.get_params(width, height, this.distortion_scale);
    return F.perspective(img, start, end, this.interpolation, fill_for(img, this.fill));
  }

  protected override describe(): string {
    return `p=${repr(this.p)}`;
  }
}

/** Shares and proportions of parts: two ranges. */
type Range = readonly number[];

/** @throws TypeError for what is no range */
export function check_ranges(scale: unknown, ratio: unknown): void {
  if (!Array.isArray(scale)) throw new TypeError('Scale should be a sequence');
  if (!Array.isArray(ratio)) throw new TypeError('Ratio should be a sequence');
  if (scale[0] > scale[1] || ratio[0] > ratio[1]) warn('Scale and ratio should be of kind (min, max)');
}

/** The logarithms of a range, in single precision. */
function log_range(ratio: Range): [number, number] {
  return make_tensor([...ratio], { dtype: float32 }).log().tolist() as [number, number];
}

/** A proportion, drawn evenly among its logarithms. */
function draw_ratio([low, high]: readonly [number, number]): number {
  return aten.empty([1]).uniform_(low, high).exp().item() as number;
}

interface RandomResizedCropArguments {
  size: SizeLike;
  /** The smallest and the largest share of the image's area. */
  scale?: Range;
  /** The smallest and the largest proportion of width to height. */
  ratio?: Range;
  interpolation?: InterpolationLike;
  antialias?: boolean | null;
}
const parse_random_resized_crop = signature<RandomResizedCropArguments>('RandomResizedCrop', [
  'size',
  ['scale', [0.08, 1]],
  ['ratio', [3 / 4, 4 / 3]],
  ['interpolation', 'bilinear'],
  ['antialias', true],
]);

/**
 * Cuts any part out of images and resizes it to a given size.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomResizedCrop.html
 */
export class RandomResizedCrop extends TransformModule {
  size: readonly [number, number];
  interpolation: InterpolationMode;
  antialias: boolean | null;
  scale: Range;
  ratio: Range;

  constructor(
    ...args: Arguments<
      RandomResizedCropArguments,
      readonly ['size', 'scale', 'ratio', 'interpolation', 'antialias']
    >
  ) {
    super();
    const { size, scale, ratio, interpolation, antialias } = parse_random_resized_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    check_ranges(scale, ratio);
    this.interpolation = interpolation_of(interpolation);
    this.antialias = antialias;
    this.scale = scale;
    this.ratio = ratio;
  }

  /** Top, left, height and width of the next part. */
  static get_params(img: Img, scale: Range, ratio: Range): [number, number, number, number] {
    const [, height, width] = F.get_dimensions(img);
    const area = height * width;
    const logs = log_range(ratio);
    for (let attempt = 0; attempt < 10; attempt++) {
      const target = area * draw_uniform(scale[0]!, scale[1]!);
      const aspect = draw_ratio(logs);
      const w = F.round_even(Math.sqrt(target * aspect));
      const h = F.round_even(Math.sqrt(target / aspect));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        const top = draw_integer(0, height - h + 1);
        return [top, draw_integer(0, width - w + 1), h, w];
      }
    }
    // Nothing fits: the middle, as much as the proportions allow.
    const [least, most] = [Math.min(...ratio), Math.max(...ratio)];
    let [w, h] = [width, height];
    if (width / height < least) h = F.round_even(w / least);
    else if (width / height > most) w = F.round_even(h * most);
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  override forward<T extends Img>(img: T): T {
    const part = RandomResizedCrop.get_params(img, this.scale, this.ratio);
    return F.resized_crop(img, ...part, this.size, this.interpolation, this.antialias);
  }

  protected override describe(): string {
    const rounded = (range: Range): string => floats_tuple(range.map((value) => Number(value.toFixed(4))));
    return (
      `size=${repr(this.size)}, scale=${rounded(this.scale)}, ratio=${rounded(this.ratio)}, ` +
      `interpolation=${this.interpolation}, antialias=${repr(this.antialias)}`
    );
  }
}

/**
 * Gives the corners and the middle of images, five tensors or images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.FiveCrop.html
 */
export class FiveCrop extends TransformModule {
  size: readonly [number, number];

  constructor(size: SizeLike) {
    super();
    this.size = setup_size(size, TWO_DIMENSIONS);
  }

  override forward<T extends Img>(img: T): [T, T, T, T, T] {
    return F.five_crop(img, this.size);
  }

  protected override describe(): string {
    return `size=${repr(this.size)}`;
  }
}

interface TenCropArguments {
  size: SizeLike;
  vertical_flip?: boolean;
}
const parse_ten_crop = signature<TenCropArguments>('TenCrop', ['size', ['vertical_flip', false]]);

/**
 * Gives the corners and the middle of images and of their mirror images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.TenCrop.html
 */
export class TenCrop extends TransformModule {
  size: readonly [number, number];
  vertical_flip: boolean;

  constructor(...args: Arguments<TenCropArguments, readonly ['size', 'vertical_flip']>) {
    super();
    const { size, vertical_flip } = parse_ten_crop(args);
    this.size = setup_size(size, TWO_DIMENSIONS);
    this.vertical_flip = vertical_flip;
  }

  override forward<T extends Img>(img: T): T[] {
    return F.ten_crop(img, this.size, this.vertical_flip);
  }

  protected override describe(): string {
    return `size=${repr(this.size)}, vertical_flip=${repr(this.vertical_flip)}`;
  }
}

interface RandomRotationArguments {
  /** The range of degrees; a number stands for the range from minus it to it. */
  degrees: number | readonly number[];
  interpolation?: InterpolationLike;
  expand?: boolean;
  center?: readonly number[] | null;
  fill?: Fill;
}
const parse_random_rotation = signature<RandomRotationArguments>('RandomRotation', [
  'degrees',
  ['interpolation', 'nearest'],
  ['expand', false],
  ['center', null],
  ['fill', 0],
]);

/**
 * Turns images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomRotation.html
 */
export class RandomRotation extends TransformModule {
  degrees: number[];
  center: readonly number[] | null;
  interpolation: InterpolationMode;
  expand: boolean;
  fill: number | readonly number[];

  constructor(
    ...args: Arguments<RandomRotationArguments, readonly ['degrees', 'interpolation', 'expand', 'center', 'fill']>
  ) {
    super();
    const { degrees, interpolation, expand, center, fill } = parse_random_rotation(args);
    this.degrees = setup_angle(degrees, 'degrees');
    if (center !== null) check_sequence(center, 'center', [2]);
    this.center = center;
    this.interpolation = interpolation_of(interpolation);
    this.expand = expand;
    this.fill = setup_fill(fill);
  }

  /** The next angle. */
  static get_params(degrees: readonly number[]): number {
    return draw_uniform(degrees[0]!, degrees[1]!);
  }

  override forward<T extends Img>(img: T): T {
    const fill = fill_for(img, this.fill);
    const angle = RandomRotation.get_params(this.degrees);
    return F.rotate(img, angle, this.interpolation, this.expand, this.center, fill);
  }

  protected override describe(): string {
    const center = this.center === null ? '' : `, center=${repr(this.center)}`;
    return (
      `degrees=${floats_list(this.degrees)}, interpolation=${this.interpolation}, expand=${repr(this.expand)}` +
      `${center}, fill=${repr(this.fill)}`
    );
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
  fill?: Fill;
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

/**
 * Turns, moves, scales and shears images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomAffine.html
 */
export class RandomAffine extends TransformModule {
  degrees: number[];
  translate: readonly number[] | null;
  scale: readonly number[] | null;
  shear: number[] | null;
  interpolation: InterpolationMode;
  fill: number | readonly number[];
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
      if (!translate.every((t) => t >= 0 && t <= 1)) throw new ValueError('translation values should be between 0 and 1');
    }
    this.translate = translate;
    if (scale !== null) {
      check_sequence(scale, 'scale', [2]);
      if (!scale.every((s) => s > 0)) throw new ValueError('scale values should be positive');
    }
    this.scale = scale;
    this.shear = shear === null ? null : setup_angle(shear, 'shear', [2, 4]);
    this.interpolation = interpolation_of(interpolation);
    this.fill = setup_fill(fill);
    if (center !== null) check_sequence(center, 'center', [2]);
    this.center = center;
  }

  /** The next angle, pixels to move by, scale and angles to shear by. */
  static get_params(
    degrees: readonly number[],
    translate: readonly number[] | null,
    scale_ranges: readonly number[] | null,
    shears: readonly number[] | null,
    img_size: readonly number[],
  ): [number, [number, number], number, [number, number]] {
    const angle = draw_uniform(degrees[0]!, degrees[1]!);
    const move = (axis: number): number => {
      if (translate === null) return 0;
      const most = translate[axis]! * img_size[axis]!;
      return F.round_even(draw_uniform(-most, most));
    };
    const translations: [number, number] = [move(0), move(1)];
    const scale = scale_ranges === null ? 1 : draw_uniform(scale_ranges[0]!, scale_ranges[1]!);
    const shear_x = shears === null ? 0 : draw_uniform(shears[0]!, shears[1]!);
    const shear_y = shears?.length === 4 ? draw_uniform(shears[2]!, shears[3]!) : 0;
    return [angle, translations, scale, [shear_x, shear_y]];
  }

  override forward<T extends Img>(img: T): T {
    const [, height, width] = F.get_dimensions(img);
    const fill = fill_for(img, this.fill);
    const drawn = RandomAffine.get_params(this.degrees, this.translate, this.scale, this.shear, [width, height]);
    return F.affine(img, ...drawn, this.interpolation, fill, this.center);
  }

  protected override describe(): string {
    const parts = [`degrees=${floats_list(this.degrees)}`];
    if (this.translate !== null) parts.push(`translate=${repr(this.translate)}`);
    if (this.scale !== null) parts.push(`scale=${repr(this.scale)}`);
    if (this.shear !== null) parts.push(`shear=${floats_list(this.shear)}`);
    if (this.interpolation !== 'nearest') parts.push(`interpolation=${this.interpolation}`);
    if (this.fill !== 0) parts.push(`fill=${repr(this.fill)}`);
    if (this.center !== null) parts.push(`center=${repr(this.center)}`);
    return parts.join(', ');
  }
}

interface RandomErasingArguments {
  p?: number;
  scale?: Range;
  ratio?: Range;
  /** What to put there: one value, one for each channel, or `'random'`. */
  value?: number | readonly number[] | 'random';
  inplace?: boolean;
}
const parse_random_erasing = signature<RandomErasingArguments>('RandomErasing', [
  ['p', 0.5],
  ['scale', [0.02, 0.33]],
  ['ratio', [0.3, 3.3]],
  ['value', 0],
  ['inplace', false],
]);

/**
 * Top, left, height and width of a part to erase, and what to put there.
 *
 * @param value null for random numbers
 * @returns null if no part of these sizes fits
 */
export function draw_erasure(
  [channels, height, width]: readonly [number, number, number],
  scale: Range,
  ratio: Range,
  value: readonly number[] | null,
): [number, number, number, number, Tensor] | null {
  const area = height * width;
  const logs = log_range(ratio);
  for (let attempt = 0; attempt < 10; attempt++) {
    const target = area * draw_uniform(scale[0]!, scale[1]!);
    const aspect = draw_ratio(logs);
    const h = F.round_even(Math.sqrt(target * aspect));
    const w = F.round_even(Math.sqrt(target / aspect));
    if (!(h < height && w < width)) continue;
    const v =
      value === null
        ? aten.empty([channels, h, w], { dtype: float32 }).normal_()
        : make_tensor([...value], { dtype: float32 }).view(-1, 1, 1);
    const top = draw_integer(0, height - h + 1);
    return [top, draw_integer(0, width - w + 1), h, w, v];
  }
  return null;
}

/**
 * Erases a part of images that are tensors, with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomErasing.html
 */
export class RandomErasing extends TransformModule {
  p: number;
  scale: Range;
  ratio: Range;
  value: number | readonly number[] | 'random';
  inplace: boolean;

  constructor(...args: Arguments<RandomErasingArguments, readonly ['p', 'scale', 'ratio', 'value', 'inplace']>) {
    super();
    const { p, scale, ratio, value, inplace } = parse_random_erasing(args);
    if (typeof value !== 'number' && typeof value !== 'string' && !Array.isArray(value)) {
      throw new TypeError('Argument value should be either a number or str or a sequence');
    }
    if (typeof value === 'string' && value !== 'random') throw new ValueError("If value is str, it should be 'random'");
    check_ranges(scale, ratio);
    if (scale[0]! < 0 || scale[1]! > 1) throw new ValueError('Scale should be between 0 and 1');
    if (p < 0 || p > 1) throw new ValueError('Random erasing probability should be between 0 and 1');
    this.p = p;
    this.scale = scale;
    this.ratio = ratio;
    this.value = value;
    this.inplace = inplace;
  }

  /** Top, left, height and width of the next part, and what to put there. */
  static get_params(
    img: Tensor,
    scale: Range,
    ratio: Range,
    value: readonly number[] | null = null,
  ): [number, number, number, number, Tensor] {
    const [channels, height, width] = [img.size(-3), img.size(-2), img.size(-1)];
    return draw_erasure([channels, height, width], scale, ratio, value) ?? [0, 0, height, width, img];
  }

  override forward(img: Tensor): Tensor {
    if (!happens(this.p)) return img;
    const value = typeof this.value === 'number' ? [this.value] : this.value === 'random' ? null : this.value;
    if (value !== null && value.length !== 1 && value.length !== img.size(-3)) {
      throw new ValueError(
        `If value is a sequence, it should have either a single value or ${img.size(-3)} (number of input channels)`,
      );
    }
    return F.erase(img, ...RandomErasing.get_params(img, this.scale, this.ratio, value), this.inplace);
  }

  protected override describe(): string {
    return (
      `p=${repr(this.p)}, scale=${repr(this.scale)}, ratio=${repr(this.ratio)}, ` +
      `value=${str(this.value)}, inplace=${repr(this.inplace)}`
    );
  }
}

interface ElasticTransformArguments {
  /** How far pixels move, down and across. */
  alpha?: number | readonly number[];
  /** How smoothly. */
  sigma?: number | readonly number[];
  interpolation?: InterpolationLike;
  fill?: number | readonly number[];
}
const parse_elastic = signature<ElasticTransformArguments>('ElasticTransform', [
  ['alpha', 50],
  ['sigma', 5],
  ['interpolation', 'bilinear'],
  ['fill', 0],
]);

/** Two floats from one or two. */
function float_pair(value: number | readonly number[], name: string): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
  if (!Array.isArray(value)) throw new TypeError(`${name} should be float or a sequence of floats. Got ${type_name(value)}`);
  if (value.length !== 2) throw new ValueError(`If ${name} is a sequence its length should be 2. Got ${value.length}`);
  return value as unknown as readonly [number, number];
}

/** A displacement of shape (1, H, W, 2), smoothed by `blur`. */
export function draw_displacement(
  alpha: readonly number[],
  sigma: readonly number[],
  size: readonly [number, number],
  blur: (img: Tensor, kernel_size: readonly number[], sigma: readonly number[]) => Tensor,
): Tensor {
  const one = (axis: 0 | 1): Tensor => {
    let d = aten.rand([1, 1, ...size]).mul(2).sub(1);
    if (sigma[axis]! > 0) {
      let k = Math.trunc(8 * sigma[axis]! + 1);
      if (k % 2 === 0) k++;
      d = blur(d, [k, k], sigma);
    }
    return d.mul(alpha[axis]!).div(size[1 - axis]!);
  };
  const dx = one(0);
  return aten.cat([dx, one(1)], 1).permute(0, 2, 3, 1);
}

/**
 * Moves the pixels of images about, as if they were seen through water.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ElasticTransform.html
 */
export class ElasticTransform extends TransformModule {
  alpha: readonly [number, number];
  sigma: readonly [number, number];
  interpolation: InterpolationMode;
  fill: readonly number[];

  constructor(...args: Arguments<ElasticTransformArguments, readonly ['alpha', 'sigma', 'interpolation', 'fill']>) {
    super();
    const { alpha, sigma, interpolation, fill } = parse_elastic(args);
    this.alpha = float_pair(alpha, 'alpha');
    this.sigma = float_pair(sigma, 'sigma');
    this.interpolation = interpolation_of(interpolation);
    if (typeof fill !== 'number' && !Array.isArray(fill)) {
      throw new TypeError(`fill should be int or float or a list or tuple of them. Got ${type_name(fill)}`);
    }
    this.fill = typeof fill === 'number' ? [fill] : fill;
  }

  /** The next displacement, of shape (1, H, W, 2). */
  static get_params(alpha: readonly number[], sigma: readonly number[], size: readonly [number, number]): Tensor {
    return draw_displacement(alpha, sigma, size, F.gaussian_blur);
  }

  override forward<T extends Img>(img: T): T {
    const [, height, width] = F.get_dimensions(img);
    const displacement = ElasticTransform.get_params(this.alpha, this.sigma, [height, width]);
    return F.elastic_transform(img, displacement, this.interpolation, this.fill);
  }

  protected override describe(): string {
    return (
      `alpha=${floats_list(this.alpha)}, sigma=${floats_list(this.sigma)}, ` +
      `interpolation=${interpolation_repr(this.interpolation)}, fill=${floats_list(this.fill)}`
    );
  }
}

/** @throws ValueError for what images cannot be multiplied by */
export function check_whitening(transformation_matrix: Tensor, mean_vector: Tensor): void {
  const shape = repr([...transformation_matrix.shape]);
  if (transformation_matrix.size(0) !== transformation_matrix.size(1)) {
    throw new ValueError(`transformation_matrix should be square. Got ${shape} rectangular matrix.`);
  }
  if (mean_vector.size(0) !== transformation_matrix.size(0)) {
    throw new ValueError(
      `mean_vector should have the same length ${mean_vector.size(0)} as any one of the dimensions of the ` +
        `transformation_matrix [${shape}]`,
    );
  }
  if (transformation_matrix.dtype !== mean_vector.dtype) {
    throw new ValueError(
      `Input tensors should have the same dtype. Got ${transformation_matrix.dtype} and ${mean_vector.dtype}`,
    );
  }
}

/** Images, flattened, without `mean_vector` and times `transformation_matrix`. */
export function whiten(tensor: Tensor, transformation_matrix: Tensor, mean_vector: Tensor): Tensor {
  const shape = [...tensor.shape];
  const [c, h, w] = shape.slice(-3) as [number, number, number];
  const n = c * h * w;
  if (n !== transformation_matrix.size(0)) {
    throw new ValueError(
      `Input tensor and transformation matrix have incompatible shape.[${c} x ${h} x ${w}] != ` +
        `${transformation_matrix.size(0)}`,
    );
  }
  const flat = tensor.view(-1, n).sub(mean_vector);
  return flat.mm(transformation_matrix.to(flat.dtype)).view(shape);
}

/**
 * Flattens images that are tensors, takes `mean_vector` away and multiplies by `transformation_matrix`: whitening, for
 * instance.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.LinearTransformation.html
 */
export class LinearTransformation extends TransformModule {
  transformation_matrix: Tensor;
  mean_vector: Tensor;

  constructor(transformation_matrix: Tensor, mean_vector: Tensor) {
    super();
    check_whitening(transformation_matrix, mean_vector);
    this.transformation_matrix = transformation_matrix;
    this.mean_vector = mean_vector;
  }

  override forward(tensor: Tensor): Tensor {
    return whiten(tensor, this.transformation_matrix, this.mean_vector);
  }

  protected override describe(): string {
    const list = (value: unknown): string =>
      Array.isArray(value) ? `[${value.map(list).join(', ')}]` : floats_list([value as number]).slice(1, -1);
    const { transformation_matrix, mean_vector } = this;
    return `transformation_matrix=${list(transformation_matrix.tolist())}, mean_vector=${list(mean_vector.tolist())}`;
  }
}

interface GaussianBlurArguments {
  kernel_size: SizeLike;
  /** The range of standard deviations, or the one. */
  sigma?: number | Range;
}
const parse_gaussian_blur = signature<GaussianBlurArguments>('GaussianBlur', ['kernel_size', ['sigma', [0.1, 2]]]);

/**
 * Blurs images.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.GaussianBlur.html
 */
export class GaussianBlur extends TransformModule {
  kernel_size: readonly [number, number];
  sigma: Range;

  constructor(...args: Arguments<GaussianBlurArguments, readonly ['kernel_size', 'sigma']>) {
    super();
    const { kernel_size, sigma } = parse_gaussian_blur(args);
    this.kernel_size = setup_size(kernel_size, 'Kernel size should be a tuple/list of two integers');
    if (this.kernel_size.some((size) => size <= 0 || size % 2 === 0)) {
      throw new ValueError('Kernel size value should be an odd and positive number.');
    }
    if (typeof sigma === 'number') {
      if (sigma <= 0) throw new ValueError('If sigma is a single number, it must be positive.');
      this.sigma = [sigma, sigma];
    } else if (Array.isArray(sigma) && sigma.length === 2) {
      if (!(sigma[0] > 0 && sigma[0] <= sigma[1])) {
        throw new ValueError('sigma values should be positive and of the form (min, max).');
      }
      this.sigma = sigma;
    } else {
      throw new ValueError('sigma should be a single number or a list/tuple with length 2.');
    }
  }

  /** The next standard deviation. */
  static get_params(sigma_min: number, sigma_max: number): number {
    return draw_uniform(sigma_min, sigma_max);
  }

  override forward<T extends Img>(img: T): T {
    const sigma = GaussianBlur.get_params(this.sigma[0]!, this.sigma[1]!);
    return F.gaussian_blur(img, this.kernel_size, [sigma, sigma]);
  }

  protected override describe(): string {
    return `kernel_size=${repr(this.kernel_size)}, sigma=${floats_tuple(this.sigma)}`;
  }
}
