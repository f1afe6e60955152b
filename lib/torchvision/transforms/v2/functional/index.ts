/**
 * `torchvision.transforms.v2.functional`: transforms as functions of tensors (..., C, H, W) and of images in memory.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html#v2-api-ref
 */
export { InterpolationMode } from '../../interpolation.ts';
export { is_pure_tensor } from '../_kinds.ts';
export { erase, jpeg } from './_augment.ts';
export {
  adjust_brightness,
  adjust_contrast,
  adjust_gamma,
  adjust_hue,
  adjust_saturation,
  adjust_sharpness,
  autocontrast,
  equalize,
  grayscale_to_rgb,
  invert,
  permute_channels,
  posterize,
  rgb_to_grayscale,
  solarize,
  to_grayscale,
} from './_color.ts';
export {
  affine,
  center_crop,
  crop,
  elastic,
  elastic_transform,
  five_crop,
  hflip,
  horizontal_flip,
  pad,
  perspective,
  resize,
  resized_crop,
  rotate,
  ten_crop,
  vertical_flip,
  vflip,
} from './_geometry.ts';
export {
  get_dimensions,
  get_image_num_channels,
  get_image_size,
  get_num_channels,
  get_num_frames,
  get_size,
} from './_meta.ts';
export { convert_image_dtype, gaussian_blur, gaussian_noise, normalize, to_dtype } from './_misc.ts';
export { uniform_temporal_subsample } from './_temporal.ts';
export { pil_to_tensor, to_image, to_pil_image, to_tensor } from './_type_conversion.ts';
