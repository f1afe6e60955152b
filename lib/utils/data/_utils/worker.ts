/** What a loader's worker knows about itself. */
import type { Dataset } from '../dataset.ts';

/** A worker's number, how many there are, its seed and its copy of the dataset. */
export interface WorkerInfo {
  readonly id: number;
  readonly num_workers: number;
  readonly seed: number | bigint;
  readonly dataset: Dataset;
}

let info: WorkerInfo | null = null;
let stage: 'none' | 'starting' | 'running' = 'none';

/** Where this thread is: no worker of a loader, one that imports what it needs, or one that loads. */
export function worker_stage(): 'none' | 'starting' | 'running' {
  return stage;
}

export function set_worker_stage(reached: 'starting' | 'running'): void {
  stage = reached;
}

export function set_worker_info(known: WorkerInfo): void {
  info = known;
}

/**
 * What the current worker knows about itself; null where the code does not run in a loader's worker. With a stream each
 * worker has the whole of it: `__iter__` asks this which part is its own.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.get_worker_info
 */
export function get_worker_info(): WorkerInfo | null {
  return info;
}
