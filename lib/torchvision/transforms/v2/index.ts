/**
 * `torchvision.transforms.v2`: transforms of whole samples.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
export {
  CenterCrop,
  Compose,
  Grayscale,
  Normalize,
  RandomGrayscale,
  RandomHorizontalFlip,
  RandomResizedCrop,
  RandomRotation,
  RandomVerticalFlip,
  Resize,
  ToDtype,
  ToImage,
} from './classification.ts';
export { CutMix, MixUp } from './mix.ts';
