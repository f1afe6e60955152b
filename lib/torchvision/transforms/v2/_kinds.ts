/** What kinds of input there are in samples. */
import { Tensor } from '../../../tensor.ts';
import { Image as Picture } from '../../image.ts';
import { Image, TVTensor, Video } from '../../tv_tensors/index.ts';
import type { Img } from '../functional.ts';

/** Whether something is a tensor that does not say what it holds. */
export function is_pure_tensor(inpt: unknown): inpt is Tensor {
  return inpt instanceof Tensor && !(inpt instanceof TVTensor);
}

/** A class, as `instanceof` takes it. */
export type Class = abstract new (...args: never) => object;

/** What tells whether a transform changes an input: its class, or a function. */
export type Kind = Class | ((inpt: unknown) => boolean);

/** Whether a class is meant, and not a function that tells: only the prototype of a class cannot be replaced. */
function is_class(kind: Kind): kind is Class {
  return Object.getOwnPropertyDescriptor(kind, 'prototype')?.writable === false;
}

/** Whether an input is of one of the kinds. `Object` stands for anything, as `object` does in Python. */
export function check_type(inpt: unknown, kinds: readonly Kind[]): boolean {
  return kinds.some((kind) => {
    if (kind === Object) return true;
    return is_class(kind) ? inpt instanceof kind : kind(inpt);
  });
}

/** Whether a sample has an input of one of the kinds. */
export function has_any(flat_inputs: readonly unknown[], ...kinds: readonly Kind[]): boolean {
  return flat_inputs.some((inpt) => check_type(inpt, kinds));
}

/** Whether a sample has an input of each of the kinds. */
export function has_all(flat_inputs: readonly unknown[], ...kinds: readonly Kind[]): boolean {
  return kinds.every((kind) => has_any(flat_inputs, kind));
}

/** Whether something is an image or a video. */
export function is_image(inpt: unknown): inpt is Img {
  return is_pure_tensor(inpt) || inpt instanceof Picture || inpt instanceof Image || inpt instanceof Video;
}
