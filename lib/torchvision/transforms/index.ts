/**
 * `torchvision.transforms`: what prepares images for a model.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
export * as functional from './functional.ts';
export * as v2 from './v2/index.ts';
export { AugMix, AutoAugment, AutoAugmentPolicy, RandAugment, TrivialAugmentWide } from './autoaugment.ts';
export {
  ColorJitter,
  Grayscale,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomGrayscale,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
} from './colour.ts';
export {
  CenterCrop,
  ElasticTransform,
  FiveCrop,
  GaussianBlur,
  LinearTransformation,
  Pad,
  RandomAffine,
  RandomCrop,
  RandomErasing,
  RandomHorizontalFlip,
  RandomPerspective,
  RandomResizedCrop,
  RandomRotation,
  RandomVerticalFlip,
  Resize,
  TenCrop,
} from './geometry.ts';
export { InterpolationMode } from './interpolation.ts';
export {
  Compose,
  ConvertImageDtype,
  Lambda,
  Normalize,
  PILToTensor,
  RandomApply,
  RandomChoice,
  RandomOrder,
  ToPILImage,
  ToTensor,
} from './transforms.ts';
