/** What `contour`, `contourf` and `pcolormesh` take: numbers on a grid, read from their arguments. */
import { is_instance, is_kwargs } from '../arguments.ts';
import { TypeError, ValueError } from '../errors.ts';
import { repr } from '../repr.ts';
import type { ContourParameters } from './artists/contours.ts';
import type { QuadMesh } from './artists/mesh.ts';
import type { ContourOptions, MeshArguments, MeshOptions } from './axes_arguments.ts';
import { get_cmap, norm_of } from './colormaps.ts';
import { type Color, is_color_like } from './colors.ts';
import { extremes, flat, numbers } from './data.ts';
import { full_names } from './options.ts';
import { contour_levels } from './ticks.ts';

/** What is asked of a contour plot: the surface, as grid and heights, and how it shall look. */
export function contour_parameters(args: readonly unknown[], filled: boolean): ContourParameters {
  const rest = [...args];
  const options = full_names<ContourOptions>(
    filled ? 'contourf' : 'contour',
    is_kwargs(rest.at(-1)) ? (rest.pop() as object) : {},
    ['levels', 'colors', 'cmap', 'alpha', 'vmin', 'vmax', 'linewidths', 'linestyles', 'zorder'],
  );
  const by_place = rest.length >= 3;
  if (rest.length < 1 || rest.length > 4) {
    throw new TypeError(
      `${filled ? 'contourf' : 'contour'}() takes from 1 to 4 positional arguments but ${rest.length} were given`,
    );
  }
  const z = numbers(rest[by_place ? 2 : 0], 'Z');
  if (z.shape.length !== 2) throw new TypeError(`Input z must be 2D, not ${z.shape.length}D`);
  const [rows, columns] = z.shape as [number, number];
  if (rows < 2 || columns < 2) {
    throw new TypeError(`Input z must be at least a (2, 2) shaped array, but has shape ${repr([...z.shape])}`);
  }
  const grid = (given: unknown, of_column: boolean): Float64Array => {
    const values = given === undefined ? null : numbers(given, of_column ? 'X' : 'Y');
    if (values !== null && values.data.length === z.data.length && values.shape.length === 2) return values.data;
    if (values !== null && values.data.length !== (of_column ? columns : rows)) {
      const [name, wanted] = of_column ? ['x', 'columns'] : ['y', 'rows'];
      throw new TypeError(
        `Length of ${name} (${values.data.length}) must match number of ${wanted} in z (${of_column ? columns : rows})`,
      );
    }
    return z.data.map((_, i) => {
      const at = of_column ? i % columns : Math.floor(i / columns);
      return values === null ? at : values.data[at]!;
    });
  };
  const asked = options.levels ?? rest[by_place ? 3 : 1] ?? null;
  const [low, high] = extremes(z.data);
  let levels: number[];
  if (asked === null || typeof asked === 'number') {
    const is_bool = is_bool_tensor(rest[by_place ? 2 : 0]);
    levels = is_bool && asked === null ? (filled ? [0, 0.5, 1] : [0.5]) : contour_levels(low, high, asked ?? 7);
  } else {
    levels = [...flat(asked, 'levels')];
  }
  if (filled && levels.length < 2) throw new ValueError('Filled contours require at least 2 levels.');
  if (levels.some((level, i) => i > 0 && level <= levels[i - 1]!))
    throw new ValueError('Contour levels must be increasing');
  const { colors = null } = options;
  return {
    x: grid(by_place ? rest[0] : undefined, true),
    y: grid(by_place ? rest[1] : undefined, false),
    z: z.data,
    rows,
    columns,
    levels,
    filled,
    cmap: get_cmap(options.cmap),
    norm: norm_of(levels, options.vmin, options.vmax),
    colors: colors === null ? null : is_color_like(colors) ? [colors] : (colors as readonly Color[]),
    alpha: options.alpha ?? null,
    linewidths: options.linewidths ?? 1.5,
    linestyles: options.linestyles ?? '-',
    zorder: options.zorder ?? (filled ? 1 : 2),
  };
}

/** The edges of a mesh's columns and rows, the numbers of its cells, and how they shall look. */
export function mesh_parameters(args: MeshArguments): ConstructorParameters<typeof QuadMesh> {
  const rest = [...args] as unknown[];
  const options = full_names<MeshOptions>('QuadMesh', is_kwargs(rest.at(-1)) ? (rest.pop() as object) : {}, [
    'cmap',
    'vmin',
    'vmax',
    'alpha',
    'shading',
  ]);
  if (rest.length !== 1 && rest.length !== 3) {
    throw new TypeError(`pcolormesh() takes 1 or 3 positional arguments but ${rest.length} were given`);
  }
  const cells = numbers(rest.at(-1), 'C');
  if (cells.shape.length !== 2)
    throw new ValueError(`Incompatible X, Y inputs to pcolormesh: C is ${cells.shape.length}D`);
  const [rows, columns] = cells.shape as [number, number];
  const edges = (given: unknown, count: number, of_column: boolean): Float64Array => {
    if (given === undefined) return Float64Array.from({ length: count + 1 }, (_, i) => i);
    const { shape, data } = numbers(given, of_column ? 'X' : 'Y');
    // Of a grid, a row (or a column) says it all.
    const width = shape.length === 2 ? shape[1]! : 1;
    const line = shape.length < 2 ? data : of_column ? data.slice(0, width) : data.filter((_, i) => i % width === 0);
    if (line.length === count + 1) return line;
    if (line.length !== count) {
      throw new TypeError(`Dimensions of C (${rows}, ${columns}) should be one smaller than X and Y`);
    }
    // Centres: edges lie half-way between them.
    const step = (i: number): number =>
      count > 1 ? line[Math.min(i + 1, count - 1)]! - line[Math.min(i, count - 2)]! : 1;
    return Float64Array.from({ length: count + 1 }, (_, i) =>
      i === 0
        ? line[0]! - step(0) / 2
        : i === count
          ? line[count - 1]! + step(count - 2) / 2
          : (line[i - 1]! + line[i]!) / 2,
    );
  };
  return [
    edges(rest.length === 3 ? rest[0] : undefined, columns, true),
    edges(rest.length === 3 ? rest[1] : undefined, rows, false),
    cells.data,
    {
      cmap: get_cmap(options.cmap),
      norm: norm_of(cells.data, options.vmin, options.vmax),
      alpha: options.alpha ?? null,
    },
  ];
}

function is_bool_tensor(value: unknown): boolean {
  return is_instance(value, Object) && String((value as { dtype?: unknown }).dtype) === 'torch.bool';
}
