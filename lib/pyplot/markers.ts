/** Markers: the shapes that stand at points. */
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';

/** The name of a shape; `'None'`, `' '` and `''` draw none. */
export type Marker =
  | '.'
  | ','
  | 'o'
  | 'v'
  | '^'
  | '<'
  | '>'
  | '1'
  | '2'
  | '3'
  | '4'
  | '8'
  | 's'
  | 'p'
  | '*'
  | 'h'
  | 'H'
  | '+'
  | 'x'
  | 'X'
  | 'D'
  | 'd'
  | '|'
  | '_'
  | 'P'
  | 'None'
  | 'none'
  | ' '
  | '';

/** A shape in a square from -0.5 to 0.5, y upwards: a circle, or corners, joined and closed unless `open`. */
type Shape =
  | { readonly radius: number }
  | { readonly corners: readonly (readonly [number, number])[]; readonly open?: false }
  | { readonly strokes: readonly (readonly (readonly [number, number])[])[]; readonly open: true };

/** A regular polygon, or with `inner` a star, the first corner at `turn` degrees from the top. */
function regular(count: number, radius: number, turn = 0, inner?: number): Shape {
  const steps = inner === undefined ? count : 2 * count;
  const corners = Array.from({ length: steps }, (_, i) => {
    const angle = ((turn + (360 * i) / steps) * Math.PI) / 180;
    const r = inner !== undefined && i % 2 === 1 ? inner : radius;
    return [-Math.sin(angle) * r, Math.cos(angle) * r] as const;
  });
  return { corners };
}

/** Corners turned by quarters. */
function turned(
  corners: readonly (readonly [number, number])[],
  quarters: number,
): readonly (readonly [number, number])[] {
  let result = corners;
  for (let i = 0; i < quarters; i++) result = result.map(([x, y]) => [-y, x] as const);
  return result;
}

const triangle = [
  [0, 0.5],
  [-0.5, -0.5],
  [0.5, -0.5],
] as const;
const square = [
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
] as const;
const tripod = [
  [
    [0, 0],
    [0, -0.5],
  ],
  [
    [0, 0],
    [0.4, 0.25],
  ],
  [
    [0, 0],
    [-0.4, 0.25],
  ],
] as const;
const diagonal = Math.SQRT1_2;
const filled_plus = [
  [2, 0],
  [4, 0],
  [4, 2],
  [6, 2],
  [6, 4],
  [4, 4],
  [4, 6],
  [2, 6],
  [2, 4],
  [0, 4],
  [0, 2],
  [2, 2],
].map(([x, y]) => [x! / 6 - 0.5, y! / 6 - 0.5] as const);
const filled_x = [
  [1, 0],
  [2, 1],
  [3, 0],
  [4, 1],
  [3, 2],
  [4, 3],
  [3, 4],
  [2, 3],
  [1, 4],
  [0, 3],
  [1, 2],
  [0, 1],
].map(([x, y]) => [x! / 4 - 0.5, y! / 4 - 0.5] as const);

const SHAPES: Readonly<Record<string, Shape>> = {
  '.': { radius: 0.25 },
  ',': { corners: square },
  'o': { radius: 0.5 },
  '^': { corners: triangle },
  '<': { corners: turned(triangle, 1) },
  'v': { corners: turned(triangle, 2) },
  '>': { corners: turned(triangle, 3) },
  '1': { strokes: tripod, open: true },
  '2': { strokes: tripod.map((stroke) => turned(stroke, 2)), open: true },
  '3': { strokes: tripod.map((stroke) => turned(stroke, 3)), open: true },
  '4': { strokes: tripod.map((stroke) => turned(stroke, 1)), open: true },
  '8': regular(8, 0.5, 22.5),
  's': { corners: square },
  'p': regular(5, 0.5),
  '*': regular(5, 0.5, 0, 0.190983),
  'h': regular(6, 0.5),
  'H': regular(6, 0.5, 30),
  '+': {
    strokes: [
      [
        [-0.5, 0],
        [0.5, 0],
      ],
      [
        [0, -0.5],
        [0, 0.5],
      ],
    ],
    open: true,
  },
  'x': {
    strokes: [
      [
        [-0.5, -0.5],
        [0.5, 0.5],
      ],
      [
        [-0.5, 0.5],
        [0.5, -0.5],
      ],
    ],
    open: true,
  },
  'X': { corners: filled_x },
  'D': {
    corners: [
      [0, -diagonal],
      [diagonal, 0],
      [0, diagonal],
      [-diagonal, 0],
    ],
  },
  'd': {
    corners: [
      [0, -diagonal],
      [0.6 * diagonal, 0],
      [0, diagonal],
      [-0.6 * diagonal, 0],
    ],
  },
  '|': {
    strokes: [
      [
        [0, -0.5],
        [0, 0.5],
      ],
    ],
    open: true,
  },
  '_': {
    strokes: [
      [
        [-0.5, 0],
        [0.5, 0],
      ],
    ],
    open: true,
  },
  'P': { corners: filled_plus },
};

/** Is it a marker that draws something? */
export function is_marker(text: string): text is Marker {
  return Object.hasOwn(SHAPES, text);
}

/** Does it stand for no marker at all? */
export function is_no_marker(marker: Marker): boolean {
  return marker === 'None' || marker === 'none' || marker === ' ' || marker === '';
}

/** @throws ValueError if there is no such marker */
export function check_marker(marker: Marker): void {
  if (!is_no_marker(marker) && !is_marker(marker)) throw new ValueError(`Unrecognized marker style ${repr(marker)}`);
}

/** Is it made of strokes that enclose nothing, and that have the colour of the edge alone? */
export function is_open_marker(marker: Marker): boolean {
  const shape = SHAPES[marker];
  return shape !== undefined && 'strokes' in shape;
}

/** Is it a circle? Then its radius, in sizes of the marker. */
export function marker_radius(marker: Marker): number | undefined {
  const shape = SHAPES[marker];
  return shape !== undefined && 'radius' in shape ? shape.radius : undefined;
}

/** The outline of a marker that is no circle, as an SVG path around the point (`x`, `y`). */
export function marker_path(marker: Marker, x: number, y: number, size: number): string {
  const shape = SHAPES[marker]!;
  const point = ([dx, dy]: readonly [number, number]): string =>
    `${Math.round((x + dx * size) * 1000) / 1000},${Math.round((y - dy * size) * 1000) / 1000}`;
  if ('strokes' in shape) return shape.strokes.map((stroke) => `M${stroke.map(point).join('L')}`).join('');
  return 'corners' in shape ? `M${shape.corners.map(point).join('L')}Z` : '';
}
