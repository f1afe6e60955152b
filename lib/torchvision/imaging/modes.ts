/** What the pixels of an image can be, and how they lie in memory. */

/**
 * Values for each pixel by mode: black and white (as bytes 0 and 255), grey, grey with alpha, numbers of a palette's
 * colours, colours, colours with alpha, printing inks, luma with chroma, hue with saturation and value, and 16-bit,
 * 32-bit whole numbers and floats. `La` and `RGBa` have their colours multiplied by alpha.
 */
export const CHANNELS = {
  '1': 1,
  L: 1,
  LA: 2,
  La: 2,
  P: 1,
  RGB: 3,
  RGBA: 4,
  RGBa: 4,
  RGBX: 4,
  CMYK: 4,
  YCbCr: 3,
  HSV: 3,
  I: 1,
  'I;16': 1,
  F: 1,
} as const;

/** What an image's pixels are. */
export type ImageMode = keyof typeof CHANNELS;

/** An image's pixels: row by row, the values of a pixel side by side. */
export type ImageData =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>;

/** An image's bare parts, as the functions that work on pixels take and give them. */
export interface Pixels {
  readonly mode: ImageMode;
  readonly width: number;
  readonly height: number;
  readonly data: ImageData;
  /** The colours of mode `P`: red, green and blue of up to 256. */
  readonly palette?: Uint8Array<ArrayBuffer> | null;
  /** What is transparent: one colour, or an alpha for each of a palette's. */
  readonly transparency?: number | readonly number[] | Uint8Array | null;
}

/** The names of a mode's channels. */
export function bands_of(mode: ImageMode): string[] {
  return mode === 'YCbCr' ? ['Y', 'Cb', 'Cr'] : mode === 'I;16' ? ['I'] : mode.split('');
}

/** The typed array that a mode's values are kept in. */
export function array_type(
  mode: ImageMode,
): Uint8ArrayConstructor | Uint16ArrayConstructor | Int32ArrayConstructor | Float32ArrayConstructor {
  return mode === 'F' ? Float32Array : mode === 'I' ? Int32Array : mode === 'I;16' ? Uint16Array : Uint8Array;
}

/** Zeros for `count` pixels of a mode. */
export function allocate(mode: ImageMode, count: number): ImageData {
  return new (array_type(mode))(count * CHANNELS[mode]) as ImageData;
}

/** The same memory as bytes. */
export function bytes_of({ buffer, byteOffset, byteLength }: ImageData): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Are the values of a mode bytes? */
export function is_bytes(mode: ImageMode): boolean {
  return array_type(mode) === Uint8Array;
}
