/** The functions of pyplot, and the figures that are open. */
import { is_instance, is_kwargs } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { type_name } from '../repr.ts';
import type { Artist, Mappable } from './artist.ts';
import type { TextOptions } from './artists/text.ts';
import { Axes } from './axes.ts';
import type { GridOptions, LabelOptions, TickOptions, TitleOptions } from './axes_arguments.ts';
import type { Colorbar, ColorbarOptions } from './colorbar.ts';
import type { ArrayLike } from './data.ts';
import { Figure, type FigureOptions, type SaveOptions, type SubplotAxes, type SubplotsOptions } from './figure.ts';
import type { SubplotParams } from './layout.ts';
import type { ScaleName } from './scale.ts';
import { show_figures } from './show.ts';

export type { Artist, Mappable } from './artist.ts';
export { AxesImage } from './artists/image.ts';
export { Line2D, type LineOptions } from './artists/line.ts';
export { Polygon, Rectangle, type PatchOptions } from './artists/patches.ts';
export { PathCollection } from './artists/points.ts';
export { ContourSet } from './artists/contours.ts';
export { QuadMesh } from './artists/mesh.ts';
export { Text, type TextOptions } from './artists/text.ts';
export { Axes } from './axes.ts';
export type { GridOptions, LabelOptions, TickOptions, TitleOptions } from './axes_arguments.ts';
export { cm, type Colormap, type ColormapLike, get_cmap } from './colormaps.ts';
export { type Color, type Rgba, to_hex, to_rgba } from './colors.ts';
export { Colorbar, type ColorbarOptions } from './colorbar.ts';
export { type ArrayLike, type NumberArray, type NumberLike, type Values } from './data.ts';
export { Figure, type FigureOptions, type SaveOptions, type SubplotsOptions } from './figure.ts';
export { Legend, type LegendOptions } from './legend.ts';
export type { LineStyle } from './line_styles.ts';
export type { Marker } from './markers.ts';
export { rcdefaults, rcParams, type RcParams } from './rc.ts';

/** The figures that are open, by their numbers, the current one last. */
const figures = new Map<number, Figure>();

function make_current(figure_: Figure): Figure {
  figures.delete(figure_.number);
  figures.set(figure_.number, figure_);
  return figure_;
}

/** The numbers of all open figures. */
export function get_fignums(): number[] {
  return [...figures.keys()].sort((a, b) => a - b);
}

/**
 * A new figure, or the open one of that number; it becomes the current one.
 *
 *     plt.figure({ figsize: [10, 7] });
 *
 * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.figure.html
 */
export function figure(num?: number | FigureOptions | null, options: FigureOptions = {}): Figure {
  if (is_kwargs(num)) return figure(null, num as FigureOptions);
  const number = (num as number | null | undefined) ?? Math.max(0, ...figures.keys()) + 1;
  const known = figures.get(number);
  return make_current(known ?? new Figure(options, number));
}

/** The current figure; a new one where there is none. */
export function gcf(): Figure {
  return [...figures.values()].at(-1) ?? figure();
}

/** The current axes; new ones where there are none. */
export function gca(): Axes {
  return gcf().gca();
}

/** Makes axes the current ones. */
export function sca(axes: Axes): void {
  if (!is_instance(axes, Axes)) throw new TypeError(`sca() takes axes, not ${type_name(axes)}`);
  if (axes.figure.number > 0) make_current(axes.figure);
  axes.figure.make_current(axes);
}

/**
 * Axes in a cell of a grid, the ones that are there or new ones; they become the current ones.
 * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.subplot.html
 */
export function subplot(rows = 1, columns?: number, index?: number | readonly [number, number]): Axes {
  const current = gcf();
  const made = current.add_subplot(rows, columns, index);
  const same = current.axes.find(
    (axes) =>
      axes !== made &&
      axes.cell !== null &&
      (['rows', 'columns', 'first', 'last'] as const).every((key) => axes.cell![key] === made.cell![key]),
  );
  if (same === undefined) return made;
  current.axes.splice(current.axes.indexOf(made), 1);
  return current.make_current(same);
}

/**
 * A new figure with a grid of axes: one axes, a list of them, or rows of them.
 *
 *     const [fig, ax] = plt.subplots();
 *     const [fig, [left, right]] = plt.subplots(1, 2, { figsize: [10, 4] });
 *     const [fig, axes] = plt.subplots(3, 3);   // axes.flat() lists them
 *
 * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.subplots.html
 */
export function subplots(
  nrows: number,
  ncols: number,
  options: SubplotsOptions & { squeeze: false },
): [Figure, Axes[][]];
export function subplots(
  options: SubplotsOptions & { nrows?: number; ncols?: number; squeeze: false },
): [Figure, Axes[][]];
export function subplots(options: SubplotsOptions & { nrows?: 1; ncols?: 1; squeeze?: true }): [Figure, Axes];
export function subplots<Rows extends number = 1, Columns extends number = 1>(
  options: SubplotsOptions & { nrows?: Rows; ncols?: Columns },
): [Figure, SubplotAxes<Rows, Columns>];
export function subplots<Rows extends number = 1, Columns extends number = 1>(
  nrows?: Rows,
  ncols?: Columns | (SubplotsOptions & { ncols?: Columns }),
  options?: SubplotsOptions,
): [Figure, SubplotAxes<Rows, Columns>];
export function subplots(...args: unknown[]): [Figure, unknown] {
  const given = [...args];
  const named = is_kwargs(given.at(-1)) ? (given.pop() as SubplotsOptions & { nrows?: number; ncols?: number }) : {};
  const { nrows = 1, ncols = 1, sharex, sharey, squeeze, gridspec_kw, ...rest } = named;
  const made = figure(null, rest);
  const [rows = nrows, columns = ncols] = given as (number | undefined)[];
  return [made, made.subplots(rows, columns, { sharex, sharey, squeeze, gridspec_kw })];
}

/** Axes at a place in the current figure. */
export function axes(rect?: readonly [left: number, bottom: number, width: number, height: number]): Axes {
  return rect === undefined ? gcf().add_subplot(1, 1, 1) : gcf().add_axes(rect);
}

/**
 * Closes a figure: the current one, that of a number, or `'all'`.
 * @throws ValueError if it is none of these
 */
export function close(which?: Figure | number | 'all' | null): void {
  if (which === 'all') figures.clear();
  else if (which === undefined || which === null) figures.delete([...figures.keys()].at(-1) ?? 0);
  else if (typeof which === 'number') figures.delete(which);
  else if (which instanceof Figure) figures.delete(which.number);
  else throw new ValueError("close() takes a figure, its number, 'all', or nothing");
}

/** Takes everything out of the current figure. */
export function clf(): void {
  gcf().clear();
}

/** Takes everything out of the current axes. */
export function cla(): void {
  gca().clear();
}

/** Writes the current figure to a file: `.svg`, or `.png` through '@resvg/resvg-js'. */
export function savefig(path: string, options?: SaveOptions): void {
  gcf().savefig(path, options);
}

/**
 * Opens all figures in the browser, or says where they were written if there is no screen, and closes them. It does
 * not wait.
 */
export function show(): void {
  show_figures([...figures.values()].sort((a, b) => a.number - b.number));
  figures.clear();
}

/** @see Axes.plot */
export function plot(...args: Parameters<Axes['plot']>): ReturnType<Axes['plot']> {
  return gca().plot(...args);
}

/** @see Axes.step */
export function step(...args: Parameters<Axes['step']>): ReturnType<Axes['step']> {
  return gca().step(...args);
}

/** @see Axes.annotate */
export function annotate(...args: Parameters<Axes['annotate']>): ReturnType<Axes['annotate']> {
  return gca().annotate(...args);
}

/** New axes over the current ones, with a y of their own. */
export function twinx(): Axes {
  return gca().twinx();
}

/** Does nothing: pictures are drawn when they are written or shown. For programs that call it. */
export function ion(): void {}

/** Does nothing, as {@link ion}. */
export function ioff(): void {}

/** @see Axes.semilogy */
export function semilogy(...args: Parameters<Axes['plot']>): ReturnType<Axes['plot']> {
  return gca().semilogy(...args);
}

/** @see Axes.semilogx */
export function semilogx(...args: Parameters<Axes['plot']>): ReturnType<Axes['plot']> {
  return gca().semilogx(...args);
}

/** @see Axes.loglog */
export function loglog(...args: Parameters<Axes['plot']>): ReturnType<Axes['plot']> {
  return gca().loglog(...args);
}

/** @see Axes.scatter */
export function scatter(...args: Parameters<Axes['scatter']>): ReturnType<Axes['scatter']> {
  return gca().scatter(...args);
}

/** @see Axes.imshow */
export function imshow(...args: Parameters<Axes['imshow']>): ReturnType<Axes['imshow']> {
  return gca().imshow(...args);
}

/** @see Axes.matshow */
export function matshow(...args: Parameters<Axes['matshow']>): ReturnType<Axes['matshow']> {
  return gca().matshow(...args);
}

/** @see Axes.bar */
export function bar(...args: Parameters<Axes['bar']>): ReturnType<Axes['bar']> {
  return gca().bar(...args);
}

/** @see Axes.barh */
export function barh(...args: Parameters<Axes['barh']>): ReturnType<Axes['barh']> {
  return gca().barh(...args);
}

/** @see Axes.hist */
export function hist(...args: Parameters<Axes['hist']>): ReturnType<Axes['hist']> {
  return gca().hist(...args);
}

/** @see Axes.fill_between */
export function fill_between(...args: Parameters<Axes['fill_between']>): ReturnType<Axes['fill_between']> {
  return gca().fill_between(...args);
}

/** @see Axes.axhline */
export function axhline(...args: Parameters<Axes['axhline']>): ReturnType<Axes['axhline']> {
  return gca().axhline(...args);
}

/** @see Axes.axvline */
export function axvline(...args: Parameters<Axes['axvline']>): ReturnType<Axes['axvline']> {
  return gca().axvline(...args);
}

/** @see Axes.axhspan */
export function axhspan(...args: Parameters<Axes['axhspan']>): ReturnType<Axes['axhspan']> {
  return gca().axhspan(...args);
}

/** @see Axes.axvspan */
export function axvspan(...args: Parameters<Axes['axvspan']>): ReturnType<Axes['axvspan']> {
  return gca().axvspan(...args);
}

/** @see Axes.contourf */
export function contourf(...args: Parameters<Axes['contourf']>): ReturnType<Axes['contourf']> {
  return gca().contourf(...args);
}

/** @see Axes.contour */
export function contour(...args: Parameters<Axes['contour']>): ReturnType<Axes['contour']> {
  return gca().contour(...args);
}

/** @see Axes.pcolormesh */
export function pcolormesh(...args: Parameters<Axes['pcolormesh']>): ReturnType<Axes['pcolormesh']> {
  return gca().pcolormesh(...args);
}

/** @see Axes.text */
export function text(...args: Parameters<Axes['text']>): ReturnType<Axes['text']> {
  return gca().text(...args);
}

/** @see Axes.legend */
export function legend(...args: Parameters<Axes['legend']>): ReturnType<Axes['legend']> {
  return gca().legend(...args);
}

/** A bar that says which number has which colour: of what was drawn last, or of `mappable`. */
export function colorbar(
  mappable?: (Mappable & Artist) | ColorbarOptions | null,
  options: ColorbarOptions = {},
): Colorbar {
  if (is_kwargs(mappable)) return gcf().colorbar(null, mappable as ColorbarOptions);
  return gcf().colorbar((mappable as Mappable | undefined) ?? null, options);
}

/** The title of the current axes. */
export function title(label: string | number, options?: TitleOptions): void {
  gca().set_title(label, options);
}

/** The title of the current figure. */
export function suptitle(label: string, options?: TextOptions & { x?: number; y?: number }): void {
  gcf().suptitle(label, options);
}

export function xlabel(label: string | number, options?: LabelOptions): void {
  gca().set_xlabel(label, options);
}

export function ylabel(label: string | number, options?: LabelOptions): void {
  gca().set_ylabel(label, options);
}

/** Sets what x shows, if anything is given; gives what it shows. */
export function xlim(...args: Parameters<Axes['set_xlim']>): [number, number] {
  return args.length === 0 ? gca().get_xlim() : gca().set_xlim(...args);
}

/** Sets what y shows, if anything is given; gives what it shows. */
export function ylim(...args: Parameters<Axes['set_ylim']>): [number, number] {
  return args.length === 0 ? gca().get_ylim() : gca().set_ylim(...args);
}

export function xscale(scale: ScaleName): void {
  gca().set_xscale(scale);
}

export function yscale(scale: ScaleName): void {
  gca().set_yscale(scale);
}

/** Sets where x has ticks and what they say, or how they look: `plt.xticks({ rotation: 45 })`. Gives where they are. */
export function xticks(
  ticks?: ArrayLike | TickOptions | null,
  labels?: readonly (string | number)[] | TickOptions | null,
  options?: TickOptions,
): number[] {
  if (is_kwargs(ticks)) gca().tick_params({ axis: 'x', ...ticks_look(ticks as TickOptions) });
  else if (ticks !== undefined && ticks !== null) gca().set_xticks(ticks as ArrayLike, labels, options);
  return gca().get_xticks();
}

/** Sets where y has ticks and what they say, or how they look. Gives where they are. */
export function yticks(
  ticks?: ArrayLike | TickOptions | null,
  labels?: readonly (string | number)[] | TickOptions | null,
  options?: TickOptions,
): number[] {
  if (is_kwargs(ticks)) gca().tick_params({ axis: 'y', ...ticks_look(ticks as TickOptions) });
  else if (ticks !== undefined && ticks !== null) gca().set_yticks(ticks as ArrayLike, labels, options);
  return gca().get_yticks();
}

function ticks_look({ rotation, fontsize, size, color }: TickOptions): {
  rotation?: number;
  labelsize?: TickOptions['size'];
  labelcolor?: TickOptions['color'];
} {
  return {
    rotation: rotation === 'vertical' ? 90 : rotation === 'horizontal' ? 0 : rotation,
    labelsize: fontsize ?? size,
    labelcolor: color,
  };
}

/** @see Axes.tick_params */
export function tick_params(...args: Parameters<Axes['tick_params']>): void {
  gca().tick_params(...args);
}

/** @see Axes.grid */
export function grid(visible?: boolean | GridOptions | null, options?: GridOptions): void {
  gca().grid(visible, options);
}

/** @see Axes.axis */
export function axis(...args: Parameters<Axes['axis']>): ReturnType<Axes['axis']> {
  return gca().axis(...args);
}

/** @see Axes.margins */
export function margins(...args: Parameters<Axes['margins']>): void {
  gca().margins(...args);
}

/** Makes room for labels. */
export function tight_layout(options?: Parameters<Figure['tight_layout']>[0]): void {
  gcf().tight_layout(options);
}

/** Changes the borders of the grid of axes, and the gaps in it. */
export function subplots_adjust(params: Partial<SubplotParams>): void {
  gcf().subplots_adjust(params);
}
