/** Colour bars: which number has which colour. */
import type { Artist, Interval, Mappable, Transform } from './artist.ts';
import type { Axes } from './axes.ts';
import type { Rgba } from './colors.ts';
import { element, fill, group, short, stroke } from './svg.ts';

/** How much of the axes' width the bar takes with its ticks, and what is left free beside it. */
export const BAR_SHARE = 0.15;
export const BAR_GAP = 0.05;
/** How many times as high as wide a bar is. */
export const BAR_ASPECT = 20;
const STEPS = 256;

export interface ColorbarOptions {
  /** What it stands beside; the current axes where nothing is said. */
  ax?: Axes | null;
  label?: string;
  /** Where the ticks are. */
  ticks?: readonly number[] | null;
  /** The height, as a share of the axes'. */
  shrink?: number;
}

/** The strip of colours. */
class Strip implements Artist {
  zorder = 0;
  label: string | null = null;
  readonly clipped = true;
  readonly sticky_x = [0, 1];
  readonly sticky_y: readonly number[];
  readonly #edges: readonly number[];
  readonly #colors: readonly Rgba[];
  /** Are the colours those of lines at the levels, and not of areas between them? */
  readonly #lines: boolean;

  constructor(mappable: Mappable) {
    const { levels, level_colors, norm, cmap, alpha } = mappable;
    this.#lines = levels !== undefined && levels.length > 1 && level_colors?.length === levels.length;
    if (levels !== undefined && level_colors !== undefined && levels.length > 1) {
      this.#edges = levels;
      this.#colors = level_colors;
    } else {
      const span = norm.vmax - norm.vmin;
      this.#edges = Array.from({ length: STEPS + 1 }, (_, i) => norm.vmin + (span * i) / STEPS);
      this.#colors = Array.from({ length: STEPS }, (_, i) => {
        const [red, green, blue, opacity] = cmap((i + 0.5) / STEPS);
        return [red, green, blue, alpha ?? opacity] as const;
      });
    }
    this.sticky_y = [this.#edges[0]!, this.#edges.at(-1)!];
  }

  data_limits(): { x: Interval; y: Interval } {
    return { x: [0, 1], y: [this.sticky_y[0]!, this.sticky_y[1]!] };
  }

  draw({ box, y, pt }: Transform): string {
    if (this.#lines) {
      const lines = this.#colors.map((color, i) =>
        element('path', {
          d: `M${short(box.x)},${short(y(this.#edges[i]!))}h${short(box.width)}`,
          ...stroke(color, pt(1.5)),
        }),
      );
      return group({ class: 'colorbar' }, lines);
    }
    const parts = this.#colors.map((color, i) => {
      const [bottom, top] = [y(this.#edges[i]!), y(this.#edges[i + 1]!)];
      return element('rect', { x: box.x, y: top, width: box.width, height: bottom - top, ...fill(color) });
    });
    return group({ 'class': 'colorbar', 'shape-rendering': 'crispEdges' }, parts);
  }
}

/** A colour bar: axes of its own beside those it belongs to. */
export class Colorbar {
  readonly ax: Axes;

  /** @internal */
  constructor(ax: Axes, mappable: Mappable, { label, ticks }: ColorbarOptions) {
    this.ax = ax;
    ax.yside = 'right';
    [ax.xlook.marks, ax.xlook.labels] = [false, false];
    ax.anchor = 'left';
    ax.artists.push(new Strip(mappable));
    if (label !== undefined) this.set_label(label);
    const { levels } = mappable;
    const places = ticks ?? (levels !== undefined && levels.length <= 11 ? levels : null);
    if (places !== null) ax.yscale.set_ticks(places, undefined);
  }

  set_label(label: string): void {
    this.ax.set_ylabel(label);
  }

  set_ticks(ticks: readonly number[], labels?: readonly string[]): void {
    this.ax.set_yticks(ticks, labels);
  }
}
