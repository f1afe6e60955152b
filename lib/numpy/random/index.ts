/**
 * `numpy.random`: NumPy's random numbers, number for number. The functions draw from one generator that all share;
 * `seed` starts it anew.
 *
 * @see https://numpy.org/doc/stable/reference/random/legacy.html
 */
import { RandomState } from './random_state.ts';

export { RandomState };
export type { ChoiceArguments, NormalArguments, RandintArguments, Seed, Shape, Size, UniformArguments } from './random_state.ts';

/** @internal The generator that the functions of this module share. */
export const shared_state: RandomState = new RandomState();

type Method<K extends keyof RandomState> = RandomState[K];

/** Starts the shared generator anew. See https://numpy.org/doc/stable/reference/random/generated/numpy.random.seed.html */
export const seed: Method<'seed'> = shared_state.seed.bind(shared_state);
/** Numbers from [0, 1), in an array of the given sizes. */
export const rand: Method<'rand'> = shared_state.rand.bind(shared_state) as Method<'rand'>;
/** Standard normal numbers, in an array of the given sizes. */
export const randn: Method<'randn'> = shared_state.randn.bind(shared_state) as Method<'randn'>;
/** Numbers from [0, 1). */
export const random: Method<'random'> = shared_state.random.bind(shared_state) as Method<'random'>;
/** Numbers from [0, 1). */
export const random_sample: Method<'random_sample'> = shared_state.random_sample.bind(shared_state) as Method<'random_sample'>;
/** Standard normal numbers. */
export const standard_normal: Method<'standard_normal'> = shared_state.standard_normal.bind(shared_state) as Method<'standard_normal'>;
/** Normally distributed numbers. */
export const normal: Method<'normal'> = shared_state.normal.bind(shared_state) as Method<'normal'>;
/** Numbers from [low, high). */
export const uniform: Method<'uniform'> = shared_state.uniform.bind(shared_state) as Method<'uniform'>;
/** Whole numbers from [low, high). */
export const randint: Method<'randint'> = shared_state.randint.bind(shared_state) as Method<'randint'>;
/** Another order, in place. */
export const shuffle: Method<'shuffle'> = shared_state.shuffle.bind(shared_state);
/** Another order, as a new array. */
export const permutation: Method<'permutation'> = shared_state.permutation.bind(shared_state) as Method<'permutation'>;
/** Items of an array. */
export const choice: Method<'choice'> = shared_state.choice.bind(shared_state) as Method<'choice'>;
