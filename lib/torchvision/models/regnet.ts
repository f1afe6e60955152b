/** "Designing network design spaces" (Radosavovic et al., 2020). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.ts';
import { type Builder, builder, classes_of } from './_builder.ts';
import { init_norm } from './_init.ts';
import { make_divisible, round_half_even } from './_utils.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  RegNet_X_16GF_Weights,
  RegNet_X_1_6GF_Weights,
  RegNet_X_32GF_Weights,
  RegNet_X_3_2GF_Weights,
  RegNet_X_400MF_Weights,
  RegNet_X_800MF_Weights,
  RegNet_X_8GF_Weights,
  RegNet_Y_128GF_Weights,
  RegNet_Y_16GF_Weights,
  RegNet_Y_1_6GF_Weights,
  RegNet_Y_32GF_Weights,
  RegNet_Y_3_2GF_Weights,
  RegNet_Y_400MF_Weights,
  RegNet_Y_800MF_Weights,
  RegNet_Y_8GF_Weights,
} from './weights/regnet.ts';

/** The first layers: half the image. */
export class SimpleStemIN extends Conv2dNormActivation {
  constructor(width_in: number, width_out: number, norm_layer: Layer, activation_layer: Layer) {
    super(width_in, width_out, 3, { stride: 2, norm_layer, activation_layer });
  }
}

/** What the blocks of a stage have in common. */
export interface RegNetBlockSetting {
  norm_layer: Layer;
  activation_layer: Layer;
  /** How many channels a group of the convolution of 3 x 3 has. */
  group_width: number;
  /** How many times as many channels as outside the block has inside. */
  bottleneck_multiplier: number;
  /** How many times as many channels as come in are the scales computed from; no scales if null. */
  se_ratio: number | null;
}

/** A convolution of 3 x 3 in groups between two of 1 x 1, and scales of the channels. */
export class BottleneckTransform extends nn.Sequential {
  constructor(width_in: number, width_out: number, stride: number, setting: RegNetBlockSetting) {
    const { norm_layer, activation_layer, group_width, bottleneck_multiplier, se_ratio } = setting;
    const inside = round_half_even(width_out * bottleneck_multiplier);
    const groups = Math.floor(inside / group_width);
    const shared = { norm_layer, activation_layer };
    const layers: Record<string, nn.Module> = {
      a: new Conv2dNormActivation(width_in, inside, 1, shared),
      b: new Conv2dNormActivation(inside, inside, 3, { stride, groups, ...shared }),
    };
    if (se_ratio) {
      const squeezed = round_half_even(se_ratio * width_in);
      layers['se'] = new SqueezeExcitation(inside, squeezed, { activation: activation_layer });
    }
    layers['c'] = new Conv2dNormActivation(inside, width_out, 1, { norm_layer, activation_layer: null });
    super(layers);
  }
}

/** A {@link BottleneckTransform}, and the input added to its output. */
export class ResBottleneckBlock extends nn.Module {
  proj: nn.Module | null;
  f: BottleneckTransform;
  activation: nn.Module;

  constructor(width_in: number, width_out: number, stride: number, setting: RegNetBlockSetting) {
    super();
    const { norm_layer, activation_layer } = setting;
    this.proj =
      width_in !== width_out || stride !== 1
        ? new Conv2dNormActivation(width_in, width_out, 1, { stride, norm_layer, activation_layer: null })
        : null;
    this.f = new BottleneckTransform(width_in, width_out, stride, setting);
    this.activation = make_layer(activation_layer, { inplace: true });
  }

  override forward(x: Tensor): Tensor {
    const kept = this.proj === null ? x : (this.proj(x) as Tensor);
    return this.activation(kept.add(this.f(x))) as Tensor;
  }
}

/** Blocks in a row; the first brings the image and the channels to their new sizes. */
export class AnyStage extends nn.Sequential {
  constructor(
    width_in: number,
    width_out: number,
    stride: number,
    depth: number,
    block: Layer,
    setting: RegNetBlockSetting,
    stage_index = 0,
  ) {
    super();
    for (let i = 0; i < depth; i++) {
      const [from, step] = i === 0 ? [width_in, stride] : [width_out, 1];
      this.add_module(`block${stage_index}-${i}`, make_layer(block, from, width_out, step, setting));
    }
  }
}

/** The numbers that the paper describes a network by. */
export interface RegNetParameters {
  /** How many blocks there are. */
  depth: number;
  /** The width of the first stage. */
  w_0: number;
  /** By how much the width grows with every block. */
  w_a: number;
  /** The factor between the widths of two stages. */
  w_m: number;
  group_width: number;
  bottleneck_multiplier?: number;
  se_ratio?: number | null;
}

/** The stages of a network: how many blocks each has, how wide they are, and so on. */
export class BlockParams {
  depths: number[];
  widths: number[];
  group_widths: number[];
  bottleneck_multipliers: number[];
  strides: number[];
  se_ratio: number | null;

  constructor(
    depths: number[],
    widths: number[],
    group_widths: number[],
    bottleneck_multipliers: number[],
    strides: number[],
    se_ratio: number | null = null,
  ) {
    this.depths = depths;
    this.widths = widths;
    this.group_widths = group_widths;
    this.bottleneck_multipliers = bottleneck_multipliers;
    this.strides = strides;
    this.se_ratio = se_ratio;
  }

  /**
   * The stages that the paper's numbers give: widths grow evenly, are brought to the nearest power of `w_m`, and then
   * to multiples of 8 and of the groups' width.
   * @throws ValueError for numbers that make no sense
   */
  static from_init_params(parameters: RegNetParameters): BlockParams {
    const { depth, w_0, w_a, w_m, group_width, bottleneck_multiplier = 1, se_ratio = null } = parameters;
    if (w_a < 0 || w_0 <= 0 || w_m <= 1 || w_0 % 8 !== 0) throw new ValueError('Invalid RegNet settings');
    const widths: number[] = [];
    const depths: number[] = [];
    for (let i = 0; i < depth; i++) {
      // In single precision, as torchvision computes it: a rounded number may hang on it.
      const continuous = Math.fround(Math.fround(i * Math.fround(w_a)) + w_0);
      const logarithm = Math.fround(Math.log(Math.fround(continuous / w_0)));
      const capacity = round_half_even(Math.fround(logarithm / Math.fround(Math.log(w_m))));
      const power = Math.fround(w_0 * Math.fround(w_m ** capacity));
      const width = round_half_even(Math.fround(power / 8)) * 8;
      if (widths.length > 0 && widths[widths.length - 1] === width) depths[depths.length - 1]!++;
      else {
        widths.push(width);
        depths.push(1);
      }
    }
    const inside = widths.map((width) => Math.trunc(width * bottleneck_multiplier));
    const groups = inside.map((width) => Math.min(group_width, width));
    return new BlockParams(
      depths,
      inside.map((width, i) => Math.trunc(make_divisible(width, groups[i]!) / bottleneck_multiplier)),
      groups,
      widths.map(() => bottleneck_multiplier),
      widths.map(() => 2),
      se_ratio,
    );
  }
}

/** Arguments of {@link RegNet}. */
export interface RegNetOptions {
  /** The stages. */
  block_params: BlockParams;
  /** (default: 1000) */
  num_classes?: number;
  /** (default: 32) */
  stem_width?: number;
  /** What stands in for `SimpleStemIN`. */
  stem_type?: Layer | null;
  /** What stands in for `ResBottleneckBlock`. */
  block_type?: Layer | null;
  /** What makes the normalizations (default: `nn.BatchNorm2d`). */
  norm_layer?: Layer | null;
  /** What makes the activations (default: `nn.ReLU`). */
  activation?: Layer | null;
}
const parse = signature<RegNetOptions>('RegNet', [
  'block_params',
  ['num_classes', 1000],
  ['stem_width', 32],
  ['stem_type', null],
  ['block_type', null],
  ['norm_layer', null],
  ['activation', null],
]);

/**
 * A network of the paper's family: (N, 3, H, W) to (N, num_classes).
 * @see https://docs.pytorch.org/vision/stable/models/regnet.html
 */
export class RegNet extends nn.Module {
  stem: nn.Module;
  trunk_output: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  fc: nn.Linear;

  constructor(
    ...args: Arguments<
      RegNetOptions,
      ['block_params', 'num_classes', 'stem_width', 'stem_type', 'block_type', 'norm_layer', 'activation']
    >
  ) {
    super();
    const options = parse(args);
    const { block_params, num_classes, stem_width } = options;
    const norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    const activation_layer = options.activation ?? nn.ReLU;
    const block = options.block_type ?? ResBottleneckBlock;
    this.stem = make_layer(options.stem_type ?? SimpleStemIN, 3, stem_width, norm_layer, activation_layer);
    this.trunk_output = new nn.Sequential();
    let width = stem_width;
    block_params.widths.forEach((width_out, i) => {
      const setting = {
        norm_layer,
        activation_layer,
        group_width: block_params.group_widths[i]!,
        bottleneck_multiplier: block_params.bottleneck_multipliers[i]!,
        se_ratio: block_params.se_ratio,
      };
      const [stride, depth] = [block_params.strides[i]!, block_params.depths[i]!];
      const stage = new AnyStage(width, width_out, stride, depth, block, setting, i + 1);
      this.trunk_output.add_module(`block${i + 1}`, stage);
      width = width_out;
    });
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.fc = new nn.Linear(width, num_classes);
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        const fan_out = module.kernel_size[0]! * module.kernel_size[1]! * module.out_channels;
        nn.init.normal_(module.weight, 0, Math.sqrt(2 / fan_out));
      } else if (module instanceof nn.BatchNorm2d) {
        init_norm(module);
      } else if (module instanceof nn.Linear) {
        nn.init.normal_(module.weight, 0, 0.01);
        nn.init.zeros_(module.bias!);
      }
    }
  }

  override forward(x: Tensor): Tensor {
    return this.fc(this.avgpool(this.trunk_output(this.stem(x) as Tensor)).flatten(1));
  }
}

/** What the functions below take. */
export type RegNetBuilderOptions = Omit<RegNetOptions, 'block_params'>;

function regnet<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  parameters: RegNetParameters,
  pretrained: NoInfer<K> | null = 'IMAGENET1K_V1' as NoInfer<K>,
): Builder<RegNetBuilderOptions, RegNet, K> {
  return builder(name, weights, {
    make: (options: RegNetBuilderOptions) => new RegNet(BlockParams.from_init_params(parameters), options),
    wanted: classes_of,
    pretrained,
  });
}

/** The networks without and with scales of the channels, X and Y. */
const x = (depth: number, w_0: number, w_a: number, w_m: number, group_width: number): RegNetParameters => ({
  depth,
  w_0,
  w_a,
  w_m,
  group_width,
});
const y = (...numbers: Parameters<typeof x>): RegNetParameters => ({ ...x(...numbers), se_ratio: 0.25 });

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_400mf.html */
export const regnet_y_400mf = regnet('regnet_y_400mf', RegNet_Y_400MF_Weights, y(16, 48, 27.89, 2.09, 8));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_800mf.html */
export const regnet_y_800mf = regnet('regnet_y_800mf', RegNet_Y_800MF_Weights, y(14, 56, 38.84, 2.4, 16));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_1_6gf.html */
export const regnet_y_1_6gf = regnet('regnet_y_1_6gf', RegNet_Y_1_6GF_Weights, y(27, 48, 20.71, 2.65, 24));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_3_2gf.html */
export const regnet_y_3_2gf = regnet('regnet_y_3_2gf', RegNet_Y_3_2GF_Weights, y(21, 80, 42.63, 2.66, 24));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_8gf.html */
export const regnet_y_8gf = regnet('regnet_y_8gf', RegNet_Y_8GF_Weights, y(17, 192, 76.82, 2.19, 56));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_16gf.html */
export const regnet_y_16gf = regnet('regnet_y_16gf', RegNet_Y_16GF_Weights, y(18, 200, 106.23, 2.48, 112));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_32gf.html */
export const regnet_y_32gf = regnet('regnet_y_32gf', RegNet_Y_32GF_Weights, y(20, 232, 115.89, 2.53, 232));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_y_128gf.html */
export const regnet_y_128gf = regnet('regnet_y_128gf', RegNet_Y_128GF_Weights, y(27, 456, 160.83, 2.52, 264), null);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_400mf.html */
export const regnet_x_400mf = regnet('regnet_x_400mf', RegNet_X_400MF_Weights, x(22, 24, 24.48, 2.54, 16));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_800mf.html */
export const regnet_x_800mf = regnet('regnet_x_800mf', RegNet_X_800MF_Weights, x(16, 56, 35.73, 2.28, 16));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_1_6gf.html */
export const regnet_x_1_6gf = regnet('regnet_x_1_6gf', RegNet_X_1_6GF_Weights, x(18, 80, 34.01, 2.25, 24));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_3_2gf.html */
export const regnet_x_3_2gf = regnet('regnet_x_3_2gf', RegNet_X_3_2GF_Weights, x(25, 88, 26.31, 2.25, 48));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_8gf.html */
export const regnet_x_8gf = regnet('regnet_x_8gf', RegNet_X_8GF_Weights, x(23, 80, 49.56, 2.88, 120));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_16gf.html */
export const regnet_x_16gf = regnet('regnet_x_16gf', RegNet_X_16GF_Weights, x(22, 216, 55.59, 2.1, 128));
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.regnet_x_32gf.html */
export const regnet_x_32gf = regnet('regnet_x_32gf', RegNet_X_32GF_Weights, x(23, 320, 69.86, 2, 168));

export {
  RegNet_X_16GF_Weights,
  RegNet_X_1_6GF_Weights,
  RegNet_X_32GF_Weights,
  RegNet_X_3_2GF_Weights,
  RegNet_X_400MF_Weights,
  RegNet_X_800MF_Weights,
  RegNet_X_8GF_Weights,
  RegNet_Y_128GF_Weights,
  RegNet_Y_16GF_Weights,
  RegNet_Y_1_6GF_Weights,
  RegNet_Y_32GF_Weights,
  RegNet_Y_3_2GF_Weights,
  RegNet_Y_400MF_Weights,
  RegNet_Y_800MF_Weights,
  RegNet_Y_8GF_Weights,
};
