/** The trained weights of MNASNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const MNASNet0_5_Weights = weights_enum(
  'MNASNet0_5_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mnasnet0.5_top1_67.823-3ffadce67e.pth',
      { crop_size: 224 },
      {
        num_params: 2218512,
        min_size: [1, 1],
        recipe: 'https://github.com/1e100/mnasnet_trainer',
        _metrics: { 'ImageNet-1K': { 'acc@1': 67.734, 'acc@5': 87.49 } },
        _ops: 0.104,
        _file_size: 8.591,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const MNASNet0_75_Weights = weights_enum(
  'MNASNet0_75_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mnasnet0_75-7090bc5f.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 3170208,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/pull/6019',
        _metrics: { 'ImageNet-1K': { 'acc@1': 71.18, 'acc@5': 90.496 } },
        _ops: 0.215,
        _file_size: 12.303,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const MNASNet1_0_Weights = weights_enum(
  'MNASNet1_0_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mnasnet1.0_top1_73.512-f206786ef8.pth',
      { crop_size: 224 },
      {
        num_params: 4383312,
        min_size: [1, 1],
        recipe: 'https://github.com/1e100/mnasnet_trainer',
        _metrics: { 'ImageNet-1K': { 'acc@1': 73.456, 'acc@5': 91.51 } },
        _ops: 0.314,
        _file_size: 16.915,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const MNASNet1_3_Weights = weights_enum(
  'MNASNet1_3_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mnasnet1_3-a4c69d6f.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 6282256,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/pull/6019',
        _metrics: { 'ImageNet-1K': { 'acc@1': 76.506, 'acc@5': 93.522 } },
        _ops: 0.526,
        _file_size: 24.246,
      },
    ),
  },
  'IMAGENET1K_V1',
);
