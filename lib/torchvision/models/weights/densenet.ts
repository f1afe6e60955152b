/** The trained weights of DenseNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const DenseNet121_Weights = weights_enum(
  'DenseNet121_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/densenet121-a639ec97.pth',
      { crop_size: 224 },
      {
        num_params: 7978856,
        min_size: [29, 29],
        recipe: 'https://github.com/pytorch/vision/pull/116',
        _metrics: { 'ImageNet-1K': { 'acc@1': 74.434, 'acc@5': 91.972 } },
        _ops: 2.834,
        _file_size: 30.845,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const DenseNet161_Weights = weights_enum(
  'DenseNet161_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/densenet161-8d451a50.pth',
      { crop_size: 224 },
      {
        num_params: 28681000,
        min_size: [29, 29],
        recipe: 'https://github.com/pytorch/vision/pull/116',
        _metrics: { 'ImageNet-1K': { 'acc@1': 77.138, 'acc@5': 93.56 } },
        _ops: 7.728,
        _file_size: 110.369,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const DenseNet169_Weights = weights_enum(
  'DenseNet169_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/densenet169-b2777c0a.pth',
      { crop_size: 224 },
      {
        num_params: 14149480,
        min_size: [29, 29],
        recipe: 'https://github.com/pytorch/vision/pull/116',
        _metrics: { 'ImageNet-1K': { 'acc@1': 75.6, 'acc@5': 92.806 } },
        _ops: 3.36,
        _file_size: 54.708,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const DenseNet201_Weights = weights_enum(
  'DenseNet201_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/densenet201-c1103571.pth',
      { crop_size: 224 },
      {
        num_params: 20013928,
        min_size: [29, 29],
        recipe: 'https://github.com/pytorch/vision/pull/116',
        _metrics: { 'ImageNet-1K': { 'acc@1': 76.896, 'acc@5': 93.37 } },
        _ops: 4.291,
        _file_size: 77.373,
      },
    ),
  },
  'IMAGENET1K_V1',
);
