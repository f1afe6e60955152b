import type { Arguments } from '../../arguments.ts';
import { NotImplementedError, TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { list_repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import { size_text } from '../modules/sizes.ts';
import type { SizeLike } from '../modules/sizes.ts';

/** How new pixels are found: `'linear'` for one dimension, `'bilinear'`, `'bicubic'` and `'lanczos'` for two. */
export type InterpolationMode =
  | 'nearest'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'lanczos'
  | 'trilinear'
  | 'area'
  | 'nearest-exact';

export interface InterpolateOptions {
  input: Tensor;
  /** The size of the output, without batch and channels. */
  size?: SizeLike | null;
  /** How many times as large as the input it is; give this or `size`. */
  scale_factor?: number | readonly number[] | null;
  mode?: InterpolationMode;
  /** Whether the centres of the corner pixels stay where they are, and not their outer edges (default: false). */
  align_corners?: boolean | null;
  /** Compute the factors anew from the size of the output, which is whole (default: false). */
  recompute_scale_factor?: boolean | null;
  /** Filter before making smaller (default: false; `'bilinear'`, `'bicubic'` and `'lanczos'` alone). */
  antialias?: boolean;
}
const interpolate_arguments = signature<InterpolateOptions>('interpolate', [
  'input',
  ['size', null],
  ['scale_factor', null],
  ['mode', 'nearest'],
  ['align_corners', null],
  ['recompute_scale_factor', null],
  ['antialias', false],
]);

/** What the operators take: the size of the output, or the factors where it follows from them. */
interface Target {
  output_size: number[] | null;
  scale_factors: number[] | null;
}

type WithoutCorners = (kwargs: Target & { input: Tensor }) => Tensor;
type WithCorners = (kwargs: Target & { input: Tensor; align_corners: boolean }) => Tensor;

/** The operators of the modes that know no corners, for one to three dimensions. */
const plain_operators: Readonly<Record<string, readonly (() => unknown)[]>> = {
  nearest: [() => aten.upsample_nearest1d, () => aten.upsample_nearest2d, () => aten.upsample_nearest3d],
  'nearest-exact': [
    () => aten._upsample_nearest_exact1d,
    () => aten._upsample_nearest_exact2d,
    () => aten._upsample_nearest_exact3d,
  ],
};

/** The others: each is for one number of dimensions, and some have a filter. */
const corner_operators: Readonly<
  Record<string, { dimensions: number; operator: () => unknown; antialiased?: () => unknown }>
> = {
  linear: { dimensions: 1, operator: () => aten.upsample_linear1d },
  bilinear: {
    dimensions: 2,
    operator: () => aten.upsample_bilinear2d,
    antialiased: () => aten._upsample_bilinear2d_aa,
  },
  bicubic: { dimensions: 2, operator: () => aten.upsample_bicubic2d, antialiased: () => aten._upsample_bicubic2d_aa },
  lanczos: {
    dimensions: 2,
    operator: () => aten._upsample_lanczos2d_aa,
    antialiased: () => aten._upsample_lanczos2d_aa,
  },
  trilinear: { dimensions: 3, operator: () => aten.upsample_trilinear3d },
};

/** Modes of which a message says for what number of dimensions they are; `'bicubic'` gets the general one. */
const NAMED_IN_ERRORS: readonly string[] = ['linear', 'bilinear', 'trilinear'];

/** Reads the size or the factors, whichever is given. */
function target_of({ input, size, scale_factor }: Required<InterpolateOptions>): Target {
  const shape = input.shape;
  const dimensions = Math.max(shape.length - 2, 0);
  const spatial = (): string => list_repr(Array.from(shape).slice(2));
  if (size !== null && scale_factor !== null) {
    throw new ValueError('only one of size or scale_factor should be defined');
  }
  if (size !== null) {
    if (!Array.isArray(size)) return { output_size: Array<number>(dimensions).fill(size as number), scale_factors: null };
    if (size.length !== dimensions) {
      throw new ValueError(
        'Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of ' +
          `${spatial()} and output size of ${size_text(size)}. Please provide input tensor in (N, C, d1, d2, ...,dK) ` +
          'format and output size in (o1, o2, ...,oK) format.',
      );
    }
    if (!size.every((one) => Number.isInteger(one))) {
      const types = size.map((one) => `<class '${type_name(one)}'>`).join(', ');
      throw new TypeError(
        'expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with ' +
          `types [${types}]`,
      );
    }
    return { output_size: Array.from(size as number[]), scale_factors: null };
  }
  if (scale_factor === null) throw new ValueError('either size or scale_factor should be defined');
  if (!Array.isArray(scale_factor)) {
    return { output_size: null, scale_factors: Array<number>(dimensions).fill(scale_factor as number) };
  }
  if (scale_factor.length !== dimensions) {
    throw new ValueError(
      'Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions ' +
        `of ${spatial()} and scale_factor of shape ${list_repr(scale_factor)}. Please provide input tensor in ` +
        '(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.',
    );
  }
  return { output_size: null, scale_factors: Array.from(scale_factor as number[]) };
}

/**
 * Makes `(N, C, L)`, `(N, C, H, W)` or `(N, C, D, H, W)` larger or smaller, to a size or by a factor.
 * @throws ValueError for options that exclude each other, or that do not fit the number of dimensions
 * @throws NotImplementedError for a mode that is for another number of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 */
export function interpolate(
  ...args: Arguments<
    InterpolateOptions,
    ['input', 'size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias']
  >
): Tensor {
  const options = interpolate_arguments(args);
  const { input, mode, antialias } = options;
  const is_plain = Object.hasOwn(plain_operators, mode);
  if ((is_plain || mode === 'area') && options.align_corners !== null) {
    throw new ValueError(
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  }
  const align_corners = options.align_corners ?? false;
  const dimensions = input.dim() - 2;
  const target = target_of(options);
  if (options.recompute_scale_factor && options.size !== null) {
    throw new ValueError('recompute_scale_factor is not meaningful with an explicit size.');
  }
  const { scale_factors } = target;
  if (scale_factors !== null && (options.recompute_scale_factor || mode === 'area')) {
    const shape = input.shape;
    target.output_size = scale_factors.map((factor, i) => Math.trunc(shape[i + 2]! * factor));
    target.scale_factors = null;
  }
  if (antialias && !(dimensions === 2 && ['bilinear', 'bicubic', 'lanczos'].includes(mode))) {
    throw new ValueError(
      'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input',
    );
  }
  if (dimensions >= 1 && dimensions <= 3) {
    if (is_plain) return (plain_operators[mode]![dimensions - 1]!() as WithoutCorners)({ input, ...target });
    if (mode === 'area') {
      const means = [aten.adaptive_avg_pool1d, aten.adaptive_avg_pool2d, aten.adaptive_avg_pool3d];
      return means[dimensions - 1]!(input, target.output_size!);
    }
    const known = Object.hasOwn(corner_operators, mode) ? corner_operators[mode] : undefined;
    if (known?.dimensions === dimensions) {
      if (mode === 'lanczos') {
        if (align_corners) throw new ValueError('Lanczos mode does not support align_corners=True');
        if (!antialias) throw new ValueError('Lanczos mode requires antialias=True');
      }
      const operator = antialias ? known.antialiased! : known.operator;
      return (operator() as WithCorners)({ input, ...target, align_corners });
    }
    if (known !== undefined && NAMED_IN_ERRORS.includes(mode)) {
      throw new NotImplementedError(
        `Got ${dimensions + 2}D input, but ${mode} mode needs ${known.dimensions + 2}D input`,
      );
    }
  }
  throw new NotImplementedError(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${dimensions + 2}D) for the modes: nearest | ` +
      `linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
  );
}

export interface UpsampleFunctionOptions {
  input: Tensor;
  size?: SizeLike | null;
  scale_factor?: number | readonly number[] | null;
  mode?: InterpolationMode;
  align_corners?: boolean | null;
}
const upsample_arguments = signature<UpsampleFunctionOptions>('upsample', [
  'input',
  ['size', null],
  ['scale_factor', null],
  ['mode', 'nearest'],
  ['align_corners', null],
]);

/** Says that one of the older names was used. */
function warn_about_name(name: string): void {
  warn(`\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);
}

/**
 * As {@link interpolate}.
 * @deprecated use `interpolate`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.upsample.html
 */
export function upsample(
  ...args: Arguments<UpsampleFunctionOptions, ['input', 'size', 'scale_factor', 'mode', 'align_corners']>
): Tensor {
  const { input, size, scale_factor, mode, align_corners } = upsample_arguments(args);
  warn_about_name('upsample');
  return interpolate(input, size, scale_factor, mode, align_corners);
}

export type UpsampleToOptions = Pick<UpsampleFunctionOptions, 'input' | 'size' | 'scale_factor'>;
type UpsampleToArguments = Arguments<UpsampleToOptions, ['input', 'size', 'scale_factor']>;
const upsample_nearest_arguments = signature<UpsampleToOptions>('upsample_nearest', [
  'input',
  ['size', null],
  ['scale_factor', null],
]);
const upsample_bilinear_arguments = signature<UpsampleToOptions>('upsample_bilinear', [
  'input',
  ['size', null],
  ['scale_factor', null],
]);

/**
 * As {@link interpolate} in the mode `'nearest'`.
 * @deprecated use `interpolate`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.upsample_nearest.html
 */
export function upsample_nearest(...args: UpsampleToArguments): Tensor {
  const { input, size, scale_factor } = upsample_nearest_arguments(args);
  warn_about_name('upsample_nearest');
  return interpolate(input, size, scale_factor, 'nearest');
}

/**
 * As {@link interpolate} in the mode `'bilinear'`, with aligned corners.
 * @deprecated use `interpolate`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.upsample_bilinear.html
 */
export function upsample_bilinear(...args: UpsampleToArguments): Tensor {
  const { input, size, scale_factor } = upsample_bilinear_arguments(args);
  warn_about_name('upsample_bilinear');
  return interpolate(input, size, scale_factor, 'bilinear', true);
}
