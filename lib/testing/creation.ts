/** Tensors with random elements, drawn as PyTorch draws them. */
import { is_instance, is_kwargs, type ParameterSpec, signature } from '../arguments.ts';
import type { DeviceLike } from '../device.ts';
import { bool, dtype as DType, float32, int64 } from '../dtype.ts';
import { TypeError, ValueError } from '../errors.ts';
import type { memory_format as MemoryFormat } from '../layout.ts';
import { float_limits, integer_range } from '../limits.ts';
import { aten } from '../ops.ts';
import { py_float_repr } from '../python_format.ts';
import type { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';

/** What `make_tensor` takes by name. */
export interface MakeTensorOptions {
  dtype: DType;
  device: DeviceLike;
  /** The smallest element, -9 by default. */
  low?: number | null;
  /** What all elements are below, 10 for integers and 9 for the rest by default. */
  high?: number | null;
  requires_grad?: boolean;
  /** Are the elements to lie with gaps in memory? */
  noncontiguous?: boolean;
  /** Is 0 to be replaced, by 1 or the smallest positive number? */
  exclude_zero?: boolean;
  memory_format?: MemoryFormat | null;
}

const OPTIONS: readonly ParameterSpec[] = [
  'dtype',
  'device',
  ['low', null],
  ['high', null],
  ['requires_grad', false],
  ['noncontiguous', false],
  ['exclude_zero', false],
  ['memory_format', null],
];

const options_of = signature<MakeTensorOptions>('make_tensor', [], OPTIONS);

type Bound = number | bigint;

function show(value: Bound, kind: DType): string {
  if (typeof value === 'bigint') return String(value);
  if (kind === bool || integer_range(kind) !== undefined) return Number.isNaN(value) ? 'nan' : String(value);
  return Math.abs(value) < 2 ** 53 && Number.isInteger(value) ? String(value) : py_float_repr(value);
}

/** The interval to draw from: what is asked for, within what the dtype holds. */
function interval(
  { low, high, dtype }: Required<MakeTensorOptions>,
  lowest: Bound,
  highest: Bound,
  default_high: number,
  default_low = -9,
): [low: Bound, high: Bound] {
  const from: number = low ?? default_low;
  const to: number = high ?? default_high;
  if (Number.isNaN(from) || Number.isNaN(to)) {
    throw new ValueError(
      `\`low\` and \`high\` cannot be NaN, but got low=${show(from, dtype)} and high=${show(to, dtype)}`,
    );
  }
  if (from === to && (dtype.is_complex || (dtype.is_floating_point && dtype.itemsize > 1))) {
    warn(
      'Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since 2.1 and ' +
        'will be removed in 2.3. Use `torch.full(...)` instead.',
      'FutureWarning',
    );
  } else if (from >= to) {
    throw new ValueError(`\`low\` must be less than \`high\`, but got ${show(from, dtype)} >= ${show(to, dtype)}`);
  } else if (to < lowest || from >= highest) {
    throw new ValueError(
      `The value interval specified by \`low\` and \`high\` is [${show(from, dtype)}, ${show(to, dtype)}), but ` +
        `${dtype} only supports [${show(lowest, dtype)}, ${show(highest, dtype)})`,
    );
  }
  const clamp = (value: number): Bound => (value < lowest ? lowest : value > highest ? highest : value);
  return [clamp(from), clamp(to)];
}

/** For `randint`: a whole number, with all its digits. */
function whole(value: Bound): number {
  const rounded = typeof value === 'bigint' ? value : Math.ceil(value);
  if (typeof rounded === 'number' && Number.isSafeInteger(rounded)) return rounded;
  // The types know numbers alone, the operators take both.
  return BigInt(rounded) as unknown as number;
}

function draw_integers(shape: readonly number[], given: Required<MakeTensorOptions>): Tensor {
  const { dtype, device } = given;
  const range = integer_range(dtype);
  let low: Bound;
  let high: Bound;
  if (range === undefined) {
    [low, high] = interval(given, 0, 2, 2, 0);
  } else {
    const beyond = dtype === int64 ? range[1] : typeof range[1] === 'bigint' ? range[1] + 1n : range[1] + 1;
    [low, high] = interval(given, range[0], beyond, 10);
  }
  return aten.randint(whole(low), whole(high), shape, { dtype, device });
}

function draw_floats(shape: readonly number[], given: Required<MakeTensorOptions>): Tensor {
  const { dtype, device } = given;
  const { max } = float_limits(dtype)!;
  const [low, high] = interval(given, -max, max, 9) as [number, number];
  // Floats of eight bits cannot be drawn themselves.
  const drawn = dtype.itemsize === 1 ? float32 : dtype;
  const result = aten.empty(shape, { dtype: drawn, device });
  const parts = drawn.is_complex ? aten.view_as_real(result) : result;
  if (high - low >= float_limits(drawn)!.max) parts.uniform_(low / 2, high / 2).mul_(2);
  else parts.uniform_(low, high);
  return result.to(dtype);
}

/**
 * A tensor of the given shape with random elements between `low` and `high`. The shape comes first, as numbers or as
 * an array; the rest by name, of which `dtype` and `device` have to be given.
 *
 *     torch.testing.make_tensor(2, 3, { dtype: torch.float32, device: 'cpu', low: 0, high: 1 });
 *
 * @throws ValueError if the interval is empty or outside of what the dtype holds
 * @see https://docs.pytorch.org/docs/stable/testing.html#torch.testing.make_tensor
 */
export function make_tensor(shape: readonly number[], options: MakeTensorOptions): Tensor;
export function make_tensor(...args: [...shape: number[], options: MakeTensorOptions]): Tensor;
export function make_tensor(...args: readonly unknown[]): Tensor {
  const kwargs = is_kwargs(args[args.length - 1]) ? args[args.length - 1] : {};
  const given = options_of([kwargs]);
  const positional = is_kwargs(args[args.length - 1]) ? args.slice(0, -1) : args;
  const wanted: unknown = positional.length === 1 && Array.isArray(positional[0]) ? positional[0] : positional;
  let shape = [...(wanted as readonly number[])];
  if (!shape.every((size) => Number.isInteger(size))) {
    throw new TypeError("make_tensor(): argument 'shape' must be ints or a tuple of ints");
  }
  const { dtype, requires_grad, exclude_zero, memory_format } = given;
  if (!is_instance(dtype, DType)) {
    throw new TypeError(`make_tensor(): argument 'dtype' must be torch.dtype, not ${typeof dtype}`);
  }
  if (given.noncontiguous && memory_format !== null) {
    throw new ValueError(
      'The parameters `noncontiguous` and `memory_format` are mutually exclusive, but got noncontiguous=True and ' +
        `memory_format=${String(memory_format)}`,
    );
  }
  const is_whole = dtype === bool || integer_range(dtype) !== undefined;
  if (!is_whole && float_limits(dtype) === undefined) {
    throw new TypeError(
      `The requested dtype '${String(dtype)}' is not supported by torch.testing.make_tensor(). To request support, ` +
        'file an issue at: https://github.com/pytorch/pytorch/issues',
    );
  }
  if (requires_grad && is_whole) {
    throw new ValueError(
      `\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=${dtype}`,
    );
  }
  const noncontiguous = given.noncontiguous && shape.reduce((product, size) => product * size, 1) > 1;
  if (noncontiguous) shape = [...shape.slice(0, -1), 2 * shape[shape.length - 1]!];
  let result = is_whole ? draw_integers(shape, given) : draw_floats(shape, given);
  if (noncontiguous) result = aten.slice(result, -1, 1, null, 2);
  else if (memory_format !== null) result = result.clone({ memory_format });
  if (exclude_zero) result.masked_fill_(result.eq(0), is_whole ? 1 : float_limits(dtype)!.tiny);
  return requires_grad ? result.requires_grad_() : result;
}
