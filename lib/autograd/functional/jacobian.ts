import { signature } from '../../arguments.ts';
import { AssertionError, NotImplementedError, RuntimeError } from '../../errors.ts';
import { vjp_of } from '../../func/grad.ts';
import { jvp_of } from '../../func/jvp.ts';
import { vmap } from '../../func/vmap.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { enable_grad } from '../grad_mode.ts';
import {
  as_tuple, check_depends, finished, gradients_of, type Inputs, type OneOrMore, prepared, type TensorFunction,
} from './arguments.ts';

/** How a Jacobian is computed: by rows, or by columns. */
export type Strategy = 'reverse-mode' | 'forward-mode';

/** What `jacobian` takes by name. */
export interface JacobianOptions {
  /** Whether the result can be differentiated again (default: false). */
  create_graph?: boolean;
  /** Whether independence of an input is an error instead of zeros (default: false). */
  strict?: boolean;
  /** Whether all rows are computed at once (default: false). */
  vectorize?: boolean;
  /** Forward mode needs `vectorize` (default: `'reverse-mode'`). */
  strategy?: Strategy;
}

interface JacobianParameters extends JacobianOptions {
  func: TensorFunction;
  inputs: OneOrMore;
}

const jacobian_arguments = signature<JacobianParameters>('jacobian', [
  'func',
  'inputs',
  ['create_graph', false],
  ['strict', false],
  ['vectorize', false],
  ['strategy', 'reverse-mode'],
]);

/** For one output and one input a tensor; an array for an array of either, first by output. */
export type JacobianOf<I, O> = O extends readonly Tensor[]
  ? I extends readonly Tensor[]
    ? Tensor[][]
    : Tensor[]
  : I extends readonly Tensor[]
    ? Tensor[]
    : Tensor;

/** By output and input, without the arrays that were not asked for. */
function as_asked(jacobian: Tensor[][], is_outputs: boolean, is_inputs: boolean): unknown {
  const by_output = is_inputs ? jacobian : jacobian.map((one) => one[0]);
  return is_outputs ? by_output : by_output[0];
}

/**
 * The Jacobian of a function.
 * @param func takes the tensors, and gives one or an array of them
 * @param inputs one tensor, or an array of them
 * @returns a tensor of the output's shape followed by the input's; an array, by output, by input, or both, where those
 *   are arrays
 * @throws RuntimeError where `strict` does not allow that an output does not depend on an input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
 */
export function jacobian<const I extends OneOrMore, O extends OneOrMore>(
  func: (...inputs: Inputs<I>) => O,
  inputs: I,
  create_graph?: boolean | JacobianOptions,
  strict?: boolean | JacobianOptions,
  vectorize?: boolean | JacobianOptions,
  strategy?: Strategy | JacobianOptions,
): JacobianOf<I, O>;
export function jacobian(...args: unknown[]): unknown {
  const { func, inputs, create_graph, strict, vectorize, strategy } = jacobian_arguments(args);
  if (strategy !== 'forward-mode' && strategy !== 'reverse-mode') {
    throw new AssertionError(
      'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, prefer to use "reverse-mode".',
    );
  }
  if (strategy === 'reverse-mode') {
    return enable_grad(() => by_rows(func, inputs, create_graph, strict, vectorize));
  }
  if (create_graph) {
    throw new NotImplementedError(
      'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not supported together (yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.',
    );
  }
  return by_columns(func, inputs, strict, vectorize);
}

/** The identity, cut into what belongs to each tensor. */
function identity(tensors: readonly Tensor[]): Tensor[] {
  const total = tensors.reduce((sum, one) => sum + one.numel(), 0);
  let column = 0;
  return tensors.map((one) => {
    const chunk = one.new_zeros([total, one.numel()]);
    chunk.diagonal(0 - column).fill_(1);
    column += one.numel();
    return chunk;
  });
}

function by_rows(func: TensorFunction, given: OneOrMore, create_graph: boolean, strict: boolean, vectorize: boolean) {
  const [is_inputs, list] = as_tuple(given, 'inputs', 'jacobian');
  const inputs = prepared(list, create_graph, true);
  const [is_outputs, outputs] = as_tuple(func(...inputs), 'outputs of the user-provided function', 'jacobian');
  check_depends(outputs, 'outputs', strict);
  if (vectorize && strict) {
    throw new RuntimeError(
      'torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. Please either set `strict=False` or `vectorize=False`.',
    );
  }
  const rows = vectorize
    ? all_rows(outputs, inputs, create_graph)
    : outputs.map((output, i) => rows_of(output, i, inputs, create_graph, strict));
  return as_asked(rows.map((one) => finished(one, create_graph)), is_outputs, is_inputs);
}

function rows_of(output: Tensor, i: number, inputs: readonly Tensor[], create_graph: boolean, strict: boolean): Tensor[] {
  const rows: Tensor[][] = inputs.map(() => []);
  for (let element = 0; element < output.numel(); element++) {
    const one = output.reshape(-1).select(0, element);
    gradients_of([one], inputs, null, { retain_graph: true, create_graph }).forEach((gradient, j) => {
      if (gradient !== null && strict && create_graph && !gradient.requires_grad) {
        throw new RuntimeError(
          `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode when create_graph=True.`,
        );
      }
      if (gradient === null && strict) {
        throw new RuntimeError(
          `Output ${i} of the user-provided function is independent of input ${j}. This is not allowed in strict mode.`,
        );
      }
      rows[j]!.push(gradient ?? aten.zeros_like(inputs[j]!));
    });
  }
  return rows.map((one, j) => aten.stack(one, 0).view([...output.shape, ...inputs[j]!.shape]));
}

function all_rows(outputs: readonly Tensor[], inputs: readonly Tensor[], create_graph: boolean): Tensor[][] {
  const sizes = outputs.map((one) => one.numel());
  const total = sizes.reduce((sum, one) => sum + one, 0);
  const flat = outputs.map((one) => one.reshape(-1));
  const gradients = gradients_of(flat, inputs, identity(outputs), { create_graph, is_grads_batched: true });
  const by_input = gradients.map((one, j) => {
    const input = inputs[j]!;
    const rows = one ?? aten.zeros_like(input).expand([total, ...input.shape]);
    const parts = aten.split_with_sizes(rows, sizes, 0) as unknown as Tensor[];
    return parts.map((part, i) => part.view([...outputs[i]!.shape, ...input.shape]));
  });
  return outputs.map((_, i) => by_input.map((parts) => parts[i]!));
}

function by_columns(func: TensorFunction, given: OneOrMore, strict: boolean, vectorize: boolean): unknown {
  if (strict) {
    throw new RuntimeError(
      'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.',
    );
  }
  const [is_inputs, inputs] = as_tuple(given, 'inputs', 'jacobian');
  if (!vectorize) {
    throw new NotImplementedError(
      'Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for `vectorize=True`.',
    );
  }
  let is_outputs = false;
  let shapes: number[][] = [];
  const as_list = (...duals: readonly unknown[]): Tensor[] => {
    const [is_tuple, outputs] = as_tuple(func(...(duals as Tensor[])), 'outputs', 'jacobian');
    is_outputs = is_tuple;
    shapes = outputs.map((one) => [...one.shape]);
    return outputs;
  };
  const push = (...tangents: Tensor[]): Tensor[] => {
    const shaped = tangents.map((one, i) => one.view_as(inputs[i]!));
    return jvp_of(as_list, inputs, shaped, null, false, false).tangent as Tensor[];
  };
  const sizes = inputs.map((one) => one.numel());
  const columns = vmap(push)(...identity(inputs)).map((one, i) => {
    const parts = aten.split_with_sizes(one, sizes, 0) as unknown as Tensor[];
    return parts.map((part, j) => part.movedim(0, -1).reshape([...shapes[i]!, ...inputs[j]!.shape]));
  });
  return as_asked(columns, is_outputs, is_inputs);
}

/** What `hessian` takes by name. */
export interface HessianOptions extends Omit<JacobianOptions, 'strategy'> {
  /** How the outer one of the two Jacobians is computed (default: `'reverse-mode'`). */
  outer_jacobian_strategy?: Strategy;
}

interface HessianParameters extends HessianOptions {
  func: TensorFunction;
  inputs: OneOrMore;
}

const hessian_arguments = signature<HessianParameters>('hessian', [
  'func',
  'inputs',
  ['create_graph', false],
  ['strict', false],
  ['vectorize', false],
  ['outer_jacobian_strategy', 'reverse-mode'],
]);

/**
 * The matrix of second derivatives of a function that gives one number.
 * @param func takes the tensors, and gives one of one element
 * @param inputs one tensor, or an array of them: then the result is an array of arrays
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
 */
export function hessian<const I extends OneOrMore>(
  func: (...inputs: Inputs<I>) => Tensor,
  inputs: I,
  create_graph?: boolean | HessianOptions,
  strict?: boolean | HessianOptions,
  vectorize?: boolean | HessianOptions,
  outer_jacobian_strategy?: Strategy | HessianOptions,
): I extends readonly Tensor[] ? Tensor[][] : Tensor;
export function hessian(...args: unknown[]): unknown {
  const { func, inputs: given, create_graph, strict, vectorize, outer_jacobian_strategy } = hessian_arguments(args);
  const [is_inputs, inputs] = as_tuple(given, 'inputs', 'hessian');
  if (outer_jacobian_strategy !== 'forward-mode' && outer_jacobian_strategy !== 'reverse-mode') {
    throw new AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".');
  }
  const single = (...tensors: Tensor[]): Tensor => {
    const [is_tuple, outputs] = as_tuple(func(...tensors), 'outputs of the user-provided function', 'hessian');
    check_depends(outputs, 'outputs', strict);
    if (is_tuple) throw new RuntimeError('The function given to hessian should return a single Tensor');
    if (outputs[0]!.numel() !== 1) {
      throw new RuntimeError(
        'The Tensor returned by the function given to hessian should contain a single element',
      );
    }
    return outputs[0]!.squeeze();
  };
  const inner = (...tensors: Tensor[]): Tensor[] => {
    if (outer_jacobian_strategy === 'forward-mode') {
      // Forward mode is a transform, and goes through the backward pass of another alone.
      const { output, vjp_fn } = vjp_of(single as (...inputs: readonly unknown[]) => unknown, tensors, null, false);
      return vjp_fn(aten.ones_like(output as Tensor)) as Tensor[];
    }
    const rows = jacobian(single as never, tensors, { create_graph: true }) as Tensor[];
    check_depends(rows, 'jacobian', strict);
    return rows;
  };
  const result = jacobian(inner as never, inputs, {
    create_graph,
    strict,
    vectorize,
    strategy: outer_jacobian_strategy,
  }) as unknown as Tensor[][];
  return as_asked(result, is_inputs, is_inputs);
}
