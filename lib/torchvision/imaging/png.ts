/** Reading and writing PNG files, with the modes that Pillow gives them. */
import { inflateSync } from 'node:zlib';
import { OSError } from '../../errors.ts';
import { png_file, SIGNATURE } from '../../png.ts';
import { convert } from './convert.ts';
import { CHANNELS, type ImageMode, type Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export function is_png(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** What a file says about its pixels. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** Values for each pixel in the file, by type of colour. */
const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Record<number, readonly number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

function damaged(what: string): OSError {
  return new OSError(`broken PNG file (${what})`);
}

function read_header(data: Uint8Array): Header {
  if (data.length < 13) throw damaged('its header is too short');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height, depth, colour] = [view.getUint32(0), view.getUint32(4), data[8]!, data[9]!];
  if (depths[colour]?.includes(depth) !== true) throw damaged(`colour type ${colour} with ${depth} bits`);
  if (width === 0 || height === 0 || width * height > 2 ** 31) throw damaged(`its size is ${width} x ${height}`);
  return { width, height, depth, colour, interlaced: data[12] === 1 };
}

/** Takes the filters of `rows` lines of `stride` bytes back, in place; each line has its filter's number before it. */
function unfilter(data: Uint8Array, start: number, rows: number, stride: number, step: number): Uint8Array {
  const out = new Uint8Array(rows * stride);
  for (let y = 0, i = start, o = 0; y < rows; y++, o += stride) {
    const filter = data[i++]!;
    const up = o - stride;
    const first = y === 0;
    switch (filter) {
      case 0:
        out.set(data.subarray(i, i + stride), o);
        break;
      case 1:
        for (let x = 0; x < stride; x++) out[o + x] = data[i + x]! + (x < step ? 0 : out[o + x - step]!);
        break;
      case 2:
        for (let x = 0; x < stride; x++) out[o + x] = data[i + x]! + (first ? 0 : out[up + x]!);
        break;
      case 3:
        for (let x = 0; x < stride; x++) {
          const left = x < step ? 0 : out[o + x - step]!;
          out[o + x] = data[i + x]! + ((left + (first ? 0 : out[up + x]!)) >> 1);
        }
        break;
      case 4:
        for (let x = 0; x < stride; x++) {
          const a = x < step ? 0 : out[o + x - step]!;
          const b = first ? 0 : out[up + x]!;
          const c = first || x < step ? 0 : out[up + x - step]!;
          const pa = Math.abs(b - c);
          const pb = Math.abs(a - c);
          const pc = Math.abs(a + b - c - c);
          out[o + x] = data[i + x]! + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
        }
        break;
      default:
        throw damaged(`unknown filter ${filter}`);
    }
    i += stride;
  }
  return out;
}

/** Where the seven passes of an interlaced file start, and how far apart their pixels are. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** All samples, one after the other, in the depth of the file. */
function read_samples(packed: Uint8Array, header: Header): Uint16Array | Uint8Array {
  const { width, height, depth, colour, interlaced } = header;
  const count = samples[colour]!;
  const step = Math.max((count * depth) >> 3, 1);
  const stride_of = (w: number): number => Math.ceil((w * count * depth) / 8);
  const parts = interlaced
    ? passes
        .map(([x0, y0, dx, dy]) => ({ x0, y0, dx, dy, w: Math.ceil((width - x0) / dx), h: Math.ceil((height - y0) / dy) }))
        .filter(({ w, h }) => w > 0 && h > 0)
    : [{ x0: 0, y0: 0, dx: 1, dy: 1, w: width, h: height }];
  const size = parts.reduce((sum, { w, h }) => sum + (stride_of(w) + 1) * h, 0);
  let data: Uint8Array;
  try {
    data = inflateSync(packed, { maxOutputLength: Math.max(size, 64) });
  } catch (cause) {
    throw new OSError('image file is truncated', { cause });
  }
  if (data.length < size) throw new OSError('image file is truncated');
  if (!interlaced && depth === 8) return unfilter(data, 0, height, stride_of(width), step);

  const result = depth === 16 ? new Uint16Array(width * height * count) : new Uint8Array(width * height * count);
  const mask = (1 << depth) - 1;
  let at = 0;
  for (const { x0, y0, dx, dy, w, h } of parts) {
    const stride = stride_of(w);
    const lines = unfilter(data, at, h, stride, step);
    at += (stride + 1) * h;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        for (let c = 0; c < count; c++) {
          const n = x * count + c;
          const value =
            depth === 16
              ? (lines[y * stride + 2 * n]! << 8) | lines[y * stride + 2 * n + 1]!
              : (lines[y * stride + ((n * depth) >> 3)]! >> (8 - depth - ((n * depth) & 7))) & mask;
          result[((y0 + y * dy) * width + x0 + x * dx) * count + c] = value;
        }
      }
    }
  }
  return result;
}

/** The high bytes of 16-bit samples: what Pillow keeps of colours. */
function high_bytes(values: Uint16Array): Bytes {
  return Uint8Array.from(values, (value) => value >> 8);
}

/**
 * The pixels of a PNG file, in the mode that Pillow would give them.
 *
 * @throws OSError for a file that is damaged or ends too early
 */
export function decode_png(bytes: Uint8Array): Pixels {
  const { header, packed, palette, transparency: transparent } = read_chunks(bytes);
  const { width, height, depth, colour } = header;
  const values = read_samples(packed, header);
  const wide = values instanceof Uint16Array;
  const made = (mode: ImageMode, data: Pixels['data'], transparency: Pixels['transparency'] = null): Pixels => ({
    mode,
    width,
    height,
    data,
    palette: colour === 3 ? palette : null,
    transparency,
  });
  const word = (i: number): number => ((transparent![i]! << 8) | transparent![i + 1]!);
  switch (colour) {
    case 0: {
      const one = transparent !== null && transparent.length >= 2 ? word(0) : null;
      if (wide) return made('I;16', values as Uint16Array<ArrayBuffer>, one);
      if (depth === 1) return made('1', Uint8Array.from(values, (value) => value * 255), one);
      const unit = 255 / ((1 << depth) - 1);
      return made('L', depth === 8 ? (values as Bytes) : Uint8Array.from(values, (value) => value * unit), one);
    }
    case 2: {
      const one = transparent !== null && transparent.length >= 6 ? [word(0), word(2), word(4)] : null;
      return made('RGB', wide ? high_bytes(values) : (values as Bytes), one);
    }
    case 3:
      if (palette === null) throw damaged('it has no palette');
      return made('P', values as Bytes, transparent);
    case 4:
      if (!wide) return made('LA', values as Bytes);
      return made('RGBA', convert({ mode: 'LA', width, height, data: high_bytes(values) }, 'RGBA').data);
    default:
      return made('RGBA', wide ? high_bytes(values) : (values as Bytes));
  }
}

/** The parts of a file that matter. */
function read_chunks(bytes: Uint8Array): {
  header: Header;
  packed: Uint8Array;
  palette: Bytes | null;
  transparency: Bytes | null;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  let palette: Bytes | null = null;
  let transparency: Bytes | null = null;
  const data: Uint8Array[] = [];
  for (let at = 8; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (name === 'IHDR') header = read_header(body);
    else if (name === 'PLTE') palette = body.slice() as Bytes;
    else if (name === 'tRNS') transparency = body.slice() as Bytes;
    else if (name === 'IDAT') data.push(body);
    else if (name === 'IEND') break;
    at += 12 + size;
  }
  if (header === null) throw damaged('it has no header');
  return { header, packed: data.length === 1 ? data[0]! : Buffer.concat(data), palette, transparency };
}

const color_types: Partial<Record<ImageMode, number>> = { '1': 0, L: 0, 'I;16': 0, I: 0, RGB: 2, P: 3, LA: 4, RGBA: 6 };

/** Filters a line in the way that gives the smallest numbers; `above` is zeros for the first one. */
function filter_line(line: Uint8Array, above: Uint8Array, step: number, out: Uint8Array): void {
  const size = line.length;
  const tries = [1, 2, 4].map((filter) => {
    const result = new Uint8Array(size);
    let cost = 0;
    for (let x = 0; x < size; x++) {
      const a = x < step ? 0 : line[x - step]!;
      const b = above[x]!;
      let guess = filter === 1 ? a : b;
      if (filter === 4) {
        const c = x < step ? 0 : above[x - step]!;
        const pa = Math.abs(b - c);
        const pb = Math.abs(a - c);
        const pc = Math.abs(a + b - c - c);
        guess = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      }
      const value = (line[x]! - guess) & 255;
      result[x] = value;
      cost += value < 128 ? value : 256 - value;
    }
    return { filter, result, cost };
  });
  const best = tries.reduce((one, other) => (other.cost < one.cost ? other : one));
  out[0] = best.filter;
  out.set(best.result, 1);
}

/**
 * A PNG file of an image.
 *
 * @param level how hard to pack, from 0 (not at all) to 9
 * @throws OSError for a mode that PNG does not have
 */
export function encode_png(image: Pixels, level = 6): Bytes {
  const { width, height, mode } = image;
  const color_type = color_types[mode];
  if (color_type === undefined) throw new OSError(`cannot write mode ${mode} as PNG`);
  const wide = mode === 'I;16' || mode === 'I';
  const depth = wide ? 16 : 8;
  const count = CHANNELS[mode];
  const stride = (width * count * depth) / 8;
  let data = image.data as Uint8Array;
  if (wide) {
    data = new Uint8Array(height * stride);
    const view = new DataView(data.buffer);
    for (let i = 0; i < width * height; i++) view.setUint16(2 * i, image.data[i]!);
  }
  const lines = new Uint8Array((stride + 1) * height);
  const zeros = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * stride, (y + 1) * stride);
    const out = lines.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    if (mode === 'P' || mode === '1' || level === 0) out.set(line, 1);
    else filter_line(line, y === 0 ? zeros : data.subarray((y - 1) * stride, y * stride), (count * depth) / 8, out);
  }
  const of_palette = mode === 'P';
  const file = png_file({
    width,
    height,
    depth,
    color_type,
    rows: lines,
    palette: of_palette ? (image.palette ?? new Uint8Array(3)) : null,
    transparency: of_palette && image.transparency instanceof Uint8Array ? image.transparency : null,
    level,
  });
  return new Uint8Array(file);
}
