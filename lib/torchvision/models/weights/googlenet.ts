/** The trained weights of GoogLeNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const GoogLeNet_Weights = weights_enum(
  'GoogLeNet_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/googlenet-1378be20.pth',
      { crop_size: 224 },
      {
        num_params: 6624904,
        min_size: [15, 15],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#googlenet',
        _metrics: { 'ImageNet-1K': { 'acc@1': 69.778, 'acc@5': 89.53 } },
        _ops: 1.498,
        _file_size: 49.731,
      },
    ),
  },
  'IMAGENET1K_V1',
);
