/**
 * Automatic differentiation.
 * @see https://docs.pytorch.org/docs/stable/autograd.html
 */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { type Handle, native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { edge_of, GradientEdge } from './gradient_edge.ts';

export { enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled } from './grad_mode.ts';
export { detect_anomaly, set_detect_anomaly } from './anomaly_mode.ts';
export * as anomaly_mode from './anomaly_mode.ts';
export * as grad_mode from './grad_modes.ts';
export * as forward_ad from './forward_ad.ts';
export { Function } from './function/index.ts';
export * as function from './function/index.ts';
export * as functional from './functional/index.ts';
export {
  gradcheck, GradcheckError, type GradcheckOptions, gradgradcheck, type GradgradcheckOptions,
} from './gradcheck.ts';
export * as graph from './graph.ts';

type OneOrMore<T> = T | readonly T[];

interface BackwardParameters {
  tensors: OneOrMore<Tensor | GradientEdge>;
  grad_tensors?: OneOrMore<Tensor | null> | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: OneOrMore<Tensor | GradientEdge> | null;
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

function handles_of(tensors: OneOrMore<Tensor | GradientEdge>, what: string): Handle[] {
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

function has_edges(values: OneOrMore<Tensor | GradientEdge>): boolean {
  for (const one of list_of(values)) {
    if (is_instance(one, GradientEdge)) return true;
    if (!is_instance(one, Tensor)) return false; // an error, which others tell of
  }
  return false;
}

/** A backward pass that begins or ends at edges of the graph. */
function through_edges(
  outputs: OneOrMore<Tensor | GradientEdge>,
  grad_outputs: OneOrMore<Tensor | null> | null,
  inputs: OneOrMore<Tensor | GradientEdge>,
  retain_graph: boolean,
  create_graph: boolean,
  accumulate: boolean,
): (Handle | null)[] {
  const roots = list_of(outputs);
  const given = grad_outputs === null ? [] : list_of(grad_outputs);
  if (grad_outputs !== null && given.length !== roots.length) {
    throw new RuntimeError(`got ${roots.length} tensors and ${given.length} gradients`);
  }
  const edges = roots.map((one, i) => checked_edge(one, i, 'tensors'));
  const gradients = edges.map(([node, input], i) => given[i]?._h ?? native.edge_ones(node, input));
  const ends = list_of(inputs).map((one, i) => checked_edge(one, i, 'inputs'));
  return native.run_backward(edges.flat(), gradients, ends.flat(), retain_graph, create_graph, accumulate);
}

function checked_edge(value: Tensor | GradientEdge, i: number, what: string): [node: Handle, input: number] {
  if (is_instance(value, GradientEdge) || is_instance(value, Tensor)) return edge_of(value, i);
  throw new TypeError(`argument '${what}' must be a Tensor or a GradientEdge, or an array of them`);
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
  if (has_edges(tensors) || (inputs !== null && has_edges(inputs))) {
    through_edges(tensors, grad_tensors, inputs ?? [], retain_graph ?? create_graph, create_graph, true);
    return;
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
  outputs: OneOrMore<Tensor | GradientEdge>;
  inputs: OneOrMore<Tensor | GradientEdge>;
  grad_outputs?: OneOrMore<Tensor | null> | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  allow_unused?: boolean | null;
  is_grads_batched?: boolean;
  materialize_grads?: boolean;
}

const grad_arguments = signature<GradParameters>('grad', [
  'outputs',
  'inputs',
  ['grad_outputs', null],
  ['retain_graph', null],
  ['create_graph', false],
  ['allow_unused', null],
  ['is_grads_batched', false],
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
    [
      'outputs', 'inputs', 'grad_outputs', 'retain_graph', 'create_graph', 'allow_unused', 'is_grads_batched',
      'materialize_grads',
    ]
  >
): (Tensor | null)[] {
  const given = grad_arguments(args);
  if (given.materialize_grads && given.allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const allow_unused = given.allow_unused ?? given.materialize_grads;
  const gradients = given.is_grads_batched ? batched_gradients(given, allow_unused) : gradients_of(given, allow_unused);
  return gradients.map((gradient, i) => {
    if (gradient !== null) return new Tensor(gradient);
    const input = list_of(given.inputs)[i];
    return given.materialize_grads && is_instance(input, Tensor) ? aten.zeros_like(input) : null;
  });
}

function gradients_of(given: Required<GradParameters>, allow_unused: boolean): (Handle | null)[] {
  const { outputs, inputs, grad_outputs, retain_graph, create_graph } = given;
  if (!has_edges(outputs) && !has_edges(inputs)) {
    return native.gradients(
      handles_of(outputs, 'outputs'),
      handles_of(inputs, 'inputs'),
      handles_or_null(grad_outputs, 'grad_outputs'),
      retain_graph,
      create_graph,
      allow_unused,
    );
  }
  const results = through_edges(outputs, grad_outputs, inputs, retain_graph ?? create_graph, create_graph, false);
  const unused = allow_unused ? -1 : results.indexOf(null);
  if (unused < 0) return results;
  throw new RuntimeError(
    `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
  );
}

/** The gradients for each element of a batch of `grad_outputs`, computed at once. */
function batched_gradients(given: Required<GradParameters>, allow_unused: boolean): (Handle | null)[] {
  handles_or_null(given.grad_outputs, 'grad_outputs'); // fails unless all are tensors or null
  const outputs = list_of(given.outputs);
  const batches = given.grad_outputs === null ? [] : list_of(given.grad_outputs);
  const sizes = batches.flatMap((one) => (is_instance(one, Tensor) && one.dim() > 0 ? [one.size(0)] : []));
  batches.forEach((one, i) => {
    const output = outputs[i];
    if (!is_instance(one, Tensor) || !is_instance(output, Tensor)) return;
    if (one.dim() > 0 && output.shape.equals(one.shape.slice(1))) return;
    throw new RuntimeError(
      `If \`is_grads_batched=True\`, we interpret the first dimension of each grad_output as the batch dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a mismatch was detected: grad_output[${i}] has a shape of ${String(one.shape)} and output[${i}] has a shape of ${String(output.shape)}. If you only want some tensors in \`grad_output\` to be considered batched, consider using vmap.`,
    );
  });
  const [size] = sizes;
  if (size === undefined) throw new ValueError('vmap: Expected at least one Tensor to vmap over');
  if (sizes.some((one) => one !== size)) {
    throw new ValueError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
    );
  }
  const level = native.push_vmap(size, 'error');
  try {
    const grad_outputs = batches.map((one) => (one === null ? null : new Tensor(native.add_batch_dim(one._h, 0, level))));
    return gradients_of({ ...given, grad_outputs }, allow_unused).map((one) =>
      one === null ? null : native.remove_batch_dim(one, level, size, 0),
    );
  } finally {
    native.pop_transform();
  }
}
