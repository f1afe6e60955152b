/** Which accelerator is meant. */
import { device, type DeviceLike } from '../device.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';

/** @internal The type of the accelerator. */
export function require_accelerator(): string {
  const type = native.accelerator();
  if (type === null) throw new RuntimeError('Cannot access accelerator device when none is available.');
  return type;
}

/** @internal The index that an argument `device` names; undefined where it leaves that open. */
export function index_of(type: string, given: DeviceLike | null | undefined): number | undefined {
  if (given == null) return undefined;
  if (typeof given === 'number') return given;
  const named = new device(given);
  if (named.type !== type) throw new ValueError(`Expected a ${type} device, but got: ${String(named)}`);
  return named.index ?? undefined;
}
