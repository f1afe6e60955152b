/** EfficientNet (Tan and Le, 2019) and EfficientNetV2 (Tan and Le, 2021). */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.ts';
import { StochasticDepth } from '../ops/stochastic_depth.ts';
import { type Builder, builder } from './_builder.ts';
import { init_mobile } from './_init.ts';
import { make_divisible } from './_utils.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  EfficientNet_B0_Weights,
  EfficientNet_B1_Weights,
  EfficientNet_B2_Weights,
  EfficientNet_B3_Weights,
  EfficientNet_B4_Weights,
  EfficientNet_B5_Weights,
  EfficientNet_B6_Weights,
  EfficientNet_B7_Weights,
  EfficientNet_V2_L_Weights,
  EfficientNet_V2_M_Weights,
  EfficientNet_V2_S_Weights,
} from './weights/efficientnet.ts';

/** One stage of the network. */
export class _MBConvConfig {
  /** How many times as many channels a block has inside. */
  expand_ratio: number;
  kernel: number;
  stride: number;
  input_channels: number;
  out_channels: number;
  num_layers: number;
  /** What makes a block. */
  block: Layer;

  constructor(
    expand_ratio: number,
    kernel: number,
    stride: number,
    input_channels: number,
    out_channels: number,
    num_layers: number,
    block: Layer,
  ) {
    this.expand_ratio = expand_ratio;
    this.kernel = kernel;
    this.stride = stride;
    this.input_channels = input_channels;
    this.out_channels = out_channels;
    this.num_layers = num_layers;
    this.block = block;
  }

  /** So many times as many channels, as a multiple of 8. */
  static adjust_channels(channels: number, width_mult: number): number {
    return make_divisible(channels * width_mult, 8);
  }
}

/** A stage of {@link MBConv}. */
export class MBConvConfig extends _MBConvConfig {
  constructor(
    expand_ratio: number,
    kernel: number,
    stride: number,
    input_channels: number,
    out_channels: number,
    num_layers: number,
    width_mult = 1,
    depth_mult = 1,
    block: Layer | null = null,
  ) {
    super(
      expand_ratio,
      kernel,
      stride,
      _MBConvConfig.adjust_channels(input_channels, width_mult),
      _MBConvConfig.adjust_channels(out_channels, width_mult),
      MBConvConfig.adjust_depth(num_layers, depth_mult),
      block ?? MBConv,
    );
  }

  /** So many times as many blocks. */
  static adjust_depth(num_layers: number, depth_mult: number): number {
    return Math.ceil(num_layers * depth_mult);
  }
}

/** A stage of {@link FusedMBConv}. */
export class FusedMBConvConfig extends _MBConvConfig {
  constructor(
    expand_ratio: number,
    kernel: number,
    stride: number,
    input_channels: number,
    out_channels: number,
    num_layers: number,
    block: Layer | null = null,
  ) {
    super(expand_ratio, kernel, stride, input_channels, out_channels, num_layers, block ?? FusedMBConv);
  }
}

/** What both kinds of blocks share: the input is added to the output where it has the same shape, or dropped. */
abstract class Residual extends nn.Module {
  use_res_connect: boolean;
  block: nn.Sequential;
  stochastic_depth: StochasticDepth;
  out_channels: number;

  /**
   * @param layers makes the layers, for so many channels inside
   * @throws ValueError for a stride that is neither 1 nor 2
   */
  constructor(cnf: _MBConvConfig, stochastic_depth_prob: number, layers: (expanded_channels: number) => nn.Module[]) {
    super();
    if (!(cnf.stride >= 1 && cnf.stride <= 2)) throw new ValueError('illegal stride value');
    this.use_res_connect = cnf.stride === 1 && cnf.input_channels === cnf.out_channels;
    this.block = new nn.Sequential(...layers(_MBConvConfig.adjust_channels(cnf.input_channels, cnf.expand_ratio)));
    this.stochastic_depth = new StochasticDepth(stochastic_depth_prob, 'row');
    this.out_channels = cnf.out_channels;
  }

  override forward(input: Tensor): Tensor {
    const result = this.block(input);
    return this.use_res_connect ? this.stochastic_depth(result).add_(input) : result;
  }
}

/** More channels, a convolution of each channel, their scales, fewer channels. */
export class MBConv extends Residual {
  constructor(
    cnf: MBConvConfig,
    stochastic_depth_prob: number,
    norm_layer: Layer,
    se_layer: Layer = SqueezeExcitation,
  ) {
    const { input_channels, out_channels, kernel, stride } = cnf;
    const shared = { norm_layer, activation_layer: nn.SiLU };
    super(cnf, stochastic_depth_prob, (expanded) => {
      const layers: nn.Module[] = [];
      if (expanded !== input_channels) layers.push(new Conv2dNormActivation(input_channels, expanded, 1, shared));
      layers.push(
        new Conv2dNormActivation(expanded, expanded, kernel, { stride, groups: expanded, ...shared }),
        make_layer(se_layer, expanded, Math.max(1, Math.floor(input_channels / 4)), {
          activation: () => new nn.SiLU(true),
        }),
        new Conv2dNormActivation(expanded, out_channels, 1, { norm_layer, activation_layer: null }),
      );
      return layers;
    });
  }
}

/** A convolution to more channels, and one of 1 x 1 to fewer. */
export class FusedMBConv extends Residual {
  constructor(cnf: FusedMBConvConfig, stochastic_depth_prob: number, norm_layer: Layer) {
    const { input_channels, out_channels, kernel, stride } = cnf;
    const shared = { norm_layer, activation_layer: nn.SiLU };
    super(cnf, stochastic_depth_prob, (expanded) =>
      expanded === input_channels
        ? [new Conv2dNormActivation(input_channels, out_channels, kernel, { stride, ...shared })]
        : [
            new Conv2dNormActivation(input_channels, expanded, kernel, { stride, ...shared }),
            new Conv2dNormActivation(expanded, out_channels, 1, { norm_layer, activation_layer: null }),
          ],
    );
  }
}

/** Arguments of {@link EfficientNet}. */
export interface EfficientNetOptions {
  /** The stages. */
  inverted_residual_setting: readonly _MBConvConfig[];
  dropout: number;
  /** How likely the last block is to be dropped; those before it less so (default: 0.2). */
  stochastic_depth_prob?: number;
  /** (default: 1000) */
  num_classes?: number;
  /** What makes the normalizations (default: `nn.BatchNorm2d`). */
  norm_layer?: Layer | null;
  /** How many features come before the last layer; four times the last stage's if null (default: null). */
  last_channel?: number | null;
}
const parse = signature<EfficientNetOptions>('EfficientNet', [
  'inverted_residual_setting',
  'dropout',
  ['stochastic_depth_prob', 0.2],
  ['num_classes', 1000],
  ['norm_layer', null],
  ['last_channel', null],
]);

/** The blocks of one stage. */
function stage_of(cnf: _MBConvConfig, norm_layer: Layer, dropped: () => number): nn.Sequential {
  const later = Object.assign(Object.create(_MBConvConfig.prototype) as _MBConvConfig, cnf);
  later.input_channels = cnf.out_channels;
  later.stride = 1;
  const blocks = Array.from({ length: cnf.num_layers }, (_, i) =>
    make_layer(cnf.block, i === 0 ? cnf : later, dropped(), norm_layer),
  );
  return new nn.Sequential(...blocks);
}

/**
 * A network whose depth and width were balanced: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError for no stages
 * @throws TypeError for something else than stages
 * @see https://docs.pytorch.org/vision/stable/models/efficientnet.html
 */
export class EfficientNet extends nn.Module {
  features: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  classifier: nn.Sequential;

  constructor(
    ...args: Arguments<
      EfficientNetOptions,
      [
        'inverted_residual_setting',
        'dropout',
        'stochastic_depth_prob',
        'num_classes',
        'norm_layer',
        'last_channel',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { inverted_residual_setting: setting, dropout, stochastic_depth_prob, num_classes } = options;
    const norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    if (setting === null || setting.length === 0) throw new ValueError('The inverted_residual_setting should not be empty');
    if (!Array.isArray(setting) || !setting.every((stage) => stage instanceof _MBConvConfig)) {
      throw new TypeError('The inverted_residual_setting should be List[MBConvConfig]');
    }
    const total = setting.reduce((sum, stage: _MBConvConfig) => sum + stage.num_layers, 0);
    let made = 0;
    const dropped = (): number => (stochastic_depth_prob * made++) / total;
    const shared = { norm_layer, activation_layer: nn.SiLU };
    const last_input = setting[setting.length - 1]!.out_channels;
    const last_output = options.last_channel ?? 4 * last_input;
    this.features = new nn.Sequential(
      new Conv2dNormActivation(3, setting[0]!.input_channels, 3, { stride: 2, ...shared }),
      ...setting.map((stage) => stage_of(stage, norm_layer, dropped)),
      new Conv2dNormActivation(last_input, last_output, 1, shared),
    );
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.classifier = new nn.Sequential(new nn.Dropout(dropout, true), new nn.Linear(last_output, num_classes));
    init_mobile(this, (linear) => {
      const range = 1 / Math.sqrt(linear.out_features);
      nn.init.uniform_(linear.weight, -range, range);
    });
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }
}

/** What the functions below take. */
export type EfficientNetBuilderOptions = Partial<Omit<EfficientNetOptions, 'inverted_residual_setting' | 'last_channel'>>;

function efficientnet<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  settings: () => _MBConvConfig[],
  defaults: EfficientNetBuilderOptions & { dropout: number },
  last_channel: number | null,
): Builder<EfficientNetBuilderOptions, EfficientNet, K> {
  return builder(name, weights, {
    make: (options: EfficientNetBuilderOptions) =>
      new EfficientNet({ ...defaults, ...options, inverted_residual_setting: settings(), last_channel }),
  });
}

/** Batch norm that looks further back, for the larger networks. */
const slow_batch_norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.01 });
const batch_norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { eps: 0.001 });

/** Expansion, window, stride, channels in and out, blocks. */
type Row = readonly [number, number, number, number, number, number];

/** Table 1 of the first paper. */
const first_version: readonly Row[] = [
  [1, 3, 1, 32, 16, 1],
  [6, 3, 2, 16, 24, 2],
  [6, 5, 2, 24, 40, 2],
  [6, 3, 2, 40, 80, 3],
  [6, 5, 1, 80, 112, 3],
  [6, 5, 2, 112, 192, 4],
  [6, 3, 1, 192, 320, 1],
];

function b<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  width_mult: number,
  depth_mult: number,
  defaults: EfficientNetBuilderOptions & { dropout: number },
): Builder<EfficientNetBuilderOptions, EfficientNet, K> {
  const settings = (): MBConvConfig[] => first_version.map((row) => new MBConvConfig(...row, width_mult, depth_mult));
  return efficientnet(name, weights, settings, defaults, null);
}

function v2<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  fused: readonly Row[],
  others: readonly Row[],
  dropout: number,
): Builder<EfficientNetBuilderOptions, EfficientNet, K> {
  const settings = (): _MBConvConfig[] => [
    ...fused.map((row) => new FusedMBConvConfig(...row)),
    ...others.map((row) => new MBConvConfig(...row)),
  ];
  return efficientnet(name, weights, settings, { dropout, norm_layer: batch_norm }, 1280);
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b0.html */
export const efficientnet_b0 = b('efficientnet_b0', EfficientNet_B0_Weights, 1, 1, { dropout: 0.2 });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b1.html */
export const efficientnet_b1 = b('efficientnet_b1', EfficientNet_B1_Weights, 1, 1.1, { dropout: 0.2 });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b2.html */
export const efficientnet_b2 = b('efficientnet_b2', EfficientNet_B2_Weights, 1.1, 1.2, { dropout: 0.3 });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b3.html */
export const efficientnet_b3 = b('efficientnet_b3', EfficientNet_B3_Weights, 1.2, 1.4, { dropout: 0.3 });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b4.html */
export const efficientnet_b4 = b('efficientnet_b4', EfficientNet_B4_Weights, 1.4, 1.8, { dropout: 0.4 });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b5.html */
export const efficientnet_b5 = b('efficientnet_b5', EfficientNet_B5_Weights, 1.6, 2.2, {
  dropout: 0.4,
  norm_layer: slow_batch_norm,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b6.html */
export const efficientnet_b6 = b('efficientnet_b6', EfficientNet_B6_Weights, 1.8, 2.6, {
  dropout: 0.5,
  norm_layer: slow_batch_norm,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_b7.html */
export const efficientnet_b7 = b('efficientnet_b7', EfficientNet_B7_Weights, 2, 3.1, {
  dropout: 0.5,
  norm_layer: slow_batch_norm,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_v2_s.html */
export const efficientnet_v2_s = v2(
  'efficientnet_v2_s',
  EfficientNet_V2_S_Weights,
  [
    [1, 3, 1, 24, 24, 2],
    [4, 3, 2, 24, 48, 4],
    [4, 3, 2, 48, 64, 4],
  ],
  [
    [4, 3, 2, 64, 128, 6],
    [6, 3, 1, 128, 160, 9],
    [6, 3, 2, 160, 256, 15],
  ],
  0.2,
);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_v2_m.html */
export const efficientnet_v2_m = v2(
  'efficientnet_v2_m',
  EfficientNet_V2_M_Weights,
  [
    [1, 3, 1, 24, 24, 3],
    [4, 3, 2, 24, 48, 5],
    [4, 3, 2, 48, 80, 5],
  ],
  [
    [4, 3, 2, 80, 160, 7],
    [6, 3, 1, 160, 176, 14],
    [6, 3, 2, 176, 304, 18],
    [6, 3, 1, 304, 512, 5],
  ],
  0.3,
);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.efficientnet_v2_l.html */
export const efficientnet_v2_l = v2(
  'efficientnet_v2_l',
  EfficientNet_V2_L_Weights,
  [
    [1, 3, 1, 32, 32, 4],
    [4, 3, 2, 32, 64, 7],
    [4, 3, 2, 64, 96, 7],
  ],
  [
    [4, 3, 2, 96, 192, 10],
    [6, 3, 1, 192, 224, 19],
    [6, 3, 2, 224, 384, 25],
    [6, 3, 1, 384, 640, 7],
  ],
  0.4,
);

export {
  EfficientNet_B0_Weights,
  EfficientNet_B1_Weights,
  EfficientNet_B2_Weights,
  EfficientNet_B3_Weights,
  EfficientNet_B4_Weights,
  EfficientNet_B5_Weights,
  EfficientNet_B6_Weights,
  EfficientNet_B7_Weights,
  EfficientNet_V2_L_Weights,
  EfficientNet_V2_M_Weights,
  EfficientNet_V2_S_Weights,
};
