/**
 * Results with several values, such as those of `x.max({ dim: 1 })`: arrays whose elements have names too.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.max.html
 */
import { inspect } from 'node:util';
import { native } from './native.ts';

export type * from './generated/return_types.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** The operator's name and the names of the values that each overload returns; null where they have none. */
const names_of: (readonly string[] | null)[] = [];

/** An array whose elements can be read by name as well. */
class NamedTuple extends Array<unknown> {
  static override readonly [Symbol.species]: ArrayConstructor = Array;
  /** The operator that gave it and the names of its values. */
  #names: readonly string[];

  constructor(names: readonly string[]) {
    super();
    this.#names = names;
  }

  override toString(): string {
    const [operator, ...fields] = this.#names;
    return `torch.return_types.${operator}(\n${fields.map((name, i) => `${name}=${inspect(this[i])}`).join(',\n')})`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** @internal What the overload with this id returns, as an array with named fields where the schema names them. */
export function named_tuple(overload_id: number, items: unknown[]): unknown[] {
  let names = names_of[overload_id];
  if (names === undefined) {
    const [operator, ...fields] = native.return_names(overload_id);
    names = fields.every((name) => name !== '') ? [operator!.replace('aten::', ''), ...fields] : null;
    names_of[overload_id] = names;
  }
  if (names === null) return items;
  const tuple = new NamedTuple(names) as NamedTuple & Record<string, unknown>;
  for (let i = 0; i < items.length; i++) {
    tuple.push(items[i]);
    Object.defineProperty(tuple, names[i + 1]!, { value: items[i] });
  }
  return tuple;
}
