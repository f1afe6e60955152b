/**
 * Figures: pictures of one or several axes, and the files they are written to.
 *
 * @see https://matplotlib.org/stable/api/figure_api.html
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { is_array } from '../arguments.ts';
import { OSError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { repr, type_name } from '../repr.ts';
import type { Box, Mappable } from './artist.ts';
import { draw_text, placed_text, Text, text_options, type TextOptions } from './artists/text.ts';
import { Axes } from './axes.ts';
import { label_height } from './axes_look.ts';
import { BAR_ASPECT, BAR_GAP, BAR_SHARE, Colorbar, type ColorbarOptions } from './colorbar.ts';
import { type Color, to_rgba } from './colors.ts';
import { flat } from './data.ts';
import { cell_position, type Need, type SubplotParams, tight_params, usual_params } from './layout.ts';
import { check_options } from './options.ts';
import { rcParams } from './rc.ts';
import { type Pixels, render_pixels, render_png } from './render.ts';
import { element, fill, group, short } from './svg.ts';
import { warn } from '../warnings.ts';

export interface FigureOptions {
  /** Width and height in inches. */
  figsize?: readonly [width: number, height: number] | null;
  /** Pixels in an inch. */
  dpi?: number | null;
  facecolor?: Color;
  layout?: 'tight' | 'constrained' | 'none' | null;
  tight_layout?: boolean;
}

export interface SubplotsOptions extends FigureOptions {
  sharex?: boolean | 'all' | 'row' | 'col' | 'none';
  sharey?: boolean | 'all' | 'row' | 'col' | 'none';
  /** One axes, or one row or column of them, without the arrays around? */
  squeeze?: boolean;
  gridspec_kw?: Partial<SubplotParams>;
}

/** What `subplots` gives: axes, a list of them, or rows of them. */
export type SubplotAxes<Rows extends number, Columns extends number> = Rows extends 1
  ? Columns extends 1
    ? Axes
    : Axes[]
  : Columns extends 1
    ? Axes[]
    : Axes[][];

export interface SaveOptions {
  dpi?: number | 'figure';
  format?: 'svg' | 'png';
  /** `'tight'` cuts what is empty around the picture. */
  bbox_inches?: 'tight' | null;
  pad_inches?: number;
  facecolor?: Color;
  transparent?: boolean;
}

const POINTS = 72;
/** More rows or columns of axes than that are too small to be seen. */
const MOST_CELLS = 1000;
/** A picture with more pixels than that would not fit into memory. */
const LARGEST_SIDE = 2 ** 16;

/** The box around boxes. */
function around(boxes: readonly Box[]): Box {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** @throws ValueError if a grid cannot have that many rows and columns */
function check_counts(rows: unknown, columns: unknown): void {
  for (const [name, count] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!(Number.isInteger(count) && (count as number) > 0)) {
      throw new ValueError(
        `Number of ${name} must be a positive integer, not ${typeof count === 'number' ? repr(count) : type_name(count)}`,
      );
    }
    if ((count as number) > MOST_CELLS)
      throw new ValueError(`Number of ${name} must be at most ${MOST_CELLS}, not ${repr(count)}`);
  }
}

/** A figure. */
export class Figure {
  /** Its number among the figures of pyplot; 0 for one that pyplot does not know. */
  readonly number: number;
  readonly axes: Axes[] = [];
  readonly subplotpars: SubplotParams = usual_params();
  readonly #colorbars = new Map<Axes, { bar: Axes; shrink: number }>();
  #size: readonly [number, number];
  #dpi: number;
  #facecolor: Color;
  #suptitle: { text: string; options: TextOptions; x: number; y: number } | null = null;
  #tight = false;
  #current: Axes | null = null;

  /** @throws ValueError if a size is not above zero */
  constructor({ figsize, dpi, facecolor = 'white', layout, tight_layout }: FigureOptions = {}, number = 0) {
    this.number = number;
    [this.#size, this.#dpi] = [rcParams['figure.figsize'], rcParams['figure.dpi']];
    this.set_size_inches(...this.#size);
    this.set_dpi(this.#dpi);
    this.#facecolor = facecolor;
    to_rgba(facecolor);
    if (figsize !== undefined && figsize !== null) this.set_size_inches(figsize[0], figsize[1]);
    if (dpi !== undefined && dpi !== null) this.set_dpi(dpi);
    this.#tight = tight_layout === true || layout === 'tight' || layout === 'constrained';
  }

  set_size_inches(width: number, height: number): void {
    if (![width, height].every((side) => Number.isFinite(side) && side > 0)) {
      throw new ValueError(`figure size must be positive finite not (${repr(width)}, ${repr(height)})`);
    }
    this.#size = [width, height];
  }

  get_size_inches(): [number, number] {
    return [...this.#size];
  }

  set_dpi(dpi: number): void {
    if (!(Number.isFinite(dpi) && dpi > 0)) throw new ValueError(`dpi must be positive, not ${repr(dpi)}`);
    this.#dpi = dpi;
  }

  get dpi(): number {
    return this.#dpi;
  }

  get_axes(): Axes[] {
    return [...this.axes];
  }

  /** @internal Makes it the axes that pyplot's functions draw into. */
  make_current(axes: Axes): Axes {
    this.#current = axes;
    return axes;
  }

  /** The axes that were made or asked for last; new ones where there are none. */
  gca(): Axes {
    return this.#current ?? this.add_subplot(1, 1, 1);
  }

  /**
   * Axes in a cell of a grid.
   *
   *     fig.add_subplot(2, 3, 1); fig.add_subplot(231); fig.add_subplot(2, 2, [1, 2]);
   *
   * @param index of the cell, from 1, row by row; two of them for all between
   * @throws ValueError if there is no such cell
   */
  add_subplot(rows = 1, columns?: number, index?: number | readonly [number, number]): Axes {
    let [r, c, i] = [rows, columns ?? 1, index ?? 1];
    if (columns === undefined && rows > 1) {
      if (!/^[1-9]\d\d$/.test(String(rows))) {
        throw new ValueError(`Integer subplot specification must be a three-digit number, not ${rows}`);
      }
      [r, c, i] = [Math.floor(rows / 100), Math.floor(rows / 10) % 10, rows % 10];
    }
    const [first, last] = is_array(i) ? (i as readonly [number, number]) : [i as number, i as number];
    check_counts(r, c);
    if (![first, last].every((n) => Number.isInteger(n) && n >= 1 && n <= r * c) || last < first) {
      throw new ValueError(
        `num must be an integer with 1 <= num <= ${r * c}, not ${is_array(i) || typeof i === 'number' ? repr(i) : type_name(i)}`,
      );
    }
    const cell = { rows: r, columns: c, first: first - 1, last: last - 1 };
    const axes = new Axes(this, cell_position(cell, this.subplotpars), cell);
    this.axes.push(axes);
    return this.make_current(axes);
  }

  /** Axes at a place: left, bottom, width and height in shares of the figure. */
  add_axes(rect: readonly [left: number, bottom: number, width: number, height: number]): Axes {
    const [left, bottom, width, height] = flat(rect, 'rect') as unknown as [number, number, number, number];
    if (![left, bottom, width, height].every(Number.isFinite)) {
      throw new ValueError(`all entries in rect must be finite, and four`);
    }
    const axes = new Axes(this, { left, bottom, width, height });
    this.axes.push(axes);
    return this.make_current(axes);
  }

  /** A grid of axes. */
  subplots<Rows extends number = 1, Columns extends number = 1>(
    nrows?: Rows,
    ncols?: Columns,
    { sharex = false, sharey = false, squeeze = true, gridspec_kw }: Omit<SubplotsOptions, keyof FigureOptions> = {},
  ): SubplotAxes<Rows, Columns> {
    const [rows, columns] = [nrows ?? 1, ncols ?? 1] as [number, number];
    check_counts(rows, columns);
    if (gridspec_kw !== undefined) Object.assign(this.subplotpars, gridspec_kw);
    const grid: Axes[][] = Array.from({ length: rows }, () => []);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const axes = this.add_subplot(rows, columns, row * columns + column + 1);
        grid[row]!.push(axes);
        for (const [direction, how] of [
          ['x', sharex],
          ['y', sharey],
        ] as const) {
          if (how === false || how === 'none') continue;
          const other = how === 'row' ? grid[row]![0]! : how === 'col' ? grid[0]![column]! : grid[0]![0]!;
          if (other !== axes) axes.share(direction, other);
          const inside_x = direction === 'x' && how !== 'row' && row < rows - 1;
          const inside_y = direction === 'y' && how !== 'col' && column > 0;
          if (inside_x) axes.xlook.labels = false;
          if (inside_y) axes.ylook.labels = false;
        }
      }
    }
    let result: Axes | Axes[] | Axes[][] = grid;
    if (squeeze) {
      if (rows === 1 && columns === 1) result = grid[0]![0]!;
      else if (rows === 1) result = grid[0]!;
      else if (columns === 1) result = grid.map((row) => row[0]!);
    }
    return result as SubplotAxes<Rows, Columns>;
  }

  /** Changes the borders of the grid of axes, and the gaps in it. */
  subplots_adjust(params: Partial<SubplotParams>): void {
    check_options('subplots_adjust', params);
    const wanted = { ...this.subplotpars };
    for (const [name, value] of Object.entries(params)) {
      if (!(name in wanted)) throw new ValueError(`subplots_adjust() got an unexpected keyword argument '${name}'`);
      if (value !== undefined) wanted[name as keyof SubplotParams] = value;
    }
    if (wanted.left >= wanted.right) throw new ValueError('left cannot be >= right');
    if (wanted.bottom >= wanted.top) throw new ValueError('bottom cannot be >= top');
    Object.assign(this.subplotpars, wanted);
    this.#place();
  }

  #place(): void {
    for (const axes of this.axes) {
      if (axes.cell !== null) axes.position = cell_position(axes.cell, this.subplotpars);
    }
    for (const [axes, { bar, shrink }] of this.#colorbars) {
      const { left, bottom, width, height } = axes.position;
      axes.position = { left, bottom, width: width * (1 - BAR_SHARE - BAR_GAP), height };
      const bar_height = height * shrink;
      bar.position = {
        left: left + width * (1 - BAR_SHARE),
        bottom: bottom + (height - bar_height) / 2,
        width: width * BAR_SHARE,
        height: bar_height,
      };
    }
  }

  /**
   * A bar beside axes that says which number has which colour.
   * @throws RuntimeError if nothing with colours was drawn
   */
  colorbar(mappable: Mappable | null = null, options: ColorbarOptions = {}): Colorbar {
    check_options('colorbar', options);
    if (mappable !== null && (typeof mappable?.cmap !== 'function' || typeof mappable.norm?.vmin !== 'number')) {
      throw new TypeError(`colorbar() takes what has colours by number, not ${type_name(mappable)}`);
    }
    const owner = this.axes.find((axes) => mappable !== null && axes.artists.includes(mappable as never));
    const ax = options.ax ?? owner ?? this.gca();
    const shown = mappable ?? ax.mappable;
    if (shown === null) {
      throw new RuntimeError(
        'No mappable was found to use for colorbar creation. First define a mappable such as an image (with imshow) or ' +
          'a contour set (with contourf).',
      );
    }
    const bar = new Axes(this, { ...ax.position });
    this.axes.push(bar);
    const before = ax.cell === null ? { ...ax.position } : null;
    this.#colorbars.set(ax, { bar, shrink: options.shrink ?? 1 });
    this.#place();
    if (before !== null) ax.position = { ...before, width: before.width * (1 - BAR_SHARE - BAR_GAP) };
    return new Colorbar(bar, shown, options);
  }

  /** @internal Axes over others, with an y axis of their own. */
  add_twin(of: Axes): Axes {
    const axes = new Axes(this, { ...of.position }, of.cell);
    axes.share('x', of);
    axes.yside = 'right';
    axes.facecolor = 'none';
    [axes.xlook.marks, axes.xlook.labels] = [false, false];
    this.axes.push(axes);
    return this.make_current(axes);
  }

  /** A title above all axes. */
  suptitle(text: string, options: TextOptions & { x?: number; y?: number } = {}): void {
    check_options('suptitle', options);
    const { x = 0.5, y = 0.98, ...rest } = options;
    this.#suptitle = { text: String(text), options: text_options(rest), x, y };
  }

  /** Takes all axes away. */
  clear(): void {
    this.axes.length = 0;
    this.#colorbars.clear();
    this.#current = null;
    this.#suptitle = null;
    Object.assign(this.subplotpars, usual_params());
  }

  clf(): void {
    this.clear();
  }

  /** Makes room for labels, so that axes do not overlap. `pad` is in sizes of the font. */
  tight_layout(options: { pad?: number; w_pad?: number; h_pad?: number } = {}): void {
    check_options('tight_layout', options);
    const { pad = 1.08, w_pad, h_pad } = options;
    const [width, height] = this.#pixels(this.#dpi);
    const pt = (points: number): number => (points * this.#dpi) / POINTS;
    const em = pt(10);
    const needs: Need[] = [];
    for (const axes of this.axes) {
      if (axes.cell === null || !axes.visible) continue;
      const place = cell_position(axes.cell, this.subplotpars);
      const [left, right] = [place.left * width, (place.left + place.width) * width];
      const [top, bottom] = [(1 - place.bottom - place.height) * height, (1 - place.bottom) * height];
      const boxes = [axes, this.#colorbars.get(axes)?.bar]
        .filter((one) => one !== undefined)
        .map((one) => this.#outer_box(one, this.#dpi));
      needs.push({
        cell: axes.cell,
        left: left - Math.min(...boxes.map((box) => box.x)),
        right: Math.max(...boxes.map((box) => box.x + box.width)) - right,
        top: top - Math.min(...boxes.map((box) => box.y)),
        bottom: Math.max(...boxes.map((box) => box.y + box.height)) - bottom,
      });
    }
    if (needs.length === 0) return;
    const title = this.#suptitle;
    const above =
      title === null
        ? 0
        : label_height({ text: title.text, options: title.options, pad: 0, loc: 'center' }, pt, 12) + pad * em;
    const params = tight_params(
      needs,
      { width, height },
      { pad: pad * em, w_pad: (w_pad ?? pad) * em, h_pad: (h_pad ?? pad) * em },
      above,
    );
    if (params === null) {
      warn('Tight layout not applied. There is no room for the axes beside their decorations.');
      return;
    }
    Object.assign(this.subplotpars, params);
    this.#place();
  }

  /** An axes and all around it. */
  #outer_box(axes: Axes, dpi: number): Box {
    const box = this.#frame(axes, dpi);
    const pt = (points: number): number => (points * dpi) / POINTS;
    const { overhang } = axes.surroundings(box, pt);
    const transform = axes.transform(box, pt);
    const texts = axes.artists.map((artist) => (artist instanceof Text ? artist.extent(transform) : null));
    return around([
      {
        x: box.x - overhang.left,
        y: box.y - overhang.top,
        width: box.width + overhang.left + overhang.right,
        height: box.height + overhang.top + overhang.bottom,
      },
      ...texts.filter((text) => text !== null),
    ]);
  }

  /** The frame of an axes in pixels. */
  #frame(axes: Axes, dpi: number): Box {
    const box = axes.box(...this.#pixels(dpi));
    const owner = [...this.#colorbars].find(([, { bar }]) => bar === axes);
    if (owner === undefined) return box;
    // A bar is as high as the frame it stands beside, and narrow.
    const [of, { shrink }] = owner;
    const beside = of.box(...this.#pixels(dpi));
    const height = of.aspect === null ? box.height : Math.min(box.height, beside.height * shrink);
    return { x: box.x, y: box.y + (box.height - height) / 2, width: Math.min(box.width, height / BAR_ASPECT), height };
  }

  #pixels(dpi: number): [number, number] {
    return [this.#size[0] * dpi, this.#size[1] * dpi];
  }

  /** Where a place of the data is in the picture, in pixels from its lower left corner: matplotlib's `ax.transData`. */
  data_to_pixels(axes: Axes, x: number, y: number): [number, number] {
    const transform = axes.transform(this.#frame(axes, this.#dpi), (points) => points);
    return [transform.x(x), this.#pixels(this.#dpi)[1] - transform.y(y)];
  }

  /** The picture as SVG. */
  to_svg(options: SaveOptions = {}): string {
    check_options('savefig', options);
    const dpi = typeof options.dpi === 'number' ? options.dpi : this.#dpi;
    if (!(Number.isFinite(dpi) && dpi > 0)) throw new ValueError(`dpi must be positive, not ${repr(dpi)}`);
    if (this.#tight) this.tight_layout();
    const [width, height] = this.#pixels(dpi);
    if (Math.max(width, height) > LARGEST_SIDE) {
      throw new ValueError(
        `Image size of ${Math.round(width)}x${Math.round(height)} pixels is too large. It must be less than 2^16 in each direction.`,
      );
    }
    const pt = (points: number): number => (points * dpi) / POINTS;
    let ids = 0;
    const unique_id = (): string => `figure${this.number}-${++ids}`;
    const parts: string[] = [];
    for (const axes of this.axes) {
      if (!axes.visible) continue;
      parts.push(axes.draw(axes.transform(this.#frame(axes, dpi), pt, unique_id)));
    }
    const title = this.#suptitle;
    if (title !== null) {
      const at = [title.x * width, (1 - title.y) * height] as const;
      const placed = placed_text(title.text, at, title.options, pt, { ha: 'center', va: 'top', size: 12 });
      parts.push(group({ class: 'suptitle' }, [draw_text(placed)]));
    }
    let view: Box = { x: 0, y: 0, width, height };
    if (options.bbox_inches === 'tight') view = this.#used_box(dpi, (options.pad_inches ?? 0.1) * dpi);
    const color = to_rgba(options.facecolor ?? this.#facecolor);
    if (!options.transparent) parts.unshift(element('rect', { class: 'figure', ...view, ...fill(color) }));
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${short(view.width)}" height="${short(view.height)}" ` +
      `viewBox="${[view.x, view.y, view.width, view.height].map(short).join(' ')}">\n${parts.join('\n')}\n</svg>\n`
    );
  }

  /** What is not empty, and a border around it. */
  #used_box(dpi: number, pad: number): Box {
    const pt = (points: number): number => (points * dpi) / POINTS;
    const boxes = this.axes.filter(({ visible }) => visible).map((axes) => this.#outer_box(axes, dpi));
    if (this.#suptitle !== null) {
      const [width, height] = this.#pixels(dpi);
      const { text, options, y } = this.#suptitle;
      const text_height = label_height({ text, options, pad: 0, loc: 'center' }, pt, 12);
      boxes.push({ x: width / 2, y: (1 - y) * height, width: 0, height: text_height });
    }
    if (boxes.length === 0) return { x: 0, y: 0, width: this.#size[0] * dpi, height: this.#size[1] * dpi };
    const { x, y, width, height } = around(boxes);
    return { x: x - pad, y: y - pad, width: width + 2 * pad, height: height + 2 * pad };
  }

  /**
   * The picture as a PNG file.
   * @throws RuntimeError if '@resvg/resvg-js' is not installed
   */
  to_png(options: SaveOptions = {}): Buffer {
    return render_png(this.to_svg(options));
  }

  /** The picture's pixels. */
  to_pixels(options: SaveOptions = {}): Pixels {
    return render_pixels(this.to_svg(options));
  }

  /**
   * Writes the picture to a file, as SVG or PNG by its ending; PNG where there is none.
   * @throws ValueError for other endings
   * @throws OSError if the file cannot be written
   * @throws RuntimeError for PNG if '@resvg/resvg-js' is not installed
   */
  savefig(path: string, given: SaveOptions = {}): void {
    check_options('savefig', given);
    const usual = { dpi: rcParams['savefig.dpi'], bbox_inches: rcParams['savefig.bbox'] };
    const options = { ...usual, ...given };
    const ending = extname(path).slice(1).toLowerCase();
    const format = options.format ?? (ending === '' ? 'png' : ending);
    if (format !== 'svg' && format !== 'png') {
      throw new ValueError(`Format '${format}' is not supported (supported formats: png, svg)`);
    }
    const content = format === 'svg' ? this.to_svg(options) : this.to_png(options);
    try {
      writeFileSync(ending === '' && options.format === undefined ? `${path}.png` : path, content);
    } catch (cause) {
      throw new OSError(`the picture cannot be written: ${(cause as Error).message}`, { cause });
    }
  }
}
