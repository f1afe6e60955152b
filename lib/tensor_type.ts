/**
 * The names that types of tensors had before there were dtypes; `x.type()` still gives them.
 * @see https://docs.pytorch.org/docs/stable/tensors.html#data-types
 */
import type { dtype } from './dtype.ts';

const NAMES: Readonly<Record<string, string>> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
  complex32: 'ComplexHalfTensor',
  complex64: 'ComplexFloatTensor',
  complex128: 'ComplexDoubleTensor',
  uint8: 'ByteTensor',
  int8: 'CharTensor',
  int16: 'ShortTensor',
  int32: 'IntTensor',
  int64: 'LongTensor',
  bool: 'BoolTensor',
};

/** The types by the names of their dtypes. */
export const legacy_type_names: readonly (readonly [dtype: string, type: string])[] = Object.entries(NAMES);

export function legacy_type_name(kind: dtype): string {
  return NAMES[kind.name] ?? `${kind.name[0]!.toUpperCase()}${kind.name.slice(1)}Tensor`;
}
