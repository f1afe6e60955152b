import { is_array, is_instance } from '../arguments.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { type Handle, native } from '../native.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { Node } from './graph.ts';

/**
 * Where a gradient flows into the graph: a step of the backward pass and the number of the forward's output. It can be
 * given to `backward` and `grad` in the place of a tensor.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.GradientEdge.html
 */
export class GradientEdge {
  /** The step. */
  readonly node: Node;
  /** Which of its outputs. */
  readonly output_nr: number;

  constructor(node: Node, output_nr: number) {
    if (!is_instance(node, Node)) throw new TypeError(`GradientEdge(): node must be a Node, not ${type_name(node)}`);
    this.node = node;
    this.output_nr = output_nr;
  }

  toString(): string {
    return `GradientEdge(node=${String(this.node)}, output_nr=${this.output_nr})`;
  }
}

/**
 * The edge that the tensor's gradient flows in by.
 * @throws RuntimeError if the tensor needs no gradient
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.get_gradient_edge.html
 */
export function get_gradient_edge(tensor: Tensor): GradientEdge {
  if (!is_instance(tensor, Tensor)) {
    throw new TypeError(`get_gradient_edge(): argument 'tensor' must be Tensor, not ${type_name(tensor)}`);
  }
  if (!tensor.requires_grad) {
    throw new RuntimeError('It is not possible to get the gradient edge for a Tensor that does not require gradients');
  }
  const [node, output_nr] = native.gradient_edge(tensor._h);
  return new GradientEdge(new Node(node), output_nr);
}

/**
 * Lets autograd believe that the tensors have been changed in place.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.increment_version.html
 */
export function increment_version(tensor: Tensor | readonly Tensor[]): void {
  for (const one of is_array(tensor) ? (tensor as readonly unknown[]) : [tensor]) {
    if (!is_instance(one, Tensor)) {
      throw new TypeError(`increment_version(): argument 'tensor' must be Tensor, not ${type_name(one)}`);
    }
    native.bump_version(one._h);
  }
}

/** @internal A tensor's edge or an edge, as the addon takes it. */
export function edge_of(value: Tensor | GradientEdge, i: number): [node: Handle, input: number] {
  if (is_instance(value, GradientEdge)) return [value.node._node, value.output_nr];
  if (!value.requires_grad) {
    throw new RuntimeError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
  }
  return native.gradient_edge(value._h);
}
