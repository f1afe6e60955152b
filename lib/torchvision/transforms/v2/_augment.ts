/** Transforms that take parts of images away, or what the eye misses least. */
import { type Arguments, signature } from '../../../arguments.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { repr } from '../../../repr.ts';
import type { Tensor } from '../../../tensor.ts';
import type { Img } from '../functional.ts';
import { check_ranges, draw_erasure, RandomErasing as OfImages } from '../geometry.ts';
import { check_sequence, draw_integer } from '../setup.ts';
import { erase, jpeg } from './functional/_augment.ts';
import { RandomApplyTransform, Transform, type Written } from './_transform.ts';
import { query_chw } from './_query.ts';

interface RandomErasingArguments {
  p?: number;
  /** The smallest and the largest share of the image's area. */
  scale?: readonly number[];
  /** The smallest and the largest proportion of height to width. */
  ratio?: readonly number[];
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

/** Top, left, height, width and content of the part; null if none fits. */
interface Erasure {
  part: readonly [i: number, j: number, h: number, w: number, v: Tensor] | null;
}

/** Erases a part of the images of a sample, with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomErasing.html */
export class RandomErasing extends RandomApplyTransform<Erasure> {
  static override readonly _written: Written = { floats: ['scale', 'ratio', 'value'], lists: ['value'] };

  /** As version 1 draws. */
  static readonly get_params: typeof OfImages.get_params = OfImages.get_params;

  scale: readonly number[];
  ratio: readonly number[];
  /** Null for random numbers. */
  value: readonly number[] | null;
  inplace: boolean;

  constructor(...args: Arguments<RandomErasingArguments, readonly ['p', 'scale', 'ratio', 'value', 'inplace']>) {
    const { p, scale, ratio, value, inplace } = parse_random_erasing(args);
    super(p);
    if (typeof value !== 'number' && typeof value !== 'string' && !Array.isArray(value)) {
      throw new TypeError('Argument value should be either a number or str or a sequence');
    }
    if (typeof value === 'string' && value !== 'random') throw new ValueError("If value is str, it should be 'random'");
    check_ranges(scale, ratio);
    if (scale[0]! < 0 || scale[1]! > 1) throw new ValueError('Scale should be between 0 and 1');
    this.scale = scale;
    this.ratio = ratio;
    this.value = value === 'random' ? null : typeof value === 'number' ? [value] : (value as readonly number[]);
    this.inplace = inplace;
  }

  override make_params(flat_inputs: readonly unknown[]): Erasure {
    const size = query_chw(flat_inputs);
    const { value } = this;
    if (value !== null && value.length !== 1 && value.length !== size[0]) {
      throw new ValueError(
        `If value is a sequence, it should have either a single value or ${size[0]} (number of inpt channels)`,
      );
    }
    return { part: draw_erasure(size, this.scale, this.ratio, value) };
  }

  override transform(inpt: Img, { part }: Erasure): Img {
    return part === null ? inpt : erase(inpt, ...part, this.inplace);
  }
}

const parse_jpeg = signature<{ quality: number | readonly number[] }>('JPEG', ['quality']);

/**
 * Gives images of bytes what is lost in JPEG files, of a quality that is drawn from a range or always the same.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.JPEG.html
 */
export class JPEG extends Transform<{ quality: number }> {
  quality: readonly number[];

  /** @throws TypeError, ValueError for anything but one or two whole numbers from 1 to 100, the lower one first */
  constructor(...args: Arguments<{ quality: number | readonly number[] }, readonly ['quality']>) {
    super();
    const { quality } = parse_jpeg(args);
    const range = Number.isInteger(quality) ? [quality as number, quality as number] : (quality as readonly number[]);
    check_sequence(range, 'quality', [2]);
    const [low, high] = range as readonly [number, number];
    if (!range.every(Number.isInteger) || low < 1 || low > high || high > 100) {
      throw new ValueError(`quality must be an integer from 1 to 100, got quality =${repr(range)}`);
    }
    this.quality = range;
  }

  override make_params(): { quality: number } {
    return { quality: draw_integer(this.quality[0]!, this.quality[1]! + 1) };
  }

  override transform(inpt: Img, { quality }: { quality: number }): Img {
    return jpeg(inpt, quality);
  }
}
