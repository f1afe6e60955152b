/** What there is to know of images. */
import { IndexError } from '../../../../errors.ts';
import { Tensor } from '../../../../tensor.ts';
import * as v1 from '../../functional.ts';
import type { Img } from '../../functional.ts';

export { get_dimensions, get_image_num_channels, get_image_size } from '../../functional.ts';

/** The number of channels of an image. */
export function get_num_channels(inpt: Img): number {
  return v1.get_dimensions(inpt)[0];
}

/** Height and width of an image. */
export function get_size(inpt: Img): [height: number, width: number] {
  const [, height, width] = v1.get_dimensions(inpt);
  return [height, width];
}

/** The number of frames of a video (..., T, C, H, W). */
export function get_num_frames(inpt: Tensor): number {
  if (inpt.ndim < 4) throw new IndexError('tuple index out of range');
  return inpt.size(-4);
}
