/**
 * The state of automatic mixed precision, by type of device. `torch.amp.autocast` is what switches it.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
import { is_instance } from './arguments.ts';
import { dtype, dtype_of_code } from './dtype.ts';
import { TypeError } from './errors.ts';
import { native } from './native.ts';

/** Is autocasting on for devices of the type, the GPU's by default? */
export function is_autocast_enabled(device_type: string = 'cuda'): boolean {
  return native.autocast_enabled(device_type);
}

/** Switches autocasting; called with one argument, for the GPU. */
export function set_autocast_enabled(device_type: string, enabled: boolean): void;
export function set_autocast_enabled(enabled: boolean): void;
export function set_autocast_enabled(first: string | boolean, second?: boolean): void {
  if (typeof first === 'boolean') native.autocast_enabled('cuda', first);
  else native.autocast_enabled(first, second);
}

/** The dtype that autocasting casts to on devices of the type. */
export function get_autocast_dtype(device_type: string): dtype {
  return dtype_of_code(native.autocast_dtype(device_type));
}

/** Sets the dtype that autocasting casts to on devices of the type. */
export function set_autocast_dtype(device_type: string, kind: dtype): void {
  if (!is_instance(kind, dtype)) {
    throw new TypeError(`set_autocast_dtype(): argument 'dtype' must be torch.dtype, not ${typeof kind}`);
  }
  native.autocast_dtype(device_type, kind._h);
}

/** Are casts of parameters kept until autocasting ends? */
export function is_autocast_cache_enabled(): boolean {
  return native.autocast_cache_enabled();
}

/** Sets whether casts of parameters are kept until autocasting ends. */
export function set_autocast_cache_enabled(enabled: boolean): void {
  native.autocast_cache_enabled(enabled);
}

/** Forgets the casts of parameters that are kept. */
export function clear_autocast_cache(): void {
  native.clear_autocast_cache();
}

/** One more `autocast` inside another; gives how many there are. */
export function autocast_increment_nesting(): number {
  return native.autocast_nesting(1);
}

/** One `autocast` less; gives how many there are. */
export function autocast_decrement_nesting(): number {
  return native.autocast_nesting(-1);
}

/** @deprecated use `is_autocast_enabled('cpu')` */
export function is_autocast_cpu_enabled(): boolean {
  return is_autocast_enabled('cpu');
}

/** @deprecated use `set_autocast_enabled('cpu', enabled)` */
export function set_autocast_cpu_enabled(enabled: boolean): void {
  set_autocast_enabled('cpu', enabled);
}

/** @deprecated use `get_autocast_dtype('cpu')` */
export function get_autocast_cpu_dtype(): dtype {
  return get_autocast_dtype('cpu');
}

/** @deprecated use `set_autocast_dtype('cpu', dtype)` */
export function set_autocast_cpu_dtype(kind: dtype): void {
  set_autocast_dtype('cpu', kind);
}

/** @deprecated use `get_autocast_dtype('cuda')` */
export function get_autocast_gpu_dtype(): dtype {
  return get_autocast_dtype('cuda');
}

/** @deprecated use `set_autocast_dtype('cuda', dtype)` */
export function set_autocast_gpu_dtype(kind: dtype): void {
  set_autocast_dtype('cuda', kind);
}
