/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The tensor. Most of its methods are LibTorch's operators, generated from their schemas; here is what Python's Tensor
 * has beside them.
 * @see https://docs.pytorch.org/docs/stable/tensors.html
 */
import { type Arguments, is_array, is_instance, is_kwargs, signature } from './arguments.ts';
import { Node } from './autograd/graph.ts';
import {
  type PostAccumulateGradHook,
  register_post_accumulate_hook,
  register_tensor_hook,
  type TensorHook,
} from './autograd/hooks.ts';
import { write_elements } from './callbacks.ts';
import { Complex } from './complex.ts';
import { buffer_over, tensor, type TensorData } from './creation.ts';
import { note_data_change } from './data_changes.ts';
import { type DeviceLike, device, device_of } from './device.ts';
import { bfloat16, bool, complex128, complex64, dtype, dtype_of_code, float16, float32, float64 } from './dtype.ts';
import { int16, int32, int64, int8, type TypedArray, uint8 } from './dtype.ts';
import { dim_order } from './dim_order.ts';
import { IndexError, RuntimeError, TypeError } from './errors.ts';
import type { NonzeroMethod } from './functional/nonzero.ts';
import type { NormParameters } from './functional/norms.ts';
import type { StftNames, StftOptions } from './functional/spectral.ts';
import type { UniqueConsecutiveMethod, UniqueMethod } from './functional/unique.ts';
import * as functional from './functional/index.ts';
import { METHODS, SELF_SECOND } from './generated/names.ts';
import type { TensorMethods } from './generated/methods.ts';
import { type Index, indices_of_string, is_notation, lower_indices } from './indexing.ts';
import { type layout, layout_of_code, memory_format } from './layout.ts';
import { is_legacy_type, legacy_new, legacy_type, type LegacyTensorType } from './legacy_tensor.ts';
import { type Handle, native } from './native.ts';
import { operator_method, operator_method_second } from './operator.ts';
import { aten } from './ops.ts';
import type { Size } from './size.ts';
import { MOST_DIMENSIONS, nested_elements, shape_of, sizes_of, strides_of } from './sizes.ts';
import { TypedStorage, UntypedStorage } from './storage.ts';
import { parts, type Stream } from './streams.ts';
import { format_tensor, tensor_str } from './tensor_str.ts';
import { legacy_type_name } from './tensor_type.ts';
import type { RemovableHandle } from './utils/hooks.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A number as a tensor's element or an operator's scalar. */
export type Scalar = number | boolean | bigint | Complex;

/** Nested arrays of a tensor's elements, as `tolist` gives them. */
export type NestedArray<T> = T | NestedArray<T>[];

/** What `numpy()` gives: a typed array over the tensor's memory that knows the tensor's shape. */
export type NumpyArray = TypedArray & { readonly shape: readonly number[] };

interface BackwardParameters {
  gradient?: Tensor | null;
  retain_graph?: boolean | null;
  create_graph?: boolean;
  inputs?: Tensor | readonly Tensor[] | null;
}

const backward_arguments = signature<BackwardParameters>('backward', [
  ['gradient', null],
  ['retain_graph', null],
  ['create_graph', false],
  ['inputs', null],
]);

const size_arguments = signature<{ dim?: number }>('size', [['dim', undefined]]);
const stride_arguments = signature<{ dim?: number }>('stride', [['dim', undefined]]);
const requires_grad_arguments = signature<{ requires_grad?: boolean }>('requires_grad_', [['requires_grad', true]]);
const numpy_arguments = signature<{ force?: boolean }>('numpy', [], [['force', false]]);
const is_contiguous_arguments = signature<{ memory_format?: memory_format | null }>('is_contiguous', [
  ['memory_format', null],
]);

interface IndexPutParameters {
  indices: Index | readonly Index[];
  values: Tensor | Scalar | readonly unknown[];
  accumulate?: boolean;
}

const index_put_arguments = signature<IndexPutParameters>('index_put_', ['indices', 'values', ['accumulate', false]]);

interface ToParameters {
  device?: DeviceLike | null;
  dtype?: dtype | null;
  non_blocking?: boolean;
  copy?: boolean;
  memory_format?: memory_format | null;
}

interface ToDtypeParameters extends Omit<ToParameters, 'device' | 'dtype'> {
  dtype: dtype;
}

interface ToOtherParameters extends Omit<ToParameters, 'device' | 'dtype'> {
  other: Tensor;
}

const to_device_arguments = signature<ToParameters>(
  'to',
  [['device', null], ['dtype', null], ['non_blocking', false], ['copy', false]],
  [['memory_format', null]],
);
const to_dtype_arguments = signature<ToDtypeParameters>(
  'to',
  ['dtype', ['non_blocking', false], ['copy', false]],
  [['memory_format', null]],
);
const to_other_arguments = signature<ToOtherParameters>(
  'to',
  ['other', ['non_blocking', false], ['copy', false]],
  [['memory_format', null]],
);

const dim_order_arguments = signature<{ ambiguity_check?: boolean | readonly memory_format[] }>(
  'dim_order',
  [],
  [['ambiguity_check', false]],
);
const type_arguments = signature<{ dtype?: unknown; non_blocking?: boolean }>('type', [
  ['dtype', null],
  ['non_blocking', false],
]);

interface NewTensorParameters {
  data: TensorData;
  dtype?: dtype | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  pin_memory?: boolean;
}

const new_tensor_arguments = signature<NewTensorParameters>(
  'new_tensor',
  ['data'],
  [['dtype', null], ['device', null], ['requires_grad', false], ['pin_memory', false]],
);

interface SplitParameters {
  split_size: number | readonly number[];
  dim?: number;
}

const split_arguments = signature<SplitParameters>('split', ['split_size', ['dim', 0]]);
const lu_arguments = signature<{ pivot?: boolean; get_infos?: boolean }>('lu', [['pivot', true], ['get_infos', false]]);
const norm_arguments = signature<Omit<NormParameters, 'input' | 'out'>>('norm', [
  ['p', 'fro'],
  ['dim', null],
  ['keepdim', false],
  ['dtype', null],
]);

/**
 * A multi-dimensional array of numbers of one dtype, on one device, that autograd can follow.
 *
 * Make tensors with `torch.tensor`, `torch.zeros` and the like; the constructor is the library's own.
 */
export class Tensor {
  /** @internal LibTorch's tensor. */
  readonly _h: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this._h = handle;
  }

  /** The sizes of the dimensions. See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.shape.html */
  get shape(): Size {
    return shape_of(this._h);
  }

  /**
   * The sizes of the dimensions, or of dimension `dim`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.size.html
   */
  size(): Size;
  size(dim: number | { dim: number }): number;
  size(dim?: number | { dim?: number }): Size | number {
    const which = typeof dim === 'object' ? size_arguments([dim]).dim : dim;
    return which === undefined ? this.shape : pick('size', sizes_of(this._h), which);
  }

  /**
   * How many elements further in memory the next one along each dimension lies, or along dimension `dim`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.stride.html
   */
  stride(): number[];
  stride(dim: number | { dim: number }): number;
  stride(dim?: number | { dim?: number }): number[] | number {
    const strides = strides_of(this._h);
    const which = typeof dim === 'object' ? stride_arguments([dim]).dim : dim;
    return which === undefined ? strides : pick('stride', strides, which);
  }

  /** How many dimensions the tensor has. */
  dim(): number {
    return native.dim(this._h);
  }

  /** How many dimensions the tensor has. */
  get ndim(): number {
    return native.dim(this._h);
  }

  /** How many dimensions the tensor has. */
  ndimension(): number {
    return native.dim(this._h);
  }

  /** How many elements the tensor has. */
  numel(): number {
    return native.numel(this._h);
  }

  /** How many elements the tensor has. */
  nelement(): number {
    return native.numel(this._h);
  }

  /** The size of the first dimension, Python's `len(x)`. */
  get length(): number {
    return this.__len__();
  }

  __len__(): number {
    const sizes = sizes_of(this._h);
    if (sizes.length === 0) throw new TypeError('len() of a 0-d tensor');
    return sizes[0]!;
  }

  /** The element type. */
  get dtype(): dtype {
    return dtype_of_code(native.dtype(this._h));
  }

  /** Where the elements are. */
  get device(): device {
    return device_of(native.device(this._h));
  }

  get layout(): layout {
    return layout_of_code(native.layout(this._h));
  }

  /** The index of the device, -1 for the CPU. */
  get_device(): number {
    return this.device.index ?? -1;
  }

  /**
   * Keeps the memory from being used anew before the stream is done with it: for a tensor of one stream that another uses.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.record_stream.html
   */
  record_stream(stream: Stream): void {
    native.record_stream(this._h, ...parts(stream));
  }

  get is_cpu(): boolean {
    return this.device.type === 'cpu';
  }

  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  get is_xpu(): boolean {
    return this.device.type === 'xpu';
  }

  get is_mps(): boolean {
    return this.device.type === 'mps';
  }

  get is_ipu(): boolean {
    return this.device.type === 'ipu';
  }

  get is_xla(): boolean {
    return this.device.type === 'xla';
  }

  get is_mtia(): boolean {
    return this.device.type === 'mtia';
  }

  get is_maia(): boolean {
    return this.device.type === 'maia';
  }

  get is_vulkan(): boolean {
    return this.device.type === 'vulkan';
  }

  get is_meta(): boolean {
    return this.device.type === 'meta';
  }

  get is_sparse(): boolean {
    return this.layout.name === 'sparse_coo';
  }

  get is_sparse_csr(): boolean {
    return this.layout.name === 'sparse_csr';
  }

  get is_mkldnn(): boolean {
    return this.layout.name === '_mkldnn';
  }

  get is_nested(): boolean {
    return native.is_nested(this._h);
  }

  get is_quantized(): boolean {
    return this.dtype.name.startsWith('q');
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of one element. */
  element_size(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.numel() * this.dtype.itemsize;
  }

  /** Where in its storage the first element lies, counted in elements. */
  storage_offset(): number {
    return native.storage_offset(this._h);
  }

  /** The address of the first element. */
  data_ptr(): bigint {
    return native.data_ptr(this._h);
  }

  /** The address of the first element. */
  const_data_ptr(): bigint {
    return native.data_ptr(this._h);
  }

  /** The memory behind the tensor, which views of it share. */
  untyped_storage(): UntypedStorage {
    return new UntypedStorage(this);
  }

  /**
   * The memory behind the tensor as elements of its dtype.
   * @deprecated as in PyTorch: use `untyped_storage`
   */
  storage(): TypedStorage {
    return new TypedStorage(this);
  }

  /** Can other processes map the tensor's memory? See https://docs.pytorch.org/docs/stable/generated/torch.Tensor.is_shared.html */
  is_shared(): boolean {
    return native.is_shared(this._h);
  }

  /**
   * Moves the tensor's memory, and with it its views, to where other processes can map it. Workers of this process
   * need no such thing.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.share_memory_.html
   */
  share_memory_(): this {
    native.share_memory(this._h);
    return this;
  }

  /**
   * The dimensions in the order in which they lie in memory, the outermost first.
   * @param ambiguity_check throw where another order would do as well, or unless just one of these formats fits
   * @throws RuntimeError in that case
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.dim_order.html
   */
  dim_order(...args: Arguments<{ ambiguity_check?: boolean | readonly memory_format[] }, []>): number[] {
    return dim_order(this, dim_order_arguments(args).ambiguity_check);
  }

  /** Do the elements lie in memory one after the other, in the order of `memory_format`? */
  is_contiguous(...args: Arguments<{ memory_format?: memory_format | null }, ['memory_format']>): boolean {
    const { memory_format: format } = is_contiguous_arguments(args);
    const sizes = sizes_of(this._h);
    const strides = strides_of(this._h);
    let order = sizes.map((_, i) => i);
    if (format !== null && !(format instanceof memory_format)) {
      throw new TypeError("is_contiguous(): argument 'memory_format' must be torch.memory_format");
    }
    if (format?.name.startsWith('channels_last')) {
      if (sizes.length !== (format.name === 'channels_last' ? 4 : 5)) return false;
      order = [0, ...order.slice(2), 1];
    }
    if (sizes.includes(0)) return true;
    let expected = 1;
    for (const i of order.reverse()) {
      if (sizes[i] === 1) continue;
      if (strides[i] !== expected) return false;
      expected *= sizes[i]!;
    }
    return true;
  }

  // --- Autograd ---------------------------------------------------------------------------------------------------

  /** Does autograd record what is done with the tensor? */
  get requires_grad(): boolean {
    return native.requires_grad(this._h);
  }

  set requires_grad(value: boolean) {
    this.requires_grad_(value);
  }

  /**
   * Switches recording for this tensor, in place.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html
   */
  requires_grad_(requires_grad: boolean | { requires_grad?: boolean } = true): this {
    const value =
      typeof requires_grad === 'object' ? requires_grad_arguments([requires_grad]).requires_grad : requires_grad;
    if (value && !this.dtype.is_floating_point && !this.dtype.is_complex) {
      throw new RuntimeError(
        'only Tensors of floating point and complex dtype can require gradients; whole numbers make an ' +
          `int64 tensor in JavaScript, so give a dtype: { dtype: torch.float32 } (this one is ${this.dtype})`,
      );
    }
    native.set_requires_grad(this._h, value);
    return this;
  }

  /** The gradient that `backward` has added up here; null before that. */
  get grad(): Tensor | null {
    const known = this._grad;
    const handle = native.grad(this._h, known?._h);
    if (known !== undefined && handle === known._h) return known;
    const gradient = handle === null ? null : new Tensor(handle);
    // The same object each time, as in Python.
    this._grad = gradient ?? undefined;
    return gradient;
  }

  set grad(value: Tensor | null) {
    native.set_grad(this._h, value === null ? null : handle_of(value, 'grad'));
    this._grad = value ?? undefined;
  }

  /** @internal The tensor last given as `grad`. */
  declare _grad: Tensor | undefined;

  /** How often the tensor's memory has been changed in place, as autograd counts it. */
  get _version(): number {
    return aten._version(this);
  }

  /** Was the tensor made by the user and not by a recorded operation? */
  get is_leaf(): boolean {
    return native.is_leaf(this._h);
  }

  /** The step of the backward pass that belongs to the operation that made the tensor. */
  get grad_fn(): Node | null {
    const node = native.grad_fn(this._h);
    if (node === null) return null;
    // The same object each time, as in Python, until an operation in place adds a step.
    if (this._grad_fn?._is(node) !== true) this._grad_fn = new Node(node);
    return this._grad_fn!;
  }

  /** @internal What `grad_fn` last gave. */
  declare _grad_fn: Node | undefined;

  /** The dtype that gradients of the tensor have, its own unless set; null where any will do. */
  get grad_dtype(): dtype | null {
    const code = native.grad_dtype(this._h);
    return code === null ? null : dtype_of_code(code);
  }

  set grad_dtype(value: dtype | null) {
    if (value !== null && !is_dtype(value)) throw new TypeError('grad_dtype must be a torch.dtype or null');
    native.set_grad_dtype(this._h, value === null ? null : value._h);
  }

  /** Which of the results of its operation the tensor is. */
  get output_nr(): number {
    return aten.output_nr(this);
  }

  /** @deprecated false; `torch.no_grad` took its place */
  get volatile(): boolean {
    return false;
  }

  /**
   * Calls `hook` with the gradient of the tensor whenever one has been computed; a tensor that it returns takes the
   * gradient's place.
   * @returns what takes the hook away again
   * @throws RuntimeError if the tensor does not require gradients
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html
   */
  register_hook(hook: TensorHook): RemovableHandle {
    return register_tensor_hook(this, hook);
  }

  /**
   * Calls `hook` with the tensor, a leaf, whenever a gradient has been added to its `grad`.
   * @returns what takes the hook away again
   * @throws RuntimeError if the tensor is no leaf or does not require gradients
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.register_post_accumulate_grad_hook.html
   */
  register_post_accumulate_grad_hook(hook: PostAccumulateGradHook): RemovableHandle {
    return register_post_accumulate_hook(this, hook);
  }

  /** @deprecated removed from PyTorch: use `torch.distributions` */
  reinforce(..._args: readonly unknown[]): never {
    throw new RuntimeError(
      'reinforce() was removed.\nUse torch.distributions instead: the loss of a sampled action is ' +
        '-m.log_prob(action).mul(reward).',
    );
  }

  /** Keeps the gradient of this tensor although it is no leaf. */
  retain_grad(): void {
    native.retain_grad(this._h);
  }

  get retains_grad(): boolean {
    return native.retains_grad(this._h);
  }

  is_inference(): boolean {
    return native.is_inference(this._h);
  }

  /**
   * The same elements without their history. Setting it makes the tensor share another's elements.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.data.html
   */
  get data(): Tensor {
    return this.detach();
  }

  set data(value: Tensor) {
    native.set_data(this._h, handle_of(value, 'data'));
    note_data_change();
  }

  /**
   * Adds up gradients in the leaves that this tensor was computed from.
   *
   * @param gradient what the result is multiplied with; not needed for a tensor of one element
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   */
  backward(...args: Arguments<BackwardParameters, ['gradient', 'retain_graph', 'create_graph', 'inputs']>): void {
    if (args.length === 0) {
      native.backward([this._h], null, null, false, null);
      return;
    }
    const { gradient, retain_graph, create_graph, inputs } = backward_arguments(args);
    const leaves = inputs === null ? null : is_array(inputs) ? (inputs as readonly Tensor[]) : [inputs as Tensor];
    if (leaves !== null && leaves.length === 0) {
      throw new RuntimeError('`inputs` argument to `backward()` cannot be empty.');
    }
    // A loop and not map, since the first hole of billions ends it.
    const handles: Handle[] = [];
    for (const leaf of leaves ?? []) handles.push(handle_of(leaf, 'inputs'));
    native.backward(
      [this._h],
      gradient === null ? null : [handle_of(gradient, 'gradient')],
      retain_graph,
      create_graph,
      leaves === null ? null : handles,
    );
  }

  // --- Elements ---------------------------------------------------------------------------------------------------

  /**
   * The only element, as a JavaScript number, boolean or `Complex`; a bigint where a number would lose digits.
   * @throws RuntimeError if there is more than one
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html
   */
  item(): number {
    const value = native.item(this._h);
    // Typed as a number, which it is for every tensor that is neither boolean nor complex nor beyond 2^53.
    return (typeof value === 'object' ? new Complex(value.real, value.imag) : value) as number;
  }

  /**
   * The elements as nested arrays; a 0-dim tensor gives its element.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.tolist.html
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- how deep the arrays nest is known at run time only
  tolist(): any {
    const small = nested_elements(this._h);
    if (small !== undefined) return small;
    const elements = elements_of(this);
    let position = 0;
    const sizes = sizes_of(this._h);
    const nest = (level: number): unknown => {
      if (level === sizes.length) return elements(position++);
      const list: unknown[] = new Array(sizes[level]!);
      for (let i = 0; i < list.length; i++) list[i] = nest(level + 1);
      return list;
    };
    return nest(0);
  }

  /**
   * The elements as a typed array over the tensor's own memory, with the tensor's `shape`. Booleans are bytes.
   * A tensor whose elements do not lie one after the other is copied.
   * @throws TypeError if the tensor is not on the CPU, or its dtype has no typed array
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.numpy.html
   */
  numpy(...args: Arguments<{ force?: boolean }, []>): NumpyArray {
    let source: Tensor = this;
    if (args.length > 0 && numpy_arguments(args).force) {
      source = this.detach().cpu();
      if (aten._is_zerotensor(source)) source = aten.zeros(source.shape, { dtype: source.dtype });
    }
    if (!source.is_cpu) {
      throw new TypeError(
        `can't convert ${source.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.`,
      );
    }
    if (source.requires_grad) {
      throw new RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
    }
    if (source.layout.name !== 'strided') {
      throw new TypeError(`can't convert ${source.layout} layout tensor to numpy. Use Tensor.to_dense() first.`);
    }
    const kind = source.dtype;
    const shape: number[] = sizes_of(source._h);
    let array = kind._array;
    let count = source.numel();
    if (kind === complex64 || kind === complex128) {
      array = kind === complex64 ? Float32Array : Float64Array;
      count *= 2;
      shape.push(2);
    }
    if (array === null) throw new TypeError(`Got unsupported ScalarType ${legacy_type_name(kind).replace('Tensor', '')}`);
    if (!source.is_contiguous()) source = source.contiguous();
    if (source._is_view_flagged()) source = aten.resolve_neg(aten.resolve_conj(source));
    const view = new array(buffer_over(source), 0, count) as TypedArray;
    return Object.defineProperty(view, 'shape', { value: shape }) as NumpyArray;
  }

  /** @internal Is the tensor a lazy conjugate or negation, whose memory does not hold its values? */
  _is_view_flagged(): boolean {
    return aten.is_neg(this) || (this.dtype.is_complex && aten.is_conj(this));
  }

  /**
   * Puts what `callable` makes of each element in its place. Slow: for where no operator does it.
   * @throws TypeError if the tensor is not on the CPU
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.apply_.html
   */
  apply_(callable: (element: number & boolean) => Scalar): this {
    write_elements('apply_', this, [], callable);
    return this;
  }

  /**
   * Puts what `callable` makes of each element and that of `tensor` in its place. Slow, as `apply_`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.map_.html
   */
  map_(tensor: Tensor, callable: (a: number & boolean, b: number & boolean) => Scalar): this {
    handle_of(tensor, 'other');
    write_elements('map_', this, [tensor], callable as (...elements: number[]) => Scalar);
    return this;
  }

  /** As `map_`, with the elements of two other tensors. */
  map2_(
    x: Tensor,
    y: Tensor,
    callable: (a: number & boolean, b: number & boolean, c: number & boolean) => Scalar,
  ): this {
    handle_of(x, 'x');
    handle_of(y, 'y');
    write_elements('map2_', this, [x, y], callable as (...elements: number[]) => Scalar);
    return this;
  }

  /** The rows: the tensors along the first dimension. */
  *[Symbol.iterator](): IterableIterator<Tensor> {
    if (this.ndim === 0) throw new TypeError('iteration over a 0-d tensor');
    yield* aten.unbind(this);
  }

  /**
   * What the indices select, a view where they are numbers and slices: `x.index([0, torch.slice(null, 2), mask])`.
   * For numbers and strings `x[0]` and `x['0, :2']` say the same.
   * @throws IndexError if an index is out of range or there are too many
   */
  index(indices: Index | readonly Index[]): Tensor {
    if (typeof indices === 'number') return new Tensor(native.index(this._h, indices));
    return new Tensor(native.index(this._h, lower_indices(indices)));
  }

  /**
   * Writes `values` to what the indices select, in place: Python's `x[...] = values`.
   * @param values a number, or a tensor (or nested arrays) that broadcasts to the selection
   * @param accumulate add instead of writing, as often as an element is selected; all indices are tensors or null then
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html
   */
  index_put_(...args: Arguments<IndexPutParameters, ['indices', 'values', 'accumulate']>): this {
    const { indices, values, accumulate } = index_put_arguments(args);
    if (typeof accumulate !== 'boolean') {
      throw new TypeError(`index_put_(): argument 'accumulate' must be bool, not ${typeof accumulate}`);
    }
    if (accumulate) {
      const source = values instanceof Tensor ? values : tensor(values as number[], { dtype: this.dtype });
      aten.index_put_(this, (is_array(indices) ? indices : [indices]) as Tensor[], source, true);
    } else {
      put(this, lower_indices(indices), values);
    }
    return this;
  }

  // --- Conversions ------------------------------------------------------------------------------------------------

  /**
   * The tensor with another dtype or on another device; the tensor itself where nothing changes.
   *
   *     x.to(torch.float64); x.to('cuda'); x.to('cuda', torch.float16); x.to(other); x.to({ dtype: torch.int64 })
   *
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
   */
  to(...args: Arguments<ToDtypeParameters, ['dtype', 'non_blocking', 'copy']>): Tensor;
  to(...args: Arguments<ToOtherParameters, ['other', 'non_blocking', 'copy']>): Tensor;
  to(...args: Arguments<ToParameters, ['device', 'dtype', 'non_blocking', 'copy']>): Tensor;
  to(...args: readonly unknown[]): Tensor {
    const first = args[0];
    // The usual form; the others take several times as long.
    if (args.length === 1 && is_dtype(first)) return aten.to(this, first);
    if (args.length === 1 && (typeof first === 'string' || is_instance(first, device))) {
      return aten.to(this, { device: first });
    }
    let given: Required<ToParameters>;
    if (is_instance(first, Tensor) || (args.length === 1 && is_kwargs(first) && 'other' in first)) {
      const { other, ...rest } = to_other_arguments(args);
      handle_of(other, 'other');
      given = { ...rest, device: other.device, dtype: other.dtype };
    } else if (is_dtype(first)) {
      given = { ...to_dtype_arguments(args), device: null };
    } else {
      given = to_device_arguments(args);
    }
    return aten.to(this, {
      dtype: given.dtype,
      device: typeof given.device === 'number' ? new device(given.device) : given.device,
      non_blocking: given.non_blocking,
      copy: given.copy,
      memory_format: given.memory_format,
    });
  }

  /** The tensor in the CPU's memory. */
  cpu(): Tensor {
    return this.to('cpu');
  }

  /** The tensor on an NVIDIA GPU, the current one by default. */
  cuda(where?: DeviceLike | null): Tensor {
    return this.to(where ?? 'cuda');
  }

  /**
   * The tensor with dtype `dtype`; without arguments the name of its type, `'torch.FloatTensor'`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.type.html
   */
  type(): string;
  type(
    dtype: dtype | string | LegacyTensorType | { dtype: dtype | string | LegacyTensorType; non_blocking?: boolean },
    non_blocking?: boolean | { non_blocking?: boolean },
  ): Tensor;
  type(...args: readonly unknown[]): string | Tensor {
    const { dtype: kind, non_blocking } = type_arguments(args);
    if (kind === null) {
      const module = this.is_cpu ? 'torch' : `torch.${this.device.type}`;
      return `${module}.${legacy_type_name(this.dtype)}`;
    }
    if (is_dtype(kind)) return non_blocking ? this.to({ dtype: kind, non_blocking }) : this.to(kind);
    if (typeof kind !== 'string' && !is_legacy_type(kind)) {
      throw new TypeError('dtype must be a type, str, or dtype object');
    }
    return this.to({ ...legacy_type(kind), non_blocking });
  }

  /** The tensor on an Intel GPU, the current one by default. */
  xpu(where?: DeviceLike | null): Tensor {
    return this.to(where ?? 'xpu');
  }

  /** The tensor in the coordinate format: sparse, its elements that are not zero and their indices. */
  to_sparse_coo(): Tensor {
    return this.to_sparse();
  }

  /**
   * A new tensor with a copy of `data`, with this tensor's dtype and device unless others are given.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_tensor.html
   */
  new_tensor(...args: Arguments<NewTensorParameters, ['data']>): Tensor {
    const { data, dtype: kind, device: where, ...options } = new_tensor_arguments(args);
    return tensor(data, { dtype: kind ?? this.dtype, device: where ?? this.device, ...options });
  }

  /**
   * A new tensor of this tensor's dtype on its device: of these sizes, with these elements, or sharing another's.
   * @deprecated as in PyTorch: use `new_tensor` and `new_empty`
   */
  new(...args: readonly unknown[]): Tensor {
    return legacy_new(this.dtype, this.device, args);
  }

  /** The tensor as `torch.float32`. */
  float(): Tensor {
    return this.to(float32);
  }

  /** The tensor as `torch.float64`. */
  double(): Tensor {
    return this.to(float64);
  }

  /** The tensor as `torch.float16`. */
  half(): Tensor {
    return this.to(float16);
  }

  /** The tensor as `torch.bfloat16`. */
  bfloat16(): Tensor {
    return this.to(bfloat16);
  }

  /** The tensor as `torch.int64`. */
  long(): Tensor {
    return this.to(int64);
  }

  /** The tensor as `torch.int32`. */
  int(): Tensor {
    return this.to(int32);
  }

  /** The tensor as `torch.int16`. */
  short(): Tensor {
    return this.to(int16);
  }

  /** The tensor as `torch.int8`. */
  char(): Tensor {
    return this.to(int8);
  }

  /** The tensor as `torch.uint8`. */
  byte(): Tensor {
    return this.to(uint8);
  }

  /** The tensor as `torch.bool`. */
  bool(): Tensor {
    return this.to(bool);
  }

  /** The tensor as `torch.complex64`. */
  cfloat(): Tensor {
    return this.to(complex64);
  }

  /** The tensor as `torch.complex128`. */
  cdouble(): Tensor {
    return this.to(complex128);
  }

  // --- Views by another name --------------------------------------------------------------------------------------

  /** The tensor with its dimensions reversed. */
  get T(): Tensor {
    return aten.numpy_T(this);
  }

  /** The tensor with its last two dimensions swapped. */
  get mT(): Tensor {
    return aten.mT(this);
  }

  /** The conjugate transpose of a matrix. */
  get H(): Tensor {
    return aten.matrix_H(this);
  }

  /** The conjugate transpose in the last two dimensions. */
  get mH(): Tensor {
    return aten.mH(this);
  }

  /** The real parts, as a view. */
  get real(): Tensor {
    return this.dtype.is_complex ? aten.real(this) : this;
  }

  set real(value: Tensor) {
    this.real.copy_(value);
  }

  /** The imaginary parts, as a view. */
  get imag(): Tensor {
    return aten.imag(this);
  }

  set imag(value: Tensor) {
    this.imag.copy_(value);
  }

  // --- Operators that Python composes -----------------------------------------------------------------------------

  /**
   * Views of pieces of the tensor along a dimension.
   * @param split_size the size of every piece, or the sizes of all
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.split.html
   */
  split(...args: Arguments<SplitParameters, ['split_size', 'dim']>): Tensor[] {
    const { split_size, dim } = split_arguments(args);
    return functional.pieces_of(this, split_size, dim);
  }

  /** As `torch.unique` of the tensor. */
  declare unique: UniqueMethod;

  /** As `torch.nonzero` of the tensor. */
  declare nonzero: NonzeroMethod;

  /** As `torch.unique_consecutive` of the tensor. */
  declare unique_consecutive: UniqueConsecutiveMethod;

  /** As `torch.norm` of the tensor. */
  norm(...args: Arguments<Omit<NormParameters, 'input' | 'out'>, ['p', 'dim', 'keepdim', 'dtype']>): Tensor {
    const { p, dim, keepdim, dtype: kind } = norm_arguments(args);
    return functional.norm({ input: this, p, dim, keepdim, dtype: kind });
  }

  /** As `torch.stft` of the tensor. */
  stft(...args: Arguments<StftOptions, StftNames>): Tensor {
    return functional.stft(this, ...(args as [number]));
  }

  /** As `torch.lu` of the tensor. */
  lu(...args: Arguments<{ pivot?: boolean; get_infos?: boolean }, ['pivot', 'get_infos']>): Tensor[] {
    return functional.lu({ A: this, ...lu_arguments(args) });
  }

  /** @deprecated as in PyTorch: use `reshape` */
  resize(...sizes: readonly number[] | [readonly number[]]): Tensor {
    const given = (is_array(sizes[0]) ? sizes[0] : sizes) as readonly number[];
    if (given.length > MOST_DIMENSIONS || !given.every((size) => Number.isInteger(size))) {
      throw new TypeError("resize(): argument 'sizes' must be tuple of ints");
    }
    const count = given.reduce((product, size) => product * size, 1);
    if (count !== this.numel()) {
      throw new RuntimeError(
        `requested resize to ${given.join('x')} (${count} elements in total), but the given tensor has a size of ` +
          `${this.shape.join('x')} (${this.numel()} elements). autograd's resize can only change the shape of a given ` +
          'tensor, while preserving the number of elements. ',
      );
    }
    return this.contiguous().view(given);
  }

  /** @deprecated as in PyTorch: use `reshape_as` */
  resize_as(tensor: Tensor): Tensor {
    handle_of(tensor, 'tensor');
    return this.resize(tensor.shape);
  }

  /** @deprecated removed from PyTorch: use `torch.linalg.eig` */
  eig(): never {
    return functional.eig();
  }

  /** @deprecated removed from PyTorch: use `torch.linalg.eigh` */
  symeig(): never {
    return functional.symeig();
  }

  /** @deprecated removed from PyTorch: use `torch.linalg.lstsq` */
  lstsq(..._args: readonly unknown[]): never {
    return functional.lstsq();
  }

  /** @deprecated removed from PyTorch: use `torch.linalg.solve` */
  solve(..._args: readonly unknown[]): never {
    return functional.solve();
  }

  // --- Memory -----------------------------------------------------------------------------------------------------

  /** Frees the tensor now instead of when it is collected. Using it afterwards is an error. Nobody has to call this. */
  dispose(): void {
    native.dispose(this._h);
    this._grad_fn = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Has the tensor been disposed of? */
  get is_disposed(): boolean {
    return native.is_disposed(this._h);
  }

  // --- Printing ---------------------------------------------------------------------------------------------------

  __repr__(): string {
    return tensor_str(this);
  }

  toString(): string {
    return this.__repr__();
  }

  /** A 0-dim tensor's number as Python's `f"{x:.3f}"` writes it: `x.__format__('.3f')`. */
  __format__(format_spec: string): string {
    return format_tensor(this, format_spec);
  }

  [inspect_custom](): string {
    return native.is_disposed(this._h) ? 'Tensor(disposed)' : this.__repr__();
  }

  /**
   * In template literals a tensor prints as in Python's f-strings, a 0-dim one as its number. There is no arithmetic on
   * tensors with JavaScript's operators.
   */
  [Symbol.toPrimitive](hint: 'string' | 'number' | 'default'): string {
    if (hint === 'string') return format_tensor(this);
    throw new TypeError(
      "JavaScript's operators do not work on tensors: write a.add(b), a.sub(b), a.mul(b), a.div(b), a.lt(b), … or " +
        'x.item() for the number in a tensor',
    );
  }
}

export interface Tensor extends TensorMethods {
  /** The row at this position along the first dimension; writing it copies the value there. */
  [index: number]: Tensor;
  /** What Python's notation selects, such as `x['1:3']`, `x[':, 0']`, `x['..., ::2']`. */
  [indices: `${string}:${string}` | `${string},${string}` | `...${string}`]: Tensor;
}

function pick(name: string, list: number[], dim: number): number {
  if (!Number.isInteger(dim)) throw new TypeError(`${name}(): argument 'dim' must be int, not ${typeof dim}`);
  const index = dim < 0 ? dim + list.length : dim;
  if (!(index in list)) {
    const last = Math.max(list.length, 1);
    throw new IndexError(`Dimension out of range (expected to be in range of [${-last}, ${last - 1}], but got ${dim})`);
  }
  return list[index]!;
}

function is_dtype(value: unknown): value is dtype {
  return is_instance(value, dtype);
}

/** @internal The handle of a tensor given as argument `name`. */
export function handle_of(value: unknown, name: string): Handle {
  if (is_instance(value, Tensor)) return value._h;
  throw new TypeError(`argument '${name}' must be a Tensor, not ${value === null ? 'null' : typeof value}`);
}

/** A function that gives the element at a position in row-major order, in its JavaScript form. */
function elements_of(x: Tensor): (position: number) => unknown {
  let source = x.detach().cpu();
  const kind = source.dtype;
  if (kind.is_complex) {
    const parts = elements_of(aten.view_as_real(aten.resolve_neg(aten.resolve_conj(source.to(complex128)))));
    return (i) => new Complex(parts(2 * i) as number, parts(2 * i + 1) as number);
  }
  if (kind._array === null) source = source.to(float32);
  source = aten.resolve_neg(source);
  const array = source.dtype._array!;
  const values = new array(source.numel());
  native.copy_to_buffer(source.contiguous()._h, values);
  if (kind === bool) return (i) => values[i] === 1;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return (i) => {
      const value = values[i]!;
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    };
  }
  return (i) => values[i];
}

function put(x: Tensor, indices: unknown[] | Handle, value: unknown): void {
  const source = is_array(value) || ArrayBuffer.isView(value) ? tensor(value as number[], { dtype: x.dtype }) : value;
  native.index_put(x._h, indices, is_instance(source, Tensor) ? source._h : source);
}

/** What a property name stands for: a position, several indices, or null for an ordinary name. */
type Key = number | unknown[] | Handle | null;

const keys = new Map<string, Key>();

function key_of(name: string): Key {
  const indices = is_notation(name) ? indices_of_string(name) : null;
  let key: Key = indices?.length === 1 && typeof indices[0] === 'number' ? indices[0] : indices;
  // Lists make tensors, which must not be kept; and a loop over a long tensor must not fill the memory.
  if (name.includes('[') || keys.size >= 10_000) return key;
  if (is_array(key)) key = native.indices(key);
  keys.set(name, key);
  return key;
}

for (const name of ['nonzero', 'unique', 'unique_consecutive'] as const) {
  const call = functional[name] as (...args: unknown[]) => unknown;
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...args: unknown[]) {
      return call(this, ...args);
    },
    writable: true,
    configurable: true,
  });
}

// Operators become methods, unless the class has its own of that name.
for (const name of METHODS) {
  if (!Object.hasOwn(Tensor.prototype, name)) {
    Object.defineProperty(Tensor.prototype, name, {
      value: (SELF_SECOND.has(name) ? operator_method_second : operator_method)(`aten::${name}`),
      writable: true,
      configurable: true,
    });
  }
}
// Defined here so that it is found, and can be assigned to, without asking the proxy below.
for (const field of ['_grad', '_grad_fn', '_h']) {
  Object.defineProperty(Tensor.prototype, field, { value: undefined, writable: true, configurable: true });
}

// The first rows, which loops ask for most, without the proxy: twice as fast.
for (let row = 0; row < 128; row++) {
  Object.defineProperty(Tensor.prototype, row, {
    get(this: Tensor) {
      return this._h === undefined ? undefined : new Tensor(native.index(this._h, row));
    },
    set(this: Tensor, value: unknown) {
      put(this, [row], value);
    },
    configurable: true,
  });
}

// Indexing stands behind everything else: the proxy sees only names that neither a tensor nor its class has.
Object.setPrototypeOf(
  Tensor.prototype,
  new Proxy(Object.prototype, {
    get(target, name, receiver) {
      if (typeof name === 'string') {
        const known = keys.get(name);
        const key = known !== undefined ? known : key_of(name);
        if (key !== null) {
          const handle = (receiver as Tensor)._h;
          return handle === undefined ? undefined : new Tensor(native.index(handle, key));
        }
      }
      return Reflect.get(target, name, receiver);
    },
    set(target, name, value, receiver) {
      const key = typeof name === 'string' ? (keys.get(name) ?? key_of(name)) : null;
      if (key === null) return Reflect.set(target, name, value, receiver);
      put(receiver as Tensor, typeof key === 'number' ? [key] : key, value);
      return true;
    },
  }),
);
