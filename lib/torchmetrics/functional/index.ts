/**
 * `torchmetrics.functional`: the scores of one batch, without a metric that gathers.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * as classification from './classification.ts';
export {
  accuracy,
  auroc,
  average_precision,
  calibration_error,
  cohen_kappa,
  confusion_matrix,
  exact_match,
  f1_score,
  fbeta_score,
  hamming_distance,
  hinge_loss,
  jaccard_index,
  matthews_corrcoef,
  negative_predictive_value,
  precision,
  precision_recall_curve,
  recall,
  roc,
  specificity,
  stat_scores,
} from './classification.ts';
export * as image from './image.ts';
export * from './pairwise.ts';
export * from './regression.ts';
export * as regression from './regression.ts';
