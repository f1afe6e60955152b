/**
 * The memory of tensors. Nobody has to manage it: tensors that are no longer reachable are freed, in synchronous loops
 * too. These functions show what there is and free sooner what one knows to be unneeded.
 */
import { TypeError } from './errors.ts';
import { type Handle, type MemoryStats, native } from './native.ts';
import { handle_of, Tensor } from './tensor.ts';

export type { MemoryStats };

/** How many tensors and bytes are alive, and how much work collecting has been. */
export function stats(): MemoryStats {
  return native.memory_stats();
}

/** Collects all tensors that are no longer reachable, now. */
export function collect(): void {
  native.collect();
}

/** Gives freed memory that is kept for reuse back to the system. */
export function empty_cache(): void {
  native.release_retained();
}

/** Starts measuring `stats().peak_bytes` anew. */
export function reset_peak(): void {
  native.reset_peak();
}

/**
 * How much may be allocated before a collection, to begin with: by default 8 MB, about a cache's worth, and 800
 * tensors. More means fewer collections and colder memory; what is faster for a program is found while it runs.
 */
export function set_budgets({ bytes = 8 * 2 ** 20, tensors = 800 }: { bytes?: number; tensors?: number }): void {
  native.set_budgets(bytes, tensors);
}

/** The tensors in a callback's result: itself, or inside arrays, maps and plain objects. */
function tensors_in(value: unknown, found: Handle[], visited: Set<unknown> = new Set()): void {
  if (typeof value !== 'object' || value === null || visited.has(value)) return;
  visited.add(value);
  if (value instanceof Tensor) {
    found.push(value._h);
  } else if (Array.isArray(value)) {
    for (const item of value) tensors_in(item, found, visited);
  } else if (value instanceof Map) {
    for (const item of value.values()) tensors_in(item, found, visited);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) tensors_in(item, found, visited);
  }
}

/**
 * Runs `callback` and disposes at once of all tensors that it made, except those in its result and those in `keep`.
 * Tensors that it stored elsewhere, in a module for example, have to be named in `keep`.
 */
export function tidy<T>(callback: () => T, keep: readonly Tensor[] = []): T {
  if (typeof callback !== 'function') {
    throw new TypeError(`tidy(): argument 'callback' must be a function, not ${typeof callback}`);
  }
  const serial = native.newest_serial();
  if (!Array.isArray(keep)) throw new TypeError("tidy(): argument 'keep' must be an array of tensors");
  const kept = keep.map((tensor) => handle_of(tensor, 'keep'));
  try {
    const result = callback();
    if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
      throw new TypeError('tidy(): the callback must be synchronous, since its tensors are disposed of when it returns');
    }
    tensors_in(result, kept);
    return result;
  } finally {
    native.dispose_since(serial, kept);
  }
}
