/** Changing pixels one by one or with their neighbours, with Pillow's numbers. */
import { ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { unset_bytes } from './memory.ts';
import { CHANNELS, type ImageData, type Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Looks every byte up: in the one table of 256, or in one for each channel. */
export function look_up(image: Pixels, table: ArrayLike<number>): Pixels {
  const from = image.data as Bytes;
  const step = CHANNELS[image.mode];
  if (table.length !== 256 && table.length !== 256 * step) throw new ValueError('wrong number of lut entries');
  const data = unset_bytes(from.length);
  native.look_up_bytes(from, data, Uint8Array.from(table), step);
  return { ...image, data };
}

/** How often each value occurs, channel after channel. */
export function histogram(image: Pixels): Uint32Array {
  const counts = new Uint32Array(256 * CHANNELS[image.mode]);
  native.count_bytes(image.data as Bytes, counts, CHANNELS[image.mode]);
  return counts;
}

/** The mean of a grey image, which its counts give exactly. */
export function mean(image: Pixels): number {
  const sum = histogram(image).reduce((total, count, value) => total + count * value, 0);
  return sum / image.data.length;
}

/**
 * What is between two images at `alpha`: all of the first at 0, all of the second at 1. Beyond that it is carried on,
 * and cut to a byte. Pillow computes in single precision.
 */
export function blend(first: Pixels, second: Pixels, alpha: number): Pixels {
  const factor = Math.fround(alpha);
  if (factor === 0 || factor === 1) return { ...first, data: (factor === 0 ? first : second).data.slice() as ImageData };
  const data = unset_bytes(first.data.length);
  native.blend_bytes(first.data as Bytes, second.data as Bytes, data, factor);
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
 */
export function smooth(image: Pixels): Pixels {
  const data = (image.data as Bytes).slice();
  native.smooth_bytes(image.data as Bytes, data, [image.width, image.height, CHANNELS[image.mode]]);
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
