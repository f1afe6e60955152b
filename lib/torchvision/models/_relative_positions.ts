import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/**
 * Numbers for how two places in a window lie to one another, from 0 on: `(rows · columns, rows · columns)`. Pairs that
 * lie alike have the same number.
 */
export function relative_position_index(rows: number, columns: number): Tensor {
  const grid = aten.stack(aten.meshgrid([aten.arange(rows), aten.arange(columns)], { indexing: 'ij' }));
  const places = aten.flatten(grid, 1);
  const distances = places.unsqueeze(2).sub(places.unsqueeze(1));
  const down = aten.select(distances, 0, 0).add(rows - 1);
  const across = aten.select(distances, 0, 1).add(columns - 1);
  return down.mul(2 * columns - 1).add(across);
}
