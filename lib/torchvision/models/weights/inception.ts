/** The trained weights of Inception v3: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const Inception_V3_Weights = weights_enum(
  'Inception_V3_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth',
      { crop_size: 299, resize_size: 342 },
      {
        num_params: 27161264,
        min_size: [75, 75],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#inception-v3',
        _metrics: { 'ImageNet-1K': { 'acc@1': 77.294, 'acc@5': 93.45 } },
        _ops: 5.713,
        _file_size: 103.903,
      },
    ),
  },
  'IMAGENET1K_V1',
);
