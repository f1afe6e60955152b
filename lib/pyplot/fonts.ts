/**
 * The font of all text, DejaVu Sans as in matplotlib: where its files are, and how wide a text is in it. The layout has
 * to know the latter before anything is drawn.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';

/** For what shows the SVG: Verdana is DejaVu's twin where that is not installed. */
export const FONT_FAMILY = "'DejaVu Sans', Verdana, Geneva, sans-serif";

/** How far letters reach above and below their line, in sizes of the font. */
export const ASCENT = 0.76;
export const DESCENT = 0.236;
/** From one line of a text to the next. */
export const LINE_HEIGHT = 1.2 * (ASCENT + DESCENT);

const folder = (): string => dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));

/** The files of the font, normal and bold, for what draws PNGs. */
export function font_files(): string[] {
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'].map((name) => join(folder(), 'ttf', name));
}

/** The widths of a font's characters, in sizes of the font. */
class Widths {
  readonly #view: DataView;
  readonly #tables = new Map<string, number>();
  readonly #units: number;
  readonly #long_metrics: number;
  readonly #segments: number;
  readonly #cache = new Map<number, number>();

  constructor(file: string) {
    const bytes = readFileSync(file);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = this.#view.getUint16(4);
    for (let i = 0; i < count; i++) {
      const at = 12 + 16 * i;
      this.#tables.set(bytes.toString('latin1', at, at + 4), this.#view.getUint32(at + 8));
    }
    this.#units = this.#view.getUint16(this.#tables.get('head')! + 18);
    this.#long_metrics = this.#view.getUint16(this.#tables.get('hhea')! + 34);
    this.#segments = this.#find_segments();
  }

  /** Where the table of characters up to U+FFFF begins. */
  #find_segments(): number {
    const cmap = this.#tables.get('cmap')!;
    const count = this.#view.getUint16(cmap + 2);
    for (let i = 0; i < count; i++) {
      const at = cmap + this.#view.getUint32(cmap + 4 + 8 * i + 4);
      if (this.#view.getUint16(at) === 4) return at;
    }
    throw new Error('the font has no table of characters');
  }

  #glyph(character: number): number {
    const at = this.#segments;
    const doubled = this.#view.getUint16(at + 6);
    for (let i = 0; i < doubled; i += 2) {
      if (this.#view.getUint16(at + 14 + i) < character) continue;
      const start = this.#view.getUint16(at + 16 + doubled + i);
      if (start > character) return 0;
      const delta = this.#view.getUint16(at + 16 + 2 * doubled + i);
      const range_at = at + 16 + 3 * doubled + i;
      const range = this.#view.getUint16(range_at);
      if (range === 0) return (character + delta) & 0xffff;
      const glyph = this.#view.getUint16(range_at + range + 2 * (character - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  }

  of(character: number): number {
    let width = this.#cache.get(character);
    if (width === undefined) {
      const glyph = Math.min(this.#glyph(Math.min(character, 0xffff)), this.#long_metrics - 1);
      width = this.#view.getUint16(this.#tables.get('hmtx')! + 4 * glyph) / this.#units;
      this.#cache.set(character, width);
    }
    return width;
  }
}

const loaded: { normal?: Widths; bold?: Widths } = {};

/** How wide one line of text is in a font of `size`. */
export function text_width(text: string, size: number, bold = false): number {
  const [normal_file, bold_file] = font_files();
  const widths = bold ? (loaded.bold ??= new Widths(bold_file!)) : (loaded.normal ??= new Widths(normal_file!));
  let width = 0;
  for (const character of text) width += widths.of(character.codePointAt(0)!);
  return width * size;
}
