/** Hooks that see what modules register. Assigning to a property is nothing that JavaScript tells of. */
import type { Tensor } from '../../tensor.ts';
import { RemovableHandle } from '../../utils/hooks.ts';
import type { Parameter } from '../parameter.ts';
import { call_hook } from './module_hooks.ts';
import type { Module } from './module.ts';

/** Sees a member that is being registered, and may give another in its place. */
export type RegistrationHook<T> = (module: Module, name: string, member: T) => T | null | undefined | void;

/** The hooks on what is registered, by the kind of member. */
export const registration_hooks = {
  buffer: new Map<number, RegistrationHook<Tensor | null>>(),
  parameter: new Map<number, RegistrationHook<Parameter>>(),
  module: new Map<number, RegistrationHook<Module | null>>(),
};

/** Adds a hook to one of the tables. */
export function add_registration_hook<T>(
  table: Map<number, RegistrationHook<T>>,
  hook: RegistrationHook<T>,
): RemovableHandle {
  const handle = new RemovableHandle(table);
  table.set(handle.id, hook);
  return handle;
}

function run_registration_hooks<T>(
  table: ReadonlyMap<number, RegistrationHook<T>>,
  module: Module,
  name: string,
  member: T,
): T {
  let result = member;
  for (const hook of table.values()) {
    result = (call_hook(hook, module, name, result) as T | null | undefined) ?? result;
  }
  return result;
}

/** The buffer to register, once the hooks have seen it. */
export function hooked_buffer(module: Module, name: string, buffer: Tensor | null): Tensor | null {
  return run_registration_hooks(registration_hooks.buffer, module, name, buffer);
}

/** The parameter to register, once the hooks have seen it. */
export function hooked_parameter(module: Module, name: string, param: Parameter): Parameter {
  return run_registration_hooks(registration_hooks.parameter, module, name, param);
}

/** The sub-module to register, once the hooks have seen it. */
export function hooked_module(module: Module, name: string, child: Module | null): Module | null {
  return run_registration_hooks(registration_hooks.module, module, name, child);
}
