/** The frame of axes: all of them but the methods that draw data. */
import { is_array, is_kwargs } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { repr, str, type_name } from '../repr.ts';
import type { Artist, Box, Mappable, Transform } from './artist.ts';
import { font_points, text_options } from './artists/text.ts';
import type { GridOptions, LabelOptions, TickOptions, TickParams, TitleOptions } from './axes_arguments.ts';
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
import { type Color, to_rgba } from './colors.ts';
import { type ArrayLike, flat, is_texts, texts } from './data.ts';
import type { Figure } from './figure.ts';
import { Legend, type LegendEntry, type LegendOptions } from './legend.ts';
import { dashes_of } from './line_styles.ts';
import { full_names } from './options.ts';
import { rcParams } from './rc.ts';
import { Scale, type ScaleName } from './scale.ts';
import { element, fill, group } from './svg.ts';

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

/** What axes have whatever is drawn into them: limits, scales, ticks, labels, grid, legend, and their place. */
export class AxesBase {
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

  /** @internal */
  constructor(figure: Figure, position: AxesBase['position'], cell: AxesBase['cell'] = null) {
    this.figure = figure;
    this.position = position;
    this.cell = cell;
    this.xscale.members.push(this);
    this.yscale.members.push(this);
    if (rcParams['axes.grid']) this.grid(true);
  }

  /** Shows the same part of x (or y) as other axes from now on. */
  share(direction: 'x' | 'y', other: AxesBase): void {
    const scale = direction === 'x' ? other.xscale : other.yscale;
    scale.members.push(this);
    if (direction === 'x') this.xscale = scale;
    else this.yscale = scale;
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
    for (const direction of ['x', 'y'] as const) {
      const old = direction === 'x' ? this.xscale : this.yscale;
      const fresh = new Scale(direction);
      for (const member of old.members as AxesBase[]) {
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

function set_tick_look(look: TickLook, options: TickOptions): void {
  const { rotation, fontsize, size, color, ha } = options;
  if (rotation !== undefined) look.rotation = rotation === 'vertical' ? 90 : rotation === 'horizontal' ? 0 : rotation;
  if ((fontsize ?? size) !== undefined) look.labelsize = font_points(fontsize ?? size, 10);
  if (color !== undefined) look.labelcolor = color;
  if (ha !== undefined) look.ha = ha;
}
