/**
 * How LibTorch was built.
 * @see https://docs.pytorch.org/docs/stable/config_mod.html
 */
import { native } from './native.ts';

/** A description of the build: compiler, libraries, flags. */
export function show(): string {
  return native.show_config();
}

/** A description of how work is spread over threads. */
export function parallel_info(): string {
  return native.parallel_info();
}
