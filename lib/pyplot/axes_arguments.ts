/** What the methods of axes take, by position and by name. */
import { signature } from '../arguments.ts';
import type { Interpolation } from './artists/image.ts';
import { line_options, type LineOptions } from './artists/line.ts';
import { patch_options, type PatchOptions } from './artists/patches.ts';
import type { FontSize, TextOptions } from './artists/text.ts';
import type { ColormapLike } from './colormaps.ts';
import type { Color } from './colors.ts';
import type { ArrayLike, Values } from './data.ts';
import type { LineStyle } from './line_styles.ts';
import type { Marker } from './markers.ts';

/** Data, and a format string behind y, as often as there are lines; with options last. */
export type PlotArguments = (Values | string | LineOptions)[];

export interface ScatterParameters {
  x: Values;
  y: Values;
  /** Areas in square points. */
  s?: ArrayLike | null;
  /** A colour, colours, or numbers for `cmap`. */
  c?: Color | readonly Color[] | ArrayLike | null;
  marker?: Marker | null;
  cmap?: ColormapLike | null;
  vmin?: number | null;
  vmax?: number | null;
  alpha?: number | null;
  linewidths?: number | null;
  edgecolors?: Color | readonly Color[] | 'face' | null;
  color?: Color | readonly Color[] | null;
  label?: string | number | null;
  zorder?: number;
}

export const scatter_arguments = signature<ScatterParameters>(
  'scatter',
  [
    'x',
    'y',
    ['s', null],
    ['c', null],
    ['marker', null],
    ['cmap', null],
    ['vmin', null],
    ['vmax', null],
    ['alpha', null],
    ['linewidths', null],
  ],
  [
    ['edgecolors', null],
    ['color', null],
    ['label', null],
    ['zorder', 1],
  ],
);

export interface ImshowParameters {
  X: ArrayLike;
  cmap?: ColormapLike | null;
  /** `'equal'` makes pixels square, `'auto'` fills the axes. */
  aspect?: 'equal' | 'auto' | number | null;
  interpolation?: Interpolation | null;
  alpha?: number | null;
  vmin?: number | null;
  vmax?: number | null;
  origin?: 'upper' | 'lower' | null;
  extent?: readonly [left: number, right: number, bottom: number, top: number] | null;
  label?: string | null;
  zorder?: number;
}

export const imshow_arguments = signature<ImshowParameters>(
  'imshow',
  ['X', ['cmap', null], ['aspect', null], ['interpolation', null], ['alpha', null], ['vmin', null], ['vmax', null]],
  [
    ['origin', null],
    ['extent', null],
    ['label', null],
    ['zorder', 0],
  ],
);

export interface BarParameters extends PatchOptions {
  x: Values;
  height: ArrayLike;
  width?: ArrayLike;
  bottom?: ArrayLike | null;
  align?: 'center' | 'edge';
  tick_label?: readonly string[] | null;
}

export interface BarhParameters extends PatchOptions {
  y: Values;
  width: ArrayLike;
  height?: ArrayLike;
  left?: ArrayLike | null;
  align?: 'center' | 'edge';
  tick_label?: readonly string[] | null;
}

const PATCH_PARAMETERS = [
  'label',
  'color',
  'c',
  'facecolor',
  'fc',
  'edgecolor',
  'ec',
  'linewidth',
  'lw',
  'alpha',
  'zorder',
].map((name) => [name, undefined] as const);

export const bar_arguments = signature<BarParameters>(
  'bar',
  ['x', 'height', ['width', 0.8], ['bottom', null]],
  [['align', 'center'], ['tick_label', null], ...PATCH_PARAMETERS],
);
export const barh_arguments = signature<BarhParameters>(
  'barh',
  ['y', 'width', ['height', 0.8], ['left', null]],
  [['align', 'center'], ['tick_label', null], ...PATCH_PARAMETERS],
);

export interface HistParameters extends PatchOptions {
  x: ArrayLike;
  /** How many, or their edges. */
  bins?: number | ArrayLike | null;
  range?: readonly [number, number] | null;
  /** Areas that sum to one, in place of counts? */
  density?: boolean;
  weights?: ArrayLike | null;
  cumulative?: boolean;
  histtype?: 'bar' | 'step' | 'stepfilled';
  rwidth?: number | null;
  log?: boolean;
}

export const hist_arguments = signature<HistParameters>(
  'hist',
  ['x', ['bins', null], ['range', null], ['density', false], ['weights', null], ['cumulative', false]],
  [['histtype', 'bar'], ['rwidth', null], ['log', false], ...PATCH_PARAMETERS],
);

export interface FillBetweenParameters extends PatchOptions {
  x: ArrayLike;
  y1: ArrayLike;
  y2?: ArrayLike;
  /** Where the area is drawn. */
  where?: ArrayLike | null;
}

export const fill_between_arguments = signature<FillBetweenParameters>(
  'fill_between',
  ['x', 'y1', ['y2', 0], ['where', null]],
  PATCH_PARAMETERS,
);

export const axhline_arguments = signature<LineOptions & { y?: number; xmin?: number; xmax?: number }>(
  'axhline',
  [
    ['y', 0],
    ['xmin', 0],
    ['xmax', 1],
  ],
  line_parameters(),
);
export const axvline_arguments = signature<LineOptions & { x?: number; ymin?: number; ymax?: number }>(
  'axvline',
  [
    ['x', 0],
    ['ymin', 0],
    ['ymax', 1],
  ],
  line_parameters(),
);
export const axhspan_arguments = signature<PatchOptions & { ymin: number; ymax: number; xmin?: number; xmax?: number }>(
  'axhspan',
  ['ymin', 'ymax', ['xmin', 0], ['xmax', 1]],
  PATCH_PARAMETERS,
);
export const axvspan_arguments = signature<PatchOptions & { xmin: number; xmax: number; ymin?: number; ymax?: number }>(
  'axvspan',
  ['xmin', 'xmax', ['ymin', 0], ['ymax', 1]],
  PATCH_PARAMETERS,
);

function line_parameters(): (readonly [string, undefined])[] {
  return [
    'label',
    'color',
    'c',
    'linewidth',
    'lw',
    'linestyle',
    'ls',
    'marker',
    'markersize',
    'ms',
    'markerfacecolor',
    'mfc',
    'markeredgecolor',
    'mec',
    'markeredgewidth',
    'mew',
    'alpha',
    'zorder',
    'drawstyle',
  ].map((name) => [name, undefined] as const);
}

export interface AnnotateParameters extends TextOptions {
  text: string | number;
  /** The point. */
  xy: ArrayLike;
  /** Where the text stands; at the point where nothing is said. */
  xytext?: ArrayLike | null;
  arrowprops?: { color?: Color; linewidth?: number; arrowstyle?: string } | null;
}

export const annotate_arguments = signature<AnnotateParameters>(
  'annotate',
  ['text', 'xy', ['xytext', null]],
  [
    ['arrowprops', null],
    ...[
      'fontsize',
      'size',
      'color',
      'c',
      'fontweight',
      'weight',
      'fontstyle',
      'style',
      'horizontalalignment',
      'ha',
      'verticalalignment',
      'va',
      'rotation',
      'alpha',
      'zorder',
      'bbox',
    ].map((name) => [name, undefined] as const),
  ],
);

export interface ContourOptions {
  levels?: number | ArrayLike | null;
  colors?: Color | readonly Color[] | null;
  cmap?: ColormapLike | null;
  alpha?: number | null;
  vmin?: number | null;
  vmax?: number | null;
  linewidths?: number | null;
  linestyles?: LineStyle | null;
  zorder?: number;
}

/** `(Z)`, `(Z, levels)`, `(X, Y, Z)` or `(X, Y, Z, levels)`, and options. */
export type ContourArguments =
  | [Z: ArrayLike, options?: ContourOptions]
  | [Z: ArrayLike, levels: number | ArrayLike, options?: ContourOptions]
  | [X: ArrayLike, Y: ArrayLike, Z: ArrayLike, options?: ContourOptions]
  | [X: ArrayLike, Y: ArrayLike, Z: ArrayLike, levels: number | ArrayLike, options?: ContourOptions];

export interface MeshOptions {
  cmap?: ColormapLike | null;
  vmin?: number | null;
  vmax?: number | null;
  alpha?: number | null;
  shading?: 'auto' | 'nearest' | 'flat';
}

/** `(C)` or `(X, Y, C)`, and options. */
export type MeshArguments =
  [C: ArrayLike, options?: MeshOptions] | [X: ArrayLike, Y: ArrayLike, C: ArrayLike, options?: MeshOptions];

export interface LabelOptions extends TextOptions {
  /** From what it belongs to, in points. */
  labelpad?: number;
  loc?: 'left' | 'center' | 'right';
}

export interface TitleOptions extends TextOptions {
  /** From the frame, in points. */
  pad?: number;
  loc?: 'left' | 'center' | 'right';
}

export interface GridOptions {
  which?: 'major' | 'minor' | 'both';
  axis?: 'both' | 'x' | 'y';
  color?: Color;
  c?: Color;
  linestyle?: LineStyle;
  ls?: LineStyle;
  linewidth?: number;
  lw?: number;
  alpha?: number | null;
}

export interface TickOptions {
  rotation?: number | 'horizontal' | 'vertical';
  fontsize?: FontSize;
  size?: FontSize;
  color?: Color;
  ha?: 'left' | 'center' | 'right';
}

export interface TickParams {
  axis?: 'both' | 'x' | 'y';
  labelsize?: FontSize;
  labelrotation?: number;
  rotation?: number;
  labelcolor?: Color;
  color?: Color;
  colors?: Color;
  length?: number;
  width?: number;
  pad?: number;
  direction?: 'out' | 'in' | 'inout';
  bottom?: boolean;
  left?: boolean;
  labelbottom?: boolean;
  labelleft?: boolean;
  which?: 'major' | 'minor' | 'both';
}

/** The patch options among the arguments of a function. */
export function patch_part<T extends PatchOptions>(artist: string, given: T): PatchOptions {
  const options: Record<string, unknown> = {};
  for (const [name] of PATCH_PARAMETERS) options[name] = given[name as keyof PatchOptions];
  return patch_options(artist, options);
}

/** The line options among the arguments of a function. */
export function line_part<T extends LineOptions>(given: T): LineOptions {
  const options: Record<string, unknown> = {};
  for (const [name] of line_parameters()) options[name] = given[name as keyof LineOptions];
  return line_options(options);
}
