/** What the transforms of version 2 ask of samples and of their own arguments. */
import type { dtype as DType } from '../../../dtype.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { repr, str, type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { Image as Picture } from '../../image.ts';
import { Image, TVTensor, Video } from '../../tv_tensors/index.ts';
import { get_dimensions, type Fill, type Img } from '../functional.ts';

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

/** The order in which Python sorts tuples. */
function by_first_difference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((one, i) => one !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** The one shape that the images of a sample have. */
function query(flat_inputs: readonly unknown[], name: string, nothing: string, shape: (img: Img) => number[]): number[] {
  const shapes = flat_inputs.filter(is_image).map(shape);
  const first = shapes[0];
  if (first === undefined) throw new TypeError(nothing);
  if (shapes.some((one) => by_first_difference(one, first) !== 0)) {
    const texts = new Set(shapes.sort(by_first_difference).map((one) => `'${repr(one)}'`));
    throw new ValueError(`Found multiple ${name} dimensions in the sample: ${[...texts].join(', ')}`);
  }
  return first;
}

/**
 * Channels, height and width of the images of a sample.
 *
 * @throws TypeError if there is none
 * @throws ValueError if they differ
 */
export function query_chw(flat_inputs: readonly unknown[]): [channels: number, height: number, width: number] {
  const message = 'No image or video was found in the sample';
  return query(flat_inputs, 'CxHxW', message, (img) => [...get_dimensions(img)]) as [number, number, number];
}

/**
 * Height and width of the images of a sample.
 *
 * @throws TypeError if there is none
 * @throws ValueError if they differ
 */
export function query_size(flat_inputs: readonly unknown[]): [height: number, width: number] {
  const message = 'No image, video, mask, bounding box of keypoint was found in the sample';
  return query(flat_inputs, 'HxW', message, (img) => get_dimensions(img).slice(1)) as [number, number];
}

/**
 * One value for every kind of input, or a `Map` with one for each class; `'others'` stands for all others. What is a
 * `dict` with classes for keys in Python is a `Map` here: keys of plain objects are text.
 */
export type ByType<T> = T | ReadonlyMap<Class | 'others', T>;

/** The entry for an input: that of its very class, or of the others. */
export function entry_for<T>(map: ReadonlyMap<Class | 'others', T>, inpt: object): { value: T } | undefined {
  const key = map.has(inpt.constructor as Class) ? (inpt.constructor as Class) : 'others';
  return map.has(key) ? { value: map.get(key) as T } : undefined;
}

/** What to fill with; one value, or one for each class. */
export type FillArgument = ByType<Fill>;

/** The colour to fill with for an input; none where a class has no entry. */
export function fill_for(fill: FillArgument, inpt: Img): Fill {
  if (!(fill instanceof Map)) return fill as Fill;
  return entry_for(fill as ReadonlyMap<Class | 'others', Fill>, inpt)?.value ?? null;
}

/** @throws TypeError for what is no colour */
export function check_fill<T extends FillArgument>(fill: T): T {
  const known = fill === null || typeof fill === 'number' || Array.isArray(fill) || fill instanceof Map;
  if (!known) {
    throw new TypeError('Got inappropriate fill arg, only Numbers, tuples, lists and dicts are allowed.');
  }
  return fill;
}

/** @throws ValueError for another count of numbers than sides can be given in */
export function check_padding_arg(padding: unknown): void {
  if (typeof padding !== 'number' && !(Array.isArray(padding) && [1, 2, 4].includes(padding.length))) {
    throw new ValueError(`Padding must be an int or a 1, 2, or 4 element of tuple or list, got ${str(padding)}.`);
  }
}

/** A list of one or two numbers as two. */
export function setup_pair(arg: unknown, name: string): [number, number] {
  if (typeof arg === 'number') return [arg, arg];
  if (!Array.isArray(arg)) throw new TypeError(`${name} should be a number or a sequence of numbers. Got ${type_name(arg)}`);
  if (arg.length !== 1 && arg.length !== 2) {
    throw new ValueError(`If ${name} is a sequence its length should be 1 or 2. Got ${arg.length}`);
  }
  const numbers = arg as readonly number[];
  if (numbers.some((one) => typeof one !== 'number')) throw new ValueError(`${name} should be a sequence of numbers. Got ${type_name(arg)}`);
  return [numbers[0]!, numbers[numbers.length - 1]!];
}

/** @throws ValueError for what is no chance */
export function check_chance(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new ValueError('`p` should be a floating point value in the interval [0.0, 1.0].');
  }
}

/** Dtypes by class, as `ToDtype` takes them. */
export type DTypeArgument = ByType<DType | null>;
