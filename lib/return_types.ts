/**
 * Results with several values, such as those of `x.max({ dim: 1 })`: arrays whose elements have names too.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.max.html
 */
import { inspect } from 'node:util';
import { native } from './native.ts';

export type * from './generated/return_types.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** An array whose elements can be read by name as well. Each operator's has a class of its own. */
class NamedTuple extends Array<unknown> {
  static override readonly [Symbol.species]: ArrayConstructor = Array;
  /** @internal The operator that gave it and the names of its values. */
  static names: readonly string[];

  override toString(): string {
    const [operator, ...fields] = (this.constructor as typeof NamedTuple).names;
    return `torch.return_types.${operator}(\n${fields.map((name, i) => `${name}=${inspect(this[i])}`).join(',\n')})`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** By the overload's id; null where the values have no names. */
const classes: (typeof NamedTuple | null)[] = [];

function class_of(overload_id: number): typeof NamedTuple | null {
  const [operator, ...fields] = native.return_names(overload_id);
  if (fields.includes('')) return null;
  const cls = class extends NamedTuple {};
  cls.names = [operator!.replace('aten::', ''), ...fields];
  Object.defineProperty(cls, 'name', { value: cls.names[0] });
  fields.forEach((name, i) => {
    Object.defineProperty(cls.prototype, name, {
      get(this: NamedTuple) {
        return this[i];
      },
    });
  });
  return cls;
}

/** @internal What the overload with this id returns, as an array with named fields where the schema names them. */
export function named_tuple(overload_id: number, items: unknown[]): unknown[] {
  let cls = classes[overload_id];
  if (cls === undefined) classes[overload_id] = cls = class_of(overload_id);
  if (cls === null) return items;
  // The array at hand becomes the tuple: V8 gives up optimizing what makes arrays of another class.
  return Object.setPrototypeOf(items, cls.prototype as object) as unknown[];
}
