/**
 * The memory behind tensors.
 * @see https://docs.pytorch.org/docs/stable/storage.html
 */
import { type device, device_of } from './device.ts';
import { type Handle, native } from './native.ts';

/** A block of bytes on a device; a tensor and its views share one. */
export class UntypedStorage {
  /** A tensor over the storage. */
  readonly #tensor: Handle;

  /** @internal */
  constructor(tensor: Handle) {
    this.#tensor = tensor;
  }

  /** Two tensors share a storage exactly if this is the same for both. */
  get _cdata(): bigint {
    return native.storage_key(this.#tensor);
  }

  get device(): device {
    return device_of(native.device(this.#tensor));
  }

  nbytes(): number {
    return native.storage_nbytes(this.#tensor);
  }
}
