/** The trained weights of ShuffleNet V2: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const ShuffleNet_V2_X0_5_Weights = weights_enum(
  'ShuffleNet_V2_X0_5_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/shufflenetv2_x0.5-f707e7126e.pth',
      { crop_size: 224 },
      {
        num_params: 1366792,
        min_size: [1, 1],
        recipe: 'https://github.com/ericsun99/Shufflenet-v2-Pytorch',
        _metrics: { 'ImageNet-1K': { 'acc@1': 60.552, 'acc@5': 81.746 } },
        _ops: 0.04,
        _file_size: 5.282,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ShuffleNet_V2_X1_0_Weights = weights_enum(
  'ShuffleNet_V2_X1_0_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/shufflenetv2_x1-5666bf0f80.pth',
      { crop_size: 224 },
      {
        num_params: 2278604,
        min_size: [1, 1],
        recipe: 'https://github.com/ericsun99/Shufflenet-v2-Pytorch',
        _metrics: { 'ImageNet-1K': { 'acc@1': 69.362, 'acc@5': 88.316 } },
        _ops: 0.145,
        _file_size: 8.791,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ShuffleNet_V2_X1_5_Weights = weights_enum(
  'ShuffleNet_V2_X1_5_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/shufflenetv2_x1_5-3c479a10.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 3503624,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/pull/5906',
        _metrics: { 'ImageNet-1K': { 'acc@1': 72.996, 'acc@5': 91.086 } },
        _ops: 0.296,
        _file_size: 13.557,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ShuffleNet_V2_X2_0_Weights = weights_enum(
  'ShuffleNet_V2_X2_0_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/shufflenetv2_x2_0-8be3c8ee.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 7393996,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/pull/5906',
        _metrics: { 'ImageNet-1K': { 'acc@1': 76.23, 'acc@5': 93.006 } },
        _ops: 0.583,
        _file_size: 28.433,
      },
    ),
  },
  'IMAGENET1K_V1',
);
