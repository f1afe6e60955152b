import { wrong_type } from '../../arguments.ts';
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { IndexError, RuntimeError, ValueError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import { list_repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { ntuple } from '../modules/sizes.ts';
import type { OptionalSizeLike, SizeLike } from '../modules/sizes.ts';

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html */
export const avg_pool1d: typeof aten.avg_pool1d = aten.avg_pool1d;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html */
export const avg_pool2d: typeof aten.avg_pool2d = aten.avg_pool2d;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool3d.html */
export const avg_pool3d: typeof aten.avg_pool3d = aten.avg_pool3d;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html */
export const adaptive_avg_pool1d: typeof aten.adaptive_avg_pool1d = aten.adaptive_avg_pool1d;

export interface FunctionalMaxPoolOptions {
  input: Tensor;
  /** The size of the window. */
  kernel_size: SizeLike;
  /** How far the window moves (default: its size). */
  stride?: SizeLike | null;
  /** How many negative infinities are added on both sides (default: 0). */
  padding?: SizeLike;
  /** How far the window's elements are apart (default: 1). */
  dilation?: SizeLike;
  /** Whether a last window that reaches over the edge counts (default: false). */
  ceil_mode?: boolean;
  /** Give `[output, indices]`, where the indices say where in the input each maximum was (default: false). */
  return_indices?: boolean;
}
type MaxPoolArguments = Arguments<
  FunctionalMaxPoolOptions,
  ['input', 'kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'return_indices']
>;
const max_pool_specs: ParameterSpec[] = [
  'input',
  'kernel_size',
  ['stride', null],
  ['padding', 0],
  ['dilation', 1],
  ['ceil_mode', false],
  ['return_indices', false],
];
const max_pool_arguments = [1, 2, 3].map((n) => signature<FunctionalMaxPoolOptions>(`max_pool${n}d`, max_pool_specs));

type MaxPoolOperator = (
  input: Tensor,
  kernel_size: SizeLike,
  stride: SizeLike,
  padding: SizeLike,
  dilation: SizeLike,
  ceil_mode: boolean,
) => Tensor | Tensor[];

function max_pool(
  options: Required<FunctionalMaxPoolOptions>,
  operator: MaxPoolOperator,
  with_indices: MaxPoolOperator,
): Tensor {
  const { input, kernel_size, stride, padding, dilation, ceil_mode } = options;
  const call = options.return_indices ? with_indices : operator;
  return call(input, kernel_size, stride ?? [], padding, dilation, ceil_mode) as Tensor;
}

/**
 * The largest elements in windows of `(N, C, L)` or `(C, L)`. With `return_indices` take the result apart:
 * `const [output, indices] = F.max_pool1d(x, 2, { return_indices: true })`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 */
export function max_pool1d(...args: MaxPoolArguments): Tensor {
  return max_pool(max_pool_arguments[0]!(args), aten.max_pool1d, aten.max_pool1d_with_indices as MaxPoolOperator);
}

/**
 * The largest elements in windows of `(N, C, H, W)` or `(C, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
 */
export function max_pool2d(...args: MaxPoolArguments): Tensor {
  return max_pool(max_pool_arguments[1]!(args), aten.max_pool2d, aten.max_pool2d_with_indices as MaxPoolOperator);
}

/**
 * The largest elements in windows of `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html
 */
export function max_pool3d(...args: MaxPoolArguments): Tensor {
  return max_pool(max_pool_arguments[2]!(args), aten.max_pool3d, aten.max_pool3d_with_indices as MaxPoolOperator);
}

export interface MaxUnpoolOptions {
  input: Tensor;
  indices: Tensor;
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  padding?: SizeLike;
  output_size?: readonly number[] | null;
}
type MaxUnpoolArguments = Arguments<
  MaxUnpoolOptions,
  ['input', 'indices', 'kernel_size', 'stride', 'padding', 'output_size']
>;
const max_unpool_arguments = [1, 2, 3].map((n) =>
  signature<MaxUnpoolOptions>(`max_unpool${n}d`, [
    'input',
    'indices',
    'kernel_size',
    ['stride', null],
    ['padding', 0],
    ['output_size', null],
  ]),
);

interface Unpool {
  input: Tensor;
  indices: Tensor;
  stride: number[];
  padding: number[];
  output_size: number[];
}

/** Finds out how large the output is, and whether that can be. */
function unpool(args: readonly unknown[], dimensions: number): Unpool {
  const options = max_unpool_arguments[dimensions - 1]!(args);
  const kernel_size = ntuple(options.kernel_size, dimensions);
  const stride = options.stride === null ? kernel_size : ntuple(options.stride, dimensions);
  const padding = ntuple(options.padding, dimensions);
  const shape = options.input.shape.slice(-dimensions);
  const usual = kernel_size.map((size, i) => (shape[i]! - 1) * stride[i]! + size - 2 * padding[i]!);
  let output_size = usual;
  if (options.output_size !== null) {
    const given = options.output_size;
    if (!Array.isArray(given)) throw wrong_type(`max_unpool${dimensions}d`, 'output_size', 'tuple of ints', given);
    output_size = given.length === dimensions + 2 ? given.slice(2) : [...given];
    if (output_size.length !== dimensions) {
      throw new ValueError(
        `output_size should be a sequence containing ${dimensions} or ${dimensions + 2} elements, ` +
          `but it has a length of '${output_size.length}'`,
      );
    }
    for (const [i, size] of output_size.entries()) {
      const low = usual[i]! - stride[i]!;
      const high = usual[i]! + stride[i]!;
      if (size > low && size < high) continue;
      throw new ValueError(
        `invalid output_size "${list_repr(output_size)}" (dim ${i} must be between ${low} and ${high})`,
      );
    }
  }
  const negative = output_size.findIndex((size) => size < 0);
  if (negative >= 0) {
    throw new ValueError(
      'max_unpooling: output_size must contain non-negative spatial dimensions, but got ' +
        `output_size[${negative}]=${output_size[negative]}`,
    );
  }
  return { input: options.input, indices: options.indices, stride, padding, output_size };
}

/** Puts the results of `max_pool1d` back where they were, with zeros around them. */
export function max_unpool1d(...args: MaxUnpoolArguments): Tensor {
  const { input, indices, output_size } = unpool(args, 1);
  return aten.max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...output_size, 1]).squeeze(-1);
}

/** Puts the results of `max_pool2d` back where they were, with zeros around them. */
export function max_unpool2d(...args: MaxUnpoolArguments): Tensor {
  const { input, indices, output_size } = unpool(args, 2);
  return aten.max_unpool2d(input, indices, output_size);
}

/** Puts the results of `max_pool3d` back where they were, with zeros around them. */
export function max_unpool3d(...args: MaxUnpoolArguments): Tensor {
  const { input, indices, output_size, stride, padding } = unpool(args, 3);
  return aten.max_unpool3d(input, indices, output_size, stride, padding);
}

/** The size asked for, with that of the input wherever it says null. */
function size_with_default(output_size: OptionalSizeLike, input: Tensor): number | number[] {
  if (typeof output_size === 'number') return output_size;
  const shape = input.shape;
  if (shape.length <= output_size.length) {
    throw new ValueError(`Input dimension should be at least ${output_size.length + 1}`);
  }
  const defaults = shape.slice(-output_size.length);
  return output_size.map((size, i) => size ?? defaults[i]!);
}

/** One number for each of `count` dimensions, as the operators of more than one dimension want it. */
function spatial_size(output_size: OptionalSizeLike, input: Tensor, count: number): number[] {
  return ntuple(size_with_default(output_size, input), count);
}

export interface AdaptivePoolOptions {
  input: Tensor;
  /** The size of the output; null where it is that of the input. */
  output_size: OptionalSizeLike;
}
const adaptive_avg_pool_arguments = [2, 3].map((n) =>
  signature<AdaptivePoolOptions>(`adaptive_avg_pool${n}d`, ['input', 'output_size']),
);

/**
 * Means over as many windows as the output has pixels, however large the input is.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 */
export function adaptive_avg_pool2d(...args: Arguments<AdaptivePoolOptions, ['input', 'output_size']>): Tensor {
  const { input, output_size } = adaptive_avg_pool_arguments[0]!(args);
  return aten.adaptive_avg_pool2d(input, spatial_size(output_size, input, 2));
}

/** As {@link adaptive_avg_pool2d}, in three dimensions. */
export function adaptive_avg_pool3d(...args: Arguments<AdaptivePoolOptions, ['input', 'output_size']>): Tensor {
  const { input, output_size } = adaptive_avg_pool_arguments[1]!(args);
  return aten.adaptive_avg_pool3d(input, spatial_size(output_size, input, 3));
}

export interface AdaptiveMaxPoolOptions extends AdaptivePoolOptions {
  /** Give `[output, indices]`, where the indices say where in the input each maximum was (default: false). */
  return_indices?: boolean;
}
type AdaptiveMaxPoolArguments = Arguments<AdaptiveMaxPoolOptions, ['input', 'output_size', 'return_indices']>;
const adaptive_max_pool_arguments = [1, 2, 3].map((n) =>
  signature<AdaptiveMaxPoolOptions>(`adaptive_max_pool${n}d`, ['input', 'output_size', ['return_indices', false]]),
);

/** Maxima over as many windows as the output has elements, however large the input is. */
export function adaptive_max_pool1d(...args: AdaptiveMaxPoolArguments): Tensor {
  const { input, output_size, return_indices } = adaptive_max_pool_arguments[0]!(args);
  const result = aten.adaptive_max_pool1d(input, ntuple(output_size as SizeLike, 1));
  return return_indices ? (result as unknown as Tensor) : result[0];
}

/** As {@link adaptive_max_pool1d}, in two dimensions. */
export function adaptive_max_pool2d(...args: AdaptiveMaxPoolArguments): Tensor {
  const { input, output_size, return_indices } = adaptive_max_pool_arguments[1]!(args);
  const result = aten.adaptive_max_pool2d(input, spatial_size(output_size, input, 2));
  return return_indices ? (result as unknown as Tensor) : result[0];
}

/** As {@link adaptive_max_pool1d}, in three dimensions. */
export function adaptive_max_pool3d(...args: AdaptiveMaxPoolArguments): Tensor {
  const { input, output_size, return_indices } = adaptive_max_pool_arguments[2]!(args);
  const result = aten.adaptive_max_pool3d(input, spatial_size(output_size, input, 3));
  return return_indices ? (result as unknown as Tensor) : result[0];
}

export interface LPPoolOptions {
  input: Tensor;
  norm_type: number;
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  ceil_mode?: boolean;
}
type LPPoolArguments = Arguments<LPPoolOptions, ['input', 'norm_type', 'kernel_size', 'stride', 'ceil_mode']>;
const lp_pool_arguments = [1, 2, 3].map((n) =>
  signature<LPPoolOptions>(`lp_pool${n}d`, [
    'input',
    'norm_type',
    'kernel_size',
    ['stride', null],
    ['ceil_mode', false],
  ]),
);

type AvgPoolOperator = (
  input: Tensor,
  kernel_size: SizeLike,
  stride: SizeLike,
  padding: number,
  ceil_mode: boolean,
) => Tensor;

/** The p-norms of windows; with an infinite `norm_type` their largest magnitudes. */
function lp_pool(
  args: readonly unknown[],
  dimensions: number,
  avg_pool: AvgPoolOperator,
  max_pool: (...args: MaxPoolArguments) => Tensor,
): Tensor {
  const { input, norm_type, kernel_size, stride, ceil_mode } = lp_pool_arguments[dimensions - 1]!(args);
  if (norm_type === 0) throw new RuntimeError('float division by zero');
  return tidy(() => {
    if (norm_type === Infinity) return max_pool(input.abs(), kernel_size, stride, 0, 1, ceil_mode);
    if (norm_type === -Infinity) return max_pool(input.abs().neg(), kernel_size, stride, 0, 1, ceil_mode).neg();
    const mean = avg_pool(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode);
    const count = ntuple(kernel_size, dimensions).reduce((product, size) => product * size, 1);
    return mean.sign().mul(mean.abs().relu()).mul(count).pow(1 / norm_type);
  });
}

/** `(∑ xᵖ)^(1/p)` over windows of `(N, C, L)`, with `p = norm_type`. */
export function lp_pool1d(...args: LPPoolArguments): Tensor {
  return lp_pool(args, 1, aten.avg_pool1d as AvgPoolOperator, max_pool1d);
}

/** `(∑ xᵖ)^(1/p)` over windows of `(N, C, H, W)`, with `p = norm_type`. */
export function lp_pool2d(...args: LPPoolArguments): Tensor {
  return lp_pool(args, 2, aten.avg_pool2d as AvgPoolOperator, max_pool2d);
}

/** `(∑ xᵖ)^(1/p)` over windows of `(N, C, D, H, W)`, with `p = norm_type`. */
export function lp_pool3d(...args: LPPoolArguments): Tensor {
  return lp_pool(args, 3, aten.avg_pool3d as AvgPoolOperator, max_pool3d);
}

/** A part of a size, for each dimension. */
export type RatioLike = number | readonly number[];

export interface FractionalMaxPoolOptions {
  input: Tensor;
  /** The size of the windows. */
  kernel_size: SizeLike;
  /** The size of the output. */
  output_size?: SizeLike | null;
  /** The size of the output as a part of that of the input; give this or `output_size`. */
  output_ratio?: RatioLike | null;
  /** Give `[output, indices]`, where the indices say where in the input each maximum was (default: false). */
  return_indices?: boolean;
  /** @internal the numbers to be used instead of random ones */
  _random_samples?: Tensor | null;
}
type FractionalMaxPoolArguments = Arguments<
  FractionalMaxPoolOptions,
  ['input', 'kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples']
>;
const fractional_max_pool_arguments = [2, 3].map((n) =>
  signature<FractionalMaxPoolOptions>(`fractional_max_pool${n}d`, [
    'input',
    'kernel_size',
    ['output_size', null],
    ['output_ratio', null],
    ['return_indices', false],
    ['_random_samples', null],
  ]),
);

/** The arguments of the operator: where windows lie is drawn, for each sample and channel. */
function fractional_max_pool(
  options: Required<FractionalMaxPoolOptions>,
  dimensions: number,
): [input: Tensor, kernel_size: SizeLike, output_size: SizeLike, random_samples: Tensor] {
  const { input, kernel_size, output_ratio } = options;
  let { output_size } = options;
  if (output_size === null && output_ratio === null) {
    throw new ValueError(
      `fractional_max_pool${dimensions}d requires specifying either an output_size or an output_ratio`,
    );
  }
  const shape = input.shape;
  if (output_size === null) {
    if (dimensions === 2 && typeof output_ratio !== 'number' && output_ratio!.length > 2) {
      throw new ValueError('fractional_max_pool2d requires output_ratio to either be a single Int or tuple of Ints.');
    }
    const ratio = ntuple(output_ratio!, dimensions);
    const sizes = shape.slice(-dimensions);
    output_size = ratio.map((part, i) => Math.trunc(sizes[i]! * part));
  }
  let { _random_samples: samples } = options;
  if (samples === null) {
    if (shape.length <= dimensions) {
      throw new IndexError(
        `Dimension out of range (expected to be in range of [${-shape.length}, ${shape.length - 1}], ` +
          `but got ${-(dimensions + 1)})`,
      );
    }
    const batch = shape.length === dimensions + 1 ? 1 : shape[0]!;
    const { dtype, device } = input;
    samples = aten.rand([batch, shape[shape.length - dimensions - 1]!, dimensions], { dtype, device });
  }
  return [input, kernel_size, output_size, samples];
}

/**
 * Maxima over windows of random places in `(N, C, H, W)` or `(C, H, W)`, so that the output can have any size.
 * @throws ValueError if neither the size of the output is given nor its ratio to that of the input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool2d.html
 */
export function fractional_max_pool2d(...args: FractionalMaxPoolArguments): Tensor {
  const options = fractional_max_pool_arguments[0]!(args);
  const result = aten.fractional_max_pool2d(...fractional_max_pool(options, 2));
  return options.return_indices ? (result as unknown as Tensor) : result[0];
}

/**
 * Maxima over windows of random places in `(N, C, D, H, W)` or `(C, D, H, W)`, so that the output can have any size.
 * @throws ValueError if neither the size of the output is given nor its ratio to that of the input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool3d.html
 */
export function fractional_max_pool3d(...args: FractionalMaxPoolArguments): Tensor {
  const options = fractional_max_pool_arguments[1]!(args);
  const result = aten.fractional_max_pool3d(...fractional_max_pool(options, 3));
  return options.return_indices ? (result as unknown as Tensor) : result[0];
}

/** What a pooling gives with its indices. */
export type WithIndices = [output: Tensor, indices: Tensor];

/** As {@link max_pool1d} with `return_indices`. */
export function max_pool1d_with_indices(...args: MaxPoolArguments): WithIndices {
  const options = { ...max_pool_arguments[0]!(args), return_indices: true };
  return max_pool(options, aten.max_pool1d, aten.max_pool1d_with_indices as MaxPoolOperator) as unknown as WithIndices;
}

/** As {@link max_pool2d} with `return_indices`. */
export function max_pool2d_with_indices(...args: MaxPoolArguments): WithIndices {
  const options = { ...max_pool_arguments[1]!(args), return_indices: true };
  return max_pool(options, aten.max_pool2d, aten.max_pool2d_with_indices as MaxPoolOperator) as unknown as WithIndices;
}

/** As {@link max_pool3d} with `return_indices`. */
export function max_pool3d_with_indices(...args: MaxPoolArguments): WithIndices {
  const options = { ...max_pool_arguments[2]!(args), return_indices: true };
  return max_pool(options, aten.max_pool3d, aten.max_pool3d_with_indices as MaxPoolOperator) as unknown as WithIndices;
}

/** As {@link adaptive_max_pool1d} with `return_indices`. */
export function adaptive_max_pool1d_with_indices(...args: AdaptiveMaxPoolArguments): WithIndices {
  const { input, output_size } = adaptive_max_pool_arguments[0]!(args);
  return adaptive_max_pool1d(input, output_size, true) as unknown as WithIndices;
}

/** As {@link adaptive_max_pool2d} with `return_indices`. */
export function adaptive_max_pool2d_with_indices(...args: AdaptiveMaxPoolArguments): WithIndices {
  const { input, output_size } = adaptive_max_pool_arguments[1]!(args);
  return adaptive_max_pool2d(input, output_size, true) as unknown as WithIndices;
}

/** As {@link adaptive_max_pool3d} with `return_indices`. */
export function adaptive_max_pool3d_with_indices(...args: AdaptiveMaxPoolArguments): WithIndices {
  const { input, output_size } = adaptive_max_pool_arguments[2]!(args);
  return adaptive_max_pool3d(input, output_size, true) as unknown as WithIndices;
}

/** As {@link fractional_max_pool2d} with `return_indices`. */
export function fractional_max_pool2d_with_indices(...args: FractionalMaxPoolArguments): WithIndices {
  return aten.fractional_max_pool2d(...fractional_max_pool(fractional_max_pool_arguments[0]!(args), 2));
}

/** As {@link fractional_max_pool3d} with `return_indices`. */
export function fractional_max_pool3d_with_indices(...args: FractionalMaxPoolArguments): WithIndices {
  return aten.fractional_max_pool3d(...fractional_max_pool(fractional_max_pool_arguments[1]!(args), 3));
}
