/** How the transforms of `v2` treat samples: the images of a sample change, all together, and the rest stays. */
import { Tensor } from '../../../tensor.ts';
import { Image } from '../../image.ts';
import type { Img } from '../functional.ts';

/** What a transform of `v2` is called with: a sample, or its parts one by one. */
export interface OnSamples {
  <T>(sample: T): T;
  <T extends readonly unknown[]>(...parts: T): T;
}

/** Whether a value is a plain object, as a `dict` is in Python. */
function is_plain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `value` with every leaf replaced; arrays, maps and plain objects are what holds leaves. */
export function map_leaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => map_leaves(item, change));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, map_leaves(item, change)]));
  if (!is_plain(value)) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map_leaves(item, change)]));
}

/**
 * The leaves of a sample that transforms change: its images in memory, or else its first tensor. Further tensors are
 * labels and the like.
 */
export function images_of(sample: unknown): Set<Img> {
  const images = new Set<Img>();
  let first: Tensor | undefined;
  map_leaves(sample, (leaf) => {
    if (leaf instanceof Image) images.add(leaf);
    else if (leaf instanceof Tensor) first ??= leaf;
    return leaf;
  });
  if (images.size === 0 && first !== undefined) images.add(first);
  return images;
}

/** What transforms are called with, as one value: a single argument is the sample itself. */
export function sample_of(inputs: readonly unknown[]): unknown {
  return inputs.length === 1 ? inputs[0] : inputs;
}
