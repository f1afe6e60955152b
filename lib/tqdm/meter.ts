/** The line of a progress bar: how numbers, times, speeds and the bar itself are written. */
import { ValueError } from '../errors.ts';
import { format } from '../python/index.ts';

/** Seconds as `01:05` or `1:01:05`. */
export function format_interval(seconds: number): string {
  const whole = Math.trunc(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(whole % 60)}`;
}

/** A number in few characters: three digits where that is shorter. */
export function format_num(value: number): string {
  const short = format(value, '.3g').replace('e+0', 'e+').replace('e-0', 'e-');
  const whole = format(value);
  return short.length < whole.length ? short : whole;
}

/** A number with k, M, G, … where it is large: three digits. */
export function format_sizeof(num: number, suffix = '', divisor = 1000): string {
  let rest = num;
  for (const unit of ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z']) {
    if (Math.abs(rest) < 999.5) {
      const digits = Math.abs(rest) < 9.995 ? 2 : Math.abs(rest) < 99.95 ? 1 : 0;
      return format(rest, `${3 - digits}.${digits}f`) + unit + suffix;
    }
    rest /= divisor;
  }
  return `${format(rest, '3.1f')}Y${suffix}`;
}

const UTF = ' ▏▎▍▌▋▊▉█';
const ASCII = ' 123456789#';
const COLOURS = ['BLACK', 'RED', 'GREEN', 'YELLOW', 'BLUE', 'MAGENTA', 'CYAN', 'WHITE'];

/** `text` in a colour, named or as `#rrggbb`; as it is for a colour that there is none of. */
function coloured(text: string, colour: string | null): string {
  if (colour === null || colour === '') return text;
  const named = COLOURS.indexOf(colour.toUpperCase());
  const hex = /^#(..)(..)(..)$/.exec(colour)?.slice(1).map((part) => parseInt(part, 16));
  if (named < 0 && hex === undefined) return text;
  return `\x1b[${named >= 0 ? 30 + named : `38;2;${hex!.join(';')}`}m${text}\x1b[0m`;
}

/** A bar of `width` characters, filled by `share` with the characters of `charset`, from empty to full. */
function format_bar(share: number, width: number, charset: string, colour: string | null): string {
  const symbols = [...charset];
  const steps = symbols.length - 1;
  const filled = Math.trunc(Math.min(Math.max(share, 0), 1) * width * steps);
  const full = Math.floor(filled / steps);
  const bar = symbols[steps]!.repeat(full);
  if (full >= width) return coloured(bar, colour);
  return coloured(bar + symbols[filled % steps]! + symbols[0]!.repeat(width - full - 1), colour);
}

/** `text` without what stands between `{` and `}`, for which `write` says what there is. */
function fill_in(text: string, write: (name: string, spec: string) => string): string {
  return text.replaceAll(/\{\{|\}\}|\{([^{}:!]*)(?::([^{}]*))?\}/g, (match, name?: string, spec?: string) =>
    name === undefined ? match[0]! : write(name, spec ?? ''),
  );
}

/** Characters that a terminal shows: those of colours do not count. */
function shown_length(text: string): number {
  return [...text.replaceAll(/\x1b\[[0-9;]*m/g, '')].length;
}

/** The first `width` characters that a terminal shows; colours end with them. */
function trimmed(text: string, width: number): string {
  let left = width;
  const kept = Array.from(text.matchAll(/\x1b\[[0-9;]*m|./gsu), ([part]) =>
    part.startsWith('\x1b') ? part : left-- > 0 ? part : '',
  ).join('');
  return kept.includes('\x1b') && !kept.endsWith('\x1b[0m') ? `${kept}\x1b[0m` : kept;
}

/** What the line of a bar is made of, besides `n`, `total` and the seconds elapsed. */
export interface MeterOptions {
  /** The width of the whole line; null (default) for a bar of ten characters, 0 for none. */
  ncols?: number | null;
  /** Text in front */
  prefix?: string | null;
  /** Draw with `#`, or with these characters, from empty to full? (default: false, with blocks) */
  ascii?: boolean | string | null;
  unit?: string;
  /** Write large numbers with k, M, G? A number: multiply by it. (default: false) */
  unit_scale?: boolean | number;
  /** Steps a second; null (default) for the average */
  rate?: number | null;
  /** The line, with `{l_bar}`, `{bar}`, `{r_bar}`, `{n_fmt}`, `{total_fmt}`, `{elapsed}`, `{rate_fmt}`, … in it */
  bar_format?: string | null;
  postfix?: string | null;
  unit_divisor?: number;
  initial?: number;
  colour?: string | null;
}

/**
 * The line of a bar: ` 50%|█████     | 5/10 [00:01<00:01,  3.33it/s]`.
 * @throws ValueError for a name in `bar_format` that there is none of
 * @see https://tqdm.github.io/docs/tqdm/#format_meter
 */
export function format_meter(n: number, total: number | null, elapsed: number, options: MeterOptions = {}): string {
  const { ncols = null, ascii = false, unit = 'it', bar_format = null, unit_divisor = 1000, initial = 0 } = options;
  const factor = typeof options.unit_scale === 'number' && options.unit_scale !== 1 ? options.unit_scale : 1;
  const scaled = factor === 1 && Boolean(options.unit_scale);
  const all = total !== null && n >= total + 0.5 ? null : total;
  const [done, goal] = [n * factor, all === null ? null : all * factor];
  const average = elapsed > 0 ? (n - initial) / elapsed : 0;
  const rate = (options.rate ?? average) * factor || null;

  const number = (value: number): string => (scaled ? format_sizeof(value, '', unit_divisor) : format(value));
  const speed = (value: number | null): string =>
    value === null ? '?' : scaled ? format_sizeof(value) : format(value, '5.2f');
  const inverse = rate === null ? null : 1 / rate;
  const rate_noinv_fmt = `${speed(rate)}${unit}/s`;
  const rate_inv_fmt = `${speed(inverse)}s/${unit}`;
  const rate_fmt = inverse !== null && inverse > 1 ? rate_inv_fmt : rate_noinv_fmt;
  const left = rate !== null && goal ? (goal - done) / rate : 0;
  const remaining = rate === null ? '?' : format_interval(left);
  const postfix = options.postfix ? `, ${options.postfix}` : '';
  const prefix = options.prefix ?? '';
  const head = prefix === '' || prefix.endsWith(': ') ? prefix : `${prefix}: `;
  const n_fmt = number(done);
  const total_fmt = goal === null ? '?' : number(goal);
  const elapsed_text = format_interval(elapsed);
  const r_bar = `| ${n_fmt}/${total_fmt} [${elapsed_text}<${remaining}, ${rate_fmt}${postfix}]`;

  if (!goal && bar_format === null) return `${head}${n_fmt}${unit} [${elapsed_text}, ${rate_fmt}${postfix}]`;
  const share = goal ? done / goal : 0;
  const l_bar = goal ? `${head}${format(share * 100, '3.0f')}%|` : `${head}|`;
  if (goal && ncols === 0) return l_bar.slice(0, -1) + r_bar.slice(1);

  const values: Record<string, unknown> = {
    n: done, n_fmt, total: goal, total_fmt, elapsed: elapsed_text, elapsed_s: elapsed, ncols, desc: prefix, unit,
    rate: inverse !== null && inverse > 1 ? inverse : rate, rate_fmt, rate_noinv: rate, rate_noinv_fmt,
    rate_inv: inverse, rate_inv_fmt, postfix, unit_divisor, colour: options.colour, remaining, remaining_s: left,
    l_bar, r_bar, percentage: goal ? share * 100 : 0, prefix, initial,
  };
  const charset = goal === null || goal === 0 ? '  ' : ascii === true ? ASCII : ascii || UTF;
  // Nothing is in front of a colon where there is no text.
  const template = (bar_format ?? '{l_bar}{bar}{r_bar}').replaceAll('{desc}: ', prefix === '' ? '' : '{desc}: ');
  const line = (bar: (spec: string) => string): string =>
    fill_in(template, (name, spec) => {
      if (name === 'bar') return bar(spec);
      if (!Object.hasOwn(values, name)) {
        throw new ValueError(`bar_format has '{${name}}', but there is only ${Object.keys(values).join(', ')}`);
      }
      const value = values[name];
      return value === null || value === undefined ? 'None' : format(value, spec);
    });
  const room = ncols ? Math.max(1, ncols - shown_length(line(() => ''))) : 10;
  const drawn = line((spec) => {
    const kind = { a: ASCII, u: UTF, b: '  ' }[spec.slice(-1)];
    const width = Number.parseInt(kind === undefined ? spec : spec.slice(0, -1), 10);
    const columns = Number.isNaN(width) ? room : width < 0 ? width + room : width;
    return format_bar(share, columns, kind ?? charset, options.colour ?? null);
  });
  return ncols ? trimmed(drawn, ncols) : drawn;
}
