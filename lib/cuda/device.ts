/** Which GPU is meant, which is current, and what they are. */
import { index_of } from '../accelerator/current.ts';
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import { device as Device, type DeviceLike } from '../device.ts';
import { AssertionError, RuntimeError } from '../errors.ts';
import { native } from '../native.ts';
import { is_tensor } from '../creation.ts';
import type { Tensor } from '../tensor.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** @internal Was LibTorch built for NVIDIA's GPUs? */
export function is_built(): boolean {
  return native.built_with().includes('cuda');
}

/** @internal Fails, as PyTorch does, where there is no GPU. */
export function require_cuda(): void {
  if (!is_built()) throw new AssertionError('Torch not compiled with CUDA enabled');
  if (device_count() === 0) throw new RuntimeError('No CUDA GPUs are available');
}

/** @internal The index of a GPU: the current one's where `device` leaves it open. */
export function cuda_index(device: DeviceLike | null | undefined): number {
  require_cuda();
  return index_of('cuda', device) ?? native.current_device('cuda');
}

/** How many GPUs there are. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.device_count.html */
export function device_count(): number {
  return native.device_count('cuda');
}

/** Is there a GPU that can be used? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_available.html */
export function is_available(): boolean {
  return device_count() > 0;
}

/**
 * The index of the current GPU.
 * @throws AssertionError if LibTorch was built without CUDA
 * @throws RuntimeError if there is no GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.current_device.html
 */
export function current_device(): number {
  return cuda_index(null);
}

/** Makes a GPU the current one. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_device.html */
export function set_device(device: DeviceLike): void {
  if (typeof device === 'number' && device < 0) return;
  native.set_device('cuda', cuda_index(device));
}

/**
 * Makes a GPU the current one inside; null, or a negative index, changes nothing.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.device.html
 */
export function device(device: DeviceLike | null): Guard;
export function device<T>(device: DeviceLike | null, callback: () => T): T;
export function device<T>(given: DeviceLike | null, callback?: () => T): T | Guard {
  return scoped(
    'device',
    () => {
      if (given === null || (typeof given === 'number' && given < 0)) return () => {};
      const index = cuda_index(given);
      const before = native.current_device('cuda');
      native.set_device('cuda', index);
      return () => native.set_device('cuda', before);
    },
    callback,
  );
}

/**
 * Makes the GPU of a tensor the current one inside; a tensor elsewhere changes nothing.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.device_of.html
 */
export function device_of(obj: Tensor): Guard;
export function device_of<T>(obj: Tensor, callback: () => T): T;
export function device_of<T>(obj: Tensor, callback?: () => T): T | Guard {
  const on = is_tensor(obj) && obj.is_cuda ? obj.device.index : null;
  return callback === undefined ? device(on) : device(on, callback);
}

/**
 * Waits until everything that was started on a GPU has been done.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.synchronize.html
 */
export function synchronize(device?: DeviceLike | null): void {
  native.synchronize_device('cuda', cuda_index(device));
}

/** What a GPU is: sizes in bytes, rates in kHz. */
export class CudaDeviceProperties {
  readonly name!: string;
  readonly major!: number;
  readonly minor!: number;
  readonly total_memory!: number;
  readonly multi_processor_count!: number;
  readonly uuid!: string;
  readonly warp_size!: number;
  readonly max_threads_per_block!: number;
  readonly max_threads_per_multi_processor!: number;
  readonly regs_per_multiprocessor!: number;
  readonly shared_memory_per_block!: number;
  readonly shared_memory_per_block_optin!: number;
  readonly shared_memory_per_multiprocessor!: number;
  readonly L2_cache_size!: number;
  readonly clock_rate!: number;
  readonly memory_clock_rate!: number;
  readonly memory_bus_width!: number;
  readonly pci_bus_id!: number;
  readonly pci_device_id!: number;
  readonly pci_domain_id!: number;
  readonly is_integrated!: number;
  readonly is_multi_gpu_board!: number;

  /** @internal */
  constructor(values: Record<string, string | number>) {
    Object.assign(this, values);
  }

  toString(): string {
    const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)}MB`;
    const parts = [
      `name='${this.name}'`,
      `major=${this.major}`,
      `minor=${this.minor}`,
      `total_memory=${megabytes(this.total_memory)}`,
      `multi_processor_count=${this.multi_processor_count}`,
      `uuid=${this.uuid}`,
      `pci_bus_id=${this.pci_bus_id}`,
      `pci_device_id=${this.pci_device_id}`,
      `pci_domain_id=${this.pci_domain_id}`,
      `L2_cache_size=${megabytes(this.L2_cache_size)}`,
    ];
    return `_CudaDeviceProperties(${parts.join(', ')})`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** What a GPU is. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_device_properties.html */
export function get_device_properties(device?: DeviceLike | null): CudaDeviceProperties {
  return new CudaDeviceProperties(native.cuda_properties(cuda_index(device)));
}

/** A GPU's name. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_device_name.html */
export function get_device_name(device?: DeviceLike | null): string {
  return get_device_properties(device).name;
}

/** A GPU's generation. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_device_capability.html */
export function get_device_capability(device?: DeviceLike | null): [major: number, minor: number] {
  const { major, minor } = get_device_properties(device);
  return [major, minor];
}

/** Can one GPU read another's memory? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.can_device_access_peer.html */
export function can_device_access_peer(device: DeviceLike, peer_device: DeviceLike): boolean {
  return native.cuda_can_access_peer(cuda_index(device), cuda_index(peer_device));
}

/** Does the current GPU compute in bfloat16? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_bf16_supported.html */
export function is_bf16_supported(including_emulation: boolean = true): boolean {
  if (!is_available()) return false;
  return including_emulation || get_device_properties().major >= 8;
}

/** Does the current GPU compute in TF32? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_tf32_supported.html */
export function is_tf32_supported(): boolean {
  return is_available() && get_device_properties().major >= 8;
}

let initialized = false;

/** Has CUDA been started? See https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_initialized.html */
export function is_initialized(): boolean {
  return initialized;
}

/** Starts CUDA, which otherwise happens at first use. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.init.html */
export function init(): void {
  native.current_stream('cuda', cuda_index(null));
  initialized = true;
}

/** @internal */
export const CUDA = new Device('cuda');
