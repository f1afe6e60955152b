/** Parameters that a step updates together, with what belongs to them. */
import type { Tensor } from '../tensor.ts';
import type { Chunk, Gradients, Tensors } from './tensor_lists.ts';

/** Names of the tensors in a state `S`. */
type TensorName<S> = { [K in keyof S]-?: S[K] extends Tensor | undefined ? K : never }[keyof S] & string;

/** Parameters, gradients and states of the same position. */
export class Piece<S extends { step: Tensor }> {
  readonly chunk: Chunk;
  readonly params: Tensors;
  readonly grads: Tensors;
  readonly #states: readonly S[];

  constructor(chunk: Chunk, gradients: Gradients, states: readonly S[]) {
    this.chunk = chunk;
    this.params = gradients.params;
    this.grads = gradients.grads;
    this.#states = states;
  }

  /** The tensors that the states have under a name. */
  column(name: TensorName<S>): Tensors {
    return this.chunk.column(name, this.tensors(name));
  }

  /** The number under a name, which all states have in common. */
  number(name: TensorName<S>): number {
    return this.chunk.numbers(name, this.tensors(name)).read()[0]!;
  }

  /** Puts a number under a name. */
  fill(name: TensorName<S>, value: number): void {
    this.chunk.numbers(name, this.tensors(name)).fill(value);
  }

  /** Counts a step, and says which it is. */
  count(): number {
    return this.chunk.count(this.tensors('step' as TensorName<S>))[0]!;
  }

  /** Counts a step of each, where they need not have made the same number of them. */
  count_each(): void {
    this.chunk.count(this.tensors('step' as TensorName<S>));
  }

  /** Multiplies the numbers under a name, in the precision of the tensors that hold them. */
  multiply(name: TensorName<S>, factor: number): void {
    this.chunk.numbers(name, this.tensors(name)).multiply(factor);
  }

  /** The tensors that the states have under a name, one by one. */
  tensors(name: TensorName<S>): Tensors {
    return this.#states.map((state) => state[name] as unknown as Tensor);
  }
}

/**
 * Calls `update` with all parameters of a chunk that have gradients, or, if they have not the same `numbers` in their
 * states, with one after the other.
 */
export function in_pieces<S extends { step: Tensor }>(
  chunk: Chunk,
  gradients: Gradients,
  states: readonly S[],
  numbers: readonly TensorName<S>[],
  update: (piece: Piece<S>) => void,
): void {
  const alike = numbers.every((name) => {
    const values = chunk.numbers(name, states.map((state) => state[name] as unknown as Tensor)).read();
    return values.every((value) => value === values[0]);
  });
  if (alike) return update(new Piece(chunk, gradients, states));
  gradients.positions.forEach((position, i) => {
    const single = chunk.single(position);
    const own = single.collect()!;
    try {
      update(new Piece(single, own, [states[i]!]));
    } finally {
      own.dispose();
    }
  });
}
