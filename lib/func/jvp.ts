import { is_array, is_instance, signature } from '../arguments.ts';
import { dual_level, make_dual, unpack_dual, with_fwd_grad } from '../autograd/forward_ad.ts';
import { RuntimeError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { class_text, same_spec, spec_repr, tree_flatten, tree_unflatten } from '../utils/pytree.ts';
import {
  type AnyFunction, type Argnums, check_callable, checked_outputs, positions_of, unwrapped_tree, with_aux,
  wrapped_tree,
} from './arguments.ts';

const CALL = 'jvp(f, primals, tangents)';

/** How many transforms of this kind are active: only the outermost begins a level of dual tensors. */
let nesting = 0;

function within_jvp<T>(body: (level: number) => T): T {
  const level = native.push_jvp();
  nesting++;
  try {
    return with_fwd_grad(true, () => (nesting === 1 ? dual_level(() => body(level)) : body(level)));
  } finally {
    native.pop_transform();
    nesting--;
  }
}

function checked_tensors(leaves: readonly unknown[], name: string): Tensor[] {
  if (leaves.length === 0) throw new RuntimeError(`${CALL}: Expected ${name} to contain at least one Tensor.`);
  for (const leaf of leaves) {
    if (!is_instance(leaf, Tensor)) {
      throw new RuntimeError(`${CALL}: Expected ${name} to only contain Tensors, got ${class_text(leaf)}`);
    }
  }
  return leaves as Tensor[];
}

/** @internal The value and the tangent of an output, zeros where it has none. */
export function unpacked(dual: Tensor, strict: boolean): [primal: Tensor, tangent: Tensor] {
  const { primal, tangent } = unpack_dual(dual);
  if (tangent !== null) return [primal, tangent];
  if (strict) {
    throw new RuntimeError(
      'jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed with strict=True.',
    );
  }
  return [primal, aten.zeros_like(primal)];
}

/** @internal As `jvp`, of some of the arguments. */
export function jvp_of(
  func: AnyFunction,
  primals: unknown,
  tangents: unknown,
  argnums: Argnums | null,
  strict: boolean,
  has_aux: boolean,
): { output: unknown; tangent: unknown; aux: unknown } {
  if (!is_array(primals)) {
    throw new RuntimeError(
      `${CALL}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).`,
    );
  }
  const positions = argnums === null ? null : positions_of(argnums, primals.length);
  const inputs = positions === null ? primals : positions.map((i) => primals[i]);
  const [primal_leaves, spec] = tree_flatten(inputs);
  const [tangent_leaves, tangent_spec] = tree_flatten(tangents);
  if (!same_spec(spec, tangent_spec)) {
    throw new RuntimeError(
      `${CALL}: Expected primals and tangents to have the same python structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with structure ${spec_repr(spec)} and tangents with structure ${spec_repr(tangent_spec)}`,
    );
  }
  checked_tensors(primal_leaves, 'primals');
  checked_tensors(tangent_leaves, 'tangents');
  return within_jvp((level) => {
    const duals = primal_leaves.map((primal, i) => make_dual(primal as Tensor, tangent_leaves[i] as Tensor));
    let args = tree_unflatten(duals, spec) as unknown[];
    if (positions !== null) {
      const given = args;
      args = wrapped_tree(primals, level) as unknown[];
      positions.forEach((position, i) => (args[position] = given[i]));
    }
    let output = func(...args);
    let aux: unknown;
    if (has_aux) {
      [output, aux] = with_aux(output, CALL);
      aux = unwrapped_tree(aux, level);
    }
    const [leaves, output_spec] = tree_flatten(output);
    const parts = checked_outputs(leaves, CALL).map((one) => unpacked(one, strict));
    const tree_of = (part: 0 | 1) =>
      tree_unflatten(
        parts.map((one) => new Tensor(native.unwrap_for_grad(one[part]._h, level))),
        output_spec,
      );
    return { output: tree_of(0), tangent: tree_of(1), aux };
  });
}

interface JvpParameters {
  func: (...args: never[]) => unknown;
  primals: unknown;
  tangents: unknown;
  strict?: boolean;
  has_aux?: boolean;
}

const jvp_arguments = signature<JvpParameters>(
  'jvp',
  ['func', 'primals', 'tangents'],
  [['strict', false], ['has_aux', false]],
);

/**
 * What `func` gives for the arguments, and its Jacobian multiplied with a vector from the right.
 * @param func gives tensors, or arrays and objects of them
 * @param primals its arguments, as an array
 * @param tangents the vector: an array of the same form
 * @param strict whether an output that does not depend on the arguments is an error (default: false)
 * @param has_aux whether `func` gives `[output, aux]` (default: false)
 * @returns `[output, tangent]` or `[output, tangent, aux]`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.jvp.html
 */
export function jvp<A extends unknown[], R>(
  func: (...args: A) => R,
  primals: A,
  tangents: NoInfer<A>,
  options?: { strict?: boolean; has_aux?: false },
): [output: R, tangent: R];
export function jvp<A extends unknown[], R, X>(
  func: (...args: A) => readonly [output: R, aux: X],
  primals: A,
  tangents: NoInfer<A>,
  options: { strict?: boolean; has_aux: true },
): [output: R, tangent: R, aux: X];
export function jvp(...args: unknown[]): unknown {
  const { func, primals, tangents, strict, has_aux } = jvp_arguments(args);
  check_callable(func);
  const { output, tangent, aux } = jvp_of(func, primals, tangents, null, strict, has_aux);
  return has_aux ? [output, tangent, aux] : [output, tangent];
}

/**
 * What `func` gives for the arguments, and the function that multiplies its Jacobian there with a vector. Python records
 * `func` once and replays it; here `jvp_fn` calls it again.
 * @returns `[output, jvp_fn]`; `jvp_fn` takes a tangent for each argument
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.linearize.html
 */
export function linearize<A extends unknown[], R>(
  func: (...args: A) => R,
  ...primals: A
): [output: R, jvp_fn: (...tangents: A) => R] {
  check_callable(func);
  const output = func(...primals);
  const [leaves, spec] = tree_flatten(primals);
  const jvp_fn = (...tangents: A): R => {
    const [given, given_spec] = tree_flatten(tangents);
    if (!same_spec(spec, given_spec)) {
      throw new RuntimeError(
        `Expected the tangents ${spec_repr(given_spec)} to have the same argspec as the primals ${spec_repr(spec)}`,
      );
    }
    checked_tensors(given, 'tangents').forEach((tangent, i) => check_like(tangent, leaves[i] as Tensor, i));
    return jvp_of(func as AnyFunction, primals, tangents, null, false, false).tangent as R;
  };
  return [output, jvp_fn];
}

function check_like(tangent: Tensor, primal: Tensor, i: number): void {
  const differ = (what: string, got: unknown, expected: unknown) => {
    throw new RuntimeError(
      `tangent:${i} with ${what} ${String(got)} in flattened pytree doesn't match the ${what} ${String(expected)} of the corresponding primal.`,
    );
  };
  if (!tangent.shape.equals(primal.shape)) differ('shape', tangent.shape, primal.shape);
  if (!tangent.device.equals(primal.device)) differ('device', tangent.device, primal.device);
  if (tangent.dtype !== primal.dtype) differ('dtype', tangent.dtype, primal.dtype);
}

