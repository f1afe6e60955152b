/**
 * Helpers for networks.
 * @see https://docs.pytorch.org/docs/stable/nn.html#utilities
 */
export {
  clip_grad_norm,
  clip_grad_norm_,
  clip_grad_value_,
  clip_grads_with_norm_,
  get_total_norm,
} from './clip_grad.ts';
export type {
  ClipGradNormOptions,
  ClipGradValueOptions,
  ClipGradsWithNormOptions,
  GetTotalNormOptions,
  NormType,
} from './clip_grad.ts';
export { parameters_to_vector, vector_to_parameters } from './convert_parameters.ts';
export {
  fuse_conv_bn_eval,
  fuse_conv_bn_weights,
  fuse_linear_bn_eval,
  fuse_linear_bn_weights,
} from './fusion.ts';
export type {
  FuseConvBnEvalOptions,
  FuseConvBnWeightsOptions,
  FuseLinearBnEvalOptions,
  FuseLinearBnWeightsOptions,
} from './fusion.ts';
export { skip_init } from './init.ts';
export { convert_conv2d_weight_memory_format, convert_conv3d_weight_memory_format } from './memory_format.ts';
export { remove_spectral_norm, spectral_norm } from './spectral_norm.ts';
export type { SpectralNormOptions } from './spectral_norm.ts';
export { remove_weight_norm, weight_norm } from './weight_norm.ts';
export type { WeightNormOptions } from './weight_norm.ts';

export * as fusion from './fusion.ts';
export * as parametrizations from './parametrizations.ts';
export * as parametrize from './parametrize.ts';
export * as prune from './prune/index.ts';
export * as rnn from './rnn.ts';
export * as stateless from './stateless.ts';
