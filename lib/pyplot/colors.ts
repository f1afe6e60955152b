/**
 * Colours: what may name one, and what it is made of.
 *
 * @see https://matplotlib.org/stable/users/explain/colors/colors.html
 */
import { color as css_color } from 'd3-color';
import { is_array } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';

/** Red, green, blue and opacity, each from 0 to 1. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * A colour: a name (`'red'`, `'tab:blue'`, `'r'`), a hexadecimal one (`'#1f77b4'`), a grey from `'0'` to `'1'`, one of
 * the cycle (`'C0'`), `'none'`, or its red, green, blue and perhaps opacity from 0 to 1.
 */
export type Color = string | readonly [number, number, number] | Rgba;

/** The colours that lines take in turn: `tab10`. */
export const COLOR_CYCLE: readonly string[] = [
  '#1f77b4',
  '#ff7f0e',
  '#2ca02c',
  '#d62728',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
];

const TAB_NAMES = ['blue', 'orange', 'green', 'red', 'purple', 'brown', 'pink', 'gray', 'olive', 'cyan'];

/** The one-letter names; half of them are not CSS's colours of the same first letter. */
const LETTERS: Readonly<Record<string, Rgba>> = {
  b: [0, 0, 1, 1],
  g: [0, 0.5, 0, 1],
  r: [1, 0, 0, 1],
  c: [0, 0.75, 0.75, 1],
  m: [0.75, 0, 0.75, 1],
  y: [0.75, 0.75, 0, 1],
  k: [0, 0, 0, 1],
  w: [1, 1, 1, 1],
};

/** Is it the one-letter name of a colour? */
export function is_color_letter(text: string): boolean {
  return Object.hasOwn(LETTERS, text);
}

function invalid(value: unknown): ValueError {
  return new ValueError(
    `${repr(value)} is not a valid value for color: a name, '#rrggbb', a grey from '0' to '1', 'C0', or red, green, blue ` +
      `(and opacity) from 0 to 1 are`,
  );
}

function from_css(text: string): Rgba | undefined {
  const parsed = css_color(text)?.rgb();
  return parsed === undefined ? undefined : [parsed.r / 255, parsed.g / 255, parsed.b / 255, parsed.opacity];
}

function from_text(text: string): Rgba | undefined {
  if (is_color_letter(text)) return LETTERS[text];
  const lower = text.toLowerCase();
  if (lower === 'none') return [0, 0, 0, 0];
  if (/^C\d+$/.test(text)) return from_css(COLOR_CYCLE[Number(text.slice(1)) % COLOR_CYCLE.length]!);
  if (lower.startsWith('tab:')) {
    const index = TAB_NAMES.indexOf(lower.slice(4).replace('grey', 'gray'));
    return index < 0 ? undefined : from_css(COLOR_CYCLE[index]!);
  }
  if (/^[\d.]+(e-?\d+)?$/.test(text)) {
    const grey = Number(text);
    return grey >= 0 && grey <= 1 ? [grey, grey, grey, 1] : undefined;
  }
  return /^(#[\da-f]{3,8}|[a-z]+)$/.test(lower) ? from_css(lower) : undefined;
}

/**
 * What a colour is made of.
 * @param alpha the opacity to give it, whatever it says itself
 * @throws ValueError if it names none
 */
export function to_rgba(value: Color, alpha?: number | null): Rgba {
  let result: Rgba | undefined;
  if (typeof value === 'string') {
    result = from_text(value);
  } else if (is_array(value) && (value.length === 3 || value.length === 4)) {
    const parts = value as readonly unknown[];
    if (parts.every((part) => typeof part === 'number' && part >= 0 && part <= 1)) {
      const [red, green, blue, opacity] = parts as number[];
      result = [red!, green!, blue!, opacity ?? 1];
    } else if (parts.every((part) => typeof part === 'number')) {
      throw new ValueError('RGBA values should be within 0-1 range');
    }
  }
  if (result === undefined) throw invalid(value);
  const is_none = typeof value === 'string' && value.toLowerCase() === 'none';
  return alpha === undefined || alpha === null || is_none ? result : [result[0], result[1], result[2], alpha];
}

/** Does it name a colour? */
export function is_color_like(value: unknown): value is Color {
  try {
    to_rgba(value as Color);
    return true;
  } catch {
    return false;
  }
}

/** `#1f77b4`; the opacity is left out. */
export function to_hex(value: Color): string {
  const [red, green, blue] = to_rgba(value);
  return `#${[red, green, blue]
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
