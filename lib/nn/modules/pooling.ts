import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import type { RatioLike } from '../functional/pooling.ts';
import { family } from './family.ts';
import { forward_arguments, input_of } from './forward_arguments.ts';
import type { Input, ReadBy } from './forward_arguments.ts';
import { Module } from './module.ts';
import { ntuple } from './sizes.ts';
import type { OptionalSizeLike, SizeLike } from './sizes.ts';

export interface MaxPoolOptions {
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  padding?: SizeLike;
  dilation?: SizeLike;
  return_indices?: boolean;
  ceil_mode?: boolean;
}
type MaxPoolNames = ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'];

/** What all layers that take maxima of windows have in common. */
export abstract class _MaxPoolNd extends Module {
  kernel_size: SizeLike;
  stride: SizeLike;
  padding: SizeLike;
  dilation: SizeLike;
  return_indices: boolean;
  ceil_mode: boolean;

  /**
   * @param kernel_size the size of the window: a number, or one for each dimension
   * @param stride how far the window moves (default: its size)
   * @param padding how many negative infinities are added on both sides (default: 0)
   * @param dilation how far the window's elements are apart (default: 1)
   * @param return_indices give `[output, indices]`, where the indices say where in the input each maximum was
   *   (default: false)
   * @param ceil_mode whether a last window that reaches over the edge counts (default: false)
   */
  constructor(...args: Arguments<MaxPoolOptions, MaxPoolNames>) {
    super();
    const options = max_pool_arguments(new.target.name, args);
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding;
    this.dilation = options.dilation;
    this.return_indices = options.return_indices;
    this.ceil_mode = options.ceil_mode;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${str(this.kernel_size)}, stride=${str(this.stride)}, padding=${str(this.padding)}, ` +
      `dilation=${str(this.dilation)}, ceil_mode=${str(this.ceil_mode)}`
    );
  }
}

const max_pool_arguments = family<MaxPoolOptions>([
  'kernel_size',
  ['stride', null],
  ['padding', 0],
  ['dilation', 1],
  ['return_indices', false],
  ['ceil_mode', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxPool1d {
  (...args: Input): Tensor;
}

/**
 * Maxima of windows of `(N, C, L)` or `(C, L)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 */
export class MaxPool1d extends _MaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    if (!this.return_indices) return aten.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode);
    return F.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, true);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxPool2d {
  (...args: Input): Tensor;
}

/**
 * Maxima of windows of `(N, C, H, W)` or `(C, H, W)`; gives `(N, C, H', W')` or `(C, H', W')`, where
 * `H' = ⌊(H + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1`, and `W'` likewise.
 *
 * ```ts
 * const [output, indices] = new nn.MaxPool2d(2, { return_indices: true })(x);
 * ```
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export class MaxPool2d extends _MaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    if (!this.return_indices) return aten.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
    return F.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, true);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxPool3d {
  (...args: Input): Tensor;
}

/**
 * Maxima of windows of `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html
 */
export class MaxPool3d extends _MaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    if (!this.return_indices) return aten.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode);
    return F.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, true);
  }
}

export interface MaxUnpoolModuleOptions {
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  padding?: SizeLike;
}
type MaxUnpoolNames = ['kernel_size', 'stride', 'padding'];
const max_unpool_arguments = family<MaxUnpoolModuleOptions>(['kernel_size', ['stride', null], ['padding', 0]]);

/** What all layers that undo a `MaxPool` have in common. */
export abstract class _MaxUnpoolNd extends Module {
  kernel_size: number[];
  stride: number[];
  padding: number[];

  constructor(dimensions: number, args: readonly unknown[]) {
    super();
    const options = max_unpool_arguments(new.target.name, args);
    this.kernel_size = ntuple(options.kernel_size, dimensions);
    this.stride = ntuple(options.stride ?? options.kernel_size, dimensions);
    this.padding = ntuple(options.padding, dimensions);
  }

  override extra_repr(): string {
    return `kernel_size=${str(this.kernel_size)}, stride=${str(this.stride)}, padding=${str(this.padding)}`;
  }
}

interface MaxUnpoolForwardOptions {
  input: Tensor;
  indices: Tensor;
  output_size?: readonly number[] | null;
}
type MaxUnpoolForwardNames = ['input', 'indices', 'output_size'];
const max_unpool_forward_arguments = forward_arguments<MaxUnpoolForwardOptions, MaxUnpoolForwardNames>(
  ['input', 'indices', 'output_size'],
  ['output_size'],
);
type MaxUnpoolForwardArguments = ReadBy<typeof max_unpool_forward_arguments>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxUnpool1d {
  (...args: MaxUnpoolForwardArguments): Tensor;
}

/**
 * Puts what a `MaxPool1d` with `return_indices` gave back in its place, with zeros around it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
 */
export class MaxUnpool1d extends _MaxUnpoolNd {
  constructor(...args: Arguments<MaxUnpoolModuleOptions, MaxUnpoolNames>) {
    super(1, args);
  }

  override forward(input: Tensor, indices: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, indices, output_size = null] = max_unpool_forward_arguments(args as MaxUnpoolForwardArguments);
    return F.max_unpool1d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxUnpool2d {
  (...args: MaxUnpoolForwardArguments): Tensor;
}

/**
 * Puts what a `MaxPool2d` with `return_indices` gave back in its place, with zeros around it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 */
export class MaxUnpool2d extends _MaxUnpoolNd {
  constructor(...args: Arguments<MaxUnpoolModuleOptions, MaxUnpoolNames>) {
    super(2, args);
  }

  override forward(input: Tensor, indices: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, indices, output_size = null] = max_unpool_forward_arguments(args as MaxUnpoolForwardArguments);
    return F.max_unpool2d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MaxUnpool3d {
  (...args: MaxUnpoolForwardArguments): Tensor;
}

/**
 * Puts what a `MaxPool3d` with `return_indices` gave back in its place, with zeros around it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html
 */
export class MaxUnpool3d extends _MaxUnpoolNd {
  constructor(...args: Arguments<MaxUnpoolModuleOptions, MaxUnpoolNames>) {
    super(3, args);
  }

  override forward(input: Tensor, indices: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, indices, output_size = null] = max_unpool_forward_arguments(args as MaxUnpoolForwardArguments);
    return F.max_unpool3d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

export interface AvgPool1dOptions {
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  padding?: SizeLike;
  ceil_mode?: boolean;
  count_include_pad?: boolean;
}
export interface AvgPoolOptions extends AvgPool1dOptions {
  divisor_override?: number | null;
}
type AvgPool1dNames = ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad'];
type AvgPoolNames = [...AvgPool1dNames, 'divisor_override'];

const avg_pool1d_specs: ParameterSpec[] = [
  'kernel_size',
  ['stride', null],
  ['padding', 0],
  ['ceil_mode', false],
  ['count_include_pad', true],
];
const avg_pool1d_arguments = signature<AvgPool1dOptions>('AvgPool1d', avg_pool1d_specs);
const avg_pool_arguments = family<AvgPoolOptions>([...avg_pool1d_specs, ['divisor_override', null]]);

/** What all layers that take means of windows have in common. */
export abstract class _AvgPoolNd extends Module {
  kernel_size: SizeLike;
  stride: SizeLike;
  padding: SizeLike;
  ceil_mode: boolean;
  count_include_pad: boolean;

  constructor(options: Required<AvgPool1dOptions>) {
    super();
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding;
    this.ceil_mode = options.ceil_mode;
    this.count_include_pad = options.count_include_pad;
  }

  override extra_repr(): string {
    return `kernel_size=${str(this.kernel_size)}, stride=${str(this.stride)}, padding=${str(this.padding)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AvgPool1d {
  (...args: Input): Tensor;
}

/**
 * Means of windows of `(N, C, L)` or `(C, L)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 */
export class AvgPool1d extends _AvgPoolNd {
  constructor(...args: Arguments<AvgPool1dOptions, AvgPool1dNames>) {
    const options = avg_pool1d_arguments(args);
    super({
      ...options,
      kernel_size: ntuple(options.kernel_size, 1),
      stride: ntuple(options.stride ?? options.kernel_size, 1),
      padding: ntuple(options.padding, 1),
    });
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return aten.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AvgPool2d {
  (...args: Input): Tensor;
}

/**
 * Means of windows of `(N, C, H, W)` or `(C, H, W)`.
 * @param kernel_size the size of the window: a number, or one for each dimension
 * @param stride how far the window moves (default: its size)
 * @param padding how many zeros are added on both sides (default: 0)
 * @param ceil_mode whether a last window that reaches over the edge counts (default: false)
 * @param count_include_pad whether the added zeros count in the mean (default: true)
 * @param divisor_override what to divide the sum by instead of the number of elements
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export class AvgPool2d extends _AvgPoolNd {
  divisor_override: number | null;

  constructor(...args: Arguments<AvgPoolOptions, AvgPoolNames>) {
    const options = avg_pool_arguments(new.target.name, args);
    super(options);
    this.divisor_override = options.divisor_override;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return aten.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AvgPool3d {
  (...args: Input): Tensor;
}

/**
 * Means of windows of `(N, C, D, H, W)` or `(C, D, H, W)`. The arguments are those of {@link AvgPool2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html
 */
export class AvgPool3d extends _AvgPoolNd {
  divisor_override: number | null;

  constructor(...args: Arguments<AvgPoolOptions, AvgPoolNames>) {
    const options = avg_pool_arguments(new.target.name, args);
    super(options);
    this.divisor_override = options.divisor_override;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return aten.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

export interface LPPoolModuleOptions {
  norm_type: number;
  kernel_size: SizeLike;
  stride?: SizeLike | null;
  ceil_mode?: boolean;
}
const lp_pool_arguments = family<LPPoolModuleOptions>([
  'norm_type',
  'kernel_size',
  ['stride', null],
  ['ceil_mode', false],
]);

/** What all layers that take p-norms of windows have in common. */
export abstract class _LPPoolNd extends Module {
  norm_type: number;
  kernel_size: SizeLike;
  stride: SizeLike | null;
  ceil_mode: boolean;

  /**
   * @param norm_type the p of `(∑ xᵖ)^(1/p)`
   * @param kernel_size the size of the window: a number, or one for each dimension
   * @param stride how far the window moves (default: its size)
   * @param ceil_mode whether a last window that reaches over the edge counts (default: false)
   */
  constructor(...args: Arguments<LPPoolModuleOptions, ['norm_type', 'kernel_size', 'stride', 'ceil_mode']>) {
    super();
    const options = lp_pool_arguments(new.target.name, args);
    this.norm_type = options.norm_type;
    this.kernel_size = options.kernel_size;
    this.stride = options.stride;
    this.ceil_mode = options.ceil_mode;
  }

  override extra_repr(): string {
    // Python writes a whole number here as it was given; a fraction is the exception.
    const norm_type = Number.isInteger(this.norm_type) ? str(this.norm_type) : float_str(this.norm_type);
    return (
      `norm_type=${norm_type}, kernel_size=${str(this.kernel_size)}, stride=${str(this.stride)}, ` +
      `ceil_mode=${str(this.ceil_mode)}`
    );
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LPPool1d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html */
export class LPPool1d extends _LPPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.lp_pool1d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LPPool2d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html */
export class LPPool2d extends _LPPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.lp_pool2d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LPPool3d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html */
export class LPPool3d extends _LPPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.lp_pool3d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }
}

export interface AdaptiveAvgPoolOptions {
  output_size: OptionalSizeLike;
}
const adaptive_avg_pool_arguments = family<AdaptiveAvgPoolOptions>(['output_size']);

/** What all layers that take as many means as the output has elements have in common. */
export abstract class _AdaptiveAvgPoolNd extends Module {
  output_size: OptionalSizeLike;

  /** @param output_size the size of the output, for each dimension or all; null where it is that of the input */
  constructor(...args: Arguments<AdaptiveAvgPoolOptions, ['output_size']>) {
    super();
    this.output_size = adaptive_avg_pool_arguments(new.target.name, args).output_size;
  }

  override extra_repr(): string {
    return `output_size=${str(this.output_size)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveAvgPool1d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html */
export class AdaptiveAvgPool1d extends _AdaptiveAvgPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.adaptive_avg_pool1d(input, this.output_size as SizeLike);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveAvgPool2d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html */
export class AdaptiveAvgPool2d extends _AdaptiveAvgPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.adaptive_avg_pool2d(input, this.output_size);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveAvgPool3d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html */
export class AdaptiveAvgPool3d extends _AdaptiveAvgPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.adaptive_avg_pool3d(input, this.output_size);
  }
}

export interface AdaptiveMaxPoolModuleOptions extends AdaptiveAvgPoolOptions {
  return_indices?: boolean;
}
const adaptive_max_pool_arguments = family<AdaptiveMaxPoolModuleOptions>(['output_size', ['return_indices', false]]);

/** What all layers that take as many maxima as the output has elements have in common. */
export abstract class _AdaptiveMaxPoolNd extends Module {
  output_size: OptionalSizeLike;
  return_indices: boolean;

  /**
   * @param output_size the size of the output, for each dimension or all; null where it is that of the input
   * @param return_indices give `[output, indices]` (default: false)
   */
  constructor(...args: Arguments<AdaptiveMaxPoolModuleOptions, ['output_size', 'return_indices']>) {
    super();
    const options = adaptive_max_pool_arguments(new.target.name, args);
    this.output_size = options.output_size;
    this.return_indices = options.return_indices;
  }

  override extra_repr(): string {
    return `output_size=${str(this.output_size)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveMaxPool1d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html */
export class AdaptiveMaxPool1d extends _AdaptiveMaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveMaxPool2d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html */
export class AdaptiveMaxPool2d extends _AdaptiveMaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveMaxPool3d {
  (...args: Input): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html */
export class AdaptiveMaxPool3d extends _AdaptiveMaxPoolNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices);
  }
}

export interface FractionalMaxPoolModuleOptions {
  kernel_size: SizeLike;
  output_size?: SizeLike | null;
  output_ratio?: RatioLike | null;
  return_indices?: boolean;
  /** @internal the numbers to be used instead of random ones */
  _random_samples?: Tensor | null;
}
type FractionalMaxPoolArguments = Arguments<
  FractionalMaxPoolModuleOptions,
  ['kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples']
>;
const fractional_max_pool_arguments = family<FractionalMaxPoolModuleOptions>([
  'kernel_size',
  ['output_size', null],
  ['output_ratio', null],
  ['return_indices', false],
  ['_random_samples', null],
]);

/** What the layers that take maxima of windows of random places have in common. */
export abstract class _FractionalMaxPoolNd extends Module {
  kernel_size: number[];
  return_indices: boolean;
  declare _random_samples: Tensor | null;
  output_size: number[] | null;
  output_ratio: number[] | null;

  constructor(dimensions: number, args: readonly unknown[]) {
    super();
    const name = new.target.name;
    const { kernel_size, output_size, output_ratio, ...options } = fractional_max_pool_arguments(name, args);
    this.kernel_size = ntuple(kernel_size, dimensions);
    if (dimensions === 3 && this.kernel_size.some((size) => size <= 0)) {
      throw new ValueError(`kernel_size must be greater than 0, but got ${str(kernel_size)}`);
    }
    this.return_indices = options.return_indices;
    this.register_buffer('_random_samples', options._random_samples);
    this.output_size = output_size === null ? null : ntuple(output_size, dimensions);
    this.output_ratio = output_ratio === null ? null : ntuple(output_ratio, dimensions);
    if (output_size === null && output_ratio === null) {
      throw new ValueError(`${name} requires specifying either an output size, or a pooling ratio`);
    }
    if (output_size !== null && output_ratio !== null) {
      throw new ValueError('only one of output_size and output_ratio may be specified');
    }
    if (this.output_ratio?.some((part) => !(part > 0 && part < 1))) {
      throw new ValueError(`output_ratio must be between 0 and 1 (got ${str(output_ratio)})`);
    }
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface FractionalMaxPool2d {
  (...args: Input): Tensor;
}

/**
 * Maxima over windows of random places in `(N, C, H, W)` or `(C, H, W)`, after Graham (2014), so that the output can
 * have any size.
 * @param kernel_size the size of the windows: a number, or one for each dimension
 * @param output_size the size of the output
 * @param output_ratio the size of the output as a part of that of the input; give this or `output_size`
 * @param return_indices give `[output, indices]`, where the indices say where in the input each maximum was
 *   (default: false)
 * @throws ValueError unless exactly one of the two is given, or for a part that is not between 0 and 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html
 */
export class FractionalMaxPool2d extends _FractionalMaxPoolNd {
  constructor(...args: FractionalMaxPoolArguments) {
    super(2, args);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    return F.fractional_max_pool2d(input, kernel_size, output_size, output_ratio, return_indices, _random_samples);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface FractionalMaxPool3d {
  (...args: Input): Tensor;
}

/**
 * As {@link FractionalMaxPool2d}, for `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html
 */
export class FractionalMaxPool3d extends _FractionalMaxPoolNd {
  constructor(...args: FractionalMaxPoolArguments) {
    super(3, args);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    return F.fractional_max_pool3d(input, kernel_size, output_size, output_ratio, return_indices, _random_samples);
  }
}
