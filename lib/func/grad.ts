import { is_instance, signature } from '../arguments.ts';
import { grad as gradients_of } from '../autograd/index.ts';
import { enable_grad } from '../autograd/grad_mode.ts';
import { RuntimeError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { class_text, same_spec, spec_text, tree_flatten, tree_unflatten } from '../utils/pytree.ts';
import {
  type AnyFunction, type Argnums, check_callable, checked_outputs, picked, type Picked, require_gradients,
  unwrapped_tree, with_aux, without_saved_tensor_hooks, wrapped_tree,
} from './arguments.ts';

/** Runs `body` within a level of reverse-mode differentiation. */
function within_grad<T>(body: (level: number) => T): T {
  const level = native.push_grad();
  try {
    return enable_grad(() => body(level));
  } finally {
    native.pop_transform();
  }
}

/** The gradients of the inputs, zeros where there are none. */
function input_gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  grad_outputs: readonly Tensor[] | null,
  retain_graph: boolean,
  create_graph: boolean,
): Tensor[] {
  const used = outputs.flatMap((output, i) => (output.requires_grad ? [i] : []));
  if (used.length === 0) return inputs.map((input) => aten.zeros_like(input));
  const results = gradients_of({
    outputs: used.map((i) => outputs[i]!),
    inputs,
    grad_outputs: grad_outputs === null ? null : used.map((i) => grad_outputs[i]!),
    retain_graph,
    create_graph,
    allow_unused: true,
  });
  return results.map((one, i) => one ?? aten.zeros_like(inputs[i]!));
}

interface GradParameters {
  func: (...args: never[]) => unknown;
  argnums?: Argnums;
  has_aux?: boolean;
}

const grad_arguments = signature<GradParameters>('grad', ['func', ['argnums', 0], ['has_aux', false]]);
const grad_and_value_arguments = signature<GradParameters>('grad_and_value', [
  'func',
  ['argnums', 0],
  ['has_aux', false],
]);

function gradient_and_value(func: AnyFunction, argnums: Argnums, has_aux: boolean, args: readonly unknown[]) {
  return without_saved_tensor_hooks(() =>
    within_grad((level) => {
      const wrapped = wrapped_tree(args, level) as unknown[];
      const inputs = picked(wrapped, argnums);
      require_gradients(inputs);
      let output = func(...wrapped);
      let aux: unknown;
      if (has_aux) [output, aux] = with_aux(output, 'grad_and_value(f)(*args)');
      if (!is_instance(output, Tensor)) {
        throw new RuntimeError(
          `grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got ${class_text(output)}`,
        );
      }
      if (output.dim() !== 0) {
        throw new RuntimeError(
          `grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with ${output.dim()} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
        );
      }
      const [leaves, spec] = tree_flatten(inputs);
      const gradients = input_gradients([output], leaves as Tensor[], null, false, true);
      return {
        gradient: unwrapped_tree(tree_unflatten(gradients, spec), level),
        value: unwrapped_tree(output, level),
        aux: has_aux ? unwrapped_tree(aux, level) : undefined,
      };
    }),
  );
}

/** What `grad` and `grad_and_value` take by name. */
export interface GradOptions<N extends Argnums = Argnums> {
  argnums?: N;
  has_aux?: false;
}

/** The same for a function that gives an auxiliary value too. */
export interface AuxOptions<N extends Argnums = Argnums> {
  argnums?: N;
  has_aux: true;
}

/**
 * The function that computes the gradient of `func`, which gives one number as a tensor.
 *
 * ```ts
 * const cosine = torch.func.grad((x: Tensor) => x.sin().sum());
 * const minus_sine = torch.func.grad((x: Tensor) => cosine(x).sum());
 * ```
 * @param func takes tensors, or arrays and objects of them, and gives a tensor without dimensions
 * @param argnums which argument the gradient is of (default: 0), or an array of several: then the gradients are one too
 * @param has_aux whether `func` gives `[output, aux]`; then so does the new function, `[gradient, aux]`
 * @returns a function of the same arguments
 * @throws RuntimeError from that function, if `func` gives anything else
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html
 */
export function grad<A extends unknown[], const N extends Argnums = 0>(
  func: (...args: A) => Tensor,
  argnums?: N | GradOptions<N>,
): (...args: A) => Picked<A, N>;
export function grad<A extends unknown[], X, const N extends Argnums = 0>(
  func: (...args: A) => readonly [output: Tensor, aux: X],
  options: AuxOptions<N>,
): (...args: A) => [gradient: Picked<A, N>, aux: X];
export function grad<A extends unknown[], X, const N extends Argnums = 0>(
  func: (...args: A) => readonly [output: Tensor, aux: X],
  argnums: N,
  has_aux: true | { has_aux: true },
): (...args: A) => [gradient: Picked<A, N>, aux: X];
export function grad(...args: unknown[]): unknown {
  const { func, argnums, has_aux } = grad_arguments(args);
  check_callable(func);
  return (...given: unknown[]) => {
    const { gradient, aux } = gradient_and_value(func, argnums, has_aux, given);
    return has_aux ? [gradient, aux] : gradient;
  };
}

/**
 * As `grad`; the new function gives `[gradient, value]`, or `[gradient, [value, aux]]`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad_and_value.html
 */
export function grad_and_value<A extends unknown[], const N extends Argnums = 0>(
  func: (...args: A) => Tensor,
  argnums?: N | GradOptions<N>,
): (...args: A) => [gradient: Picked<A, N>, value: Tensor];
export function grad_and_value<A extends unknown[], X, const N extends Argnums = 0>(
  func: (...args: A) => readonly [output: Tensor, aux: X],
  options: AuxOptions<N>,
): (...args: A) => [gradient: Picked<A, N>, value: [value: Tensor, aux: X]];
export function grad_and_value<A extends unknown[], X, const N extends Argnums = 0>(
  func: (...args: A) => readonly [output: Tensor, aux: X],
  argnums: N,
  has_aux: true | { has_aux: true },
): (...args: A) => [gradient: Picked<A, N>, value: [value: Tensor, aux: X]];
export function grad_and_value(...args: unknown[]): unknown {
  const { func, argnums, has_aux } = grad_and_value_arguments(args);
  check_callable(func);
  return (...given: unknown[]) => {
    const { gradient, value, aux } = gradient_and_value(func, argnums, has_aux, given);
    return [gradient, has_aux ? [value, aux] : value];
  };
}

/** Gives the products of cotangents of the outputs with the Jacobian, one for each input. */
export type VjpFunction<A> = (
  cotangents: unknown,
  options?: { retain_graph?: boolean; create_graph?: boolean | null },
) => A;

/** @internal As `vjp`, of some of the arguments. */
export function vjp_of(
  func: AnyFunction,
  primals: readonly unknown[],
  argnums: Argnums | null,
  has_aux: boolean,
): { output: unknown; vjp_fn: VjpFunction<unknown>; aux: unknown } {
  const call = 'vjp(f, *primals)';
  return without_saved_tensor_hooks(() =>
    within_grad((level) => {
      const wrapped = wrapped_tree(primals, level) as unknown[];
      const inputs = argnums === null ? wrapped : picked(wrapped, argnums);
      require_gradients(inputs);
      let output = func(...wrapped);
      let aux: unknown;
      if (has_aux) {
        [output, aux] = with_aux(output, call);
        aux = unwrapped_tree(aux, level);
      }
      const [output_leaves, output_spec] = tree_flatten(output);
      const outputs = checked_outputs(output_leaves, call);
      const [input_leaves, input_spec] = tree_flatten(inputs);
      const results = unwrapped_tree(output, level);
      for (const one of outputs) {
        if (!one.dtype.is_floating_point && !one.dtype.is_complex) {
          throw new RuntimeError(
            `vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype ${one.dtype}`,
          );
        }
      }
      const vjp_fn: VjpFunction<unknown> = (cotangents, { retain_graph = true, create_graph = null } = {}) => {
        const [leaves, spec] = tree_flatten(cotangents);
        if (!same_spec(output_spec, spec)) {
          throw new RuntimeError(
            `Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function. cotangents: ${spec_text(spec)}, primal output: ${spec_text(output_spec)}`,
          );
        }
        const gradients = input_gradients(
          outputs,
          input_leaves as Tensor[],
          leaves as Tensor[],
          retain_graph,
          create_graph ?? native.is_grad_enabled(),
        );
        return tree_unflatten(gradients, input_spec);
      };
      return { output: results, vjp_fn, aux };
    }),
  );
}

/**
 * What `func` gives for the arguments, and the function that multiplies a vector with its Jacobian from the left.
 *
 * ```ts
 * const [output, vjp_fn] = torch.func.vjp((x: Tensor) => x.sin(), x);
 * const [gradient] = vjp_fn(torch.ones(5));
 * ```
 * @param func gives tensors, or arrays and objects of them
 * @param primals its arguments, and perhaps a last one `{ has_aux: true }` for a `func` that gives `[output, aux]`
 * @returns `[output, vjp_fn]` or `[output, vjp_fn, aux]`. `vjp_fn` takes what has the form of the output and gives an
 *   array with an entry for each argument
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vjp.html
 */
export function vjp<A extends unknown[], R>(
  func: (...args: A) => R,
  ...primals: A
): [output: R, vjp_fn: VjpFunction<A>];
export function vjp<A extends unknown[], R, X>(
  func: (...args: A) => readonly [output: R, aux: X],
  ...primals: [...A, options: { has_aux: true }]
): [output: R, vjp_fn: VjpFunction<A>, aux: X];
export function vjp(func: unknown, ...primals: unknown[]): unknown {
  check_callable(func);
  const has_aux = ends_with_aux(primals);
  const { output, vjp_fn, aux } = vjp_of(func, has_aux ? primals.slice(0, -1) : primals, null, has_aux);
  return has_aux ? [output, vjp_fn, aux] : [output, vjp_fn];
}

/** Is the last argument `{ has_aux: true }`? Other objects are arguments of the function. */
function ends_with_aux(args: readonly unknown[]): boolean {
  const last = args[args.length - 1];
  if (typeof last !== 'object' || last === null || is_instance(last, Tensor)) return false;
  const keys = Object.keys(last);
  return keys.length === 1 && keys[0] === 'has_aux' && (last as { has_aux: unknown }).has_aux === true;
}

