/**
 * An image in memory: what `PIL.Image` is in Python, as far as datasets and transforms need it.
 *
 * @see https://pillow.readthedocs.io/en/stable/reference/Image.html
 */
import { inspect } from 'node:util';
import { IndexError, ValueError } from '../errors.ts';

/** Values for each pixel by mode: grey, grey with alpha, colours, colours with alpha, 32-bit whole numbers, floats. */
const channels = { L: 1, LA: 2, RGB: 3, RGBA: 4, I: 1, F: 1 } as const;

/** What an image's pixels are. */
export type ImageMode = keyof typeof channels;

/** An image's pixels: row by row, the values of a pixel side by side. */
export type ImageData = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** An image in memory. */
export class Image {
  readonly mode: ImageMode;
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height` x `width` x channels values: bytes, for mode `I` 32-bit integers, for mode `F` 32-bit floats. */
  readonly data: ImageData;

  /**
   * @param data the pixels; kept, not copied
   * @throws ValueError if there are not as many values as the size asks for
   */
  constructor(mode: ImageMode, width: number, height: number, data: ImageData) {
    if (!Object.hasOwn(channels, mode)) throw new ValueError(`unrecognized image mode: ${String(mode)}`);
    const wanted = width * height * channels[mode];
    if (data.length !== wanted) {
      throw new ValueError(`an image of ${width} x ${height} in mode ${mode} has ${wanted} values, not ${data.length}`);
    }
    this.mode = mode;
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** Width and height, as Pillow has them. */
  get size(): [width: number, height: number] {
    return [this.width, this.height];
  }

  /** Values for each pixel. */
  get channels(): number {
    return channels[this.mode];
  }

  /** The names of the channels. */
  getbands(): string[] {
    return this.mode.split('');
  }

  /** The pixel in column `x` of row `y`: a number, or a list of them where there are several channels. */
  getpixel([x, y]: readonly [x: number, y: number]): number | number[] {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) throw new IndexError('image index out of range');
    const start = (y * this.width + x) * this.channels;
    return this.channels === 1 ? this.data[start]! : Array.from(this.data.subarray(start, start + this.channels));
  }

  toString(): string {
    return `<Image mode=${this.mode} size=${this.width}x${this.height}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
