/** Legends: what the colours and markers in a picture stand for. */
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';
import type { Artist, Box, LegendHandle, Transform } from './artist.ts';
import { type Color, to_rgba } from './colors.ts';
import { ASCENT, DESCENT, text_width } from './fonts.ts';
import { draw_text, font_points, type FontSize } from './artists/text.ts';
import { element, fill, group, stroke } from './svg.ts';

const LOCATIONS = [
  'best',
  'upper right',
  'upper left',
  'lower left',
  'lower right',
  'right',
  'center left',
  'center right',
  'lower center',
  'upper center',
  'center',
] as const;

export type LegendLocation = (typeof LOCATIONS)[number];

export interface LegendOptions {
  /** Where it stands: a name, its number, or the lower left corner in shares of the axes. */
  loc?: LegendLocation | number | readonly [number, number];
  title?: string | null;
  title_fontsize?: FontSize;
  fontsize?: FontSize;
  /** Size of the text as `{ size: 14 }`. */
  prop?: { size?: FontSize };
  frameon?: boolean;
  framealpha?: number;
  facecolor?: Color;
  edgecolor?: Color;
  /** How many columns. */
  ncols?: number;
  ncol?: number;
  /** A point of the axes, in shares of them, where the corner that `loc` names is put. */
  bbox_to_anchor?: readonly [number, number];
}

/** A line of a legend. */
export interface LegendEntry {
  readonly handle: Artist;
  readonly label: string;
}

// In sizes of the font.
const [PAD, LINE_GAP, HANDLE, HANDLE_GAP, COLUMN_GAP, AXES_GAP] = [0.4, 0.5, 2, 0.8, 2, 0.5];

/** Where a box of a size stands in another, by the name of the place. */
function placed(name: LegendLocation, inside: Box, width: number, height: number): readonly [number, number] {
  const right = inside.x + inside.width - width;
  const bottom = inside.y + inside.height - height;
  const x = name.endsWith('left') ? inside.x : name.endsWith('right') ? right : (inside.x + right) / 2;
  const y = name.startsWith('upper') ? inside.y : name.startsWith('lower') ? bottom : (inside.y + bottom) / 2;
  return [x, y];
}

/** A legend. */
export class Legend {
  readonly entries: readonly LegendEntry[];
  readonly #options: LegendOptions;
  readonly #location: LegendLocation | readonly [number, number];

  constructor(entries: readonly LegendEntry[], options: LegendOptions) {
    this.entries = entries;
    this.#options = options;
    const loc = options.loc ?? 'best';
    const name = typeof loc === 'number' ? LOCATIONS[loc] : loc;
    if (name === undefined || (typeof name === 'string' && !LOCATIONS.includes(name))) {
      throw new ValueError(
        `${repr(loc)} is not a valid value for loc. Supported values are ${LOCATIONS.map(repr).join(', ')}`,
      );
    }
    this.#location = name;
    font_points(this.#font, 10);
    font_points(options.title_fontsize, 10);
  }

  get #font(): FontSize | undefined {
    return this.#options.fontsize ?? this.#options.prop?.size;
  }

  get_texts(): string[] {
    return this.entries.map(({ label }) => label);
  }

  /** The upper left corner. */
  #corner(
    transform: Transform,
    width: number,
    height: number,
    size: number,
    artists: readonly Artist[],
  ): readonly [number, number] {
    const { box } = transform;
    const gap = AXES_GAP * size;
    const { bbox_to_anchor: anchor } = this.#options;
    if (typeof this.#location !== 'string') {
      const [x, y] = this.#location;
      return [box.x + x * box.width, box.y + (1 - y) * box.height - height];
    }
    if (anchor !== undefined) {
      const [x, y] = [box.x + anchor[0] * box.width, box.y + (1 - anchor[1]) * box.height];
      const name = this.#location === 'best' ? 'upper right' : this.#location;
      const around = { x: x - width - gap, y: y - height - gap, width: 2 * (width + gap), height: 2 * (height + gap) };
      // The named corner is the one that touches the point.
      const opposite = placed(
        name,
        { ...around, x: around.x + width + gap, y: around.y + height + gap, width: 0, height: 0 },
        0,
        0,
      );
      return [
        name.endsWith('left')
          ? opposite[0] + gap
          : name.endsWith('right')
            ? opposite[0] - width - gap
            : opposite[0] - width / 2,
        name.startsWith('upper')
          ? opposite[1] + gap
          : name.startsWith('lower')
            ? opposite[1] - height - gap
            : opposite[1] - height / 2,
      ];
    }
    const inside = { x: box.x + gap, y: box.y + gap, width: box.width - 2 * gap, height: box.height - 2 * gap };
    if (this.#location !== 'best') return placed(this.#location, inside, width, height);

    // Where it covers least.
    const points = artists.flatMap((artist) => [...(artist.vertices?.(transform) ?? [])]);
    let best: readonly [number, number] = [0, 0];
    let fewest = Infinity;
    for (const name of LOCATIONS.slice(1)) {
      const [x, y] = placed(name, inside, width, height);
      const covered = points.filter(([px, py]) => px > x && px < x + width && py > y && py < y + height).length;
      if (covered >= fewest) continue;
      [best, fewest] = [[x, y], covered];
    }
    return best;
  }

  draw(transform: Transform, artists: readonly Artist[]): string {
    const { pt } = transform;
    const { title, frameon = true, framealpha = 0.8, facecolor = 'white', edgecolor = '0.8' } = this.#options;
    const size = pt(font_points(this.#font, 10));
    const columns = Math.max(1, this.#options.ncols ?? this.#options.ncol ?? 1);
    const rows = Math.ceil(this.entries.length / columns);
    const line = (ASCENT + DESCENT) * size;
    const title_size = pt(font_points(this.#options.title_fontsize, 10));
    const widths = Array.from({ length: columns }, (_, column) =>
      Math.max(
        0,
        ...this.entries.slice(column * rows, (column + 1) * rows).map(({ label }) => text_width(label, size)),
      ),
    );
    const handle = (HANDLE + HANDLE_GAP) * size;
    const title_height = title ? (ASCENT + DESCENT) * title_size + LINE_GAP * size : 0;
    const inner = widths.reduce((sum, width) => sum + width + handle, 0) + (columns - 1) * COLUMN_GAP * size;
    const width = Math.max(inner, title ? text_width(title, title_size) : 0) + 2 * PAD * size;
    const height = title_height + rows * line + (rows - 1) * LINE_GAP * size + 2 * PAD * size;
    const [left, top] = this.#corner(transform, width, height, size, artists);

    const parts: string[] = [];
    if (frameon) {
      parts.push(
        element('rect', {
          x: left,
          y: top,
          width,
          height,
          rx: 0.2 * size,
          ...fill(to_rgba(facecolor, framealpha)),
          ...stroke(to_rgba(edgecolor, framealpha), pt(1)),
        }),
      );
    }
    if (title) {
      parts.push(
        draw_text({ text: title, x: left + width / 2, y: top + PAD * size, size: title_size, ha: 'center', va: 'top' }),
      );
    }
    let x = left + PAD * size;
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        const entry = this.entries[column * rows + row];
        if (entry === undefined) continue;
        const y = top + PAD * size + title_height + row * (line + LINE_GAP * size);
        const drawn: LegendHandle | undefined = entry.handle.legend_handle?.();
        const baseline = y + ASCENT * size;
        const box = { x, y: baseline - 0.7 * size, width: HANDLE * size, height: 0.7 * size };
        parts.push(drawn?.draw(box, pt) ?? '');
        parts.push(draw_text({ text: entry.label, x: x + handle, y: baseline, size, ha: 'left', va: 'baseline' }));
      }
      x += widths[column]! + handle + COLUMN_GAP * size;
    }
    return group(
      { class: 'legend' },
      parts.filter((part) => part !== ''),
    );
  }
}
