/** Text: of one or several lines, aligned to a place. */
import { type Artist, type Box, type Interval, NOTHING, type Transform } from '../artist.ts';
import { type Color, to_rgba } from '../colors.ts';
import { ValueError } from '../../errors.ts';
import { ASCENT, DESCENT, FONT_FAMILY, LINE_HEIGHT, text_width } from '../fonts.ts';
import { full_names } from '../options.ts';
import { element, escape_text, fill, short, stroke } from '../svg.ts';
import { repr } from '../../repr.ts';
import type { Coordinates } from './line.ts';

export type FontSize = number | 'xx-small' | 'x-small' | 'small' | 'medium' | 'large' | 'x-large' | 'xx-large';
export type HorizontalAlignment = 'left' | 'center' | 'right';
export type VerticalAlignment = 'top' | 'bottom' | 'center' | 'baseline' | 'center_baseline';

/** How text looks. */
export interface TextOptions {
  /** In points, or a word beside the usual 10. */
  fontsize?: FontSize;
  size?: FontSize;
  color?: Color | null;
  c?: Color | null;
  fontweight?: 'normal' | 'bold' | number;
  weight?: 'normal' | 'bold' | number;
  fontstyle?: 'normal' | 'italic' | 'oblique';
  style?: 'normal' | 'italic' | 'oblique';
  horizontalalignment?: HorizontalAlignment;
  ha?: HorizontalAlignment;
  verticalalignment?: VerticalAlignment;
  va?: VerticalAlignment;
  /** In degrees, against the clock. */
  rotation?: number | 'horizontal' | 'vertical';
  alpha?: number | null;
  zorder?: number;
  /** A box around the text. */
  bbox?: { facecolor?: Color; edgecolor?: Color; alpha?: number; boxstyle?: string; pad?: number } | null;
}

const NAMES = [
  'fontsize',
  'color',
  'fontweight',
  'fontstyle',
  'horizontalalignment',
  'verticalalignment',
  'rotation',
  'alpha',
  'zorder',
  'bbox',
] as const;
const ALIASES = {
  size: 'fontsize',
  c: 'color',
  weight: 'fontweight',
  style: 'fontstyle',
  ha: 'horizontalalignment',
  va: 'verticalalignment',
} as const;

/** Options under their full names. */
export function text_options(options: TextOptions): TextOptions {
  const result = full_names<TextOptions>('Text', options, NAMES, ALIASES);
  if (typeof result.fontsize === 'string') font_points(result.fontsize, 10);
  if (result.color !== undefined && result.color !== null) to_rgba(result.color);
  return result;
}

const SIZES: Readonly<Record<string, number>> = {
  'xx-small': 0.579,
  'x-small': 0.694,
  'small': 0.833,
  'medium': 1,
  'large': 1.2,
  'x-large': 1.44,
  'xx-large': 1.728,
};

/** A size in points. */
export function font_points(size: FontSize | undefined, usual: number): number {
  if (size === undefined) return usual;
  if (typeof size === 'number' && size > 0) return size;
  if (typeof size === 'string' && Object.hasOwn(SIZES, size)) return 10 * SIZES[size]!;
  throw new ValueError(`${repr(size)} is not a valid value for fontsize`);
}

/** A text with all that its place depends on, in pixels. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Pixels. */
  readonly size: number;
  readonly ha: HorizontalAlignment;
  readonly va: VerticalAlignment;
  readonly color?: Color;
  readonly alpha?: number | null;
  readonly rotation?: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
}

/** How wide and high a text is. */
export function text_extent(text: string, size: number, bold = false): { width: number; height: number } {
  const lines = text.split('\n');
  return {
    width: Math.max(...lines.map((line) => text_width(line, size, bold))),
    height: (ASCENT + DESCENT) * size + (lines.length - 1) * LINE_HEIGHT * size,
  };
}

/** From the place to the first line's baseline, downwards. */
function first_baseline(va: VerticalAlignment, lines: number, size: number): number {
  const rest = (lines - 1) * LINE_HEIGHT * size;
  switch (va) {
    case 'top':
      return ASCENT * size;
    case 'bottom':
      return -DESCENT * size - rest;
    case 'center':
      return ((ASCENT - DESCENT) / 2) * size - rest / 2;
    case 'center_baseline':
      return (ASCENT / 2) * size - rest / 2;
    default:
      return -rest;
  }
}

const ANCHORS = { left: 'start', center: 'middle', right: 'end' } as const;

/** Powers as `$10^{3}$` are the only formulas; other dollar signs are left as they are. */
function formatted(line: string, size: number): string {
  const power = /^\$10\^\{(.*)\}\$$/.exec(line);
  if (power === null) return escape_text(line);
  return `10${element('tspan', { 'dy': -0.35 * size, 'font-size': 0.7 * size }, escape_text(power[1]!))}`;
}

/** What a text's alignment refers to: its box, after it was turned. */
interface TurnedBox {
  /** From the text's beginning to the left and the upper edge of the box. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box around a text that is turned about the beginning of its first line. */
export function turned_box(text: string, size: number, degrees: number, bold = false): TurnedBox {
  const { width, height } = text_extent(text, size, bold);
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [above, below] = [-ASCENT * size, height - ASCENT * size];
  const corners = [
    [0, above],
    [width, above],
    [0, below],
    [width, below],
  ] as const;
  const xs = corners.map(([x, y]) => x * cos + y * sin);
  const ys = corners.map(([x, y]) => y * cos - x * sin);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** Draws a text where it was placed. */
export function draw_text(placed: PlacedText): string {
  const { text, size, ha, va, rotation = 0 } = placed;
  const lines = text.split('\n');
  let [{ x, y }, along, transform] = [placed, ha as HorizontalAlignment, undefined as string | undefined];
  if (rotation % 360 === 0) {
    y += first_baseline(va, lines.length, size);
  } else {
    const box = turned_box(text, size, rotation, placed.bold);
    x -= box.left + { left: 0, center: box.width / 2, right: box.width }[ha];
    y -=
      box.top +
      { top: 0, center: box.height / 2, center_baseline: box.height / 2, bottom: box.height, baseline: box.height }[va];
    along = 'left';
    transform = `rotate(${short(-rotation)} ${short(x)} ${short(y)})`;
  }
  const shared = {
    'font-family': FONT_FAMILY,
    'font-size': size,
    'font-weight': placed.bold ? 'bold' : undefined,
    'font-style': placed.italic ? 'italic' : undefined,
    'text-anchor': along === 'left' ? undefined : ANCHORS[along],
    ...fill(to_rgba(placed.color ?? 'black', placed.alpha)),
    transform,
  };
  if (lines.length === 1) return element('text', { x, y, ...shared }, formatted(text, size));
  const spans = lines.map((line, i) =>
    element('tspan', { x, y: y + i * LINE_HEIGHT * size }, line === '' ? ' ' : formatted(line, size)),
  );
  return element('text', shared, spans.join(''));
}

/** A text at a place in the axes. */
export class Text implements Artist {
  zorder: number;
  label: string | null = null;
  readonly clipped = false;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly options: TextOptions;
  readonly #coordinates: Coordinates;

  /** @param options under their full names */
  constructor(x: number, y: number, text: string, options: TextOptions, coordinates: Coordinates = 'data') {
    this.x = x;
    this.y = y;
    this.text = text;
    this.options = options;
    this.zorder = options.zorder ?? 3;
    this.#coordinates = coordinates;
  }

  get_text(): string {
    return this.text;
  }

  data_limits(): { x: Interval; y: Interval } {
    return { x: NOTHING, y: NOTHING };
  }

  /** Where it is in the picture; null for a place that is none. */
  #placed({ box, x, y, pt }: Transform): PlacedText | null {
    const at =
      this.#coordinates === 'data'
        ? ([x(this.x), y(this.y)] as const)
        : ([box.x + this.x * box.width, box.y + (1 - this.y) * box.height] as const);
    if (!at.every(Number.isFinite)) return null;
    return placed_text(this.text, at, this.options, pt, { ha: 'left', va: 'baseline', size: 10 });
  }

  /** What it takes up in the picture. */
  extent(transform: Transform): Box | null {
    const placed = this.#placed(transform);
    if (placed === null) return null;
    const { x, y, size, ha, va, rotation = 0 } = placed;
    const { left, top, width, height } = turned_box(this.text, size, rotation, placed.bold);
    const across = { left: 0, center: width / 2, right: width }[ha];
    const down =
      rotation === 0
        ? -top - first_baseline(va, this.text.split('\n').length, size)
        : va === 'top'
          ? 0
          : va === 'bottom' || va === 'baseline'
            ? height
            : height / 2;
    return { x: x - across - (rotation === 0 ? left : 0), y: y - down, width, height };
  }

  draw(transform: Transform): string {
    const placed = this.#placed(transform);
    return placed === null ? '' : this.#draw_box(placed, transform.pt) + draw_text(placed);
  }

  #draw_box(placed: PlacedText, pt: (points: number) => number): string {
    const { bbox } = this.options;
    if (bbox === undefined || bbox === null) return '';
    const { width, height } = text_extent(placed.text, placed.size, placed.bold);
    const round = bbox.boxstyle?.startsWith('round') ?? false;
    const pad = bbox.pad !== undefined ? pt(bbox.pad) : round ? 0.3 * placed.size : pt(4);
    const left = placed.x - { left: 0, center: width / 2, right: width }[placed.ha];
    const top =
      placed.y + first_baseline(placed.va, placed.text.split('\n').length, placed.size) - ASCENT * placed.size;
    return element('rect', {
      x: left - pad,
      y: top - pad,
      width: width + 2 * pad,
      height: height + 2 * pad,
      rx: round ? pad : undefined,
      ...fill(to_rgba(bbox.facecolor ?? 'C0', bbox.alpha)),
      ...stroke(to_rgba(bbox.edgecolor ?? 'black', bbox.alpha), pt(1)),
    });
  }
}

/** Options and a place as what can be drawn. */
export function placed_text(
  text: string,
  [x, y]: readonly [number, number],
  options: TextOptions,
  pt: (points: number) => number,
  usual: { ha: HorizontalAlignment; va: VerticalAlignment; size: number; rotation?: number },
): PlacedText {
  const { rotation = usual.rotation ?? 0, fontweight } = options;
  return {
    text,
    x,
    y,
    size: pt(font_points(options.fontsize, usual.size)),
    ha: options.horizontalalignment ?? usual.ha,
    va: options.verticalalignment ?? usual.va,
    color: options.color ?? 'black',
    alpha: options.alpha,
    rotation: rotation === 'vertical' ? 90 : rotation === 'horizontal' ? 0 : rotation,
    bold: fontweight === 'bold' || (typeof fontweight === 'number' && fontweight >= 600),
    italic: options.fontstyle === 'italic' || options.fontstyle === 'oblique',
  };
}
