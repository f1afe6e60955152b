/** How the layers that a model consists of are chosen. */
import { is_instance } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import { Module } from '../../nn/index.ts';
import { repr } from '../../repr.ts';

/**
 * What makes a layer: a module's class, or a function that gives a new module. Where Python has
 * `partial(nn.BatchNorm2d, eps=0.001)`, write `(size) => new nn.BatchNorm2d(size, { eps: 0.001 })`.
 */
// Layers take whatever they take; who asks for one knows what that is.
export type Layer<M extends Module = Module> = (new (...args: any[]) => M) | ((...args: any[]) => M);

/** A new layer. */
export function make_layer<M extends Module>(layer: Layer<M>, ...args: readonly unknown[]): M {
  if (typeof layer !== 'function') throw new TypeError(`a layer's class or a function expected, got ${repr(layer)}`);
  const is_class = is_instance((layer as { prototype?: unknown }).prototype, Module);
  return is_class ? new (layer as new (...args: unknown[]) => M)(...args) : (layer as (...args: unknown[]) => M)(...args);
}
