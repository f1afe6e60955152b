/**
 * The pieces of scikit-learn that PyTorch courses use: small data sets, splits, scores. Random numbers are NumPy's.
 *
 * @see https://scikit-learn.org/stable/api/index.html
 */
export * as datasets from './datasets/index.ts';
export * as metrics from './metrics/index.ts';
export * as model_selection from './model_selection/index.ts';
