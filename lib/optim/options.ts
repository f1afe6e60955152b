/** What the constructors of optimizers check their options with. */
import { AssertionError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { float_str, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { option_text } from './optimizer.ts';
import type { Gradients, Tensors } from './tensor_lists.ts';

/** Options that all optimizers share; what each does is said at `SGD` and `Adam`. */
export interface CommonOptions {
  maximize?: boolean;
  foreach?: boolean | null;
  differentiable?: boolean;
  fused?: boolean | null;
}

/** The options of optimizers for which there is no fused operator, but whose steps a graph of CUDA can hold. */
export interface CapturableOptions extends Omit<CommonOptions, 'fused'> {
  capturable?: boolean;
}

/** The number in an option. */
export function number_of(name: string, value: unknown): number {
  if (value instanceof Tensor) return value.item();
  if (typeof value === 'number') return value;
  throw new TypeError(`argument '${name}' must be a number or a Tensor, not ${type_name(value)}`);
}

/**
 * The number that an operator takes for an option: it would not come out of the number again in a graph.
 * @param argument which argument of which operator it is, as messages name it
 * @throws TypeError for a tensor that requires a gradient
 */
export function factor_of(value: unknown, argument: string): number {
  if (value instanceof Tensor && value.requires_grad) throw new TypeError(`${argument} must be Number, not Tensor`);
  return number_of('lr', value);
}

/** @throws ValueError unless `value`, which the message calls `what`, lies from `low` up to below `high` */
export function check_range(name: string, what: string, value: unknown, low: number, high = Infinity): void {
  const number = number_of(name, value);
  if (number >= low && (number < high || high === Infinity)) return;
  // A whole number is most likely a float in Python, but where the default is no float either.
  const is_float = typeof value === 'number' && name !== 'weight_decay';
  throw new ValueError(`Invalid ${what}: ${is_float ? float_str(value) : option_text(value)}`);
}

/** @throws ValueError for a learning rate that is negative, or no single number */
export function check_lr(lr: unknown): void {
  check_one_element('lr', lr);
  check_range('lr', 'learning rate', lr, 0);
}

/** @throws ValueError for decay rates that are not at least 0 and less than 1 */
export function check_decay_rates(betas: readonly [number, number]): void {
  betas.forEach((beta, i) => check_range('betas', `beta parameter at index ${i}`, beta, 0, 1));
}

/** @throws ValueError for a tensor of more than one element */
export function check_one_element(name: string, value: unknown): void {
  if (value instanceof Tensor && value.numel() !== 1) throw new ValueError(`Tensor ${name} must be 1-element`);
}

/** @throws RuntimeError for ways of computing that exclude each other */
export function check_fused({ fused, foreach, differentiable }: CommonOptions): void {
  if (!fused) return;
  if (differentiable) throw new RuntimeError('`fused` does not support `differentiable`');
  if (foreach) throw new RuntimeError('`fused` and `foreach` cannot be `True` together.');
}

/** Where there are fused operators. */
const fused_devices = ['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia', 'privateuseone'];

/** @throws RuntimeError for a parameter that the fused operators cannot update */
export function check_fused_param(param: Tensor): void {
  const { type } = param.device;
  if (fused_devices.includes(type) && param.is_floating_point()) return;
  throw new RuntimeError(
    '`fused=True` requires all the params to be floating point Tensors of supported devices: ' +
      `[${fused_devices.map((device) => `'${device}'`).join(', ')}] but ${param.dtype} and ${type}`,
  );
}

/** Where a step can be part of a graph of CUDA. */
const capturable_devices = ['cuda', 'xpu', 'hpu', 'privateuseone'];

/**
 * @param numbers what has to be where the parameters are, for each parameter
 * @param what what the message calls all that
 * @param xla is a step on an XLA device possible?
 * @throws AssertionError for parameters that cannot be updated within a graph
 */
export function check_capturable(
  params: Tensors,
  numbers: readonly Tensors[],
  what = 'params and state_steps',
  xla = true,
): void {
  const devices = xla ? [...capturable_devices, 'xla'] : capturable_devices;
  params.forEach((param, i) => {
    const { type } = param.device;
    if (devices.includes(type) && numbers[i]!.every((number) => number.device.type === type)) return;
    throw new AssertionError(
      `If capturable=True, ${what} must be on supported devices: ` +
        `[${devices.map((device) => `'${device}'`).join(', ')}].`,
    );
  });
}

/** @throws AssertionError for a step that is to be recorded, and made of operators on lists */
export function check_foreach({ foreach, differentiable }: CommonOptions): void {
  if (foreach && differentiable) throw new AssertionError("_foreach ops don't support autograd");
}

/** @throws RuntimeError if there is a sparse gradient */
export function check_dense(optimizer: string, { any_sparse }: Gradients): void {
  if (any_sparse) throw new RuntimeError(`${optimizer} does not support sparse gradients`);
}

/** Does Python compute with operators on lists here, whose numbers may differ a little from those of its loop? */
export function uses_lists({ foreach }: CommonOptions, { tensors }: Gradients): boolean {
  return foreach ?? !tensors[0]!.is_cpu;
}

/** Has each parameter to be updated by itself: recorded, for a graph, or as a pair of real numbers? */
export function goes_one_by_one(options: CapturableOptions, { tensors }: Gradients): boolean {
  return Boolean(options.capturable) || Boolean(options.differentiable) || tensors[0]!.is_complex();
}

/** The gradient of one parameter, or its negative if we go up. */
export function gradient_of({ maximize }: CommonOptions, param: Tensor): Tensor {
  return maximize ? aten.neg(param.grad!) : param.grad!;
}

/** A tensor of complex numbers as pairs of real ones; others as they are. */
export function as_real<T extends Tensor | undefined>(tensor: T): T {
  return tensor?.is_complex() ? (aten.view_as_real(tensor) as T) : tensor;
}

/** An option as a 0-dim tensor, if it is a tensor of one element with more dimensions. */
export function to_scalar<T>(value: T): T {
  return value instanceof Tensor && value.ndim !== 0 ? (value.squeeze() as T) : value;
}
