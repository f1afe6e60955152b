/**
 * `torchvision.transforms`: what prepares images for a model.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
export * as functional from './functional.ts';
export { Compose, Lambda, Normalize, PILToTensor, ToPILImage, ToTensor } from './transforms.ts';
