/** Lines through points, with markers at them. */
import {
  type Artist,
  type Box,
  type Interval,
  type LegendHandle,
  type LogAxes,
  NOTHING,
  type Transform,
} from '../artist.ts';
import { type Color, type Rgba, to_rgba } from '../colors.ts';
import { extremes } from '../data.ts';
import { dashes_of, type LineStyle } from '../line_styles.ts';
import { check_marker, is_no_marker, is_open_marker, type Marker, marker_path, marker_radius } from '../markers.ts';
import { full_names } from '../options.ts';
import { element, fill, group, polyline, short, stroke } from '../svg.ts';

/** How a line looks. */
export interface LineOptions {
  /** What a legend calls it. */
  label?: string | number | null;
  color?: Color | null;
  c?: Color | null;
  /** In points. */
  linewidth?: number;
  lw?: number;
  linestyle?: LineStyle;
  ls?: LineStyle;
  marker?: Marker | null;
  /** In points. */
  markersize?: number;
  ms?: number;
  markerfacecolor?: Color;
  mfc?: Color;
  markeredgecolor?: Color;
  mec?: Color;
  /** In points. */
  markeredgewidth?: number;
  mew?: number;
  /** From 0, invisible, to 1. */
  alpha?: number | null;
  zorder?: number;
  /** Does the line go from point to point, or in steps that change before, between or behind them? */
  drawstyle?: 'default' | 'steps' | 'steps-pre' | 'steps-mid' | 'steps-post';
}

const ALIASES = {
  c: 'color',
  lw: 'linewidth',
  ls: 'linestyle',
  ms: 'markersize',
  mfc: 'markerfacecolor',
  mec: 'markeredgecolor',
  mew: 'markeredgewidth',
} as const;

const NAMES = [
  'label',
  'color',
  'linewidth',
  'linestyle',
  'marker',
  'markersize',
  'markerfacecolor',
  'markeredgecolor',
  'markeredgewidth',
  'alpha',
  'zorder',
  'drawstyle',
] as const;

/** Options under their full names. */
export function line_options(options: LineOptions): LineOptions {
  return full_names<LineOptions>('Line2D', options, NAMES, ALIASES);
}

/** In which parts of a point's width and height on the axes a line's ends are given: data, or shares of the axes. */
export type Coordinates = 'data' | 'axes';

/** The points of a line in steps. */
function in_steps(xs: readonly number[], ys: readonly number[], style: string): [number[], number[]] {
  const [step_x, step_y]: [number[], number[]] = [[], []];
  const add = (x: number, y: number): void => void (step_x.push(x), step_y.push(y));
  for (let i = 0; i < xs.length; i++) {
    if (i > 0) {
      const [x, y, before_x, before_y] = [xs[i]!, ys[i]!, xs[i - 1]!, ys[i - 1]!];
      if (style === 'steps-post') add(x, before_y);
      else if (style === 'steps-mid') (add((x + before_x) / 2, before_y), add((x + before_x) / 2, y));
      else add(before_x, y);
    }
    add(xs[i]!, ys[i]!);
  }
  return [step_x, step_y];
}

/** A line. */
export class Line2D implements Artist {
  zorder: number;
  label: string | null;
  readonly clipped = true;
  readonly xdata: Float64Array;
  readonly ydata: Float64Array;
  readonly color: Color;
  readonly linewidth: number;
  readonly linestyle: LineStyle;
  readonly marker: Marker;
  readonly markersize: number;
  readonly alpha: number | null;
  readonly #face: Rgba;
  readonly #edge: Rgba;
  readonly #edge_width: number;
  readonly #drawstyle: NonNullable<LineOptions['drawstyle']>;
  readonly #coordinates: readonly [x: Coordinates, y: Coordinates];

  /**
   * @param options under their full names
   * @param coordinates whether x and y are data, or shares of the axes' width and height
   */
  constructor(
    x: Float64Array,
    y: Float64Array,
    options: LineOptions,
    coordinates: readonly [x: Coordinates, y: Coordinates] = ['data', 'data'],
  ) {
    this.xdata = x;
    this.ydata = y;
    this.zorder = options.zorder ?? 2;
    this.label = options.label === undefined || options.label === null ? null : String(options.label);
    this.color = options.color ?? 'C0';
    this.linewidth = options.linewidth ?? 1.5;
    this.linestyle = options.linestyle ?? '-';
    this.marker = options.marker ?? 'None';
    this.markersize = options.markersize ?? 6;
    this.alpha = options.alpha ?? null;
    this.#drawstyle = options.drawstyle ?? 'default';
    this.#coordinates = coordinates;
    check_marker(this.marker);
    dashes_of(this.linestyle); // fails for what is no style
    to_rgba(this.color);
    this.#face = to_rgba(options.markerfacecolor ?? this.color, this.alpha);
    this.#edge = to_rgba(options.markeredgecolor ?? this.color, this.alpha);
    this.#edge_width = options.markeredgewidth ?? 1;
  }

  get_xdata(): Float64Array {
    return this.xdata;
  }

  get_ydata(): Float64Array {
    return this.ydata;
  }

  get_label(): string | null {
    return this.label;
  }

  get_color(): Color {
    return this.color;
  }

  data_limits(log: LogAxes): { x: Interval; y: Interval } {
    return {
      x: this.#coordinates[0] === 'data' ? extremes(this.xdata, log.x) : NOTHING,
      y: this.#coordinates[1] === 'data' ? extremes(this.ydata, log.y) : NOTHING,
    };
  }

  /** The points in pixels. */
  #points({ box, x, y }: Transform): [number[], number[]] {
    const [of_x, of_y] = this.#coordinates;
    return [
      Array.from(this.xdata, (value) => (of_x === 'data' ? x(value) : box.x + value * box.width)),
      Array.from(this.ydata, (value) => (of_y === 'data' ? y(value) : box.y + (1 - value) * box.height)),
    ];
  }

  #draw_line(xs: readonly number[], ys: readonly number[], pt: (points: number) => number): string[] {
    const dashes = dashes_of(this.linestyle);
    if (dashes === undefined || this.linewidth === 0) return [];
    const [line_x, line_y] = this.#drawstyle === 'default' ? [xs, ys] : in_steps(xs, ys, this.#drawstyle);
    const width = pt(this.linewidth);
    const solid = dashes.pattern.length === 0;
    return [
      element('path', {
        'd': polyline(line_x, line_y),
        'fill': 'none',
        ...stroke(to_rgba(this.color, this.alpha), width),
        'stroke-linejoin': 'round',
        'stroke-linecap': solid ? 'square' : 'butt',
        'stroke-dasharray': solid ? undefined : dashes.pattern.map((length) => short(length * width)).join(' '),
        'stroke-dashoffset': dashes.offset === 0 ? undefined : dashes.offset * width,
      }),
    ];
  }

  #draw_markers(xs: readonly number[], ys: readonly number[], pt: (points: number) => number): string[] {
    if (is_no_marker(this.marker)) return [];
    const size = this.marker === ',' ? 1 : pt(this.markersize);
    const look = {
      ...(is_open_marker(this.marker) ? { fill: 'none' } : fill(this.#face)),
      ...stroke(this.#edge, this.marker === ',' ? 0 : pt(this.#edge_width)),
      'stroke-linejoin': 'miter',
    };
    const radius = marker_radius(this.marker);
    const parts: string[] = [];
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [xs[i]!, ys[i]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      if (radius !== undefined) parts.push(element('circle', { cx: x, cy: y, r: radius * size }));
      else parts.push(element('path', { d: marker_path(this.marker, x, y, size) }));
    }
    return parts.length === 0 ? [] : [group({ class: 'markers', ...look }, parts)];
  }

  draw(transform: Transform): string {
    const [xs, ys] = this.#points(transform);
    const parts = [...this.#draw_line(xs, ys, transform.pt), ...this.#draw_markers(xs, ys, transform.pt)];
    return group({ class: 'line' }, parts);
  }

  legend_handle(): LegendHandle {
    return {
      draw: ({ x, y, width, height }: Box, pt) => {
        const middle = y + height / 2;
        return [
          ...this.#draw_line([x, x + width], [middle, middle], pt),
          ...this.#draw_markers([x + width / 2], [middle], pt),
        ].join('\n');
      },
    };
  }

  *vertices(transform: Transform): Iterable<readonly [number, number]> {
    const [xs, ys] = this.#points(transform);
    const is_line = dashes_of(this.linestyle) !== undefined;
    for (let i = 0; i < xs.length; i++) {
      yield [xs[i]!, ys[i]!];
      // A line between distant points passes through what lies between them.
      if (is_line && i > 0 && xs.length < 200) {
        for (let k = 1; k < 20; k++) {
          yield [xs[i - 1]! + ((xs[i]! - xs[i - 1]!) * k) / 20, ys[i - 1]! + ((ys[i]! - ys[i - 1]!) * k) / 20];
        }
      }
    }
  }
}
