/** Changing pixels one by one or with their neighbours, with Pillow's numbers. */
import { ValueError } from '../../errors.ts';
import { CHANNELS, type ImageData, type Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Looks every byte up: in the one table of 256, or in one for each channel. */
export function look_up(image: Pixels, table: ArrayLike<number>): Pixels {
  const from = image.data as Bytes;
  const step = CHANNELS[image.mode];
  if (table.length !== 256 && table.length !== 256 * step) throw new ValueError('wrong number of lut entries');
  const lut = Uint8Array.from(table as ArrayLike<number>);
  const data = new Uint8Array(from.length);
  if (lut.length === 256) {
    for (let i = 0; i < from.length; i++) data[i] = lut[from[i]!]!;
  } else {
    for (let i = 0; i < from.length; i += step) {
      for (let c = 0; c < step; c++) data[i + c] = lut[c * 256 + from[i + c]!]!;
    }
  }
  return { ...image, data };
}

/** How often each value occurs, channel after channel. */
export function histogram(image: Pixels): Uint32Array {
  const from = image.data as Bytes;
  const step = CHANNELS[image.mode];
  const counts = new Uint32Array(256 * step);
  if (step === 1) {
    for (let i = 0; i < from.length; i++) counts[from[i]!]!++;
  } else if (step === 3) {
    for (let i = 0; i < from.length; i += 3) {
      counts[from[i]!]!++;
      counts[256 + from[i + 1]!]!++;
      counts[512 + from[i + 2]!]!++;
    }
  } else {
    for (let i = 0; i < from.length; i += step) for (let c = 0; c < step; c++) counts[c * 256 + from[i + c]!]!++;
  }
  return counts;
}

const { fround } = Math;

/**
 * What is between two images at `alpha`: all of the first at 0, all of the second at 1. Beyond that it is carried on,
 * and cut to a byte. Pillow computes in single precision.
 */
export function blend(first: Pixels, second: Pixels, alpha: number): Pixels {
  const factor = fround(alpha);
  if (factor === 0 || factor === 1) return { ...first, data: (factor === 0 ? first : second).data.slice() as ImageData };
  const a = first.data as Bytes;
  const b = second.data as Bytes;
  const data = new Uint8Array(a.length);
  // `factor` times every difference there can be.
  const parts = new Float32Array(511);
  for (let i = 0; i < 511; i++) parts[i] = fround(factor * (i - 255));
  const inside = factor >= 0 && factor <= 1;
  for (let i = 0; i < a.length; i++) {
    const start = a[i]!;
    const value = fround(start + parts[b[i]! - start + 255]!);
    data[i] = inside ? value : value <= 0 ? 0 : value >= 255 ? 255 : value;
  }
  return { ...first, data };
}

/** As `blend`, where the first image is of one colour everywhere but for alpha, which stays. */
export function blend_with_colour(color: number, image: Pixels, alpha: number): Pixels {
  const step = CHANNELS[image.mode];
  const ramp = Uint8Array.from({ length: 256 }, (_, i) => i);
  const flat: Pixels = { mode: 'L', width: 256, height: 1, data: new Uint8Array(256).fill(color) };
  const lut = blend(flat, { ...flat, data: ramp }, alpha).data;
  if (image.mode !== 'LA' && image.mode !== 'RGBA') return look_up(image, lut);
  const tables = new Uint8Array(256 * step);
  for (let c = 0; c < step; c++) tables.set(c === step - 1 ? ramp : (lut as Bytes), c * 256);
  return look_up(image, tables);
}

/**
 * Each pixel with its eight neighbours, which weigh a fifth of it: what Pillow calls `SMOOTH`. The outermost pixels stay.
 * Sums are never halfway between two bytes, so that whole numbers give what Pillow's floats do.
 */
export function smooth(image: Pixels): Pixels {
  const { width, height } = image;
  const from = image.data as Bytes;
  const step = CHANNELS[image.mode];
  const data = from.slice();
  const stride = width * step;
  for (let y = 1; y < height - 1; y++) {
    const row = y * stride;
    for (let i = row + step; i < row + stride - step; i++) {
      const up = i - stride;
      const down = i + stride;
      const sum =
        from[up - step]! +
        from[up]! +
        from[up + step]! +
        from[i - step]! +
        5 * from[i]! +
        from[i + step]! +
        from[down - step]! +
        from[down]! +
        from[down + step]!;
      // `(2 * sum + 13) / 26` by a multiplication that is exact for these few thousand numbers.
      data[i] = ((2 * sum + 13) * 40330) >>> 20;
    }
  }
  return { ...image, data };
}

/** The table that stretches each channel to the whole range. */
export function autocontrast_table(counts: Uint32Array): number[] {
  const table: number[] = [];
  for (let layer = 0; layer < counts.length; layer += 256) {
    let low = 0;
    while (low < 255 && counts[layer + low] === 0) low++;
    let high = 255;
    while (high > 0 && counts[layer + high] === 0) high--;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    for (let i = 0; i < 256; i++) {
      table.push(high <= low ? i : Math.min(Math.max(Math.trunc(i * scale + offset), 0), 255));
    }
  }
  return table;
}

/** The table that makes all values of each channel equally common. */
export function equalize_table(counts: Uint32Array): number[] {
  const table: number[] = [];
  for (let layer = 0; layer < counts.length; layer += 256) {
    const present = Array.from(counts.subarray(layer, layer + 256)).filter((count) => count > 0);
    const total = present.reduce((sum, count) => sum + count, 0);
    const step = present.length <= 1 ? 0 : Math.floor((total - present[present.length - 1]!) / 255);
    let n = Math.floor(step / 2);
    for (let i = 0; i < 256; i++) {
      // A table's entries are bytes, whatever they come to.
      table.push(step === 0 ? i : Math.min(Math.floor(n / step), 255));
      n += counts[layer + i]!;
    }
  }
  return table;
}
