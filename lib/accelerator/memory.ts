/**
 * The memory of an accelerator, as its allocator counts it, in bytes.
 * @see https://docs.pytorch.org/docs/stable/accelerator.html#memory-management
 */
import type { DeviceLike } from '../device.ts';
import { native } from '../native.ts';
import { index_of, require_accelerator } from './current.ts';

/** The figures of an allocator by their names in PyTorch, such as `'allocated_bytes.all.current'`. */
export type DeviceMemoryStats = Record<string, number>;

/** @internal */
export function memory_stats_of(type: string, index: number | undefined): DeviceMemoryStats {
  const list = native.device_memory_stats(type, index);
  const names = list.filter((_, i) => i % 2 === 0) as string[];
  const figures = new Map(names.map((name, i) => [name, list[2 * i + 1] as number]));
  return Object.fromEntries(names.sort().map((name) => [name, figures.get(name)!]));
}

/** Everything that the allocator counts. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.memory_stats.html */
export function memory_stats(device_index?: DeviceLike | null): DeviceMemoryStats {
  const type = require_accelerator();
  return memory_stats_of(type, index_of(type, device_index));
}

function figure(name: string, device_index: DeviceLike | null | undefined): number {
  return memory_stats(device_index)[name] ?? 0;
}

/** What tensors hold now. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.memory_allocated.html */
export function memory_allocated(device_index?: DeviceLike | null): number {
  return figure('allocated_bytes.all.current', device_index);
}

/** The most that tensors held. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.max_memory_allocated.html */
export function max_memory_allocated(device_index?: DeviceLike | null): number {
  return figure('allocated_bytes.all.peak', device_index);
}

/** What the allocator has of the driver now. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.memory_reserved.html */
export function memory_reserved(device_index?: DeviceLike | null): number {
  return figure('reserved_bytes.all.current', device_index);
}

/** The most that the allocator had of the driver. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.max_memory_reserved.html */
export function max_memory_reserved(device_index?: DeviceLike | null): number {
  return figure('reserved_bytes.all.peak', device_index);
}

/** Starts measuring peaks anew. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.reset_peak_memory_stats.html */
export function reset_peak_memory_stats(device_index?: DeviceLike | null): void {
  const type = require_accelerator();
  native.reset_device_memory_stats(type, index_of(type, device_index), true);
}

/** Starts summing up anew. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.reset_accumulated_memory_stats.html */
export function reset_accumulated_memory_stats(device_index?: DeviceLike | null): void {
  const type = require_accelerator();
  native.reset_device_memory_stats(type, index_of(type, device_index), false);
}

/** Free and total memory of the device. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.get_memory_info.html */
export function get_memory_info(device_index?: DeviceLike | null): [free: number, total: number] {
  const type = require_accelerator();
  return native.device_memory_info(type, index_of(type, device_index));
}

/**
 * Collects tensors that are no longer reachable and gives memory that none uses back to the driver.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.memory.empty_cache.html
 */
export function empty_cache(): void {
  const type = require_accelerator();
  native.collect();
  native.empty_device_cache(type);
}
