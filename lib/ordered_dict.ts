import { inspect } from 'node:util';
import { repr } from './repr.ts';

/**
 * A `Map` that prints as Python's `collections.OrderedDict`: what `module.state_dict()` gives, and what a dict of
 * that kind in a file is read as.
 *
 * ```ts
 * model.state_dict(); // OrderedDict([('weight', tensor([0.6861])), ('bias', tensor([0.2000]))])
 * ```
 * @see https://docs.python.org/3/library/collections.html#collections.OrderedDict
 */
export class OrderedDict<K, V> extends Map<K, V> {
  /** What `state_dict()` notes beside the tensors: the version of each module, by its prefix. */
  declare _metadata?: OrderedDict<string, Record<string, unknown>>;

  override toString(): string {
    if (this.size === 0) return 'OrderedDict()';
    return `OrderedDict([${Array.from(this, ([key, value]) => `(${repr(key)}, ${repr(value)})`).join(', ')}])`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
