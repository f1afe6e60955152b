/** How the switches of `torch.backends` look: properties that can be read and set. */
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { native } from '../native.ts';
import { type_name } from '../repr.ts';

/** @internal Defines a property for each switch, by its path in `torch.backends`. */
export function define_switches(target: object, switches: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(switches)) {
    Object.defineProperty(target, name, {
      enumerable: true,
      get: () => native.backend_switch(path),
      set: (on: unknown) => {
        if (typeof on !== 'boolean') throw new TypeError(`torch.backends.${path} must be a bool, not ${type_name(on)}`);
        native.backend_switch(path, on);
      },
    });
  }
}

/** How float32 is computed: in full, in a shorter form that is faster, or as the level above says. */
export type Float32Precision = 'ieee' | 'tf32' | 'bf16' | 'none';

/** @internal Defines `fp32_precision` for operations of a library. */
export function define_precision(target: object, backend: string, operation: string): void {
  Object.defineProperty(target, 'fp32_precision', {
    enumerable: true,
    get: () => native.float32_precision(backend, operation),
    set: (precision: unknown) => {
      if (typeof precision !== 'string') {
        throw new RuntimeError(`fp32_precision must be a str, not ${type_name(precision)}`);
      }
      native.float32_precision(backend, operation, precision);
    },
  });
}

/** @internal Sets properties inside a callback or the block of a `using`, and sets them back after. */
export function with_settings<T, S extends object>(
  name: string,
  target: S,
  values: Partial<S>,
  callback: (() => T) | undefined,
): T | Guard {
  return scoped(
    name,
    () => {
      const keys = Object.keys(values) as (keyof S)[];
      const before = keys.map((key) => target[key]);
      for (const key of keys) target[key] = values[key]!;
      return () => keys.forEach((key, i) => (target[key] = before[i]!));
    },
    callback,
  );
}
