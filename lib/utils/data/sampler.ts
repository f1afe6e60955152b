/**
 * Samplers: in which order a loader asks for a dataset's samples. Random ones draw their numbers exactly when and as
 * PyTorch's do, so that a seed gives the same batches as in Python.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#data-loading-order-and-sampler
 */
import { NotImplementedError, TypeError, ValueError } from '../../errors.ts';
import { type Arguments, signature } from '../../arguments.ts';
import { as_tensor } from '../../creation.ts';
import { float64, int64, type TypedArray } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import { iter, len } from '../../python/index.ts';
import { Generator as RandomGenerator } from '../../random.ts';
import type { Tensor } from '../../tensor.ts';
import { get_item, type MapStyle } from './dataset.ts';

/**
 * A whole number drawn from `generator` (the default one for null) over all of int64's non-negative range: what PyTorch
 * uses to seed further generators.
 */
export function draw_seed(generator: RandomGenerator | null): number | bigint {
  return aten.empty([], { dtype: int64 }).random_({ generator }).item() as number | bigint;
}

function check_positive(name: string, value: unknown): asserts value is number {
  if (!Number.isInteger(value) || (value as number) <= 0) {
    throw new ValueError(`${name} should be a positive integer value, but got ${name}=${String(value)}`);
  }
}

/**
 * Base class of all samplers: a subclass defines `__iter__()`, mostly as a generator, giving indices (or lists of them,
 * for a batch sampler), and mostly `__len__()`.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Sampler
 */
export class Sampler<T = number> implements Iterable<T> {
  /** A fresh walk over the indices. */
  __iter__(): Iterator<T> | Iterable<T> {
    throw new NotImplementedError('Subclasses of Sampler should implement __iter__.');
  }

  [Symbol.iterator](): Iterator<T> {
    return iter(this.__iter__());
  }
}

interface SequentialSamplerArguments {
  /** What to sample from: anything with a length. */
  data_source: unknown;
}
const parse_sequential = signature<SequentialSamplerArguments>('SequentialSampler', ['data_source']);

/**
 * Every index in order.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.SequentialSampler
 */
export class SequentialSampler extends Sampler {
  data_source: unknown;

  constructor(...args: Arguments<SequentialSamplerArguments, readonly ['data_source']>) {
    super();
    this.data_source = parse_sequential(args).data_source;
  }

  override *__iter__(): Generator<number> {
    const length = this.__len__();
    for (let i = 0; i < length; i++) yield i;
  }

  __len__(): number {
    return len(this.data_source);
  }

  get length(): number {
    return this.__len__();
  }
}

/** The arguments of `RandomSampler`. */
export interface RandomSamplerArguments {
  /** What to sample from: anything with a length. */
  data_source: unknown;
  /** May an index come more than once? */
  replacement?: boolean;
  /** How many indices to draw; the length of `data_source` where nothing is said. */
  num_samples?: number | null;
  /** Where random numbers come from; one seeded afresh by the default generator for each walk where nothing is said. */
  generator?: RandomGenerator | null;
}
const parse_random = signature<RandomSamplerArguments>('RandomSampler', [
  'data_source',
  ['replacement', false],
  ['num_samples', null],
  ['generator', null],
]);

/**
 * Indices in random order.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.RandomSampler
 */
export class RandomSampler extends Sampler {
  data_source: unknown;
  replacement: boolean;
  generator: RandomGenerator | null;
  readonly #num_samples: number | null;

  constructor(
    ...args: Arguments<RandomSamplerArguments, readonly ['data_source', 'replacement', 'num_samples', 'generator']>
  ) {
    super();
    const { data_source, replacement, num_samples, generator } = parse_random(args);
    if (typeof replacement !== 'boolean') {
      throw new TypeError(`replacement should be a boolean value, but got replacement=${String(replacement)}`);
    }
    this.data_source = data_source;
    this.replacement = replacement;
    this.generator = generator;
    this.#num_samples = num_samples;
    check_positive('num_samples', this.num_samples);
  }

  /** How many indices a walk gives; without an explicit number, the length of the data source at that time. */
  get num_samples(): number {
    return this.#num_samples ?? len(this.data_source);
  }

  override *__iter__(): Generator<number> {
    const n = len(this.data_source);
    if (n === 0) throw new ValueError('RandomSampler: there is nothing to sample from, data_source is empty');
    const generator = this.generator ?? new RandomGenerator().manual_seed(draw_seed(null));
    let left = this.num_samples;
    if (this.replacement) {
      // PyTorch draws 32 at a time, and one last time even where nothing is left to draw.
      for (; left >= 32; left -= 32) yield* randint(n, 32, generator);
      yield* randint(n, left, generator);
    } else {
      for (; left >= n; left -= n) yield* randperm(n, generator);
      yield* randperm(n, generator).slice(0, left);
    }
  }

  __len__(): number {
    return this.num_samples;
  }

  get length(): number {
    return this.__len__();
  }
}

function randperm(n: number, generator: RandomGenerator | null): number[] {
  return aten.randperm(n, { generator }).tolist() as number[];
}

function randint(high: number, count: number, generator: RandomGenerator): number[] {
  return aten.randint(high, [count], { generator, dtype: int64 }).tolist() as number[];
}

/** The arguments of `SubsetRandomSampler`. */
export interface SubsetRandomSamplerArguments {
  /** The indices to give. */
  indices: MapStyle<number>;
  /** Where random numbers come from; the default generator where nothing is said. */
  generator?: RandomGenerator | null;
}
const parse_subset = signature<SubsetRandomSamplerArguments>('SubsetRandomSampler', ['indices', ['generator', null]]);

/**
 * Given indices in random order, each once.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.SubsetRandomSampler
 */
export class SubsetRandomSampler extends Sampler {
  indices: MapStyle<number>;
  generator: RandomGenerator | null;

  constructor(...args: Arguments<SubsetRandomSamplerArguments, readonly ['indices', 'generator']>) {
    super();
    const { indices, generator } = parse_subset(args);
    this.indices = indices;
    this.generator = generator;
  }

  override *__iter__(): Generator<number> {
    for (const i of randperm(len(this.indices), this.generator)) yield get_item(this.indices, i);
  }

  __len__(): number {
    return len(this.indices);
  }

  get length(): number {
    return this.__len__();
  }
}

/** The arguments of `WeightedRandomSampler`. */
export interface WeightedRandomSamplerArguments {
  /** A weight for each index; they need not add up to 1. */
  weights: readonly number[] | Tensor | TypedArray;
  /** How many indices to draw. */
  num_samples: number;
  /** May an index come more than once? */
  replacement?: boolean;
  /** Where random numbers come from; the default generator where nothing is said. */
  generator?: RandomGenerator | null;
}
const parse_weighted = signature<WeightedRandomSamplerArguments>('WeightedRandomSampler', [
  'weights',
  'num_samples',
  ['replacement', true],
  ['generator', null],
]);

/**
 * Indices drawn with given weights.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler
 */
export class WeightedRandomSampler extends Sampler {
  weights: Tensor;
  num_samples: number;
  replacement: boolean;
  generator: RandomGenerator | null;

  constructor(
    ...args: Arguments<WeightedRandomSamplerArguments, readonly ['weights', 'num_samples', 'replacement', 'generator']>
  ) {
    super();
    const { weights, num_samples, replacement, generator } = parse_weighted(args);
    check_positive('num_samples', num_samples);
    if (typeof replacement !== 'boolean') {
      throw new ValueError(`replacement should be a boolean value, but got replacement=${String(replacement)}`);
    }
    this.weights = as_tensor(weights, { dtype: float64 });
    if (this.weights.ndim !== 1) {
      const shape = `(${this.weights.shape.join(', ')})`;
      throw new ValueError(`weights should be a 1d sequence but given weights have shape ${shape}`);
    }
    this.num_samples = num_samples;
    this.replacement = replacement;
    this.generator = generator;
  }

  override *__iter__(): Generator<number> {
    const drawn = aten.multinomial(this.weights, this.num_samples, this.replacement, { generator: this.generator });
    yield* drawn.tolist() as number[];
  }

  __len__(): number {
    return this.num_samples;
  }

  get length(): number {
    return this.__len__();
  }
}

/** The arguments of `BatchSampler`. */
export interface BatchSamplerArguments<T> {
  /** What gives the indices: a sampler or any other iterable. */
  sampler: Iterable<T>;
  /** How many indices make a batch. */
  batch_size: number;
  /** Leave out a last batch that is not full? */
  drop_last: boolean;
}
const parse_batch = signature<BatchSamplerArguments<unknown>>('BatchSampler', ['sampler', 'batch_size', 'drop_last']);

/**
 * Lists of indices, taken from another sampler.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.BatchSampler
 */
export class BatchSampler<T = number> extends Sampler<T[]> {
  sampler: Iterable<T>;
  batch_size: number;
  drop_last: boolean;

  constructor(...args: Arguments<BatchSamplerArguments<T>, readonly ['sampler', 'batch_size', 'drop_last']>) {
    super();
    const { sampler, batch_size, drop_last } = parse_batch(args) as Required<BatchSamplerArguments<T>>;
    check_positive('batch_size', batch_size);
    if (typeof drop_last !== 'boolean') {
      throw new ValueError(`drop_last should be a boolean value, but got drop_last=${String(drop_last)}`);
    }
    this.sampler = sampler;
    this.batch_size = batch_size;
    this.drop_last = drop_last;
  }

  override *__iter__(): Generator<T[]> {
    let batch: T[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length === this.batch_size) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && !this.drop_last) yield batch;
  }

  __len__(): number {
    const batches = len(this.sampler) / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  get length(): number {
    return this.__len__();
  }
}
