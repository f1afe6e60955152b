/** A grid of coloured cells of any widths and heights. */
import type { Artist, Interval, Mappable, Transform } from '../artist.ts';
import { type Colormap, mapped, type Norm } from '../colormaps.ts';
import { extremes } from '../data.ts';
import { element, fill, group } from '../svg.ts';

/** Cells. */
export class QuadMesh implements Artist, Mappable {
  zorder = 0;
  label: string | null = null;
  readonly clipped = true;
  readonly cmap: Colormap;
  readonly norm: Norm;
  readonly alpha: number | null;
  readonly sticky_x: readonly number[];
  readonly sticky_y: readonly number[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #values: Float64Array;

  /**
   * @param x the edges of the columns
   * @param y the edges of the rows
   * @param values the cells, row by row
   */
  constructor(
    x: Float64Array,
    y: Float64Array,
    values: Float64Array,
    { cmap, norm, alpha }: { cmap: Colormap; norm: Norm; alpha: number | null },
  ) {
    this.#x = x;
    this.#y = y;
    this.#values = values;
    this.cmap = cmap;
    this.norm = norm;
    this.alpha = alpha;
    this.sticky_x = extremes(x);
    this.sticky_y = extremes(y);
  }

  data_limits(): { x: Interval; y: Interval } {
    return { x: extremes(this.#x), y: extremes(this.#y) };
  }

  draw({ x, y }: Transform): string {
    const [xs, ys] = [Array.from(this.#x, x), Array.from(this.#y, y)];
    const parts: string[] = [];
    for (let row = 0; row + 1 < ys.length; row++) {
      for (let column = 0; column + 1 < xs.length; column++) {
        const [red, green, blue, opacity] = mapped(this.#values[row * (xs.length - 1) + column]!, this.norm, this.cmap);
        if (opacity === 0) continue;
        parts.push(
          element('rect', {
            x: Math.min(xs[column]!, xs[column + 1]!),
            y: Math.min(ys[row]!, ys[row + 1]!),
            width: Math.abs(xs[column + 1]! - xs[column]!),
            height: Math.abs(ys[row + 1]! - ys[row]!),
            ...fill([red, green, blue, this.alpha ?? opacity]),
          }),
        );
      }
    }
    return group({ 'class': 'mesh', 'shape-rendering': 'crispEdges' }, parts);
  }
}
