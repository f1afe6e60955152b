/**
 * What becomes of the tensors that the steps of a graph keep for the backward pass.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#saved-tensors
 */
import { is_instance, is_kwargs } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { type Guard, scoped } from './grad_mode.ts';

/** Sees a tensor that is to be kept, and gives what is kept instead. It must not change the tensor in place. */
export type PackHook<T> = (tensor: Tensor) => T;
/** Makes the tensor again, of the same content, of what was kept. */
export type UnpackHook<T> = (packed: T) => Tensor;

/**
 * Keeps what `pack_hook` gives instead of the tensors that are saved for the backward pass, while the callback runs or
 * until the end of the block of a `using`.
 *
 * ```ts
 * const y = torch.autograd.graph.saved_tensors_hooks(pack, unpack, () => model(x));
 * ```
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.saved_tensors_hooks
 */
export function saved_tensors_hooks<T>(pack_hook: PackHook<T>, unpack_hook: UnpackHook<T>): Guard;
export function saved_tensors_hooks<T, R>(pack_hook: PackHook<T>, unpack_hook: UnpackHook<T>, callback: () => R): R;
export function saved_tensors_hooks<T, R>(
  pack_hook: PackHook<T>,
  unpack_hook: UnpackHook<T>,
  callback?: () => R,
): R | Guard {
  for (const hook of [pack_hook, unpack_hook]) {
    if (typeof hook !== 'function') throw new TypeError(`'${type_name(hook)}' object is not callable`);
  }
  return scoped(
    'saved_tensors_hooks',
    () => {
      native.push_saved_tensor_hooks(
        (handle) => pack_hook(new Tensor(handle)),
        (packed) => {
          const result: unknown = unpack_hook(packed as T);
          if (is_instance(result, Tensor)) return result._h;
          throw new TypeError(
            `Output of saved tensor unpack_hook expected to be a Tensor but got result of type ${type_name(result)}`,
          );
        },
      );
      return () => native.pop_saved_tensor_hooks();
    },
    callback,
  );
}

/**
 * Keeps saved tensors in the memory of the CPU, and moves them back to their device for the backward pass.
 * @param pin_memory whether in page-locked memory, which is faster to copy from (default: false)
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.save_on_cpu
 */
export function save_on_cpu(pin_memory?: boolean | { pin_memory?: boolean }): Guard;
export function save_on_cpu<R>(callback: () => R): R;
export function save_on_cpu<R>(pin_memory: boolean | { pin_memory?: boolean }, callback: () => R): R;
export function save_on_cpu<R>(first?: boolean | { pin_memory?: boolean } | (() => R), second?: () => R): R | Guard {
  const callback = typeof first === 'function' ? first : second;
  const given = typeof first === 'function' ? false : is_kwargs(first) ? (first.pin_memory as boolean) : first;
  const pin_memory = given ?? false;
  const pack = (tensor: Tensor) => {
    if (!pin_memory) return { device: tensor.device, packed: tensor.cpu() };
    const packed = aten.empty(tensor.shape, {
      dtype: tensor.dtype,
      layout: tensor.layout,
      pin_memory: !tensor.is_sparse,
    });
    packed.copy_(tensor);
    return { device: tensor.device, packed };
  };
  const unpack = ({ device, packed }: ReturnType<typeof pack>) => packed.to(device, { non_blocking: pin_memory });
  return callback === undefined ? saved_tensors_hooks(pack, unpack) : saved_tensors_hooks(pack, unpack, callback);
}

/**
 * Hooks on saved tensors cannot be used inside: trying to is an error with this message.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.disable_saved_tensors_hooks
 */
export function disable_saved_tensors_hooks(error_message: string): Guard;
export function disable_saved_tensors_hooks<R>(error_message: string, callback: () => R): R;
export function disable_saved_tensors_hooks<R>(error_message: string, callback?: () => R): R | Guard {
  if (typeof error_message !== 'string') {
    throw new TypeError(
      `disable_saved_tensors_hooks(): argument 'error_message' must be str, not ${type_name(error_message)}`,
    );
  }
  return scoped(
    'disable_saved_tensors_hooks',
    () => {
      const before = native.disable_saved_tensor_hooks(error_message);
      return () => {
        native.disable_saved_tensor_hooks(before, true);
      };
    },
    callback,
  );
}
