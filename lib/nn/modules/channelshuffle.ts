import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { Module } from './module.ts';

export interface ChannelShuffleOptions {
  groups: number;
}
const channel_shuffle_arguments = signature<ChannelShuffleOptions>('ChannelShuffle', ['groups']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ChannelShuffle {
  (...args: Input): Tensor;
}

/**
 * Puts the channels of `(N, C, *)` in another order, one of each group in turn.
 * @param groups into how many groups they are divided
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
 */
export class ChannelShuffle extends Module {
  groups: number;

  constructor(...args: Arguments<ChannelShuffleOptions, ['groups']>) {
    super();
    this.groups = channel_shuffle_arguments(args).groups;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return `groups=${this.groups}`;
  }
}
