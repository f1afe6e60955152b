/** Transforms that change colours. */
import { type Arguments, signature } from '../../../arguments.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { aten } from '../../../ops.ts';
import { str } from '../../../repr.ts';
import type { Tensor } from '../../../tensor.ts';
import { ColorJitter as OfImages } from '../colour.ts';
import type { Img } from '../functional.ts';
import { draw, draw_uniform, floats_list, happens } from '../setup.ts';
import * as F from './functional/_color.ts';
import { RandomApplyTransform, Transform, type Written } from './_transform.ts';
import { query_chw } from './_query.ts';

const parse_grayscale = signature<{ num_output_channels?: number }>('Grayscale', [['num_output_channels', 1]]);

/** Makes the images of a sample grey. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Grayscale.html */
export class Grayscale extends Transform {
  num_output_channels: number;

  constructor(...args: Arguments<{ num_output_channels?: number }, readonly ['num_output_channels']>) {
    super();
    this.num_output_channels = parse_grayscale(args).num_output_channels;
  }

  override transform(inpt: Img): Img {
    return F.rgb_to_grayscale(inpt, this.num_output_channels);
  }
}

/** The chance of a transform that has nothing else to it. */
interface Chance {
  p?: number;
}
const parse_grey_chance = signature<Chance>('RandomGrayscale', [['p', 0.1]]);
const parse_chance = signature<Chance>('RandomInvert', [['p', 0.5]]);

interface Channels {
  num_input_channels: number;
}

/** Makes the images of a sample grey with a chance of `p`, and leaves them as many channels as they have. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomGrayscale.html */
export class RandomGrayscale extends RandomApplyTransform<Channels> {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_grey_chance(args).p);
  }

  override make_params(flat_inputs: readonly unknown[]): Channels {
    return { num_input_channels: query_chw(flat_inputs)[0] };
  }

  override transform(inpt: Img, { num_input_channels }: Channels): Img {
    return F.rgb_to_grayscale(inpt, num_input_channels);
  }
}

/** Gives grey images of a sample three channels that are the same. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RGB.html */
export class RGB extends Transform {
  override transform(inpt: Img): Img {
    return F.grayscale_to_rgb(inpt);
  }
}

/** A range of factors; a number stands for the range around what changes nothing. */
type Factor = number | readonly number[] | null;

interface ColorJitterArguments {
  brightness?: Factor;
  contrast?: Factor;
  saturation?: Factor;
  hue?: Factor;
}
const parse_color_jitter = signature<ColorJitterArguments>('ColorJitter', [
  ['brightness', null],
  ['contrast', null],
  ['saturation', null],
  ['hue', null],
]);

/** The range that a factor stands for; null if it changes nothing. */
function factor_range(value: Factor, name: string, center: 0 | 1): readonly [number, number] | null {
  if (value === null) return null;
  let range: readonly number[];
  if (typeof value === 'number') {
    if (value < 0) throw new ValueError(`If ${name} is a single number, it must be non negative.`);
    range = [center === 1 ? Math.max(center - value, 0) : center - value, center + value];
  } else if (Array.isArray(value) && value.length === 2) {
    range = value as readonly number[];
  } else {
    throw new TypeError(`${name}=${str(value)} should be a single number or a sequence with length 2.`);
  }
  const [low, high] = range as readonly [number, number];
  const [least, most] = center === 1 ? [0, Infinity] : [-0.5, 0.5];
  if (!(least <= low && low <= high && high <= most)) {
    const bounds = center === 1 ? '(0, inf)' : '(-0.5, 0.5)';
    throw new ValueError(`${name} values should be between ${bounds} and increasing, but got ${floats_list(range)}.`);
  }
  return low === center && high === center ? null : [low, high];
}

interface Jitter {
  /** The order of the four changes. */
  order: readonly number[];
  /** How much of each; null where it is left out. */
  factors: readonly (number | null)[];
}

/** Changes brightness, contrast, saturation and hue of the images of a sample, in any order. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ColorJitter.html */
export class ColorJitter extends Transform<Jitter> {
  static override readonly _written: Written = { floats: ['brightness', 'contrast', 'saturation', 'hue'] };

  /** As version 1 draws. */
  static readonly get_params: typeof OfImages.get_params = OfImages.get_params;

  brightness: readonly [number, number] | null;
  contrast: readonly [number, number] | null;
  saturation: readonly [number, number] | null;
  hue: readonly [number, number] | null;

  constructor(...args: Arguments<ColorJitterArguments, readonly ['brightness', 'contrast', 'saturation', 'hue']>) {
    super();
    const { brightness, contrast, saturation, hue } = parse_color_jitter(args);
    this.brightness = factor_range(brightness, 'brightness', 1);
    this.contrast = factor_range(contrast, 'contrast', 1);
    this.saturation = factor_range(saturation, 'saturation', 1);
    this.hue = factor_range(hue, 'hue', 0);
  }

  override make_params(): Jitter {
    const [order, ...factors] = ColorJitter.get_params(this.brightness, this.contrast, this.saturation, this.hue);
    return { order, factors };
  }

  override transform(inpt: Img, { order, factors }: Jitter): Img {
    const changes = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue];
    return order.reduce((img, i) => (factors[i] == null ? img : changes[i]!(img, factors[i]!)), inpt);
  }
}

/** Channels in any order. */
interface Permutation {
  permutation: Tensor;
}

/** Puts the channels of the images of a sample in any order. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomChannelPermutation.html */
export class RandomChannelPermutation extends Transform<Permutation> {
  override make_params(flat_inputs: readonly unknown[]): Permutation {
    return { permutation: aten.randperm(query_chw(flat_inputs)[0]) };
  }

  override transform(inpt: Img, { permutation }: Permutation): Img {
    return F.permute_channels(inpt, permutation);
  }
}

interface DistortArguments {
  brightness?: readonly [number, number];
  contrast?: readonly [number, number];
  saturation?: readonly [number, number];
  hue?: readonly [number, number];
  /** The chance of each of the changes. */
  p?: number;
}
const parse_distort = signature<DistortArguments>('RandomPhotometricDistort', [
  ['brightness', [0.875, 1.125]],
  ['contrast', [0.5, 1.5]],
  ['saturation', [0.5, 1.5]],
  ['hue', [-0.05, 0.05]],
  ['p', 0.5],
]);

/** How much of each change; null where it is left out. */
interface Distortion {
  brightness: number | null;
  contrast: number | null;
  saturation: number | null;
  hue: number | null;
  /** Change contrast before saturation and hue, and not after them? */
  contrast_first: boolean;
  permutation: Tensor | null;
}

/** Changes brightness, contrast, saturation, hue and the order of channels of the images of a sample, each with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomPhotometricDistort.html */
export class RandomPhotometricDistort extends Transform<Distortion> {
  static override readonly _written: Written = { floats: ['brightness', 'contrast', 'saturation', 'hue'] };

  brightness: readonly [number, number];
  contrast: readonly [number, number];
  hue: readonly [number, number];
  saturation: readonly [number, number];
  p: number;

  constructor(
    ...args: Arguments<DistortArguments, readonly ['brightness', 'contrast', 'saturation', 'hue', 'p']>
  ) {
    super();
    const { brightness, contrast, saturation, hue, p } = parse_distort(args);
    this.brightness = brightness;
    this.contrast = contrast;
    this.hue = hue;
    this.saturation = saturation;
    this.p = p;
  }

  override make_params(flat_inputs: readonly unknown[]): Distortion {
    const [channels] = query_chw(flat_inputs);
    const factor = (range: readonly [number, number]): number | null =>
      happens(this.p) ? draw_uniform(...range) : null;
    return {
      brightness: factor(this.brightness),
      contrast: factor(this.contrast),
      saturation: factor(this.saturation),
      hue: factor(this.hue),
      contrast_first: draw() < 0.5,
      permutation: happens(this.p) ? aten.randperm(channels) : null,
    };
  }

  override transform(inpt: Img, drawn: Distortion): Img {
    let img = inpt;
    const change_contrast = (now: boolean): void => {
      if (now && drawn.contrast !== null) img = F.adjust_contrast(img, drawn.contrast);
    };
    if (drawn.brightness !== null) img = F.adjust_brightness(img, drawn.brightness);
    change_contrast(drawn.contrast_first);
    if (drawn.saturation !== null) img = F.adjust_saturation(img, drawn.saturation);
    if (drawn.hue !== null) img = F.adjust_hue(img, drawn.hue);
    change_contrast(!drawn.contrast_first);
    return drawn.permutation === null ? img : F.permute_channels(img, drawn.permutation);
  }
}

/** Inverts the colours of the images of a sample with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomInvert.html */
export class RandomInvert extends RandomApplyTransform {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  override transform(inpt: Img): Img {
    return F.invert(inpt);
  }
}

/** Makes all values of the images of a sample equally common with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomEqualize.html */
export class RandomEqualize extends RandomApplyTransform {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  override transform(inpt: Img): Img {
    return F.equalize(inpt);
  }
}

/** Stretches each channel of the images of a sample to its whole range with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomAutocontrast.html */
export class RandomAutocontrast extends RandomApplyTransform {
  constructor(...args: Arguments<Chance, readonly ['p']>) {
    super(parse_chance(args).p);
  }

  override transform(inpt: Img): Img {
    return F.autocontrast(inpt);
  }
}

const parse_posterize = signature<Chance & { bits: number }>('RandomPosterize', ['bits', ['p', 0.5]]);

/** Keeps only the highest `bits` bits of each value, with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomPosterize.html */
export class RandomPosterize extends RandomApplyTransform {
  bits: number;

  constructor(...args: Arguments<Chance & { bits: number }, readonly ['bits', 'p']>) {
    const { bits, p } = parse_posterize(args);
    super(p);
    this.bits = bits;
  }

  override transform(inpt: Img): Img {
    return F.posterize(inpt, this.bits);
  }
}

const parse_solarize = signature<Chance & { threshold: number }>('RandomSolarize', ['threshold', ['p', 0.5]]);

/** Inverts the values from `threshold` on, with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomSolarize.html */
export class RandomSolarize extends RandomApplyTransform {
  threshold: number;

  constructor(...args: Arguments<Chance & { threshold: number }, readonly ['threshold', 'p']>) {
    const { threshold, p } = parse_solarize(args);
    super(p);
    this.threshold = threshold;
  }

  override transform(inpt: Img): Img {
    return F.solarize(inpt, this.threshold);
  }
}

const parse_sharpness = signature<Chance & { sharpness_factor: number }>('RandomAdjustSharpness', [
  'sharpness_factor',
  ['p', 0.5],
]);

/** Makes the images of a sample sharper or softer, with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomAdjustSharpness.html */
export class RandomAdjustSharpness extends RandomApplyTransform {
  sharpness_factor: number;

  constructor(...args: Arguments<Chance & { sharpness_factor: number }, readonly ['sharpness_factor', 'p']>) {
    const { sharpness_factor, p } = parse_sharpness(args);
    super(p);
    this.sharpness_factor = sharpness_factor;
  }

  override transform(inpt: Img): Img {
    return F.adjust_sharpness(inpt, this.sharpness_factor);
  }
}
