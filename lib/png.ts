/** Pictures as PNG files, written synchronously. `torchvision/imaging/png.ts` is about Pillow's modes, and reading. */
import { crc32, deflateSync } from 'node:zlib';
import { ValueError } from './errors.ts';

/** What every PNG file begins with. */
export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** PNG's number of a kind of pixel, by how many values a pixel has: grey, grey with opacity, colour, and with opacity. */
const COLOR_TYPES: Readonly<Record<number, number>> = { 1: 0, 2: 4, 3: 2, 4: 6 };

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

/** A PNG file before it is packed. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Bits for each value. */
  readonly depth: number;
  /** PNG's number of the kind of pixel. */
  readonly color_type: number;
  /** The rows, each behind the number of its filter. */
  readonly rows: Uint8Array;
  /** The colours that pixels are numbers of: red, green and blue of each. */
  readonly palette?: Uint8Array | null;
  /** How opaque the palette's colours are. */
  readonly transparency?: Uint8Array | null;
  /** How hard to pack, from 0 (not at all) to 9. */
  readonly level?: number;
}

/** The bytes of the file that is made of `parts`. */
export function png_file(parts: PngParts): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(parts.width, 0);
  header.writeUInt32BE(parts.height, 4);
  header[8] = parts.depth;
  header[9] = parts.color_type;
  const chunks = [SIGNATURE, chunk('IHDR', header)];
  if (parts.palette != null) chunks.push(chunk('PLTE', parts.palette));
  if (parts.transparency != null) chunks.push(chunk('tRNS', parts.transparency));
  chunks.push(chunk('IDAT', deflateSync(parts.rows, { level: parts.level ?? 6 })), chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(chunks);
}

/**
 * A picture as a PNG file.
 * @param pixels row by row, the values of a pixel side by side, one byte each
 * @param channels values for each pixel: 1 grey, 2 grey and opacity, 3 colour, 4 colour and opacity
 * @throws ValueError if there are not as many values as the size asks for
 */
export function encode_png(pixels: Uint8Array, width: number, height: number, channels: number): Buffer {
  const color_type = COLOR_TYPES[channels];
  if (color_type === undefined || width < 1 || height < 1 || pixels.length !== width * height * channels) {
    throw new ValueError(
      `${pixels.length} bytes are no picture of ${width} x ${height} pixels with ${channels} values each`,
    );
  }
  // Each row begins with the number of a filter: none.
  const stride = width * channels;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return png_file({ width, height, depth: 8, color_type, rows });
}
