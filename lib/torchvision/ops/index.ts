/**
 * `torchvision.ops`: layers and functions for images that are in no other place.
 *
 * @see https://docs.pytorch.org/vision/stable/ops.html
 */
export {
  Conv2dNormActivation,
  Conv3dNormActivation,
  FrozenBatchNorm2d,
  MLP,
  Permute,
  SqueezeExcitation,
} from './misc.ts';
export type {
  ConvNormActivationOptions,
  FrozenBatchNorm2dOptions,
  MLPOptions,
  SqueezeExcitationOptions,
} from './misc.ts';
export type { Layer } from './layer.ts';
export { StochasticDepth, stochastic_depth } from './stochastic_depth.ts';
export type { StochasticDepthMode, StochasticDepthOptions } from './stochastic_depth.ts';
export {
  box_area,
  box_convert,
  box_iou,
  clip_boxes_to_image,
  complete_box_iou,
  distance_box_iou,
  generalized_box_iou,
  masks_to_boxes,
  remove_small_boxes,
} from './boxes.ts';
export type {
  BoxAreaArguments,
  BoxConvertArguments,
  BoxFormat,
  BoxIouArguments,
  BoxPairArguments,
  ClipBoxesArguments,
  DistanceBoxIouArguments,
  RemoveSmallBoxesArguments,
} from './boxes.ts';
export { sigmoid_focal_loss } from './focal_loss.ts';
export type { SigmoidFocalLossArguments } from './focal_loss.ts';
export { batched_nms, nms } from './nms.ts';
export type { BatchedNmsArguments, NmsArguments } from './nms.ts';
