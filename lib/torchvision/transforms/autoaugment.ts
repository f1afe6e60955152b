/**
 * Transforms that choose among others by themselves.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html#auto-augmentation
 */
import { type Arguments, signature } from '../../arguments.ts';
import { tensor as make_tensor } from '../../creation.ts';
import { float32 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import * as F from './functional.ts';
import type { Fill, Img } from './functional.ts';
import { type InterpolationMode, interpolation_of, interpolation_repr } from './interpolation.ts';
import { AutoAugmentPolicy, policies } from './policies.ts';
import { draw_integer, fill_for, TransformModule } from './setup.ts';

export { AutoAugmentPolicy } from './policies.ts';

/** The functions that changes are made of: those of version 1 or 2. */
type Changes = Pick<
  typeof F,
  | 'adjust_brightness'
  | 'adjust_contrast'
  | 'adjust_saturation'
  | 'adjust_sharpness'
  | 'affine'
  | 'autocontrast'
  | 'equalize'
  | 'invert'
  | 'posterize'
  | 'rotate'
  | 'solarize'
>;

/** Does one change to an image. */
export function apply_change<T extends Img>(
  F: Changes,
  img: T,
  name: string,
  magnitude: number,
  interpolation: InterpolationMode,
  fill: Fill,
): T {
  const degrees = (tangent: number): number => Math.atan(tangent) * (180 / Math.PI);
  switch (name) {
    case 'ShearX':
      return F.affine(img, 0, [0, 0], 1, [degrees(magnitude), 0], interpolation, fill, [0, 0]);
    case 'ShearY':
      return F.affine(img, 0, [0, 0], 1, [0, degrees(magnitude)], interpolation, fill, [0, 0]);
    case 'TranslateX':
      return F.affine(img, 0, [Math.trunc(magnitude), 0], 1, [0, 0], interpolation, fill);
    case 'TranslateY':
      return F.affine(img, 0, [0, Math.trunc(magnitude)], 1, [0, 0], interpolation, fill);
    case 'Rotate':
      return F.rotate(img, magnitude, interpolation, { fill });
    case 'Brightness':
      return F.adjust_brightness(img, 1 + magnitude);
    case 'Color':
      return F.adjust_saturation(img, 1 + magnitude);
    case 'Contrast':
      return F.adjust_contrast(img, 1 + magnitude);
    case 'Sharpness':
      return F.adjust_sharpness(img, 1 + magnitude);
    case 'Posterize':
      return F.posterize(img, Math.trunc(magnitude));
    case 'Solarize':
      return F.solarize(img, magnitude);
    case 'AutoContrast':
      return F.autocontrast(img);
    case 'Equalize':
      return F.equalize(img);
    case 'Invert':
      return F.invert(img);
    case 'Identity':
      return img;
    default:
      throw new ValueError(`The provided operator ${name} is not recognized.`);
  }
}

/** How much a change can do: from the least to the most, or whole bits; whether it may go the other way. */
export interface Strength {
  readonly name: string;
  readonly ends: readonly [least: number, most: number] | null;
  readonly bits?: readonly [from: number, range: number];
  readonly signed: boolean;
}

function signed(name: string, most: number): Strength {
  return { name, ends: [0, most], signed: true };
}

export const plain = (name: string): Strength => ({ name, ends: null, signed: false });
const solarize: Strength = { name: 'Solarize', ends: [255, 0], signed: false };

/** The number of magnitudes of a change, which is 0 where there is nothing to choose. */
export function count_of({ ends, bits }: Strength, bins: number): number {
  return ends === null && bits === undefined ? 0 : bins;
}

/** One magnitude of `bins`. */
export function magnitude_of({ ends, bits }: Strength, bins: number, index: number): number {
  if (bits !== undefined) return bits[0] - F.round_even(Math.fround(index / ((bins - 1) / bits[1])));
  if (ends === null) return 0;
  return aten.linspace(ends[0], ends[1], bins).select(0, index).item() as number;
}

const colour_names = ['Brightness', 'Color', 'Contrast', 'Sharpness'] as const;

/** The changes of AutoAugment and RandAugment, for an image of a size. */
export function small_changes(height: number, width: number): Strength[] {
  return [
    signed('ShearX', 0.3),
    signed('ShearY', 0.3),
    signed('TranslateX', (150 / 331) * width),
    signed('TranslateY', (150 / 331) * height),
    signed('Rotate', 30),
    ...colour_names.map((name) => signed(name, 0.9)),
    { name: 'Posterize', ends: null, bits: [8, 4], signed: false },
    solarize,
    plain('AutoContrast'),
    plain('Equalize'),
  ];
}

/** The changes of TrivialAugmentWide. */
export const wide_changes: readonly Strength[] = [
  plain('Identity'),
  signed('ShearX', 0.99),
  signed('ShearY', 0.99),
  signed('TranslateX', 32),
  signed('TranslateY', 32),
  signed('Rotate', 135),
  ...colour_names.map((name) => signed(name, 0.99)),
  { name: 'Posterize', ends: null, bits: [8, 6], signed: false },
  solarize,
  plain('AutoContrast'),
  plain('Equalize'),
];

/** The changes of AugMix, for an image of a size. */
export function mixed_changes(height: number, width: number, all_ops: boolean): Strength[] {
  return [
    signed('ShearX', 0.3),
    signed('ShearY', 0.3),
    signed('TranslateX', width / 3),
    signed('TranslateY', height / 3),
    signed('Rotate', 30),
    { name: 'Posterize', ends: null, bits: [4, 4], signed: false },
    solarize,
    plain('AutoContrast'),
    plain('Equalize'),
    ...(all_ops ? colour_names.map((name) => signed(name, 0.9)) : []),
  ];
}

/** The other way with a chance of one half, for changes that have one. */
function draw_sign(strength: Strength, magnitude: number): number {
  return strength.signed && draw_integer(0, 2) === 1 ? -magnitude : magnitude;
}

interface AutoAugmentArguments {
  policy?: AutoAugmentPolicy;
  interpolation?: InterpolationMode;
  fill?: Fill;
}
const parse_auto_augment = signature<AutoAugmentArguments>('AutoAugment', [
  ['policy', 'imagenet'],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/**
 * Changes images by one of the pairs that were found for a data set.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.AutoAugment.html
 */
export class AutoAugment extends TransformModule {
  policy: AutoAugmentPolicy;
  interpolation: InterpolationMode;
  fill: Fill;

  constructor(...args: Arguments<AutoAugmentArguments, readonly ['policy', 'interpolation', 'fill']>) {
    super();
    const { policy, interpolation, fill } = parse_auto_augment(args);
    if (!Object.hasOwn(policies, policy)) {
      throw new ValueError(`The provided policy ${String(policy)} is not recognized.`);
    }
    this.policy = policy;
    this.interpolation = interpolation_of(interpolation);
    this.fill = fill;
  }

  /** The number of the next pair, two chances and two signs. */
  static get_params(transform_num: number): [number, Tensor, Tensor] {
    const policy_id = draw_integer(0, transform_num);
    const probs = aten.rand([2]);
    return [policy_id, probs, aten.randint(0, 2, [2])];
  }

  override forward<T extends Img>(img: T): T {
    const fill = fill_for(img, this.fill);
    const [, height, width] = F.get_dimensions(img);
    const pairs = policies[this.policy];
    const [id, probs, signs] = AutoAugment.get_params(pairs.length);
    const chances = probs.tolist() as number[];
    const ways = (signs.tolist() as number[]).map(Number);
    const strengths = [...small_changes(height, width), plain('Invert')];
    let image = img;
    pairs[id]!.forEach(([name, p, index], i) => {
      if (chances[i]! > Math.fround(p)) return;
      const strength = strengths.find((one) => one.name === name)!;
      let magnitude = index === null ? 0 : magnitude_of(strength, 10, index);
      if (strength.signed && ways[i] === 0) magnitude = -magnitude;
      image = apply_change(F, image, name, magnitude, this.interpolation, fill);
    });
    return image;
  }

  protected override describe(): string {
    return `policy=AutoAugmentPolicy.${this.policy.toUpperCase()}, fill=${repr(this.fill)}`;
  }
}

interface RandAugmentArguments {
  num_ops?: number;
  magnitude?: number;
  num_magnitude_bins?: number;
  interpolation?: InterpolationMode;
  fill?: Fill;
}
const parse_rand_augment = signature<RandAugmentArguments>('RandAugment', [
  ['num_ops', 2],
  ['magnitude', 9],
  ['num_magnitude_bins', 31],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/**
 * Changes images in some ways, all as strongly.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandAugment.html
 */
export class RandAugment extends TransformModule {
  num_ops: number;
  magnitude: number;
  num_magnitude_bins: number;
  interpolation: InterpolationMode;
  fill: Fill;

  constructor(
    ...args: Arguments<
      RandAugmentArguments,
      readonly ['num_ops', 'magnitude', 'num_magnitude_bins', 'interpolation', 'fill']
    >
  ) {
    super();
    const { num_ops, magnitude, num_magnitude_bins, interpolation, fill } = parse_rand_augment(args);
    this.num_ops = num_ops;
    this.magnitude = magnitude;
    this.num_magnitude_bins = num_magnitude_bins;
    this.interpolation = interpolation_of(interpolation);
    this.fill = fill;
  }

  override forward<T extends Img>(img: T): T {
    const fill = fill_for(img, this.fill);
    const [, height, width] = F.get_dimensions(img);
    const strengths = [plain('Identity'), ...small_changes(height, width)];
    const bins = this.num_magnitude_bins;
    let image = img;
    for (let n = 0; n < this.num_ops; n++) {
      const strength = strengths[draw_integer(0, strengths.length)]!;
      const magnitude = count_of(strength, bins) === 0 ? 0 : magnitude_of(strength, bins, this.magnitude);
      image = apply_change(F, image, strength.name, draw_sign(strength, magnitude), this.interpolation, fill);
    }
    return image;
  }

  protected override describe(): string {
    return (
      `num_ops=${this.num_ops}, magnitude=${this.magnitude}, num_magnitude_bins=${this.num_magnitude_bins}, ` +
      `interpolation=${interpolation_repr(this.interpolation)}, fill=${repr(this.fill)}`
    );
  }
}

interface TrivialAugmentWideArguments {
  num_magnitude_bins?: number;
  interpolation?: InterpolationMode;
  fill?: Fill;
}
const parse_trivial = signature<TrivialAugmentWideArguments>('TrivialAugmentWide', [
  ['num_magnitude_bins', 31],
  ['interpolation', 'nearest'],
  ['fill', null],
]);

/**
 * Changes images in one way, as strongly as it happens.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.TrivialAugmentWide.html
 */
export class TrivialAugmentWide extends TransformModule {
  num_magnitude_bins: number;
  interpolation: InterpolationMode;
  fill: Fill;

  constructor(
    ...args: Arguments<TrivialAugmentWideArguments, readonly ['num_magnitude_bins', 'interpolation', 'fill']>
  ) {
    super();
    const { num_magnitude_bins, interpolation, fill } = parse_trivial(args);
    this.num_magnitude_bins = num_magnitude_bins;
    this.interpolation = interpolation_of(interpolation);
    this.fill = fill;
  }

  override forward<T extends Img>(img: T): T {
    const fill = fill_for(img, this.fill);
    const bins = this.num_magnitude_bins;
    const strength = wide_changes[draw_integer(0, wide_changes.length)]!;
    const count = count_of(strength, bins);
    const magnitude = count === 0 ? 0 : magnitude_of(strength, bins, draw_integer(0, count));
    return apply_change(F, img, strength.name, draw_sign(strength, magnitude), this.interpolation, fill);
  }

  protected override describe(): string {
    return (
      `num_magnitude_bins=${this.num_magnitude_bins}, interpolation=${interpolation_repr(this.interpolation)}, ` +
      `fill=${repr(this.fill)}`
    );
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
  interpolation?: InterpolationMode;
  fill?: Fill;
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

/**
 * An image mixed with chains of changes to it.
 *
 * @param change makes one change to a batch
 */
export function mix_changed<T extends Img>(
  orig_img: T,
  { alpha, mixture_width, chain_depth }: { alpha: number; mixture_width: number; chain_depth: number },
  change: (batch: Tensor) => Tensor,
): T {
  const img = orig_img instanceof Tensor ? orig_img : F.pil_to_tensor(orig_img);
  const shape = [...img.shape];
  const batch = img.contiguous().view([...new Array<number>(Math.max(4 - img.ndim, 0)).fill(1), ...shape]);
  const count = batch.size(0);
  const dims = [count, ...new Array<number>(batch.ndim - 1).fill(1)];
  const dirichlet = (n: number): Tensor =>
    aten._sample_dirichlet(make_tensor(new Array<number>(n).fill(alpha), { dtype: float32 }).expand(count, -1));
  const m = dirichlet(2);
  const weights = dirichlet(mixture_width).mul(m.select(1, 1).view(count, -1));
  const mix = m.select(1, 0).view(dims).mul(batch);
  for (let i = 0; i < mixture_width; i++) {
    let changed = batch;
    const depth = chain_depth > 0 ? chain_depth : draw_integer(1, 4);
    for (let n = 0; n < depth; n++) changed = change(changed);
    mix.add_(weights.select(1, i).view(dims).mul(changed));
  }
  const result = mix.view(shape).to(img.dtype);
  return (orig_img instanceof Tensor ? result : F.to_pil_image(result)) as T;
}

/**
 * Mixes images with changed ones.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.AugMix.html
 */
export class AugMix extends TransformModule {
  severity: number;
  mixture_width: number;
  chain_depth: number;
  alpha: number;
  all_ops: boolean;
  interpolation: InterpolationMode;
  fill: Fill;

  constructor(
    ...args: Arguments<
      AugMixArguments,
      readonly ['severity', 'mixture_width', 'chain_depth', 'alpha', 'all_ops', 'interpolation', 'fill']
    >
  ) {
    super();
    const { severity, mixture_width, chain_depth, alpha, all_ops, interpolation, fill } = parse_aug_mix(args);
    if (!(severity >= 1 && severity <= 10)) {
      throw new ValueError(`The severity must be between [1, 10]. Got ${severity} instead.`);
    }
    this.severity = severity;
    this.mixture_width = mixture_width;
    this.chain_depth = chain_depth;
    this.alpha = alpha;
    this.all_ops = all_ops;
    this.interpolation = interpolation_of(interpolation);
    this.fill = fill;
  }

  override forward<T extends Img>(orig_img: T): T {
    const [, height, width] = F.get_dimensions(orig_img);
    const fill = fill_for(orig_img, this.fill);
    const strengths = mixed_changes(height, width, this.all_ops);
    return mix_changed(orig_img, this, (changed) => {
      const strength = strengths[draw_integer(0, strengths.length)]!;
      const magnitude = count_of(strength, 10) === 0 ? 0 : magnitude_of(strength, 10, draw_integer(0, this.severity));
      return apply_change(F, changed, strength.name, draw_sign(strength, magnitude), this.interpolation, fill);
    });
  }

  protected override describe(): string {
    const { severity, mixture_width, chain_depth, alpha, all_ops, interpolation, fill } = this;
    return (
      `severity=${severity}, mixture_width=${mixture_width}, chain_depth=${chain_depth}, ` +
      `alpha=${Number.isInteger(alpha) ? `${alpha}.0` : alpha}, all_ops=${repr(all_ops)}, ` +
      `interpolation=${interpolation_repr(interpolation)}, fill=${repr(fill)}`
    );
  }
}
