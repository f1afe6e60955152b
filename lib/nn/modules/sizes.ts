import { list_repr } from '../../repr.ts';

/** The size of a window, a stride, a padding: one number for all dimensions, or one for each. */
export type SizeLike = number | readonly number[];
/** As {@link SizeLike}, where a null among several stands for the size of the input. */
export type OptionalSizeLike = number | readonly (number | null)[];

/** One number for each of `count` dimensions; an array stays as it is. */
export function ntuple(value: SizeLike, count: number): number[] {
  return typeof value === 'number' ? new Array<number>(count).fill(value) : Array.from(value);
}

/** The one number that all are equal to, where they are: an operator reads it several times as fast as an array. */
export function compact(size: readonly number[]): SizeLike {
  const first = size[0]!;
  for (let i = 1; i < size.length; i++) if (size[i] !== first) return size;
  return first;
}

/** A size in a message: `torch.Size([2, 3])`, or a plain array as the list `[2, 3]`. */
export function size_text(size: readonly unknown[]): string {
  return Object.getPrototypeOf(size) === Array.prototype ? list_repr(size) : String(size);
}
