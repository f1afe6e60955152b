/** The trained weights of MobileNetV3: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const MobileNet_V3_Large_Weights = weights_enum(
  'MobileNet_V3_Large_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mobilenet_v3_large-8738ca79.pth',
      { crop_size: 224 },
      {
        num_params: 5483032,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv3-large--small',
        _metrics: { 'ImageNet-1K': { 'acc@1': 74.042, 'acc@5': 91.34 } },
        _ops: 0.217,
        _file_size: 21.114,
      },
    ),
    IMAGENET1K_V2: imagenet(
      'https://download.pytorch.org/models/mobilenet_v3_large-5c1a4163.pth',
      { crop_size: 224, resize_size: 232 },
      {
        num_params: 5483032,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/issues/3995#new-recipe-with-reg-tuning',
        _metrics: { 'ImageNet-1K': { 'acc@1': 75.274, 'acc@5': 92.566 } },
        _ops: 0.217,
        _file_size: 21.107,
      },
    ),
  },
  'IMAGENET1K_V2',
);

export const MobileNet_V3_Small_Weights = weights_enum(
  'MobileNet_V3_Small_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/mobilenet_v3_small-047dcff4.pth',
      { crop_size: 224 },
      {
        num_params: 2542856,
        min_size: [1, 1],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv3-large--small',
        _metrics: { 'ImageNet-1K': { 'acc@1': 67.668, 'acc@5': 87.402 } },
        _ops: 0.057,
        _file_size: 9.829,
      },
    ),
  },
  'IMAGENET1K_V1',
);
