/**
 * Axes: one picture of data within a frame.
 *
 * @see https://matplotlib.org/stable/api/axes_api.html
 */
import { type Arguments, is_array, is_instance, is_kwargs } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { bin_edges, histogram } from '../histogram.ts';
import { repr, str, type_name } from '../repr.ts';
import type { Artist, Box, Mappable, Transform } from './artist.ts';
import { ContourSet } from './artists/contours.ts';
import { AxesImage, check_image } from './artists/image.ts';
import { Line2D, line_options, type LineOptions } from './artists/line.ts';
import { QuadMesh } from './artists/mesh.ts';
import { type PatchOptions, Polygon, Rectangle } from './artists/patches.ts';
import { PathCollection } from './artists/points.ts';
import { font_points, Text, text_options, type TextOptions } from './artists/text.ts';
import {
  annotate_arguments,
  type AnnotateParameters,
  axhline_arguments,
  axhspan_arguments,
  axvline_arguments,
  axvspan_arguments,
  bar_arguments,
  barh_arguments,
  type BarhParameters,
  type BarParameters,
  type ContourArguments,
  type ContourOptions,
  fill_between_arguments,
  type FillBetweenParameters,
  type GridOptions,
  hist_arguments,
  type HistParameters,
  imshow_arguments,
  type ImshowParameters,
  type LabelOptions,
  line_part,
  type MeshArguments,
  type MeshOptions,
  patch_part,
  type PlotArguments,
  scatter_arguments,
  type ScatterParameters,
  type TickOptions,
  type TickParams,
  type TitleOptions,
} from './axes_arguments.ts';
import {
  draw_frame,
  draw_grid,
  draw_labels,
  draw_ticks,
  type Grid,
  type Label,
  type Surroundings,
  surroundings,
  type TickLook,
  usual_ticks,
} from './axes_look.ts';
import { get_cmap, type Norm } from './colormaps.ts';
import { type Color, COLOR_CYCLE, is_color_like, to_rgba } from './colors.ts';
import {
  type ArrayLike,
  check_same_size,
  extremes,
  flat,
  is_texts,
  is_whole_type,
  numbers,
  type Numbers,
  one_number,
  texts,
  type Values,
} from './data.ts';
import type { Figure } from './figure.ts';
import { parse_format } from './format_string.ts';
import { Legend, type LegendEntry, type LegendOptions } from './legend.ts';
import { dashes_of } from './line_styles.ts';
import { check_marker, is_open_marker } from './markers.ts';
import { full_names } from './options.ts';
import { rcParams } from './rc.ts';
import { Scale, type ScaleName } from './scale.ts';
import { element, fill, group } from './svg.ts';
import { contour_levels } from './ticks.ts';

/** A side of the frame. */
export interface Spine {
  visible: boolean;
  color: Color;
  linewidth: number;
  set_visible(visible: boolean): void;
}

function spine(): Spine {
  return {
    visible: true,
    color: 'black',
    linewidth: 0.8,
    set_visible(visible) {
      this.visible = visible;
    },
  };
}

/** The label of an artist; null for none. */
function label_of(label: string | number | null | undefined): string | null {
  return label === null || label === undefined ? null : String(label);
}

function norm_of(
  values: Float64Array | readonly number[],
  vmin: number | null | undefined,
  vmax: number | null | undefined,
): Norm {
  const [low, high] = extremes(values);
  return { vmin: vmin ?? (low <= high ? low : 0), vmax: vmax ?? (low <= high ? high : 1) };
}

/** One value for each point. */
function spread(values: Float64Array, count: number, name: string): Float64Array {
  if (values.length === count) return values;
  if (values.length === 1) return new Float64Array(count).fill(values[0]!);
  throw new ValueError(
    `shape mismatch: objects cannot be broadcast to a single shape: ${name} has ${values.length} values, not ${count}`,
  );
}

/** Axes. They are made by a figure: `plt.subplots()`, `figure.add_subplot(...)`. */
export class Axes {
  readonly figure: Figure;
  readonly artists: Artist[] = [];
  xscale = new Scale('x');
  yscale = new Scale('y');
  /** Where they stand in the figure, in shares of it from its lower left corner. */
  position: { left: number; bottom: number; width: number; height: number };
  /** Their place in a grid of axes: rows, columns, first and last cell; null where they have none. */
  readonly cell: { rows: number; columns: number; first: number; last: number } | null;
  axis_on = true;
  visible = true;
  yside: 'left' | 'right' = 'left';
  readonly xlabel: Label = { text: '', options: {}, pad: 4, loc: 'center' };
  readonly ylabel: Label = { text: '', options: {}, pad: 4, loc: 'center' };
  readonly titles: readonly Label[] = (['center', 'left', 'right'] as const).map((loc) => ({
    text: '',
    options: {},
    pad: 6,
    loc,
  }));
  readonly xlook: TickLook = usual_ticks();
  readonly ylook: TickLook = usual_ticks();
  xgrid: Grid | null = null;
  ygrid: Grid | null = null;
  facecolor: Color = 'white';
  readonly spines = { left: spine(), right: spine(), top: spine(), bottom: spine() };
  /** The width of a unit of y beside one of x; null for whatever fills the axes. */
  aspect: number | null = null;
  /** What gives way to the aspect: the axes' size, or the limits. */
  adjustable: 'box' | 'datalim' = 'box';
  /** Where a box that does not fill its place stands in it. */
  anchor: 'center' | 'left' = 'center';
  /** The legend, if there is one. */
  legend_: Legend | null = null;
  /** What a colour bar for these axes shows. */
  mappable: Mappable | null = null;
  /** @internal the width of the frame in the drawing that is being made, in pixels */
  drawn_width = 0;
  #next_line_color = 0;
  #next_patch_color = 0;

  /** @internal */
  constructor(figure: Figure, position: Axes['position'], cell: Axes['cell'] = null) {
    this.figure = figure;
    this.position = position;
    this.cell = cell;
    this.xscale.members.push(this);
    this.yscale.members.push(this);
    if (rcParams['axes.grid']) this.grid(true);
  }

  /** New axes over these, with the same x and a y of their own at the right. */
  twinx(): Axes {
    return this.figure.add_twin(this);
  }

  /** Shows the same part of x (or y) as other axes from now on. */
  share(direction: 'x' | 'y', other: Axes): void {
    const scale = direction === 'x' ? other.xscale : other.yscale;
    scale.members.push(this);
    if (direction === 'x') this.xscale = scale;
    else this.yscale = scale;
  }

  #line_color(): Color {
    return COLOR_CYCLE[this.#next_line_color++ % COLOR_CYCLE.length]!;
  }

  #patch_color(): Color {
    return COLOR_CYCLE[this.#next_patch_color++ % COLOR_CYCLE.length]!;
  }

  #add<T extends Artist>(artist: T): T {
    this.artists.push(artist);
    return artist;
  }

  /** Numbers along one direction; texts become categories. */
  #values(value: unknown, name: string, direction: 'x' | 'y'): Float64Array {
    if (is_texts(value)) return (direction === 'x' ? this.xscale : this.yscale).category_places(value);
    return flat(value, name);
  }

  /**
   * Lines through points, or markers at them.
   *
   *     ax.plot(y); ax.plot(x, y); ax.plot(x, y, 'r--'); ax.plot(x, y, { label: 'train', marker: 'o' });
   *     ax.plot(x1, y1, 'b', x2, y2, 'g');
   *
   * With only y, x counts from 0. A two-dimensional y has a line in each column.
   * @throws ValueError if x and y differ in length, or a format string is none
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.plot.html
   */
  plot(...args: PlotArguments): Line2D[] {
    const rest = [...args] as unknown[];
    const options = line_options(is_kwargs(rest.at(-1)) ? (rest.pop() as LineOptions) : {});
    const lines: Line2D[] = [];
    while (rest.length > 0) {
      const data: unknown[] = [rest.shift()];
      if (rest.length > 0 && typeof rest[0] !== 'string') data.push(rest.shift());
      const format = typeof rest[0] === 'string' ? parse_format(rest.shift() as string) : null;
      lines.push(...this.#plot_lines(data, format, options));
    }
    return lines;
  }

  #plot_lines(
    data: readonly unknown[],
    format: ReturnType<typeof parse_format> | null,
    options: LineOptions,
  ): Line2D[] {
    const y_given = data.at(-1);
    const y: Numbers = is_texts(y_given)
      ? { shape: [y_given.length], data: this.#values(y_given, 'y', 'y') }
      : numbers(y_given, 'plot');
    const rows = y.shape[0] ?? 1;
    const columns = y.shape.length > 1 ? y.data.length / Math.max(rows, 1) : 1;
    const x = data.length === 2 ? this.#values(data[0], 'x', 'x') : Float64Array.from({ length: rows }, (_, i) => i);
    const shared_x = x.length === rows;
    if (!shared_x && x.length !== y.data.length) check_same_size(x, y.data);
    return Array.from({ length: columns }, (_, column) => {
      const of_column = (values: Float64Array): Float64Array =>
        columns === 1 ? values : Float64Array.from({ length: rows }, (__, row) => values[row * columns + column]!);
      const color = options.color ?? format?.color ?? this.#line_color();
      const look: LineOptions = {
        ...options,
        color,
        linestyle: options.linestyle ?? format?.linestyle,
        marker: options.marker ?? format?.marker,
      };
      return this.#add(new Line2D(shared_x ? x : of_column(x), of_column(y.data), look));
    });
  }

  /** `plot` in steps, which change before a point, in the middle (`where: 'mid'`) or behind it (`'post'`). */
  step(x: Values, y: Values, options: LineOptions & { where?: 'pre' | 'mid' | 'post' } = {}): Line2D[] {
    const { where = 'pre', ...look } = options;
    return this.plot(x, y, { drawstyle: `steps-${where}` as const, ...look });
  }

  /** `plot` with a logarithmic y. */
  semilogy(...args: PlotArguments): Line2D[] {
    this.set_yscale('log');
    return this.plot(...args);
  }

  /** `plot` with a logarithmic x. */
  semilogx(...args: PlotArguments): Line2D[] {
    this.set_xscale('log');
    return this.plot(...args);
  }

  /** `plot` with logarithmic x and y. */
  loglog(...args: PlotArguments): Line2D[] {
    this.set_xscale('log');
    return this.semilogy(...args);
  }

  /**
   * Points with sizes and colours of their own.
   * @throws ValueError if x and y differ in length
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.scatter.html
   */
  scatter(
    ...args: Arguments<ScatterParameters, ['x', 'y', 's', 'c', 'marker', 'cmap', 'vmin', 'vmax', 'alpha', 'linewidths']>
  ): PathCollection {
    const given = scatter_arguments(args);
    const x = this.#values(given.x, 'x', 'x');
    const y = this.#values(given.y, 'y', 'y');
    if (x.length !== y.length) throw new ValueError('x and y must be the same size');
    const marker = given.marker ?? 'o';
    check_marker(marker);
    const colors = this.#point_colors(given.c ?? given.color, x.length);
    const by_number = colors instanceof Float64Array;
    const { edgecolors } = given;
    const points = new PathCollection({
      x,
      y,
      sizes: given.s === null ? Float64Array.of(36) : flat(given.s, 's'),
      colors,
      cmap: get_cmap(given.cmap),
      norm: norm_of(by_number ? colors : [], given.vmin, given.vmax),
      marker,
      alpha: given.alpha,
      linewidth: given.linewidths ?? (is_open_marker(marker) ? 1.5 : 1),
      edgecolors:
        edgecolors === null || edgecolors === 'face' || is_open_marker(marker)
          ? 'face'
          : is_color_like(edgecolors)
            ? [edgecolors]
            : (edgecolors as readonly Color[]),
      label: label_of(given.label),
      zorder: given.zorder,
    });
    if (by_number) this.mappable = points;
    return this.#add(points);
  }

  /** Colours, or numbers that a map will turn into some. */
  #point_colors(c: unknown, count: number): readonly Color[] | Float64Array {
    if (c === null || c === undefined) return [this.#patch_color()];
    if (typeof c === 'string') {
      to_rgba(c);
      return [c];
    }
    // Three numbers for three points are values, not a colour.
    if (is_array(c) && c.length !== count && is_color_like(c)) return [c];
    if (is_array(c) && c.length > 0 && c.every(is_color_like)) return c;
    const { shape, data } = numbers(c, 'c');
    if (shape.length === 2 && (shape[1] === 3 || shape[1] === 4) && data.length !== count) {
      const width = shape[1];
      return Array.from(
        { length: shape[0]! },
        (_, i) => [...data.subarray(i * width, (i + 1) * width)] as unknown as Color,
      );
    }
    if (data.length !== count) {
      throw new ValueError(
        `'c' argument has ${data.length} elements, which is inconsistent with 'x' and 'y' with size ${count}.`,
      );
    }
    return data;
  }

  /**
   * An image: (H, W) numbers through a map, or (H, W, 3) and (H, W, 4) colours, from 0 to 1 or whole ones from 0 to 255.
   * The first row lies above.
   * @throws TypeError if the shape is another
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.imshow.html
   */
  imshow(
    ...args: Arguments<ImshowParameters, ['X', 'cmap', 'aspect', 'interpolation', 'alpha', 'vmin', 'vmax']>
  ): AxesImage {
    const given = imshow_arguments(args);
    const image = numbers(given.X, 'imshow');
    check_image(image.shape);
    const is_nested = is_array(given.X);
    const bytes =
      is_whole_type(given.X) || (is_nested && image.data.every(Number.isInteger) && image.data.some((v) => v > 1));
    const [height, width] = image.shape as [number, number];
    const origin = given.origin ?? 'upper';
    const rows = [-0.5, height - 0.5] as const;
    const extent = given.extent ?? ([-0.5, width - 0.5, ...(origin === 'upper' ? [rows[1], rows[0]] : rows)] as const);
    const aspect = given.aspect ?? 'equal';
    this.set_aspect(aspect);
    if (this.yscale.autoscale) this.yscale.inverted = extent[2]! > extent[3]!;
    if (this.xscale.autoscale) this.xscale.inverted = extent[0]! > extent[1]!;
    const shown = new AxesImage({
      numbers: image,
      bytes,
      cmap: get_cmap(given.cmap),
      norm: norm_of(image.data, given.vmin, given.vmax),
      alpha: given.alpha,
      interpolation: given.interpolation ?? 'auto',
      extent: extent as readonly [number, number, number, number],
      origin,
      zorder: given.zorder,
      label: given.label,
    });
    this.mappable = shown;
    return this.#add(shown);
  }

  /** A matrix as an image, with the numbers of columns above left out. */
  matshow(X: ArrayLike, options: Omit<ImshowParameters, 'X'> = {}): AxesImage {
    return this.imshow(X, { interpolation: 'nearest', ...options });
  }

  /**
   * Upright bars.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.bar.html
   */
  bar(...args: Arguments<BarParameters, ['x', 'height', 'width', 'bottom']>): Rectangle[] {
    const given = bar_arguments(args);
    const places = this.#values(given.x, 'x', 'x');
    if (given.tick_label !== null) this.set_xticks([...places], given.tick_label);
    return this.#bars(
      'x',
      places,
      given.height,
      given.width,
      given.bottom,
      given.align,
      patch_part('Rectangle', given),
    );
  }

  /**
   * Bars that lie.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.barh.html
   */
  barh(...args: Arguments<BarhParameters, ['y', 'width', 'height', 'left']>): Rectangle[] {
    const given = barh_arguments(args);
    const places = this.#values(given.y, 'y', 'y');
    if (given.tick_label !== null) this.set_yticks([...places], given.tick_label);
    return this.#bars('y', places, given.width, given.height, given.left, given.align, patch_part('Rectangle', given));
  }

  #bars(
    direction: 'x' | 'y',
    places: Float64Array,
    lengths_given: unknown,
    widths_given: unknown,
    starts_given: unknown,
    align: 'center' | 'edge',
    options: PatchOptions,
  ): Rectangle[] {
    const all = [
      flat(lengths_given, 'height'),
      flat(widths_given, 'width'),
      flat(starts_given ?? 0, 'bottom'),
    ] as const;
    const count = Math.max(places.length, ...all.map((values) => values.length));
    const [lengths, widths, starts] = all.map((values) => spread(values, count, 'bar')) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const colors = options.color ?? options.facecolor ?? this.#patch_color();
    const list = is_array(colors) && !is_color_like(colors) ? (colors as unknown as readonly Color[]) : [colors];
    return Array.from(spread(places, count, 'x'), (place, i) => {
      const [width, length, start] = [widths[i]!, lengths[i]!, starts[i]!];
      const from = align === 'center' ? place - width / 2 : place;
      const own = {
        ...options,
        color: undefined,
        facecolor: list[i % list.length],
        edgecolor: options.edgecolor ?? undefined,
        // One entry in the legend for all of them.
        label: i === 0 ? options.label : null,
      };
      // Where a bar begins, no margin is wanted.
      return this.#add(
        direction === 'x'
          ? new Rectangle([from, start, width, length], { ...own, sticky_y: [start] }, 'C0')
          : new Rectangle([start, from, length, width], { ...own, sticky_x: [start] }, 'C0'),
      );
    });
  }

  /**
   * How often numbers fall into bins, as bars.
   * @returns the counts, the edges of the bins, and the bars
   * @throws ValueError if the bins are none
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.hist.html
   */
  hist(
    ...args: Arguments<HistParameters, ['x', 'bins', 'range', 'density', 'weights', 'cumulative']>
  ): [n: Float64Array, bins: Float64Array, patches: Artist[]] {
    const given = hist_arguments(args);
    const values = flat(given.x, 'x').filter((value) => !Number.isNaN(value));
    const bins = typeof given.bins === 'number' ? given.bins : given.bins === null ? 10 : flat(given.bins, 'bins');
    const edges = bin_edges(values, bins, given.range);
    let counts = histogram(values, edges, given.weights === null ? null : flat(given.weights, 'weights'));
    if (given.density) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      counts = counts.map((count, i) => count / (edges[i + 1]! - edges[i]!) / total);
    }
    if (given.cumulative) {
      let sum = 0;
      counts = counts.map((count, i) => (sum += given.density ? count * (edges[i + 1]! - edges[i]!) : count));
    }
    if (given.log) this.set_yscale('log');
    const options = patch_part('Rectangle', given);
    const color = options.color ?? options.facecolor ?? this.#line_color();
    if (given.histtype !== 'bar') {
      const xs = Float64Array.from([
        edges[0]!,
        ...[...counts].flatMap((_, i) => [edges[i]!, edges[i + 1]!]),
        edges.at(-1)!,
      ]);
      const ys = Float64Array.from([0, ...[...counts].flatMap((count) => [count, count]), 0]);
      const filled = given.histtype === 'stepfilled';
      const shape = filled
        ? new Polygon(xs, ys, { ...options, color: undefined, facecolor: color }, color)
        : new Polygon(xs, ys, { zorder: 2, ...options, color: undefined, facecolor: 'none', edgecolor: color }, color);
      // The foot of a histogram stands on the frame.
      return [counts, edges, [this.#add(Object.assign(shape, { sticky_y: [0] }))]];
    }
    const share = Math.min(Math.max(given.rwidth ?? 1, 0), 1);
    const patches = Array.from(counts, (count, i) => {
      const width = edges[i + 1]! - edges[i]!;
      const box = [edges[i]! + (width * (1 - share)) / 2, 0, width * share, count] as const;
      const own = { ...options, color: undefined, facecolor: color, label: i === 0 ? options.label : null };
      return this.#add(new Rectangle(box, { ...own, sticky_y: [0] }, color));
    });
    return [counts, edges, patches];
  }

  /**
   * The area between two curves, or a curve and a height.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.fill_between.html
   */
  fill_between(...args: Arguments<FillBetweenParameters, ['x', 'y1', 'y2', 'where']>): Polygon[] {
    const given = fill_between_arguments(args);
    const x = flat(given.x, 'x');
    const y1 = spread(flat(given.y1, 'y1'), x.length, 'y1');
    const y2 = spread(flat(given.y2, 'y2'), x.length, 'y2');
    const where = given.where === null ? null : spread(flat(given.where, 'where'), x.length, 'where');
    const options = patch_part('FillBetweenPolyCollection', given);
    const color = options.color ?? options.facecolor ?? this.#patch_color();
    const polygons: Polygon[] = [];
    for (let start = 0; start < x.length;) {
      let end = start;
      while (end < x.length && (where === null || where[end] !== 0) && Number.isFinite(y1[end]! + y2[end]! + x[end]!))
        end++;
      if (end - start > 1) {
        const part = (values: Float64Array): number[] => [...values.subarray(start, end)];
        const label = polygons.length === 0 ? options.label : null;
        const own = { ...options, label, color: options.color, facecolor: color };
        const [xs, ys] = [
          [...part(x), ...part(x).reverse()],
          [...part(y1), ...part(y2).reverse()],
        ];
        polygons.push(this.#add(new Polygon(Float64Array.from(xs), Float64Array.from(ys), own, color)));
      }
      start = Math.max(end, start) + 1;
    }
    return polygons;
  }

  /** A line across the axes at a height. */
  axhline(
    ...args: Arguments<LineOptions & { y?: number; xmin?: number; xmax?: number }, ['y', 'xmin', 'xmax']>
  ): Line2D {
    const { y: height, xmin: from, xmax: to, ...rest } = axhline_arguments(args);
    const [y, xmin, xmax] = line_numbers([height, from, to]);
    const options = line_part(rest);
    const look = { ...options, color: options.color ?? 'C0' };
    return this.#add(new Line2D(Float64Array.of(xmin, xmax), Float64Array.of(y, y), look, ['axes', 'data']));
  }

  /** A line up the axes. */
  axvline(
    ...args: Arguments<LineOptions & { x?: number; ymin?: number; ymax?: number }, ['x', 'ymin', 'ymax']>
  ): Line2D {
    const { x: place, ymin: from, ymax: to, ...rest } = axvline_arguments(args);
    const [x, ymin, ymax] = line_numbers([place, from, to]);
    const options = line_part(rest);
    const look = { ...options, color: options.color ?? 'C0' };
    return this.#add(new Line2D(Float64Array.of(x, x), Float64Array.of(ymin, ymax), look, ['data', 'axes']));
  }

  /** A strip across the axes between two heights. */
  axhspan(
    ...args: Arguments<
      PatchOptions & { ymin: number; ymax: number; xmin?: number; xmax?: number },
      ['ymin', 'ymax', 'xmin', 'xmax']
    >
  ): Rectangle {
    const { ymin: bottom, ymax: top, xmin: from, xmax: to, ...rest } = axhspan_arguments(args);
    const [ymin, ymax, xmin, xmax] = line_numbers([bottom, top, from, to]);
    const options = { ...patch_part('Rectangle', rest), coordinates: ['axes', 'data'] as const };
    return this.#add(new Rectangle([xmin, ymin, xmax - xmin, ymax - ymin], options, 'C0'));
  }

  /** A strip up the axes. */
  axvspan(
    ...args: Arguments<
      PatchOptions & { xmin: number; xmax: number; ymin?: number; ymax?: number },
      ['xmin', 'xmax', 'ymin', 'ymax']
    >
  ): Rectangle {
    const { xmin: left, xmax: right, ymin: from, ymax: to, ...rest } = axvspan_arguments(args);
    const [xmin, xmax, ymin, ymax] = line_numbers([left, right, from, to]);
    const options = { ...patch_part('Rectangle', rest), coordinates: ['data', 'axes'] as const };
    return this.#add(new Rectangle([xmin, ymin, xmax - xmin, ymax - ymin], options, 'C0'));
  }

  /**
   * Areas between heights of a surface: the regions of a classifier, for instance.
   * @throws TypeError if Z is not two-dimensional, or X and Y do not fit it
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.contourf.html
   */
  contourf(...args: ContourArguments): ContourSet {
    return this.#contours(args, true);
  }

  /**
   * Lines where a surface has a height.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.contour.html
   */
  contour(...args: ContourArguments): ContourSet {
    return this.#contours(args, false);
  }

  #contours(args: readonly unknown[], filled: boolean): ContourSet {
    const rest = [...args];
    const options = full_names<ContourOptions>(
      filled ? 'contourf' : 'contour',
      is_kwargs(rest.at(-1)) ? (rest.pop() as object) : {},
      ['levels', 'colors', 'cmap', 'alpha', 'vmin', 'vmax', 'linewidths', 'linestyles', 'zorder'],
    );
    const by_place = rest.length >= 3;
    if (rest.length < 1 || rest.length > 4) {
      throw new TypeError(
        `${filled ? 'contourf' : 'contour'}() takes from 1 to 4 positional arguments but ${rest.length} were given`,
      );
    }
    const z = numbers(rest[by_place ? 2 : 0], 'Z');
    if (z.shape.length !== 2) throw new TypeError(`Input z must be 2D, not ${z.shape.length}D`);
    const [rows, columns] = z.shape as [number, number];
    if (rows < 2 || columns < 2) {
      throw new TypeError(`Input z must be at least a (2, 2) shaped array, but has shape ${repr([...z.shape])}`);
    }
    const grid = (given: unknown, of_column: boolean): Float64Array => {
      const values = given === undefined ? null : numbers(given, of_column ? 'X' : 'Y');
      if (values !== null && values.data.length === z.data.length && values.shape.length === 2) return values.data;
      if (values !== null && values.data.length !== (of_column ? columns : rows)) {
        const [name, wanted] = of_column ? ['x', 'columns'] : ['y', 'rows'];
        throw new TypeError(
          `Length of ${name} (${values.data.length}) must match number of ${wanted} in z (${of_column ? columns : rows})`,
        );
      }
      return z.data.map((_, i) => {
        const at = of_column ? i % columns : Math.floor(i / columns);
        return values === null ? at : values.data[at]!;
      });
    };
    const asked = options.levels ?? rest[by_place ? 3 : 1] ?? null;
    const [low, high] = extremes(z.data);
    let levels: number[];
    if (asked === null || typeof asked === 'number') {
      const is_bool = is_bool_tensor(rest[by_place ? 2 : 0]);
      levels = is_bool && asked === null ? (filled ? [0, 0.5, 1] : [0.5]) : contour_levels(low, high, asked ?? 7);
    } else {
      levels = [...flat(asked, 'levels')];
    }
    if (filled && levels.length < 2) throw new ValueError('Filled contours require at least 2 levels.');
    if (levels.some((level, i) => i > 0 && level <= levels[i - 1]!))
      throw new ValueError('Contour levels must be increasing');
    const { colors = null } = options;
    const contours = new ContourSet({
      x: grid(by_place ? rest[0] : undefined, true),
      y: grid(by_place ? rest[1] : undefined, false),
      z: z.data,
      rows,
      columns,
      levels,
      filled,
      cmap: get_cmap(options.cmap),
      norm: norm_of(levels, options.vmin, options.vmax),
      colors: colors === null ? null : is_color_like(colors) ? [colors] : (colors as readonly Color[]),
      alpha: options.alpha ?? null,
      linewidths: options.linewidths ?? 1.5,
      linestyles: options.linestyles ?? '-',
      zorder: options.zorder ?? (filled ? 1 : 2),
    });
    this.mappable = contours;
    return this.#add(contours);
  }

  /**
   * Cells of a grid in colours.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.pcolormesh.html
   */
  pcolormesh(...args: MeshArguments): QuadMesh {
    const rest = [...args] as unknown[];
    const options = full_names<MeshOptions>('QuadMesh', is_kwargs(rest.at(-1)) ? (rest.pop() as object) : {}, [
      'cmap',
      'vmin',
      'vmax',
      'alpha',
      'shading',
    ]);
    if (rest.length !== 1 && rest.length !== 3) {
      throw new TypeError(`pcolormesh() takes 1 or 3 positional arguments but ${rest.length} were given`);
    }
    const cells = numbers(rest.at(-1), 'C');
    if (cells.shape.length !== 2)
      throw new ValueError(`Incompatible X, Y inputs to pcolormesh: C is ${cells.shape.length}D`);
    const [rows, columns] = cells.shape as [number, number];
    const edges = (given: unknown, count: number, of_column: boolean): Float64Array => {
      if (given === undefined) return Float64Array.from({ length: count + 1 }, (_, i) => i);
      const { shape, data } = numbers(given, of_column ? 'X' : 'Y');
      // Of a grid, a row (or a column) says it all.
      const width = shape.length === 2 ? shape[1]! : 1;
      const line = shape.length < 2 ? data : of_column ? data.slice(0, width) : data.filter((_, i) => i % width === 0);
      if (line.length === count + 1) return line;
      if (line.length !== count) {
        throw new TypeError(`Dimensions of C (${rows}, ${columns}) should be one smaller than X and Y`);
      }
      // Centres: edges lie half-way between them.
      const step = (i: number): number =>
        count > 1 ? line[Math.min(i + 1, count - 1)]! - line[Math.min(i, count - 2)]! : 1;
      return Float64Array.from({ length: count + 1 }, (_, i) =>
        i === 0
          ? line[0]! - step(0) / 2
          : i === count
            ? line[count - 1]! + step(count - 2) / 2
            : (line[i - 1]! + line[i]!) / 2,
      );
    };
    const mesh = new QuadMesh(
      edges(rest.length === 3 ? rest[0] : undefined, columns, true),
      edges(rest.length === 3 ? rest[1] : undefined, rows, false),
      cells.data,
      {
        cmap: get_cmap(options.cmap),
        norm: norm_of(cells.data, options.vmin, options.vmax),
        alpha: options.alpha ?? null,
      },
    );
    this.mappable = mesh;
    return this.#add(mesh);
  }

  /** A text at a place of the data, or with `transform: ax.transAxes` in shares of the axes. */
  text(x: number, y: number, s: string | number, options: TextOptions & { transform?: 'axes' | 'data' } = {}): Text {
    const { transform = 'data', ...rest } = options;
    return this.#add(new Text(one_number(x, 'x'), one_number(y, 'y'), str(s), text_options(rest), transform));
  }

  /**
   * A text that belongs to a point, and with `arrowprops` a line from it to there.
   *
   *     ax.annotate('best', [3, 0.9], { xytext: [4, 0.7], arrowprops: { color: 'gray' } });
   */
  annotate(...args: Arguments<AnnotateParameters, ['text', 'xy', 'xytext']>): Text {
    const { text, xy, xytext, arrowprops, ...rest } = annotate_arguments(args);
    const [to, from] = [xy, xytext ?? xy].map((place) => flat(place, 'xy')) as [Float64Array, Float64Array];
    if (to.length !== 2 || from.length !== 2) throw new ValueError('xy and xytext are two numbers each');
    if (arrowprops !== null) {
      const look = { color: arrowprops.color ?? 'k', linewidth: arrowprops.linewidth ?? 1 };
      this.#add(new Line2D(Float64Array.of(from[0]!, to[0]!), Float64Array.of(from[1]!, to[1]!), look));
    }
    return this.text(from[0]!, from[1]!, text, rest);
  }

  /** For `text`: places are shares of the axes, from the lower left corner. */
  get transAxes(): 'axes' {
    return 'axes';
  }

  /** The text above. */
  set_title(label: string | number, options: TitleOptions = {}): void {
    const { pad, loc = 'center', ...rest } = options;
    const title = this.titles.find((one) => one.loc === loc);
    if (title === undefined)
      throw new ValueError(`${repr(loc)} is not a valid value for loc; supported values are 'left', 'center', 'right'`);
    Object.assign(title, { text: String(label), options: text_options(rest), pad: pad ?? 6 });
  }

  get_title(): string {
    return this.titles[0]!.text;
  }

  /** The text below the x axis. */
  set_xlabel(label: string | number, options: LabelOptions = {}): void {
    const { labelpad = 4, loc = 'center', ...rest } = options;
    Object.assign(this.xlabel, { text: String(label), options: text_options(rest), pad: labelpad, loc });
  }

  get_xlabel(): string {
    return this.xlabel.text;
  }

  /** The text beside the y axis. */
  set_ylabel(label: string | number, options: LabelOptions = {}): void {
    const { labelpad = 4, loc = 'center', ...rest } = options;
    Object.assign(this.ylabel, { text: String(label), options: text_options(rest), pad: labelpad, loc });
  }

  get_ylabel(): string {
    return this.ylabel.text;
  }

  /** Several of these at once: `ax.set({ title: 'a', xlabel: 'b' })`. */
  set(properties: {
    title?: string;
    xlabel?: string;
    ylabel?: string;
    xlim?: readonly [number, number];
    ylim?: readonly [number, number];
    xticks?: ArrayLike;
    yticks?: ArrayLike;
    xticklabels?: readonly (string | number)[];
    yticklabels?: readonly (string | number)[];
    xscale?: ScaleName;
    yscale?: ScaleName;
    aspect?: 'equal' | 'auto' | number;
  }): void {
    const known = full_names<typeof properties>('Axes', properties, [
      'title',
      'xlabel',
      'ylabel',
      'xlim',
      'ylim',
      'xticks',
      'yticks',
      'xticklabels',
      'yticklabels',
      'xscale',
      'yscale',
      'aspect',
    ]);
    if (known.title !== undefined) this.set_title(known.title);
    if (known.xlabel !== undefined) this.set_xlabel(known.xlabel);
    if (known.ylabel !== undefined) this.set_ylabel(known.ylabel);
    if (known.xscale !== undefined) this.set_xscale(known.xscale);
    if (known.yscale !== undefined) this.set_yscale(known.yscale);
    if (known.xlim !== undefined) this.set_xlim(known.xlim);
    if (known.ylim !== undefined) this.set_ylim(known.ylim);
    if (known.xticks !== undefined) this.set_xticks(known.xticks);
    if (known.yticks !== undefined) this.set_yticks(known.yticks);
    if (known.xticklabels !== undefined) this.set_xticklabels(known.xticklabels);
    if (known.yticklabels !== undefined) this.set_yticklabels(known.yticklabels);
    if (known.aspect !== undefined) this.set_aspect(known.aspect);
  }

  get_xlim(): [number, number] {
    return this.xscale.limits();
  }

  get_ylim(): [number, number] {
    return this.yscale.limits();
  }

  /** Sets what x shows, from left to right. */
  set_xlim(left?: number | readonly [number, number] | null, right?: number | null): [number, number] {
    return this.#set_limits(this.xscale, left, right);
  }

  /** Sets what y shows, from below. */
  set_ylim(bottom?: number | readonly [number, number] | null, top?: number | null): [number, number] {
    return this.#set_limits(this.yscale, bottom, top);
  }

  #set_limits(scale: Scale, first: unknown, last: unknown): [number, number] {
    let [low, high] = [first, last];
    if (typeof first === 'object' && first !== null && (is_array(first) || ArrayBuffer.isView(first))) {
      [low, high] = flat(first, 'limits');
    }
    const number = (limit: unknown): number | null =>
      limit === null || limit === undefined ? null : flat(limit, 'limit')[0]!;
    scale.set_limits(number(low), number(high));
    return scale.limits();
  }

  invert_xaxis(): void {
    const [low, high] = this.xscale.limits();
    this.xscale.set_limits(high, low);
  }

  invert_yaxis(): void {
    const [low, high] = this.yscale.limits();
    this.yscale.set_limits(high, low);
  }

  set_xscale(scale: ScaleName): void {
    this.xscale.set_scale(scale);
  }

  set_yscale(scale: ScaleName): void {
    this.yscale.set_scale(scale);
  }

  /** How far limits reach beyond the data, in shares of it. */
  margins(x: number, y: number = x): void {
    [this.xscale.margin, this.yscale.margin] = [x, y];
  }

  /** The ticks of x that are shown. */
  get_xticks(): number[] {
    return [...this.xscale.ticks(9).places];
  }

  get_yticks(): number[] {
    return [...this.yscale.ticks(9).places];
  }

  /** Where x has ticks, and what they say. */
  set_xticks(
    ticks: ArrayLike,
    labels?: readonly (string | number)[] | TickOptions | null,
    options: TickOptions = {},
  ): void {
    this.#set_ticks(this.xscale, this.xlook, ticks, labels, options);
  }

  /** Where y has ticks, and what they say. */
  set_yticks(
    ticks: ArrayLike,
    labels?: readonly (string | number)[] | TickOptions | null,
    options: TickOptions = {},
  ): void {
    this.#set_ticks(this.yscale, this.ylook, ticks, labels, options);
  }

  #set_ticks(scale: Scale, look: TickLook, ticks: unknown, labels: unknown, options: TickOptions): void {
    const [names, look_options] = is_kwargs(labels) ? [null, labels as TickOptions] : [labels, options];
    const said = names === null || names === undefined ? undefined : texts(names, 'labels');
    scale.set_ticks(is_texts(ticks) ? [...scale.category_places(ticks)] : [...flat(ticks, 'ticks')], said);
    set_tick_look(look, look_options);
  }

  set_xticklabels(labels: readonly (string | number)[], options: TickOptions = {}): void {
    this.xscale.set_labels(texts(labels, 'set_xticklabels'));
    set_tick_look(this.xlook, options);
  }

  set_yticklabels(labels: readonly (string | number)[], options: TickOptions = {}): void {
    this.yscale.set_labels(texts(labels, 'set_yticklabels'));
    set_tick_look(this.ylook, options);
  }

  /** How ticks and their labels look. */
  tick_params(axis_or_options: 'both' | 'x' | 'y' | TickParams = 'both', more: TickParams = {}): void {
    const { axis = 'both', ...options } = is_kwargs(axis_or_options)
      ? (axis_or_options as TickParams)
      : { ...more, axis: axis_or_options };
    for (const [direction, look] of [
      ['x', this.xlook],
      ['y', this.ylook],
    ] as const) {
      if (axis !== 'both' && axis !== direction) continue;
      set_tick_look(look, { fontsize: options.labelsize, rotation: options.labelrotation ?? options.rotation });
      look.labelcolor = options.labelcolor ?? options.colors ?? look.labelcolor;
      look.color = options.color ?? options.colors ?? look.color;
      look.length = options.length ?? look.length;
      look.width = options.width ?? look.width;
      look.pad = options.pad ?? look.pad;
      look.direction = options.direction ?? look.direction;
      look.marks = (direction === 'x' ? options.bottom : options.left) ?? look.marks;
      look.labels = (direction === 'x' ? options.labelbottom : options.labelleft) ?? look.labels;
    }
  }

  /** Hides what lies within a grid of axes that share limits. */
  label_outer(): void {
    if (this.cell === null) return;
    const { rows, columns, first, last } = this.cell;
    if (Math.floor(last / columns) < rows - 1) this.xlook.labels = false;
    if (first % columns > 0) this.ylook.labels = false;
  }

  /**
   * Lines through the ticks, on or off.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.grid.html
   */
  grid(visible?: boolean | GridOptions | null, options: GridOptions = {}): void {
    const { axis = 'both', which: _which, ...look } = is_kwargs(visible) ? (visible as GridOptions) : options;
    const known = full_names<GridOptions>('Line2D', look, ['color', 'linestyle', 'linewidth', 'alpha'], {
      c: 'color',
      ls: 'linestyle',
      lw: 'linewidth',
    });
    const grid: Grid = {
      color: known.color ?? '#b0b0b0',
      linewidth: known.linewidth ?? 0.8,
      linestyle: known.linestyle ?? '-',
      alpha: known.alpha ?? null,
    };
    to_rgba(grid.color);
    dashes_of(grid.linestyle);
    const on = (before: Grid | null): Grid | null =>
      visible === false || (visible !== true && Object.keys(known).length === 0 && before !== null) ? null : grid;
    if (axis !== 'y') this.xgrid = on(this.xgrid);
    if (axis !== 'x') this.ygrid = on(this.ygrid);
  }

  /**
   * Hides the axes (`'off'`, false), sets limits `[xmin, xmax, ymin, ymax]`, or how they follow the data: `'equal'`,
   * `'square'`, `'image'`, `'tight'`, `'auto'`. Gives the limits.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.axis.html
   */
  axis(
    option?:
      | 'on'
      | 'off'
      | 'On'
      | 'Off'
      | 'equal'
      | 'scaled'
      | 'square'
      | 'image'
      | 'tight'
      | 'auto'
      | boolean
      | readonly [number, number, number, number],
  ): [xmin: number, xmax: number, ymin: number, ymax: number] {
    if (typeof option === 'boolean') this.axis_on = option;
    else if (is_array(option)) {
      if (option.length !== 4)
        throw new TypeError('the first argument to axis() must be an iterable of the form [xmin, xmax, ymin, ymax]');
      this.set_xlim(option[0] as number, option[1] as number);
      this.set_ylim(option[2] as number, option[3] as number);
    } else if (option !== undefined && option !== null) this.#axis_style(str(option).toLowerCase());
    return [...this.get_xlim(), ...this.get_ylim()];
  }

  #axis_style(option: string): void {
    switch (option) {
      case 'on':
      case 'off':
        this.axis_on = option === 'on';
        return;
      case 'equal':
        this.set_aspect('equal');
        this.adjustable = 'datalim';
        return;
      case 'tight':
        [this.xscale.autoscale, this.yscale.autoscale] = [false, false];
        return;
      case 'auto':
        this.set_aspect('auto');
        [this.xscale.autoscale, this.yscale.autoscale] = [true, true];
        return;
      case 'image':
        [this.xscale.autoscale, this.yscale.autoscale] = [false, false];
        this.set_aspect('equal');
        return;
      case 'scaled':
        this.set_aspect('equal');
        return;
      case 'square': {
        this.set_aspect('equal');
        const [[left, right], [bottom, top]] = [this.get_xlim(), this.get_ylim()];
        const size = Math.max(Math.abs(right - left), Math.abs(top - bottom));
        this.set_xlim(left, left + size);
        this.set_ylim(bottom, bottom + size);
        return;
      }
      default:
        throw new ValueError(`Unrecognized string ${repr(option)} to axis; try 'on' or 'off'`);
    }
  }

  set_axis_off(): void {
    this.axis_on = false;
  }

  set_axis_on(): void {
    this.axis_on = true;
  }

  set_visible(visible: boolean): void {
    this.visible = visible;
  }

  set_facecolor(color: Color): void {
    to_rgba(color);
    this.facecolor = color;
  }

  /** The height of a unit of y beside the width of one of x; `'auto'` fills the axes. */
  set_aspect(aspect: 'equal' | 'auto' | number): void {
    if (aspect !== 'equal' && aspect !== 'auto' && !(typeof aspect === 'number' && aspect > 0)) {
      throw new ValueError(`aspect must be finite and positive, not ${repr(aspect)}`);
    }
    this.aspect = aspect === 'auto' ? null : aspect === 'equal' ? 1 : aspect;
    this.adjustable = 'box';
  }

  /** What would stand in a legend. */
  get_legend_handles_labels(): [handles: Artist[], labels: string[]] {
    const handles = this.artists.filter(({ label }) => label !== null && label !== '' && !label.startsWith('_'));
    return [handles, handles.map(({ label }) => label!)];
  }

  /**
   * Says what lines and points are: what has a label, or the given labels (and handles).
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.legend.html
   */
  legend(...args: (readonly string[] | readonly (Artist | readonly Artist[])[] | LegendOptions)[]): Legend {
    const rest = [...args] as unknown[];
    const options = full_names<LegendOptions>(
      'Legend',
      is_kwargs(rest.at(-1)) ? (rest.pop() as object) : {},
      [
        'loc',
        'title',
        'fontsize',
        'prop',
        'frameon',
        'framealpha',
        'facecolor',
        'edgecolor',
        'ncols',
        'bbox_to_anchor',
        'title_fontsize',
      ],
      { ncol: 'ncols' },
    );
    for (const list of rest) {
      if (!is_array(list)) throw new TypeError(`legend() takes lists of artists and of texts, not ${type_name(list)}`);
    }
    const first = (handle: unknown): Artist => {
      const artist: unknown = is_array(handle) ? handle[0] : handle;
      if (typeof (artist as Artist | null | undefined)?.draw !== 'function') {
        throw new TypeError(`legend() takes lists of artists and of texts, not ${type_name(artist)}`);
      }
      return artist as Artist;
    };
    let entries: LegendEntry[];
    if (rest.length === 0) {
      const [handles, labels] = this.get_legend_handles_labels();
      entries = handles.map((handle, i) => ({ handle, label: labels[i]! }));
    } else if (rest.length === 1) {
      const labels = rest[0] as readonly unknown[];
      const handles = this.artists.filter(
        (artist) => artist.legend_handle !== undefined && !artist.label?.startsWith('_'),
      );
      entries = is_texts(labels)
        ? labels.slice(0, handles.length).map((label, i) => ({ handle: handles[i]!, label }))
        : [...labels].map((handle) => ({ handle: first(handle), label: first(handle).label ?? '' }));
    } else {
      const [handles, labels] = rest as [readonly unknown[], readonly string[]];
      entries = labels.slice(0, handles.length).map((label, i) => ({ handle: first(handles[i]), label: str(label) }));
    }
    this.legend_ = new Legend(entries, options);
    return this.legend_;
  }

  get_legend(): Legend | null {
    return this.legend_;
  }

  /** Takes everything away. */
  clear(): void {
    this.artists.length = 0;
    for (const label of [this.xlabel, this.ylabel, ...this.titles]) label.text = '';
    [this.xgrid, this.ygrid, this.legend_, this.mappable, this.aspect] = [null, null, null, null, null];
    this.axis_on = true;
    [this.#next_line_color, this.#next_patch_color] = [0, 0];
    for (const direction of ['x', 'y'] as const) {
      const old = direction === 'x' ? this.xscale : this.yscale;
      const fresh = new Scale(direction);
      for (const member of old.members as Axes[]) {
        fresh.members.push(member);
        if (direction === 'x') member.xscale = fresh;
        else member.yscale = fresh;
      }
    }
  }

  cla(): void {
    this.clear();
  }

  /** The frame in pixels, with the aspect kept. */
  box(width: number, height: number): Box {
    const { position } = this;
    const place = {
      x: position.left * width,
      y: (1 - position.bottom - position.height) * height,
      width: position.width * width,
      height: position.height * height,
    };
    if (this.aspect === null || this.adjustable === 'datalim') return place;
    const span = (scale: Scale): number => {
      const [low, high] = scale.limits();
      return Math.abs(scale.forward(high) - scale.forward(low));
    };
    const ratio = (this.aspect * span(this.yscale)) / span(this.xscale);
    if (!(ratio > 0) || !Number.isFinite(ratio)) return place;
    const box_width = Math.min(place.width, place.height / ratio);
    const box_height = box_width * ratio;
    return {
      x: place.x + (this.anchor === 'center' ? (place.width - box_width) / 2 : 0),
      y: place.y + (place.height - box_height) / 2,
      width: box_width,
      height: box_height,
    };
  }

  /** From data to pixels, in a frame. */
  transform(box: Box, pt: Transform['pt'], unique_id: Transform['unique_id'] = () => ''): Transform {
    const ends = (scale: Scale): [number, number] =>
      scale.limits().map((limit) => scale.forward(limit)) as [number, number];
    let [[left, right], [bottom, top]] = [ends(this.xscale), ends(this.yscale)];
    if (this.aspect !== null && this.adjustable === 'datalim') {
      // As many units for a pixel both ways: what has fewer gets more.
      const [x_unit, y_unit] = [(right - left) / box.width, ((top - bottom) / box.height) * this.aspect];
      const grow = (from: number, to: number, by: number): [number, number] => [
        (from + to) / 2 - ((to - from) / 2) * by,
        (from + to) / 2 + ((to - from) / 2) * by,
      ];
      if (Math.abs(x_unit) < Math.abs(y_unit)) [left, right] = grow(left, right, Math.abs(y_unit / x_unit));
      else [bottom, top] = grow(bottom, top, Math.abs(x_unit / y_unit));
      this.xscale.set_limits(this.xscale.backward(left), this.xscale.backward(right));
      this.yscale.set_limits(this.yscale.backward(bottom), this.yscale.backward(top));
    }
    return {
      box,
      x: (value) => box.x + this.xscale.share(value, left, right) * box.width,
      y: (value) => box.y + (1 - this.yscale.share(value, bottom, top)) * box.height,
      pt,
      unique_id,
    };
  }

  /** The room that ticks and labels take. */
  surroundings(box: Box, pt: Transform['pt']): Surroundings {
    this.drawn_width = box.width;
    return surroundings(this, box, pt);
  }

  /** The axes as SVG. */
  draw(transform: Transform): string {
    const { box } = transform;
    const around = this.surroundings(box, transform.pt);
    const parts: string[] = [];
    if (this.axis_on) parts.push(element('rect', { class: 'background', ...box, ...fill(to_rgba(this.facecolor)) }));
    const clip = transform.unique_id();
    parts.push(element('clipPath', { id: clip }, element('rect', { ...box })));
    const layers: (readonly [zorder: number, draw: () => string])[] = this.artists.map((artist) => [
      artist.zorder,
      () => {
        const drawn = artist.draw(transform);
        return artist.clipped && drawn !== '' ? element('g', { 'clip-path': `url(#${clip})` }, drawn) : drawn;
      },
    ]);
    if (this.axis_on) {
      layers.push([1.5, () => draw_grid(this, around, transform)]);
      layers.push([1.5, () => draw_ticks(this, around, transform)]);
      layers.push([2.5, () => draw_frame(this, transform)]);
    }
    layers.push([3, () => draw_labels(this, around, transform)]);
    if (this.legend_ !== null) layers.push([5, () => this.legend_!.draw(transform, this.artists)]);
    layers.sort(([a], [b]) => a - b);
    parts.push(...layers.map(([, draw]) => draw()).filter((part) => part !== ''));
    return group({ class: 'axes' }, parts);
  }
}

/** The numbers of a line or a strip across the axes. */
function line_numbers<T extends readonly unknown[]>(values: readonly [...T]): { [i in keyof T]: number } {
  return values.map((value) => one_number(value, 'a place')) as { [i in keyof T]: number };
}

function set_tick_look(look: TickLook, options: TickOptions): void {
  const { rotation, fontsize, size, color, ha } = options;
  if (rotation !== undefined) look.rotation = rotation === 'vertical' ? 90 : rotation === 'horizontal' ? 0 : rotation;
  if ((fontsize ?? size) !== undefined) look.labelsize = font_points(fontsize ?? size, 10);
  if (color !== undefined) look.labelcolor = color;
  if (ha !== undefined) look.ha = ha;
}

function is_bool_tensor(value: unknown): boolean {
  return is_instance(value, Object) && String((value as { dtype?: unknown }).dtype) === 'torch.bool';
}
