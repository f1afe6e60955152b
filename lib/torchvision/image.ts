/**
 * An image in memory: what `PIL.Image` is in Python, as far as datasets and transforms need it, with the same pixels.
 *
 * @see https://pillow.readthedocs.io/en/stable/reference/Image.html
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { inspect } from 'node:util';
import { IndexError, OSError, TypeError, ValueError } from '../errors.ts';
import { repr, type_name } from '../repr.ts';
import { encode, format_of, type ImageFormat, open_image, pixels_in, type SaveOptions } from './imaging/codecs.ts';
import { blend, histogram, look_up, smooth } from './imaging/colour.ts';
import { convert } from './imaging/convert.ts';
import { crop, filled, rotation, transform, Transform, transpose, Transpose } from './imaging/geometry.ts';
import type { JpegFile } from './imaging/jpeg.ts';
import { passing_bytes } from './imaging/memory.ts';
import {
  allocate,
  array_type,
  bands_of,
  CHANNELS,
  type ImageData,
  type ImageMode,
  is_bytes,
  type Pixels,
} from './imaging/modes.ts';
import { type Box, resample, Resampling } from './imaging/resample.ts';

export type { ImageData, ImageMode } from './imaging/modes.ts';
export type { SaveOptions } from './imaging/codecs.ts';

/** A colour: a number for a mode with one channel, otherwise a list with one for each. */
export type Color = number | readonly number[];

/** Files whose bytes say that they are images, or their bytes. */
export type ImageFile = string | URL | Uint8Array;

/** A typed array that knows its shape, as `tensor.numpy()` gives it. */
type Shaped = ArrayBufferView & ArrayLike<number> & { readonly shape?: readonly number[] };

/** A colour's value for each channel of a mode. */
function color_values(mode: ImageMode, color: Color | null): number[] {
  const count = CHANNELS[mode];
  const given = typeof color === 'number' ? [color] : [...(color ?? [0])];
  // A single number is the first channel, with full alpha where there is one; Pillow reads it as a packed colour.
  const values =
    given.length === count
      ? given
      : given.length === 1
        ? Array.from({ length: count }, (_, i) => (i === 0 ? given[0]! : 0))
        : given.length === count - 1 && (mode === 'RGBA' || mode === 'LA')
          ? [...given, 255]
          : null;
  if (values === null || !values.every((value) => typeof value === 'number')) {
    throw new TypeError(`color must be int or tuple of ${count} values for mode ${mode}, not ${repr(color)}`);
  }
  return is_bytes(mode) ? values.map((value) => Math.min(Math.max(Math.trunc(value), 0), 255)) : values;
}

function check_box(box: readonly number[]): Box {
  if (!Array.isArray(box) || box.length !== 4) throw new ValueError('box must be a sequence of 4 numbers');
  return box as unknown as Box;
}

/** Python's `round` to a whole number: halves to the even one. */
function round_even(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** What functions on pixels take: the image without its methods. */
function pixels_of({ mode, width, height, data, palette, transparency }: Image): Pixels {
  return { mode, width, height, data, palette, transparency };
}

/** For the pixels of a file of which another image is made at once. */
const passing = passing_bytes();

/** Where the values of a pixel begin; negative positions count from the end. */
function position_of(image: Image, x: number, y: number): number {
  const column = x < 0 ? x + image.width : x;
  const row = y < 0 ? y + image.height : y;
  if (!(column >= 0 && column < image.width && row >= 0 && row < image.height)) {
    throw new IndexError('image index out of range');
  }
  return (row * image.width + column) * image.channels;
}

/** An image in memory. */
export class Image implements Pixels {
  static readonly Resampling = Resampling;
  static readonly Transpose = Transpose;
  static readonly Transform = Transform;
  static readonly NEAREST = Resampling.NEAREST;
  static readonly LANCZOS = Resampling.LANCZOS;
  static readonly BILINEAR = Resampling.BILINEAR;
  static readonly BICUBIC = Resampling.BICUBIC;
  static readonly BOX = Resampling.BOX;
  static readonly HAMMING = Resampling.HAMMING;
  static readonly FLIP_LEFT_RIGHT = Transpose.FLIP_LEFT_RIGHT;
  static readonly FLIP_TOP_BOTTOM = Transpose.FLIP_TOP_BOTTOM;
  static readonly ROTATE_90 = Transpose.ROTATE_90;
  static readonly ROTATE_180 = Transpose.ROTATE_180;
  static readonly ROTATE_270 = Transpose.ROTATE_270;
  static readonly AFFINE = Transform.AFFINE;
  static readonly PERSPECTIVE = Transform.PERSPECTIVE;

  readonly mode: ImageMode;
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The colours of mode `P`: red, green and blue of up to 256. */
  palette: Uint8Array<ArrayBuffer> | null = null;
  /** What is transparent: one colour, or an alpha for each of a palette's. */
  transparency: number | readonly number[] | Uint8Array | null = null;
  /** The format of the file it was read from, such as `JPEG`; null for what was made of it, even a copy. */
  format: ImageFormat | null = null;

  /** @internal The pixels; null as long as they are only in the file. */
  _data: ImageData | null;
  /** @internal The file that the pixels are still in. */
  _file: JpegFile | null = null;
  /** @internal Has an image been made of the file's pixels? */
  _was_seen = false;

  /**
   * @param data the pixels; kept, not copied
   * @throws ValueError if there are not as many values as the size asks for
   */
  constructor(mode: ImageMode, width: number, height: number, data: ImageData);
  /** @internal */
  constructor(mode: ImageMode, width: number, height: number, data: ImageData | null);
  constructor(mode: ImageMode, width: number, height: number, data: ImageData | null) {
    if (!Object.hasOwn(CHANNELS, mode)) throw new ValueError(`unrecognized image mode: ${String(mode)}`);
    const wanted = width * height * CHANNELS[mode];
    if (data !== null && data.length !== wanted) {
      throw new ValueError(`an image of ${width} x ${height} in mode ${mode} has ${wanted} values, not ${data.length}`);
    }
    this.mode = mode;
    this.width = width;
    this.height = height;
    this._data = data;
  }

  /**
   * `height` x `width` x channels values: bytes; for mode `I;16` 16-bit integers, for mode `I` 32-bit integers, for mode
   * `F` 32-bit floats.
   *
   * @throws OSError for a file that is damaged where only decoding tells
   */
  get data(): ImageData {
    if (this._data === null) {
      this._data = pixels_in(this._file!).data;
      this._file = null;
    }
    return this._data;
  }

  /**
   * @internal What a function takes that makes another image. Of a file that is often the only use of its pixels, so the
   * first time they are only lent: they last until this is asked of another image.
   */
  _lent(): Pixels {
    if (this._file === null || this._was_seen) return pixels_of(this);
    this._was_seen = true;
    return pixels_in(this._file, passing);
  }

  /** @internal An image of bare pixels. */
  static _of(pixels: Pixels): Image {
    const image = new Image(pixels.mode, pixels.width, pixels.height, pixels.data);
    if (pixels.mode === 'P') image.palette = pixels.palette ?? null;
    image.transparency = pixels.transparency ?? null;
    return image;
  }

  /** @internal The image in a file, whose pixels may stay there until they are asked for. */
  static _in_file(bytes: Uint8Array, format: ImageFormat): Image {
    const opened = open_image(bytes, format);
    if ('data' in opened) return Image._of(opened);
    const image = new Image(opened.mode, opened.header.width, opened.header.height, null);
    image._file = opened;
    return image;
  }

  /**
   * Reads an image from a file, or from the bytes of one: JPEG, PNG, GIF (its first picture), BMP. A JPEG file is decoded
   * when its pixels are asked for.
   *
   * @throws OSError if there is no such file, or if it is damaged or of another kind
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
   */
  static open(fp: ImageFile): Image {
    const of_bytes = fp instanceof Uint8Array;
    let bytes: Uint8Array;
    try {
      bytes = of_bytes ? fp : readFileSync(fp);
    } catch (cause) {
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      throw new OSError(
        missing ? `[Errno 2] No such file or directory: ${repr(String(fp))}` : (cause as Error).message,
        { cause },
      );
    }
    const format = format_of(bytes);
    if (format === null) {
      throw new OSError(`cannot identify image file ${of_bytes ? 'from its bytes' : repr(String(fp))}`);
    }
    const image = Image._in_file(bytes, format);
    // Whoever gave bytes may change them.
    if (of_bytes) void image.data;
    image.format = format;
    return image;
  }

  /**
   * An image of one colour.
   *
   * @param color a value for each channel, or one number for modes with a single channel (default: 0, black)
   */
  static new(mode: ImageMode, size: readonly [width: number, height: number], color: Color | null = 0): Image {
    if (!Object.hasOwn(CHANNELS, mode)) throw new ValueError('unrecognized image mode');
    const [width, height] = size;
    if (!(width >= 0 && height >= 0)) throw new ValueError('Width and height must be >= 0');
    return Image._of(filled(mode, width, height, color_values(mode, color)));
  }

  /** An image of bytes that lie as `data` does. */
  static frombytes(mode: ImageMode, size: readonly [width: number, height: number], data: Uint8Array): Image {
    const image = Image.new(mode, size);
    const to = new Uint8Array(image.data.buffer);
    if (data.length < to.length) throw new ValueError('not enough image data');
    if (data.length > to.length) throw new ValueError('cannot decode image data');
    to.set(data);
    return image;
  }

  /**
   * An image of an array of shape (H, W) or (H, W, C), as `tensor.numpy()` gives it.
   *
   * @throws TypeError for a shape or numbers that no mode has
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.fromarray
   */
  static fromarray(obj: ArrayBufferView, mode: ImageMode | null = null): Image {
    const array = obj as Shaped;
    const shape = ArrayBuffer.isView(obj) ? array.shape : undefined;
    if (shape === undefined || shape.length < 1 || shape.length > 3) {
      throw new TypeError('fromarray() needs a typed array with a shape (H, W) or (H, W, C), as tensor.numpy() gives it');
    }
    const [height, width, count] = [shape[0]!, shape[1] ?? 1, shape[2] ?? 1];
    const by_count: readonly (readonly ImageMode[])[] = [
      [],
      ['L', 'P', '1'],
      ['LA', 'La'],
      ['RGB', 'YCbCr', 'HSV'],
      ['RGBA', 'RGBa', 'RGBX', 'CMYK'],
    ];
    let modes: readonly ImageMode[] = [];
    if (obj instanceof Uint8Array || obj instanceof Uint8ClampedArray) modes = by_count[count] ?? [];
    else if (shape.length < 3 || count === 1) {
      if (obj instanceof Float32Array || obj instanceof Float64Array) modes = ['F'];
      else if (obj instanceof Uint16Array) modes = ['I;16'];
      else if (obj instanceof Int32Array || obj instanceof Int16Array || obj instanceof Int8Array) modes = ['I'];
    }
    const chosen = mode ?? modes[0];
    if (chosen === undefined) {
      throw new TypeError(`Cannot handle this data type: (1, 1${count > 1 ? `, ${count}` : ''}), ${type_name(obj)}`);
    }
    if (modes.length === 0 || !modes.includes(chosen)) throw new ValueError('Invalid mode for data type');
    const values = new (array_type(chosen))(array) as ImageData;
    return new Image(chosen, width, height, values);
  }

  /** An image of single-channel ones, one for each channel of the mode. */
  static merge(mode: ImageMode, bands: readonly Image[]): Image {
    const count = CHANNELS[mode];
    if (bands.length !== count) throw new ValueError('wrong number of bands');
    const [first] = bands as readonly [Image, ...Image[]];
    for (const { mode: one, width, height } of bands) {
      if (CHANNELS[one] !== 1) throw new ValueError('mode mismatch');
      if (width !== first.width || height !== first.height) throw new ValueError('size mismatch');
    }
    const data = allocate(mode, first.width * first.height);
    bands.forEach((band, c) => {
      for (let i = 0, o = c; i < band.data.length; i++, o += count) data[o] = band.data[i]!;
    });
    return new Image(mode, first.width, first.height, data);
  }

  /**
   * What is between two images at `alpha`: the first at 0, the second at 1, and beyond.
   *
   * @throws ValueError unless they have one mode and one size
   */
  static blend(im1: Image, im2: Image, alpha: number): Image {
    if (im1.mode !== im2.mode || !is_bytes(im1.mode)) throw new ValueError('image has wrong mode');
    if (im1.width !== im2.width || im1.height !== im2.height) throw new ValueError('images do not match');
    return Image._of(blend(im1, im2, alpha));
  }

  /** Width and height, as Pillow has them. */
  get size(): [width: number, height: number] {
    return [this.width, this.height];
  }

  /** Values for each pixel. */
  get channels(): number {
    return CHANNELS[this.mode];
  }

  /** The names of the channels. */
  getbands(): string[] {
    return bands_of(this.mode);
  }

  /** The pixel in column `x` of row `y`: a number, or a list of them where there are several channels. */
  getpixel([x, y]: readonly [x: number, y: number]): number | number[] {
    const start = position_of(this, x, y);
    return this.channels === 1 ? this.data[start]! : Array.from(this.data.subarray(start, start + this.channels));
  }

  /** Changes the pixel in column `x` of row `y`. */
  putpixel([x, y]: readonly [x: number, y: number], value: Color): void {
    this.data.set(color_values(this.mode, value), position_of(this, x, y));
  }

  copy(): Image {
    const pixels = this._lent();
    return Image._of({ ...pixels, data: pixels.data.slice() as ImageData });
  }

  /** The pixels as bytes, row by row. */
  tobytes(): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.data;
    return new Uint8Array(buffer, byteOffset, byteLength).slice();
  }

  /**
   * The image in another mode.
   *
   * @throws ValueError where there is no way to it
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.convert
   */
  convert(mode?: ImageMode | null): Image {
    const wanted = mode ?? (this.mode !== 'P' ? this.mode : this.transparency === null ? 'RGB' : 'RGBA');
    if (!Object.hasOwn(CHANNELS, wanted)) throw new ValueError(`unrecognized image mode: ${String(wanted)}`);
    return wanted === this.mode ? this.copy() : Image._of(convert(this._lent(), wanted));
  }

  /**
   * The image, or the part of it within `box`, in another size.
   *
   * @param resample how to interpolate (default: `Image.BICUBIC`)
   * @param box left, upper, right and lower edge; they need not be whole numbers
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize
   */
  resize(size: readonly number[], filter: Resampling | null = null, box: readonly number[] | null = null): Image {
    if (!Array.isArray(size) || size.length !== 2) throw new ValueError('Size must be a sequence of length 2');
    const [width, height] = size as unknown as readonly [number, number];
    const edges = box === null ? ([0, 0, this.width, this.height] as const) : check_box(box);
    const whole = edges[0] === 0 && edges[1] === 0 && edges[2] === this.width && edges[3] === this.height;
    const wanted = filter ?? Resampling.BICUBIC;
    if (!Object.values(Resampling).includes(wanted)) {
      throw new ValueError(`Unknown resampling filter (${String(wanted)}).`);
    }
    if (width === this.width && height === this.height && whole) return this.copy();
    const kind = this.mode === '1' || this.mode === 'P' ? Resampling.NEAREST : wanted;
    // Colours that cannot be seen must not show.
    const premultiplied = kind === Resampling.NEAREST ? null : this.mode === 'LA' ? 'La' : this.mode === 'RGBA' ? 'RGBa' : null;
    if (premultiplied !== null) return this.convert(premultiplied).resize(size, kind, edges).convert(this.mode);
    const pixels = this._lent();
    return Image._of({ ...pixels, width, height, data: resample(pixels, width, height, kind, edges) });
  }

  /** What is inside a box: left, upper, right and lower edge. What is outside of the image is zero. */
  crop(box: readonly number[] | null = null): Image {
    if (box === null) return this.copy();
    const [left, upper, right, lower] = check_box(box).map(round_even) as unknown as Box;
    if (right < left) throw new ValueError("Coordinate 'right' is less than 'left'");
    if (lower < upper) throw new ValueError("Coordinate 'lower' is less than 'upper'");
    return Image._of(crop(this._lent(), [left, upper, right, lower]));
  }

  /** Flips or turns the image by quarters: `Image.FLIP_LEFT_RIGHT`, `Image.ROTATE_90` and so on. */
  transpose(method: Transpose): Image {
    return Image._of(transpose(pixels_of(this), method));
  }

  /**
   * Turns the image by `angle` degrees, counter clockwise.
   *
   * @param resample how to interpolate (default: `Image.NEAREST`)
   * @param expand make the result large enough for all of it?
   * @param center what it turns around (default: its middle)
   * @param translate how far to move it afterwards
   * @param fillcolor what comes from outside of the image (default: zeros)
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.rotate
   */
  rotate(
    angle: number,
    resample: Resampling = Resampling.NEAREST,
    expand = false,
    center: readonly number[] | null = null,
    translate: readonly number[] | null = null,
    fillcolor: Color | null = null,
  ): Image {
    const turn = ((angle % 360) + 360) % 360;
    if (center === null && translate === null) {
      if (turn === 0) return this.copy();
      if (turn === 180) return this.transpose(Transpose.ROTATE_180);
      if ((turn === 90 || turn === 270) && (expand || this.width === this.height)) {
        return this.transpose(turn === 90 ? Transpose.ROTATE_90 : Transpose.ROTATE_270);
      }
    }
    const { matrix, width, height } = rotation(this.width, this.height, turn, expand, center, translate);
    return this.transform([width, height], Transform.AFFINE, matrix, resample, fillcolor);
  }

  /**
   * Warps the image: `data` says where in it each pixel of the result comes from.
   *
   * @param data for `Image.AFFINE` six numbers, for `Image.PERSPECTIVE` eight
   * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.transform
   */
  transform(
    size: readonly [width: number, height: number],
    method: Transform,
    data: readonly number[],
    resample: Resampling = Resampling.NEAREST,
    fillcolor: Color | null = null,
  ): Image {
    const premultiplied = resample === Resampling.NEAREST ? null : this.mode === 'LA' ? 'La' : this.mode === 'RGBA' ? 'RGBa' : null;
    if (premultiplied !== null) {
      return this.convert(premultiplied).transform(size, method, data, resample, fillcolor).convert(this.mode);
    }
    const fill = color_values(this.mode, fillcolor);
    return Image._of(transform(pixels_of(this), size[0], size[1], method, data, resample, fill));
  }

  /**
   * Looks every byte up in a table: of 256 entries, or of as many for each channel. A function makes the table.
   */
  point(lut: ArrayLike<number> | ((value: number) => number)): Image {
    if (!is_bytes(this.mode)) throw new ValueError(`point operation not supported for mode ${this.mode}`);
    const table = typeof lut === 'function' ? Array.from({ length: 256 }, (_, value) => lut(value)) : lut;
    return Image._of(look_up(pixels_of(this), table));
  }

  /** How often each value occurs, channel after channel: 256 counts for each. */
  histogram(): number[] {
    if (!is_bytes(this.mode)) throw new ValueError(`histogram of mode ${this.mode} is not supported`);
    return Array.from(histogram(this));
  }

  /** @internal The image softened, as Pillow's `ImageFilter.SMOOTH` does it. */
  _smooth(): Image {
    return Image._of(smooth(pixels_of(this)));
  }

  /** One channel, by number or by name. */
  getchannel(channel: number | string): Image {
    const c = typeof channel === 'string' ? this.getbands().indexOf(channel) : channel;
    const count = this.channels;
    if (!(c >= 0 && c < count)) {
      throw new ValueError(
        typeof channel === 'string' ? `The image has no channel "${channel}"` : 'band index out of range',
      );
    }
    const mode = count === 1 ? this.mode : 'L';
    const data = allocate(mode, this.width * this.height);
    for (let i = 0, o = c; i < data.length; i++, o += count) data[i] = this.data[o]!;
    return new Image(mode, this.width, this.height, data);
  }

  /** The channels, each an image. */
  split(): Image[] {
    return this.getbands().map((_, c) => this.getchannel(c));
  }

  /** Replaces alpha, or adds it. */
  putalpha(alpha: Image | number): Image {
    const mode = this.mode === 'L' || this.mode === 'LA' ? 'LA' : 'RGBA';
    const result = this.mode === mode ? this.copy() : this.convert(mode);
    for (let i = 0, o = result.channels - 1; o < result.data.length; i++, o += result.channels) {
      result.data[o] = typeof alpha === 'number' ? alpha : alpha.data[i]!;
    }
    return result;
  }

  /** Puts another image of the same mode into this one, its upper left corner at `box`. */
  paste(im: Image, box: readonly number[] = [0, 0]): void {
    const [left, upper] = box as readonly [number, number];
    const source = im.mode === this.mode ? im : im.convert(this.mode);
    const step = this.channels;
    const x0 = Math.max(left, 0);
    const x1 = Math.min(left + source.width, this.width);
    if (x1 <= x0) return;
    for (let y = Math.max(upper, 0); y < Math.min(upper + source.height, this.height); y++) {
      const row = ((y - upper) * source.width + x0 - left) * step;
      this.data.set(source.data.subarray(row, row + (x1 - x0) * step), (y * this.width + x0) * step);
    }
  }

  /** The colours of mode `P`, red, green and blue side by side; null for other modes. */
  getpalette(): number[] | null {
    return this.palette === null ? null : Array.from(this.palette);
  }

  /** The least and the largest value, or a pair of them for each channel. */
  getextrema(): [number, number] | [number, number][] {
    const count = this.channels;
    const pairs = Array.from({ length: count }, (_, c): [number, number] => {
      let [least, most] = [Infinity, -Infinity];
      for (let i = c; i < this.data.length; i += count) {
        least = Math.min(least, this.data[i]!);
        most = Math.max(most, this.data[i]!);
      }
      return [least, most];
    });
    return count === 1 ? pairs[0]! : pairs;
  }

  /**
   * Writes the image to a file.
   *
   * @param format `PNG`, `JPEG` or `BMP` (default: what the file's name says)
   * @throws ValueError for a name that says nothing
   * @throws OSError for a mode that the format does not have
   */
  save(fp: string | URL, format?: ImageFormat | null, options: SaveOptions = {}): void {
    const extension = extname(String(fp)).toLowerCase();
    const by_name: Record<string, ImageFormat> = {
      '.png': 'PNG',
      '.jpg': 'JPEG',
      '.jpeg': 'JPEG',
      '.jpe': 'JPEG',
      '.bmp': 'BMP',
    };
    const wanted = format ?? by_name[extension];
    if (wanted === undefined) throw new ValueError(`unknown file extension: ${extension}`);
    writeFileSync(fp, encode(this, wanted, options));
  }

  toString(): string {
    return `<Image mode=${this.mode} size=${this.width}x${this.height}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
