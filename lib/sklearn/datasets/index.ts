/**
 * `sklearn.datasets`: small data sets to try a model on. What they give is double precision; `torch.from_numpy` makes
 * a tensor of it.
 *
 * @see https://scikit-learn.org/stable/api/sklearn.datasets.html
 */
export {
  make_classification,
  type MakeClassificationArguments,
  make_regression,
  type MakeRegressionArguments,
} from './problems.ts';
export {
  make_blobs,
  type MakeBlobsArguments,
  make_circles,
  type MakeCirclesArguments,
  make_moons,
  type MakeMoonsArguments,
  type SampleCount,
} from './shapes.ts';
export type { Dataset } from './shuffle_samples.ts';
