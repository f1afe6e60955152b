/** What can be drawn into axes, and how numbers become places. */
import type { Rgba } from './colors.ts';

/** An interval of numbers that something takes up; from Infinity to -Infinity where it takes up nothing. */
export type Interval = readonly [low: number, high: number];

export const NOTHING: Interval = [Infinity, -Infinity];

/** A rectangle in pixels, y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From data to pixels. */
export interface Transform {
  readonly box: Box;
  x(value: number): number;
  y(value: number): number;
  /** Pixels for points, of which an inch has 72. */
  pt(points: number): number;
  /** An id for an element that no other in the picture has. */
  unique_id(): string;
}

/** A small picture of an artist in a legend: lines, markers and patches in a box. */
export interface LegendHandle {
  draw(box: Box, pt: (points: number) => number): string;
}

/** Which axes are logarithmic. */
export interface LogAxes {
  readonly x: boolean;
  readonly y: boolean;
}

/** Something drawn into axes. */
export interface Artist {
  /** What is higher is drawn later. */
  zorder: number;
  /** The text in a legend; none for null, and for what begins with an underscore. */
  label: string | null;
  /**
   * What it takes up on the axes; limits are made to show it.
   * @param log which axes are logarithmic, and show nothing that is not above zero
   */
  data_limits(log: LogAxes): { readonly x: Interval; readonly y: Interval };
  /** Edges beyond which margins do not reach: the foot of a bar, the border of an image. */
  readonly sticky_x?: readonly number[];
  readonly sticky_y?: readonly number[];
  /** Is it drawn within the axes' frame only? */
  readonly clipped: boolean;
  draw(transform: Transform): string;
  legend_handle?(): LegendHandle;
  /** Points in pixels that a legend should not cover. */
  vertices?(transform: Transform): Iterable<readonly [number, number]>;
}

/** Something whose numbers are shown as colours, as a colour bar needs it. */
export interface Mappable {
  readonly cmap: (value: number) => Rgba;
  readonly norm: { readonly vmin: number; readonly vmax: number };
  readonly alpha: number | null;
  /** The levels between which a colour is one, and the colours between them, where there are levels. */
  readonly levels?: readonly number[];
  readonly level_colors?: readonly Rgba[];
}
