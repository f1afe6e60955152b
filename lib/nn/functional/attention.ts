/**
 * Attention: each element of a sequence as a mean of elements of another one, weighted by how much it has to do with
 * them.
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html#attention-mechanisms
 */
import type { Arguments } from '../../arguments.ts';
import { bool } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import { AssertionError, RuntimeError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor, signature } from '../checked_arguments.ts';

/**
 * `softmax(Q Kᵀ / √E + mask) V` for a query `(N, *, L, E)`, a key `(N, *, S, E)` and a value `(N, *, S, Ev)`: gives
 * `(N, *, L, Ev)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
 */
export const scaled_dot_product_attention: typeof aten.scaled_dot_product_attention =
  aten.scaled_dot_product_attention;

export interface MultiHeadAttentionForwardOptions {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  embed_dim_to_check: number;
  num_heads: number;
  in_proj_weight: Tensor | null;
  in_proj_bias: Tensor | null;
  bias_k: Tensor | null;
  bias_v: Tensor | null;
  add_zero_attn: boolean;
  dropout_p: number;
  out_proj_weight: Tensor;
  out_proj_bias: Tensor | null;
  training?: boolean;
  key_padding_mask?: Tensor | null;
  need_weights?: boolean;
  attn_mask?: Tensor | null;
  use_separate_proj_weight?: boolean;
  q_proj_weight?: Tensor | null;
  k_proj_weight?: Tensor | null;
  v_proj_weight?: Tensor | null;
  static_k?: Tensor | null;
  static_v?: Tensor | null;
  average_attn_weights?: boolean;
  is_causal?: boolean;
}
type MultiHeadAttentionForwardNames = [
  'query',
  'key',
  'value',
  'embed_dim_to_check',
  'num_heads',
  'in_proj_weight',
  'in_proj_bias',
  'bias_k',
  'bias_v',
  'add_zero_attn',
  'dropout_p',
  'out_proj_weight',
  'out_proj_bias',
  'training',
  'key_padding_mask',
  'need_weights',
  'attn_mask',
  'use_separate_proj_weight',
  'q_proj_weight',
  'k_proj_weight',
  'v_proj_weight',
  'static_k',
  'static_v',
  'average_attn_weights',
  'is_causal',
];
const multi_head_attention_forward_arguments = signature<MultiHeadAttentionForwardOptions>(
  'multi_head_attention_forward',
  [
    'query',
    'key',
    'value',
    'embed_dim_to_check',
    'num_heads',
    'in_proj_weight',
    'in_proj_bias',
    'bias_k',
    'bias_v',
    'add_zero_attn',
    'dropout_p',
    'out_proj_weight',
    'out_proj_bias',
    ['training', true],
    ['key_padding_mask', null],
    ['need_weights', true],
    ['attn_mask', null],
    ['use_separate_proj_weight', false],
    ['q_proj_weight', null],
    ['k_proj_weight', null],
    ['v_proj_weight', null],
    ['static_k', null],
    ['static_v', null],
    ['average_attn_weights', true],
    ['is_causal', false],
  ],
);

/** Throws unless `condition` holds; the message is made only where it is needed. */
function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new AssertionError(message());
}

function same(size: readonly number[], wanted: readonly number[]): boolean {
  return size.length === wanted.length && wanted.every((one, i) => size[i] === one);
}

/** Refuses tensors of other numbers of dimensions than go together; says whether there is a batch. */
function check_dimensions(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  key_padding_mask: Tensor | null,
  attn_mask: Tensor | null,
  num_heads: number,
): boolean {
  const dimensions = query.dim();
  assert(
    dimensions === 2 || dimensions === 3,
    () => `query should be unbatched 2D or batched 3D tensor but received ${dimensions}-D query tensor`,
  );
  const is_batched = dimensions === 3;
  const which = `For ${is_batched ? 'batched' : 'unbatched'} (${dimensions}-D) \`query\`, expected`;
  assert(
    key.dim() === dimensions && value.dim() === dimensions,
    () =>
      `${which} \`key\` and \`value\` to be ${dimensions}-D but found ${key.dim()}-D and ${value.dim()}-D tensors ` +
      'respectively',
  );
  if (key_padding_mask !== null) {
    assert(
      key_padding_mask.dim() === dimensions - 1,
      () =>
        `${which} \`key_padding_mask\` to be \`None\` or ${dimensions - 1}-D but found ${key_padding_mask.dim()}-D ` +
        'tensor instead',
    );
  }
  if (attn_mask === null) return is_batched;
  const mask_dimensions = attn_mask.dim();
  assert(
    mask_dimensions === 2 || mask_dimensions === 3,
    () => `${which} \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${mask_dimensions}-D tensor instead`,
  );
  if (!is_batched && mask_dimensions === 3) {
    const expected = [num_heads, query.size(0), key.size(0)];
    assert(
      same(attn_mask.shape, expected),
      () => `Expected \`attn_mask\` shape to be ${repr(expected)} but got ${String(attn_mask.shape)}`,
    );
  }
  return is_batched;
}

/**
 * A mask to be added to the scores: where a mask of booleans is true, negative infinity.
 * @param other another mask that should be of the same type
 */
export function _canonical_mask(
  mask: Tensor | null,
  name: string,
  other: { name: string; dtype: DType } | null,
  dtype: DType,
): Tensor | null {
  if (mask == null) return null;
  check_tensor('_canonical_mask', 'mask', mask);
  const is_float = mask.is_floating_point();
  assert(is_float || mask.dtype === bool, () => `only bool and floating types of ${name} are supported`);
  if (other != null && mask.dtype !== other.dtype) {
    warn(
      `Support for mismatched ${name} and ${other.name} is deprecated. Use same type for both instead.`,
    );
  }
  return is_float ? mask : aten.zeros_like(mask, { dtype }).masked_fill_(mask, -Infinity);
}

type Three<T> = [q: T, k: T, v: T];

/** Cuts what a product with several weights at once gave into its parts, each of which lies in one piece. */
function cut(projected: Tensor, parts: number, size: number): readonly Tensor[] {
  return projected.unflatten(-1, [parts, size]).permute(2, 0, 1, 3).contiguous().unbind(0);
}

/** Projects query, key and value by weights that lie in one tensor, with as few products as their identity allows. */
function project_packed(q: Tensor, k: Tensor, v: Tensor, weight: Tensor, bias: Tensor | null): Three<Tensor> {
  const size = q.size(-1);
  if (k !== v) {
    const weights = weight.chunk(3);
    const biases = bias?.chunk(3) ?? [];
    const [first, second, third] = [q, k, v].map((x, i) => aten.linear(x, weights[i]!, biases[i] ?? null));
    return [first!, second!, third!];
  }
  if (q === k) {
    return cut(aten.linear(q, weight, bias), 3, size) as Three<Tensor>;
  }
  const [weight_q, weight_kv] = weight.split([size, size * 2]);
  const [bias_q, bias_kv] = bias?.split([size, size * 2]) ?? [];
  const query = aten.linear(q, weight_q!, bias_q ?? null);
  const [key, value] = cut(aten.linear(k, weight_kv!, bias_kv ?? null), 2, size);
  return [query, key!, value!];
}

/** Projects query, key and value by weights of their own, for sizes of their own. */
function project(inputs: Three<Tensor>, weights: Three<Tensor>, bias: Tensor | null): Three<Tensor> {
  const names = ['query', 'key', 'value'];
  const size = inputs[0].size(-1);
  const biases = bias?.chunk(3) ?? [];
  weights.forEach((weight, i) => {
    const wanted = [size, inputs[i]!.size(-1)];
    assert(
      same(weight.shape, wanted),
      () => `expecting ${names[i]} weights shape of ${repr(wanted)}, but got ${String(weight.shape)}`,
    );
  });
  biases.forEach((one, i) => {
    assert(
      same(one.shape, [size]),
      () => `expecting ${names[i]} bias shape of ${repr([size])}, but got ${String(one.shape)}`,
    );
  });
  const [q, k, v] = inputs.map((x, i) => aten.linear(x, weights[i]!, biases[i] ?? null));
  return [q!, k!, v!];
}

/** A given key or value in the place of the projected one. */
function check_static(given: Tensor, name: string, heads: number, head_dim: number): Tensor {
  assert(
    given.size(0) === heads,
    () => `expecting ${name}.size(0) of ${heads}, but got ${given.size(0)}`,
  );
  assert(given.size(2) === head_dim, () => `expecting ${name}.size(2) of ${head_dim}, but got ${given.size(2)}`);
  return given;
}

/** One more column of zeros, for one more key. */
function one_more(mask: Tensor | null): Tensor | null {
  return mask === null ? null : aten.pad(mask, [0, 1]);
}

/**
 * Attention with several heads: a query `(L, N, E)`, a key and a value `(S, N, E)` are projected, cut into heads,
 * attended to, put together and projected again; the batch dimension may be missing. Gives the output `(L, N, E)` and,
 * if `need_weights`, the weights `(N, L, S)`, or `(N, num_heads, L, S)` unless they are averaged over the heads.
 *
 * @param embed_dim_to_check what `E` should be
 * @param num_heads how many heads `E` is divided into
 * @param in_proj_weight the weights of the first projections, `(3 E, E)`, unless `use_separate_proj_weight`
 * @param in_proj_bias their biases, `(3 E)`
 * @param bias_k one more key, `(1, 1, E)`, for all of the batch; together with `bias_v`
 * @param bias_v its value
 * @param add_zero_attn whether there is one more key and value of zeros
 * @param dropout_p the probability of a weight to be dropped in training
 * @param out_proj_weight the weights of the last projection
 * @param out_proj_bias its bias
 * @param training whether weights are dropped (default: true)
 * @param key_padding_mask keys to leave out, `(N, S)`: true there, or numbers to be added to the scores
 * @param need_weights whether the weights are wanted; leaving them out is faster (default: true)
 * @param attn_mask keys to leave out for each query, `(L, S)` or `(N · num_heads, L, S)`, in the same way
 * @param use_separate_proj_weight whether the weights are in `q_proj_weight`, `k_proj_weight` and `v_proj_weight`
 * @param static_k a key to be used instead of the projected one, `(N · num_heads, S, E / num_heads)`
 * @param static_v a value to be used in the same way
 * @param average_attn_weights whether the weights are averaged over the heads (default: true)
 * @param is_causal says that `attn_mask` leaves out what is to come (default: false)
 * @throws AssertionError, RuntimeError if shapes or types do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_head_attention_forward.html
 */
export function multi_head_attention_forward(
  ...args: Arguments<MultiHeadAttentionForwardOptions, MultiHeadAttentionForwardNames>
): [output: Tensor, weights: Tensor | null] {
  const options = multi_head_attention_forward_arguments(args);
  return tidy(() => attend(options));
}

function attend(options: Required<MultiHeadAttentionForwardOptions>): [output: Tensor, weights: Tensor | null] {
  const { num_heads, need_weights, bias_k, bias_v, static_k, static_v, out_proj_weight, out_proj_bias } = options;
  let { query, key, value, key_padding_mask, attn_mask, is_causal } = options;
  check_tensor('multi_head_attention_forward', 'value', value);

  const is_batched = check_dimensions(query, key, value, key_padding_mask, attn_mask, num_heads);
  if (!is_batched) {
    query = query.unsqueeze(1);
    key = key.unsqueeze(1);
    value = value.unsqueeze(1);
    key_padding_mask = key_padding_mask?.unsqueeze(0) ?? null;
  }
  const [target_length, batch, embed_dim] = query.shape as unknown as [number, number, number];
  const [source_length] = key.shape as unknown as [number];
  const dtype = query.dtype;
  key_padding_mask = _canonical_mask(
    key_padding_mask,
    'key_padding_mask',
    attn_mask === null ? null : { name: 'attn_mask', dtype: attn_mask.dtype },
    dtype,
  );
  if (is_causal && attn_mask === null) {
    throw new RuntimeError(
      'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method ' +
        '`generate_square_subsequent_mask` to create this mask.',
    );
  }
  if (is_causal && key_padding_mask === null && !need_weights) {
    attn_mask = null; // the kernel knows what is causal
  } else {
    attn_mask = _canonical_mask(attn_mask, 'attn_mask', null, dtype);
    if (key_padding_mask !== null) is_causal = false;
  }
  assert(
    embed_dim === options.embed_dim_to_check,
    () => `was expecting embedding dimension of ${options.embed_dim_to_check}, but got ${embed_dim}`,
  );
  const head_dim = Math.floor(embed_dim / num_heads);
  assert(head_dim * num_heads === embed_dim, () => `embed_dim ${embed_dim} not divisible by num_heads ${num_heads}`);

  let q: Tensor, k: Tensor, v: Tensor;
  if (options.use_separate_proj_weight) {
    const leading = (tensor: Tensor) => tensor.shape.slice(0, 2);
    assert(
      same(leading(key), leading(value)),
      () =>
        `key's sequence and batch dims ${String(leading(key))} do not match value's ${String(leading(value))}`,
    );
    const weights = (['q', 'k', 'v'] as const).map((name) => {
      const weight = options[`${name}_proj_weight`];
      assert(weight !== null, () => `use_separate_proj_weight is True but ${name}_proj_weight is None`);
      return weight;
    }) as Three<Tensor>;
    [q, k, v] = project([query, key, value], weights, options.in_proj_bias);
  } else {
    assert(
      same(key.shape, value.shape),
      () => `key shape ${String(key.shape)} does not match value shape ${String(value.shape)}`,
    );
    assert(options.in_proj_weight !== null, () => 'use_separate_proj_weight is False but in_proj_weight is None');
    [q, k, v] = project_packed(query, key, value, options.in_proj_weight, options.in_proj_bias);
  }

  const heads = batch * num_heads;
  if (attn_mask !== null) {
    const dimensions = attn_mask.dim();
    const wanted = dimensions === 2 ? [target_length, source_length] : [heads, target_length, source_length];
    if (!same(attn_mask.shape, wanted)) {
      throw new RuntimeError(
        `The shape of the ${dimensions}D attn_mask is ${String(attn_mask.shape)}, but should be ${repr(wanted)}.`,
      );
    }
    if (dimensions === 2) attn_mask = attn_mask.unsqueeze(0);
  }

  if (bias_k !== null && bias_v !== null) {
    assert(static_k === null, () => 'bias cannot be added to static key.');
    assert(static_v === null, () => 'bias cannot be added to static value.');
    k = aten.cat([k, bias_k.repeat(1, batch, 1)]);
    v = aten.cat([v, bias_v.repeat(1, batch, 1)]);
    attn_mask = one_more(attn_mask);
    key_padding_mask = one_more(key_padding_mask);
  } else {
    assert(bias_k === null, () => 'bias_k is set but bias_v is None');
    assert(bias_v === null, () => 'bias_v is set but bias_k is None');
  }

  const to_heads = (x: Tensor): Tensor => x.view([x.size(0), heads, head_dim]).transpose(0, 1);
  q = q.view([target_length, heads, head_dim]).transpose(0, 1);
  k = static_k === null ? to_heads(k) : check_static(static_k, 'static_k', heads, head_dim);
  v = static_v === null ? to_heads(v) : check_static(static_v, 'static_v', heads, head_dim);
  if (options.add_zero_attn) {
    const with_zeros = (x: Tensor): Tensor =>
      aten.cat([x, aten.zeros([heads, 1, head_dim], { dtype: x.dtype, device: x.device })], 1);
    k = with_zeros(k);
    v = with_zeros(v);
    attn_mask = one_more(attn_mask);
    key_padding_mask = one_more(key_padding_mask);
  }

  const keys = k.size(1);
  if (key_padding_mask !== null) {
    const shape = key_padding_mask.shape;
    for (const [i, wanted] of [batch, keys].entries()) {
      assert(
        shape[i] === wanted,
        () => `Expected key_padded_mask.shape[${i}] to be ${wanted}, but got ${shape[i]}`,
      );
    }
    const for_heads = key_padding_mask
      .view([batch, 1, 1, keys])
      .expand([-1, num_heads, -1, -1])
      .reshape([heads, 1, keys]);
    attn_mask = attn_mask === null ? for_heads : attn_mask.add(for_heads);
  }

  const dropout_p = options.training ? options.dropout_p : 0;
  let output: Tensor;
  let weights: Tensor | null = null;
  if (need_weights) {
    const scaled = q.mul(Math.sqrt(1 / q.size(2)));
    assert(!(is_causal && attn_mask === null), () => 'FIXME: is_causal not implemented for need_weights');
    const transposed = k.transpose(-2, -1);
    weights = attn_mask === null ? aten.bmm(scaled, transposed) : aten.baddbmm(attn_mask, scaled, transposed);
    weights = weights.softmax(-1);
    if (dropout_p > 0) weights = aten.dropout(weights, dropout_p, true);
    output = aten.bmm(weights, v).transpose(0, 1).reshape([target_length * batch, embed_dim]);
    weights = weights.view([batch, num_heads, target_length, keys]);
    if (options.average_attn_weights) weights = weights.mean(1);
    if (!is_batched) weights = weights.squeeze(0);
  } else {
    if (attn_mask !== null) {
      attn_mask =
        attn_mask.size(0) === 1 && attn_mask.dim() === 3
          ? attn_mask.unsqueeze(0)
          : attn_mask.view([batch, num_heads, -1, keys]);
    }
    q = q.view([batch, num_heads, target_length, head_dim]);
    k = k.view([batch, num_heads, keys, head_dim]);
    v = v.view([batch, num_heads, keys, head_dim]);
    output = aten.scaled_dot_product_attention(q, k, v, attn_mask, dropout_p, is_causal);
    output = output.permute(2, 0, 1, 3).reshape([batch * target_length, embed_dim]);
  }
  output = aten.linear(output, out_proj_weight, out_proj_bias);
  output = output.view([target_length, batch, output.size(1)]);
  return [is_batched ? output : output.squeeze(1), weights];
}
