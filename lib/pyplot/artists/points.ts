/** Points of a scatter plot, each with its own size and colour. */
import { ValueError } from '../../errors.ts';
import type { Artist, Box, Interval, LegendHandle, LogAxes, Mappable, Transform } from '../artist.ts';
import { type Colormap, mapped, type Norm } from '../colormaps.ts';
import { type Color, type Rgba, to_rgba } from '../colors.ts';
import { extremes } from '../data.ts';
import { is_open_marker, type Marker, marker_path, marker_radius } from '../markers.ts';
import { element, fill, group, stroke } from '../svg.ts';
import { tick_labels } from '../tick_labels.ts';
import { round_ticks } from '../ticks.ts';
import { Line2D } from './line.ts';

/** A legend of points has no more lines, or hardly more; and the steps between their numbers. */
const MOST_ELEMENTS = 9;
const ELEMENT_STEPS = [1, 2, 2.5, 3, 5, 6, 8, 10];

export interface PointsOptions {
  x: Float64Array;
  y: Float64Array;
  /** Areas in square points. */
  sizes: Float64Array;
  /** Colours that repeat, or numbers that a map gives colours. */
  colors: readonly Color[] | Float64Array;
  cmap: Colormap;
  norm: Norm;
  marker: Marker;
  alpha: number | null;
  linewidth: number;
  /** Null for that of the face. */
  edgecolors: readonly Color[] | 'face';
  label: string | null;
  zorder: number;
}

/** Points. */
export class PathCollection implements Artist, Mappable {
  zorder: number;
  label: string | null;
  readonly clipped = true;
  readonly cmap: Colormap;
  readonly norm: Norm;
  readonly alpha: number | null;
  readonly #options: PointsOptions;

  constructor(options: PointsOptions) {
    this.#options = options;
    this.zorder = options.zorder;
    this.label = options.label;
    this.cmap = options.cmap;
    this.norm = options.norm;
    this.alpha = options.alpha;
    this.#color(0); // fails here and not when it is drawn
  }

  /** Where the points are: [x, y] of each. */
  get_offsets(): [number, number][] {
    return Array.from(this.#options.x, (x, i) => [x, this.#options.y[i]!]);
  }

  /** The areas, in square points. */
  get_sizes(): Float64Array {
    return this.#options.sizes;
  }

  /** The colour of each point. */
  get_facecolors(): Rgba[] {
    return Array.from(this.#options.x, (_, i) => this.#color(i));
  }

  /**
   * Markers and labels for a legend of the colours or the sizes: of each, or of round numbers where there are many.
   *
   *     ax.legend(...points.legend_elements({ prop: 'sizes' }));
   *
   * @see https://matplotlib.org/stable/api/collections_api.html#matplotlib.collections.PathCollection.legend_elements
   */
  legend_elements({
    prop = 'colors',
    alpha,
    color = 'k',
  }: { prop?: 'colors' | 'sizes'; alpha?: number; color?: Color } = {}): [handles: Line2D[], labels: string[]] {
    if (prop !== 'colors' && prop !== 'sizes') {
      throw new ValueError(
        `Valid values for \`prop\` are 'colors' or 'sizes'. You supplied '${String(prop)}' instead.`,
      );
    }
    const { colors, sizes, marker, linewidth } = this.#options;
    const all = prop === 'sizes' ? sizes : colors instanceof Float64Array ? colors : new Float64Array(0);
    let values = [...new Set(all)].sort((a, b) => a - b);
    if (values.length > MOST_ELEMENTS) {
      const [low, high] = extremes(values);
      const ticks = round_ticks(low, high, { count: MOST_ELEMENTS, steps: ELEMENT_STEPS, least: MOST_ELEMENTS - 1 });
      values = ticks.filter((tick) => tick >= low && tick <= high);
    }
    if (prop === 'sizes') values = values.filter((size) => size > 1e-8);
    const { labels } = tick_labels(values, ...extremes(values));
    const handles = values.map((value) => {
      const look =
        prop === 'sizes' ? { color, markersize: Math.sqrt(value) } : { color: mapped(value, this.norm, this.cmap) };
      const options = {
        ...look,
        marker,
        linestyle: 'None',
        markeredgewidth: linewidth,
        alpha: alpha ?? this.alpha,
      } as const;
      return new Line2D(Float64Array.of(0), Float64Array.of(0), options);
    });
    return [handles, labels];
  }

  #color(i: number): Rgba {
    const { colors, alpha } = this.#options;
    if (colors instanceof Float64Array) {
      const color = colors.length === 0 ? to_rgba('C0') : mapped(colors[i % colors.length]!, this.norm, this.cmap);
      return alpha === null || color[3] === 0 ? color : [color[0], color[1], color[2], alpha];
    }
    return to_rgba(colors[i % colors.length]!, alpha);
  }

  #edge(i: number, face: Rgba): Rgba {
    const { edgecolors, alpha } = this.#options;
    if (edgecolors === 'face' || is_open_marker(this.#options.marker)) return face;
    return to_rgba(edgecolors[i % edgecolors.length]!, alpha);
  }

  data_limits(log: LogAxes): { x: Interval; y: Interval } {
    return { x: extremes(this.#options.x, log.x), y: extremes(this.#options.y, log.y) };
  }

  #draw_point(i: number, x: number, y: number, pt: (points: number) => number, face: Rgba): string {
    const { marker, sizes, linewidth } = this.#options;
    const size = pt(Math.sqrt(sizes[i % sizes.length]!));
    const look = {
      ...(is_open_marker(marker) ? { fill: 'none' } : fill(face)),
      ...stroke(this.#edge(i, face), pt(linewidth)),
    };
    const radius = marker_radius(marker);
    // A point of a scatter plot is as large as its area says, '.' too.
    if (radius !== undefined) return element('circle', { cx: x, cy: y, r: radius * size, ...look });
    return element('path', { d: marker_path(marker, x, y, size), ...look });
  }

  draw({ x, y, pt }: Transform): string {
    const { x: xs, y: ys } = this.#options;
    const parts: string[] = [];
    for (let i = 0; i < xs.length; i++) {
      const face = this.#color(i);
      const [px, py] = [x(xs[i]!), y(ys[i]!)];
      if (face[3] === 0 && this.#options.edgecolors === 'face') continue;
      if (Number.isFinite(px) && Number.isFinite(py)) parts.push(this.#draw_point(i, px, py, pt, face));
    }
    return group({ class: 'points' }, parts);
  }

  legend_handle(): LegendHandle {
    return {
      draw: ({ x, y, width, height }: Box, pt) => {
        const face =
          this.#options.colors instanceof Float64Array ? mapped(this.norm.vmin, this.norm, this.cmap) : this.#color(0);
        return this.#draw_point(0, x + width / 2, y + height / 2, pt, face);
      },
    };
  }

  *vertices({ x, y }: Transform): Iterable<readonly [number, number]> {
    const { x: xs, y: ys } = this.#options;
    for (let i = 0; i < xs.length; i++) yield [x(xs[i]!), y(ys[i]!)];
  }
}
