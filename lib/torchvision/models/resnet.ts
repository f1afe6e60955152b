/**
 * "Deep residual learning for image recognition" (He et al., 2015), ResNeXt (Xie et al., 2016) and wide residual
 * networks (Zagoruyko and Komodakis, 2016).
 */
import { type Arguments, type ParameterSpec, signature } from '../../arguments.ts';
import { NotImplementedError, ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { chain } from '../../nn/modules/chain.ts';
import { family } from '../../nn/modules/family.ts';
import { repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { type Builder, builder, overwrite_named_param } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  ResNeXt101_32X8D_Weights,
  ResNeXt101_64X4D_Weights,
  ResNeXt50_32X4D_Weights,
  ResNet101_Weights,
  ResNet152_Weights,
  ResNet18_Weights,
  ResNet34_Weights,
  ResNet50_Weights,
  Wide_ResNet101_2_Weights,
  Wide_ResNet50_2_Weights,
} from './weights/resnet.ts';

/** Arguments of a block. */
export interface ResNetBlockOptions {
  inplanes: number;
  /** How many channels the convolution of 3 x 3 has, for one group of the usual width. */
  planes: number;
  stride?: number;
  /** What brings the input to the shape of the output; nothing if null (default: null). */
  downsample?: nn.Module | null;
  groups?: number;
  base_width?: number;
  dilation?: number;
  /** What makes the normalizations (default: `nn.BatchNorm2d`). */
  norm_layer?: Layer | null;
}
type BlockNames = [
  'inplanes',
  'planes',
  'stride',
  'downsample',
  'groups',
  'base_width',
  'dilation',
  'norm_layer',
];
const block_specs: ParameterSpec[] = [
  'inplanes',
  'planes',
  ['stride', 1],
  ['downsample', null],
  ['groups', 1],
  ['base_width', 64],
  ['dilation', 1],
  ['norm_layer', null],
];
const block_arguments = family<ResNetBlockOptions>(block_specs);

/** A convolution of 3 x 3 that keeps the size for a stride of 1. */
function conv3x3(in_planes: number, out_planes: number, stride = 1, groups = 1, dilation = 1): nn.Conv2d {
  return new nn.Conv2d(in_planes, out_planes, 3, { stride, padding: dilation, groups, dilation, bias: false });
}

/** A convolution of 1 x 1. */
function conv1x1(in_planes: number, out_planes: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(in_planes, out_planes, 1, { stride, bias: false });
}

/** Two convolutions, and the input added to their output. */
export class BasicBlock extends nn.Module {
  /** How many times as many channels come out as `planes` says. */
  static readonly expansion: number = 1;

  conv1: nn.Conv2d;
  bn1: nn.Module;
  relu: nn.ReLU;
  conv2: nn.Conv2d;
  bn2: nn.Module;
  downsample: nn.Module | null;
  stride: number;

  /** @throws ValueError for groups and another width, which only a {@link Bottleneck} has */
  constructor(...args: Arguments<ResNetBlockOptions, BlockNames>) {
    super();
    const options = block_arguments('BasicBlock', args);
    const { inplanes, planes, stride, downsample } = options;
    const norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    if (options.groups !== 1 || options.base_width !== 64) {
      throw new ValueError('BasicBlock only supports groups=1 and base_width=64');
    }
    if (options.dilation > 1) throw new NotImplementedError('Dilation > 1 not supported in BasicBlock');
    this.conv1 = conv3x3(inplanes, planes, stride);
    this.bn1 = make_layer(norm_layer, planes);
    this.relu = new nn.ReLU(true);
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = make_layer(norm_layer, planes);
    this.downsample = downsample;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    const { relu } = this;
    const output = chain([this.conv1, this.bn1, relu, this.conv2, this.bn2], x) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return relu(output.add_(identity));
  }
}

/** A convolution of 3 x 3 between two of 1 x 1, and the input added to their output. */
export class Bottleneck extends nn.Module {
  /** How many times as many channels come out as `planes` says. */
  static readonly expansion: number = 4;

  conv1: nn.Conv2d;
  bn1: nn.Module;
  conv2: nn.Conv2d;
  bn2: nn.Module;
  conv3: nn.Conv2d;
  bn3: nn.Module;
  relu: nn.ReLU;
  downsample: nn.Module | null;
  stride: number;

  constructor(...args: Arguments<ResNetBlockOptions, BlockNames>) {
    super();
    const options = block_arguments('Bottleneck', args);
    const { inplanes, planes, stride, downsample, groups, base_width, dilation } = options;
    const norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    const width = Math.trunc(planes * (base_width / 64)) * groups;
    // The paper puts the stride into the first convolution; the second one gives better models ("v1.5").
    this.conv1 = conv1x1(inplanes, width);
    this.bn1 = make_layer(norm_layer, width);
    this.conv2 = conv3x3(width, width, stride, groups, dilation);
    this.bn2 = make_layer(norm_layer, width);
    this.conv3 = conv1x1(width, planes * Bottleneck.expansion);
    this.bn3 = make_layer(norm_layer, planes * Bottleneck.expansion);
    this.relu = new nn.ReLU(true);
    this.downsample = downsample;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    const { relu } = this;
    const layers = [this.conv1, this.bn1, relu, this.conv2, this.bn2, relu, this.conv3, this.bn3];
    const output = chain(layers, x) as Tensor;
    const identity = this.downsample === null ? x : (this.downsample(x) as Tensor);
    return relu(output.add_(identity));
  }
}

/** The class of a block. */
export interface ResNetBlock {
  new (...args: Arguments<ResNetBlockOptions, BlockNames>): nn.Module;
  readonly expansion: number;
}

/** Arguments of {@link ResNet}. */
export interface ResNetOptions {
  /** `BasicBlock` or `Bottleneck`. */
  block: ResNetBlock;
  /** How many blocks each of the four stages has. */
  layers: readonly number[];
  /** (default: 1000) */
  num_classes?: number;
  /** Begin with blocks that pass their input on (default: false)? */
  zero_init_residual?: boolean;
  groups?: number;
  width_per_group?: number;
  /** Which of the last three stages dilate their convolutions instead of making the image smaller. */
  replace_stride_with_dilation?: readonly boolean[] | null;
  /** What makes the normalizations (default: `nn.BatchNorm2d`). */
  norm_layer?: Layer | null;
}
const resnet_arguments = signature<ResNetOptions>('ResNet', [
  'block',
  'layers',
  ['num_classes', 1000],
  ['zero_init_residual', false],
  ['groups', 1],
  ['width_per_group', 64],
  ['replace_stride_with_dilation', null],
  ['norm_layer', null],
]);

/**
 * A network of residual blocks: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError unless `replace_stride_with_dilation` has three values
 * @see https://docs.pytorch.org/vision/stable/models/resnet.html
 */
export class ResNet extends nn.Module {
  _norm_layer: Layer;
  inplanes: number;
  dilation: number;
  groups: number;
  base_width: number;
  conv1: nn.Conv2d;
  bn1: nn.Module;
  relu: nn.ReLU;
  maxpool: nn.MaxPool2d;
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Sequential;
  layer4: nn.Sequential;
  avgpool: nn.AdaptiveAvgPool2d;
  fc: nn.Linear;

  constructor(
    ...args: Arguments<
      ResNetOptions,
      [
        'block',
        'layers',
        'num_classes',
        'zero_init_residual',
        'groups',
        'width_per_group',
        'replace_stride_with_dilation',
        'norm_layer',
      ]
    >
  ) {
    super();
    const options = resnet_arguments(args);
    const { block, layers, num_classes, zero_init_residual, groups, width_per_group } = options;
    const dilate = options.replace_stride_with_dilation ?? [false, false, false];
    if (dilate.length !== 3) {
      throw new ValueError(`replace_stride_with_dilation should be None or a 3-element tuple, got ${repr(dilate)}`);
    }
    this._norm_layer = options.norm_layer ?? nn.BatchNorm2d;
    this.inplanes = 64;
    this.dilation = 1;
    this.groups = groups;
    this.base_width = width_per_group;
    this.conv1 = new nn.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = make_layer(this._norm_layer, 64);
    this.relu = new nn.ReLU(true);
    this.maxpool = new nn.MaxPool2d(3, 2, 1);
    this.layer1 = this._make_layer(block, 64, layers[0]!, 1, false);
    this.layer2 = this._make_layer(block, 128, layers[1]!, 2, dilate[0]!);
    this.layer3 = this._make_layer(block, 256, layers[2]!, 2, dilate[1]!);
    this.layer4 = this._make_layer(block, 512, layers[3]!, 2, dilate[2]!);
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.fc = new nn.Linear(512 * block.expansion, num_classes);

    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      } else if (module instanceof nn.BatchNorm2d || module instanceof nn.GroupNorm) {
        nn.init.constant_(module.weight!, 1);
        nn.init.constant_(module.bias!, 0);
      }
    }
    if (zero_init_residual) this._zero_last_norms();
  }

  /** Makes every block add nothing to its input. */
  _zero_last_norms(): void {
    for (const module of this.modules()) {
      const last = module instanceof Bottleneck ? module.bn3 : module instanceof BasicBlock ? module.bn2 : null;
      const weight = last?._parameters.get('weight');
      if (weight !== undefined) nn.init.constant_(weight, 0);
    }
  }

  /** One stage. The first block brings the image and the channels to their new sizes. */
  _make_layer(block: ResNetBlock, planes: number, blocks: number, stride: number, dilate: boolean): nn.Sequential {
    const { _norm_layer: norm_layer, groups, base_width, dilation: previous_dilation } = this;
    const outplanes = planes * block.expansion;
    if (dilate) this.dilation *= stride;
    const step = dilate ? 1 : stride;
    const downsample =
      step !== 1 || this.inplanes !== outplanes
        ? new nn.Sequential(conv1x1(this.inplanes, outplanes, step), make_layer(norm_layer, outplanes))
        : null;
    const shared = { groups, base_width, norm_layer };
    const layers = [
      new block(this.inplanes, planes, step, { ...shared, downsample, dilation: previous_dilation }),
    ];
    this.inplanes = outplanes;
    while (layers.length < blocks) layers.push(new block(outplanes, planes, { ...shared, dilation: this.dilation }));
    return new nn.Sequential(...layers);
  }

  override forward(x: Tensor): Tensor {
    const stem = chain([this.conv1, this.bn1, this.relu, this.maxpool], x) as Tensor;
    const features = this.layer4(this.layer3(this.layer2(this.layer1(stem))));
    return this.fc(this.avgpool(features).flatten(1));
  }
}

/** What the functions below take. */
export type ResNetBuilderOptions = Omit<ResNetOptions, 'block' | 'layers'>;

function resnet<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  block: ResNetBlock,
  layers: readonly number[],
  widths: Readonly<Record<string, number>> = {},
): Builder<ResNetBuilderOptions, ResNet, K> {
  return builder(name, weights, {
    make: (options: ResNetBuilderOptions & Record<string, unknown>) => {
      for (const [key, value] of Object.entries(widths)) overwrite_named_param(options, key, value);
      return new ResNet(block, layers, options);
    },
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet18.html */
export const resnet18 = resnet('resnet18', ResNet18_Weights, BasicBlock, [2, 2, 2, 2]);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet34.html */
export const resnet34 = resnet('resnet34', ResNet34_Weights, BasicBlock, [3, 4, 6, 3]);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet50.html */
export const resnet50 = resnet('resnet50', ResNet50_Weights, Bottleneck, [3, 4, 6, 3]);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet101.html */
export const resnet101 = resnet('resnet101', ResNet101_Weights, Bottleneck, [3, 4, 23, 3]);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet152.html */
export const resnet152 = resnet('resnet152', ResNet152_Weights, Bottleneck, [3, 8, 36, 3]);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnext50_32x4d.html */
export const resnext50_32x4d = resnet('resnext50_32x4d', ResNeXt50_32X4D_Weights, Bottleneck, [3, 4, 6, 3], {
  groups: 32,
  width_per_group: 4,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnext101_32x8d.html */
export const resnext101_32x8d = resnet('resnext101_32x8d', ResNeXt101_32X8D_Weights, Bottleneck, [3, 4, 23, 3], {
  groups: 32,
  width_per_group: 8,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnext101_64x4d.html */
export const resnext101_64x4d = resnet('resnext101_64x4d', ResNeXt101_64X4D_Weights, Bottleneck, [3, 4, 23, 3], {
  groups: 64,
  width_per_group: 4,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.wide_resnet50_2.html */
export const wide_resnet50_2 = resnet('wide_resnet50_2', Wide_ResNet50_2_Weights, Bottleneck, [3, 4, 6, 3], {
  width_per_group: 128,
});
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.wide_resnet101_2.html */
export const wide_resnet101_2 = resnet('wide_resnet101_2', Wide_ResNet101_2_Weights, Bottleneck, [3, 4, 23, 3], {
  width_per_group: 128,
});

export {
  ResNeXt101_32X8D_Weights,
  ResNeXt101_64X4D_Weights,
  ResNeXt50_32X4D_Weights,
  ResNet101_Weights,
  ResNet152_Weights,
  ResNet18_Weights,
  ResNet34_Weights,
  ResNet50_Weights,
  Wide_ResNet101_2_Weights,
  Wide_ResNet50_2_Weights,
};
