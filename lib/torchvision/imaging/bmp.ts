/** Reading and writing Windows bitmaps that are not packed. */
import { OSError } from '../../errors.ts';
import type { ImageMode, Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export function is_bmp(bytes: Uint8Array): boolean {
  return bytes.length > 26 && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * The pixels of a bitmap with 1, 4, 8, 24 or 32 bits for each.
 *
 * @throws OSError for one that is packed, or damaged
 */
export function decode_bmp(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const header = view.getUint32(14, true);
  if (header < 40) throw new OSError(`Unsupported BMP header type (${header})`);
  const width = view.getInt32(18, true);
  const signed_height = view.getInt32(22, true);
  const height = Math.abs(signed_height);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (![1, 4, 8, 24, 32].includes(bits)) throw new OSError(`Unsupported BMP pixel depth (${bits})`);
  const plain_masks = compression === 3 && bits === 32 && view.getUint32(54, true) === 0xff0000;
  if (compression !== 0 && !plain_masks) throw new OSError(`Unsupported BMP compression (${compression})`);
  const stride = Math.floor((bits * width + 31) / 32) * 4;
  if (!(width > 0) || start + stride * height > bytes.length) throw new OSError('image file is truncated');
  const with_alpha = plain_masks && header >= 56 && view.getUint32(66, true) !== 0;
  const channels = bits <= 8 ? 1 : with_alpha ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  const step = bits / 8;
  for (let y = 0, o = 0; y < height; y++) {
    const row = start + (signed_height > 0 ? height - 1 - y : y) * stride;
    for (let x = 0; x < width; x++) {
      if (bits <= 8) {
        const bit = x * bits;
        data[o++] = (bytes[row + (bit >> 3)]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
      } else {
        const i = row + x * step;
        data[o++] = bytes[i + 2]!;
        data[o++] = bytes[i + 1]!;
        data[o++] = bytes[i]!;
        if (with_alpha) data[o++] = bytes[i + 3]!;
      }
    }
  }
  if (bits > 8) return { mode: with_alpha ? 'RGBA' : 'RGB', width, height, data };

  const count = view.getUint32(46, true) || 1 << bits;
  const palette = new Uint8Array(3 * Math.min(count, 256));
  let grey = true;
  for (let n = 0; 3 * n < palette.length; n++) {
    const at = 14 + header + 4 * n;
    for (let c = 0; c < 3; c++) palette[3 * n + c] = bytes[at + 2 - c]!;
    const wanted = count === 2 ? 255 * n : n;
    grey &&= [0, 1, 2].every((c) => palette[3 * n + c] === wanted);
  }
  if (!grey) return { mode: 'P', width, height, data, palette };
  const mode: ImageMode = count === 2 ? '1' : 'L';
  return { mode, width, height, data: mode === '1' ? data.map((value) => value * 255) : data };
}

/** @throws OSError for a mode that bitmaps do not have */
export function encode_bmp(image: Pixels): Bytes {
  const { mode, width, height, data } = image;
  const bits = mode === 'RGB' ? 24 : mode === 'RGBA' ? 32 : mode === 'L' || mode === 'P' ? 8 : 0;
  if (bits === 0) throw new OSError(`cannot write mode ${mode} as BMP`);
  const colours = bits === 8 ? 256 : 0;
  const stride = Math.floor((bits * width + 31) / 32) * 4;
  const start = 54 + 4 * colours;
  const result = new Uint8Array(start + stride * height);
  const view = new DataView(result.buffer);
  result.set([0x42, 0x4d]);
  view.setUint32(2, result.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(34, stride * height, true);
  for (const at of [38, 42]) view.setInt32(at, 3780, true); // 96 dots an inch
  for (const at of [46, 50]) view.setUint32(at, colours, true);
  for (let n = 0; n < colours; n++) {
    for (let c = 0; c < 3; c++) result[54 + 4 * n + c] = mode === 'L' ? n : (image.palette?.[3 * n + 2 - c] ?? 0);
  }
  const step = bits / 8;
  for (let y = 0, i = 0; y < height; y++) {
    const row = start + (height - 1 - y) * stride;
    for (let x = 0; x < width; x++, i += step) {
      const o = row + x * step;
      if (step === 1) result[o] = data[i]!;
      else {
        result[o] = data[i + 2]!;
        result[o + 1] = data[i + 1]!;
        result[o + 2] = data[i]!;
        if (step === 4) result[o + 3] = data[i + 3]!;
      }
    }
  }
  return result;
}
