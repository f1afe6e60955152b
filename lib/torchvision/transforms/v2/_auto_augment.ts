/** Transforms that choose among changes by themselves. */
import { type Arguments, signature } from '../../../arguments.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { repr } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { tree_flatten, tree_unflatten } from '../../../utils/pytree.ts';
import { wrap } from '../../tv_tensors/index.ts';
import {
  apply_change,
  AutoAugment as OfImages,
  AutoAugmentPolicy,
  count_of,
  magnitude_of,
  mix_changed,
  mixed_changes,
  plain,
  small_changes,
  type Strength,
  wide_changes,
} from '../autoaugment.ts';
import type { Img, InterpolationLike } from '../functional.ts';
import { max_value } from '../functional_tensor.ts';
import { policies } from '../policies.ts';
import { draw, draw_integer } from '../setup.ts';
import { autocontrast, equalize, invert, posterize, solarize } from './functional/_color.ts';
import { adjust_brightness, adjust_contrast, adjust_saturation, adjust_sharpness } from './functional/_color.ts';
import { affine, check_interpolation, rotate } from './functional/_geometry.ts';
import { get_size } from './functional/_meta.ts';
import { sample_of, Transform, type Written } from './_transform.ts';
import { check_fill, fill_for, type FillArgument } from './_by_type.ts';

const changes = {
  adjust_brightness,
  adjust_contrast,
  adjust_saturation,
  adjust_sharpness,
  affine,
  autocontrast,
  equalize,
  invert,
  posterize,
  rotate,
  solarize,
};

/** One of several changes, all as likely. */
function draw_change(strengths: readonly Strength[]): Strength {
  return strengths[draw_integer(0, strengths.length)]!;
}

/** Where inversion begins, as a share of the largest value. */
const solarize_share: Strength = { name: 'Solarize', ends: [1, 0], signed: false };

/** One magnitude of `bins`, or the other way with a chance of one half. */
function draw_magnitude(strength: Strength, bins: number, index: () => number): number {
  if (count_of(strength, bins) === 0) return 0;
  const magnitude = magnitude_of(strength.name === 'Solarize' ? solarize_share : strength, bins, index());
  return strength.signed && draw() <= 0.5 ? -magnitude : magnitude;
}

/** Base of the transforms that choose: they change the one image of a sample. */
abstract class AutoAugmentBase extends Transform {
  interpolation: InterpolationLike;
  fill: FillArgument;

  constructor(interpolation: InterpolationLike, fill: FillArgument) {
    super();
    this.interpolation = interpolation;
    this.fill = check_fill(fill);
  }

  /** What becomes of the image. */
  protected abstract augment(img: Img): Img;

  /** Does one change. */
  protected change<T extends Img>(img: T, { name }: Strength, magnitude: number): T {
    const most = img instanceof Tensor ? max_value(img.dtype) : 255;
    const amount = name === 'Solarize' ? magnitude * most : magnitude;
    return apply_change(changes, img, name, amount, check_interpolation(this.interpolation), fill_for(this.fill, img));
  }

  override forward(...inputs: readonly unknown[]): unknown {
    const [flat, spec] = tree_flatten(sample_of(inputs));
    const needed = this._needs_transform_list(flat);
    const count = needed.filter(Boolean).length;
    if (count === 0) throw new TypeError('Found no image in the sample.');
    if (count > 1) {
      throw new TypeError(
        `Auto augment transformations are only properly defined for a single image or video, but found ${count}.`,
      );
    }
    return tree_unflatten(flat.map((inpt, i) => (needed[i] ? this.augment(inpt as Img) : inpt)), spec);
  }
}

interface AutoAugmentArguments {
  policy?: AutoAugmentPolicy;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_auto_augment = signature<AutoAugmentArguments>('AutoAugment', [
  ['policy', 'imagenet'],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/** Changes the image of a sample by one of the pairs that were found for a data set. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.AutoAugment.html */
export class AutoAugment extends AutoAugmentBase {
  /** As version 1 draws. */
  static readonly get_params: typeof OfImages.get_params = OfImages.get_params;

  policy: AutoAugmentPolicy;

  constructor(...args: Arguments<AutoAugmentArguments, readonly ['policy', 'interpolation', 'fill']>) {
    const { policy, interpolation, fill } = parse_auto_augment(args);
    super(interpolation, fill);
    if (!Object.hasOwn(policies, policy)) {
      throw new ValueError(`The provided policy ${String(policy)} is not recognized.`);
    }
    this.policy = policy;
  }

  protected override augment(img: Img): Img {
    const strengths = [...small_changes(...get_size(img)), plain('Invert')];
    const pairs = policies[this.policy];
    let image = img;
    for (const [name, p, index] of pairs[draw_integer(0, pairs.length)]!) {
      if (draw() > Math.fround(p)) continue;
      const strength = strengths.find((one) => one.name === name)!;
      image = this.change(image, strength, draw_magnitude(strength, 10, () => index!));
    }
    return image;
  }

  override extra_repr(): string {
    const fill = this.fill === null ? '' : `fill=${repr(this.fill)}, `;
    return `interpolation=${this.interpolation}, ${fill}policy=AutoAugmentPolicy.${this.policy.toUpperCase()}`;
  }
}

interface RandAugmentArguments {
  num_ops?: number;
  magnitude?: number;
  num_magnitude_bins?: number;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_rand_augment = signature<RandAugmentArguments>('RandAugment', [
  ['num_ops', 2],
  ['magnitude', 9],
  ['num_magnitude_bins', 31],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/** Changes the image of a sample in some ways, all as strongly. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandAugment.html */
export class RandAugment extends AutoAugmentBase {
  num_ops: number;
  magnitude: number;
  num_magnitude_bins: number;

  constructor(
    ...args: Arguments<
      RandAugmentArguments,
      readonly ['num_ops', 'magnitude', 'num_magnitude_bins', 'interpolation', 'fill']
    >
  ) {
    const { num_ops, magnitude, num_magnitude_bins, interpolation, fill } = parse_rand_augment(args);
    super(interpolation, fill);
    if (!Number.isInteger(num_ops) || num_ops < 0) {
      throw new ValueError(`num_ops should be a non-negative integer, but got ${repr(num_ops)} instead.`);
    }
    this.num_ops = num_ops;
    this.magnitude = magnitude;
    this.num_magnitude_bins = num_magnitude_bins;
  }

  protected override augment(img: Img): Img {
    const strengths = [plain('Identity'), ...small_changes(...get_size(img))];
    let image = img;
    for (let n = 0; n < this.num_ops; n++) {
      const strength = draw_change(strengths);
      image = this.change(image, strength, draw_magnitude(strength, this.num_magnitude_bins, () => this.magnitude));
    }
    return image;
  }
}

interface TrivialAugmentWideArguments {
  num_magnitude_bins?: number;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_trivial = signature<TrivialAugmentWideArguments>('TrivialAugmentWide', [
  ['num_magnitude_bins', 31],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/** Changes the image of a sample in one way, as strongly as it happens. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.TrivialAugmentWide.html */
export class TrivialAugmentWide extends AutoAugmentBase {
  num_magnitude_bins: number;

  constructor(
    ...args: Arguments<TrivialAugmentWideArguments, readonly ['num_magnitude_bins', 'interpolation', 'fill']>
  ) {
    const { num_magnitude_bins, interpolation, fill } = parse_trivial(args);
    super(interpolation, fill);
    this.num_magnitude_bins = num_magnitude_bins;
  }

  protected override augment(img: Img): Img {
    const bins = this.num_magnitude_bins;
    const strength = draw_change(wide_changes);
    return this.change(img, strength, draw_magnitude(strength, bins, () => draw_integer(0, bins)));
  }
}

interface AugMixArguments {
  /** How strong changes may be, from 1 to 10. */
  severity?: number;
  mixture_width?: number;
  /** How many changes follow one another; 1 to 3 at random if it is not positive. */
  chain_depth?: number;
  alpha?: number;
  /** Change colours too? */
  all_ops?: boolean;
  interpolation?: InterpolationLike;
  fill?: FillArgument;
}
const parse_aug_mix = signature<AugMixArguments>('AugMix', [
  ['severity', 3],
  ['mixture_width', 3],
  ['chain_depth', -1],
  ['alpha', 1],
  ['all_ops', true],
  ['interpolation', 'bilinear'],
  ['fill', null],
]);

/** Mixes the image of a sample with changed ones. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.AugMix.html */
export class AugMix extends AutoAugmentBase {
  static override readonly _written: Written = { floats: ['alpha'] };

  severity: number;
  mixture_width: number;
  chain_depth: number;
  alpha: number;
  all_ops: boolean;

  constructor(
    ...args: Arguments<
      AugMixArguments,
      readonly ['severity', 'mixture_width', 'chain_depth', 'alpha', 'all_ops', 'interpolation', 'fill']
    >
  ) {
    const { severity, mixture_width, chain_depth, alpha, all_ops, interpolation, fill } = parse_aug_mix(args);
    super(interpolation, fill);
    if (!(severity >= 1 && severity <= 10)) {
      throw new ValueError(`The severity must be between [1, 10]. Got ${repr(severity)} instead.`);
    }
    this.severity = severity;
    this.mixture_width = mixture_width;
    this.chain_depth = chain_depth;
    this.alpha = alpha;
    this.all_ops = all_ops;
  }

  protected override augment(img: Img): Img {
    const strengths = mixed_changes(...get_size(img), this.all_ops);
    const mixed = mix_changed(img, this, (batch) => {
      const strength = draw_change(strengths);
      return this.change(batch, strength, draw_magnitude(strength, 10, () => draw_integer(0, this.severity)));
    });
    return img instanceof Tensor ? wrap(mixed as Tensor, { like: img }) : mixed;
  }
}
