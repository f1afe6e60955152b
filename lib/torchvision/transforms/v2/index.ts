/**
 * `torchvision.transforms.v2`: transforms of whole samples.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
export * as functional from './functional/index.ts';
export { AutoAugmentPolicy } from '../policies.ts';
export { InterpolationMode } from '../interpolation.ts';
export { JPEG, RandomErasing } from './_augment.ts';
export { AugMix, AutoAugment, RandAugment, TrivialAugmentWide } from './_auto_augment.ts';
export {
  ColorJitter,
  Grayscale,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomChannelPermutation,
  RandomEqualize,
  RandomGrayscale,
  RandomInvert,
  RandomPhotometricDistort,
  RandomPosterize,
  RandomSolarize,
  RGB,
} from './_color.ts';
export { Compose, RandomApply, RandomChoice, RandomOrder } from './_container.ts';
export {
  CenterCrop,
  ElasticTransform,
  FiveCrop,
  Pad,
  RandomAffine,
  RandomCrop,
  RandomHorizontalFlip,
  RandomPerspective,
  RandomResize,
  RandomResizedCrop,
  RandomRotation,
  RandomShortestSize,
  RandomVerticalFlip,
  RandomZoomOut,
  Resize,
  ScaleJitter,
  TenCrop,
} from './_geometry.ts';
export {
  ConvertImageDtype,
  GaussianBlur,
  GaussianNoise,
  Identity,
  Lambda,
  LinearTransformation,
  Normalize,
  ToDtype,
} from './_misc.ts';
export { CutMix, MixUp } from './_mix.ts';
export { UniformTemporalSubsample } from './_temporal.ts';
export { Transform } from './_transform.ts';
export { PILToTensor, ToImage, ToPILImage, ToPureTensor, ToTensor } from './_type_conversion.ts';
export { check_type, has_all, has_any } from './_kinds.ts';
export { query_chw, query_size } from './_query.ts';
