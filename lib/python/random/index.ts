/**
 * Python's module `random`: the same seed gives the same numbers as there.
 *
 * @see https://docs.python.org/3/library/random.html
 */
import { IndexError, TypeError, ValueError } from '../../errors.ts';
import { log } from '../../numpy/random/log.ts';
import { cos, sin } from '../../numpy/trigonometry.ts';
import { type_name } from '../../repr.ts';
import { len } from '../index.ts';
import { MersenneTwister } from './mersenne_twister.ts';

/** What can be drawn from: an array, a string, a `range`, a dataset. */
export type Sequence<T> =
  | ArrayLike<T>
  | { readonly length: number; __getitem__(index: number): T };

function item<T>(sequence: Sequence<T>, index: number): T {
  const own = (sequence as { __getitem__?: (index: number) => T }).__getitem__;
  return typeof own === 'function' ? own.call(sequence, index) : (sequence as ArrayLike<T>)[index]!;
}

/**
 * A generator of its own; the functions of this module share one.
 *
 * @see https://docs.python.org/3/library/random.html#random.Random
 */
export class Random {
  readonly #bits = new MersenneTwister();
  #spare: number | null = null;

  constructor(seed: number | bigint | null = null) {
    this.seed(seed);
  }

  /**
   * Starts anew from a whole number, whose sign does not count; null for numbers nobody can foresee.
   * @throws TypeError for anything else
   */
  seed(a: number | bigint | null = null): void {
    this.#spare = null;
    if (a === null) {
      this.#bits.seed_by_words(crypto.getRandomValues(new Uint32Array(624)));
      return;
    }
    if (typeof a !== 'bigint' && !Number.isInteger(a)) {
      throw new TypeError('The only supported seed types are:\nNone, int, float, str, bytes, and bytearray.');
    }
    let rest = BigInt(a);
    if (rest < 0n) rest = -rest;
    const words: number[] = [];
    do {
      words.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
    this.#bits.seed_by_words(words);
  }

  /** A number from [0, 1). */
  random(): number {
    return this.#bits.next_double();
  }

  /** A whole number of `k` random bits; a `bigint` where a number would lose some. */
  getrandbits(k: number): number | bigint {
    if (!Number.isInteger(k)) throw new TypeError(`'${type_name(k)}' object cannot be interpreted as an integer`);
    if (k < 0) throw new ValueError('number of bits must be non-negative');
    if (k === 0) return 0;
    if (k <= 32) return this.#bits.next_uint32() >>> (32 - k);
    let value = 0n;
    for (let done = 0; done < k; done += 32) {
      const bits = Math.min(32, k - done);
      value |= BigInt(this.#bits.next_uint32() >>> (32 - bits)) << BigInt(done);
    }
    return k <= 53 ? Number(value) : value;
  }

  /** A whole number from 0 up to, not including, `n`. */
  #below(n: number): number {
    // The number of bits of n itself, not of n - 1: so it is in Python.
    const bits = n.toString(2).length;
    let value: number;
    do value = Number(this.getrandbits(bits));
    while (value >= n);
    return value;
  }

  /** A whole number out of `range(start, stop, step)`. */
  randrange(start: number, stop: number | null = null, step = 1): number {
    for (const value of [start, stop ?? 0, step]) {
      if (!Number.isSafeInteger(value)) {
        throw new TypeError(`'${type_name(value)}' object cannot be interpreted as an integer`);
      }
    }
    if (stop === null) {
      if (start <= 0) throw new ValueError('empty range for randrange()');
      return this.#below(start);
    }
    if (step === 0) throw new ValueError('zero step for randrange()');
    const count = Math.ceil((stop - start) / step);
    if (count <= 0) {
      const range = step === 1 ? `${start}, ${stop}, ${stop - start}` : `${start}, ${stop}, ${step}`;
      throw new ValueError(`empty range for randrange() (${range})`);
    }
    return start + step * this.#below(count);
  }

  /** A whole number from `a` to `b`, both included. */
  randint(a: number, b: number): number {
    return this.randrange(a, b + 1);
  }

  /** A number from `a` to `b`. */
  uniform(a: number, b: number): number {
    return a + (b - a) * this.random();
  }

  /**
   * An item of a sequence.
   * @throws IndexError if there is none
   */
  choice<T>(seq: Sequence<T>): T {
    const length = len(seq);
    if (length === 0) throw new IndexError('Cannot choose from an empty sequence');
    return item(seq, this.#below(length));
  }

  /**
   * `k` items, each drawn from all.
   * @param weights how likely each is, compared to the others
   * @param cum_weights the running sums of the weights, in their stead
   */
  choices<T>(
    population: Sequence<T>,
    options: { weights?: readonly number[] | null; cum_weights?: readonly number[] | null; k?: number } = {},
  ): T[] {
    const { weights = null, k = 1 } = options;
    let { cum_weights = null } = options;
    const length = len(population);
    const indices: number[] = [];
    if (cum_weights === null && weights === null) {
      for (let i = 0; i < k; i++) indices.push(Math.floor(this.random() * length));
    } else {
      if (weights !== null) {
        if (cum_weights !== null) throw new TypeError('Cannot specify both weights and cumulative weights');
        let sum = 0;
        cum_weights = weights.map((weight) => (sum += weight));
      }
      const sums = cum_weights!;
      if (sums.length !== length) throw new ValueError('The number of weights does not match the population');
      const total = sums.at(-1)!;
      if (total <= 0) throw new ValueError('Total of weights must be greater than zero');
      if (!Number.isFinite(total)) throw new ValueError('Total of weights must be finite');
      for (let i = 0; i < k; i++) {
        const value = this.random() * total;
        const index = sums.findIndex((sum) => sum > value);
        indices.push(index === -1 || index >= length ? length - 1 : index);
      }
    }
    return indices.map((index) => item(population, index));
  }

  /**
   * `k` different items, in random order: `random.sample(range(len(dataset)), { k: 5 })`.
   * @throws ValueError if there are not so many
   */
  sample<T>(population: Sequence<T>, k: number | { k: number }): T[] {
    const count = typeof k === 'number' ? k : k.k;
    if (typeof (population as { length?: unknown } | null)?.length !== 'number') {
      throw new TypeError('Population must be a sequence.  For dicts or sets, use sorted(d).');
    }
    const length = len(population);
    if (!Number.isInteger(count)) throw new TypeError(`'${type_name(count)}' object cannot be interpreted as an integer`);
    if (!(count >= 0 && count <= length)) throw new ValueError('Sample larger than population or is negative');
    const result: T[] = [];
    // Python keeps either all that is left or a set of what is taken, whichever is smaller, and the draws differ.
    let set_size = 21;
    if (count > 5) set_size += 4 ** Math.ceil(Math.log(count * 3) / Math.log(4));
    if (length <= set_size) {
      const pool = Array.from({ length }, (_, i) => item(population, i));
      for (let i = 0; i < count; i++) {
        const j = this.#below(length - i);
        result.push(pool[j]!);
        pool[j] = pool[length - i - 1]!;
      }
      return result;
    }
    const taken = new Set<number>();
    while (taken.size < count) {
      let j = this.#below(length);
      while (taken.has(j)) j = this.#below(length);
      taken.add(j);
      result.push(item(population, j));
    }
    return result;
  }

  /** Brings an array into another order, in place. */
  shuffle(x: unknown[]): void {
    for (let i = x.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      [x[i], x[j]] = [x[j], x[i]];
    }
  }

  /** A normally distributed number. */
  gauss(mu = 0, sigma = 1): number {
    let z = this.#spare;
    this.#spare = null;
    if (z === null) {
      const angle = this.random() * 2 * Math.PI;
      const radius = Math.sqrt(-2 * log(1 - this.random()));
      z = cos(angle) * radius;
      this.#spare = sin(angle) * radius;
    }
    return mu + z * sigma;
  }

  /** A normally distributed number, from another method than {@link gauss}. */
  normalvariate(mu = 0, sigma = 1): number {
    const magic = (4 * Math.exp(-0.5)) / Math.sqrt(2);
    while (true) {
      const u1 = this.random();
      const u2 = 1 - this.random();
      const z = (magic * (u1 - 0.5)) / u2;
      if ((z * z) / 4 <= -log(u2)) return mu + z * sigma;
    }
  }

  /** What the next numbers depend on; `setstate` takes it. */
  getstate(): RandomStateTuple {
    return [3, this.#bits.state, this.#spare];
  }

  setstate(state: RandomStateTuple): void {
    const [version, words, spare] = state;
    if (version !== 3) throw new ValueError(`state with version ${version} passed to Random.setstate() of version 3`);
    if (words.length !== 625) throw new ValueError('state vector is the wrong size');
    this.#bits.state = words;
    this.#spare = spare;
  }
}

/** What `getstate` gives: a version, the words of the generator, the other one of the last pair of `gauss`. */
export type RandomStateTuple = [version: 3, words: number[], spare: number | null];

const shared = new Random();
type Method<K extends keyof Random> = Random[K];

/** Starts the shared generator anew. */
export const seed: Method<'seed'> = shared.seed.bind(shared);
/** A number from [0, 1). */
export const random: Method<'random'> = shared.random.bind(shared);
/** A whole number of `k` random bits. */
export const getrandbits: Method<'getrandbits'> = shared.getrandbits.bind(shared);
/** A whole number out of `range(start, stop, step)`. */
export const randrange: Method<'randrange'> = shared.randrange.bind(shared);
/** A whole number from `a` to `b`, both included. */
export const randint: Method<'randint'> = shared.randint.bind(shared);
/** A number from `a` to `b`. */
export const uniform: Method<'uniform'> = shared.uniform.bind(shared);
/** An item of a sequence: `random.choice(image_path_list)`. */
export const choice: Method<'choice'> = shared.choice.bind(shared) as Method<'choice'>;
/** `k` items, each drawn from all. */
export const choices: Method<'choices'> = shared.choices.bind(shared) as Method<'choices'>;
/** `k` different items: `random.sample(range(len(dataset)), { k: 5 })`. */
export const sample: Method<'sample'> = shared.sample.bind(shared) as Method<'sample'>;
/** Brings an array into another order, in place. */
export const shuffle: Method<'shuffle'> = shared.shuffle.bind(shared);
/** A normally distributed number. */
export const gauss: Method<'gauss'> = shared.gauss.bind(shared);
/** A normally distributed number, from another method than `gauss`. */
export const normalvariate: Method<'normalvariate'> = shared.normalvariate.bind(shared);
/** What the next numbers depend on; `setstate` takes it. */
export const getstate: Method<'getstate'> = shared.getstate.bind(shared);
/** Goes back to where `getstate` was called. */
export const setstate: Method<'setstate'> = shared.setstate.bind(shared);
