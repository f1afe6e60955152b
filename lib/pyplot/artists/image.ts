/** Images: numbers as colours, or colours, in a rectangle. */
import { encode_png } from '../../png.ts';
import type { Artist, Interval, Mappable, Transform } from '../artist.ts';
import { type Colormap, mapped, type Norm } from '../colormaps.ts';
import { TypeError } from '../../errors.ts';
import { extremes, type Numbers } from '../data.ts';
import { repr } from '../../repr.ts';
import { element } from '../svg.ts';

/** Between pixels that are drawn larger than they are: sharp edges, or a gradient. */
export type Interpolation = 'nearest' | 'none' | 'antialiased' | 'auto' | 'bilinear' | 'bicubic';

export interface ImageOptions {
  numbers: Numbers;
  /** Are colours from 0 to 255, and not from 0 to 1? */
  bytes: boolean;
  cmap: Colormap;
  norm: Norm;
  alpha: number | null;
  interpolation: Interpolation;
  /** Where the image lies: the edges of its first and last pixels. */
  extent: readonly [left: number, right: number, bottom: number, top: number];
  /** Does the first row lie above or below? */
  origin: 'upper' | 'lower';
  zorder: number;
  label: string | null;
}

/** @throws TypeError if numbers of this shape are no image */
export function check_image(shape: readonly number[]): void {
  const fits = shape.length === 2 || (shape.length === 3 && [1, 3, 4].includes(shape[2]!));
  if (!fits) throw new TypeError(`Invalid shape ${repr([...shape])} for image data`);
}

/** An image. */
export class AxesImage implements Artist, Mappable {
  zorder: number;
  label: string | null;
  readonly clipped = true;
  readonly cmap: Colormap;
  readonly norm: Norm;
  readonly alpha: number | null;
  readonly sticky_x: readonly number[];
  readonly sticky_y: readonly number[];
  readonly #options: ImageOptions;

  constructor(options: ImageOptions) {
    check_image(options.numbers.shape);
    this.#options = options;
    this.zorder = options.zorder;
    this.label = options.label;
    this.cmap = options.cmap;
    this.norm = options.norm;
    this.alpha = options.alpha;
    this.sticky_x = options.extent.slice(0, 2);
    this.sticky_y = options.extent.slice(2);
  }

  get_extent(): readonly [left: number, right: number, bottom: number, top: number] {
    return this.#options.extent;
  }

  data_limits(): { x: Interval; y: Interval } {
    return { x: extremes(this.sticky_x), y: extremes(this.sticky_y) };
  }

  /** The picture: red, green, blue and opacity of each pixel as bytes, row by row, the first as it was given. */
  pixels(): Uint8Array {
    const { numbers, bytes, alpha } = this.#options;
    const { shape, data } = numbers;
    const [height, width] = shape as [number, number];
    const channels = shape.length === 3 ? shape[2]! : 1;
    const result = new Uint8Array(width * height * 4);
    const opacity = (alpha ?? 1) * 255;
    const byte = (value: number): number =>
      Number.isNaN(value) ? 0 : Math.min(Math.max(bytes ? value : Math.trunc(value * 255), 0), 255);
    for (let i = 0; i < width * height; i++) {
      if (channels === 1) {
        const [red, green, blue, part] = mapped(data[i]!, this.norm, this.cmap);
        result.set([Math.trunc(red * 255), Math.trunc(green * 255), Math.trunc(blue * 255), part * opacity], 4 * i);
      } else {
        for (let c = 0; c < 3; c++) result[4 * i + c] = byte(data[channels * i + c]!);
        result[4 * i + 3] = channels === 4 ? byte(data[channels * i + 3]!) * (alpha ?? 1) : opacity;
      }
    }
    return result;
  }

  draw({ x, y }: Transform): string {
    const { numbers, extent, origin, interpolation } = this.#options;
    const [height, width] = numbers.shape as [number, number];
    if (width === 0 || height === 0) return '';
    const [left, right, bottom, top] = [x(extent[0]), x(extent[1]), y(extent[2]), y(extent[3])];
    const first_row_above = (origin === 'upper') === top <= bottom;
    const pixels = turned(this.pixels(), width, height, right < left, !first_row_above);
    const [shown_width, shown_height] = [Math.abs(right - left), Math.abs(bottom - top)];
    // What is drawn smaller than it is would look ragged if pixels were left out.
    const shrunk = shown_width < width || shown_height < height;
    const smooth = interpolation === 'bilinear' || interpolation === 'bicubic';
    const sharp = !smooth && (!shrunk || interpolation === 'nearest' || interpolation === 'none');
    return element('image', {
      'class': 'image',
      'x': Math.min(left, right),
      'y': Math.min(top, bottom),
      'width': shown_width,
      'height': shown_height,
      'preserveAspectRatio': 'none',
      'image-rendering': sharp ? 'optimizeSpeed' : undefined,
      'style': sharp ? 'image-rendering: pixelated' : undefined,
      'href': `data:image/png;base64,${encode_png(pixels, width, height, 4).toString('base64')}`,
    });
  }
}

/** The rows, or the pixels in them, in reverse. */
function turned(pixels: Uint8Array, width: number, height: number, columns: boolean, rows: boolean): Uint8Array {
  if (!columns && !rows) return pixels;
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * ((rows ? height - 1 - y : y) * width + (columns ? width - 1 - x : x));
      result.set(pixels.subarray(from, from + 4), 4 * (y * width + x));
    }
  }
  return result;
}
