/**
 * `torchvision`: data sets of images and what prepares them for a model.
 *
 * @see https://docs.pytorch.org/vision/stable/index.html
 */
export * as datasets from './datasets/index.ts';
export * as models from './models/index.ts';
export * as ops from './ops/index.ts';
export * as io from './io/index.ts';
export * as transforms from './transforms/index.ts';
export * as tv_tensors from './tv_tensors/index.ts';
export * as utils from './utils/index.ts';
export { Image, type ImageData, type ImageMode } from './image.ts';
