/** Problems of classification and of regression, with features that matter and features that do not. */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { type NDArray, with_shape } from '../../numpy/array.ts';
import type { RandomState } from '../../numpy/random/random_state.ts';
import { check_count } from '../utils/invalid_parameter.ts';
import { check_random_state, type RandomStateLike } from '../utils/random_state.ts';
import { add_noise } from './shapes.ts';
import { type Dataset, sequence, shuffle_samples } from './shuffle_samples.ts';

export interface MakeClassificationArguments {
  n_samples?: number;
  n_features?: number;
  n_informative?: number;
  n_redundant?: number;
  n_repeated?: number;
  n_classes?: number;
  n_clusters_per_class?: number;
  weights?: readonly number[] | null;
  flip_y?: number;
  class_sep?: number;
  hypercube?: boolean;
  shift?: number | null;
  scale?: number | null;
  shuffle?: boolean;
  random_state?: RandomStateLike;
}
export interface MakeRegressionArguments {
  n_samples?: number;
  n_features?: number;
  n_informative?: number;
  n_targets?: number;
  bias?: number;
  noise?: number;
  shuffle?: boolean;
  coef?: boolean;
  random_state?: RandomStateLike;
}

const parse_classification = signature<MakeClassificationArguments>(
  'make_classification',
  [['n_samples', 100], ['n_features', 20]],
  [
    ['n_informative', 2], ['n_redundant', 2], ['n_repeated', 0], ['n_classes', 2], ['n_clusters_per_class', 2],
    ['weights', null], ['flip_y', 0.01], ['class_sep', 1], ['hypercube', true], ['shift', 0], ['scale', 1],
    ['shuffle', true], ['random_state', null],
  ],
);
const parse_regression = signature<MakeRegressionArguments>(
  'make_regression',
  [['n_samples', 100], ['n_features', 100]],
  [
    ['n_informative', 10], ['n_targets', 1], ['bias', 0], ['noise', 0], ['shuffle', true], ['coef', false],
    ['random_state', null],
  ],
);

/** Sets `out[:, at:at+n] = rows[:, from:from+k] @ factor` for rows of a matrix that is `width` wide. */
function multiply_into(
  out: Float64Array, width: number, rows: [first: number, last: number], k: number, at: number, n: number,
  factor: Float64Array,
): void {
  const products = new Float64Array(n);
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += out[row * width + i]! * factor[i * n + j]!;
      products[j] = sum;
    }
    out.set(products, row * width + at);
  }
}

/** Columns of a matrix in another order. */
function reorder_columns(X: Float64Array, width: number, order: readonly number[]): void {
  for (let start = 0; start < X.length; start += width) {
    const row = X.slice(start, start + width);
    order.forEach((from, to) => {
      X[start + to] = row[from]!;
    });
  }
}

/** `count` different corners of a cube of `dimensions` dimensions, each 0 or 1 in each of them. */
function hypercube_corners(count: number, dimensions: number, generator: RandomState): number[][] {
  if (dimensions > 30) {
    const free = Array.from({ length: count }, () =>
      Array.from({ length: dimensions - 30 }, () => generator.randint(2)),
    );
    return hypercube_corners(count, 30, generator).map((corner, i) => [...free[i]!, ...corner]);
  }
  const corners = sample_without_replacement(2 ** dimensions, count, generator);
  return corners.map((corner) => sequence(dimensions).map((bit) => (corner >>> (dimensions - 1 - bit)) & 1));
}

/** `count` different numbers below `population`, as scikit-learn draws them: the way depends on their share. */
function sample_without_replacement(population: number, count: number, generator: RandomState): number[] {
  const share = count / population;
  if (share > 0.01 && share < 0.99) return Array.from(generator.permutation(population).subarray(0, count), Number);
  if (share <= 0.01) {
    const found = new Set<number>();
    while (found.size < count) found.add(generator.randint(population));
    return [...found];
  }
  const result = sequence(count);
  for (let i = count; i < population; i++) {
    const j = generator.randint(0, i + 1);
    if (j < count) result[j] = i;
  }
  return result;
}

/**
 * A problem of classification: clouds of points around the corners of a cube, some features that are mixtures of those
 * that matter, some that are repeated and some that are noise.
 *
 * @param n_samples how many points there are (default: 100)
 * @param n_features how many features there are in all (default: 20)
 * @param n_informative how many features tell the class (default: 2)
 * @param n_redundant how many are sums of those (default: 2)
 * @param n_repeated how many are copies of those and the sums (default: 0)
 * @param n_classes how many classes there are (default: 2)
 * @param n_clusters_per_class how many clouds belong to a class (default: 2)
 * @param weights how large the share of each class is; null for equal shares
 * @param flip_y the share of labels that are left to chance (default: 0.01)
 * @param class_sep how far the clouds are apart (default: 1)
 * @param shift what is added to all features (null: random numbers), and `scale` what they are multiplied by
 * @returns `X` of shape (n_samples, n_features) and `y`
 * @throws ValueError if the numbers of features, classes and clouds do not fit together
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_classification.html
 */
export function make_classification(
  ...args: Arguments<MakeClassificationArguments, ['n_samples', 'n_features']>
): Dataset {
  const options = parse_classification(args);
  const { n_samples, n_features: width, n_informative, n_redundant, n_repeated, n_classes, weights } = options;
  const { n_clusters_per_class, flip_y, class_sep } = options;
  for (const name of ['n_samples', 'n_features', 'n_informative', 'n_classes', 'n_clusters_per_class'] as const) {
    check_count('make_classification', name, options[name], 1);
  }
  for (const name of ['n_redundant', 'n_repeated'] as const) check_count('make_classification', name, options[name]);
  const generator = check_random_state(options.random_state, 'make_classification');
  if (n_informative + n_redundant + n_repeated > width) {
    throw new ValueError(
      'Number of informative, redundant and repeated features must sum to less than the number of total features',
    );
  }
  if (n_informative < Math.log2(n_classes * n_clusters_per_class)) {
    throw new ValueError(
      `n_classes(${n_classes}) * n_clusters_per_class(${n_clusters_per_class}) must be smaller or equal ` +
        `2**n_informative(${n_informative})=${2 ** n_informative}`,
    );
  }
  let shares = weights ?? new Array<number>(n_classes).fill(1 / n_classes);
  if (shares.length !== n_classes && shares.length !== n_classes - 1) {
    throw new ValueError('Weights specified but incompatible with number of classes.');
  }
  if (shares.length === n_classes - 1) shares = [...shares, 1 - shares.reduce((sum, share) => sum + share, 0)];

  const clusters = n_classes * n_clusters_per_class;
  const counts = sequence(clusters).map((k) =>
    Math.trunc((n_samples * shares[k % n_classes]!) / n_clusters_per_class),
  );
  const missing = n_samples - counts.reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < missing; i++) counts[i % clusters]!++;

  let X: NDArray<Float64Array> = with_shape(new Float64Array(n_samples * width), [n_samples, width]);
  let y: NDArray<BigInt64Array> = with_shape(new BigInt64Array(n_samples), [n_samples]);
  const centroids = hypercube_corners(clusters, n_informative, generator).map((corner) =>
    corner.map((side) => side * (2 * class_sep) - class_sep),
  );
  if (!options.hypercube) {
    const by_row = generator.uniform({ size: [clusters, 1] });
    centroids.forEach((centroid, i) => centroid.forEach((_, j) => (centroid[j]! *= by_row[i]!)));
    const by_column = generator.uniform({ size: [1, n_informative] });
    for (const centroid of centroids) centroid.forEach((_, j) => (centroid[j]! *= by_column[j]!));
  }
  const informative = generator.standard_normal({ size: [n_samples, n_informative] });
  for (let i = 0; i < n_samples; i++) {
    X.set(informative.subarray(i * n_informative, (i + 1) * n_informative), i * width);
  }
  let stop = 0;
  centroids.forEach((centroid, k) => {
    const start = stop;
    stop += counts[k]!;
    y.fill(BigInt(k % n_classes), start, stop);
    const mixture = generator.uniform({ size: [n_informative, n_informative] }).map((value) => 2 * value - 1);
    multiply_into(X, width, [start, stop], n_informative, 0, n_informative, mixture);
    for (let i = start; i < stop; i++) centroid.forEach((value, j) => (X[i * width + j]! += value));
  });
  if (n_redundant > 0) {
    const mixture = generator.uniform({ size: [n_informative, n_redundant] }).map((value) => 2 * value - 1);
    multiply_into(X, width, [0, n_samples], n_informative, n_informative, n_redundant, mixture);
  }
  const useful = n_informative + n_redundant;
  if (n_repeated > 0) {
    const sources = generator.uniform({ size: n_repeated }).map((value) => Math.trunc((useful - 1) * value + 0.5));
    for (let i = 0; i < n_samples; i++) {
      sources.forEach((source, j) => (X[i * width + useful + j] = X[i * width + source]!));
    }
  }
  const random = width - useful - n_repeated;
  if (random > 0) {
    const noise = generator.standard_normal({ size: [n_samples, random] });
    for (let i = 0; i < n_samples; i++) X.set(noise.subarray(i * random, (i + 1) * random), (i + 1) * width - random);
  }
  if (flip_y >= 0) {
    const flipped = sequence(n_samples).filter(
      (() => {
        const drawn = generator.uniform({ size: n_samples });
        return (i: number) => drawn[i]! < flip_y;
      })(),
    );
    const labels = generator.randint(n_classes, { size: flipped.length });
    flipped.forEach((i, j) => (y[i] = labels[j]!));
  }
  const shift = options.shift ?? generator.uniform({ size: width }).map((value) => (2 * value - 1) * class_sep);
  const scale_before = options.scale;
  const scale = scale_before ?? generator.uniform({ size: width }).map((value) => 1 + 100 * value);
  for (let i = 0; i < X.length; i++) {
    X[i] = (X[i]! + (typeof shift === 'number' ? shift : shift[i % width]!)) *
      (typeof scale === 'number' ? scale : scale[i % width]!);
  }
  if (options.shuffle) {
    [X, y] = shuffle_samples(X, y, generator);
    const order = sequence(width);
    generator.shuffle(order);
    reorder_columns(X, width, order);
  }
  return [X, y];
}

/**
 * A problem of regression: `y` is a sum of some of the features, perhaps with noise.
 *
 * @param n_samples how many samples there are (default: 100)
 * @param n_features how many features there are (default: 100)
 * @param n_informative how many of them matter (default: 10)
 * @param n_targets how many sums there are (default: 1)
 * @param bias what is added to the sums (default: 0)
 * @param noise the standard deviation of the noise (default: 0)
 * @param coef give the coefficients of the features, too? (default: false)
 * @returns `X` of shape (n_samples, n_features), `y` of shape (n_samples,) or (n_samples, n_targets), and perhaps the
 *   coefficients, of shape (n_features,) or (n_features, n_targets)
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_regression.html
 */
export function make_regression(
  options: MakeRegressionArguments & { coef: true },
): [...Dataset<Float64Array>, coef: NDArray<Float64Array>];
export function make_regression(
  ...args: Arguments<MakeRegressionArguments, ['n_samples', 'n_features']>
): Dataset<Float64Array>;
export function make_regression(...args: readonly unknown[]): unknown[] {
  const options = parse_regression(args);
  const { n_samples, n_features: width, n_targets, bias, noise } = options;
  for (const name of ['n_samples', 'n_features', 'n_targets'] as const) {
    check_count('make_regression', name, options[name], 1);
  }
  check_count('make_regression', 'n_informative', options.n_informative);
  const n_informative = Math.min(width, options.n_informative);
  const generator = check_random_state(options.random_state, 'make_regression');
  let X = generator.standard_normal({ size: [n_samples, width] });
  const coefficients = new Float64Array(width * n_targets);
  coefficients.set(generator.uniform({ size: [n_informative, n_targets] }).map((value) => 100 * value));
  let y: NDArray<Float64Array> = with_shape(new Float64Array(n_samples * n_targets), [n_samples, n_targets]);
  for (let i = 0; i < n_samples; i++) {
    for (let j = 0; j < n_targets; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += X[i * width + k]! * coefficients[k * n_targets + j]!;
      y[i * n_targets + j] = sum + bias;
    }
  }
  if (noise > 0) add_noise(y, noise, generator);
  let ordered: Float64Array = coefficients;
  if (options.shuffle) {
    [X, y] = shuffle_samples(X, y, generator);
    const order = sequence(width);
    generator.shuffle(order);
    reorder_columns(X, width, order);
    ordered = Float64Array.from(coefficients, (_, i) => {
      const row = Math.floor(i / n_targets);
      return coefficients[order[row]! * n_targets + (i % n_targets)]!;
    });
  }
  const squeezed = (values: Float64Array, rows: number): NDArray<Float64Array> =>
    with_shape(values, [rows, n_targets].filter((size) => size !== 1));
  const result = [X, squeezed(y, n_samples)];
  return options.coef ? [...result, squeezed(ordered, width)] : result;
}
