import { RuntimeError, TypeError } from '../../errors.ts';
import { repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { RemovableHandle, move_to_front } from '../../utils/hooks.ts';
import { warn } from '../../warnings.ts';
import { deepcopy } from '../../copy/index.ts';
import type { Memo } from '../../copy/index.ts';
import type { Module } from './module.ts';

type Kwargs = Record<string, unknown>;
// Hooks are written for some module or other; the public signatures say which.
export type HookFunction = (...args: any[]) => unknown;
/** A hook that has a state: what Python calls is its `__call__`. */
export interface HookObject {
  __call__: HookFunction;
}
export type AnyHook = HookFunction | HookObject;

/** Calls a hook, whichever kind it is. */
export function call_hook(hook: AnyHook, ...args: unknown[]): unknown {
  if (typeof hook === 'function') return hook(...args);
  if (typeof (hook as HookObject | null | undefined)?.__call__ === 'function') return hook.__call__(...args);
  throw new TypeError(`'${type_name(hook)}' object is not callable`);
}

/** The tables of hooks by id. */
const TABLES = [
  'forward_pre',
  'forward',
  'backward_pre',
  'backward',
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
  readonly backward_pre = new Map<number, AnyHook>();
  readonly backward = new Map<number, AnyHook>();
  /** Whether those in `backward` are full ones; null as long as there have been none. */
  full_backward: boolean | null = null;
  readonly state_dict_pre = new Map<number, AnyHook>();
  readonly state_dict_post = new Map<number, AnyHook>();
  readonly load_state_dict_pre = new Map<number, AnyHook>();
  readonly load_state_dict_post = new Map<number, AnyHook>();
  /** Ids of the hooks before loading that are not handed the module. */
  readonly without_module = new Set<number>();

  /** Are there hooks that a call of the module has to run or to set up? */
  get on_calls(): boolean {
    return this.forward_pre.size + this.forward.size + this.backward_pre.size + this.backward.size > 0;
  }

  /** The same hooks in tables of their own; those with a state are copied, too. */
  copy(memo: Memo): Hooks {
    const copy = new Hooks();
    for (const name of TABLES) {
      for (const [id, hook] of this[name]) copy[name].set(id, typeof hook === 'function' ? hook : deepcopy(hook, memo));
    }
    copy.full_backward = this.full_backward;
    for (const id of this.without_module) copy.without_module.add(id);
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

  add_backward_pre(hook: AnyHook, prepend = false): RemovableHandle {
    return this.#add_backward(this.backward_pre, hook, prepend);
  }

  /** @param what whose hooks they are, for the message where full hooks and others meet */
  add_backward(hook: AnyHook, full: boolean, what: string, prepend = false): RemovableHandle {
    if (this.full_backward === !full) {
      throw new RuntimeError(
        `Cannot use both regular backward hooks and full backward hooks ${what}. Please use only one of them.`,
      );
    }
    this.full_backward = full;
    return this.#add_backward(this.backward, hook, prepend);
  }

  #add_backward(table: Map<number, AnyHook>, hook: AnyHook, prepend: boolean): RemovableHandle {
    const handle = new RemovableHandle(table);
    table.set(handle.id, hook);
    if (prepend) move_to_front(table, handle.id);
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

/** Gradients of a module's arguments or results in their order; null for what is no tensor or has none. */
export type ModuleGradients = readonly (Tensor | null)[];
/** Sees the gradients of a module's arguments and results, and may give others for the former. */
export type BackwardHookFunction<M extends Module = Module> = (
  module: M,
  grad_input: ModuleGradients,
  grad_output: ModuleGradients,
) => ModuleGradients | Tensor | null | undefined | void;
/** Sees the gradients of a module's results, and may give others. */
export type BackwardPreHookFunction<M extends Module = Module> = (
  module: M,
  grad_output: ModuleGradients,
) => ModuleGradients | Tensor | null | undefined | void;

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
      const result = call_hook(hook, module, call.args, call.kwargs);
      if (result === undefined || result === null) continue;
      if (!Array.isArray(result) || result.length !== 2) {
        throw new RuntimeError(
          `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${repr(result)}.`,
        );
      }
      [call.args, call.kwargs] = result as [unknown[], Kwargs];
    } else {
      const result = call_hook(hook, module, call.args);
      if (result !== undefined && result !== null) call.args = Array.isArray(result) ? result : [result];
    }
  }
}

function run_forward_hook(module: Module, hooks: Hooks, id: number, hook: AnyHook, call: HookedCall): void {
  const result = hooks.with_kwargs.has(id)
    ? call_hook(hook, module, call.args, call.kwargs, call.output)
    : call_hook(hook, module, call.args, call.output);
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
