/**
 * Layers that put something around their input. The padding is one number for all sides, or two for each dimension,
 * before and after, the last dimension first: `[left, right]`, `[left, right, top, bottom]`,
 * `[left, right, top, bottom, front, back]`. Negative numbers take away.
 * @see https://docs.pytorch.org/docs/stable/nn.html#padding-layers
 */
import type { Arguments } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor } from '../checked_arguments.ts';
import { family } from './family.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';
import { ntuple } from './sizes.ts';
import type { SizeLike } from './sizes.ts';

export interface PaddingOptions {
  padding: SizeLike;
}
export type PaddingArguments = Arguments<PaddingOptions, ['padding']>;
const padding_arguments = family<PaddingOptions>(['padding']);

export interface ConstantPadOptions extends PaddingOptions {
  value: number;
}
export type ConstantPadArguments = Arguments<ConstantPadOptions, ['padding', 'value']>;
const constant_padding_arguments = family<ConstantPadOptions>(['padding', 'value']);

/** What all padding layers have in common. */
abstract class PadNd extends Module {
  padding: number[];

  constructor(dimensions: number, padding: SizeLike) {
    super();
    this.padding = ntuple(padding, 2 * dimensions);
  }

  override extra_repr(): string {
    return repr(this.padding);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _CircularPadNd {
  (...args: Input): Tensor;
}

/** What the layers that pad with the input's other end have in common. */
export abstract class _CircularPadNd extends PadNd {
  constructor(dimensions: number, args: readonly unknown[]) {
    super(dimensions, padding_arguments(new.target.name, args).padding);
  }

  /** @throws ValueError for an input of another number of dimensions than the layer takes */
  _check_input_dim(input: Tensor): void {
    check_tensor('forward', 'input', input);
    const dimensions = input.dim();
    const spatial = this._dimensions;
    if (dimensions !== spatial + 1 && dimensions !== spatial + 2) {
      throw new ValueError(`expected ${spatial + 1}D or ${spatial + 2}D input (got ${dimensions}D input)`);
    }
  }

  protected abstract get _dimensions(): number;

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    this._check_input_dim(input);
    return aten.pad(input, this.padding, 'circular');
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _ConstantPadNd {
  (...args: Input): Tensor;
}

/** What the layers that pad with a number have in common. */
export abstract class _ConstantPadNd extends PadNd {
  value: number;

  constructor(dimensions: number, padding: SizeLike, value: number) {
    super(dimensions, padding);
    this.value = value;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.pad(input, this.padding, 'constant', this.value);
  }

  override extra_repr(): string {
    return `padding=${repr(this.padding)}, value=${repr(this.value)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _ReflectionPadNd {
  (...args: Input): Tensor;
}

/** What the layers that pad with the mirrored input have in common. */
export abstract class _ReflectionPadNd extends PadNd {
  constructor(dimensions: number, args: readonly unknown[]) {
    super(dimensions, padding_arguments(new.target.name, args).padding);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.pad(input, this.padding, 'reflect');
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _ReplicationPadNd {
  (...args: Input): Tensor;
}

/** What the layers that pad with the input's edge have in common. */
export abstract class _ReplicationPadNd extends PadNd {
  constructor(dimensions: number, args: readonly unknown[]) {
    super(dimensions, padding_arguments(new.target.name, args).padding);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.pad(input, this.padding, 'replicate');
  }
}

/**
 * Pads `(N, C, L)` or `(C, L)` with what is at its other end.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html
 */
export class CircularPad1d extends _CircularPadNd {
  constructor(...args: PaddingArguments) {
    super(1, args);
  }

  protected override get _dimensions(): number {
    return 1;
  }
}

/**
 * Pads `(N, C, H, W)` or `(C, H, W)` with what is at its other end.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html
 */
export class CircularPad2d extends _CircularPadNd {
  constructor(...args: PaddingArguments) {
    super(2, args);
  }

  protected override get _dimensions(): number {
    return 2;
  }
}

/**
 * Pads `(N, C, D, H, W)` or `(C, D, H, W)` with what is at its other end.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html
 */
export class CircularPad3d extends _CircularPadNd {
  constructor(...args: PaddingArguments) {
    super(3, args);
  }

  protected override get _dimensions(): number {
    return 3;
  }
}

/**
 * Pads `(N, C, L)` or `(C, L)` with a number.
 * @param padding one number, or one before and one after
 * @param value the number
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html
 */
export class ConstantPad1d extends _ConstantPadNd {
  constructor(...args: ConstantPadArguments) {
    const { padding, value } = constant_padding_arguments(new.target.name, args);
    super(1, padding, value);
  }
}

/**
 * Pads `(N, C, H, W)` or `(C, H, W)` with a number.
 * @param padding one number, or `[left, right, top, bottom]`
 * @param value the number
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
 */
export class ConstantPad2d extends _ConstantPadNd {
  constructor(...args: ConstantPadArguments) {
    const { padding, value } = constant_padding_arguments(new.target.name, args);
    super(2, padding, value);
  }
}

/**
 * Pads `(N, C, D, H, W)` or `(C, D, H, W)` with a number.
 * @param padding one number, or `[left, right, top, bottom, front, back]`
 * @param value the number
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html
 */
export class ConstantPad3d extends _ConstantPadNd {
  constructor(...args: ConstantPadArguments) {
    const { padding, value } = constant_padding_arguments(new.target.name, args);
    super(3, padding, value);
  }
}

/**
 * Pads `(N, C, L)` or `(C, L)` with its mirror image, without repeating the edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
 */
export class ReflectionPad1d extends _ReflectionPadNd {
  constructor(...args: PaddingArguments) {
    super(1, args);
  }
}

/**
 * Pads `(N, C, H, W)` or `(C, H, W)` with its mirror image, without repeating the edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 */
export class ReflectionPad2d extends _ReflectionPadNd {
  constructor(...args: PaddingArguments) {
    super(2, args);
  }
}

/**
 * Pads `(N, C, D, H, W)` or `(C, D, H, W)` with its mirror image, without repeating the edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html
 */
export class ReflectionPad3d extends _ReflectionPadNd {
  constructor(...args: PaddingArguments) {
    super(3, args);
  }
}

/**
 * Pads `(N, C, L)` or `(C, L)` with its edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
 */
export class ReplicationPad1d extends _ReplicationPadNd {
  constructor(...args: PaddingArguments) {
    super(1, args);
  }
}

/**
 * Pads `(N, C, H, W)` or `(C, H, W)` with its edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 */
export class ReplicationPad2d extends _ReplicationPadNd {
  constructor(...args: PaddingArguments) {
    super(2, args);
  }
}

/**
 * Pads `(N, C, D, H, W)` or `(C, D, H, W)` with its edge.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html
 */
export class ReplicationPad3d extends _ReplicationPadNd {
  constructor(...args: PaddingArguments) {
    super(3, args);
  }
}

/**
 * Pads `(N, C, L)` or `(C, L)` with zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html
 */
export class ZeroPad1d extends ConstantPad1d {
  constructor(...args: PaddingArguments) {
    super(padding_arguments(new.target.name, args).padding, 0);
  }

  override extra_repr(): string {
    return repr(this.padding);
  }
}

/**
 * Pads `(N, C, H, W)` or `(C, H, W)` with zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
 */
export class ZeroPad2d extends ConstantPad2d {
  constructor(...args: PaddingArguments) {
    super(padding_arguments(new.target.name, args).padding, 0);
  }

  override extra_repr(): string {
    return repr(this.padding);
  }
}

/**
 * Pads `(N, C, D, H, W)` or `(C, D, H, W)` with zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html
 */
export class ZeroPad3d extends ConstantPad3d {
  constructor(...args: PaddingArguments) {
    super(padding_arguments(new.target.name, args).padding, 0);
  }

  override extra_repr(): string {
    return repr(this.padding);
  }
}
