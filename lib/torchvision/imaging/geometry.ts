/** Turning, flipping, cutting and warping images, with Pillow's numbers. */
import { ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { allocate, bytes_of, CHANNELS, type Pixels } from './modes.ts';
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

const columns_become_rows: readonly Transpose[] = [
  Transpose.ROTATE_90,
  Transpose.ROTATE_270,
  Transpose.TRANSPOSE,
  Transpose.TRANSVERSE,
];

/** @throws ValueError for a number that stands for nothing */
export function transpose(image: Pixels, method: Transpose): Pixels {
  const { mode, width: w, height: h, data: from } = image;
  const last = w * h - 1;
  // The first pixel of the result, and the ways from one to the next in a row and to the next row.
  const places: Readonly<Record<Transpose, readonly [start: number, across: number, down: number]>> = {
    [Transpose.FLIP_LEFT_RIGHT]: [w - 1, -1, w],
    [Transpose.FLIP_TOP_BOTTOM]: [last - w + 1, 1, -w],
    [Transpose.ROTATE_90]: [w - 1, w, -1],
    [Transpose.ROTATE_180]: [last, -1, -w],
    [Transpose.ROTATE_270]: [last - w + 1, -w, 1],
    [Transpose.TRANSPOSE]: [0, w, 1],
    [Transpose.TRANSVERSE]: [last, -w, -1],
  };
  if (!Object.hasOwn(places, method)) throw new ValueError('No such transpose operation');
  const place = places[method];
  const [width, height] = columns_become_rows.includes(method) ? [h, w] : [w, h];
  const bytes = from.BYTES_PER_ELEMENT * CHANNELS[mode];
  const data = allocate(mode, width * height);
  native.pick_pixels(bytes_of(from), bytes_of(data), [width, height, bytes], place);
  return { ...image, width, height, data };
}

/** An image of one colour, `color` with a value for each channel. */
export function filled(mode: Pixels['mode'], width: number, height: number, color: readonly number[]): Pixels {
  const data = allocate(mode, width * height);
  const step = CHANNELS[mode];
  if (color.every((value) => value === color[0])) data.fill(color[0]!);
  else for (let i = 0; i < data.length; i++) data[i] = color[i % step]!;
  return { mode, width, height, data };
}

/** The numbers of native/image_geometry.cc. */
const Way = { SCALED: 0, FIXED: 1, NEAREST: 2, BILINEAR: 3, BICUBIC: 4 } as const;

/** How Pillow takes the nearest pixels along an affine map. */
function nearest_way([a0, a1, a2, a3, a4, a5]: readonly number[], width: number, height: number): number {
  if (a1 === 0 && a3 === 0) return Way.SCALED;
  const small = (x: number, y: number): boolean =>
    Math.abs(x * a0! + y * a1! + a2!) < 32768 && Math.abs(x * a3! + y * a4! + a5!) < 32768;
  return small(0, 0) && small(width, height) && small(0, height) && small(width, 0) ? Way.FIXED : Way.NEAREST;
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
  const perspective = method === Transform.PERSPECTIVE;
  const map = Float64Array.from(matrix.slice(0, perspective ? 8 : 6));
  let way: number = kind === Resampling.BILINEAR ? Way.BILINEAR : Way.BICUBIC;
  if (kind === Resampling.NEAREST) way = perspective ? Way.NEAREST : nearest_way(matrix, width, height);
  const sizes = [image.width, image.height, width, height, CHANNELS[image.mode]] as const;
  native.warp_pixels(image.data, out.data, map, sizes, way);
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
