/** Limits, ticks, colours and places as matplotlib has them. */
import * as plt from 'tstorch/pyplot';
import type { Axes, Color } from 'tstorch/pyplot';
import { afterEach, describe, expect, test } from 'vitest';
import { error_of, read_fixture } from '../expected.ts';

type Call = [method: string, args: unknown[], options: Record<string, unknown>];

interface TickFixture {
  places: number[];
  labels: string[];
  offset: string;
}

interface Fixture {
  plots: {
    name: string;
    calls: Call[];
    options: plt.FigureOptions;
    xlim: [number, number];
    ylim: [number, number];
    x: TickFixture;
    y: TickFixture;
    log: boolean;
    point: [number, number];
    pixels: [number, number];
  }[];
  maps: { name: string; N: number; colors: number[][] }[];
  levels: { z: number[][]; count: number; levels: number[]; colors: number[][] }[];
  errors: { call: Call; error: string; message: string }[];
  histograms: { values: number[]; options: object; n: number[]; bins: number[] }[];
  cells: { cell: [number, number, number | [number, number]]; bounds: [number, number, number, number] }[];
  formats: { format: string; linestyle?: string; marker?: string; color?: string | null; message?: string }[];
  colors: { color: Color; rgba: number[] }[];
  shares: number[];
}

const fixture = read_fixture<Fixture>('pyplot');

afterEach(() => plt.close('all'));

function call(ax: Axes, [method, args, options]: Call): unknown {
  const all = Object.keys(options).length > 0 ? [...args, options] : args;
  return (ax[method as keyof Axes] as (...all: unknown[]) => unknown).apply(ax, all);
}

/** Numbers that are the same but for rounding, beside the largest of them. */
function expect_close(actual: Iterable<number>, expected: readonly number[], tolerance = 1e-9): void {
  const values = [...actual];
  const size = Math.max(1e-300, ...expected.map(Math.abs));
  const wrong =
    values.length !== expected.length || values.some((v, i) => !(Math.abs(v - expected[i]!) <= tolerance * size));
  if (wrong) expect(values).toEqual(expected);
}

/** What the ticks in a picture say, and where they are, in pixels from the left or the top. */
function drawn_ticks(svg: string, direction: 'x' | 'y'): { labels: string[]; places: number[] } {
  const groups = [...svg.matchAll(new RegExp(`<g class="${direction}tick">([^]*?)</g>`, 'g'))].map(
    (match) => match[1]!,
  );
  return {
    labels: groups.map((part) => />([^<]*)<\/text>/.exec(part)?.[1] ?? ''),
    places: groups.map((part) => {
      const [, x, y] = /d="M([-\d.]+),([-\d.]+)/.exec(part)!;
      return Number(direction === 'x' ? x : y);
    }),
  };
}

describe.each(fixture.plots)('$name', (plot) => {
  const draw = (): [plt.Figure, Axes, string] => {
    const [fig, ax] = plt.subplots(plot.options);
    for (const one of plot.calls) call(ax, one);
    return [fig, ax, fig.to_svg()];
  };

  test('limits', () => {
    const [, ax] = draw();
    expect_close(ax.get_xlim(), plot.xlim);
    expect_close(ax.get_ylim(), plot.ylim);
  });

  test('where data lies', () => {
    const [fig, ax] = draw();
    expect_close(fig.data_to_pixels(ax, ...plot.point), plot.pixels, 1e-7);
  });

  test('ticks', () => {
    const [fig, ax, svg] = draw();
    if (plot.log) {
      expect_close(ax.get_yticks(), plot.y.places);
      expect([...svg.matchAll(/>10<tspan/g)].length).toBeGreaterThanOrEqual(plot.y.places.length);
      return;
    }
    for (const direction of ['x', 'y'] as const) {
      const expected = plot[direction];
      const drawn = drawn_ticks(svg, direction);
      expect(drawn.labels).toEqual(expected.labels);
      const height = fig.get_size_inches()[1] * fig.dpi;
      const pixels = expected.places.map((place) => {
        const [x, y] = fig.data_to_pixels(ax, direction === 'x' ? place : 0, direction === 'x' ? 0 : place);
        return direction === 'x' ? x : height - y;
      });
      expect(drawn.places.length).toBe(pixels.length);
      drawn.places.forEach((place, i) => expect(Math.abs(place - pixels[i]!)).toBeLessThanOrEqual(1));
      if (expected.offset !== '') expect(svg).toContain(`>${expected.offset}</text>`);
    }
  });
});

test.each(fixture.maps)('the map $name', ({ name, N, colors }) => {
  const map = plt.get_cmap(name);
  expect(map.N).toBe(N);
  // Of the viridis family, matplotlib has six digits and d3 has bytes.
  const tolerance = /viridis|magma|inferno|plasma/.test(name) ? 0.5 / 255 + 1e-6 : 2e-6;
  colors.forEach((color, i) => expect_close(map(fixture.shares[i]!), color, tolerance));
});

test('maps by name', () => {
  expect(plt.cm.RdYlBu).toBe(plt.get_cmap('RdYlBu'));
  expect(plt.cm.viridis.reversed().colors).toEqual(plt.cm.viridis_r.colors);
  expect(plt.cm.gray(NaN)).toEqual([0, 0, 0, 0]);
  expect(plt.cm.tab10(3)).toEqual(plt.to_rgba('C3'));
  expect(error_of(() => plt.get_cmap('foo'))[0]).toBe('ValueError');
});

test.each(fixture.colors)('the colour $color', ({ color, rgba }) => {
  expect_close(plt.to_rgba(color), rgba, 1e-12);
});

test.each(fixture.formats)("the format string '$format'", ({ format, linestyle, marker, color, message }) => {
  if (message !== undefined) {
    expect(error_of(() => plt.plot([1, 2], format))).toEqual(['ValueError', message]);
    return;
  }
  const [line] = plt.plot([1, 2], format);
  expect(line!.linestyle).toBe(linestyle ?? '-');
  expect(line!.marker).toBe(marker ?? 'None');
  expect(plt.to_hex(line!.color)).toBe(color ?? '#1f77b4');
});

test.each(fixture.levels)('levels from $levels', ({ z, count, levels, colors }) => {
  const areas = plt.contourf(z, count, { cmap: plt.cm.RdYlBu });
  expect_close(areas.levels, levels);
  areas.level_colors.forEach((color, i) => expect_close(color, colors[i]!, 1e-6));
  expect(areas.level_colors.length).toBe(colors.length);
});

test.each(fixture.histograms)('the histogram of $values', ({ values, options, n, bins }) => {
  const [counts, edges] = plt.hist(values, options);
  expect_close(counts, n);
  expect_close(edges, bins);
});

test.each(fixture.cells)('the cell $cell', ({ cell: [rows, columns, index], bounds }) => {
  const { position } = plt.subplot(rows, columns, index);
  expect_close([position.left, position.bottom, position.width, position.height], bounds, 1e-12);
});

test.each(fixture.errors)('$message', ({ call: one, error, message }) => {
  const [, ax] = plt.subplots();
  const [name, text] = error_of(() => call(ax, one));
  expect(name).toBe(error);
  expect(text.startsWith(message)).toBe(true);
});
