/**
 * Graphs of GPUs: a whole step is recorded once and then started with one call, so that what starting kernels costs no
 * longer counts.
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
 */
import { type CaptureErrorMode, Graph, type PoolHandle } from '../accelerator/graphs.ts';
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { TypeError } from '../errors.ts';
import { require_cuda, synchronize } from './device.ts';
import { empty_cache } from './memory.ts';
import { current_stream, set_stream, Stream, stream as on_stream } from './streams.ts';

export { is_current_stream_capturing } from './streams.ts';
export { make_graphed_callables } from './graphed_callables.ts';
export type { CaptureErrorMode, PoolHandle };

/**
 * Work that is recorded once and replayed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.CUDAGraph.html
 */
export class CUDAGraph extends Graph {
  constructor(keep_graph: boolean | { keep_graph?: boolean } = false) {
    require_cuda();
    super(keep_graph);
  }
}

/** LibTorch numbers the pools of its own objects from 1: these are far above. */
let last_pool = 2 ** 40;

/**
 * A pool of memory for graphs to share.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.graph_pool_handle.html
 */
export function graph_pool_handle(): PoolHandle {
  require_cuda();
  return [0, ++last_pool];
}

/** Where graphs are recorded unless another stream is given: any but the default one, the same each time. */
let capture_stream: Stream | null = null;

interface GraphParameters {
  cuda_graph: CUDAGraph;
  pool?: PoolHandle | null;
  stream?: Stream | null;
  capture_error_mode?: CaptureErrorMode;
}

const graph_arguments = signature<GraphParameters>('graph', [
  'cuda_graph',
  ['pool', null],
  ['stream', null],
  ['capture_error_mode', 'global'],
]);

/**
 * Records what a callback, or the block of a `using`, sends to the GPU, without running it:
 *
 *     const g = new torch.cuda.CUDAGraph();
 *     torch.cuda.graph(g, () => { static_y = model(static_x); });
 *     static_x.copy_(x);
 *     g.replay();
 *
 * Tensors that the recorded work reads and writes have to be kept: `replay` uses their memory.
 *
 * @param options `pool` to share memory with another graph, `stream` to record on, `capture_error_mode`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.graph.html
 */
export function graph(...args: Arguments<GraphParameters, ['cuda_graph', 'pool', 'stream', 'capture_error_mode']>): Guard;
export function graph<T>(cuda_graph: CUDAGraph, callback: () => T): T;
export function graph<T>(cuda_graph: CUDAGraph, options: Omit<GraphParameters, 'cuda_graph'>, callback: () => T): T;
export function graph(...args: unknown[]): unknown {
  const last = args[args.length - 1];
  const callback = typeof last === 'function' ? (last as () => unknown) : undefined;
  const { cuda_graph, pool, stream, capture_error_mode } = graph_arguments(callback ? args.slice(0, -1) : args);
  if (!is_instance(cuda_graph, CUDAGraph)) throw new TypeError("graph(): argument 'cuda_graph' must be a CUDAGraph");
  return scoped(
    'graph',
    () => {
      synchronize();
      // What is unreachable is freed before: a collection in the middle would free into the graph's own pool.
      empty_cache();
      const before = current_stream();
      set_stream(stream ?? (capture_stream ??= new Stream()));
      try {
        cuda_graph.capture_begin({ pool, capture_error_mode });
      } catch (error) {
        set_stream(before);
        throw error;
      }
      return () => {
        try {
          cuda_graph.capture_end();
        } finally {
          set_stream(before);
        }
      };
    },
    callback,
  );
}

/** @internal Runs what warms up on a stream of its own, as recording asks for. */
export function on_side_stream(callback: () => void): void {
  synchronize();
  const side = new Stream();
  side.wait_stream(current_stream());
  on_stream(side, callback);
  current_stream().wait_stream(side);
  synchronize();
}
