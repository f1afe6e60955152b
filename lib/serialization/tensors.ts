/** Tensors in a pickle: which Python functions make them, and the same functions here. */
import { NotImplementedError } from '../errors.ts';
import { Complex } from '../complex.ts';
import { device } from '../device.ts';
import { dtype } from '../dtype.ts';
import * as dtypes from '../dtype.ts';
import { Parameter } from '../nn/parameter.ts';
import { aten } from '../ops.ts';
import { OrderedDict } from '../ordered_dict.ts';
import { type_name } from '../repr.ts';
import { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';
import { Call, Float, Global, Tuple } from './pickle_format.ts';
import { has_typed_storage, LoadedStorage, storage_types, type StorageWriter, tensor_over } from './storage.ts';
import { Callable, Dict, UnpicklingError } from './weights_only_unpickler.ts';

const rebuild = (name: string): Global => new Global('torch._utils', name);
const get_layout = new Global('torch.serialization', '_get_layout');

/** How Python makes an object of one of the library's classes; undefined for classes that have no place in a file. */
export function describe(value: object, storages: StorageWriter): object | undefined {
  if (value instanceof Parameter) {
    // Python keeps the values and the flag apart.
    return new Call(rebuild('_rebuild_parameter'), value.detach(), value.requires_grad, new OrderedDict());
  }
  if (value instanceof Tensor) return describe_tensor(value, storages);
  if (value instanceof Size) return new Call(new Global('torch', 'Size'), new Tuple([...value]));
  if (value instanceof dtype) return new Global('torch', value.name);
  if (value instanceof device) {
    return new Call(new Global('torch', 'device'), value.type, ...(value.index === null ? [] : [value.index]));
  }
  if (value instanceof Complex) {
    return new Call(new Global('__builtin__', 'complex'), new Float(value.real), new Float(value.imag));
  }
  return undefined;
}

function describe_tensor(tensor: Tensor, storages: StorageWriter): Call {
  const layout = String(tensor.layout);
  const size = new Tuple([...tensor.shape]);
  if (tensor.device.type === 'meta') {
    const stride = new Tuple(tensor.stride());
    return new Call(rebuild('_rebuild_meta_tensor_no_storage'), tensor.dtype, size, stride, tensor.requires_grad);
  }
  if (tensor.is_quantized) throw new NotImplementedError('torch.save: quantized tensors are not supported yet');
  if (layout === 'torch.sparse_coo') {
    const parts = new Tuple([tensor._indices(), tensor._values(), tensor.shape, tensor.is_coalesced()]);
    return new Call(rebuild('_rebuild_sparse_tensor'), new Call(get_layout, layout), parts);
  }
  if (layout !== 'torch.strided') {
    throw new NotImplementedError(`torch.save: tensors with layout ${layout} are not supported yet`);
  }
  const typed = has_typed_storage(tensor.dtype);
  const args: unknown[] = [
    storages.add(tensor, typed),
    tensor.storage_offset(),
    size,
    new Tuple(tensor.stride()),
    tensor.requires_grad,
    new OrderedDict(),
  ];
  if (!typed) args.push(tensor.dtype);
  // A conjugate or a negative that has not been computed: the memory holds the original.
  const metadata = { ...(tensor.is_conj() && { conj: true }), ...(tensor.is_neg() && { neg: true }) };
  if (Object.keys(metadata).length > 0) args.push(metadata);
  return new Call(rebuild(typed ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3'), ...args);
}

function malformed(what: string): UnpicklingError {
  return new UnpicklingError(`${what}: the file is malformed`);
}

/** A tuple of sizes or strides. */
function dimensions(value: unknown): number[] {
  const items: readonly unknown[] | undefined =
    value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined;
  if (
    items === undefined ||
    items.length > 64 ||
    !items.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
  ) {
    throw malformed("a tensor's sizes are not whole numbers");
  }
  return items as number[];
}

function tensor_of(value: unknown): Tensor {
  if (!(value instanceof Tensor)) throw malformed(`a tensor was expected, but got ${type_name(value)}`);
  return value;
}

function dtype_of(value: unknown): dtype {
  if (!(value instanceof dtype)) throw malformed(`a dtype was expected, but got ${type_name(value)}`);
  return value;
}

function rebuild_tensor(args: readonly unknown[], dtype: dtype, metadata: unknown): Tensor {
  const [storage, offset, size, stride, requires_grad] = args;
  let tensor = tensor_over(storage, dtype, offset, dimensions(size), dimensions(stride));
  if (metadata instanceof Dict) {
    if (metadata.get('conj') === true) tensor = aten._conj(tensor);
    if (metadata.get('neg') === true) tensor = aten._neg_view(tensor);
  }
  return requires_grad === true ? tensor.requires_grad_() : tensor;
}

function storage_dtype(storage: unknown): dtype {
  if (!(storage instanceof LoadedStorage)) throw malformed('a tensor without a storage');
  return storage.dtype;
}

function rebuild_sparse(layout: unknown, parts: unknown): Tensor {
  const items = parts instanceof Tuple ? parts.items : [];
  if (layout !== 'torch.sparse_coo') {
    throw new NotImplementedError(`torch.load: tensors with layout ${String(layout)} are not supported yet`);
  }
  const [indices, values, size, coalesced] = items;
  const shape = size instanceof Size ? [...size] : dimensions(size);
  const is_coalesced = typeof coalesced === 'boolean' ? coalesced : null;
  // An index outside of the tensor would be an access outside of memory later on.
  aten._validate_sparse_coo_tensor_args(tensor_of(indices), tensor_of(values), shape, is_coalesced);
  return aten.sparse_coo_tensor(tensor_of(indices), tensor_of(values), shape, { is_coalesced });
}

const callables: readonly Callable[] = [
  new Callable('torch._utils._rebuild_tensor', (args) => rebuild_tensor(args, storage_dtype(args[0]), null)),
  new Callable('torch._utils._rebuild_tensor_v2', (args) => rebuild_tensor(args, storage_dtype(args[0]), args[6])),
  new Callable('torch._utils._rebuild_tensor_v3', (args) => rebuild_tensor(args, dtype_of(args[6]), args[7])),
  new Callable(
    'torch._utils._rebuild_parameter',
    ([data, requires_grad]) => new Parameter(tensor_of(data), requires_grad === true),
  ),
  new Callable(
    'torch._utils._rebuild_parameter_with_state',
    ([data, requires_grad]) => new Parameter(tensor_of(data), requires_grad === true),
  ),
  new Callable(
    'torch.nn.parameter.Parameter',
    ([data, requires_grad = true]) => new Parameter(tensor_of(data), requires_grad === true),
  ),
  new Callable('torch._utils._rebuild_sparse_tensor', ([layout, parts]) => rebuild_sparse(layout, parts)),
  new Callable('torch._utils._rebuild_meta_tensor_no_storage', ([dtype, size, stride, requires_grad]) =>
    aten
      .empty_strided(dimensions(size), dimensions(stride), { dtype: dtype_of(dtype), device: 'meta' })
      .requires_grad_(requires_grad === true),
  ),
  // A tensor with attributes of its own: they have no place here, the tensor has.
  new Callable('torch._tensor._rebuild_from_type_v2', ([callee, cls, args]) => {
    if (!(callee instanceof Callable) || !(args instanceof Tuple)) throw malformed('a tensor without its function');
    const tensor = tensor_of(callee.call(args.items));
    return cls === parameter_class ? new Parameter(tensor, tensor.requires_grad) : tensor;
  }),
  new Callable('torch.serialization._get_layout', ([name]) => name),
  new Callable('torch.Size', ([sizes]) => new Size(dimensions(sizes))),
  new Callable('torch.device', ([type, index]) => {
    if (typeof type !== 'string' || (index !== undefined && !Number.isSafeInteger(index))) {
      throw malformed('a device without a name');
    }
    return index === undefined ? new device(type) : new device(type, index as number);
  }),
  new Callable('builtins.complex', ([real = 0, imag = 0]) => new Complex(Number(real), Number(imag))),
  new Callable('torch.Tensor', () => {
    throw new NotImplementedError(
      'torch.load: a tensor is described as before PyTorch 0.4; save the file again with a newer one',
    );
  }),
];

const parameter_class = callables.find(({ name }) => name === 'torch.nn.parameter.Parameter');

/** Dtypes, storage classes and functions by their full name. */
const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...Object.values(dtypes)
    .filter((value) => value instanceof dtype)
    .map((value) => [`torch.${value.name}`, value] as const),
  ...storage_types,
  ...callables.map((callable) => [callable.name, callable] as const),
]);

/** What stands for a global of this name, if it may be used. */
export function find(name: string): unknown {
  return globals.get(name);
}
