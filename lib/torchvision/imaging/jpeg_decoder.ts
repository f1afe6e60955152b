/** What decodes JPEG files: libjpeg-turbo, in one of two builds of it. */
import type { Allocate } from './memory.ts';

/** Numbers from the beginning of a file. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** libjpeg-turbo's number of a colour space: RGB, YCbCr, grey, CMYK, YCCK. */
  readonly space: number;
}

/** What the decoder can be asked for: libjpeg-turbo's numbers of pixel formats. */
export const FORMAT = { RGB: 0, GRAY: 6, CMYK: 11 } as const;

/** How pixels are to lie: one of these formats, and how many bytes it has for a pixel. */
export interface PixelLayout {
  readonly format: number;
  readonly channels: number;
}

/**
 * One build of libjpeg-turbo.
 *
 * What libjpeg only warns of, such as stray bytes or an end that comes too early, is no error.
 */
export interface JpegDecoder {
  /** @returns null for a file that is damaged */
  header(bytes: Uint8Array): JpegHeader | null;
  /**
   * The pixels of a file with that header, in memory that `allocate` gives.
   *
   * @returns null for a file that is damaged
   */
  pixels(bytes: Uint8Array, header: JpegHeader, layout: PixelLayout, allocate: Allocate): Uint8Array<ArrayBuffer> | null;
}
