/**
 * The loader: walks over a dataset in batches.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
import { TypeError, ValueError } from '../../errors.ts';
import { type Arguments, signature } from '../../arguments.ts';
import { len } from '../../python/index.ts';
import type { Generator as RandomGenerator } from '../../random.ts';
import { type_name } from '../../repr.ts';
import { type Collated, default_collate, default_convert } from './_utils/collate.ts';
import type { CollateFunction } from './_utils/fetch.ts';
import { async_walk, SingleThreadLoaderIterator } from './_utils/walk.ts';
import { WorkersLoaderIterator } from './_utils/workers_walk.ts';
import { Dataset, IterableDataset, type MapStyle } from './dataset.ts';
import { BatchSampler, RandomSampler, Sampler, SequentialSampler } from './sampler.ts';

/** How a loader loads: every argument of `DataLoader` but the dataset. */
export interface DataLoaderOptions<T = unknown, B = unknown> {
  /** Samples in a batch; null gives single samples, not batches. */
  batch_size?: number | null;
  /** A new random order for each walk? */
  shuffle?: boolean | null;
  /** What gives the indices; not together with `shuffle`. */
  sampler?: Iterable<number> | null;
  /** What gives lists of indices; not together with `batch_size`, `shuffle`, `sampler` and `drop_last`. */
  batch_sampler?: Iterable<readonly number[]> | null;
  /** Threads that load; 0 loads on the calling one. */
  num_workers?: number;
  /** What makes a batch of a list of samples; `default_collate` where nothing is said. */
  collate_fn?: ((samples: T[]) => B) | null;
  /** Copy batches into page-locked memory, from where a GPU fetches them faster? Does nothing without a GPU. */
  pin_memory?: boolean;
  /** Leave out a last batch that is not full? */
  drop_last?: boolean;
  /** Seconds to wait for a worker's batch; 0 waits forever. */
  timeout?: number;
  /** Called in each worker with its number before it loads. */
  worker_init_fn?: ((worker_id: number) => void) | null;
  /** Python's way to choose how processes start; nothing here. */
  multiprocessing_context?: null;
  /** Where the random order comes from; the default generator where nothing is said. */
  generator?: RandomGenerator | null;
  /** Batches that each worker loads ahead. By name only. */
  prefetch_factor?: number | null;
  /** Keep the workers from one walk to the next? By name only. */
  persistent_workers?: boolean;
  /** No longer used. By name only. */
  pin_memory_device?: string;
  /** Give batches in order even where a later one is ready earlier? By name only. */
  in_order?: boolean;
}

/** The arguments of `DataLoader`. */
export interface DataLoaderArguments<T = unknown, B = unknown> extends DataLoaderOptions<T, B> {
  /** What to load from: a dataset, or an array of samples. */
  dataset: MapStyle<T> | Stream<T>;
}

type Stream<T> = { __iter__(): Iterator<T> | Iterable<T> };
type Indexed<T> = { __getitem__(index: number): T };
type Collating<T, B> = DataLoaderOptions<T, B> & { collate_fn: (samples: T[]) => B };

type Positional = readonly [
  'batch_size',
  'shuffle',
  'sampler',
  'batch_sampler',
  'num_workers',
  'collate_fn',
  'pin_memory',
  'drop_last',
  'timeout',
  'worker_init_fn',
  'multiprocessing_context',
  'generator',
];

const parse = signature<DataLoaderArguments>(
  'DataLoader',
  [
    'dataset',
    ['batch_size', 1],
    ['shuffle', null],
    ['sampler', null],
    ['batch_sampler', null],
    ['num_workers', 0],
    ['collate_fn', null],
    ['pin_memory', false],
    ['drop_last', false],
    ['timeout', 0],
    ['worker_init_fn', null],
    ['multiprocessing_context', null],
    ['generator', null],
  ],
  [
    ['prefetch_factor', null],
    ['persistent_workers', false],
    ['pin_memory_device', ''],
    ['in_order', true],
  ],
);

/** What a stream is sampled with: no index at all, for ever. */
class InfiniteConstantSampler extends Sampler<null> {
  override *__iter__(): Generator<null, void, undefined> {
    while (true) yield null;
  }
}

/**
 * Walks over a dataset in batches, as often as one likes: `for (const [X, y] of loader)`. Batches are put together by
 * `default_collate` where nothing else is said. With `shuffle` each walk has a new random order, the one that Python's
 * loader would have with the same seed.
 *
 * `loader.length` is the number of batches in a walk. As for keyword arguments, everything after the dataset may be
 * given by name: `new DataLoader(dataset, { batch_size: 32, shuffle: true })`.
 *
 * @throws ValueError for options that contradict each other
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
export class DataLoader<T = any, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: MapStyle<T> | Stream<T>;
  readonly batch_size: number | null;
  readonly sampler: Iterable<unknown>;
  readonly batch_sampler: Iterable<readonly unknown[]> | null;
  readonly drop_last: boolean;
  readonly persistent_workers: boolean;
  num_workers: number;
  collate_fn: CollateFunction;
  pin_memory: boolean;
  timeout: number;
  worker_init_fn: ((worker_id: number) => void) | null;
  generator: RandomGenerator | null;
  prefetch_factor: number | null;
  pin_memory_device: string;
  in_order: boolean;
  /** @internal What a stream's length was said to be when somebody asked; a walk that is longer is worth a warning. */
  _IterableDataset_len_called: number | null = null;
  /** @internal The walk whose workers are kept for the next one. */
  _iterator: WorkersLoaderIterator | null = null;

  // One pair of overloads for each kind of dataset, so that the type of its samples is found in the right place.
  constructor(dataset: Stream<T>, options: Collating<T, B>);
  constructor(dataset: Stream<T>, ...args: Arguments<DataLoaderOptions<T, B>, Positional>);
  constructor(dataset: Indexed<T>, options: Collating<T, B>);
  constructor(dataset: Indexed<T>, ...args: Arguments<DataLoaderOptions<T, B>, Positional>);
  constructor(dataset: ArrayLike<T>, options: Collating<T, B>);
  constructor(dataset: ArrayLike<T>, ...args: Arguments<DataLoaderOptions<T, B>, Positional>);
  constructor(args: DataLoaderArguments<T, B>);
  constructor(...args: readonly unknown[]) {
    const options = parse(args);
    const { dataset, shuffle, num_workers, timeout, prefetch_factor, generator } = options;
    if (!(num_workers >= 0)) {
      throw new ValueError('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.');
    }
    if (!(timeout >= 0)) throw new ValueError('timeout option should be non-negative');
    if (num_workers === 0 && prefetch_factor !== null) {
      throw new ValueError(
        'prefetch_factor option could only be specified in multiprocessing. Let num_workers > 0 to enable ' +
          'multiprocessing, otherwise set prefetch_factor to null.',
      );
    }
    if (prefetch_factor !== null && prefetch_factor < 0) {
      throw new ValueError('prefetch_factor option should be non-negative');
    }
    if (options.persistent_workers && num_workers === 0) {
      throw new ValueError('persistent_workers option needs num_workers > 0');
    }

    const streams = dataset instanceof IterableDataset;
    if (streams) {
      const unexpected = (name: string, value: unknown): ValueError =>
        new ValueError(
          `DataLoader with IterableDataset: expected unspecified ${name} option, but got ${name}=${String(value)}`,
        );
      if (shuffle) throw unexpected('shuffle', shuffle);
      if (options.sampler !== null) throw unexpected('sampler', type_name(options.sampler));
      if (options.batch_sampler !== null) throw unexpected('batch_sampler', type_name(options.batch_sampler));
    } else if (!is_map_style(dataset)) {
      throw new TypeError(
        `DataLoader(): argument 'dataset' must be a Dataset or an array of samples, not ${type_name(dataset)}`,
      );
    }
    if (options.sampler !== null && shuffle) throw new ValueError('sampler option is mutually exclusive with shuffle');

    let { batch_size, drop_last } = options;
    if (options.batch_sampler !== null) {
      if (batch_size !== 1 || shuffle || options.sampler !== null || drop_last) {
        throw new ValueError(
          'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
        );
      }
      batch_size = null;
      drop_last = false;
    } else if (batch_size === null && drop_last) {
      throw new ValueError('batch_size=null option disables auto-batching and is mutually exclusive with drop_last');
    }

    const sampler: Iterable<unknown> =
      options.sampler ??
      (streams
        ? new InfiniteConstantSampler()
        : shuffle
          ? new RandomSampler({ data_source: dataset, generator })
          : new SequentialSampler({ data_source: dataset }));
    const batch_sampler =
      options.batch_sampler ?? (batch_size === null ? null : new BatchSampler({ sampler, batch_size, drop_last }));

    this.dataset = dataset as MapStyle<T> | Stream<T>;
    this.batch_size = batch_size;
    this.sampler = sampler;
    this.batch_sampler = batch_sampler;
    this.drop_last = drop_last;
    this.persistent_workers = options.persistent_workers;
    this.num_workers = num_workers;
    this.collate_fn = options.collate_fn ?? (batch_sampler === null ? default_convert : default_collate);
    this.pin_memory = options.pin_memory;
    this.timeout = timeout;
    this.worker_init_fn = options.worker_init_fn;
    this.generator = generator;
    this.prefetch_factor = prefetch_factor ?? (num_workers > 0 ? 2 : null);
    this.pin_memory_device = options.pin_memory_device;
    this.in_order = options.in_order;
    // As in Python, what decides over the order cannot be changed any more.
    for (const name of ['dataset', 'batch_size', 'sampler', 'batch_sampler', 'drop_last', 'persistent_workers']) {
      const value = this[name as keyof this];
      Object.defineProperty(this, name, {
        get: () => value,
        set: () => {
          throw new ValueError(`${name} attribute should not be set after ${type_name(this)} is initialized`);
        },
        enumerable: true,
      });
    }
  }

  /** The number of batches in a walk. */
  get length(): number {
    return this.__len__();
  }

  __len__(): number {
    if (!(this.dataset instanceof IterableDataset)) return len(this.batch_sampler ?? this.sampler);
    const samples = len(this.dataset);
    this._IterableDataset_len_called = samples;
    if (this.batch_size === null) return samples;
    return this.drop_last ? Math.floor(samples / this.batch_size) : Math.ceil(samples / this.batch_size);
  }

  /**
   * Starts a walk. Without workers the first random number is drawn here, the order's own when the first batch is asked
   * for; with workers, which begin to load at once, the order's are drawn here too.
   */
  [Symbol.iterator](): IterableIterator<B> {
    if (this.num_workers === 0) return new SingleThreadLoaderIterator(this) as IterableIterator<unknown> as IterableIterator<B>;
    return this.#walk_with_workers() as IterableIterator<unknown> as IterableIterator<B>;
  }

  /** As the iterator of `for … of`, but waits for workers without blocking the thread: `for await (… of loader)`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<B> {
    return async_walk(this[Symbol.iterator]() as unknown as WorkersLoaderIterator | SingleThreadLoaderIterator) as
      AsyncIterableIterator<unknown> as AsyncIterableIterator<B>;
  }

  #walk_with_workers(): WorkersLoaderIterator {
    if (!this.persistent_workers) return new WorkersLoaderIterator(this);
    if (this._iterator === null) this._iterator = new WorkersLoaderIterator(this);
    else this._iterator.reset(this);
    return this._iterator;
  }
}

function is_map_style(dataset: unknown): boolean {
  if (dataset instanceof Dataset || Array.isArray(dataset) || ArrayBuffer.isView(dataset)) return true;
  const own = dataset as { __getitem__?: unknown; length?: unknown } | null;
  return (
    typeof own === 'object' && own !== null && (typeof own.__getitem__ === 'function' || typeof own.length === 'number')
  );
}
