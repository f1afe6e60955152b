/**
 * The accelerator of this machine, whatever kind it is.
 * @see https://docs.pytorch.org/docs/stable/accelerator.html
 */
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { device, type DeviceLike } from '../device.ts';
import { dtype, dtype_of_code } from '../dtype.ts';
import { native } from '../native.ts';
import { current_stream_of, parts, Stream } from '../streams.ts';
import { index_of, require_accelerator } from './current.ts';

export { Graph } from './graphs.ts';
export {
  empty_cache, get_memory_info, max_memory_allocated, max_memory_reserved, memory_allocated, memory_reserved,
  memory_stats, reset_accumulated_memory_stats, reset_peak_memory_stats,
} from './memory.ts';
export * as memory from './memory.ts';

/** How many accelerators there are. See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.device_count.html */
export function device_count(): number {
  const type = native.compiled_accelerator();
  return type === null ? 0 : native.device_count(type);
}

/** Is there an accelerator? See https://docs.pytorch.org/docs/stable/generated/torch.accelerator.is_available.html */
export function is_available(): boolean {
  return device_count() > 0;
}

/**
 * The type of the accelerator that LibTorch was built for, as a device without an index; null where there is none.
 * @param check_available null too where the machine lacks it
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.current_accelerator.html
 */
export function current_accelerator(check_available: boolean = false): device | null {
  const type = check_available ? native.accelerator() : native.compiled_accelerator();
  return type === null ? null : new device(type);
}

/**
 * The index of the current accelerator.
 * @throws RuntimeError if there is none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.current_device_index.html
 */
export function current_device_index(): number {
  return native.current_device(require_accelerator());
}

export { current_device_index as current_device_idx };

/**
 * Makes an accelerator the current one.
 * @throws RuntimeError if there is no such one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.set_device_index.html
 */
export function set_device_index(device: DeviceLike): void {
  const type = require_accelerator();
  native.set_device(type, index_of(type, device) ?? native.current_device(type));
}

export { set_device_index as set_device_idx };

/**
 * Makes an accelerator the current one inside; null changes nothing.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.device_index.html
 */
export function device_index(device: number | null): Guard;
export function device_index<T>(device: number | null, callback: () => T): T;
export function device_index<T>(index: number | null, callback?: () => T): T | Guard {
  return scoped(
    'device_index',
    () => {
      if (index === null) return () => {};
      const type = require_accelerator();
      const before = native.current_device(type);
      native.set_device(type, index);
      return () => native.set_device(type, before);
    },
    callback,
  );
}

/**
 * The dtypes that an accelerator can hold, as `{ supported_dtypes }`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.get_device_capability.html
 */
export function get_device_capability(device?: DeviceLike | null): { supported_dtypes: Set<dtype> } {
  const type = require_accelerator();
  const codes = native.device_dtypes(type, index_of(type, device));
  return { supported_dtypes: new Set(codes.map((code) => dtype_of_code(code))) };
}

/**
 * The stream that work goes to now.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.current_stream.html
 */
export function current_stream(device?: DeviceLike | null): Stream {
  const type = require_accelerator();
  return current_stream_of(Stream, type, index_of(type, device));
}

/**
 * Sends work to a stream from now on, and makes its device the current one.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.set_stream.html
 */
export function set_stream(stream: Stream): void {
  native.set_stream(...parts(stream));
}

/**
 * Waits until everything that was started on an accelerator has been done.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.accelerator.synchronize.html
 */
export function synchronize(device?: DeviceLike | null): void {
  const type = require_accelerator();
  native.synchronize_device(type, index_of(type, device));
}
