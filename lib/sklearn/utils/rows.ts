/** Rows of whatever holds samples: arrays, typed arrays with a shape, tensors. */
import type { TypedArray } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { shape_of, take_rows } from '../../numpy/array.ts';
import { tensor } from '../../creation.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { int64 } from '../../dtype.ts';
import { Tensor } from '../../tensor.ts';

/** What holds samples, one a row. */
export type Samples = Tensor | TypedArray | readonly unknown[];

/** How many samples there are. */
function count_samples(samples: Samples): number {
  if (samples instanceof Tensor) {
    if (samples.ndim === 0) throw new TypeError('Input should have at least 1 dimension i.e. satisfy `len(x.shape) > 0`, got scalar `x` instead.');
    return samples.shape[0]!;
  }
  if (ArrayBuffer.isView(samples)) return shape_of(samples)[0] ?? 0;
  if (Array.isArray(samples)) return samples.length;
  throw new TypeError(`Expected sequence or array-like, got ${type_name(samples)}`);
}

/** @throws ValueError unless all hold as many samples */
export function check_consistent_length(...all: Samples[]): number {
  const counts = all.map(count_samples);
  if (counts.some((count) => count !== counts[0])) {
    throw new ValueError(`Found input variables with inconsistent numbers of samples: [${counts.join(', ')}]`);
  }
  return counts[0] ?? 0;
}

/** The samples that `indices` tells, in that order, in what holds them now. */
export function take_samples<T extends Samples>(samples: T, indices: readonly number[]): T;
export function take_samples(samples: Samples, indices: readonly number[]): Samples {
  if (samples instanceof Tensor) {
    return aten.index_select(samples, 0, tensor(indices as number[], { dtype: int64, device: samples.device }));
  }
  if (ArrayBuffer.isView(samples)) return take_rows(samples, indices);
  return indices.map((index) => samples[index]);
}

/** One plain value for each sample: numbers, bigints, text. */
export function labels_of(samples: Samples): unknown[] {
  if (samples instanceof Tensor) return labels_of(samples.tolist() as unknown[]);
  const labels = Array.from(samples as Iterable<unknown>);
  if (labels.some((label) => typeof label === 'object' && label !== null)) {
    throw new ValueError('y should be a 1d array, got an array of another shape instead.');
  }
  return labels.map((label) => (typeof label === 'bigint' ? Number(label) : label));
}

/** Is `a` before `b`? */
function compare_labels(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** The different labels, in ascending order. */
export function unique_labels(...all: readonly unknown[][]): unknown[] {
  return [...new Set(all.flat())].sort(compare_labels);
}
