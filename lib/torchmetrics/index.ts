/**
 * `torchmetrics`: numbers that tell how good a model is, gathered batch by batch.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export { CatMetric, MaxMetric, MeanMetric, MinMetric, SumMetric } from './aggregation.ts';
export {
  Accuracy, AUROC, AveragePrecision, CalibrationError, CohenKappa, ConfusionMatrix, ExactMatch, F1Score, FBetaScore,
  HammingDistance, HingeLoss, JaccardIndex, MatthewsCorrCoef, NegativePredictiveValue, Precision, PrecisionRecallCurve,
  Recall, ROC, Specificity, StatScores,
} from './classification/index.ts';
export * as classification from './classification/index.ts';
export { MetricCollection, type MetricCollectionOptions } from './collections.ts';
export {
  type AddStateOptions, CompositionalMetric, Metric, type MetricOptions, type MetricState, type Operand, type Reduction,
} from './metric.ts';
export * as functional from './functional/index.ts';
export * as image from './image/index.ts';
export {
  BootStrapper, ClasswiseWrapper, MetricTracker, MinMaxMetric, RunningMean, RunningSum,
} from './wrappers/index.ts';
export * as wrappers from './wrappers/index.ts';
export * as regression from './regression/index.ts';
export {
  ConcordanceCorrCoef, CosineSimilarity, ExplainedVariance, LogCoshError, MeanAbsoluteError, MeanAbsolutePercentageError,
  MeanSquaredError, MeanSquaredLogError, MinkowskiDistance, PearsonCorrCoef, R2Score, SpearmanCorrCoef,
  SymmetricMeanAbsolutePercentageError, WeightedMeanAbsolutePercentageError,
} from './regression/index.ts';
