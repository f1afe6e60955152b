/**
 * Python's format specifications, `f"{x:>10.3f}"`, for numbers: what follows the colon is read by {@link format_number}.
 * @see https://docs.python.org/3/library/string.html#format-specification-mini-language
 */
import { Complex } from './complex.ts';
import { ValueError } from './errors.ts';
import { py_complex_repr, py_float_repr, py_format_exponential, py_format_fixed } from './python_format.ts';

type Align = '<' | '>' | '=' | '^';

interface Spec {
  fill: string;
  /** Empty where the specification does not say. */
  align: Align | '';
  sign: '+' | '-' | ' ' | '';
  /** Shows a negative number that is rounded to zero without its sign. */
  no_negative_zero: boolean;
  alternate: boolean;
  /** The `0` in front of the width. */
  zero_padded: boolean;
  width: number;
  grouping: ',' | '_' | '';
  precision: number | null;
  type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_]{0,2})(?:(\.)(\d*))?(.*)$/su;

/** With more, a text would not fit into a string of JavaScript. */
const LARGEST_WIDTH = 2 ** 28;

function read_count(digits: string): number {
  const count = Number(digits);
  if (count > Number.MAX_SAFE_INTEGER) throw new ValueError('Too many decimal digits in format string');
  return count;
}

/** A format code in a message, as Python's `repr` shows characters that do not print. */
function shown_code(code: string): string {
  const point = code.codePointAt(0)!;
  if (point > 32 && point < 128) return code;
  return `\\x${point.toString(16)}`;
}

function parse(text: string, kind: string): Spec {
  const match = SPEC.exec(text);
  if (match === null) throw new ValueError(`Invalid format specifier '${text}' for object of type '${kind}'`);
  const [, fill, align = '', sign = '', z, alternate, zero, width, grouping = '', point, precision, type = ''] = match;
  if (grouping.length === 2) {
    if (grouping[0] !== grouping[1]) throw new ValueError("Cannot specify both ',' and '_'.");
    throw new ValueError(`Cannot specify '${grouping[0]!}' with '${grouping[1]!}'.`);
  }
  if (point !== undefined && precision === '') throw new ValueError('Format specifier missing precision');
  if ([...type].length > 1) throw new ValueError(`Invalid format specifier '${text}' for object of type '${kind}'`);
  // Groups make sense in what is written with decimal digits, and `_` for other bases too.
  if (grouping !== '' && !(grouping === '_' ? 'deEfFgG%boxX' : 'deEfFgG%').includes(type)) {
    throw new ValueError(`Cannot specify '${grouping}' with '${type}'.`);
  }
  return {
    fill: fill ?? (zero !== undefined ? '0' : ' '),
    align: (align !== '' ? align : zero !== undefined ? '=' : '') as Spec['align'],
    sign: sign as Spec['sign'],
    no_negative_zero: z !== undefined,
    alternate: alternate !== undefined,
    zero_padded: zero !== undefined,
    width: width === undefined ? 0 : read_count(width),
    grouping: grouping as Spec['grouping'],
    precision: precision === undefined ? null : read_count(precision),
    type,
  };
}

function unknown_code(type: string, kind: string): ValueError {
  return new ValueError(`Unknown format code '${shown_code(type)}' for object of type '${kind}'`);
}

/** The digits before the point in groups of `size`, with zeros in front until they fill `width`. */
function grouped(digits: string, separator: string, size: number, width: number): string {
  if (separator === '') return digits.padStart(width, '0');
  // A separator never stands at the beginning: where it would, one digit more does, and the text is longer than asked.
  let count = Math.max(digits.length, Math.floor((width * size) / (size + 1)));
  while (count + Math.floor((count - 1) / size) < width) count++;
  const padded = digits.padStart(count, '0');
  const first = padded.length % size || size;
  const groups = [padded.slice(0, first)];
  for (let i = first; i < padded.length; i += size) groups.push(padded.slice(i, i + size));
  return groups.join(separator);
}

/** A number in parts: `-`, `0x`, the digits in front of the point, and all that follows them. */
interface Parts {
  negative: boolean;
  prefix: string;
  whole: string;
  rest: string;
}

/** Sign, prefix, digits and padding together. */
function assemble({ negative, prefix, whole, rest }: Parts, spec: Spec, group_size: number): string {
  const sign = negative ? '-' : spec.sign === '+' || spec.sign === ' ' ? spec.sign : '';
  const head = sign + prefix;
  const fills_with_zeros = spec.fill === '0' && spec.align === '=' && spec.zero_padded;
  const is_number = /^[0-9a-f]/i.test(whole) && whole !== 'inf' && whole !== 'nan';
  const width = fills_with_zeros ? spec.width - head.length - rest.length : 0;
  const body = is_number ? grouped(whole, spec.grouping, group_size, Math.max(0, width)) + rest : whole + rest;
  return pad(head, body, spec, '>');
}

function pad(head: string, body: string, { fill, align, width }: Spec, default_align: Align): string {
  const missing = Math.max(0, width - [...head].length - [...body].length);
  switch (align === '' ? default_align : align) {
    case '<':
      return head + body + fill.repeat(missing);
    case '>':
      return fill.repeat(missing) + head + body;
    case '=':
      return head + fill.repeat(missing) + body;
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + head + body + fill.repeat(Math.ceil(missing / 2));
  }
}

/** `digits` significant digits in the notation that suits the size of `x`, Python's `g`. `x` is finite and positive. */
function general(x: number, digits: number, alternate: boolean, keeps_point: boolean): string {
  const significant = Math.max(1, digits);
  const [mantissa, exponent] = py_format_exponential(x, significant - 1).split('e') as [string, string];
  const power = x === 0 ? 0 : Number(exponent);
  const trim = (text: string) => (alternate || !text.includes('.') ? text : text.replace(/\.?0*$/, ''));
  const with_point = (text: string) => (alternate && !text.includes('.') ? `${text}.` : text);
  // What has to show a digit behind the point has one fewer in front of it.
  if (power < -4 || power >= significant - (keeps_point ? 1 : 0)) return `${with_point(trim(mantissa))}e${exponent}`;
  const text = with_point(trim(py_format_fixed(x, Math.max(0, significant - 1 - power))));
  return keeps_point && !text.includes('.') ? `${text}.0` : text;
}

/** A finite, positive number without sign or padding. */
function float_digits(x: number, { type, precision, alternate }: Spec): string {
  const digits = precision ?? 6;
  const with_point = (text: string) => (alternate && !text.includes('.') ? text.replace(/(?=e|$)/, '.') : text);
  switch (type.toLowerCase()) {
    case 'f':
      return with_point(py_format_fixed(x, digits));
    case '%':
      return `${with_point(py_format_fixed(x * 100, digits))}%`;
    case 'e':
      return with_point(py_format_exponential(x, digits));
    case '':
      return precision === null ? with_point(py_float_repr(x)) : general(x, digits, alternate, true);
    default:
      return general(x, digits, alternate, false);
  }
}

/** `x` in parts; a complex number's are made without a type, too, but then like `g`. */
function float_parts(x: number, spec: Spec): Parts {
  let negative = x < 0 || Object.is(x, -0);
  let text = Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? float_digits(Math.abs(x), spec) : 'inf';
  if (spec.type === '%' && !Number.isFinite(x)) text += '%';
  if (spec.no_negative_zero && negative && !/[1-9]/.test(text.replace(/e.*$/i, '')) && text[0] === '0') negative = false;
  if (spec.type === 'E' || spec.type === 'F' || spec.type === 'G') text = text.toUpperCase();
  const [, whole, rest] = /^(\d*|inf|nan)(.*)$/is.exec(text)!;
  return { negative, prefix: '', whole: whole!, rest: rest! };
}

const FLOAT_TYPES = 'eEfFgGn';

function format_float(x: number, spec: Spec, kind: string): string {
  if (spec.type !== '' && !`${FLOAT_TYPES}%`.includes(spec.type)) throw unknown_code(spec.type, kind);
  return assemble(float_parts(x, spec), spec, 3);
}

const BASES: Readonly<Record<string, [base: number, prefix: string]>> = {
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function format_int(x: bigint, spec: Spec, kind: string): string {
  const { type } = spec;
  if (type !== '' && `${FLOAT_TYPES}%`.includes(type) && type !== 'n') return format_float(Number(x), spec, kind);
  if (type !== '' && !'bcdoxXn'.includes(type)) throw unknown_code(type, kind);
  if (spec.precision !== null) throw new ValueError('Precision not allowed in integer format specifier');
  if (spec.no_negative_zero) {
    throw new ValueError('Negative zero coercion (z) not allowed in integer format specifier');
  }
  const base = BASES[type];
  if (type === 'c') {
    if (spec.sign !== '') throw new ValueError("Sign not allowed with integer format specifier 'c'");
    if (spec.alternate) throw new ValueError("Alternate form (#) not allowed with integer format specifier 'c'");
    if (x < 0n || x > 0x10ffffn) throw new ValueError('%c arg not in range(0x110000)');
    return pad('', String.fromCodePoint(Number(x)), spec, '<');
  }
  const digits = (x < 0n ? -x : x).toString(base?.[0] ?? 10);
  return assemble(
    {
      negative: x < 0n,
      prefix: base !== undefined && spec.alternate ? base[1] : '',
      whole: type === 'X' ? digits.toUpperCase() : digits,
      rest: '',
    },
    spec,
    base === undefined ? 3 : 4,
  );
}

function format_complex(x: Complex, spec: Spec): string {
  const { type } = spec;
  if (type !== '' && !FLOAT_TYPES.includes(type)) throw unknown_code(type, 'complex');
  if (spec.zero_padded || spec.fill === '0') {
    throw new ValueError('Zero padding is not allowed in complex format specifier');
  }
  if (spec.align === '=') throw new ValueError("'=' alignment flag is not allowed in complex format specifier");
  const part: Spec = { ...spec, width: 0, type: type === '' ? 'g' : type };
  const shortest = type === '' && spec.precision === null;
  const write = (value: number, sign: Spec['sign']): string => {
    if (!shortest) return assemble(float_parts(value, part), { ...part, sign }, 3);
    const [, whole, rest] = /^(\d*|inf|nan)(.*)$/s.exec(py_float_repr(Math.abs(value)).replace(/\.0$/, ''))!;
    const negative = value < 0 || Object.is(value, -0);
    return assemble({ negative, prefix: '', whole: whole!, rest: rest! }, { ...part, sign }, 3);
  };
  // As `repr` has it: in parentheses, or the imaginary part alone.
  const alone = type === '' && Object.is(x.real, 0);
  if (alone) return pad('', `${write(x.imag, spec.sign)}j`, spec, '>');
  const text = `${write(x.real, spec.sign)}${write(x.imag, '+')}j`;
  return pad('', type === '' ? `(${text})` : text, spec, '>');
}

/**
 * Python's `format(value, spec)` for a number. What Python holds as a float is a `number` and `is_float`; a `number`
 * that is none is an `int`.
 *
 * @throws ValueError, worded as Python's, for a specification that makes no sense for the number
 */
export function format_number(value: number | bigint | boolean | Complex, spec: string, is_float: boolean): string {
  const kind = value instanceof Complex ? 'complex' : is_float ? 'float' : typeof value === 'boolean' ? 'bool' : 'int';
  if (spec === '') {
    if (value instanceof Complex) return py_complex_repr(value.real, value.imag);
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    return is_float ? py_float_repr(Number(value)) : String(value);
  }
  const parsed = parse(spec, kind);
  if (parsed.width > LARGEST_WIDTH) throw new ValueError('width too big');
  if (value instanceof Complex) return format_complex(value, parsed);
  if (is_float) return format_float(Number(value), parsed, kind);
  return format_int(BigInt(value), parsed, kind);
}

/** Python's `format(text, spec)` for a string. */
export function format_text(text: string, spec: string): string {
  const { precision, type, ...parsed } = parse(spec, 'str');
  if (type !== '' && type !== 's') throw unknown_code(type, 'str');
  if (parsed.width > LARGEST_WIDTH) throw new ValueError('width too big');
  if (parsed.sign !== '') {
    const name = parsed.sign === ' ' ? 'Space' : 'Sign';
    throw new ValueError(`${name} not allowed in string format specifier`);
  }
  if (parsed.no_negative_zero) {
    throw new ValueError('Negative zero coercion (z) not allowed in string format specifier');
  }
  if (parsed.alternate) throw new ValueError('Alternate form (#) not allowed in string format specifier');
  if (parsed.grouping !== '') throw new ValueError(`Cannot specify '${parsed.grouping}' with 's'.`);
  // A zero in front of the width fills with zeros, but on the right.
  const align = parsed.zero_padded && parsed.align === '=' ? '<' : parsed.align;
  if (align === '=') throw new ValueError("'=' alignment not allowed in string format specifier");
  const shown = precision === null ? text : [...text].slice(0, precision).join('');
  return pad('', shown, { ...parsed, align, precision, type }, '<');
}
