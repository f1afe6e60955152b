/** Correlations and similarities of what is predicted and what is true, as metrics. */
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type BatchArguments, parse_batch } from '../functional/batch.ts';
import { check_same_shape } from '../functional/stat_scores.ts';
import { join } from '../join.ts';
import { Metric, type MetricOptions } from '../metric.ts';
import type { OutputsArguments } from './errors.ts';

/** How the similarities of samples become one: their sum, their mean, or not at all. */
export type SimilarityReduction = 'sum' | 'mean' | 'none' | null;
export interface CosineSimilarityArguments extends MetricOptions {
  /** How the similarities of samples become one (default: 'sum') */
  reduction?: SimilarityReduction;
}

const KEYWORDS = [['compute_with_cache', true]] as const;
const parse_outputs = signature<OutputsArguments>('__init__', [['num_outputs', 1]], KEYWORDS);
const parse_cosine = signature<CosineSimilarityArguments>('__init__', [['reduction', 'sum']], KEYWORDS);

/** @throws ValueError for a number of outputs that makes no sense */
function checked_outputs(num_outputs: number): number {
  if (Number.isInteger(num_outputs) && num_outputs >= 1) return num_outputs;
  throw new ValueError(
    `Expected argument \`num_outputs\` to be an int larger than 0, but got ${String(num_outputs)}`,
  );
}

/** @throws RuntimeError or ValueError for tensors that do not fit together or the number of outputs */
function check_outputs(preds: Tensor, target: Tensor, num_outputs: number): void {
  check_same_shape(preds, target);
  if (preds.ndim > 2) {
    throw new ValueError(
      'Expected both predictions and target to be either 1- or 2-dimensional tensors,' +
        ` but got ${target.ndim} and ${preds.ndim}.`,
    );
  }
  const fits = num_outputs === 1 ? preds.ndim === 1 : preds.ndim > 1 && preds.shape.at(-1) === num_outputs;
  if (fits) return;
  throw new ValueError(
    `Expected argument \`num_outputs\` to match the second dimension of input, but got ${num_outputs} and ` +
      `${preds.ndim === 1 ? 1 : preds.shape.at(-1)}.`,
  );
}

/** Gathers means, variances and the covariance, of whatever number of batches. */
class MomentsMetric extends Metric {
  override full_state_update: boolean | null = true;
  override is_differentiable: boolean | null = true;
  declare mean_x: Tensor;
  declare mean_y: Tensor;
  declare var_x: Tensor;
  declare var_y: Tensor;
  declare corr_xy: Tensor;
  declare n_total: Tensor;
  readonly num_outputs: number;

  constructor(...args: Arguments<OutputsArguments, ['num_outputs']>) {
    const { num_outputs, compute_with_cache } = parse_outputs(args);
    super({ compute_with_cache });
    this.num_outputs = checked_outputs(num_outputs);
    for (const name of ['mean_x', 'mean_y', 'var_x', 'var_y', 'corr_xy', 'n_total']) {
      this.add_state(name, aten.zeros([num_outputs]));
    }
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    check_outputs(preds, target, this.num_outputs);
    const [x, y] = [preds, target].map((one) => (one.ndim === 1 ? one.unsqueeze(1) : one)) as [Tensor, Tensor];
    const count = x.shape[0]!;
    const all = this.n_total.add(count);
    const [mean_x, mean_y] = [x.mean(0), y.mean(0)];
    const [step_x, step_y] = [mean_x.sub(this.mean_x), mean_y.sub(this.mean_y)];
    const [dx, dy] = [x.sub(mean_x), y.sub(mean_y)];
    // Around the mean of both parts: what each is around its own, and what their means are apart.
    const share = this.n_total.mul(count).div(all);
    this.var_x = this.var_x.add(dx.pow(2).sum(0)).add(step_x.pow(2).mul(share));
    this.var_y = this.var_y.add(dy.pow(2).sum(0)).add(step_y.pow(2).mul(share));
    this.corr_xy = this.corr_xy.add(dx.mul(dy).sum(0)).add(step_x.mul(step_y).mul(share));
    this.mean_x = this.mean_x.add(step_x.mul(count).div(all));
    this.mean_y = this.mean_y.add(step_y.mul(count).div(all));
    this.n_total = all;
  }
}

/**
 * Pearson's correlation of what is predicted and what is true.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/pearson_corr_coef.html
 */
export class PearsonCorrCoef extends MomentsMetric {
  override compute(): Tensor {
    return this.corr_xy.div(this.var_x.mul(this.var_y).sqrt()).clamp(-1, 1).squeeze();
  }
}

/**
 * The concordance of what is predicted and what is true: their correlation, less for other means and variances.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/concordance_corr_coef.html
 */
export class ConcordanceCorrCoef extends MomentsMetric {
  override higher_is_better: boolean | null = true;

  override compute(): Tensor {
    const count = this.n_total.sub(1);
    const apart = this.mean_x.sub(this.mean_y).pow(2).mul(count);
    return this.corr_xy.mul(2).div(this.var_x.add(this.var_y).add(apart)).squeeze();
  }
}

/** The ranks of numbers, from 1; the same ones share the mean of theirs. */
function ranks(values: Tensor): Tensor {
  const below = values.unsqueeze(1).gt(values.unsqueeze(0)).sum(1);
  const same = values.unsqueeze(1).eq(values.unsqueeze(0)).sum(1);
  return below.to(values.dtype).add(same.add(1).to(values.dtype).div(2));
}

/**
 * Spearman's correlation, which is that of the ranks.
 * @throws ValueError for a number of outputs that makes no sense
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/spearman_corr_coef.html
 */
export class SpearmanCorrCoef extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = false;
  override higher_is_better: boolean | null = true;
  declare preds: Tensor[];
  declare target: Tensor[];
  readonly num_outputs: number;

  constructor(...args: Arguments<OutputsArguments, ['num_outputs']>) {
    const { num_outputs, compute_with_cache } = parse_outputs(args);
    super({ compute_with_cache });
    this.num_outputs = checked_outputs(num_outputs);
    warn(
      'Metric `SpearmanCorrcoef` will save all targets and predictions in the buffer. For large datasets, this may lead ' +
        'to large memory footprint.',
    );
    this.add_state('preds', [], { dist_reduce_fx: 'cat' });
    this.add_state('target', [], { dist_reduce_fx: 'cat' });
  }

  /** @throws TypeError for whole numbers */
  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    if (!preds.is_floating_point() || !target.is_floating_point()) {
      throw new TypeError(
        'Expected `preds` and `target` both to be floating point tensors, but got ' +
          `${String(preds.dtype)} and ${String(target.dtype)}`,
      );
    }
    check_outputs(preds, target, this.num_outputs);
    this.preds.push(preds);
    this.target.push(target);
  }

  override compute(): Tensor {
    const ranked = (all: Tensor): Tensor =>
      all.ndim === 1 ? ranks(all) : aten.stack([...all.unbind(1)].map(ranks), 1);
    const centred = (all: Tensor): Tensor => all.sub(all.mean(0));
    const [x, y] = [centred(ranked(join(this.preds))), centred(ranked(join(this.target)))];
    const spread = x.pow(2).mean(0).sqrt().mul(y.pow(2).mean(0).sqrt());
    return x.mul(y).mean(0).div(spread.add(1e-6)).clamp(-1, 1);
  }
}

/**
 * The cosine of the angle between what is predicted and what is true, both (samples, features).
 * @throws ValueError for a reduction that there is none of
 * @see https://lightning.ai/docs/torchmetrics/stable/regression/cosine_similarity.html
 */
export class CosineSimilarity extends Metric {
  override full_state_update: boolean | null = false;
  override is_differentiable: boolean | null = true;
  override higher_is_better: boolean | null = true;
  declare preds: Tensor[];
  declare target: Tensor[];
  readonly reduction: SimilarityReduction;

  constructor(...args: Arguments<CosineSimilarityArguments, ['reduction']>) {
    const { reduction, compute_with_cache } = parse_cosine(args);
    super({ compute_with_cache });
    if (!(['sum', 'mean', 'none', null] as unknown[]).includes(reduction)) {
      throw new ValueError(
        `Expected argument \`reduction\` to be one of ('sum', 'mean', 'none', None) but got ${String(reduction)}`,
      );
    }
    this.reduction = reduction;
    this.add_state('preds', [], { dist_reduce_fx: 'cat' });
    this.add_state('target', [], { dist_reduce_fx: 'cat' });
  }

  override update(...args: BatchArguments): void {
    const { preds, target } = parse_batch(args);
    check_same_shape(preds, target);
    if (preds.ndim !== 2) {
      throw new ValueError(
        'Expected input to cosine similarity to be 2D tensors of shape `[N,D]` where `N` is the number of samples and ' +
          `\`D\` is the number of dimensions, but got tensor of shape ${String(preds.shape)}`,
      );
    }
    this.preds.push(preds.float());
    this.target.push(target.float());
  }

  override compute(): Tensor {
    const [x, y] = [join(this.preds), join(this.target)];
    const cosines = x.mul(y).sum(-1).div(x.norm(2, -1).mul(y.norm(2, -1)));
    if (this.reduction === 'sum') return cosines.sum();
    return this.reduction === 'mean' ? cosines.mean() : cosines;
  }
}
