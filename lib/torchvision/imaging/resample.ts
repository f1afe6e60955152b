/** Resizing, with Pillow's numbers: two passes of convolution, in fixed point for bytes. */
import { ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { type Allocate, passing_bytes, unset_bytes } from './memory.ts';
import { allocate, CHANNELS, type ImageData, is_bytes, type Pixels } from './modes.ts';

/** Pillow's numbers for the ways to interpolate. */
export const Resampling = { NEAREST: 0, LANCZOS: 1, BILINEAR: 2, BICUBIC: 3, BOX: 4, HAMMING: 5 } as const;

export type Resampling = (typeof Resampling)[keyof typeof Resampling];

interface Filter {
  readonly support: number;
  readonly weight: (x: number) => number;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

const filters: Record<number, Filter> = {
  [Resampling.BOX]: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  [Resampling.BILINEAR]: { support: 1, weight: (x) => (Math.abs(x) < 1 ? 1 - Math.abs(x) : 0) },
  [Resampling.HAMMING]: {
    support: 1,
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x === 0) return 1;
      if (x >= 1) return 0;
      const angle = x * Math.PI;
      return (Math.sin(angle) / angle) * (0.54 + 0.46 * Math.cos(angle));
    },
  },
  [Resampling.BICUBIC]: {
    support: 2,
    weight: (signed) => {
      const a = -0.5;
      const x = Math.abs(signed);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
      return 0;
    },
  },
  [Resampling.LANCZOS]: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** For each output position: where its inputs begin, how many there are, and their weights, `taps` places for each. */
interface Coefficients {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float64Array;
}

function coefficients(size: number, from: number, to: number, wanted: number, filter: Filter): Coefficients {
  const scale = (to - from) / wanted;
  const filter_scale = Math.max(scale, 1);
  const support = filter.support * filter_scale;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(wanted);
  const count = new Int32Array(wanted);
  const weights = new Float64Array(wanted * taps);
  const step = 1 / filter_scale;
  for (let position = 0; position < wanted; position++) {
    const center = from + (position + 0.5) * scale;
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), size);
    const base = position * taps;
    let sum = 0;
    for (let i = 0; i < end - start; i++) {
      const weight = filter.weight((i + start - center + 0.5) * step);
      weights[base + i] = weight;
      sum += weight;
    }
    if (sum !== 0) for (let i = 0; i < end - start; i++) weights[base + i]! /= sum;
    first[position] = start;
    count[position] = end - start;
  }
  return { taps, first, count, weights };
}

/** Bits behind the point of a weight: what a 32-bit number can hold beside a byte and two bits for overshooting. */
const PRECISION = 22;

function fixed_point(weights: Float64Array): Int32Array {
  const result = new Int32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const scaled = weights[i]! * (1 << PRECISION);
    result[i] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }
  return result;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** For what the second pass reads. */
const between_passes = passing_bytes();

/**
 * One pass over bytes: `from` is `outer` x `length` x `inner` of them, and so is the result, in memory of `allocate`, with
 * another length.
 */
function byte_pass(
  from: Bytes,
  [outer, length, inner]: readonly [number, number, number],
  k: Coefficients,
  allocate: Allocate = unset_bytes,
): Bytes {
  const to = allocate(outer * k.first.length * inner);
  native.resample_bytes(from, to, k.first, k.count, fixed_point(k.weights), [outer, length, inner]);
  return to;
}

/** One pass over single values wider than bytes; `step` is the distance between the inputs of a sum. */
function wide_pass(
  image: Pixels,
  from: ImageData,
  k: Coefficients,
  lines: number,
  line_step: number,
  step: number,
  out_line_step: number,
  out_step: number,
): ImageData {
  const wanted = k.first.length;
  const to = allocate(image.mode, wanted * lines);
  const whole = image.mode !== 'F';
  for (let line = 0; line < lines; line++) {
    for (let x = 0; x < wanted; x++) {
      let sum = 0;
      const base = x * k.taps;
      let i = line * line_step + k.first[x]! * step;
      for (let w = 0; w < k.count[x]!; w++, i += step) sum += from[i]! * k.weights[base + w]!;
      if (whole) {
        sum = Math.trunc(sum < 0 ? sum - 0.5 : sum + 0.5);
        if (image.mode === 'I;16') sum = Math.min(Math.max(sum, 0), 65535);
      }
      to[line * out_line_step + x * out_step] = sum;
    }
  }
  return to;
}

/** The closest pixels: positions are added up, as Pillow does. */
function nearest_positions(size: number, from: number, to: number, wanted: number): Int32Array {
  const scale = (to - from) / wanted;
  let at = from + scale * 0.5;
  const result = new Int32Array(wanted);
  for (let i = 0; i < wanted; i++, at += scale) result[i] = Math.min(Math.max(Math.trunc(at), 0), size - 1);
  return result;
}

function nearest(image: Pixels, width: number, height: number, box: Box): ImageData {
  const step = CHANNELS[image.mode];
  const columns = nearest_positions(image.width, box[0], box[2], width);
  const rows = nearest_positions(image.height, box[1], box[3], height);
  const from = image.data;
  const to = allocate(image.mode, width * height);
  for (let y = 0, o = 0; y < height; y++) {
    const row = rows[y]! * image.width;
    for (let x = 0; x < width; x++) {
      let i = (row + columns[x]!) * step;
      for (let c = 0; c < step; c++) to[o++] = from[i++]!;
    }
  }
  return to;
}

/** Left, upper, right and lower edge. */
export type Box = readonly [left: number, upper: number, right: number, lower: number];

/**
 * The part of an image within `box`, resized.
 *
 * @throws ValueError for a size or a box that makes no sense
 */
export function resample(image: Pixels, width: number, height: number, filter: Resampling, box: Box): ImageData {
  if (!(width >= 1 && height >= 1)) throw new ValueError('height and width must be > 0');
  if (!(box[0] >= 0 && box[1] >= 0)) throw new ValueError('box offset can\'t be negative');
  if (!(box[2] <= image.width && box[3] <= image.height)) throw new ValueError("Box can't exceed original image size");
  if (!(box[2] - box[0] >= 0 && box[3] - box[1] >= 0)) throw new ValueError("Box can't be empty");
  if (filter === Resampling.NEAREST) return nearest(image, width, height, box);
  const kind = filters[filter];
  if (kind === undefined) throw new ValueError(`Unknown resampling filter (${String(filter)}).`);

  const across = width !== image.width || box[0] !== 0 || box[2] !== width;
  const down = height !== image.height || box[1] !== 0 || box[3] !== height;
  const columns = coefficients(image.width, box[0], box[2], width, kind);
  const rows = coefficients(image.height, box[1], box[3], height, kind);
  // Only the rows that the second pass reads.
  const top = rows.first[0]!;
  const bottom = rows.first[height - 1]! + rows.count[height - 1]!;

  // Which pass comes first decides over the last bit. This is when Pillow begins with the columns.
  const down_first = across && height < image.height && 2 * (image.width - width) < image.height - height;

  if (!is_bytes(image.mode)) {
    let data = image.data;
    if (down_first) {
      data = wide_pass(image, data, rows, image.width, 1, image.width, 1, image.width);
      return wide_pass(image, data, columns, height, image.width, 1, width, 1);
    }
    if (across) data = wide_pass(image, data, columns, image.height, image.width, 1, width, 1);
    if (down) data = wide_pass(image, data, rows, width, 1, width, 1, width);
    return across || down ? data : (data.slice() as ImageData);
  }
  const channels = CHANNELS[image.mode];
  let data = image.data as Bytes;
  if (!across && !down) return data.slice();
  const row = image.width * channels;
  if (down) {
    data = data.subarray(top * row, bottom * row);
    for (let y = 0; y < height; y++) rows.first[y]! -= top;
  }
  const lines = data.length / row;
  if (down_first) {
    data = byte_pass(data, [1, lines, row], rows, between_passes);
    return byte_pass(data, [height, image.width, channels], columns);
  }
  if (across) data = byte_pass(data, [lines, image.width, channels], columns, down ? between_passes : unset_bytes);
  return down ? byte_pass(data, [1, lines, width * channels], rows) : data;
}
