/**
 * The memory of GPUs, as the allocator counts it, in bytes. Without a GPU the figures are 0, as in PyTorch.
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management
 */
import { type DeviceMemoryStats, memory_stats_of } from '../accelerator/memory.ts';
import type { DeviceLike } from '../device.ts';
import { native } from '../native.ts';
import { warn } from '../warnings.ts';
import { cuda_index, is_available } from './device.ts';

export { memory_summary } from './memory_summary.ts';
export type { DeviceMemoryStats };

/** Everything that the allocator counts. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_stats.html */
export function memory_stats(device?: DeviceLike | null): DeviceMemoryStats {
  return is_available() ? memory_stats_of('cuda', cuda_index(device)) : {};
}

function figure(name: string, device: DeviceLike | null | undefined): number {
  return memory_stats(device)[name] ?? 0;
}

/** What tensors hold now. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_allocated.html */
export function memory_allocated(device?: DeviceLike | null): number {
  return figure('allocated_bytes.all.current', device);
}

/** The most that tensors held. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.max_memory_allocated.html */
export function max_memory_allocated(device?: DeviceLike | null): number {
  return figure('allocated_bytes.all.peak', device);
}

/** What the allocator has of the driver now. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_reserved.html */
export function memory_reserved(device?: DeviceLike | null): number {
  return figure('reserved_bytes.all.current', device);
}

/** The most that the allocator had of the driver. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.max_memory_reserved.html */
export function max_memory_reserved(device?: DeviceLike | null): number {
  return figure('reserved_bytes.all.peak', device);
}

/** @deprecated renamed to `memory_reserved` */
export function memory_cached(device?: DeviceLike | null): number {
  warn('`torch.cuda.memory_cached` has been renamed to `torch.cuda.memory_reserved`', 'FutureWarning');
  return memory_reserved(device);
}

/** @deprecated renamed to `max_memory_reserved` */
export function max_memory_cached(device?: DeviceLike | null): number {
  warn('`torch.cuda.max_memory_cached` has been renamed to `torch.cuda.max_memory_reserved`', 'FutureWarning');
  return max_memory_reserved(device);
}

/** Starts measuring peaks anew. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.reset_peak_memory_stats.html */
export function reset_peak_memory_stats(device?: DeviceLike | null): void {
  native.reset_device_memory_stats('cuda', cuda_index(device), true);
}

/** Starts summing up anew. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.reset_accumulated_memory_stats.html */
export function reset_accumulated_memory_stats(device?: DeviceLike | null): void {
  native.reset_device_memory_stats('cuda', cuda_index(device), false);
}

/** Free and total memory of a GPU. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.mem_get_info.html */
export function mem_get_info(device?: DeviceLike | null): [free: number, total: number] {
  return native.device_memory_info('cuda', cuda_index(device));
}

/**
 * Collects tensors that are no longer reachable and gives memory that none uses back to the driver.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.empty_cache.html
 */
export function empty_cache(): void {
  if (!is_available()) return;
  native.collect();
  native.empty_device_cache('cuda');
}
