/** Curves over all thresholds: what is counted for them, and the curves and areas that come of it. */
import { as_tensor } from '../../creation.ts';
import { float32, int64 } from '../../dtype.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { list_repr } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { as_float, safe_divide } from './division.ts';
import { as_probabilities, check_same_shape, shape_text, type Task, unique_values } from './stat_scores.ts';

/** At which thresholds: as many between 0 and 1, these, or (null) at every score that there is. */
export type Thresholds = number | readonly number[] | Tensor | null;
/** How scores outside of [0, 1] become probabilities; null takes them as they are. */
export type Normalization = 'sigmoid' | 'softmax' | null;
export type CurveAverage = 'micro' | 'macro' | 'weighted' | 'none' | null;

export interface CurveOptions {
  task: Task;
  num_classes: number | null;
  num_labels: number | null;
  average: CurveAverage;
  thresholds: Tensor | null;
  ignore_index: number | null;
  normalization: Normalization;
}

/** What curves are made of: all scores and labels, or the counts (thresholds, [classes,] 2, 2) at each threshold. */
export type CurveState = readonly [preds: Tensor, target: Tensor] | Tensor;
/** A curve: two coordinates and their thresholds; for each class or label where they cannot be in one tensor. */
export type Curve = [x: Tensor, y: Tensor, thresholds: Tensor];
export type Curves = Curve | [x: Tensor[], y: Tensor[], thresholds: Tensor[]];

/**
 * Thresholds as a tensor.
 * @throws ValueError for those that make no sense
 */
export function as_thresholds(thresholds: Thresholds): Tensor | null {
  if (typeof thresholds === 'number') return aten.linspace(0, 1, thresholds);
  if (thresholds === null || thresholds instanceof Tensor) return thresholds;
  return as_tensor(thresholds as number[], { dtype: float32 });
}

/** @throws ValueError for thresholds that make no sense */
export function check_thresholds(thresholds: Thresholds): void {
  const within = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
  if (typeof thresholds === 'number' && !(Number.isInteger(thresholds) && thresholds >= 2)) {
    throw new ValueError(
      `If argument \`thresholds\` is an integer, expected it to be larger than 1, but got ${thresholds}`,
    );
  }
  if (Array.isArray(thresholds) && !thresholds.every(within)) {
    throw new ValueError(
      'If argument `thresholds` is a list, expected all elements to be floats in the [0,1] range, but got ' +
        list_repr(thresholds),
    );
  }
  if (thresholds instanceof Tensor && thresholds.ndim !== 1) {
    throw new ValueError('If argument `thresholds` is an tensor, expected the tensor to be 1d');
  }
}

/** @throws ValueError for a label to ignore that is none */
export function check_ignore_index(ignore_index: unknown): void {
  if (ignore_index === null || Number.isInteger(ignore_index)) return;
  throw new ValueError(
    `Expected argument \`ignore_index\` to either be \`None\` or an integer, but got ${String(ignore_index)}`,
  );
}

/** @throws ValueError for fewer than two classes or labels */
export function check_size(name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 2) return;
  throw new ValueError(`Expected argument \`${name}\` to be an integer larger than 1, but got ${String(value ?? 'None')}`);
}

/** @throws RuntimeError for labels that there are none of */
function check_target_values(target: Tensor, ignore_index: number | null, expected: readonly number[]): void {
  const found = unique_values(target);
  const known: unknown[] = [...expected, ignore_index];
  if ((found.tolist() as unknown[]).every((value) => known.includes(Number(value)))) return;
  throw new RuntimeError(
    `Detected the following values in \`target\`: ${found} but expected only the following values ` +
      `${list_repr(ignore_index === null ? [...expected] : [ignore_index])}.`,
  );
}

/** @throws RuntimeError or ValueError for tensors that do not fit together or the options */
export function check_curve_tensors(preds: Tensor, target: Tensor, options: CurveOptions): void {
  const { task, num_classes, num_labels, ignore_index } = options;
  if (task === 'multiclass') return check_class_scores(preds, target, num_classes!, ignore_index);
  check_same_shape(preds, target);
  if (target.is_floating_point()) {
    throw new ValueError(
      'Expected argument `target` to be an int or long tensor with ground truth labels but got tensor with dtype ' +
        String(target.dtype),
    );
  }
  if (!preds.is_floating_point()) {
    throw new ValueError(
      'Expected argument `preds` to be an floating tensor with probability/logit scores, but got tensor with dtype ' +
        String(preds.dtype),
    );
  }
  check_target_values(target, ignore_index, [0, 1]);
  if (task === 'multilabel' && preds.shape[1] !== num_labels) {
    throw new ValueError(
      'Expected both `target.shape[1]` and `preds.shape[1]` to be equal to the number of labels but got ' +
        `${preds.shape[1]} and expected ${num_labels}`,
    );
  }
}

function check_class_scores(preds: Tensor, target: Tensor, num_classes: number, ignore_index: number | null): void {
  if (preds.ndim !== target.ndim + 1) {
    throw new ValueError(
      `Expected \`preds\` to have one more dimension than \`target\` but got ${preds.ndim} and ${target.ndim}`,
    );
  }
  if (target.is_floating_point()) {
    throw new ValueError(
      `Expected argument \`target\` to be an int or long tensor, but got tensor with dtype ${String(target.dtype)}`,
    );
  }
  if (!preds.is_floating_point()) {
    throw new ValueError(`Expected \`preds\` to be a float tensor, but got ${String(preds.dtype)}`);
  }
  if (preds.shape[1] !== num_classes) {
    throw new ValueError(
      `Expected \`preds.shape[1]\` to be equal to the number of classes but got ${preds.shape[1]} and ${num_classes}.`,
    );
  }
  if (preds.shape[0] !== target.shape[0] || String(preds.shape.slice(2)) !== String(target.shape.slice(1))) {
    throw new ValueError(
      'Expected the shape of `preds` should be (N, C, ...) and the shape of `target` should be (N, ...) but got ' +
        `${shape_text(preds)} and ${shape_text(target)}`,
    );
  }
  const most = num_classes + (ignore_index === null ? 0 : 1);
  const found = unique_values(target).numel();
  if (found > most) {
    throw new RuntimeError(
      `Detected more unique values in \`target\` than expected. Expected only ${most} but found ${found} in \`target\`.`,
    );
  }
}

/** (samples, classes, ...) as (all positions, classes). */
export function rows_of_scores(preds: Tensor): Tensor {
  return preds.movedim(1, -1).reshape(-1, preds.shape[1]!);
}

/** Scores of classes as probabilities, if they are none. */
export function as_class_probabilities(rows: Tensor): Tensor {
  return rows.ge(0).logical_and(rows.le(1)).all().item() ? rows : rows.softmax(1);
}

function binary_pairs(preds: Tensor, target: Tensor, ignore_index: number | null): [Tensor, Tensor] {
  if (ignore_index === null) return [preds, target];
  const kept = target.ne(ignore_index);
  return [preds.masked_select(kept), target.masked_select(kept)];
}

/** Scores and labels of a batch in rows, as probabilities and without what does not count. */
export function curve_pairs(preds: Tensor, target: Tensor, options: CurveOptions): [preds: Tensor, target: Tensor] {
  const { task, num_classes, average, ignore_index, normalization } = options;
  if (task === 'binary') {
    const [scores, truth] = binary_pairs(preds.flatten(), target.flatten(), ignore_index);
    if (normalization === 'sigmoid') return [as_probabilities(scores), truth];
    return [normalization === 'softmax' ? as_class_probabilities(scores) : scores, truth];
  }
  if (task === 'multilabel') return [as_probabilities(rows_of_scores(preds)), rows_of_scores(target)];
  let rows = rows_of_scores(preds);
  let truth = target.flatten();
  if (ignore_index !== null) {
    const kept = truth.ne(ignore_index);
    rows = aten.index(rows, [kept]);
    truth = truth.masked_select(kept);
  }
  rows = as_class_probabilities(rows);
  if (average === 'micro') return [rows.flatten(), aten.one_hot(truth.to(int64), num_classes!).flatten()];
  return [rows, truth];
}

/** Counts at each threshold: (thresholds, 2, 2) or (thresholds, classes, 2, 2), the truth down, the prediction across. */
export function curve_counts(preds: Tensor, target: Tensor, options: CurveOptions): Tensor {
  const { task, num_classes, ignore_index } = options;
  const thresholds = options.thresholds!;
  const flat = preds.ndim === 1;
  const scores = flat ? preds.unsqueeze(1) : preds;
  const truth = flat
    ? target.unsqueeze(1)
    : task === 'multiclass'
      ? aten.one_hot(target.to(int64), num_classes!)
      : target;
  const columns = scores.shape[1]!;
  const bins = 4 * columns * thresholds.numel();
  const device = preds.device;
  // (samples, columns, thresholds): the cell, of the column, of the threshold.
  const column = aten.arange(columns, { device }).mul(4).unsqueeze(1);
  const step = aten.arange(thresholds.numel(), { device }).mul(4 * columns);
  let cells = scores.unsqueeze(-1).ge(thresholds).to(int64);
  cells = cells.add(truth.to(int64).mul(2).unsqueeze(-1)).add(column).add(step);
  if (task === 'multilabel' && ignore_index !== null) {
    cells = cells.masked_select(truth.ne(ignore_index).unsqueeze(-1).expand(cells.shape));
  }
  const counts = aten.bincount(cells.flatten(), { minlength: bins });
  return counts.reshape(flat ? [-1, 2, 2] : [-1, columns, 2, 2]);
}

/** What is above each distinct score, the highest first: false ones, true ones, and the scores. */
function counts_by_score(preds: Tensor, target: Tensor, positive: number): [fps: Tensor, tps: Tensor, scores: Tensor] {
  const order = preds.argsort({ descending: true });
  const scores = preds.take(order);
  const truth = target.take(order).eq(positive).to(int64);
  const last = aten.full([1], scores.numel() - 1, { dtype: int64, device: preds.device });
  const changes = scores.numel() === 0 ? last : aten.cat([scores.diff().nonzero().flatten(), last]);
  const tps = truth.cumsum(0).take(changes);
  return [changes.add(1).sub(tps), tps, scores.take(changes)];
}

/** Cells of counts at each threshold, the thresholds last. */
function cells_of(counts: Tensor): { tp: Tensor; fp: Tensor; tn: Tensor; fn: Tensor } {
  const cell = (truth: number, predicted: number): Tensor => {
    const found = counts.select(-2, truth).select(-1, predicted);
    return found.ndim === 2 ? found.t() : found;
  };
  return { tp: cell(1, 1), fp: cell(0, 1), tn: cell(0, 0), fn: cell(1, 0) };
}

type BinaryCurve = (preds: Tensor, target: Tensor, positive: number) => Curve;

/** The curve of each class or label, or the one of all. */
function curve_of_each(state: readonly [Tensor, Tensor], options: CurveOptions, curve: BinaryCurve): Curves {
  const [preds, target] = state;
  if (preds.ndim === 1) return curve(preds, target, 1);
  const each = Array.from({ length: preds.shape[1]! }, (_, i): Curve => {
    if (options.task === 'multiclass') return curve(preds.select(1, i), target, i);
    return curve(...binary_pairs(preds.select(1, i), target.select(1, i), options.ignore_index), 1);
  });
  const part = (i: number): Tensor[] => each.map((one) => one[i]!);
  return [part(0), part(1), part(2)];
}

/** `y` at `x`, between the points (`xs`, `ys`). */
function interpolate(x: Tensor, xs: Tensor, ys: Tensor): Tensor {
  const slopes = safe_divide(ys.diff(), xs.diff());
  const starts = ys.narrow(0, 0, slopes.numel()).sub(slopes.mul(xs.narrow(0, 0, slopes.numel())));
  const at = x.unsqueeze(1).ge(xs).sum(1).sub(1).clamp(0, slopes.numel() - 1);
  return slopes.take(at).mul(x).add(starts.take(at));
}

/** The mean of the curves of all classes. */
function mean_curve(curves: Curves, known: Tensor | null, descending: boolean): Curve {
  const [x, y, thresholds] = curves;
  const count = x instanceof Tensor ? x.shape[0]! : x.length;
  const rows = (part: Tensor | Tensor[]): Tensor[] => (part instanceof Tensor ? [...part.unbind(0)] : part);
  const all = known === null ? aten.cat(thresholds as Tensor[]) : known.repeat(count);
  const mean_x = aten.cat(rows(x)).sort()[0];
  const [xs, ys] = [rows(x), rows(y)];
  const mean_y = xs.map((one, i) => interpolate(mean_x, one, ys[i]!)).reduce((sum, one) => sum.add(one));
  return [mean_x, mean_y.div(count), all.sort({ descending })[0]];
}

/**
 * Precision, recall and thresholds: of all, or of each class or label.
 * @param nothing what counts at fixed thresholds give where there is nothing to divide by
 */
export function precision_recall_curves(state: CurveState, options: CurveOptions, nothing = NaN): Curves {
  let curves: Curves;
  if (state instanceof Tensor) {
    const { tp, fp, fn } = cells_of(state);
    const end = (part: Tensor, value: number): Tensor =>
      aten.cat([part, aten.full([...part.shape.slice(0, -1), 1], value, { dtype: part.dtype, device: part.device })], -1);
    curves = [
      end(safe_divide(tp, tp.add(fp), nothing), 1), end(safe_divide(tp, tp.add(fn), nothing), 0), options.thresholds!,
    ];
  } else {
    curves = curve_of_each(state, options, (preds, target, positive) => {
      const [fps, tps, scores] = counts_by_score(preds, target, positive);
      const precision = tps.div(tps.add(fps));
      let recall = tps.div(tps.select(0, -1));
      // As in Python this is asked of the first class or of yes and no alone: NaN for any other class without samples.
      if (target.eq(0).all().item()) {
        warn('No positive samples found in target, recall is undefined. Setting recall to one for all thresholds.');
        recall = aten.ones_like(recall);
      }
      const one = aten.ones([1], { dtype: precision.dtype, device: precision.device });
      return [aten.cat([precision.flip(0), one]), aten.cat([recall.flip(0), one.mul(0)]), scores.flip(0)];
    });
  }
  if (options.task !== 'multiclass' || options.average !== 'macro') return curves;
  return mean_curve(curves, options.thresholds, false);
}

/** False and true positive rates and thresholds, the highest first: of all, or of each class or label. */
export function roc_curves(state: CurveState, options: CurveOptions): Curves {
  let curves: Curves;
  if (state instanceof Tensor) {
    const { tp, fp, tn, fn } = cells_of(state);
    curves = [
      safe_divide(fp, fp.add(tn)).flip(-1), safe_divide(tp, tp.add(fn)).flip(-1), options.thresholds!.flip(0),
    ];
  } else {
    curves = curve_of_each(state, options, (preds, target, positive) => {
      const [fps, tps, scores] = counts_by_score(preds, target, positive);
      const rate = (counts: Tensor, kind: string, name: string): Tensor => {
        const from_zero = aten.cat([aten.zeros([1], { dtype: counts.dtype, device: counts.device }), counts]);
        const all = from_zero.select(0, -1);
        if (Number(all.item()) > 0) return from_zero.div(all);
        warn(
          `No ${kind} samples in targets, ${name} value should be meaningless. ` +
            `Returning zero tensor in ${name} score`,
        );
        return as_float(from_zero.mul(0)).to(scores.dtype);
      };
      const first = aten.ones([1], { dtype: scores.dtype, device: scores.device });
      return [
        rate(fps, 'negative', 'false positive'), rate(tps, 'positive', 'true positive'), aten.cat([first, scores]),
      ];
    });
  }
  if (options.task !== 'multiclass' || options.average !== 'macro') return curves;
  return mean_curve(curves, options.thresholds, true);
}

/** All labels as one. */
function micro_state(state: CurveState, options: CurveOptions): [CurveState, CurveOptions] {
  const one: CurveOptions = { ...options, task: 'binary', average: null };
  if (state instanceof Tensor) return [state.sum(1), one];
  return [binary_pairs(state[0].flatten(), state[1].flatten(), options.ignore_index), one];
}

/** How many there are of each class or label. */
function supports(state: CurveState, options: CurveOptions): Tensor {
  if (state instanceof Tensor) return state.select(0, 0).select(-2, 1).sum(-1);
  const [, target] = state;
  if (options.task === 'multilabel') return target.eq(1).sum(0);
  return aten.bincount(target.to(int64), { minlength: options.num_classes! });
}

/** The areas of all classes or labels as one, those left out that there is no area of. */
function mean_area(areas: Tensor, state: CurveState, options: CurveOptions): Tensor {
  const { average } = options;
  if (average === null || average === 'none') return areas;
  const missing = areas.isnan();
  if (missing.any().item()) {
    warn(
      `Average precision score for one or more classes was \`nan\`. Ignoring these classes in ${average}-average`,
    );
  }
  const kept = missing.logical_not();
  const known = areas.masked_select(kept);
  if (average === 'macro') return known.mean();
  const weights = as_float(supports(state, options)).masked_select(kept);
  return known.mul(safe_divide(weights, weights.sum())).sum();
}

/** `area` of the curve, or of each, and what becomes of them. */
function area_under(
  state: CurveState,
  options: CurveOptions,
  curves_of: (state: CurveState, options: CurveOptions) => Curves,
  area: (x: Tensor, y: Tensor) => Tensor,
): Tensor {
  if (options.task === 'multilabel' && options.average === 'micro') {
    return area_under(...micro_state(state, options), curves_of, area);
  }
  const [x, y] = curves_of(state, { ...options, average: null });
  if (options.task === 'binary') return area(x as Tensor, y as Tensor);
  const [xs, ys] = [x, y].map((part) => (part instanceof Tensor ? [...part.unbind(0)] : part)) as [Tensor[], Tensor[]];
  return mean_area(aten.stack(xs.map((one, i) => area(one, ys[i]!))), state, options);
}

/** The area under the curve of true over false positive rates; up to `max_fpr`, standardized, if that is given. */
export function auroc_of(state: CurveState, options: CurveOptions, max_fpr: number | null = null): Tensor {
  return area_under(state, options, roc_curves, (fpr, tpr) => {
    if (max_fpr === null || max_fpr === 1 || !fpr.sum().item() || !tpr.sum().item()) return aten.trapezoid(tpr, fpr);
    const end = aten.full([1], max_fpr, { dtype: fpr.dtype, device: fpr.device });
    const stop = Number(aten.bucketize(end, fpr, { right: true }).item());
    const [x0, x1] = [fpr.narrow(0, stop - 1, 1), fpr.narrow(0, stop, 1)];
    const [y0, y1] = [tpr.narrow(0, stop - 1, 1), tpr.narrow(0, stop, 1)];
    const height = y0.lerp(y1, end.sub(x0).div(x1.sub(x0)));
    const [x, y] = [aten.cat([fpr.narrow(0, 0, stop), end]), aten.cat([tpr.narrow(0, 0, stop), height])];
    // From what chance gives to all there is, as from 0.5 to 1.
    const least = (max_fpr * max_fpr) / 2;
    return aten.trapezoid(y, x).sub(least).div(max_fpr - least).add(1).mul(0.5);
  });
}

/** Precision, averaged over the steps of recall. */
export function average_precision_of(state: CurveState, options: CurveOptions): Tensor {
  const curves = (of: CurveState, with_options: CurveOptions): Curves => precision_recall_curves(of, with_options, 0);
  return area_under(state, options, curves, (precision, recall) =>
    recall.diff().mul(precision.narrow(0, 0, precision.numel() - 1)).sum().neg(),
  );
}
