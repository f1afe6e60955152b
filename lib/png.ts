/** Pictures as PNG files, written synchronously. */
import { crc32, deflateSync } from 'node:zlib';
import { ValueError } from './errors.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

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

/**
 * A picture as a PNG file.
 * @param pixels row by row, the values of a pixel side by side, one byte each
 * @param channels values for each pixel: 1 grey, 2 grey and opacity, 3 colour, 4 colour and opacity
 * @throws ValueError if there are not as many values as the size asks for
 */
export function encode_png(pixels: Uint8Array, width: number, height: number, channels: number): Buffer {
  const type = COLOR_TYPES[channels];
  if (type === undefined || width < 1 || height < 1 || pixels.length !== width * height * channels) {
    throw new ValueError(
      `${pixels.length} bytes are no picture of ${width} x ${height} pixels with ${channels} values each`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits for each value
  header[9] = type;
  // Each row begins with the number of a filter: none.
  const stride = width * channels;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
