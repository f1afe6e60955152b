/** True and false positives and negatives: counted here, and made into scores by what is below. */
import { int64 } from '../../dtype.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { Size } from '../../size.ts';
import { aten } from '../../ops.ts';
import { repr } from '../../python/index.ts';
import type { Tensor } from '../../tensor.ts';
import { safe_divide } from './division.ts';

export type Task = 'binary' | 'multiclass' | 'multilabel';
export type Average = 'micro' | 'macro' | 'weighted' | 'none' | null;
/** Of each class, label or sample: true positives, false positives, true negatives, false negatives. */
export type Counts = readonly [tp: Tensor, fp: Tensor, tn: Tensor, fn: Tensor];

export interface StatOptions {
  task: Task;
  threshold: number;
  num_classes: number | null;
  num_labels: number | null;
  average: Average;
  multidim_average: 'global' | 'samplewise';
  top_k: number;
  ignore_index: number | null;
  zero_division: number;
}

const AVERAGES: readonly unknown[] = ['micro', 'macro', 'weighted', 'none', null];

/** @throws ValueError for options that make no sense */
export function check_stat_options(options: StatOptions): void {
  const { task, threshold, num_classes, num_labels, average, multidim_average, top_k, ignore_index, zero_division } =
    options;
  const threshold_valid = typeof threshold === 'number' && threshold >= 0 && threshold <= 1;
  if (task === 'binary' && !threshold_valid) {
    throw new ValueError(`Expected argument \`threshold\` to be a float in the [0,1] range, but got ${threshold}.`);
  }
  if (task === 'multiclass') {
    if (num_classes === null && average !== 'micro') {
      throw new ValueError(
        `Argument \`num_classes\` can only be \`None\` for \`average='micro'\`, but got \`average=${average ?? 'None'}\`.`,
      );
    }
    if (num_classes !== null && !(Number.isInteger(num_classes) && num_classes >= 2)) {
      throw new ValueError(`Expected argument \`num_classes\` to be an integer larger than 1, but got ${num_classes}`);
    }
    if (!(Number.isInteger(top_k) && top_k >= 1)) {
      throw new ValueError(
        `Expected argument \`top_k\` to be an integer larger than or equal to 1, but got ${top_k}`,
      );
    }
    if (top_k > (num_classes ?? 1)) {
      throw new ValueError(
        `Expected argument \`top_k\` to be smaller or equal to \`num_classes\` but got ${top_k} and ${num_classes}`,
      );
    }
  }
  if (task === 'multilabel') {
    if (!(Number.isInteger(num_labels) && num_labels! >= 2)) {
      throw new ValueError(`Expected argument \`num_labels\` to be an integer larger than 1, but got ${num_labels}`);
    }
    if (!threshold_valid) throw new ValueError(`Expected argument \`threshold\` to be a float, but got ${threshold}.`);
  }
  if (task !== 'binary' && !AVERAGES.includes(average)) {
    throw new ValueError(
      `Expected argument \`average\` to be one of ('micro', 'macro', 'weighted', 'none', None), but got ${average}`,
    );
  }
  if (multidim_average !== 'global' && multidim_average !== 'samplewise') {
    throw new ValueError(
      "Expected argument `multidim_average` to be one of ('global', 'samplewise'), but got " + String(multidim_average),
    );
  }
  if (ignore_index !== null && !Number.isInteger(ignore_index)) {
    throw new ValueError(
      `Expected argument \`ignore_index\` to either be \`None\` or an integer, but got ${String(ignore_index)}`,
    );
  }
  if (zero_division !== 0 && zero_division !== 1) {
    throw new ValueError(`Expected argument \`zero_division\` to be 0 or 1, but got ${String(zero_division)}.`);
  }
}

export function shape_text(tensor: Tensor): string {
  return String(new Size(tensor.shape));
}

export function check_same_shape(preds: Tensor, target: Tensor): void {
  if (String(preds.shape) === String(target.shape)) return;
  throw new RuntimeError(
    'Predictions and targets are expected to have the same shape, but got ' +
      `${shape_text(preds)} and ${shape_text(target)}.`,
  );
}

export function unique_values(tensor: Tensor): Tensor {
  return aten._unique2(tensor)[0];
}

export function check_labels(preds: Tensor, target: Tensor, ignore_index: number | null, quoted: string): void {
  const found = unique_values(target);
  const known: unknown[] = [0, 1, ignore_index];
  if ((found.tolist() as unknown[]).some((value) => !known.includes(Number(value)))) {
    throw new RuntimeError(
      `Detected the following values in \`target\`: ${found} but expected only the following values ` +
        `${repr(ignore_index === null ? [0, 1] : [ignore_index])}.`,
    );
  }
  if (preds.is_floating_point()) return;
  const predicted = unique_values(preds);
  if ((predicted.tolist() as unknown[]).some((value) => ![0, 1].includes(Number(value)))) {
    throw new RuntimeError(
      `Detected the following values in \`preds\`: ${predicted} but expected only the following values [0,1] since ` +
        `${quoted} is a label tensor.`,
    );
  }
}

/** @throws RuntimeError or ValueError for tensors that do not fit together or the options */
export function check_stat_tensors(preds: Tensor, target: Tensor, options: StatOptions): void {
  const { task, num_classes, num_labels, multidim_average, ignore_index } = options;
  const samplewise = multidim_average !== 'global';
  if (task !== 'multiclass') {
    check_same_shape(preds, target);
    if (task === 'multilabel' && preds.shape[1] !== num_labels) {
      throw new ValueError(
        'Expected both `target.shape[1]` and `preds.shape[1]` to be equal to the number of labels but got ' +
          `${preds.shape[1]} and expected ${num_labels}`,
      );
    }
    check_labels(preds, target, ignore_index, task === 'binary' ? '`preds`' : 'preds');
    const least = task === 'binary' ? 2 : 3;
    if (samplewise && preds.ndim < least) {
      throw new ValueError(
        `Expected input to be at least ${least}D when multidim_average is set to \`samplewise\``,
      );
    }
    return;
  }
  const more = 'If `preds` have one dimension more than `target`, ';
  if (preds.ndim === target.ndim + 1) {
    if (!preds.is_floating_point()) throw new ValueError(`${more}\`preds\` should be a float tensor.`);
    if (num_classes !== null && preds.shape[1] !== num_classes) {
      throw new ValueError(`${more}\`preds.shape[1]\` should be equal to number of classes.`);
    }
    if (String(preds.shape.slice(2)) !== String(target.shape.slice(1))) {
      throw new ValueError(
        `${more}the shape of \`preds\` should be (N, C, ...), and the shape of \`target\` should be (N, ...).`,
      );
    }
    if (samplewise && preds.ndim < 3) {
      throw new ValueError(
        `${more}the shape of \`preds\` should be at least 3D when multidim_average is set to \`samplewise\``,
      );
    }
  } else if (preds.ndim === target.ndim) {
    if (String(preds.shape) !== String(target.shape)) {
      throw new ValueError(
        'The `preds` and `target` should have the same shape, got `preds` with shape=' +
          `${shape_text(preds)} and \`target\` with shape=${shape_text(target)}.`,
      );
    }
    if (samplewise && preds.ndim < 2) {
      throw new ValueError(
        'When `preds` and `target` have the same shape, the shape of `preds` should be at least 2D when ' +
          'multidim_average is set to `samplewise`',
      );
    }
  } else {
    throw new ValueError(
      'Either `preds` and `target` both should have the (same) shape (N, ...), or `target` should be (N, ...) and ' +
        '`preds` should be (N, C, ...).',
    );
  }
  if (num_classes === null) return;
  const most = num_classes + (ignore_index === null ? 0 : 1);
  // Where the predictions are scores, Python looks at neither.
  if (preds.is_floating_point()) return;
  for (const [tensor, name] of [[target, 'target'], [preds, 'preds']] as const) {
    const found = unique_values(tensor);
    if (found.numel() > most) {
      throw new RuntimeError(
        `Detected more unique values in \`${name}\` than expected. Expected only ${most} but found ${found.numel()} in ` +
          `\`${name}\`. Found values: ${found}.`,
      );
    }
  }
}

/** Probabilities as they are, and anything else as what makes probabilities. */
export function as_probabilities(preds: Tensor): Tensor {
  return preds.ge(0).logical_and(preds.le(1)).all().item() ? preds : preds.sigmoid();
}

function count_agreement(preds: Tensor, target: Tensor, dims: number[]): Counts {
  const same = target.eq(preds);
  const [positive, negative] = [target.eq(1), target.eq(0)];
  const count = (mask: Tensor): Tensor => mask.sum(dims);
  return [
    count(same.logical_and(positive)),
    count(same.logical_not().logical_and(negative)),
    count(same.logical_and(negative)),
    count(same.logical_not().logical_and(positive)),
  ];
}

/** Counts for a batch. */
export function stat_counts(preds: Tensor, target: Tensor, options: StatOptions): Counts {
  if (options.task === 'multiclass') return multiclass_counts(preds, target, options);
  const { task, threshold, multidim_average, ignore_index } = options;
  let labels = preds.is_floating_point() ? as_probabilities(preds).gt(threshold) : preds;
  const kept = task === 'binary' ? 1 : 2;
  const flat = (tensor: Tensor): Tensor => tensor.reshape([...tensor.shape.slice(0, kept), -1]);
  labels = flat(labels);
  let truth = flat(target);
  if (ignore_index !== null) truth = truth.masked_fill(truth.eq(ignore_index), -1);
  const dims = task === 'binary' ? [1] : [-1];
  const all = multidim_average === 'global' ? [0, ...dims] : dims;
  const [tp, fp, tn, fn] = count_agreement(labels, truth, all);
  return [tp.squeeze(), fp.squeeze(), tn.squeeze(), fn.squeeze()];
}

function multiclass_counts(preds: Tensor, target: Tensor, options: StatOptions): Counts {
  const { top_k, average, multidim_average, ignore_index } = options;
  const num_classes = options.num_classes ?? 1;
  let labels = preds.ndim === target.ndim + 1 && top_k === 1 ? preds.argmax(1) : preds;
  labels = top_k === 1 ? labels.reshape(labels.shape[0]!, -1) : labels.reshape([...labels.shape.slice(0, 2), -1]);
  let truth = target.reshape(target.shape[0]!, -1);
  if (multidim_average === 'samplewise' || top_k !== 1) {
    if (top_k > 1) {
      // The right class counts as predicted if it is among the best.
      const best = labels.topk(top_k, { dim: 1 })[1];
      const among = best.eq(truth.unsqueeze(1)).any(1);
      labels = aten.where(among, truth, best.select(1, 0));
    }
    let ignored: Tensor | null = null;
    if (ignore_index !== null) {
      ignored = truth.eq(ignore_index);
      truth = truth.masked_fill(ignored, 0);
      if (top_k === 1 && !(ignore_index >= 0 && ignore_index < num_classes)) labels = labels.masked_fill(ignored, 0);
    }
    const one_hot = (values: Tensor): Tensor => aten.one_hot(values.to(int64), num_classes);
    let truth_one_hot = one_hot(truth);
    if (ignored !== null) truth_one_hot = truth_one_hot.masked_fill(ignored.unsqueeze(-1), -1);
    return count_agreement(one_hot(labels), truth_one_hot, multidim_average === 'global' ? [0, 1] : [1]);
  }
  labels = labels.flatten();
  truth = truth.flatten();
  if (ignore_index !== null) {
    const kept = truth.ne(ignore_index);
    labels = labels.masked_select(kept);
    truth = truth.masked_select(kept);
  }
  if (average === 'micro') {
    const tp = labels.eq(truth).sum();
    const wrong = labels.ne(truth).sum();
    const tn = wrong.mul(2).add(tp).neg().add(num_classes * labels.numel());
    return [tp, wrong, tn, wrong.clone()];
  }
  const pairs = truth.to(int64).mul(num_classes).add(labels.to(int64));
  const matrix = aten.bincount(pairs, { minlength: num_classes ** 2 }).reshape(num_classes, num_classes);
  const tp = matrix.diag();
  const fp = matrix.sum(0).sub(tp);
  const fn = matrix.sum(1).sub(tp);
  return [tp, fp, matrix.sum().sub(fp.add(fn).add(tp)), fn];
}

/** A score of counts: of each class, label or sample. */
export type Score = (counts: Counts, options: StatOptions) => Tensor;

const sum_of = (counts: Counts, dim: number): Counts =>
  counts.map((count) => (count.ndim > dim ? count.sum(dim) : count)) as unknown as Counts;

/** A score of counts: a number for all, or one for each class, label or sample, and their mean. */
export function reduce_counts(counts: Counts, options: StatOptions, score_of: Score): Tensor {
  const { task, average, multidim_average, top_k } = options;
  if (task === 'binary') return score_of(counts, options);
  if (average === 'micro') return score_of(sum_of(counts, multidim_average === 'global' ? 0 : 1), options);
  const score = score_of(counts, options);
  if (average === null || average === 'none') return score;
  const [tp, fp, , fn] = counts;
  let weights = average === 'weighted' ? tp.add(fn) : aten.ones_like(score);
  if (average === 'macro' && task === 'multiclass') {
    const seen = top_k === 1 ? tp.add(fp).add(fn) : tp.add(fn);
    weights = weights.masked_fill(seen.eq(0), 0);
  }
  return safe_divide(weights.mul(score), weights.sum(-1, { keepdim: true })).sum(-1);
}

/** The counts themselves, with the number of true ones as the fifth: (..., 5). */
export function stack_counts(counts: Counts, options: StatOptions): Tensor {
  const { task, average, multidim_average } = options;
  const [tp, , , fn] = counts;
  const all = aten.stack([...counts, tp.add(fn)], -1);
  if (task === 'binary') return all.squeeze();
  if (average === null || average === 'none') return all;
  const dim = multidim_average === 'global' ? 0 : 1;
  if (average === 'micro') return all.ndim > 1 ? all.sum(dim) : all;
  if (average === 'macro') return all.float().mean(dim);
  const weight = tp.add(fn);
  // Python weighs classes within their sample, and labels among all samples.
  const whole = task === 'multiclass' ? weight.sum(-1, { keepdim: true }) : weight.sum();
  return all.mul(weight.div(whole).unsqueeze(-1)).sum(dim);
}

export const accuracy_score: Score = ([tp, fp, tn, fn], { task }) =>
  task === 'multiclass'
    ? safe_divide(tp, tp.add(fn))
    : safe_divide(tp.add(tn), tp.add(tn).add(fp).add(fn));
export const precision_score: Score = ([tp, fp], { zero_division }) => safe_divide(tp, tp.add(fp), zero_division);
export const recall_score: Score = ([tp, , , fn], { zero_division }) => safe_divide(tp, tp.add(fn), zero_division);
export const specificity_score: Score = ([, fp, tn]) => safe_divide(tn, tn.add(fp));
export const negative_predictive_score: Score = ([, , tn, fn], { zero_division }) =>
  safe_divide(tn, tn.add(fn), zero_division);
export const hamming_distance_score: Score = (counts, options) => accuracy_score(counts, options).neg().add(1);
/** The F score, in which recall counts `beta` times as much as precision. */
export function fbeta_score_of(beta: number): Score {
  const square = beta ** 2;
  return ([tp, fp, , fn], { zero_division }) => {
    const part = tp.mul(1 + square);
    return safe_divide(part, part.add(fn.mul(square)).add(fp), zero_division);
  };
}
