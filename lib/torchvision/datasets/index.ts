/**
 * `torchvision.datasets`: well-known sets of images.
 *
 * @see https://docs.pytorch.org/vision/stable/datasets.html
 */
export { FashionMNIST, KMNIST, MNIST, type MNISTArguments } from './mnist.ts';
export { StandardTransform, VisionDataset, type VisionDatasetArguments } from './vision.ts';
export * as utils from './utils.ts';
