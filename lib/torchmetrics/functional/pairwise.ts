/** Distances and similarities of every row of one matrix to every row of another. */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

export interface PairwiseArguments {
  /** (N, d) */
  x: Tensor;
  /** (M, d); null (default) takes `x` */
  y?: Tensor | null;
  /** What becomes of each row: its mean, its sum, or itself (default) */
  reduction?: 'mean' | 'sum' | 'none' | null;
  /** Set the diagonal to zero? (default: where there is no `y`) */
  zero_diagonal?: boolean | null;
}
export interface PairwiseMinkowskiArguments extends PairwiseArguments {
  /** (default: 2) */
  exponent?: number;
}
type Pairwise = (...args: Arguments<PairwiseArguments, ['x', 'y', 'reduction', 'zero_diagonal']>) => Tensor;

/** The (N, M) of rows, or what becomes of it. */
function all_pairs(given: Required<PairwiseArguments>, pairs: (x: Tensor, y: Tensor) => Tensor): Tensor {
  const { x, reduction } = given;
  const zero_diagonal = given.zero_diagonal ?? given.y === null;
  if (x.ndim !== 2) {
    throw new ValueError(`Expected argument \`x\` to be a 2D tensor of shape \`[N, d]\` but got ${String(x.shape)}`);
  }
  const y = given.y ?? x;
  if (y.ndim !== 2 || y.shape[1] !== x.shape[1]) {
    throw new ValueError(
      'Expected argument `y` to be a 2D tensor of shape `[M, d]` where `d` should be same as the last dimension of `x`',
    );
  }
  let result = pairs(x, y);
  if (zero_diagonal) {
    const [rows, columns] = result.shape.map((size) => aten.arange(size, { device: x.device })) as [Tensor, Tensor];
    result = result.masked_fill(rows.unsqueeze(1).eq(columns), 0);
  }
  if (reduction === 'mean') return result.mean(-1);
  if (reduction === 'sum') return result.sum(-1);
  if (reduction === null || reduction === 'none') return result;
  throw new ValueError(`Expected reduction to be one of \`['mean', 'sum', None]\` but got ${String(reduction)}`);
}

const REST = [['reduction', null], ['zero_diagonal', null]] as const;

function pairwise(name: string, pairs: (x: Tensor, y: Tensor) => Tensor): Pairwise {
  const parse = signature<PairwiseArguments>(name, ['x', ['y', null], ...REST]);
  return (...args) => all_pairs(parse(args), pairs);
}

/**
 * The cosine of the angle between every row of `x` and every row of `y`: (N, M).
 * @throws ValueError for what is no matrix, and for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/pairwise/cosine_similarity.html
 */
export const pairwise_cosine_similarity: Pairwise = pairwise('pairwise_cosine_similarity', (x, y) => {
  const unit = (rows: Tensor): Tensor => rows.div(rows.norm(2, 1, true));
  return unit(x).matmul(unit(y).t());
});

/**
 * The distance of every row of `x` to every row of `y`: (N, M).
 * @throws ValueError for what is no matrix, and for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/pairwise/euclidean_distance.html
 */
export const pairwise_euclidean_distance: Pairwise = pairwise('pairwise_euclidean_distance', (x, y) => {
  // In double precision, as in Python: differences of large squares.
  const [a, b] = [x.double(), y.double()];
  const squares = a.pow(2).sum(1, { keepdim: true }).add(b.pow(2).sum(1)).sub(a.matmul(b.t()).mul(2));
  return squares.clamp({ min: 0 }).to(x.dtype).sqrt();
});

/**
 * The scalar product of every row of `x` and every row of `y`: (N, M).
 * @throws ValueError for what is no matrix, and for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/pairwise/linear_similarity.html
 */
export const pairwise_linear_similarity: Pairwise = pairwise('pairwise_linear_similarity', (x, y) => x.matmul(y.t()));

/**
 * The sum of the differences, without their sign, of every row of `x` to every row of `y`: (N, M).
 * @throws ValueError for what is no matrix, and for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/pairwise/manhattan_distance.html
 */
export const pairwise_manhattan_distance: Pairwise = pairwise('pairwise_manhattan_distance', (x, y) =>
  x.unsqueeze(1).sub(y.unsqueeze(0)).abs().sum(-1),
);

const parse_minkowski = signature<PairwiseMinkowskiArguments>('pairwise_minkowski_distance', [
  'x', ['y', null], ['exponent', 2], ...REST,
]);

/**
 * The Minkowski distance of every row of `x` to every row of `y`: (N, M).
 * @throws ValueError for what is no matrix, and for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/pairwise/minkowski_distance.html
 */
export function pairwise_minkowski_distance(
  ...args: Arguments<PairwiseMinkowskiArguments, ['x', 'y', 'exponent', 'reduction', 'zero_diagonal']>
): Tensor {
  const { exponent, ...given } = parse_minkowski(args);
  return all_pairs(given, (x, y) =>
    x.unsqueeze(1).sub(y.unsqueeze(0)).abs().pow(exponent).sum(-1).pow(1 / exponent),
  );
}
