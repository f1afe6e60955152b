import { TypeError } from './errors.ts';

/**
 * The sizes of a tensor's dimensions: an array of whole numbers that prints as `torch.Size([2, 3])`.
 *
 * `slice` and `concat` give a `Size`, as slicing and adding do in Python; `map`, `filter` and the rest give a plain
 * array. Changing a `Size` does not change the tensor it came from.
 * @see https://docs.pytorch.org/docs/stable/size.html
 */
export class Size extends Array<number> {
  // A field and not a getter: with a getter V8 takes twenty times as long to make an instance.
  static override readonly [Symbol.species]: ArrayConstructor = Array;

  /**
   * @param sizes the sizes, in order
   * @throws TypeError if `sizes` is not an iterable of whole numbers
   */
  constructor(sizes: Iterable<number> = []) {
    super();
    if (arguments.length === 0) return;
    if (typeof sizes !== 'object' || sizes === null || !(Symbol.iterator in sizes)) {
      throw new TypeError(`torch.Size() takes an iterable of whole numbers, not ${String(sizes)}`);
    }
    let count = 0;
    for (const size of sizes) {
      if (!Number.isInteger(size)) {
        throw new TypeError(`torch.Size() takes an iterable of whole numbers (item ${count} is ${String(size)})`);
      }
      this[count++] = size;
    }
  }

  /** How many elements a tensor of these sizes has: their product, 1 for no dimension at all. */
  numel(): number {
    let product = 1;
    for (let i = 0; i < this.length; i++) product *= this[i]!;
    return product;
  }

  /** Whether `other` holds the same sizes in the same order. */
  equals(other: ArrayLike<number>): boolean {
    if (other.length !== this.length) return false;
    for (let i = 0; i < this.length; i++) if (other[i] !== this[i]) return false;
    return true;
  }

  override slice(start?: number, end?: number): Size {
    return new Size(super.slice(start, end));
  }

  override concat(...items: (number | ConcatArray<number>)[]): Size {
    return new Size(super.concat(...items));
  }

  /** `torch.Size([2, 3])` */
  override toString(): string {
    return `torch.Size([${this.join(', ')}])`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
