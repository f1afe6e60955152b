/**
 * Modules one after the other, as `Sequential` runs them.
 *
 * Where no gradients are recorded, Python frees what one module hands to the next as soon as the next is done, and the
 * module after that writes to the same memory, which is still in the processor's cache. JavaScript would free it at its
 * next collection. So it is freed here, where nobody but the two modules has ever seen it and neither keeps it.
 */
import { native } from '../../native.ts';
import { Tensor } from '../../tensor.ts';
import type { Module } from './module.ts';
import { calls_are_hooked } from './module_hooks.ts';

/** Classes whose instances keep neither what they are given nor what they give. */
const layers = new Set<unknown>();

/** @internal Names classes of which {@link chain} may free what goes in and comes out. */
export function register_layers(classes: Iterable<unknown>): void {
  for (const one of classes) layers.add(one);
}

/** A subclass may keep what it sees, and so may a `forward` of the module's own. */
function is_layer(module: Module): boolean {
  return layers.has(module.constructor) && !Object.hasOwn(module, 'forward');
}

/** Calls each of `modules` with what the one before gave, the first with `input`. */
export function chain(modules: Iterable<Module>, input: unknown): unknown {
  const frees = !calls_are_hooked && !native.is_grad_enabled();
  let value = input;
  let is_ours = false; // comes from a layer, and is not what that was given
  for (const module of modules) {
    const next: unknown = module(value);
    if (frees) {
      const layer = is_layer(module);
      if (next !== value) {
        if (is_ours && layer && value instanceof Tensor) value.dispose();
        is_ours = layer;
      } else if (!layer) {
        is_ours = false;
      }
    }
    value = next;
  }
  return value;
}
