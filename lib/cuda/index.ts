/**
 * NVIDIA GPUs.
 * @see https://docs.pytorch.org/docs/stable/cuda.html
 */
export {
  can_device_access_peer, current_device, device, device_count, device_of, get_device_capability, get_device_name,
  get_device_properties, init, is_available, is_bf16_supported, is_initialized, is_tf32_supported, set_device,
  synchronize,
} from './device.ts';
export type { CudaDeviceProperties } from './device.ts';
export { current_stream, default_stream, Event, set_stream, Stream, stream } from './streams.ts';
export {
  empty_cache, max_memory_allocated, max_memory_cached, max_memory_reserved, mem_get_info, memory_allocated,
  memory_cached, memory_reserved, memory_stats, memory_summary, reset_accumulated_memory_stats,
  reset_peak_memory_stats,
} from './memory.ts';
export {
  get_rng_state, get_rng_state_all, initial_seed, manual_seed, manual_seed_all, seed, seed_all, set_rng_state,
  set_rng_state_all,
} from './random.ts';
export {
  CUDAGraph, graph, graph_pool_handle, is_current_stream_capturing, make_graphed_callables,
} from './graphs.ts';
export * as amp from './amp/index.ts';
export * as memory from './memory.ts';
export * as nvtx from './nvtx.ts';
export * as random from './random.ts';
