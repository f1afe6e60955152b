/** `assert_close`: are two values, or all values in two containers, nearly the same? */
import { type Arguments, is_array, is_instance, is_kwargs, type ParameterSpec, signature } from '../arguments.ts';
import { Complex } from '../complex.ts';
import { as_tensor, tensor } from '../creation.ts';
import {
  bfloat16, complex128, complex32, complex64, type dtype as DType, float16, float32, float64, int64, qint32, qint8,
  quint8, uint16, uint32, uint64,
} from '../dtype.ts';
import { AssertionError, TypeError, ValueError } from '../errors.ts';
import { sparse_bsr, sparse_coo, sparse_csr, strided } from '../layout.ts';
import { aten } from '../ops.ts';
import { Tensor, type Scalar } from '../tensor.ts';
import { promote_types } from '../type_promotion.ts';
import {
  distance,
  type Identifier,
  scalar_mismatch,
  show_number,
  show_tuple,
  size_of,
  tensor_mismatch,
  type Tolerances,
} from './messages.ts';

/** What `assert_close` takes by name. */
export interface AssertCloseOptions {
  /** May one be of a subclass of the other's class? */
  allow_subclasses?: boolean;
  /** How much of the expected value they may differ by; depends on the dtypes unless given, then with `atol`. */
  rtol?: number | null;
  /** How much they may differ by in any case. */
  atol?: number | null;
  /** Is NaN close to NaN? */
  equal_nan?: boolean;
  check_device?: boolean;
  check_dtype?: boolean;
  check_layout?: boolean;
  check_stride?: boolean;
  /** The error's message, or a function that makes it of the usual one. */
  msg?: string | ((usual: string) => string) | null;
}

type Options = Required<AssertCloseOptions>;
/** Where in nested containers a value is. */
type Path = readonly (string | number)[];
type ErrorClass = new (message: string) => Error;

interface AssertCloseParameters extends AssertCloseOptions {
  actual: unknown;
  expected: unknown;
}

const OPTIONS: readonly ParameterSpec[] = [
  ['allow_subclasses', true],
  ['rtol', null],
  ['atol', null],
  ['equal_nan', false],
  ['check_device', true],
  ['check_dtype', true],
  ['check_layout', true],
  ['check_stride', false],
  ['msg', null],
];

/** A value that is not as expected. */
class Mismatch {
  readonly error: ErrorClass;
  readonly text: string;
  readonly path: Path;

  constructor(error: ErrorClass, text: string, path: Path) {
    this.error = error;
    this.text = text;
    this.path = path;
  }

  to_error(message: Options['msg'] = null): Error {
    if (typeof message === 'string') return new this.error(message);
    const item = this.path.map((one) => (typeof one === 'string' ? `['${one}']` : `[${one}]`)).join('');
    const usual = item === '' ? this.text : `${this.text}\n\nThe failure occurred for item ${item}`;
    return new this.error(message === null ? usual : message(usual));
  }
}

/** `[rtol, atol]` by dtype; 0 for dtypes that are not here. */
type Precisions = ReadonlyMap<DType, readonly [rtol: number, atol: number]>;

const PRECISIONS: Precisions = new Map<DType, readonly [number, number]>([
  [float16, [1e-3, 1e-5]],
  [bfloat16, [1.6e-2, 1e-5]],
  [float32, [1.3e-6, 1e-5]],
  [float64, [1e-7, 1e-7]],
  [complex32, [1e-3, 1e-5]],
  [complex64, [1.3e-6, 1e-5]],
  [complex128, [1e-7, 1e-7]],
  [quint8, [1.3e-6, 1e-5]],
  [qint8, [1.3e-6, 1e-5]],
  [qint32, [1.3e-6, 1e-5]],
]);

function default_tolerances(dtypes: readonly DType[], precisions = PRECISIONS): Tolerances {
  const known = dtypes.map((one) => precisions.get(one) ?? ([0, 0] as const));
  return { rtol: Math.max(...known.map(([rtol]) => rtol)), atol: Math.max(...known.map(([, atol]) => atol)) };
}

/** Compares one pair of values; throws a Mismatch. */
class Comparison {
  readonly #options: Options;
  readonly #path: Path;

  constructor(options: Options, path: Path) {
    this.#options = options;
    this.#path = path;
  }

  fail(text: string, error: ErrorClass = AssertionError): never {
    throw new Mismatch(error, text, this.#path);
  }

  tolerances(...dtypes: readonly DType[]): Tolerances {
    const { rtol, atol } = this.#options;
    if (rtol !== null && atol !== null) return { rtol, atol };
    if (rtol === null && atol === null) return default_tolerances(dtypes);
    return this.fail(
      `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${rtol === null ? 'rtol' : 'atol'}.`,
      ValueError,
    );
  }

  /** Checks that the pair can be compared, and gives the comparison to be done. */
  prepare(actual: unknown, expected: unknown): () => void {
    if (actual == null || expected == null) {
      return () => {
        if (actual != null || expected != null) this.fail(`None mismatch: ${show(actual)} is not ${show(expected)}`);
      };
    }
    if (typeof actual === 'boolean' && typeof expected === 'boolean') {
      return () => {
        if (actual !== expected) this.fail(`Booleans mismatch: ${show(actual)} is not ${show(expected)}`);
      };
    }
    if (is_number(actual) && is_number(expected)) {
      const tolerances = this.tolerances(dtype_of(actual), dtype_of(expected));
      return () => this.#numbers(actual, expected, tolerances);
    }
    const pair = this.#tensors_of(actual, expected);
    if (pair === null) {
      this.fail(
        `No comparison pair was able to handle inputs of type ${type_text(actual)} and ${type_text(expected)}.`,
        TypeError,
      );
    }
    const [a, b] = pair;
    const tolerances = this.tolerances(a.dtype, b.dtype);
    return () => this.#tensors(a, b, tolerances);
  }

  #numbers(actual: AnyNumber, expected: AnyNumber, tolerances: Tolerances): void {
    // JavaScript cannot tell 1.0 from 1, so a whole number is of the other's type.
    const [a_kind, e_kind] = [kind_of(actual), kind_of(expected)];
    const either = typeof actual === 'number' && typeof expected === 'number';
    const whole = either || is_whole_number(actual) || is_whole_number(expected);
    if (this.#options.check_dtype && a_kind !== e_kind && !(whole && a_kind !== 'complex' && e_kind !== 'complex')) {
      this.fail(`The (d)types do not match: <class '${a_kind}'> != <class '${e_kind}'>.`);
    }
    const difference = distance(actual, expected);
    // Infinities of the same sign have no difference.
    if (difference === 0 || difference === 0n || actual === expected) return;
    if (this.#options.equal_nan && is_nan(actual) && is_nan(expected)) return;
    if (Number.isFinite(Number(difference))) {
      if (difference <= tolerances.atol + tolerances.rtol * size_of(expected)) return;
    }
    const as_float = a_kind === 'float' || e_kind === 'float';
    this.fail(scalar_mismatch(actual, expected, as_float, tolerances));
  }

  /** Both as tensors; null where they are nothing of the kind, or unlike. */
  #tensors_of(actual: unknown, expected: unknown): [Tensor, Tensor] | null {
    if (is_instance(actual, Tensor) && is_instance(expected, Tensor)) {
      if (!this.#options.allow_subclasses && actual.constructor !== expected.constructor) return null;
      for (const one of [actual, expected]) {
        if (one.layout.name === '_mkldnn') this.fail(`Unsupported tensor layout ${one.layout}`, ValueError);
      }
      return [actual, expected];
    }
    if (!ArrayBuffer.isView(actual) || !ArrayBuffer.isView(expected)) return null;
    if (actual.constructor !== expected.constructor || actual instanceof DataView) return null;
    return [as_tensor(actual as Float32Array), as_tensor(expected as Float32Array)];
  }

  #tensors(actual: Tensor, expected: Tensor, tolerances: Tolerances): void {
    this.#attributes(actual, expected);
    if (actual.is_meta || expected.is_meta) return;
    let [a, b] = [actual.detach(), expected.detach()];
    if (String(a.device) !== String(b.device)) [a, b] = [a.cpu(), b.cpu()];
    if (a.dtype !== b.dtype) {
      const signed = (kind: DType): DType => ([uint64, uint32, uint16].includes(kind) ? int64 : kind);
      const kind = promote_types(signed(a.dtype), signed(b.dtype));
      [a, b] = [a.to(kind), b.to(kind)];
    }
    if (a.layout !== b.layout) {
      if (a.layout !== strided) a = a.to_dense();
      if (b.layout !== strided) b = b.to_dense();
    }
    this.#values(a, b, tolerances);
  }

  #attributes(actual: Tensor, expected: Tensor): void {
    const { check_layout, check_stride, check_device, check_dtype } = this.#options;
    const check = (name: string, a: unknown, b: unknown, same = a === b): void => {
      if (!same) this.fail(`The values for attribute '${name}' do not match: ${show(a)} != ${show(b)}.`);
    };
    check('shape', actual.shape, expected.shape, actual.shape.equals(expected.shape));
    check('is_quantized', actual.is_quantized, expected.is_quantized);
    if (check_layout) check('layout', actual.layout, expected.layout);
    if (check_stride && actual.layout === strided && expected.layout === strided) {
      const [a, b] = [show_tuple(actual.stride()), show_tuple(expected.stride())];
      check('stride()', a, b);
    }
    if (check_device) check('device', String(actual.device), String(expected.device));
    if (check_dtype) check('dtype', actual.dtype, expected.dtype);
  }

  #values(actual: Tensor, expected: Tensor, tolerances: Tolerances): void {
    if (actual.is_quantized) {
      const lower = (usual: string): string => `Quantized ${usual.toLowerCase()}`;
      this.#close(aten.dequantize(actual), aten.dequantize(expected), tolerances, lower);
    } else if (actual.layout === sparse_coo) {
      this.#coo(actual, expected, tolerances);
    } else if (actual.layout !== strided) {
      this.#compressed(actual, expected, tolerances);
    } else {
      const { dtype } = actual;
      if (dtype.is_floating_point && dtype.itemsize === 1 && (tolerances.rtol !== 0 || tolerances.atol !== 0)) {
        const [rtol, atol] = [show_number(tolerances.rtol), show_number(tolerances.atol)];
        this.fail(
          `Rtol=${rtol} and atol=${atol} are not supported for bitwise comparison of low dimensional floats. Please ` +
            'use rtol=0.0 and atol=0.0.',
        );
      }
      this.#close(actual, expected, tolerances);
    }
  }

  #coo(actual: Tensor, expected: Tensor, tolerances: Tolerances): void {
    const [a, b] = [actual.sparse_dim(), expected.sparse_dim()];
    if (a !== b) this.fail(`The number of sparse dimensions in sparse COO tensors does not match: ${a} != ${b}`);
    this.#same_count('COO', actual, expected);
    this.#equal(aten._indices(actual), aten._indices(expected), 'Sparse COO indices');
    this.#close(aten._values(actual), aten._values(expected), tolerances, 'Sparse COO values');
  }

  #compressed(actual: Tensor, expected: Tensor, tolerances: Tolerances): void {
    const by_rows = actual.layout === sparse_csr || actual.layout === sparse_bsr;
    const format = actual.layout.name.replace('sparse_', '').toUpperCase();
    this.#same_count(format, actual, expected);
    const [compressed, plain] = by_rows
      ? (['crow_indices', 'col_indices'] as const)
      : (['ccol_indices', 'row_indices'] as const);
    const kind = promote_types(actual[compressed]().dtype, expected[compressed]().dtype);
    for (const which of [compressed, plain]) {
      this.#equal(actual[which]().to(kind), expected[which]().to(kind), `Sparse ${format} ${which}`);
    }
    this.#close(actual.values(), expected.values(), tolerances, `Sparse ${format} values`);
  }

  #same_count(format: string, actual: Tensor, expected: Tensor): void {
    const [a, b] = [aten._nnz(actual), aten._nnz(expected)];
    if (a !== b) this.fail(`The number of specified values in sparse ${format} tensors does not match: ${a} != ${b}`);
  }

  #equal(actual: Tensor, expected: Tensor, identifier: Identifier): void {
    this.#close(actual, expected, { rtol: 0, atol: 0 }, identifier);
  }

  #close(actual: Tensor, expected: Tensor, tolerances: Tolerances, identifier: Identifier = null): void {
    const { rtol, atol } = tolerances;
    const matches = aten.isclose(actual, expected, rtol, atol, this.#options.equal_nan);
    if (aten.all(matches).item() as unknown as boolean) return;
    if (actual.ndim > 0) this.fail(tensor_mismatch(actual, expected, matches, tolerances, identifier));
    const [a, b] = [actual.item(), expected.item()];
    this.fail(scalar_mismatch(a, b, actual.dtype.is_floating_point, tolerances, identifier));
  }
}

type AnyNumber = number | bigint | Complex;

function is_number(value: unknown): value is AnyNumber {
  return typeof value === 'number' || typeof value === 'bigint' || is_instance(value, Complex);
}

function is_whole_number(value: AnyNumber): boolean {
  return typeof value === 'number' && Number.isInteger(value);
}

function kind_of(value: AnyNumber): 'int' | 'float' | 'complex' {
  if (typeof value === 'bigint' || is_whole_number(value)) return 'int';
  return typeof value === 'number' ? 'float' : 'complex';
}

function dtype_of(value: AnyNumber): DType {
  return { int: int64, float: float64, complex: complex128 }[kind_of(value)];
}

function is_nan(value: AnyNumber): boolean {
  return value instanceof Complex ? Number.isNaN(value.real) || Number.isNaN(value.imag) : Number.isNaN(value);
}

function show(value: unknown): string {
  if (value == null) return 'None';
  return typeof value === 'string' ? value : show_number(value);
}

/** Python's text for the class of a value. */
function type_text(value: unknown): string {
  let name: string;
  if (is_number(value)) name = kind_of(value);
  else if (typeof value === 'boolean') name = 'bool';
  else if (typeof value === 'string') name = 'str';
  else if (is_array(value)) name = 'list';
  else if (is_mapping(value)) name = 'dict';
  else if (is_instance(value, Tensor)) name = value.constructor === Tensor ? 'torch.Tensor' : value.constructor.name;
  else name = typeof value === 'object' ? ((value as object).constructor?.name ?? 'object') : typeof value;
  return `<class '${name}'>`;
}

function is_mapping(value: unknown): value is Map<string | number, unknown> | Record<string, unknown> {
  return is_instance(value, Map<string | number, unknown>) || is_kwargs(value);
}

/** More levels than anybody nests: what goes deeper is a container that contains itself. */
const MOST_LEVELS = 1000;

/** The comparisons of all pairs of values in two containers. */
function comparisons(actual: unknown, expected: unknown, options: Options, path: Path): (() => void)[] {
  const comparison = new Comparison(options, path);
  if (path.length > MOST_LEVELS) comparison.fail('the containers nest too deeply', ValueError);
  if (is_array(actual) && is_array(expected)) {
    const [a, b] = [actual.length, expected.length];
    if (a !== b) comparison.fail(`The length of the sequences mismatch: ${a} != ${b}`);
    return Array.from({ length: a }, (_, i) => comparisons(actual[i], expected[i], options, [...path, i])).flat();
  }
  if (is_mapping(actual) && is_mapping(expected)) {
    const a = actual instanceof Map ? actual : new Map<string | number, unknown>(Object.entries(actual));
    const b = expected instanceof Map ? expected : new Map<string | number, unknown>(Object.entries(expected));
    const keys = sorted([...a.keys()]);
    const missing = sorted([...b.keys()].filter((key) => !a.has(key)));
    const additional = keys.filter((key) => !b.has(key));
    if (missing.length > 0 || additional.length > 0) {
      comparison.fail(
        'The keys of the mappings do not match:\n' +
          `Missing keys in the actual mapping: ${show_keys(missing)}\n` +
          `Additional keys in the actual mapping: ${show_keys(additional)}`,
      );
    }
    return keys.flatMap((key) => comparisons(a.get(key), b.get(key), options, [...path, key]));
  }
  return [comparison.prepare(actual, expected)];
}

function sorted(keys: (string | number)[]): (string | number)[] {
  return keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function show_keys(keys: readonly (string | number)[]): string {
  return `[${keys.map((key) => (typeof key === 'string' ? `'${key}'` : key)).join(', ')}]`;
}

const assert_close_arguments = signature<AssertCloseParameters>(
  'assert_close',
  [['actual', undefined], ['expected', undefined]],
  OPTIONS,
);

/**
 * Throws unless `actual` and `expected` are close: `|actual - expected| <= atol + rtol * |expected|` for every element,
 * and device, dtype, layout and shape the same. Arrays, maps and plain objects are compared item by item.
 *
 * JavaScript cannot tell 1.0 from 1, so a whole number is compared with a fraction without regard to their types.
 *
 * @throws AssertionError with a text that says how much differs where
 * @throws TypeError for values that cannot be compared
 * @see https://docs.pytorch.org/docs/stable/testing.html#torch.testing.assert_close
 */
export function assert_close(actual: unknown, expected: unknown, options?: AssertCloseOptions): void;
export function assert_close(kwargs: AssertCloseParameters): void;
export function assert_close(...args: readonly unknown[]): void {
  const given = read_arguments(args);
  let pairs: (() => void)[];
  try {
    pairs = comparisons(given.actual, given.expected, given, []);
  } catch (error) {
    if (error instanceof Mismatch) throw error.to_error();
    throw error;
  }
  let first: Mismatch | null = null;
  for (const compare of pairs) {
    try {
      compare();
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      first ??= error;
    }
  }
  if (first !== null) throw first.to_error(given.msg);
}

/** The things compared may be plain objects themselves: the first two are never read as keyword arguments. */
function read_arguments(args: readonly unknown[]): Required<AssertCloseParameters> {
  if (args.length < 2) {
    const [kwargs] = args;
    for (const name of ['actual', 'expected']) {
      if (is_kwargs(kwargs) && name in kwargs) continue;
      throw new TypeError(`assert_close() missing 1 required positional argument: '${name}'`);
    }
    return assert_close_arguments(args);
  }
  if (args.length > 3 || (args.length === 3 && args[2] !== undefined && !is_kwargs(args[2]))) {
    throw new TypeError(`assert_close() takes 2 positional arguments but ${args.length} were given`);
  }
  const options = assert_close_arguments([args[2] ?? {}]);
  return { ...options, actual: args[0], expected: args[1] };
}

interface AssertAllcloseParameters {
  actual: Tensor | Scalar | readonly unknown[];
  expected: Tensor | Scalar | readonly unknown[];
  rtol?: number | null;
  atol?: number | null;
  equal_nan?: boolean;
  msg?: string;
}

const assert_allclose_arguments = signature<AssertAllcloseParameters>('assert_allclose', [
  'actual',
  'expected',
  ['rtol', null],
  ['atol', null],
  ['equal_nan', true],
  ['msg', ''],
]);

const OLD_PRECISIONS: Precisions = new Map<DType, readonly [number, number]>([
  [float16, [1e-3, 1e-3]],
  [float32, [1e-4, 1e-5]],
  [float64, [1e-5, 1e-8]],
]);

/**
 * The former `assert_close`, which does not mind dtypes.
 * @deprecated use `assert_close`
 */
export function assert_allclose(
  ...args: Arguments<AssertAllcloseParameters, ['actual', 'expected', 'rtol', 'atol', 'equal_nan', 'msg']>
): void {
  const given = assert_allclose_arguments(args);
  const actual = is_instance(given.actual, Tensor) ? given.actual : tensor(given.actual as Scalar);
  const expected = is_instance(given.expected, Tensor)
    ? given.expected
    : tensor(given.expected as Scalar, { dtype: actual.dtype });
  let { rtol, atol } = given;
  if (rtol === null && atol === null) {
    ({ rtol, atol } = default_tolerances([actual.dtype, expected.dtype], OLD_PRECISIONS));
  }
  const { equal_nan, msg } = given;
  assert_close(actual, expected, { rtol, atol, equal_nan, check_dtype: false, msg: msg || null });
}
