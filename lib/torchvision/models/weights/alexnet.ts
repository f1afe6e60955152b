/** The trained weights of AlexNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const AlexNet_Weights = weights_enum(
  'AlexNet_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/alexnet-owt-7be5be79.pth',
      { crop_size: 224 },
      {
        num_params: 61100840,
        min_size: [63, 63],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg',
        _metrics: { 'ImageNet-1K': { 'acc@1': 56.522, 'acc@5': 79.066 } },
        _ops: 0.714,
        _file_size: 233.087,
      },
    ),
  },
  'IMAGENET1K_V1',
);
