/**
 * Transforms that change colours.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html#color
 */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import * as F from './functional.ts';
import type { Img } from './functional.ts';
import { draw, draw_uniform, floats_list, floats_tuple, happens, TransformModule } from './setup.ts';

/** A range of factors; a number stands for the range around what changes nothing. */
type Factor = number | readonly number[];

interface ColorJitterArguments {
  brightness?: Factor;
  contrast?: Factor;
  saturation?: Factor;
  hue?: Factor;
}
const parse_color_jitter = signature<ColorJitterArguments>('ColorJitter', [
  ['brightness', 0],
  ['contrast', 0],
  ['saturation', 0],
  ['hue', 0],
]);

/** The range that a factor stands for; null if it changes nothing. */
function factor_range(value: Factor, name: string, center: number, least: number, most: number): number[] | null {
  let range: number[];
  if (typeof value === 'number') {
    if (value < 0) throw new ValueError(`If ${name} is a single number, it must be non negative.`);
    range = [center - value, center + value];
    if (center === 1) range[0] = Math.max(range[0]!, 0);
  } else if (Array.isArray(value) && value.length === 2) {
    range = [...value];
  } else {
    throw new TypeError(`${name} should be a single number or a list/tuple with length 2.`);
  }
  const [low, high] = range as [number, number];
  if (!(least <= low && low <= high && high <= most)) {
    throw new ValueError(`${name} values should be between ${center === 1 ? '(0, inf)' : '(-0.5, 0.5)'}, but got ${floats_list(range)}.`);
  }
  return low === center && high === center ? null : range;
}

/**
 * Changes brightness, contrast, saturation and hue, in any order.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html
 */
export class ColorJitter extends TransformModule {
  brightness: number[] | null;
  contrast: number[] | null;
  saturation: number[] | null;
  hue: number[] | null;

  constructor(...args: Arguments<ColorJitterArguments, readonly ['brightness', 'contrast', 'saturation', 'hue']>) {
    super();
    const { brightness, contrast, saturation, hue } = parse_color_jitter(args);
    this.brightness = factor_range(brightness, 'brightness', 1, 0, Infinity);
    this.contrast = factor_range(contrast, 'contrast', 1, 0, Infinity);
    this.saturation = factor_range(saturation, 'saturation', 1, 0, Infinity);
    this.hue = factor_range(hue, 'hue', 0, -0.5, 0.5);
  }

  /** The next order of the four changes, and their factors. */
  static get_params(
    brightness: readonly number[] | null,
    contrast: readonly number[] | null,
    saturation: readonly number[] | null,
    hue: readonly number[] | null,
  ): [order: number[], ...factors: (number | null)[]] {
    const order = (aten.randperm(4).tolist() as (number | bigint)[]).map(Number);
    const factor = (range: readonly number[] | null): number | null =>
      range === null ? null : draw_uniform(range[0]!, range[1]!);
    return [order, factor(brightness), factor(contrast), factor(saturation), factor(hue)];
  }

  override forward<T extends Img>(img: T): T {
    const [order, ...factors] = ColorJitter.get_params(this.brightness, this.contrast, this.saturation, this.hue);
    const changes = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue];
    let image = img;
    for (const i of order) if (factors[i] !== null) image = changes[i]!(image, factors[i]!);
    return image;
  }

  protected override describe(): string {
    const text = (range: number[] | null): string => (range === null ? 'None' : floats_tuple(range));
    const { brightness, contrast, saturation, hue } = this;
    return `brightness=${text(brightness)}, contrast=${text(contrast)}, saturation=${text(saturation)}, hue=${text(hue)}`;
  }
}

const parse_grayscale = signature<{ num_output_channels?: number }>('Grayscale', [['num_output_channels', 1]]);

/**
 * Makes images grey.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Grayscale.html
 */
export class Grayscale extends TransformModule {
  num_output_channels: number;

  constructor(...args: Arguments<{ num_output_channels?: number }, readonly ['num_output_channels']>) {
    super();
    this.num_output_channels = parse_grayscale(args).num_output_channels;
  }

  override forward<T extends Img>(img: T): T {
    return F.rgb_to_grayscale(img, this.num_output_channels);
  }

  protected override describe(): string {
    return `num_output_channels=${this.num_output_channels}`;
  }
}

/** The chance of a transform that has nothing else to it. */
interface Chance {
  p?: number;
}
const parse_grey_chance = signature<Chance>('RandomGrayscale', [['p', 0.1]]);
const parse_chance = signature<Chance>('RandomInvert', [['p', 0.5]]);

/**
 * Makes images grey with a chance of `p`, and leaves them as many channels as they have.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomGrayscale.html
 */
export class RandomGrayscale extends TransformModule {
  p: number;

  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super();
    this.p = parse_grey_chance(args).p;
  }

  override forward<T extends Img>(img: T): T {
    const [channels] = F.get_dimensions(img);
    return happens(this.p) ? F.rgb_to_grayscale(img, channels) : img;
  }

  protected override describe(): string {
    return `p=${repr(this.p)}`;
  }
}

/** Base of the transforms that do one thing with a chance of `p`. */
abstract class RandomChange extends TransformModule {
  p: number;

  constructor(p: number) {
    super();
    this.p = p;
  }

  protected abstract change<T extends Img>(img: T): T;

  override forward<T extends Img>(img: T): T {
    return draw() < this.p ? this.change(img) : img;
  }

  protected override describe(): string {
    return `p=${repr(this.p)}`;
  }
}

/** Inverts colours with a chance of `p`. */
export class RandomInvert extends RandomChange {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  protected override change<T extends Img>(img: T): T {
    return F.invert(img);
  }
}

/** Stretches each channel to its whole range with a chance of `p`. */
export class RandomAutocontrast extends RandomChange {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  protected override change<T extends Img>(img: T): T {
    return F.autocontrast(img);
  }
}

/** Makes all values equally common with a chance of `p`. */
export class RandomEqualize extends RandomChange {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  protected override change<T extends Img>(img: T): T {
    return F.equalize(img);
  }
}

const parse_posterize = signature<Chance & { bits: number }>('RandomPosterize', ['bits', ['p', 0.5]]);

/** Keeps only the highest `bits` bits of each value, with a chance of `p`. */
export class RandomPosterize extends RandomChange {
  bits: number;

  constructor(...args: Arguments<Chance & { bits: number }, readonly ['bits', 'p']>) {
    const { bits, p } = parse_posterize(args);
    super(p);
    this.bits = bits;
  }

  protected override change<T extends Img>(img: T): T {
    return F.posterize(img, this.bits);
  }

  protected override describe(): string {
    return `bits=${repr(this.bits)},p=${repr(this.p)}`;
  }
}

const parse_solarize = signature<Chance & { threshold: number }>('RandomSolarize', ['threshold', ['p', 0.5]]);

/** Inverts the values from `threshold` on, with a chance of `p`. */
export class RandomSolarize extends RandomChange {
  threshold: number;

  constructor(...args: Arguments<Chance & { threshold: number }, readonly ['threshold', 'p']>) {
    const { threshold, p } = parse_solarize(args);
    super(p);
    this.threshold = threshold;
  }

  protected override change<T extends Img>(img: T): T {
    return F.solarize(img, this.threshold);
  }

  protected override describe(): string {
    return `threshold=${repr(this.threshold)},p=${repr(this.p)}`;
  }
}

const parse_sharpness = signature<Chance & { sharpness_factor: number }>('RandomAdjustSharpness', [
  'sharpness_factor',
  ['p', 0.5],
]);

/** Makes images sharper or softer, with a chance of `p`. */
export class RandomAdjustSharpness extends RandomChange {
  sharpness_factor: number;

  constructor(...args: Arguments<Chance & { sharpness_factor: number }, readonly ['sharpness_factor', 'p']>) {
    const { sharpness_factor, p } = parse_sharpness(args);
    super(p);
    this.sharpness_factor = sharpness_factor;
  }

  protected override change<T extends Img>(img: T): T {
    return F.adjust_sharpness(img, this.sharpness_factor);
  }

  protected override describe(): string {
    return `sharpness_factor=${repr(this.sharpness_factor)},p=${repr(this.p)}`;
  }
}
