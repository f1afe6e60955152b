/**
 * Hooks on all modules at once: what Python has in `torch.nn.modules.module`.
 * @see https://docs.pytorch.org/docs/stable/nn.html#global-hooks-for-module
 */
import type { Tensor } from '../../tensor.ts';
import type { RemovableHandle } from '../../utils/hooks.ts';
import type { Parameter } from '../parameter.ts';
import { global_hooks } from './module_hooks.ts';
import type {
  BackwardHookFunction,
  BackwardPreHookFunction,
  ForwardHook,
  ForwardHookOptions,
  ForwardHookWithKwargs,
  ForwardPreHook,
  HookFunction,
} from './module_hooks.ts';
import type { Module } from './module.ts';
import { add_registration_hook, registration_hooks } from './registration_hooks.ts';
import type { RegistrationHook } from './registration_hooks.ts';

export { Module } from './module.ts';

/**
 * Adds a hook that runs before every call of every module.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_forward_pre_hook.html
 */
export function register_module_forward_pre_hook(hook: ForwardPreHook): RemovableHandle {
  return global_hooks.add_forward_pre(hook, {});
}

/**
 * Adds a hook that runs after every call of every module.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_forward_hook.html
 */
export function register_module_forward_hook(
  hook: ForwardHookWithKwargs,
  options: ForwardHookOptions & { with_kwargs: true },
): RemovableHandle;
export function register_module_forward_hook(
  hook: ForwardHook,
  options?: ForwardHookOptions & { with_kwargs?: false },
): RemovableHandle;
export function register_module_forward_hook(hook: HookFunction, options: ForwardHookOptions = {}): RemovableHandle {
  return global_hooks.add_forward(hook, options);
}

/**
 * Adds a hook that runs when the gradients of any module's arguments have been computed; see
 * {@link Module.register_full_backward_hook}.
 * @throws RuntimeError if hooks of {@link register_module_backward_hook} have been added
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_full_backward_hook.html
 */
export function register_module_full_backward_hook(hook: BackwardHookFunction): RemovableHandle {
  return global_hooks.add_backward(hook, true, 'as a global Module hook');
}

/**
 * Adds a hook that runs when the gradients of any module's results have been computed; see
 * {@link Module.register_full_backward_pre_hook}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_full_backward_pre_hook.html
 */
export function register_module_full_backward_pre_hook(hook: BackwardPreHookFunction): RemovableHandle {
  return global_hooks.add_backward_pre(hook);
}

/**
 * Adds a hook on the last step of every module alone.
 * @deprecated use {@link register_module_full_backward_hook}
 * @throws RuntimeError if hooks of {@link register_module_full_backward_hook} have been added
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_backward_hook.html
 */
export function register_module_backward_hook(hook: BackwardHookFunction): RemovableHandle {
  return global_hooks.add_backward(hook, false, 'as a global Module hook');
}

/**
 * Adds a hook that sees every buffer that `register_buffer` registers, and may give another in its place. Assigning to
 * a property of a module is nothing that JavaScript tells of, so such buffers are not seen.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_buffer_registration_hook.html
 */
export function register_module_buffer_registration_hook(hook: RegistrationHook<Tensor | null>): RemovableHandle {
  return add_registration_hook(registration_hooks.buffer, hook);
}

/**
 * Adds a hook that sees every parameter that `register_parameter` registers, and may give another in its place. It does
 * not see those that are assigned to properties; see {@link register_module_buffer_registration_hook}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_parameter_registration_hook.html
 */
export function register_module_parameter_registration_hook(hook: RegistrationHook<Parameter>): RemovableHandle {
  return add_registration_hook(registration_hooks.parameter, hook);
}

/**
 * Adds a hook that sees every module that `add_module` registers, and may give another in its place: the members of
 * containers above all. It does not see those that are assigned to properties; see
 * {@link register_module_buffer_registration_hook}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_module_registration_hook.html
 */
export function register_module_module_registration_hook(hook: RegistrationHook<Module | null>): RemovableHandle {
  return add_registration_hook(registration_hooks.module, hook);
}
