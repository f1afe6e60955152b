/**
 * Modules on several devices.
 * @see https://docs.pytorch.org/docs/stable/nn.html#dataparallel-layers-multi-gpu-distributed
 */
export { DataParallel, data_parallel, parallel_apply, replicate } from './data_parallel.ts';
export type { DataParallelOptions, ParallelApplyOptions, ReplicateOptions } from './data_parallel.ts';
export { gather, scatter } from './scatter_gather.ts';
export type { GatherOptions, ScatterOptions } from './scatter_gather.ts';
