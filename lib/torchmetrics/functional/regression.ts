/** The scores of one batch of predicted numbers and true ones: what the metrics of the same names give of it. */
import * as metrics from '../regression/index.ts';
import type { Tensor } from '../../tensor.ts';
import { batch_function } from './batch.ts';

const SQUARED = [['squared', true], ['num_outputs', 1]] as const;
const OUTPUTS = [['num_outputs', 1]] as const;
const MULTIOUTPUT = [['multioutput', 'uniform_average']] as const;
const R2 = [['adjusted', 0], ...MULTIOUTPUT] as const;
const REDUCTION = [['reduction', 'sum']] as const;
const NONE = [] as const;

/** How many numbers are predicted for each sample: as many as a tensor has columns. */
const outputs = (preds: Tensor): number => (preds.ndim > 1 ? preds.shape[1]! : 1);

/**
 * What `MeanSquaredError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_error.html
 */
export const mean_squared_error = batch_function<metrics.SquaredErrorArguments, typeof SQUARED>(
  'mean_squared_error', SQUARED, (options) => new metrics.MeanSquaredError(options),
);

/**
 * What `MeanAbsoluteError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_error.html
 */
export const mean_absolute_error = batch_function<metrics.OutputsArguments, typeof OUTPUTS>(
  'mean_absolute_error', OUTPUTS, (options) => new metrics.MeanAbsoluteError(options),
);

/**
 * What `MeanAbsolutePercentageError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_absolute_percentage_error.html
 */
export const mean_absolute_percentage_error = batch_function<object, typeof NONE>(
  'mean_absolute_percentage_error', NONE, () => new metrics.MeanAbsolutePercentageError(),
);

/**
 * What `SymmetricMeanAbsolutePercentageError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/symmetric_mean_absolute_percentage_error.html
 */
export const symmetric_mean_absolute_percentage_error = batch_function<object, typeof NONE>(
  'symmetric_mean_absolute_percentage_error', NONE, () => new metrics.SymmetricMeanAbsolutePercentageError(),
);

/**
 * What `WeightedMeanAbsolutePercentageError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/weighted_mean_absolute_percentage_error.html
 */
export const weighted_mean_absolute_percentage_error = batch_function<object, typeof NONE>(
  'weighted_mean_absolute_percentage_error', NONE, () => new metrics.WeightedMeanAbsolutePercentageError(),
);

/**
 * What `MeanSquaredLogError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/mean_squared_log_error.html
 */
export const mean_squared_log_error = batch_function<object, typeof NONE>(
  'mean_squared_log_error', NONE, () => new metrics.MeanSquaredLogError(),
);

/**
 * What `R2Score` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/r2_score.html
 */
export const r2_score = batch_function<metrics.R2ScoreArguments, typeof R2>(
  'r2_score', R2, (options) => new metrics.R2Score(options),
);

/**
 * What `ExplainedVariance` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/explained_variance.html
 */
export const explained_variance = batch_function<metrics.ExplainedVarianceArguments, typeof MULTIOUTPUT>(
  'explained_variance', MULTIOUTPUT, (options) => new metrics.ExplainedVariance(options),
);

/**
 * What `CosineSimilarity` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/cosine_similarity.html
 */
export const cosine_similarity = batch_function<metrics.CosineSimilarityArguments, typeof REDUCTION>(
  'cosine_similarity', REDUCTION, (options) => new metrics.CosineSimilarity(options),
);

/**
 * What `LogCoshError` gives of one batch, for each column of it.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/log_cosh_error.html
 */
export const log_cosh_error = batch_function<object, typeof NONE>('log_cosh_error', NONE, () => (preds, target) =>
  new metrics.LogCoshError(outputs(preds))(preds, target),
);

/**
 * What `PearsonCorrCoef` gives of one batch, for each column of it.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/pearson_corr_coef.html
 */
export const pearson_corrcoef = batch_function<object, typeof NONE>('pearson_corrcoef', NONE, () => (preds, target) =>
  new metrics.PearsonCorrCoef(outputs(preds))(preds, target),
);

/**
 * What `ConcordanceCorrCoef` gives of one batch, for each column of it.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/concordance_corr_coef.html
 */
export const concordance_corrcoef = batch_function<object, typeof NONE>(
  'concordance_corrcoef', NONE, () => (preds, target) =>
    new metrics.ConcordanceCorrCoef(outputs(preds))(preds, target).reshape(-1),
);

/**
 * What `SpearmanCorrCoef` gives of one batch, for each column of it.
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/spearman_corr_coef.html
 */
export const spearman_corrcoef = batch_function<object, typeof NONE>('spearman_corrcoef', NONE, () => (preds, target) =>
  new metrics.SpearmanCorrCoef(outputs(preds))(preds, target),
);
