/** What pictures hold, and the files they are written to. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch from 'tstorch';
import * as plt from 'tstorch/pyplot';
import default_plt from 'tstorch/pyplot';
import { Image } from 'tstorch/torchvision';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { error_of, is_typed_error, thrown_by } from '../expected.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tstorch-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => plt.close('all'));

function count(svg: string, pattern: RegExp): number {
  return [...svg.matchAll(new RegExp(pattern, 'g'))].length;
}

/** The points of the paths of lines, in pixels. */
function line_points(svg: string): [number, number][][] {
  return [...svg.matchAll(/<g class="line">\s*<path d="([^"]*)"/g)].map((match) =>
    match[1]!
      .split(/[ML]/)
      .slice(1)
      .map((point) => point.split(',').map(Number) as [number, number]),
  );
}

describe('lines', () => {
  test('go through the places of the data', () => {
    const [fig, ax] = plt.subplots();
    ax.plot([0, 1, 4], [2, 3, -1]);
    const [points] = line_points(fig.to_svg());
    const expected = [
      [0, 2],
      [1, 3],
      [4, -1],
    ].map(([x, y]) => fig.data_to_pixels(ax, x!, y!));
    points!.forEach(([x, y], i) => {
      expect(x).toBeCloseTo(expected[i]![0], 2);
      expect(480 - y).toBeCloseTo(expected[i]![1], 2);
    });
  });

  test('take whatever holds numbers', () => {
    const values = [1, 4, 9];
    const kinds = [
      torch.tensor(values),
      torch.tensor([1, 4, 9.0], { requires_grad: true, dtype: torch.float32 }),
      Float32Array.from(values),
      BigInt64Array.from([1n, 4n, 9n]),
      torch.tensor(values).numpy(),
      values.map((value) => torch.tensor(value)),
      new Set(values),
      torch.tensor([[1], [4], [9]]),
    ];
    for (const kind of kinds) {
      const [line] = plt.plot([0, 1, 2], kind as plt.ArrayLike);
      expect([...line!.get_ydata()]).toEqual(values);
    }
  });

  test('one for each column', () => {
    const lines = plt.plot([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(lines.map((line) => [...line.get_ydata()])).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  test('take the colours of the cycle in turn, or their own', () => {
    const lines = [
      ...plt.plot([1, 2], '--'),
      ...plt.plot([1, 2], { color: 'k' }),
      ...plt.plot([1, 2], [1, 2], 'r', [1, 2]),
    ];
    expect(lines.map((line) => plt.to_hex(line.get_color()))).toEqual(['#1f77b4', '#000000', '#ff0000', '#ff7f0e']);
  });

  test('break where a number is missing', () => {
    plt.plot([1, 2, NaN, 3, 4]);
    expect(line_points(plt.gcf().to_svg())).toHaveLength(1);
    expect(/<g class="line">\s*<path d="([^"]*)"/.exec(plt.gcf().to_svg())![1]!.match(/M/g)).toHaveLength(2);
  });

  test('markers', () => {
    plt.plot([1, 2, 3], 'o');
    plt.plot([1, 2], 'rs');
    const svg = plt.gcf().to_svg();
    expect(count(svg, /<circle/)).toBe(3);
    expect(line_points(svg)).toHaveLength(0);
  });
});

test('points with sizes and colours', () => {
  plt.scatter(torch.tensor([1, 2, 3]), [1, 2, 3], { s: 100, c: torch.tensor([0, 1, 1]), cmap: plt.cm.RdYlBu });
  const svg = plt.gcf().to_svg();
  // An area of 100 square points is a circle of 10 points, at 100 dots in an inch of 72 points.
  expect([...svg.matchAll(/<circle[^>]* r="([\d.]+)" fill="([^"]*)"/g)].map((match) => [match[1], match[2]])).toEqual([
    ['6.944', '#a50026'],
    ['6.944', '#313695'],
    ['6.944', '#313695'],
  ]);
});

test('a legend of sizes and colours', () => {
  const few = plt.scatter([1, 2, 3], [1, 2, 3], { s: [10.5, 200, 3000], c: [1, 2, 3] });
  const [handles, labels] = few.legend_elements({ prop: 'sizes', alpha: 0.5 });
  expect(labels).toEqual(['10', '200', '3000']);
  expect(handles.map((handle) => handle.markersize)).toEqual([10.5, 200, 3000].map(Math.sqrt));
  expect(few.legend_elements()[1]).toEqual(['1', '2', '3']);
  const counting = Array.from({ length: 20 }, (_, i) => i);
  const many = plt.scatter(counting, counting, { c: counting.map((i) => i * 1.7), s: counting.map((i) => i * i) });
  // As matplotlib chooses them.
  expect(many.legend_elements()[1]).toEqual(['0', '3', '6', '9', '12', '15', '18', '21', '24', '27', '30']);
  expect(many.legend_elements({ prop: 'sizes' })[1]).toEqual(['50', '100', '150', '200', '250', '300', '350']);
  expect(plt.legend(handles, labels).get_texts()).toEqual(labels);
});

test('a text at a point, with a line to it', () => {
  plt.annotate('best', [3, 0.9], { xytext: [4, 0.7], arrowprops: { color: 'gray' }, size: 12 });
  const svg = plt.gcf().to_svg();
  expect(svg).toContain('>best</text>');
  expect(line_points(svg)[0]).toHaveLength(2);
});

test('an image of torchvision', () => {
  const picture = new Image('RGB', 2, 1, Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect([...plt.imshow(picture).pixels()]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
});

test('defaults', () => {
  plt.rcParams['figure.figsize'] = [3, 1];
  expect(plt.figure().get_size_inches()).toEqual([3, 1]);
  plt.rcdefaults();
  expect(plt.figure().get_size_inches()).toEqual([6.4, 4.8]);
  expect(error_of(() => Object.assign(plt.rcParams, { 'figure.colour': 1 }))[0]).toBe('KeyError');
});

test('axes over axes', () => {
  const [fig, ax] = plt.subplots();
  ax.plot([0, 10], [1, 2]);
  const twin = ax.twinx();
  twin.plot([0, 10], [100, 300], 'r');
  expect(twin.get_xlim()).toEqual(ax.get_xlim());
  expect(twin.get_ylim()).toEqual([90, 310]);
  const svg = fig.to_svg();
  expect(count(svg, /class="xtick"/)).toBe(6);
  expect(svg).toMatch(/<text x="58[^"]*"[^>]*>300<\/text>/);
});

test('an image has the pixels of its numbers', () => {
  const grey = plt.imshow(
    torch.tensor([
      [0, 128],
      [255, 64],
    ]),
    { cmap: 'gray', vmin: 0, vmax: 255 },
  );
  expect([...grey.pixels()]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 64, 64, 64, 255]);
  const colours = plt.imshow(torch.tensor([[[1, 0, 0.5]]]), { alpha: 0.5 });
  expect([...colours.pixels()]).toEqual([255, 0, 127, 127]);
  const bytes = plt.imshow(torch.tensor([[[255, 7, 0]]], { dtype: torch.uint8 }));
  expect([...bytes.pixels()]).toEqual([255, 7, 0, 255]);
  expect(count(plt.gcf().to_svg(), /<image /)).toBe(3);
});

test('a legend names what has a label', () => {
  plt.plot([1, 2], { label: 'train <1>' });
  plt.plot([1, 2], { label: '_hidden' });
  plt.scatter([1], [1], { label: 'points' });
  expect(plt.legend().get_texts()).toEqual(['train <1>', 'points']);
  expect(plt.gcf().to_svg()).toContain('train &lt;1&gt;');
  expect(plt.legend(['a', 'b'], { loc: 'lower left' }).get_texts()).toEqual(['a', 'b']);
});

test('a legend stands where it covers least', () => {
  const corner = (values: number[]): [number, number] => {
    plt.clf();
    plt.plot(values, { label: 'x' });
    plt.legend();
    const [, x, y] = /<g class="legend">\s*<rect x="([\d.]+)" y="([\d.]+)"/.exec(plt.gcf().to_svg())!;
    return [Number(x), Number(y)];
  };
  const [falling, rising] = [corner([3, 2, 1]), corner([1, 2, 3])];
  expect(falling[0]).toBeGreaterThan(400);
  expect(rising[0]).toBeLessThan(100);
  expect(falling[1]).toBeLessThan(100);
});

test('areas reach up to the highest level, and down to the lowest', () => {
  /** The colour in the middle of the picture of a plane, and the colours of the areas. */
  const drawn = (height: number): [middle: number[], areas: number[][]] => {
    const [fig, ax] = plt.subplots({ figsize: [2, 2] });
    const levels = [0, 500, 1000];
    const plane = [
      [height, height],
      [height, height],
    ];
    const areas = ax.contourf(plane, { levels, cmap: 'tab10' });
    const { data, width } = fig.to_pixels();
    const at = 4 * ((width / 2) * width + width / 2);
    return [[...data.subarray(at, at + 3)], areas.level_colors.map((color) => color.slice(0, 3).map((part) => part * 255))];
  };
  for (const [height, area] of [
    [0, 0],
    [499, 0],
    [500, 1],
    [1000, 1],
  ] as const) {
    const [middle, areas] = drawn(height);
    expect(middle, String(height)).toEqual(areas[area]);
  }
  expect(drawn(1001)[0]).toEqual([255, 255, 255]);
});

test('texts', () => {
  plt.title('loss & accuracy', { fontsize: 20, color: 'green' });
  plt.xlabel('epoch');
  plt.ylabel('loss');
  plt.suptitle('all');
  plt.text(0.5, 0.5, 'two\nlines', { ha: 'center' });
  const svg = plt.gcf().to_svg();
  expect(svg).toMatch(/<text [^>]*font-size="27.778"[^>]*fill="#008000"[^>]*>loss &amp; accuracy<\/text>/);
  for (const text of ['epoch', 'loss', 'all', 'two', 'lines']) expect(svg).toContain(`>${text}</t`);
});

describe('axes', () => {
  test('off', () => {
    plt.plot([1, 2]);
    plt.title('kept');
    plt.axis(false);
    const svg = plt.gcf().to_svg();
    expect(count(svg, /class="xtick"/)).toBe(0);
    expect(count(svg, /class="frame"/)).toBe(0);
    expect(svg).toContain('>kept</text>');
  });

  test('of a grid', () => {
    const [fig, axes] = plt.subplots(2, 3, { figsize: [9, 6], sharex: true });
    expect(axes.map((row) => row.length)).toEqual([3, 3]);
    axes[0]![0]!.plot([0, 50], [1, 2]);
    expect(axes[1]![2]!.get_xlim()).toEqual([-2.5, 52.5]);
    expect(axes[1]![2]!.get_ylim()).toEqual([0, 1]);
    expect(count(fig.to_svg(), /<g class="axes">/)).toBe(6);
    expect(plt.subplots(1, 2)[1].length).toBe(2);
    expect(plt.subplots({ nrows: 2 })[1].length).toBe(2);
    expect(plt.subplots({ ncols: 2, squeeze: false })[1]).toHaveLength(1);
    expect(plt.subplots()[1]).toBeInstanceOf(plt.Axes);
  });

  test('a cell that is there is used again', () => {
    const first = plt.subplot(1, 2, 1);
    plt.subplot(1, 2, 2);
    expect(plt.subplot(121)).toBe(first);
    expect(plt.gca()).toBe(first);
    expect(plt.gcf().get_axes()).toHaveLength(2);
  });

  test('a colour bar takes room from them', () => {
    const image = plt.imshow([
      [0, 1],
      [2, 3],
    ]);
    const bar = plt.colorbar(image, { label: 'value' });
    expect(plt.gca().position.width).toBeCloseTo(0.775 * 0.8, 12);
    expect(bar.ax.get_ylim()).toEqual([0, 3]);
    expect(plt.gcf().to_svg()).toContain('>value</text>');
    plt.clf();
    expect(error_of(() => plt.colorbar())[0]).toBe('RuntimeError');
  });

  test('tight_layout makes room for labels', () => {
    const [fig, axes] = plt.subplots(2, 2);
    for (const ax of axes.flat()) {
      ax.set_title('title');
      ax.set_ylabel('label');
    }
    const before = axes[0]![0]!.position.left;
    fig.tight_layout();
    const [upper, lower] = [axes[0]![0]!.position, axes[1]![0]!.position];
    expect(upper.left).not.toBe(before);
    expect(upper.bottom - (lower.bottom + lower.height)).toBeGreaterThan(0.08);
  });
});

describe('figures', () => {
  test('are made, found and closed', () => {
    const first = plt.figure();
    const second = plt.figure({ figsize: [3, 2] });
    expect(plt.gcf()).toBe(second);
    expect(plt.figure(1)).toBe(first);
    expect(plt.get_fignums()).toEqual([1, 2]);
    plt.close(second);
    plt.close();
    expect(plt.get_fignums()).toEqual([]);
    expect(default_plt.plot).toBe(plt.plot);
  });

  test('are written as SVG and PNG', () => {
    plt.figure({ figsize: [3, 2], dpi: 50 });
    plt.plot([1, 2]);
    const [svg, png] = [join(folder, 'a.svg'), join(folder, 'a.png')];
    plt.savefig(svg);
    plt.savefig(png, { dpi: 100 });
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="150" height="100"/);
    const bytes = readFileSync(png);
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([300, 200]);
    expect(error_of(() => plt.savefig(join(folder, 'a.pdf')))[0]).toBe('ValueError');
    expect(error_of(() => plt.savefig(join(folder, 'none', 'a.svg')))[0]).toBe('OSError');
  });

  test('text and images appear in PNG', () => {
    const [fig, ax] = plt.subplots({ figsize: [2, 2] });
    ax.axis('off');
    const blank = Buffer.from(fig.to_pixels().data);
    ax.text(0.5, 0.5, 'W', { fontsize: 40, color: 'red', ha: 'center' });
    const { width, data } = fig.to_pixels();
    expect(width).toBe(200);
    const red = [...Array(data.length / 4).keys()].filter((i) => data[4 * i]! > 200 && data[4 * i + 1]! < 50);
    expect(red.length).toBeGreaterThan(100);
    expect(blank.every((byte) => byte === 255)).toBe(true);
  });

  test('an image keeps sharp edges in PNG', () => {
    const [fig, ax] = plt.subplots({ figsize: [2, 2] });
    ax.imshow(
      [
        [0, 255],
        [255, 0],
      ],
      { cmap: 'gray' },
    );
    ax.axis('off');
    const { data } = fig.to_pixels();
    const greys = new Set([...Array(data.length / 4).keys()].map((i) => data[4 * i]!));
    // A few on the border of the frame are mixed.
    const mixed = [...Array(data.length / 4).keys()].filter((i) => data[4 * i]! > 20 && data[4 * i]! < 235);
    expect(greys.has(0) && greys.has(255)).toBe(true);
    expect(mixed.length).toBeLessThan(900);
  });

  test('show says where they are and closes them', () => {
    vi.stubEnv('MPLBACKEND', 'agg');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    plt.plot([1, 2]);
    plt.show();
    const [text] = log.mock.calls[0] as [string];
    log.mockRestore();
    vi.unstubAllEnvs();
    const path = text.replace('Figure 1: ', '');
    expect(existsSync(path)).toBe(true);
    rmSync(join(path, '..'), { recursive: true });
    expect(plt.get_fignums()).toEqual([]);
  });
});

test.each<[string, () => unknown]>([
  ['no numbers', () => plt.plot(['a', 1] as never)],
  ['an object', () => plt.scatter([1], {} as never)],
  ['a symbol', () => plt.plot([Symbol('x')] as never)],
  ['rows of different lengths', () => plt.imshow([[1, 2], [3]])],
  ['a complex tensor', () => plt.plot(torch.tensor([new torch.Complex(1, 2)]))],
  ['a surface of one row', () => plt.contourf([[1, 2]])],
  ['a limit that is no number', () => plt.xlim(NaN, 1)],
  ['a huge figure', () => plt.figure({ figsize: [1e6, 1] }).to_svg()],
  ['no dots', () => plt.figure({ dpi: 0 })],
  ['no size', () => plt.figure({ figsize: [0, 1] })],
  ['a cell beyond the grid', () => plt.subplot(2, 2, 5)],
  ['a style that is none', () => plt.plot([1], { linestyle: '~' as never })],
  ['a colour that is none', () => plt.plot([1], { color: 'nocolor' })],
  ['a place that is none', () => plt.legend({ loc: 'somewhere' as never })],
  ['an option that is none', () => plt.scatter([1], [1], { colour: 'red' } as never)],
])('a typed error for %s', (_, action) => {
  expect(is_typed_error(thrown_by(action)) || thrown_by(action) instanceof torch.TypeError).toBe(true);
});
