/**
 * Layers that put random zeros in place of elements in training mode, and let everything through in evaluation mode.
 * What is left is made larger, so that the expected sum stays the same.
 * @see https://docs.pytorch.org/docs/stable/nn.html#dropout-layers
 */
import type { Arguments } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';

export interface DropoutOptions {
  p?: number;
  inplace?: boolean;
}

const dropout_arguments = signature<DropoutOptions>('Dropout', [
  ['p', 0.5],
  ['inplace', false],
]);

/** What all dropout layers have in common. */
export abstract class _DropoutNd extends Module {
  p: number;
  inplace: boolean;

  /**
   * @param p the probability of each element, or channel, to become zero (default: 0.5)
   * @param inplace overwrite the input (default: false)
   * @throws ValueError if `p` is not between 0 and 1
   */
  constructor(...args: Arguments<DropoutOptions, ['p', 'inplace']>) {
    super();
    const { p, inplace } = dropout_arguments(args);
    if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${float_str(p)}`);
    this.p = p;
    this.inplace = inplace;
  }

  override extra_repr(): string {
    return `p=${float_str(this.p)}, inplace=${str(this.inplace)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Dropout {
  (...args: Input): Tensor;
}

/**
 * Zeroes single elements.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.dropout_(input, this.p, this.training) : aten.dropout(input, this.p, this.training);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Dropout1d {
  (...args: Input): Tensor;
}

/**
 * Zeroes whole channels of `(N, C, L)` or `(C, L)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html
 */
export class Dropout1d extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Dropout2d {
  (...args: Input): Tensor;
}

/**
 * Zeroes whole channels of `(N, C, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
 */
export class Dropout2d extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Dropout3d {
  (...args: Input): Tensor;
}

/**
 * Zeroes whole channels of `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html
 */
export class Dropout3d extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AlphaDropout {
  (...args: Input): Tensor;
}

/**
 * Keeps mean and variance of inputs with mean 0 and variance 1, for use with `SELU`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html
 */
export class AlphaDropout extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.alpha_dropout(input, this.p, this.training);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface FeatureAlphaDropout {
  (...args: Input): Tensor;
}

/**
 * As `AlphaDropout`, for whole channels.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html
 */
export class FeatureAlphaDropout extends _DropoutNd {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.feature_alpha_dropout(input, this.p, this.training);
  }
}
