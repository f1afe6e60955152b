/** Where axes of a grid stand, and how much room to leave so that their labels do not touch. */
import type { Axes } from './axes.ts';

/** The borders of a grid of axes in shares of the figure, and the gaps in shares of an axes' width and height. */
export interface SubplotParams {
  left: number;
  right: number;
  bottom: number;
  top: number;
  wspace: number;
  hspace: number;
}

export function usual_params(): SubplotParams {
  return { left: 0.125, right: 0.9, bottom: 0.11, top: 0.88, wspace: 0.2, hspace: 0.2 };
}

/** The place of a cell, or of all cells from the first to the last. */
export function cell_position(cell: NonNullable<Axes['cell']>, params: SubplotParams): Axes['position'] {
  const { rows, columns, first, last } = cell;
  const width = (params.right - params.left) / (columns + params.wspace * (columns - 1));
  const height = (params.top - params.bottom) / (rows + params.hspace * (rows - 1));
  const [row1, column1] = [Math.floor(first / columns), first % columns];
  const [row2, column2] = [Math.floor(last / columns), last % columns];
  const left = params.left + column1 * width * (1 + params.wspace);
  const right = params.left + column2 * width * (1 + params.wspace) + width;
  const top = params.top - row1 * height * (1 + params.hspace);
  const bottom = params.top - row2 * height * (1 + params.hspace) - height;
  return { left, bottom, width: right - left, height: top - bottom };
}

/** The room that an axes needs around its place, in pixels. */
export interface Need {
  readonly cell: NonNullable<Axes['cell']>;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Borders and gaps with which nothing overlaps.
 * @param needs of all axes that have a cell
 * @param size of the figure in pixels
 * @param pads around the figure, and between columns and rows, in pixels
 * @param above what else stands on top, in pixels
 * @returns null if there is not enough room
 */
export function tight_params(
  needs: readonly Need[],
  size: { width: number; height: number },
  pads: { pad: number; w_pad: number; h_pad: number },
  above: number,
): SubplotParams | null {
  const rows = Math.max(...needs.map(({ cell }) => cell.rows));
  const columns = Math.max(...needs.map(({ cell }) => cell.columns));
  // Between column i - 1 and i; beyond the first and the last.
  const x_gaps = Array.from({ length: columns + 1 }, () => ({ before: 0, after: 0 }));
  const y_gaps = Array.from({ length: rows + 1 }, () => ({ before: 0, after: 0 }));
  for (const { cell, left, right, top, bottom } of needs) {
    const scale = (value: number, from: number, to: number): number => Math.floor((value * to) / from);
    const row1 = scale(Math.floor(cell.first / cell.columns), cell.rows, rows);
    const row2 = scale(Math.floor(cell.last / cell.columns) + 1, cell.rows, rows);
    const column1 = scale(cell.first % cell.columns, cell.columns, columns);
    const column2 = scale((cell.last % cell.columns) + 1, cell.columns, columns);
    x_gaps[column1]!.after = Math.max(x_gaps[column1]!.after, left);
    x_gaps[column2]!.before = Math.max(x_gaps[column2]!.before, right);
    y_gaps[row1]!.after = Math.max(y_gaps[row1]!.after, top);
    y_gaps[row2]!.before = Math.max(y_gaps[row2]!.before, bottom);
  }
  const sum = (gap: { before: number; after: number }): number => gap.before + gap.after;
  const left = (sum(x_gaps[0]!) + pads.pad) / size.width;
  const right = 1 - (sum(x_gaps[columns]!) + pads.pad) / size.width;
  const top = 1 - (sum(y_gaps[0]!) + pads.pad + above) / size.height;
  const bottom = (sum(y_gaps[rows]!) + pads.pad) / size.height;
  if (left >= right || bottom >= top) return null;
  const gap_of = (gaps: typeof x_gaps, pad: number, room: number): number =>
    gaps.length > 2 ? (Math.max(...gaps.slice(1, -1).map(sum)) + pad) / room : 0;
  const [x_gap, y_gap] = [gap_of(x_gaps, pads.w_pad, size.width), gap_of(y_gaps, pads.h_pad, size.height)];
  const width = (right - left - x_gap * (columns - 1)) / columns;
  const height = (top - bottom - y_gap * (rows - 1)) / rows;
  if (width <= 0 || height <= 0) return null;
  return {
    left,
    right,
    bottom,
    top,
    wspace: columns > 1 ? x_gap / width : 0.2,
    hspace: rows > 1 ? y_gap / height : 0.2,
  };
}
