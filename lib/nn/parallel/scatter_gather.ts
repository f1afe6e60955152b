/**
 * Splitting arguments among devices, and putting results together again.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html
 */
import { is_array, is_instance, is_kwargs, signature } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { device as Device, type DeviceLike } from '../../device.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';

export interface ScatterOptions<T = unknown> {
  inputs: T;
  target_gpus: readonly DeviceLike[];
  dim?: number;
}
export interface GatherOptions<T = unknown> {
  outputs: readonly T[];
  target_device: DeviceLike;
  dim?: number;
}
const scatter_arguments = signature<ScatterOptions>('scatter', ['inputs', 'target_gpus', ['dim', 0]]);
const gather_arguments = signature<GatherOptions>('gather', ['outputs', 'target_device', ['dim', 0]]);

/** The parts of a value for `devices`: at most as many as there are. */
function parts_of(value: unknown, devices: readonly Device[], dim: number): unknown[] {
  if (is_instance(value, Tensor)) {
    return value.chunk(devices.length, dim).map((part, i) => part.to({ device: devices[i]!, non_blocking: true }));
  }
  if (is_array(value) && value.length > 0) {
    const items = value.map((item) => parts_of(item, devices, dim));
    return Array.from({ length: shortest(items) }, (_, i) => items.map((parts) => parts[i]));
  }
  if (is_kwargs(value) && Object.keys(value).length > 0) {
    const entries = Object.entries(value).map(([name, item]) => [name, parts_of(item, devices, dim)] as const);
    const count = shortest(entries.map(([, parts]) => parts));
    return Array.from({ length: count }, (_, i) => Object.fromEntries(entries.map(([name, parts]) => [name, parts[i]])));
  }
  return devices.map(() => value);
}

function shortest(lists: readonly (readonly unknown[])[]): number {
  return Math.min(...lists.map((list) => list.length));
}

/**
 * Splits the tensors in `inputs`, in arrays and plain objects too, into about equal parts along `dim`, one for each
 * device. Whatever else is in there is the same for each.
 * @param target_gpus devices, or the numbers of GPUs
 * @returns the parts, at most as many as there are devices
 */
export function scatter<T>(...args: Arguments<ScatterOptions<T>, ['inputs', 'target_gpus', 'dim']>): T[] {
  const { inputs, target_gpus, dim } = scatter_arguments(args);
  if (!is_array(target_gpus) || target_gpus.length === 0) {
    throw new TypeError(`scatter(): argument 'target_gpus' must be a list of devices, not ${type_name(target_gpus)}`);
  }
  return parts_of(inputs, target_gpus.map((id) => new Device(id)), dim) as T[];
}

/**
 * Puts the results of several devices together on one: tensors along `dim`, what is in arrays and plain objects one by
 * one.
 * @param target_device a device, or the number of a GPU
 * @throws ValueError for objects with different numbers of keys
 */
export function gather<T>(...args: Arguments<GatherOptions<T>, ['outputs', 'target_device', 'dim']>): T {
  const { outputs, target_device, dim } = gather_arguments(args);
  if (!is_array(outputs) || outputs.length === 0) {
    throw new TypeError(`gather(): argument 'outputs' must be a list of results, not ${type_name(outputs)}`);
  }
  return together(outputs, new Device(target_device), dim) as T;
}

function together(outputs: readonly unknown[], device: Device, dim: number): unknown {
  const [first] = outputs;
  if (is_instance(first, Tensor)) {
    const there = (outputs as readonly Tensor[]).map((output) => output.to(device));
    if (dim !== 0 || !there.every((output) => output.dim() === 0)) return aten.cat(there, dim);
    warn(
      'Was asked to gather along dimension 0, but all input tensors were scalars; will instead unsqueeze and return a ' +
        'vector.',
    );
    return aten.stack(there);
  }
  if (first === null || first === undefined) return first;
  if (is_array(first)) {
    return first.map((_, i) => together(outputs.map((output) => (output as readonly unknown[])[i]), device, dim));
  }
  if (is_kwargs(first)) {
    const names = Object.keys(first);
    if (!outputs.every((output) => Object.keys(output as object).length === names.length)) {
      throw new ValueError('All dicts must have the same number of keys');
    }
    return Object.fromEntries(
      names.map((name) => [name, together(outputs.map((output) => (output as Kwargs)[name]), device, dim)]),
    );
  }
  throw new TypeError(`'${type_name(first)}' object is not iterable`);
}

type Kwargs = Readonly<Record<string, unknown>>;
