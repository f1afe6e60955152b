/**
 * `sklearn.model_selection`.
 *
 * @see https://scikit-learn.org/stable/api/sklearn.model_selection.html
 */
export { train_test_split, type Split, type TrainTestSplitOptions } from './train_test_split.ts';
