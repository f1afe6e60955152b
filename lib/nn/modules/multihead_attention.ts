import type { Arguments } from '../../arguments.ts';
import { is_autocast_enabled } from '../../autocast_state.ts';
import { is_grad_enabled } from '../../autograd/grad_mode.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { _canonical_mask } from '../functional/attention.ts';
import * as init from '../init.ts';
import type { Parameter } from '../parameter.ts';
import { NonDynamicallyQuantizableLinear, empty_parameter } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

export interface MultiheadAttentionOptions extends FactoryOptions {
  embed_dim: number;
  num_heads: number;
  dropout?: number;
  bias?: boolean;
  add_bias_kv?: boolean;
  add_zero_attn?: boolean;
  kdim?: number | null;
  vdim?: number | null;
  batch_first?: boolean;
}
const multihead_attention_arguments = signature<MultiheadAttentionOptions>('MultiheadAttention', [
  'embed_dim',
  'num_heads',
  ['dropout', 0],
  ['bias', true],
  ['add_bias_kv', false],
  ['add_zero_attn', false],
  ['kdim', null],
  ['vdim', null],
  ['batch_first', false],
  ['device', null],
  ['dtype', null],
]);

export interface MultiheadAttentionForwardOptions {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  key_padding_mask?: Tensor | null;
  need_weights?: boolean;
  attn_mask?: Tensor | null;
  average_attn_weights?: boolean;
  is_causal?: boolean;
}
const forward_arguments = signature<MultiheadAttentionForwardOptions>('forward', [
  'query',
  'key',
  'value',
  ['key_padding_mask', null],
  ['need_weights', true],
  ['attn_mask', null],
  ['average_attn_weights', true],
  ['is_causal', false],
]);

/** Python's words for masks beside nested tensors, which its source breaks in two lines. */
const TWO_MASKS =
  'supplying both src_key_padding_mask and src_mask at the same time                                  ' +
  'is not supported with NestedTensor input';

/** The fused kernel is there for these. */
const FUSED_DEVICES: readonly string[] = ['cpu', 'cuda'];

/** What attention is told beside its input, masks in the form in which they are added. */
type AttentionSettings = Required<Omit<MultiheadAttentionForwardOptions, 'query' | 'key' | 'value'>>;

/** What attention gives: the output, and the weights if they are wanted. */
export type AttentionOutput = [output: Tensor, weights: Tensor | null];

/**
 * Attention with several heads, after Vaswani et al. (2017): each element of `query` becomes a mean of elements of
 * `value`, weighted by how much it has to do with those of `key`. Each head does so for a part of the elements.
 *
 * In evaluation mode, where no gradients are needed, attention of a sequence to itself is computed by one fused kernel,
 * with `batch_first` and as far as LibTorch has it.
 * @param embed_dim the size of each element, of which each head gets a part
 * @param num_heads how many heads there are
 * @param dropout the probability of a weight to be dropped in training (default: 0)
 * @param bias whether the projections have biases (default: true)
 * @param add_bias_kv whether there is one more key and value, to be learnt (default: false)
 * @param add_zero_attn whether there is one more key and value of zeros (default: false)
 * @param kdim the size of each element of `key` (default: `embed_dim`)
 * @param vdim the size of each element of `value` (default: `embed_dim`)
 * @param batch_first whether the batch is the first dimension (default: false)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @throws ValueError, AssertionError for sizes that do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
 */
export class MultiheadAttention extends Module {
  embed_dim: number;
  kdim: number;
  vdim: number;
  _qkv_same_embed_dim: boolean;
  num_heads: number;
  dropout: number;
  batch_first: boolean;
  head_dim: number;
  q_proj_weight: Parameter | null = null;
  k_proj_weight: Parameter | null = null;
  v_proj_weight: Parameter | null = null;
  in_proj_weight: Parameter | null = null;
  in_proj_bias: Parameter | null;
  out_proj: NonDynamicallyQuantizableLinear;
  bias_k: Parameter | null;
  bias_v: Parameter | null;
  add_zero_attn: boolean;

  constructor(
    ...args: Arguments<
      MultiheadAttentionOptions,
      [
        'embed_dim',
        'num_heads',
        'dropout',
        'bias',
        'add_bias_kv',
        'add_zero_attn',
        'kdim',
        'vdim',
        'batch_first',
        'device',
        'dtype',
      ]
    >
  ) {
    const options = multihead_attention_arguments(args);
    const { embed_dim, num_heads, bias, device, dtype } = options;
    if (embed_dim <= 0 || num_heads <= 0) {
      throw new ValueError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embed_dim} and num_heads=${num_heads} instead`,
      );
    }
    super();
    this.embed_dim = embed_dim;
    this.kdim = options.kdim ?? embed_dim;
    this.vdim = options.vdim ?? embed_dim;
    this._qkv_same_embed_dim = this.kdim === embed_dim && this.vdim === embed_dim;
    this.num_heads = num_heads;
    this.dropout = options.dropout;
    this.batch_first = options.batch_first;
    this.head_dim = Math.floor(embed_dim / num_heads);
    if (this.head_dim * num_heads !== embed_dim) {
      throw new AssertionError('embed_dim must be divisible by num_heads');
    }
    if (this._qkv_same_embed_dim) {
      this.in_proj_weight = empty_parameter([3 * embed_dim, embed_dim], options);
    } else {
      this.q_proj_weight = empty_parameter([embed_dim, embed_dim], options);
      this.k_proj_weight = empty_parameter([embed_dim, this.kdim], options);
      this.v_proj_weight = empty_parameter([embed_dim, this.vdim], options);
    }
    this.in_proj_bias = bias ? empty_parameter([3 * embed_dim], options) : null;
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, device, dtype);
    this.bias_k = options.add_bias_kv ? empty_parameter([1, 1, embed_dim], options) : null;
    this.bias_v = options.add_bias_kv ? empty_parameter([1, 1, embed_dim], options) : null;
    this.add_zero_attn = options.add_zero_attn;
    this._reset_parameters();
  }

  /** Draws new initial values for all but the last projection's weight. */
  _reset_parameters(): void {
    const { q_proj_weight, k_proj_weight, v_proj_weight } = this;
    for (const weight of [this.in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight]) {
      if (weight !== null) init.xavier_uniform_(weight);
    }
    if (this.in_proj_bias !== null) {
      init.constant_(this.in_proj_bias, 0);
      init.constant_(this.out_proj.bias!, 0);
    }
    if (this.bias_k !== null) init.xavier_normal_(this.bias_k);
    if (this.bias_v !== null) init.xavier_normal_(this.bias_v);
  }

  /**
   * @param query what asks, `(L, N, E)`, `(N, L, E)` with `batch_first`, or `(L, E)`
   * @param key what is compared with it, `(S, N, kdim)`, `(N, S, kdim)` or `(S, kdim)`
   * @param value what is averaged, `(S, N, vdim)`, `(N, S, vdim)` or `(S, vdim)`
   * @param key_padding_mask keys to leave out, `(N, S)` or `(S)`: true there, or numbers to be added to the scores
   * @param need_weights whether the weights are wanted; leaving them out is faster (default: true)
   * @param attn_mask keys to leave out for each query, `(L, S)` or `(N · num_heads, L, S)`, in the same way
   * @param average_attn_weights whether the weights are averaged over the heads (default: true)
   * @param is_causal says that `attn_mask` leaves out what is to come (default: false)
   * @returns the output in the shape of `query`, and the weights, `(N, L, S)` or `(N, num_heads, L, S)`, or null
   * @throws AssertionError, RuntimeError if shapes or types do not fit
   */
  override forward(
    ...args: Arguments<
      MultiheadAttentionForwardOptions,
      [
        'query',
        'key',
        'value',
        'key_padding_mask',
        'need_weights',
        'attn_mask',
        'average_attn_weights',
        'is_causal',
      ]
    >
  ): AttentionOutput {
    const options = forward_arguments(args);
    const { need_weights, average_attn_weights, is_causal } = options;
    const { query, key, value } = options;
    check_tensor('forward', 'value', value);
    const { dtype } = query;
    const key_padding_mask = _canonical_mask(
      options.key_padding_mask,
      'key_padding_mask',
      options.attn_mask === null ? null : { name: 'attn_mask', dtype: options.attn_mask.dtype },
      dtype,
    );
    const attn_mask = _canonical_mask(options.attn_mask, 'attn_mask', null, dtype);
    const has_float_mask = [options.attn_mask, options.key_padding_mask].some((mask) => mask?.is_floating_point());
    const why_not = this._why_not_fused(query, key, value, attn_mask, key_padding_mask);
    if (why_not === null && !has_float_mask) {
      return this._fused(query, attn_mask, key_padding_mask, need_weights, average_attn_weights);
    }
    if (query.is_nested || key.is_nested || value.is_nested) {
      throw new AssertionError(
        'MultiheadAttention does not support NestedTensor outside of its fast path. The fast path was not hit because ' +
          (why_not?.() ?? 'floating-point masks are not supported for fast path.'),
      );
    }
    return tidy(() =>
      this._attend(query, key, value, { key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal }),
    );
  }

  /** What there is no kernel for. */
  _attend(query: Tensor, key: Tensor, value: Tensor, options: AttentionSettings): AttentionOutput {
    const transposes = this.batch_first && query.dim() === 3;
    if (transposes) {
      // What was one tensor stays one: that decides how it is projected.
      const [given_query, given_key, given_value] = [query, key, value];
      query = given_query.transpose(1, 0);
      key = given_key === given_query && given_key === given_value ? query : given_key.transpose(1, 0);
      value = given_value === given_key ? key : given_value.transpose(1, 0);
    }
    const [output, weights] = F.multi_head_attention_forward({
      query,
      key,
      value,
      embed_dim_to_check: this.embed_dim,
      num_heads: this.num_heads,
      in_proj_weight: this.in_proj_weight,
      in_proj_bias: this.in_proj_bias,
      bias_k: this.bias_k,
      bias_v: this.bias_v,
      add_zero_attn: this.add_zero_attn,
      dropout_p: this.dropout,
      out_proj_weight: this.out_proj.weight,
      out_proj_bias: this.out_proj.bias,
      training: this.training,
      use_separate_proj_weight: !this._qkv_same_embed_dim,
      q_proj_weight: this.q_proj_weight,
      k_proj_weight: this.k_proj_weight,
      v_proj_weight: this.v_proj_weight,
      ...options,
    });
    return [transposes ? output.transpose(1, 0) : output, weights];
  }

  /** Why there is no kernel that does all of it, in Python's words; null if there is one. */
  _why_not_fused(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
  ): (() => string) | null {
    const { in_proj_weight, in_proj_bias, out_proj } = this;
    const other_dtype = (name: string, tensor: Tensor) => (): string =>
      `dtypes of query (${String(query.dtype)}) and self.${name} (${String(tensor.dtype)}) don't match`;
    if (query.dim() !== 3) return () => `input not batched; expected query.dim() of 3 but got ${query.dim()}`;
    if (query !== key || key !== value) {
      return () => 'non-self attention was used (query, key, and value are not the same Tensor)';
    }
    if (in_proj_bias !== null && query.dtype !== in_proj_bias.dtype) return other_dtype('in_proj_bias', in_proj_bias);
    if (in_proj_weight === null) return () => 'in_proj_weight was None';
    if (query.dtype !== in_proj_weight.dtype) return other_dtype('in_proj_weight', in_proj_weight);
    if (this.training) return () => 'training is enabled';
    if (this.num_heads % 2 !== 0) return () => 'self.num_heads is not even';
    if (!this.batch_first) return () => 'batch_first was not True';
    if (this.bias_k !== null) return () => 'self.bias_k was not None';
    if (this.bias_v !== null) return () => 'self.bias_v was not None';
    if (this.add_zero_attn) return () => 'add_zero_attn was enabled';
    if (query.is_nested && (key_padding_mask !== null || attn_mask !== null)) return () => TWO_MASKS;
    if (is_autocast_enabled()) return () => 'autocast is enabled';
    const tensors = [query, in_proj_weight, in_proj_bias, out_proj.weight, out_proj.bias].filter((x) => x !== null);
    if (!tensors.every((x) => FUSED_DEVICES.includes(x.device.type))) {
      return () => "some Tensor argument's device is neither one of cpu, cuda or privateuseone";
    }
    if (is_grad_enabled() && tensors.some((x) => x.requires_grad)) {
      return () =>
        'grad is enabled and at least one of query or the input/output projection weights or biases requires_grad';
    }
    return in_proj_bias === null ? () => '' : null;
  }

  _fused(
    query: Tensor,
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    need_weights: boolean,
    average_attn_weights: boolean,
  ): AttentionOutput {
    const [mask, mask_type] = this.merge_masks(attn_mask, key_padding_mask, query);
    const [output, weights] = aten._native_multi_head_attention(
      query,
      query,
      query,
      this.embed_dim,
      this.num_heads,
      this.in_proj_weight!,
      this.in_proj_bias!,
      this.out_proj.weight,
      this.out_proj.bias!,
      mask,
      need_weights,
      average_attn_weights,
      mask_type,
    );
    return [output, need_weights ? weights : null];
  }

  /**
   * One mask for both, and its kind: 1 for a padding mask alone, 2 for one with an entry for each query.
   */
  merge_masks(
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    query: Tensor,
  ): [mask: Tensor | null, mask_type: number | null] {
    if (attn_mask === null) return key_padding_mask === null ? [null, null] : [key_padding_mask, 1];
    const [batch, length] = query.shape as unknown as [number, number];
    let merged =
      attn_mask.dim() === 3
        ? attn_mask.view([batch, -1, length, length])
        : attn_mask.view([1, 1, length, length]).expand([batch, this.num_heads, -1, -1]);
    if (key_padding_mask !== null) {
      const padding = key_padding_mask.view([batch, 1, 1, length]).expand([-1, this.num_heads, -1, -1]);
      merged = merged.add(padding);
    }
    return [merged, 2];
  }
}
