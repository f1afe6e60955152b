/**
 * Colour maps: from numbers to colours.
 *
 * The tables of ColorBrewer and of the viridis family come from d3-scale-chromatic. Between ColorBrewer's colours
 * matplotlib draws straight lines, d3 splines, so only the tables are taken.
 *
 * @see https://matplotlib.org/stable/users/explain/colors/colormaps.html
 */
import * as chromatic from 'd3-scale-chromatic';
import { is_array } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { repr, type_name } from '../repr.ts';
import { COLOR_CYCLE, type Rgba, to_rgba } from './colors.ts';
import { extremes } from './data.ts';
import { rcParams } from './rc.ts';

/** How many colours a continuous map has. */
const SIZE = 256;

/** From numbers to colours. */
export interface Colormap {
  /**
   * The colour of a number: from 0 to 1 a share of the way through the map, a whole number above 1 the index of a
   * colour. What lies outside gets the colour at the end; NaN is transparent.
   */
  (value: number): Rgba;
  readonly name: string;
  /** How many colours there are. */
  readonly N: number;
  /** All of them, the lowest first. */
  readonly colors: readonly Rgba[];
  /** The same map, backwards. */
  reversed(): Colormap;
}

/** A colour map, or the name of one: `'viridis'`, `'RdYlBu'`, with `_r` backwards. */
export type ColormapLike = Colormap | string;

const TRANSPARENT: Rgba = [0, 0, 0, 0];

function colormap(map_name: string, colors: readonly Rgba[]): Colormap {
  const N = colors.length;
  const map = (value: number): Rgba => {
    if (Number.isNaN(value)) return TRANSPARENT;
    const index = value > 1 && Number.isInteger(value) ? value : Math.trunc(value * N);
    return colors[Math.min(Math.max(index, 0), N - 1)]!;
  };
  const reversed = (): Colormap =>
    colormap(map_name.endsWith('_r') ? map_name.slice(0, -2) : `${map_name}_r`, [...colors].reverse());
  Object.defineProperty(map, 'name', { value: map_name });
  return Object.assign(map, { N, colors, reversed }) as Colormap;
}

/** Straight lines between values at given places from 0 to 1, as often as a map has colours. */
function ramp(nodes: readonly (readonly [place: number, value: number])[]): number[] {
  return Array.from({ length: SIZE }, (_, i) => {
    const at = i / (SIZE - 1);
    let k = 1;
    while (k < nodes.length - 1 && nodes[k]![0] < at) k++;
    const [[x0, y0], [x1, y1]] = [nodes[k - 1]!, nodes[k]!];
    return Math.min(Math.max(y0 + ((at - x0) / (x1 - x0)) * (y1 - y0), 0), 1);
  });
}

type Nodes = readonly (readonly [number, number])[];

function of_channels(red: Nodes, green: Nodes, blue: Nodes): Rgba[] {
  const channels = [ramp(red), ramp(green), ramp(blue)] as const;
  return Array.from({ length: SIZE }, (_, i) => [channels[0][i]!, channels[1][i]!, channels[2][i]!, 1] as const);
}

/** A map with straight lines between colours at equal distances. */
function of_colors(colors: readonly string[]): Rgba[] {
  const rgba = colors.map((color) => to_rgba(color));
  const nodes = (channel: 0 | 1 | 2): Nodes => rgba.map((color, i) => [i / (rgba.length - 1), color[channel]] as const);
  return of_channels(nodes(0), nodes(1), nodes(2));
}

/** A map that d3 has as a function over 256 colours. */
function of_function(interpolate: (share: number) => string): Rgba[] {
  return Array.from({ length: SIZE }, (_, i) => {
    const parts = interpolate((i + 0.5) / SIZE);
    if (parts.startsWith('#')) return to_rgba(parts);
    const [red, green, blue] = parts.match(/\d+/g)!.map((part) => Number(part) / 255);
    return [red!, green!, blue!, 1];
  });
}

const LINE_UP: Nodes = [
  [0, 0],
  [1, 1],
];
const LINE_DOWN: Nodes = [
  [0, 1],
  [1, 0],
];
const ONE: Nodes = [
  [0, 1],
  [1, 1],
];

const MAKERS: Readonly<Record<string, () => readonly Rgba[]>> = {
  gray: () => of_channels(LINE_UP, LINE_UP, LINE_UP),
  grey: () => of_channels(LINE_UP, LINE_UP, LINE_UP),
  binary: () => of_channels(LINE_DOWN, LINE_DOWN, LINE_DOWN),
  cool: () => of_channels(LINE_UP, LINE_DOWN, ONE),
  spring: () => of_channels(ONE, LINE_UP, LINE_DOWN),
  summer: () =>
    of_channels(
      LINE_UP,
      [
        [0, 0.5],
        [1, 1],
      ],
      [
        [0, 0.4],
        [1, 0.4],
      ],
    ),
  autumn: () =>
    of_channels(ONE, LINE_UP, [
      [0, 0],
      [1, 0],
    ]),
  winter: () =>
    of_channels(
      [
        [0, 0],
        [1, 0],
      ],
      LINE_UP,
      [
        [0, 1],
        [1, 0.5],
      ],
    ),
  bwr: () => of_colors(['#0000ff', '#ffffff', '#ff0000']),
  seismic: () =>
    of_channels(
      [
        [0, 0],
        [0.25, 0],
        [0.5, 1],
        [0.75, 1],
        [1, 0.5],
      ],
      [
        [0, 0],
        [0.25, 0],
        [0.5, 1],
        [0.75, 0],
        [1, 0],
      ],
      [
        [0, 0.3],
        [0.25, 1],
        [0.5, 1],
        [0.75, 0],
        [1, 0],
      ],
    ),
  hot: () =>
    of_channels(
      [
        [0, 0.0416],
        [0.365079, 1],
        [1, 1],
      ],
      [
        [0, 0],
        [0.365079, 0],
        [0.746032, 1],
        [1, 1],
      ],
      [
        [0, 0],
        [0.746032, 0],
        [1, 1],
      ],
    ),
  jet: () =>
    of_channels(
      [
        [0, 0],
        [0.35, 0],
        [0.66, 1],
        [0.89, 1],
        [1, 0.5],
      ],
      [
        [0, 0],
        [0.125, 0],
        [0.375, 1],
        [0.64, 1],
        [0.91, 0],
        [1, 0],
      ],
      [
        [0, 0.5],
        [0.11, 1],
        [0.34, 1],
        [0.65, 0],
        [1, 0],
      ],
    ),
  viridis: () => of_function(chromatic.interpolateViridis),
  magma: () => of_function(chromatic.interpolateMagma),
  inferno: () => of_function(chromatic.interpolateInferno),
  plasma: () => of_function(chromatic.interpolatePlasma),
  tab10: () => COLOR_CYCLE.map((color) => to_rgba(color)),
  Accent: () => chromatic.schemeAccent.map((color) => to_rgba(color)),
  Dark2: () => chromatic.schemeDark2.map((color) => to_rgba(color)),
  Paired: () => chromatic.schemePaired.map((color) => to_rgba(color)),
  Pastel1: () => chromatic.schemePastel1.map((color) => to_rgba(color)),
  Pastel2: () => chromatic.schemePastel2.map((color) => to_rgba(color)),
  Set1: () => chromatic.schemeSet1.map((color) => to_rgba(color)),
  Set2: () => chromatic.schemeSet2.map((color) => to_rgba(color)),
  Set3: () => chromatic.schemeSet3.map((color) => to_rgba(color)),
};

/** ColorBrewer's maps; matplotlib has the diverging ones with eleven colours, the others with nine. */
const BREWER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  BrBG: chromatic.schemeBrBG,
  PRGn: chromatic.schemePRGn,
  PiYG: chromatic.schemePiYG,
  // d3 has it the other way round.
  PuOr: chromatic.schemePuOr.map((colors) => [...colors].reverse()),
  RdBu: chromatic.schemeRdBu,
  RdGy: chromatic.schemeRdGy,
  RdYlBu: chromatic.schemeRdYlBu,
  RdYlGn: chromatic.schemeRdYlGn,
  Spectral: chromatic.schemeSpectral,
  Blues: chromatic.schemeBlues,
  Greens: chromatic.schemeGreens,
  Greys: chromatic.schemeGreys,
  Oranges: chromatic.schemeOranges,
  Purples: chromatic.schemePurples,
  Reds: chromatic.schemeReds,
  BuGn: chromatic.schemeBuGn,
  BuPu: chromatic.schemeBuPu,
  GnBu: chromatic.schemeGnBu,
  OrRd: chromatic.schemeOrRd,
  PuBu: chromatic.schemePuBu,
  PuBuGn: chromatic.schemePuBuGn,
  PuRd: chromatic.schemePuRd,
  RdPu: chromatic.schemeRdPu,
  YlGn: chromatic.schemeYlGn,
  YlGnBu: chromatic.schemeYlGnBu,
  YlOrBr: chromatic.schemeYlOrBr,
  YlOrRd: chromatic.schemeYlOrRd,
};

function brewer(scheme: readonly (readonly string[])[]): readonly Rgba[] {
  return of_colors(scheme[11] ?? scheme[9]!);
}

const made = new Map<string, Colormap>();

/** The names of all maps; each is there backwards too, with `_r` behind its name. */
const colormap_names: readonly string[] = [...Object.keys(MAKERS), ...Object.keys(BREWER)];

/**
 * The colour map of a name; one that is given already is given back.
 * @throws ValueError if there is none of this name
 */
export function get_cmap(name: ColormapLike | null = null): Colormap {
  const chosen = name ?? rcParams['image.cmap'];
  if (typeof chosen === 'function' && is_array(chosen.colors)) return chosen;
  if (typeof chosen !== 'string')
    throw new TypeError(`a colour map or the name of one is expected, not ${type_name(chosen)}`);
  const wanted = chosen;
  const known = made.get(wanted);
  if (known !== undefined) return known;
  const backwards = wanted.endsWith('_r');
  const base = backwards ? wanted.slice(0, -2) : wanted;
  let map: Colormap;
  if (Object.hasOwn(MAKERS, base)) map = colormap(base, MAKERS[base]!());
  else if (Object.hasOwn(BREWER, base)) map = colormap(base, brewer(BREWER[base]!));
  else {
    const names = colormap_names.flatMap((one) => [one, `${one}_r`]).sort();
    throw new ValueError(
      `${repr(wanted)} is not a valid value for cmap. Supported values are ${names.map(repr).join(', ')}`,
    );
  }
  if (backwards) map = map.reversed();
  made.set(wanted, map);
  return map;
}

type ColormapName =
  | 'gray'
  | 'grey'
  | 'binary'
  | 'cool'
  | 'spring'
  | 'summer'
  | 'autumn'
  | 'winter'
  | 'bwr'
  | 'seismic'
  | 'hot'
  | 'jet'
  | 'viridis'
  | 'magma'
  | 'inferno'
  | 'plasma'
  | 'tab10'
  | 'Accent'
  | 'Dark2'
  | 'Paired'
  | 'Pastel1'
  | 'Pastel2'
  | 'Set1'
  | 'Set2'
  | 'Set3'
  | 'BrBG'
  | 'PRGn'
  | 'PiYG'
  | 'PuOr'
  | 'RdBu'
  | 'RdGy'
  | 'RdYlBu'
  | 'RdYlGn'
  | 'Spectral'
  | 'Blues'
  | 'Greens'
  | 'Greys'
  | 'Oranges'
  | 'Purples'
  | 'Reds'
  | 'BuGn'
  | 'BuPu'
  | 'GnBu'
  | 'OrRd'
  | 'PuBu'
  | 'PuBuGn'
  | 'PuRd'
  | 'RdPu'
  | 'YlGn'
  | 'YlGnBu'
  | 'YlOrBr'
  | 'YlOrRd';

/** The maps by name, made when they are first asked for: `plt.cm.RdYlBu`. */
export const cm: { readonly [name in ColormapName | `${ColormapName}_r`]: Colormap } & {
  readonly get_cmap: typeof get_cmap;
} = Object.defineProperties(
  { get_cmap },
  {
    ...Object.fromEntries(
      colormap_names
        .flatMap((name) => [name, `${name}_r`])
        .map((name) => [name, { enumerable: true, get: () => get_cmap(name) }]),
    ),
  },
) as typeof cm;

/** Numbers to shares of a map: the lowest to 0, the highest to 1. */
export interface Norm {
  readonly vmin: number;
  readonly vmax: number;
}

/** A number's share of the way from the lowest to the highest; 0 where the two are one. */
function normalized(value: number, { vmin, vmax }: Norm): number {
  return vmin === vmax ? 0 * value : (value - vmin) / (vmax - vmin);
}

/** The colour of a number, of which whole ones above 1 are no indices here. */
export function mapped(value: number, norm: Norm, map: Colormap): Rgba {
  const share = normalized(value, norm);
  // matplotlib's 256 colours divide the interval evenly; the upper end belongs to the last.
  return map(Math.min(share, 1));
}

/** The interval of numbers that a map is laid over: what was asked for, else all of the values. */
export function norm_of(
  values: Float64Array | readonly number[],
  vmin: number | null | undefined,
  vmax: number | null | undefined,
): Norm {
  const [low, high] = extremes(values);
  return { vmin: vmin ?? (low <= high ? low : 0), vmax: vmax ?? (low <= high ? high : 1) };
}
