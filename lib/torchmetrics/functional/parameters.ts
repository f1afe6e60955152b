/** Parameters of the metrics that choose by `task`, after it, and of the functions of one batch: in Python's order. */

const REST = [['ignore_index', null], ['validate_args', true]] as const;
const ZERO = ['zero_division', 0] as const;
const SIZES = [['num_classes', null], ['num_labels', null]] as const;
const OVER = [['multidim_average', 'global'], ...REST] as const;

// Of the metrics of true and false positives and negatives.
export const COUNTS_TASK = [
  ['threshold', 0.5], ...SIZES, ['average', 'micro'], ['multidim_average', 'global'], ['top_k', 1], ...REST,
] as const;
export const COUNTS_TASK_ZERO = [...COUNTS_TASK, ZERO] as const;
export const BETA_TASK = [['beta', 1], ...COUNTS_TASK_ZERO] as const;
export const COUNTS_BINARY = [['threshold', 0.5], ...OVER] as const;
const COUNTS_REST = [['average', 'macro'], ['top_k', 1], ...OVER] as const;
/** Accuracy alone can do without the number of classes. */
export const ACCURACY_MULTICLASS = [['num_classes', null], ...COUNTS_REST] as const;
export const COUNTS_MULTICLASS = ['num_classes', ...COUNTS_REST] as const;
export const COUNTS_MULTILABEL = ['num_labels', ['threshold', 0.5], ['average', 'macro'], ...OVER] as const;
export const ZERO_BINARY = [...COUNTS_BINARY, ZERO] as const;
export const ZERO_MULTICLASS = [...COUNTS_MULTICLASS, ZERO] as const;
export const ZERO_MULTILABEL = [...COUNTS_MULTILABEL, ZERO] as const;
export const BETA_BINARY = ['beta', ...ZERO_BINARY] as const;
export const BETA_MULTICLASS = ['beta', ...ZERO_MULTICLASS] as const;
export const BETA_MULTILABEL = ['beta', ...ZERO_MULTILABEL] as const;

// Of exact matches.
export const EXACT_TASK = [['threshold', 0.5], ...SIZES, ...OVER] as const;
export const EXACT_FUNCTION_TASK = [...SIZES, ['threshold', 0.5], ...OVER] as const;
export const EXACT_MULTICLASS = ['num_classes', ...OVER] as const;
export const EXACT_MULTILABEL = ['num_labels', ['threshold', 0.5], ...OVER] as const;

// Of confusion matrices and what is made of them.
export const CONFUSION_TASK = [['threshold', 0.5], ...SIZES, ['normalize', null], ...REST] as const;
export const CONFUSION_BINARY = [['threshold', 0.5], ['normalize', null], ...REST] as const;
export const CONFUSION_MULTICLASS = ['num_classes', ['normalize', null], ...REST] as const;
export const CONFUSION_MULTILABEL = ['num_labels', ['threshold', 0.5], ['normalize', null], ...REST] as const;
export const JACCARD_TASK = [['threshold', 0.5], ...SIZES, ['average', 'macro'], ...REST] as const;
export const JACCARD_FUNCTION_TASK = [...JACCARD_TASK, ZERO] as const;
export const JACCARD_BINARY = [['threshold', 0.5], ...REST, ZERO] as const;
export const JACCARD_MULTICLASS = ['num_classes', ['average', 'macro'], ...REST, ZERO] as const;
export const JACCARD_MULTILABEL = ['num_labels', ['threshold', 0.5], ['average', 'macro'], ...REST, ZERO] as const;
export const KAPPA_TASK = [['threshold', 0.5], ['num_classes', null], ['weights', null], ...REST] as const;
export const KAPPA_BINARY = [['threshold', 0.5], ['weights', null], ...REST] as const;
export const KAPPA_MULTICLASS = ['num_classes', ['weights', null], ...REST] as const;
export const MATTHEWS_TASK = [['threshold', 0.5], ...SIZES, ...REST] as const;
export const MATTHEWS_BINARY = [['threshold', 0.5], ...REST] as const;
export const MATTHEWS_MULTICLASS = ['num_classes', ...REST] as const;
export const MATTHEWS_MULTILABEL = ['num_labels', ['threshold', 0.5], ...REST] as const;

// Of curves over all thresholds and what is made of them.
export const CURVE_TASK = [['thresholds', null], ...SIZES, ...REST] as const;
export const CURVE_FUNCTION_TASK = [['thresholds', null], ...SIZES, ['average', null], ...REST] as const;
export const CURVE_BINARY = [['thresholds', null], ...REST] as const;
export const CURVE_MULTICLASS = ['num_classes', ['thresholds', null], ['average', null], ...REST] as const;
export const CURVE_MULTILABEL = ['num_labels', ['thresholds', null], ...REST] as const;
export const AREA_TASK = [['thresholds', null], ...SIZES, ['average', 'macro'], ...REST] as const;
export const AREA_MULTICLASS = ['num_classes', ['average', 'macro'], ['thresholds', null], ...REST] as const;
export const AREA_MULTILABEL = ['num_labels', ['average', 'macro'], ['thresholds', null], ...REST] as const;
export const AUROC_TASK = [
  ['thresholds', null], ...SIZES, ['average', 'macro'], ['max_fpr', null], ...REST,
] as const;
export const AUROC_BINARY = [['max_fpr', null], ['thresholds', null], ...REST] as const;

// Of calibration errors and hinge losses.
const BINS = [['n_bins', 15], ['norm', 'l1']] as const;
export const CALIBRATION_TASK = [...BINS, ['num_classes', null], ...REST] as const;
export const CALIBRATION_BINARY = [...BINS, ...REST] as const;
export const CALIBRATION_MULTICLASS = ['num_classes', ...BINS, ...REST] as const;
const MODE = ['multiclass_mode', 'crammer-singer'] as const;
export const HINGE_TASK = [['num_classes', null], ['squared', false], MODE, ...REST] as const;
export const HINGE_BINARY = [['squared', false], ...REST] as const;
export const HINGE_MULTICLASS = ['num_classes', ['squared', false], MODE, ...REST] as const;
/** The functions do not look at what they get, unless asked to. */
const UNCHECKED = [['ignore_index', null], ['validate_args', false]] as const;
export const HINGE_FUNCTION_BINARY = [['squared', false], ...UNCHECKED] as const;
export const HINGE_FUNCTION_MULTICLASS = ['num_classes', ['squared', false], MODE, ...UNCHECKED] as const;
