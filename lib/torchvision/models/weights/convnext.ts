/** The trained weights of ConvNeXt: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const ConvNeXt_Base_Weights = weights_enum(
  'ConvNeXt_Base_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/convnext_base-6075fbad.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 88591464,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#convnext',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.062, 'acc@5': 96.87 } },
        _ops: 15.355,
        _file_size: 338.064,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ConvNeXt_Large_Weights = weights_enum(
  'ConvNeXt_Large_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/convnext_large-ea097f82.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 197767336,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#convnext',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.414, 'acc@5': 96.976 } },
        _ops: 34.361,
        _file_size: 754.537,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ConvNeXt_Small_Weights = weights_enum(
  'ConvNeXt_Small_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/convnext_small-0c510722.pth',
      { crop_size: 224, resize_size: 230 },
      {
        num_params: 50223688,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#convnext',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.616, 'acc@5': 96.65 } },
        _ops: 8.684,
        _file_size: 191.703,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const ConvNeXt_Tiny_Weights = weights_enum(
  'ConvNeXt_Tiny_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/convnext_tiny-983f1562.pth',
      { crop_size: 224, resize_size: 236 },
      {
        num_params: 28589128,
        min_size: [32, 32],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#convnext',
        _metrics: { 'ImageNet-1K': { 'acc@1': 82.52, 'acc@5': 96.146 } },
        _ops: 4.456,
        _file_size: 109.119,
      },
    ),
  },
  'IMAGENET1K_V1',
);
