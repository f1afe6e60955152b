/** libjpeg-turbo as a library of the system's own kind, with vector instructions: native/jpeg.cc. */
import { beside_addon } from '../../loader.ts';
import { native } from '../../native.ts';
import type { JpegDecoder } from './jpeg_decoder.ts';

/** The library; null on platforms that have none beside the addon. */
export function open_library(): JpegDecoder | null {
  if (!native.open_jpeg(beside_addon('libturbojpeg.so.0'))) return null;
  const numbers = new Int32Array(4);
  return {
    header(bytes) {
      if (!native.jpeg_header(bytes, numbers)) return null;
      const [width, height, , space] = numbers as unknown as readonly [number, number, number, number];
      return { width, height, space };
    },
    pixels(bytes, { width, height }, { format, channels }, allocate) {
      const data = allocate(width * height * channels);
      return native.jpeg_pixels(bytes, data, width, height, format, channels) ? data : null;
    },
  };
}
