/**
 * Sparse tensors from their parts. Like `torch.tensor` these take tensors, typed arrays and nested arrays.
 * @see https://docs.pytorch.org/docs/stable/sparse.html#construction
 */
import { type Arguments, is_instance, is_kwargs, type ParameterSpec, signature } from '../arguments.ts';
import { as_tensor, tensor, type TensorData } from '../creation.ts';
import { type DeviceLike, device as Device } from '../device.ts';
import { dtype as DType, int64 } from '../dtype.ts';
import { TypeError } from '../errors.ts';
import { layout as Layout, sparse_bsc, sparse_bsr, sparse_csc, sparse_csr } from '../layout.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { check_sparse_tensor_invariants } from './invariants.ts';

interface Options {
  dtype?: DType | null;
  device?: DeviceLike | null;
  pin_memory?: boolean;
  requires_grad?: boolean;
  /** Are the parts to be checked for consistency? See `torch.sparse.check_sparse_tensor_invariants`. */
  check_invariants?: boolean | null;
}

const OPTIONS: readonly ParameterSpec[] = [
  ['dtype', null],
  ['device', null],
  ['pin_memory', false],
  ['requires_grad', false],
  ['check_invariants', null],
];

function check_options(name: string, { dtype, requires_grad }: Required<Options>): void {
  if (dtype !== null && !is_instance(dtype, DType)) {
    throw new TypeError(`${name}(): argument 'dtype' must be torch.dtype, not ${typeof dtype}`);
  }
  if (typeof requires_grad !== 'boolean') throw new TypeError(`${name}(): argument 'requires_grad' must be bool`);
}

/** The values as a tensor of the dtype and on the device that are asked for; a tensor keeps its history. */
function values_of(values: TensorData, { dtype, device }: Required<Options>): Tensor {
  return is_instance(values, Tensor) ? values.to({ dtype, device }) : tensor(values, { dtype, device });
}

function finish(made: Tensor, { pin_memory, requires_grad }: Required<Options>): Tensor {
  const result = pin_memory ? made.pin_memory() : made;
  return requires_grad ? result.requires_grad_() : result;
}

interface CooParameters extends Options {
  indices: TensorData;
  values: TensorData;
  size?: readonly number[] | null;
  /** Are the indices sorted, without repetitions? Otherwise `coalesce` finds out. */
  is_coalesced?: boolean | null;
}

interface EmptyCooParameters extends Options {
  size: readonly number[];
}

const coo_arguments = signature<CooParameters>(
  'sparse_coo_tensor',
  ['indices', 'values', ['size', null]],
  [...OPTIONS, ['is_coalesced', null]],
);
const empty_coo_arguments = signature<EmptyCooParameters>('sparse_coo_tensor', ['size'], OPTIONS);

/** Is only a size given, for a tensor without any element? */
function gives_size_alone(args: readonly unknown[]): boolean {
  const last = args[args.length - 1];
  const kwargs = is_kwargs(last) ? last : {};
  const positional = is_kwargs(last) ? args.length - 1 : args.length;
  if ('indices' in kwargs || 'values' in kwargs) return false;
  return positional === 1 || (positional === 0 && 'size' in kwargs);
}

/**
 * A sparse tensor in coordinate format: element `values[i]` stands at `indices[:, i]`. Repeated indices add up.
 *
 * @param indices a matrix with a row for each sparse dimension and a column for each element
 * @param size by default as large as the indices need
 * @throws RuntimeError if the parts do not fit together
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_coo_tensor.html
 */
export function sparse_coo_tensor(...args: Arguments<CooParameters, ['indices', 'values', 'size']>): Tensor;
export function sparse_coo_tensor(...args: Arguments<EmptyCooParameters, ['size']>): Tensor;
export function sparse_coo_tensor(...args: readonly unknown[]): Tensor {
  if (gives_size_alone(args)) {
    const given = empty_coo_arguments(args);
    check_options('sparse_coo_tensor', given);
    const { size, dtype, device } = given;
    return finish(aten.sparse_coo_tensor(size, { dtype, device }), given);
  }
  const given = coo_arguments(args);
  check_options('sparse_coo_tensor', given);
  const values = values_of(given.values, given);
  const indices = index_tensor(given.indices, values.device).to(int64);
  const { size, is_coalesced } = given;
  const made =
    size === null
      ? aten.sparse_coo_tensor(indices, values, { is_coalesced })
      : aten.sparse_coo_tensor(indices, values, size, { is_coalesced });
  if (given.check_invariants ?? check_sparse_tensor_invariants.is_enabled()) {
    aten._validate_sparse_coo_tensor_args(indices, values, made.shape, is_coalesced);
  }
  return finish(made, given);
}

/** Indices, where the values are. Fractions are cut off, as in Python. */
function index_tensor(indices: TensorData, device: Device): Tensor {
  return is_instance(indices, Tensor) || ArrayBuffer.isView(indices)
    ? as_tensor(indices, { device })
    : tensor(indices, { dtype: int64, device });
}

interface CompressedParameters extends Options {
  compressed_indices: TensorData;
  plain_indices: TensorData;
  values: TensorData;
  size?: readonly number[] | null;
  layout?: Layout | null;
}

function make_compressed(name: string, given: Required<CompressedParameters>): Tensor {
  check_options(name, given);
  const { layout, size } = given;
  if (layout !== null && !is_instance(layout, Layout)) {
    throw new TypeError(`${name}(): argument 'layout' must be torch.layout, not ${typeof layout}`);
  }
  const values = values_of(given.values, given);
  const compressed = index_tensor(given.compressed_indices, values.device);
  const plain = index_tensor(given.plain_indices, values.device);
  const options = { dtype: values.dtype, layout, device: values.device };
  const made =
    size === null
      ? aten.sparse_compressed_tensor(compressed, plain, values, options)
      : aten.sparse_compressed_tensor(compressed, plain, values, size, options);
  if (given.check_invariants ?? check_sparse_tensor_invariants.is_enabled()) {
    aten._validate_sparse_compressed_tensor_args(compressed, plain, values, made.shape, made.layout);
  }
  return finish(made, given);
}

const compressed_arguments = signature<CompressedParameters>(
  'sparse_compressed_tensor',
  ['compressed_indices', 'plain_indices', 'values', ['size', null]],
  [...OPTIONS, ['layout', null]],
);

/**
 * A sparse tensor in one of the compressed formats: `compressed_indices` says where each row (or column) begins among
 * `plain_indices`, which are the other dimension's, and `values`.
 *
 * @param layout `torch.sparse_csr`, `torch.sparse_csc`, `torch.sparse_bsr` or `torch.sparse_bsc`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_compressed_tensor.html
 */
export function sparse_compressed_tensor(
  ...args: Arguments<CompressedParameters, ['compressed_indices', 'plain_indices', 'values', 'size']>
): Tensor {
  return make_compressed('sparse_compressed_tensor', compressed_arguments(args));
}

interface RowParameters extends Options {
  crow_indices: TensorData;
  col_indices: TensorData;
  values: TensorData;
  size?: readonly number[] | null;
}

interface ColumnParameters extends Options {
  ccol_indices: TensorData;
  row_indices: TensorData;
  values: TensorData;
  size?: readonly number[] | null;
}

function row_function(name: string, layout: Layout) {
  const parse = signature<RowParameters>(name, ['crow_indices', 'col_indices', 'values', ['size', null]], OPTIONS);
  return (...args: Arguments<RowParameters, ['crow_indices', 'col_indices', 'values', 'size']>): Tensor => {
    const { crow_indices, col_indices, ...rest } = parse(args);
    return make_compressed(name, { ...rest, compressed_indices: crow_indices, plain_indices: col_indices, layout });
  };
}

function column_function(name: string, layout: Layout) {
  const parse = signature<ColumnParameters>(name, ['ccol_indices', 'row_indices', 'values', ['size', null]], OPTIONS);
  return (...args: Arguments<ColumnParameters, ['ccol_indices', 'row_indices', 'values', 'size']>): Tensor => {
    const { ccol_indices, row_indices, ...rest } = parse(args);
    return make_compressed(name, { ...rest, compressed_indices: ccol_indices, plain_indices: row_indices, layout });
  };
}

/**
 * A sparse matrix whose rows are compressed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csr_tensor.html
 */
export const sparse_csr_tensor = /* @__PURE__ */ row_function('sparse_csr_tensor', sparse_csr);

/**
 * A sparse matrix whose columns are compressed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csc_tensor.html
 */
export const sparse_csc_tensor = /* @__PURE__ */ column_function('sparse_csc_tensor', sparse_csc);

/**
 * A sparse matrix of dense blocks whose rows are compressed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsr_tensor.html
 */
export const sparse_bsr_tensor = /* @__PURE__ */ row_function('sparse_bsr_tensor', sparse_bsr);

/**
 * A sparse matrix of dense blocks whose columns are compressed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsc_tensor.html
 */
export const sparse_bsc_tensor = /* @__PURE__ */ column_function('sparse_bsc_tensor', sparse_bsc);
