import type { Arguments } from '../../arguments.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { verify_batch_norm_eps, verify_batch_size } from './batch_norm_checks.ts';

export interface BatchNormFunctionOptions {
  input: Tensor;
  running_mean: Tensor | null;
  running_var: Tensor | null;
  weight?: Tensor | null;
  bias?: Tensor | null;
  training?: boolean;
  momentum?: number;
  eps?: number;
}
const batch_norm_arguments = signature<BatchNormFunctionOptions>('batch_norm', [
  'input',
  'running_mean',
  'running_var',
  ['weight', null],
  ['bias', null],
  ['training', false],
  ['momentum', 0.1],
  ['eps', 1e-5],
]);

/**
 * Gives each channel of `(N, C, *)` mean 0 and variance 1 over the batch, or subtracts and divides by the running
 * statistics, which are updated in training.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
 */
export function batch_norm(
  ...args: Arguments<
    BatchNormFunctionOptions,
    ['input', 'running_mean', 'running_var', 'weight', 'bias', 'training', 'momentum', 'eps']
  >
): Tensor {
  const { input, running_mean, running_var, weight, bias, training, momentum, eps } = batch_norm_arguments(args);
  if (training) verify_batch_size(input.shape);
  verify_batch_norm_eps(training, eps);
  return aten.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, true);
}

export interface InstanceNormFunctionOptions {
  input: Tensor;
  running_mean?: Tensor | null;
  running_var?: Tensor | null;
  weight?: Tensor | null;
  bias?: Tensor | null;
  use_input_stats?: boolean;
  momentum?: number;
  eps?: number;
}
const instance_norm_arguments = signature<InstanceNormFunctionOptions>('instance_norm', [
  'input',
  ['running_mean', null],
  ['running_var', null],
  ['weight', null],
  ['bias', null],
  ['use_input_stats', true],
  ['momentum', 0.1],
  ['eps', 1e-5],
]);

/**
 * Gives each channel of each sample of `(N, C, *)` mean 0 and variance 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html
 */
export function instance_norm(
  ...args: Arguments<
    InstanceNormFunctionOptions,
    ['input', 'running_mean', 'running_var', 'weight', 'bias', 'use_input_stats', 'momentum', 'eps']
  >
): Tensor {
  const options = instance_norm_arguments(args);
  const { input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps } = options;
  const shape = input.shape;
  if (use_input_stats && shape.slice(2).numel() === 1) {
    throw new ValueError(`Expected more than 1 spatial element when training, got input size ${String(shape)}`);
  }
  return aten.instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
}

export interface LayerNormFunctionOptions {
  input: Tensor;
  normalized_shape: readonly number[];
  weight?: Tensor | null;
  bias?: Tensor | null;
  eps?: number;
}
const layer_norm_arguments = signature<LayerNormFunctionOptions>('layer_norm', [
  'input',
  'normalized_shape',
  ['weight', null],
  ['bias', null],
  ['eps', 1e-5],
]);

/**
 * Gives the last dimensions, those of `normalized_shape`, mean 0 and variance 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
 */
export function layer_norm(
  ...args: Arguments<LayerNormFunctionOptions, ['input', 'normalized_shape', 'weight', 'bias', 'eps']>
): Tensor {
  const { input, normalized_shape, weight, bias, eps } = layer_norm_arguments(args);
  return aten.layer_norm(input, normalized_shape, weight, bias, eps, true);
}

export interface RMSNormFunctionOptions {
  input: Tensor;
  normalized_shape: readonly number[];
  weight?: Tensor | null;
  eps?: number | null;
}
const rms_norm_arguments = signature<RMSNormFunctionOptions>('rms_norm', [
  'input',
  'normalized_shape',
  ['weight', null],
  ['eps', null],
]);

/**
 * Divides the last dimensions, those of `normalized_shape`, by their root mean square.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html
 */
export function rms_norm(
  ...args: Arguments<RMSNormFunctionOptions, ['input', 'normalized_shape', 'weight', 'eps']>
): Tensor {
  const { input, normalized_shape, weight, eps } = rms_norm_arguments(args);
  return aten.rms_norm(input, normalized_shape, weight, eps);
}

export interface GroupNormFunctionOptions {
  input: Tensor;
  num_groups: number;
  weight?: Tensor | null;
  bias?: Tensor | null;
  eps?: number;
}
const group_norm_arguments = signature<GroupNormFunctionOptions>('group_norm', [
  'input',
  'num_groups',
  ['weight', null],
  ['bias', null],
  ['eps', 1e-5],
]);

/**
 * Gives each group of channels of each sample of `(N, C, *)` mean 0 and variance 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
 */
export function group_norm(
  ...args: Arguments<GroupNormFunctionOptions, ['input', 'num_groups', 'weight', 'bias', 'eps']>
): Tensor {
  const { input, num_groups, weight, bias, eps } = group_norm_arguments(args);
  const shape = input.shape;
  if (shape.length < 2) {
    throw new RuntimeError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  }
  verify_batch_size([Math.floor((shape[0]! * shape[1]!) / num_groups), num_groups, ...Array.from(shape).slice(2)]);
  return aten.group_norm(input, num_groups, weight, bias, eps, true);
}

export interface LocalResponseNormFunctionOptions {
  input: Tensor;
  size: number;
  alpha?: number;
  beta?: number;
  k?: number;
}
const local_response_norm_arguments = signature<LocalResponseNormFunctionOptions>('local_response_norm', [
  'input',
  'size',
  ['alpha', 1e-4],
  ['beta', 0.75],
  ['k', 1],
]);

/**
 * Divides each element of `(N, C, *)` by a power of the mean square over neighbouring channels.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html
 */
export function local_response_norm(
  ...args: Arguments<LocalResponseNormFunctionOptions, ['input', 'size', 'alpha', 'beta', 'k']>
): Tensor {
  const { input, size, alpha, beta, k } = local_response_norm_arguments(args);
  const shape = input.shape;
  if (shape.length < 3) {
    throw new ValueError(
      `Expected 3D or higher dimensionality                          input (got ${shape.length} dimensions)`,
    );
  }
  if (shape.numel() === 0) return input;
  const before = Math.floor(size / 2);
  const after = Math.floor((size - 1) / 2);
  return tidy(() => {
    const squares = input.mul(input);
    let means: Tensor;
    if (shape.length === 3) {
      const padded = aten.pad(squares.unsqueeze(1), [0, 0, before, after]);
      means = aten.avg_pool2d(padded, [size, 1], 1).squeeze(1);
    } else {
      const image = squares.view([shape[0]!, 1, shape[1]!, shape[2]!, -1]);
      const padded = aten.pad(image, [0, 0, 0, 0, before, after]);
      means = aten.avg_pool3d(padded, [size, 1, 1], 1).squeeze(1).view(shape);
    }
    return input.div(means.mul(alpha).add(k).pow(beta));
  });
}

export interface NormalizeOptions {
  input: Tensor;
  p?: number;
  dim?: number | readonly number[];
  eps?: number;
  out?: Tensor | null;
}
const normalize_arguments = signature<NormalizeOptions>('normalize', [
  'input',
  ['p', 2],
  ['dim', 1],
  ['eps', 1e-12],
  ['out', null],
]);

/**
 * Divides by the p-norm along a dimension, or by `eps` where that is larger.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 */
export function normalize(...args: Arguments<NormalizeOptions, ['input', 'p', 'dim', 'eps', 'out']>): Tensor {
  const { input, p, dim, eps, out } = normalize_arguments(args);
  return tidy(() => {
    const norm = aten.linalg_vector_norm(input, p, typeof dim === 'number' ? [dim] : dim, true);
    if (out !== null) return aten.div(input, norm.clamp_min_(eps).expand_as(input), { out });
    return aten.div(input, norm.clamp_min(eps).expand_as(input));
  });
}
