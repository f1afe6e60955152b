/** Areas: rectangles such as bars, and polygons such as what lies between two curves. */
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
import { full_names } from '../options.ts';
import { element, fill, polyline, stroke } from '../svg.ts';
import type { Coordinates } from './line.ts';

/** How an area looks. */
export interface PatchOptions {
  label?: string | number | null;
  /** Of the face and the edge. */
  color?: Color | null;
  c?: Color | null;
  facecolor?: Color | null;
  fc?: Color | null;
  edgecolor?: Color | null;
  ec?: Color | null;
  /** In points. */
  linewidth?: number;
  lw?: number;
  alpha?: number | null;
  zorder?: number;
}

const NAMES = ['label', 'color', 'facecolor', 'edgecolor', 'linewidth', 'alpha', 'zorder'] as const;
const ALIASES = { c: 'color', fc: 'facecolor', ec: 'edgecolor', lw: 'linewidth' } as const;

/** Options under their full names. */
export function patch_options(artist: string, options: PatchOptions): PatchOptions {
  return full_names<PatchOptions>(artist, options, NAMES, ALIASES);
}

/** What areas have in common. */
abstract class Patch implements Artist {
  zorder: number;
  label: string | null;
  readonly clipped = true;
  protected readonly face: Rgba;
  protected readonly edge: Rgba | undefined;
  protected readonly linewidth: number;

  /** @param options under their full names */
  constructor(options: PatchOptions, default_color: Color) {
    const { alpha, color } = options;
    this.zorder = options.zorder ?? 1;
    this.label = options.label === undefined || options.label === null ? null : String(options.label);
    this.face = to_rgba(color ?? options.facecolor ?? default_color, alpha);
    const edge = options.edgecolor ?? color;
    this.edge = edge === undefined || edge === null ? undefined : to_rgba(edge, alpha);
    this.linewidth = options.linewidth ?? 1;
  }

  get_facecolor(): Rgba {
    return this.face;
  }

  protected look(pt: (points: number) => number): Record<string, string | number | undefined> {
    return { ...fill(this.face), ...stroke(this.edge, pt(this.linewidth)), 'stroke-linejoin': 'miter' };
  }

  abstract data_limits(log: LogAxes): { x: Interval; y: Interval };
  abstract draw(transform: Transform): string;

  legend_handle(): LegendHandle {
    return {
      draw: ({ x, y, width, height }: Box, pt) => element('rect', { x, y, width, height, ...this.look(pt) }),
    };
  }
}

/** A rectangle: a bar, or a strip across the axes. */
export class Rectangle extends Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly sticky_x: readonly number[];
  readonly sticky_y: readonly number[];
  readonly #coordinates: readonly [x: Coordinates, y: Coordinates];

  constructor(
    [x, y, width, height]: readonly [x: number, y: number, width: number, height: number],
    options: PatchOptions & {
      sticky_x?: readonly number[];
      sticky_y?: readonly number[];
      coordinates?: readonly [x: Coordinates, y: Coordinates];
    },
    default_color: Color,
  ) {
    super(options, default_color);
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = height;
    this.sticky_x = options.sticky_x ?? [];
    this.sticky_y = options.sticky_y ?? [];
    this.#coordinates = options.coordinates ?? ['data', 'data'];
  }

  get_height(): number {
    return this.height;
  }

  get_width(): number {
    return this.width;
  }

  get_x(): number {
    return this.x;
  }

  get_y(): number {
    return this.y;
  }

  data_limits(log: LogAxes): { x: Interval; y: Interval } {
    return {
      x: this.#coordinates[0] === 'data' ? extremes([this.x, this.x + this.width], log.x) : NOTHING,
      y: this.#coordinates[1] === 'data' ? extremes([this.y, this.y + this.height], log.y) : NOTHING,
    };
  }

  draw({ box, x, y, pt }: Transform): string {
    const to_x = (value: number): number => (this.#coordinates[0] === 'data' ? x(value) : box.x + value * box.width);
    const to_y = (value: number): number =>
      this.#coordinates[1] === 'data' ? y(value) : box.y + (1 - value) * box.height;
    const [left, right] = [to_x(this.x), to_x(this.x + this.width)];
    const [bottom, top] = [to_y(this.y), to_y(this.y + this.height)];
    if (![left, right, bottom, top].every(Number.isFinite)) return '';
    return element('rect', {
      'x': Math.min(left, right),
      'y': Math.min(top, bottom),
      'width': Math.abs(right - left),
      'height': Math.abs(bottom - top),
      ...this.look(pt),
      // Between bars that touch, soft edges would show a line.
      'shape-rendering': this.edge === undefined ? 'crispEdges' : undefined,
    });
  }

  *vertices({ x, y }: Transform): Iterable<readonly [number, number]> {
    if (this.#coordinates.includes('axes')) return;
    for (let i = 0; i <= 4; i++) {
      for (let k = 0; k <= 4; k++) yield [x(this.x + (this.width * i) / 4), y(this.y + (this.height * k) / 4)];
    }
  }
}

/** An area within corners. */
export class Polygon extends Patch {
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(x: Float64Array, y: Float64Array, options: PatchOptions, default_color: Color) {
    super(options, default_color);
    this.#x = x;
    this.#y = y;
  }

  data_limits(log: LogAxes): { x: Interval; y: Interval } {
    return { x: extremes(this.#x, log.x), y: extremes(this.#y, log.y) };
  }

  draw({ x, y, pt }: Transform): string {
    return element('path', { d: polyline(Array.from(this.#x, x), Array.from(this.#y, y), true), ...this.look(pt) });
  }

  *vertices({ x, y }: Transform): Iterable<readonly [number, number]> {
    for (let i = 0; i < this.#x.length; i++) yield [x(this.#x[i]!), y(this.#y[i]!)];
  }
}
