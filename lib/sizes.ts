/** Reading a tensor's sizes, strides and elements: the addon writes them to an array that both sides share. */
import { type Handle, native } from './native.ts';
import { Size } from './size.ts';

/** LibTorch's own limit; so much room there is for sizes. */
export const MOST_DIMENSIONS = 64;
/** A tensor with more elements is read in another way. */
const MOST_ELEMENTS = 1024;

const shared = new Float64Array(MOST_DIMENSIONS + MOST_ELEMENTS);
native.share_numbers(shared);

/** The sizes as `torch.Size`. */
export function shape_of(tensor: Handle): Size {
  const count = native.sizes(tensor);
  const size = new Size();
  for (let i = 0; i < count; i++) size[i] = shared[i]!;
  return size;
}

function numbers(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(shared[i]!);
  return list;
}

/** The sizes as a plain array. */
export function sizes_of(tensor: Handle): number[] {
  return numbers(native.sizes(tensor));
}

/** The strides, counted in elements. */
export function strides_of(tensor: Handle): number[] {
  return numbers(native.strides(tensor));
}

/** The elements of a small tensor of plain numbers, nested as its dimensions are; undefined for any other tensor. */
export function nested_elements(tensor: Handle): unknown {
  const dimensions = native.elements(tensor);
  if (dimensions === undefined) return undefined;
  position = MOST_DIMENSIONS;
  return nest_shared(0, dimensions);
}

/** Where in the shared array the next element stands. */
let position = MOST_DIMENSIONS;

function nest_shared(level: number, dimensions: number): unknown {
  if (level === dimensions) return shared[position++];
  const list: unknown[] = [];
  const size = shared[level]!;
  if (level === dimensions - 1) for (let i = 0; i < size; i++) list.push(shared[position++]);
  else for (let i = 0; i < size; i++) list.push(nest_shared(level + 1, dimensions));
  return list;
}
