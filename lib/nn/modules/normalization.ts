import type { Arguments } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import { cross_map_lrn2d } from '../functional/cross_map_lrn2d.ts';
import * as F from '../functional.ts';
import * as init from '../init.ts';
import type { Parameter } from '../parameter.ts';
import { forward_arguments, input_of } from './forward_arguments.ts';
import type { Input, ReadBy } from './forward_arguments.ts';
import { empty_parameter } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';
import { ntuple } from './sizes.ts';
import type { SizeLike } from './sizes.ts';

export interface LocalResponseNormOptions {
  size: number;
  alpha?: number;
  beta?: number;
  k?: number;
}
const local_response_norm_arguments = signature<LocalResponseNormOptions>('LocalResponseNorm', [
  'size',
  ['alpha', 1e-4],
  ['beta', 0.75],
  ['k', 1],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LocalResponseNorm {
  (...args: Input): Tensor;
}

/**
 * Divides each element of `(N, C, *)` by a power of the mean square over `size` neighbouring channels:
 * `x / (k + α · mean)^β`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html
 */
export class LocalResponseNorm extends Module {
  size: number;
  alpha: number;
  beta: number;
  k: number;

  constructor(...args: Arguments<LocalResponseNormOptions, ['size', 'alpha', 'beta', 'k']>) {
    super();
    const options = local_response_norm_arguments(args);
    this.size = options.size;
    this.alpha = options.alpha;
    this.beta = options.beta;
    this.k = options.k;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return `${this.size}, alpha=${float_str(this.alpha)}, beta=${float_str(this.beta)}, k=${float_str(this.k)}`;
  }
}

const cross_map_lrn2d_arguments = signature<LocalResponseNormOptions>('CrossMapLRN2d', [
  'size',
  ['alpha', 1e-4],
  ['beta', 0.75],
  ['k', 1],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CrossMapLRN2d {
  (...args: Input): Tensor;
}

/**
 * Divides each element of `(N, C, H, W)` by a power of a sum of squares over neighbouring channels, as Lua's Torch did.
 * Windows are cut off at the first and the last channel, but for the first one, which every window contains; the
 * gradient is Torch's too.
 * @throws ValueError for an input of another number of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossMapLRN2d.html
 */
export class CrossMapLRN2d extends Module {
  size: number;
  alpha: number;
  beta: number;
  k: number;

  constructor(...args: Arguments<LocalResponseNormOptions, ['size', 'alpha', 'beta', 'k']>) {
    super();
    const options = cross_map_lrn2d_arguments(args);
    this.size = options.size;
    this.alpha = options.alpha;
    this.beta = options.beta;
    this.k = options.k;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    check_tensor('forward', 'input', input);
    const dimensions = input.dim();
    if (dimensions !== 4) {
      throw new ValueError(`CrossMapLRN2d: Expected input to be 4D, got ${dimensions}D instead.`);
    }
    return cross_map_lrn2d(input, this);
  }

  override extra_repr(): string {
    return `${this.size}, alpha=${str(this.alpha)}, beta=${str(this.beta)}, k=${str(this.k)}`;
  }
}

export interface LayerNormOptions extends FactoryOptions {
  normalized_shape: SizeLike;
  eps?: number;
  elementwise_affine?: boolean;
  bias?: boolean;
}
const layer_norm_arguments = signature<LayerNormOptions>('LayerNorm', [
  'normalized_shape',
  ['eps', 1e-5],
  ['elementwise_affine', true],
  ['bias', true],
  ['device', null],
  ['dtype', null],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LayerNorm {
  (...args: Input): Tensor;
}

/**
 * Gives the last dimensions of each sample mean 0 and variance 1, then multiplies by a weight and adds a bias for each
 * element.
 * @param normalized_shape the sizes of those dimensions; a number for the last one alone
 * @param eps what is added to the variance (default: 1e-5)
 * @param elementwise_affine whether there is a weight to learn (default: true)
 * @param bias whether there is a bias to learn beside the weight (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export class LayerNorm extends Module {
  normalized_shape: number[];
  eps: number;
  elementwise_affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args: Arguments<
      LayerNormOptions,
      ['normalized_shape', 'eps', 'elementwise_affine', 'bias', 'device', 'dtype']
    >
  ) {
    super();
    const options = layer_norm_arguments(args);
    const { elementwise_affine } = options;
    this.normalized_shape = ntuple(options.normalized_shape, 1);
    this.eps = options.eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? empty_parameter(this.normalized_shape, options) : null;
    this.bias = elementwise_affine && options.bias ? empty_parameter(this.normalized_shape, options) : null;
    this.reset_parameters();
  }

  /** Sets the parameters back to where they began: ones and zeros. */
  reset_parameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
    if (this.bias !== null) init.zeros_(this.bias);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps, true);
  }

  override extra_repr(): string {
    return (
      `${str(this.normalized_shape)}, eps=${float_str(this.eps)}, ` +
      `elementwise_affine=${str(this.elementwise_affine)}, bias=${str(this.bias !== null)}`
    );
  }
}

export interface RMSNormOptions extends FactoryOptions {
  normalized_shape: SizeLike;
  eps?: number | null;
  elementwise_affine?: boolean;
}
const rms_norm_arguments = signature<RMSNormOptions>('RMSNorm', [
  'normalized_shape',
  ['eps', null],
  ['elementwise_affine', true],
  ['device', null],
  ['dtype', null],
]);

const rms_norm_forward_arguments = forward_arguments<{ x: Tensor }, ['x']>(['x']);
type RMSNormForwardArguments = ReadBy<typeof rms_norm_forward_arguments>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface RMSNorm {
  (...args: RMSNormForwardArguments): Tensor;
}

/**
 * Divides the last dimensions of each sample by their root mean square, then multiplies by a weight for each element.
 * @param normalized_shape the sizes of those dimensions; a number for the last one alone
 * @param eps what is added to the mean square (default: the smallest step of the input's type at 1)
 * @param elementwise_affine whether there is a weight to learn (default: true)
 * @param device where to make the parameter
 * @param dtype the type of the parameter
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 */
export class RMSNorm extends Module {
  normalized_shape: number[];
  eps: number | null;
  elementwise_affine: boolean;
  weight: Parameter | null;

  constructor(
    ...args: Arguments<RMSNormOptions, ['normalized_shape', 'eps', 'elementwise_affine', 'device', 'dtype']>
  ) {
    super();
    const options = rms_norm_arguments(args);
    this.normalized_shape = ntuple(options.normalized_shape, 1);
    this.eps = options.eps;
    this.elementwise_affine = options.elementwise_affine;
    this.weight = options.elementwise_affine ? empty_parameter(this.normalized_shape, options) : null;
    this.reset_parameters();
  }

  /** Sets the weight back to ones. */
  reset_parameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: RMSNormForwardArguments): Tensor {
    const [input] = rms_norm_forward_arguments(args);
    return aten.rms_norm(input, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    return (
      `${str(this.normalized_shape)}, eps=${float_str(this.eps)}, ` +
      `elementwise_affine=${str(this.elementwise_affine)}`
    );
  }
}

export interface GroupNormOptions extends FactoryOptions {
  num_groups: number;
  num_channels: number;
  eps?: number;
  affine?: boolean;
  bias?: boolean;
}
const group_norm_arguments = signature<GroupNormOptions>(
  'GroupNorm',
  ['num_groups', 'num_channels', ['eps', 1e-5], ['affine', true], ['device', null], ['dtype', null]],
  [['bias', true]],
);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface GroupNorm {
  (...args: Input): Tensor;
}

/**
 * Gives each group of channels of each sample of `(N, C, *)` mean 0 and variance 1, then multiplies by a weight and
 * adds a bias for each channel.
 * @param num_groups into how many groups the channels are divided
 * @param num_channels channels of the input
 * @param eps what is added to the variance (default: 1e-5)
 * @param affine whether there is a weight to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @param bias whether there is a bias to learn beside the weight (default: true; by name only)
 * @throws ValueError if `num_groups` does not divide `num_channels`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 */
export class GroupNorm extends Module {
  num_groups: number;
  num_channels: number;
  eps: number;
  affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args: Arguments<GroupNormOptions, ['num_groups', 'num_channels', 'eps', 'affine', 'device', 'dtype']>
  ) {
    super();
    const options = group_norm_arguments(args);
    const { num_groups, num_channels, affine } = options;
    if (num_channels % num_groups !== 0) {
      throw new ValueError(`num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`);
    }
    this.num_groups = num_groups;
    this.num_channels = num_channels;
    this.eps = options.eps;
    this.affine = affine;
    this.weight = affine ? empty_parameter([num_channels], options) : null;
    this.bias = affine && options.bias ? empty_parameter([num_channels], options) : null;
    this.reset_parameters();
  }

  /** Sets the parameters back to where they began: ones and zeros. */
  reset_parameters(): void {
    if (this.weight !== null) init.ones_(this.weight);
    if (this.bias !== null) init.zeros_(this.bias);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return (
      `${this.num_groups}, ${this.num_channels}, eps=${float_str(this.eps)}, affine=${str(this.affine)}, ` +
      `bias=${str(this.bias !== null)}`
    );
  }
}
