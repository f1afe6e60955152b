/** The scores of one batch of predicted classes and true ones: what the metrics of the same names give of it. */
import type { ParameterSpec } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import * as metrics from '../classification/index.ts';
import { batch_function, type BatchFunction } from './batch.ts';
import type { Curve, Curves } from './curves.ts';
import * as P from './parameters.ts';
import type { Task } from './stat_scores.ts';

type Beta<Options> = Options & { beta: number };

/** The function of one batch that gives what the metric of a task would. */
function task_function<O extends object, S extends readonly ParameterSpec[], R = Tensor>(
  name: string,
  options: S,
  metric: unknown,
): BatchFunction<O & { task: Task }, readonly ['task', ...S], R> {
  type Options = O & { task: Task };
  return batch_function<Options, readonly ['task', ...S], R>(
    name, ['task', ...options], metric as (options: Options) => (preds: Tensor, target: Tensor) => R,
  );
}

/**
 * What `StatScores` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export const stat_scores = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK>(
  'stat_scores', P.COUNTS_TASK, metrics.StatScores,
);
/**
 * What `BinaryStatScores` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export const binary_stat_scores = batch_function<metrics.BinaryArguments, typeof P.COUNTS_BINARY>(
  'binary_stat_scores', P.COUNTS_BINARY, (options) => new metrics.BinaryStatScores(options),
);
/**
 * What `MulticlassStatScores` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export const multiclass_stat_scores = batch_function<metrics.MulticlassArguments, typeof P.COUNTS_MULTICLASS>(
  'multiclass_stat_scores', P.COUNTS_MULTICLASS, (options) => new metrics.MulticlassStatScores(options),
);
/**
 * What `MultilabelStatScores` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/stat_scores.html
 */
export const multilabel_stat_scores = batch_function<metrics.MultilabelArguments, typeof P.COUNTS_MULTILABEL>(
  'multilabel_stat_scores', P.COUNTS_MULTILABEL, (options) => new metrics.MultilabelStatScores(options),
);

/**
 * What `Accuracy` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const accuracy = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK>(
  'accuracy', P.COUNTS_TASK, metrics.Accuracy,
);
/**
 * What `BinaryAccuracy` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const binary_accuracy = batch_function<metrics.BinaryArguments, typeof P.COUNTS_BINARY>(
  'binary_accuracy', P.COUNTS_BINARY, (options) => new metrics.BinaryAccuracy(options),
);
/**
 * What `MulticlassAccuracy` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const multiclass_accuracy = batch_function<metrics.MulticlassArguments, typeof P.ACCURACY_MULTICLASS>(
  'multiclass_accuracy', P.ACCURACY_MULTICLASS, (options) => new metrics.MulticlassAccuracy(options),
);
/**
 * What `MultilabelAccuracy` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 */
export const multilabel_accuracy = batch_function<metrics.MultilabelArguments, typeof P.COUNTS_MULTILABEL>(
  'multilabel_accuracy', P.COUNTS_MULTILABEL, (options) => new metrics.MultilabelAccuracy(options),
);

/**
 * What `Precision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const precision = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK_ZERO>(
  'precision', P.COUNTS_TASK_ZERO, metrics.Precision,
);
/**
 * What `BinaryPrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const binary_precision = batch_function<metrics.BinaryArguments, typeof P.ZERO_BINARY>(
  'binary_precision', P.ZERO_BINARY, (options) => new metrics.BinaryPrecision(options),
);
/**
 * What `MulticlassPrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const multiclass_precision = batch_function<metrics.MulticlassArguments, typeof P.ZERO_MULTICLASS>(
  'multiclass_precision', P.ZERO_MULTICLASS, (options) => new metrics.MulticlassPrecision(options),
);
/**
 * What `MultilabelPrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision.html
 */
export const multilabel_precision = batch_function<metrics.MultilabelArguments, typeof P.ZERO_MULTILABEL>(
  'multilabel_precision', P.ZERO_MULTILABEL, (options) => new metrics.MultilabelPrecision(options),
);

/**
 * What `Recall` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const recall = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK_ZERO>(
  'recall', P.COUNTS_TASK_ZERO, metrics.Recall,
);
/**
 * What `BinaryRecall` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const binary_recall = batch_function<metrics.BinaryArguments, typeof P.ZERO_BINARY>(
  'binary_recall', P.ZERO_BINARY, (options) => new metrics.BinaryRecall(options),
);
/**
 * What `MulticlassRecall` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const multiclass_recall = batch_function<metrics.MulticlassArguments, typeof P.ZERO_MULTICLASS>(
  'multiclass_recall', P.ZERO_MULTICLASS, (options) => new metrics.MulticlassRecall(options),
);
/**
 * What `MultilabelRecall` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/recall.html
 */
export const multilabel_recall = batch_function<metrics.MultilabelArguments, typeof P.ZERO_MULTILABEL>(
  'multilabel_recall', P.ZERO_MULTILABEL, (options) => new metrics.MultilabelRecall(options),
);

/**
 * What `Specificity` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const specificity = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK>(
  'specificity', P.COUNTS_TASK, metrics.Specificity,
);
/**
 * What `BinarySpecificity` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const binary_specificity = batch_function<metrics.BinaryArguments, typeof P.COUNTS_BINARY>(
  'binary_specificity', P.COUNTS_BINARY, (options) => new metrics.BinarySpecificity(options),
);
/**
 * What `MulticlassSpecificity` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const multiclass_specificity = batch_function<metrics.MulticlassArguments, typeof P.COUNTS_MULTICLASS>(
  'multiclass_specificity', P.COUNTS_MULTICLASS, (options) => new metrics.MulticlassSpecificity(options),
);
/**
 * What `MultilabelSpecificity` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/specificity.html
 */
export const multilabel_specificity = batch_function<metrics.MultilabelArguments, typeof P.COUNTS_MULTILABEL>(
  'multilabel_specificity', P.COUNTS_MULTILABEL, (options) => new metrics.MultilabelSpecificity(options),
);

/**
 * What `NegativePredictiveValue` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export const negative_predictive_value = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK_ZERO>(
  'negative_predictive_value', P.COUNTS_TASK_ZERO, metrics.NegativePredictiveValue,
);
/**
 * What `BinaryNegativePredictiveValue` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export const binary_negative_predictive_value = batch_function<metrics.BinaryArguments, typeof P.ZERO_BINARY>(
  'binary_negative_predictive_value', P.ZERO_BINARY, (options) => new metrics.BinaryNegativePredictiveValue(options),
);
/**
 * What `MulticlassNegativePredictiveValue` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export const multiclass_negative_predictive_value = batch_function<
  metrics.MulticlassArguments, typeof P.ZERO_MULTICLASS
>(
  'multiclass_negative_predictive_value',
  P.ZERO_MULTICLASS,
  (options) => new metrics.MulticlassNegativePredictiveValue(options),
);
/**
 * What `MultilabelNegativePredictiveValue` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/negative_predictive_value.html
 */
export const multilabel_negative_predictive_value = batch_function<
  metrics.MultilabelArguments, typeof P.ZERO_MULTILABEL
>(
  'multilabel_negative_predictive_value',
  P.ZERO_MULTILABEL,
  (options) => new metrics.MultilabelNegativePredictiveValue(options),
);

/**
 * What `HammingDistance` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export const hamming_distance = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK>(
  'hamming_distance', P.COUNTS_TASK, metrics.HammingDistance,
);
/**
 * What `BinaryHammingDistance` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export const binary_hamming_distance = batch_function<metrics.BinaryArguments, typeof P.COUNTS_BINARY>(
  'binary_hamming_distance', P.COUNTS_BINARY, (options) => new metrics.BinaryHammingDistance(options),
);
/**
 * What `MulticlassHammingDistance` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export const multiclass_hamming_distance = batch_function<metrics.MulticlassArguments, typeof P.COUNTS_MULTICLASS>(
  'multiclass_hamming_distance', P.COUNTS_MULTICLASS, (options) => new metrics.MulticlassHammingDistance(options),
);
/**
 * What `MultilabelHammingDistance` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hamming_distance.html
 */
export const multilabel_hamming_distance = batch_function<metrics.MultilabelArguments, typeof P.COUNTS_MULTILABEL>(
  'multilabel_hamming_distance', P.COUNTS_MULTILABEL, (options) => new metrics.MultilabelHammingDistance(options),
);

/**
 * What `FBetaScore` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export const fbeta_score = task_function<metrics.TaskFBetaArguments, typeof P.BETA_TASK>(
  'fbeta_score', P.BETA_TASK, metrics.FBetaScore,
);
/**
 * What `BinaryFBetaScore` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export const binary_fbeta_score = batch_function<Beta<metrics.BinaryArguments>, typeof P.BETA_BINARY>(
  'binary_fbeta_score', P.BETA_BINARY, (options) => new metrics.BinaryFBetaScore(options),
);
/**
 * What `MulticlassFBetaScore` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export const multiclass_fbeta_score = batch_function<Beta<metrics.MulticlassArguments>, typeof P.BETA_MULTICLASS>(
  'multiclass_fbeta_score', P.BETA_MULTICLASS, (options) => new metrics.MulticlassFBetaScore(options),
);
/**
 * What `MultilabelFBetaScore` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/fbeta_score.html
 */
export const multilabel_fbeta_score = batch_function<Beta<metrics.MultilabelArguments>, typeof P.BETA_MULTILABEL>(
  'multilabel_fbeta_score', P.BETA_MULTILABEL, (options) => new metrics.MultilabelFBetaScore(options),
);

/**
 * What `F1Score` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const f1_score = task_function<metrics.TaskArguments, typeof P.COUNTS_TASK_ZERO>(
  'f1_score', P.COUNTS_TASK_ZERO, metrics.F1Score,
);
/**
 * What `BinaryF1Score` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const binary_f1_score = batch_function<metrics.BinaryArguments, typeof P.ZERO_BINARY>(
  'binary_f1_score', P.ZERO_BINARY, (options) => new metrics.BinaryF1Score(options),
);
/**
 * What `MulticlassF1Score` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const multiclass_f1_score = batch_function<metrics.MulticlassArguments, typeof P.ZERO_MULTICLASS>(
  'multiclass_f1_score', P.ZERO_MULTICLASS, (options) => new metrics.MulticlassF1Score(options),
);
/**
 * What `MultilabelF1Score` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/f1_score.html
 */
export const multilabel_f1_score = batch_function<metrics.MultilabelArguments, typeof P.ZERO_MULTILABEL>(
  'multilabel_f1_score', P.ZERO_MULTILABEL, (options) => new metrics.MultilabelF1Score(options),
);

/**
 * What `ExactMatch` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export const exact_match = task_function<metrics.TaskExactMatchArguments, typeof P.EXACT_FUNCTION_TASK>(
  'exact_match', P.EXACT_FUNCTION_TASK, metrics.ExactMatch,
);
/**
 * What `MulticlassExactMatch` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export const multiclass_exact_match = batch_function<metrics.MulticlassExactMatchArguments, typeof P.EXACT_MULTICLASS>(
  'multiclass_exact_match', P.EXACT_MULTICLASS, (options) => new metrics.MulticlassExactMatch(options),
);
/**
 * What `MultilabelExactMatch` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/exact_match.html
 */
export const multilabel_exact_match = batch_function<metrics.MultilabelExactMatchArguments, typeof P.EXACT_MULTILABEL>(
  'multilabel_exact_match', P.EXACT_MULTILABEL, (options) => new metrics.MultilabelExactMatch(options),
);

/**
 * What `ConfusionMatrix` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const confusion_matrix = task_function<metrics.TaskConfusionArguments, typeof P.CONFUSION_TASK>(
  'confusion_matrix', P.CONFUSION_TASK, metrics.ConfusionMatrix,
);
/**
 * What `BinaryConfusionMatrix` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const binary_confusion_matrix = batch_function<metrics.BinaryConfusionArguments, typeof P.CONFUSION_BINARY>(
  'binary_confusion_matrix', P.CONFUSION_BINARY, (options) => new metrics.BinaryConfusionMatrix(options),
);
/**
 * What `MulticlassConfusionMatrix` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const multiclass_confusion_matrix = batch_function<
  metrics.MulticlassConfusionArguments, typeof P.CONFUSION_MULTICLASS
>(
  'multiclass_confusion_matrix', P.CONFUSION_MULTICLASS, (options) => new metrics.MulticlassConfusionMatrix(options),
);
/**
 * What `MultilabelConfusionMatrix` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/confusion_matrix.html
 */
export const multilabel_confusion_matrix = batch_function<
  metrics.MultilabelConfusionArguments, typeof P.CONFUSION_MULTILABEL
>(
  'multilabel_confusion_matrix', P.CONFUSION_MULTILABEL, (options) => new metrics.MultilabelConfusionMatrix(options),
);

/**
 * What `JaccardIndex` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export const jaccard_index = task_function<metrics.TaskJaccardArguments, typeof P.JACCARD_FUNCTION_TASK>(
  'jaccard_index', P.JACCARD_FUNCTION_TASK, metrics.JaccardIndex,
);
/**
 * What `BinaryJaccardIndex` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export const binary_jaccard_index = batch_function<metrics.BinaryJaccardArguments, typeof P.JACCARD_BINARY>(
  'binary_jaccard_index', P.JACCARD_BINARY, (options) => new metrics.BinaryJaccardIndex(options),
);
/**
 * What `MulticlassJaccardIndex` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export const multiclass_jaccard_index = batch_function<metrics.MulticlassJaccardArguments, typeof P.JACCARD_MULTICLASS>(
  'multiclass_jaccard_index', P.JACCARD_MULTICLASS, (options) => new metrics.MulticlassJaccardIndex(options),
);
/**
 * What `MultilabelJaccardIndex` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/jaccard_index.html
 */
export const multilabel_jaccard_index = batch_function<metrics.MultilabelJaccardArguments, typeof P.JACCARD_MULTILABEL>(
  'multilabel_jaccard_index', P.JACCARD_MULTILABEL, (options) => new metrics.MultilabelJaccardIndex(options),
);

/**
 * What `CohenKappa` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export const cohen_kappa = task_function<metrics.TaskKappaArguments, typeof P.KAPPA_TASK>(
  'cohen_kappa', P.KAPPA_TASK, metrics.CohenKappa,
);
/**
 * What `BinaryCohenKappa` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export const binary_cohen_kappa = batch_function<metrics.BinaryKappaArguments, typeof P.KAPPA_BINARY>(
  'binary_cohen_kappa', P.KAPPA_BINARY, (options) => new metrics.BinaryCohenKappa(options),
);
/**
 * What `MulticlassCohenKappa` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/cohen_kappa.html
 */
export const multiclass_cohen_kappa = batch_function<metrics.MulticlassKappaArguments, typeof P.KAPPA_MULTICLASS>(
  'multiclass_cohen_kappa', P.KAPPA_MULTICLASS, (options) => new metrics.MulticlassCohenKappa(options),
);

/**
 * What `MatthewsCorrCoef` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export const matthews_corrcoef = task_function<metrics.TaskMatthewsArguments, typeof P.MATTHEWS_TASK>(
  'matthews_corrcoef', P.MATTHEWS_TASK, metrics.MatthewsCorrCoef,
);
/**
 * What `BinaryMatthewsCorrCoef` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export const binary_matthews_corrcoef = batch_function<metrics.BinaryMatthewsArguments, typeof P.MATTHEWS_BINARY>(
  'binary_matthews_corrcoef', P.MATTHEWS_BINARY, (options) => new metrics.BinaryMatthewsCorrCoef(options),
);
/**
 * What `MulticlassMatthewsCorrCoef` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export const multiclass_matthews_corrcoef = batch_function<
  metrics.MulticlassMatthewsArguments, typeof P.MATTHEWS_MULTICLASS
>(
  'multiclass_matthews_corrcoef', P.MATTHEWS_MULTICLASS, (options) => new metrics.MulticlassMatthewsCorrCoef(options),
);
/**
 * What `MultilabelMatthewsCorrCoef` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html
 */
export const multilabel_matthews_corrcoef = batch_function<
  metrics.MultilabelMatthewsArguments, typeof P.MATTHEWS_MULTILABEL
>(
  'multilabel_matthews_corrcoef', P.MATTHEWS_MULTILABEL, (options) => new metrics.MultilabelMatthewsCorrCoef(options),
);

/**
 * What `PrecisionRecallCurve` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export const precision_recall_curve = task_function<metrics.TaskCurveArguments, typeof P.CURVE_FUNCTION_TASK, Curves>(
  'precision_recall_curve', P.CURVE_FUNCTION_TASK, metrics.PrecisionRecallCurve,
);
/**
 * What `BinaryPrecisionRecallCurve` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export const binary_precision_recall_curve = batch_function<metrics.BinaryCurveArguments, typeof P.CURVE_BINARY, Curve>(
  'binary_precision_recall_curve', P.CURVE_BINARY, (options) => new metrics.BinaryPrecisionRecallCurve(options),
);
/**
 * What `MulticlassPrecisionRecallCurve` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export const multiclass_precision_recall_curve = batch_function<
  metrics.MulticlassCurveArguments, typeof P.CURVE_MULTICLASS, Curves
>(
  'multiclass_precision_recall_curve',
  P.CURVE_MULTICLASS,
  (options) => new metrics.MulticlassPrecisionRecallCurve(options),
);
/**
 * What `MultilabelPrecisionRecallCurve` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/precision_recall_curve.html
 */
export const multilabel_precision_recall_curve = batch_function<
  metrics.MultilabelCurveArguments, typeof P.CURVE_MULTILABEL, Curves
>(
  'multilabel_precision_recall_curve',
  P.CURVE_MULTILABEL,
  (options) => new metrics.MultilabelPrecisionRecallCurve(options),
);

/**
 * What `ROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export const roc = task_function<metrics.TaskCurveArguments, typeof P.CURVE_FUNCTION_TASK, Curves>(
  'roc', P.CURVE_FUNCTION_TASK, metrics.ROC,
);
/**
 * What `BinaryROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export const binary_roc = batch_function<metrics.BinaryCurveArguments, typeof P.CURVE_BINARY, Curve>(
  'binary_roc', P.CURVE_BINARY, (options) => new metrics.BinaryROC(options),
);
/**
 * What `MulticlassROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export const multiclass_roc = batch_function<metrics.MulticlassCurveArguments, typeof P.CURVE_MULTICLASS, Curves>(
  'multiclass_roc', P.CURVE_MULTICLASS, (options) => new metrics.MulticlassROC(options),
);
/**
 * What `MultilabelROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/roc.html
 */
export const multilabel_roc = batch_function<metrics.MultilabelCurveArguments, typeof P.CURVE_MULTILABEL, Curves>(
  'multilabel_roc', P.CURVE_MULTILABEL, (options) => new metrics.MultilabelROC(options),
);

/**
 * What `AUROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export const auroc = task_function<metrics.TaskAUROCArguments, typeof P.AUROC_TASK>(
  'auroc', P.AUROC_TASK, metrics.AUROC,
);
/**
 * What `BinaryAUROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export const binary_auroc = batch_function<metrics.BinaryAUROCArguments, typeof P.AUROC_BINARY>(
  'binary_auroc', P.AUROC_BINARY, (options) => new metrics.BinaryAUROC(options),
);
/**
 * What `MulticlassAUROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export const multiclass_auroc = batch_function<metrics.MulticlassAreaArguments, typeof P.AREA_MULTICLASS>(
  'multiclass_auroc', P.AREA_MULTICLASS, (options) => new metrics.MulticlassAUROC(options),
);
/**
 * What `MultilabelAUROC` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/auroc.html
 */
export const multilabel_auroc = batch_function<metrics.MultilabelAreaArguments, typeof P.AREA_MULTILABEL>(
  'multilabel_auroc', P.AREA_MULTILABEL, (options) => new metrics.MultilabelAUROC(options),
);

/**
 * What `AveragePrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export const average_precision = task_function<metrics.TaskAUROCArguments, typeof P.AREA_TASK>(
  'average_precision', P.AREA_TASK, metrics.AveragePrecision,
);
/**
 * What `BinaryAveragePrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export const binary_average_precision = batch_function<metrics.BinaryCurveArguments, typeof P.CURVE_BINARY>(
  'binary_average_precision', P.CURVE_BINARY, (options) => new metrics.BinaryAveragePrecision(options),
);
/**
 * What `MulticlassAveragePrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export const multiclass_average_precision = batch_function<metrics.MulticlassAreaArguments, typeof P.AREA_MULTICLASS>(
  'multiclass_average_precision', P.AREA_MULTICLASS, (options) => new metrics.MulticlassAveragePrecision(options),
);
/**
 * What `MultilabelAveragePrecision` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/average_precision.html
 */
export const multilabel_average_precision = batch_function<metrics.MultilabelAreaArguments, typeof P.AREA_MULTILABEL>(
  'multilabel_average_precision', P.AREA_MULTILABEL, (options) => new metrics.MultilabelAveragePrecision(options),
);

/**
 * What `CalibrationError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export const calibration_error = task_function<metrics.TaskCalibrationArguments, typeof P.CALIBRATION_TASK>(
  'calibration_error', P.CALIBRATION_TASK, metrics.CalibrationError,
);
/**
 * What `BinaryCalibrationError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export const binary_calibration_error = batch_function<metrics.BinaryCalibrationArguments, typeof P.CALIBRATION_BINARY>(
  'binary_calibration_error', P.CALIBRATION_BINARY, (options) => new metrics.BinaryCalibrationError(options),
);
/**
 * What `MulticlassCalibrationError` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export const multiclass_calibration_error = batch_function<
  metrics.MulticlassCalibrationArguments, typeof P.CALIBRATION_MULTICLASS
>(
  'multiclass_calibration_error',
  P.CALIBRATION_MULTICLASS,
  (options) => new metrics.MulticlassCalibrationError(options),
);

/**
 * What `HingeLoss` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export const hinge_loss = task_function<metrics.TaskHingeArguments, typeof P.HINGE_TASK>(
  'hinge_loss', P.HINGE_TASK, metrics.HingeLoss,
);
/**
 * What `BinaryHingeLoss` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export const binary_hinge_loss = batch_function<metrics.BinaryHingeArguments, typeof P.HINGE_FUNCTION_BINARY>(
  'binary_hinge_loss', P.HINGE_FUNCTION_BINARY, (options) => new metrics.BinaryHingeLoss(options),
);
/**
 * What `MulticlassHingeLoss` gives of one batch.
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html
 */
export const multiclass_hinge_loss = batch_function<
  metrics.MulticlassHingeArguments, typeof P.HINGE_FUNCTION_MULTICLASS
>(
  'multiclass_hinge_loss', P.HINGE_FUNCTION_MULTICLASS, (options) => new metrics.MulticlassHingeLoss(options),
);
