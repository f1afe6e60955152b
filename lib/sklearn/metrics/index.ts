/**
 * `sklearn.metrics`: how good predictions are. Labels and numbers may be in arrays, typed arrays or tensors.
 *
 * @see https://scikit-learn.org/stable/api/sklearn.metrics.html
 */
export { accuracy_score, confusion_matrix } from './classification.ts';
export { mean_absolute_error, mean_squared_error, r2_score, root_mean_squared_error } from './regression.ts';
