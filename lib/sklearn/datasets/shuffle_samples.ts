import { type NDArray, shape_of, take_rows } from '../../numpy/array.ts';
import type { RandomState } from '../../numpy/random/random_state.ts';

/** Features and labels, as the functions here give them. */
export type Dataset<Y extends Float64Array | BigInt64Array = BigInt64Array> = [X: NDArray<Float64Array>, y: NDArray<Y>];

/** Numbers from 0 up, `count` of them. */
export function sequence(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Brings samples and what belongs to them into another order. */
export function shuffle_samples<Y extends Float64Array | BigInt64Array>(
  X: NDArray<Float64Array>,
  y: NDArray<Y>,
  generator: RandomState,
): Dataset<Y> {
  const order = sequence(shape_of(X)[0]!);
  generator.shuffle(order);
  return [take_rows(X, order), take_rows(y, order)];
}
