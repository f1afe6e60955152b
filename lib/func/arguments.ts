/** What the transforms share: picking arguments, and wrapping tensors for a level of differentiation. */
import { is_array, is_instance } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { class_text, tree_leaves, tree_map } from '../utils/pytree.ts';

/** Which argument is meant, or which of them; negative numbers count from the end. */
export type Argnums = number | readonly number[];

/** The argument that `N` stands for, or an array of those it stands for. */
export type Picked<A extends readonly unknown[], N> = N extends readonly number[]
  ? { -readonly [I in keyof N]: Picked<A, N[I]> }
  : N extends number
    ? `${N}` extends keyof A
      ? A[N]
      : A[number]
    : never;

/** A function of any arguments. */
export type AnyFunction = (...args: readonly unknown[]) => unknown;

export function check_callable(func: unknown): asserts func is AnyFunction {
  if (typeof func !== 'function') throw new TypeError(`'${type_name(func)}' object is not callable`);
}

/** Numbers as Python shows a tuple of them. */
function tuple_text(numbers: readonly unknown[]): string {
  return numbers.length === 1 ? `(${String(numbers[0])},)` : `(${numbers.join(', ')})`;
}

/** The positions that `argnums` stands for. */
export function positions_of(argnums: Argnums, count: number): number[] {
  const list: readonly unknown[] = is_array(argnums) ? argnums : [argnums];
  if (!is_array(argnums) && !Number.isInteger(argnums)) {
    throw new RuntimeError(`argnums must be int or Tuple[int, ...], got: ${class_text(argnums)}`);
  }
  const positions = list.map((one) => {
    if (typeof one !== 'number' || !Number.isInteger(one)) {
      throw new RuntimeError(`argnum must be int, got: ${class_text(one)}`);
    }
    if (one < -count || one >= count) {
      throw new RuntimeError(`Got argnum=${one}, but only ${count} positional inputs`);
    }
    return one < 0 ? one + count : one;
  });
  if (positions.length === 0) throw new RuntimeError('argnums must be non-empty');
  if (new Set(positions).size !== positions.length) {
    throw new RuntimeError(`argnums elements must be unique, got ${tuple_text(positions)}`);
  }
  return positions;
}

/** The arguments that `argnums` stands for: the one itself, or an array. */
export function picked(args: readonly unknown[], argnums: Argnums): unknown {
  const positions = positions_of(argnums, args.length);
  return is_array(argnums) ? positions.map((i) => args[i]) : args[positions[0]!];
}

/** The tree with its tensors wrapped for a level; everything else stays. */
export function wrapped_tree(tree: unknown, level: number): unknown {
  return tree_map((leaf) => (is_instance(leaf, Tensor) ? new Tensor(native.wrap_for_grad(leaf._h, level)) : leaf), tree);
}

/** The tree without the wrappers of a level. */
export function unwrapped_tree(tree: unknown, level: number): unknown {
  return tree_map((leaf) => {
    if (is_instance(leaf, Tensor)) return new Tensor(native.unwrap_for_grad(leaf._h, level));
    throw new RuntimeError(`Expected tensors, got unsupported type ${class_text(leaf)}`);
  }, tree);
}

/** Lets all leaves of the tree need gradients, which only the transforms themselves may. */
export function require_gradients(tree: unknown): Tensor[] {
  const leaves = tree_leaves(tree);
  for (const leaf of leaves) {
    if (!is_instance(leaf, Tensor)) {
      throw new ValueError(`Thing passed to transform API must be Tensor, got ${class_text(leaf)}`);
    }
    const before = native.allow_requires_grad(true);
    try {
      leaf.requires_grad_();
    } finally {
      native.allow_requires_grad(before);
    }
  }
  return leaves as Tensor[];
}

/** What a function that gives an auxiliary value beside its output gave. */
export function with_aux(output: unknown, call: string): readonly [output: unknown, aux: unknown] {
  if (is_array(output) && output.length === 2) return output as readonly [unknown, unknown];
  throw new RuntimeError(
    `${call}: output of function f should be a tuple: (output, aux) if has_aux is True`,
  );
}

/** The leaves of an output, which have to be tensors. */
export function checked_outputs(leaves: readonly unknown[], call: string): Tensor[] {
  if (leaves.length === 0 || (leaves.length === 1 && (leaves[0] === null || leaves[0] === undefined))) {
    throw new RuntimeError(
      `${call}: Expected f to be a function that has non-empty output (got output = ${leaves.length === 0 ? '[]' : '[None]'})`,
    );
  }
  for (const leaf of leaves) {
    if (!is_instance(leaf, Tensor)) {
      throw new RuntimeError(
        `${call}: expected f(*primals) to return only tensors, got unsupported type ${class_text(leaf)}`,
      );
    }
  }
  return leaves as Tensor[];
}

/** Fails if any tensor of the tree is complex. */
export function refuse_complex(name: string, tree: unknown, what: 'inputs' | 'outputs'): void {
  tree_leaves(tree).forEach((leaf, i) => {
    if (is_instance(leaf, Tensor) && leaf.dtype.is_complex) {
      throw new RuntimeError(
        `${name}: Expected all ${what} to be real but received complex tensor at flattened input idx: ${i}`,
      );
    }
  });
}

const NO_HOOKS =
  "torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor hooks. Please open an issue with your use case.";

/** Hooks on saved tensors cannot be used inside. */
export function without_saved_tensor_hooks<T>(body: () => T): T {
  const before = native.disable_saved_tensor_hooks(NO_HOOKS);
  try {
    return body();
  } finally {
    native.disable_saved_tensor_hooks(before, true);
  }
}
