/** Layers that models for images are put together from. */
import { type Arguments, type ParameterSpec, signature } from '../../arguments.ts';
import * as nn from '../../nn/index.ts';
import type { SizeLike } from '../../nn/index.ts';
import { ntuple } from '../../nn/modules/sizes.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import { aten } from '../../ops.ts';
import { float_str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type Layer, make_layer } from './layer.ts';

/** Arguments of {@link FrozenBatchNorm2d}. */
export interface FrozenBatchNorm2dOptions {
  num_features: number;
  eps?: number;
}
const frozen_arguments = signature<FrozenBatchNorm2dOptions>('FrozenBatchNorm2d', ['num_features', ['eps', 1e-5]]);

/**
 * Batch norm whose statistics, scale and shift are fixed: buffers, and no parameters.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.FrozenBatchNorm2d.html
 */
export class FrozenBatchNorm2d extends nn.Module {
  eps: number;
  declare weight: Tensor;
  declare bias: Tensor;
  declare running_mean: Tensor;
  declare running_var: Tensor;

  constructor(...args: Arguments<FrozenBatchNorm2dOptions, ['num_features', 'eps']>) {
    super();
    const { num_features, eps } = frozen_arguments(args);
    this.eps = eps;
    this.register_buffer('weight', aten.ones([num_features]));
    this.register_buffer('bias', aten.zeros([num_features]));
    this.register_buffer('running_mean', aten.zeros([num_features]));
    this.register_buffer('running_var', aten.ones([num_features]));
  }

  override _load_from_state_dict(
    ...args: Parameters<nn.Module['_load_from_state_dict']>
  ): ReturnType<nn.Module['_load_from_state_dict']> {
    // A batch norm that is not frozen counts its batches.
    const [state_dict, prefix] = args;
    (state_dict as OrderedDict<string, unknown>).delete(`${prefix}num_batches_tracked`);
    super._load_from_state_dict(...args);
  }

  override forward(x: Tensor): Tensor {
    const [weight, bias, variance, mean] = [this.weight, this.bias, this.running_var, this.running_mean].map((buffer) =>
      buffer.reshape(1, -1, 1, 1),
    ) as [Tensor, Tensor, Tensor, Tensor];
    const scale = weight.mul(variance.add(this.eps).rsqrt());
    return x.mul(scale).add(bias.sub(mean.mul(scale)));
  }

  override __repr__(): string {
    return `${type_name(this)}(${this.weight.size(0)}, eps=${float_str(this.eps)})`;
  }
}

/** Arguments of {@link Conv2dNormActivation} and its kin. */
export interface ConvNormActivationOptions {
  in_channels: number;
  out_channels: number;
  /** (default: 3) */
  kernel_size?: SizeLike;
  stride?: SizeLike;
  /** What keeps the size for a stride of 1 if null (default: null). */
  padding?: SizeLike | 'same' | 'valid' | null;
  groups?: number;
  /** What makes the normalization of so many channels; none if null (default: batch norm). */
  norm_layer?: Layer | null;
  /** What makes the activation; none if null (default: `nn.ReLU`). */
  activation_layer?: Layer | null;
  dilation?: SizeLike;
  /** What the activation is told about working in place; nothing if null (default: true). */
  inplace?: boolean | null;
  /** Has the convolution a bias? If null, where there is no normalization (default: null). */
  bias?: boolean | null;
}
type ConvNormActivationNames = [
  'in_channels',
  'out_channels',
  'kernel_size',
  'stride',
  'padding',
  'groups',
  'norm_layer',
  'activation_layer',
  'dilation',
  'inplace',
  'bias',
];

/** The parameters, with the normalization that is usual for so many dimensions. */
function specs(norm_layer: Layer): ParameterSpec[] {
  return [
    'in_channels',
    'out_channels',
    ['kernel_size', 3],
    ['stride', 1],
    ['padding', null],
    ['groups', 1],
    ['norm_layer', norm_layer],
    ['activation_layer', nn.ReLU],
    ['dilation', 1],
    ['inplace', true],
    ['bias', null],
  ];
}

/** The convolution, the normalization and the activation that are asked for. */
function conv_norm_activation(options: Required<ConvNormActivationOptions>, conv_layer: Layer): nn.Module[] {
  const { in_channels, out_channels, stride, groups, norm_layer, activation_layer, inplace } = options;
  let { kernel_size, padding, dilation } = options;
  if (padding === null) {
    if (typeof kernel_size === 'number' && typeof dilation === 'number') {
      padding = Math.floor((kernel_size - 1) / 2) * dilation;
    } else {
      const count = typeof kernel_size === 'number' ? (dilation as readonly number[]).length : kernel_size.length;
      const sizes = (kernel_size = ntuple(kernel_size, count));
      const steps = (dilation = ntuple(dilation, count));
      padding = sizes.map((size, i) => Math.floor((size - 1) / 2) * steps[i]!);
    }
  }
  const bias = options.bias ?? norm_layer === null;
  const rest = { dilation, groups, bias };
  const layers = [make_layer(conv_layer, in_channels, out_channels, kernel_size, stride, padding, rest)];
  if (norm_layer !== null) layers.push(make_layer(norm_layer, out_channels));
  if (activation_layer !== null) layers.push(make_layer(activation_layer, ...(inplace === null ? [] : [{ inplace }])));
  return layers;
}

/** What the two classes below share: a convolution, and a normalization and an activation after it. */
export class ConvNormActivation extends nn.Sequential {
  out_channels: number;

  constructor(options: Required<ConvNormActivationOptions>, conv_layer: Layer = nn.Conv2d) {
    super(...conv_norm_activation(options, conv_layer));
    this.out_channels = options.out_channels;
    if (new.target === ConvNormActivation) {
      warn(
        "Don't use ConvNormActivation directly, please use Conv2dNormActivation and Conv3dNormActivation instead.",
      );
    }
  }
}

const conv2d_arguments = signature<ConvNormActivationOptions>('Conv2dNormActivation', specs(nn.BatchNorm2d));

/**
 * A convolution of images, and a normalization and an activation after it.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.Conv2dNormActivation.html
 */
export class Conv2dNormActivation extends ConvNormActivation {
  constructor(...args: Arguments<ConvNormActivationOptions, ConvNormActivationNames>) {
    super(conv2d_arguments(args), nn.Conv2d);
  }
}

const conv3d_arguments = signature<ConvNormActivationOptions>('Conv3dNormActivation', specs(nn.BatchNorm3d));

/**
 * A convolution of volumes, and a normalization and an activation after it.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.Conv3dNormActivation.html
 */
export class Conv3dNormActivation extends ConvNormActivation {
  constructor(...args: Arguments<ConvNormActivationOptions, ConvNormActivationNames>) {
    super(conv3d_arguments(args), nn.Conv3d);
  }
}

/** Arguments of {@link SqueezeExcitation}. */
export interface SqueezeExcitationOptions {
  input_channels: number;
  squeeze_channels: number;
  /** The activation between the two layers (default: `nn.ReLU`). */
  activation?: Layer;
  /** The activation that makes the scales (default: `nn.Sigmoid`). */
  scale_activation?: Layer;
}
const squeeze_arguments = signature<SqueezeExcitationOptions>('SqueezeExcitation', [
  'input_channels',
  'squeeze_channels',
  ['activation', nn.ReLU],
  ['scale_activation', nn.Sigmoid],
]);

/**
 * Scales each channel by what two small layers make of the means of all channels (Hu et al., 2017).
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.SqueezeExcitation.html
 */
export class SqueezeExcitation extends nn.Module {
  avgpool: nn.AdaptiveAvgPool2d;
  fc1: nn.Conv2d;
  fc2: nn.Conv2d;
  activation: nn.Module;
  scale_activation: nn.Module;

  constructor(
    ...args: Arguments<
      SqueezeExcitationOptions,
      ['input_channels', 'squeeze_channels', 'activation', 'scale_activation']
    >
  ) {
    super();
    const { input_channels, squeeze_channels, activation, scale_activation } = squeeze_arguments(args);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.fc1 = new nn.Conv2d(input_channels, squeeze_channels, 1);
    this.fc2 = new nn.Conv2d(squeeze_channels, input_channels, 1);
    this.activation = make_layer(activation);
    this.scale_activation = make_layer(scale_activation);
  }

  /** The scale of each channel. */
  _scale(input: Tensor): Tensor {
    const squeezed = this.activation(this.fc1(this.avgpool(input))) as Tensor;
    return this.scale_activation(this.fc2(squeezed)) as Tensor;
  }

  override forward(input: Tensor): Tensor {
    return this._scale(input).mul(input);
  }
}

/** Arguments of {@link MLP}. */
export interface MLPOptions {
  in_channels: number;
  /** The sizes of the layers, that of the output last. */
  hidden_channels: readonly number[];
  /** What makes a normalization of so many features; none if null (default: null). */
  norm_layer?: Layer | null;
  /** What makes the activations (default: `nn.ReLU`). */
  activation_layer?: Layer;
  /** What activations and dropout are told about working in place; nothing if null (default: null). */
  inplace?: boolean | null;
  bias?: boolean;
  /** How likely a feature is to be dropped (default: 0). */
  dropout?: number;
}
const mlp_arguments = signature<MLPOptions>('MLP', [
  'in_channels',
  'hidden_channels',
  ['norm_layer', null],
  ['activation_layer', nn.ReLU],
  ['inplace', null],
  ['bias', true],
  ['dropout', 0],
]);

function mlp_layers(options: Required<MLPOptions>): nn.Module[] {
  const { hidden_channels, norm_layer, activation_layer, inplace, bias, dropout } = options;
  const params = inplace === null ? [] : [{ inplace }];
  const layers: nn.Module[] = [];
  let size = options.in_channels;
  hidden_channels.forEach((hidden, i) => {
    layers.push(new nn.Linear(size, hidden, bias));
    if (i < hidden_channels.length - 1) {
      if (norm_layer !== null) layers.push(make_layer(norm_layer, hidden));
      layers.push(make_layer(activation_layer, ...params));
    }
    layers.push(make_layer(nn.Dropout, dropout, ...params));
    size = hidden;
  });
  return layers;
}

/**
 * Fully connected layers with activations between them, and dropout after each.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.MLP.html
 */
export class MLP extends nn.Sequential {
  constructor(
    ...args: Arguments<
      MLPOptions,
      ['in_channels', 'hidden_channels', 'norm_layer', 'activation_layer', 'inplace', 'bias', 'dropout']
    >
  ) {
    super(...mlp_layers(mlp_arguments(args)));
  }
}

/**
 * Puts the dimensions in another order.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.Permute.html
 */
export class Permute extends nn.Module {
  dims: readonly number[];

  constructor(dims: readonly number[]) {
    super();
    this.dims = dims;
  }

  override forward(x: Tensor): Tensor {
    return aten.permute(x, this.dims);
  }
}
