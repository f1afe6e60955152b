/**
 * What a loader's worker knows about itself. Loading happens on the calling thread for now, so there is no worker to
 * know about; the place is fixed so that datasets can be written for both.
 */
import type { Dataset } from '../dataset.ts';

/** A worker's number, how many there are, its seed and its copy of the dataset. */
export interface WorkerInfo {
  readonly id: number;
  readonly num_workers: number;
  readonly seed: number | bigint;
  readonly dataset: Dataset;
}

/**
 * What the current worker knows about itself; null where the code does not run in a loader's worker.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.get_worker_info
 */
export function get_worker_info(): WorkerInfo | null {
  return null;
}
