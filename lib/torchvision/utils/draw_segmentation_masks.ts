import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { tensor } from '../../creation.ts';
import { bool } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type ColorsLike, parse_colors } from './colors.ts';
import { check_image } from './pictures.ts';

/** Arguments of {@link draw_segmentation_masks}. */
export interface DrawSegmentationMasksOptions {
  /** An image of shape (3, H, W): bytes, or floats from 0 to 1. */
  image: Tensor;
  /** Which pixels belong to which object: bool, of shape (N, H, W) or (H, W). */
  masks: Tensor;
  /** How much of the colour shows, from 0 to 1 (default: 0.8). */
  alpha?: number;
  /** The colours of the masks: one for all or one for each; made up if null (default: null). */
  colors?: ColorsLike | null;
}
const parse = signature<DrawSegmentationMasksOptions>('draw_segmentation_masks', [
  'image',
  'masks',
  ['alpha', 0.8],
  ['colors', null],
]);

/**
 * Colours the pixels of objects, on a copy of an image. Where objects overlap it is black that shows.
 * @throws TypeError and ValueError for images, masks and colours that do not fit
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_segmentation_masks.html
 */
export function draw_segmentation_masks(
  ...args: Arguments<DrawSegmentationMasksOptions, ['image', 'masks', 'alpha', 'colors']>
): Tensor {
  const { image, masks: given, alpha, colors } = parse(args);
  check_image(image, 'The image must be a tensor');
  if (image.size(0) !== 3) throw new ValueError('Pass an RGB image. Other Image formats are not supported');
  const masks = given.ndim === 2 ? given.unsqueeze(0) : given;
  if (masks.ndim !== 3) throw new ValueError('masks must be of shape (H, W) or (batch_size, H, W)');
  if (masks.dtype !== bool) throw new ValueError(`The masks must be of dtype bool. Got ${String(masks.dtype)}`);
  if (masks.size(1) !== image.size(1) || masks.size(2) !== image.size(2)) {
    throw new ValueError('The image and the masks must have the same height and width');
  }
  const count = masks.size(0);
  if (count === 0) {
    warn("masks doesn't contain any mask. No mask was drawn");
    return image;
  }
  return no_grad(() => {
    const { dtype, device } = image;
    const drawn = image.detach().clone();
    const rgb = parse_colors(colors, count);
    masks.unbind(0).forEach((mask, i) => {
      const values = dtype.is_floating_point ? rgb[i]!.map((value) => value / 255) : [...rgb[i]!];
      const color = tensor(values, { dtype, device }).view(3, 1, 1);
      drawn.copy_(color.where(mask, drawn));
    });
    drawn.masked_fill_(masks.sum(0).gt(1), 0);
    return image.mul(1 - alpha).add(drawn.mul(alpha)).to(dtype);
  });
}
