/**
 * Finding the operator whose backward fails.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection
 */
import { native } from '../native.ts';
import { warn } from '../warnings.ts';
import { set_anomaly_enabled } from './anomaly_state.ts';
import { type Guard, scoped } from './grad_mode.ts';

let told = false;

/** The stack of the user's call, without the lines about this library's own way to it. */
function stack(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  return lines.filter((line) => !line.includes('anomaly_mode.')).join('\n');
}

function enter(mode: boolean, check_nan: boolean): () => void {
  if (!told) {
    told = true;
    native.set_anomaly_functions(stack, (node, trace) => {
      warn(
        trace === ''
          ? `Error detected in ${node}. No forward pass information available. Enable detect anomaly during forward pass for more information.`
          : `Error detected in ${node}. Traceback of forward call that caused the error:\n${trace}`,
      );
    });
  }
  const [enabled, nan] = native.anomaly_mode();
  set_anomaly_enabled(mode, check_nan);
  return () => set_anomaly_enabled(enabled, nan);
}

interface DetectOptions {
  check_nan?: boolean;
}

function check_nan_of(given: boolean | DetectOptions | undefined): boolean {
  return (typeof given === 'object' ? given.check_nan : given) ?? true;
}

/**
 * While the callback runs, or until the end of the block of a `using`: a backward pass that fails tells, by a warning,
 * with which call of the forward that step came about. It is slow, for the search of errors alone.
 * @param check_nan whether a NaN in a gradient counts as a failure (default: true)
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.detect_anomaly
 */
export function detect_anomaly(check_nan?: boolean | DetectOptions): Guard;
export function detect_anomaly<T>(callback: () => T): T;
export function detect_anomaly<T>(check_nan: boolean | DetectOptions, callback: () => T): T;
export function detect_anomaly<T>(first?: boolean | DetectOptions | (() => T), second?: () => T): T | Guard {
  warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  const callback = typeof first === 'function' ? first : second;
  const check_nan = typeof first === 'function' ? true : check_nan_of(first);
  return scoped('detect_anomaly', () => enter(true, check_nan), callback);
}

/**
 * Switches the search for errors on or off, from now on or, with a callback or `using`, for a while.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.set_detect_anomaly
 */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean | DetectOptions): Guard;
export function set_detect_anomaly<T>(mode: boolean, check_nan: boolean | DetectOptions, callback: () => T): T;
export function set_detect_anomaly<T>(mode: boolean, callback: () => T): T;
export function set_detect_anomaly<T>(
  mode: boolean,
  second?: boolean | DetectOptions | (() => T),
  third?: () => T,
): T | Guard {
  const callback = typeof second === 'function' ? second : third;
  const check_nan = typeof second === 'function' ? true : check_nan_of(second);
  if (callback !== undefined) return scoped('set_detect_anomaly', () => enter(mode, check_nan), callback);
  // In force from the call on, whether or not the result ends it.
  const exit = enter(mode, check_nan);
  return { [Symbol.dispose]: exit };
}
