/**
 * The memory behind tensors.
 * @see https://docs.pytorch.org/docs/stable/storage.html
 */
import { type device, device_of } from './device.ts';
import { type dtype, uint8 } from './dtype.ts';
import { TypeError } from './errors.ts';
import { native } from './native.ts';
import { aten } from './ops.ts';
import { py_float_repr } from './python_format.ts';
import type { Tensor } from './tensor.ts';
import { legacy_type_name } from './tensor_type.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** All of the memory behind `tensor`, as a flat tensor of the same dtype. */
function whole_memory(tensor: Tensor): Tensor {
  const { dtype } = tensor;
  return aten.as_strided(tensor.detach(), [Math.floor(native.storage_nbytes(tensor._h) / dtype.itemsize)], [1], 0);
}

/** A block of bytes on a device; a tensor and its views share one. */
export class UntypedStorage {
  /** @internal A tensor over the storage. */
  readonly _tensor: Tensor;

  /** @internal */
  constructor(tensor: Tensor) {
    // Not the tensor itself, which may come to have another storage.
    this._tensor = aten.detach(tensor);
  }

  /** Two tensors share a storage exactly if this is the same for both. */
  get _cdata(): bigint {
    return native.storage_key(this._tensor._h);
  }

  get device(): device {
    return device_of(native.device(this._tensor._h));
  }

  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  /** How many bytes there are. */
  nbytes(): number {
    return native.storage_nbytes(this._tensor._h);
  }

  /** How many bytes there are. */
  size(): number {
    return this.nbytes();
  }

  /** How many bytes there are. */
  get length(): number {
    return this.nbytes();
  }

  __len__(): number {
    return this.nbytes();
  }

  /** The bytes of an element. */
  element_size(): number {
    return 1;
  }

  /** The address of the first byte. */
  data_ptr(): bigint {
    return this.#bytes().data_ptr();
  }

  /** The bytes. */
  tolist(): number[] {
    return this.#bytes().tolist() as number[];
  }

  /** A copy. */
  clone(): UntypedStorage {
    return new UntypedStorage(this.#bytes().clone());
  }

  /** Copies the bytes of `source`, as many as there are. */
  copy_(source: UntypedStorage): this {
    this.#bytes().copy_(source.#bytes());
    return this;
  }

  /** Sets all bytes to `value`. */
  fill_(value: number): this {
    this.#bytes().fill_(value);
    return this;
  }

  is_shared(): boolean {
    return native.is_shared(this._tensor._h);
  }

  /** Moves the bytes to where other processes can map them. */
  share_memory_(): this {
    native.share_memory(this._tensor._h);
    return this;
  }

  toString(): string {
    const lines = this.tolist().map((byte) => ` ${byte}\n`);
    return `${lines.join('')}[torch.storage.UntypedStorage(device=${this.device}) of size ${this.size()}]`;
  }

  [inspect_custom](): string {
    return this.toString();
  }

  #bytes(): Tensor {
    return whole_memory(this._tensor).view(uint8);
  }
}

/**
 * A storage whose bytes are read as elements of one dtype.
 * @deprecated as in PyTorch: use `UntypedStorage`
 * @see https://docs.pytorch.org/docs/stable/storage.html#legacy-typed-storage
 */
export class TypedStorage {
  readonly #tensor: Tensor;

  /** @internal */
  constructor(tensor: Tensor) {
    this.#tensor = aten.detach(tensor);
  }

  get dtype(): dtype {
    return this.#tensor.dtype;
  }

  get device(): device {
    return this.#tensor.device;
  }

  get is_cuda(): boolean {
    return this.#tensor.is_cuda;
  }

  /** The bytes. */
  untyped(): UntypedStorage {
    return new UntypedStorage(this.#tensor);
  }

  /** How many elements there are. */
  size(): number {
    return this.#elements().numel();
  }

  /** How many elements there are. */
  get length(): number {
    return this.size();
  }

  __len__(): number {
    return this.size();
  }

  nbytes(): number {
    return native.storage_nbytes(this.#tensor._h);
  }

  element_size(): number {
    return this.dtype.itemsize;
  }

  data_ptr(): bigint {
    return this.#elements().data_ptr();
  }

  tolist(): unknown[] {
    return this.#elements().tolist() as unknown[];
  }

  /** The element at `index`; the last ones have negative indices. */
  __getitem__(index: number): number {
    if (!Number.isInteger(index)) throw new TypeError(`can't index a ${this.type()} with ${typeof index}`);
    return this.#elements().index(index).item();
  }

  __setitem__(index: number, value: number): void {
    this.#elements().index(index).fill_(value);
  }

  fill_(value: number): this {
    this.#elements().fill_(value);
    return this;
  }

  copy_(source: TypedStorage): this {
    this.#elements().copy_(source.#elements());
    return this;
  }

  clone(): TypedStorage {
    return new TypedStorage(this.#elements().clone());
  }

  is_shared(): boolean {
    return native.is_shared(this.#tensor._h);
  }

  share_memory_(): this {
    native.share_memory(this.#tensor._h);
    return this;
  }

  /** The name that the class has in Python: `'torch.FloatStorage'`. */
  type(): string {
    return `torch.${this.is_cuda ? 'cuda.' : ''}${legacy_type_name(this.dtype).replace('Tensor', 'Storage')}`;
  }

  toString(): string {
    const whole = this.dtype.is_floating_point ? py_float_repr : String;
    const lines = this.tolist().map((element) => ` ${typeof element === 'number' ? whole(element) : String(element)}\n`);
    const kind = `dtype=${this.dtype}, device=${this.device}`;
    return `${lines.join('')}[torch.storage.TypedStorage(${kind}) of size ${this.size()}]`;
  }

  [inspect_custom](): string {
    return this.toString();
  }

  #elements(): Tensor {
    return whole_memory(this.#tensor);
  }
}
