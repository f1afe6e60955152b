/** What is around the data of axes: frame, ticks, labels, title, grid; drawn, and how much room it takes. */
import type { Box, Transform } from './artist.ts';
import type { AxesBase } from './axes_base.ts';
import { to_rgba } from './colors.ts';
import type { LineStyle } from './line_styles.ts';
import { dashes_of } from './line_styles.ts';
import { draw_text, font_points, placed_text, text_extent, type TextOptions, turned_box } from './artists/text.ts';
import type { Color } from './colors.ts';
import type { Ticks } from './scale.ts';
import { element, group, short, stroke } from './svg.ts';

/** A text and its look. */
export interface Label {
  text: string;
  options: TextOptions;
  /** From what it belongs to, in points. */
  pad: number;
  loc: 'left' | 'center' | 'right';
}

/** How ticks of one direction look. */
export interface TickLook {
  /** Points. */
  labelsize: number;
  labelcolor: Color;
  rotation: number;
  /** Points. */
  length: number;
  width: number;
  pad: number;
  color: Color;
  /** Are the ticks, and their labels, drawn? */
  marks: boolean;
  labels: boolean;
  ha: 'left' | 'center' | 'right' | undefined;
  direction: 'out' | 'in' | 'inout';
}

export function usual_ticks(): TickLook {
  return {
    labelsize: 10,
    labelcolor: 'black',
    rotation: 0,
    length: 3.5,
    width: 0.8,
    pad: 3.5,
    color: 'black',
    marks: true,
    labels: true,
    ha: undefined,
    direction: 'out',
  };
}

/** Lines through the ticks. */
export interface Grid {
  color: Color;
  linewidth: number;
  linestyle: LineStyle;
  alpha: number | null;
}

/** Room in pixels beyond the frame. */
export interface Overhang {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** How many ticks have room on an axis of that many points. */
function tick_space(direction: 'x' | 'y', points: number, labelsize: number): number {
  return labelsize > 0 ? Math.floor(points / (labelsize * (direction === 'x' ? 3 : 2))) : 2 ** 31 - 1;
}

/** How far ticks reach out of the frame, in points. */
function reach(look: TickLook): number {
  if (!look.marks || look.direction === 'in') return 0;
  return look.direction === 'inout' ? look.length / 2 : look.length;
}

/** The width and height of the largest tick label. */
function largest_label(ticks: Ticks, look: TickLook, pt: Transform['pt']): { width: number; height: number } {
  let [width, height] = [0, 0];
  if (!look.labels) return { width, height };
  for (const label of ticks.labels) {
    if (label === '') continue;
    const plain = label.replace(/^\$10\^\{(.*)\}\$$/, '10$1');
    const box = turned_box(plain, pt(look.labelsize), look.rotation);
    width = Math.max(width, box.width);
    height = Math.max(height, box.height);
  }
  return { width, height };
}

/** Everything that depends on ticks, worked out once for each drawing. */
export interface Surroundings {
  readonly x: Ticks;
  readonly y: Ticks;
  readonly overhang: Overhang;
  /** From the frame to the far side of the tick labels, in pixels. */
  readonly below: number;
  readonly beside: number;
}

/** The ticks of axes in a box, and how much room they and the labels take. */
export function surroundings(axes: AxesBase, box: Box, pt: Transform['pt']): Surroundings {
  const { xlook, ylook } = axes;
  const x = axes.xscale.ticks(tick_space('x', box.width / pt(1), xlook.labelsize));
  const y = axes.yscale.ticks(tick_space('y', box.height / pt(1), ylook.labelsize));
  const [x_label, y_label] = [largest_label(x, xlook, pt), largest_label(y, ylook, pt)];
  const below =
    (x.places.length > 0 ? pt(reach(xlook)) : 0) + (x_label.height > 0 ? pt(xlook.pad) + x_label.height : 0);
  const beside = (y.places.length > 0 ? pt(reach(ylook)) : 0) + (y_label.width > 0 ? pt(ylook.pad) + y_label.width : 0);
  const overhang: Overhang = { left: 0, right: 0, top: 0, bottom: 0 };
  const side = axes.yside === 'left' ? 'left' : 'right';
  if (axes.axis_on) {
    overhang.bottom = below;
    overhang[side] = beside;
    if (axes.xlabel.text !== '') overhang.bottom += label_height(axes.xlabel, pt) + pt(axes.xlabel.pad);
    if (axes.ylabel.text !== '') overhang[side] += label_height(axes.ylabel, pt) + pt(axes.ylabel.pad);
    // Half a label lies beyond the corners; for a title's room it counts only where nothing else does.
    if (xlook.labels && x.labels.length > 0) overhang.right = Math.max(overhang.right, outer_half(axes, x, pt));
    if (y.offset !== '') overhang.top = pt(3 + 10);
  }
  const title = axes.titles.find(({ text }) => text !== '');
  if (title !== undefined) overhang.top = Math.max(overhang.top, pt(title.pad) + label_height(title, pt, 12));
  return { x, y, overhang, below, beside };
}

/** How far the last tick label reaches beyond the frame, if its tick stands at the edge. */
function outer_half(axes: AxesBase, x: Ticks, pt: Transform['pt']): number {
  const [low, high] = axes.xscale.limits();
  const [from, to] = [axes.xscale.forward(low), axes.xscale.forward(high)];
  const last = x.places.length - 1;
  const distance = (1 - axes.xscale.share(x.places[last]!, from, to)) * axes.drawn_width;
  return Math.max(0, text_extent(x.labels[last]!, pt(axes.xlook.labelsize)).width / 2 - distance);
}

export function label_height({ text, options }: Label, pt: Transform['pt'], usual = 10): number {
  return text_extent(text, pt(font_points(options.fontsize, usual))).height;
}

/** A place in the middle of a pixel's width, where a thin line is sharp. */
function sharp(value: number): number {
  return Math.round(value) + 0.5;
}

/** Lines through ticks. */
export function draw_grid(axes: AxesBase, around: Surroundings, { box, x, y, pt }: Transform): string {
  const parts: string[] = [];
  const line = (grid: Grid, d: string): void => {
    const width = pt(grid.linewidth);
    const dashes = dashes_of(grid.linestyle);
    if (dashes === undefined) return;
    parts.push(
      element('path', {
        d,
        ...stroke(to_rgba(grid.color, grid.alpha), width),
        'stroke-dasharray':
          dashes.pattern.length === 0 ? undefined : dashes.pattern.map((p) => short(p * width)).join(' '),
      }),
    );
  };
  if (axes.xgrid !== null) {
    for (const place of around.x.places) {
      line(axes.xgrid, `M${short(sharp(x(place)))},${short(box.y)}V${short(box.y + box.height)}`);
    }
  }
  if (axes.ygrid !== null) {
    for (const place of around.y.places) {
      line(axes.ygrid, `M${short(box.x)},${short(sharp(y(place)))}H${short(box.x + box.width)}`);
    }
  }
  return parts.length === 0 ? '' : group({ class: 'grid', fill: 'none' }, parts);
}

/** From inside the frame to outside: where a tick begins and ends, in pixels from the frame. */
function tick_ends(look: TickLook, pt: Transform['pt'], share = 1): [number, number] {
  const length = pt(look.length) * share;
  return look.direction === 'in' ? [-length, 0] : look.direction === 'inout' ? [-length / 2, length / 2] : [0, length];
}

/** Ticks and their labels. */
export function draw_ticks(axes: AxesBase, around: Surroundings, { box, x, y, pt }: Transform): string {
  const parts: string[] = [];
  const { xlook, ylook, yside } = axes;
  const bottom = box.y + box.height;
  const [edge, out] = yside === 'left' ? [box.x, -1] : [box.x + box.width, 1];
  const mark = (look: TickLook, d: string): string =>
    element('path', { d, ...stroke(to_rgba(look.color), pt(look.width)) });
  const x_mark = (at: number, share: number): string => {
    const [from, to] = tick_ends(xlook, pt, share);
    return mark(xlook, `M${short(sharp(at))},${short(bottom + from)}V${short(bottom + to)}`);
  };
  const y_mark = (at: number, share: number): string => {
    const [from, to] = tick_ends(ylook, pt, share);
    return mark(ylook, `M${short(edge + out * from)},${short(sharp(at))}H${short(edge + out * to)}`);
  };

  around.x.places.forEach((place, i) => {
    const at = x(place);
    const content = xlook.marks ? [x_mark(at, 1)] : [];
    if (xlook.labels && around.x.labels[i] !== '') {
      content.push(
        draw_text({
          text: around.x.labels[i]!,
          x: at,
          y: bottom + pt(reach(xlook) + xlook.pad),
          size: pt(xlook.labelsize),
          ha: xlook.ha ?? 'center',
          va: 'top',
          rotation: xlook.rotation,
          color: xlook.labelcolor,
        }),
      );
    }
    if (content.length > 0) parts.push(group({ class: 'xtick' }, content));
  });
  around.y.places.forEach((place, i) => {
    const at = y(place);
    const content = ylook.marks ? [y_mark(at, 1)] : [];
    if (ylook.labels && around.y.labels[i] !== '') {
      content.push(
        draw_text({
          text: around.y.labels[i]!,
          x: edge + out * pt(reach(ylook) + ylook.pad),
          y: at,
          size: pt(ylook.labelsize),
          ha: yside === 'left' ? 'right' : 'left',
          va: 'center_baseline',
          rotation: ylook.rotation,
          color: ylook.labelcolor,
        }),
      );
    }
    if (content.length > 0) parts.push(group({ class: 'ytick' }, content));
  });
  if (xlook.marks) parts.push(...around.x.minor.map((place) => x_mark(x(place), 2 / 3.5)));
  if (ylook.marks) parts.push(...around.y.minor.map((place) => y_mark(y(place), 2 / 3.5)));

  if (around.x.offset !== '' && xlook.labels) {
    const at = { x: box.x + box.width, y: bottom + around.below + pt(3) };
    parts.push(draw_text({ text: around.x.offset, ...at, size: pt(10), ha: 'right', va: 'top' }));
  }
  if (around.y.offset !== '' && ylook.labels) {
    parts.push(
      draw_text({ text: around.y.offset, x: box.x, y: box.y - pt(3), size: pt(10), ha: 'left', va: 'baseline' }),
    );
  }
  return group({ class: 'ticks', fill: 'none' }, parts);
}

/** The frame. */
export function draw_frame(axes: AxesBase, { box, pt }: Transform): string {
  const [left, top] = [sharp(box.x), sharp(box.y)];
  const [right, bottom] = [sharp(box.x + box.width), sharp(box.y + box.height)];
  const sides = {
    left: `M${left},${bottom}V${top}`,
    bottom: `M${left},${bottom}H${right}`,
    right: `M${right},${bottom}V${top}`,
    top: `M${left},${top}H${right}`,
  };
  const parts = (Object.keys(sides) as (keyof typeof sides)[])
    .filter((side) => axes.spines[side].visible)
    .map((side) => {
      const { color, linewidth } = axes.spines[side];
      return element('path', {
        'd': sides[side],
        ...stroke(to_rgba(color), pt(linewidth)),
        'stroke-linecap': 'square',
      });
    });
  return parts.length === 0 ? '' : group({ class: 'frame', fill: 'none' }, parts);
}

/** The labels of the axes, and the title. */
export function draw_labels(axes: AxesBase, around: Surroundings, { box, pt }: Transform): string {
  const parts: string[] = [];
  const along = { left: 0, center: 0.5, right: 1 };
  const { xlabel, ylabel } = axes;
  if (axes.axis_on && xlabel.text !== '') {
    const at = [box.x + along[xlabel.loc] * box.width, box.y + box.height + around.below + pt(xlabel.pad)] as const;
    const usual = { ha: xlabel.loc, va: 'top', size: 10 } as const;
    parts.push(group({ class: 'xlabel' }, [draw_text(placed_text(xlabel.text, at, xlabel.options, pt, usual))]));
  }
  if (axes.axis_on && ylabel.text !== '') {
    const out = around.beside + pt(ylabel.pad);
    const x = axes.yside === 'left' ? box.x - out : box.x + box.width + out;
    const usual = { ha: axes.yside === 'left' ? 'right' : 'left', va: 'center', size: 10, rotation: 90 } as const;
    const placed = placed_text(ylabel.text, [x, box.y + box.height / 2], ylabel.options, pt, usual);
    parts.push(group({ class: 'ylabel' }, [draw_text(placed)]));
  }
  for (const title of axes.titles) {
    if (title.text === '') continue;
    // The last line stands above the frame; what follows the offset of the ticks stands above that.
    const at = [box.x + along[title.loc] * box.width, box.y - pt(title.pad)] as const;
    const usual = { ha: title.loc, va: 'baseline', size: 12 } as const;
    parts.push(group({ class: 'title' }, [draw_text(placed_text(title.text, at, title.options, pt, usual))]));
  }
  return parts.join('\n');
}
