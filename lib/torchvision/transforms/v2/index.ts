/**
 * `torchvision.transforms.v2`: transforms of whole samples.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
export {
  CenterCrop,
  Compose,
  Normalize,
  RandomHorizontalFlip,
  RandomResizedCrop,
  RandomVerticalFlip,
  ToDtype,
  ToImage,
} from './classification.ts';
export { CutMix, MixUp } from './mix.ts';
