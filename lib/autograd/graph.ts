/**
 * The graph that autograd records.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#autograd-graph
 */
import { Complex } from '../complex.ts';
import { AttributeError } from '../errors.ts';
import { type Handle, native, type NativeSaved } from '../native.ts';
import { Tensor } from '../tensor.ts';
import type { RemovableHandle } from '../utils/hooks.ts';
import { type NodeHook, type NodePrehook, register_node_hook, register_node_prehook } from './hooks.ts';

export { get_gradient_edge, GradientEdge, increment_version } from './gradient_edge.ts';
export { register_multi_grad_hook } from './multi_grad_hook.ts';
export { allow_mutation_on_saved_tensors } from './mutation.ts';
export {
  disable_saved_tensors_hooks, type PackHook, save_on_cpu, saved_tensors_hooks, type UnpackHook,
} from './saved_tensors.ts';

const SAVED = '_saved_';
const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** What a step keeps: tensors, sizes, numbers and flags, alone or in arrays; null where there is none. */
export type SavedValue = Tensor | null | number | bigint | boolean | string | Complex | readonly SavedValue[];

function lift_saved(value: NativeSaved): SavedValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: NativeSaved) => lift_saved(one));
  if ('real' in value) return new Complex(value.real, value.imag);
  return new Tensor(value as Handle);
}

/**
 * A step of the backward pass: what `x.grad_fn` is.
 *
 * What the step keeps for it can be looked at by the names that Python has: `y.grad_fn._saved_self`. The steps of
 * `autograd.Function` are their context, too: `y.grad_fn.saved_tensors`, and whatever `forward` has left there.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.Node
 */
export class Node {
  /** What the step keeps under a name of Python's. */
  readonly [saved: `_saved_${string}`]: SavedValue | undefined;

  readonly #handle: Handle;
  #next: [Node | null, number][] | undefined;
  #metadata: Record<string, unknown> | undefined;

  /** @internal */
  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** @internal Is it a step, and not the prototype of one? */
  static _is_step(value: unknown): value is Node {
    return typeof value === 'object' && value !== null && #handle in value;
  }

  /** @internal LibTorch's node. */
  get _node(): Handle {
    return this.#handle;
  }

  /** @internal Is it the step behind `handle`? */
  _is(handle: Handle): boolean {
    return native.node_key(this.#handle) === native.node_key(handle);
  }

  /** @internal The same for all objects that stand for this step. */
  get _key(): number {
    return native.node_key(this.#handle);
  }

  /** What the step undoes: `'AddBackward0'`. */
  name(): string {
    return native.node_name(this.#handle).replace(/^.*::/, '');
  }

  /** The steps that come after it in the backward pass, each with the number of the input that it takes. */
  get next_functions(): [Node | null, number][] {
    this.#next ??= native
      .node_next(this.#handle)
      .map(([node, input]) => [node === null ? null : new Node(node), input] as [Node | null, number]);
    return [...this.#next];
  }

  /** The leaf that the step adds gradients up in; undefined for all other steps. */
  get variable(): Tensor | undefined {
    const leaf = native.node_variable(this.#handle);
    return leaf === null ? undefined : new Tensor(leaf);
  }

  /** A place for notes on the step. */
  get metadata(): Record<string, unknown> {
    return (this.#metadata ??= {});
  }

  /**
   * What `save_for_backward` kept; steps of `autograd.Function` alone have it.
   * @throws RuntimeError if it has been freed by a backward pass
   * @throws AttributeError for steps of LibTorch's own
   */
  get saved_tensors(): Tensor[] {
    const ctx = native.function_backward(this.#handle)?.ctx;
    if (ctx !== undefined) return ctx.saved_tensors;
    throw new AttributeError(`'${this.name()}' object has no attribute 'saved_tensors'`);
  }

  /** @internal What the step has under a name that the class has not. */
  _attribute(name: string): unknown {
    if (name.startsWith(SAVED)) {
      const value = native.node_saved(this.#handle, name.slice(SAVED.length));
      return value === undefined ? undefined : lift_saved(value);
    }
    return native.function_backward(this.#handle)?.ctx?.[name];
  }

  /** @internal How many steps this thread had recorded before. */
  _sequence_nr(): number {
    return native.node_sequence_nr(this.#handle);
  }

  /**
   * Calls `hook` when the step has been done, with the gradients that it gave and those that it was given, each a
   * tensor or null. An array that it returns takes the place of the former.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.Node.register_hook.html
   */
  register_hook(hook: NodeHook): RemovableHandle {
    return register_node_hook(this.#handle, hook);
  }

  /**
   * Calls `hook` before the step is done, with the gradients that it is given. An array that it returns takes their
   * place.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.Node.register_prehook.html
   */
  register_prehook(hook: NodePrehook): RemovableHandle {
    return register_node_prehook(this.#handle, hook);
  }

  toString(): string {
    return `<${this.name()}>`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

// Attributes stand behind everything else: the proxy sees only names that neither a step nor its class has.
Object.setPrototypeOf(
  Node.prototype,
  new Proxy(Object.prototype, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || name in target || !Node._is_step(receiver)) {
        return Reflect.get(target, name, receiver);
      }
      return receiver._attribute(name);
    },
  }),
);
