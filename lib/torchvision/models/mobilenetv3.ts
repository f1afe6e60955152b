/** "Searching for MobileNetV3" (Howard et al., 2019). */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.ts';
import { type Builder, builder } from './_builder.ts';
import { init_mobile } from './_init.ts';
import { make_divisible } from './_utils.ts';
import type { WeightsEnumOf } from './_weights.ts';
import { MobileNet_V3_Large_Weights, MobileNet_V3_Small_Weights } from './weights/mobilenetv3.ts';

/** The activations of the paper: ReLU and hard swish. */
export type MobileNetV3Activation = 'RE' | 'HS';

/** One row of the paper's tables. */
export class InvertedResidualConfig {
  input_channels: number;
  kernel: number;
  expanded_channels: number;
  out_channels: number;
  use_se: boolean;
  use_hs: boolean;
  stride: number;
  dilation: number;

  constructor(
    input_channels: number,
    kernel: number,
    expanded_channels: number,
    out_channels: number,
    use_se: boolean,
    activation: MobileNetV3Activation,
    stride: number,
    dilation: number,
    width_mult: number,
  ) {
    this.input_channels = InvertedResidualConfig.adjust_channels(input_channels, width_mult);
    this.kernel = kernel;
    this.expanded_channels = InvertedResidualConfig.adjust_channels(expanded_channels, width_mult);
    this.out_channels = InvertedResidualConfig.adjust_channels(out_channels, width_mult);
    this.use_se = use_se;
    this.use_hs = activation === 'HS';
    this.stride = stride;
    this.dilation = dilation;
  }

  /** So many times as many channels, as a multiple of 8. */
  static adjust_channels(channels: number, width_mult: number): number {
    return make_divisible(channels * width_mult, 8);
  }
}

/** What scales the channels of a block. */
const scaled_by_hardsigmoid = (channels: number, squeezed: number): SqueezeExcitation =>
  new SqueezeExcitation(channels, squeezed, { scale_activation: nn.Hardsigmoid });

/** More channels, a convolution of each channel, their scales, fewer channels. */
export class InvertedResidual extends nn.Module {
  use_res_connect: boolean;
  block: nn.Sequential;
  out_channels: number;
  _is_cn: boolean;

  /** @throws ValueError for a stride that is neither 1 nor 2 */
  constructor(cnf: InvertedResidualConfig, norm_layer: Layer, se_layer: Layer = scaled_by_hardsigmoid) {
    super();
    if (!(cnf.stride >= 1 && cnf.stride <= 2)) throw new ValueError('illegal stride value');
    const { input_channels, expanded_channels, out_channels, dilation } = cnf;
    this.use_res_connect = cnf.stride === 1 && input_channels === out_channels;
    const shared = { norm_layer, activation_layer: cnf.use_hs ? nn.Hardswish : nn.ReLU };
    const layers: nn.Module[] = [];
    if (expanded_channels !== input_channels) {
      layers.push(new Conv2dNormActivation(input_channels, expanded_channels, 1, shared));
    }
    layers.push(
      new Conv2dNormActivation(expanded_channels, expanded_channels, cnf.kernel, {
        stride: dilation > 1 ? 1 : cnf.stride,
        dilation,
        groups: expanded_channels,
        ...shared,
      }),
    );
    if (cnf.use_se) {
      const squeezed = make_divisible(Math.floor(expanded_channels / 4), 8);
      layers.push(make_layer(se_layer, expanded_channels, squeezed));
    }
    layers.push(new Conv2dNormActivation(expanded_channels, out_channels, 1, { norm_layer, activation_layer: null }));
    this.block = new nn.Sequential(...layers);
    this.out_channels = out_channels;
    this._is_cn = cnf.stride > 1;
  }

  override forward(input: Tensor): Tensor {
    const result = this.block(input);
    return this.use_res_connect ? result.add_(input) : result;
  }
}

/** Arguments of {@link MobileNetV3}. */
export interface MobileNetV3Options {
  /** The blocks. */
  inverted_residual_setting: readonly InvertedResidualConfig[];
  /** How many features come before the last layer. */
  last_channel: number;
  /** (default: 1000) */
  num_classes?: number;
  /** What stands in for `InvertedResidual`. */
  block?: Layer | null;
  /** What makes the normalizations. */
  norm_layer?: Layer | null;
  /** (default: 0.2) */
  dropout?: number;
}
const parse = signature<MobileNetV3Options>('MobileNetV3', [
  'inverted_residual_setting',
  'last_channel',
  ['num_classes', 1000],
  ['block', null],
  ['norm_layer', null],
  ['dropout', 0.2],
]);

/** The batch norm of the paper. */
const slow_batch_norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { eps: 0.001, momentum: 0.01 });

/**
 * A small network for telephones: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError for no blocks
 * @throws TypeError for something else than blocks
 * @see https://docs.pytorch.org/vision/stable/models/mobilenetv3.html
 */
export class MobileNetV3 extends nn.Module {
  features: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  classifier: nn.Sequential;

  constructor(
    ...args: Arguments<
      MobileNetV3Options,
      ['inverted_residual_setting', 'last_channel', 'num_classes', 'block', 'norm_layer', 'dropout']
    >
  ) {
    super();
    const options = parse(args);
    const { inverted_residual_setting: setting, last_channel, num_classes, dropout } = options;
    const block = options.block ?? InvertedResidual;
    const norm_layer = options.norm_layer ?? slow_batch_norm;
    if (setting === null || setting.length === 0) throw new ValueError('The inverted_residual_setting should not be empty');
    if (!Array.isArray(setting) || !setting.every((row) => row instanceof InvertedResidualConfig)) {
      throw new TypeError('The inverted_residual_setting should be List[InvertedResidualConfig]');
    }
    const shared = { norm_layer, activation_layer: nn.Hardswish };
    const last_input = setting[setting.length - 1]!.out_channels;
    const last_output = 6 * last_input;
    this.features = new nn.Sequential(
      new Conv2dNormActivation(3, setting[0]!.input_channels, 3, { stride: 2, ...shared }),
      ...setting.map((row) => make_layer(block, row, norm_layer)),
      new Conv2dNormActivation(last_input, last_output, 1, shared),
    );
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.classifier = new nn.Sequential(
      new nn.Linear(last_output, last_channel),
      new nn.Hardswish(true),
      new nn.Dropout(dropout, true),
      new nn.Linear(last_channel, num_classes),
    );
    init_mobile(this, (linear) => nn.init.normal_(linear.weight, 0, 0.01));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }
}

/** What the functions below take. */
export interface MobileNetV3BuilderOptions extends Omit<MobileNetV3Options, 'inverted_residual_setting' | 'last_channel'> {
  /** How many times as many channels as usual (default: 1). */
  width_mult?: number;
  /** Half the channels in the last stage (default: false)? */
  reduced_tail?: boolean;
  /** Dilate the last stage instead of making the image smaller (default: false)? */
  dilated?: boolean;
}

/** A row of the tables in the paper. */
type Row = readonly [
  input: number,
  kernel: number,
  expanded: number,
  output: number,
  se: boolean,
  activation: MobileNetV3Activation,
  stride: number,
];

/** Tables 1 and 2 of the paper, up to the last stage. */
const tables: Readonly<Record<'large' | 'small', readonly Row[]>> = {
  large: [
    [16, 3, 16, 16, false, 'RE', 1],
    [16, 3, 64, 24, false, 'RE', 2],
    [24, 3, 72, 24, false, 'RE', 1],
    [24, 5, 72, 40, true, 'RE', 2],
    [40, 5, 120, 40, true, 'RE', 1],
    [40, 5, 120, 40, true, 'RE', 1],
    [40, 3, 240, 80, false, 'HS', 2],
    [80, 3, 200, 80, false, 'HS', 1],
    [80, 3, 184, 80, false, 'HS', 1],
    [80, 3, 184, 80, false, 'HS', 1],
    [80, 3, 480, 112, true, 'HS', 1],
    [112, 3, 672, 112, true, 'HS', 1],
  ],
  small: [
    [16, 3, 16, 16, true, 'RE', 2],
    [16, 3, 72, 24, false, 'RE', 2],
    [24, 3, 88, 24, false, 'RE', 1],
    [24, 5, 96, 40, true, 'HS', 2],
    [40, 5, 240, 40, true, 'HS', 1],
    [40, 5, 240, 40, true, 'HS', 1],
    [40, 5, 120, 48, true, 'HS', 1],
    [48, 5, 144, 48, true, 'HS', 1],
  ],
};

/** The last stages: what goes in, how many channels the first block has inside, what comes out, the last features. */
const tails = { large: [112, 672, 160, 1280], small: [48, 288, 96, 1024] } as const;

function mobilenet_v3<K extends string>(
  size: 'large' | 'small',
  weights: WeightsEnumOf<K>,
): Builder<MobileNetV3BuilderOptions, MobileNetV3, K> {
  return builder(`mobilenet_v3_${size}`, weights, {
    make: (options: MobileNetV3BuilderOptions) => {
      const { width_mult = 1, reduced_tail = false, dilated = false, ...rest } = options;
      const divider = reduced_tail ? 2 : 1;
      const dilation = dilated ? 2 : 1;
      const [before, inside, after, features] = tails[size];
      const output = Math.floor(after / divider);
      const expanded = Math.floor((6 * after) / divider);
      const config = (row: Row, dilation: number): InvertedResidualConfig =>
        new InvertedResidualConfig(...row, dilation, width_mult);
      const setting = [
        ...tables[size].map((row) => config(row, 1)),
        config([before, 5, inside, output, true, 'HS', 2], dilation),
        config([output, 5, expanded, output, true, 'HS', 1], dilation),
        config([output, 5, expanded, output, true, 'HS', 1], dilation),
      ];
      const last_channel = InvertedResidualConfig.adjust_channels(Math.floor(features / divider), width_mult);
      return new MobileNetV3(setting, last_channel, rest);
    },
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mobilenet_v3_large.html */
export const mobilenet_v3_large = mobilenet_v3('large', MobileNet_V3_Large_Weights);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mobilenet_v3_small.html */
export const mobilenet_v3_small = mobilenet_v3('small', MobileNet_V3_Small_Weights);

export { MobileNet_V3_Large_Weights, MobileNet_V3_Small_Weights };
