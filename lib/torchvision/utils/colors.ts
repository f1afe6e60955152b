/** Colours: as three numbers from 0 to 255, or as text that Pillow's `ImageColor` knows. */
import { is_array } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { repr, str, type_name } from '../../repr.ts';

/** Red, green and blue, from 0 to 255. */
export type RGB = readonly [red: number, green: number, blue: number];

/** A colour: numbers, or text such as `'red'`, `'#ff0000'` and `'rgb(255, 0, 0)'`. */
export type ColorLike = string | RGB;

/** The names of CSS and their digits. */
const names =
  'aliceblue f0f8ff, antiquewhite faebd7, aqua 00ffff, aquamarine 7fffd4, azure f0ffff, beige f5f5dc, ' +
  'bisque ffe4c4, black 000000, blanchedalmond ffebcd, blue 0000ff, blueviolet 8a2be2, brown a52a2a, ' +
  'burlywood deb887, cadetblue 5f9ea0, chartreuse 7fff00, chocolate d2691e, coral ff7f50, ' +
  'cornflowerblue 6495ed, cornsilk fff8dc, crimson dc143c, cyan 00ffff, darkblue 00008b, darkcyan 008b8b, ' +
  'darkgoldenrod b8860b, darkgray a9a9a9, darkgrey a9a9a9, darkgreen 006400, darkkhaki bdb76b, ' +
  'darkmagenta 8b008b, darkolivegreen 556b2f, darkorange ff8c00, darkorchid 9932cc, darkred 8b0000, ' +
  'darksalmon e9967a, darkseagreen 8fbc8f, darkslateblue 483d8b, darkslategray 2f4f4f, darkslategrey 2f4f4f, ' +
  'darkturquoise 00ced1, darkviolet 9400d3, deeppink ff1493, deepskyblue 00bfff, dimgray 696969, ' +
  'dimgrey 696969, dodgerblue 1e90ff, firebrick b22222, floralwhite fffaf0, forestgreen 228b22, ' +
  'fuchsia ff00ff, gainsboro dcdcdc, ghostwhite f8f8ff, gold ffd700, goldenrod daa520, gray 808080, ' +
  'grey 808080, green 008000, greenyellow adff2f, honeydew f0fff0, hotpink ff69b4, indianred cd5c5c, ' +
  'indigo 4b0082, ivory fffff0, khaki f0e68c, lavender e6e6fa, lavenderblush fff0f5, lawngreen 7cfc00, ' +
  'lemonchiffon fffacd, lightblue add8e6, lightcoral f08080, lightcyan e0ffff, lightgoldenrodyellow fafad2, ' +
  'lightgreen 90ee90, lightgray d3d3d3, lightgrey d3d3d3, lightpink ffb6c1, lightsalmon ffa07a, ' +
  'lightseagreen 20b2aa, lightskyblue 87cefa, lightslategray 778899, lightslategrey 778899, ' +
  'lightsteelblue b0c4de, lightyellow ffffe0, lime 00ff00, limegreen 32cd32, linen faf0e6, magenta ff00ff, ' +
  'maroon 800000, mediumaquamarine 66cdaa, mediumblue 0000cd, mediumorchid ba55d3, mediumpurple 9370db, ' +
  'mediumseagreen 3cb371, mediumslateblue 7b68ee, mediumspringgreen 00fa9a, mediumturquoise 48d1cc, ' +
  'mediumvioletred c71585, midnightblue 191970, mintcream f5fffa, mistyrose ffe4e1, moccasin ffe4b5, ' +
  'navajowhite ffdead, navy 000080, oldlace fdf5e6, olive 808000, olivedrab 6b8e23, orange ffa500, ' +
  'orangered ff4500, orchid da70d6, palegoldenrod eee8aa, palegreen 98fb98, paleturquoise afeeee, ' +
  'palevioletred db7093, papayawhip ffefd5, peachpuff ffdab9, peru cd853f, pink ffc0cb, plum dda0dd, ' +
  'powderblue b0e0e6, purple 800080, rebeccapurple 663399, red ff0000, rosybrown bc8f8f, royalblue 4169e1, ' +
  'saddlebrown 8b4513, salmon fa8072, sandybrown f4a460, seagreen 2e8b57, seashell fff5ee, sienna a0522d, ' +
  'silver c0c0c0, skyblue 87ceeb, slateblue 6a5acd, slategray 708090, slategrey 708090, snow fffafa, ' +
  'springgreen 00ff7f, steelblue 4682b4, tan d2b48c, teal 008080, thistle d8bfd8, tomato ff6347, ' +
  'turquoise 40e0d0, violet ee82ee, wheat f5deb3, white ffffff, whitesmoke f5f5f5, yellow ffff00, ' +
  'yellowgreen 9acd32';

const by_name = new Map(names.split(', ').map((entry) => entry.split(' ') as [string, string]));

/**
 * The colour that a text means.
 * @throws ValueError for a text that means none
 * @see https://pillow.readthedocs.io/en/stable/reference/ImageColor.html
 */
export function getrgb(color: string): RGB {
  const unknown = (): ValueError => new ValueError(`unknown color specifier: ${repr(color)}`);
  if (color.length > 100) throw new ValueError('color specifier is too long');
  const text = color.toLowerCase();
  const named = by_name.get(text);
  const digits = named ?? /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(text)?.[1];
  if (digits !== undefined) {
    const width = digits.length < 6 ? 1 : 2;
    const channel = (i: number): number => {
      const part = digits.slice(i * width, (i + 1) * width);
      return Number.parseInt(width === 1 ? part + part : part, 16);
    };
    return [channel(0), channel(1), channel(2)];
  }
  const numbers = /^rgb\(\s*(\d+)(%?)\s*,\s*(\d+)\2\s*,\s*(\d+)\2\s*\)$/.exec(text);
  if (numbers === null) throw unknown();
  const [, red, percent, green, blue] = numbers;
  const channel = (value: string | undefined): number =>
    percent === '' ? Number(value) : Math.trunc((Number(value) * 255) / 100 + 0.5);
  return [channel(red), channel(green), channel(blue)];
}

/** Colours for so many objects that are easy to tell apart. */
function palette(count: number): RGB[] {
  const steps = [2 ** 25 - 1, 2 ** 15 - 1, 2 ** 21 - 1];
  return Array.from({ length: count }, (_, i) => steps.map((step) => (i * step) % 255) as unknown as RGB);
}

/** What says which colours are meant: one for all, or one for each. */
export type ColorsLike = ColorLike | readonly ColorLike[];

/** Is this three numbers, and not a list of colours? */
function is_triplet(colors: readonly unknown[]): boolean {
  return colors.length > 0 && colors.every((value) => typeof value === 'number');
}

/**
 * A colour for each object: those that are given, or made up ones.
 * @throws ValueError for too few, and for what is no colour
 */
export function parse_colors(colors: ColorsLike | null, num_objects: number): RGB[] {
  const rgb = (color: unknown): RGB => {
    if (typeof color === 'string') return getrgb(color);
    if (!is_array(color) || color.length !== 3 || !is_triplet(color)) {
      throw new ValueError(`colors must be a tuple or a string, or a list thereof, but got ${str(color)}.`);
    }
    return color as unknown as RGB;
  };
  if (colors === null) return palette(num_objects);
  if (typeof colors === 'string') return new Array<RGB>(num_objects).fill(getrgb(colors));
  if (!is_array(colors)) {
    throw new ValueError(
      `colors must be a tuple or a string, or a list thereof, but got ${typeof colors === 'object' ? type_name(colors) : str(colors)}.`,
    );
  }
  if (is_triplet(colors)) {
    if (colors.length !== 3) {
      throw new ValueError(`If passed as tuple, colors should be an RGB triplet, but got ${repr(colors)}.`);
    }
    return new Array<RGB>(num_objects).fill(colors as unknown as RGB);
  }
  if (colors.length < num_objects) {
    throw new ValueError(
      'Number of colors must be equal or larger than the number of objects, but got ' +
        `${colors.length} < ${num_objects}.`,
    );
  }
  return colors.map(rgb);
}
