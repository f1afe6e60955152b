import { type Arguments, signature } from '../../arguments.ts';
import type { TypedArray } from '../../dtype.ts';
import { IndexError, TypeError, ValueError } from '../../errors.ts';
import { MersenneTwister } from '../../python/random/mersenne_twister.ts';
import { type_name } from '../../repr.ts';
import { as_shape, type NDArray, row_length, shape_of, size_of, take_rows, with_shape } from '../array.ts';
import { log } from './log.ts';

/** The shape of what is drawn; null for one number. */
export type Size = number | readonly number[] | null;
/** The shape of an array that is drawn. */
export type Shape = number | readonly number[];
type Drawn = number | NDArray<Float64Array>;
/** What a generator may be seeded with: a whole number below 2**32, several of them, or null for chance. */
export type Seed = number | readonly number[] | null;
/** A number, or an array of them that is stretched over the size. */
export type Parameter = number | Float64Array | readonly number[];

export interface NormalArguments {
  loc?: Parameter;
  scale?: Parameter;
  size?: Size;
}
export interface UniformArguments {
  low?: Parameter;
  high?: Parameter;
  size?: Size;
}
export interface RandintArguments {
  low: number;
  high?: number | null;
  size?: Size;
}
export interface ChoiceArguments {
  a: number | TypedArray | readonly unknown[];
  size?: Size;
  replace?: boolean;
  p?: readonly number[] | Float64Array | null;
}

const parse_normal = signature<NormalArguments>('normal', [['loc', 0], ['scale', 1], ['size', null]]);
const parse_uniform = signature<UniformArguments>('uniform', [['low', 0], ['high', 1], ['size', null]]);
const parse_randint = signature<RandintArguments>('randint', ['low', ['high', null], ['size', null]]);
const parse_choice = signature<ChoiceArguments>('choice', ['a', ['size', null], ['replace', true], ['p', null]]);
const parse_size = signature<{ size?: Size }>('random_sample', [['size', null]]);

type Draw = () => number;

function draw_all(size: Size, draw: Draw): number | NDArray<Float64Array> {
  if (size === null) return draw();
  const shape = as_shape(size);
  const values = new Float64Array(size_of(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return with_shape(values, shape);
}

/** The smallest mask of ones that covers `max`. */
function mask_of(max: number): number {
  return max === 0 ? 0 : 2 ** (32 - Math.clz32(max)) - 1;
}

/** The `i`th of the values that `parameter` stretches to. */
function stretched(parameter: Parameter, length: number, name: string): (i: number) => number {
  if (typeof parameter === 'number') return () => parameter;
  const values = parameter;
  if (!(is_numbers(values) && values.length > 0 && length % values.length === 0)) {
    throw new ValueError(`shape mismatch: ${name} cannot be broadcast to a single shape`);
  }
  return (i) => values[i % values.length]!;
}

function is_numbers(values: unknown): values is ArrayLike<number> {
  return values instanceof Float64Array || (Array.isArray(values) && values.every((value) => typeof value === 'number'));
}

/** A whole number, or a `TypeError` as Python's. */
function whole(value: unknown): number {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError(`'${type_name(value)}' object cannot be interpreted as an integer`);
  }
  return value as number;
}

/** The position of the first of the ascending `edges` that is greater than `value`. */
function first_above(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Running sums, scaled so that the last is 1. */
function cumulative(p: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sums[i] = sum += p[i]!;
  return sums.map((value) => value / sum);
}

/**
 * NumPy's classic random numbers: the same seed gives the numbers that `numpy.random.RandomState` and, after
 * `numpy.random.seed`, `numpy.random` give, in the same order. They have nothing to do with `torch.manual_seed`.
 *
 * @param seed a whole number below 2**32, an array of them, or null for numbers nobody can foresee
 * @throws ValueError for a seed that is out of range
 * @see https://numpy.org/doc/stable/reference/random/legacy.html
 */
export class RandomState {
  readonly #bits = new MersenneTwister();
  /** Normally distributed numbers come in pairs; this is the other one of the last pair. */
  #spare: number | null = null;

  constructor(seed: Seed = null) {
    this.seed(seed);
  }

  /** Starts anew. */
  seed(seed: Seed = null): void {
    if (seed === null) {
      this.#bits.seed_by_words(crypto.getRandomValues(new Uint32Array(624)));
    } else if (Array.isArray(seed)) {
      if (seed.length === 0) throw new ValueError('Seed must be non-empty');
      for (const word of seed as unknown[]) this.#check_seed(word);
      this.#bits.seed_by_words(seed as readonly number[]);
    } else {
      this.#check_seed(seed);
      this.#bits.seed(seed as number);
    }
    this.#spare = null;
  }

  #check_seed(seed: unknown): void {
    if (!Number.isInteger(seed)) {
      throw new TypeError(`Cannot cast array data from '${type_name(seed)}' to int64 according to the rule 'safe'`);
    }
    if (!((seed as number) >= 0 && (seed as number) < 2 ** 32)) {
      throw new ValueError('Seed must be between 0 and 2**32 - 1');
    }
  }

  /** Numbers from [0, 1). */
  random_sample(size: Shape | { size: Shape }): NDArray<Float64Array>;
  random_sample(size?: null | { size?: null }): number;
  random_sample(...args: Arguments<{ size?: Size }, ['size']>): Drawn;
  random_sample(...args: readonly unknown[]): Drawn {
    return draw_all(parse_size(args).size, () => this.#bits.next_double());
  }

  /** Another name of {@link random_sample}. */
  random(size: Shape | { size: Shape }): NDArray<Float64Array>;
  random(size?: null | { size?: null }): number;
  random(...args: Arguments<{ size?: Size }, ['size']>): Drawn;
  random(...args: readonly unknown[]): Drawn {
    return this.random_sample(...(args as Arguments<{ size?: Size }, ['size']>));
  }

  /** Numbers from [0, 1), in an array of the given sizes. */
  rand(): number;
  rand(...sizes: number[]): NDArray<Float64Array>;
  rand(...sizes: number[]): number | NDArray<Float64Array> {
    return sizes.length === 0 ? this.random_sample() : this.random_sample(sizes);
  }

  /** Standard normal numbers, in an array of the given sizes. */
  randn(): number;
  randn(...sizes: number[]): NDArray<Float64Array>;
  randn(...sizes: number[]): number | NDArray<Float64Array> {
    return sizes.length === 0 ? this.standard_normal() : this.standard_normal(sizes);
  }

  /** Standard normal numbers. */
  standard_normal(size: Shape | { size: Shape }): NDArray<Float64Array>;
  standard_normal(size?: null | { size?: null }): number;
  standard_normal(...args: Arguments<{ size?: Size }, ['size']>): Drawn;
  standard_normal(...args: readonly unknown[]): Drawn {
    return draw_all(parse_size(args).size, () => this.#gauss());
  }

  #gauss(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    let x: number, y: number, square: number;
    do {
      x = 2 * this.#bits.next_double() - 1;
      y = 2 * this.#bits.next_double() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * log(square)) / square);
    this.#spare = factor * x;
    return factor * y;
  }

  /**
   * Normally distributed numbers.
   * @param loc their mean (default: 0)
   * @param scale their standard deviation (default: 1)
   * @param size the shape of the array; null for one number
   * @throws ValueError for a negative `scale`
   */
  normal(loc: Parameter, scale: Parameter, size: Shape): NDArray<Float64Array>;
  normal(options: NormalArguments & { size: Shape }): NDArray<Float64Array>;
  normal(loc?: number, scale?: number): number;
  normal(...args: Arguments<NormalArguments, ['loc', 'scale', 'size']>): Drawn;
  normal(...args: readonly unknown[]): Drawn {
    const { loc, scale, size } = parse_normal(args);
    const scales = typeof scale === 'number' ? [scale] : scale;
    for (let i = 0; i < scales.length; i++) {
      if (scales[i]! < 0 || Object.is(scales[i], -0)) throw new ValueError('scale < 0');
    }
    return this.#affine(size, [loc, 'loc'], [scale, 'scale'], () => this.#gauss());
  }

  /**
   * Numbers from [low, high).
   * @param size the shape of the array; null for one number
   */
  uniform(low: Parameter, high: Parameter, size: Shape): NDArray<Float64Array>;
  uniform(options: UniformArguments & { size: Shape }): NDArray<Float64Array>;
  uniform(low?: number, high?: number): number;
  uniform(...args: Arguments<UniformArguments, ['low', 'high', 'size']>): Drawn;
  uniform(...args: readonly unknown[]): Drawn {
    const { low, high, size } = parse_uniform(args);
    let range: Parameter;
    if (typeof high === 'number' && typeof low === 'number') range = high - low;
    else {
      const length = Math.max(...[low, high].map((value) => (typeof value === 'number' ? 1 : value.length)));
      const [from, to] = [stretched(low, length, 'low'), stretched(high, length, 'high')];
      range = Float64Array.from({ length }, (_, i) => to(i) - from(i));
    }
    return this.#affine(size, [low, 'low'], [range, 'high'], () => this.#bits.next_double());
  }

  /** `base + factor * draw()` for every element. */
  #affine(size: Size, base: [Parameter, string], factor: [Parameter, string], draw: Draw): number | NDArray<Float64Array> {
    const lengths = [base[0], factor[0]].map((value) => (typeof value === 'number' ? null : value.length));
    const shape = size === null ? null : as_shape(size);
    if (shape === null && lengths.every((length) => length === null)) {
      return (base[0] as number) + (factor[0] as number) * draw();
    }
    const full = shape ?? [Math.max(...lengths.map((length) => length ?? 1))];
    const values = new Float64Array(size_of(full));
    const bases = stretched(base[0], values.length, base[1]);
    const factors = stretched(factor[0], values.length, factor[1]);
    for (let i = 0; i < values.length; i++) values[i] = bases(i) + factors(i) * draw();
    return with_shape(values, full);
  }

  /**
   * Whole numbers from [low, high), or from [0, low) where there is no `high`.
   * @param size the shape of the array, a `BigInt64Array`; null for one number
   * @throws ValueError if there is no such number
   */
  randint(low: number, high: number | null, size: Shape): NDArray<BigInt64Array>;
  randint(low: number, options: Omit<RandintArguments, 'low'> & { size: Shape }): NDArray<BigInt64Array>;
  randint(low: number, high?: number | null): number;
  randint(...args: Arguments<RandintArguments, ['low', 'high', 'size']>): number | NDArray<BigInt64Array>;
  randint(...args: readonly unknown[]): number | NDArray<BigInt64Array> {
    const { low: first, high: second, size } = parse_randint(args);
    const low = second === null ? 0 : whole(first);
    const high = second === null ? whole(first) : whole(second);
    if (low >= high) throw new ValueError(second === null ? 'high <= 0' : 'low >= high');
    const draw = (): number => low + this.#below_or_at(high - 1 - low);
    if (size === null) return draw();
    const shape = as_shape(size);
    const values = new BigInt64Array(size_of(shape));
    for (let i = 0; i < values.length; i++) values[i] = BigInt(draw());
    return with_shape(values, shape);
  }

  /** A whole number from 0 to `max`, both included. */
  #below_or_at(max: number): number {
    if (max === 0) return 0;
    if (max <= 0xffffffff) {
      const mask = mask_of(max);
      let value: number;
      do value = (this.#bits.next_uint32() & mask) >>> 0;
      while (value > max);
      return value;
    }
    const mask = 2n ** BigInt(BigInt(max).toString(2).length) - 1n;
    let value: bigint;
    do value = this.#bits.next_uint64() & mask;
    while (value > BigInt(max));
    return Number(value);
  }

  /**
   * Brings the items of an array, or the rows of a typed array with a shape, into another order, in place.
   */
  shuffle(x: unknown[] | TypedArray): void {
    if (Array.isArray(x)) {
      for (let i = x.length - 1; i > 0; i--) {
        const j = this.#below_or_at(i);
        [x[i], x[j]] = [x[j], x[i]];
      }
      return;
    }
    if (!ArrayBuffer.isView(x)) throw new TypeError(`object of type '${type_name(x)}' cannot be shuffled`);
    const width = row_length(x);
    for (let i = (shape_of(x)[0] ?? 0) - 1; i > 0; i--) {
      const j = this.#below_or_at(i);
      for (let k = 0; k < width; k++) {
        const item = x[i * width + k]!;
        x[i * width + k] = x[j * width + k]!;
        x[j * width + k] = item;
      }
    }
  }

  /** The order of `length` things after a shuffle. */
  #shuffled_indices(length: number): number[] {
    const indices = Array.from({ length }, (_, i) => i);
    this.shuffle(indices);
    return indices;
  }

  /**
   * The numbers below `x`, or the items (rows) of the array `x`, in another order. Always a new array.
   */
  permutation(x: number): NDArray<BigInt64Array>;
  permutation<T extends TypedArray>(x: T): NDArray<T>;
  permutation<T>(x: readonly T[]): T[];
  permutation(x: number | TypedArray | readonly unknown[]): unknown {
    if (typeof x === 'number') {
      const order = this.#shuffled_indices(Math.max(0, whole(x)));
      return with_shape(BigInt64Array.from(order, BigInt), [order.length]);
    }
    if (Array.isArray(x)) return this.#shuffled_indices(x.length).map((i) => x[i] as unknown);
    if (!ArrayBuffer.isView(x)) throw new IndexError('x must be an integer or at least 1-dimensional');
    return take_rows(x, this.#shuffled_indices(shape_of(x)[0] ?? 0));
  }

  /**
   * Items of `a`, or numbers below it.
   * @param size the shape of what is drawn; null for one item
   * @param replace whether an item may come more than once (default: true)
   * @param p how probable each item is; all the same where nothing is said
   * @returns an item, or an array: numbers as a `BigInt64Array`, items of a typed array as one of its kind
   * @throws ValueError for probabilities that make no sense, or a sample that is larger than what there is
   */
  choice<T>(a: readonly T[], options?: { size?: null; replace?: boolean; p?: ChoiceArguments['p'] }): T;
  choice(a: number, options?: { size?: null; replace?: boolean; p?: ChoiceArguments['p'] }): number;
  choice<T>(a: readonly T[], size: number | readonly number[], ...rest: unknown[]): T[];
  choice(a: number, size: number | readonly number[], ...rest: unknown[]): NDArray<BigInt64Array>;
  choice<T extends TypedArray>(a: T, size: number | readonly number[], ...rest: unknown[]): NDArray<T>;
  choice(...args: Arguments<ChoiceArguments, ['a', 'size', 'replace', 'p']>): unknown;
  choice(...args: readonly unknown[]): unknown {
    const { a, size, replace, p } = parse_choice(args);
    const count = typeof a === 'number' ? whole(a) : ArrayBuffer.isView(a) ? (shape_of(a)[0] ?? 0) : a.length;
    const shape = size === null ? [] : as_shape(size);
    const wanted = size_of(shape);
    if (count <= 0 && wanted !== 0) {
      throw new ValueError(
        typeof a === 'number'
          ? 'a must be greater than 0 unless no samples are taken'
          : "'a' cannot be empty unless no samples are taken",
      );
    }
    if (p !== null) check_probabilities(p, count);
    const indices = replace ? this.#with_replacement(count, wanted, p) : this.#without_replacement(count, wanted, p);
    if (size === null) {
      const index = indices[0]!;
      if (typeof a === 'number') return index;
      return ArrayBuffer.isView(a) && shape_of(a).length > 1 ? take_rows(a, [index]) : a[index];
    }
    if (typeof a === 'number') return with_shape(BigInt64Array.from(indices, BigInt), shape);
    if (ArrayBuffer.isView(a)) {
      const rows = take_rows(a, indices);
      return with_shape(rows, [...shape, ...rows.shape.slice(1)]);
    }
    return indices.map((index) => (a as readonly unknown[])[index]);
  }

  #with_replacement(count: number, wanted: number, p: ArrayLike<number> | null): number[] {
    if (p === null) return Array.from({ length: wanted }, () => this.#below_or_at(count - 1));
    const edges = cumulative(p);
    return Array.from({ length: wanted }, () => first_above(edges, this.#bits.next_double()));
  }

  #without_replacement(count: number, wanted: number, p: ArrayLike<number> | null): number[] {
    if (wanted > count) throw new ValueError("Cannot take a larger sample than population when 'replace=False'");
    if (p === null) return this.#shuffled_indices(count).slice(0, wanted);
    const left = Float64Array.from(p);
    if (left.filter((value) => value > 0).length < wanted) throw new ValueError('Fewer non-zero entries in p than size');
    const found = new Set<number>();
    while (found.size < wanted) {
      // What has been found cannot come again; all that is drawn in one go comes from the same probabilities.
      for (const index of found) left[index] = 0;
      const edges = cumulative(left);
      const drawn = Array.from({ length: wanted - found.size }, () => this.#bits.next_double());
      for (const value of drawn) found.add(first_above(edges, value));
    }
    return [...found];
  }
}

function check_probabilities(p: ArrayLike<number>, count: number): void {
  if (p.length !== count) throw new ValueError("'a' and 'p' must have same size");
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i])) throw new ValueError('probabilities contain NaN');
    if (!(p[i]! >= 0)) throw new ValueError('probabilities are not non-negative');
    sum += p[i]!;
  }
  if (Math.abs(sum - 1) > 1.5e-8) {
    throw new ValueError('probabilities do not sum to 1');
  }
}
