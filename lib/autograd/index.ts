/**
 * Automatic differentiation.
 * @see https://docs.pytorch.org/docs/stable/autograd.html
 */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { type Handle, native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';

export { enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled } from './grad_mode.ts';
export * as forward_ad from './forward_ad.ts';
export { Function } from './function.ts';
export * as graph from './graph.ts';

type OneOrMore<T> = T | readonly T[];

interface BackwardParameters {
  tensors: OneOrMore<Tensor>;
  grad_tensors?: OneOrMore<Tensor | null> | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: OneOrMore<Tensor> | null;
}

const backward_arguments = signature<BackwardParameters>(
  'backward',
  ['tensors', ['grad_tensors', null], ['retain_graph', null], ['create_graph', false]],
  [['inputs', null]],
);

/** `one` or the elements of the array. A loop and not `map`, since the first hole of billions ends it. */
function list_of<T>(one: OneOrMore<T>): readonly T[] {
  try {
    return Array.isArray(one) ? (one as readonly T[]) : [one as T];
  } catch {
    return [one as T]; // a proxy that was revoked: no tensor
  }
}

function handles_of(tensors: OneOrMore<Tensor>, what: string): Handle[] {
  const handles: Handle[] = [];
  for (const tensor of list_of(tensors)) {
    if (!is_instance(tensor, Tensor)) throw new TypeError(`argument '${what}' must be a Tensor or an array of Tensors`);
    handles.push(tensor._h);
  }
  return handles;
}

function handles_or_null(tensors: OneOrMore<Tensor | null> | null, what: string): (Handle | null)[] | null {
  if (tensors === null) return null;
  const handles: (Handle | null)[] = [];
  for (const tensor of list_of(tensors)) handles.push(tensor === null ? null : handles_of(tensor, what)[0]!);
  return handles;
}

/**
 * Adds up the gradients of `tensors` in the leaves that they were computed from.
 *
 * @param tensors what to differentiate; each needs `grad_tensors` unless it has one element
 * @param grad_tensors by tensor, the vector that its Jacobian is multiplied with
 * @param retain_graph keep what backward needs, to go through the graph again; by default as `create_graph`
 * @param create_graph record the backward pass itself, for higher derivatives
 * @param inputs the leaves to add gradients to; all by default
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html
 */
export function backward(
  ...args: Arguments<BackwardParameters, ['tensors', 'grad_tensors', 'retain_graph', 'create_graph']>
): void {
  const { tensors, grad_tensors, retain_graph, create_graph, inputs } = backward_arguments(args);
  if (Array.isArray(inputs) && inputs.length === 0) {
    throw new RuntimeError('`inputs` argument to `backward()` cannot be empty.');
  }
  native.backward(
    handles_of(tensors, 'tensors'),
    handles_or_null(grad_tensors, 'grad_tensors'),
    retain_graph,
    create_graph,
    inputs === null ? null : handles_of(inputs, 'inputs'),
  );
}

interface GradParameters {
  outputs: OneOrMore<Tensor>;
  inputs: OneOrMore<Tensor>;
  grad_outputs?: OneOrMore<Tensor | null> | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  allow_unused?: boolean | null;
  materialize_grads?: boolean;
}

const grad_arguments = signature<GradParameters>('grad', [
  'outputs',
  'inputs',
  ['grad_outputs', null],
  ['retain_graph', null],
  ['create_graph', false],
  ['allow_unused', null],
  ['materialize_grads', false],
]);

/**
 * The gradients of `outputs` with respect to `inputs`, one for each input, without touching any `.grad`.
 *
 * @param allow_unused give null for an input that the outputs do not depend on, instead of an error
 * @param materialize_grads give zeros for such an input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 */
export function grad(
  ...args: Arguments<
    GradParameters,
    ['outputs', 'inputs', 'grad_outputs', 'retain_graph', 'create_graph', 'allow_unused', 'materialize_grads']
  >
): (Tensor | null)[] {
  const given = grad_arguments(args);
  if (given.materialize_grads && given.allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const inputs = handles_of(given.inputs, 'inputs');
  const gradients = native.gradients(
    handles_of(given.outputs, 'outputs'),
    inputs,
    handles_or_null(given.grad_outputs, 'grad_outputs'),
    given.retain_graph,
    given.create_graph,
    given.allow_unused ?? given.materialize_grads,
  );
  return gradients.map((gradient, i) => {
    if (gradient !== null) return new Tensor(gradient);
    return given.materialize_grads ? aten.zeros_like(new Tensor(inputs[i]!)) : null;
  });
}
