/** The trained weights of Swin Transformer: where they are, how good they are, what images they want. */
import { imagenet, weights_enum } from '../_weights.ts';

export const Swin_B_Weights = weights_enum(
  'Swin_B_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_b-68c6b09e.pth',
      { crop_size: 224, resize_size: 238, interpolation: 'bicubic' },
      {
        num_params: 87768224,
        min_size: [224, 224],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.582, 'acc@5': 96.64 } },
        _ops: 15.431,
        _file_size: 335.364,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const Swin_S_Weights = weights_enum(
  'Swin_S_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_s-5e29d889.pth',
      { crop_size: 224, resize_size: 246, interpolation: 'bicubic' },
      {
        num_params: 49606258,
        min_size: [224, 224],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.196, 'acc@5': 96.36 } },
        _ops: 8.741,
        _file_size: 189.786,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const Swin_T_Weights = weights_enum(
  'Swin_T_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_t-704ceda3.pth',
      { crop_size: 224, resize_size: 232, interpolation: 'bicubic' },
      {
        num_params: 28288354,
        min_size: [224, 224],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer',
        _metrics: { 'ImageNet-1K': { 'acc@1': 81.474, 'acc@5': 95.776 } },
        _ops: 4.491,
        _file_size: 108.19,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const Swin_V2_B_Weights = weights_enum(
  'Swin_V2_B_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_v2_b-781e5279.pth',
      { crop_size: 256, resize_size: 272, interpolation: 'bicubic' },
      {
        num_params: 87930848,
        min_size: [256, 256],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 84.112, 'acc@5': 96.864 } },
        _ops: 20.325,
        _file_size: 336.372,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const Swin_V2_S_Weights = weights_enum(
  'Swin_V2_S_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_v2_s-637d8ceb.pth',
      { crop_size: 256, resize_size: 260, interpolation: 'bicubic' },
      {
        num_params: 49737442,
        min_size: [256, 256],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 83.712, 'acc@5': 96.816 } },
        _ops: 11.546,
        _file_size: 190.675,
      },
    ),
  },
  'IMAGENET1K_V1',
);

export const Swin_V2_T_Weights = weights_enum(
  'Swin_V2_T_Weights',
  {
    IMAGENET1K_V1: imagenet(
      'https://download.pytorch.org/models/swin_v2_t-b137f0e2.pth',
      { crop_size: 256, resize_size: 260, interpolation: 'bicubic' },
      {
        num_params: 28351570,
        min_size: [256, 256],
        recipe: 'https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2',
        _metrics: { 'ImageNet-1K': { 'acc@1': 82.072, 'acc@5': 96.132 } },
        _ops: 5.94,
        _file_size: 108.626,
      },
    ),
  },
  'IMAGENET1K_V1',
);
