/** "MaxViT: multi-axis vision transformer" (Tu et al., 2022). */
import { type Arguments, signature } from '../../arguments.ts';
import { float32 } from '../../dtype.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { list_repr, repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, SqueezeExcitation } from '../ops/misc.ts';
import { StochasticDepth } from '../ops/stochastic_depth.ts';
import { type Builder, builder, classes_of } from './_builder.ts';
import { init_norm } from './_init.ts';
import { relative_position_index } from './_relative_positions.ts';
import { MaxVit_T_Weights } from './weights/maxvit.ts';

/** The height and width of an image. */
export type ImageSize = readonly [height: number, width: number];

/** The size of what a convolution of 3 x 3 with a stride of 2 makes of an image. */
function halved([height, width]: ImageSize): ImageSize {
  return [Math.floor((height - 1) / 2) + 1, Math.floor((width - 1) / 2) + 1];
}

/** What the layers of a block have in common. */
export interface MaxVitSetting {
  squeeze_ratio: number;
  expansion_ratio: number;
  norm_layer: Layer;
  activation_layer: Layer;
  head_dim: number;
  mlp_ratio: number;
  mlp_dropout: number;
  attention_dropout: number;
  partition_size: number;
}

/** More channels, a convolution of each channel, their scales, fewer channels; the input is added. */
export class MBConv extends nn.Module {
  proj: nn.Module;
  stochastic_depth: nn.Module;
  layers: nn.Sequential;

  constructor(
    in_channels: number,
    out_channels: number,
    expansion_ratio: number,
    squeeze_ratio: number,
    stride: number,
    activation_layer: Layer,
    norm_layer: Layer,
    p_stochastic_dropout = 0,
  ) {
    super();
    if (stride !== 1 || in_channels !== out_channels) {
      const proj: nn.Module[] = [new nn.Conv2d(in_channels, out_channels, 1)];
      if (stride === 2) proj.unshift(new nn.AvgPool2d(3, { stride, padding: 1 }));
      this.proj = new nn.Sequential(...proj);
    } else {
      this.proj = new nn.Identity();
    }
    const inside = Math.trunc(out_channels * expansion_ratio);
    const squeezed = Math.trunc(out_channels * squeeze_ratio);
    this.stochastic_depth =
      p_stochastic_dropout === 0 ? new nn.Identity() : new StochasticDepth(p_stochastic_dropout, 'row');
    const shared = { activation_layer, norm_layer, inplace: null };
    this.layers = new nn.Sequential({
      pre_norm: make_layer(norm_layer, in_channels),
      conv_a: new Conv2dNormActivation(in_channels, inside, 1, { padding: 0, ...shared }),
      conv_b: new Conv2dNormActivation(inside, inside, 3, { stride, padding: 1, groups: inside, ...shared }),
      squeeze_excitation: new SqueezeExcitation(inside, squeezed, { activation: nn.SiLU }),
      conv_c: new nn.Conv2d(inside, out_channels, 1),
    });
  }

  override forward(x: Tensor): Tensor {
    const kept = this.proj(x) as Tensor;
    return kept.add(this.stochastic_depth(this.layers(x)) as Tensor);
  }
}

/** Attention that knows how the places in a window lie to one another: (N, windows, places, features). */
export class RelativePositionalMultiHeadAttention extends nn.Module {
  n_heads: number;
  head_dim: number;
  size: number;
  max_seq_len: number;
  to_qkv: nn.Linear;
  scale_factor: number;
  merge: nn.Linear;
  relative_position_bias_table: nn.Parameter;
  declare relative_position_index: Tensor;

  /** @throws ValueError if heads do not share the features evenly */
  constructor(feat_dim: number, head_dim: number, max_seq_len: number) {
    super();
    if (feat_dim % head_dim !== 0) {
      throw new ValueError(`feat_dim: ${feat_dim} must be divisible by head_dim: ${head_dim}`);
    }
    this.n_heads = feat_dim / head_dim;
    this.head_dim = head_dim;
    this.size = Math.trunc(Math.sqrt(max_seq_len));
    this.max_seq_len = max_seq_len;
    this.to_qkv = new nn.Linear(feat_dim, feat_dim * 3);
    this.scale_factor = feat_dim ** -0.5;
    this.merge = new nn.Linear(feat_dim, feat_dim);
    const rows = (2 * this.size - 1) ** 2;
    this.relative_position_bias_table = new nn.Parameter(aten.empty([rows, this.n_heads], { dtype: float32 }));
    this.register_buffer('relative_position_index', relative_position_index(this.size, this.size));
    nn.init.trunc_normal_(this.relative_position_bias_table, { std: 0.02 });
  }

  /** What is added to the attention of each place to each other: (1, heads, places, places). */
  get_relative_positional_bias(): Tensor {
    const index = this.relative_position_index.view(-1);
    const biases = this.relative_position_bias_table.index([index]).view(this.max_seq_len, this.max_seq_len, -1);
    return biases.permute(2, 0, 1).contiguous().unsqueeze(0);
  }

  override forward(x: Tensor): Tensor {
    const [batch, windows, places, features] = x.shape as unknown as [number, number, number, number];
    const [q, k, v] = aten
      .chunk(this.to_qkv(x), 3, -1)
      .map((part) => part.reshape(batch, windows, places, this.n_heads, this.head_dim).permute(0, 1, 3, 2, 4)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const products = aten.einsum('b g h i d, b g h j d -> b g h i j', [q, k.mul(this.scale_factor)]);
    const attention = F.softmax(products.add(this.get_relative_positional_bias()), -1);
    const output = aten.einsum('b g h i j, b g h j d -> b g h i d', [attention, v]);
    return this.merge(output.permute(0, 1, 3, 2, 4).reshape(batch, windows, places, features));
  }
}

/** Exchanges two dimensions. */
export class SwapAxes extends nn.Module {
  a: number;
  b: number;

  constructor(a: number, b: number) {
    super();
    this.a = a;
    this.b = b;
  }

  override forward(x: Tensor): Tensor {
    return aten.swapaxes(x, this.a, this.b);
  }
}

/** Cuts images into windows of `p` x `p`: (N, C, H, W) to (N, windows, places, C). */
export class WindowPartition extends nn.Module {
  override forward(x: Tensor, p: number): Tensor {
    const [batch, channels, height, width] = x.shape as unknown as [number, number, number, number];
    const [down, across] = [Math.floor(height / p), Math.floor(width / p)];
    const cut = x.reshape(batch, channels, down, p, across, p).permute(0, 2, 4, 3, 5, 1);
    return cut.reshape(batch, down * across, p * p, channels);
  }
}

/** Puts windows together again: (N, windows, places, C) to (N, C, H, W). */
export class WindowDepartition extends nn.Module {
  override forward(x: Tensor, p: number, h_partitions: number, w_partitions: number): Tensor {
    const [batch, , , channels] = x.shape as unknown as [number, number, number, number];
    const joined = x.reshape(batch, h_partitions, w_partitions, p, p, channels).permute(0, 5, 1, 3, 2, 4);
    return joined.reshape(batch, channels, h_partitions * p, w_partitions * p);
  }
}

/** Attention within windows, or among the places that are the same in all windows (`grid`), and two linear layers. */
export class PartitionAttentionLayer extends nn.Module {
  n_heads: number;
  head_dim: number;
  n_partitions: number;
  partition_type: 'grid' | 'window';
  grid_size: ImageSize;
  p: number;
  g: number;
  partition_op: WindowPartition;
  departition_op: WindowDepartition;
  partition_swap: nn.Module;
  departition_swap: nn.Module;
  attn_layer: nn.Sequential;
  mlp_layer: nn.Sequential;
  stochastic_dropout: StochasticDepth;

  /** @throws ValueError for a kind of attention that there is not */
  constructor(
    in_channels: number,
    partition_type: 'grid' | 'window',
    grid_size: ImageSize,
    setting: Omit<MaxVitSetting, 'squeeze_ratio' | 'expansion_ratio'>,
    p_stochastic_dropout: number,
  ) {
    super();
    const { head_dim, partition_size, mlp_ratio, activation_layer, norm_layer } = setting;
    if (partition_type !== 'grid' && partition_type !== 'window') {
      throw new ValueError("partition_type must be either 'grid' or 'window'");
    }
    const grid = partition_type === 'grid';
    this.n_heads = Math.floor(in_channels / head_dim);
    this.head_dim = head_dim;
    this.n_partitions = Math.floor(grid_size[0] / partition_size);
    this.partition_type = partition_type;
    this.grid_size = grid_size;
    this.p = grid ? this.n_partitions : partition_size;
    this.g = grid ? partition_size : this.n_partitions;
    this.partition_op = new WindowPartition();
    this.departition_op = new WindowDepartition();
    this.partition_swap = grid ? new SwapAxes(-2, -3) : new nn.Identity();
    this.departition_swap = grid ? new SwapAxes(-2, -3) : new nn.Identity();
    this.attn_layer = new nn.Sequential(
      make_layer(norm_layer, in_channels),
      new RelativePositionalMultiHeadAttention(in_channels, head_dim, partition_size ** 2),
      new nn.Dropout(setting.attention_dropout),
    );
    this.mlp_layer = new nn.Sequential(
      new nn.LayerNorm(in_channels),
      new nn.Linear(in_channels, in_channels * mlp_ratio),
      make_layer(activation_layer),
      new nn.Linear(in_channels * mlp_ratio, in_channels),
      new nn.Dropout(setting.mlp_dropout),
    );
    this.stochastic_dropout = new StochasticDepth(p_stochastic_dropout, 'row');
  }

  override forward(x: Tensor): Tensor {
    const { p, grid_size } = this;
    if (grid_size[0] % p !== 0 || grid_size[1] % p !== 0) {
      throw new AssertionError(
        `Grid size must be divisible by partition size. Got grid size of ${repr(grid_size)} and partition size of ${p}`,
      );
    }
    let y = this.partition_swap(this.partition_op(x, p)) as Tensor;
    y = y.add(this.stochastic_dropout(this.attn_layer(y)));
    y = y.add(this.stochastic_dropout(this.mlp_layer(y)));
    return this.departition_op(this.departition_swap(y) as Tensor, p, grid_size[0] / p, grid_size[1] / p);
  }
}

/** A convolution block, attention within windows, attention across them. */
export class MaxVitLayer extends nn.Module {
  layers: nn.Sequential;

  constructor(
    in_channels: number,
    out_channels: number,
    stride: number,
    grid_size: ImageSize,
    setting: MaxVitSetting,
    p: number,
  ) {
    super();
    const { expansion_ratio, squeeze_ratio, activation_layer, norm_layer } = setting;
    const inner = { ...setting, norm_layer: nn.LayerNorm };
    const conv = new MBConv(
      in_channels,
      out_channels,
      expansion_ratio,
      squeeze_ratio,
      stride,
      activation_layer,
      norm_layer,
      p,
    );
    this.layers = new nn.Sequential({
      MBconv: conv,
      window_attention: new PartitionAttentionLayer(out_channels, 'window', grid_size, inner, p),
      grid_attention: new PartitionAttentionLayer(out_channels, 'grid', grid_size, inner, p),
    });
  }

  override forward(x: Tensor): Tensor {
    return this.layers(x);
  }
}

/** Layers in a row; the first halves the image. */
export class MaxVitBlock extends nn.Module {
  layers: nn.ModuleList;
  grid_size: ImageSize;

  constructor(
    in_channels: number,
    out_channels: number,
    input_grid_size: ImageSize,
    setting: MaxVitSetting,
    p_stochastic: readonly number[],
  ) {
    super();
    this.layers = new nn.ModuleList();
    this.grid_size = halved(input_grid_size);
    p_stochastic.forEach((p, i) => {
      const [from, stride] = i === 0 ? [in_channels, 2] : [out_channels, 1];
      this.layers.append(new MaxVitLayer(from, out_channels, stride, this.grid_size, setting, p));
    });
  }

  override forward(x: Tensor): Tensor {
    let y = x;
    for (const layer of this.layers) y = layer(y) as Tensor;
    return y;
  }
}

/** Arguments of {@link MaxVit}. */
export interface MaxVitOptions {
  /** The height and width of the images. */
  input_size: ImageSize;
  stem_channels: number;
  /** The height and width of a window. */
  partition_size: number;
  /** The channels of each block. */
  block_channels: readonly number[];
  /** How many layers each block has. */
  block_layers: readonly number[];
  /** How many features a head has. */
  head_dim: number;
  /** How likely the last layer is to be dropped; those before it less so. */
  stochastic_depth_prob: number;
  /** What makes the normalizations of the convolutions. */
  norm_layer?: Layer | null;
  /** What makes the activations (default: `nn.GELU`). */
  activation_layer?: Layer;
  squeeze_ratio?: number;
  expansion_ratio?: number;
  mlp_ratio?: number;
  mlp_dropout?: number;
  attention_dropout?: number;
  /** (default: 1000) */
  num_classes?: number;
}
const parse = signature<MaxVitOptions>('MaxVit', [
  'input_size',
  'stem_channels',
  'partition_size',
  'block_channels',
  'block_layers',
  'head_dim',
  'stochastic_depth_prob',
  ['norm_layer', null],
  ['activation_layer', nn.GELU],
  ['squeeze_ratio', 0.25],
  ['expansion_ratio', 4],
  ['mlp_ratio', 4],
  ['mlp_dropout', 0],
  ['attention_dropout', 0],
  ['num_classes', 1000],
]);

/** The batch norm of the paper. */
const slow_batch_norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { eps: 1e-3, momentum: 0.01 });

/** @throws ValueError for a size that windows do not fill in every block */
function check_sizes(input_size: ImageSize, blocks: number, partition_size: number): void {
  const sizes: ImageSize[] = [];
  for (let i = 0, size = halved(input_size); i < blocks; i++) sizes.push((size = halved(size)));
  sizes.forEach((size, i) => {
    if (size[0] % partition_size === 0 && size[1] % partition_size === 0) return;
    throw new ValueError(
      `Input size ${repr(size)} of block ${i} is not divisible by partition size ${partition_size}. Consider changing ` +
        'the partition size or the input size.\nCurrent configuration yields the following block input sizes: ' +
        `${list_repr(sizes)}.`,
    );
  });
}

/** `count` numbers from 0 to `end`, as far from one another as `numpy.linspace` puts them. */
function linspace(end: number, count: number): number[] {
  const step = end / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 && i > 0 ? end : i === 0 ? 0 : i * step));
}

/**
 * Convolutions and attention within and across windows: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError for a size that windows do not fill in every block
 * @see https://docs.pytorch.org/vision/stable/models/maxvit.html
 */
export class MaxVit extends nn.Module {
  stem: nn.Sequential;
  partition_size: number;
  blocks: nn.ModuleList;
  classifier: nn.Sequential;

  constructor(
    ...args: Arguments<
      MaxVitOptions,
      [
        'input_size',
        'stem_channels',
        'partition_size',
        'block_channels',
        'block_layers',
        'head_dim',
        'stochastic_depth_prob',
        'norm_layer',
        'activation_layer',
        'squeeze_ratio',
        'expansion_ratio',
        'mlp_ratio',
        'mlp_dropout',
        'attention_dropout',
        'num_classes',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { input_size, stem_channels, partition_size, block_channels, block_layers, activation_layer } = options;
    const norm_layer = options.norm_layer ?? slow_batch_norm;
    check_sizes(input_size, block_channels.length, partition_size);
    this.stem = new nn.Sequential(
      new Conv2dNormActivation(3, stem_channels, 3, {
        stride: 2,
        norm_layer,
        activation_layer,
        bias: false,
        inplace: null,
      }),
      new Conv2dNormActivation(stem_channels, stem_channels, 3, {
        norm_layer: null,
        activation_layer: null,
        bias: true,
      }),
    );
    this.partition_size = partition_size;
    this.blocks = new nn.ModuleList();
    const probabilities = linspace(
      options.stochastic_depth_prob,
      block_layers.reduce((sum, layers) => sum + layers, 0),
    );
    let channels = stem_channels;
    let size = halved(input_size);
    block_channels.forEach((out_channels, i) => {
      const setting = { ...options, norm_layer };
      const block = new MaxVitBlock(channels, out_channels, size, setting, probabilities.splice(0, block_layers[i]));
      this.blocks.append(block);
      channels = out_channels;
      size = block.grid_size;
    });
    this.classifier = new nn.Sequential(
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.LayerNorm(channels),
      new nn.Linear(channels, channels),
      new nn.Tanh(),
      new nn.Linear(channels, options.num_classes, false),
    );
    for (const module of this.modules()) {
      if (module instanceof nn.BatchNorm2d) init_norm(module);
      if (!(module instanceof nn.Conv2d || module instanceof nn.Linear)) continue;
      nn.init.normal_(module.weight, { std: 0.02 });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    }
  }

  override forward(x: Tensor): Tensor {
    let features: Tensor = this.stem(x);
    for (const block of this.blocks) features = block(features) as Tensor;
    return this.classifier(features);
  }
}

/** What {@link maxvit_t} takes. */
export type MaxVitBuilderOptions = Partial<
  Omit<
    MaxVitOptions,
    | 'stem_channels'
    | 'partition_size'
    | 'block_channels'
    | 'block_layers'
    | 'head_dim'
    | 'stochastic_depth_prob'
  >
>;

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.maxvit_t.html */
export const maxvit_t: Builder<MaxVitBuilderOptions, MaxVit, 'IMAGENET1K_V1'> = builder('maxvit_t', MaxVit_T_Weights, {
  wanted: (chosen) => ({ ...classes_of(chosen), input_size: chosen.meta.min_size }),
  make: (options: MaxVitBuilderOptions) =>
    new MaxVit({
      input_size: [224, 224],
      ...options,
      stem_channels: 64,
      partition_size: 7,
      block_channels: [64, 128, 256, 512],
      block_layers: [2, 2, 5, 2],
      head_dim: 32,
      stochastic_depth_prob: 0.2,
    }),
});

export { MaxVit_T_Weights };
