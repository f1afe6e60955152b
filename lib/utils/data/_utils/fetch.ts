/** How a loader gets samples out of a dataset: by index or, for a stream, by taking the next ones. */
import { collated_batch, collates_itself, get_item, type IterableDataset, type MapStyle } from '../dataset.ts';
import { default_collate } from './collate.ts';

/** Marks the end of a stream, since null and undefined may be samples. */
export const exhausted: unique symbol = Symbol('exhausted');

/** What turns samples into a batch, or one sample into what the loader gives. */
export type CollateFunction = (samples: never) => unknown;

/** Gets what belongs to an index, or to the list of indices of a batch; `exhausted` at the end of a stream. */
export interface DatasetFetcher {
  fetch(index: unknown): unknown;
}

export class MapDatasetFetcher implements DatasetFetcher {
  readonly #dataset: MapStyle<unknown>;
  readonly #auto_collation: boolean;
  readonly #collate_fn: (samples: unknown) => unknown;

  constructor(dataset: MapStyle<unknown>, auto_collation: boolean, collate_fn: CollateFunction) {
    this.#dataset = dataset;
    this.#auto_collation = auto_collation;
    this.#collate_fn = collate_fn as (samples: unknown) => unknown;
  }

  fetch(index: unknown): unknown {
    const dataset = this.#dataset;
    if (!this.#auto_collation) return this.#collate_fn(get_item(dataset, index as number));

    const indices = index as readonly number[];
    if (this.#collate_fn === (default_collate as unknown) && collates_itself(dataset)) {
      const batch = dataset[collated_batch](indices);
      if (batch !== null) return batch;
    }
    const { __getitems__ } = dataset as { __getitems__?: (indices: readonly number[]) => unknown[] };
    return this.#collate_fn(
      typeof __getitems__ === 'function'
        ? __getitems__.call(dataset, indices)
        : Array.from(indices, (i) => get_item(dataset, i)),
    );
  }
}

export class IterableDatasetFetcher implements DatasetFetcher {
  readonly #iterator: Iterator<unknown>;
  readonly #auto_collation: boolean;
  readonly #collate_fn: (samples: unknown) => unknown;
  readonly #drop_last: boolean;
  #ended = false;

  constructor(dataset: IterableDataset, auto_collation: boolean, collate_fn: CollateFunction, drop_last: boolean) {
    this.#iterator = dataset[Symbol.iterator]();
    this.#auto_collation = auto_collation;
    this.#collate_fn = collate_fn as (samples: unknown) => unknown;
    this.#drop_last = drop_last;
  }

  fetch(index: unknown): unknown {
    if (this.#ended) return exhausted;
    if (!this.#auto_collation) {
      const { done, value } = this.#iterator.next();
      return done ? exhausted : this.#collate_fn(value);
    }
    const wanted = (index as readonly unknown[]).length;
    const samples: unknown[] = [];
    while (samples.length < wanted && !this.#ended) {
      const { done, value } = this.#iterator.next();
      if (done) this.#ended = true;
      else samples.push(value);
    }
    if (samples.length === 0 || (this.#drop_last && samples.length < wanted)) return exhausted;
    return this.#collate_fn(samples);
  }

  /** Tells the stream that nobody will ask again. */
  close(): void {
    if (!this.#ended) this.#iterator.return?.();
    this.#ended = true;
  }
}
