/**
 * One module on several GPUs of this process, each with a part of the batch.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html
 */
import { type Arguments, is_instance, is_kwargs, wrong_type } from '../../arguments.ts';
import { device_count } from '../../cuda/index.ts';
import { device as Device, type DeviceLike } from '../../device.ts';
import { AssertionError, RuntimeError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { Module } from '../modules/module.ts';
import { call_with } from '../utils/stateless.ts';
import { gather, scatter } from './scatter_gather.ts';

export interface DataParallelOptions {
  /** The GPUs to use; all, if nothing is said. */
  device_ids?: readonly DeviceLike[] | null;
  /** Where the result goes; to the first GPU, if nothing is said. */
  output_device?: DeviceLike | null;
  /** The dimension of the batch. */
  dim?: number;
}

interface DataParallelParameters<M extends Module> extends DataParallelOptions {
  module: M;
}

const data_parallel_arguments = signature<DataParallelParameters<Module>>('DataParallel', [
  'module',
  ['device_ids', null],
  ['output_device', null],
  ['dim', 0],
]);

/**
 * Runs a module on several GPUs: the inputs are split among them along `dim`, each works on its part with a copy of the
 * parameters, and the results are put together. Gradients add up in the module's own parameters. Its parameters and
 * buffers have to be on the first of the GPUs. Without a GPU it is the module itself that is called.
 *
 * @param module what to run
 * @param device_ids the GPUs, as numbers or devices (default: all)
 * @param output_device where the result goes (default: the first GPU)
 * @param dim the dimension of the batch (default: 0)
 * @throws RuntimeError when a parameter or a buffer is not on the first GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html
 */
export class DataParallel<M extends Module = Module> extends Module {
  declare dim: number;
  module: M;
  device_ids: readonly Device[];
  declare output_device: Device;

  constructor(...args: Arguments<DataParallelParameters<M>, ['module', 'device_ids', 'output_device', 'dim']>) {
    super();
    const { module, device_ids, output_device, dim } = data_parallel_arguments(args as readonly unknown[]);
    if (!is_instance(module, Module)) throw wrong_type('DataParallel', 'module', 'Module', module);
    this.module = module as M;
    if (device_count() === 0) {
      this.device_ids = [];
      return;
    }
    this.device_ids = (device_ids ?? Array.from({ length: device_count() }, (_, i) => i)).map((id) => new Device(id));
    if (this.device_ids.length === 0) throw new RuntimeError('no available devices were found');
    this.output_device = new Device(output_device ?? this.device_ids[0]!);
    this.dim = dim;
    if (this.device_ids.length === 1) module.to(this.device_ids[0]!);
  }

  override forward(...args: Parameters<M['forward']>): ReturnType<M['forward']> {
    const { module, device_ids } = this;
    if (device_ids.length === 0) return (module as Callable<M>)(...args);
    check_place(module, device_ids[0]!);
    const parts = args.length === 0 ? [args] : scatter(args, device_ids, this.dim);
    if (device_ids.length === 1) return (module as Callable<M>)(...parts[0]!);
    return gather(parallel_apply(replicate(module, device_ids), parts), this.output_device, this.dim);
  }
}

type Callable<M extends Module> = (...args: Parameters<M['forward']>) => ReturnType<M['forward']>;

function check_place(module: Module, device: Device): void {
  for (const tensor of [...module.parameters(), ...module.buffers()]) {
    if (device.equals(tensor.device)) continue;
    throw new RuntimeError(
      `module must have its parameters and buffers on device ${device} (device_ids[0]) but found one of them on ` +
        `device: ${tensor.device}`,
    );
  }
}

/** A module with other tensors in the place of its own, which it shares everything else with. */
class Replica<M extends Module> extends Module {
  readonly #network: M;
  readonly #tensors: Map<string, Tensor>;

  constructor(network: M, tensors: Map<string, Tensor>) {
    super();
    this.#network = network;
    this.#tensors = tensors;
    this.training = network.training;
  }

  override forward(...args: Parameters<M['forward']>): ReturnType<M['forward']> {
    const options = { tie_weights: true, strict: false };
    const call = { module: this.#network, dicts: this.#tensors, args, options };
    return call_with(this.#tensors, call) as ReturnType<M['forward']>;
  }

  override toString(): string {
    return String(this.#network);
  }
}

export interface ReplicateOptions<M extends Module = Module> {
  network: M;
  devices: readonly DeviceLike[];
  detach?: boolean;
}
const replicate_arguments = signature<ReplicateOptions>('replicate', ['network', 'devices', ['detach', false]]);

/**
 * A module for each device that works with copies of the parameters and buffers there. A copy is a step of autograd's,
 * so gradients find their way back; the copies have no parameters of their own.
 * @param detach whether gradients are to stay away (default: false)
 */
export function replicate<M extends Module>(
  ...args: Arguments<ReplicateOptions<M>, ['network', 'devices', 'detach']>
): M[] {
  const { network, devices, detach } = replicate_arguments(args as readonly unknown[]);
  if (!is_instance(network, Module)) throw wrong_type('replicate', 'network', 'Module', network);
  return devices.map((device) => {
    const tensors = new Map<string, Tensor>();
    for (const [name, tensor] of [...network.named_parameters(), ...network.named_buffers()]) {
      tensors.set(name, (detach ? tensor.detach() : tensor).to({ device, non_blocking: true }));
    }
    return new Replica(network, tensors) as unknown as M;
  });
}

export interface ParallelApplyOptions<M extends Module = Module> {
  modules: readonly M[];
  inputs: readonly unknown[];
  kwargs_tup?: readonly Readonly<Record<string, unknown>>[] | null;
  devices?: readonly (DeviceLike | null)[] | null;
}
const parallel_apply_arguments = signature<ParallelApplyOptions>('parallel_apply', [
  'modules',
  'inputs',
  ['kwargs_tup', null],
  ['devices', null],
]);

/**
 * What each of several modules gives for its own inputs: GPUs work while the next one is started.
 * @param modules the modules, each on its device
 * @param inputs for each module an array of arguments, or a single one
 * @param kwargs_tup for each module its arguments by name
 * @param devices where the modules are; they go by their parameters, so this is only checked
 * @throws AssertionError unless there is one of each for every module
 */
export function parallel_apply<M extends Module>(
  ...args: Arguments<ParallelApplyOptions<M>, ['modules', 'inputs', 'kwargs_tup', 'devices']>
): ReturnType<M['forward']>[] {
  const { modules, inputs, kwargs_tup, devices } = parallel_apply_arguments(args as readonly unknown[]);
  const check = (what: string, list: readonly unknown[] | null): void => {
    if (list === null || list.length === modules.length) return;
    throw new AssertionError(
      `The number of modules ${modules.length} is not equal to the number of ${what} ${list.length}`,
    );
  };
  check('inputs', inputs);
  check('kwargs_tup', kwargs_tup);
  check('devices', devices);
  return modules.map((module, i) => {
    const input = inputs[i];
    const positional = Array.isArray(input) ? (input as unknown[]) : [input];
    const named = kwargs_tup === null || Object.keys(kwargs_tup[i]!).length === 0 ? [] : [kwargs_tup[i]];
    return (module as (...args: unknown[]) => unknown)(...positional, ...named) as ReturnType<M['forward']>;
  });
}

/**
 * As calling a `DataParallel`: `module(...inputs)` on several GPUs.
 * @param inputs the arguments: an array of them, or a single one
 * @param options `device_ids`, `output_device` and `dim`, as for `DataParallel`, and `module_kwargs`
 * @throws RuntimeError without a GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.torch.nn.parallel.data_parallel.html
 */
export function data_parallel<M extends Module>(
  module: M,
  inputs: unknown,
  { module_kwargs, ...options }: DataParallelOptions & { module_kwargs?: Readonly<Record<string, unknown>> } = {},
): ReturnType<M['forward']> {
  if (device_count() === 0) throw new RuntimeError('device type could not be determined');
  const args = Array.isArray(inputs) ? [...(inputs as unknown[])] : [inputs];
  if (module_kwargs !== undefined && is_kwargs(module_kwargs)) args.push(module_kwargs);
  return new DataParallel({ module, ...options }).forward(...(args as Parameters<M['forward']>)) as ReturnType<
    M['forward']
  >;
}
