/**
 * Where tensors live.
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.device
 */
import { is_instance } from './arguments.ts';
import { RuntimeError, TypeError } from './errors.ts';
import { type Handle, native } from './native.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** A device, or what names one: `'cuda:1'`, or the index of an accelerator. */
export type DeviceLike = device | string | number;

/** A device: its type (`'cpu'`, `'cuda'`, …) and, where there can be several, its index. */
export class device {
  /** @internal */
  readonly _h!: Handle;
  readonly type!: string;
  readonly index!: number | null;

  /**
   * @param type a device's name (`'cuda'`, `'cuda:1'`), another device, or the index of an accelerator
   * @param index the index, where `type` does not have it
   * @throws RuntimeError if there is no such type of device
   */
  constructor(type: DeviceLike, index?: number) {
    if (is_instance(type, device)) return type;
    for (const number of [type, index]) {
      if (typeof number !== 'number') continue;
      if (!Number.isInteger(number)) throw new TypeError(`device(): argument 'index' must be int, not ${number}`);
      if (number < 0) throw new RuntimeError('Device index must not be negative');
    }
    if (index !== undefined && typeof index !== 'number') {
      throw new TypeError(`device(): argument 'index' (position 2) must be int, not ${typeof index}`);
    }
    let text: string;
    if (typeof type === 'number') {
      text = `${native.accelerator() ?? 'cuda'}:${type}`;
    } else if (typeof type === 'string') {
      if (index !== undefined && type.includes(':')) {
        throw new RuntimeError(`type (string) must not include an index because index was passed explicitly: ${type}`);
      }
      text = index === undefined ? type : `${type}:${index}`;
    } else {
      throw new TypeError(`device(): argument 'type' (position 1) must be str, not ${typeof type}`);
    }
    this._h = native.device_constant(text);
    const colon = text.indexOf(':');
    this.type = colon < 0 ? text : text.slice(0, colon);
    this.index = colon < 0 ? null : Number(text.slice(colon + 1));
  }

  /** Whether `other` is the same device. */
  equals(other: DeviceLike): boolean {
    const that = new device(other);
    return that.type === this.type && that.index === this.index;
  }

  /** @internal How a device travels to another thread. */
  __reduce__(): [typeof device, [type: string]] {
    return [device, [String(this)]];
  }

  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  __str__(): string {
    return this.toString();
  }

  [inspect_custom](): string {
    const index = this.index === null ? '' : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

const known = new Map<string, device>();

/** @internal The device that LibTorch calls `text`; one object for each. */
export function device_of(text: string): device {
  let found = known.get(text);
  if (found === undefined) {
    found = new device(text);
    known.set(text, found);
  }
  return found;
}
