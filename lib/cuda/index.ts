/**
 * NVIDIA GPUs.
 * @see https://docs.pytorch.org/docs/stable/cuda.html
 */
import { native } from '../native.ts';

export * as amp from './amp/index.ts';

/** Is there a GPU that can be used? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_available.html */
export function is_available(): boolean {
  return device_count() > 0;
}

/** How many GPUs there are. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.device_count.html */
export function device_count(): number {
  return native.cuda_device_count();
}

/**
 * Waits until everything that was started on a GPU has been done.
 * @param device the GPU's index, the current one by default
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.synchronize.html
 */
export function synchronize(device?: number): void {
  native.synchronize(device);
}
