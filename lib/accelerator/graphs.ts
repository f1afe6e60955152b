/**
 * Graphs: work that is recorded once and started again as a whole.
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
 */
import { type Arguments, signature } from '../arguments.ts';
import { RuntimeError } from '../errors.ts';
import { type Handle, native, type NativeGraphs } from '../native.ts';
import { require_accelerator } from './current.ts';

/** What stands for a pool of memory that graphs can share. */
export type PoolHandle = readonly [number, number];

/** What other threads may do while work is recorded: nothing that could disturb, or more and more of it. */
export type CaptureErrorMode = 'global' | 'thread_local' | 'relaxed';

/** @internal The addon's functions for graphs, which LibTorch has from version 2.13 on. */
function graphs(): NativeGraphs {
  if (native.new_graph === undefined) throw new RuntimeError('graphs need LibTorch 2.13 or newer');
  return native as NativeGraphs;
}

interface CaptureParameters {
  pool?: PoolHandle | null;
  capture_error_mode?: CaptureErrorMode;
}

const capture_arguments = signature<CaptureParameters>('capture_begin', [
  ['pool', null],
  ['capture_error_mode', 'global'],
]);

/**
 * Work that is recorded once and replayed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.Graph.html
 */
export class Graph {
  /** @internal */
  readonly _h: Handle;

  /**
   * @param keep_graph whether the recording is kept, to be made runnable by `instantiate`
   * @throws RuntimeError if there is no accelerator
   */
  constructor(keep_graph: boolean | { keep_graph?: boolean } = false) {
    require_accelerator();
    this._h = graphs().new_graph(typeof keep_graph === 'object' ? (keep_graph.keep_graph ?? false) : keep_graph);
  }

  /**
   * Records what the current stream, not the default one, is given from now on, without running it.
   * @param pool where its memory comes from: that of another graph, for graphs that never run at the same time
   */
  capture_begin(...args: Arguments<CaptureParameters, ['pool', 'capture_error_mode']>): void {
    const { pool, capture_error_mode } = capture_arguments(args);
    graphs().graph_capture_begin(this._h, capture_error_mode, ...(pool ?? []));
  }

  /** Ends the recording. */
  capture_end(): void {
    graphs().graph_capture_end(this._h);
  }

  /** Makes a recording that was kept runnable. */
  instantiate(): void {
    graphs().graph_instantiate(this._h);
  }

  /** Runs what was recorded, on the same memory. */
  replay(): void {
    graphs().graph_replay(this._h);
  }

  /** Forgets the recording. */
  reset(): void {
    graphs().graph_reset(this._h);
  }

  /** Where its memory comes from, for another graph's `pool`. */
  pool(): PoolHandle {
    return graphs().graph_pool(this._h);
  }

  /** Keeps what `debug_dump` needs. */
  enable_debug_mode(): void {
    graphs().graph_enable_debug_mode(this._h);
  }

  /** Writes the recording to a file, in the form of the device's library. */
  debug_dump(debug_path: string): void {
    graphs().graph_debug_dump(this._h, debug_path);
  }
}
