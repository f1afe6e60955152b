/**
 * Older spellings of what is in `torch.amp`, for the CPU.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
import {
  device_autocast, type DeviceAutocastArguments, device_scaler_options, type DeviceScalerArguments,
} from '../../amp/deprecated.ts';
import { GradScaler as AnyGradScaler } from '../../amp/grad_scaler.ts';
import type { Guard } from '../../autograd/grad_mode.ts';

/** @deprecated use `torch.amp.autocast('cpu', …)` */
export function autocast<T>(...args: [...given: DeviceAutocastArguments, callback: () => T]): T;
export function autocast(...args: DeviceAutocastArguments): Guard;
export function autocast(...args: readonly unknown[]): unknown {
  return device_autocast('cpu', args);
}

/** @deprecated use `torch.amp.GradScaler('cpu', …)` */
export class GradScaler extends AnyGradScaler {
  constructor(...args: DeviceScalerArguments) {
    super(device_scaler_options('cpu', args));
  }
}
