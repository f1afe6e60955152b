/** Images of summaries: any order of dimensions, several side by side. */
import { cat, stack, zeros } from '../../generated/functions.ts';
import { float32, uint8 } from '../../dtype.ts';
import { AssertionError } from '../../errors.ts';
import { encode_png } from '../../png.ts';
import { repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { bytes, nested, whole } from './protobuf.ts';
import { summary } from './summary.ts';
import { to_tensor } from './values.ts';

/** Images of a batch (N, C, H, W) side by side, eight in a row, as one (3, H, W). */
export function make_grid(batch: Tensor, columns = 8): Tensor {
  const images = batch.shape[1] === 1 ? cat([batch, batch, batch], 1) : batch;
  if (images.dim() !== 4 || images.shape[1] !== 3)
    throw new AssertionError('Input should be a 4D numpy array with 3 channels');
  const [count, , height, width] = images.shape as unknown as [number, number, number, number];
  const across = Math.min(count, columns);
  const down = Math.ceil(count / across);
  const canvas = zeros([3, height * down, width * across], { dtype: images.dtype });
  for (let i = 0; i < count; i++) {
    const [row, column] = [Math.floor(i / across), i % across];
    canvas
      .narrow(1, row * height, height)
      .narrow(2, column * width, width)
      .copy_(images.select(0, i));
  }
  return canvas;
}

/** An image, or a batch of them, as (H, W, C). */
function to_hwc(image: Tensor, format: string): Tensor {
  if (new Set(format).size !== format.length) {
    throw new AssertionError(`You can not use the same dimension shorthand twice.             input_format: ${format}`);
  }
  if (image.dim() !== format.length) {
    throw new AssertionError(
      `size of input tensor and input format are different.         tensor shape: ${repr([...image.shape])}, input_format: ${format}`,
    );
  }
  const order = (dimensions: string): number[] => [...dimensions].map((name) => format.toUpperCase().indexOf(name));
  if (format.length === 4) return make_grid(image.permute(order('NCHW'))).permute([1, 2, 0]);
  if (format.length === 3) {
    const result = image.permute(order('HWC'));
    return result.shape[2] === 1 ? cat([result, result, result], 2) : result;
  }
  const result = image.permute(order('HW'));
  return stack([result, result, result], 2);
}

/** A picture as PNG in a summary. */
function picture(tag: string, pixels: Tensor): Uint8Array {
  const [height, width, channels] = pixels.shape as unknown as [number, number, number];
  const file = encode_png(pixels.contiguous().numpy() as Uint8Array, width, height, channels);
  return summary(tag, nested(4, whole(1, height), whole(2, width), whole(3, channels), bytes(4, file)));
}

/**
 * An image: bytes as they are, other numbers from 0 to 1.
 * @param format what the dimensions are: `'CHW'`, `'NHWC'`, `'HW'`, ...
 * @throws AssertionError if they are not that many
 */
export function image(tag: string, value: unknown, format: string): Uint8Array {
  const tensor = to_hwc(to_tensor(value), format);
  const scale = tensor.dtype === uint8 ? 1 : 255;
  return picture(tag, tensor.to(float32).mul(scale).clamp(0, 255).to(uint8));
}

/** Draws the outlines of boxes, in red and two pixels wide, into an image of bytes (H, W, 3). */
function draw_boxes(pixels: Tensor, boxes: Tensor): void {
  const [height, width] = pixels.shape as unknown as [number, number];
  const data = pixels.numpy() as Uint8Array;
  const dot = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) data.set([255, 0, 0], 3 * (y * width + x));
  };
  for (const [x1, y1, x2, y2] of boxes.tolist() as [number, number, number, number][]) {
    const [left, top, right, bottom] = [x1, y1, x2, y2].map(Math.round) as [number, number, number, number];
    for (const thick of [-1, 0]) {
      for (let x = left - 1; x <= right; x++) [top, bottom].forEach((y) => dot(x, y + thick));
      for (let y = top - 1; y <= bottom; y++) [left, right].forEach((x) => dot(x + thick, y));
    }
  }
}

/** An image with boxes, each left, top, right and bottom in pixels, drawn into it. */
export function image_with_boxes(tag: string, value: unknown, boxes: unknown, format: string): Uint8Array {
  const tensor = to_hwc(to_tensor(value), format);
  const scale = tensor.dtype === uint8 ? 1 : 255;
  const pixels = tensor.to(float32).mul(scale).clamp(0, 255).to(uint8).contiguous().clone();
  draw_boxes(pixels, to_tensor(boxes));
  return picture(tag, pixels);
}
