/** The trained weights of VGG: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const VGG11_BN_Weights = weights_enum(
  'VGG11_BN_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg11_bn-6002323d.pth',
      { crop_size: 224 },
      {
        num_params: 132868840,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 70.37, 'acc@5': 89.81 } },
        _ops: 7.609,
        _file_size: 506.881,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG11_Weights = weights_enum(
  'VGG11_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg11-8a719046.pth',
      { crop_size: 224 },
      {
        num_params: 132863336,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 69.02, 'acc@5': 88.628 } },
        _ops: 7.609,
        _file_size: 506.84,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG13_BN_Weights = weights_enum(
  'VGG13_BN_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg13_bn-abd245e5.pth',
      { crop_size: 224 },
      {
        num_params: 133053736,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 71.586, 'acc@5': 90.374 } },
        _ops: 11.308,
        _file_size: 507.59,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG13_Weights = weights_enum(
  'VGG13_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg13-19584684.pth',
      { crop_size: 224 },
      {
        num_params: 133047848,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 69.928, 'acc@5': 89.246 } },
        _ops: 11.308,
        _file_size: 507.545,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG16_BN_Weights = weights_enum(
  'VGG16_BN_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg16_bn-6c64b313.pth',
      { crop_size: 224 },
      {
        num_params: 138365992,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 73.36, 'acc@5': 91.516 } },
        _ops: 15.47,
        _file_size: 527.866,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG16_Weights = weights_enum(
  'VGG16_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg16-397923af.pth',
      { crop_size: 224 },
      {
        num_params: 138357544,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 71.592, 'acc@5': 90.382 } },
        _ops: 15.47,
        _file_size: 527.796,
      },
    ),
    IMAGENET1K_FEATURES: imagenet(
      'https://download.pytorch.org/models/vgg16_features-amdegroot-88682ab5.pth',
      { crop_size: 224, mean: [0.48235, 0.45882, 0.40784], std: [1 / 255, 1 / 255, 1 / 255] },
      {
        num_params: 138357544,
        min_size: [32, 32],
        recipe: 'https://github.com/amdegroot/ssd.pytorch#training-ssd',
        _metrics: { 'ImageNet-1K': { 'acc@1': NaN, 'acc@5': NaN } },
        _ops: 15.47,
        _file_size: 527.802,
        categories: null,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG19_BN_Weights = weights_enum(
  'VGG19_BN_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg19_bn-c79401a0.pth',
      { crop_size: 224 },
      {
        num_params: 143678248,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 74.218, 'acc@5': 91.842 } },
        _ops: 19.632,
        _file_size: 548.143,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const VGG19_Weights = weights_enum(
  'VGG19_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/vgg19-dcbb9e9d.pth',
      { crop_size: 224 },
      {
        num_params: 143667240,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 72.376, 'acc@5': 90.876 } },
        _ops: 19.632,
        _file_size: 548.051,
      },
    ),
  },
  'IMAGENET1K_V1',
);
