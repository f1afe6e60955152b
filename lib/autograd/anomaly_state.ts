/**
 * Whether a backward pass looks for errors.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection
 */
import { native } from '../native.ts';

/** Does a backward pass tell which step of it failed? */
export function is_anomaly_enabled(): boolean {
  return native.anomaly_mode()[0];
}

/** Does a NaN in a gradient count as a failure then? */
export function is_anomaly_check_nan_enabled(): boolean {
  return native.anomaly_mode()[1];
}

/**
 * Lets a backward pass tell which step of it failed, at the cost of speed.
 * @param check_nan whether a NaN in a gradient counts as a failure
 */
export function set_anomaly_enabled(enabled: boolean, check_nan: boolean = true): void {
  native.anomaly_mode(enabled, check_nan);
}
