/**
 * The graph that autograd records.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#autograd-graph
 */
import { type Handle, native } from '../native.ts';
import { Tensor } from '../tensor.ts';
import type { RemovableHandle } from '../utils/hooks.ts';
import { type NodeHook, type NodePrehook, register_node_hook, register_node_prehook } from './hooks.ts';

export { get_gradient_edge, GradientEdge, increment_version } from './gradient_edge.ts';
export { register_multi_grad_hook } from './multi_grad_hook.ts';
export {
  disable_saved_tensors_hooks, type PackHook, save_on_cpu, saved_tensors_hooks, type UnpackHook,
} from './saved_tensors.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A step of the backward pass: what `x.grad_fn` is. */
export class Node {
  readonly #handle: Handle;
  #next: [Node | null, number][] | undefined;
  #metadata: Record<string, unknown> | undefined;

  /** @internal */
  constructor(handle: Handle) {
    this.#handle = handle;
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
