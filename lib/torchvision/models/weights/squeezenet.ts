/** The trained weights of SqueezeNet: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const SqueezeNet1_0_Weights = weights_enum(
  'SqueezeNet1_0_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/squeezenet1_0-b66bff10.pth',
      { crop_size: 224 },
      {
        num_params: 1248424,
        min_size: [21, 21],
        recipe: 'https://github.com/pytorch/vision/pull/49#issuecomment-277560717',
        _metrics: { 'ImageNet-1K': { 'acc@1': 58.092, 'acc@5': 80.42 } },
        _ops: 0.819,
        _file_size: 4.778,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const SqueezeNet1_1_Weights = weights_enum(
  'SqueezeNet1_1_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth',
      { crop_size: 224 },
      {
        num_params: 1235496,
        min_size: [17, 17],
        recipe: 'https://github.com/pytorch/vision/pull/49#issuecomment-277560717',
        _metrics: { 'ImageNet-1K': { 'acc@1': 58.178, 'acc@5': 80.624 } },
        _ops: 0.349,
        _file_size: 4.729,
      },
    ),
  },
  'IMAGENET1K_V1',
);
