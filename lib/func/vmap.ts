import { is_array, is_instance, signature } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { get_rng_state, set_rng_state } from '../random.ts';
import { repr, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import {
  broadcast_to_and_flatten, class_text, spec_repr, tree_flatten, tree_map, tree_unflatten, type TreeSpec,
} from '../utils/pytree.ts';

/** What random operators do for the elements of a batch: fail, draw for each, or draw once for all. */
export type Randomness = 'error' | 'different' | 'same';

/** Which dimension is the batch's: one for all tensors, or a tree of them; null for what is the same for all. */
export type BatchDims = number | null | readonly BatchDims[] | { readonly [name: string]: BatchDims };

/** What `vmap` takes by name. */
export interface VmapOptions {
  in_dims?: BatchDims;
  out_dims?: BatchDims;
  randomness?: Randomness;
  chunk_size?: number | null;
}

interface VmapParameters extends VmapOptions {
  func: (...args: never[]) => unknown;
}

const vmap_arguments = signature<VmapParameters>(
  'vmap',
  ['func', ['in_dims', 0], ['out_dims', 0], ['randomness', 'error']],
  [['chunk_size', null]],
);

type AnyFunction = (...args: readonly unknown[]) => unknown;

/**
 * The function for a batch: it calls `func` once, with tensors that stand for all elements of the batch, and every
 * operator inside computes them all at once.
 *
 * ```ts
 * const batched_dot = torch.func.vmap((x: Tensor, y: Tensor) => x.dot(y));
 * batched_dot(torch.randn(2, 5), torch.randn(2, 5)); // of shape (2)
 * ```
 * @param func takes and gives tensors, or arrays and objects of them
 * @param in_dims which dimension of the arguments is the batch's (default: 0): one for all tensors, or an array with an
 *   entry for each argument; null for what all elements of the batch share. A trailing plain object is an argument like
 *   the others
 * @param out_dims where that dimension is in the results (default: 0)
 * @param randomness whether random operators inside fail (`'error'`, the default), draw for each element
 *   (`'different'`), or once for all (`'same'`)
 * @param chunk_size how many elements at most are computed at once; all by default
 * @throws ValueError where the arguments do not have such a dimension, or not of one size
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vmap.html
 */
export function vmap<A extends unknown[], R>(
  func: (...args: A) => R,
  options?: VmapOptions,
): (...args: A) => R;
export function vmap<A extends unknown[], R>(
  func: (...args: A) => R,
  in_dims: BatchDims,
  options?: Omit<VmapOptions, 'in_dims'>,
): (...args: A) => R;
export function vmap<A extends unknown[], R>(
  func: (...args: A) => R,
  in_dims: BatchDims,
  out_dims: BatchDims,
  randomness?: Randomness | Omit<VmapOptions, 'in_dims' | 'out_dims'>,
  options?: Pick<VmapOptions, 'chunk_size'>,
): (...args: A) => R;
export function vmap(...args: unknown[]): unknown {
  const { func, in_dims, out_dims, randomness, chunk_size } = vmap_arguments(args);
  if (typeof func !== 'function') throw new TypeError(`'${type_name(func)}' object is not callable`);
  if (!['error', 'different', 'same'].includes(randomness)) {
    throw new RuntimeError(
      `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${String(randomness)}`,
    );
  }
  if (chunk_size !== null && !(chunk_size > 0)) {
    throw new ValueError(`vmap: chunk_size should be None or greater than 0. (got ${String(chunk_size)})`);
  }
  return (...given: unknown[]) => mapped(func as AnyFunction, { in_dims, out_dims, randomness, chunk_size }, given);
}

function mapped(func: AnyFunction, options: Required<VmapOptions>, args: readonly unknown[]): unknown {
  const { in_dims, out_dims, randomness, chunk_size } = options;
  check_out_dims(out_dims, func);
  const { size, dims, leaves, spec } = batch_of(in_dims, args, func);
  if (chunk_size === null) return mapped_at_once(func, size, dims, leaves, spec, out_dims, randomness);
  return mapped_in_chunks(func, chunk_size, dims, leaves, spec, out_dims, randomness);
}

/** @internal What messages call a function. */
export function name_of(func: (...args: never[]) => unknown): string {
  return func.name || '<lambda>';
}

function check_out_dims(out_dims: unknown, func: AnyFunction): void {
  tree_map((leaf) => {
    if (leaf === null || leaf === undefined || Number.isInteger(leaf)) return leaf;
    throw new ValueError(
      `vmap(${name_of(func)}, ..., out_dims=${dims_text(out_dims)}): \`out_dims\` must be an int, None or a python collection of ints representing where in the outputs the vmapped dimension should appear.`,
    );
  }, out_dims);
}

/** Dimensions as Python shows them. */
function dims_text(dims: unknown): string {
  if (is_array(dims)) return dims.length === 1 ? `(${dims_text(dims[0])},)` : `(${dims.map(dims_text).join(', ')})`;
  if (typeof dims === 'string') return dims;
  return dims === null || dims === undefined ? 'None' : repr(dims);
}

interface Batch {
  size: number;
  dims: (number | null)[];
  leaves: unknown[];
  spec: TreeSpec;
}

function batch_of(in_dims: unknown, args: readonly unknown[], func: AnyFunction): Batch {
  const call = `vmap(${name_of(func)}, in_dims=${dims_text(in_dims)}, ...)(<inputs>): `;
  if (!Number.isInteger(in_dims) && !is_array(in_dims)) {
    throw new ValueError(
      `${call}expected \`in_dims\` to be int or a (potentially nested) tuple matching the structure of inputs, got: ${class_text(in_dims)}.`,
    );
  }
  if (args.length === 0) {
    throw new ValueError(
      `vmap(${name_of(func)})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function with no inputs. The latter is unsupported.`,
    );
  }
  const [leaves, spec] = tree_flatten(args);
  const given = broadcast_to_and_flatten(in_dims, spec);
  if (given === undefined) {
    throw new ValueError(
      `${call}in_dims is not compatible with the structure of \`inputs\`. in_dims has structure ${spec_repr(tree_flatten(in_dims)[1])} but inputs has structure ${spec_repr(spec)}.`,
    );
  }
  const dims = given.map((dim, i) => wrapped_dim(call, dim, leaves[i]));
  const sizes = dims.flatMap((dim, i) => (dim === null ? [] : [(leaves[i] as Tensor).size(dim)]));
  if (sizes.length === 0) throw new ValueError('vmap: Expected at least one Tensor to vmap over');
  if (sizes.some((size) => size !== sizes[0])) {
    throw new ValueError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
    );
  }
  return { size: sizes[0]!, dims, leaves, spec };
}

function wrapped_dim(call: string, dim: unknown, leaf: unknown): number | null {
  if (dim === null || dim === undefined) return null;
  if (typeof dim !== 'number' || !Number.isInteger(dim)) {
    throw new ValueError(
      `${call}Got in_dim=${dims_text(dim)} for an input but in_dim must be either an integer dimension or None.`,
    );
  }
  if (!is_instance(leaf, Tensor)) {
    throw new ValueError(
      `${call}Got in_dim=${dim} for an input but the input is of type ${class_text(leaf)}. We cannot vmap over non-Tensor arguments, please use None as the respective in_dim`,
    );
  }
  const ndim = leaf.dim();
  if (dim < -ndim || dim >= ndim) {
    throw new ValueError(
      `${call}Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${ndim} so expected in_dim to satisfy -${ndim} <= in_dim < ${ndim}.`,
    );
  }
  return dim < 0 ? dim + ndim : dim;
}

/** @internal Runs `body` within a transform that stands for a batch. */
export function within_vmap<T>(size: number, randomness: Randomness, body: (level: number) => T): T {
  const level = native.push_vmap(size, randomness);
  try {
    return body(level);
  } finally {
    native.pop_transform();
  }
}

function mapped_at_once(
  func: AnyFunction,
  size: number,
  dims: readonly (number | null)[],
  leaves: readonly unknown[],
  spec: TreeSpec,
  out_dims: unknown,
  randomness: Randomness,
): unknown {
  return within_vmap(size, randomness, (level) => {
    const batched = leaves.map((leaf, i) => {
      const dim = dims[i]!;
      return dim === null ? leaf : new Tensor(native.add_batch_dim((leaf as Tensor)._h, dim, level));
    });
    const output = func(...(tree_unflatten(batched, spec) as unknown[]));
    return unbatched(output, out_dims, level, size, func);
  });
}

function unbatched(output: unknown, out_dims: unknown, level: number, size: number, func: AnyFunction): unknown {
  const [leaves, spec] = tree_flatten(output);
  // One tensor may have its dimension in an array.
  const single = spec.kind === 'leaf' && is_array(out_dims) && out_dims.length === 1 ? out_dims[0] : out_dims;
  const dims = broadcast_to_and_flatten(single, spec);
  if (dims === undefined) {
    throw new ValueError(
      `vmap(${name_of(func)}, ..., out_dims=${dims_text(out_dims)})(<inputs>): out_dims is not compatible with the structure of \`outputs\`. out_dims has structure ${spec_repr(tree_flatten(out_dims)[1])} but outputs has structure ${spec_repr(spec)}.`,
    );
  }
  const results = leaves.map((leaf, i) => without_batch(leaf, dims[i] as number | null, level, size, name_of(func)));
  return tree_unflatten(results, spec);
}

function without_batch(leaf: unknown, dim: number | null | undefined, level: number, size: number, name: string): unknown {
  if (dim === null || dim === undefined) {
    if (is_instance(leaf, Tensor) && (native.wrapped(leaf._h)?.[2] ?? -1) >= 0) {
      throw new ValueError(`vmap(${name}, ...): \`${name}\` can not return a BatchedTensor when out_dim is None`);
    }
    return leaf;
  }
  if (!is_instance(leaf, Tensor)) {
    throw new ValueError(
      `vmap(${name}, ...): \`${name}\` must only return Tensors, got type ${class_text(leaf)}. Did you mean to set out_dims= to None for output?`,
    );
  }
  return new Tensor(native.remove_batch_dim(leaf._h, level, size, dim));
}

function mapped_in_chunks(
  func: AnyFunction,
  chunk_size: number,
  dims: readonly (number | null)[],
  leaves: readonly unknown[],
  spec: TreeSpec,
  out_dims: unknown,
  randomness: Randomness,
): unknown {
  const pieces = leaves.map((leaf, i) => {
    const dim = dims[i]!;
    return dim === null ? null : (aten.split(leaf as Tensor, chunk_size, dim) as unknown as Tensor[]);
  });
  const count = pieces.find((one) => one !== null)!.length;
  const state = randomness === 'same' ? get_rng_state() : null;
  const outputs: unknown[][] = [];
  let output_spec: TreeSpec | undefined;
  for (let chunk = 0; chunk < count; chunk++) {
    const chunk_leaves = leaves.map((leaf, i) => pieces[i]?.[chunk] ?? leaf);
    const first = dims.findIndex((dim) => dim !== null);
    const size = (chunk_leaves[first] as Tensor).size(dims[first]!);
    if (size === 0) continue;
    if (state !== null) set_rng_state(state);
    const [flat, flat_spec] = tree_flatten(mapped_at_once(func, size, dims, chunk_leaves, spec, out_dims, randomness));
    outputs.push(flat);
    output_spec ??= flat_spec;
  }
  if (output_spec === undefined) throw new RuntimeError('vmap: Expected a batch with elements to take in chunks');
  const flat_dims = broadcast_to_and_flatten(out_dims, output_spec) ?? [];
  const joined = outputs[0]!.map((_, i) =>
    aten.cat(outputs.map((one) => one[i] as Tensor), flat_dims[i] as number),
  );
  return tree_unflatten(joined, output_spec);
}
