/**
 * `torchvision.datasets`: well-known sets of images.
 *
 * @see https://docs.pytorch.org/vision/stable/datasets.html
 */
export { CIFAR10, CIFAR100, type CIFARArguments } from './cifar.ts';
export { EMNIST, type EMNISTArguments, type EMNISTSplit } from './emnist.ts';
export { FakeData, type FakeDataArguments } from './fakedata.ts';
export { DatasetFolder, ImageFolder, type DatasetFolderArguments, type ImageFolderArguments } from './folder.ts';
export { Food101, type Food101Arguments } from './food101.ts';
export { FashionMNIST, KMNIST, MNIST, type MNISTArguments } from './mnist.ts';
export { QMNIST, type QMNISTArguments, type QMNISTSubset } from './qmnist.ts';
export { StandardTransform, VisionDataset, type VisionDatasetArguments } from './vision.ts';
export * as folder from './folder.ts';
export * as utils from './utils.ts';
