/** What a loader's worker does: gets its dataset, then fetches what it is asked for. */
import { native } from '../../../native.ts';
import { begin_thread_generator, manual_seed } from '../../../random.ts';
import { Tensor } from '../../../tensor.ts';
import type { Dataset, IterableDataset, MapStyle } from '../dataset.ts';
import { default_collate } from './collate.ts';
import { type CollateFunction, type DatasetFetcher, exhausted, IterableDatasetFetcher, MapDatasetFetcher } from './fetch.ts';
import {
  type Answer,
  DONE,
  ENDED,
  FIRST_STATUS,
  type RemoteError,
  SIGNAL,
  type Task,
  type WorkerSettings,
} from './messages.ts';
import { describe_error } from './remote_error.ts';
import { import_callables } from './travel/callables.ts';
import { pack } from './travel/pack.ts';
import { unpack } from './travel/unpack.ts';
import { set_worker_info, set_worker_stage } from './worker.ts';

/** What the main thread sends at the beginning. */
export interface Luggage {
  readonly dataset: MapStyle<unknown> | IterableDataset;
  readonly collate_fn: CollateFunction;
  readonly worker_init_fn: ((worker_id: number) => void) | null;
}

/** The seed of a worker; the sum may need more digits than a number has. */
function worker_seed(base_seed: number | bigint, id: number): number | bigint {
  const sum = BigInt(base_seed) + BigInt(id);
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum;
}

class WorkerLoop {
  readonly #settings: WorkerSettings;
  #luggage: Luggage | null = null;
  #fetcher: DatasetFetcher | null = null;
  /** What went wrong before the first task: the answer to every task. */
  #failure: RemoteError | null = null;
  /** Has the stream ended, so that nothing is fetched until another walk begins? */
  #ended = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const { id, num_workers, base_seed, num_threads, parcel } = this.#settings;
    native.set_thread_num_threads(1, num_threads);
    begin_thread_generator();
    set_worker_stage('starting');
    try {
      this.#luggage = unpack(parcel, await import_callables(parcel), true) as Luggage;
    } catch (error) {
      this.#fail(error, true);
    }
    set_worker_stage('running');
    if (this.#luggage !== null) {
      const seed = worker_seed(base_seed, id);
      manual_seed(seed);
      const { dataset, worker_init_fn } = this.#luggage;
      set_worker_info({ id, num_workers, seed, dataset: dataset as Dataset });
      try {
        worker_init_fn?.(id);
        this.#fetcher = this.#make_fetcher(this.#luggage);
      } catch (error) {
        this.#fail(error, false);
      }
    }
    this.#answer(['ready']);
  }

  handle(task: Task): void {
    if (task === 'end') return this.#end();
    if (task === 'resume') return this.#resume();
    const [walk, number, index] = task;
    if (this.#ended || Atomics.load(this.#settings.control, DONE) === 1) return;
    if (this.#failure !== null) {
      this.#answer(['error', walk, number, this.#failure]);
      return;
    }
    let answer: Answer;
    try {
      answer = this.#fetch(walk, number, index);
    } catch (error) {
      answer = ['error', walk, number, describe_error(error, false)];
    }
    this.#answer(answer);
  }

  #fetch(walk: number, number: number, index: unknown): Answer {
    const data = this.#fetcher!.fetch(index);
    if (data === exhausted) {
      this.#ended = true;
      return ['exhausted', walk, number];
    }
    const tensors = data instanceof Tensor ? [data] : data;
    if (is_plain_tensors(tensors)) {
      // A batch that was put together here is nobody else's, so its handles can go at once.
      const fresh = this.#settings.auto_collation && this.#luggage!.collate_fn === default_collate;
      const tokens = tensors.map((tensor) => native.tensor_share(tensor._h));
      if (fresh) for (const tensor of tensors) native.dispose(tensor._h);
      return ['tensors', walk, number, data instanceof Tensor ? tokens[0]! : tokens];
    }
    return ['data', walk, number, pack(data, 'batch')];
  }

  #make_fetcher({ dataset, collate_fn }: Luggage): DatasetFetcher {
    const { streams, auto_collation, drop_last } = this.#settings;
    return streams
      ? new IterableDatasetFetcher(dataset as IterableDataset, auto_collation, collate_fn, drop_last)
      : new MapDatasetFetcher(dataset as MapStyle<unknown>, auto_collation, collate_fn);
  }

  #resume(): void {
    this.#ended = false;
    if (this.#luggage === null || this.#failure !== null) return;
    try {
      this.#close_fetcher();
      this.#fetcher = this.#make_fetcher(this.#luggage);
    } catch (error) {
      this.#fail(error, false);
    }
  }

  #close_fetcher(): void {
    if (this.#fetcher instanceof IterableDatasetFetcher) this.#fetcher.close();
  }

  #end(): void {
    try {
      this.#close_fetcher();
    } finally {
      process.exit();
    }
  }

  #fail(error: unknown, starting: boolean): void {
    this.#failure = describe_error(error, starting);
  }

  #answer(answer: Answer): void {
    const { control, port } = this.#settings;
    port.postMessage(answer);
    Atomics.add(control, SIGNAL, 1);
    Atomics.notify(control, SIGNAL);
  }
}

function is_plain_tensors(data: unknown): data is Tensor[] {
  if (!Array.isArray(data) || Object.getPrototypeOf(data) !== Array.prototype) return false;
  const seen = new Set<unknown>();
  for (const one of data as unknown[]) {
    if (!(one instanceof Tensor) || Object.getPrototypeOf(one) !== Tensor.prototype || seen.has(one)) return false;
    seen.add(one);
  }
  return data.length > 0;
}

/** Runs the worker of this thread until it is told to end. */
export async function run_worker(settings: WorkerSettings): Promise<void> {
  const { port, control, id, number } = settings;
  native.worker_begin(number);
  process.once('exit', () => {
    Atomics.store(control, FIRST_STATUS + id, ENDED);
    Atomics.add(control, SIGNAL, 1);
    Atomics.notify(control, SIGNAL);
  });
  const loop = new WorkerLoop(settings);
  await loop.start();
  port.on('message', (task: Task) => loop.handle(task));
}
