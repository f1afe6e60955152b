/** The threads that load for a loader. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { RuntimeError } from '../../../errors.ts';
import { native } from '../../../native.ts';
import { program_path } from '../../../programs.ts';
import {
  type Answer,
  DONE,
  ENDED,
  FIRST_STATUS,
  NOT_BEGUN,
  SIGNAL,
  type Task,
  type WorkerSettings,
} from './messages.ts';
import { KnownCallables } from './travel/callables.ts';
import { drop, pack_with_callables } from './travel/pack.ts';
import type { Parcel } from './travel/packed.ts';
import type { Luggage } from './worker_loop.ts';

/** An answer, and whose it is. */
export interface Received {
  readonly id: number;
  readonly answer: Answer;
}

/** What all workers of a loader are started with. */
export type PoolSettings = Pick<
  WorkerSettings,
  'num_workers' | 'base_seed' | 'streams' | 'auto_collation' | 'drop_last'
>;

/** How often those who wait look whether the workers are still there, in milliseconds. */
const CHECK_EVERY = 1000;
/** How long a worker may take to begin, in milliseconds: long enough for a machine that is very busy. */
const LONGEST_START = 120_000;
/** How long a worker may go on with what it is doing after it was told to end, in milliseconds. */
const LONGEST_END = 5000;

interface Member {
  readonly number: number;
  readonly thread_id: number;
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** Starts workers, asks them, and waits for their answers, with or without blocking the calling thread. */
export class WorkerPool {
  readonly known = new KnownCallables();
  readonly #members: Member[] = [];
  readonly #control: Int32Array;
  readonly #parcel: Parcel;
  readonly #started = performance.now();
  #ready = 0;
  #closed = false;
  /** Answers that the event loop has brought. */
  readonly #inbox: Received[] = [];
  #listening = false;
  #wake: (() => void) | null = null;
  /** Workers that have said which they are. */
  readonly #seen = new Set<number>();

  constructor(luggage: Luggage, settings: PoolSettings) {
    const { num_workers } = settings;
    this.#control = new Int32Array(new SharedArrayBuffer(4 * (FIRST_STATUS + num_workers)));
    const { parcel, callables } = pack_with_callables(luggage);
    this.#parcel = parcel;
    this.known.note(parcel.references, callables);
    native.prepare_thread_generators();
    try {
      for (let id = 0; id < num_workers; id++) this.#members.push(this.#start(id, settings));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #start(id: number, settings: PoolSettings): Member {
    const { port1, port2 } = new MessageChannel();
    const number = native.worker_expect();
    const workerData: WorkerSettings = {
      ...settings,
      id,
      number,
      num_threads: native.get_num_threads(),
      parcel: this.#parcel,
      control: this.#control,
      port: port2,
    };
    const worker = new Worker(program_path('utils/data/_utils/worker_main'), {
      workerData,
      transferList: [port2],
      // What the script was called with, since the workers may import it.
      argv: process.argv.slice(2),
      name: `DataLoader worker ${id}`,
    });
    // Whoever waits sees that the worker has ended; an error that nobody waits for is not to end the process.
    worker.on('error', () => this.#wake?.());
    worker.on('exit', () => this.#wake?.());
    // A loader that was forgotten does not keep the process.
    worker.unref();
    port1.unref();
    return { number, thread_id: worker.threadId, worker, port: port1 };
  }

  send(id: number, task: Task): void {
    this.#members[id]!.port.postMessage(task);
  }

  /** The next answer, if there is one. */
  poll(): Received | null {
    while (true) {
      const received = this.#inbox.shift() ?? this.#take();
      if (received === null || received.answer[0] !== 'ready') return received;
      // Everybody has the tensors of the dataset now.
      if (++this.#ready === this.#members.length) drop(this.#parcel);
    }
  }

  #take(): Received | null {
    for (let id = 0; id < this.#members.length; id++) {
      const message = receiveMessageOnPort(this.#members[id]!.port) as { message: Answer } | undefined;
      if (message !== undefined) return { id, answer: message.message };
    }
    return null;
  }

  /**
   * Waits for an answer.
   *
   * @param timeout milliseconds; 0 for ever
   * @param active which workers have to be there
   * @returns the answer; null if none came in time
   * @throws RuntimeError if a worker has ended that was to answer
   */
  wait(timeout: number, active: readonly boolean[]): Received | null {
    const end = timeout > 0 ? performance.now() + timeout : Infinity;
    while (true) {
      const seen = Atomics.load(this.#control, SIGNAL);
      const received = this.poll();
      if (received !== null) return received;
      this.#check(active);
      const left = end - performance.now();
      if (left <= 0) return null;
      Atomics.wait(this.#control, SIGNAL, seen, Math.min(left, CHECK_EVERY));
    }
  }

  /** As `wait`, leaving the thread to others meanwhile. */
  async wait_async(timeout: number, active: readonly boolean[]): Promise<Received | null> {
    const end = timeout > 0 ? performance.now() + timeout : Infinity;
    this.#listen();
    while (true) {
      const received = this.poll();
      if (received !== null) return received;
      this.#check(active);
      const left = end - performance.now();
      if (left <= 0) return null;
      for (const { port } of this.#members) port.ref();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, CHECK_EVERY));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
      for (const { port } of this.#members) port.unref();
    }
  }

  /** Lets the event loop bring answers, from now on. */
  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#members.forEach(({ port }, id) => {
      port.on('message', (answer: Answer) => {
        this.#inbox.push({ id, answer });
        this.#wake?.();
      });
      port.unref();
    });
  }

  #check(active: readonly boolean[]): void {
    const gone = this.#members.filter(({ number }, id) => {
      if (!active[id]) return false;
      if (Atomics.load(this.#control, FIRST_STATUS + id) === NOT_BEGUN) {
        return performance.now() - this.#started > LONGEST_START;
      }
      return this.#was_seen(id, number) && !native.worker_alive(number);
    });
    if (gone.length === 0) return;
    // It may have answered between the look for answers and this one.
    const late = this.#take();
    if (late !== null) {
      this.#inbox.push(late);
      return;
    }
    throw new RuntimeError(
      `DataLoader worker (thread(s) ${gone.map(({ thread_id }) => thread_id).join(', ')}) exited unexpectedly`,
    );
  }

  /** Has the worker got as far as to say which it is? Between its beginning and that it loads the package. */
  #was_seen(id: number, number: number): boolean {
    if (Atomics.load(this.#control, FIRST_STATUS + id) === ENDED || this.#seen.has(number)) return true;
    if (native.worker_alive(number)) this.#seen.add(number);
    return this.#seen.has(number);
  }

  /** Tells the workers to end; they do when they have finished what they are doing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    Atomics.store(this.#control, DONE, 1);
    for (const { number, port, worker } of this.#members) {
      port.postMessage('end' satisfies Task);
      native.worker_forget(number);
      port.unref();
      // Those who are stuck; a process that ends meanwhile does not wait for this.
      const timer = setTimeout(() => void worker.terminate(), LONGEST_END);
      timer.unref();
      worker.once('exit', () => clearTimeout(timer));
    }
    drop(this.#parcel);
  }
}
