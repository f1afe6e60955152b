/** Hooks that can be taken away again. See https://docs.pytorch.org/docs/stable/utils.html */

let next_id = 0;

/** What every function that registers a hook gives back: `remove()` takes the hook away. */
export class RemovableHandle {
  /** Where the hook stands among all hooks ever registered. */
  readonly id: number;
  #tables: readonly { delete(id: number): boolean }[];

  /** @param tables the tables that hold something about this hook under its id */
  constructor(...tables: readonly { delete(id: number): boolean }[]) {
    this.id = next_id++;
    this.#tables = tables;
  }

  /** Takes the hook away; a second time it does nothing. */
  remove(): void {
    for (const table of this.#tables) table.delete(this.id);
    this.#tables = [];
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** Puts an entry before all others of a map. */
export function move_to_front<K, V>(map: Map<K, V>, key: K): void {
  const others = Array.from(map).filter(([other]) => other !== key);
  for (const [other, value] of others) {
    map.delete(other);
    map.set(other, value);
  }
}
