/** Which format a file of an image has, and what reads and writes it. */
import { OSError, ValueError } from '../../errors.ts';
import { decode_bmp, encode_bmp, is_bmp } from './bmp.ts';
import { decode_gif, is_gif } from './gif.ts';
import { decode_jpeg, is_jpeg, type JpegFile, open_jpeg } from './jpeg.ts';
import { encode_jpeg } from './jpeg_encoder.ts';
import type { Allocate } from './memory.ts';
import type { Pixels } from './modes.ts';
import { decode_png, encode_png, is_png } from './png.ts';

/** The formats of files of images. */
export type ImageFormat = 'JPEG' | 'PNG' | 'GIF' | 'BMP';

/** How to write a file. */
export interface SaveOptions {
  /** For JPEG: from 1 (small) to 95 (good), 75 by default. */
  quality?: number;
  /** For PNG: how hard to pack, from 0 to 9; 6 by default. */
  compress_level?: number;
}

/** The format of a file by its first bytes; null if it is none that can be read. */
export function format_of(bytes: Uint8Array): ImageFormat | null {
  if (is_jpeg(bytes)) return 'JPEG';
  if (is_png(bytes)) return 'PNG';
  if (is_gif(bytes)) return 'GIF';
  return is_bmp(bytes) ? 'BMP' : null;
}

/** @throws OSError for what a file with impossible numbers in it leads to */
function or_broken<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    // Sizes from a damaged file may be more than an array can have, or lie outside of the file.
    if (error instanceof RangeError) throw new OSError(`broken data stream when reading image file`, { cause: error });
    throw error;
  }
}

/**
 * The image in a file; of a JPEG file, which decoding is most of the work for, all but its pixels.
 *
 * @throws OSError for a file that is damaged
 */
export function open_image(bytes: Uint8Array, format: ImageFormat): Pixels | JpegFile {
  return or_broken(() => {
    switch (format) {
      case 'JPEG':
        return open_jpeg(bytes);
      case 'PNG':
        return decode_png(bytes);
      case 'GIF':
        return decode_gif(bytes);
      default:
        return decode_bmp(bytes);
    }
  });
}

/**
 * The pixels of a file that was opened.
 *
 * @throws OSError for a file that is damaged
 */
export function pixels_in(file: JpegFile, allocate?: Allocate): Pixels {
  return or_broken(() => decode_jpeg(file, allocate));
}

/** The bytes of a file. */
export function encode(image: Pixels, format: ImageFormat, options: SaveOptions): Uint8Array<ArrayBuffer> {
  switch (format) {
    case 'JPEG':
      return encode_jpeg(image, options.quality ?? 75);
    case 'PNG':
      return encode_png(image, options.compress_level ?? 6);
    case 'BMP':
      return encode_bmp(image);
    default:
      throw new ValueError(`cannot write format ${String(format)}`);
  }
}
