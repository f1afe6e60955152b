import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { aten } from '../../ops.ts';
import { list_repr, repr, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { check_size, check_tensor, signature } from '../checked_arguments.ts';
import * as init from '../init.ts';
import { UninitializedParameter, is_lazy } from '../parameter.ts';
import type { Parameter } from '../parameter.ts';
import { family } from './family.ts';
import { forward_arguments, input_of } from './forward_arguments.ts';
import type { Input, ReadBy } from './forward_arguments.ts';
import { LazyModuleMixin } from './lazy.ts';
import type { LazyModule } from './lazy.ts';
import { empty_parameter, reset_bias } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';
import { compact, ntuple } from './sizes.ts';
import type { SizeLike } from './sizes.ts';

/** What stands beyond the edges of the input: zeros, the input mirrored, its edge repeated, or its other end. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface ConvOptions extends FactoryOptions {
  in_channels: number;
  out_channels: number;
  kernel_size: SizeLike;
  stride?: SizeLike;
  padding?: SizeLike | 'same' | 'valid';
  dilation?: SizeLike;
  groups?: number;
  bias?: boolean;
  padding_mode?: PaddingMode;
}

export interface ConvTransposeOptions extends Omit<ConvOptions, 'padding'> {
  padding?: SizeLike;
  output_padding?: SizeLike;
}

type ConvNames = [
  'in_channels',
  'out_channels',
  'kernel_size',
  'stride',
  'padding',
  'dilation',
  'groups',
  'bias',
  'padding_mode',
  'device',
  'dtype',
];
type ConvTransposeNames = [
  'in_channels',
  'out_channels',
  'kernel_size',
  'stride',
  'padding',
  'output_padding',
  'groups',
  'bias',
  'dilation',
  'padding_mode',
  'device',
  'dtype',
];

const conv_specs: ParameterSpec[] = [
  'in_channels',
  'out_channels',
  'kernel_size',
  ['stride', 1],
  ['padding', 0],
  ['dilation', 1],
  ['groups', 1],
  ['bias', true],
  ['padding_mode', 'zeros'],
  ['device', null],
  ['dtype', null],
];
const conv_transpose_specs: ParameterSpec[] = [
  'in_channels',
  'out_channels',
  'kernel_size',
  ['stride', 1],
  ['padding', 0],
  ['output_padding', 0],
  ['groups', 1],
  ['bias', true],
  ['dilation', 1],
  ['padding_mode', 'zeros'],
  ['device', null],
  ['dtype', null],
];

const padding_modes: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular'];

/** What all convolutions have in common, however many dimensions they run along. */
export abstract class _ConvNd extends Module {
  in_channels: number;
  out_channels: number;
  kernel_size: number[];
  stride: number[];
  padding: number[] | 'same' | 'valid';
  dilation: number[];
  transposed: boolean;
  output_padding: number[];
  groups: number;
  padding_mode: PaddingMode;
  /** The padding as `F.pad` takes it: before and after each dimension, the last one first. */
  readonly _reversed_padding_repeated_twice: number[];
  weight: Parameter;
  bias: Parameter | null;

  /**
   * @param dimensions along how many dimensions it runs
   * @param options the arguments by name
   * @param output_padding for a transposed convolution, what it adds to one side of its output
   * @throws ValueError for channels that `groups` does not divide, and for an unknown kind of padding
   */
  constructor(dimensions: number, options: Required<ConvOptions>, output_padding: SizeLike | null = null) {
    super();
    const { in_channels, out_channels, groups, padding, padding_mode } = options;
    const stride = ntuple(options.stride, dimensions);
    if (groups <= 0) throw new ValueError('groups must be a positive integer');
    if (in_channels % groups !== 0) throw new ValueError('in_channels must be divisible by groups');
    if (out_channels % groups !== 0) throw new ValueError('out_channels must be divisible by groups');
    if (typeof padding === 'string') {
      if (padding !== 'same' && padding !== 'valid') {
        throw new ValueError(`Invalid padding string ${repr(padding)}, should be one of {'same', 'valid'}`);
      }
      if (padding === 'same' && stride.some((step) => step !== 1)) {
        throw new ValueError("padding='same' is not supported for strided convolutions");
      }
    }
    if (!padding_modes.includes(padding_mode)) {
      throw new ValueError(
        `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got ` +
          `padding_mode='${str(padding_mode)}'`,
      );
    }
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = ntuple(options.kernel_size, dimensions);
    this.stride = stride;
    this.padding = typeof padding === 'string' ? padding : ntuple(padding, dimensions);
    this.dilation = ntuple(options.dilation, dimensions);
    this.transposed = output_padding !== null;
    this.output_padding = ntuple(output_padding ?? 0, dimensions);
    this.groups = groups;
    this.padding_mode = padding_mode;
    this._reversed_padding_repeated_twice = this._both_sides().reverse().flat();
    const channels = this.transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
    this.weight = empty_parameter([...channels, ...this.kernel_size], options);
    this.bias = options.bias ? empty_parameter([out_channels], options) : null;
    this.reset_parameters();
  }

  /** The padding before and after each dimension. */
  _both_sides(): [number, number][] {
    const { padding } = this;
    if (padding === 'valid') return this.kernel_size.map(() => [0, 0]);
    if (padding !== 'same') return padding.map((size) => [size, size]);
    return this.kernel_size.map((size, i) => {
      const total = this.dilation[i]! * (size - 1);
      const before = Math.floor(total / 2);
      return [before, total - before];
    });
  }

  /** Draws new initial values: evenly between `±√k` with `k = groups / (in_channels · ∏ kernel_size)`. */
  reset_parameters(): void {
    const { weight } = this;
    if (weight.is_contiguous()) {
      init.kaiming_uniform_(weight, Math.sqrt(5));
    } else {
      // The numbers are drawn in the order of memory; the same seed has to give the same weights in any layout.
      const contiguous = aten.empty_like(weight, { memory_format: contiguous_format });
      init.kaiming_uniform_(contiguous, Math.sqrt(5));
      no_grad(() => weight.copy_(contiguous));
    }
    if (this.bias !== null) reset_bias(this.bias, weight);
  }

  /** Convolves with the operator for so many dimensions, whose padding is of zeros. */
  protected _convolve(operator: typeof aten.conv2d, input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    const { padding, padding_mode, groups } = this;
    const stride = compact(this.stride);
    const dilation = compact(this.dilation);
    if (padding_mode !== 'zeros') {
      const padded = aten.pad(input, this._reversed_padding_repeated_twice, padding_mode);
      return operator(padded, weight, bias, stride, 0, dilation, groups);
    }
    return typeof padding === 'string'
      ? operator(input, weight, bias, stride, padding, dilation, groups)
      : operator(input, weight, bias, stride, compact(padding), dilation, groups);
  }

  override extra_repr(): string {
    const differs = (values: readonly number[] | string, usual: number): boolean =>
      typeof values === 'string' || values.some((value) => value !== usual);
    let text = `${this.in_channels}, ${this.out_channels}, kernel_size=${str(this.kernel_size)}`;
    text += `, stride=${str(this.stride)}`;
    if (differs(this.padding, 0)) text += `, padding=${str(this.padding)}`;
    if (differs(this.dilation, 1)) text += `, dilation=${str(this.dilation)}`;
    if (differs(this.output_padding, 0)) text += `, output_padding=${str(this.output_padding)}`;
    if (this.groups !== 1) text += `, groups=${this.groups}`;
    if (this.bias === null) text += ', bias=False';
    if (this.padding_mode !== 'zeros') text += `, padding_mode=${this.padding_mode}`;
    return text;
  }
}

const conv1d_arguments = signature<ConvOptions>('Conv1d', conv_specs);
const conv2d_arguments = signature<ConvOptions>('Conv2d', conv_specs);
const conv3d_arguments = signature<ConvOptions>('Conv3d', conv_specs);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Conv1d {
  (...args: Input): Tensor;
}

/**
 * A convolution along one dimension: takes `(N, in_channels, L)` or `(in_channels, L)` and gives
 * `(N, out_channels, L')` or `(out_channels, L')`.
 *
 * The parameters are `weight`, `(out_channels, in_channels / groups, kernel_size)`, and `bias`, `(out_channels)`. The
 * arguments are those of {@link Conv2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 */
export class Conv1d extends _ConvNd {
  constructor(...args: Arguments<ConvOptions, ConvNames>) {
    super(1, conv1d_arguments(args));
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this._conv_forward(input, this.weight, this.bias);
  }

  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    return this._convolve(aten.conv1d, input, weight, bias);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Conv2d {
  (...args: Input): Tensor;
}

/**
 * A convolution along two dimensions: takes `(N, in_channels, H, W)` or `(in_channels, H, W)` and gives
 * `(N, out_channels, H', W')` or `(out_channels, H', W')`, where
 * `H' = ⌊(H + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1`, and `W'` likewise.
 *
 * The parameters are `weight`, `(out_channels, in_channels / groups, kernel height, kernel width)`, and `bias`,
 * `(out_channels)`.
 *
 * @param in_channels channels of the input
 * @param out_channels channels of the output
 * @param kernel_size size of the window: a number, or one for each dimension
 * @param stride how far the window moves (default: 1)
 * @param padding what is added on both sides: a number, one for each dimension, `'valid'` for nothing, or `'same'` for
 *   an output as large as the input (default: 0)
 * @param dilation how far the window's elements are apart (default: 1)
 * @param groups into how many groups, each with its own weights, the channels are divided (default: 1)
 * @param bias whether there is a bias to learn (default: true)
 * @param padding_mode what the padding holds: `'zeros'`, `'reflect'`, `'replicate'` or `'circular'`
 *   (default: `'zeros'`)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export class Conv2d extends _ConvNd {
  constructor(...args: Arguments<ConvOptions, ConvNames>) {
    super(2, conv2d_arguments(args));
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this._conv_forward(input, this.weight, this.bias);
  }

  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    return this._convolve(aten.conv2d, input, weight, bias);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Conv3d {
  (...args: Input): Tensor;
}

/**
 * A convolution along three dimensions: takes `(N, in_channels, D, H, W)` or `(in_channels, D, H, W)` and gives
 * `(N, out_channels, D', H', W')` or `(out_channels, D', H', W')`.
 *
 * The parameters are `weight`, `(out_channels, in_channels / groups, *kernel_size)`, and `bias`, `(out_channels)`. The
 * arguments are those of {@link Conv2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html
 */
export class Conv3d extends _ConvNd {
  constructor(...args: Arguments<ConvOptions, ConvNames>) {
    super(3, conv3d_arguments(args));
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this._conv_forward(input, this.weight, this.bias);
  }

  _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    return this._convolve(aten.conv3d, input, weight, bias);
  }
}

/** What all transposed convolutions have in common. */
export abstract class _ConvTransposeNd extends _ConvNd {
  declare padding: number[];

  constructor(dimensions: number, options: Required<ConvTransposeOptions>) {
    if (options.padding_mode !== 'zeros') {
      throw new ValueError(`Only "zeros" padding mode is supported for ${new.target.name}`);
    }
    super(dimensions, options, options.output_padding);
  }

  /**
   * What has to be added to the output for it to have the size that is asked for: several sizes of input have the
   * same size of output in a convolution, so the way back is not unique.
   */
  _output_padding(input: Tensor, output_size: readonly number[] | null): number[] {
    if (output_size === null) return this.output_padding;
    check_tensor('forward', 'input', input);
    check_size('forward', 'output_size', output_size);
    const dimensions = this.kernel_size.length;
    const others = input.dim() === dimensions + 2 ? 2 : 1;
    const wanted = output_size.length === others + dimensions ? output_size.slice(others) : output_size;
    if (wanted.length !== dimensions) {
      throw new ValueError(
        `ConvTranspose${dimensions}D: for ${input.dim()}D input, output_size must have ${dimensions} or ` +
          `${others + dimensions} elements (got ${output_size.length})`,
      );
    }
    const shape = input.shape;
    const smallest = wanted.map(
      (_, i) =>
        (shape[i + others]! - 1) * this.stride[i]! -
        2 * this.padding[i]! +
        this.dilation[i]! * (this.kernel_size[i]! - 1) +
        1,
    );
    const largest = smallest.map((size, i) => size + this.stride[i]! - 1);
    if (wanted.some((size, i) => size < smallest[i]! || size > largest[i]!)) {
      throw new ValueError(
        `requested an output size of ${list_repr(wanted)}, but valid sizes range from ${list_repr(smallest)} to ` +
          `${list_repr(largest)} (for an input of ${String(shape.slice(2))})`,
      );
    }
    return wanted.map((size, i) => size - smallest[i]!);
  }
}

interface ConvTransposeForwardOptions {
  input: Tensor;
  output_size?: readonly number[] | null;
}
const conv_transpose_forward_arguments = forward_arguments<ConvTransposeForwardOptions, ['input', 'output_size']>(
  ['input', 'output_size'],
  ['output_size'],
);
type ConvTransposeForwardArguments = ReadBy<typeof conv_transpose_forward_arguments>;

const conv_transpose1d_arguments = signature<ConvTransposeOptions>('ConvTranspose1d', conv_transpose_specs);
const conv_transpose2d_arguments = signature<ConvTransposeOptions>('ConvTranspose2d', conv_transpose_specs);
const conv_transpose3d_arguments = signature<ConvTransposeOptions>('ConvTranspose3d', conv_transpose_specs);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ConvTranspose1d {
  (...args: ConvTransposeForwardArguments): Tensor;
}

/**
 * The gradient of {@link Conv1d} with respect to its input, as a layer of its own: takes `(N, in_channels, L)` or
 * `(in_channels, L)`. The arguments are those of {@link ConvTranspose2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
 */
export class ConvTranspose1d extends _ConvTransposeNd {
  constructor(...args: Arguments<ConvTransposeOptions, ConvTransposeNames>) {
    super(1, conv_transpose1d_arguments(args));
  }

  override forward(input: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, output_size = null] = conv_transpose_forward_arguments(args as ConvTransposeForwardArguments);
    const output_padding = this._output_padding(input, output_size);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return aten.conv_transpose1d(input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ConvTranspose2d {
  (...args: ConvTransposeForwardArguments): Tensor;
}

/**
 * The gradient of {@link Conv2d} with respect to its input, as a layer of its own: takes `(N, in_channels, H, W)` or
 * `(in_channels, H, W)`, and gives as many pixels as a convolution of the same arguments would make that input from.
 *
 * The parameters are `weight`, `(in_channels, out_channels / groups, *kernel_size)`, and `bias`, `(out_channels)`.
 *
 * @param in_channels channels of the input
 * @param out_channels channels of the output
 * @param kernel_size size of the window: a number, or one for each dimension
 * @param stride how far the window moves (default: 1)
 * @param padding what is taken away on both sides of the output (default: 0)
 * @param output_padding what is added to one side of the output (default: 0)
 * @param groups into how many groups, each with its own weights, the channels are divided (default: 1)
 * @param bias whether there is a bias to learn (default: true)
 * @param dilation how far the window's elements are apart (default: 1)
 * @param padding_mode `'zeros'`; there is no other
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export class ConvTranspose2d extends _ConvTransposeNd {
  constructor(...args: Arguments<ConvTransposeOptions, ConvTransposeNames>) {
    super(2, conv_transpose2d_arguments(args));
  }

  override forward(input: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, output_size = null] = conv_transpose_forward_arguments(args as ConvTransposeForwardArguments);
    const output_padding = this._output_padding(input, output_size);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return aten.conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ConvTranspose3d {
  (...args: ConvTransposeForwardArguments): Tensor;
}

/**
 * The gradient of {@link Conv3d} with respect to its input, as a layer of its own: takes `(N, in_channels, D, H, W)`
 * or `(in_channels, D, H, W)`. The arguments are those of {@link ConvTranspose2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html
 */
export class ConvTranspose3d extends _ConvTransposeNd {
  constructor(...args: Arguments<ConvTransposeOptions, ConvTransposeNames>) {
    super(3, conv_transpose3d_arguments(args));
  }

  override forward(input: Tensor, output_size?: readonly number[] | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, output_size = null] = conv_transpose_forward_arguments(args as ConvTransposeForwardArguments);
    const output_padding = this._output_padding(input, output_size);
    const { weight, bias, stride, padding, groups, dilation } = this;
    return aten.conv_transpose3d(input, weight, bias, stride, padding, output_padding, groups, dilation);
  }
}

export type LazyConvOptions = Omit<ConvOptions, 'in_channels'>;
export type LazyConvTransposeOptions = Omit<ConvTransposeOptions, 'in_channels'>;
type WithoutFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer R] ? R : never;
type LazyConvArguments = Arguments<LazyConvOptions, WithoutFirst<ConvNames>>;
type LazyConvTransposeArguments = Arguments<LazyConvTransposeOptions, WithoutFirst<ConvTransposeNames>>;
const lazy_conv_arguments = family<LazyConvOptions>(conv_specs.slice(1));
const lazy_conv_transpose_arguments = family<LazyConvTransposeOptions>(conv_transpose_specs.slice(1));

/** The arguments for the constructor of a convolution whose parameters are not known yet. */
function unknown_channels<O extends object>(options: O): O & { in_channels: 0; out_channels: 0; bias: false } {
  return { ...options, in_channels: 0, out_channels: 0, bias: false };
}

/** Puts parameters without a shape in the place of those that the constructor made. */
function begin_lazily(module: _ConvNd, options: Required<LazyConvOptions | LazyConvTransposeOptions>): void {
  const { out_channels, bias, device, dtype } = options;
  module.weight = new UninitializedParameter({ device, dtype });
  module.out_channels = out_channels;
  if (bias) module.bias = new UninitializedParameter({ device, dtype });
}

/** Gives a convolution the channels of its first input. */
function initialize_convolution(module: _ConvNd & LazyModule, input: Tensor): void {
  if (!module.has_uninitialized_params()) return;
  const { weight, bias, kernel_size, groups, out_channels } = module;
  const without_batch = kernel_size.length + 1;
  const shape = input.shape;
  if (shape.length !== without_batch && shape.length !== without_batch + 1) {
    throw new RuntimeError(
      `Expected ${without_batch}D (unbatched) or ${without_batch + 1}D (batched) input to ${module._get_name()}, ` +
        `but got input of size: ${String(shape)}`,
    );
  }
  const in_channels = shape[shape.length === without_batch ? 0 : 1]!;
  module.in_channels = in_channels;
  if (in_channels % groups !== 0) throw new ValueError('in_channels must be divisible by groups');
  const channels = module.transposed
    ? [in_channels, Math.floor(out_channels / groups)]
    : [out_channels, Math.floor(in_channels / groups)];
  if (is_lazy(weight)) weight.materialize([...channels, ...kernel_size]);
  if (is_lazy(bias)) bias.materialize([out_channels]);
  module.reset_parameters();
}

/**
 * A {@link Conv1d} that takes `in_channels` from its first input, and is a `Conv1d` from then on. The other
 * arguments are those of {@link Conv2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv1d.html
 */
export class LazyConv1d extends LazyModuleMixin(Conv1d) {
  static override cls_to_become = Conv1d;

  constructor(...args: LazyConvArguments) {
    const options = lazy_conv_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}

/**
 * A {@link Conv2d} that takes `in_channels` from its first input, and is a `Conv2d` from then on. The other
 * arguments are those of {@link Conv2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv2d.html
 */
export class LazyConv2d extends LazyModuleMixin(Conv2d) {
  static override cls_to_become = Conv2d;

  constructor(...args: LazyConvArguments) {
    const options = lazy_conv_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}

/**
 * A {@link Conv3d} that takes `in_channels` from its first input, and is a `Conv3d` from then on. The other
 * arguments are those of {@link Conv2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html
 */
export class LazyConv3d extends LazyModuleMixin(Conv3d) {
  static override cls_to_become = Conv3d;

  constructor(...args: LazyConvArguments) {
    const options = lazy_conv_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}

/**
 * A {@link ConvTranspose1d} that takes `in_channels` from its first input, and is a `ConvTranspose1d` from then on.
 * The other arguments are those of {@link ConvTranspose2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html
 */
export class LazyConvTranspose1d extends LazyModuleMixin(ConvTranspose1d) {
  static override cls_to_become = ConvTranspose1d;

  constructor(...args: LazyConvTransposeArguments) {
    const options = lazy_conv_transpose_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}

/**
 * A {@link ConvTranspose2d} that takes `in_channels` from its first input, and is a `ConvTranspose2d` from then on.
 * The other arguments are those of {@link ConvTranspose2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose2d.html
 */
export class LazyConvTranspose2d extends LazyModuleMixin(ConvTranspose2d) {
  static override cls_to_become = ConvTranspose2d;

  constructor(...args: LazyConvTransposeArguments) {
    const options = lazy_conv_transpose_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}

/**
 * A {@link ConvTranspose3d} that takes `in_channels` from its first input, and is a `ConvTranspose3d` from then on.
 * The other arguments are those of {@link ConvTranspose2d}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose3d.html
 */
export class LazyConvTranspose3d extends LazyModuleMixin(ConvTranspose3d) {
  static override cls_to_become = ConvTranspose3d;

  constructor(...args: LazyConvTransposeArguments) {
    const options = lazy_conv_transpose_arguments(new.target.name, args);
    super(unknown_channels(options));
    begin_lazily(this, options);
  }

  override _inferred_size(): number {
    return this.in_channels;
  }

  override initialize_parameters(input: Tensor): void {
    initialize_convolution(this, input);
  }
}
