/** Points on plain shapes: circles, moons, blobs. */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { type NDArray, shape_of, with_shape } from '../../numpy/array.ts';
import type { RandomState } from '../../numpy/random/random_state.ts';
import { cos, sin } from '../../numpy/trigonometry.ts';
import { check_count, check_parameter } from '../utils/invalid_parameter.ts';
import { check_random_state, type RandomStateLike } from '../utils/random_state.ts';
import { type Dataset, shuffle_samples } from './shuffle_samples.ts';

/** How many points there are in all, or in each of the two shapes. */
export type SampleCount = number | readonly [outer: number, inner: number];

export interface MakeCirclesArguments {
  n_samples?: SampleCount;
  shuffle?: boolean;
  noise?: number | null;
  random_state?: RandomStateLike;
  factor?: number;
}
export type MakeMoonsArguments = Omit<MakeCirclesArguments, 'factor'>;
export interface MakeBlobsArguments {
  n_samples?: number | readonly number[];
  n_features?: number;
  centers?: number | NDArray<Float64Array> | readonly (readonly number[])[] | null;
  cluster_std?: number | readonly number[];
  center_box?: readonly [low: number, high: number];
  shuffle?: boolean;
  random_state?: RandomStateLike;
  return_centers?: boolean;
}

const parse_circles = signature<MakeCirclesArguments>(
  'make_circles',
  [['n_samples', 100]],
  [['shuffle', true], ['noise', null], ['random_state', null], ['factor', 0.8]],
);
const parse_moons = signature<MakeMoonsArguments>(
  'make_moons',
  [['n_samples', 100]],
  [['shuffle', true], ['noise', null], ['random_state', null]],
);
const parse_blobs = signature<MakeBlobsArguments>(
  'make_blobs',
  [['n_samples', 100], ['n_features', 2]],
  [
    ['centers', null], ['cluster_std', 1], ['center_box', [-10, 10]], ['shuffle', true], ['random_state', null],
    ['return_centers', false],
  ],
);

/** `count` numbers from 0 to `stop`, evenly spaced, the last of them `stop` itself if `endpoint`. */
function linspace(stop: number, count: number, endpoint: boolean): Float64Array {
  const step = stop / (endpoint ? count - 1 : count);
  const values = Float64Array.from({ length: count }, (_, i) => i * step);
  if (endpoint && count > 1) values[count - 1] = stop;
  return count === 1 ? values.fill(0) : values;
}

/** Points of two shapes, the first with the label 0, the second with 1; then another order, then noise. */
function two_shapes(
  owner: string,
  options: Required<MakeMoonsArguments>,
  points: (outer: number, inner: number) => [x: number, y: number][],
): Dataset {
  const { n_samples, shuffle, noise, random_state } = options;
  let outer: number, inner: number;
  if (Array.isArray(n_samples)) {
    if (n_samples.length !== 2) {
      throw new ValueError(
        owner === 'make_moons'
          ? '`n_samples` can be either an int or a two-element tuple.'
          : 'When a tuple, n_samples must have exactly two elements.',
      );
    }
    [outer, inner] = n_samples as unknown as [number, number];
    for (const count of [outer, inner]) check_count(owner, 'n_samples', count);
  } else {
    check_count(owner, 'n_samples', n_samples, 0, " or an instance of 'tuple'");
    outer = Math.floor((n_samples as number) / 2);
    inner = (n_samples as number) - outer;
  }
  if (noise !== null) {
    check_parameter(owner, 'noise', noise, noise >= 0, 'a float in the range [0.0, inf) or None');
  }
  const generator = check_random_state(random_state, owner);
  const count = outer + inner;
  let X: NDArray<Float64Array> = with_shape(Float64Array.from(points(outer, inner).flat()), [count, 2]);
  let y: NDArray<BigInt64Array> = with_shape(BigInt64Array.from({ length: count }, (_, i) => (i < outer ? 0n : 1n)), [count]);
  if (shuffle) [X, y] = shuffle_samples(X, y, generator);
  if (noise !== null) add_noise(X, noise, generator);
  return [X, y];
}

/** Adds normally distributed numbers of the standard deviation `scale`. */
export function add_noise(values: NDArray<Float64Array>, scale: number, generator: RandomState): void {
  const noise = generator.normal({ scale, size: shape_of(values) });
  for (let i = 0; i < values.length; i++) values[i]! += noise[i]!;
}

/**
 * A large circle around a smaller one: `const [X, y] = make_circles(1000, { noise: 0.03, random_state: 42 })`.
 *
 * @param n_samples how many points there are, in all or on each circle (default: 100)
 * @param shuffle bring the points into random order? (default: true)
 * @param noise the standard deviation of what is added to the coordinates; null for nothing
 * @param random_state a seed or a generator
 * @param factor the radius of the small circle, that of the large one being 1 (default: 0.8)
 * @returns `X` of shape (n_samples, 2), in double precision, and `y`, 0 for the large circle and 1 for the small one
 * @throws InvalidParameterError for a parameter that is out of its range
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_circles.html
 */
export function make_circles(...args: Arguments<MakeCirclesArguments, ['n_samples']>): Dataset {
  const { factor, ...options } = parse_circles(args);
  check_parameter('make_circles', 'factor', factor, factor >= 0 && factor < 1, 'a float in the range [0.0, 1.0)');
  return two_shapes('make_circles', options, (outer, inner) => [
    ...Array.from(linspace(2 * Math.PI, outer, false), (angle): [number, number] => [cos(angle), sin(angle)]),
    ...Array.from(linspace(2 * Math.PI, inner, false), (angle): [number, number] => [
      cos(angle) * factor,
      sin(angle) * factor,
    ]),
  ]);
}

/**
 * Two half circles that reach into one another.
 *
 * @param n_samples how many points there are, in all or on each moon (default: 100)
 * @param shuffle bring the points into random order? (default: true)
 * @param noise the standard deviation of what is added to the coordinates; null for nothing
 * @param random_state a seed or a generator
 * @returns `X` of shape (n_samples, 2) and `y`, 0 or 1 for each point
 * @throws InvalidParameterError for a parameter that is out of its range
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_moons.html
 */
export function make_moons(...args: Arguments<MakeMoonsArguments, ['n_samples']>): Dataset {
  return two_shapes('make_moons', parse_moons(args), (outer, inner) => [
    ...Array.from(linspace(Math.PI, outer, true), (angle): [number, number] => [cos(angle), sin(angle)]),
    ...Array.from(linspace(Math.PI, inner, true), (angle): [number, number] => [1 - cos(angle), 1 - sin(angle) - 0.5]),
  ]);
}

/**
 * Clouds of normally distributed points.
 *
 * @param n_samples how many points there are, in all or in each cloud (default: 100)
 * @param n_features how many coordinates a point has (default: 2)
 * @param centers how many clouds there are, or where; 3 where nothing is said
 * @param cluster_std the standard deviation of the clouds, or of each (default: 1)
 * @param center_box from where to where the centers are drawn (default: -10 to 10)
 * @param shuffle bring the points into random order? (default: true)
 * @param random_state a seed or a generator
 * @param return_centers give the centers, too? (default: false)
 * @returns `X` of shape (n_samples, n_features), `y`, the number of the cloud of each point, and perhaps the centers
 * @throws ValueError if `cluster_std` or `centers` do not fit the number of clouds
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_blobs.html
 */
export function make_blobs(
  n_samples: number | readonly number[],
  n_features: number,
  options: MakeBlobsArguments & { return_centers: true },
): [...Dataset, centers: NDArray<Float64Array>];
export function make_blobs(
  n_samples: number | readonly number[],
  options: MakeBlobsArguments & { return_centers: true },
): [...Dataset, centers: NDArray<Float64Array>];
export function make_blobs(
  options: MakeBlobsArguments & { return_centers: true },
): [...Dataset, centers: NDArray<Float64Array>];
export function make_blobs(...args: Arguments<MakeBlobsArguments, ['n_samples', 'n_features']>): Dataset;
export function make_blobs(...args: readonly unknown[]): unknown[] {
  const options = parse_blobs(args);
  const { n_samples, cluster_std, center_box, shuffle } = options;
  check_count('make_blobs', 'n_features', options.n_features, 1);
  if (typeof n_samples === 'number') check_count('make_blobs', 'n_samples', n_samples, 1, ' or an array-like');
  const generator = check_random_state(options.random_state, 'make_blobs');
  const given = typeof n_samples === 'number' ? null : n_samples;
  let { centers } = options;
  if (centers === null) centers = given?.length ?? 3;
  let places: NDArray<Float64Array>;
  if (typeof centers === 'number') {
    check_count('make_blobs', 'centers', centers, 1, ', an array-like or None');
    const [low, high] = center_box;
    places = generator.uniform(low, high, [centers, options.n_features]);
  } else if (centers instanceof Float64Array) {
    places = centers;
  } else {
    const rows = centers as readonly (readonly number[])[];
    places = with_shape(Float64Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
  }
  const [clouds, width] = shape_of(places) as [number, number];
  const centers_text = (): string => matrix_text(places);
  if (given !== null && given.length !== clouds) {
    throw new ValueError(
      `Length of \`n_samples\` not consistent with number of centers. Got n_samples = [${given.join(', ')}] and ` +
        `centers = ${centers_text()}`,
    );
  }
  if (typeof cluster_std !== 'number' && cluster_std.length !== clouds) {
    throw new ValueError(
      `Length of \`clusters_std\` not consistent with number of centers. Got centers = ${centers_text()} and ` +
        `cluster_std = [${cluster_std.join(', ')}]`,
    );
  }
  const total = typeof n_samples === 'number' ? n_samples : n_samples.reduce((sum, count) => sum + count, 0);
  const counts = given ?? Array.from({ length: clouds }, (_, i) => Math.floor(total / clouds) + (i < total % clouds ? 1 : 0));
  let X: NDArray<Float64Array> = with_shape(new Float64Array(total * width), [total, width]);
  let y: NDArray<BigInt64Array> = with_shape(new BigInt64Array(total), [total]);
  let start = 0;
  counts.forEach((count, i) => {
    const loc = places.subarray(i * width, (i + 1) * width);
    const scale = typeof cluster_std === 'number' ? cluster_std : cluster_std[i]!;
    X.set(generator.normal(loc, scale, [count, width]), start * width);
    y.fill(BigInt(i), start, start + count);
    start += count;
  });
  if (shuffle) [X, y] = shuffle_samples(X, y, generator);
  return options.return_centers ? [X, y, places] : [X, y];
}

/** A matrix in a message. */
function matrix_text(matrix: NDArray<Float64Array>): string {
  const [rows, width] = shape_of(matrix) as [number, number];
  const row = (i: number): string => `[${Array.from(matrix.subarray(i * width, (i + 1) * width)).join(', ')}]`;
  return `[${Array.from({ length: rows }, (_, i) => row(i)).join(', ')}]`;
}
