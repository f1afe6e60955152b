import { is_kwargs } from '../../arguments.ts';
import type { DeviceLike } from '../../device.ts';
import { RuntimeError, TypeError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Module } from '../modules/module.ts';

/**
 * Makes a module without giving its parameters initial values: they are whatever was in the memory.
 *
 * ```ts
 * const linear = nn.utils.skip_init(nn.Linear, 20, 30, { device: 'cuda' });
 * ```
 * @param module_cls the class; its constructor has to take `device` by name
 * @param args the constructor's arguments
 * @throws RuntimeError for what is no class of modules, or one that takes no device
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.skip_init.html
 */
export function skip_init<C extends new (...args: never[]) => Module>(
  module_cls: C,
  ...args: ConstructorParameters<C>
): InstanceType<C> {
  const Class = module_cls as unknown as new (...args: unknown[]) => Module;
  if (typeof Class !== 'function' || !((Class.prototype as unknown) instanceof Module)) {
    const given = typeof Class === 'function' ? `<class '${Class.name}'>` : type_name(module_cls);
    throw new RuntimeError(`Expected a Module; got ${given}`);
  }
  const given = args as unknown[];
  const last = given[given.length - 1];
  const kwargs = is_kwargs(last) ? last : {};
  const positional = is_kwargs(last) ? given.slice(0, -1) : given;
  const module = on_meta(Class, [...positional, { ...kwargs, device: 'meta' }]);
  // A constructor that takes no device may ignore what it is given.
  const members = [...module.parameters(), ...module.buffers()];
  if (members.some(({ device }) => device.type !== 'meta')) throw new RuntimeError(NO_DEVICE);
  const device = (kwargs['device'] as DeviceLike | undefined) ?? 'cpu';
  return module.to_empty({ device }) as InstanceType<C>;
}

const NO_DEVICE = "Module must support a 'device' arg to skip initialization";

function on_meta(Class: new (...args: unknown[]) => Module, args: unknown[]): Module {
  try {
    return new Class(...args);
  } catch (error) {
    if (error instanceof TypeError && error.message.includes("unexpected keyword argument 'device'")) {
      throw new RuntimeError(NO_DEVICE);
    }
    throw error;
  }
}
