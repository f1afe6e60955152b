/** The trained weights of MaxViT: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const MaxVit_T_Weights = weights_enum(
  'MaxVit_T_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/maxvit_t-bc5ab103.pth',
      { crop_size: 224, resize_size: 224, interpolation: 'bicubic' },
      {
        num_params: 30919624,
        min_size: [224, 224],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#maxvit',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.7, 'acc@5': 96.722 } },
        _ops: 5.558,
        _file_size: 118.769,
      },
    ),
  },
  'IMAGENET1K_V1',
);
