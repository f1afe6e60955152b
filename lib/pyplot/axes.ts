/**
 * Axes: one picture of data within a frame. Here is what draws data; axes_base.ts has the frame and all around it.
 *
 * @see https://matplotlib.org/stable/api/axes_api.html
 */
import { type Arguments, is_array, is_kwargs } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { bin_edges, histogram } from '../histogram.ts';
import { str } from '../repr.ts';
import type { Artist } from './artist.ts';
import { ContourSet } from './artists/contours.ts';
import { AxesImage, check_image } from './artists/image.ts';
import { Line2D, line_options, type LineOptions } from './artists/line.ts';
import { QuadMesh } from './artists/mesh.ts';
import { type PatchOptions, Polygon, Rectangle } from './artists/patches.ts';
import { PathCollection } from './artists/points.ts';
import { Text, text_options, type TextOptions } from './artists/text.ts';
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
  fill_between_arguments,
  type FillBetweenParameters,
  hist_arguments,
  type HistParameters,
  imshow_arguments,
  type ImshowParameters,
  line_part,
  type MeshArguments,
  patch_part,
  type PlotArguments,
  scatter_arguments,
  type ScatterParameters,
} from './axes_arguments.ts';
import { AxesBase } from './axes_base.ts';
import { get_cmap, norm_of } from './colormaps.ts';
import { type Color, COLOR_CYCLE, is_color_like, to_rgba } from './colors.ts';
import {
  type ArrayLike,
  check_same_size,
  flat,
  is_texts,
  is_whole_type,
  numbers,
  type Numbers,
  one_number,
  type Values,
} from './data.ts';
import { parse_format } from './format_string.ts';
import { contour_parameters, mesh_parameters } from './grid_data.ts';
import { check_marker, is_open_marker } from './markers.ts';

/** The label of an artist; null for none. */
function label_of(label: string | number | null | undefined): string | null {
  return label === null || label === undefined ? null : String(label);
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
export class Axes extends AxesBase {
  #next_line_color = 0;
  #next_patch_color = 0;

  /** New axes over these, with the same x and a y of their own at the right. */
  twinx(): Axes {
    return this.figure.add_twin(this);
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
    const contours = new ContourSet(contour_parameters(args, filled));
    this.mappable = contours;
    return this.#add(contours);
  }

  /**
   * Cells of a grid in colours.
   * @see https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.pcolormesh.html
   */
  pcolormesh(...args: MeshArguments): QuadMesh {
    const mesh = new QuadMesh(...mesh_parameters(args));
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

  override clear(): void {
    super.clear();
    [this.#next_line_color, this.#next_patch_color] = [0, 0];
  }
}

/** The numbers of a line or a strip across the axes. */
function line_numbers<T extends readonly unknown[]>(values: readonly [...T]): { [i in keyof T]: number } {
  return values.map((value) => one_number(value, 'a place')) as { [i in keyof T]: number };
}
