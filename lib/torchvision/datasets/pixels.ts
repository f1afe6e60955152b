/** Images of a data set that stand in one tensor. */
import { IndexError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';
import { Image } from '../image.ts';

/** The memory of each tensor that images were taken from. */
const memories = new WeakMap<Tensor, Uint8Array<ArrayBuffer>>();

/** @throws IndexError for an index that is out of range; negative ones count from the end */
export function position_of(index: number, count: number): number {
  const position = index < 0 ? index + count : index;
  if (!(Number.isInteger(position) && position >= 0 && position < count)) {
    throw new IndexError(`index ${index} is out of bounds for axis 0 with size ${count}`);
  }
  return position;
}

/** An image of colours from a `uint8` tensor of shape (N, H, W, 3). */
export function image_at(data: Tensor, position: number): Image {
  let pixels = memories.get(data);
  if (pixels === undefined) {
    pixels = data.contiguous().numpy() as Uint8Array<ArrayBuffer>;
    memories.set(data, pixels);
  }
  const [, height, width] = data.shape as unknown as [number, number, number];
  const size = height * width * 3;
  return new Image('RGB', width, height, pixels.slice(position * size, (position + 1) * size));
}
