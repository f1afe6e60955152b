/** "MobileNetV2: inverted residuals and linear bottlenecks" (Sandler et al., 2018). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation } from '../ops/misc.ts';
import { type Builder, builder } from './_builder.ts';
import { init_mobile } from './_init.ts';
import { make_divisible, round_half_even } from './_utils.ts';
import { MobileNet_V2_Weights } from './weights/mobilenetv2.ts';

/** More channels, a convolution of each channel, fewer channels; and the input added where it has the same shape. */
export class InvertedResidual extends nn.Module {
  stride: number;
  use_res_connect: boolean;
  conv: nn.Sequential;
  out_channels: number;
  _is_cn: boolean;

  /** @throws ValueError for a stride that is neither 1 nor 2 */
  constructor(inp: number, oup: number, stride: number, expand_ratio: number, norm_layer: Layer | null = null) {
    super();
    this.stride = stride;
    if (stride !== 1 && stride !== 2) throw new ValueError(`stride should be 1 or 2 instead of ${str(stride)}`);
    const norm = norm_layer ?? nn.BatchNorm2d;
    const hidden = round_half_even(inp * expand_ratio);
    const shared = { norm_layer: norm, activation_layer: nn.ReLU6 };
    this.use_res_connect = stride === 1 && inp === oup;
    const layers: nn.Module[] = [];
    if (expand_ratio !== 1) layers.push(new Conv2dNormActivation(inp, hidden, 1, shared));
    layers.push(
      new Conv2dNormActivation(hidden, hidden, { stride, groups: hidden, ...shared }),
      new nn.Conv2d(hidden, oup, 1, { bias: false }),
      make_layer(norm, oup),
    );
    this.conv = new nn.Sequential(...layers);
    this.out_channels = oup;
    this._is_cn = stride > 1;
  }

  override forward(x: Tensor): Tensor {
    return this.use_res_connect ? x.add(this.conv(x)) : this.conv(x);
  }
}

/** Arguments of {@link MobileNetV2}. */
export interface MobileNetV2Options {
  /** (default: 1000) */
  num_classes?: number;
  /** How many times as many channels as usual (default: 1). */
  width_mult?: number;
  /** For each stage the factor within blocks, the channels, the number of blocks and the stride. */
  inverted_residual_setting?: readonly (readonly number[])[] | null;
  /** Numbers of channels are multiples of it (default: 8). */
  round_nearest?: number;
  /** What stands in for `InvertedResidual`. */
  block?: Layer | null;
  /** What makes the normalizations (default: `nn.BatchNorm2d`). */
  norm_layer?: Layer | null;
  /** (default: 0.2) */
  dropout?: number;
}
const parse = signature<MobileNetV2Options>('MobileNetV2', [
  ['num_classes', 1000],
  ['width_mult', 1],
  ['inverted_residual_setting', null],
  ['round_nearest', 8],
  ['block', null],
  ['norm_layer', null],
  ['dropout', 0.2],
]);

/** Table 2 of the paper. */
const table: readonly (readonly number[])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/**
 * A small network for telephones: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError for a setting that is empty or whose first row has not four numbers
 * @see https://docs.pytorch.org/vision/stable/models/mobilenetv2.html
 */
export class MobileNetV2 extends nn.Module {
  last_channel: number;
  features: nn.Sequential;
  classifier: nn.Sequential;

  constructor(
    ...args: Arguments<
      MobileNetV2Options,
      [
        'num_classes',
        'width_mult',
        'inverted_residual_setting',
        'round_nearest',
        'block',
        'norm_layer',
        'dropout',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { num_classes, width_mult, round_nearest, dropout } = options;
    const setting = options.inverted_residual_setting ?? table;
    const block = options.block ?? InvertedResidual;
    const norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    if (setting.length === 0 || setting[0]!.length !== 4) {
      const rows = setting.map((row) => `[${row.join(', ')}]`).join(', ');
      throw new ValueError(`inverted_residual_setting should be non-empty or a 4-element list, got [${rows}]`);
    }
    const shared = { norm_layer, activation_layer: nn.ReLU6 };
    let channels = make_divisible(32 * width_mult, round_nearest);
    this.last_channel = make_divisible(1280 * Math.max(1, width_mult), round_nearest);
    const features: nn.Module[] = [new Conv2dNormActivation(3, channels, { stride: 2, ...shared })];
    for (const [factor, outputs, count, stride] of setting as [number, number, number, number][]) {
      const output_channel = make_divisible(outputs * width_mult, round_nearest);
      for (let i = 0; i < count; i++) {
        features.push(make_layer(block, channels, output_channel, i === 0 ? stride : 1, factor, norm_layer));
        channels = output_channel;
      }
    }
    features.push(new Conv2dNormActivation(channels, this.last_channel, 1, shared));
    this.features = new nn.Sequential(...features);
    this.classifier = new nn.Sequential(new nn.Dropout(dropout), new nn.Linear(this.last_channel, num_classes));
    init_mobile(this, (linear) => nn.init.normal_(linear.weight, 0, 0.01));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(F.adaptive_avg_pool2d(this.features(x), [1, 1]).flatten(1));
  }
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mobilenet_v2.html */
export const mobilenet_v2: Builder<MobileNetV2Options, MobileNetV2, 'IMAGENET1K_V1' | 'IMAGENET1K_V2'> = builder(
  'mobilenet_v2',
  MobileNet_V2_Weights,
  { make: (options: MobileNetV2Options) => new MobileNetV2(options) },
);

export { MobileNet_V2_Weights };
