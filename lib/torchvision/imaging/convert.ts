/** From one mode to another, with Pillow's numbers. */
import { ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { unset_bytes } from './memory.ts';
import { allocate, CHANNELS, type ImageData, type ImageMode, type Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Converts all pixels of a row of bytes. */
type Row = (from: Bytes, to: Bytes, count: number) => void;

/** Brightness as Pillow weighs it (ITU-R 601-2), in 16-bit fixed point. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

function clip8(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** `a * b / 255`, rounded. */
function mul255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** Copies colours between pixels of different sizes; a fourth byte is `alpha`. */
function colours(step_from: number, step_to: number, alpha = 255): Row {
  return (from, to, count) => {
    for (let n = 0, i = 0, o = 0; n < count; n++, i += step_from, o += step_to) {
      to[o] = from[i]!;
      to[o + 1] = from[i + 1]!;
      to[o + 2] = from[i + 2]!;
      if (step_to === 4) to[o + 3] = alpha;
    }
  };
}

/** Grey to colours, or colours to grey, perhaps with alpha. */
function between_grey_and_colours(step_from: number, step_to: number): Row {
  return (from, to) => native.convert_bytes(from, to, step_from, step_to);
}

function pick(step_from: number): Row {
  return (from, to, count) => {
    for (let n = 0, i = 0; n < count; n++, i += step_from) to[n] = from[i]!;
  };
}

function with_alpha(from: Bytes, to: Bytes, count: number): void {
  for (let n = 0; n < count; n++) {
    to[2 * n] = from[n]!;
    to[2 * n + 1] = 255;
  }
}

function inks_to_rgb(from: Bytes, to: Bytes, count: number): void {
  for (let n = 0, i = 0, o = 0; n < count; n++, i += 4, o += 3) {
    const light = 255 - from[i + 3]!;
    to[o] = clip8(light - mul255(from[i]!, light));
    to[o + 1] = clip8(light - mul255(from[i + 1]!, light));
    to[o + 2] = clip8(light - mul255(from[i + 2]!, light));
  }
}

function grey_to_inks(from: Bytes, to: Bytes, count: number): void {
  to.fill(0);
  for (let n = 0, o = 3; n < count; n++, o += 4) to[o] = 255 - from[n]!;
}

function rgb_to_inks(from: Bytes, to: Bytes, count: number): void {
  for (let n = 0, i = 0, o = 0; n < count; n++, i += 3, o += 4) {
    to[o] = 255 - from[i]!;
    to[o + 1] = 255 - from[i + 1]!;
    to[o + 2] = 255 - from[i + 2]!;
    to[o + 3] = 0;
  }
}

const { fround } = Math;

/** Hue, saturation and value; Pillow computes in single precision. */
function rgb_to_hsv(from: Bytes, to: Bytes, count: number): void {
  for (let n = 0, i = 0; n < count; n++, i += 3) {
    const r = from[i]!;
    const g = from[i + 1]!;
    const b = from[i + 2]!;
    const most = r > g ? (r > b ? r : b) : g > b ? g : b;
    const least = r < g ? (r < b ? r : b) : g < b ? g : b;
    if (most === least) {
      to[i] = 0;
      to[i + 1] = 0;
    } else {
      const range = most - least;
      const s = fround(range / most);
      const rc = fround((most - r) / range);
      const gc = fround((most - g) / range);
      const bc = fround((most - b) / range);
      const sector = r === most ? fround(bc - gc) : g === most ? fround(2 + rc - bc) : fround(4 + gc - rc);
      const turn = sector / 6 + 1;
      const h = fround(turn >= 1 ? turn - 1 : turn);
      to[i] = clip8(Math.trunc(h * 255));
      to[i + 1] = clip8(Math.trunc(s * 255));
    }
    to[i + 2] = most;
  }
}

/** Rounds halves away from zero, as C does; never negative here. */
function round_half_up(value: number): number {
  return Math.floor(value + 0.5);
}

function hsv_to_rgb(from: Bytes, to: Bytes, count: number): void {
  for (let n = 0, i = 0; n < count; n++, i += 3) {
    const h = from[i]!;
    const s = from[i + 1]!;
    const v = from[i + 2]!;
    if (s === 0) {
      to[i] = v;
      to[i + 1] = v;
      to[i + 2] = v;
      continue;
    }
    const fraction = (h * 6) / 255;
    const sector = Math.floor(fraction);
    const f = fround(fraction - sector);
    const fs = fround(s / 255);
    const p = clip8(round_half_up(v * (1 - fs)));
    const q = clip8(round_half_up(v * (1 - fs * f)));
    const t = clip8(round_half_up(v * (1 - fs * (1 - f))));
    switch (sector % 6) {
      case 0:
        to[i] = v;
        to[i + 1] = t;
        to[i + 2] = p;
        break;
      case 1:
        to[i] = q;
        to[i + 1] = v;
        to[i + 2] = p;
        break;
      case 2:
        to[i] = p;
        to[i + 1] = v;
        to[i + 2] = t;
        break;
      case 3:
        to[i] = p;
        to[i + 1] = q;
        to[i + 2] = v;
        break;
      case 4:
        to[i] = t;
        to[i + 1] = p;
        to[i + 2] = v;
        break;
      default:
        to[i] = v;
        to[i + 1] = p;
        to[i + 2] = q;
    }
  }
}

/** Colours times alpha, `step` bytes each with alpha the last. */
function premultiply(step: number): Row {
  return (from, to, count) => {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      const alpha = from[i + step - 1]!;
      for (let c = 0; c < step - 1; c++) to[i + c] = mul255(from[i + c]!, alpha);
      to[i + step - 1] = alpha;
    }
  };
}

function unmultiply(step: number): Row {
  return (from, to, count) => {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      const alpha = from[i + step - 1]!;
      for (let c = 0; c < step - 1; c++) {
        const value = from[i + c]!;
        to[i + c] = alpha === 255 || alpha === 0 ? value : clip8(Math.trunc((255 * value) / alpha));
      }
      to[i + step - 1] = alpha;
    }
  };
}

function same(from: Bytes, to: Bytes): void {
  to.set(from);
}

const direct: Partial<Record<ImageMode, Partial<Record<ImageMode, Row>>>> = {
  '1': { CMYK: grey_to_inks, L: same, LA: with_alpha, RGB: between_grey_and_colours(1, 3), RGBA: between_grey_and_colours(1, 4) },
  L: { LA: with_alpha, RGB: between_grey_and_colours(1, 3), RGBA: between_grey_and_colours(1, 4), RGBX: between_grey_and_colours(1, 4), CMYK: grey_to_inks },
  LA: { L: pick(2), RGB: between_grey_and_colours(2, 3), RGBA: between_grey_and_colours(2, 4), La: premultiply(2) },
  La: { LA: unmultiply(2) },
  RGB: {
    L: between_grey_and_colours(3, 1),
    LA: between_grey_and_colours(3, 2),
    RGBA: colours(3, 4),
    RGBX: colours(3, 4),
    CMYK: rgb_to_inks,
    HSV: rgb_to_hsv,
  },
  RGBA: { L: between_grey_and_colours(4, 1), LA: between_grey_and_colours(4, 2), RGB: colours(4, 3), RGBX: colours(4, 4), RGBa: premultiply(4) },
  RGBa: { RGBA: unmultiply(4) },
  RGBX: { L: between_grey_and_colours(4, 1), RGB: colours(4, 3), RGBA: colours(4, 4) },
  CMYK: { RGB: inks_to_rgb },
  HSV: { RGB: hsv_to_rgb },
};

/** Where there is no direct way, the mode to go by, as Pillow does. */
const by_way_of: Partial<Record<ImageMode, ImageMode>> = {
  CMYK: 'RGB',
  HSV: 'RGB',
  YCbCr: 'RGB',
  RGBA: 'RGB',
  LA: 'L',
  La: 'LA',
  RGBa: 'RGBA',
  P: 'RGB',
  I: 'L',
  F: 'L',
  'I;16': 'I',
  L: 'RGB',
  '1': 'L',
};

/** Thousandths of brightness, which Pillow does not round where it makes floats or black and white of colours. */
function thousandths(data: ImageData, n: number, step: number): number {
  const i = n * step;
  return step === 1 ? data[i]! * 1000 : data[i]! * 299 + data[i + 1]! * 587 + data[i + 2]! * 114;
}

/** Black and white with Floyd and Steinberg's spreading of errors, in Pillow's whole numbers. */
function dither({ width, height, data, mode }: Pixels): Bytes {
  const step = CHANNELS[mode];
  const result = new Uint8Array(width * height);
  const errors = new Int32Array(width + 1);
  for (let y = 0, at = 0; y < height; y++) {
    let l = 0;
    let l0 = 0;
    let l1 = 0;
    for (let x = 0; x < width; x++, at++) {
      l = clip8(Math.trunc(thousandths(data, at, step) / 1000) + Math.trunc((l + errors[x + 1]!) / 16));
      const out = l > 128 ? 255 : 0;
      result[at] = out;
      l -= out;
      const l2 = l;
      const d2 = l + l;
      l += d2;
      errors[x] = l + l0;
      l += d2;
      l0 = l + l1;
      l1 = l2;
      l += d2;
    }
    errors[width] = l0;
  }
  return result;
}

/** The colours of a palette, with alpha where something is transparent. */
function from_palette(image: Pixels, mode: 'RGB' | 'RGBA' | 'L' | 'LA'): Bytes {
  const data = image.data as Bytes;
  const palette = image.palette ?? new Uint8Array(0);
  const step = CHANNELS[mode];
  const table = new Uint8Array(256 * step);
  const { transparency } = image;
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = [palette[3 * i] ?? 0, palette[3 * i + 1] ?? 0, palette[3 * i + 2] ?? 0];
    if (step >= 3) table.set([r, g, b], i * step);
    else table[i * step] = luma(r, g, b);
    if (step === 2 || step === 4) {
      const alpha =
        typeof transparency === 'number' ? (transparency === i ? 0 : 255) : ((transparency?.[i] as number) ?? 255);
      table[i * step + step - 1] = alpha;
    }
  }
  const result = new Uint8Array(data.length * step);
  for (let n = 0, o = 0; n < data.length; n++) {
    for (let c = 0, t = data[n]! * step; c < step; c++) result[o++] = table[t++]!;
  }
  return result;
}

/** Numbers of other widths: each is cut to the new range. */
function numbers({ data, mode: from }: Pixels, mode: ImageMode): Pixels['data'] | undefined {
  const result = allocate(mode, data.length);
  if (result.length !== data.length || mode === 'P' || mode === '1') return undefined;
  if (mode === 'L') {
    for (let i = 0; i < data.length; i++) {
      result[i] = clip8(Math.trunc(data[i]!));
    }
  } else if (mode === 'I;16') {
    for (let i = 0; i < data.length; i++) result[i] = Math.min(Math.max(Math.trunc(data[i]!), 0), 65535);
  } else {
    for (let i = 0; i < data.length; i++) result[i] = data[i]!;
  }
  return result;
}

/**
 * The pixels in another mode.
 *
 * @throws ValueError where there is no way to it
 */
export function convert(image: Pixels, mode: ImageMode): Pixels {
  const { width, height } = image;
  const from = image.mode;
  if (from === mode) return { ...image, data: image.data.slice() as Pixels['data'] };
  const made = (data: Pixels['data']): Pixels => ({ mode, width, height, data });
  if (from === 'P' && (mode === 'RGB' || mode === 'RGBA' || mode === 'L' || mode === 'LA')) {
    return made(from_palette(image, mode));
  }
  const wide = (m: ImageMode): boolean => m === 'I' || m === 'F' || m === 'I;16';
  if ((wide(from) || wide(mode)) && (wide(from) || from === 'L' || from === '1') && (wide(mode) || mode === 'L')) {
    return made(numbers(image, mode)!);
  }
  const coloured = from === 'RGB' || from === 'RGBA' || from === 'RGBX';
  if (mode === '1' && (from === 'L' || coloured)) return made(dither(image));
  if (mode === 'F' && coloured) {
    const data = new Float32Array(width * height);
    for (let i = 0; i < data.length; i++) data[i] = Math.fround(thousandths(image.data, i, CHANNELS[from])) / 1000;
    return made(data);
  }
  const row = direct[from]?.[mode];
  if (row !== undefined) {
    const count = width * height;
    const data = unset_bytes(count * CHANNELS[mode]);
    row(image.data as Bytes, data, count);
    return made(data);
  }
  const grey = from === 'LA' || from === 'La' || from === 'P' || wide(from);
  const middle = ((mode === '1' || wide(mode)) && grey) || (coloured && wide(mode)) ? 'L' : mode === 'CMYK' && wide(from) ? 'L' : by_way_of[from];
  if (middle === undefined || middle === mode || middle === from || mode === 'P') {
    throw new ValueError(`conversion from ${from} to ${mode} not supported`);
  }
  return convert(convert(image, middle), mode);
}
