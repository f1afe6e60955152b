/** "A ConvNet for the 2020s" (Liu et al., 2022). */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, Permute } from '../ops/misc.ts';
import { StochasticDepth } from '../ops/stochastic_depth.ts';
import { type Builder, builder } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  ConvNeXt_Base_Weights,
  ConvNeXt_Large_Weights,
  ConvNeXt_Small_Weights,
  ConvNeXt_Tiny_Weights,
} from './weights/convnext.ts';

/** Layer norm of the channels of images. */
export class LayerNorm2d extends nn.LayerNorm {
  override forward(x: Tensor): Tensor {
    const last = x.permute(0, 2, 3, 1);
    return F.layer_norm(last, this.normalized_shape, this.weight, this.bias, this.eps).permute(0, 3, 1, 2);
  }
}

/** A wide convolution of each channel and two linear layers; the input is added. */
export class CNBlock extends nn.Module {
  block: nn.Sequential;
  layer_scale: nn.Parameter;
  stochastic_depth: StochasticDepth;

  constructor(dim: number, layer_scale: number, stochastic_depth_prob: number, norm_layer: Layer | null = null) {
    super();
    this.block = new nn.Sequential(
      new nn.Conv2d(dim, dim, 7, { padding: 3, groups: dim }),
      new Permute([0, 2, 3, 1]),
      norm_layer === null ? new nn.LayerNorm(dim, { eps: 1e-6 }) : make_layer(norm_layer, dim),
      new nn.Linear(dim, 4 * dim),
      new nn.GELU(),
      new nn.Linear(4 * dim, dim),
      new Permute([0, 3, 1, 2]),
    );
    this.layer_scale = new nn.Parameter(aten.ones([dim, 1, 1]).mul(layer_scale));
    this.stochastic_depth = new StochasticDepth(stochastic_depth_prob, 'row');
  }

  override forward(input: Tensor): Tensor {
    return this.stochastic_depth(this.layer_scale.mul(this.block(input))).add_(input);
  }
}

/** One stage of the network: its channels, those of the next stage, and how many blocks it has. */
export class CNBlockConfig {
  input_channels: number;
  out_channels: number | null;
  num_layers: number;

  constructor(input_channels: number, out_channels: number | null, num_layers: number) {
    this.input_channels = input_channels;
    this.out_channels = out_channels;
    this.num_layers = num_layers;
  }

  toString(): string {
    const { input_channels, out_channels, num_layers } = this;
    return `${type_name(this)}(input_channels=${input_channels}, out_channels=${str(out_channels)}, num_layers=${num_layers})`;
  }
}

/** Arguments of {@link ConvNeXt}. */
export interface ConvNeXtOptions {
  /** The stages. */
  block_setting: readonly CNBlockConfig[];
  /** How likely the last block is to be dropped; those before it less so (default: 0). */
  stochastic_depth_prob?: number;
  /** What blocks scale their outputs by in the beginning (default: 1e-6). */
  layer_scale?: number;
  /** (default: 1000) */
  num_classes?: number;
  /** What stands in for `CNBlock`. */
  block?: Layer | null;
  /** What makes the normalizations. */
  norm_layer?: Layer | null;
}
const parse = signature<ConvNeXtOptions>('ConvNeXt', [
  'block_setting',
  ['stochastic_depth_prob', 0],
  ['layer_scale', 1e-6],
  ['num_classes', 1000],
  ['block', null],
  ['norm_layer', null],
]);

/**
 * A network of convolutions that has learned from transformers: (N, 3, H, W) to (N, num_classes), for images from
 * 32 x 32 on.
 * @throws ValueError for no stages
 * @throws TypeError for something else than stages
 * @see https://docs.pytorch.org/vision/stable/models/convnext.html
 */
export class ConvNeXt extends nn.Module {
  features: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  classifier: nn.Sequential;

  constructor(
    ...args: Arguments<
      ConvNeXtOptions,
      ['block_setting', 'stochastic_depth_prob', 'layer_scale', 'num_classes', 'block', 'norm_layer']
    >
  ) {
    super();
    const options = parse(args);
    const { block_setting: setting, stochastic_depth_prob, layer_scale, num_classes } = options;
    const block = options.block ?? CNBlock;
    const norm_layer = options.norm_layer ?? ((size: number) => new LayerNorm2d(size, { eps: 1e-6 }));
    if (setting === null || setting.length === 0) throw new ValueError('The block_setting should not be empty');
    if (!Array.isArray(setting) || !setting.every((stage) => stage instanceof CNBlockConfig)) {
      throw new TypeError('The block_setting should be List[CNBlockConfig]');
    }
    const patches = { stride: 4, padding: 0, norm_layer, activation_layer: null, bias: true };
    const layers: nn.Module[] = [new Conv2dNormActivation(3, setting[0]!.input_channels, 4, patches)];
    const total = setting.reduce((sum, stage: CNBlockConfig) => sum + stage.num_layers, 0);
    let made = 0;
    for (const { input_channels, out_channels, num_layers } of setting) {
      const stage = Array.from({ length: num_layers }, () =>
        make_layer(block, input_channels, layer_scale, (stochastic_depth_prob * made++) / (total - 1)),
      );
      layers.push(new nn.Sequential(...stage));
      if (out_channels === null) continue;
      layers.push(
        new nn.Sequential(make_layer(norm_layer, input_channels), new nn.Conv2d(input_channels, out_channels, 2, 2)),
      );
    }
    this.features = new nn.Sequential(...layers);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    const last = setting[setting.length - 1]!;
    const channels = last.out_channels ?? last.input_channels;
    this.classifier = new nn.Sequential(
      make_layer(norm_layer, channels),
      new nn.Flatten(1),
      new nn.Linear(channels, num_classes),
    );
    for (const module of this.modules()) {
      if (!(module instanceof nn.Conv2d || module instanceof nn.Linear)) continue;
      nn.init.trunc_normal_(module.weight, { std: 0.02 });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    }
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)));
  }
}

/** What the functions below take. */
export type ConvNeXtBuilderOptions = Omit<ConvNeXtOptions, 'block_setting'>;

function convnext<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  first: number,
  depths: readonly number[],
  stochastic_depth_prob: number,
): Builder<ConvNeXtBuilderOptions, ConvNeXt, K> {
  return builder(name, weights, {
    make: (options: ConvNeXtBuilderOptions) => {
      const setting = depths.map((depth, i) => {
        const channels = first * 2 ** i;
        return new CNBlockConfig(channels, i < depths.length - 1 ? 2 * channels : null, depth);
      });
      return new ConvNeXt(setting, { stochastic_depth_prob, ...options });
    },
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.convnext_tiny.html */
export const convnext_tiny = convnext('convnext_tiny', ConvNeXt_Tiny_Weights, 96, [3, 3, 9, 3], 0.1);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.convnext_small.html */
export const convnext_small = convnext('convnext_small', ConvNeXt_Small_Weights, 96, [3, 3, 27, 3], 0.4);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.convnext_base.html */
export const convnext_base = convnext('convnext_base', ConvNeXt_Base_Weights, 128, [3, 3, 27, 3], 0.5);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.convnext_large.html */
export const convnext_large = convnext('convnext_large', ConvNeXt_Large_Weights, 192, [3, 3, 27, 3], 0.5);

export { ConvNeXt_Base_Weights, ConvNeXt_Large_Weights, ConvNeXt_Small_Weights, ConvNeXt_Tiny_Weights };
