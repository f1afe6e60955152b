/** Reading the first picture of a GIF file. */
import { OSError } from '../../errors.ts';
import type { Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export function is_gif(bytes: Uint8Array): boolean {
  const name = String.fromCharCode(...bytes.subarray(0, 6));
  return name === 'GIF87a' || name === 'GIF89a';
}

/** Takes Lempel, Ziv and Welch's packing back: `count` values of `bits` bits. */
function unpack(data: Uint8Array, bits: number, count: number): Bytes {
  const clear = 1 << bits;
  const end = clear + 1;
  const result = new Uint8Array(count);
  const prefix = new Int16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  for (let i = 0; i < clear; i++) suffix[i] = i;
  let size = bits + 1;
  let next = clear + 2;
  let before = -1;
  let first = 0;
  let buffer = 0;
  let held = 0;
  let at = 0;
  let o = 0;
  while (o < count) {
    while (held < size) {
      if (at >= data.length) throw new OSError('image file is truncated');
      buffer |= data[at++]! << held;
      held += 8;
    }
    let code = buffer & ((1 << size) - 1);
    buffer >>= size;
    held -= size;
    if (code === clear) {
      size = bits + 1;
      next = clear + 2;
      before = -1;
      continue;
    }
    if (code === end) break;
    if (code > next || (code === next && before < 0)) throw new OSError('broken data stream when reading image file');
    const read = code;
    let depth = 0;
    if (code === next) {
      stack[depth++] = first;
      code = before;
    }
    while (code > end) {
      stack[depth++] = suffix[code]!;
      code = prefix[code]!;
    }
    first = suffix[code]!;
    stack[depth++] = first;
    while (depth > 0 && o < count) result[o++] = stack[--depth]!;
    if (before >= 0 && next < 4096) {
      prefix[next] = before;
      suffix[next] = first;
      next++;
      if (next === 1 << size && size < 12) size++;
    }
    before = read;
  }
  return result;
}

/** Joins the blocks that start at a position, each with its length before it. */
function blocks(bytes: Uint8Array, start: number): { data: Uint8Array; end: number } {
  const parts: Uint8Array[] = [];
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) {
    const size = bytes[at]!;
    parts.push(bytes.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { data: Buffer.concat(parts), end: at + 1 };
}

/** @throws OSError for a file that is damaged, or without a picture */
export function decode_gif(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  const flags = bytes[10]!;
  const background = bytes[11]!;
  let at = 13;
  let palette: Bytes | null = null;
  if (flags & 0x80) {
    const size = 3 << ((flags & 7) + 1);
    palette = bytes.slice(at, at + size) as Bytes;
    at += size;
  }
  let transparency: number | null = null;
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x21) {
      if (bytes[at] === 0xf9 && bytes[at + 2]! & 1) transparency = bytes[at + 5]!;
      at = blocks(bytes, at + 1).end;
    } else if (kind === 0x2c) {
      break;
    } else {
      throw new OSError(kind === undefined ? 'image file is truncated' : 'no images in GIF file');
    }
  }
  const [left, top, w, h] = [0, 2, 4, 6].map((offset) => view.getUint16(at + offset, true)) as [number, number, number, number];
  const local = bytes[at + 8]!;
  at += 9;
  if (local & 0x80) {
    const size = 3 << ((local & 7) + 1);
    palette = bytes.slice(at, at + size) as Bytes;
    at += size;
  }
  const bits = bytes[at]!;
  if (bits > 11) throw new OSError('broken data stream when reading image file');
  const values = unpack(blocks(bytes, at + 1).data, bits, w * h);
  const lines: number[] = [];
  if (local & 0x40) {
    for (const [start, step] of [[0, 8], [4, 8], [2, 4], [1, 2]] as const) for (let y = start; y < h; y += step) lines.push(y);
  }
  const data = new Uint8Array(width * height);
  if (w !== width || h !== height) data.fill(transparency ?? background);
  for (let n = 0; n < h; n++) {
    const y = top + (lines[n] ?? n);
    if (y < height) data.set(values.subarray(n * w, n * w + Math.max(Math.min(w, width - left), 0)), y * width + left);
  }
  const grey = palette === null || palette.every((value, i) => value === Math.floor(i / 3));
  if (grey && transparency === null) return { mode: 'L', width, height, data };
  return { mode: 'P', width, height, data, palette, transparency };
}
