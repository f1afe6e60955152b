/**
 * The few pieces of NumPy that ported code leans on. Arrays are typed arrays with a `shape`.
 *
 * @see https://numpy.org/doc/stable/
 */
export type { NDArray } from './array.ts';
export * as random from './random/index.ts';
