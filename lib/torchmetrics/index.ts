/**
 * `torchmetrics`: numbers that tell how good a model is, gathered batch by batch.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export { CatMetric, MaxMetric, MeanMetric, MinMetric, SumMetric } from './aggregation.ts';
export { Accuracy, ConfusionMatrix, F1Score, Precision, Recall, Specificity } from './classification/index.ts';
export * as classification from './classification/index.ts';
export { type AddStateOptions, Metric, type MetricOptions, type MetricState, type Reduction } from './metric.ts';
export * as functional from './functional/index.ts';
