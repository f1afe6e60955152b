import { ValueError } from '../../errors.ts';
import { shared_state } from '../../numpy/random/index.ts';
import { RandomState } from '../../numpy/random/random_state.ts';
import { repr } from '../../repr.ts';

/** A seed, a generator to go on with, or null for NumPy's own, which `np.random.seed` starts anew. */
export type RandomStateLike = number | RandomState | null;

/** The generator that `seed` stands for. */
export function check_random_state(seed: RandomStateLike): RandomState {
  if (seed === null) return shared_state;
  if (seed instanceof RandomState) return seed;
  if (Number.isInteger(seed)) return new RandomState(seed);
  throw new ValueError(`${repr(seed)} cannot be used to seed a numpy.random.RandomState instance`);
}
