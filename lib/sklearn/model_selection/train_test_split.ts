import { is_kwargs, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { RandomState } from '../../numpy/random/random_state.ts';
import { repr } from '../../repr.ts';
import { check_parameter } from '../utils/invalid_parameter.ts';
import { check_random_state, type RandomStateLike } from '../utils/random_state.ts';
import { check_consistent_length, labels_of, type Samples, take_samples, unique_labels } from '../utils/rows.ts';

export interface TrainTestSplitOptions {
  /** The share of the test set, or how many samples it has; a quarter where nothing is said. */
  test_size?: number | null;
  /** The share of the training set, or how many samples it has; the rest where nothing is said. */
  train_size?: number | null;
  random_state?: RandomStateLike;
  /** Bring the samples into random order first? (default: true) */
  shuffle?: boolean;
  /** Labels of which both sets are to have the same shares. */
  stratify?: Samples | null;
}

/** The training part and the test part of each of `T`. */
export type Split<T extends readonly Samples[]> = T extends readonly [infer First, ...infer Rest extends readonly Samples[]]
  ? [train: First, test: First, ...rest: Split<Rest>]
  : T extends readonly []
    ? []
    : T[number][];

const parse = signature<TrainTestSplitOptions>(
  'train_test_split',
  [],
  [['test_size', null], ['train_size', null], ['random_state', null], ['shuffle', true], ['stratify', null]],
);

/** Is it a share? A number without a fraction counts samples, but for 0 and 1 the two mean the same or nothing. */
function is_share(size: number | null): size is number {
  return size !== null && !Number.isInteger(size);
}

/** How many samples each part has. */
function sizes(count: number, { test_size: test, train_size: train }: Required<TrainTestSplitOptions>): [number, number] {
  for (const [name, size] of [['test_size', test], ['train_size', train]] as const) {
    const valid = size === null || (is_share(size) ? size > 0 && size < 1 : size >= 1);
    const range = 'a float in the range (0.0, 1.0), an int in the range [1, inf) or None';
    check_parameter('train_test_split', name, size, valid, range);
    if (size !== null && !is_share(size) && size >= count) {
      throw new ValueError(
        `${name}=${size} should be either positive and smaller than the number of samples ${count} or a float in ` +
          'the (0, 1) range',
      );
    }
  }
  if (is_share(train) && is_share(test) && train + test > 1) {
    throw new ValueError(
      `The sum of test_size and train_size = ${train + test}, should be in the (0, 1) range. Reduce test_size and/or ` +
        'train_size.',
    );
  }
  const test_share = test === null && train === null ? 0.25 : test;
  let n_test = is_share(test_share) ? Math.ceil(test_share * count) : test_share;
  let n_train = is_share(train) ? Math.floor(train * count) : train;
  n_train ??= count - n_test!;
  n_test ??= count - n_train;
  if (n_train + n_test > count) {
    throw new ValueError(
      `The sum of train_size and test_size = ${n_train + n_test}, should be smaller than the number of samples ` +
        `${count}. Reduce test_size and/or train_size.`,
    );
  }
  if (n_train === 0) {
    throw new ValueError(
      `With n_samples=${count}, test_size=${repr(test_share)} and train_size=${repr(train)}, the resulting train set ` +
        'will be empty. Adjust any of the aforementioned parameters.',
    );
  }
  return [n_train, n_test];
}

/** `draws` shared among classes as their sizes are, as nearly as whole numbers can; ties are left to chance. */
function approximate_mode(class_counts: readonly number[], draws: number, generator: RandomState): number[] {
  const total = class_counts.reduce((sum, count) => sum + count, 0);
  const exact = class_counts.map((count) => (count / total) * draws);
  const result = exact.map(Math.floor);
  let missing = draws - result.reduce((sum, count) => sum + count, 0);
  const remainders = exact.map((value, i) => value - result[i]!);
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const ties = [...remainders.keys()].filter((i) => remainders[i] === remainder);
    const chosen = generator.choice(ties, Math.min(ties.length, missing), { replace: false });
    for (const i of chosen) result[i]!++;
    missing -= chosen.length;
  }
  return result;
}

/** Indices of both parts, each with the same shares of the classes. */
function stratified(
  labels: readonly unknown[], n_train: number, n_test: number, generator: RandomState,
): [train: number[], test: number[]] {
  const classes = unique_labels([...labels]);
  const members = classes.map((label) => [...labels.keys()].filter((i) => labels[i] === label));
  const counts = members.map((indices) => indices.length);
  if (Math.min(...counts) < 2) {
    const rare = classes.filter((_, i) => counts[i]! < 2).map((label) => repr(label));
    throw new ValueError(
      `The least populated classes in y have only ${Math.min(...counts)} member, which is too few. The minimum number ` +
        'of groups for any class cannot be less than 2. Classes with too few members are: ' +
        `[${rare.join(', ')}]`,
    );
  }
  for (const [name, size] of [['train_size', n_train], ['test_size', n_test]] as const) {
    if (size < classes.length) {
      throw new ValueError(
        `The ${name} = ${size} should be greater or equal to the number of classes = ${classes.length}`,
      );
    }
  }
  const train_counts = approximate_mode(counts, n_train, generator);
  const left = counts.map((count, i) => count - train_counts[i]!);
  const test_counts = approximate_mode(left, n_test, generator);
  const train: number[] = [];
  const test: number[] = [];
  members.forEach((indices, i) => {
    const order = Array.from(generator.permutation(indices.length), (j) => indices[Number(j)]!);
    train.push(...order.slice(0, train_counts[i]));
    test.push(...order.slice(train_counts[i], train_counts[i]! + test_counts[i]!));
  });
  return [generator.permutation(train), generator.permutation(test)];
}

/**
 * Splits samples, and whatever belongs to them, into a training part and a test part:
 *
 * ```ts
 * const [X_train, X_test, y_train, y_test] = train_test_split(X, y, { test_size: 0.2, random_state: 42 });
 * ```
 *
 * @param arrays tensors, arrays or typed arrays with a shape, all of the same length; then the options
 * @returns two of a kind for each of them
 * @throws ValueError for lengths that differ, or sizes that make no sense
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html
 */
export function train_test_split<const T extends readonly Samples[]>(
  ...args: [...arrays: T, options: TrainTestSplitOptions] | T
): Split<T> {
  const last = args.at(-1);
  const arrays = (is_kwargs(last) ? args.slice(0, -1) : args) as Samples[];
  const options = parse(is_kwargs(last) ? [last] : []);
  if (arrays.length === 0) throw new ValueError('At least one array required as input');
  const count = check_consistent_length(...arrays);
  const [n_train, n_test] = sizes(count, options);
  let train: number[], test: number[];
  if (!options.shuffle) {
    if (options.stratify !== null) {
      throw new ValueError('Stratified train/test split is not implemented for shuffle=False');
    }
    train = Array.from({ length: n_train }, (_, i) => i);
    test = Array.from({ length: n_test }, (_, i) => n_train + i);
  } else {
    const generator = check_random_state(options.random_state, 'train_test_split');
    if (options.stratify !== null) {
      check_consistent_length(arrays[0]!, options.stratify);
      [train, test] = stratified(labels_of(options.stratify), n_train, n_test, generator);
    } else {
      const order = Array.from(generator.permutation(count), Number);
      test = order.slice(0, n_test);
      train = order.slice(n_test, n_test + n_train);
    }
  }
  return arrays.flatMap((samples) => [take_samples(samples, train), take_samples(samples, test)]) as Split<T>;
}
