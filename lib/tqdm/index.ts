/**
 * `tqdm`: progress bars for loops. They draw themselves while the loop runs, at most a few times a second, so they
 * move in loops that never give way to the event loop.
 *
 * @see https://tqdm.github.io/docs/tqdm/
 */
import { is_kwargs, signature } from '../arguments.ts';
import { iter, len, range, str } from '../python/index.ts';

/** What a bar takes by name. */
export interface TqdmOptions {
  /** Text in front of the bar. */
  desc?: string | null;
  /** How many steps there will be; the length of the iterable where it has one. */
  total?: number | null;
  /** Keep the bar when it is finished? Where nothing is said, only the outermost one stays. */
  leave?: boolean | null;
  /** Where to draw; the error stream where nothing is said. */
  file?: ProgressStream;
  /** The width of the whole line; that of the terminal where nothing is said. */
  ncols?: number | null;
  /** Seconds between two drawings. */
  mininterval?: number;
  /** Draw nothing? Null draws only on a terminal. */
  disable?: boolean | null;
  /** The name of a step. */
  unit?: string;
  /** Write large numbers with k, M, G? */
  unit_scale?: boolean;
  /** The step to begin with. */
  initial?: number;
  /** How much the last moments count in the speed shown, from 0 (the average) to 1 (the last moment alone). */
  smoothing?: number;
  /** Numbers to show behind the bar. */
  postfix?: Record<string, unknown> | null;
}

/** What a bar is drawn on. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const parse = signature<TqdmOptions & { iterable: Iterable<unknown> | null }>('tqdm', [
  ['iterable', null],
  ['desc', null],
  ['total', null],
  ['leave', true],
  ['file', null],
  ['ncols', null],
  ['mininterval', 0.1],
  ['disable', false],
  ['unit', 'it'],
  ['unit_scale', false],
  ['initial', 0],
  ['smoothing', 0.3],
  ['postfix', null],
]);

/** Where lines cannot be drawn over (a file, a pipe), each drawing is a line of its own, and they are rare. */
const seconds_between_lines = 10;

/** Bars that are being drawn, the outermost first: each has a line of its own. */
const open_bars: (Tqdm<unknown> | undefined)[] = [];

/** Draws over the line `position` lines below the cursor, and comes back. */
function draw(stream: ProgressStream, position: number, line: string): void {
  stream.write(`${'\n'.repeat(position)}\r${line}\x1b[K${position > 0 ? `\r\x1b[${position}A` : ''}`);
}

/** Seconds as `01:05` or `1:01:05`. */
function format_interval(seconds: number): string {
  const whole = Math.trunc(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(whole % 60)}`;
}

/** A number in few characters: three digits where that is shorter. */
function format_number(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const short =
    exponent < -4 || exponent >= 3
      ? value.toExponential(2).replace(/\.?0+e/, 'e')
      : String(Number(value.toPrecision(3)));
  return short.length < String(value).length ? short : String(value);
}

/** A number with k, M, G, … where it is large. */
function format_size(value: number): string {
  let rest = value;
  for (const unit of ['', 'k', 'M', 'G', 'T', 'P']) {
    if (Math.abs(rest) < 999.5) {
      const digits = unit === '' ? String(Math.round(rest * 100) / 100) : rest.toPrecision(3);
      return digits + unit;
    }
    rest /= 1000;
  }
  return `${rest.toPrecision(3)}E`;
}

const eighths = ' ▏▎▍▌▋▊▉█';

/** A bar of `width` characters, filled by `share`. */
function format_bar(share: number, width: number): string {
  const filled = Math.min(Math.max(share, 0), 1) * width;
  const full = Math.floor(filled);
  const rest = Math.floor((filled - full) * 8);
  return (eighths[8]!.repeat(full) + (full < width ? eighths[rest]! : '')).padEnd(width);
}

/**
 * A progress bar: walk over it, or call `update` yourself. Made by `tqdm`.
 *
 * @see https://tqdm.github.io/docs/tqdm/
 */
export class Tqdm<T> implements Iterable<T> {
  readonly iterable: Iterable<T> | null;
  readonly disable: boolean;
  readonly leave: boolean | null;
  readonly unit: string;
  total: number | null;
  desc: string;
  postfix: string;
  /** Steps done. */
  n: number;

  readonly #stream: ProgressStream;
  readonly #width: number | null;
  readonly #interval: number;
  readonly #smoothing: number;
  readonly #scale: boolean;
  readonly #initial: number;
  readonly #position: number;
  readonly #start = performance.now();
  #drawn_at = this.#start;
  #drawn_n: number;
  #rate: number | null = null;
  #closed = false;

  constructor(iterable: Iterable<T> | null, options: Required<TqdmOptions>) {
    this.iterable = iterable;
    this.total = options.total ?? length_or_null(iterable);
    this.desc = options.desc ?? '';
    this.unit = options.unit;
    this.n = options.initial;
    this.leave = options.leave;
    this.postfix = '';
    this.#initial = options.initial;
    this.#drawn_n = options.initial;
    this.#stream = options.file ?? process.stderr;
    this.#width = options.ncols;
    this.#smoothing = options.smoothing;
    this.#scale = options.unit_scale;
    const terminal = this.#stream.isTTY === true;
    this.#interval = 1000 * (terminal ? options.mininterval : Math.max(options.mininterval, seconds_between_lines));
    this.disable = options.disable ?? !terminal;
    this.#position = this.disable ? -1 : take_position(this);
    if (options.postfix !== null) this.set_postfix(options.postfix, false);
    if (!this.disable && terminal) this.refresh();
  }

  /** How many steps there will be. */
  get length(): number {
    return this.__len__();
  }

  __len__(): number {
    return this.total ?? len(this.iterable);
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    if (this.iterable === null) return;
    const iterator = iter(this.iterable);
    let finished = false;
    try {
      for (let step = iterator.next(); !step.done; step = iterator.next()) {
        yield step.value;
        this.update();
      }
      finished = true;
    } finally {
      if (!finished) iterator.return?.();
      this.close();
    }
  }

  /** Notes that `n` more steps are done. */
  update(n = 1): void {
    this.n += n;
    if (this.disable || this.#closed) return;
    if (performance.now() - this.#drawn_at >= this.#interval) this.refresh();
  }

  /** Changes the text in front of the bar. */
  set_description(desc: string | null = null, refresh = true): void {
    this.desc = desc === null ? '' : `${desc}: `.replace(/: : $/, ': ').replace(/: $/, '');
    if (refresh) this.#soon();
  }

  /** Shows numbers behind the bar: `bar.set_postfix({ loss: loss.item() })`. */
  set_postfix(values: Record<string, unknown>, refresh = true): void {
    this.postfix = Object.entries(values)
      .map(([name, value]) => `${name}=${typeof value === 'number' ? format_number(value) : str(value).trim()}`)
      .join(', ');
    if (refresh) this.#soon();
  }

  /** Shows a text behind the bar. */
  set_postfix_str(text = '', refresh = true): void {
    this.postfix = text;
    if (refresh) this.#soon();
  }

  /** Draws on a terminal at once; where every drawing is a line of its own, when the next one is due. */
  #soon(): void {
    if (this.#stream.isTTY === true || performance.now() - this.#drawn_at >= this.#interval) this.refresh();
  }

  /** Draws the bar now. */
  refresh(): void {
    if (this.disable || this.#closed) return;
    this.#measure();
    this.#draw();
  }

  #measure(): void {
    const now = performance.now();
    const seconds = (now - this.#drawn_at) / 1000;
    const steps = this.n - this.#drawn_n;
    if (steps > 0 && seconds > 0) {
      const latest = steps / seconds;
      this.#rate = this.#rate === null ? latest : this.#smoothing * latest + (1 - this.#smoothing) * this.#rate;
    }
    this.#drawn_at = now;
    this.#drawn_n = this.n;
  }

  #draw(): void {
    if (this.#stream.isTTY === true) draw(this.#stream, this.#position, this.toString());
    else this.#stream.write(`${this.toString()}\n`);
  }

  /** Ends the bar: draws it a last time, or takes it away where it is not to stay. */
  close(): void {
    if (this.#closed || this.disable) return;
    // At the end the speed is the average of it all.
    const seconds = (performance.now() - this.#start) / 1000;
    this.#rate = seconds > 0 && this.n > this.#initial ? (this.n - this.#initial) / seconds : null;
    const stays = this.leave ?? this.#position === 0;
    if (this.#stream.isTTY !== true) {
      if (stays) this.#draw();
    } else if (stays) {
      draw(this.#stream, this.#position, this.toString());
      if (this.#position === 0) this.#stream.write('\n');
    } else draw(this.#stream, this.#position, '');
    this.#closed = true;
    open_bars[this.#position] = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The line as it is drawn: `train:  50%|█████     | 5/10 [00:01<00:01,  4.98it/s, loss=0.3]`. */
  toString(): string {
    const count = (value: number): string => (this.#scale ? format_size(value) : String(value));
    const elapsed = (performance.now() - this.#start) / 1000;
    const head = this.desc === '' ? '' : `${this.desc}: `;
    const postfix = this.postfix === '' ? '' : `, ${this.postfix}`;
    const rate = this.#rate === null ? `?${this.unit}/s` : this.#format_rate(this.#rate);
    if (this.total === null)
      return `${head}${count(this.n)}${this.unit} [${format_interval(elapsed)}, ${rate}${postfix}]`;

    const share = this.total > 0 ? this.n / this.total : 1;
    const left = this.#rate === null ? '?' : format_interval(Math.max(0, this.total - this.n) / this.#rate);
    const before = `${head}${String(Math.floor(share * 100)).padStart(3)}%|`;
    const after = `| ${count(this.n)}/${count(this.total)} [${format_interval(elapsed)}<${left}, ${rate}${postfix}]`;
    const columns = this.#width ?? (this.#stream.isTTY === true ? this.#stream.columns : undefined);
    const width = columns === undefined ? 10 : Math.max(1, columns - before.length - after.length);
    const line = before + format_bar(share, width) + after;
    // A line that is longer than the terminal would break, and then could not be drawn over.
    return columns === undefined ? line : line.slice(0, columns);
  }

  #format_rate(rate: number): string {
    const inverse = rate < 1;
    const value = inverse ? 1 / rate : rate;
    const digits = this.#scale ? format_size(value) : value.toFixed(2).padStart(5);
    return inverse ? `${digits}s/${this.unit}` : `${digits}${this.unit}/s`;
  }
}

function take_position(bar: Tqdm<unknown>): number {
  const free = open_bars.findIndex((other) => other === undefined);
  const position = free === -1 ? open_bars.length : free;
  open_bars[position] = bar;
  return position;
}

function length_or_null(iterable: unknown): number | null {
  if (iterable === null) return null;
  try {
    return len(iterable);
  } catch {
    return null;
  }
}

/** Anything that can be walked over, with options by name. */
export interface TqdmFunction {
  <T>(iterable: Iterable<T>, options?: TqdmOptions): Tqdm<T>;
  <T>(iterable: Iterable<T>, desc: string, options?: Omit<TqdmOptions, 'desc'>): Tqdm<T>;
  (options?: TqdmOptions): Tqdm<never>;
  /** Prints a line above the bars, without getting in their way. */
  write(text: string, options?: { file?: ProgressStream; end?: string }): void;
}

/**
 * Shows a progress bar while a loop runs: `for (const batch of tqdm(loader, { desc: 'train' }))`. Without an iterable,
 * call `update()` for every step and `close()` at the end.
 *
 * @see https://tqdm.github.io/docs/tqdm/
 */
export const tqdm: TqdmFunction = Object.assign(
  <T>(...args: readonly unknown[]): Tqdm<T> => {
    const { iterable, ...options } = parse(args);
    return new Tqdm(iterable as Iterable<T> | null, options);
  },
  {
    write(text: string, { file = process.stdout, end = '\n' }: { file?: ProgressStream; end?: string } = {}): void {
      // Only bars on a terminal stand in the way.
      const bars = open_bars.filter((bar) => bar !== undefined);
      if (process.stderr.isTTY) open_bars.forEach((bar, position) => bar && draw(process.stderr, position, ''));
      file.write(text + end);
      if (process.stderr.isTTY) for (const bar of bars) bar.refresh();
    },
  },
) as TqdmFunction;

/** `tqdm(range(...))`. */
export function trange(stop: number, options?: TqdmOptions): Tqdm<number>;
export function trange(start: number, stop: number, options?: TqdmOptions): Tqdm<number>;
export function trange(start: number, stop: number, step: number, options?: TqdmOptions): Tqdm<number>;
export function trange(...args: (number | TqdmOptions | undefined)[]): Tqdm<number> {
  const last = args.at(-1);
  const options = is_kwargs(last) ? (args.pop() as TqdmOptions) : {};
  return tqdm(range(...(args as [number, number, number?])), options);
}

export default tqdm;
