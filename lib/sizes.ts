/** Reading a tensor's sizes and strides: the addon writes them to an array that both sides share. */
import { type Handle, native } from './native.ts';
import { Size } from './size.ts';

const shared = new Float64Array(64);
native.share_sizes(shared);

/** The sizes as `torch.Size`. */
export function shape_of(tensor: Handle): Size {
  const count = native.sizes(tensor);
  const size = new Size();
  for (let i = 0; i < count; i++) size[i] = shared[i]!;
  return size;
}

/** The sizes as a plain array. */
export function sizes_of(tensor: Handle): number[] {
  return Array.from(shared.subarray(0, native.sizes(tensor)));
}

/** The strides, counted in elements. */
export function strides_of(tensor: Handle): number[] {
  return Array.from(shared.subarray(0, native.strides(tensor)));
}
