import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { is_autocast_enabled } from '../../autocast_state.ts';
import { is_grad_enabled } from '../../autograd/grad_mode.ts';
import type { DeviceLike } from '../../device.ts';
import type { dtype as DType } from '../../dtype.ts';
import { RuntimeError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { _canonical_mask } from '../functional/attention.ts';
import * as init from '../init.ts';
import { GELU, MultiheadAttention, ReLU } from './activation.ts';
import { ModuleList } from './container.ts';
import { deepcopy } from '../../copy/index.ts';
import { Dropout } from './dropout.ts';
import { Linear } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';
import { calls_are_hooked } from './module_hooks.ts';
import { LayerNorm } from './normalization.ts';

/** What a layer computes between its two linear layers: the name of a function, or the function. */
export type TransformerActivation = 'relu' | 'gelu' | ((input: Tensor) => Tensor);

/** What the layers take. */
export interface TransformerLayerOptions extends FactoryOptions {
  d_model: number;
  nhead: number;
  dim_feedforward?: number;
  dropout?: number;
  activation?: TransformerActivation;
  layer_norm_eps?: number;
  batch_first?: boolean;
  norm_first?: boolean;
  bias?: boolean;
}
type TransformerLayerArguments = Arguments<
  TransformerLayerOptions,
  [
    'd_model',
    'nhead',
    'dim_feedforward',
    'dropout',
    'activation',
    'layer_norm_eps',
    'batch_first',
    'norm_first',
    'bias',
    'device',
    'dtype',
  ]
>;
const layer_specs: ParameterSpec[] = [
  'd_model',
  'nhead',
  ['dim_feedforward', 2048],
  ['dropout', 0.1],
  ['activation', F.relu],
  ['layer_norm_eps', 1e-5],
  ['batch_first', false],
  ['norm_first', false],
  ['bias', true],
  ['device', null],
  ['dtype', null],
];
const encoder_layer_arguments = signature<TransformerLayerOptions>('TransformerEncoderLayer', layer_specs);
const decoder_layer_arguments = signature<TransformerLayerOptions>('TransformerDecoderLayer', layer_specs);

/** The function of a name. */
function activation_function(activation: TransformerActivation): (input: Tensor) => Tensor {
  if (typeof activation !== 'string') return activation;
  if (activation === 'relu') return F.relu;
  if (activation === 'gelu') return F.gelu;
  throw new RuntimeError(`activation should be relu/gelu, not ${String(activation)}`);
}

/** A mask that leaves out what is to come: negative infinity above the diagonal. */
function square_subsequent_mask(size: number, device: DeviceLike | null, dtype: DType | null): Tensor {
  return aten.full([size, size], -Infinity, { device, dtype }).triu(1);
}

/** The length of the sequences; null for nested ones, which have several. */
function sequence_length(src: Tensor, batch_first: boolean): number | null {
  if (src.is_nested) return null;
  const shape = src.shape;
  return shape[shape.length === 2 || !batch_first ? 0 : 1]!;
}

/** Whether a mask leaves out what is to come; it is looked at unless that is said. */
function is_causal_mask(mask: Tensor | null, is_causal: boolean | null, size: number | null): boolean {
  if (is_causal !== null || mask === null) return is_causal === true;
  const causal = square_subsequent_mask(size ?? mask.size(-2), mask.device, mask.dtype);
  return mask.shape.equals(causal.shape) && Boolean(mask.eq(causal).all().item());
}

/** The type of a mask that another one should have, too. */
function other_mask(name: string, mask: Tensor | null): { name: string; dtype: DType } | null {
  return mask === null ? null : { name, dtype: mask.dtype };
}

/** Whether gradients may have to be computed for one of them. */
function grads_are_needed(tensors: readonly (Tensor | null)[]): boolean {
  return is_grad_enabled() && tensors.some((tensor) => tensor?.requires_grad);
}

/** What the layers are made of. A module of another class may keep what it is given or gives. */
const PLAIN_MODULES: ReadonlySet<unknown> = new Set([MultiheadAttention, Linear, Dropout, LayerNorm]);

function all_are_plain(modules: readonly Module[]): boolean {
  return modules.every((module) => PLAIN_MODULES.has(module.constructor) && !Object.hasOwn(module, 'forward'));
}

/** Frees what the callback makes in between, if nobody else can have it. */
function tidy_if(condition: boolean, callback: () => Tensor): Tensor {
  return condition ? tidy(callback) : callback();
}

/** The parameters that the fused kernel of a layer takes, in its order. */
function fused_parameters({ self_attn, norm1, norm2, linear1, linear2 }: TransformerEncoderLayer): (Tensor | null)[] {
  return [
    self_attn.in_proj_weight,
    self_attn.in_proj_bias,
    self_attn.out_proj.weight,
    self_attn.out_proj.bias,
    norm1.weight,
    norm1.bias,
    norm2.weight,
    norm2.bias,
    linear1.weight,
    linear1.bias,
    linear2.weight,
    linear2.bias,
  ];
}

/** Kernels that do a whole layer at once are there for these. */
const FUSED_DEVICES: readonly string[] = ['cpu', 'cuda', 'xpu'];

export interface TransformerEncoderLayerForwardOptions {
  src: Tensor;
  src_mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  is_causal?: boolean;
}
const encoder_layer_forward_arguments = signature<TransformerEncoderLayerForwardOptions>('forward', [
  'src',
  ['src_mask', null],
  ['src_key_padding_mask', null],
  ['is_causal', false],
]);

/**
 * A layer of an encoder, after Vaswani et al. (2017): attention of a sequence to itself, then two linear layers for
 * each of its elements; each of the two with dropout, a shortcut around it, and layer norm.
 *
 * In evaluation mode, where no gradients are needed, with `batch_first` and as far as LibTorch has it, one fused kernel
 * does it all.
 * @param d_model the size of each element
 * @param nhead how many heads the attention has
 * @param dim_feedforward the size between the two linear layers (default: 2048)
 * @param dropout the probability of dropping an element (default: 0.1)
 * @param activation the function between the two linear layers (default: `F.relu`)
 * @param layer_norm_eps what is added to the variance in layer norm (default: 1e-5)
 * @param batch_first whether the batch is the first dimension (default: false)
 * @param norm_first whether layer norm comes before the attention and the linear layers (default: false)
 * @param bias whether there are biases to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
 */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm_first: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  /** 1 for ReLU, 2 for GELU, which the fused kernel knows; 0 for anything else. */
  activation_relu_or_gelu: 0 | 1 | 2;
  activation: (input: Tensor) => Tensor;

  constructor(...args: TransformerLayerArguments) {
    super();
    const options = encoder_layer_arguments(args);
    const { d_model, nhead, dim_feedforward, dropout, batch_first, layer_norm_eps: eps, bias, device, dtype } = options;
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, device, dtype });
    this.linear1 = new Linear(d_model, dim_feedforward, bias, device, dtype);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, bias, device, dtype);
    this.norm_first = options.norm_first;
    this.norm1 = new LayerNorm(d_model, { eps, bias, device, dtype });
    this.norm2 = new LayerNorm(d_model, { eps, bias, device, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    const activation = activation_function(options.activation);
    this.activation_relu_or_gelu =
      activation === F.relu || (activation as unknown) instanceof ReLU
        ? 1
        : activation === F.gelu || (activation as unknown) instanceof GELU
          ? 2
          : 0;
    this.activation = activation;
  }

  /**
   * @param src the sequences, `(S, N, E)`, `(N, S, E)` with `batch_first`, or `(S, E)`
   * @param src_mask elements to leave out for each element
   * @param src_key_padding_mask elements to leave out, `(N, S)`
   * @param is_causal says that `src_mask` leaves out what is to come (default: false)
   */
  override forward(
    ...args: Arguments<
      TransformerEncoderLayerForwardOptions,
      ['src', 'src_mask', 'src_key_padding_mask', 'is_causal']
    >
  ): Tensor {
    const { src, is_causal, ...masks } = encoder_layer_forward_arguments(args);
    const key_padding_mask = _canonical_mask(
      masks.src_key_padding_mask,
      'src_key_padding_mask',
      other_mask('src_mask', masks.src_mask),
      src.dtype,
    );
    const mask = _canonical_mask(masks.src_mask, 'src_mask', null, src.dtype);
    if (this._can_be_fused(src, mask, key_padding_mask)) return this._fused(src, mask, key_padding_mask);
    return tidy_if(this._is_plain(), () => {
      if (this.norm_first) {
        const x = src.add(this._sa_block(this.norm1(src), mask, key_padding_mask, is_causal));
        return x.add(this._ff_block(this.norm2(x)));
      }
      const x = this.norm1(src.add(this._sa_block(src, mask, key_padding_mask, is_causal)));
      return this.norm2(x.add(this._ff_block(x)));
    });
  }

  /** Whether nobody sees what is in between. */
  _is_plain(): boolean {
    const { self_attn, linear1, dropout, linear2, norm1, norm2, dropout1, dropout2 } = this;
    return (
      this.constructor === TransformerEncoderLayer &&
      (this.activation === F.relu || this.activation === F.gelu) &&
      !calls_are_hooked &&
      all_are_plain([self_attn, linear1, dropout, linear2, norm1, norm2, dropout1, dropout2])
    );
  }

  /** Whether there is a kernel that does all of it, and nobody wants to know what is in between. */
  _can_be_fused(src: Tensor, mask: Tensor | null, key_padding_mask: Tensor | null): boolean {
    const { self_attn } = this;
    if (
      src.dim() !== 3 ||
      this.training ||
      !self_attn.batch_first ||
      self_attn.in_proj_bias === null ||
      !self_attn._qkv_same_embed_dim ||
      this.activation_relu_or_gelu === 0 ||
      this.norm1.eps !== this.norm2.eps ||
      (src.is_nested && (mask !== null || key_padding_mask !== null)) ||
      self_attn.num_heads % 2 === 1 ||
      is_autocast_enabled() ||
      this.modules().some((module) => module._has_forward_hooks())
    ) {
      return false;
    }
    const tensors = [src, ...fused_parameters(this)];
    return tensors.every((x) => x !== null && FUSED_DEVICES.includes(x.device.type)) && !grads_are_needed(tensors);
  }

  _fused(src: Tensor, mask: Tensor | null, key_padding_mask: Tensor | null): Tensor {
    const { self_attn, norm1, norm2, linear1, linear2 } = this;
    const [merged, mask_type] = self_attn.merge_masks(mask, key_padding_mask, src);
    return aten._transformer_encoder_layer_fwd(
      src,
      self_attn.embed_dim,
      self_attn.num_heads,
      self_attn.in_proj_weight!,
      self_attn.in_proj_bias!,
      self_attn.out_proj.weight,
      self_attn.out_proj.bias!,
      this.activation_relu_or_gelu === 2,
      this.norm_first,
      norm1.eps,
      norm1.weight!,
      norm1.bias!,
      norm2.weight!,
      norm2.bias!,
      linear1.weight,
      linear1.bias!,
      linear2.weight,
      linear2.bias!,
      merged,
      mask_type,
    );
  }

  /** The attention. */
  _sa_block(
    x: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    is_causal = false,
  ): Tensor {
    const [attended] = this.self_attn(x, x, x, { attn_mask, key_padding_mask, need_weights: false, is_causal });
    return this.dropout1(attended);
  }

  /** The linear layers. */
  _ff_block(x: Tensor): Tensor {
    return this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))));
  }
}

export interface TransformerDecoderForwardOptions {
  tgt: Tensor;
  memory: Tensor;
  tgt_mask?: Tensor | null;
  memory_mask?: Tensor | null;
  tgt_key_padding_mask?: Tensor | null;
  memory_key_padding_mask?: Tensor | null;
  tgt_is_causal?: boolean | null;
  memory_is_causal?: boolean;
}
type TransformerDecoderForwardNames = [
  'tgt',
  'memory',
  'tgt_mask',
  'memory_mask',
  'tgt_key_padding_mask',
  'memory_key_padding_mask',
  'tgt_is_causal',
  'memory_is_causal',
];
const decoder_masks: ParameterSpec[] = [
  ['tgt_mask', null],
  ['memory_mask', null],
  ['tgt_key_padding_mask', null],
  ['memory_key_padding_mask', null],
];
const decoder_layer_forward_arguments = signature<TransformerDecoderForwardOptions>('forward', [
  'tgt',
  'memory',
  ...decoder_masks,
  ['tgt_is_causal', false],
  ['memory_is_causal', false],
]);

/**
 * A layer of a decoder, after Vaswani et al. (2017): attention of a sequence to itself, attention to what an encoder
 * gave, then two linear layers for each element; each of the three with dropout, a shortcut around it, and layer norm.
 * The arguments are those of {@link TransformerEncoderLayer}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
 */
export class TransformerDecoderLayer extends Module {
  self_attn: MultiheadAttention;
  multihead_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm_first: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: (input: Tensor) => Tensor;

  constructor(...args: TransformerLayerArguments) {
    super();
    const options = decoder_layer_arguments(args);
    const { d_model, nhead, dim_feedforward, dropout, batch_first, layer_norm_eps: eps, bias, device, dtype } = options;
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, device, dtype });
    this.multihead_attn = new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, device, dtype });
    this.linear1 = new Linear(d_model, dim_feedforward, bias, device, dtype);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, bias, device, dtype);
    this.norm_first = options.norm_first;
    this.norm1 = new LayerNorm(d_model, { eps, bias, device, dtype });
    this.norm2 = new LayerNorm(d_model, { eps, bias, device, dtype });
    this.norm3 = new LayerNorm(d_model, { eps, bias, device, dtype });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activation_function(options.activation);
  }

  /**
   * @param tgt the sequences, `(T, N, E)`, `(N, T, E)` with `batch_first`, or `(T, E)`
   * @param memory what the encoder gave
   * @param tgt_mask elements of `tgt` to leave out for each element
   * @param memory_mask elements of `memory` to leave out for each element
   * @param tgt_key_padding_mask elements of `tgt` to leave out, `(N, T)`
   * @param memory_key_padding_mask elements of `memory` to leave out, `(N, S)`
   * @param tgt_is_causal says that `tgt_mask` leaves out what is to come (default: false)
   * @param memory_is_causal says that `memory_mask` does (default: false)
   */
  override forward(
    ...args: Arguments<TransformerDecoderForwardOptions, TransformerDecoderForwardNames>
  ): Tensor {
    const options = decoder_layer_forward_arguments(args);
    const { tgt, memory } = options;
    const attend = (x: Tensor): Tensor =>
      this._sa_block(x, options.tgt_mask, options.tgt_key_padding_mask, options.tgt_is_causal ?? false);
    const look_up = (x: Tensor): Tensor =>
      this._mha_block(x, memory, options.memory_mask, options.memory_key_padding_mask, options.memory_is_causal);
    return tidy_if(this._is_plain(), () => {
      if (this.norm_first) {
        let x = tgt.add(attend(this.norm1(tgt)));
        x = x.add(look_up(this.norm2(x)));
        return x.add(this._ff_block(this.norm3(x)));
      }
      let x = this.norm1(tgt.add(attend(tgt)));
      x = this.norm2(x.add(look_up(x)));
      return this.norm3(x.add(this._ff_block(x)));
    });
  }

  /** Whether nobody sees what is in between. */
  _is_plain(): boolean {
    const { self_attn, multihead_attn, linear1, dropout, linear2, norm1, norm2, norm3 } = this;
    const { dropout1, dropout2, dropout3 } = this;
    return (
      this.constructor === TransformerDecoderLayer &&
      (this.activation === F.relu || this.activation === F.gelu) &&
      !calls_are_hooked &&
      all_are_plain([self_attn, multihead_attn, linear1, dropout, linear2, norm1, norm2, norm3]) &&
      all_are_plain([dropout1, dropout2, dropout3])
    );
  }

  /** The attention to the sequence itself. */
  _sa_block(
    x: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    is_causal = false,
  ): Tensor {
    const [attended] = this.self_attn(x, x, x, { attn_mask, key_padding_mask, is_causal, need_weights: false });
    return this.dropout1(attended);
  }

  /** The attention to what the encoder gave. */
  _mha_block(
    x: Tensor,
    mem: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    is_causal = false,
  ): Tensor {
    const options = { attn_mask, key_padding_mask, is_causal, need_weights: false };
    const [attended] = this.multihead_attn(x, mem, mem, options);
    return this.dropout2(attended);
  }

  /** The linear layers. */
  _ff_block(x: Tensor): Tensor {
    return this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))));
  }
}

/** As many copies of a layer, all beginning with the same values. */
function clones(module: Module, count: number): ModuleList {
  return new ModuleList(Array.from({ length: count }, () => deepcopy(module)));
}

export interface TransformerEncoderOptions {
  encoder_layer: Module;
  num_layers: number;
  norm?: Module | null;
  enable_nested_tensor?: boolean;
  mask_check?: boolean;
}
const encoder_arguments = signature<TransformerEncoderOptions>('TransformerEncoder', [
  'encoder_layer',
  'num_layers',
  ['norm', null],
  ['enable_nested_tensor', true],
  ['mask_check', true],
]);

export interface TransformerEncoderForwardOptions {
  src: Tensor;
  mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  is_causal?: boolean | null;
}
const encoder_forward_arguments = signature<TransformerEncoderForwardOptions>('forward', [
  'src',
  ['mask', null],
  ['src_key_padding_mask', null],
  ['is_causal', null],
]);

/** Why padding cannot be left out of the computation; nothing where it can. */
function why_not_nested(layer: Module): string {
  if (!(layer instanceof TransformerEncoderLayer)) return 'encoder_layer was not TransformerEncoderLayer';
  const { self_attn } = layer;
  if (layer.norm_first) return 'encoder_layer.norm_first was True';
  if (!self_attn.batch_first) {
    return (
      'encoder_layer.self_attn.batch_first was not True(use batch_first for better inference performance)'
    );
  }
  if (!self_attn._qkv_same_embed_dim) return 'encoder_layer.self_attn._qkv_same_embed_dim was not True';
  if (self_attn.in_proj_bias === null) return 'encoder_layer.self_attn was passed bias=False';
  if (layer.activation_relu_or_gelu === 0) return 'encoder_layer.activation_relu_or_gelu was not True';
  if (layer.norm1.eps !== layer.norm2.eps) return 'encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps';
  if (self_attn.num_heads % 2 === 1) return 'encoder_layer.self_attn.num_heads is odd';
  return '';
}

/**
 * Layers of an encoder, one on top of the other.
 *
 * In evaluation mode, where no gradients are needed, padding is left out of the computation if the layers allow it:
 * what stands in its place in the output is then 0 before `norm`.
 * @param encoder_layer a layer, of which as many copies are made
 * @param num_layers how many
 * @param norm what comes after the last layer (default: nothing)
 * @param enable_nested_tensor whether padding may be left out of the computation (default: true)
 * @param mask_check look whether masks allow for that (default: true)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
 */
export class TransformerEncoder extends Module {
  layers: ModuleList;
  num_layers: number;
  norm: Module | null;
  enable_nested_tensor: boolean;
  use_nested_tensor: boolean;
  mask_check: boolean;

  constructor(
    ...args: Arguments<
      TransformerEncoderOptions,
      ['encoder_layer', 'num_layers', 'norm', 'enable_nested_tensor', 'mask_check']
    >
  ) {
    super();
    const { encoder_layer, num_layers, norm, enable_nested_tensor, mask_check } = encoder_arguments(args);
    this.layers = clones(encoder_layer, num_layers);
    this.num_layers = num_layers;
    this.norm = norm;
    this.enable_nested_tensor = enable_nested_tensor;
    this.use_nested_tensor = enable_nested_tensor;
    this.mask_check = mask_check;
    const why_not = why_not_nested(encoder_layer);
    if (enable_nested_tensor && why_not !== '') {
      warn(`enable_nested_tensor is True, but self.use_nested_tensor is False because ${why_not}`);
      this.use_nested_tensor = false;
    }
  }

  /**
   * @param src the sequences, `(S, N, E)`, `(N, S, E)` if the layers have `batch_first`, or `(S, E)`
   * @param mask elements to leave out for each element
   * @param src_key_padding_mask elements to leave out, `(N, S)`
   * @param is_causal says whether `mask` leaves out what is to come (default: the mask is looked at)
   */
  override forward(
    ...args: Arguments<TransformerEncoderForwardOptions, ['src', 'mask', 'src_key_padding_mask', 'is_causal']>
  ): Tensor {
    const { src, is_causal: given, ...masks } = encoder_forward_arguments(args);
    let key_padding_mask = _canonical_mask(
      masks.src_key_padding_mask,
      'src_key_padding_mask',
      other_mask('mask', masks.mask),
      src.dtype,
    );
    const mask = _canonical_mask(masks.mask, 'mask', null, src.dtype);
    const first = this.layers[0] as TransformerEncoderLayer;
    let output = src;
    const nested = this._without_padding(first, src, mask, key_padding_mask);
    if (nested !== null) {
      output = nested;
      key_padding_mask = null;
    }
    const is_causal = is_causal_mask(mask, given, sequence_length(src, first.self_attn.batch_first));
    for (const layer of this.layers) {
      output = layer(output, { src_mask: mask, is_causal, src_key_padding_mask: key_padding_mask }) as Tensor;
    }
    if (nested !== null) output = aten.to_padded_tensor(output, 0, Array.from(src.shape));
    return this.norm === null ? output : (this.norm(output) as Tensor);
  }

  /** The sequences as they are without padding, if they can be computed with in that form. */
  _without_padding(
    first: TransformerEncoderLayer,
    src: Tensor,
    mask: Tensor | null,
    key_padding_mask: Tensor | null,
  ): Tensor | null {
    if (
      !this.use_nested_tensor ||
      first.training ||
      src.dim() !== 3 ||
      key_padding_mask === null ||
      src.is_nested ||
      mask !== null ||
      is_autocast_enabled()
    ) {
      return null;
    }
    const kept = key_padding_mask.logical_not();
    if (this.mask_check && !aten._nested_tensor_from_mask_left_aligned(src, kept)) return null;
    const tensors = [src, ...fused_parameters(first)];
    if (!FUSED_DEVICES.includes(src.device.type) || grads_are_needed(tensors)) return null;
    return aten._nested_tensor_from_mask(src, kept, false);
  }
}

export interface TransformerDecoderOptions {
  decoder_layer: Module;
  num_layers: number;
  norm?: Module | null;
}
const decoder_arguments = signature<TransformerDecoderOptions>('TransformerDecoder', [
  'decoder_layer',
  'num_layers',
  ['norm', null],
]);
const decoder_forward_arguments = signature<TransformerDecoderForwardOptions>('forward', [
  'tgt',
  'memory',
  ...decoder_masks,
  ['tgt_is_causal', null],
  ['memory_is_causal', false],
]);

/**
 * Layers of a decoder, one on top of the other.
 * @param decoder_layer a layer, of which as many copies are made
 * @param num_layers how many
 * @param norm what comes after the last layer (default: nothing)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
 */
export class TransformerDecoder extends Module {
  layers: ModuleList;
  num_layers: number;
  norm: Module | null;

  constructor(...args: Arguments<TransformerDecoderOptions, ['decoder_layer', 'num_layers', 'norm']>) {
    super();
    const { decoder_layer, num_layers, norm } = decoder_arguments(args);
    this.layers = clones(decoder_layer, num_layers);
    this.num_layers = num_layers;
    this.norm = norm;
  }

  /** The arguments are those of a {@link TransformerDecoderLayer}; masks are looked at for whether they are causal. */
  override forward(
    ...args: Arguments<TransformerDecoderForwardOptions, TransformerDecoderForwardNames>
  ): Tensor {
    const { tgt, memory, ...options } = decoder_forward_arguments(args);
    const first = this.layers[0] as TransformerDecoderLayer;
    const size = sequence_length(tgt, first.self_attn.batch_first);
    options.tgt_is_causal = is_causal_mask(options.tgt_mask, options.tgt_is_causal, size);
    let output = tgt;
    for (const layer of this.layers) output = layer(output, memory, options) as Tensor;
    return this.norm === null ? output : (this.norm(output) as Tensor);
  }
}

export interface TransformerOptions extends FactoryOptions {
  d_model?: number;
  nhead?: number;
  num_encoder_layers?: number;
  num_decoder_layers?: number;
  dim_feedforward?: number;
  dropout?: number;
  activation?: TransformerActivation;
  custom_encoder?: Module | null;
  custom_decoder?: Module | null;
  layer_norm_eps?: number;
  batch_first?: boolean;
  norm_first?: boolean;
  bias?: boolean;
}
const transformer_arguments = signature<TransformerOptions>('Transformer', [
  ['d_model', 512],
  ['nhead', 8],
  ['num_encoder_layers', 6],
  ['num_decoder_layers', 6],
  ['dim_feedforward', 2048],
  ['dropout', 0.1],
  ['activation', F.relu],
  ['custom_encoder', null],
  ['custom_decoder', null],
  ['layer_norm_eps', 1e-5],
  ['batch_first', false],
  ['norm_first', false],
  ['bias', true],
  ['device', null],
  ['dtype', null],
]);

export interface TransformerForwardOptions {
  src: Tensor;
  tgt: Tensor;
  src_mask?: Tensor | null;
  tgt_mask?: Tensor | null;
  memory_mask?: Tensor | null;
  src_key_padding_mask?: Tensor | null;
  tgt_key_padding_mask?: Tensor | null;
  memory_key_padding_mask?: Tensor | null;
  src_is_causal?: boolean | null;
  tgt_is_causal?: boolean | null;
  memory_is_causal?: boolean;
}
const transformer_forward_arguments = signature<TransformerForwardOptions>('forward', [
  'src',
  'tgt',
  ['src_mask', null],
  ['tgt_mask', null],
  ['memory_mask', null],
  ['src_key_padding_mask', null],
  ['tgt_key_padding_mask', null],
  ['memory_key_padding_mask', null],
  ['src_is_causal', null],
  ['tgt_is_causal', null],
  ['memory_is_causal', false],
]);

/**
 * An encoder and a decoder, after Vaswani et al. (2017). Embeddings and the last linear layer are not part of it.
 * @param d_model the size of each element of the sequences (default: 512)
 * @param nhead how many heads attention has (default: 8)
 * @param num_encoder_layers how many layers the encoder has (default: 6)
 * @param num_decoder_layers how many layers the decoder has (default: 6)
 * @param dim_feedforward the size between the two linear layers of each layer (default: 2048)
 * @param dropout the probability of dropping an element (default: 0.1)
 * @param activation the function between the two linear layers (default: `F.relu`)
 * @param custom_encoder an encoder to be used instead (default: none)
 * @param custom_decoder a decoder to be used instead (default: none)
 * @param layer_norm_eps what is added to the variance in layer norm (default: 1e-5)
 * @param batch_first whether the batch is the first dimension (default: false)
 * @param norm_first whether layer norm comes before attention and linear layers (default: false)
 * @param bias whether there are biases to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html
 */
export class Transformer extends Module {
  encoder: Module;
  decoder: Module;
  d_model: number;
  nhead: number;
  batch_first: boolean;

  constructor(
    ...args: Arguments<
      TransformerOptions,
      [
        'd_model',
        'nhead',
        'num_encoder_layers',
        'num_decoder_layers',
        'dim_feedforward',
        'dropout',
        'activation',
        'custom_encoder',
        'custom_decoder',
        'layer_norm_eps',
        'batch_first',
        'norm_first',
        'bias',
        'device',
        'dtype',
      ]
    >
  ) {
    super();
    const { custom_encoder, custom_decoder, num_encoder_layers, num_decoder_layers, ...options } =
      transformer_arguments(args);
    const { d_model, layer_norm_eps: eps, bias, device, dtype } = options;
    const norm = (): LayerNorm => new LayerNorm(d_model, { eps, bias, device, dtype });
    this.encoder =
      custom_encoder ?? new TransformerEncoder(new TransformerEncoderLayer(options), num_encoder_layers, norm());
    this.decoder =
      custom_decoder ?? new TransformerDecoder(new TransformerDecoderLayer(options), num_decoder_layers, norm());
    this._reset_parameters();
    this.d_model = d_model;
    this.nhead = options.nhead;
    this.batch_first = options.batch_first;
  }

  /**
   * @param src what goes into the encoder, `(S, N, E)`, `(N, S, E)` with `batch_first`, or `(S, E)`
   * @param tgt what goes into the decoder, `(T, N, E)`, `(N, T, E)` with `batch_first`, or `(T, E)`
   * @param src_mask elements of `src` to leave out for each element
   * @param tgt_mask elements of `tgt` to leave out for each element
   * @param memory_mask elements of what the encoder gives to leave out for each element of `tgt`
   * @param src_key_padding_mask elements of `src` to leave out, `(N, S)`
   * @param tgt_key_padding_mask elements of `tgt` to leave out, `(N, T)`
   * @param memory_key_padding_mask elements of what the encoder gives to leave out, `(N, S)`
   * @param src_is_causal says whether `src_mask` leaves out what is to come (default: the mask is looked at)
   * @param tgt_is_causal says whether `tgt_mask` does (default: the mask is looked at)
   * @param memory_is_causal says that `memory_mask` does (default: false)
   * @throws RuntimeError if batches or sizes of elements do not fit
   */
  override forward(
    ...args: Arguments<
      TransformerForwardOptions,
      [
        'src',
        'tgt',
        'src_mask',
        'tgt_mask',
        'memory_mask',
        'src_key_padding_mask',
        'tgt_key_padding_mask',
        'memory_key_padding_mask',
        'src_is_causal',
        'tgt_is_causal',
        'memory_is_causal',
      ]
    >
  ): Tensor {
    const { src, tgt, src_mask, src_key_padding_mask, src_is_causal, ...rest } = transformer_forward_arguments(args);
    const batch_dim = this.batch_first ? 0 : 1;
    if (src.size(batch_dim) !== tgt.size(batch_dim) && src.dim() === 3) {
      throw new RuntimeError('the batch number of src and tgt must be equal');
    }
    if (src.size(-1) !== this.d_model || tgt.size(-1) !== this.d_model) {
      throw new RuntimeError('the feature number of src and tgt must be equal to d_model');
    }
    const memory = this.encoder(src, {
      mask: src_mask,
      src_key_padding_mask,
      is_causal: src_is_causal,
    }) as Tensor;
    return this.decoder(tgt, memory, rest) as Tensor;
  }

  /** A mask that leaves out what is to come, `(sz, sz)`: negative infinity above the diagonal, 0 elsewhere. */
  static generate_square_subsequent_mask(
    ...args: Arguments<SquareSubsequentMaskOptions, ['sz', 'device', 'dtype']>
  ): Tensor {
    const { sz, device, dtype } = square_subsequent_mask_arguments(args);
    return square_subsequent_mask(sz, device, dtype);
  }

  /** Draws new initial values for all matrices, as Glorot and Bengio (2010) recommend. */
  _reset_parameters(): void {
    for (const parameter of this.parameters()) if (parameter.dim() > 1) init.xavier_uniform_(parameter);
  }
}

export interface SquareSubsequentMaskOptions extends FactoryOptions {
  sz: number;
}
const square_subsequent_mask_arguments = signature<SquareSubsequentMaskOptions>('generate_square_subsequent_mask', [
  'sz',
  ['device', null],
  ['dtype', null],
]);
