/**
 * Tensors as text, the way PyTorch prints them: `repr`, what an f-string shows, and the options of both.
 *
 * The work is done in three steps: pick the elements that will be seen (a huge tensor shows its corners), read them
 * as double precision numbers and write each as text, then lay the texts out in brackets and lines.
 */
import { signature } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { no_grad } from './autograd/grad_mode.ts';
import type { Complex } from './complex.ts';
import { get_default_dtype, uint8 } from './dtype.ts';
import { TypeError, ValueError } from './errors.ts';
import { native } from './native.ts';
import { aten } from './ops.ts';
import { py_float_repr, py_format_exponential, py_format_fixed } from './python_format.ts';
import { format_number } from './python_format_spec.ts';
import { repr, type_name } from './repr.ts';
import type { Tensor } from './tensor.ts';

/** How tensors are printed; see {@link set_printoptions}. */
export interface PrintOptions {
  /** Digits after the point of a floating point number. */
  precision: number;
  /** A tensor with more elements than this is summarised. */
  threshold: number;
  /** How many items a summary shows at the beginning and at the end of each dimension. */
  edgeitems: number;
  /** Characters to a line. */
  linewidth: number;
  /** Scientific notation: always, never, or (null) where the values ask for it. */
  sci_mode: boolean | null;
}

/** A set of defaults for {@link set_printoptions}. */
export type PrintProfile = 'default' | 'short' | 'full';

const PROFILES: Record<PrintProfile, Omit<PrintOptions, 'sci_mode'>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
};

const options: PrintOptions = { ...PROFILES.default, sci_mode: null };

/** What {@link set_printoptions} takes; null is as good as not given. */
export type PrintOptionArguments = { [K in keyof PrintOptions]?: PrintOptions[K] | null } & {
  profile?: PrintProfile | null;
};

const print_option_arguments = signature<PrintOptionArguments>('set_printoptions', [
  ['precision', null],
  ['threshold', null],
  ['edgeitems', null],
  ['linewidth', null],
  ['profile', null],
  ['sci_mode', null],
]);

/** Complains about a numeric option that is none, or is not a count where only a count makes sense. */
function check_number(name: string, value: number | null, count: boolean): void {
  if (value === null) return;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(`set_printoptions(): argument '${name}' must be a number, not ${repr(value)}`);
  }
  if (count && !(Number.isInteger(value) && value >= 0)) {
    throw new ValueError(`set_printoptions(): argument '${name}' must be a whole number of 0 or more, not ${value}`);
  }
}

/**
 * Sets how tensors are printed from now on. What is not given stays as it is, except for `sci_mode`, which goes back
 * to automatic, as it does in Python.
 *
 * @param precision digits after the point of floating point numbers (at the start: 4)
 * @param threshold the number of elements above which a tensor is summarised (at the start: 1000)
 * @param edgeitems how many items a summary shows at either end of each dimension (at the start: 3)
 * @param linewidth characters to a line (at the start: 80)
 * @param profile defaults to begin with: `default`, `short` or `full`
 * @param sci_mode scientific notation: true, false, or null for automatic
 * @throws TypeError or ValueError for an option that is unknown or has a value that makes no sense
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_printoptions.html
 */
export function set_printoptions(
  ...args: Arguments<
    PrintOptionArguments,
    ['precision', 'threshold', 'edgeitems', 'linewidth', 'profile', 'sci_mode']
  >
): void {
  const { profile, precision, threshold, edgeitems, linewidth, sci_mode } = print_option_arguments(args);
  check_number('precision', precision, true);
  check_number('threshold', threshold, false);
  check_number('edgeitems', edgeitems, true);
  check_number('linewidth', linewidth, false);
  if (sci_mode !== null && typeof sci_mode !== 'boolean') {
    throw new TypeError(`set_printoptions(): argument 'sci_mode' must be true, false or null, not ${repr(sci_mode)}`);
  }
  if (profile !== null) {
    if (!Object.hasOwn(PROFILES, profile)) {
      const names = Object.keys(PROFILES).map(repr).join(', ');
      throw new ValueError(`set_printoptions(): argument 'profile' must be one of ${names}, not ${repr(profile)}`);
    }
    Object.assign(options, PROFILES[profile]);
  }
  if (precision !== null) options.precision = precision;
  if (threshold !== null) options.threshold = threshold;
  if (edgeitems !== null) options.edgeitems = edgeitems;
  if (linewidth !== null) options.linewidth = linewidth;
  options.sci_mode = sci_mode;
}

/** The options in use, as an object that {@link set_printoptions} takes. */
export function get_printoptions(): PrintOptions {
  return { ...options };
}

/** Elements as text, in memory order; all are made for a column of `width` characters, though some may be longer. */
interface Column {
  cells: string[];
  width: number;
}

/** Zeros and what is not finite have no say in the notation of a tensor's elements, nor in their width. */
function counts(value: number): boolean {
  return value !== 0 && Number.isFinite(value);
}

/**
 * How floating point numbers are written, and how wide that gets: one decision for all of a tensor's elements.
 * @param nan_counts is NaN taken for a number like others? It is neither large nor small nor whole then.
 */
function float_column(values: readonly number[], nan_counts = false): Column {
  const { precision } = options;
  let whole = true;
  let min = Infinity;
  let max = 0;
  for (const value of values) {
    if (nan_counts && Number.isNaN(value)) {
      min = max = NaN;
      whole = false;
    }
    if (!counts(value)) continue;
    const size = Math.abs(value);
    if (size < min) min = size;
    if (size > max) max = size;
    if (!Number.isInteger(value)) whole = false;
  }
  const scientific = max !== 0 && (options.sci_mode ?? (max / min > 1000 || max > 1e8 || min < 1e-4));

  let write: (value: number) => string;
  if (scientific) write = (value) => py_format_exponential(value, precision);
  else if (whole) write = (value) => py_format_fixed(value, 0) + (Number.isFinite(value) ? '.' : '');
  else write = (value) => py_format_fixed(value, precision);

  const texts = values.map(write);
  let width = 1;
  for (let i = 0; i < texts.length; i++) if (counts(values[i]!)) width = Math.max(width, texts[i]!.length);
  return { cells: texts.map((text) => text.padStart(width)), width };
}

/** What Python's `str` makes of an integer, a boolean or a complex number. */
function exact_text(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** Integers and booleans, right-aligned. */
function exact_column(values: readonly unknown[]): Column {
  const texts = values.map(exact_text);
  let width = 1;
  for (const text of texts) width = Math.max(width, text.length);
  return { cells: texts.map((text) => text.padStart(width)), width };
}

/** Complex numbers: the real parts aligned, the imaginary parts right behind them. */
function complex_column(values: readonly number[]): Column {
  const real = float_column(values.filter((_, i) => i % 2 === 0));
  const imag = float_column(values.filter((_, i) => i % 2 === 1));
  const cells = real.cells.map((text, i) => {
    const part = imag.cells[i]!.trimStart();
    return `${text}${part.startsWith('-') ? '' : '+'}${part}j`;
  });
  return { cells, width: real.width + imag.width + 1 };
}

/** The elements of a dense tensor, in order. */
function flat_values(x: Tensor): unknown[] {
  return x.reshape([-1]).tolist() as unknown[];
}

function column_of(x: Tensor): Column {
  const { name, is_complex, is_floating_point } = x.dtype;
  if (is_complex) return complex_column(flat_values(aten.view_as_real(x)) as number[]);
  if (!is_floating_point) return exact_column(flat_values(x));
  // Two numbers in a byte: PyTorch shows the bytes.
  if (name === 'float4_e2m1fn_x2') return float_column(flat_values(aten.view(x, uint8)) as number[]);
  // PyTorch cannot tell NaN in the type that has nothing but exponents.
  if (name === 'float8_e8m0fnu') return float_column(flat_values(x.float()) as number[], true);
  return float_column(flat_values(name.startsWith('float8') ? x.float() : x) as number[]);
}

/**
 * The beginning and the end of every dimension that is too long to be shown, and all of the others. Views are cut
 * until they are small, and only then copied.
 */
function corners(x: Tensor, dim = 0): Tensor {
  if (dim === x.ndim) return x;
  const { edgeitems } = options;
  const size = x.shape[dim]!;
  if (size <= 2 * edgeitems) return corners(x, dim + 1);
  const first = corners(x.narrow(dim, 0, edgeitems), dim + 1);
  const last = corners(x.narrow(dim, size - edgeitems, edgeitems), dim + 1);
  return aten.cat([first, last], dim);
}

/**
 * Brackets, commas and line breaks around the elements `cells` of a tensor of sizes `shape`, of which `shown` are to
 * be seen in each dimension.
 */
function layout(
  { cells, width }: Column,
  shape: readonly number[],
  shown: readonly number[],
  indent: number,
): string {
  const per_line = Math.max(1, Math.floor((options.linewidth - indent - (shape.length - 1)) / (width + 2)));
  let next = 0;

  /** The innermost dimension: as many elements to a line as fit. */
  const row = (margin: string): string => {
    const last = shape.length - 1;
    const items = cells.slice(next, (next += shown[last]!));
    if (shown[last]! < shape[last]!) items.splice(options.edgeitems, 0, ' ...');
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += per_line) lines.push(items.slice(i, i + per_line).join(', '));
    return `[${lines.join(`,\n${margin}`)}]`;
  };

  const block = (dim: number): string => {
    const margin = ' '.repeat(indent + dim + 1);
    const inner = shape.length - 1 - dim;
    if (inner === 0) return row(margin);
    const items: string[] = [];
    for (let i = 0; i < shown[dim]!; i++) items.push(block(dim + 1));
    if (shown[dim]! < shape[dim]!) items.splice(options.edgeitems, 0, '...');
    return `[${items.join(`,${'\n'.repeat(inner)}${margin}`)}]`;
  };

  return shape.length === 0 ? cells[0]! : block(0);
}

/** The elements of a dense tensor in their brackets; lines after the first are indented by `indent` and more. */
function contents(x: Tensor, indent: number): string {
  const count = x.numel();
  if (count === 0) return '[]';
  const summarized = count > options.threshold;
  if (summarized && options.edgeitems === 0 && x.ndim > 0) return '[...]';
  let seen = summarized ? corners(x) : x;
  if (aten._is_zerotensor(seen)) seen = seen.clone();
  return layout(column_of(seen.resolve_neg().resolve_conj()), x.shape, seen.shape, indent);
}

/** The sizes as a tuple: `(2, 3)`. */
function size_text(x: Tensor): string {
  return repr([...x.shape]);
}

/**
 * What a sparse tensor shows for itself: a line for each of the tensors it consists of, whose elements are left out
 * where there is no memory to read them from.
 */
function member_lines(members: readonly (readonly [string, Tensor])[], is_meta: boolean, indent: number): string {
  const lines = members.map(([name, member]) => {
    const prefix = `${name}=tensor(`;
    const text = is_meta ? '...' : contents(member.detach(), indent + prefix.length);
    const size = is_meta || member.numel() === 0 ? `, size=${size_text(member)}` : '';
    return `${prefix}${text}${size})`;
  });
  return lines.join(`,\n${' '.repeat(indent)}`);
}

/** The tensors that a sparse tensor consists of, by the names they are printed with. */
function members_of(x: Tensor, layout_name: string): [string, Tensor][] {
  switch (layout_name) {
    case 'torch.sparse_coo':
      return [['indices', x._indices()], ['values', x._values()]];
    case 'torch.sparse_csr':
    case 'torch.sparse_bsr':
      return [['crow_indices', x.crow_indices()], ['col_indices', x.col_indices()], ['values', x.values()]];
    default:
      return [['ccol_indices', x.ccol_indices()], ['row_indices', x.row_indices()], ['values', x.values()]];
  }
}

/** The names of c10::QScheme's values, in order. */
const QUANTIZATION_SCHEMES = [
  'per_tensor_affine',
  'per_channel_affine',
  'per_tensor_symmetric',
  'per_channel_symmetric',
  'per_channel_affine_float_qparams',
];

/** How the elements of a quantized tensor are to be read. */
function quantization(x: Tensor): string[] {
  const scheme = QUANTIZATION_SCHEMES[Number(x.qscheme())]!;
  const parameters = scheme.startsWith('per_tensor')
    ? [`scale=${py_float_repr(x.q_scale())}`, `zero_point=${x.q_zero_point()}`]
    : [
        `scale=${tensor_str(x.q_per_channel_scales())}`,
        `zero_point=${tensor_str(x.q_per_channel_zero_points())}`,
        `axis=${x.q_per_channel_axis()}`,
      ];
  return [`quantization_scheme=torch.${scheme}`, ...parameters];
}

/** The name of the function that made `x`, such as `AddBackward0`, if gradients flow through it. */
function grad_fn_name(x: Tensor): string | undefined {
  let node: { name(): string } | null;
  try {
    node = x.grad_fn;
  } catch {
    // A view made and then changed in place without gradients: asking for its history is an error in LibTorch.
    return 'Invalid';
  }
  return node?.name().replace(/^.*::/, '');
}

/** Adds what follows the contents, `dtype=torch.int32` for instance, on the same line as long as it fits. */
function with_suffixes(text: string, suffixes: readonly string[], indent: number, own_line: boolean): string {
  // One more than the last line holds, or two if it is the only one: PyTorch counts like that, and it shows in where
  // lines break.
  let length = text.length - text.lastIndexOf('\n') + 1;
  let result = text;
  suffixes.forEach((suffix, i) => {
    if ((own_line && i === 0) || length + suffix.length + 2 > options.linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      length = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      length += suffix.length + 2;
    }
  });
  return `${result})`;
}

/** Classes that print as `tensor(...)`; any other kind of tensor prints with its own name. */
const PLAIN_CLASSES: ReadonlySet<string> = new Set(['Tensor', 'Parameter', 'Buffer']);

/** Classes whose 0-dim tensors print as their number in an f-string. */
const BARE_CLASSES: ReadonlySet<string> = new Set(['Tensor', 'Buffer']);

const SPARSE_LAYOUTS: ReadonlySet<string> = new Set([
  'torch.sparse_coo',
  'torch.sparse_csr',
  'torch.sparse_csc',
  'torch.sparse_bsr',
  'torch.sparse_bsc',
]);

/** Dtypes that need no mention: the default ones, of which the reader can tell which it is. */
function is_default_dtype(name: string): boolean {
  const real = get_default_dtype().name;
  const complex = real === 'float64' ? 'complex128' : 'complex64';
  return name === real || name === complex || name === 'int64' || name === 'bool';
}

/**
 * A tensor as Python's `repr` shows it, with its elements, and whatever of device, size, dtype, layout and gradient
 * is not obvious.
 *
 * Prints at most `threshold` elements unless told otherwise: larger tensors show their corners, and only those are
 * read. See {@link set_printoptions}.
 */
export function tensor_str(x: Tensor): string {
  const inside = native.wrapped(x._h);
  if (inside === null) return plain_str(x);
  const [value, level, dim] = inside;
  const text = outside_transforms(() => tensor_str(new (x.constructor as typeof Tensor)(value))).replace(/^/gm, '    ');
  return dim < 0
    ? `GradTrackingTensor(lvl=${level}, value=\n${text}\n)`
    : `BatchedTensor(lvl=${level}, bdim=${dim}, value=\n${text}\n)`;
}

/** Operators inside pass the transforms of `torch.func` by. */
function outside_transforms<T>(body: () => T): T {
  const before = native.exclude_transforms(true);
  try {
    return body();
  } finally {
    native.exclude_transforms(before);
  }
}

function plain_str(x: Tensor): string {
  const class_name = x.constructor.name;
  const plain = PLAIN_CLASSES.has(class_name);
  const prefix = x.is_nested ? 'nested_tensor(' : plain ? 'tensor(' : `${class_name}(`;
  const indent = prefix.length;
  const suffixes: string[] = [];

  const device = x.device;
  if (device.type !== 'cpu') suffixes.push(`device='${device}'`);
  const is_meta = device.type === 'meta';

  const dense = x.detach();
  const layout_name = String(x.layout);
  const dtype = x.dtype;
  let text: string;
  if (SPARSE_LAYOUTS.has(layout_name)) {
    suffixes.push(`size=${size_text(x)}`);
    if (!is_meta) suffixes.push(`nnz=${aten._nnz(dense)}`);
    if (!is_default_dtype(dtype.name)) suffixes.push(`dtype=${dtype}`);
    text = member_lines(members_of(dense, layout_name), is_meta, indent);
  } else if (x.is_quantized) {
    suffixes.push(`size=${size_text(x)}`, `dtype=${dtype}`, ...quantization(dense));
    text = contents(dense.dequantize(), indent);
  } else if (x.is_nested) {
    const items = no_grad(() => aten.unbind(x)).map((item) => tensor_str(item).replace(/^/gm, '  '));
    text = `[\n${items.join(',\n')}\n]`;
  } else if (is_meta) {
    suffixes.push(`size=${size_text(x)}`);
    if (dtype.name !== get_default_dtype().name) suffixes.push(`dtype=${dtype}`);
    text = '...';
  } else if (x.numel() === 0) {
    if (x.ndim !== 1) suffixes.push(`size=${size_text(x)}`);
    // Without elements nothing tells integers from floating point numbers.
    if (dtype.name !== get_default_dtype().name) suffixes.push(`dtype=${dtype}`);
    text = '[]';
  } else {
    if (options.edgeitems === 0) suffixes.push(`size=${size_text(x)}`);
    if (!is_default_dtype(dtype.name)) suffixes.push(`dtype=${dtype}`);
    text = contents(layout_name === 'torch.strided' ? dense : dense.to_dense(), indent);
  }
  if (layout_name !== 'torch.strided') suffixes.push(`layout=${layout_name}`);

  const grad_fn = grad_fn_name(x);
  if (grad_fn !== undefined) suffixes.push(`grad_fn=<${grad_fn}>`);
  else if (x.requires_grad) suffixes.push('requires_grad=True');

  return with_suffixes(prefix + text, suffixes, indent, layout_name === 'torch.sparse_coo');
}

/**
 * A tensor as Python's f-string shows it: the number alone where there are no dimensions, the `repr` otherwise. A
 * template literal uses this, so that `` `loss: ${loss}` `` reads as it does in Python.
 *
 * @param spec what follows the colon in an f-string, such as `.3f`; for a 0-dim tensor alone
 * @throws TypeError for a format specification and a tensor with dimensions
 */
export function format_tensor(x: Tensor, spec: string = ''): string {
  if (typeof spec !== 'string') throw new TypeError(`__format__() argument must be str, not ${type_name(spec)}`);
  const bare = BARE_CLASSES.has(x.constructor.name) && x.ndim === 0 && x.device.type !== 'meta';
  if (!bare) {
    if (spec === '') return x.__repr__();
    throw new TypeError(`unsupported format string passed to ${x.constructor.name}.__format__`);
  }
  return format_number(x.detach().item() as number | bigint | boolean | Complex, spec, x.dtype.is_floating_point);
}
