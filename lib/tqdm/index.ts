/**
 * `tqdm`: progress bars for loops. They draw themselves while the loop runs, at most a few times a second, so they
 * move in loops that never give way to the event loop.
 *
 * @see https://tqdm.github.io/docs/tqdm/
 */
import { is_kwargs, signature } from '../arguments.ts';
import { iter, len, range, str } from '../python/index.ts';
import { format_interval, format_meter, format_num, format_sizeof } from './meter.ts';

export type { MeterOptions } from './meter.ts';

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
  /** Seconds after which the number of steps between two drawings is chosen anew (default: 10) */
  maxinterval?: number;
  /** Steps between two drawings; null (default) chooses as many as pass in `mininterval`. */
  miniters?: number | null;
  /** Draw with `#`, or with these characters, from empty to full? (default: with blocks) */
  ascii?: boolean | string | null;
  /** Draw nothing? Null draws only on a terminal. */
  disable?: boolean | null;
  /** The name of a step. */
  unit?: string;
  /** Write large numbers with k, M, G? A number: multiply by it. */
  unit_scale?: boolean | number;
  /** What k, M, G are multiples of (default: 1000) */
  unit_divisor?: number;
  /** Follow the width of the terminal when it changes? It is asked each time; taken as in Python. */
  dynamic_ncols?: boolean;
  /** The line: `{l_bar}{bar}{r_bar}`, and `{n_fmt}`, `{total_fmt}`, `{elapsed}`, `{remaining}`, `{rate_fmt}`, … */
  bar_format?: string | null;
  /** The line of the bar, from 0 below the cursor; null (default) takes a free one. */
  position?: number | null;
  /** The colour of the bar: `green`, or `#00ff00`. */
  colour?: string | null;
  /** Seconds before the first drawing (default: 0) */
  delay?: number;
  /** The step to begin with. */
  initial?: number;
  /** How much the last moments count in the speed shown, from 0 (the average) to 1 (the last moment alone). */
  smoothing?: number;
  /** Numbers to show behind the bar, by name; or a text. */
  postfix?: Record<string, unknown> | string | null;
}

/** What a bar is drawn on. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

// In Python's order.
const parse = signature<TqdmOptions & { iterable: Iterable<unknown> | null }>('tqdm', [
  ['iterable', null],
  ['desc', null],
  ['total', null],
  ['leave', true],
  ['file', null],
  ['ncols', null],
  ['mininterval', 0.1],
  ['maxinterval', 10],
  ['miniters', null],
  ['ascii', null],
  ['disable', false],
  ['unit', 'it'],
  ['unit_scale', false],
  ['dynamic_ncols', false],
  ['smoothing', 0.3],
  ['bar_format', null],
  ['initial', 0],
  ['position', null],
  ['postfix', null],
  ['unit_divisor', 1000],
  ['colour', null],
  ['delay', 0],
]);

/** Where lines cannot be drawn over (a file, a pipe), each drawing is a line of its own, and they are rare. */
const seconds_between_lines = 10;

/** Bars that are being drawn, the outermost first: each has a line of its own. */
const open_bars: (Tqdm<unknown> | undefined)[] = [];

/** Draws over the line `position` lines below the cursor, and comes back. */
function draw(stream: ProgressStream, position: number, line: string): void {
  stream.write(`${'\n'.repeat(position)}\r${line}\x1b[K${position > 0 ? `\r\x1b[${position}A` : ''}`);
}

/** A mean in which the last values count most, the first ones no less than they should. */
class MovingMean {
  #sum = 0;
  #weight = 1;
  readonly #smoothing: number;

  constructor(smoothing: number) {
    this.#smoothing = smoothing;
  }

  add(value: number): number {
    this.#sum = this.#smoothing * value + (1 - this.#smoothing) * this.#sum;
    this.#weight *= 1 - this.#smoothing;
    return this.value;
  }

  get value(): number {
    return this.#weight === 1 ? this.#sum : this.#sum / (1 - this.#weight);
  }
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
  /** The text in front, with its colon. */
  desc: string;
  postfix: string;
  colour: string | null;
  /** Steps done. */
  n: number;

  readonly #options: Required<TqdmOptions>;
  readonly #stream: ProgressStream;
  readonly #interval: number;
  readonly #position: number;
  #start = now();
  #drawn_at = this.#start;
  #drawn_n: number;
  #steps_between: number;
  #mean_steps!: MovingMean;
  #mean_seconds!: MovingMean;
  #mean_between!: MovingMean;
  #average = false;
  #closed = false;

  constructor(iterable: Iterable<T> | null, options: Required<TqdmOptions>) {
    this.#options = options;
    this.iterable = iterable;
    this.total = options.total ?? length_or_null(iterable);
    this.desc = options.desc ?? '';
    this.unit = options.unit;
    this.n = options.initial;
    this.leave = options.leave;
    this.colour = options.colour;
    this.postfix = '';
    this.#drawn_n = options.initial;
    this.#steps_between = options.miniters ?? 0;
    this.#stream = options.file ?? process.stderr;
    this.#forget_speed();
    const terminal = this.#stream.isTTY === true;
    this.#interval = terminal ? options.mininterval : Math.max(options.mininterval, seconds_between_lines);
    this.disable = options.disable ?? !terminal;
    this.#position = this.disable ? -1 : take_position(this, options.position);
    const { postfix } = options;
    if (typeof postfix === 'string') this.postfix = postfix;
    // By name, as Python sorts what it gets so.
    else if (postfix !== null) this.set_postfix(Object.fromEntries(Object.entries(postfix).sort()), false);
    if (!this.disable && terminal && options.delay <= 0) this.refresh();
  }

  #forget_speed(): void {
    const { smoothing } = this.#options;
    this.#mean_steps = new MovingMean(smoothing);
    this.#mean_seconds = new MovingMean(smoothing);
    this.#mean_between = new MovingMean(smoothing);
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

  /** Notes that `n` more steps are done, and draws if it is time to: true if it did. */
  update(n = 1): boolean {
    this.n += n;
    // Backwards, too.
    if (n < 0) this.#drawn_n += n;
    if (this.disable || this.#closed || this.n - this.#drawn_n < this.#steps_between) return false;
    const time = now();
    const seconds = time - this.#drawn_at;
    if (seconds < this.#interval || time < this.#start + this.#options.delay) return false;
    const steps = this.n - this.#drawn_n;
    const { smoothing, miniters, mininterval, maxinterval } = this.#options;
    if (smoothing > 0 && seconds > 0 && steps !== 0) {
      this.#mean_steps.add(steps);
      this.#mean_seconds.add(seconds);
    }
    this.refresh();
    if (miniters === null) {
      if (maxinterval > 0 && seconds >= maxinterval) this.#steps_between = (steps * (mininterval || maxinterval)) / seconds;
      else if (smoothing > 0) {
        this.#steps_between = this.#mean_between.add(steps * (mininterval > 0 && seconds > 0 ? mininterval / seconds : 1));
      } else this.#steps_between = Math.max(this.#steps_between, steps);
    }
    this.#drawn_n = this.n;
    this.#drawn_at = time;
    return true;
  }

  /** Begins anew, perhaps with another total: for bars that are used again. */
  reset(total: number | null = null): void {
    this.n = 0;
    if (total !== null) this.total = total;
    if (this.disable) return;
    this.#drawn_n = 0;
    this.#start = this.#drawn_at = now();
    this.#forget_speed();
    this.refresh();
  }

  /** Changes the text in front of the bar, to which a colon is added. */
  set_description(desc: string | null = null, refresh = true): void {
    this.set_description_str(desc ? `${desc}: ` : '', refresh);
  }

  /** Changes the text in front of the bar, with whatever is to stand between them. */
  set_description_str(desc: string | null = null, refresh = true): void {
    this.desc = desc ?? '';
    if (refresh) this.#soon();
  }

  /** Shows numbers behind the bar, in the order they come in: `bar.set_postfix({ loss: loss.item() })`. */
  set_postfix(values: Record<string, unknown> | null = null, refresh = true): void {
    this.postfix = Object.entries(values ?? {})
      .map(([name, value]) => `${name}=${typeof value === 'number' ? format_num(value) : str(value).trim()}`)
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
    if (this.#stream.isTTY === true) return this.refresh();
    if (now() - this.#drawn_at < this.#interval) return;
    this.refresh();
    this.#drawn_at = now();
  }

  /** Draws the bar now. */
  refresh(): void {
    if (!this.disable && !this.#closed) this.#draw();
  }

  /** Does the bar stand in the way of what is written there? Only one on a terminal does. */
  _is_drawn_on(stream: ProgressStream): boolean {
    const standard = (one: ProgressStream): boolean => one === process.stdout || one === process.stderr;
    if (this.#stream.isTTY !== true) return false;
    return stream === this.#stream || (standard(stream) && standard(this.#stream));
  }

  /** Takes the bar from the terminal, until it is drawn again. */
  clear(): void {
    if (!this.disable && !this.#closed && this.#stream.isTTY === true) draw(this.#stream, this.#position, '');
  }

  /** Time that passes until now does not count: for loops that were held up. */
  unpause(): void {
    if (this.disable) return;
    const time = now();
    this.#start += time - this.#drawn_at;
    this.#drawn_at = time;
  }

  #draw(): void {
    if (this.#stream.isTTY === true) draw(this.#stream, this.#position, this.toString());
    else this.#stream.write(`${this.toString()}\n`);
  }

  /** Ends the bar: draws it a last time, or takes it away where it is not to stay. */
  close(): void {
    if (this.#closed || this.disable) return;
    // At the end the speed is the average of it all.
    this.#average = true;
    const stays = this.leave ?? this.#position === 0;
    const begun = now() >= this.#start + this.#options.delay;
    if (this.#stream.isTTY !== true) {
      if (stays) this.#draw();
    } else if (stays && begun) {
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
    const { ncols, ascii, unit_scale, bar_format, unit_divisor, initial } = this.#options;
    const seconds = this.#mean_seconds.value;
    // A line that is longer than the terminal would break, and then could not be drawn over.
    const columns = ncols ?? (this.#stream.isTTY === true ? this.#stream.columns : undefined) ?? null;
    return format_meter(this.n, this.total, now() - this.#start, {
      ncols: columns, prefix: this.desc, ascii, unit: this.unit, unit_scale, bar_format, postfix: this.postfix,
      unit_divisor, initial, colour: this.colour,
      rate: this.#average || seconds === 0 ? null : this.#mean_steps.value / seconds,
    });
  }
}

/** Seconds, from some moment. */
function now(): number {
  return performance.now() / 1000;
}

function take_position(bar: Tqdm<unknown>, wanted: number | null): number {
  if (wanted !== null) {
    open_bars[wanted] = bar;
    return wanted;
  }
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
  /** The line of a bar, without one. */
  format_meter: typeof format_meter;
  /** Seconds as `01:05`. */
  format_interval: typeof format_interval;
  /** A number in few characters. */
  format_num: typeof format_num;
  /** A number with k, M, G. */
  format_sizeof: typeof format_sizeof;
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
      const in_the_way = open_bars.filter((bar) => bar?._is_drawn_on(file));
      for (const bar of in_the_way) bar!.clear();
      file.write(text + end);
      for (const bar of in_the_way) bar!.refresh();
    },
    format_meter,
    format_interval,
    format_num,
    format_sizeof,
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
