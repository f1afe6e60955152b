/** Swin Transformer (Liu et al., 2021) and Swin Transformer V2 (Liu et al., 2021). */
import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { tensor } from '../../creation.ts';
import { float32 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { MLP, Permute } from '../ops/misc.ts';
import { StochasticDepth } from '../ops/stochastic_depth.ts';
import { type Builder, builder } from './_builder.ts';
import { relative_position_index } from './_relative_positions.ts';
import type { WeightsEnumOf } from './_weights.ts';
import { init_mlp } from './vision_transformer.ts';
import {
  Swin_B_Weights,
  Swin_S_Weights,
  Swin_T_Weights,
  Swin_V2_B_Weights,
  Swin_V2_S_Weights,
  Swin_V2_T_Weights,
} from './weights/swin_transformer.ts';

/** The four pixels of each square of 2 x 2, one behind the other: (..., H, W, C) to (..., H/2, W/2, 4C). */
function squares(x: Tensor): Tensor {
  const [height, width] = x.shape.slice(-3) as unknown as [number, number];
  const padded = F.pad(x, [0, 0, 0, width % 2, 0, height % 2]);
  const every_other = (row: number, column: number): Tensor =>
    aten.slice(aten.slice(padded, -3, row, null, 2), -2, column, null, 2);
  return aten.cat([every_other(0, 0), every_other(1, 0), every_other(0, 1), every_other(1, 1)], -1);
}

/** Makes the image half as large and its channels twice as many. */
export class PatchMerging extends nn.Module {
  dim: number;
  reduction: nn.Linear;
  norm: nn.Module;

  constructor(dim: number, norm_layer: Layer = nn.LayerNorm) {
    super();
    this.dim = dim;
    this.reduction = new nn.Linear(4 * dim, 2 * dim, false);
    this.norm = make_layer(norm_layer, 4 * dim);
  }

  override forward(x: Tensor): Tensor {
    return this.reduction(this.norm(squares(x)) as Tensor);
  }
}

/** As {@link PatchMerging}, with the normalization in the end. */
export class PatchMergingV2 extends nn.Module {
  dim: number;
  reduction: nn.Linear;
  norm: nn.Module;

  constructor(dim: number, norm_layer: Layer = nn.LayerNorm) {
    super();
    this.dim = dim;
    this.reduction = new nn.Linear(4 * dim, 2 * dim, false);
    this.norm = make_layer(norm_layer, 2 * dim);
  }

  override forward(x: Tensor): Tensor {
    return this.norm(this.reduction(squares(x))) as Tensor;
  }
}

/**
 * Which of three parts along one dimension each place is in, for windows that were shifted: before the last window, in
 * it, or in what came round from the other end.
 */
function parts_of(size: number, window: number, shift: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    if (shift === 0 || i >= size - shift) return 2;
    return i >= size - window ? 1 : 0;
  });
}

/** What keeps places apart that only the shift has brought into one window: (windows, places, places). */
function shift_mask(x: Tensor, sizes: readonly number[], windows: readonly number[], shifts: readonly number[]): Tensor {
  const [height, width] = sizes as [number, number];
  const [rows, columns] = windows as [number, number];
  const row_parts = parts_of(height, rows, shifts[0]!);
  const column_parts = parts_of(width, columns, shifts[1]!);
  const regions = row_parts.map((row) => column_parts.map((column) => 3 * row + column));
  const flat = tensor(regions, { dtype: x.dtype, device: x.device })
    .view(height / rows, rows, width / columns, columns)
    .permute(0, 2, 1, 3)
    .reshape((height / rows) * (width / columns), rows * columns);
  const differences = flat.unsqueeze(1).sub(flat.unsqueeze(2));
  return differences.masked_fill(differences.ne(0), -100).masked_fill(differences.eq(0), 0);
}

/** Arguments of {@link shifted_window_attention}. */
interface WindowAttentionOptions {
  qkv: nn.Linear;
  proj: nn.Linear;
  relative_position_bias: Tensor;
  window_size: readonly number[];
  num_heads: number;
  shift_size: readonly number[];
  attention_dropout: number;
  dropout: number;
  /** The logarithm of what cosines are scaled by, in version 2; null in version 1. */
  logit_scale: Tensor | null;
  training: boolean;
}

/** Attention within windows that are shifted against those of the block before: (N, H, W, C) to the same shape. */
function shifted_window_attention(input: Tensor, options: WindowAttentionOptions): Tensor {
  const { qkv, proj, relative_position_bias, num_heads, logit_scale, training } = options;
  const [batch, height, width, channels] = input.shape as unknown as [number, number, number, number];
  const [rows, columns] = options.window_size as [number, number];
  // The image is filled up to whole windows.
  const pad_height = Math.ceil(height / rows) * rows;
  const pad_width = Math.ceil(width / columns) * columns;
  let x = F.pad(input, [0, 0, 0, pad_width - width, 0, pad_height - height]);
  // A window as large as the image has nowhere to be shifted to.
  const shifts = [rows >= pad_height ? 0 : options.shift_size[0]!, columns >= pad_width ? 0 : options.shift_size[1]!];
  const shifted = shifts[0]! + shifts[1]! > 0;
  if (shifted) x = aten.roll(x, shifts.map((shift) => -shift), [1, 2]);

  const [down, across] = [pad_height / rows, pad_width / columns];
  const windows = down * across;
  const places = rows * columns;
  x = x
    .view(batch, down, rows, across, columns, channels)
    .permute(0, 1, 3, 2, 4, 5)
    .reshape(batch * windows, places, channels);

  let qkv_bias: Tensor | null = qkv.bias;
  if (logit_scale !== null && qkv_bias !== null) {
    // In version 2 keys have no bias.
    qkv_bias = qkv_bias.clone();
    const third = Math.floor(qkv_bias.numel() / 3);
    aten.narrow(qkv_bias, 0, third, third).zero_();
  }
  const projected = F.linear(x, qkv.weight, qkv_bias)
    .reshape(batch * windows, places, 3, num_heads, Math.floor(channels / num_heads))
    .permute(2, 0, 3, 1, 4);
  const [q, k, v] = [0, 1, 2].map((i) => aten.select(projected, 0, i)) as [Tensor, Tensor, Tensor];
  let attention: Tensor;
  if (logit_scale === null) {
    attention = q.mul(Math.floor(channels / num_heads) ** -0.5).matmul(k.transpose(-2, -1));
  } else {
    const cosines = F.normalize(q, { dim: -1 }).matmul(F.normalize(k, { dim: -1 }).transpose(-2, -1));
    attention = cosines.mul(aten.clamp(logit_scale, { max: Math.log(100) }).exp());
  }
  attention = attention.add(relative_position_bias);
  if (shifted) {
    const mask = shift_mask(x, [pad_height, pad_width], options.window_size, shifts);
    attention = attention
      .view(batch, windows, num_heads, places, places)
      .add(mask.unsqueeze(1).unsqueeze(0))
      .view(-1, num_heads, places, places);
  }
  attention = F.dropout(F.softmax(attention, -1), options.attention_dropout, training);
  x = attention.matmul(v).transpose(1, 2).reshape(batch * windows, places, channels);
  x = F.dropout(F.linear(x, proj.weight, proj.bias), options.dropout, training);
  x = x
    .view(batch, down, across, rows, columns, channels)
    .permute(0, 1, 3, 2, 4, 5)
    .reshape(batch, pad_height, pad_width, channels);
  if (shifted) x = aten.roll(x, shifts, [1, 2]);
  return aten.narrow(aten.narrow(x, 1, 0, height), 2, 0, width).contiguous();
}

/** Arguments of {@link ShiftedWindowAttention}. */
export interface ShiftedWindowAttentionOptions {
  dim: number;
  /** Height and width of a window. */
  window_size: readonly number[];
  /** How far windows are shifted down and across. */
  shift_size: readonly number[];
  num_heads: number;
  qkv_bias?: boolean;
  proj_bias?: boolean;
  attention_dropout?: number;
  dropout?: number;
}
type AttentionNames = [
  'dim',
  'window_size',
  'shift_size',
  'num_heads',
  'qkv_bias',
  'proj_bias',
  'attention_dropout',
  'dropout',
];
const attention_arguments = signature<ShiftedWindowAttentionOptions>('ShiftedWindowAttention', [
  'dim',
  'window_size',
  'shift_size',
  'num_heads',
  ['qkv_bias', true],
  ['proj_bias', true],
  ['attention_dropout', 0],
  ['dropout', 0],
]);

/**
 * Attention within windows, which knows how the places in a window lie to one another.
 * @throws ValueError unless the window and the shift have two numbers
 */
export class ShiftedWindowAttention extends nn.Module {
  window_size: readonly number[];
  shift_size: readonly number[];
  num_heads: number;
  attention_dropout: number;
  dropout: number;
  qkv: nn.Linear;
  proj: nn.Linear;
  declare relative_position_bias_table: nn.Parameter;
  declare relative_position_index: Tensor;

  constructor(...args: Arguments<ShiftedWindowAttentionOptions, AttentionNames>) {
    super();
    const options = attention_arguments(args);
    const { dim, window_size, shift_size } = options;
    if (window_size.length !== 2 || shift_size.length !== 2) {
      throw new ValueError('window_size and shift_size must be of length 2');
    }
    this.window_size = window_size;
    this.shift_size = shift_size;
    this.num_heads = options.num_heads;
    this.attention_dropout = options.attention_dropout;
    this.dropout = options.dropout;
    this.qkv = new nn.Linear(dim, dim * 3, options.qkv_bias);
    this.proj = new nn.Linear(dim, dim, options.proj_bias);
    this.define_relative_position_bias_table();
    this.define_relative_position_index();
  }

  /** Makes what the biases are taken from. */
  define_relative_position_bias_table(): void {
    const [rows, columns] = this.window_size as [number, number];
    const table = new nn.Parameter(aten.zeros([(2 * rows - 1) * (2 * columns - 1), this.num_heads]));
    nn.init.trunc_normal_(table, { std: 0.02 });
    this.relative_position_bias_table = table;
  }

  /** Makes the rows of the table that two places take their bias from. */
  define_relative_position_index(): void {
    const [rows, columns] = this.window_size as [number, number];
    this.register_buffer('relative_position_index', relative_position_index(rows, columns).flatten());
  }

  /** The biases of a table's rows: (1, heads, places, places). */
  protected _biases_from(table: Tensor): Tensor {
    const places = this.window_size[0]! * this.window_size[1]!;
    const biases = table.index([this.relative_position_index]).view(places, places, -1);
    return biases.permute(2, 0, 1).contiguous().unsqueeze(0);
  }

  /** What is added to the attention of each place to each other: (1, heads, places, places). */
  get_relative_position_bias(): Tensor {
    return this._biases_from(this.relative_position_bias_table);
  }

  /** The scale of the cosines; version 1 has products instead. */
  protected _logit_scale(): Tensor | null {
    return null;
  }

  override forward(x: Tensor): Tensor {
    return shifted_window_attention(x, {
      qkv: this.qkv,
      proj: this.proj,
      relative_position_bias: this.get_relative_position_bias(),
      window_size: this.window_size,
      num_heads: this.num_heads,
      shift_size: this.shift_size,
      attention_dropout: this.attention_dropout,
      dropout: this.dropout,
      logit_scale: this._logit_scale(),
      training: this.training,
    });
  }
}

/** As {@link ShiftedWindowAttention}, with cosines in place of products and a small network in place of the table. */
export class ShiftedWindowAttentionV2 extends ShiftedWindowAttention {
  declare relative_coords_table: Tensor;
  logit_scale: nn.Parameter;
  cpb_mlp: nn.Sequential;

  constructor(...args: Arguments<ShiftedWindowAttentionOptions, AttentionNames>) {
    super(...args);
    this.logit_scale = new nn.Parameter(aten.ones([this.num_heads, 1, 1]).mul(10).log());
    this.cpb_mlp = new nn.Sequential(
      new nn.Linear(2, 512),
      new nn.ReLU(true),
      new nn.Linear(512, this.num_heads, false),
    );
    const { bias } = this.qkv;
    if (bias === null) return;
    const third = Math.floor(bias.numel() / 3);
    no_grad(() => aten.narrow(bias, 0, third, third).zero_());
  }

  /** Makes the distances within a window, down and across, on a logarithmic scale. */
  override define_relative_position_bias_table(): void {
    const distances = this.window_size.map((size) =>
      aten.arange(-(size - 1), size, { dtype: float32 }).div(size - 1),
    );
    const grid = aten.stack(aten.meshgrid(distances, { indexing: 'ij' }));
    const scaled = grid.permute(1, 2, 0).contiguous().unsqueeze(0).mul(8);
    // The product with the sign is the absolute value, for which the meta device has no operator of LibTorch's.
    const sign = scaled.sign();
    const table = sign.mul(scaled.mul(sign).add(1).log2()).div(3);
    this.register_buffer('relative_coords_table', table);
  }

  override get_relative_position_bias(): Tensor {
    const table = this.cpb_mlp(this.relative_coords_table).view(-1, this.num_heads);
    return this._biases_from(table).sigmoid().mul(16);
  }

  protected override _logit_scale(): Tensor {
    return this.logit_scale;
  }
}

/** Arguments of {@link SwinTransformerBlock}. */
export interface SwinTransformerBlockOptions {
  dim: number;
  num_heads: number;
  window_size: readonly number[];
  shift_size: readonly number[];
  /** How many times as many features the inner layer has (default: 4). */
  mlp_ratio?: number;
  dropout?: number;
  attention_dropout?: number;
  stochastic_depth_prob?: number;
  /** What makes the normalizations (default: `nn.LayerNorm`). */
  norm_layer?: Layer;
  /** What makes the attention; that of the block's version if null. */
  attn_layer?: Layer | null;
}
type BlockNames = [
  'dim',
  'num_heads',
  'window_size',
  'shift_size',
  'mlp_ratio',
  'dropout',
  'attention_dropout',
  'stochastic_depth_prob',
  'norm_layer',
  'attn_layer',
];
const block_arguments = signature<SwinTransformerBlockOptions>('SwinTransformerBlock', [
  'dim',
  'num_heads',
  'window_size',
  'shift_size',
  ['mlp_ratio', 4],
  ['dropout', 0],
  ['attention_dropout', 0],
  ['stochastic_depth_prob', 0],
  ['norm_layer', nn.LayerNorm],
  ['attn_layer', null],
]);

/** Attention and two linear layers, each added to its input. */
export class SwinTransformerBlock extends nn.Module {
  norm1: nn.Module;
  attn: nn.Module;
  stochastic_depth: StochasticDepth;
  norm2: nn.Module;
  mlp: MLP;

  constructor(...args: Arguments<SwinTransformerBlockOptions, BlockNames>) {
    super();
    const options = block_arguments(args);
    const { dim, num_heads, window_size, shift_size, mlp_ratio, dropout, attention_dropout, norm_layer } = options;
    const attn_layer = options.attn_layer ?? this._attention();
    this.norm1 = make_layer(norm_layer, dim);
    this.attn = make_layer(attn_layer, dim, window_size, shift_size, num_heads, { attention_dropout, dropout });
    this.stochastic_depth = new StochasticDepth(options.stochastic_depth_prob, 'row');
    this.norm2 = make_layer(norm_layer, dim);
    this.mlp = new MLP(dim, [Math.trunc(dim * mlp_ratio), dim], { activation_layer: nn.GELU, inplace: null, dropout });
    init_mlp(this.mlp);
  }

  /** The attention of this version. */
  protected _attention(): Layer {
    return ShiftedWindowAttention;
  }

  override forward(x: Tensor): Tensor {
    const y = x.add(this.stochastic_depth(this.attn(this.norm1(x) as Tensor) as Tensor));
    return y.add(this.stochastic_depth(this.mlp(this.norm2(y) as Tensor)));
  }
}

/** As {@link SwinTransformerBlock}, with the normalizations behind what they normalize. */
export class SwinTransformerBlockV2 extends SwinTransformerBlock {
  protected override _attention(): Layer {
    return ShiftedWindowAttentionV2;
  }

  override forward(x: Tensor): Tensor {
    const y = x.add(this.stochastic_depth(this.norm1(this.attn(x) as Tensor) as Tensor));
    return y.add(this.stochastic_depth(this.norm2(this.mlp(y)) as Tensor));
  }
}

/** Arguments of {@link SwinTransformer}. */
export interface SwinTransformerOptions {
  /** Height and width of the patches that images are cut into. */
  patch_size: readonly number[];
  embed_dim: number;
  /** How many blocks each stage has. */
  depths: readonly number[];
  /** How many heads the blocks of each stage have. */
  num_heads: readonly number[];
  window_size: readonly number[];
  mlp_ratio?: number;
  dropout?: number;
  attention_dropout?: number;
  /** How likely the last block is to be dropped; those before it less so (default: 0.1). */
  stochastic_depth_prob?: number;
  /** (default: 1000) */
  num_classes?: number;
  /** What makes the normalizations (default: `nn.LayerNorm`). */
  norm_layer?: Layer | null;
  /** What stands in for `SwinTransformerBlock`. */
  block?: Layer | null;
  /** What makes the image smaller between two stages (default: `PatchMerging`). */
  downsample_layer?: Layer;
}
const parse = signature<SwinTransformerOptions>('SwinTransformer', [
  'patch_size',
  'embed_dim',
  'depths',
  'num_heads',
  'window_size',
  ['mlp_ratio', 4],
  ['dropout', 0],
  ['attention_dropout', 0],
  ['stochastic_depth_prob', 0.1],
  ['num_classes', 1000],
  ['norm_layer', null],
  ['block', null],
  ['downsample_layer', PatchMerging],
]);

/**
 * A transformer whose attention stays within windows: (N, 3, H, W) to (N, num_classes).
 * @see https://docs.pytorch.org/vision/stable/models/swin_transformer.html
 */
export class SwinTransformer extends nn.Module {
  num_classes: number;
  features: nn.Sequential;
  norm: nn.Module;
  permute: Permute;
  avgpool: nn.AdaptiveAvgPool2d;
  flatten: nn.Flatten;
  head: nn.Linear;

  constructor(
    ...args: Arguments<
      SwinTransformerOptions,
      [
        'patch_size',
        'embed_dim',
        'depths',
        'num_heads',
        'window_size',
        'mlp_ratio',
        'dropout',
        'attention_dropout',
        'stochastic_depth_prob',
        'num_classes',
        'norm_layer',
        'block',
        'downsample_layer',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { patch_size, embed_dim, depths, num_heads, window_size, stochastic_depth_prob } = options;
    const block = options.block ?? SwinTransformerBlock;
    const norm_layer = options.norm_layer ?? nn.LayerNorm;
    const { mlp_ratio, dropout, attention_dropout } = options;
    const shared = { window_size, mlp_ratio, dropout, attention_dropout, norm_layer };
    this.num_classes = options.num_classes;
    const layers: nn.Module[] = [
      new nn.Sequential(
        new nn.Conv2d(3, embed_dim, { kernel_size: patch_size, stride: patch_size }),
        new Permute([0, 2, 3, 1]),
        make_layer(norm_layer, embed_dim),
      ),
    ];
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    let made = 0;
    depths.forEach((depth, i) => {
      const dim = embed_dim * 2 ** i;
      const stage = Array.from({ length: depth }, (_, j) =>
        make_layer(block, dim, num_heads[i], {
          ...shared,
          shift_size: window_size.map((size) => (j % 2 === 0 ? 0 : Math.floor(size / 2))),
          stochastic_depth_prob: (stochastic_depth_prob * made++) / (total - 1),
        }),
      );
      layers.push(new nn.Sequential(...stage));
      if (i < depths.length - 1) layers.push(make_layer(options.downsample_layer, dim, norm_layer));
    });
    this.features = new nn.Sequential(...layers);
    const num_features = embed_dim * 2 ** (depths.length - 1);
    this.norm = make_layer(norm_layer, num_features);
    this.permute = new Permute([0, 3, 1, 2]);
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.flatten = new nn.Flatten(1);
    this.head = new nn.Linear(num_features, options.num_classes);
    for (const module of this.modules()) {
      if (!(module instanceof nn.Linear)) continue;
      nn.init.trunc_normal_(module.weight, { std: 0.02 });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    }
  }

  override forward(x: Tensor): Tensor {
    const features = this.permute(this.norm(this.features(x)) as Tensor);
    return this.head(this.flatten(this.avgpool(features)));
  }
}

/** What the functions below take. */
export type SwinTransformerBuilderOptions = Partial<
  Omit<SwinTransformerOptions, 'patch_size' | 'embed_dim' | 'depths' | 'num_heads' | 'window_size'>
>;

function swin<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  size: { embed_dim: number; depths: readonly number[]; num_heads: readonly number[] },
  stochastic_depth_prob: number,
): Builder<SwinTransformerBuilderOptions, SwinTransformer, K> {
  const second = name.startsWith('swin_v2');
  const version = second
    ? { window_size: [8, 8], block: SwinTransformerBlockV2, downsample_layer: PatchMergingV2 }
    : { window_size: [7, 7] };
  return builder(name, weights, {
    make: (options: SwinTransformerBuilderOptions) =>
      new SwinTransformer({ patch_size: [4, 4], ...size, ...version, stochastic_depth_prob, ...options }),
  });
}

const tiny = { embed_dim: 96, depths: [2, 2, 6, 2], num_heads: [3, 6, 12, 24] };
const small = { embed_dim: 96, depths: [2, 2, 18, 2], num_heads: [3, 6, 12, 24] };
const base = { embed_dim: 128, depths: [2, 2, 18, 2], num_heads: [4, 8, 16, 32] };

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_t.html */
export const swin_t = swin('swin_t', Swin_T_Weights, tiny, 0.2);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_s.html */
export const swin_s = swin('swin_s', Swin_S_Weights, small, 0.3);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_b.html */
export const swin_b = swin('swin_b', Swin_B_Weights, base, 0.5);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_v2_t.html */
export const swin_v2_t = swin('swin_v2_t', Swin_V2_T_Weights, tiny, 0.2);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_v2_s.html */
export const swin_v2_s = swin('swin_v2_s', Swin_V2_S_Weights, small, 0.3);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.swin_v2_b.html */
export const swin_v2_b = swin('swin_v2_b', Swin_V2_B_Weights, base, 0.5);

export { Swin_B_Weights, Swin_S_Weights, Swin_T_Weights, Swin_V2_B_Weights, Swin_V2_S_Weights, Swin_V2_T_Weights };
