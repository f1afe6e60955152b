/**
 * The graph that autograd records.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#autograd-graph
 */
import { type Handle, native } from '../native.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A step of the backward pass: what `x.grad_fn` is. */
export class Node {
  readonly #handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** What the step undoes: `'AddBackward0'`. */
  name(): string {
    return native.node_name(this.#handle).replace(/^.*::/, '');
  }

  /** The steps that come after it in the backward pass, each with the number of the input that it takes. */
  get next_functions(): [Node | null, number][] {
    return native.node_next(this.#handle).map(([node, input]) => [node === null ? null : new Node(node), input]);
  }

  toString(): string {
    return `<${this.name()}>`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}
