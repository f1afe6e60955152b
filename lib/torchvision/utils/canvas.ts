/** Drawing on pixels, with the shapes that Pillow's `ImageDraw` draws. */
import type { RGB } from './colors.ts';
import { ADVANCE, HEIGHT, text_pixels } from './font.ts';

/** A corner or an end. */
export type Point = readonly [x: number, y: number];

/** Pixels of three bytes each, row by row. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;

  constructor(width: number, height: number, data: Uint8Array) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** One pixel; nothing where there is none. An alpha below 255 lets what is there shine through. */
  point(x: number, y: number, color: RGB, alpha = 255): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = 3 * (y * this.width + x);
    for (let c = 0; c < 3; c++) {
      if (alpha === 255) {
        this.data[at + c] = color[c]!;
        continue;
      }
      // A rounded division by 255, as Pillow does it.
      const mixed = this.data[at + c]! * (255 - alpha) + color[c]! * alpha + 128;
      this.data[at + c] = ((mixed >> 8) + mixed) >> 8;
    }
  }

  /** The pixels of a row from `x0` to `x1`. */
  hline(x0: number, y: number, x1: number, color: RGB, alpha = 255): void {
    if (y < 0 || y >= this.height) return;
    const last = Math.min(x1, this.width - 1);
    for (let x = Math.max(x0, 0); x <= last; x++) this.point(x, y, color, alpha);
  }

  /** A filled rectangle; the corners belong to it. */
  fill(x0: number, y0: number, x1: number, y1: number, color: RGB, alpha = 255): void {
    for (let y = Math.max(y0, 0); y <= Math.min(y1, this.height - 1); y++) this.hline(x0, y, x1, color, alpha);
  }

  /** The outline of a rectangle, so many pixels wide, inside of its corners. */
  outline(x0: number, y0: number, x1: number, y1: number, color: RGB, width: number): void {
    for (let i = 0; i < width; i++) {
      this.hline(x0, y0 + i, x1, color);
      this.hline(x0, y1 - i, x1, color);
      this.vline(x1 - i, y0 + width, y1 - width + 1, color);
      this.vline(x0 + i, y0 + width, y1 - width + 1, color);
    }
  }

  /** The pixels of a column from `y0` on, up to `y1` but without it, or down to it. */
  vline(x: number, y0: number, y1: number, color: RGB): void {
    const step = y1 < y0 ? -1 : 1;
    for (let y = y0; y !== y1; y += step) this.point(x, y, color);
  }

  /** The filled ellipse that fits into a rectangle. */
  ellipse(x0: number, y0: number, x1: number, y1: number, color: RGB): void {
    const [a, b] = [x1 - x0, y1 - y0];
    if (a < 0 || b < 0) return;
    // Twice the distances from the middle, so that they are whole numbers.
    for (const [x, y] of quarter(a, b)) {
      const [left, right] = [x0 + (a - x) / 2, x0 + (a + x) / 2];
      this.hline(left, y0 + (b - y) / 2, right, color);
      if (y !== 0) this.hline(left, y0 + (b + y) / 2, right, color);
    }
  }

  /** A line, so many pixels wide. Both ends belong to it. */
  line([x0, y0]: Point, [x1, y1]: Point, color: RGB, width: number): void {
    if (width <= 1) {
      for (const [x, y] of bresenham(x0, y0, x1, y1)) this.point(x, y, color);
      return;
    }
    if (x0 === x1 && y0 === y1) {
      this.point(x0, y0, color);
      return;
    }
    // The corners of the bar, on whole pixels: where it cannot be as wide on both sides, one side gets the pixel more.
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = Math.hypot(dx, dy);
    const half = (width - 1) / 2;
    const less = round_down(half) / length;
    const more = round_up(half) / length;
    const [dxmin, dxmax] = [round_up(less * dy), round_up(more * dy)];
    const [dymin, dymax] = [round_up(less * dx), round_up(more * dx)];
    this.polygon(
      [
        [x0 - dxmin, y0 + dymax],
        [x1 - dxmin, y1 + dymax],
        [x1 + dxmax, y1 - dymin],
        [x0 + dxmax, y0 - dymin],
      ],
      color,
    );
  }

  /** A filled polygon without dents, with corners on whole pixels. */
  polygon(corners: readonly Point[], color: RGB): void {
    const ys = corners.map(([, y]) => y);
    for (let y = Math.max(Math.min(...ys), 0); y <= Math.min(Math.max(...ys), this.height - 1); y++) {
      const crossings: number[] = [];
      corners.forEach(([x0, y0], i) => {
        const [x1, y1] = corners[(i + 1) % corners.length]!;
        if (y0 === y1) {
          if (y0 === y) this.hline(Math.min(x0, x1), y, Math.max(x0, x1), color);
        } else if (Math.min(y0, y1) <= y && y <= Math.max(y0, y1)) {
          // In single precision, as Pillow computes it: where half a pixel goes hangs on it.
          const slope = Math.fround((x1 - x0) / (y1 - y0));
          crossings.push(Math.fround(Math.fround((y - y0) * slope) + x0));
        }
      });
      if (crossings.length > 0) {
        this.hline(round_up(Math.min(...crossings)), y, round_down(Math.max(...crossings)), color);
      }
    }
  }

  /** A text in small letters of a fixed size, with its upper left corner at a place. */
  text(x: number, y: number, text: string, color: RGB): void {
    for (const [column, row] of text_pixels(text)) this.point(x + column, y + row, color);
  }

  /** The rectangle that a text would take. */
  static text_box(x: number, y: number, text: string): [left: number, top: number, right: number, bottom: number] {
    return [x, y, x + ADVANCE * Array.from(text).length, y + HEIGHT];
  }
}

/** Halves go away from zero. */
function round_up(x: number): number {
  return x >= 0 ? Math.floor(x + 0.5) : -Math.floor(-x + 0.5);
}

/** Halves go towards zero. */
function round_down(x: number): number {
  return x >= 0 ? Math.ceil(x - 0.5) : -Math.ceil(-x - 0.5);
}

/**
 * For every row of a quarter of an ellipse how far it reaches, both twice as large as in pixels: starting on the long
 * axis, always the neighbour that is nearest to the curve.
 */
function* quarter(a: number, b: number): Generator<[x: number, y: number], void> {
  const distance = (x: number, y: number): number => Math.abs(a * a * y * y + b * b * x * x - a * a * b * b);
  let [x, y] = [a, b % 2];
  const end = [a % 2, b] as const;
  let row = -1;
  for (;;) {
    if (y !== row) {
      yield [x, y];
      row = y;
    }
    if (x === end[0] && y === end[1]) return;
    let next: [number, number] = [x, y + 2];
    let nearest = distance(...next);
    if (x > 1) {
      const candidates: [number, number][] = [
        [x - 2, y + 2],
        [x - 2, y],
      ];
      for (const candidate of candidates) {
        const off = distance(...candidate);
        if (off >= nearest) continue;
        next = candidate;
        nearest = off;
      }
    }
    [x, y] = next;
  }
}

/** The pixels of a thin line. */
function* bresenham(x0: number, y0: number, x1: number, y1: number): Generator<Point, void> {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const [sx, sy] = [Math.sign(x1 - x0), Math.sign(y1 - y0)];
  const steep = dy > dx;
  const [long, short] = steep ? [dy, dx] : [dx, dy];
  let error = 2 * short - long;
  for (let i = 0, x = x0, y = y0; i <= long; i++) {
    yield [x, y];
    if (error >= 0 && short > 0) {
      if (steep) x += sx;
      else y += sy;
      error -= 2 * long;
    }
    if (steep) y += sy;
    else x += sx;
    error += 2 * short;
  }
}
