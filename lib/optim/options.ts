/** What the constructors of optimizers check their options with. */
import { AssertionError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { option_text } from './optimizer.ts';
import type { Tensors } from './tensor_lists.ts';

/** Options that all optimizers share; what each does is said at `SGD` and `Adam`. */
export interface CommonOptions {
  maximize?: boolean;
  foreach?: boolean | null;
  differentiable?: boolean;
  fused?: boolean | null;
}

/** The number in an option. */
export function number_of(name: string, value: unknown): number {
  if (value instanceof Tensor) return value.item();
  if (typeof value === 'number') return value;
  throw new TypeError(`argument '${name}' must be a number or a Tensor, not ${type_name(value)}`);
}

/** @throws ValueError unless `value`, which the message calls `what`, lies from `low` up to below `high` */
export function check_range(name: string, what: string, value: unknown, low: number, high = Infinity): void {
  const number = number_of(name, value);
  if (number >= low && (number < high || high === Infinity)) return;
  throw new ValueError(`Invalid ${what}: ${option_text(value)}`);
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
const capturable_devices = ['cuda', 'xpu', 'hpu', 'privateuseone', 'xla'];

/** @throws AssertionError for parameters that cannot be updated within a graph */
export function check_capturable(params: Tensors, steps: Tensors): void {
  params.forEach((param, i) => {
    const { type } = param.device;
    if (steps[i]!.device.type !== type || !capturable_devices.includes(type)) {
      throw new AssertionError(
        'If capturable=True, params and state_steps must be on supported devices: ' +
          `[${capturable_devices.map((device) => `'${device}'`).join(', ')}].`,
      );
    }
  });
}

/** An option as a 0-dim tensor, if it is a tensor of one element with more dimensions. */
export function to_scalar<T>(value: T): T {
  return value instanceof Tensor && value.ndim !== 0 ? (value.squeeze() as T) : value;
}
