import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { AssertionError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, repr, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { absolute_padding_idx } from '../functional/padding_idx.ts';
import type { EmbeddingBagMode } from '../functional/sparse.ts';
import * as init from '../init.ts';
import { Parameter } from '../parameter.ts';
import { forward_arguments, input_of } from './forward_arguments.ts';
import type { Input, ReadBy } from './forward_arguments.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

export interface EmbeddingOptions extends FactoryOptions {
  num_embeddings: number;
  embedding_dim: number;
  padding_idx?: number | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
  _weight?: Tensor | null;
  _freeze?: boolean;
}
const embedding_arguments = signature<EmbeddingOptions>('Embedding', [
  'num_embeddings',
  'embedding_dim',
  ['padding_idx', null],
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['sparse', false],
  ['_weight', null],
  ['_freeze', false],
  ['device', null],
  ['dtype', null],
]);

export interface FromPretrainedOptions {
  embeddings: Tensor;
  freeze?: boolean;
  padding_idx?: number | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
}
const from_pretrained_arguments = signature<FromPretrainedOptions>('from_pretrained', [
  'embeddings',
  ['freeze', true],
  ['padding_idx', null],
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['sparse', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Embedding {
  (...args: Input): Tensor;
}

/**
 * A table of vectors, looked up by their numbers: takes `(*)` whole numbers and gives `(*, embedding_dim)`.
 *
 * The parameter `weight`, `(num_embeddings, embedding_dim)`, begins normally distributed with mean 0 and variance 1.
 *
 * @param num_embeddings how many vectors there are
 * @param embedding_dim the size of each
 * @param padding_idx the number of a vector that is zero and stays so in training (default: none)
 * @param max_norm vectors of a larger norm are scaled down (default: none)
 * @param norm_type the p of that norm (default: 2)
 * @param scale_grad_by_freq divide gradients by how often a vector occurs in the batch (default: false)
 * @param sparse whether the gradient of `weight` is a sparse tensor (default: false)
 * @param device where to make the parameter
 * @param dtype the type of the parameter
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends Module {
  num_embeddings: number;
  embedding_dim: number;
  padding_idx: number | null;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  sparse: boolean;
  weight: Parameter;

  constructor(
    ...args: Arguments<
      EmbeddingOptions,
      [
        'num_embeddings',
        'embedding_dim',
        'padding_idx',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'sparse',
        '_weight',
        '_freeze',
        'device',
        'dtype',
      ]
    >
  ) {
    super();
    const options = embedding_arguments(args);
    const { num_embeddings, embedding_dim, padding_idx, _weight, _freeze, device, dtype } = options;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.padding_idx = padding_idx === null ? null : absolute_padding_idx(padding_idx, num_embeddings);
    this.max_norm = options.max_norm;
    this.norm_type = options.norm_type;
    this.scale_grad_by_freq = options.scale_grad_by_freq;
    this.sparse = options.sparse;
    if (_weight === null) {
      this.weight = new Parameter(aten.empty([num_embeddings, embedding_dim], { device, dtype }), !_freeze);
      this.reset_parameters();
    } else {
      if (!_weight.shape.equals([num_embeddings, embedding_dim])) {
        throw new AssertionError('Shape of weight does not match num_embeddings and embedding_dim');
      }
      this.weight = new Parameter(_weight, !_freeze);
    }
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    init.normal_(this.weight);
    const { padding_idx } = this;
    if (padding_idx !== null) no_grad(() => this.weight.select(0, padding_idx).fill_(0));
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const { weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this;
    if (max_norm === null) return aten.embedding(weight, input, padding_idx ?? -1, scale_grad_by_freq, sparse);
    return F.embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
  }

  override extra_repr(): string {
    let text = `${this.num_embeddings}, ${this.embedding_dim}`;
    if (this.padding_idx !== null) text += `, padding_idx=${this.padding_idx}`;
    if (this.max_norm !== null) text += `, max_norm=${float_str(this.max_norm)}`;
    if (this.norm_type !== 2) text += `, norm_type=${float_str(this.norm_type)}`;
    if (this.scale_grad_by_freq) text += `, scale_grad_by_freq=${str(this.scale_grad_by_freq)}`;
    if (this.sparse) text += ', sparse=True';
    return text;
  }

  /**
   * A table of given vectors.
   * @param embeddings the vectors, `(num_embeddings, embedding_dim)`
   * @param freeze whether they are left as they are in training (default: true)
   */
  static from_pretrained(
    ...args: Arguments<
      FromPretrainedOptions,
      ['embeddings', 'freeze', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
    >
  ): Embedding {
    const { embeddings, freeze, ...options } = from_pretrained_arguments(args);
    if (embeddings.dim() !== 2) throw new AssertionError('Embeddings parameter is expected to be 2-dimensional');
    const [num_embeddings, embedding_dim] = embeddings.shape as unknown as [number, number];
    return new this({ ...options, num_embeddings, embedding_dim, _weight: embeddings, _freeze: freeze });
  }
}

export interface EmbeddingBagOptions extends FactoryOptions {
  num_embeddings: number;
  embedding_dim: number;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  mode?: EmbeddingBagMode;
  sparse?: boolean;
  _weight?: Tensor | null;
  include_last_offset?: boolean;
  padding_idx?: number | null;
}
const embedding_bag_arguments = signature<EmbeddingBagOptions>('EmbeddingBag', [
  'num_embeddings',
  'embedding_dim',
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['mode', 'mean'],
  ['sparse', false],
  ['_weight', null],
  ['include_last_offset', false],
  ['padding_idx', null],
  ['device', null],
  ['dtype', null],
]);

export interface BagFromPretrainedOptions {
  embeddings: Tensor;
  freeze?: boolean;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  mode?: EmbeddingBagMode;
  sparse?: boolean;
  include_last_offset?: boolean;
  padding_idx?: number | null;
}
const bag_from_pretrained_arguments = signature<BagFromPretrainedOptions>('from_pretrained', [
  'embeddings',
  ['freeze', true],
  ['max_norm', null],
  ['norm_type', 2],
  ['scale_grad_by_freq', false],
  ['mode', 'mean'],
  ['sparse', false],
  ['include_last_offset', false],
  ['padding_idx', null],
]);

interface EmbeddingBagForwardOptions {
  input: Tensor;
  offsets?: Tensor | null;
  per_sample_weights?: Tensor | null;
}
const embedding_bag_forward_arguments = forward_arguments<
  EmbeddingBagForwardOptions,
  ['input', 'offsets', 'per_sample_weights']
>(['input', 'offsets', 'per_sample_weights'], ['offsets', 'per_sample_weights']);
type EmbeddingBagForwardArguments = ReadBy<typeof embedding_bag_forward_arguments>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface EmbeddingBag {
  (...args: EmbeddingBagForwardArguments): Tensor;
}

/**
 * Sums, means or maxima of bags of vectors from a table, without the vectors themselves being copied. The bags are the
 * rows of an input `(B, N)`, or where the input is `(N)` they begin at `offsets`, `(B)`; gives `(B, embedding_dim)`.
 *
 * The parameter `weight`, `(num_embeddings, embedding_dim)`, begins normally distributed with mean 0 and variance 1.
 *
 * @param num_embeddings how many vectors there are
 * @param embedding_dim the size of each
 * @param max_norm vectors of a larger norm are scaled down (default: none)
 * @param norm_type the p of that norm (default: 2)
 * @param scale_grad_by_freq divide gradients by how often a vector occurs in the batch (default: false)
 * @param mode `'sum'`, `'mean'` or `'max'` (default: `'mean'`)
 * @param sparse whether the gradient of `weight` is a sparse tensor (default: false)
 * @param include_last_offset whether the last of the offsets says where the last bag ends (default: false)
 * @param padding_idx the number of a vector that counts for nothing (default: none)
 * @param device where to make the parameter
 * @param dtype the type of the parameter
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html
 */
export class EmbeddingBag extends Module {
  num_embeddings: number;
  embedding_dim: number;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  padding_idx: number | null;
  weight: Parameter;
  mode: EmbeddingBagMode;
  sparse: boolean;
  include_last_offset: boolean;

  constructor(
    ...args: Arguments<
      EmbeddingBagOptions,
      [
        'num_embeddings',
        'embedding_dim',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'mode',
        'sparse',
        '_weight',
        'include_last_offset',
        'padding_idx',
        'device',
        'dtype',
      ]
    >
  ) {
    super();
    const options = embedding_bag_arguments(args);
    const { num_embeddings, embedding_dim, padding_idx, _weight, device, dtype } = options;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.max_norm = options.max_norm;
    this.norm_type = options.norm_type;
    this.scale_grad_by_freq = options.scale_grad_by_freq;
    this.padding_idx =
      padding_idx === null ? null : absolute_padding_idx(padding_idx, num_embeddings, 'padding_idx');
    if (_weight === null) {
      this.weight = new Parameter(aten.empty([num_embeddings, embedding_dim], { device, dtype }));
      this.reset_parameters();
    } else {
      if (!_weight.shape.equals([num_embeddings, embedding_dim])) {
        throw new AssertionError('Shape of weight does not match num_embeddings and embedding_dim');
      }
      this.weight = new Parameter(_weight);
    }
    this.mode = options.mode;
    this.sparse = options.sparse;
    this.include_last_offset = options.include_last_offset;
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    init.normal_(this.weight);
    const { padding_idx } = this;
    if (padding_idx !== null) no_grad(() => this.weight.select(0, padding_idx).fill_(0));
  }

  /**
   * @param input the numbers of the vectors
   * @param offsets where each bag begins, if `input` has one dimension
   * @param per_sample_weights a factor for each vector that is looked up, of the shape of `input` (for `'sum'` alone)
   */
  override forward(input: Tensor, offsets?: Tensor | null, per_sample_weights?: Tensor | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, offsets = null, per_sample_weights = null] = embedding_bag_forward_arguments(args as EmbeddingBagForwardArguments);
    return F.embedding_bag(
      input,
      this.weight,
      offsets,
      this.max_norm,
      this.norm_type,
      this.scale_grad_by_freq,
      this.mode,
      this.sparse,
      per_sample_weights,
      this.include_last_offset,
      this.padding_idx,
    );
  }

  override extra_repr(): string {
    let text = `${this.num_embeddings}, ${this.embedding_dim}`;
    if (this.max_norm !== null) text += `, max_norm=${float_str(this.max_norm)}`;
    if (this.norm_type !== 2) text += `, norm_type=${float_str(this.norm_type)}`;
    if (this.scale_grad_by_freq) text += `, scale_grad_by_freq=${str(this.scale_grad_by_freq)}`;
    text += `, mode=${repr(this.mode)}`;
    if (this.padding_idx !== null) text += `, padding_idx=${this.padding_idx}`;
    return text;
  }

  /**
   * A table of given vectors.
   * @param embeddings the vectors, `(num_embeddings, embedding_dim)`
   * @param freeze whether they are left as they are in training (default: true)
   */
  static from_pretrained(
    ...args: Arguments<
      BagFromPretrainedOptions,
      [
        'embeddings',
        'freeze',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'mode',
        'sparse',
        'include_last_offset',
        'padding_idx',
      ]
    >
  ): EmbeddingBag {
    const { embeddings, freeze, ...options } = bag_from_pretrained_arguments(args);
    if (embeddings.dim() !== 2) throw new AssertionError('Embeddings parameter is expected to be 2-dimensional');
    const [num_embeddings, embedding_dim] = embeddings.shape as unknown as [number, number];
    const bag = new this({ ...options, num_embeddings, embedding_dim, _weight: embeddings });
    bag.weight.requires_grad = !freeze;
    return bag;
  }
}
