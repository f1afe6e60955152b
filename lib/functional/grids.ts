/** Grids of coordinates. */
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { split_kwargs, tensors_or_list } from './tensors.ts';

/** How `meshgrid` lays out its first two dimensions: as a matrix, or as the axes of a plot. */
export type Indexing = 'ij' | 'xy';

/**
 * Coordinates in a grid: for each vector a tensor of the grid's shape that varies along the dimension of the vector.
 * The vectors may stand in an array.
 *
 * @param indexing with `'xy'` the first two dimensions of the results are swapped
 * @throws RuntimeError if one of the tensors has more than one dimension
 * @see https://docs.pytorch.org/docs/stable/generated/torch.meshgrid.html
 */
export function meshgrid(...args: readonly (Tensor | { indexing?: Indexing | null })[]): Tensor[];
export function meshgrid(tensors: readonly Tensor[], kwargs?: { indexing?: Indexing | null }): Tensor[];
export function meshgrid(...args: readonly unknown[]): Tensor[] {
  const [tensors, { indexing }] = split_kwargs(args);
  const list = tensors_or_list(tensors);
  return indexing == null ? aten.meshgrid(list) : aten.meshgrid(list, { indexing: indexing as Indexing });
}
