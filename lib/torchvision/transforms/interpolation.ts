/** How pixels between pixels are made up, and the like: what are enumerations in Python are words here. */
import { TypeError, ValueError } from '../../errors.ts';
import { Resampling } from '../imaging/resample.ts';

/**
 * Ways to interpolate. What is an enumeration in Python is a word here: `InterpolationMode.BILINEAR` is `'bilinear'`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.InterpolationMode.html
 */
export const InterpolationMode = {
  NEAREST: 'nearest',
  NEAREST_EXACT: 'nearest-exact',
  BILINEAR: 'bilinear',
  BICUBIC: 'bicubic',
  BOX: 'box',
  HAMMING: 'hamming',
  LANCZOS: 'lanczos',
} as const;

export type InterpolationMode = (typeof InterpolationMode)[keyof typeof InterpolationMode];

/** What functions take: a way to interpolate, or Pillow's number of it. */
export type InterpolationLike = InterpolationMode | Resampling;

/** Pillow's number of each way. */
export const pillow_filters: Readonly<Record<InterpolationMode, Resampling>> = {
  nearest: Resampling.NEAREST,
  'nearest-exact': Resampling.NEAREST,
  bilinear: Resampling.BILINEAR,
  bicubic: Resampling.BICUBIC,
  box: Resampling.BOX,
  hamming: Resampling.HAMMING,
  lanczos: Resampling.LANCZOS,
};

const by_number: readonly InterpolationMode[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

/**
 * The way that a word or one of Pillow's numbers stands for.
 *
 * @throws TypeError for anything else
 */
export function interpolation_of(value: InterpolationLike): InterpolationMode {
  if (typeof value === 'number') {
    const mode = by_number[value];
    if (mode === undefined) throw new ValueError(`${value} is not one of Pillow's ways to interpolate`);
    return mode;
  }
  if (typeof value !== 'string' || !Object.hasOwn(pillow_filters, value)) {
    throw new TypeError('Argument interpolation should be a InterpolationMode or a corresponding Pillow integer constant');
  }
  return value;
}

/** As Python writes a member of the enumeration. */
export function interpolation_repr(mode: InterpolationMode): string {
  const name = Object.entries(InterpolationMode).find(([, value]) => value === mode)?.[0];
  return `InterpolationMode.${name ?? mode}`;
}
