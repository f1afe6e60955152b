/**
 * Older spellings of what is in `torch.amp`, for NVIDIA GPUs.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
import { is_kwargs } from '../../arguments.ts';
import {
  type Backward, custom_bwd as any_custom_bwd, custom_fwd as any_custom_fwd, type CustomFwdParameters, type Forward,
} from '../../amp/autocast_mode.ts';
import {
  device_autocast, type DeviceAutocastArguments, device_scaler_options, type DeviceScalerArguments, warn_of_spelling,
} from '../../amp/deprecated.ts';
import { GradScaler as AnyGradScaler } from '../../amp/grad_scaler.ts';
import type { Guard } from '../../autograd/grad_mode.ts';
import { is_available } from '../device.ts';

/** Is there surely no GPU to run in mixed precision on? */
export function amp_definitely_not_available(): boolean {
  return !is_available();
}

/** @deprecated use `torch.amp.autocast('cuda', …)` */
export function autocast<T>(...args: [...given: DeviceAutocastArguments, callback: () => T]): T;
export function autocast(...args: DeviceAutocastArguments): Guard;
export function autocast(...args: readonly unknown[]): unknown {
  return device_autocast('cuda', args);
}

/** @deprecated use `torch.amp.GradScaler('cuda', …)` */
export class GradScaler extends AnyGradScaler {
  constructor(...args: DeviceScalerArguments) {
    super(device_scaler_options('cuda', args));
  }
}

type CastInputs = Pick<CustomFwdParameters, 'cast_inputs'>;

/** @deprecated use `torch.amp.custom_fwd(fwd, { device_type: 'cuda' })` */
export function custom_fwd<F extends Forward>(fwd: F, options?: CastInputs): F;
export function custom_fwd(options?: CastInputs): <F extends Forward>(fwd: F) => F;
export function custom_fwd(
  first?: Forward | CastInputs,
  second?: CastInputs,
): Forward | (<F extends Forward>(fwd: F) => F) {
  warn_of_spelling('cuda', 'custom_fwd', "args..., device_type='cuda'");
  if (typeof first === 'function') return any_custom_fwd(first, { ...second, device_type: 'cuda' });
  return any_custom_fwd({ ...(is_kwargs(first) ? first : second), device_type: 'cuda' });
}

/** @deprecated use `torch.amp.custom_bwd(bwd, { device_type: 'cuda' })` */
export function custom_bwd<F extends Backward>(bwd: F): F {
  warn_of_spelling('cuda', 'custom_bwd', "args..., device_type='cuda'");
  return any_custom_bwd(bwd, { device_type: 'cuda' });
}
