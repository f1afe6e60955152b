/**
 * Streams, the queues of work of a device, and events, the marks in them.
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-streams
 */
import { type Arguments, is_instance, signature } from './arguments.ts';
import { device, type DeviceLike } from './device.ts';
import { RuntimeError, TypeError } from './errors.ts';
import { type Handle, native, type NativeStream } from './native.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** What makes a stream: a device and a priority, or the numbers of one that there is. */
export interface StreamParameters {
  device?: DeviceLike | null;
  priority?: number;
  stream_id?: number | null;
  device_index?: number | null;
  device_type?: string | null;
}

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

/** @internal The device of a new stream or event: the one given, else the accelerator's current one, else the CPU. */
function device_for(given: DeviceLike | null): device {
  return given === null ? new device(native.accelerator() ?? 'cpu') : new device(given);
}

/**
 * A queue of work on a device: what is in one runs in order, what is in two may overlap.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Stream.html
 */
export class Stream {
  /** The number that LibTorch knows it by; 0 is the device's default stream. */
  readonly stream_id: number;
  readonly device_index: number;
  readonly device_type: string;

  /**
   * Takes a stream from the device's pool.
   * @param device the accelerator's current device by default, the CPU where there is none
   * @param priority -1 for work that goes first, 0 for all other
   * @throws RuntimeError if LibTorch or the machine has no such device
   */
  constructor(...args: Arguments<StreamParameters, ['device', 'priority']>) {
    const { device: given, priority, stream_id, device_index, device_type } = stream_arguments(args);
    let stream: NativeStream;
    if (stream_id != null) {
      stream = [stream_id, device_index ?? 0, device_type ?? native.accelerator() ?? 'cpu'];
    } else {
      const { type, index } = device_for(given ?? null);
      stream = type === 'cpu' ? [0, -1, 'cpu'] : native.new_stream(type, index ?? undefined, priority);
    }
    [this.stream_id, this.device_index, this.device_type] = stream;
  }

  /** Where its work runs. */
  get device(): device {
    return new device(this.device_index < 0 ? this.device_type : `${this.device_type}:${this.device_index}`);
  }

  /** Has all work in it been done? */
  query(): boolean {
    return this.device_type === 'cpu' || native.stream_query(...parts(this));
  }

  /** Waits until all work in it has been done. */
  synchronize(): void {
    if (this.device_type !== 'cpu') native.stream_synchronize(...parts(this));
  }

  /** Marks this place in it; gives the event. */
  record_event(event?: Event | null): Event {
    const mark = event ?? new Event({ device: this.device });
    mark.record(this);
    return mark;
  }

  /** What comes after waits for the event. */
  wait_event(event: Event): void {
    event.wait(this);
  }

  /** What comes after waits for what is in the other stream by now. */
  wait_stream(stream: Stream): void {
    this.wait_event(stream.record_event());
  }

  /** Is it the same stream? */
  equals(other: unknown): boolean {
    if (!is_instance(other, Stream)) return false;
    return parts(other).every((part, i) => part === parts(this)[i]);
  }

  toString(): string {
    const { device_type, device_index, stream_id } = this;
    return `torch.Stream device_type=${device_type}, device_index=${device_index}, stream_id=${stream_id}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** @internal A stream as the addon takes it. */
export function parts(stream: Stream): NativeStream {
  if (!is_instance(stream, Stream)) throw new TypeError(`expected a torch.Stream, not ${typeof stream}`);
  return [stream.stream_id, stream.device_index, stream.device_type];
}

/** @internal The current stream of a device, as a stream of class `Class`. */
export function current_stream_of<S extends Stream>(Class: StreamClass<S>, type: string, index?: number): S {
  return stream_of(Class, native.current_stream(type, index));
}

/** @internal */
export type StreamClass<S extends Stream> = new (options: StreamParameters) => S;

/** @internal */
export function stream_of<S extends Stream>(Class: StreamClass<S>, [stream_id, device_index, device_type]: NativeStream): S {
  return new Class({ stream_id, device_index, device_type });
}

/** What makes an event. */
export interface EventParameters {
  device?: DeviceLike | null;
  enable_timing?: boolean;
  blocking?: boolean;
  interprocess?: boolean;
}

const event_arguments = signature<EventParameters>(
  'Event',
  [['device', null]],
  [
    ['enable_timing', false],
    ['blocking', false],
    ['interprocess', false],
  ],
);

/**
 * A mark in a stream, which others can wait for and which can tell the time between two.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Event.html
 */
export class Event {
  /** @internal Null on the CPU, whose work is done when a call returns. */
  readonly _h: Handle | null;
  readonly #type: string;
  readonly #timing: boolean;

  /**
   * @param device the accelerator's by default, the CPU where there is none
   * @param enable_timing whether it can tell the time
   * @throws RuntimeError for `interprocess`: no other process can be given an event
   */
  constructor(...args: Arguments<EventParameters, ['device']>) {
    const { device: given, enable_timing, interprocess } = event_arguments(args);
    if (interprocess) throw new RuntimeError('Event: argument \'interprocess\' is not supported');
    this.#type = device_for(given ?? null).type;
    this.#timing = enable_timing;
    this._h = this.#type === 'cpu' ? null : native.new_event(this.#type, enable_timing);
  }

  /** Where it was recorded; before that, its type of device alone. */
  get device(): device {
    const index = this._h === null ? -1 : native.event_id(this._h)[1];
    return new device(index < 0 ? this.#type : `${this.#type}:${index}`);
  }

  /** The number that the device's library knows it by; 0 before it is recorded. */
  get event_id(): number {
    return this._h === null ? 0 : native.event_id(this._h)[0];
  }

  #handle(): Handle {
    if (this._h === null) throw new RuntimeError(`${this.#type} backend doesn't support events.`);
    return this._h;
  }

  /** Marks the place where the stream, the current one by default, is now. */
  record(stream?: Stream | null): void {
    native.event_record(this.#handle(), ...(stream == null ? native.current_stream(this.#type) : parts(stream)));
  }

  /** What comes after in the stream, the current one by default, waits for the event. */
  wait(stream?: Stream | null): void {
    native.event_wait(this.#handle(), ...(stream == null ? native.current_stream(this.#type) : parts(stream)));
  }

  /** Has all work before it been done? */
  query(): boolean {
    return native.event_query(this.#handle());
  }

  /** Waits until all work before it has been done. */
  synchronize(): void {
    native.event_synchronize(this.#handle());
  }

  /**
   * Milliseconds from this event to a later one.
   * @throws RuntimeError unless both were made with `enable_timing`, recorded and reached
   */
  elapsed_time(end_event: Event): number {
    if (!this.#timing || !end_event.#timing) {
      throw new RuntimeError("Both events must be created with argument 'enable_timing=True'.");
    }
    return native.event_elapsed(this.#handle(), end_event.#handle());
  }

  toString(): string {
    const { type, index } = this.device;
    const flag = this.#timing ? 1 : 0;
    return `torch.Event device_type=${type}, device_index=${index ?? -1}, event_flag=${flag}, event_id=${this.event_id}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}
