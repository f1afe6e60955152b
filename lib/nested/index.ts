/**
 * Nested tensors: tensors of different sizes as one. Only the strided layout, which is LibTorch's own.
 * @see https://docs.pytorch.org/docs/stable/nested.html
 */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { tensor, type TensorData } from '../creation.ts';
import type { DeviceLike } from '../device.ts';
import type { dtype as DType } from '../dtype.ts';
import { NotImplementedError, RuntimeError, TypeError } from '../errors.ts';
import { jagged, type layout as Layout, strided } from '../layout.ts';
import { aten } from '../ops.ts';
import { handle_of, Tensor } from '../tensor.ts';

function check_layout(what: string, layout: Layout | null): void {
  if (layout === null || layout === strided) return;
  if (layout === jagged) throw new NotImplementedError(`${what}: the jagged layout is not there; use torch.strided`);
  throw new RuntimeError(`Specified layout is unsupported for nested ${what}: ${String(layout)}`);
}

interface NestedTensorParameters {
  tensor_list: readonly TensorData[];
  dtype?: DType | null;
  layout?: Layout | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
}

const nested_tensor_arguments = signature<NestedTensorParameters>(
  'nested_tensor',
  ['tensor_list'],
  [['dtype', null], ['layout', null], ['device', null], ['requires_grad', false], ['pin_memory', false]],
);

/**
 * A nested tensor with a copy of the tensors, or of nested arrays of numbers.
 * @throws TypeError if `tensor_list` is no array
 * @see https://docs.pytorch.org/docs/stable/nested.html#torch.nested.nested_tensor
 */
export function nested_tensor(...args: Arguments<NestedTensorParameters, ['tensor_list']>): Tensor {
  const { tensor_list, dtype, layout, device, requires_grad, pin_memory } = nested_tensor_arguments(args);
  check_layout('tensors', layout);
  if (!Array.isArray(tensor_list)) {
    throw new TypeError('Only lists (List[Tensor] and List[List...[Scalar]]) are accepted in nested_tensor');
  }
  if (typeof requires_grad !== 'boolean') throw new TypeError("argument 'requires_grad' must be bool");
  const tensors = (tensor_list as readonly TensorData[]).map((one) =>
    is_instance(one, Tensor) ? one.detach() : tensor(one, { dtype }),
  );
  const made = aten._nested_tensor_from_tensor_list(tensors, { dtype, device, pin_memory });
  return requires_grad ? made.requires_grad_() : made;
}

interface AsNestedTensorParameters {
  ts: Tensor | readonly Tensor[];
  dtype?: DType | null;
  device?: DeviceLike | null;
  layout?: Layout | null;
}

const as_nested_tensor_arguments = signature<AsNestedTensorParameters>('as_nested_tensor', [
  'ts',
  ['dtype', null],
  ['device', null],
  ['layout', null],
]);

/**
 * A nested tensor of the tensors in a list, or of the rows of a tensor; autograd follows it back to them.
 * @see https://docs.pytorch.org/docs/stable/nested.html#torch.nested.as_nested_tensor
 */
export function as_nested_tensor(
  ...args: Arguments<AsNestedTensorParameters, ['ts', 'dtype', 'device', 'layout']>
): Tensor {
  const { ts, dtype, device, layout } = as_nested_tensor_arguments(args);
  if (Array.isArray(ts) && ts.every((one) => is_instance(one, Tensor))) {
    check_layout('tensors', layout);
    return aten._nested_tensor_from_tensor_list(ts, { dtype, device });
  }
  if (!is_instance(ts, Tensor)) {
    throw new TypeError('as_nested_tensor(): Expected first argument to be a tensor or a list / tuple of tensors ');
  }
  if (ts.dim() < 2) throw new RuntimeError('as_nested_tensor(): Expected tensor argument to have dim() > 1');
  if (ts.is_nested) {
    if (layout === ts.layout) return ts.to({ dtype, device });
    throw new RuntimeError('as_nested_tensor(): Converting between nested tensor layouts is not supported');
  }
  check_layout('tensors', layout);
  const buffer = ts.reshape(-1).to({ dtype, device });
  const [rows, ...sizes] = ts.shape;
  const nested_sizes = tensor(Array.from({ length: rows! }, () => sizes));
  const [strides, offsets] = aten._nested_compute_contiguous_strides_offsets(nested_sizes);
  return aten._nested_view_from_buffer(buffer, nested_sizes, strides, offsets);
}

interface ToPaddedTensorParameters {
  input: Tensor;
  padding: number;
  output_size?: readonly number[] | null;
}

const to_padded_tensor_arguments = signature<ToPaddedTensorParameters>('nested_to_padded_tensor', [
  'input',
  'padding',
  ['output_size', null],
]);

/**
 * An ordinary tensor with the nested tensor's elements, as large as the largest of them or `output_size`, filled up
 * with `padding`.
 * @see https://docs.pytorch.org/docs/stable/nested.html#torch.nested.to_padded_tensor
 */
export function to_padded_tensor(
  ...args: Arguments<ToPaddedTensorParameters, ['input', 'padding', 'output_size']>
): Tensor {
  const { input, padding, output_size } = to_padded_tensor_arguments(args);
  return aten.nested_to_padded_tensor(input, padding, output_size);
}

interface NarrowParameters {
  tensor: Tensor;
  dim: number;
  start: number | Tensor;
  length: number | Tensor;
  layout?: Layout;
}

const narrow_arguments = signature<NarrowParameters>('narrow', [
  'tensor',
  'dim',
  'start',
  'length',
  ['layout', strided],
]);

/**
 * A nested tensor of `length` of the rows of `tensor`, from `start` on.
 * @see https://docs.pytorch.org/docs/stable/nested.html#torch.nested.narrow
 */
export function narrow(...args: Arguments<NarrowParameters, ['tensor', 'dim', 'start', 'length', 'layout']>): Tensor {
  const { tensor: source, dim, start, length, layout } = narrow_arguments(args);
  for (const [name, value] of Object.entries({ start, length })) {
    if (is_instance(value, Tensor)) {
      throw new RuntimeError('start and length must be integers for the strided layout NT impl');
    }
    if (!Number.isInteger(value)) throw new RuntimeError(`${name} must be an integer or a tensor`);
  }
  check_layout('narrow', layout);
  handle_of(source, 'tensor');
  return as_nested_tensor([...source]).narrow(dim, start as number, length as number);
}
