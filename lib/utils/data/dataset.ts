/**
 * Datasets: what holds samples and hands them out one by one.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#dataset-types
 */
import { IndexError, NotImplementedError, TypeError, ValueError } from '../../errors.ts';
import { type Arguments, is_kwargs, signature } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import { from_numpy } from '../../creation.ts';
import { iter, len } from '../../python/index.ts';
import { default_generator, type Generator as RandomGenerator } from '../../random.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';

/** What gives an item for an index and may say how many there are: a `Dataset`, an array, a typed array, a tensor. */
export type MapStyle<T> = { __getitem__(index: number): T } | ArrayLike<T>;

/** The item of a map-style dataset at an index; negative indices are the dataset's own affair. */
export function get_item<T>(dataset: MapStyle<T>, index: number): T {
  const own = (dataset as { __getitem__?: (index: number) => T }).__getitem__;
  if (typeof own === 'function') return own.call(dataset, index);
  if (Array.isArray(dataset) || ArrayBuffer.isView(dataset)) {
    const values = dataset as unknown as ArrayLike<T>;
    const position = index < 0 ? index + values.length : index;
    if (!(position >= 0 && position < values.length)) throw new IndexError('list index out of range');
    return values[position] as T;
  }
  return (dataset as ArrayLike<T>)[index] as T;
}

/**
 * Method that a dataset may have to hand out a whole batch, already collated as `default_collate` would do it, faster
 * than item by item. It gives null where it cannot: the loader then goes the ordinary way.
 */
export const collated_batch: unique symbol = Symbol('tstorch.utils.data.collated_batch');

/** A dataset with the short cut above. */
export interface CollatesItself {
  [collated_batch](indices: readonly number[]): unknown;
}

/** Does this dataset have the short cut? */
export function collates_itself(dataset: unknown): dataset is CollatesItself {
  return typeof (dataset as Partial<CollatesItself> | null)?.[collated_batch] === 'function';
}

/**
 * Base class of the datasets that give a sample for an index. A subclass defines `__getitem__(index)` and mostly
 * `__len__()`; `dataset[0]`, `dataset.length`, `len(dataset)` and `for (const sample of dataset)` follow from them. It
 * may also define `__getitems__(indices)`, giving the list of samples of a batch at once.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Dataset
 */
export class Dataset<T = unknown> implements Iterable<T> {
  readonly [index: number]: T;

  /**
   * The sample at `index`. Throws an `IndexError` where there is none.
   */
  __getitem__(_index: number): T {
    throw new NotImplementedError('Subclasses of Dataset should implement __getitem__.');
  }

  /** The number of samples: what `__len__` says. */
  get length(): number {
    return length_of(this);
  }

  /** The samples in order, up to `__len__` where there is one, and in any case up to the first `IndexError`. */
  *[Symbol.iterator](): Iterator<T> {
    const end = has_length(this) ? len(this) : Infinity;
    for (let i = 0; i < end; i++) {
      let item: T;
      try {
        item = this.__getitem__(i);
      } catch (error) {
        if (error instanceof IndexError) return;
        throw error;
      }
      yield item;
    }
  }

  /** This dataset followed by another: what `a + b` is in Python. */
  __add__<U>(other: MapStyle<U>): Dataset<T | U> {
    return new ConcatDataset<T | U>([this, other]);
  }
}

function has_length(dataset: object): boolean {
  return typeof (dataset as { __len__?: unknown }).__len__ === 'function';
}

/** `len` without falling back to `length`, which is defined in terms of it. */
function length_of(dataset: object): number {
  if (!has_length(dataset)) throw new TypeError(`object of type '${type_name(dataset)}' has no len()`);
  return len(dataset);
}

// `dataset[3]`: an index is found nowhere on the object or its classes and so arrives here, behind the base class.
Object.setPrototypeOf(
  Dataset.prototype,
  new Proxy(Object.prototype, {
    get(target, key, receiver: Dataset) {
      if (typeof key === 'string' && /^-?\d+$/.test(key)) return receiver.__getitem__(Number(key));
      return Reflect.get(target, key, receiver) as unknown;
    },
  }),
);

/**
 * Base class of the datasets that are a stream: a subclass defines `__iter__()`, mostly as a generator
 * (`*__iter__() { yield ... }`).
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset
 */
export class IterableDataset<T = unknown> extends Dataset<T> {
  /** A fresh walk over the samples. */
  __iter__(): Iterator<T> | Iterable<T> {
    throw new NotImplementedError('Subclasses of IterableDataset should implement __iter__.');
  }

  override [Symbol.iterator](): Iterator<T> {
    return iter(this.__iter__());
  }

  /** This stream followed by another. */
  override __add__<U>(other: IterableDataset<U> | MapStyle<U>): Dataset<T | U> {
    return new ChainDataset<T | U>([this, other as IterableDataset<U>]);
  }
}

/** One tensor for each of `T`. */
type Row<T extends readonly Tensor[]> = { -readonly [K in keyof T]: Tensor };

/** Dtypes that LibTorch can gather rows of on every device. */
const gatherable = new Set([
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'bool',
  'complex64',
  'complex128',
]);

/**
 * Tensors side by side: sample `i` is the list of their rows `i`.
 *
 * @param tensors tensors with the same size in dimension 0
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
 */
export class TensorDataset<T extends readonly Tensor[] = Tensor[]> extends Dataset<Row<T>> {
  tensors: T;

  constructor(...tensors: T) {
    super();
    if (tensors.length === 0) throw new ValueError('TensorDataset() needs at least one tensor');
    for (const tensor of tensors) {
      if (tensor.size(0) !== tensors[0]!.size(0)) throw new ValueError('Size mismatch between tensors');
    }
    this.tensors = tensors;
  }

  override __getitem__(index: number): Row<T> {
    return this.tensors.map((tensor) => tensor[index]) as Row<T>;
  }

  __len__(): number {
    return this.tensors[0]!.size(0);
  }

  /** Rows gathered by one operator for each tensor; the same numbers as stacking them one by one. */
  [collated_batch](indices: readonly number[]): Tensor[] | null {
    const proto = TensorDataset.prototype;
    if (this.__getitem__ !== proto.__getitem__ || '__getitems__' in this) return null;
    const rows = this.__len__();
    const positions = new BigInt64Array(indices.length);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= rows) return null;
      positions[i] = BigInt(index);
    }
    for (const tensor of this.tensors) {
      const plain = gatherable.has(tensor.dtype.name) && String(tensor.layout) === 'torch.strided';
      if (!plain || tensor.requires_grad || !tensor.is_contiguous()) return null;
    }
    const index = from_numpy(positions);
    return this.tensors.map((tensor) =>
      tensor.index_select(0, tensor.device.type === 'cpu' ? index : index.to(tensor.device)),
    );
  }
}

/**
 * Several datasets of the same length side by side: sample `i` is the list of their samples `i`, or, where the datasets
 * were given by name, an object of them.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset
 */
export class StackDataset<T = unknown> extends Dataset<T> {
  /** The datasets, as they were given. */
  datasets: Stack;
  private readonly _parts: readonly MapStyle<unknown>[];
  private readonly _names: readonly string[] | null;

  constructor(...datasets: readonly MapStyle<unknown>[] | [named: NamedDatasets]) {
    super();
    const first = datasets[0];
    const named = datasets.length === 1 && is_kwargs(first) && !('__getitem__' in first);
    this._names = named ? Object.keys(first) : null;
    this._parts = named ? (Object.values(first) as MapStyle<unknown>[]) : (datasets as readonly MapStyle<unknown>[]);
    this.datasets = named ? (first as NamedDatasets) : this._parts;
    if (this._parts.length === 0) throw new ValueError('At least one dataset should be passed');
    const length = this.__len__();
    if (this._parts.some((part) => len(part) !== length)) throw new ValueError('Size mismatch between datasets');
  }

  private _sample(parts: readonly unknown[]): T {
    return (this._names === null ? parts : Object.fromEntries(this._names.map((name, i) => [name, parts[i]]))) as T;
  }

  override __getitem__(index: number): T {
    return this._sample(this._parts.map((part) => get_item(part, index)));
  }

  __getitems__(indices: readonly number[]): T[] {
    const columns = this._parts.map((part) => get_items(part, indices));
    return indices.map((_, i) => this._sample(columns.map((column) => column[i])));
  }

  __len__(): number {
    return len(this._parts[0]);
  }
}

type NamedDatasets = Readonly<Record<string, MapStyle<unknown>>>;
type Stack = readonly MapStyle<unknown>[] | NamedDatasets;

/** The samples at several indices, by the dataset's own `__getitems__` where it has one. */
function get_items<T>(dataset: MapStyle<T>, indices: readonly number[]): T[] {
  const own = (dataset as { __getitems__?: (indices: readonly number[]) => T[] }).__getitems__;
  if (typeof own !== 'function') return indices.map((index) => get_item(dataset, index));
  const items = own.call(dataset, indices);
  if (items.length !== indices.length) {
    throw new ValueError(`Nested dataset's output size mismatch. Expected ${indices.length}, got ${items.length}`);
  }
  return items;
}

/**
 * Datasets one after the other.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset
 */
export class ConcatDataset<T = unknown> extends Dataset<T> {
  datasets: MapStyle<T>[];
  /** How many samples there are up to and including each dataset. */
  cumulative_sizes: number[];

  constructor(datasets: Iterable<MapStyle<T>>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new ValueError('datasets should not be an empty iterable');
    if (this.datasets.some((dataset) => dataset instanceof IterableDataset)) {
      throw new ValueError('ConcatDataset does not support IterableDataset');
    }
    let total = 0;
    this.cumulative_sizes = this.datasets.map((dataset) => (total += len(dataset)));
  }

  __len__(): number {
    return this.cumulative_sizes.at(-1)!;
  }

  override __getitem__(index: number): T {
    const position = index < 0 ? index + this.__len__() : index;
    if (position < 0) throw new ValueError('absolute value of index should not exceed dataset length');
    const which = this.cumulative_sizes.findIndex((end) => position < end);
    if (which === -1) throw new IndexError('list index out of range');
    return get_item(this.datasets[which]!, position - (which === 0 ? 0 : this.cumulative_sizes[which - 1]!));
  }
}

/**
 * Streams one after the other.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset
 */
export class ChainDataset<T = unknown> extends IterableDataset<T> {
  datasets: Iterable<IterableDataset<T>>;

  constructor(datasets: Iterable<IterableDataset<T>>) {
    super();
    this.datasets = datasets;
  }

  override *__iter__(): Generator<T> {
    for (const dataset of this._streams()) yield* dataset;
  }

  __len__(): number {
    let total = 0;
    for (const dataset of this._streams()) total += len(dataset);
    return total;
  }

  private *_streams(): Generator<IterableDataset<T>> {
    for (const dataset of this.datasets) {
      if (!(dataset instanceof IterableDataset)) throw new ValueError('ChainDataset only supports IterableDataset');
      yield dataset;
    }
  }
}

/**
 * Some of a dataset's samples. A subclass that defines `__getitem__` has to define `__getitems__` too, since a loader
 * asks for whole batches.
 *
 * @param dataset the whole dataset
 * @param indices which of its samples, in which order
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Subset
 */
export class Subset<T = unknown> extends Dataset<T> {
  dataset: MapStyle<T>;
  indices: MapStyle<number>;

  constructor(dataset: MapStyle<T>, indices: MapStyle<number>) {
    super();
    this.dataset = dataset;
    this.indices = indices;
    const proto = Subset.prototype;
    if (this.__getitem__ !== proto.__getitem__ && this.__getitems__ === proto.__getitems__) {
      throw new NotImplementedError(
        `${type_name(this)} overrides __getitem__ but not __getitems__, which a DataLoader asks for a batch. Define ` +
          `it too, for instance as:\n\n__getitems__(indices) {\n  return indices.map((i) => this.__getitem__(i));\n}`,
      );
    }
  }

  override __getitem__(index: number): T {
    return get_item(this.dataset, this._index(index));
  }

  __getitems__(indices: readonly number[]): T[] {
    return get_items(
      this.dataset,
      indices.map((index) => this._index(index)),
    );
  }

  __len__(): number {
    return len(this.indices);
  }

  private _index(index: number): number {
    return Number(get_item(this.indices, index));
  }

  [collated_batch](indices: readonly number[]): unknown {
    const proto = Subset.prototype;
    if (this.__getitem__ !== proto.__getitem__ || this.__getitems__ !== proto.__getitems__) return null;
    if (!collates_itself(this.dataset)) return null;
    return this.dataset[collated_batch](indices.map((index) => this._index(index)));
  }
}

const split_names = ['dataset', 'lengths', 'generator'] as const;
const parse_split = signature<RandomSplitArguments<unknown>>('random_split', [
  'dataset',
  'lengths',
  ['generator', null],
]);

/** The arguments of `random_split`. */
export interface RandomSplitArguments<T> {
  /** What to split. */
  dataset: MapStyle<T>;
  /** Sizes of the parts, or fractions that add up to 1. */
  lengths: readonly number[];
  /** Where the permutation's random numbers come from; the default generator where nothing is said. */
  generator?: RandomGenerator | null;
}

/**
 * Splits a dataset at random into parts that do not overlap. Fractions are rounded down and the samples left over go
 * to the first parts, one each.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.random_split
 */
export function random_split<T>(...args: Arguments<RandomSplitArguments<T>, typeof split_names>): Subset<T>[] {
  const { dataset, lengths: wanted, generator } = parse_split(args) as Required<RandomSplitArguments<T>>;
  const size = len(dataset);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  let lengths = [...wanted];
  const total = sum(lengths);
  if (total <= 1 && Math.abs(total - 1) <= 1e-9) {
    lengths = wanted.map((fraction, i) => {
      if (fraction < 0 || fraction > 1) throw new ValueError(`Fraction at index ${i} is not between 0 and 1`);
      return Math.floor(size * fraction);
    });
    const remainder = size - sum(lengths);
    for (let i = 0; i < remainder; i++) lengths[i % lengths.length]!++;
    lengths.forEach((length, i) => {
      if (length > 0) return;
      warn(`Length of split at index ${i} is 0. This might result in an empty dataset.`);
    });
  }
  if (sum(lengths) !== size) {
    throw new ValueError('Sum of input lengths does not equal the length of the input dataset!');
  }
  const indices = aten.randperm(size, { generator: generator ?? default_generator }).tolist() as number[];
  let offset = 0;
  return lengths.map((length) => new Subset(dataset, indices.slice(offset, (offset += length))));
}
