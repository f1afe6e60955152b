/**
 * How a list of samples becomes a batch.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#working-with-collate-fn
 */
import { RuntimeError, TypeError } from '../../../errors.ts';
import { is_kwargs } from '../../../arguments.ts';
import { as_tensor, tensor } from '../../../creation.ts';
import { bool, float64, int64, type TypedArray } from '../../../dtype.ts';
import { aten } from '../../../ops.ts';
import { type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';

type IsAny<T> = 0 extends 1 & T ? true : false;

/** What `default_collate` makes of a list of `T`. */
export type Collated<T> =
  IsAny<T> extends true
    ? any
    : T extends Tensor | TypedArray | number | bigint | boolean
      ? Tensor
      : T extends string
        ? string[]
        : T extends ReadonlyMap<infer K, infer V>
          ? Map<K, Collated<V>>
          : T extends readonly unknown[]
            ? { -readonly [I in keyof T]: Collated<T[I]> }
            : T extends object
              ? { -readonly [K in keyof T]: Collated<T[K]> }
              : unknown;

/** Is this a typed array? */
export function is_typed_array(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

const must_contain =
  'default_collate: batch must contain tensors, typed arrays, numbers, objects, maps or arrays; found ';

/**
 * Puts samples together: tensors are stacked along a new first dimension, numbers become a tensor (`int64` where all
 * are whole, `float64` where not, `bool` for booleans), strings stay a list, arrays, objects and `Map`s are put
 * together entry by entry.
 *
 * @param batch samples of one kind; arrays among them of one length
 * @throws TypeError for samples that no tensor can hold
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
 */
export function default_collate<T>(batch: readonly T[]): Collated<T> {
  return collate(batch) as Collated<T>;
}

function collate(batch: readonly unknown[]): unknown {
  if (batch.length === 0) throw new RuntimeError('default_collate: the batch is empty');
  const first = batch[0];
  switch (typeof first) {
    case 'number':
      return tensor(batch as number[], { dtype: batch.every(Number.isInteger) ? int64 : float64 });
    case 'bigint':
      return tensor(batch as bigint[], { dtype: int64 });
    case 'boolean':
      return tensor(batch as boolean[], { dtype: bool });
    case 'string':
      return batch;
  }
  if (first instanceof Tensor) return collate_tensors(batch as readonly Tensor[]);
  if (is_typed_array(first)) return collate_tensors(batch.map((sample) => as_tensor(sample as TypedArray)));
  if (Array.isArray(first)) {
    const size = first.length;
    if (!batch.every((sample) => Array.isArray(sample) && sample.length === size)) {
      throw new RuntimeError('each element in list of batch should be of equal size');
    }
    return first.map((_, i) => collate(batch.map((sample) => (sample as unknown[])[i])));
  }
  if (first instanceof Map) {
    const keys = [...(first as Map<unknown, unknown>).keys()];
    return new Map(
      keys.map((key) => [key, collate(batch.map((sample) => entry(sample as Map<unknown, unknown>, key)))]),
    );
  }
  if (is_kwargs(first)) {
    const keys = Object.keys(first);
    return Object.fromEntries(keys.map((key) => [key, collate(batch.map((sample) => property(sample, key)))]));
  }
  throw new TypeError(must_contain + type_name(first));
}

function entry(sample: Map<unknown, unknown>, key: unknown): unknown {
  if (!(sample instanceof Map) || !sample.has(key)) {
    throw new RuntimeError(`each map in list of batch should have the same keys; one lacks ${String(key)}`);
  }
  return sample.get(key);
}

function property(sample: unknown, key: string): unknown {
  if (!is_kwargs(sample) || !(key in sample)) {
    throw new RuntimeError(`each object in list of batch should have the same keys; one lacks '${key}'`);
  }
  return sample[key];
}

function collate_tensors(batch: readonly Tensor[]): Tensor {
  const layout = String(batch[0]!.layout);
  if (layout !== 'torch.strided') {
    throw new RuntimeError(
      `Batches of ${layout.includes('sparse') ? 'sparse' : layout} tensors are not currently supported by the ` +
        'default collate_fn; please provide a custom collate_fn to handle them appropriately.',
    );
  }
  return aten.stack(batch, 0);
}

/**
 * Makes a tensor of every typed array in a sample and leaves everything else as it is: what a loader does with single
 * samples, when it makes no batches.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_convert
 */
export function default_convert(data: unknown): unknown {
  if (data instanceof Tensor) return data;
  if (is_typed_array(data)) return as_tensor(data);
  if (Array.isArray(data)) return data.map(default_convert);
  if (data instanceof Map) {
    return new Map(Array.from(data as Map<unknown, unknown>, ([key, value]) => [key, default_convert(value)]));
  }
  if (is_kwargs(data)) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, default_convert(value)]));
  }
  return data;
}
