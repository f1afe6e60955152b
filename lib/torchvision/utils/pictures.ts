/** What the drawing functions do before and after they draw: tensors to pixels and back. */
import { from_numpy } from '../../creation.ts';
import { type dtype as DType, uint8 } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Canvas } from './canvas.ts';

/** @throws TypeError and ValueError unless this is one image of bytes or floats */
export function check_image(image: unknown, wrong: string): asserts image is Tensor {
  if (!(image instanceof Tensor)) throw new TypeError(`${wrong}, got <class '${type_name(image)}'>`);
  if (image.dtype !== uint8 && !image.dtype.is_floating_point) {
    throw new ValueError(`The image dtype must be uint8 or float, got ${String(image.dtype)}`);
  }
  if (image.ndim !== 3) throw new ValueError('Pass individual images, not batches');
}

/** An image of three channels as pixels to draw on: a copy. */
export function canvas_of(image: Tensor): Canvas {
  const bytes = image.dtype === uint8 ? image : image.mul(256 - 1e-3).to(uint8);
  const [, height, width] = image.shape as unknown as [number, number, number];
  const pixels = bytes.detach().cpu().permute(1, 2, 0).contiguous().clone().numpy() as Uint8Array<ArrayBuffer>;
  return new Canvas(width, height, pixels);
}

/** What was drawn, as a tensor of a type. */
export function image_of({ width, height, data }: Canvas, dtype: DType): Tensor {
  const image = from_numpy(data as Uint8Array<ArrayBuffer>).view(height, width, 3).permute(2, 0, 1);
  return dtype === uint8 ? image : image.to(dtype).mul_(1 / 255);
}
