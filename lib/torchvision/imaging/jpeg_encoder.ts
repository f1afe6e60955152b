/**
 * Writing JPEG files: baseline, with the numbers and the bytes that libjpeg-turbo writes by default, and so Pillow and
 * torchvision. Colours have half the resolution in both directions.
 */
import { OSError } from '../../errors.ts';
import type { Pixels } from './modes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Where the coefficients of a block stand in the file. */
// prettier-ignore
const ZIGZAG = [
   0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
] as const;

/** The standard's examples of steps, which a quality scales: for brightness and for colour. */
// prettier-ignore
const STEPS = [
  [
    16, 11, 10, 16,  24,  40,  51,  61, 12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56, 14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77, 24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103,  99,
  ],
  [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  ],
] as const;

/** A code of Huffman's: how many symbols there are of each length, and the symbols. */
interface Huffman {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

function hex(text: string): number[] {
  return text.match(/../g)!.map((byte) => parseInt(byte, 16));
}

/** The standard's examples of codes: of the first coefficient and of the others, for brightness and for colour. */
const DC: readonly Huffman[] = [
  { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: DC_SYMBOLS },
  { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: DC_SYMBOLS },
];
const AC: readonly Huffman[] = [
  {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    symbols: hex(
      '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a' +
        '434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8' +
        'a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    ),
  },
  {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    symbols: hex(
      '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a3536373839' +
        '3a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6' +
        'a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
    ),
  },
];

/** The bits of each symbol. */
interface Codes {
  readonly code: Uint16Array;
  readonly size: Uint8Array;
}

function make_codes({ counts, symbols }: Huffman): Codes {
  const code = new Uint16Array(256);
  const size = new Uint8Array(256);
  let next = 0;
  let at = 0;
  for (let length = 1; length <= 16; length++, next <<= 1) {
    for (let i = 0; i < counts[length - 1]!; i++, at++) {
      code[symbols[at]!] = next++;
      size[symbols[at]!] = length;
    }
  }
  return { code, size };
}

/** One channel, padded to whole blocks. */
interface Plane {
  readonly data: Bytes;
  readonly width: number;
  readonly height: number;
}

/** Bytes that grow, and bits that become bytes. */
class Output {
  bytes: Bytes = new Uint8Array(65536);
  length = 0;
  held = 0;
  bits = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }

  segment(marker: number, body: readonly number[]): void {
    for (const value of [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]) this.byte(value);
  }

  put(code: number, size: number): void {
    this.held = (this.held << size) | (code & ((1 << size) - 1));
    this.bits += size;
    while (this.bits >= 8) {
      this.bits -= 8;
      const value = (this.held >> this.bits) & 255;
      this.byte(value);
      if (value === 255) this.byte(0);
    }
    this.held &= (1 << this.bits) - 1;
  }

  flush(): void {
    this.put(0x7f, 7);
    this.held = 0;
    this.bits = 0;
  }
}

/** `value / 2 ** shift`, rounded. */
function descale(value: number, shift: number): number {
  return (value + (1 << (shift - 1))) >> shift;
}

/**
 * Eight values `step` apart from `at` on: a discrete cosine transform in whole numbers with 13 bits behind the point
 * (Loeffler, Ligtenberg and Moschytz's). The second pass takes the two extra bits of the first away.
 */
function dct_line(d: Int32Array, at: number, step: number, second: boolean): void {
  const a0 = d[at]!;
  const a1 = d[at + step]!;
  const a2 = d[at + 2 * step]!;
  const a3 = d[at + 3 * step]!;
  const a4 = d[at + 4 * step]!;
  const a5 = d[at + 5 * step]!;
  const a6 = d[at + 6 * step]!;
  const a7 = d[at + 7 * step]!;
  const s0 = a0 + a7;
  const s1 = a1 + a6;
  const s2 = a2 + a5;
  const s3 = a3 + a4;
  const even = s0 + s3;
  const odd = s1 + s2;
  const e3 = s0 - s3;
  const e2 = s1 - s2;
  const shift = second ? 15 : 11;
  d[at] = second ? descale(even + odd, 2) : (even + odd) << 2;
  d[at + 4 * step] = second ? descale(even - odd, 2) : (even - odd) << 2;
  const z = (e2 + e3) * 4433;
  d[at + 2 * step] = descale(z + e3 * 6270, shift);
  d[at + 6 * step] = descale(z - e2 * 15137, shift);
  const t4 = a3 - a4;
  const t5 = a2 - a5;
  const t6 = a1 - a6;
  const t7 = a0 - a7;
  const z5 = (t4 + t6 + t5 + t7) * 9633;
  const z1 = (t4 + t7) * -7373;
  const z2 = (t5 + t6) * -20995;
  const z3 = (t4 + t6) * -16069 + z5;
  const z4 = (t5 + t7) * -3196 + z5;
  d[at + 7 * step] = descale(t4 * 2446 + z1 + z3, shift);
  d[at + 5 * step] = descale(t5 * 16819 + z2 + z4, shift);
  d[at + 3 * step] = descale(t6 * 25172 + z2 + z3, shift);
  d[at + step] = descale(t7 * 12299 + z1 + z4, shift);
}

const block = new Int32Array(64);

/** Transforms, rounds to steps and writes the block of a plane whose corner is at `x`, `y`; gives its first number. */
function write_block(out: Output, plane: Plane, x: number, y: number, steps: readonly number[], before: number, dc: Codes, ac: Codes): number {
  for (let row = 0; row < 8; row++) {
    const line = (y + row) * plane.width + x;
    for (let column = 0; column < 8; column++) block[row * 8 + column] = plane.data[line + column]! - 128;
  }
  for (let row = 0; row < 8; row++) dct_line(block, row * 8, 1, false);
  for (let column = 0; column < 8; column++) dct_line(block, column, 8, true);
  const quantized = (position: number): number => {
    const value = block[position]!;
    const step = steps[position]! << 3;
    return value < 0 ? -Math.floor((-value + (step >> 1)) / step) : Math.floor((value + (step >> 1)) / step);
  };
  const first = quantized(0);
  const difference = first - before;
  const size = 32 - Math.clz32(Math.abs(difference));
  out.put(dc.code[size]!, dc.size[size]!);
  if (size > 0) out.put(difference < 0 ? difference - 1 : difference, size);
  let zeros = 0;
  for (let n = 1; n < 64; n++) {
    const value = quantized(ZIGZAG[n]!);
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) out.put(ac.code[0xf0]!, ac.size[0xf0]!);
    const width = 32 - Math.clz32(Math.abs(value));
    const symbol = (zeros << 4) | width;
    out.put(ac.code[symbol]!, ac.size[symbol]!);
    out.put(value < 0 ? value - 1 : value, width);
    zeros = 0;
  }
  if (zeros > 0) out.put(ac.code[0]!, ac.size[0]!);
  return first;
}

/** Grey as one plane, its last column and row repeated to whole blocks of `unit` pixels. */
function pad(data: Uint8Array, width: number, height: number, unit: number): Plane {
  const w = Math.ceil(width / unit) * unit;
  const h = Math.ceil(height / unit) * unit;
  const result = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = 0; x < w; x++) result[y * w + x] = data[row + Math.min(x, width - 1)]!;
  }
  return { data: result, width: w, height: h };
}

/** Half the resolution; what is halfway is rounded up and down in turns. Below `rows`, the last one is repeated. */
function halve({ data, width, height }: Plane, rows: number): Plane {
  const w = width / 2;
  const h = height / 2;
  const last = Math.ceil(rows / 2) - 1;
  const result = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    if (y > last) {
      result.copyWithin(y * w, last * w, (last + 1) * w);
      continue;
    }
    for (let x = 0; x < w; x++) {
      const i = 2 * y * width + 2 * x;
      result[y * w + x] = (data[i]! + data[i + 1]! + data[i + width]! + data[i + width + 1]! + 1 + (x & 1)) >> 2;
    }
  }
  return { data: result, width: w, height: h };
}

const fix = (x: number): number => Math.floor(x * 65536 + 0.5);
const KR = fix(0.299);
const KG = fix(0.587);
const KB = fix(0.114);
const BR = fix(0.168735892);
const BG = fix(0.331264108);
const HALF = fix(0.5);
const RG = fix(0.418687589);
const RB = fix(0.081312411);

/** Brightness and both kinds of colour. */
function planes_of(image: Pixels): Plane[] {
  const { width, height } = image;
  const from = image.data as Bytes;
  if (image.mode === 'L') return [pad(from, width, height, 8)];
  const count = width * height;
  const parts = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)] as const;
  const middle = (128 << 16) + 32767;
  for (let n = 0, i = 0; n < count; n++, i += 3) {
    const r = from[i]!;
    const g = from[i + 1]!;
    const b = from[i + 2]!;
    parts[0][n] = (KR * r + KG * g + KB * b + 32768) >> 16;
    parts[1][n] = (HALF * b - BR * r - BG * g + middle) >> 16;
    parts[2][n] = (HALF * r - RG * g - RB * b + middle) >> 16;
  }
  return parts.map((part, c) => (c === 0 ? pad(part, width, height, 16) : halve(pad(part, width, height, 16), height)));
}

/**
 * A JPEG file of an image.
 *
 * @param quality from 1 (small) to 100 (good)
 * @throws OSError for a mode other than `L` and `RGB`, and for sizes that no file can have
 */
export function encode_jpeg(image: Pixels, quality: number): Bytes {
  const { width, height, mode } = image;
  if (mode !== 'L' && mode !== 'RGB') throw new OSError(`cannot write mode ${mode} as JPEG`);
  if (width < 1 || height < 1 || width > 65500 || height > 65500) {
    throw new OSError(`cannot write an image of ${width} x ${height} as JPEG`);
  }
  const planes = planes_of(image);
  const kept = Math.min(Math.max(Math.trunc(quality), 1), 100);
  const scale = kept < 50 ? Math.floor(5000 / kept) : 200 - 2 * kept;
  const tables = STEPS.slice(0, planes.length === 1 ? 1 : 2).map((steps) =>
    steps.map((step) => Math.min(Math.max(Math.floor((step * scale + 50) / 100), 1), 255)),
  );
  const out = new Output();
  out.byte(0xff);
  out.byte(0xd8);
  out.segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  tables.forEach((steps, i) => out.segment(0xdb, [i, ...ZIGZAG.map((position) => steps[position]!)]));
  const sampling = planes.length === 1 ? [0x11] : [0x22, 0x11, 0x11];
  const components = sampling.flatMap((factors, c) => [c + 1, factors, c === 0 ? 0 : 1]);
  out.segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, planes.length, ...components]);
  for (let i = 0; i < tables.length; i++) {
    out.segment(0xc4, [i, ...DC[i]!.counts, ...DC[i]!.symbols]);
    out.segment(0xc4, [0x10 | i, ...AC[i]!.counts, ...AC[i]!.symbols]);
  }
  out.segment(0xda, [planes.length, ...planes.flatMap((_, c) => [c + 1, c === 0 ? 0 : 0x11]), 0, 63, 0]);

  const dc = DC.map(make_codes);
  const ac = AC.map(make_codes);
  const before = planes.map(() => 0);
  const unit = planes.length === 1 ? 8 : 16;
  for (let y = 0; y < height; y += unit) {
    for (let x = 0; x < width; x += unit) {
      planes.forEach((plane, c) => {
        const blocks = c === 0 && unit === 16 ? 2 : 1;
        const kind = c === 0 ? 0 : 1;
        const [x0, y0] = c === 0 ? [x, y] : [x / 2, y / 2];
        for (let j = 0; j < blocks; j++) {
          for (let i = 0; i < blocks; i++) {
            // A block that is all outside of the image repeats the average of the one before it.
            if (x0 + 8 * i >= (c === 0 ? width : width / 2) || y0 + 8 * j >= (c === 0 ? height : height / 2)) {
              out.put(dc[kind]!.code[0]!, dc[kind]!.size[0]!);
              out.put(ac[kind]!.code[0]!, ac[kind]!.size[0]!);
              continue;
            }
            before[c] = write_block(out, plane, x0 + 8 * i, y0 + 8 * j, tables[kind]!, before[c]!, dc[kind]!, ac[kind]!);
          }
        }
      });
    }
  }
  out.flush();
  out.byte(0xff);
  out.byte(0xd9);
  return out.bytes.slice(0, out.length);
}
