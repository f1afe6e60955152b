/**
 * Keeps gradients from growing too large.
 * @see https://docs.pytorch.org/docs/stable/nn.html#module-torch.nn.utils
 */
import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { RuntimeError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import { float_str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from './checked.ts';
import { tensors_of, to_float } from './tensors.ts';
import type { TensorOrTensors } from './tensors.ts';

/** Which norm: p as a number, or `'inf'`. */
export type NormType = number | 'inf';

export interface GetTotalNormOptions {
  tensors: TensorOrTensors;
  norm_type?: NormType;
  error_if_nonfinite?: boolean;
  foreach?: boolean | null;
}
export interface ClipGradsWithNormOptions {
  parameters: TensorOrTensors;
  max_norm: number;
  total_norm: Tensor;
  foreach?: boolean | null;
}
export interface ClipGradNormOptions {
  parameters: TensorOrTensors;
  max_norm: number;
  norm_type?: NormType;
  error_if_nonfinite?: boolean;
  foreach?: boolean | null;
}
export interface ClipGradValueOptions {
  parameters: TensorOrTensors;
  clip_value: number;
  foreach?: boolean | null;
}
type ClipGradNormArguments = Arguments<
  ClipGradNormOptions,
  ['parameters', 'max_norm', 'norm_type', 'error_if_nonfinite', 'foreach']
>;

const get_total_norm_arguments = signature<GetTotalNormOptions>('get_total_norm', [
  'tensors',
  ['norm_type', 2],
  ['error_if_nonfinite', false],
  ['foreach', null],
]);
const clip_grads_with_norm_arguments = signature<ClipGradsWithNormOptions>('clip_grads_with_norm_', [
  'parameters',
  'max_norm',
  'total_norm',
  ['foreach', null],
]);
const clip_grad_norm_arguments = signature<ClipGradNormOptions>('clip_grad_norm_', [
  'parameters',
  'max_norm',
  ['norm_type', 2],
  ['error_if_nonfinite', false],
  ['foreach', null],
]);
const clip_grad_value_arguments = signature<ClipGradValueOptions>('clip_grad_value_', [
  'parameters',
  'clip_value',
  ['foreach', null],
]);

/** Devices on which one operator over a whole list is faster than one for each tensor. */
const FOREACH_DEVICES: readonly string[] = ['cuda', 'xpu', 'mtia'];

/** The tensors of each device and dtype, which operators over lists take together. */
function grouped(tensors: readonly Tensor[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const tensor of tensors) {
    const key = `${String(tensor.device)} ${String(tensor.dtype)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tensor]);
    else group.push(tensor);
  }
  return [...groups.values()];
}

/**
 * Is an operator over the whole list to be used, for tensors of one device?
 * @throws RuntimeError if it is asked for where there is none
 */
function uses_foreach(tensors: readonly Tensor[], foreach: boolean | null): boolean {
  const { type } = tensors[0]!.device;
  const fast = FOREACH_DEVICES.includes(type);
  if (foreach === null) return fast;
  if (foreach && !fast && type !== 'cpu') {
    throw new RuntimeError(`foreach=True was passed, but can't use the foreach API on ${type} tensors`);
  }
  return foreach;
}

function gradients_of(parameters: readonly Tensor[]): Tensor[] {
  return parameters.map((param) => param.grad).filter((grad) => grad !== null);
}

/**
 * The norm of all elements of all tensors, as if they were one vector.
 * @param tensors a tensor or several
 * @param norm_type the p of the norm, `'inf'` or `Infinity` for the largest absolute value (default: 2)
 * @param error_if_nonfinite fail if the norm is not finite (default: false)
 * @param foreach use one operator over all tensors; null: where that is faster (default: null)
 * @returns a tensor of one number, 0 if there are no tensors
 * @throws RuntimeError for a norm that is not finite, if that is asked for
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html
 */
export function get_total_norm(
  ...args: Arguments<GetTotalNormOptions, ['tensors', 'norm_type', 'error_if_nonfinite', 'foreach']>
): Tensor {
  const { tensors: given, norm_type, error_if_nonfinite, foreach } = get_total_norm_arguments(args);
  const tensors = tensors_of(given);
  const p = to_float(norm_type);
  if (tensors.length === 0) return aten.scalar_tensor(0);
  const compute = (): Tensor => {
    const { device } = tensors[0]!;
    const norms = grouped(tensors).flatMap((group) =>
      uses_foreach(group, foreach)
        ? aten._foreach_norm(group, p)
        : group.map((tensor) => aten.linalg_vector_norm(tensor, p)),
    );
    return aten.linalg_vector_norm(aten.stack(norms.map((norm) => norm.to(device))), p);
  };
  const total_norm = no_grad(() => tidy(compute, tensors));
  if (error_if_nonfinite && !aten.isfinite(total_norm).item()) {
    throw new RuntimeError(
      `The total norm of order ${float_str(p)} for gradients from \`parameters\` is non-finite, so it cannot be ` +
        'clipped. To disable this error and scale the gradients by the non-finite norm anyway, set ' +
        '`error_if_nonfinite=False`',
    );
  }
  return total_norm;
}

/**
 * Scales gradients down, in place, so that the norm of them all is `max_norm`, if it is larger.
 * @param parameters a parameter or several, whose gradients are meant
 * @param max_norm the largest norm that they may have
 * @param total_norm the norm that they have, from {@link get_total_norm}
 * @param foreach use one operator over all gradients; null: where that is faster (default: null)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grads_with_norm_.html
 */
export function clip_grads_with_norm_(
  ...args: Arguments<ClipGradsWithNormOptions, ['parameters', 'max_norm', 'total_norm', 'foreach']>
): void {
  const { parameters, max_norm, total_norm, foreach } = clip_grads_with_norm_arguments(args);
  scale_down(gradients_of(tensors_of(parameters)), to_float(max_norm), total_norm, foreach);
}

function scale_down(gradients: readonly Tensor[], max_norm: number, total_norm: Tensor, foreach: boolean | null): void {
  if (gradients.length === 0) return;
  const scale = (): void => {
    // Python divides a number by a tensor in these two steps, and each rounds.
    const factor = total_norm.add(1e-6).reciprocal().mul(max_norm).clamp({ max: 1 });
    for (const group of grouped(gradients)) {
      const here = factor.to(group[0]!.device);
      if (uses_foreach(group, foreach)) aten._foreach_mul_(group, here);
      else for (const gradient of group) gradient.mul_(here);
    }
  };
  no_grad(() => tidy(scale, gradients));
}

/**
 * Scales gradients down, in place, so that the norm of them all, as if they were one vector, is at most `max_norm`.
 *
 * ```ts
 * loss.backward();
 * nn.utils.clip_grad_norm_(model.parameters(), 1.0);
 * optimizer.step();
 * ```
 * @param parameters a parameter or several, whose gradients are meant
 * @param max_norm the largest norm that they may have
 * @param norm_type the p of the norm, `'inf'` or `Infinity` for the largest absolute value (default: 2)
 * @param error_if_nonfinite fail if the norm is not finite (default: false)
 * @param foreach use one operator over all gradients; null: where that is faster (default: null)
 * @returns the norm that they had, a tensor of one number
 * @throws RuntimeError for a norm that is not finite, if that is asked for
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export function clip_grad_norm_(...args: ClipGradNormArguments): Tensor {
  const { parameters, max_norm, norm_type, error_if_nonfinite, foreach } = clip_grad_norm_arguments(args);
  const tensors = tensors_of(parameters);
  if (tensors.length === 0 && Object.prototype.toString.call(parameters) === '[object Generator]') {
    warn('`parameters` is an empty generator, no gradient clipping will occur.');
  }
  const gradients = gradients_of(tensors);
  const total_norm = get_total_norm(gradients, norm_type, error_if_nonfinite, foreach);
  scale_down(gradients, to_float(max_norm), total_norm, foreach);
  return total_norm;
}

/**
 * The old name of {@link clip_grad_norm_}, which goes on working.
 * @deprecated use {@link clip_grad_norm_}
 */
export function clip_grad_norm(...args: ClipGradNormArguments): Tensor {
  warn(
    '`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
    'FutureWarning',
  );
  return clip_grad_norm_(...args);
}

/**
 * Limits every element of the gradients, in place, to the range from `-clip_value` to `clip_value`.
 * @param parameters a parameter or several, whose gradients are meant
 * @param clip_value the largest absolute value that an element may have
 * @param foreach use one operator over all gradients; null: where that is faster (default: null)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 */
export function clip_grad_value_(
  ...args: Arguments<ClipGradValueOptions, ['parameters', 'clip_value', 'foreach']>
): void {
  const { parameters, clip_value, foreach } = clip_grad_value_arguments(args);
  const gradients = gradients_of(tensors_of(parameters));
  const limit = to_float(clip_value);
  no_grad(() => {
    for (const group of grouped(gradients)) {
      if (uses_foreach(group, foreach)) {
        aten._foreach_clamp_min_(group, -limit);
        aten._foreach_clamp_max_(group, limit);
      } else {
        for (const gradient of group) gradient.clamp_(-limit, limit);
      }
    }
  });
}
