/** Walks over a loader's dataset: what all have in common, and the one on the calling thread. */
import { is_available } from '../../../cuda/index.ts';
import { iter } from '../../../python/index.ts';
import { warn } from '../../../warnings.ts';
import type { DataLoader } from '../dataloader.ts';
import { IterableDataset, type MapStyle } from '../dataset.ts';
import { draw_seed } from '../sampler.ts';
import { type DatasetFetcher, exhausted, IterableDatasetFetcher, MapDatasetFetcher } from './fetch.ts';
import { pin_memory as pin } from './pin_memory.ts';

/** Any loader. */
export type Loader = DataLoader<unknown, unknown>;

/** Is there anything that fetches from page-locked memory faster? */
export function can_pin(): boolean {
  if (is_available()) return true;
  warn("'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.");
  return false;
}

/** What gives a loader's indices, or lists of them. */
export function index_sampler(loader: Loader): Iterable<unknown> {
  return loader.batch_sampler ?? loader.sampler;
}

/** Counts the batches of a walk, and says so when a stream is longer than it claimed. */
export class StreamLength {
  readonly #said: number | null;
  readonly #advice: string;
  #given = 0;

  constructor(loader: Loader) {
    this.#said = loader.dataset instanceof IterableDataset ? loader._IterableDataset_len_called : null;
    this.#advice =
      loader.num_workers === 0
        ? ''
        : ' For multiprocessing data-loading, this could be caused by not properly configuring the IterableDataset ' +
          'replica at each worker. Please see ' +
          'https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for examples.';
  }

  count(): void {
    if (++this.#given <= (this.#said ?? Infinity)) return;
    warn(
      `Length of IterableDataset was reported to be ${this.#said} (when accessing len(dataloader)), but ` +
        `${this.#given} samples have been fetched.${this.#advice}`,
    );
  }
}

/** One walk over a loader's dataset, on the calling thread. */
export class SingleThreadLoaderIterator implements IterableIterator<unknown> {
  readonly #indices: Iterator<unknown>;
  readonly #fetcher: DatasetFetcher;
  readonly #pin_memory: boolean;
  readonly #length: StreamLength;
  #done = false;

  constructor(loader: Loader) {
    const auto_collation = loader.batch_sampler !== null;
    this.#indices = iter<unknown>(index_sampler(loader));
    // Nobody uses this number without workers, but PyTorch draws it, so everything drawn later depends on it.
    draw_seed(loader.generator);
    this.#fetcher =
      loader.dataset instanceof IterableDataset
        ? new IterableDatasetFetcher(loader.dataset, auto_collation, loader.collate_fn, loader.drop_last)
        : new MapDatasetFetcher(loader.dataset as MapStyle<unknown>, auto_collation, loader.collate_fn);
    this.#pin_memory = loader.pin_memory && can_pin();
    this.#length = new StreamLength(loader);
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<unknown, undefined> {
    if (this.#done) return { done: true, value: undefined };
    const index = this.#indices.next();
    const batch = index.done ? exhausted : this.#fetcher.fetch(index.value);
    if (batch === exhausted) return this.return();
    this.#length.count();
    return { done: false, value: this.#pin_memory ? pin(batch) : batch };
  }

  /** Called when a loop over the loader is left early, and at the end. */
  return(): IteratorResult<unknown, undefined> {
    if (!this.#done) {
      this.#done = true;
      this.#indices.return?.();
      if (this.#fetcher instanceof IterableDatasetFetcher) this.#fetcher.close();
    }
    return { done: true, value: undefined };
  }
}

/** A walk that can be waited for. */
interface Waitable {
  next(): IteratorResult<unknown, undefined>;
  next_async?(): Promise<IteratorResult<unknown, undefined>>;
  return(): IteratorResult<unknown, undefined>;
}

/** The same walk for `for await`. */
export function async_walk(walk: Waitable): AsyncIterableIterator<unknown> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      return walk.next_async === undefined ? walk.next() : walk.next_async();
    },
    async return() {
      return walk.return();
    },
  };
}
