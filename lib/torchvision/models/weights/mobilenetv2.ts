/** The trained weights of MobileNetV2: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const MobileNet_V2_Weights = weights_enum(
  'MobileNet_V2_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mobilenet_v2-b0353104.pth',
      { crop_size: 224 },
      {
        num_params: 3504872,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 71.878, 'acc@5': 90.286 } },
        _ops: 0.301,
        _file_size: 13.555,
      },
    ),
    IMAGENET1K_V2: imagenet(
      'https://download.pytorch.org/models/mobilenet_v2-7ebf99e0.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 3504872,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/issues/3995#new-recipe-with-reg-tuning',
        _metrics: { 'ImageNet-1K': { 'acc@1': 72.154, 'acc@5': 90.822 } },
        _ops: 0.301,
        _file_size: 13.598,
      },
    ),
  },
  'IMAGENET1K_V2',
);
