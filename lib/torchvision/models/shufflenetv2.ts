/** "ShuffleNet V2: practical guidelines for efficient CNN architecture design" (Ma et al., 2018). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { type Builder, builder } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  ShuffleNet_V2_X0_5_Weights,
  ShuffleNet_V2_X1_0_Weights,
  ShuffleNet_V2_X1_5_Weights,
  ShuffleNet_V2_X2_0_Weights,
} from './weights/shufflenetv2.ts';

/** Channels of groups that stood side by side, in turns. */
function channel_shuffle(x: Tensor, groups: number): Tensor {
  const [batch, channels, height, width] = x.shape as unknown as [number, number, number, number];
  const grouped = x.view(batch, groups, Math.floor(channels / groups), height, width);
  return grouped.transpose(1, 2).contiguous().view(batch, channels, height, width);
}

/** A convolution of each channel. */
function depthwise(channels: number, stride: number): nn.Conv2d {
  return new nn.Conv2d(channels, channels, 3, { stride, padding: 1, groups: channels, bias: false });
}

/** A convolution of 1 x 1. */
function pointwise(from: number, to: number): nn.Conv2d {
  return new nn.Conv2d(from, to, 1, { bias: false });
}

/** Half of the channels goes through convolutions; with a stride, all of them go through two branches. */
export class InvertedResidual extends nn.Module {
  stride: number;
  branch1: nn.Sequential;
  branch2: nn.Sequential;

  /** @throws ValueError for a stride that is not 1 to 3, and for numbers of channels that do not fit a stride of 1 */
  constructor(inp: number, oup: number, stride: number) {
    super();
    if (!(stride >= 1 && stride <= 3)) throw new ValueError('illegal stride value');
    this.stride = stride;
    const half = Math.floor(oup / 2);
    if (stride === 1 && inp !== half * 2) {
      throw new ValueError(
        `Invalid combination of stride ${str(stride)}, inp ${str(inp)} and oup ${str(oup)} values. If stride == 1 ` +
          'then inp should be equal to oup // 2 << 1.',
      );
    }
    const norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels);
    this.branch1 =
      stride > 1
        ? new nn.Sequential(depthwise(inp, stride), norm(inp), pointwise(inp, half), norm(half), new nn.ReLU(true))
        : new nn.Sequential();
    this.branch2 = new nn.Sequential(
      pointwise(stride > 1 ? inp : half, half),
      norm(half),
      new nn.ReLU(true),
      depthwise(half, stride),
      norm(half),
      pointwise(half, half),
      norm(half),
      new nn.ReLU(true),
    );
  }

  override forward(x: Tensor): Tensor {
    let parts: Tensor[];
    if (this.stride === 1) {
      const [kept, changed] = x.chunk(2, 1) as [Tensor, Tensor];
      parts = [kept, this.branch2(changed)];
    } else {
      parts = [this.branch1(x), this.branch2(x)];
    }
    return channel_shuffle(aten.cat(parts, 1), 2);
  }
}

/** Arguments of {@link ShuffleNetV2}. */
export interface ShuffleNetV2Options {
  /** How many blocks each of the three stages has. */
  stages_repeats: readonly number[];
  /** The channels of the first convolution, the stages and the last convolution. */
  stages_out_channels: readonly number[];
  /** (default: 1000) */
  num_classes?: number;
  /** What stands in for `InvertedResidual`. */
  inverted_residual?: Layer;
}
const parse = signature<ShuffleNetV2Options>('ShuffleNetV2', [
  'stages_repeats',
  'stages_out_channels',
  ['num_classes', 1000],
  ['inverted_residual', InvertedResidual],
]);

/**
 * A small network whose blocks shuffle channels: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError unless there are three stages and five numbers of channels
 * @see https://docs.pytorch.org/vision/stable/models/shufflenetv2.html
 */
export class ShuffleNetV2 extends nn.Module {
  _stage_out_channels: readonly number[];
  conv1: nn.Sequential;
  maxpool: nn.MaxPool2d;
  stage2: nn.Sequential;
  stage3: nn.Sequential;
  stage4: nn.Sequential;
  conv5: nn.Sequential;
  fc: nn.Linear;

  constructor(
    ...args: Arguments<
      ShuffleNetV2Options,
      ['stages_repeats', 'stages_out_channels', 'num_classes', 'inverted_residual']
    >
  ) {
    super();
    const { stages_repeats, stages_out_channels, num_classes, inverted_residual } = parse(args);
    if (stages_repeats.length !== 3) throw new ValueError('expected stages_repeats as list of 3 positive ints');
    if (stages_out_channels.length !== 5) throw new ValueError('expected stages_out_channels as list of 5 positive ints');
    const [first, second, third, fourth, last] = stages_out_channels as [number, number, number, number, number];
    const stage = (from: number, to: number, count: number): nn.Sequential => {
      const blocks = [make_layer(inverted_residual, from, to, 2)];
      while (blocks.length < count) blocks.push(make_layer(inverted_residual, to, to, 1));
      return new nn.Sequential(...blocks);
    };
    this._stage_out_channels = stages_out_channels;
    this.conv1 = new nn.Sequential(
      new nn.Conv2d(3, first, 3, { stride: 2, padding: 1, bias: false }),
      new nn.BatchNorm2d(first),
      new nn.ReLU(true),
    );
    this.maxpool = new nn.MaxPool2d(3, 2, 1);
    this.stage2 = stage(first, second, stages_repeats[0]!);
    this.stage3 = stage(second, third, stages_repeats[1]!);
    this.stage4 = stage(third, fourth, stages_repeats[2]!);
    this.conv5 = new nn.Sequential(pointwise(fourth, last), new nn.BatchNorm2d(last), new nn.ReLU(true));
    this.fc = new nn.Linear(last, num_classes);
  }

  override forward(x: Tensor): Tensor {
    const stem = this.maxpool(this.conv1(x)) as Tensor;
    const features = this.conv5(this.stage4(this.stage3(this.stage2(stem))));
    return this.fc(features.mean([2, 3]));
  }
}

/** What the functions below take. */
export type ShuffleNetV2BuilderOptions = Omit<ShuffleNetV2Options, 'stages_repeats' | 'stages_out_channels'>;

function shufflenetv2<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  stages_out_channels: readonly number[],
): Builder<ShuffleNetV2BuilderOptions, ShuffleNetV2, K> {
  return builder(name, weights, {
    make: (options: ShuffleNetV2BuilderOptions) => new ShuffleNetV2([4, 8, 4], stages_out_channels, options),
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.shufflenet_v2_x0_5.html */
export const shufflenet_v2_x0_5 = shufflenetv2(
  'shufflenet_v2_x0_5',
  ShuffleNet_V2_X0_5_Weights,
  [24, 48, 96, 192, 1024],
);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.shufflenet_v2_x1_0.html */
export const shufflenet_v2_x1_0 = shufflenetv2(
  'shufflenet_v2_x1_0',
  ShuffleNet_V2_X1_0_Weights,
  [24, 116, 232, 464, 1024],
);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.shufflenet_v2_x1_5.html */
export const shufflenet_v2_x1_5 = shufflenetv2(
  'shufflenet_v2_x1_5',
  ShuffleNet_V2_X1_5_Weights,
  [24, 176, 352, 704, 1024],
);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.shufflenet_v2_x2_0.html */
export const shufflenet_v2_x2_0 = shufflenetv2(
  'shufflenet_v2_x2_0',
  ShuffleNet_V2_X2_0_Weights,
  [24, 244, 488, 976, 2048],
);

export {
  ShuffleNet_V2_X0_5_Weights,
  ShuffleNet_V2_X1_0_Weights,
  ShuffleNet_V2_X1_5_Weights,
  ShuffleNet_V2_X2_0_Weights,
};
