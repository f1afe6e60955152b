/** Summaries: one value with its tag, as TensorBoard's plug-ins read them. */
import {
  bfloat16,
  bool,
  complex128,
  complex64,
  type dtype,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  uint8,
} from '../../dtype.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import { bin_edges, histogram as count_into_bins } from '../../histogram.ts';
import { Tensor } from '../../tensor.ts';
import {
  type Field,
  bytes,
  double,
  doubles,
  float,
  floats,
  message,
  nested,
  text as text_field,
  whole,
  wholes,
} from './protobuf.ts';
import { to_numbers, to_tensor } from './values.ts';

/** TensorFlow's numbers of dtypes. */
const [DT_FLOAT, DT_DOUBLE, DT_STRING] = [1, 2, 7];

/** A summary with one value. */
export function summary(tag: string, ...fields: readonly Field[]): Uint8Array {
  return message(nested(1, text_field(1, tag), fields));
}

/** What a plug-in needs to know of a value. */
export function metadata(
  plugin: string,
  content: Uint8Array = new Uint8Array(0),
  display: readonly Field[] = [],
): Field {
  return nested(9, nested(1, text_field(1, plugin), bytes(2, content)), display);
}

/** The sizes of a tensor. */
export function shape_field(field: number, sizes: readonly number[]): Field {
  return nested(
    field,
    sizes.map((size) => nested(2, whole(1, size))),
  );
}

/**
 * A number.
 * @param new_style as a tensor, and with `double_precision` as a double
 * @throws AssertionError if it is more than one number
 */
export function scalar(tag: string, value: unknown, new_style: boolean, double_precision: boolean): Uint8Array {
  const tensor = to_tensor(value).squeeze();
  if (tensor.dim() !== 0) {
    throw new AssertionError(
      `Tensor should contain one element (0 dimensions).             Was given size: ${tensor.numel()} and ${tensor.dim()} dimensions.`,
    );
  }
  const number = Number(tensor.item());
  if (!new_style) return summary(tag, float(2, number, true));
  const content = double_precision
    ? [whole(1, DT_DOUBLE), doubles(6, [number])]
    : [whole(1, DT_FLOAT), floats(5, [number])];
  return summary(tag, nested(8, content), metadata('scalars'));
}

/** A text, which TensorBoard reads as Markdown. */
export function text(tag: string, content: string): Uint8Array {
  const tensor = nested(8, whole(1, DT_STRING), shape_field(2, [1]), text_field(8, content, true));
  return summary(`${tag}/text_summary`, tensor, metadata('text'));
}

export interface RawHistogram {
  min: number;
  max: number;
  num: number;
  sum: number;
  sum_squares: number;
  /** The upper edge of each bucket. */
  bucket_limits: ArrayLike<number>;
  bucket_counts: ArrayLike<number>;
}

/** Counts of values in buckets. */
export function histogram_raw(tag: string, raw: RawHistogram): Uint8Array {
  return summary(
    tag,
    nested(
      5,
      double(1, raw.min),
      double(2, raw.max),
      double(3, raw.num),
      double(4, raw.sum),
      double(5, raw.sum_squares),
      doubles(6, raw.bucket_limits),
      doubles(7, raw.bucket_counts),
    ),
  );
}

/** Several bins as one each, so that no more than `most` are left, or hardly more. */
function coarser(counts: Float64Array, limits: Float64Array, most: number): [Float64Array, Float64Array] {
  const step = Math.floor(counts.length / most);
  const sums = new Float64Array(Math.ceil(counts.length / step));
  counts.forEach((count, i) => (sums[Math.floor(i / step)]! += count));
  const edges = Float64Array.from(
    { length: sums.length + 1 },
    (_, i) => limits[Math.min(i * step, limits.length - 1)]!,
  );
  edges[sums.length] = limits.at(-1)!;
  return [sums, edges];
}

/**
 * How values are distributed over bins. Empty ones at both ends are left out but for one below.
 * @throws ValueError if there are no values, or none lies in a bin
 */
export function histogram(
  tag: string,
  values: unknown,
  bins: number | Float64Array,
  max_bins: number | null,
): Uint8Array {
  const tensor = to_tensor(values);
  if (tensor.numel() === 0) throw new ValueError('The input has no element.');
  const numbers = to_numbers(tensor);
  let limits = bin_edges(numbers, bins, null);
  let counts = count_into_bins(numbers, limits);
  if (max_bins !== null && counts.length > max_bins) [counts, limits] = coarser(counts, limits, max_bins);
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  // Python's arithmetic lets a single bin pass that nothing lies in.
  if (first < 0 && counts.length > 1) throw new ValueError('The histogram is empty, please file a bug report.');
  const used =
    first < 0
      ? counts
      : first > 0
        ? counts.slice(first - 1, last + 1)
        : Float64Array.from([0, ...counts.slice(0, last + 1)]);
  let [min, max, sum, sum_squares] = [Infinity, -Infinity, 0, 0];
  for (const value of numbers) {
    [min, max] = [Math.min(min, value), Math.max(max, value)];
    sum += value;
    sum_squares += value * value;
  }
  return histogram_raw(tag, {
    min,
    max,
    num: numbers.length,
    sum,
    sum_squares,
    bucket_limits: first < 0 ? limits.slice(1) : limits.slice(first, last + 2),
    bucket_counts: used,
  });
}

/** TensorFlow's number of a dtype, the field with its elements, and how these are written. */
const TENSOR_KINDS = new Map<dtype, readonly [type: number, (values: Tensor) => Field]>([
  [float16, [19, half_field]],
  [bfloat16, [14, half_field]],
  [float32, [DT_FLOAT, (values) => floats(5, to_numbers(values))]],
  [float64, [DT_DOUBLE, (values) => doubles(6, to_numbers(values))]],
  [int8, [6, (values) => wholes(7, list_of(values))]],
  [int16, [5, (values) => wholes(7, list_of(values))]],
  [int32, [3, (values) => wholes(7, list_of(values))]],
  [int64, [9, (values) => wholes(10, list_of(values))]],
  [uint8, [4, (values) => wholes(16, list_of(values))]],
  [bool, [10, (values) => wholes(11, list_of(values))]],
  [complex64, [8, (values) => floats(9, values.flatten().numpy() as Float32Array)]],
  [complex128, [18, (values) => doubles(12, values.flatten().numpy() as Float64Array)]],
]);

function list_of(values: Tensor): (number | bigint | boolean)[] {
  return values.flatten().tolist() as (number | bigint | boolean)[];
}

/** Halves as Python writes them: the bits of the same numbers in single precision, as signed integers. */
function half_field(values: Tensor): Field {
  const singles = Float32Array.from(to_numbers(values));
  return wholes(13, Array.from(new Int32Array(singles.buffer)));
}

/**
 * A tensor as it is.
 * @throws ValueError if its dtype has no counterpart
 */
export function tensor_proto(tag: string, value: Tensor): Uint8Array {
  const kind = TENSOR_KINDS.get(value.dtype);
  if (kind === undefined) throw new ValueError(`${tag} has unsupported tensor dtype ${String(value.dtype)}`);
  const [type, elements] = kind;
  const content = elements(value.detach().cpu());
  // Fields stand in the order of their numbers.
  return summary(tag, nested(8, whole(1, type), shape_field(2, [...value.shape]), content), metadata('tensor'));
}

/** A table of numbers for a plug-in. */
export function float_table(tag: string, rows: readonly Float64Array[], meta: Field): Uint8Array {
  const values = rows.flatMap((row) => [...row]);
  const tensor = nested(8, whole(1, DT_FLOAT), shape_field(2, [rows.length, rows[0]!.length]), floats(5, values));
  return summary(tag, tensor, meta);
}

/** A layout of charts, each with its title: lines, or a line between a lower and an upper one. */
export type ScalarsLayout = Readonly<
  Record<string, Readonly<Record<string, readonly ['Multiline' | 'Margin', readonly string[]]>>>
>;

/** Which scalars share a chart. */
export function custom_scalars(layout: ScalarsLayout): Uint8Array {
  const categories = Object.entries(layout).map(([category, charts]) =>
    nested(
      2,
      text_field(1, category),
      Object.entries(charts).map(([title, [kind, tags]]) => {
        if (kind !== 'Margin')
          return nested(
            2,
            text_field(1, title),
            nested(
              2,
              tags.map((tag) => text_field(1, tag, true)),
            ),
          );
        if (tags.length !== 3) throw new AssertionError('len(tags) != 3');
        const [value, lower, upper] = tags as [string, string, string];
        return nested(
          2,
          text_field(1, title),
          nested(3, nested(1, text_field(1, value), text_field(2, lower), text_field(3, upper))),
        );
      }),
    ),
  );
  const tensor = nested(8, whole(1, DT_STRING), shape_field(2, []), bytes(8, message(categories), true));
  return summary('custom_scalars__config__', tensor, metadata('custom_scalars'));
}

/**
 * A sound: numbers from -1 to 1, as a WAV file of 16 bits.
 * @throws AssertionError if it has more than one dimension
 */
export function audio(tag: string, sound: unknown, sample_rate: number): Uint8Array {
  const tensor = to_tensor(sound).squeeze();
  if (tensor.dim() !== 1) throw new AssertionError('input tensor should be 1 dimensional.');
  const single = tensor.dtype === float32;
  const values = to_numbers(tensor);
  if (values.some((value) => Math.abs(value) > 1)) console.log('warning: audio amplitude out of range, auto clipped.');
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    const scaled = Math.min(Math.max(value, -1), 1) * 32767;
    data.writeInt16LE(Math.trunc(single ? Math.fround(scaled) : scaled), 2 * i);
  });
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // uncompressed
  head.writeUInt16LE(1, 22); // channels
  head.writeUInt32LE(sample_rate, 24);
  head.writeUInt32LE(sample_rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  const content = [
    float(1, sample_rate),
    whole(2, 1),
    whole(3, values.length),
    bytes(4, Buffer.concat([head, data])),
    text_field(5, 'audio/wav'),
  ];
  return summary(tag, nested(6, content));
}
