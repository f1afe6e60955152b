import { range } from 'tstorch/python';
import { type MeterOptions, type Tqdm, tqdm, type TqdmOptions, trange } from 'tstorch/tqdm';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { read_fixture } from './expected.ts';

/** Keeps what is written. */
class Screen {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 72;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }

  /** What one would see, times and speeds replaced. */
  get lines(): string[] {
    const rows: string[] = [''];
    let [row, column] = [0, 0];
    for (const [part] of this.text.matchAll(/\x1b\[\d*[AK]|\r|\n|[^\x1b\r\n]+/g)) {
      if (part === '\n') rows[++row] ??= '';
      else if (part === '\r') column = 0;
      else if (part.endsWith('A') && part.startsWith('\x1b')) row -= Number(part.slice(2, -1));
      else if (part === '\x1b[K') rows[row] = rows[row]!.slice(0, column);
      else {
        rows[row] = rows[row]!.slice(0, column) + part + rows[row]!.slice(column + part.length);
        column += part.length;
      }
      if (part === '\n') column = 0;
    }
    return rows.map((line) => line.replaceAll(/\d+:\d\d/g, '00:00').replaceAll(/ *[\d.]+(it\/s|s\/it)/g, ' 1it/s'));
  }
}

test('a loop with a bar', () => {
  const file = new Screen(true);
  const bar = tqdm(['a', 'b', 'c'], { desc: 'letters', file });
  expectTypeOf(bar[Symbol.iterator]().next().value).toEqualTypeOf<string | void>();
  expect([...tqdm(['a', 'b', 'c'], { desc: 'letters', file: new Screen(true) })]).toEqual(['a', 'b', 'c']);
  for (const _ of bar) bar.set_postfix({ loss: 0.123456, step: 2 });
  // As wide as the screen: what is left of it belongs to the bar.
  expect(file.lines[0]).toMatch(/^letters: 100%\|█+\| 3\/3 \[00:00<00:00, 1it\/s, loss=0\.123, step=2\]$/);
  expect(file.text.split(/\r|\x1b/).at(-2)).toHaveLength(72);
  expect(file.lines[1]).toBe('');
});

test('the bar moves while the loop runs', () => {
  const file = new Screen(true);
  const seen: string[] = [];
  for (const i of tqdm(range(4), { file, mininterval: 0 })) seen.push(`${i} ${/\d\/4/.exec(file.lines[0]!)?.[0]}`);
  expect(seen).toEqual(['0 0/4', '1 1/4', '2 2/4', '3 3/4']);
});

test('it is not drawn for every step', () => {
  const file = new Screen(true);
  for (const _ of trange(100_000, { file, mininterval: 3600 }));
  // At the start and at the end.
  expect(file.text.split('\r')).toHaveLength(3);
  expect(file.lines[0]).toContain('100000/100000');
});

test('leave, disable, and a loop that is left', () => {
  const gone = new Screen(true);
  for (const _ of tqdm([1, 2], { file: gone, leave: false }));
  expect(gone.lines).toEqual(['']);
  const silent = new Screen(true);
  for (const _ of tqdm([1, 2], { file: silent, disable: true }));
  expect(silent.text).toBe('');
  const left = new Screen(true);
  for (const _ of tqdm([1, 2], { file: left })) break;
  expect(left.lines[0]).toMatch(/^  0%\|.*0\/2/);
});

test('by hand, with and without a total', () => {
  const file = new Screen(true);
  const bar = tqdm({ total: 2000, unit: 'B', unit_scale: true, file });
  bar.update(1500);
  bar.set_description('file');
  bar.close();
  expect(file.lines[0]).toMatch(/^file:  75%\|.*1\.50k\/2\.00k \[/);
  const endless = tqdm({ file: new Screen(true) });
  endless.update(3);
  expect(String(endless)).toMatch(/^3it \[00:0\d, /);
  endless.close();
});

test('bars inside each other have lines of their own', () => {
  const file = new Screen(true);
  for (const _ of tqdm(range(2), { desc: 'outer', file, mininterval: 0 })) {
    for (const _ of tqdm(range(3), { desc: 'inner', file, mininterval: 0, leave: false })) {
      expect(file.lines).toHaveLength(2);
      expect(file.lines[0]).toMatch(/^outer/);
      expect(file.lines[1]).toMatch(/^inner/);
    }
  }
  expect(file.lines[0]).toMatch(/^outer: 100%/);
});

test('in a file each drawing is a line of its own, and there are few', () => {
  const file = new Screen(false);
  for (const _ of tqdm(range(1000), { file }));
  expect(file.text).toMatch(/^100%\|██████████\| 1000\/1000 \[[^\n]*\]\n$/);
});

test('an unknown name', () => {
  // @ts-expect-error
  expect(() => tqdm([1], { describe: 'x' })).toThrow(/unexpected keyword argument 'describe'.*desc/);
});

/** What Python's tqdm writes, and did with a clock that the programs turn: scripts/fixtures/progress_bars.py. */
interface Bars {
  meters: [n: number, total: number | null, elapsed: number, options: MeterOptions, line: string][];
  numbers: [value: number, text: string][];
  sizes: [value: number, text: string, bytes: string][];
  intervals: [seconds: number, text: string][];
  programs: { options: BarOptions; steps: [name: string, ...args: unknown[]][]; lines: string[] }[];
}
interface BarOptions extends TqdmOptions {
  iterable?: number;
  generator?: number;
  range?: [number] | [number, number, number];
}
const bars = read_fixture<Bars>('progress_bars');

function* counting(stop: number): Generator<number> {
  for (let i = 0; i < stop; i++) yield i;
}

describe('as in Python', () => {
  test.each(bars.meters)('%s of %s after %s s, %j', (n, total, elapsed, options, line) => {
    expect(tqdm.format_meter(n, total, elapsed, options)).toBe(line);
  });

  test('numbers', () => {
    expect(bars.numbers.map(([value]) => tqdm.format_num(value))).toEqual(bars.numbers.map(([, text]) => text));
    expect(bars.sizes.map(([value]) => tqdm.format_sizeof(value))).toEqual(bars.sizes.map(([, text]) => text));
    expect(bars.sizes.map(([value]) => tqdm.format_sizeof(value, 'B', 1024))).toEqual(bars.sizes.map(([, , text]) => text));
    expect(bars.intervals.map(([value]) => tqdm.format_interval(value))).toEqual(bars.intervals.map(([, text]) => text));
  });

  test.each(bars.programs)('$options, $steps', ({ options, steps, lines }) => {
    let seconds = 1000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => seconds * 1000);
    let text = '';
    const file = { isTTY: true, write: (part: string) => void (text += part) };
    const { iterable, generator, range: numbers, ...named } = options;
    const given = iterable !== undefined ? [...counting(iterable)] : generator !== undefined ? counting(generator) : null;
    const bar: Tqdm<unknown> =
      numbers !== undefined
        ? trange(...(numbers as [number]), { ...named, file })
        : given !== null
          ? tqdm(given, { ...named, file })
          : tqdm({ ...named, file });
    for (const [name, ...args] of steps) {
      if (name === 'tick') seconds += args[0] as number;
      else if (name === 'each') for (const _ of bar) seconds += args[0] as number;
      else if (name === 'write') tqdm.write(args[0] as string, { file });
      else (bar as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    }
    clock.mockRestore();
    const drawn = text.split(/\r|(?<=\n)/).filter((part) => part.trim() !== '' || part.includes('\n'));
    const texts = drawn.map((part) => part.replaceAll(/\x1b\[[AK]/g, '').replace(/ +$/, ''));
    expect(texts.filter((text) => text !== '')).toEqual(lines);
  });
});
