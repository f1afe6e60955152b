/**
 * Making tensors the way that was before there were dtypes: `torch.FloatTensor(2, 3)`, `torch.LongTensor([1, 2])`.
 * @see https://docs.pytorch.org/docs/stable/tensors.html#torch.Tensor
 */
import { is_array, is_instance, is_kwargs } from './arguments.ts';
import { tensor, type TensorData } from './creation.ts';
import { set_default_device } from './default_device.ts';
import { device } from './device.ts';
import * as dtypes from './dtype.ts';
import { type dtype, set_default_dtype } from './dtype.ts';
import { RuntimeError, TypeError, ValueError } from './errors.ts';
import { aten } from './ops.ts';
import { type_name } from './repr.ts';
import { Size } from './size.ts';
import { Tensor } from './tensor.ts';
import { legacy_type_names } from './tensor_type.ts';

/**
 * @internal A tensor of a dtype on a device from what these functions take: sizes, of which the elements are whatever
 * is in memory; the elements, in nested arrays; a tensor, to share its elements; or nothing.
 */
export function legacy_new(kind: dtype, where: device, args: readonly unknown[]): Tensor {
  const last = args[args.length - 1];
  const kwargs = is_kwargs(last) ? last : {};
  const given = is_kwargs(last) ? args.slice(0, -1) : args;
  if (kwargs['device'] != null && new device(kwargs['device'] as string).type !== where.type) {
    throw new RuntimeError(
      `legacy constructor expects device type: ${where.type} but device type: ${String(kwargs['device'])} was passed`,
    );
  }
  const options = { dtype: kind, device: where };
  const size = kwargs['size'] ?? (is_instance(given[0], Size) ? given[0] : null);
  if (size !== null) return aten.empty(size as number[], options);
  if (given.length === 0) return aten.empty([0], options);
  if (given.every((one) => Number.isInteger(one))) return aten.empty(given as number[], options);
  const [data] = given;
  if (given.length > 1) throw new TypeError(`new() takes sizes or one sequence, but ${given.length} arguments were given`);
  if (is_instance(data, Tensor)) {
    if (data.dtype !== kind || data.device.type !== where.type) {
      throw new TypeError(`expected a tensor of ${kind} on ${where} (got ${data.dtype} on ${data.device})`);
    }
    return aten.alias(data);
  }
  if (is_array(data) || ArrayBuffer.isView(data)) return tensor(data as unknown as TensorData, options);
  if (typeof data === 'number') throw new TypeError(`new(): data must be a sequence (got ${type_name(data)})`);
  throw new TypeError(`new(): invalid data type '${type_name(data)}'`);
}

/**
 * A type of tensors by its old name. `instanceof` tells the tensors of its dtype on its device.
 * @deprecated as in PyTorch: use `torch.tensor` and `torch.empty` with a dtype
 */
export interface LegacyTensorType {
  /** A tensor of these sizes whose elements are whatever is in memory. */
  (...sizes: number[]): Tensor;
  /** A tensor with these elements, or one that shares another's. */
  (data: TensorData | Size): Tensor;
  (kwargs: { size: readonly number[] }): Tensor;
  new (...sizes: number[]): Tensor;
  new (data: TensorData | Size): Tensor;
  readonly dtype: dtype;
  readonly is_cuda: boolean;
}

const types = new Map<string, LegacyTensorType>();

/** @internal The type called `name`, such as `torch.cuda.FloatTensor`; its name alone where there is no such type. */
function make_type(name: string, kind: dtype, where: string): LegacyTensorType {
  function legacy(...args: unknown[]): Tensor {
    return legacy_new(kind, new device(where), args);
  }
  Object.defineProperties(legacy, {
    name: { value: name },
    dtype: { value: kind },
    is_cuda: { value: where === 'cuda' },
    toString: { value: () => `<class '${name}'>` },
    [Symbol.hasInstance]: {
      value: (x: unknown) => is_instance(x, Tensor) && x.dtype === kind && x.device.type === where,
    },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => `<class '${name}'>` },
  });
  const type = legacy as unknown as LegacyTensorType;
  types.set(name, type);
  return type;
}

for (const [dtype_name, name] of legacy_type_names) {
  const kind = (dtypes as unknown as Record<string, dtype>)[dtype_name]!;
  make_type(`torch.${name}`, kind, 'cpu');
  make_type(`torch.cuda.${name}`, kind, 'cuda');
}

/** @internal Where the type that is named, or given, lets its tensors be and of which dtype they are. */
export function legacy_type(type: string | LegacyTensorType): { dtype: dtype; device: string } {
  const found = typeof type === 'string' ? types.get(type) : type;
  if (found === undefined) throw new ValueError(`invalid type: '${String(type)}'`);
  return { dtype: found.dtype, device: found.is_cuda ? 'cuda' : 'cpu' };
}

/** @internal Is it one of the types? */
export function is_legacy_type(value: unknown): value is LegacyTensorType {
  return typeof value === 'function' && types.get(value.name) === value;
}

export const FloatTensor: LegacyTensorType = types.get('torch.FloatTensor')!;
export const DoubleTensor: LegacyTensorType = types.get('torch.DoubleTensor')!;
export const HalfTensor: LegacyTensorType = types.get('torch.HalfTensor')!;
export const BFloat16Tensor: LegacyTensorType = types.get('torch.BFloat16Tensor')!;
export const ByteTensor: LegacyTensorType = types.get('torch.ByteTensor')!;
export const CharTensor: LegacyTensorType = types.get('torch.CharTensor')!;
export const ShortTensor: LegacyTensorType = types.get('torch.ShortTensor')!;
export const IntTensor: LegacyTensorType = types.get('torch.IntTensor')!;
export const LongTensor: LegacyTensorType = types.get('torch.LongTensor')!;
export const BoolTensor: LegacyTensorType = types.get('torch.BoolTensor')!;

/**
 * Makes new floating-point tensors of a type by its old name: `torch.set_default_tensor_type('torch.DoubleTensor')`.
 * @deprecated as in PyTorch: use `torch.set_default_dtype` and `torch.set_default_device`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_tensor_type.html
 */
export function set_default_tensor_type(t: string | LegacyTensorType): void {
  if (typeof t !== 'string' && !is_legacy_type(t)) {
    throw new TypeError('invalid type object: only floating-point types are supported as the default type');
  }
  const { dtype: kind, device: where } = legacy_type(t);
  if (!kind.is_floating_point) throw new TypeError('only floating-point types are supported as the default type');
  set_default_dtype(kind);
  if (where !== 'cpu') set_default_device(where);
}
