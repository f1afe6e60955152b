/**
 * One module on several GPUs of this process, each with a part of the batch.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html
 */
import { type Arguments, is_instance, is_kwargs } from '../../arguments.ts';
import { device_count } from '../../cuda/index.ts';
import { device as Device, type DeviceLike } from '../../device.ts';
import { RuntimeError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';
import { signature, wrong_type } from '../checked_arguments.ts';
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
    return gather(parallel_apply(module, parts, device_ids), this.output_device, this.dim);
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

/**
 * What a module gives for each part of the arguments on its device, where it works with copies of the parameters and
 * buffers. A copy is a step of autograd's, so gradients find their way back. GPUs work while the next one is started.
 */
export function parallel_apply<M extends Module>(
  module: M,
  parts: readonly Parameters<M['forward']>[],
  devices: readonly Device[],
): ReturnType<M['forward']>[] {
  return parts.map((args, i) => {
    const tensors = new Map<string, Tensor>();
    for (const [name, tensor] of [...module.named_parameters(), ...module.named_buffers()]) {
      tensors.set(name, tensor.to({ device: devices[i]!, non_blocking: true }));
    }
    const options = { tie_weights: true, strict: false };
    return call_with(tensors, { module, dicts: tensors, args, options }) as ReturnType<M['forward']>;
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
