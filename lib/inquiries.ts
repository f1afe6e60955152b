/** Small questions about objects that Python's `torch` answers. */
import { is_instance, is_kwargs } from './arguments.ts';
import { TypeError } from './errors.ts';
import { type_name } from './repr.ts';
import { TypedStorage, UntypedStorage } from './storage.ts';
import { Tensor } from './tensor.ts';

function tensor_given(name: string, value: unknown): Tensor {
  const given = is_kwargs(value) ? value['input'] : value;
  if (is_instance(given, Tensor)) return given;
  throw new TypeError(`${name}(): argument 'input' (position 1) must be Tensor, not ${type_name(value)}`);
}

/** How many elements the tensor has. See https://docs.pytorch.org/docs/stable/generated/torch.numel.html */
export function numel(input: Tensor | { input: Tensor }): number {
  return tensor_given('numel', input).numel();
}

/** The index of the tensor's device, -1 for the CPU. */
export function get_device(input: Tensor | { input: Tensor }): number {
  return tensor_given('get_device', input).get_device();
}

/** Was the tensor made in inference mode? */
export function is_inference(input: Tensor | { input: Tensor }): boolean {
  return tensor_given('is_inference', input).is_inference();
}

/** Is it the memory behind a tensor? See https://docs.pytorch.org/docs/stable/generated/torch.is_storage.html */
export function is_storage(obj: unknown): obj is UntypedStorage | TypedStorage {
  return is_instance(obj, UntypedStorage) || is_instance(obj, TypedStorage);
}

/**
 * What Python calls the type of a value: `'torch.FloatTensor'` of a tensor, the class's name of other objects.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.typename.html
 */
export function typename(obj: unknown): string {
  return is_instance(obj, Tensor) ? obj.type() : type_name(obj);
}
