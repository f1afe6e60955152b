/**
 * Functions that are called while a backward pass goes through: on gradients of tensors, on leaves whose gradient has
 * been added up, and on the steps of the pass. They run on the thread that called `backward`, before it returns; what
 * they throw, it throws.
 *
 * A hook is kept as long as its tensor: one that refers to the tensor keeps both alive until it is removed.
 * @see https://docs.pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution
 */
import { is_instance } from '../arguments.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { type Handle, native } from '../native.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { RemovableHandle } from '../utils/hooks.ts';

/** Sees the gradient of a tensor, and may give another in its place. */
export type TensorHook = (grad: Tensor) => Tensor | null | undefined | void;
/** Sees a leaf whose gradient has been added up. */
export type PostAccumulateGradHook = (param: Tensor) => void;
/** Gradients that a step takes or gives; null where there is none. */
export type Gradients = readonly (Tensor | null)[];
/** Sees the gradients that a step gave and those that it was given, and may give others for the former. */
export type NodeHook = (grad_inputs: Gradients, grad_outputs: Gradients) => Gradients | null | undefined | void;
/** Sees the gradients that a step is given, and may give others. */
export type NodePrehook = (grad_outputs: Gradients) => Gradients | null | undefined | void;

function check_function(hook: unknown): void {
  if (typeof hook !== 'function') throw new TypeError(`'${type_name(hook)}' object is not callable`);
}

function name_of(hook: object): string {
  return (hook as { name?: string }).name || '<lambda>';
}

function removable(hook: Handle): RemovableHandle {
  return new RemovableHandle({
    delete: () => {
      native.remove_hook(hook);
      return true;
    },
  });
}

/** @internal The tensor that a hook gave for `original`, which has to be like it. */
export function checked(original: Tensor | null, result: unknown, hook: object): Tensor | null {
  if (result === null || result === undefined) return null;
  if (!is_instance(result, Tensor)) throw new TypeError(`expected Variable, but hook returned '${type_name(result)}'`);
  if (original === null) throw new RuntimeError("can't replace a None gradient with a non-None value");
  if (original.type() !== result.type()) {
    throw new RuntimeError(
      `hook '${name_of(hook)}' has changed the type of value (was ${original.type()} got ${result.type()})`,
    );
  }
  if (!original.shape.equals(result.shape)) {
    throw new RuntimeError(`hook '${name_of(hook)}' has changed the size of value`);
  }
  return result;
}

function all_checked(originals: Gradients, result: unknown, hook: object): (Handle | null)[] | undefined {
  if (result === null || result === undefined) return undefined;
  if (!Array.isArray(result)) throw new TypeError(`expected tuple, but hook returned '${type_name(result)}'`);
  if (result.length !== originals.length) {
    throw new RuntimeError(
      `hook '${name_of(hook)}' has returned an incorrect number of values (got ${result.length}, but expected ${originals.length})`,
    );
  }
  return originals.map((original, i) => checked(original, result[i], hook)?._h ?? null);
}

function tensors_of(handles: readonly (Handle | null)[]): Gradients {
  return handles.map((handle) => (handle === null ? null : new Tensor(handle)));
}

/** @internal `tensor.register_hook(hook)` */
export function register_tensor_hook(tensor: Tensor, hook: TensorHook): RemovableHandle {
  check_function(hook);
  return removable(
    native.register_tensor_hook(tensor._h, (handle) => {
      const gradient = new Tensor(handle);
      return checked(gradient, hook(gradient), hook)?._h;
    }),
  );
}

/** @internal `tensor.register_post_accumulate_grad_hook(hook)` */
export function register_post_accumulate_hook(tensor: Tensor, hook: PostAccumulateGradHook): RemovableHandle {
  check_function(hook);
  // The very object, if somebody still has it. A strong reference would keep the tensor alive for ever.
  const known = new WeakRef(tensor);
  return removable(
    native.register_post_accumulate_hook(tensor._h, (handle) => {
      const result: unknown = hook(known.deref() ?? new Tensor(handle));
      if (result !== null && result !== undefined) {
        throw new RuntimeError('Tensor post accumulate grad hooks should return None.');
      }
    }),
  );
}

/** @internal `node.register_hook(hook)` */
export function register_node_hook(node: Handle, hook: NodeHook): RemovableHandle {
  check_function(hook);
  return removable(
    native.register_node_hook(node, (inputs, outputs) => {
      const grad_inputs = tensors_of(inputs);
      return all_checked(grad_inputs, hook(grad_inputs, tensors_of(outputs)), hook);
    }),
  );
}

/** @internal `node.register_prehook(hook)` */
export function register_node_prehook(node: Handle, hook: NodePrehook): RemovableHandle {
  check_function(hook);
  return removable(
    native.register_node_prehook(node, (outputs) => {
      const grad_outputs = tensors_of(outputs);
      return all_checked(grad_outputs, hook(grad_outputs), hook);
    }),
  );
}
