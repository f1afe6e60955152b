/**
 * Streams and events of GPUs.
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-streams
 */
import { type Arguments, signature } from '../arguments.ts';
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import type { DeviceLike } from '../device.ts';
import { native } from '../native.ts';
import {
  current_stream_of, Event as AnyEvent, parts, Stream as AnyStream, stream_of, type StreamParameters,
} from '../streams.ts';
import { CUDA, cuda_index, require_cuda } from './device.ts';

const stream_arguments = signature<StreamParameters>(
  'Stream',
  [
    ['device', null],
    ['priority', 0],
  ],
  [
    ['stream_id', null],
    ['device_index', null],
    ['device_type', null],
  ],
);

/**
 * A queue of work on a GPU.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.Stream_class.html
 */
export class Stream extends AnyStream {
  /** @param device the current GPU by default @param priority -1 for work that goes first, 0 for all other */
  constructor(...args: Arguments<StreamParameters, ['device', 'priority']>) {
    require_cuda();
    const given = stream_arguments(args);
    super({ ...given, device: given.device ?? CUDA, device_type: given.device_type ?? 'cuda' });
  }

  /** The address by which CUDA's own functions know it. */
  get cuda_stream(): number {
    return native.stream_handle(...parts(this));
  }

  override record_event(event?: AnyEvent | null): AnyEvent {
    return super.record_event(event ?? new Event());
  }

  override toString(): string {
    return `<torch.cuda.Stream device=${String(this.device)} cuda_stream=0x${this.cuda_stream.toString(16)}>`;
  }
}

interface CudaEventParameters {
  enable_timing?: boolean;
  blocking?: boolean;
  interprocess?: boolean;
}

const event_arguments = signature<CudaEventParameters>('Event', [
  ['enable_timing', false],
  ['blocking', false],
  ['interprocess', false],
]);

/**
 * A mark in a stream of a GPU:
 *
 *     const start = new torch.cuda.Event({ enable_timing: true });
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.Event.html
 */
export class Event extends AnyEvent {
  constructor(...args: Arguments<CudaEventParameters, ['enable_timing', 'blocking', 'interprocess']>) {
    require_cuda();
    super({ ...event_arguments(args), device: CUDA });
  }

  override toString(): string {
    return this.event_id === 0 ? '<torch.cuda.Event uninitialized>' : `<torch.cuda.Event 0x${this.event_id.toString(16)}>`;
  }
}

/** The stream that work goes to now. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.current_stream.html */
export function current_stream(device?: DeviceLike | null): Stream {
  return current_stream_of(Stream, 'cuda', cuda_index(device));
}

/** The stream that work goes to at first. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.default_stream.html */
export function default_stream(device?: DeviceLike | null): Stream {
  return stream_of(Stream, native.default_stream('cuda', cuda_index(device)));
}

/** Sends work to a stream from now on. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_stream.html */
export function set_stream(stream: AnyStream | null): void {
  if (stream !== null) native.set_stream(...parts(stream));
}

/**
 * Sends work to a stream inside; null changes nothing.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.stream.html
 */
export function stream(stream: AnyStream | null): Guard;
export function stream<T>(stream: AnyStream | null, callback: () => T): T;
export function stream<T>(stream: AnyStream | null, callback?: () => T): T | Guard {
  return scoped(
    'stream',
    () => {
      if (stream === null) return () => {};
      const device = native.current_device('cuda');
      const before = native.set_stream(...parts(stream));
      return () => {
        native.set_stream(...before);
        native.set_device('cuda', device);
      };
    },
    callback,
  );
}

/** Is the current stream being recorded? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_current_stream_capturing.html */
export function is_current_stream_capturing(): boolean {
  return native.stream_capturing(...parts(current_stream()));
}
