/**
 * Measures of how far an input is from a target, as modules. All take `reduction`: `'mean'` of the losses of the
 * single elements (the default), their `'sum'`, or `'none'` to get all of them.
 * @see https://docs.pytorch.org/docs/stable/nn.html#loss-functions
 */
import { wrong_type } from '../../arguments.ts';
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { broadcast, check_logit_sizes } from '../functional/loss_sizes.ts';
import type { DistanceFunction } from '../functional/loss.ts';
import { effective_reduction, reduction_code } from '../functional/reduction.ts';
import type { LegacyReduction, Reduction } from '../functional/reduction.ts';
import { PairwiseDistance } from './distance.ts';
import { family } from './family.ts';
import { forward_arguments, input_and_target } from './forward_arguments.ts';
import type { InputAndTarget, ReadBy } from './forward_arguments.ts';
import { Linear } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import type { LinearCrossEntropyOptions } from './linear_cross_entropy_options.ts';
import { Module } from './module.ts';

export interface LossModuleOptions extends LegacyReduction {
  reduction?: Reduction;
}
type LossNames = ['size_average', 'reduce', 'reduction'];

const legacy: ParameterSpec[] = [
  ['size_average', null],
  ['reduce', null],
];
const mean: ParameterSpec = ['reduction', 'mean'];

const loss_arguments = family<LossModuleOptions>([...legacy, mean]);

/** What all losses have in common. */
export abstract class _Loss extends Module {
  reduction: Reduction;

  constructor({ size_average = null, reduce = null, reduction = 'mean' }: LossModuleOptions) {
    super();
    this.reduction = effective_reduction(reduction, size_average, reduce);
  }
}

/** What losses without further arguments have in common. */
abstract class PlainLoss extends _Loss {
  constructor(...args: Arguments<LossModuleOptions, LossNames>) {
    super(loss_arguments(new.target.name, args));
  }
}

export interface WeightedLossModuleOptions extends LossModuleOptions {
  weight?: Tensor | null;
}

/** What losses with a weight for each class, or element, have in common. */
export abstract class _WeightedLoss extends _Loss {
  declare weight: Tensor | null;

  constructor(options: WeightedLossModuleOptions) {
    super(options);
    this.register_buffer('weight', options.weight ?? null);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface L1Loss {
  (...args: InputAndTarget): Tensor;
}

/**
 * `|input - target|`, for tensors of the same shape.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 */
export class L1Loss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    const [one, other] = broadcast(input, target);
    return aten.l1_loss(one, other, reduction_code(this.reduction));
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MSELoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * `(input - target)²`, for tensors of the same shape.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 */
export class MSELoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    const [one, other] = broadcast(input, target);
    return aten.mse_loss(one, other, reduction_code(this.reduction));
  }
}

export interface NLLLossModuleOptions extends WeightedLossModuleOptions {
  ignore_index?: number;
}
const nll_loss_arguments = signature<NLLLossModuleOptions>('NLLLoss', [
  ['weight', null],
  ['size_average', null],
  ['ignore_index', -100],
  ['reduce', null],
  mean,
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface NLLLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * The negative of what `input`, logarithms of probabilities `(N, C, *)`, gives to the classes in `target`, `(N, *)`.
 * @param weight a weight for each class (default: all 1)
 * @param ignore_index elements of this class do not count (default: -100)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export class NLLLoss extends _WeightedLoss {
  ignore_index: number;

  constructor(
    ...args: Arguments<NLLLossModuleOptions, ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction']>
  ) {
    const options = nll_loss_arguments(args);
    super(options);
    this.ignore_index = options.ignore_index;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return aten.nll_loss_nd(input, target, this.weight, reduction_code(this.reduction), this.ignore_index);
  }
}

/**
 * As {@link NLLLoss}.
 * @deprecated use `NLLLoss`
 */
export class NLLLoss2d extends NLLLoss {
  constructor(...args: ConstructorParameters<typeof NLLLoss>) {
    warn(
      '`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement and see ' +
        'https://pytorch.org/docs/main/nn.html#torch.nn.NLLLoss for more details.',
      'FutureWarning',
    );
    super(...args);
  }
}

export interface CrossEntropyLossOptions extends NLLLossModuleOptions {
  label_smoothing?: number;
}
const cross_entropy_loss_arguments = signature<CrossEntropyLossOptions>('CrossEntropyLoss', [
  ['weight', null],
  ['size_average', null],
  ['ignore_index', -100],
  ['reduce', null],
  mean,
  ['label_smoothing', 0],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CrossEntropyLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * The negative logarithm of the probability that the softmax of `input`, `(C)`, `(N, C)` or `(N, C, *)`, gives to the
 * classes in `target`: whole numbers `()`, `(N)` or `(N, *)`, or probabilities of the shape of the input.
 * @param weight a weight for each class (default: all 1)
 * @param ignore_index elements of this class do not count (default: -100)
 * @param label_smoothing the share of the target that is spread over all classes (default: 0)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export class CrossEntropyLoss extends _WeightedLoss {
  ignore_index: number;
  label_smoothing: number;

  constructor(
    ...args: Arguments<
      CrossEntropyLossOptions,
      ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing']
    >
  ) {
    const options = cross_entropy_loss_arguments(args);
    super(options);
    this.ignore_index = options.ignore_index;
    this.label_smoothing = options.label_smoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    const { weight, reduction, ignore_index, label_smoothing } = this;
    return aten.cross_entropy_loss(
      input,
      target,
      weight,
      reduction_code(reduction),
      ignore_index,
      label_smoothing,
    );
  }
}

const weighted_loss_arguments = family<WeightedLossModuleOptions>([['weight', null], ...legacy, mean]);
type WeightedLossNames = ['weight', 'size_average', 'reduce', 'reduction'];

/** Calls `module(...)`, with its arguments by position or by name. */
export interface BCELoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * `-(target · log(input) + (1 - target) · log(1 - input))`, for an input of probabilities.
 * @param weight what to multiply the losses by; it is broadcast to them
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 */
export class BCELoss extends _WeightedLoss {
  constructor(...args: Arguments<WeightedLossModuleOptions, WeightedLossNames>) {
    super(weighted_loss_arguments('BCELoss', args));
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

export interface BCEWithLogitsLossOptions extends WeightedLossModuleOptions {
  pos_weight?: Tensor | null;
}
const bce_with_logits_loss_arguments = signature<BCEWithLogitsLossOptions>('BCEWithLogitsLoss', [
  ['weight', null],
  ...legacy,
  mean,
  ['pos_weight', null],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface BCEWithLogitsLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * `BCELoss` of the sigmoid of the input, computed more precisely than by taking one after the other.
 * @param weight what to multiply the losses by; it is broadcast to them
 * @param pos_weight what to multiply the part of the positive targets by; it is broadcast, too
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export class BCEWithLogitsLoss extends _WeightedLoss {
  declare pos_weight: Tensor | null;

  constructor(
    ...args: Arguments<
      BCEWithLogitsLossOptions,
      ['weight', 'size_average', 'reduce', 'reduction', 'pos_weight']
    >
  ) {
    const options = bce_with_logits_loss_arguments(args);
    super(options);
    this.register_buffer('pos_weight', options.pos_weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    check_logit_sizes(input, target);
    const { weight, pos_weight, reduction } = this;
    return aten.binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction_code(reduction));
  }
}

export interface SmoothL1LossModuleOptions extends LossModuleOptions {
  beta?: number;
}
const smooth_l1_loss_arguments = signature<SmoothL1LossModuleOptions>('SmoothL1Loss', [
  ...legacy,
  mean,
  ['beta', 1],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface SmoothL1Loss {
  (...args: InputAndTarget): Tensor;
}

/**
 * The square of the difference divided by `2 β` where it is smaller than `β`, its magnitude less `β / 2` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 */
export class SmoothL1Loss extends _Loss {
  beta: number;

  constructor(...args: Arguments<SmoothL1LossModuleOptions, [...LossNames, 'beta']>) {
    const options = smooth_l1_loss_arguments(args);
    super(options);
    this.beta = options.beta;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

export interface HuberLossModuleOptions {
  reduction?: Reduction;
  delta?: number;
}
const huber_loss_arguments = signature<HuberLossModuleOptions>('HuberLoss', [mean, ['delta', 1]], [], ['delta']);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface HuberLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * Half the square of the difference where it is smaller than `δ`, and `δ (|difference| - δ / 2)` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 */
export class HuberLoss extends _Loss {
  delta: number;

  constructor(...args: Arguments<HuberLossModuleOptions, ['reduction', 'delta']>) {
    const { reduction, delta } = huber_loss_arguments(args);
    if (typeof delta !== 'number') {
      throw new TypeError(`delta must be a float or int, got: <class '${type_name(delta)}'>`);
    }
    super({ reduction });
    this.delta = delta;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.huber_loss(input, target, this.reduction, this.delta);
  }
}

export interface KLDivLossOptions extends LegacyReduction {
  reduction?: Reduction | 'batchmean';
  log_target?: boolean;
}
const kl_div_loss_arguments = signature<KLDivLossOptions>('KLDivLoss', [...legacy, mean, ['log_target', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface KLDivLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * The Kullback-Leibler divergence of `target`, probabilities, from `input`, logarithms of probabilities.
 * @param reduction as elsewhere, or `'batchmean'` for the sum divided by the size of the batch (default: `'mean'`)
 * @param log_target whether the target holds logarithms as well (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 */
export class KLDivLoss extends _Loss {
  log_target: boolean;

  constructor(...args: Arguments<KLDivLossOptions, [...LossNames, 'log_target']>) {
    const options = kl_div_loss_arguments(args);
    super(options as LossModuleOptions);
    this.log_target = options.log_target;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

export interface PoissonNLLLossModuleOptions extends LossModuleOptions {
  log_input?: boolean;
  full?: boolean;
  eps?: number;
}
const poisson_nll_loss_arguments = signature<PoissonNLLLossModuleOptions>('PoissonNLLLoss', [
  ['log_input', true],
  ['full', false],
  ['size_average', null],
  ['eps', 1e-8],
  ['reduce', null],
  mean,
]);

const log_input_and_target = forward_arguments<{ log_input: Tensor; target: Tensor }, ['log_input', 'target']>([
  'log_input',
  'target',
]);
type LogInputAndTarget = ReadBy<typeof log_input_and_target>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface PoissonNLLLoss {
  (...args: LogInputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html */
export class PoissonNLLLoss extends _Loss {
  log_input: boolean;
  full: boolean;
  eps: number;

  constructor(
    ...args: Arguments<
      PoissonNLLLossModuleOptions,
      ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']
    >
  ) {
    const options = poisson_nll_loss_arguments(args);
    super(options);
    this.log_input = options.log_input;
    this.full = options.full;
    this.eps = options.eps;
  }

  override forward(log_input: Tensor, target: Tensor): Tensor;
  override forward(...args: LogInputAndTarget): Tensor {
    const [log_input, target] = log_input_and_target(args);
    const { full, eps, reduction } = this;
    return F.poisson_nll_loss(log_input, target, { log_input: this.log_input, full, eps, reduction });
  }
}

export interface GaussianNLLLossModuleOptions {
  full?: boolean;
  eps?: number;
  reduction?: Reduction;
}
const gaussian_nll_loss_arguments = signature<GaussianNLLLossModuleOptions>(
  'GaussianNLLLoss',
  [],
  [['full', false], ['eps', 1e-6], mean],
);

interface GaussianForwardOptions {
  input: Tensor;
  target: Tensor;
  var: Tensor | number;
}
const gaussian_arguments = forward_arguments<GaussianForwardOptions, ['input', 'target', 'var']>([
  'input',
  'target',
  'var',
]);
type GaussianArguments = ReadBy<typeof gaussian_arguments>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface GaussianNLLLoss {
  (...args: GaussianArguments): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html */
export class GaussianNLLLoss extends _Loss {
  full: boolean;
  eps: number;

  constructor(...args: Arguments<GaussianNLLLossModuleOptions, []>) {
    const { full, eps, reduction } = gaussian_nll_loss_arguments(args);
    super({ reduction });
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor;
  override forward(...args: GaussianArguments): Tensor {
    const [input, target, variance] = gaussian_arguments(args);
    const { full, eps, reduction } = this;
    return F.gaussian_nll_loss(input, target, variance, { full, eps, reduction });
  }
}

export interface MarginLossModuleOptions extends LossModuleOptions {
  margin?: number;
}
type MarginNames = ['margin', ...LossNames];
const hinge_embedding_loss_arguments = signature<MarginLossModuleOptions>('HingeEmbeddingLoss', [
  ['margin', 1],
  ...legacy,
  mean,
]);
const margin_loss_arguments = family<MarginLossModuleOptions>([['margin', 0], ...legacy, mean]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface HingeEmbeddingLoss {
  (...args: InputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html */
export class HingeEmbeddingLoss extends _Loss {
  margin: number;

  constructor(...args: Arguments<MarginLossModuleOptions, MarginNames>) {
    const options = hinge_embedding_loss_arguments(args);
    super(options);
    this.margin = options.margin;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.hinge_embedding_loss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MultiLabelMarginLoss {
  (...args: InputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html */
export class MultiLabelMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface SoftMarginLoss {
  (...args: InputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html */
export class SoftMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MultiLabelSoftMarginLoss {
  (...args: InputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html */
export class MultiLabelSoftMarginLoss extends _WeightedLoss {
  constructor(...args: Arguments<WeightedLossModuleOptions, WeightedLossNames>) {
    super(weighted_loss_arguments('MultiLabelSoftMarginLoss', args));
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    return F.multilabel_soft_margin_loss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

interface PairForwardOptions {
  input1: Tensor;
  input2: Tensor;
  target: Tensor;
}
const pair_and_target = forward_arguments<PairForwardOptions, ['input1', 'input2', 'target']>([
  'input1',
  'input2',
  'target',
]);
type PairAndTarget = ReadBy<typeof pair_and_target>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CosineEmbeddingLoss {
  (...args: PairAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html */
export class CosineEmbeddingLoss extends _Loss {
  margin: number;

  constructor(...args: Arguments<MarginLossModuleOptions, MarginNames>) {
    const options = margin_loss_arguments('CosineEmbeddingLoss', args);
    super(options);
    this.margin = options.margin;
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor;
  override forward(...args: PairAndTarget): Tensor {
    const [input1, input2, target] = pair_and_target(args);
    return F.cosine_embedding_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MarginRankingLoss {
  (...args: PairAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html */
export class MarginRankingLoss extends _Loss {
  margin: number;

  constructor(...args: Arguments<MarginLossModuleOptions, MarginNames>) {
    const options = margin_loss_arguments('MarginRankingLoss', args);
    super(options);
    this.margin = options.margin;
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor;
  override forward(...args: PairAndTarget): Tensor {
    const [input1, input2, target] = pair_and_target(args);
    return F.margin_ranking_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

export interface MultiMarginLossModuleOptions extends WeightedLossModuleOptions {
  p?: number;
  margin?: number;
}
const multi_margin_loss_arguments = signature<MultiMarginLossModuleOptions>('MultiMarginLoss', [
  ['p', 1],
  ['margin', 1],
  ['weight', null],
  ...legacy,
  mean,
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface MultiMarginLoss {
  (...args: InputAndTarget): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html */
export class MultiMarginLoss extends _WeightedLoss {
  p: number;
  margin: number;

  constructor(...args: Arguments<MultiMarginLossModuleOptions, ['p', 'margin', ...WeightedLossNames]>) {
    const options = multi_margin_loss_arguments(args);
    const { p, margin, weight } = options;
    if (p !== 1 && p !== 2) throw new ValueError('only p == 1 and p == 2 supported');
    if (weight !== null && weight.dim() !== 1) {
      throw new ValueError(`MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.dim()}D instead`);
    }
    super(options);
    this.p = p;
    this.margin = margin;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    const { p, margin, weight, reduction } = this;
    return F.multi_margin_loss(input, target, { p, margin, weight, reduction });
  }
}

export interface TripletMarginLossModuleOptions extends LossModuleOptions {
  margin?: number;
  p?: number;
  eps?: number;
  swap?: boolean;
}
const triplet_margin_loss_arguments = signature<TripletMarginLossModuleOptions>('TripletMarginLoss', [
  ['margin', 1],
  ['p', 2],
  ['eps', 1e-6],
  ['swap', false],
  ...legacy,
  mean,
]);

interface TripletForwardOptions {
  anchor: Tensor;
  positive: Tensor;
  negative: Tensor;
}
const triplet = forward_arguments<TripletForwardOptions, ['anchor', 'positive', 'negative']>([
  'anchor',
  'positive',
  'negative',
]);
type Triplet = ReadBy<typeof triplet>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface TripletMarginLoss {
  (...args: Triplet): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html */
export class TripletMarginLoss extends _Loss {
  margin: number;
  p: number;
  eps: number;
  swap: boolean;

  constructor(...args: Arguments<TripletMarginLossModuleOptions, ['margin', 'p', 'eps', 'swap', ...LossNames]>) {
    const options = triplet_margin_loss_arguments(args);
    super(options);
    if (options.margin <= 0) {
      throw new ValueError(
        `TripletMarginLoss: expected margin to be greater than 0, got ${float_str(options.margin)} instead`,
      );
    }
    this.margin = options.margin;
    this.p = options.p;
    this.eps = options.eps;
    this.swap = options.swap;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor;
  override forward(...args: Triplet): Tensor {
    const [anchor, positive, negative] = triplet(args);
    const { margin, p, eps, swap, reduction } = this;
    return F.triplet_margin_loss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

export interface TripletMarginWithDistanceLossModuleOptions {
  distance_function?: DistanceFunction | null;
  margin?: number;
  swap?: boolean;
  reduction?: Reduction;
}
const triplet_margin_with_distance_loss_arguments = signature<TripletMarginWithDistanceLossModuleOptions>(
  'TripletMarginWithDistanceLoss',
  [],
  [['distance_function', null], ['margin', 1], ['swap', false], mean],
);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface TripletMarginWithDistanceLoss {
  (...args: Triplet): Tensor;
}

/**
 * As {@link TripletMarginLoss}, with any distance. All arguments are given by name.
 * @param distance_function how far apart two tensors are (default: a `PairwiseDistance`)
 * @param margin how much farther the negative should be than the positive (default: 1)
 * @param swap take the distance of positive and negative where that is smaller (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html
 */
export class TripletMarginWithDistanceLoss extends _Loss {
  distance_function: DistanceFunction;
  margin: number;
  swap: boolean;

  constructor(...args: Arguments<TripletMarginWithDistanceLossModuleOptions, []>) {
    const { distance_function, margin, swap, reduction } = triplet_margin_with_distance_loss_arguments(args);
    super({ reduction });
    if (margin <= 0) {
      throw new ValueError(
        `TripletMarginWithDistanceLoss: expected margin to be greater than 0, got ${float_str(margin)} instead`,
      );
    }
    this.distance_function = distance_function ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor;
  override forward(...args: Triplet): Tensor {
    const [anchor, positive, negative] = triplet(args);
    const { distance_function, margin, swap, reduction } = this;
    return F.triplet_margin_with_distance_loss(anchor, positive, negative, {
      distance_function,
      margin,
      swap,
      reduction,
    });
  }
}

export interface LinearCrossEntropyLossOptions extends FactoryOptions {
  in_features: number;
  num_classes: number;
  out_features?: readonly number[];
  bias?: boolean;
  reduction?: Reduction;
  weight?: Tensor | null;
  ignore_index?: number | null;
  label_smoothing?: number;
  options?: LinearCrossEntropyOptions | null;
}
const linear_cross_entropy_loss_arguments = signature<LinearCrossEntropyLossOptions>(
  'LinearCrossEntropyLoss',
  ['in_features', 'num_classes'],
  [
    ['out_features', []],
    ['bias', false],
    ['device', null],
    ['dtype', null],
    mean,
    ['weight', null],
    ['ignore_index', null],
    ['label_smoothing', 0],
    ['options', null],
  ],
  ['out_features'],
);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LinearCrossEntropyLoss {
  (...args: InputAndTarget): Tensor;
}

/**
 * `CrossEntropyLoss` of what a linear layer of its own makes of the input, `(in_features)` or `(N, in_features)`.
 * @param in_features the size of each input
 * @param num_classes how many classes there are
 * @param out_features the further dimensions of a loss in several dimensions (default: none)
 * @param bias whether the linear layer has a bias (default: false)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @param weight a weight for each class (default: all 1)
 * @param ignore_index elements of this class do not count (default: -100)
 * @param label_smoothing the share of the target that is spread over all classes (default: 0)
 * @param options how the batch may be divided to save memory
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LinearCrossEntropyLoss.html
 */
export class LinearCrossEntropyLoss extends _WeightedLoss {
  num_classes: number;
  out_features: number[];
  ignore_index: number | null;
  label_smoothing: number;
  linear: Linear;
  options: LinearCrossEntropyOptions | null;

  constructor(...args: Arguments<LinearCrossEntropyLossOptions, ['in_features', 'num_classes']>) {
    const given = linear_cross_entropy_loss_arguments(args);
    const { in_features, num_classes, bias, device, dtype, weight, label_smoothing } = given;
    if (weight !== null && !weight.shape.equals([num_classes])) {
      throw new RuntimeError(
        `expected weight shape to be ${repr([num_classes])}, got ${repr(Array.from(weight.shape))}`,
      );
    }
    if (label_smoothing < 0 || label_smoothing > 1) {
      throw new RuntimeError(
        `expected label_smoothing to be in range [0, 1], got ${float_str(label_smoothing)}`,
      );
    }
    super({ weight, reduction: given.reduction });
    this.num_classes = num_classes;
    if (!Array.isArray(given.out_features)) {
      throw wrong_type('LinearCrossEntropyLoss', 'out_features', 'tuple of ints', given.out_features);
    }
    this.out_features = Array.from(given.out_features as readonly number[]);
    this.ignore_index = given.ignore_index;
    this.label_smoothing = label_smoothing;
    const outputs = this.out_features.reduce((product, size) => product * size, num_classes);
    this.linear = new Linear(in_features, outputs, bias, device, dtype);
    this.options = given.options;
  }

  override forward(input: Tensor, target: Tensor): Tensor;
  override forward(...args: InputAndTarget): Tensor {
    const [input, target] = input_and_target(args);
    const outputs = [this.num_classes, ...this.out_features];
    const { in_features, weight: linear_weight, bias: linear_bias } = this.linear;
    return F.linear_cross_entropy(input, linear_weight.reshape([...outputs, in_features]), target, {
      linear_bias: linear_bias?.reshape(outputs) ?? null,
      weight: this.weight,
      reduction: this.reduction,
      ignore_index: this.ignore_index,
      label_smoothing: this.label_smoothing,
      options: this.options,
    });
  }

  override extra_repr(): string {
    return (
      `in_features=${this.linear.in_features}, num_classes=${this.num_classes}, ` +
      `out_features=${repr(this.out_features)}, bias=${repr(this.linear.bias !== null)}, ` +
      `reduction=${this.reduction}, ignore_index=${repr(this.ignore_index)}, ` +
      `label_smoothing=${float_str(this.label_smoothing)}, ` +
      `options=${this.options === null ? 'None' : String(this.options)}`
    );
  }
}

export interface CTCLossModuleOptions {
  blank?: number;
  reduction?: Reduction;
  zero_infinity?: boolean;
}
const ctc_loss_arguments = signature<CTCLossModuleOptions>('CTCLoss', [
  ['blank', 0],
  mean,
  ['zero_infinity', false],
]);

interface CTCForwardOptions {
  log_probs: Tensor;
  targets: Tensor;
  input_lengths: Tensor | readonly number[];
  target_lengths: Tensor | readonly number[];
}
type CTCForwardNames = ['log_probs', 'targets', 'input_lengths', 'target_lengths'];
const ctc_arguments = forward_arguments<CTCForwardOptions, CTCForwardNames>([
  'log_probs',
  'targets',
  'input_lengths',
  'target_lengths',
]);
type CTCArguments = ReadBy<typeof ctc_arguments>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CTCLoss {
  (...args: CTCArguments): Tensor;
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html */
export class CTCLoss extends _Loss {
  blank: number;
  zero_infinity: boolean;

  constructor(...args: Arguments<CTCLossModuleOptions, ['blank', 'reduction', 'zero_infinity']>) {
    const { blank, reduction, zero_infinity } = ctc_loss_arguments(args);
    super({ reduction });
    this.blank = blank;
    this.zero_infinity = zero_infinity;
  }

  override forward(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
  ): Tensor;
  override forward(...args: CTCArguments): Tensor {
    const [log_probs, targets, input_lengths, target_lengths] = ctc_arguments(args);
    const { blank, reduction, zero_infinity } = this;
    return F.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity);
  }
}
