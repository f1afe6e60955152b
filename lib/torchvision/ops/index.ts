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
