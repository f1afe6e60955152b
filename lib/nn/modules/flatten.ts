import type { Arguments } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';

export interface FlattenOptions {
  start_dim?: number;
  end_dim?: number;
}
const flatten_arguments = signature<FlattenOptions>('Flatten', [
  ['start_dim', 1],
  ['end_dim', -1],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Flatten {
  (...args: Input): Tensor;
}

/**
 * Makes one dimension out of several: `(N, C, H, W)` becomes `(N, C·H·W)`.
 * @param start_dim the first of them (default: 1)
 * @param end_dim the last of them (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 */
export class Flatten extends Module {
  start_dim: number;
  end_dim: number;

  constructor(...args: Arguments<FlattenOptions, ['start_dim', 'end_dim']>) {
    super();
    const options = flatten_arguments(args);
    this.start_dim = options.start_dim;
    this.end_dim = options.end_dim;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.flatten(input, this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`;
  }
}

export interface UnflattenOptions {
  dim: number;
  unflattened_size: readonly number[];
}
const unflatten_arguments = signature<UnflattenOptions>('Unflatten', ['dim', 'unflattened_size']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Unflatten {
  (...args: Input): Tensor;
}

/**
 * Makes several dimensions out of one.
 * @param dim the dimension
 * @param unflattened_size the sizes of what it becomes; one of them may be -1 and is then worked out
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
 */
export class Unflatten extends Module {
  dim: number;
  unflattened_size: readonly number[];

  constructor(...args: Arguments<UnflattenOptions, ['dim', 'unflattened_size']>) {
    super();
    const { dim, unflattened_size } = unflatten_arguments(args);
    if (!Array.isArray(unflattened_size)) {
      throw new TypeError(
        `unflattened_size must be a tuple of ints, but found type ${type_name(unflattened_size)}`,
      );
    }
    for (const [place, size] of unflattened_size.entries()) {
      if (Number.isInteger(size)) continue;
      throw new TypeError(
        `unflattened_size must be tuple of ints, but found element of type ${type_name(size)} at pos ${place}`,
      );
    }
    this.dim = dim;
    this.unflattened_size = unflattened_size;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.unflatten(input, this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${str(this.unflattened_size)}`;
  }
}
