/**
 * Switching the recording of gradients on and off. Each function takes a callback and returns what that returns, or
 * gives something for `using` when called without one:
 *
 *     const y = torch.no_grad(() => model(x));
 *     using _ = torch.no_grad();             // until the end of the block
 *
 * @see https://docs.pytorch.org/docs/stable/torch.html#locally-disabling-gradient-computation
 */
import { is_kwargs } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { native } from '../native.ts';

/** Ends a mode when the block of a `using` ends. */
export interface Guard {
  [Symbol.dispose](): void;
}

/** Runs `callback` between `enter` and the function that it returns; without a callback, leaves that to `using`. */
export function scoped<T>(name: string, enter: () => () => void, callback: (() => T) | undefined): T | Guard {
  if (callback !== undefined && typeof callback !== 'function') {
    const given = callback === null ? 'null' : typeof callback;
    throw new TypeError(`${name}(): argument 'callback' must be a function, not ${given}`);
  }
  const exit = enter();
  if (callback === undefined) {
    let left = false;
    return {
      [Symbol.dispose]() {
        if (!left) exit();
        left = true;
      },
    };
  }
  try {
    const result = callback();
    if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
      throw new TypeError(`${name}(): the callback must be synchronous, since the mode ends when it returns`);
    }
    return result;
  } finally {
    exit();
  }
}

function grad_mode(mode: boolean): () => () => void {
  return () => {
    const before = native.is_grad_enabled();
    native.set_grad_enabled(mode);
    return () => native.set_grad_enabled(before);
  };
}

/**
 * Records no gradients inside.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
 */
export function no_grad(): Guard;
export function no_grad<T>(callback: () => T): T;
export function no_grad<T>(callback?: () => T): T | Guard {
  return scoped('no_grad', grad_mode(false), callback);
}

/**
 * Records gradients inside, within a `no_grad` too.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.enable_grad.html
 */
export function enable_grad(): Guard;
export function enable_grad<T>(callback: () => T): T;
export function enable_grad<T>(callback?: () => T): T | Guard {
  return scoped('enable_grad', grad_mode(true), callback);
}

/**
 * Switches recording on or off, from now on or, with a callback or `using`, for a while.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_grad_enabled.html
 */
export function set_grad_enabled(mode: boolean | { mode: boolean }): Guard;
export function set_grad_enabled<T>(mode: boolean | { mode: boolean }, callback: () => T): T;
export function set_grad_enabled<T>(mode: boolean | { mode: boolean }, callback?: () => T): T | Guard {
  return scoped('set_grad_enabled', grad_mode(is_kwargs(mode) ? (mode.mode as boolean) : mode), callback);
}

/**
 * As `no_grad`, and faster still: tensors made inside can never take part in recording later.
 * @param mode whether to be in inference mode (the default) or to leave it
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
 */
export function inference_mode(mode?: boolean | { mode?: boolean }): Guard;
export function inference_mode<T>(callback: () => T): T;
export function inference_mode<T>(mode: boolean | { mode?: boolean }, callback: () => T): T;
export function inference_mode<T>(first?: boolean | { mode?: boolean } | (() => T), second?: () => T): T | Guard {
  const callback = typeof first === 'function' ? first : second;
  const mode = typeof first === 'function' ? true : ((is_kwargs(first) ? (first.mode as boolean) : first) ?? true);
  return scoped(
    'inference_mode',
    () => {
      native.enter_inference_mode(mode);
      return () => native.exit_inference_mode();
    },
    callback,
  );
}

/** Are gradients being recorded? See https://docs.pytorch.org/docs/stable/generated/torch.is_grad_enabled.html */
export function is_grad_enabled(): boolean {
  return native.is_grad_enabled();
}

/** Is inference mode on? See https://docs.pytorch.org/docs/stable/generated/torch.is_inference_mode_enabled.html */
export function is_inference_mode_enabled(): boolean {
  return native.is_inference_mode();
}
