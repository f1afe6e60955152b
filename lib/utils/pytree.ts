/**
 * Trees of values: arrays (which stand for Python's tuples and lists), plain objects and maps (for dicts) in any depth.
 * Everything else is a leaf, null and undefined too.
 */
import { is_array, is_kwargs } from '../arguments.ts';
import { list_repr, type_name } from '../repr.ts';

/** The shape of a tree, without its leaves. */
export interface TreeSpec {
  readonly kind: 'leaf' | 'tuple' | 'dict' | 'map';
  /** Of a dict or a map. */
  readonly keys: readonly unknown[];
  readonly children: readonly TreeSpec[];
  readonly num_leaves: number;
}

const LEAF: TreeSpec = { kind: 'leaf', keys: [], children: [], num_leaves: 1 };

/** What is directly in a tree; undefined for a leaf. */
function parts(tree: unknown): { kind: TreeSpec['kind']; keys: unknown[]; values: unknown[] } | undefined {
  if (is_array(tree)) return { kind: 'tuple', keys: [], values: [...tree] };
  if (tree instanceof Map) return { kind: 'map', keys: [...tree.keys()], values: [...tree.values()] };
  if (is_kwargs(tree)) return { kind: 'dict', keys: Object.keys(tree), values: Object.values(tree) };
  return undefined;
}

/** The leaves of a tree in their order, and its shape. */
export function tree_flatten(tree: unknown): [leaves: unknown[], spec: TreeSpec] {
  const leaves: unknown[] = [];
  return [leaves, spec_of(tree, leaves)];
}

function spec_of(tree: unknown, leaves: unknown[]): TreeSpec {
  const inside = parts(tree);
  if (inside === undefined) {
    leaves.push(tree);
    return LEAF;
  }
  const before = leaves.length;
  const children = inside.values.map((value) => spec_of(value, leaves));
  return { kind: inside.kind, keys: inside.keys, children, num_leaves: leaves.length - before };
}

/** The leaves of a tree in their order. */
export function tree_leaves(tree: unknown): unknown[] {
  return tree_flatten(tree)[0];
}

/** The tree of that shape with these leaves. */
export function tree_unflatten(leaves: readonly unknown[], spec: TreeSpec): unknown {
  let position = 0;
  const build = (one: TreeSpec): unknown => {
    if (one.kind === 'leaf') return leaves[position++];
    const values = one.children.map(build);
    if (one.kind === 'tuple') return values;
    const entries = values.map((value, i) => [one.keys[i], value] as const);
    return one.kind === 'map' ? new Map(entries) : Object.fromEntries(entries as [string, unknown][]);
  };
  return build(spec);
}

/** The tree with what `fn` makes of each leaf. */
export function tree_map(fn: (leaf: unknown) => unknown, tree: unknown): unknown {
  const [leaves, spec] = tree_flatten(tree);
  return tree_unflatten(leaves.map(fn), spec);
}

/** Are two shapes the same? */
export function same_spec(a: TreeSpec, b: TreeSpec): boolean {
  return (
    a.kind === b.kind &&
    a.children.length === b.children.length &&
    a.keys.every((key, i) => key === b.keys[i]) &&
    a.children.every((child, i) => same_spec(child, b.children[i]!))
  );
}

/**
 * A leaf for each of the shape's, of a tree that is that shape or stops earlier in some of its branches: then all below
 * have the same.
 * @returns undefined if it is neither
 */
export function broadcast_to_and_flatten(tree: unknown, spec: TreeSpec): unknown[] | undefined {
  const inside = parts(tree);
  if (inside === undefined) return new Array<unknown>(spec.num_leaves).fill(tree);
  const same =
    inside.kind === spec.kind &&
    inside.values.length === spec.children.length &&
    inside.keys.every((key, i) => key === spec.keys[i]);
  if (!same) return undefined;
  const result: unknown[] = [];
  for (const [i, value] of inside.values.entries()) {
    const leaves = broadcast_to_and_flatten(value, spec.children[i]!);
    if (leaves === undefined) return undefined;
    result.push(...leaves);
  }
  return result;
}

/** The shape as Python shows the object that stands for one. */
export function spec_repr(spec: TreeSpec, indent: number = 0): string {
  if (spec.kind === 'leaf') return '*';
  const children = spec.children.map((child) => spec_repr(child, indent + 2));
  const list = children.join(`,\n${' '.repeat(indent + 2)}`);
  return spec.kind === 'tuple' ? `TreeSpec(tuple, None, [${list}])` : `TreeSpec(dict, ${list_repr(spec.keys)}, [${list}])`;
}

/** The shape in an error message: `(*, [*, *])`-like, a star for each leaf. */
export function spec_text(spec: TreeSpec): string {
  if (spec.kind === 'leaf') return '*';
  const children = spec.children.map(spec_text);
  if (spec.kind === 'tuple') return children.length === 1 ? `(${children[0]!},)` : `(${children.join(', ')})`;
  return `{${children.map((child, i) => `'${String(spec.keys[i])}': ${child}`).join(', ')}}`;
}

/** A value's class, as Python's messages show it. */
export function class_text(value: unknown): string {
  return `<class '${type_name(value)}'>`;
}
