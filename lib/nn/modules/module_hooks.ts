import { RuntimeError } from '../../errors.ts';
import { repr } from '../../repr.ts';
import { RemovableHandle, move_to_front } from '../../utils/hooks.ts';
import { warn } from '../../warnings.ts';
import type { Module } from './module.ts';

type Kwargs = Record<string, unknown>;
// Hooks are written for some module or other; the public signatures say which.
export type AnyHook = (...args: any[]) => unknown;

/** The tables of hooks by id. */
const TABLES = [
  'forward_pre',
  'forward',
  'state_dict_pre',
  'state_dict_post',
  'load_state_dict_pre',
  'load_state_dict_post',
] as const;

/** The hooks of one module, or those of all modules. Most modules have none, so they share nothing but `null`. */
export class Hooks {
  readonly forward_pre = new Map<number, AnyHook>();
  readonly forward = new Map<number, AnyHook>();
  /** Ids of the hooks above that want keyword arguments, and of those that run even after an error. */
  readonly with_kwargs = new Set<number>();
  readonly always_call = new Set<number>();
  readonly state_dict_pre = new Map<number, AnyHook>();
  readonly state_dict_post = new Map<number, AnyHook>();
  readonly load_state_dict_pre = new Map<number, AnyHook>();
  readonly load_state_dict_post = new Map<number, AnyHook>();

  /** The same hooks in tables of their own. */
  copy(): Hooks {
    const copy = new Hooks();
    for (const name of TABLES) for (const [id, hook] of this[name]) copy[name].set(id, hook);
    for (const id of this.with_kwargs) copy.with_kwargs.add(id);
    for (const id of this.always_call) copy.always_call.add(id);
    return copy;
  }

  add_forward_pre(hook: AnyHook, { prepend = false, with_kwargs = false }: HookOptions): RemovableHandle {
    const handle = new RemovableHandle(this.forward_pre, this.with_kwargs);
    this.forward_pre.set(handle.id, hook);
    if (with_kwargs) this.with_kwargs.add(handle.id);
    if (prepend) move_to_front(this.forward_pre, handle.id);
    calls_are_hooked = true;
    return handle;
  }

  add_forward(hook: AnyHook, options: ForwardHookOptions): RemovableHandle {
    const { prepend = false, with_kwargs = false, always_call = false } = options;
    const handle = new RemovableHandle(this.forward, this.with_kwargs, this.always_call);
    this.forward.set(handle.id, hook);
    if (with_kwargs) this.with_kwargs.add(handle.id);
    if (always_call) this.always_call.add(handle.id);
    if (prepend) move_to_front(this.forward, handle.id);
    calls_are_hooked = true;
    return handle;
  }
}

export const global_hooks = new Hooks();

/** Whether any module has ever had a hook. Until then a call is nothing but `forward`. */
export let calls_are_hooked = false;

export interface HookOptions {
  /** Run before the hooks that are already there (default: false). */
  prepend?: boolean;
  /** Hand the keyword arguments of the call to the hook, too (default: false). */
  with_kwargs?: boolean;
}

export interface ForwardHookOptions extends HookOptions {
  /** Run the hook even if `forward` or another hook throws (default: false). */
  always_call?: boolean;
}

/** A hook that runs before `forward`. */
export type ForwardPreHook<M extends Module = Module> = (module: M, args: Parameters<M['forward']>) => unknown;
/** As {@link ForwardPreHook}, with the keyword arguments apart. */
export type ForwardPreHookWithKwargs<M extends Module = Module> = (
  module: M,
  args: unknown[],
  kwargs: Record<string, unknown>,
) => unknown;
/** A hook that runs after `forward`. */
export type ForwardHook<M extends Module = Module> = (
  module: M,
  args: Parameters<M['forward']>,
  output: ReturnType<M['forward']>,
) => unknown;
/** As {@link ForwardHook}, with the keyword arguments apart. */
export type ForwardHookWithKwargs<M extends Module = Module> = (
  module: M,
  args: unknown[],
  kwargs: Record<string, unknown>,
  output: ReturnType<M['forward']>,
) => unknown;

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
export function register_module_forward_hook(hook: AnyHook, options: ForwardHookOptions = {}): RemovableHandle {
  return global_hooks.add_forward(hook, options);
}

/** One call of a module with hooks, as it goes along. */
export interface HookedCall {
  args: unknown[];
  kwargs: Kwargs;
  output: unknown;
  /** Ids of the hooks with `always_call` that have run. */
  called: Set<number>;
}

export function run_forward_pre_hooks(module: Module, hooks: Hooks, call: HookedCall): void {
  for (const [id, hook] of hooks.forward_pre) {
    if (hooks.with_kwargs.has(id)) {
      const result = hook(module, call.args, call.kwargs);
      if (result === undefined || result === null) continue;
      if (!Array.isArray(result) || result.length !== 2) {
        throw new RuntimeError(
          `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${repr(result)}.`,
        );
      }
      [call.args, call.kwargs] = result as [unknown[], Kwargs];
    } else {
      const result = hook(module, call.args);
      if (result !== undefined && result !== null) call.args = Array.isArray(result) ? result : [result];
    }
  }
}

function run_forward_hook(module: Module, hooks: Hooks, id: number, hook: AnyHook, call: HookedCall): void {
  const result = hooks.with_kwargs.has(id)
    ? hook(module, call.args, call.kwargs, call.output)
    : hook(module, call.args, call.output);
  if (result !== undefined && result !== null) call.output = result;
}

export function run_forward_hooks(module: Module, hooks: Hooks, call: HookedCall): void {
  for (const [id, hook] of hooks.forward) {
    if (hooks.always_call.has(id)) call.called.add(id);
    run_forward_hook(module, hooks, id, hook, call);
  }
}

/** After an error: the hooks that always run and have not, whose own errors are only warned about. */
export function run_always_called_hooks(module: Module, hooks: Hooks, call: HookedCall): void {
  for (const [id, hook] of hooks.forward) {
    if (!hooks.always_call.has(id) || call.called.has(id)) continue;
    try {
      run_forward_hook(module, hooks, id, hook, call);
    } catch (error) {
      warn(
        `${hooks === global_hooks ? 'global ' : ''}module forward hook with \`\`always_call=True\`\` raised an ` +
          `exception that was silenced as another error was raised in forward: ${(error as Error).message}`,
      );
    }
  }
}
