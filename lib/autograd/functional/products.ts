import { signature } from '../../arguments.ts';
import { RuntimeError } from '../../errors.ts';
import { native } from '../../native.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { enable_grad, set_grad_enabled } from '../grad_mode.ts';
import {
  as_given, as_tuple, check_depends, check_v, filled, finished, gradients_of, type Inputs, type Like, type OneOrMore,
  prepared, type TensorFunction,
} from './arguments.ts';

/** What the products take by name. */
export interface ProductOptions<V extends OneOrMore = OneOrMore> {
  /** The vector; may be left out where there is one number only. */
  v?: V | null;
  /** Whether the results can be differentiated again (default: false). */
  create_graph?: boolean;
  /** Whether independence of an input is an error instead of zeros (default: false). */
  strict?: boolean;
}

interface ProductParameters extends ProductOptions {
  func: TensorFunction;
  inputs: OneOrMore;
}

function product_arguments(name: string): (args: readonly unknown[]) => Required<ProductParameters> {
  return signature<ProductParameters>(name, [
    'func',
    'inputs',
    ['v', null],
    ['create_graph', false],
    ['strict', false],
  ]);
}

/** The vector, which may be missing only where `alone` is one number. */
function vector(
  name: string,
  v: unknown,
  create_graph: boolean,
  alone: readonly Tensor[],
  is_tuple: boolean,
  message: string,
): Tensor[] | null {
  if (v === null) {
    if (alone.length === 1 && alone[0]!.numel() === 1) return null;
    throw new RuntimeError(message);
  }
  const prepared_v = prepared(as_tuple(v, 'v', name)[1], create_graph, false);
  check_v(prepared_v, alone, is_tuple);
  return prepared_v;
}

const OUTPUTS = 'outputs of the user-provided function';

const vjp_arguments = product_arguments('vjp');

/**
 * What `func` gives for the inputs, and a vector times its Jacobian there.
 * @param func takes the tensors, and gives one or an array of them
 * @param inputs one tensor, or an array of them
 * @param v of the form of the outputs
 * @returns `[outputs, product]`; the product has the form of the inputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html
 */
export function vjp<const I extends OneOrMore, O extends OneOrMore>(
  func: (...inputs: Inputs<I>) => O,
  inputs: I,
  v?: OneOrMore | null | ProductOptions,
  create_graph?: boolean | ProductOptions,
  strict?: boolean | ProductOptions,
): [outputs: O, product: Like<I>];
export function vjp(...args: unknown[]): unknown {
  const { func, inputs: given, v, create_graph, strict } = vjp_arguments(args);
  const { is_inputs, inputs, is_outputs, outputs, vectors } = enable_grad(() => {
    const [is_inputs, list] = as_tuple(given, 'inputs', 'vjp');
    const inputs = prepared(list, create_graph, true);
    const [is_outputs, outputs] = as_tuple(func(...inputs), OUTPUTS, 'vjp');
    check_depends(outputs, 'outputs', strict);
    const vectors = vector(
      'vjp', v, create_graph, outputs, is_outputs,
      'The vector v can only be None if the user-provided function returns a single Tensor with a single element.',
    );
    return { is_inputs, inputs, is_outputs, outputs, vectors };
  });
  const product = set_grad_enabled(create_graph || native.is_grad_enabled(), () =>
    filled(gradients_of(outputs, inputs, vectors, { create_graph }), inputs, strict, create_graph, 'back'),
  );
  return [
    as_given(finished(outputs, create_graph), is_outputs),
    as_given(finished(product, create_graph), is_inputs),
  ];
}

const jvp_arguments = product_arguments('jvp');

/**
 * What `func` gives for the inputs, and its Jacobian there times a vector, by going backwards twice.
 * @param func takes the tensors, and gives one or an array of them
 * @param inputs one tensor, or an array of them
 * @param v of the form of the inputs
 * @returns `[outputs, product]`, both of the form of the outputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html
 */
export function jvp<const I extends OneOrMore, O extends OneOrMore>(
  func: (...inputs: Inputs<I>) => O,
  inputs: I,
  v?: OneOrMore | null | ProductOptions,
  create_graph?: boolean | ProductOptions,
  strict?: boolean | ProductOptions,
): [outputs: O, product: Like<O>];
export function jvp(...args: unknown[]): unknown {
  const { func, inputs: given, v, create_graph, strict } = jvp_arguments(args);
  const { is_outputs, outputs, vectors, grad_outputs, grad_inputs } = enable_grad(() => {
    const [is_inputs, list] = as_tuple(given, 'inputs', 'jvp');
    const inputs = prepared(list, create_graph, true);
    const vectors = vector(
      'jvp', v, create_graph, inputs, is_inputs,
      'The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.',
    );
    const [is_outputs, outputs] = as_tuple(func(...inputs), OUTPUTS, 'jvp');
    check_depends(outputs, 'outputs', strict);
    // Backward is linear in them, so that their values do not matter.
    const grad_outputs = outputs.map((one) => aten.zeros_like(one).requires_grad_());
    const grad_inputs = gradients_of(outputs, inputs, grad_outputs, { create_graph: true });
    check_depends(grad_inputs, 'grad_inputs', strict);
    return { is_outputs, outputs, vectors, grad_outputs, grad_inputs };
  });
  const product = set_grad_enabled(create_graph || native.is_grad_enabled(), () =>
    filled(
      gradients_of(grad_inputs, grad_outputs, vectors, { create_graph }), outputs, strict, create_graph, 'back_trick',
    ),
  );
  return [
    as_given(finished(outputs, create_graph), is_outputs),
    as_given(finished(product, create_graph), is_outputs),
  ];
}

/** What both products with the Hessian begin with. */
function second_order(name: 'vhp' | 'hvp', { func, inputs: given, v, create_graph, strict }: Required<ProductParameters>) {
  const [is_inputs, list] = as_tuple(given, 'inputs', name);
  const inputs = prepared(list, create_graph, true);
  const vectors = vector(
    name, v, create_graph, inputs, is_inputs,
    'The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.',
  );
  const [is_outputs, outputs] = as_tuple(func(...inputs), OUTPUTS, name);
  check_depends(outputs, 'outputs', strict);
  if (is_outputs) throw new RuntimeError(`The function given to ${name} should return a single Tensor`);
  if (outputs[0]!.numel() !== 1) {
    throw new RuntimeError(`The Tensor returned by the function given to ${name} should contain a single element`);
  }
  const jacobian = gradients_of(outputs, inputs, null, { create_graph: true });
  check_depends(jacobian, 'jacobian', strict);
  return { is_inputs, inputs, vectors, outputs, jacobian };
}

const vhp_arguments = product_arguments('vhp');

/**
 * What `func` gives for the inputs, and a vector times its Hessian there.
 * @param func takes the tensors, and gives one of one element
 * @param inputs one tensor, or an array of them
 * @param v of the form of the inputs
 * @returns `[output, product]`; the product has the form of the inputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html
 */
export function vhp<const I extends OneOrMore>(
  func: (...inputs: Inputs<I>) => Tensor,
  inputs: I,
  v?: OneOrMore | null | ProductOptions,
  create_graph?: boolean | ProductOptions,
  strict?: boolean | ProductOptions,
): [output: Tensor, product: Like<I>];
export function vhp(...args: unknown[]): unknown {
  const parameters = vhp_arguments(args);
  const { create_graph, strict } = parameters;
  const { is_inputs, inputs, vectors, outputs, jacobian } = enable_grad(() => second_order('vhp', parameters));
  const product = set_grad_enabled(create_graph || native.is_grad_enabled(), () =>
    filled(gradients_of(jacobian, inputs, vectors, { create_graph }), inputs, strict, create_graph, 'double_back'),
  );
  return [finished(outputs, create_graph)[0], as_given(finished(product, create_graph), is_inputs)];
}

const hvp_arguments = product_arguments('hvp');

/**
 * What `func` gives for the inputs, and its Hessian there times a vector. `vhp` gives the same and is faster.
 * @param func takes the tensors, and gives one of one element
 * @param inputs one tensor, or an array of them
 * @param v of the form of the inputs
 * @returns `[output, product]`; the product has the form of the inputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html
 */
export function hvp<const I extends OneOrMore>(
  func: (...inputs: Inputs<I>) => Tensor,
  inputs: I,
  v?: OneOrMore | null | ProductOptions,
  create_graph?: boolean | ProductOptions,
  strict?: boolean | ProductOptions,
): [output: Tensor, product: Like<I>];
export function hvp(...args: unknown[]): unknown {
  const parameters = hvp_arguments(args);
  const { create_graph, strict } = parameters;
  const { is_inputs, inputs, vectors, outputs, grad_jacobian, double_back } = enable_grad(() => {
    const start = second_order('hvp', parameters);
    const grad_jacobian = start.inputs.map((one) => aten.zeros_like(one).requires_grad_());
    const double_back = gradients_of(start.jacobian, start.inputs, grad_jacobian, { create_graph: true });
    check_depends(start.jacobian, 'hessian', strict);
    return { ...start, grad_jacobian, double_back };
  });
  const product = set_grad_enabled(create_graph || native.is_grad_enabled(), () =>
    filled(
      gradients_of(double_back, grad_jacobian, vectors, { create_graph }), inputs, strict, create_graph,
      'double_back_trick',
    ),
  );
  return [finished(outputs, create_graph)[0], as_given(finished(product, create_graph), is_inputs)];
}
