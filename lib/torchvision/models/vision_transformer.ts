/** "An image is worth 16x16 words: transformers for image recognition at scale" (Dosovitskiy et al., 2020). */
import { type Arguments, signature } from '../../arguments.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import type { StateDict } from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { OrderedDict } from '../../ordered_dict.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { Conv2dNormActivation, MLP } from '../ops/misc.ts';
import { type Builder, builder, classes_of } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  ViT_B_16_Weights,
  ViT_B_32_Weights,
  ViT_H_14_Weights,
  ViT_L_16_Weights,
  ViT_L_32_Weights,
} from './weights/vision_transformer.ts';

/** The normalization of the transformers here. */
const layer_norm = (size: number): nn.LayerNorm => new nn.LayerNorm(size, { eps: 1e-6 });

/** One convolution of a stem that stands in for the patches' own. */
export interface ConvStemConfig {
  out_channels: number;
  kernel_size: number;
  stride: number;
  /** (default: `nn.BatchNorm2d`) */
  norm_layer?: Layer;
  /** (default: `nn.ReLU`) */
  activation_layer?: Layer;
}

/** The two linear layers of a transformer's block. */
export class MLPBlock extends MLP {
  // In version 1 the layers had names, linear_1 and linear_2.
  static override _version = 2;

  constructor(in_dim: number, mlp_dim: number, dropout: number) {
    super(in_dim, [mlp_dim, in_dim], { activation_layer: nn.GELU, inplace: null, dropout });
    init_mlp(this);
  }

  override _load_from_state_dict(
    ...args: Parameters<nn.Module['_load_from_state_dict']>
  ): ReturnType<nn.Module['_load_from_state_dict']> {
    const [state_dict, prefix, metadata] = args as unknown as [Map<string, unknown>, string, { version?: number }];
    if (metadata.version === undefined || metadata.version < 2) {
      for (const i of [0, 1]) {
        for (const kind of ['weight', 'bias']) {
          const old = `${prefix}linear_${i + 1}.${kind}`;
          if (!state_dict.has(old)) continue;
          state_dict.set(`${prefix}${3 * i}.${kind}`, state_dict.get(old));
          state_dict.delete(old);
        }
      }
    }
    super._load_from_state_dict(...args);
  }
}

/** Draws the parameters of the linear layers of a transformer's block. */
export function init_mlp(mlp: nn.Module): void {
  for (const module of mlp.modules()) {
    if (!(module instanceof nn.Linear)) continue;
    nn.init.xavier_uniform_(module.weight);
    if (module.bias !== null) nn.init.normal_(module.bias, { std: 1e-6 });
  }
}

/** @throws AssertionError unless a tensor has three dimensions */
function check_sequence(input: Tensor): void {
  if (input.ndim === 3) return;
  throw new AssertionError(`Expected (batch_size, seq_length, hidden_dim) got ${String(input.shape)}`);
}

/** Attention and two linear layers, each added to its input. */
export class EncoderBlock extends nn.Module {
  num_heads: number;
  ln_1: nn.Module;
  self_attention: nn.MultiheadAttention;
  dropout: nn.Dropout;
  ln_2: nn.Module;
  mlp: MLPBlock;

  constructor(
    num_heads: number,
    hidden_dim: number,
    mlp_dim: number,
    dropout: number,
    attention_dropout: number,
    norm_layer: Layer = layer_norm,
  ) {
    super();
    this.num_heads = num_heads;
    this.ln_1 = make_layer(norm_layer, hidden_dim);
    this.self_attention = new nn.MultiheadAttention(hidden_dim, num_heads, {
      dropout: attention_dropout,
      batch_first: true,
    });
    this.dropout = new nn.Dropout(dropout);
    this.ln_2 = make_layer(norm_layer, hidden_dim);
    this.mlp = new MLPBlock(hidden_dim, mlp_dim, dropout);
  }

  override forward(input: Tensor): Tensor {
    check_sequence(input);
    const x = this.ln_1(input) as Tensor;
    const [attended] = this.self_attention(x, x, x, { need_weights: false }) as [Tensor, Tensor | null];
    const y = this.dropout(attended).add(input);
    return y.add(this.mlp(this.ln_2(y) as Tensor));
  }
}

/** Blocks in a row, and where each patch is. */
export class Encoder extends nn.Module {
  pos_embedding: nn.Parameter;
  dropout: nn.Dropout;
  layers: nn.Sequential;
  ln: nn.Module;

  constructor(
    seq_length: number,
    num_layers: number,
    num_heads: number,
    hidden_dim: number,
    mlp_dim: number,
    dropout: number,
    attention_dropout: number,
    norm_layer: Layer = layer_norm,
  ) {
    super();
    this.pos_embedding = new nn.Parameter(aten.empty([1, seq_length, hidden_dim]).normal_({ std: 0.02 }));
    this.dropout = new nn.Dropout(dropout);
    this.layers = new nn.Sequential();
    for (let i = 0; i < num_layers; i++) {
      const block = new EncoderBlock(num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer);
      this.layers.add_module(`encoder_layer_${i}`, block);
    }
    this.ln = make_layer(norm_layer, hidden_dim);
  }

  override forward(input: Tensor): Tensor {
    check_sequence(input);
    return this.ln(this.layers(this.dropout(input.add(this.pos_embedding)))) as Tensor;
  }
}

/** Arguments of {@link VisionTransformer}. */
export interface VisionTransformerOptions {
  /** The height and the width of the images. */
  image_size: number;
  /** The height and the width of the patches that they are cut into. */
  patch_size: number;
  num_layers: number;
  num_heads: number;
  hidden_dim: number;
  mlp_dim: number;
  dropout?: number;
  attention_dropout?: number;
  /** (default: 1000) */
  num_classes?: number;
  /** The size of a layer before the last; none if null (default: null). */
  representation_size?: number | null;
  /** What makes the normalizations. */
  norm_layer?: Layer;
  /** Convolutions that stand in for the patches' own; none if null (default: null). */
  conv_stem_configs?: readonly ConvStemConfig[] | null;
}
const parse = signature<VisionTransformerOptions>('VisionTransformer', [
  'image_size',
  'patch_size',
  'num_layers',
  'num_heads',
  'hidden_dim',
  'mlp_dim',
  ['dropout', 0],
  ['attention_dropout', 0],
  ['num_classes', 1000],
  ['representation_size', null],
  ['norm_layer', layer_norm],
  ['conv_stem_configs', null],
]);

/** Convolutions that make patches. */
function conv_stem(configs: readonly ConvStemConfig[], hidden_dim: number): nn.Sequential {
  const stem = new nn.Sequential();
  let channels = 3;
  configs.forEach(({ out_channels, kernel_size, stride, norm_layer, activation_layer }, i) => {
    const layer = new Conv2dNormActivation(channels, out_channels, kernel_size, { stride, norm_layer, activation_layer });
    stem.add_module(`conv_bn_relu_${i}`, layer);
    channels = out_channels;
  });
  const last = new nn.Conv2d(channels, hidden_dim, 1);
  stem.add_module('conv_last', last);
  return stem;
}

/**
 * A transformer that reads an image patch by patch: (N, 3, image_size, image_size) to (N, num_classes).
 * @throws AssertionError if patches do not fill the image, and for images of another size
 * @see https://docs.pytorch.org/vision/stable/models/vision_transformer.html
 */
export class VisionTransformer extends nn.Module {
  image_size: number;
  patch_size: number;
  hidden_dim: number;
  mlp_dim: number;
  attention_dropout: number;
  dropout: number;
  num_classes: number;
  representation_size: number | null;
  norm_layer: Layer;
  // A parameter stands before modules in a state dict, wherever it is assigned.
  conv_proj: nn.Conv2d | nn.Sequential;
  class_token: nn.Parameter;
  encoder: Encoder;
  seq_length: number;
  heads: nn.Sequential;

  constructor(
    ...args: Arguments<
      VisionTransformerOptions,
      [
        'image_size',
        'patch_size',
        'num_layers',
        'num_heads',
        'hidden_dim',
        'mlp_dim',
        'dropout',
        'attention_dropout',
        'num_classes',
        'representation_size',
        'norm_layer',
        'conv_stem_configs',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { image_size, patch_size, hidden_dim, mlp_dim, num_classes, representation_size } = options;
    if (image_size % patch_size !== 0) throw new AssertionError('Input shape indivisible by patch size!');
    this.image_size = image_size;
    this.patch_size = patch_size;
    this.hidden_dim = hidden_dim;
    this.mlp_dim = mlp_dim;
    this.attention_dropout = options.attention_dropout;
    this.dropout = options.dropout;
    this.num_classes = num_classes;
    this.representation_size = representation_size;
    this.norm_layer = options.norm_layer;
    const configs = options.conv_stem_configs;
    this.conv_proj =
      configs === null
        ? new nn.Conv2d(3, hidden_dim, { kernel_size: patch_size, stride: patch_size })
        : conv_stem(configs, hidden_dim);
    this.class_token = new nn.Parameter(aten.zeros([1, 1, hidden_dim]));
    // One more than there are patches, for the class.
    this.seq_length = (image_size / patch_size) ** 2 + 1;
    this.encoder = new Encoder(
      this.seq_length,
      options.num_layers,
      options.num_heads,
      hidden_dim,
      mlp_dim,
      options.dropout,
      options.attention_dropout,
      options.norm_layer,
    );
    this.heads = new nn.Sequential();
    if (representation_size !== null) {
      this.heads.add_module('pre_logits', new nn.Linear(hidden_dim, representation_size));
      this.heads.add_module('act', new nn.Tanh());
    }
    this.heads.add_module('head', new nn.Linear(representation_size ?? hidden_dim, num_classes));
    this._init_parameters();
  }

  /** Draws the parameters of the first and the last layers. */
  _init_parameters(): void {
    const { conv_proj } = this;
    if (conv_proj instanceof nn.Conv2d) {
      const fan_in = conv_proj.in_channels * conv_proj.kernel_size[0]! * conv_proj.kernel_size[1]!;
      nn.init.trunc_normal_(conv_proj.weight, { std: Math.sqrt(1 / fan_in) });
      nn.init.zeros_(conv_proj.bias!);
    } else {
      const last = conv_proj.get_submodule('conv_last') as nn.Conv2d;
      nn.init.normal_(last.weight, 0, Math.sqrt(2 / last.out_channels));
      nn.init.zeros_(last.bias!);
    }
    if (this.representation_size !== null) {
      const pre_logits = this.heads.get_submodule('pre_logits') as nn.Linear;
      nn.init.trunc_normal_(pre_logits.weight, { std: Math.sqrt(1 / pre_logits.in_features) });
      nn.init.zeros_(pre_logits.bias!);
    }
    const head = this.heads.get_submodule('head') as nn.Linear;
    nn.init.zeros_(head.weight);
    nn.init.zeros_(head.bias!);
  }

  /** The image's patches: (N, patches, hidden_dim). */
  _process_input(x: Tensor): Tensor {
    const { image_size, patch_size } = this;
    const [count, , height, width] = x.shape as unknown as [number, number, number, number];
    if (height !== image_size) {
      throw new AssertionError(`Wrong image height! Expected ${image_size} but got ${height}!`);
    }
    if (width !== image_size) throw new AssertionError(`Wrong image width! Expected ${image_size} but got ${width}!`);
    const patches = (height / patch_size) * (width / patch_size);
    return this.conv_proj(x).reshape(count, this.hidden_dim, patches).permute(0, 2, 1);
  }

  override forward(x: Tensor): Tensor {
    const patches = this._process_input(x);
    const class_token = this.class_token.expand(x.size(0), -1, -1);
    const encoded = this.encoder(aten.cat([class_token, patches], 1));
    return this.heads(aten.select(encoded, 1, 0));
  }
}

/** What the functions below take. */
export type VisionTransformerBuilderOptions = Partial<
  Omit<VisionTransformerOptions, 'patch_size' | 'num_layers' | 'num_heads' | 'hidden_dim' | 'mlp_dim'>
>;

function vision_transformer<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  sizes: Omit<VisionTransformerOptions, 'image_size'>,
  pretrained: NoInfer<K> | null = 'IMAGENET1K_V1' as NoInfer<K>,
): Builder<VisionTransformerBuilderOptions, VisionTransformer, K> {
  return builder(name, weights, {
    wanted: (chosen) => ({ ...classes_of(chosen), image_size: chosen.meta.min_size![0] }),
    make: (options: VisionTransformerBuilderOptions) => new VisionTransformer({ image_size: 224, ...sizes, ...options }),
    pretrained,
  });
}

const base = { num_layers: 12, num_heads: 12, hidden_dim: 768, mlp_dim: 3072 };
const large = { num_layers: 24, num_heads: 16, hidden_dim: 1024, mlp_dim: 4096 };
const huge = { num_layers: 32, num_heads: 16, hidden_dim: 1280, mlp_dim: 5120 };

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vit_b_16.html */
export const vit_b_16 = vision_transformer('vit_b_16', ViT_B_16_Weights, { patch_size: 16, ...base });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vit_b_32.html */
export const vit_b_32 = vision_transformer('vit_b_32', ViT_B_32_Weights, { patch_size: 32, ...base });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vit_l_16.html */
export const vit_l_16 = vision_transformer('vit_l_16', ViT_L_16_Weights, { patch_size: 16, ...large });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vit_l_32.html */
export const vit_l_32 = vision_transformer('vit_l_32', ViT_L_32_Weights, { patch_size: 32, ...large });
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vit_h_14.html */
export const vit_h_14 = vision_transformer('vit_h_14', ViT_H_14_Weights, { patch_size: 14, ...huge }, null);

/**
 * The parameters of a vision transformer for images of another size: where the patches are is interpolated.
 * @param image_size the new size
 * @param patch_size the size of the patches
 * @param model_state the parameters; the new positions are put into it
 * @param interpolation_mode how to interpolate (default: `'bicubic'`)
 * @param reset_heads leave the last layers out of the result (default: false)?
 * @throws ValueError for positions that are not those of a square
 */
export function interpolate_embeddings(
  image_size: number,
  patch_size: number,
  model_state: StateDict,
  interpolation_mode: 'bicubic' | 'bilinear' | 'nearest' = 'bicubic',
  reset_heads = false,
): StateDict {
  const embedding = model_state.get('encoder.pos_embedding')!;
  const [n, positions, hidden_dim] = embedding.shape as unknown as [number, number, number];
  if (n !== 1) throw new ValueError(`Unexpected position embedding shape: ${String(embedding.shape)}`);
  const length = positions - 1;
  const new_side = Math.floor(image_size / patch_size);
  const new_length = new_side ** 2;
  if (new_length === length) return model_state;
  const side = Math.floor(Math.sqrt(length));
  if (side * side !== length) {
    throw new ValueError(
      'seq_length is not a perfect square! Instead got seq_length_1d * seq_length_1d = ' +
        `${side * side} and seq_length = ${length}`,
    );
  }
  const token = aten.narrow(embedding, 1, 0, 1);
  const image = aten.narrow(embedding, 1, 1, length).permute(0, 2, 1).reshape(1, hidden_dim, side, side);
  const resized = F.interpolate(image, { size: new_side, mode: interpolation_mode, align_corners: true });
  const new_image = resized.reshape(1, hidden_dim, new_length).permute(0, 2, 1);
  model_state.set('encoder.pos_embedding', aten.cat([token, new_image], 1));
  if (!reset_heads) return model_state;
  return new OrderedDict([...model_state].filter(([key]) => !key.startsWith('heads')));
}

export { ViT_B_16_Weights, ViT_B_32_Weights, ViT_H_14_Weights, ViT_L_16_Weights, ViT_L_32_Weights };
