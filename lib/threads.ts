/**
 * The threads that LibTorch computes with on the CPU.
 * @see https://docs.pytorch.org/docs/stable/torch.html#parallelism
 */
import { native } from './native.ts';

/** How many threads one operator uses. */
export function get_num_threads(): number {
  return native.get_num_threads();
}

/** Sets how many threads one operator uses. */
export function set_num_threads(threads: number): void {
  native.set_num_threads(threads);
}

/** How many operators may run beside each other. */
export function get_num_interop_threads(): number {
  return native.get_num_interop_threads();
}

/** Sets how many operators may run beside each other; once, and before any has. */
export function set_num_interop_threads(threads: number): void {
  native.set_num_interop_threads(threads);
}
