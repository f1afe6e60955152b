import { is_array, signature } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { tree_flatten, tree_leaves, tree_unflatten } from '../utils/pytree.ts';
import { type AnyFunction, type Argnums, check_callable, picked, refuse_complex } from './arguments.ts';
import { vjp_of } from './grad.ts';
import { jvp_of } from './jvp.ts';
import { type Randomness, vmap } from './vmap.ts';

/** Rows `start` to `end` of the identity, cut into what belongs to each tensor and shaped like it. */
function basis_of(tensors: readonly Tensor[], start: number, end: number): Tensor[] {
  let column = 0;
  return tensors.map((one) => {
    const count = one.numel();
    const rows = one.new_zeros([end - start, count]);
    rows.diagonal(start - column).fill_(1);
    column += count;
    return rows.view([end - start, ...one.shape]);
  });
}

function total_of(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, one) => sum + one.numel(), 0);
}

/** A Jacobian as a tree of the outputs' form, with one of the inputs' form at each leaf. */
export type Jacobian = Tensor | Jacobian[] | { [name: string]: Jacobian };

/** What `jacrev` takes by name. */
export interface JacrevOptions {
  argnums?: Argnums;
  has_aux?: boolean;
  chunk_size?: number | null;
}

interface JacrevParameters extends JacrevOptions {
  func: (...args: never[]) => unknown;
}

const jacrev_arguments = signature<JacrevParameters>(
  'jacrev',
  ['func', ['argnums', 0]],
  [['has_aux', false], ['chunk_size', null]],
);

/**
 * The function that computes the Jacobian of `func` in reverse mode: best where there are fewer outputs than inputs.
 * @param func gives tensors, or arrays and objects of them
 * @param argnums which argument it is taken of (default: 0), or an array of several
 * @param has_aux whether `func` gives `[output, aux]`; then the new function gives `[jacobian, aux]`
 * @param chunk_size how many rows are computed at once: all by default; with 1, `func` is not computed in batches
 * @returns a function of the same arguments. The Jacobian is of the outputs' shape followed by the input's; an array
 *   where there are several outputs, or several inputs
 * @throws RuntimeError from that function, where tensors are complex
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacrev.html
 */
export function jacrev<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums?: number | { argnums?: number; has_aux?: false; chunk_size?: number | null },
  options?: { has_aux?: false; chunk_size?: number | null },
): (...args: A) => Tensor;
export function jacrev<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums: readonly number[] | { argnums: readonly number[]; has_aux?: false; chunk_size?: number | null },
  options?: { has_aux?: false; chunk_size?: number | null },
): (...args: A) => Tensor[];
export function jacrev<A extends unknown[]>(
  func: (...args: A) => unknown,
  argnums?: Argnums | JacrevOptions,
  options?: Omit<JacrevOptions, 'argnums'>,
): (...args: A) => Jacobian[];
export function jacrev(...args: unknown[]): unknown {
  const { func, argnums, has_aux, chunk_size } = jacrev_arguments(args);
  check_callable(func);
  if (chunk_size !== null && !(chunk_size > 0)) {
    throw new ValueError('jacrev: `chunk_size` should be greater than 0.');
  }
  return (...given: unknown[]) => reverse_jacobian(func, given, argnums, has_aux, chunk_size);
}

function reverse_jacobian(
  func: AnyFunction,
  args: readonly unknown[],
  argnums: Argnums,
  has_aux: boolean,
  chunk_size: number | null,
): unknown {
  refuse_complex('jacrev', args, 'inputs');
  const { output, vjp_fn, aux } = vjp_of(func, args, argnums, has_aux);
  const [leaves, output_spec] = tree_flatten(output);
  const outputs = leaves as Tensor[];
  refuse_complex('jacrev', outputs, 'outputs');
  const [input_leaves, input_spec] = tree_flatten(is_array(argnums) ? picked(args, argnums) : [picked(args, argnums)]);
  const inputs = input_leaves as Tensor[];

  const total = total_of(outputs);
  const step = chunk_size === null ? Math.max(total, 1) : chunk_size;
  const pieces: Tensor[][] = [];
  for (let start = 0; start < Math.max(total, 1); start += step) {
    const basis = basis_of(outputs, start, Math.min(start + step, total));
    if (step === 1 && chunk_size === 1) {
      const row = tree_unflatten(basis.map((one) => one.squeeze(0)), output_spec);
      pieces.push((tree_leaves(vjp_fn(row)) as Tensor[]).map((one) => one.unsqueeze(0)));
    } else {
      const batched = vmap((cotangents: unknown) => vjp_fn(cotangents));
      pieces.push(tree_leaves(batched(tree_unflatten(basis, output_spec))) as Tensor[]);
    }
  }
  const sizes = outputs.map((one) => one.numel());
  // By input, a part for each output.
  const by_input = inputs.map((input, i) => {
    const rows = pieces.length === 1 ? pieces[0]![i]! : aten.cat(pieces.map((one) => one[i]!), 0);
    const parts = aten.split_with_sizes(rows, sizes, 0) as unknown as Tensor[];
    return parts.map((part, j) => part.view([...outputs[j]!.shape, ...input.shape]));
  });
  const by_output = outputs.map((_, j) => {
    const tree = tree_unflatten(by_input.map((parts) => parts[j]), input_spec);
    return is_array(argnums) ? tree : (tree as unknown[])[0];
  });
  const jacobian = tree_unflatten(by_output, output_spec);
  return has_aux ? [jacobian, aux] : jacobian;
}

/** What `jacfwd` takes by name. */
export interface JacfwdOptions {
  argnums?: Argnums;
  has_aux?: boolean;
  randomness?: Randomness;
}

interface JacfwdParameters extends JacfwdOptions {
  func: (...args: never[]) => unknown;
}

const jacfwd_arguments = signature<JacfwdParameters>(
  'jacfwd',
  ['func', ['argnums', 0], ['has_aux', false]],
  [['randomness', 'error']],
);

/**
 * The function that computes the Jacobian of `func` in forward mode: best where there are fewer inputs than outputs.
 * @param func gives tensors, or arrays and objects of them
 * @param argnums which argument it is taken of (default: 0), or an array of several
 * @param has_aux whether `func` gives `[output, aux]`; then the new function gives `[jacobian, aux]`
 * @param randomness what random operators do inside; see `vmap`
 * @returns a function of the same arguments, that gives what that of `jacrev` gives
 * @throws RuntimeError from that function, where tensors are complex
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jacfwd.html
 */
export function jacfwd<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums?: number | { argnums?: number; has_aux?: false; randomness?: Randomness },
  has_aux?: false | { has_aux?: false; randomness?: Randomness },
): (...args: A) => Tensor;
export function jacfwd<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums: readonly number[] | { argnums: readonly number[]; has_aux?: false; randomness?: Randomness },
  has_aux?: false | { has_aux?: false; randomness?: Randomness },
): (...args: A) => Tensor[];
export function jacfwd<A extends unknown[]>(
  func: (...args: A) => unknown,
  argnums?: Argnums | JacfwdOptions,
  has_aux?: boolean | Omit<JacfwdOptions, 'argnums'>,
): (...args: A) => Jacobian[];
export function jacfwd(...args: unknown[]): unknown {
  const { func, argnums, has_aux, randomness } = jacfwd_arguments(args);
  check_callable(func);
  return (...given: unknown[]) => forward_jacobian(func, given, argnums, has_aux, randomness);
}

function forward_jacobian(
  func: AnyFunction,
  args: readonly unknown[],
  argnums: Argnums,
  has_aux: boolean,
  randomness: Randomness,
): unknown {
  refuse_complex('jacfwd', args, 'inputs');
  const chosen = is_array(argnums) ? picked(args, argnums) : [picked(args, argnums)];
  const [leaves, spec] = tree_flatten(chosen);
  const inputs = leaves as Tensor[];
  const basis = tree_unflatten(basis_of(inputs, 0, total_of(inputs)), spec);
  const push = (tangents: unknown) => {
    const { output, tangent, aux } = jvp_of(func, args, tangents, argnums, false, has_aux);
    refuse_complex('jacfwd', output, 'outputs');
    return has_aux ? [tangent, aux] : tangent;
  };
  let results = vmap(push, { randomness })(basis);
  let aux: unknown;
  if (has_aux) {
    // All of the batch are the same.
    const [aux_leaves, aux_spec] = tree_flatten((results as unknown[])[1]);
    aux = tree_unflatten((aux_leaves as Tensor[]).map((one) => one.select(0, 0)), aux_spec);
    results = (results as unknown[])[0];
  }
  const [columns, output_spec] = tree_flatten(results);
  const sizes = inputs.map((one) => one.numel());
  const by_output = (columns as Tensor[]).map((one) => {
    const parts = aten.split_with_sizes(one.movedim(0, -1), sizes, -1) as unknown as Tensor[];
    const shaped = parts.map((part, i) => {
      const shape = [...inputs[i]!.shape];
      return shape.length === 0 ? part.squeeze(-1) : part.unflatten(-1, shape);
    });
    const tree = tree_unflatten(shaped, spec);
    return is_array(argnums) ? tree : (tree as unknown[])[0];
  });
  const jacobian = tree_unflatten(by_output, output_spec);
  return has_aux ? [jacobian, aux] : jacobian;
}

const hessian_arguments = signature<{ func: (...args: never[]) => unknown; argnums?: Argnums }>('hessian', [
  'func',
  ['argnums', 0],
]);

/**
 * The function that computes the matrix of second derivatives of `func`: `jacfwd` of `jacrev`.
 * @param argnums which argument (default: 0), or an array of several: then the result is an array of arrays
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.hessian.html
 */
export function hessian<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums?: number | { argnums?: number },
): (...args: A) => Tensor;
export function hessian<A extends unknown[]>(
  func: (...args: A) => Tensor,
  argnums: readonly number[] | { argnums: readonly number[] },
): (...args: A) => Tensor[][];
export function hessian<A extends unknown[]>(
  func: (...args: A) => unknown,
  argnums?: Argnums | { argnums?: Argnums },
): (...args: A) => Jacobian[];
export function hessian(...args: unknown[]): unknown {
  const { func, argnums } = hessian_arguments(args);
  check_callable(func);
  return jacfwd(jacrev(func, argnums as number), argnums as number);
}
