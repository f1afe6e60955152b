/**
 * `torchmetrics.classification`: the metrics of each task.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * from './average_precision.ts';
export * from './auroc.ts';
export * from './calibration_error.ts';
export * from './cohen_kappa.ts';
export * from './confusion_matrix.ts';
export * from './exact_match.ts';
export * from './hinge.ts';
export * from './jaccard.ts';
export * from './matthews_corrcoef.ts';
export * from './precision_recall_curve.ts';
export * from './roc.ts';
export * from './stat_scores.ts';
