/** Turning, flipping, cutting and warping images, with Pillow's numbers. */
import { ValueError } from '../../errors.ts';
import { allocate, CHANNELS, type Pixels } from './modes.ts';
import { type Box, Resampling } from './resample.ts';

/** Pillow's numbers for the ways to flip and turn. */
export const Transpose = {
  FLIP_LEFT_RIGHT: 0,
  FLIP_TOP_BOTTOM: 1,
  ROTATE_90: 2,
  ROTATE_180: 3,
  ROTATE_270: 4,
  TRANSPOSE: 5,
  TRANSVERSE: 6,
} as const;

export type Transpose = (typeof Transpose)[keyof typeof Transpose];

/** Pillow's numbers for the ways to warp. */
export const Transform = { AFFINE: 0, EXTENT: 1, PERSPECTIVE: 2 } as const;

export type Transform = (typeof Transform)[keyof typeof Transform];

/** What is inside a box of whole numbers; zeros where the box is outside of the image. */
export function crop(image: Pixels, [left, upper, right, lower]: Box): Pixels {
  const { mode, data: from } = image;
  const step = CHANNELS[mode];
  const width = Math.max(right - left, 0);
  const height = Math.max(lower - upper, 0);
  const data = allocate(mode, width * height);
  const x0 = Math.max(left, 0);
  const x1 = Math.min(right, image.width);
  if (x1 > x0) {
    for (let y = Math.max(upper, 0); y < Math.min(lower, image.height); y++) {
      const row = y * image.width;
      data.set(from.subarray((row + x0) * step, (row + x1) * step), ((y - upper) * width + x0 - left) * step);
    }
  }
  return { ...image, width, height, data };
}

/** Copies single values or whole pixels to where the position of each output pixel says. */
function gather(image: Pixels, width: number, height: number, source: (x: number, y: number) => number): Pixels {
  const { mode, data: from } = image;
  const step = CHANNELS[mode];
  const data = allocate(mode, width * height);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let i = source(x, y) * step;
      for (let c = 0; c < step; c++) data[o++] = from[i++]!;
    }
  }
  return { ...image, width, height, data };
}

/** Flips each row; the commonest of all, so it has a loop of its own. */
function flip_rows(image: Pixels): Pixels {
  const { mode, width, height, data: from } = image;
  const data = allocate(mode, width * height);
  if (CHANNELS[mode] === 3) {
    for (let y = 0, o = 0; y < height; y++) {
      let i = (y + 1) * width * 3;
      for (let x = 0; x < width; x++, o += 3) {
        i -= 3;
        data[o] = from[i]!;
        data[o + 1] = from[i + 1]!;
        data[o + 2] = from[i + 2]!;
      }
    }
    return { ...image, data };
  }
  return gather(image, width, height, (x, y) => (y + 1) * width - 1 - x);
}

function flip_columns(image: Pixels): Pixels {
  const { mode, width, height, data: from } = image;
  const data = allocate(mode, width * height);
  const stride = width * CHANNELS[mode];
  for (let y = 0; y < height; y++) data.set(from.subarray(y * stride, (y + 1) * stride), (height - 1 - y) * stride);
  return { ...image, data };
}

/** @throws ValueError for a number that stands for nothing */
export function transpose(image: Pixels, method: Transpose): Pixels {
  const { width: w, height: h } = image;
  switch (method) {
    case Transpose.FLIP_LEFT_RIGHT:
      return flip_rows(image);
    case Transpose.FLIP_TOP_BOTTOM:
      return flip_columns(image);
    case Transpose.ROTATE_90:
      return gather(image, h, w, (x, y) => x * w + (w - 1 - y));
    case Transpose.ROTATE_180:
      return gather(image, w, h, (x, y) => (h - 1 - y) * w + (w - 1 - x));
    case Transpose.ROTATE_270:
      return gather(image, h, w, (x, y) => (h - 1 - x) * w + y);
    case Transpose.TRANSPOSE:
      return gather(image, h, w, (x, y) => x * w + y);
    case Transpose.TRANSVERSE:
      return gather(image, h, w, (x, y) => (h - 1 - x) * w + (w - 1 - y));
    default:
      throw new ValueError('No such transpose operation');
  }
}

/** An image of one colour, `color` with a value for each channel. */
export function filled(mode: Pixels['mode'], width: number, height: number, color: readonly number[]): Pixels {
  const data = allocate(mode, width * height);
  const step = CHANNELS[mode];
  if (color.every((value) => value === color[0])) data.fill(color[0]!);
  else for (let i = 0; i < data.length; i++) data[i] = color[i % step]!;
  return { mode, width, height, data };
}

/** Nearest pixels along an affine map, in 16-bit fixed point: what Pillow does where no number is too large for it. */
function affine_fixed(image: Pixels, out: Pixels, a: readonly number[]): void {
  const step = CHANNELS[image.mode];
  const { width: in_width, height: in_height, data: from } = image;
  const { width, height, data: to } = out;
  const fix = (value: number): number => Math.floor(value * 65536 + 0.5) | 0;
  const dx = fix(a[0]!);
  const dy = fix(a[3]!);
  const row_x = fix(a[1]!);
  const row_y = fix(a[4]!);
  let start_x = fix(a[2]! + a[0]! * 0.5 + a[1]! * 0.5);
  let start_y = fix(a[5]! + a[3]! * 0.5 + a[4]! * 0.5);
  for (let y = 0, o = 0; y < height; y++) {
    let xx = start_x;
    let yy = start_y;
    for (let x = 0; x < width; x++, o += step) {
      const xin = xx >> 16;
      const yin = yy >> 16;
      if (xin >= 0 && xin < in_width && yin >= 0 && yin < in_height) {
        const i = (yin * in_width + xin) * step;
        to[o] = from[i]!;
        if (step > 1) {
          to[o + 1] = from[i + 1]!;
          if (step > 2) {
            to[o + 2] = from[i + 2]!;
            if (step > 3) to[o + 3] = from[i + 3]!;
          }
        }
      }
      xx = (xx + dx) | 0;
      yy = (yy + dy) | 0;
    }
    start_x = (start_x + row_x) | 0;
    start_y = (start_y + row_y) | 0;
  }
}

/** Nearest pixels where columns stay columns and rows rows. */
function affine_scale(image: Pixels, out: Pixels, a: readonly number[]): void {
  const step = CHANNELS[image.mode];
  const { data: from } = image;
  const { width, height, data: to } = out;
  const columns = new Int32Array(width);
  let at = a[2]! + a[0]! * 0.5;
  for (let x = 0; x < width; x++, at += a[0]!) {
    const column = at < 0 ? -1 : Math.trunc(at);
    columns[x] = column < image.width ? column : -1;
  }
  at = a[5]! + a[4]! * 0.5;
  for (let y = 0; y < height; y++, at += a[4]!) {
    const row = at < 0 ? -1 : Math.trunc(at);
    if (row < 0 || row >= image.height) continue;
    for (let x = 0, o = y * width * step; x < width; x++, o += step) {
      if (columns[x]! < 0) continue;
      const i = (row * image.width + columns[x]!) * step;
      for (let c = 0; c < step; c++) to[o + c] = from[i + c]!;
    }
  }
}

function clamp(value: number, size: number): number {
  return value < 0 ? 0 : value < size ? value : size - 1;
}

/** What lies between four values in a row, at `d` from the second to the third. */
function cubic(v1: number, v2: number, v3: number, v4: number, d: number): number {
  const p2 = -v1 + v3;
  const p3 = 2 * (v1 - v2) + v3 - v4;
  const p4 = -v1 + v2 - v3 + v4;
  return v2 + d * (p2 + d * (p3 + d * p4));
}

/** As a byte: cut off, not rounded. */
function to_byte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

/** Any map from output to input positions, with interpolation or without. */
function warp(image: Pixels, out: Pixels, a: readonly number[], perspective: boolean, filter: Resampling): void {
  const step = CHANNELS[image.mode];
  const { width: w, height: h, data: from } = image;
  const { width, height, data: to } = out;
  const bytes = from instanceof Uint8Array;
  const whole = image.mode !== 'F';
  const a0 = a[0]!;
  const a1 = a[1]!;
  const a2 = a[2]!;
  const a3 = a[3]!;
  const a4 = a[4]!;
  const a5 = a[5]!;
  const a6 = perspective ? a[6]! : 0;
  const a7 = perspective ? a[7]! : 0;
  for (let y = 0, o = 0; y < height; y++) {
    const yo = y + 0.5;
    for (let x = 0; x < width; x++, o += step) {
      const xo = x + 0.5;
      let xin = a0 * xo + a1 * yo + a2;
      let yin = a3 * xo + a4 * yo + a5;
      if (perspective) {
        const scale = a6 * xo + a7 * yo + 1;
        xin /= scale;
        yin /= scale;
      }
      if (!(xin >= 0 && xin < w && yin >= 0 && yin < h)) continue;
      if (filter === Resampling.NEAREST) {
        const i = (Math.trunc(yin) * w + Math.trunc(xin)) * step;
        for (let c = 0; c < step; c++) to[o + c] = from[i + c]!;
        continue;
      }
      xin -= 0.5;
      yin -= 0.5;
      const left = Math.floor(xin);
      const upper = Math.floor(yin);
      const dx = xin - left;
      const dy = yin - upper;
      if (filter === Resampling.BILINEAR) {
        const row = clamp(upper, h) * w;
        const i00 = (row + clamp(left, w)) * step;
        const i01 = (row + clamp(left + 1, w)) * step;
        const below = upper + 1 >= 0 && upper + 1 < h;
        const down = below ? ((upper + 1) * w - row) * step : 0;
        for (let c = 0; c < step; c++) {
          const p = from[i00 + c]!;
          const v1 = p + (from[i01 + c]! - p) * dx;
          let value = v1;
          if (below) {
            const q = from[i00 + down + c]!;
            const v2 = q + (from[i01 + down + c]! - q) * dx;
            value = v1 + (v2 - v1) * dy;
          }
          to[o + c] = whole ? Math.trunc(value) : value;
        }
      } else {
        const x0 = clamp(left - 1, w) * step;
        const x1 = clamp(left, w) * step;
        const x2 = clamp(left + 1, w) * step;
        const x3 = clamp(left + 2, w) * step;
        for (let c = 0; c < step; c++) {
          const line = (row: number): number => {
            const start = row * w * step + c;
            return cubic(from[start + x0]!, from[start + x1]!, from[start + x2]!, from[start + x3]!, dx);
          };
          // A row that is not there is the one before it.
          const v1 = line(clamp(upper - 1, h));
          const v2 = upper >= 0 && upper < h ? line(upper) : v1;
          const v3 = upper + 1 >= 0 && upper + 1 < h ? line(upper + 1) : v2;
          const v4 = upper + 2 >= 0 && upper + 2 < h ? line(upper + 2) : v3;
          const value = cubic(v1, v2, v3, v4, dy);
          to[o + c] = bytes ? to_byte(value) : whole ? Math.trunc(value) : value;
        }
      }
    }
  }
}

/**
 * Warps an image: `data` says where in it each pixel of the result comes from, by six numbers for an affine map or eight
 * for one with perspective. What comes from outside is `fill`.
 *
 * @throws ValueError for a way to warp or to interpolate that there is not
 */
export function transform(
  image: Pixels,
  width: number,
  height: number,
  method: Transform,
  data: readonly number[],
  filter: Resampling,
  fill: readonly number[],
): Pixels {
  let matrix = data;
  if (method === Transform.EXTENT) {
    const [x0, y0, x1, y1] = data as unknown as Box;
    matrix = [(x1 - x0) / width, 0, x0, 0, (y1 - y0) / height, y0];
  } else if (method !== Transform.AFFINE && method !== Transform.PERSPECTIVE) {
    throw new ValueError('unknown transformation method');
  }
  if (filter !== Resampling.NEAREST && filter !== Resampling.BILINEAR && filter !== Resampling.BICUBIC) {
    const name = Object.entries(Resampling).find(([, value]) => value === filter)?.[0];
    throw new ValueError(
      (name === undefined
        ? `Unknown resampling filter (${String(filter)}).`
        : `Image.Resampling.${name} (${filter}) cannot be used.`) +
        ' Use Image.Resampling.NEAREST (0), Image.Resampling.BILINEAR (2) or Image.Resampling.BICUBIC (3)',
    );
  }
  const kind = image.mode === 'P' || image.mode === '1' ? Resampling.NEAREST : filter;
  const out: Pixels = { ...image, ...filled(image.mode, width, height, fill) };
  if (method === Transform.PERSPECTIVE || kind !== Resampling.NEAREST) {
    warp(image, out, matrix, method === Transform.PERSPECTIVE, kind);
    return out;
  }
  const [a0, a1, a2, a3, a4, a5] = matrix as [number, number, number, number, number, number];
  const small = (x: number, y: number): boolean =>
    Math.abs(x * a0 + y * a1 + a2) < 32768 && Math.abs(x * a3 + y * a4 + a5) < 32768;
  if (a1 === 0 && a3 === 0) affine_scale(image, out, matrix);
  else if (small(0, 0) && small(width, height) && small(0, height) && small(width, 0)) affine_fixed(image, out, matrix);
  else warp(image, out, matrix, false, kind);
  return out;
}

/** Python's `round(x, 15)`, good enough for sines. */
function round15(x: number): number {
  return Number(x.toFixed(15));
}

/** The map that turns by `angle` degrees, and the size of the result. */
export function rotation(
  width: number,
  height: number,
  angle: number,
  expand: boolean,
  center: readonly number[] | null,
  translate: readonly number[] | null,
): { matrix: number[]; width: number; height: number } {
  const [cx, cy] = center === null ? [width / 2, height / 2] : [center[0]!, center[1]!];
  const radians = -angle * (Math.PI / 180);
  const matrix = [
    round15(Math.cos(radians)),
    round15(Math.sin(radians)),
    0,
    round15(-Math.sin(radians)),
    round15(Math.cos(radians)),
    0,
  ] as [number, number, number, number, number, number];
  const apply = (x: number, y: number): [number, number] => [
    matrix[0] * x + matrix[1] * y + matrix[2],
    matrix[3] * x + matrix[4] * y + matrix[5],
  ];
  [matrix[2], matrix[5]] = apply(-cx - (translate?.[0] ?? 0), -cy - (translate?.[1] ?? 0));
  matrix[2] += cx;
  matrix[5] += cy;
  if (!expand) return { matrix, width, height };
  const corners = [apply(0, 0), apply(width, 0), apply(width, height), apply(0, height)];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const new_width = Math.ceil(Math.max(...xs)) - Math.floor(Math.min(...xs));
  const new_height = Math.ceil(Math.max(...ys)) - Math.floor(Math.min(...ys));
  [matrix[2], matrix[5]] = apply(-(new_width - width) / 2, -(new_height - height) / 2);
  return { matrix, width: new_width, height: new_height };
}
