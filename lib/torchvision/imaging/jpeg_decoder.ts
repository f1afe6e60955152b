/** What decodes JPEG files: libjpeg-turbo, in one of two builds of it. */

/** Numbers from the beginning of a file. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** libjpeg-turbo's number of a colour space: RGB, YCbCr, grey, CMYK, YCCK. */
  readonly space: number;
}

/** What the decoder can be asked for: libjpeg-turbo's numbers of pixel formats. */
export const FORMAT = { RGB: 0, GRAY: 6, CMYK: 11 } as const;

/** One build of libjpeg-turbo. */
export interface JpegDecoder {
  /**
   * Reads a file: its header, and its pixels in the format, of so many bytes each, that `choose` finds for it.
   *
   * What libjpeg only warns of, such as stray bytes or an end that comes too early, is no error.
   *
   * @returns null for a file that is damaged
   */
  decode(
    bytes: Uint8Array,
    choose: (header: JpegHeader) => { readonly format: number; readonly channels: number },
  ): { readonly header: JpegHeader; readonly data: Uint8Array<ArrayBuffer> } | null;
}
