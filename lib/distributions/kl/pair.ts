import type { Tensor } from '../../tensor.ts';
import type { Distribution } from '../distribution.ts';

/** A class of distributions, abstract or not. */
export type DistributionClass<D extends Distribution = Distribution> = abstract new (...args: never) => D;
/** Computes the divergence of two distributions of known classes. */
export type Divergence<P extends Distribution, Q extends Distribution> = (p: P, q: Q) => Tensor;
/** Two classes, and what computes the divergence of the first from the second. */
export type Pair = readonly [
  type_p: DistributionClass,
  type_q: DistributionClass,
  divergence: Divergence<Distribution, Distribution>,
];

/** A line of the table. */
export function pair<P extends Distribution, Q extends Distribution>(
  type_p: DistributionClass<P>,
  type_q: DistributionClass<Q>,
  divergence: Divergence<P, Q>,
): Pair {
  return [type_p, type_q, divergence as unknown as Divergence<Distribution, Distribution>];
}

/** A line of the table, for two distributions of one family. */
export function same<D extends Distribution>(type: DistributionClass<D>, divergence: Divergence<D, D>): Pair {
  return pair(type, type, divergence);
}
