/** scikit-learn's data sets, splits and scores, as sessions in Python went: scripts/fixtures/companions_sklearn.py. */
import { createHash } from 'node:crypto';
import torch, { type Tensor } from 'tstorch';
import * as np from 'tstorch/numpy';
import { datasets, metrics, model_selection } from 'tstorch/sklearn';
import { make_blobs, make_circles } from 'tstorch/sklearn/datasets';
import { train_test_split } from 'tstorch/sklearn/model_selection';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { test_sessions } from '../sessions.ts';

type Part = ArrayLike<number | bigint>;

function hash(values: Float64Array): string {
  return createHash('sha256').update(values).digest('hex').slice(0, 16);
}
const numbers = (parts: Part[]): number[] => parts.flatMap((part) => Array.from(part, Number));

describe('sessions', () => {
  test_sessions('companions_sklearn', () => ({
    ...datasets,
    ...model_selection,
    np,
    metrics,
    tensors: (arrays: np.NDArray[]) => arrays.map((array) => torch.from_numpy(array)),
    digest: (parts: Part[]) => hash(Float64Array.from(numbers(parts))),
    rounded: (parts: Part[]) => hash(Float64Array.from(numbers(parts), Math.fround)),
    sequence: (n: number) => Array.from({ length: n }, (_, i) => i),
    t: torch.from_numpy,
    matrix: () => torch.arange(12, { dtype: torch.float64 }).reshape(6, 2).numpy(),
    plain: (parts: unknown) => parts,
  }));
});

test('what a split holds is of the kind that was split', () => {
  const [X, y] = make_circles(8, { random_state: 1 });
  const [X_train, , y_train, y_test] = train_test_split(torch.from_numpy(X).float(), y, { test_size: 0.5 });
  expectTypeOf(X_train).toEqualTypeOf<Tensor>();
  expectTypeOf(y_train).toEqualTypeOf<np.NDArray<BigInt64Array>>();
  expect([String(X_train.shape), String(X_train.dtype)]).toEqual(['torch.Size([4, 2])', 'torch.float32']);
  expect([y_train.shape, y_test.shape]).toEqual([[4], [4]]);
  const [, , centers] = make_blobs(4, { centers: 2, return_centers: true });
  expect(centers.shape).toEqual([2, 2]);
});
