/** What a loader and its workers say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { Parcel } from './travel/packed.ts';

/** What a worker needs to begin. */
export interface WorkerSettings {
  /** A number that no other worker of the process has. */
  readonly number: number;
  readonly id: number;
  readonly num_workers: number;
  readonly base_seed: number | bigint;
  /** The calling thread's number of threads for an operator, for those that are not workers. */
  readonly num_threads: number;
  readonly streams: boolean;
  readonly auto_collation: boolean;
  readonly drop_last: boolean;
  /** The dataset, `collate_fn` and `worker_init_fn`. */
  readonly parcel: Parcel;
  readonly control: Int32Array;
  readonly port: MessagePort;
}

/** Places in the array of numbers that all threads of a loader see. */
export const SIGNAL = 0;
export const DONE = 1;
export const FIRST_STATUS = 2;

/** A worker's state at `FIRST_STATUS` + its number in the loader. */
export const NOT_BEGUN = 0;
export const BEGUN = 1;
export const ENDED = 2;

/** For a worker: an index to fetch, or that another walk begins. */
export type Task = readonly [walk: number, task: number, index: unknown] | 'resume' | 'end';

/** An error of another thread. */
export interface RemoteError {
  /** What Python calls the error's class. */
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The class, where it can be sent. */
  readonly parcel: Parcel | null;
  /** Did it happen before the worker had its dataset? Then it is as if the main thread itself had failed. */
  readonly starting: boolean;
}

/** From a worker. */
export type Answer =
  | readonly [kind: 'ready']
  | readonly [kind: 'data', walk: number, task: number, data: Parcel]
  /** Tensors alone, the common case: their numbers, in an array or a single one. */
  | readonly [kind: 'tensors', walk: number, task: number, tokens: readonly number[] | number]
  | readonly [kind: 'exhausted', walk: number, task: number]
  | readonly [kind: 'error', walk: number, task: number, error: RemoteError];
