import { signature } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { type Handle, native } from '../native.ts';
import { repr, type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { RemovableHandle } from '../utils/hooks.ts';

interface MultiGradHookParameters {
  tensors: readonly Tensor[];
  fn: ((grads: readonly (Tensor | null)[]) => void) | ((grad: Tensor) => void);
  mode?: 'all' | 'any';
}

const multi_grad_hook_arguments = signature<MultiGradHookParameters>(
  'register_multi_grad_hook',
  ['tensors', 'fn'],
  [['mode', 'all']],
);

/**
 * Calls a function once in each backward pass: when the gradients of all tensors have been computed that it computes at
 * all, with an array of them, null for the others; or, with `mode: 'any'`, at the first of them.
 * @returns what removes the hook
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.register_multi_grad_hook.html
 */
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: (grads: readonly (Tensor | null)[]) => void,
  options?: { mode?: 'all' },
): RemovableHandle;
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: (grad: Tensor) => void,
  options: { mode: 'any' },
): RemovableHandle;
export function register_multi_grad_hook(...args: unknown[]): RemovableHandle {
  const { tensors, fn, mode } = multi_grad_hook_arguments(args);
  if (typeof fn !== 'function') throw new TypeError(`'${type_name(fn)}' object is not callable`);
  if (mode !== 'all' && mode !== 'any') {
    throw new ValueError(`Expects mode to be one of ('all', 'any') but got ${typeof mode === 'string' ? mode : repr(mode)}`);
  }
  const handles = mode === 'all' ? on_all(tensors, fn as AllHook) : on_any(tensors, fn as AnyHook);
  return new RemovableHandle({
    delete: () => {
      for (const handle of handles) handle.remove();
      return true;
    },
  });
}

type AllHook = (grads: readonly (Tensor | null)[]) => void;
type AnyHook = (grad: Tensor) => void;

/** What is known of the tensors in one backward pass. */
interface Pass {
  /** How many gradients are still to come. */
  missing: number;
  gradients: (Tensor | null)[];
}

function on_all(tensors: readonly Tensor[], fn: AllHook): RemovableHandle[] {
  const passes = new Map<number, Pass>();
  const nodes: Handle[] = tensors.map((one) => native.gradient_edge(one._h)[0]);
  return tensors.map((tensor, i) =>
    tensor.register_hook((grad) => {
      const id = native.current_graph_task();
      let pass = passes.get(id);
      if (pass === undefined) {
        const missing = nodes.filter((node) => native.will_execute(node)).length;
        passes.set(id, (pass = { missing, gradients: tensors.map(() => null) }));
      }
      pass.gradients[i] = grad;
      if (--pass.missing > 0) return;
      passes.delete(id);
      fn(pass.gradients);
    }),
  );
}

function on_any(tensors: readonly Tensor[], fn: AnyHook): RemovableHandle[] {
  let last = -1;
  return tensors
    .filter((one) => one.requires_grad)
    .map((tensor) =>
      tensor.register_hook((grad) => {
        const id = native.current_graph_task();
        if (id === last) return;
        last = id;
        fn(grad);
      }),
    );
}
