/** Functions that make tensors of images and images of tensors. */
import { from_numpy } from '../../../../creation.ts';
import { TypeError } from '../../../../errors.ts';
import { type_name } from '../../../../repr.ts';
import { Tensor } from '../../../../tensor.ts';
import { Image as Picture } from '../../../image.ts';
import { Image } from '../../../tv_tensors/index.ts';
import { pil_to_tensor, type ShapedArray } from '../../functional.ts';

export { pil_to_tensor, to_pil_image, to_tensor } from '../../functional.ts';

/** Whether something is an array that knows its shape. */
export function is_shaped_array(value: unknown): value is ShapedArray {
  return ArrayBuffer.isView(value) && Array.isArray((value as Partial<ShapedArray>).shape);
}

/**
 * An image of the same numbers as a tensor (..., C, H, W) that says it is one.
 *
 * @param inpt a tensor, an image in memory, or an array of shape (H, W) or (H, W, C)
 * @throws TypeError for anything else
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.to_image.html
 */
export function to_image(inpt: Tensor | Picture | ShapedArray): Image {
  if (inpt instanceof Picture) return new Image(pil_to_tensor(inpt));
  if (inpt instanceof Tensor) return new Image(inpt);
  if (is_shaped_array(inpt)) {
    const [height, width, channels] = inpt.shape as [number, number, number?];
    return new Image(from_numpy(inpt).view(height, width, channels ?? 1).permute(2, 0, 1).contiguous());
  }
  throw new TypeError(
    `Input can either be a pure Tensor, a numpy array, or a PIL image, but got ${type_name(inpt)} instead.`,
  );
}
