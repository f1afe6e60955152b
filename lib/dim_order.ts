/** The order in which the dimensions of a tensor lie in memory. */
import { RuntimeError } from './errors.ts';
import type { memory_format } from './layout.ts';
import type { Tensor } from './tensor.ts';

/**
 * Does dimension `a` lie further out than `b`? Where strides are zero or all is equal, there is nothing to say.
 */
function is_outer(sizes: readonly number[], strides: readonly number[], a: number, b: number): boolean | undefined {
  if (sizes.length === 0 || strides[a] === 0 || strides[b] === 0) return undefined;
  if (strides[a] !== strides[b]) return strides[a]! > strides[b]!;
  return sizes[a]! > sizes[b]! ? true : undefined;
}

/** The dimensions, the outermost first; those of which the strides say nothing stay where they are. */
function order_of(sizes: readonly number[], strides: readonly number[]): number[] {
  const order = sizes.map((_, i) => sizes.length - 1 - i);
  for (let i = 1; i < order.length; i++) {
    let at = i;
    for (let before = i - 1; before >= 0; before--) {
      const outer = is_outer(sizes, strides, order[before]!, order[at]!);
      if (outer === undefined) continue;
      if (!outer) break;
      [order[before], order[at]] = [order[at]!, order[before]!];
      at = before;
    }
  }
  return order.reverse();
}

/** Would another order give the same strides? */
function is_ambiguous(sizes: readonly number[], strides: readonly number[]): boolean {
  return sizes.some((size, i) => size <= 1 || strides.indexOf(strides[i]!) !== i);
}

/** @internal `x.dim_order({ ambiguity_check })` */
export function dim_order(x: Tensor, ambiguity_check: boolean | readonly memory_format[]): number[] {
  const strides = x.stride();
  const formats = typeof ambiguity_check === 'boolean' ? [] : ambiguity_check;
  const unclear =
    ambiguity_check === true
      ? is_ambiguous(x.shape, strides)
      : formats.length > 0 && formats.filter((format) => x.is_contiguous({ memory_format: format })).length !== 1;
  if (unclear) {
    throw new RuntimeError(
      'The tensor does not have unique dim order, or cannot map to exact one of the given memory formats.',
    );
  }
  // There may be other orders, but rows in a row are the plain one.
  return x.is_contiguous() ? strides.map((_, i) => i) : order_of(x.shape, strides);
}
