/**
 * `torchmetrics.classification`: the metrics of each task.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * from './confusion_matrix.ts';
export * from './stat_scores.ts';
