/**
 * `torchvision.io`: files of images as tensors.
 *
 * @see https://docs.pytorch.org/vision/stable/io.html
 */
export {
  decode_image,
  decode_jpeg,
  decode_png,
  encode_jpeg,
  encode_png,
  ImageReadMode,
  read_file,
  read_image,
  write_file,
  write_jpeg,
  write_png,
} from './image.ts';
