/**
 * The addon, loaded and typed. Everything below works on handles (`_h` of a Tensor, a dtype, …), which are opaque to
 * JavaScript; the rest of the library wraps them.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BackwardFunction } from './autograd/function/index.ts';
import {
  IndexError,
  LinAlgError,
  NotImplementedError,
  OSError,
  OutOfMemoryError,
  RuntimeError,
  TypeError,
  ValueError,
} from './errors.ts';
import { load_addon } from './loader.ts';
import { warn } from './warnings.ts';

/** What a step of a graph keeps. */
export type NativeSaved =
  | Handle
  | null
  | number
  | bigint
  | boolean
  | string
  | { real: number; imag: number }
  | readonly NativeSaved[];

/** What JavaScript holds of one of LibTorch's objects: a `napi_external`. */
export interface Handle {
  readonly __handle: never;
}

/** A function of the addon that calls an operator. */
export type NativeOperator = (...args: unknown[]) => unknown;

/** One parameter of a schema, as the code generator reads it. */
export interface SchemaParameter {
  name: string;
  type: string;
  fixed_size: number;
  keyword_only: boolean;
  is_out: boolean;
  written: boolean;
  alias: boolean;
  default?: string;
}

/** The schema of one overload of an operator. */
export interface Schema {
  name: string;
  overload: string;
  schema: string;
  parameters: SchemaParameter[];
  returns: { name: string; type: string; alias: boolean }[];
}

export interface MemoryStats {
  /** Tensors that JavaScript holds or has not collected yet. */
  live_tensors: number;
  /** Bytes of CPU memory in use by tensors, whoever holds them. */
  live_bytes: number;
  /** The most that `live_bytes` has been. */
  peak_bytes: number;
  /** Bytes of freed blocks that are kept for reuse. */
  retained_bytes: number;
  /** Bytes that may be allocated before the next collection. */
  budget: number;
  minor_collections: number;
  full_collections: number;
  /** Time spent in those collections. */
  collection_milliseconds: number;
}

/** A stream: its number, and the index and type of its device. */
export type NativeStream = [stream_id: number, device_index: number, device_type: string];

/** The functions for graphs, which are there from LibTorch 2.13 on. */
export interface NativeGraphs {
  new_graph(keep_graph: boolean): Handle;
  graph_capture_begin(graph: Handle, mode: string, ...pool: number[]): void;
  graph_capture_end(graph: Handle): void;
  graph_instantiate(graph: Handle): void;
  graph_replay(graph: Handle): void;
  graph_reset(graph: Handle): void;
  graph_enable_debug_mode(graph: Handle): void;
  graph_pool(graph: Handle): [number, number];
  graph_debug_dump(graph: Handle, path: string): void;
}

/** The addon's functions (native/*.cc). */
export interface Native extends Partial<NativeGraphs> {
  initialize(options: {
    errors: unknown[];
    collect: (full: boolean) => void;
    warn: (message: string, category: string) => void;
    weak_handles: boolean;
  }): void;
  probe(): unknown;
  probe_result(): boolean;
  schemas(): Schema[];
  operator(name: string, positional_count?: number, keywords?: string[], method?: boolean): NativeOperator | undefined;
  /** Does the operator write to a list of tensors given as `out`, and not to one or so many? */
  takes_out_list(name: string): boolean;
  return_names(overload_id: number): string[];
  /** Null, or why the library could not be opened. */
  load_library(path: string): string | null;
  overloads(name: string): string[] | undefined;
  schema_text(name: string, overload: string): string | undefined;

  share_numbers(array: Float64Array): void;
  /** Writes the sizes to the shared array and returns how many there are; see lib/sizes.ts. */
  sizes(tensor: Handle): number;
  strides(tensor: Handle): number;
  /** As `sizes`, and the elements behind them; undefined if they have to be read in another way. */
  elements(tensor: Handle): number | undefined;
  dim(tensor: Handle): number;
  numel(tensor: Handle): number;
  storage_offset(tensor: Handle): number;
  dtype(tensor: Handle): number;
  device(tensor: Handle): string;
  layout(tensor: Handle): number;
  is_nested(tensor: Handle): boolean;
  item(tensor: Handle): number | boolean | bigint | { real: number; imag: number };
  data_ptr(tensor: Handle): bigint;
  storage_key(tensor: Handle): bigint;
  storage_nbytes(tensor: Handle): number;
  read_storage(tensor: Handle, from: number, to: Uint8Array): void;
  write_storage(tensor: Handle, from: number, bytes: Uint8Array): void;
  is_shared(tensor: Handle): boolean;
  share_memory(tensor: Handle): void;
  set_data(tensor: Handle, data: Handle): void;
  tensor_list(tensors: Handle[]): Handle;
  dispose(handle: Handle): void;
  is_disposed(tensor: Handle): boolean;
  newest_serial(): number;
  dispose_since(serial: number, kept: Handle[]): void;
  index(tensor: Handle, indices: number | unknown[] | Handle): Handle;
  index_put(tensor: Handle, indices: unknown[] | Handle, value: unknown): void;
  /** Indices that are used again, read once. */
  indices(indices: readonly unknown[]): Handle;

  /** A number under which another thread of the process finds the tensor, over the same memory. */
  tensor_share(tensor: Handle): number;
  /** The tensor that was shared; with `keep` others may adopt it too. */
  tensor_adopt(token: number, keep?: boolean): Handle;
  /** Drops a shared tensor that nobody has adopted. */
  tensor_unshare(token: number): void;
  /** How many tensors are shared and not adopted. */
  shared_tensor_count(): number;
  /** The number of a worker to come, whose tensors this thread will adopt. */
  worker_expect(): number;
  /** Says that this thread is the worker of that number, until it ends. */
  worker_begin(number: number): void;
  worker_alive(number: number): boolean;
  /** Says that nobody reads any more what the worker sends: what it leaves behind is dropped. */
  worker_forget(number: number): void;

  from_buffer(buffer: ArrayBufferView | ArrayBufferLike, dtype: Handle, sizes: readonly number[], share: boolean): Handle;
  copy_to_buffer(tensor: Handle, buffer: ArrayBufferView | ArrayBufferLike): void;
  /** native/jpeg.cc: opens libjpeg-turbo; without it the two others throw. */
  open_jpeg(path: string): boolean;
  /** Writes width, height, subsampling and colour space; false for a file that is damaged. */
  jpeg_header(bytes: Uint8Array, header: Int32Array): boolean;
  jpeg_pixels(
    bytes: Uint8Array,
    to: Uint8Array,
    width: number,
    height: number,
    format: number,
    channels: number,
  ): boolean;
  /** native/image_colour.cc */
  look_up_bytes(from: Uint8Array, to: Uint8Array, table: Uint8Array, channels: number): void;
  count_bytes(from: Uint8Array, counts: Uint32Array, channels: number): void;
  blend_bytes(a: Uint8Array, b: Uint8Array, to: Uint8Array, factor: number): void;
  smooth_bytes(
    from: Uint8Array,
    to: Uint8Array,
    sizes: readonly [width: number, height: number, channels: number],
  ): void;
  convert_bytes(from: Uint8Array, to: Uint8Array, from_channels: number, to_channels: number): void;
  /** native/image_geometry.cc */
  pick_pixels(
    from: Uint8Array,
    to: Uint8Array,
    sizes: readonly [width: number, height: number, bytes: number],
    places: readonly [start: number, across: number, down: number],
  ): void;
  warp_pixels(
    from: ArrayBufferView,
    to: ArrayBufferView,
    map: Float64Array,
    sizes: readonly [in_width: number, in_height: number, width: number, height: number, channels: number],
    way: number,
  ): void;
  /** native/image_resample.cc */
  resample_bytes(
    from: Uint8Array,
    to: Uint8Array,
    first: Int32Array,
    count: Int32Array,
    weights: Int32Array,
    sizes: readonly [outer: number, length: number, inner: number],
  ): void;
  buffer_over(tensor: Handle): ArrayBuffer;

  backward(
    tensors: Handle[],
    gradients: (Handle | null)[] | null,
    retain_graph: boolean | null,
    create_graph: boolean,
    inputs: Handle[] | null,
  ): void;
  gradients(
    outputs: Handle[],
    inputs: Handle[],
    grad_outputs: (Handle | null)[] | null,
    retain_graph: boolean | null,
    create_graph: boolean,
    allow_unused: boolean,
  ): (Handle | null)[];
  requires_grad(tensor: Handle): boolean;
  set_requires_grad(tensor: Handle, requires_grad: boolean): void;
  is_leaf(tensor: Handle): boolean;
  grad(tensor: Handle, known: Handle | undefined): Handle | null;
  set_grad(tensor: Handle, grad: Handle | null): void;
  grad_dtype(tensor: Handle): number | null;
  set_grad_dtype(tensor: Handle, dtype: Handle | null): void;
  /** `tensors` may be a list made by `tensor_list`. */
  clear_grads(tensors: Handle | Handle[], set_to_none: boolean): void;
  collect_grads(tensors: Handle | Handle[]): [positions: number[], tensors: Handle, gradients: Handle, sparse: boolean];
  retain_grad(tensor: Handle): void;
  retains_grad(tensor: Handle): boolean;
  grad_fn(tensor: Handle): Handle | null;
  node_name(node: Handle): string;
  node_next(node: Handle): [node: Handle | null, input: number][];
  node_variable(node: Handle): Handle | null;
  /** Two handles are of the same node exactly if this is the same for both. */
  node_key(node: Handle): number;
  node_sequence_nr(node: Handle): number;
  /** The names of what a step keeps, or what it keeps under one, undefined where there is none such. */
  node_saved(node: Handle): string[];
  node_saved(node: Handle, name: string): NativeSaved | undefined;
  /** The hooks' functions are kept until `remove_hook`. What they throw comes out of the backward pass. */
  register_tensor_hook(tensor: Handle, hook: (gradient: Handle) => Handle | undefined): Handle;
  register_post_accumulate_hook(tensor: Handle, hook: (tensor: Handle) => void): Handle;
  register_node_hook(
    node: Handle,
    hook: (grad_inputs: (Handle | null)[], grad_outputs: (Handle | null)[]) => (Handle | null)[] | undefined,
  ): Handle;
  register_node_prehook(node: Handle, hook: (grad_outputs: (Handle | null)[]) => (Handle | null)[] | undefined): Handle;
  remove_hook(hook: Handle): void;

  /** A call of an autograd function, and whether it is recorded; `backward` computes the inputs' gradients. */
  function_begin(
    name: string,
    inputs: Handle[],
    backward: (gradients: (Handle | null)[]) => (Handle | null)[],
  ): [call: Handle, recorded: boolean];
  /** The outputs as steps of the graph: true where the tensor given has become one, null where it is none. */
  function_end(
    call: Handle,
    outputs: (Handle | null)[],
    dirty: Handle[],
    non_differentiable: Handle[],
    saved: (Handle | null)[],
    saved_outputs: boolean,
    materialize_grads: boolean,
    jvp: ((tangents: (Handle | null)[]) => (Handle | null)[]) | undefined,
  ): (Handle | true | null)[];
  function_saved(call: Handle): (Handle | null)[];
  /** The `backward` that a step was made with, undefined for LibTorch's own steps. */
  function_backward(node: Handle): BackwardFunction | undefined;
  /** The tensors as outputs of a step whose backward fails. */
  delayed_error(message: string, tensors: (Handle | null)[]): (Handle | null)[];
  /** The tensor, as the output of a step that hands no gradient on. */
  undefined_grad(tensor: Handle): [Handle];

  push_saved_tensor_hooks(pack: (tensor: Handle) => unknown, unpack: (packed: unknown) => Handle): void;
  pop_saved_tensor_hooks(): void;
  /** What trying to use such hooks says from now on, null where they may be used; gives what it was. */
  disable_saved_tensor_hooks(message: string | null, force?: boolean): string | null;
  set_anomaly_functions(stack: () => string, warn: (node: string, stack: string) => void): void;
  gradient_edge(tensor: Handle): [node: Handle, input: number];
  /** The gradient that a backward pass from there starts with. */
  edge_ones(node: Handle, input: number): Handle;
  /** A backward pass from edges to edges, given as nodes and input numbers in turns. */
  run_backward(
    roots: (Handle | number)[],
    gradients: (Handle | null)[],
    inputs: (Handle | number)[],
    retain_graph: boolean,
    create_graph: boolean,
    accumulate_grad: boolean,
  ): (Handle | null)[];
  /** The number of the backward pass that is under way, -1 outside of any. */
  current_graph_task(): number;
  is_checkpoint_valid(): boolean;
  will_execute(node: Handle): boolean;
  enter_dual_level(): number;
  exit_dual_level(level: number): void;
  /** Whether forward-mode derivatives are computed, before the call. */
  fwd_grad_enabled(enabled?: boolean): boolean;
  bump_version(tensor: Handle): void;

  /** The transforms of torch.func. Each `push_` gives the level of the new one, 1 or more. */
  push_grad(): number;
  push_jvp(): number;
  push_vmap(batch_size: number, randomness: string): number;
  pop_transform(): number;
  /** The level of the innermost transform, 0 when there is none. */
  transform_level(): number;
  /** The innermost transform; the size and the last are of 'vmap' alone. */
  transform(): [kind: 'grad' | 'jvp' | 'vmap', level: number, batch_size: number, randomness: string] | null;
  /** Sets the innermost transform aside, until `raise_transform`. */
  lower_transform(): void;
  raise_transform(): void;
  wrap_for_grad(tensor: Handle, level: number): Handle;
  unwrap_for_grad(tensor: Handle, level: number): Handle;
  add_batch_dim(tensor: Handle, dim: number, level: number): Handle;
  remove_batch_dim(tensor: Handle, level: number, batch_size: number, dim: number): Handle;
  /** What the tensor is a wrapper of; the dimension is -1 unless it is one of a batch. */
  wrapped(tensor: Handle): [value: Handle, level: number, dim: number] | null;
  /** Whether operators pass the transforms by, as it was before the call. */
  exclude_transforms(excluded: boolean): boolean;
  allow_requires_grad(allowed: boolean): boolean;
  is_grad_enabled(): boolean;
  set_grad_enabled(mode: boolean): void;
  is_inference_mode(): boolean;
  enter_inference_mode(mode: boolean): void;
  exit_inference_mode(): void;
  is_inference(tensor: Handle): boolean;

  manual_seed(seed: number | bigint): void;
  default_generator(device?: Handle | string): Handle;
  /** Once in the process; then, in a thread, what gives it a default generator of its own. */
  prepare_thread_generators(): void;
  begin_thread_generator(): void;
  new_generator(device?: Handle | string): Handle;
  generator_manual_seed(generator: Handle, seed: number | bigint): void;
  generator_seed(generator: Handle): number | bigint;
  generator_initial_seed(generator: Handle): number | bigint;
  generator_get_state(generator: Handle): Handle;
  generator_set_state(generator: Handle, state: Handle): void;
  generator_device(generator: Handle): string;

  version(): string;
  show_config(): string;
  parallel_info(): string;
  get_num_threads(): number;
  set_num_threads(threads: number): void;
  /** For this thread alone; threads that begin later have `others`. */
  set_thread_num_threads(threads: number, others: number): void;
  /** The C library's functions, which Python's numbers come from: JavaScript's own differ in the last bit at times. */
  c_pow(base: number, exponent: number): number;
  c_cos(x: number): number;
  c_log(x: number): number;
  get_num_interop_threads(): number;
  set_num_interop_threads(threads: number): void;
  get_default_dtype(): number;
  set_default_dtype(dtype: Handle): void;
  dtype_constant(code: number): Handle | null;
  layout_constant(code: number): Handle;
  memory_format_constant(code: number): Handle;
  device_constant(device: string): Handle;

  /** Devices beside the CPU, by their type; the current one where the index is left out. */
  device_count(type: string): number;
  accelerator(): string | null;
  compiled_accelerator(): string | null;
  current_device(type: string): number;
  set_device(type: string, index: number): void;
  synchronize_device(type: string, index?: number): void;
  device_dtypes(type: string, index?: number): number[];
  current_stream(type: string, index?: number): NativeStream;
  default_stream(type: string, index?: number): NativeStream;
  new_stream(type: string, index?: number, priority?: number): NativeStream;
  set_stream(...stream: NativeStream): NativeStream;
  stream_query(...stream: NativeStream): boolean;
  stream_synchronize(...stream: NativeStream): void;
  stream_handle(...stream: NativeStream): number;
  stream_capturing(...stream: NativeStream): boolean;
  record_stream(tensor: Handle, ...stream: NativeStream): void;
  new_event(type: string, timing: boolean): Handle;
  event_record(event: Handle, ...stream: NativeStream): void;
  event_wait(event: Handle, ...stream: NativeStream): void;
  event_query(event: Handle): boolean;
  event_synchronize(event: Handle): void;
  event_elapsed(start: Handle, end: Handle): number;
  event_id(event: Handle): [id: number, device_index: number];
  /** Names and figures in turns. */
  device_memory_stats(type: string, index?: number): (string | number)[];
  reset_device_memory_stats(type: string, index: number | undefined, peak: boolean): void;
  device_memory_info(type: string, index?: number): [free: number, total: number];
  empty_device_cache(type: string): void;
  cuda_properties(index: number): Record<string, string | number>;
  cuda_can_access_peer(index: number, peer: number): boolean;
  cuda_versions(): { runtime: number | null; cudnn: number | null; driver: number | null };
  nvtx_mark(message: string): void;
  nvtx_range_push(message: string): void;
  nvtx_range_pop(): void;

  /** A switch of torch.backends by its path there. */
  backend_switch(name: string, on?: boolean): boolean;
  cudnn_benchmark_limit(limit?: number): number;
  float32_precision(backend: string, operation: string, precision?: string): string;
  preferred_linalg_library(name?: string): string;
  cpu_capability(): string;

  /** 0 where anything goes, 1 where what is not deterministic warns, 2 where it throws. */
  deterministic(): number;
  set_deterministic(level: number): void;
  matmul_precision(precision?: string): string;
  set_flush_denormal(mode: boolean): boolean;
  warn_always(value?: boolean): boolean;
  anomaly_mode(enabled?: boolean, check_nan?: boolean): [enabled: boolean, check_nan: boolean];
  built_with(): string[];
  cpu_capabilities(): Record<string, boolean | number | string>;
  autocast_available(device_type: string): boolean;
  autocast_enabled(device_type: string, enabled?: boolean): boolean;
  autocast_dtype(device_type: string, dtype?: Handle): number;
  autocast_cache_enabled(enabled?: boolean): boolean;
  autocast_nesting(step: 1 | -1): number;
  clear_autocast_cache(): void;

  memory_stats(): MemoryStats;
  collect(): void;
  release_retained(): void;
  reset_peak(): void;
  set_budgets(bytes: number, tensors: number): void;
}

/** V8's collector, reached without a command-line flag. A minor collection takes some 0.1 ms. */
function make_collect(): (full: boolean) => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const minor = { type: 'minor' } as const;
  return (full) => {
    if (full) gc();
    else gc(minor);
  };
}

/**
 * Does this Node run the finalizers of our externals inside a collection? If it leaves them to the event loop, a
 * synchronous loop would never free a tensor, and the addon has to keep a table of weak references instead.
 */
function finalizers_run_in_collections(addon: Native, collect: (full: boolean) => void): boolean {
  // In a function of its own, so that nothing on the stack still holds the external.
  (() => {
    addon.probe();
  })();
  collect(false);
  if (addon.probe_result()) return true;
  collect(true);
  return addon.probe_result();
}

function load(): Native {
  const addon = load_addon() as Native;
  const collect = make_collect();
  const setting = process.env['TSTORCH_HANDLES'];
  const weak_handles = setting === 'weak' || (setting !== 'finalizers' && !finalizers_run_in_collections(addon, collect));
  addon.initialize({
    errors: [
      RuntimeError,
      IndexError,
      ValueError,
      TypeError,
      NotImplementedError,
      OutOfMemoryError,
      LinAlgError,
      OSError,
    ],
    collect,
    warn,
    weak_handles,
  });
  return addon;
}

/** The addon of this thread. */
export const native: Native = load();
