import { shared_state } from '../../numpy/random/index.ts';
import { RandomState } from '../../numpy/random/random_state.ts';
import { check_parameter } from './invalid_parameter.ts';

/** A seed, a generator to go on with, or null for NumPy's own, which `np.random.seed` starts anew. */
export type RandomStateLike = number | RandomState | null;

/**
 * The generator that `seed` stands for.
 * @param owner the function whose parameter it is
 */
export function check_random_state(seed: RandomStateLike, owner: string): RandomState {
  if (seed === null) return shared_state;
  if (seed instanceof RandomState) return seed;
  const range = "an int in the range [0, 4294967295], an instance of 'numpy.random.mtrand.RandomState' or None";
  check_parameter(owner, 'random_state', seed, Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32, range);
  return new RandomState(seed);
}
