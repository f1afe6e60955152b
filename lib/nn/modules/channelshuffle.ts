import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { Module } from './module.ts';

export interface ChannelShuffleOptions {
  groups: number;
}
const channel_shuffle_arguments = signature<ChannelShuffleOptions>('ChannelShuffle', ['groups']);

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

  override forward(input: Tensor): Tensor {
    return aten.channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return `groups=${this.groups}`;
  }
}
