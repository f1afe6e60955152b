/** The namespace of a kind of device. */
import { type Arguments, is_instance, signature } from './arguments.ts';
import { device as Device } from './device.ts';
import { RuntimeError } from './errors.ts';
import { native } from './native.ts';
import { str } from './repr.ts';
import * as torch from './torch.ts';

interface DeviceModuleParameters {
  device?: Device | string | null;
}

const device_module_arguments = signature<DeviceModuleParameters>('get_device_module', [['device', null]]);

/**
 * The namespace for a device, such as `torch.cuda`; by default for the accelerator that there is, or for the CPU.
 * @throws RuntimeError if there is no such namespace
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_device_module.html
 */
export function get_device_module(...args: Arguments<DeviceModuleParameters, ['device']>): object {
  const { device } = device_module_arguments(args);
  let type: string;
  if (device === null) {
    type = native.accelerator()?.replace(/:.*/, '') ?? 'cpu';
  } else if (is_instance(device, Device) || typeof device === 'string') {
    type = new Device(device).type;
  } else {
    throw new RuntimeError(`Invalid value of device '${str(device)}', expect torch.device, str, or None`);
  }
  const module = (torch as unknown as Record<string, unknown>)[type];
  if (typeof module === 'object' && module !== null) return module;
  throw new RuntimeError(`Device '${type}' does not have a corresponding module registered as 'torch.${type}'.`);
}
