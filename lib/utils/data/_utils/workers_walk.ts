/** One walk over a loader's dataset with workers, in the order that Python's loader has. */
import { AssertionError, RuntimeError } from '../../../errors.ts';
import { native } from '../../../native.ts';
import { iter } from '../../../python/index.ts';
import { Tensor } from '../../../tensor.ts';
import { IterableDataset } from '../dataset.ts';
import { draw_seed } from '../sampler.ts';
import type { Answer } from './messages.ts';
import { pin_memory as pin } from './pin_memory.ts';
import { error_of_worker } from './remote_error.ts';
import { drop } from './travel/pack.ts';
import { unpack } from './travel/unpack.ts';
import { can_pin, index_sampler, type Loader, StreamLength } from './walk.ts';
import { worker_stage } from './worker.ts';
import { type Received, WorkerPool } from './worker_pool.ts';

/** Ends the workers of a walk that was dropped before its end. */
const dropped = new FinalizationRegistry<WorkerPool>((pool) => pool.close());

/** A batch that is being loaded, or waits for those before it. */
interface Pending {
  readonly worker: number;
  answer: Answer | null;
}

type Result = IteratorResult<unknown, undefined>;
const end: Result = { done: true, value: undefined };

/** Fails where workers must not be started. */
function check_may_start(): void {
  const stage = worker_stage();
  if (stage === 'starting') {
    throw new RuntimeError(
      'An attempt has been made to start a worker of a DataLoader while a worker imports its modules: the file that ' +
        'defines the dataset also walks over a DataLoader, and would do so again in each worker. Put the dataset into a ' +
        'module of its own, or let the main thread alone load: import { isMainThread } from \'node:worker_threads\'; ' +
        'if (isMainThread) { main(); }',
    );
  }
  if (stage === 'running') throw new AssertionError('daemonic processes are not allowed to have children');
}

export class WorkersLoaderIterator implements IterableIterator<unknown> {
  readonly #pool: WorkerPool;
  readonly #streams: boolean;
  readonly #persistent: boolean;
  readonly #pin_memory: boolean;
  readonly #timeout: number;
  readonly #in_order: boolean;
  readonly #num_workers: number;
  readonly #most_tasks: number;
  #length!: StreamLength;
  #indices!: Iterator<unknown>;
  /** Which walk it is: answers of an earlier one are of no use. */
  #walk = 0;
  #done = false;
  #sent = 0;
  #received = 0;
  #next_worker = 0;
  #pending = new Map<number, Pending>();
  #active: boolean[] = [];
  #tasks_of: number[] = [];

  constructor(loader: Loader) {
    check_may_start();
    if (!(loader.prefetch_factor! > 0)) {
      throw new AssertionError('prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter');
    }
    this.#streams = loader.dataset instanceof IterableDataset;
    this.#persistent = loader.persistent_workers;
    this.#pin_memory = loader.pin_memory && can_pin();
    this.#timeout = loader.timeout;
    this.#in_order = loader.in_order;
    this.#num_workers = loader.num_workers;
    this.#most_tasks = loader.prefetch_factor! * loader.num_workers;
    // PyTorch asks for an iterator here, and again for the walk.
    iter(index_sampler(loader));
    const base_seed = draw_seed(loader.generator);
    this.#pool = new WorkerPool(
      {
        dataset: loader.dataset as never,
        collate_fn: loader.collate_fn,
        worker_init_fn: loader.worker_init_fn,
      },
      {
        num_workers: loader.num_workers,
        base_seed,
        streams: this.#streams,
        auto_collation: loader.batch_sampler !== null,
        drop_last: loader.drop_last,
      },
    );
    dropped.register(this, this.#pool, this.#pool);
    this.#begin(loader);
  }

  /** Starts the next walk with the same workers. */
  reset(loader: Loader): void {
    for (const { answer } of this.#pending.values()) if (answer !== null) drop_answer(answer);
    this.#walk++;
    for (let id = 0; id < this.#num_workers; id++) this.#pool.send(id, 'resume');
    this.#begin(loader);
  }

  #begin(loader: Loader): void {
    this.#indices = iter<unknown>(index_sampler(loader));
    this.#length = new StreamLength(loader);
    this.#done = false;
    this.#sent = this.#received = this.#next_worker = 0;
    this.#pending = new Map();
    this.#active = Array<boolean>(this.#num_workers).fill(true);
    this.#tasks_of = Array<number>(this.#num_workers).fill(0);
    try {
      for (let i = 0; i < this.#most_tasks; i++) this.#send_next();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): Result {
    while (true) {
      const result = this.#advance();
      if (result !== null) return result;
      this.#take(this.#pool.wait(this.#timeout * 1000, this.#active));
    }
  }

  /** As `next`, leaving the thread to others while it waits. */
  async next_async(): Promise<Result> {
    while (true) {
      const result = this.#advance();
      if (result !== null) return result;
      this.#take(await this.#pool.wait_async(this.#timeout * 1000, this.#active));
    }
  }

  /** Called when a loop over the loader is left early. */
  return(): Result {
    if (!this.#persistent) this.#close();
    this.#done = true;
    return end;
  }

  #close(): void {
    this.#done = true;
    this.#indices.return?.();
    for (const { answer } of this.#pending.values()) if (answer !== null) drop_answer(answer);
    this.#pending.clear();
    dropped.unregister(this.#pool);
    this.#pool.close();
  }

  /** The next batch if it is there; null if there is one to wait for. */
  #advance(): Result | null {
    if (this.#done) return end;
    // What a worker that has ended was asked for will not come.
    while (this.#received < this.#sent) {
      const pending = this.#pending.get(this.#received);
      if (pending !== undefined) {
        if (pending.answer !== null || this.#active[pending.worker]) break;
        this.#pending.delete(this.#received);
      }
      this.#received++;
    }
    if (this.#received === this.#sent) {
      if (!this.#persistent) this.#close();
      this.#done = true;
      return end;
    }
    const pending = this.#pending.get(this.#received)!;
    if (pending.answer === null) return this.#early();
    return this.#give(this.#received++, pending.worker, pending.answer);
  }

  /** Without an order: any batch that is there. */
  #early(): Result | null {
    if (this.#in_order) return null;
    for (const [task, { worker, answer }] of this.#pending) {
      if (answer !== null) return this.#give(task, worker, answer);
    }
    return null;
  }

  #take(received: Received | null): void {
    if (received === null) {
      const shown = String(this.#timeout);
      throw new RuntimeError(`DataLoader timed out after ${shown} seconds`);
    }
    const { id, answer } = received;
    if (answer[0] === 'ready') return;
    if (answer[1] !== this.#walk) {
      drop_answer(answer);
      return;
    }
    if (answer[0] === 'exhausted') {
      // It stays until the walk is over: batches that it has made may still be on their way.
      this.#active[id] = false;
      this.#send_next();
      return;
    }
    const pending = this.#pending.get(answer[2]);
    if (pending === undefined) drop_answer(answer);
    else pending.answer = answer;
  }

  /** Asks the next worker in turn for the next index. */
  #send_next(): void {
    const index = this.#indices.next();
    if (index.done) return;
    const active = this.#active.filter(Boolean).length;
    for (let tried = 0; tried < this.#num_workers; tried++) {
      const id = this.#next_worker;
      this.#next_worker = (id + 1) % this.#num_workers;
      if (!this.#active[id]) continue;
      if (!this.#in_order && this.#tasks_of[id]! >= Math.floor(this.#most_tasks / active)) continue;
      this.#pool.send(id, [this.#walk, this.#sent, index.value]);
      this.#pending.set(this.#sent++, { worker: id, answer: null });
      this.#tasks_of[id]!++;
      return;
    }
  }

  #give(task: number, worker: number, answer: Answer): Result {
    this.#pending.delete(task);
    this.#tasks_of[worker]!--;
    this.#send_next();
    if (answer[0] === 'error') {
      const [, , , remote] = answer;
      if (remote.starting) this.#close();
      throw error_of_worker(remote, worker, this.#pool.known);
    }
    const batch = this.#open(answer);
    this.#length.count();
    return { done: false, value: this.#pin_memory ? pin(batch) : batch };
  }

  #open(answer: Answer): unknown {
    if (answer[0] === 'tensors') {
      const tokens = answer[3];
      const adopt = (token: number): Tensor => new Tensor(native.tensor_adopt(token));
      return typeof tokens === 'number' ? adopt(tokens) : tokens.map(adopt);
    }
    if (answer[0] !== 'data') throw new RuntimeError(`a worker answered with '${answer[0]}'`);
    const parcel = answer[3];
    try {
      return unpack(parcel, this.#pool.known.find(parcel), false);
    } catch (error) {
      drop(parcel);
      throw error;
    }
  }
}

/** Frees the tensors of an answer that nobody will look at. */
function drop_answer(answer: Answer): void {
  if (answer[0] === 'data') drop(answer[3]);
  if (answer[0] !== 'tensors') return;
  const tokens = answer[3];
  for (const token of typeof tokens === 'number' ? [tokens] : tokens) native.tensor_unshare(token);
}
