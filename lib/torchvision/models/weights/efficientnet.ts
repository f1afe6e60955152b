/** The trained weights of EfficientNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const EfficientNet_B0_Weights = weights_enum(
  'EfficientNet_B0_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b0_rwightman-7f5810bc.pth',
      { crop_size: 224, resize_size: 256, interpolation: 'bicubic' },
      {
        num_params: 5288548,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 77.692, 'acc@5': 93.532 } },
        _ops: 0.386,
        _file_size: 20.451,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B1_Weights = weights_enum(
  'EfficientNet_B1_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b1_rwightman-bac287d4.pth',
      { crop_size: 240, resize_size: 256, interpolation: 'bicubic' },
      {
        num_params: 7794184,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 78.642, 'acc@5': 94.186 } },
        _ops: 0.687,
        _file_size: 30.134,
      },
    ),
    IMAGENET1K_V2: imagenet(
      'https://download.pytorch.org/models/efficientnet_b1-c27df63c.pth',
      { crop_size: 240, resize_size: 255 },
      {
        num_params: 7794184,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/issues/3995#new-recipe-with-lr-wd-crop-tuning',
        _metrics: { 'ImageNet-1K': { 'acc@1': 79.838, 'acc@5': 94.934 } },
        _ops: 0.687,
        _file_size: 30.136,
      },
    ),
  },
  'IMAGENET1K_V2',
);

export const EfficientNet_B2_Weights = weights_enum(
  'EfficientNet_B2_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b2_rwightman-c35c1473.pth',
      { crop_size: 288, resize_size: 288, interpolation: 'bicubic' },
      {
        num_params: 9109994,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 80.608, 'acc@5': 95.31 } },
        _ops: 1.088,
        _file_size: 35.174,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B3_Weights = weights_enum(
  'EfficientNet_B3_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b3_rwightman-b3899882.pth',
      { crop_size: 300, resize_size: 320, interpolation: 'bicubic' },
      {
        num_params: 12233232,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 82.008, 'acc@5': 96.054 } },
        _ops: 1.827,
        _file_size: 47.184,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B4_Weights = weights_enum(
  'EfficientNet_B4_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b4_rwightman-23ab8bcd.pth',
      { crop_size: 380, resize_size: 384, interpolation: 'bicubic' },
      {
        num_params: 19341616,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.384, 'acc@5': 96.594 } },
        _ops: 4.394,
        _file_size: 74.489,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B5_Weights = weights_enum(
  'EfficientNet_B5_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b5_lukemelas-1a07897c.pth',
      { crop_size: 456, resize_size: 456, interpolation: 'bicubic' },
      {
        num_params: 30389784,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.444, 'acc@5': 96.628 } },
        _ops: 10.266,
        _file_size: 116.864,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B6_Weights = weights_enum(
  'EfficientNet_B6_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b6_lukemelas-24a108a5.pth',
      { crop_size: 528, resize_size: 528, interpolation: 'bicubic' },
      {
        num_params: 43040704,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.008, 'acc@5': 96.916 } },
        _ops: 19.068,
        _file_size: 165.362,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_B7_Weights = weights_enum(
  'EfficientNet_B7_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_b7_lukemelas-c5b4e57e.pth',
      { crop_size: 600, resize_size: 600, interpolation: 'bicubic' },
      {
        num_params: 66347960,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.122, 'acc@5': 96.908 } },
        _ops: 37.746,
        _file_size: 254.675,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_V2_L_Weights = weights_enum(
  'EfficientNet_V2_L_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_v2_l-59c71312.pth',
      { crop_size: 480, resize_size: 480, interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
      {
        num_params: 118515272,
        min_size: [33, 33],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 85.808, 'acc@5': 97.788 } },
        _ops: 56.08,
        _file_size: 454.573,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_V2_M_Weights = weights_enum(
  'EfficientNet_V2_M_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_v2_m-dc08266a.pth',
      { crop_size: 480, resize_size: 480 },
      {
        num_params: 54139356,
        min_size: [33, 33],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 85.112, 'acc@5': 97.156 } },
        _ops: 24.582,
        _file_size: 208.01,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const EfficientNet_V2_S_Weights = weights_enum(
  'EfficientNet_V2_S_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/efficientnet_v2_s-dd5fe13b.pth',
      { crop_size: 384, resize_size: 384 },
      {
        num_params: 21458488,
        min_size: [33, 33],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.228, 'acc@5': 96.878 } },
        _ops: 8.366,
        _file_size: 82.704,
      },
    ),
  },
  'IMAGENET1K_V1',
);
