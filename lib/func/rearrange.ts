import { is_array, is_instance, is_kwargs } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';

/** One dimension of a side of a pattern: the names that make it, `…` among them, none for a dimension of size 1. */
type Group = readonly string[];

const ELLIPSIS = '…';

function check_name(name: string): void {
  if (/^_|_$/.test(name)) {
    throw new ValueError(
      `Invalid axis identifier: ${name}\naxis name should should not start or end with underscore`,
    );
  }
}

/** The dimensions of one side. */
function parse_side(side: string): Group[] {
  if (side.includes('.') && (side.replace('...', '').includes('.') || !side.includes('...'))) {
    throw new ValueError(
      'Expression may contain dots only inside ellipsis (...); only one ellipsis for tensor ',
    );
  }
  const groups: Group[] = [];
  const seen = new Set<string>();
  let open: string[] | null = null;
  for (const [token] of side.replace('...', ELLIPSIS).matchAll(/\w+|\S/g)) {
    if (token === '(') {
      if (open !== null) {
        throw new ValueError('Axis composition is one-level (brackets inside brackets not allowed)');
      }
      open = [];
    } else if (token === ')') {
      if (open === null) throw new ValueError(`Imbalanced parentheses in expression: '${side}'`);
      groups.push(open);
      open = null;
    } else if (/^\d+$/.test(token)) {
      if (token !== '1') throw new ValueError('rearrange only supports unnamed axes of size 1');
      if (open === null) groups.push([]);
    } else {
      if (token !== ELLIPSIS && !/^\w+$/.test(token)) throw new ValueError(`Unknown character '${token}'`);
      if (seen.has(token)) throw new ValueError(`Indexing expression contains duplicate dimension '${token}'`);
      seen.add(token);
      if (token !== ELLIPSIS) check_name(token);
      if (open === null) groups.push([token]);
      else open.push(token);
    }
  }
  if (open !== null) throw new ValueError(`Imbalanced parentheses in expression: '${side}'`);
  return groups;
}

/** The names as Python shows a set of them. */
function set_repr(names: readonly string[]): string {
  return `{${names.map((one) => `'${one}'`).join(', ')}}`;
}

/** The sizes of the names in one dimension; at most one of them is to be found out. */
function split_size(names: Group, size: number, lengths: Readonly<Record<string, number>>): number[] {
  const unknown = names.filter((one) => lengths[one] === undefined);
  if (unknown.length > 1) throw new RuntimeError(`cannot infer the sizes of two dimensions at once ${unknown.join(' and ')}`);
  const known = names.reduce((product, one) => product * (lengths[one] ?? 1), 1);
  if (unknown.length === 0 ? known !== size : known === 0 || size % known !== 0) {
    const sizes = names.map((one) => lengths[one] ?? "'?'").join(', ');
    throw new RuntimeError(`inferred dimension does not evenly fit into larger dimension: ${size} vs (${sizes})`);
  }
  return names.map((one) => lengths[one] ?? size / known);
}

/**
 * Puts the dimensions of a tensor into another order, splits and joins them, as a pattern says: names of the dimensions
 * before and after an arrow, in parentheses those that make one dimension, `...` for all others, `1` for a dimension of
 * size 1. Of an array the tensors are stacked first.
 *
 *     rearrange(images, 'b h w c -> b (c h w)');
 *     rearrange(images, 'b (h1 h) (w1 w) c -> (b h1 w1) h w c', { h1: 2, w1: 2 });
 *
 * @param axes_lengths sizes of the names that are joined on the left, of all but one in each pair of parentheses
 * @throws ValueError for a pattern that is none, or does not fit the tensor
 * @throws RuntimeError if sizes do not fit
 * @see https://docs.pytorch.org/functorch/stable/generated/functorch.einops.rearrange.html
 */
export function rearrange(
  tensor: Tensor | readonly Tensor[],
  pattern: string,
  axes_lengths: Readonly<Record<string, number>> = {},
): Tensor {
  const x = is_array(tensor) ? aten.stack(tensor as readonly Tensor[]) : tensor;
  if (!is_instance(x, Tensor)) {
    throw new TypeError(`stack(): argument 'tensors' (position 1) must be tuple of Tensors, not ${type_name(x)}`);
  }
  if (typeof pattern !== 'string') {
    throw new TypeError(`rearrange(): argument 'pattern' must be str, not ${type_name(pattern)}`);
  }
  if (!is_kwargs(axes_lengths) || !Object.values(axes_lengths).every((size) => Number.isInteger(size))) {
    throw new TypeError("rearrange(): argument 'axes_lengths' must be an object of ints");
  }
  const sides = pattern.split('->');
  if (sides.length !== 2) throw new ValueError("Pattern must contain a single '->' separator");
  const [left, right] = sides.map(parse_side) as [Group[], Group[]];
  if (left.some((group) => group.length > 1 && group.includes(ELLIPSIS)) || /\(\s*\.\.\.\s*\)/.test(sides[0]!)) {
    throw new ValueError(`Ellipsis is parenthesis in the left side is not allowed: ${pattern}`);
  }
  const names = left.flat();
  const results = right.flat();
  const single = [...names.filter((one) => !results.includes(one)), ...results.filter((one) => !names.includes(one))];
  if (single.length > 0) {
    const shown = set_repr(single.map((one) => (one === ELLIPSIS ? '...' : one)));
    throw new ValueError(`Identifiers only on one side of rearrange expression (should be on both): ${shown}`);
  }
  const strange = Object.keys(axes_lengths).filter((one) => !names.includes(one));
  if (strange.length > 0) throw new ValueError(`Identifiers not found in rearrange expression: ${set_repr(strange)}`);

  const has_ellipsis = names.includes(ELLIPSIS);
  const count = left.length - (has_ellipsis ? 1 : 0);
  if (has_ellipsis ? x.ndim < count : x.ndim !== count) {
    throw new ValueError(
      has_ellipsis
        ? `Number of dimensions in pattern (${count}) must be less than or equal to the number of dimensions in the tensor (${x.ndim})`
        : `Number of dimensions in pattern (${count}) must be equal to the number of dimensions in the tensor (${x.ndim})`,
    );
  }
  // Every name becomes a dimension of its own, the ellipsis several.
  const sizes: number[] = [];
  const places = new Map<string, number[]>();
  let dim = 0;
  for (const group of left) {
    if (group[0] === ELLIPSIS) {
      const others = x.ndim - count;
      places.set(ELLIPSIS, Array.from({ length: others }, (_, i) => sizes.length + i));
      for (let i = 0; i < others; i++) sizes.push(x.size(dim++));
      continue;
    }
    const size = x.size(dim++);
    if (group.length === 0 && size !== 1) throw new RuntimeError(`expected a dimension of size 1, but it has size ${size}`);
    split_size(group, size, axes_lengths).forEach((one, i) => {
      places.set(group[i]!, [sizes.length]);
      sizes.push(one);
    });
  }
  const order = right.flatMap((group) => group.flatMap((one) => places.get(one)!));
  const shape = right.flatMap((group) => {
    const parts = group.flatMap((one) => places.get(one)!).map((place) => sizes[place]!);
    return group.length === 1 && group[0] === ELLIPSIS && !/\(\s*\.\.\.\s*\)/.test(sides[1]!)
      ? parts
      : [parts.reduce((product, one) => product * one, 1)];
  });
  return x.reshape(sizes).permute(order).reshape(shape);
}
