/**
 * The CPU as a device among others, for programs that ask each kind of device the same.
 * @see https://docs.pytorch.org/docs/stable/cpu.html
 */
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import type { DeviceLike } from '../device.ts';
import { native } from '../native.ts';

export * as amp from './amp/index.ts';

/** Is there a CPU? There is. See https://docs.pytorch.org/docs/stable/generated/torch.cpu.is_available.html */
export function is_available(): boolean {
  return true;
}

/** Has it been made ready? It has. See https://docs.pytorch.org/docs/stable/generated/torch.cpu.is_initialized.html */
export function is_initialized(): boolean {
  return true;
}

/**
 * How many CPUs there are: one, whatever the number of its cores.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cpu.device_count.html
 */
export function device_count(): number {
  return 1;
}

/** The current device: `'cpu'`. See https://docs.pytorch.org/docs/stable/generated/torch.cpu.current_device.html */
export function current_device(): string {
  return 'cpu';
}

/** Does nothing: there is one. See https://docs.pytorch.org/docs/stable/generated/torch.cpu.set_device.html */
export function set_device(_device: DeviceLike | { device: DeviceLike }): void {}

/**
 * Does nothing: what has been called has been done.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cpu.synchronize.html
 */
export function synchronize(_device?: DeviceLike | null | { device?: DeviceLike | null }): void {}

let capabilities: Readonly<Record<string, boolean | number | string>> | undefined;

/**
 * What the processor can do, by name: instruction sets (`avx2`, `avx512_bf16`, …), its `architecture` and `cpu_name`, the
 * sizes of its caches and the numbers of its cores.
 * @see https://docs.pytorch.org/docs/stable/cpu.html
 */
export function get_capabilities(): Readonly<Record<string, boolean | number | string>> {
  return (capabilities ??= Object.freeze(native.cpu_capabilities()));
}

/**
 * Stands where a stream of work stands on a GPU; there is nothing to wait for.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cpu.Stream.html
 */
export class Stream {
  constructor(_priority: number | { priority?: number } = -1) {}

  wait_stream(_stream: Stream | { stream: Stream }): void {}

  record_event(): void {}

  wait_event(_event: Event | { event: Event }): void {}
}

/** Stands where a mark in a stream stands on a GPU: it has always been reached. */
export class Event {
  query(): boolean {
    return true;
  }

  record(_stream?: Stream | null | { stream?: Stream | null }): void {}

  synchronize(): void {}

  wait(_stream?: Stream | null | { stream?: Stream | null }): void {}
}

let selected = new Stream();

/**
 * The stream that is selected.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cpu.current_stream.html
 */
export function current_stream(_device?: DeviceLike | null | { device?: DeviceLike | null }): Stream {
  return selected;
}

/**
 * Selects a stream, while the callback runs or until the end of the block of a `using`; null selects none.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cpu.stream.html
 */
export function stream(stream: Stream | null | { stream: Stream | null }): Guard;
export function stream<T>(stream: Stream | null | { stream: Stream | null }, callback: () => T): T;
export function stream<T>(given: Stream | null | { stream: Stream | null }, callback?: () => T): T | Guard {
  return scoped(
    'stream',
    () => {
      const before = selected;
      const wanted = given !== null && 'stream' in given ? given.stream : given;
      if (wanted !== null) selected = wanted;
      return () => {
        selected = before;
      };
    },
    callback,
  );
}
