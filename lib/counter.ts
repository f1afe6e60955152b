import { inspect } from 'node:util';
import { repr } from './repr.ts';

/**
 * A `Map` from items to how often each occurs, which prints as Python's `collections.Counter`: what `MultiStepLR` keeps
 * its milestones in, and what an object of that kind in a file is read as.
 *
 * ```ts
 * new Counter([30, 80, 80]); // Counter({80: 2, 30: 1})
 * ```
 * @see https://docs.python.org/3/library/collections.html#collections.Counter
 */
export class Counter<T> extends Map<T, number> {
  /** @param items what is to be counted */
  constructor(items: Iterable<T> = []) {
    super();
    for (const item of items) this.set(item, (this.get(item) ?? 0) + 1);
  }

  /** A counter with counts that are known. */
  static of_counts<T>(counts: Iterable<readonly [item: T, count: number]>): Counter<T> {
    const counter = new Counter<T>();
    for (const [item, count] of counts) counter.set(item, count);
    return counter;
  }

  override toString(): string {
    if (this.size === 0) return 'Counter()';
    const common = [...this].sort(([, a], [, b]) => b - a);
    return `Counter({${common.map(([item, count]) => `${repr(item)}: ${repr(count)}`).join(', ')}})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
