/** Contours: lines where a surface has a height, and areas between two heights. */
import { contours } from 'd3-contour';
import type { Artist, Interval, Mappable, Transform } from '../artist.ts';
import { type Colormap, mapped, type Norm } from '../colormaps.ts';
import { type Color, type Rgba, to_rgba } from '../colors.ts';
import { extremes } from '../data.ts';
import { dashes_of, type LineStyle } from '../line_styles.ts';
import { element, fill, group, polyline, short, stroke } from '../svg.ts';

export interface ContourParameters {
  /** Where the points of the grid are; all of `rows` x `columns`, row by row, as the heights. */
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  rows: number;
  columns: number;
  levels: readonly number[];
  filled: boolean;
  cmap: Colormap;
  norm: Norm;
  /** Colours that repeat, in place of a map. */
  colors: readonly Color[] | null;
  alpha: number | null;
  linewidths: number;
  linestyles: LineStyle;
  zorder: number;
}

type Ring = readonly (readonly [number, number])[];

/** Hardly more. */
function next_above(value: number): number {
  return value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}

/** Contours of a surface over a grid. */
export class ContourSet implements Artist, Mappable {
  zorder: number;
  label: string | null = null;
  readonly clipped = true;
  readonly cmap: Colormap;
  readonly norm: Norm;
  readonly alpha: number | null;
  readonly levels: readonly number[];
  readonly sticky_x: readonly number[];
  readonly sticky_y: readonly number[];
  readonly #options: ContourParameters;

  constructor(options: ContourParameters) {
    this.#options = options;
    this.zorder = options.zorder;
    this.cmap = options.cmap;
    this.norm = options.norm;
    this.alpha = options.alpha;
    this.levels = options.levels;
    this.sticky_x = extremes(options.x);
    this.sticky_y = extremes(options.y);
    options.colors?.forEach((color) => to_rgba(color));
    dashes_of(options.linestyles);
  }

  /** The colours of the areas, or of the lines, from the lowest level up. */
  get level_colors(): Rgba[] {
    const { filled, colors, alpha } = this.#options;
    const values = filled ? this.levels.slice(1).map((level, i) => (level + this.levels[i]!) / 2) : [...this.levels];
    return values.map((value, i) => {
      if (colors !== null) return to_rgba(colors[i % colors.length]!, alpha);
      const [red, green, blue, opacity] = mapped(value, this.norm, this.cmap);
      return [red, green, blue, alpha ?? opacity];
    });
  }

  data_limits(): { x: Interval; y: Interval } {
    return { x: extremes(this.sticky_x), y: extremes(this.sticky_y) };
  }

  /** The outlines, in places of the grid, of where the surface is at least as high as a level. */
  #outlines(level: number): Ring[] {
    const { z, rows, columns } = this.#options;
    const { coordinates } = contours()
      .size([columns, rows])
      .contour(z as unknown as number[], level);
    // d3 takes a height to be that of a cell, half of which lies beyond the grid's border.
    const clamp = (value: number, last: number): number => Math.min(Math.max(value - 0.5, 0), last);
    return coordinates.flatMap((polygon) =>
      polygon.map((ring) => ring.map(([x, y]) => [clamp(x!, columns - 1), clamp(y!, rows - 1)] as const)),
    );
  }

  /** Between the points of the grid. */
  #place([column, row]: readonly [number, number]): [number, number] {
    const { x, y, rows, columns } = this.#options;
    const [left, top] = [Math.min(Math.floor(column), columns - 2), Math.min(Math.floor(row), rows - 2)];
    const [right, down] = [column - left, row - top];
    const at = (values: Float64Array): number => {
      const value = (r: number, c: number): number => values[(top + r) * columns + left + c]!;
      return (
        (1 - down) * ((1 - right) * value(0, 0) + right * value(0, 1)) +
        down * ((1 - right) * value(1, 0) + right * value(1, 1))
      );
    };
    return [at(x), at(y)];
  }

  #path(ring: Ring, { x, y }: Transform, closed: boolean): string {
    const places = ring.map((point) => this.#place(point));
    return polyline(
      places.map(([px]) => x(px)),
      places.map(([, py]) => y(py)),
      closed,
    );
  }

  /** An outline without what follows the border of the grid. */
  #inner_lines(ring: Ring): Ring[] {
    const { rows, columns } = this.#options;
    const on_border = ([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): boolean =>
      (x1 === x2 && (x1 === 0 || x1 === columns - 1)) || (y1 === y2 && (y1 === 0 || y1 === rows - 1));
    const lines: (readonly [number, number])[][] = [];
    let line: (readonly [number, number])[] = [];
    for (let i = 1; i < ring.length; i++) {
      if (on_border(ring[i - 1]!, ring[i]!)) {
        if (line.length > 1) lines.push(line);
        line = [];
      } else {
        if (line.length === 0) line.push(ring[i - 1]!);
        line.push(ring[i]!);
      }
    }
    if (line.length > 1) lines.push(line);
    return lines;
  }

  draw(transform: Transform): string {
    const { filled, linewidths, linestyles } = this.#options;
    const outlines = this.levels.map((level) => this.#outlines(level));
    if (filled) {
      // What is above a level and not above the next. The highest level belongs to the last area.
      const parts = this.level_colors.map((color, i) => {
        const upper =
          i + 2 === this.levels.length ? this.#outlines(next_above(this.levels[i + 1]!)) : outlines[i + 1]!;
        const d = [...outlines[i]!, ...upper].map((ring) => this.#path(ring, transform, true)).join('');
        return element('path', { d, ...fill(color), 'fill-rule': 'evenodd' });
      });
      // Without soft edges, through which what lies below would shine between two areas.
      return group({ 'class': 'contours', 'shape-rendering': 'crispEdges' }, parts);
    }
    const width = transform.pt(linewidths);
    const dashes = dashes_of(linestyles)?.pattern ?? [];
    const parts = this.level_colors.map((color, i) => {
      const d = outlines[i]!.flatMap((ring) =>
        this.#inner_lines(ring).map((line) => this.#path(line, transform, false)),
      );
      const pattern = dashes.length === 0 ? undefined : dashes.map((length) => short(length * width)).join(' ');
      return element('path', { 'd': d.join(''), 'fill': 'none', ...stroke(color, width), 'stroke-dasharray': pattern });
    });
    return group({ class: 'contours' }, parts);
  }
}
