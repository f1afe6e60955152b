/** Styles of lines, and their dashes. */
import { is_array } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';

/** How a line is drawn; `'None'`, `' '` and `''` draw none. A pattern has an offset, and lengths of dashes and gaps. */
export type LineStyle =
  | '-'
  | '--'
  | '-.'
  | ':'
  | 'solid'
  | 'dashed'
  | 'dashdot'
  | 'dotted'
  | 'None'
  | 'none'
  | ' '
  | ''
  | readonly [offset: number, pattern: readonly number[]];

const SHORT: Readonly<Record<string, string>> = {
  'solid': '-',
  'dashed': '--',
  'dashdot': '-.',
  'dotted': ':',
  'None': '',
  'none': '',
  ' ': '',
};

/** Dashes and gaps, in widths of the line. */
const PATTERNS: Readonly<Record<string, readonly number[]>> = {
  '--': [3.7, 1.6],
  '-.': [6.4, 1.6, 1, 1.6],
  ':': [1, 1.65],
};

/** Is it a style in a format string? */
export function is_line_style(text: string): text is '-' | '--' | '-.' | ':' | ' ' | '' {
  return text === '-' || text === ' ' || Object.hasOwn(PATTERNS, text);
}

/** What is drawn: nothing, or dashes (none for a solid line), in widths of the line. */
export interface Dashes {
  readonly offset: number;
  readonly pattern: readonly number[];
}

/**
 * The dashes of a style; undefined where no line is drawn.
 * @throws ValueError if there is no such style
 */
export function dashes_of(style: LineStyle): Dashes | undefined {
  if (is_array(style)) {
    const [offset, pattern] = style as readonly [number, readonly number[] | null];
    if (
      typeof offset === 'number' &&
      (pattern === null || (is_array(pattern) && pattern.every((p) => typeof p === 'number')))
    ) {
      return { offset, pattern: (pattern ?? []) as readonly number[] };
    }
  } else if (typeof style === 'string') {
    const short = Object.hasOwn(SHORT, style) ? SHORT[style]! : style;
    if (short === '') return undefined;
    if (short === '-') return { offset: 0, pattern: [] };
    if (Object.hasOwn(PATTERNS, short)) return { offset: 0, pattern: PATTERNS[short]! };
  }
  throw new ValueError(
    `${repr(style)} is not a valid value for ls. Supported values are '-', '--', '-.', ':', 'None', ' ', '', 'solid', ` +
      `'dashed', 'dashdot', 'dotted'`,
  );
}
