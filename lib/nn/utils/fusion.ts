/**
 * Computes a batch norm in evaluation mode together with the layer before it.
 * @see https://docs.pytorch.org/docs/stable/nn.html#utility-functions-to-fuse-modules
 */
import { wrong_type } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { AssertionError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { _NormBase } from '../modules/batchnorm.ts';
import { _ConvNd } from '../modules/conv.ts';
import { deepcopy } from '../../copy/index.ts';
import { Linear } from '../modules/linear.ts';
import type { Module } from '../modules/module.ts';
import { Parameter } from '../parameter.ts';
import { signature } from './checked.ts';

export interface FuseConvBnEvalOptions<C extends _ConvNd = _ConvNd> {
  conv: C;
  bn: _NormBase;
  transpose?: boolean;
}
export interface FuseConvBnWeightsOptions {
  conv_w: Tensor;
  conv_b: Tensor | null;
  bn_rm: Tensor;
  bn_rv: Tensor;
  bn_eps: number;
  bn_w: Tensor | null;
  bn_b: Tensor | null;
  transpose?: boolean;
}
export interface FuseLinearBnEvalOptions<L extends Linear = Linear> {
  linear: L;
  bn: _NormBase;
}
export interface FuseLinearBnWeightsOptions {
  linear_w: Tensor;
  linear_b: Tensor | null;
  bn_rm: Tensor;
  bn_rv: Tensor;
  bn_eps: number;
  bn_w: Tensor;
  bn_b: Tensor;
}

const fuse_conv_bn_eval_arguments = signature<FuseConvBnEvalOptions>('fuse_conv_bn_eval', [
  'conv',
  'bn',
  ['transpose', false],
]);
const fuse_conv_bn_weights_arguments = signature<FuseConvBnWeightsOptions>('fuse_conv_bn_weights', [
  'conv_w',
  'conv_b',
  'bn_rm',
  'bn_rv',
  'bn_eps',
  'bn_w',
  'bn_b',
  ['transpose', false],
]);
const fuse_linear_bn_eval_arguments = signature<FuseLinearBnEvalOptions>('fuse_linear_bn_eval', ['linear', 'bn']);
const fuse_linear_bn_weights_arguments = signature<FuseLinearBnWeightsOptions>('fuse_linear_bn_weights', [
  'linear_w',
  'linear_b',
  'bn_rm',
  'bn_rv',
  'bn_eps',
  'bn_w',
  'bn_b',
]);

/** The statistics that a batch norm in evaluation mode uses. */
function statistics_of(bn: _NormBase): [mean: Tensor, variance: Tensor] {
  if (bn.running_mean === null || bn.running_var === null) {
    throw new AssertionError('bn.running_mean and bn.running_var must not be None');
  }
  return [bn.running_mean, bn.running_var];
}

function check_evaluating(...modules: readonly Module[]): void {
  if (modules.some((module) => module.training)) throw new AssertionError('Fusion only for eval!');
}

/**
 * A copy of a convolution that computes what it and the batch norm after it do.
 * @param transpose whether it is a transposed convolution (default: false)
 * @throws AssertionError unless both are in evaluation mode and the batch norm has running statistics
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_eval.html
 */
export function fuse_conv_bn_eval<C extends _ConvNd>(
  ...args: Arguments<FuseConvBnEvalOptions<C>, ['conv', 'bn', 'transpose']>
): C {
  const { conv, bn, transpose } = fuse_conv_bn_eval_arguments(args) as Required<FuseConvBnEvalOptions<C>>;
  if (!(conv instanceof _ConvNd)) throw wrong_type('fuse_conv_bn_eval', 'conv', 'convolution', conv);
  if (!(bn instanceof _NormBase)) throw wrong_type('fuse_conv_bn_eval', 'bn', 'batch norm', bn);
  check_evaluating(conv, bn);
  const fused = deepcopy(conv);
  const [mean, variance] = statistics_of(bn);
  [fused.weight, fused.bias] = fuse_conv_bn_weights(
    fused.weight,
    fused.bias,
    mean,
    variance,
    bn.eps,
    bn.weight,
    bn.bias,
    transpose,
  );
  return fused;
}

/**
 * The weight and bias of a convolution that computes what one and the batch norm after it do.
 * @param conv_w the convolution's weight
 * @param conv_b its bias, if any
 * @param bn_rm the batch norm's running mean
 * @param bn_rv its running variance
 * @param bn_eps its `eps`
 * @param bn_w its weight, if any
 * @param bn_b its bias, if any
 * @param transpose whether it is a transposed convolution (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_weights.html
 */
export function fuse_conv_bn_weights(
  ...args: Arguments<
    FuseConvBnWeightsOptions,
    ['conv_w', 'conv_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b', 'transpose']
  >
): [weight: Parameter, bias: Parameter] {
  const { conv_w, bn_rm, bn_rv, bn_eps, transpose, ...given } = fuse_conv_bn_weights_arguments(args);
  const bias_dtype = (given.conv_b ?? conv_w).dtype;
  return tidy(() => {
    const conv_b = given.conv_b ?? aten.zeros_like(bn_rm);
    const bn_w = given.bn_w ?? aten.ones_like(bn_rm);
    const bn_b = given.bn_b ?? aten.zeros_like(bn_rm);
    const scale = bn_rv.add(bn_eps).rsqrt();
    const ones = Array.from({ length: conv_w.dim() - 2 }, () => 1);
    const shape = transpose ? [1, -1, ...ones] : [-1, 1, ...ones];
    const weight = conv_w.mul(bn_w.mul(scale).reshape(shape)).to(conv_w.dtype);
    const bias = conv_b.sub(bn_rm).mul(scale).mul(bn_w).add(bn_b).to(bias_dtype);
    return [new Parameter(weight, conv_w.requires_grad), new Parameter(bias, conv_b.requires_grad)];
  });
}

/**
 * A copy of a linear layer that computes what it and the batch norm after it do.
 * @throws AssertionError unless both are in evaluation mode, the batch norm has running statistics, and as many
 *   features as the layer gives, or one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_eval.html
 */
export function fuse_linear_bn_eval<L extends Linear>(
  ...args: Arguments<FuseLinearBnEvalOptions<L>, ['linear', 'bn']>
): L {
  const { linear, bn } = fuse_linear_bn_eval_arguments(args) as Required<FuseLinearBnEvalOptions<L>>;
  if (!(linear instanceof Linear)) throw wrong_type('fuse_linear_bn_eval', 'linear', 'Linear', linear);
  if (!(bn instanceof _NormBase)) throw wrong_type('fuse_linear_bn_eval', 'bn', 'batch norm', bn);
  check_evaluating(linear, bn);
  const fused = deepcopy(linear);
  if (linear.out_features !== bn.num_features && bn.num_features !== 1) {
    throw new AssertionError(
      'To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got ' +
        `linear.out_features=${linear.out_features} and bn.num_features=${bn.num_features}`,
    );
  }
  const [mean, variance] = statistics_of(bn);
  [fused.weight, fused.bias] = fuse_linear_bn_weights(
    fused.weight,
    fused.bias,
    mean,
    variance,
    bn.eps,
    bn.weight!,
    bn.bias!,
  );
  return fused;
}

/**
 * The weight and bias of a linear layer that computes what one and the batch norm after it do; the parameters are those
 * of {@link fuse_conv_bn_weights}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_weights.html
 */
export function fuse_linear_bn_weights(
  ...args: Arguments<
    FuseLinearBnWeightsOptions,
    ['linear_w', 'linear_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b']
  >
): [weight: Parameter, bias: Parameter] {
  const { linear_w, bn_rm, bn_rv, bn_eps, bn_w, bn_b, ...given } = fuse_linear_bn_weights_arguments(args);
  const bias_dtype = (given.linear_b ?? linear_w).dtype;
  return tidy(() => {
    const linear_b = given.linear_b ?? aten.zeros_like(bn_rm);
    const scale = bn_w.mul(bn_rv.add(bn_eps).rsqrt());
    const weight = linear_w.mul(scale.unsqueeze(-1).to(linear_w.dtype));
    const bias = linear_b.sub(bn_rm).mul(scale).add(bn_b).to(bias_dtype);
    return [new Parameter(weight, linear_w.requires_grad), new Parameter(bias, linear_b.requires_grad)];
  });
}
