/** Copies the tensors of a batch into page-locked memory, from where a GPU fetches them faster. */
import { is_kwargs } from '../../../arguments.ts';
import { Tensor } from '../../../tensor.ts';

/** The same nest of arrays, maps and objects with every tensor pinned; an object's own `pin_memory()` is honoured. */
export function pin_memory(data: unknown): unknown {
  if (data instanceof Tensor) return data.pin_memory();
  if (Array.isArray(data)) return data.map(pin_memory);
  if (data instanceof Map) {
    return new Map(Array.from(data as Map<unknown, unknown>, ([key, value]) => [key, pin_memory(value)]));
  }
  if (is_kwargs(data)) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, pin_memory(value)]));
  }
  const own = (data as { pin_memory?: unknown } | null | undefined)?.pin_memory;
  return typeof own === 'function' ? (own.call(data) as unknown) : data;
}
