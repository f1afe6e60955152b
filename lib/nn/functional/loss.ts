/**
 * Measures of how far an input is from a target. All take `reduction`: `'mean'` of the losses of the single elements
 * (the default), their `'sum'`, or `'none'` to get all of them.
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html#loss-functions
 */
import { wrong_type } from '../../arguments.ts';
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import { float_str } from '../../repr.ts';
import { Size } from '../../size.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import { broadcast, check_logit_sizes, same_size } from './loss_sizes.ts';
import { effective_reduction, reduction_code } from './reduction.ts';
import type { LegacyReduction, Reduction } from './reduction.ts';

export type { Reduction } from './reduction.ts';

const legacy: ParameterSpec[] = [
  ['size_average', null],
  ['reduce', null],
];
const mean: ParameterSpec = ['reduction', 'mean'];

/** What all of these functions take. */
export interface LossOptions extends LegacyReduction {
  input: Tensor;
  target: Tensor;
  reduction?: Reduction;
}
export interface WeightedLossOptions extends LossOptions {
  weight?: Tensor | null;
}

type ReductionArguments = Required<LegacyReduction> & { reduction: string };

/** The reduction that the arguments ask for. */
function reduction_of({ reduction, size_average, reduce }: ReductionArguments): string {
  return effective_reduction(reduction, size_average, reduce);
}

/** The code of the reduction that the arguments ask for. */
function code_of(options: ReductionArguments): number {
  return reduction_code(reduction_of(options));
}

/**
 * The losses of the single elements, reduced.
 * @throws ValueError with `message` for an unknown reduction
 */
function reduced(losses: Tensor, reduction: string, message: string): Tensor {
  check_reduction(reduction, message);
  return reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses;
}

/** @throws ValueError with `message` for an unknown reduction */
function check_reduction(reduction: string, message: string): void {
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') throw new ValueError(message);
}

/** Multiplies the losses of the single elements by their weights, and reduces them. */
function weighted(
  losses: Tensor,
  weight: Tensor,
  input: Tensor,
  reduction: string,
  divide_by_weights: boolean,
): Tensor {
  if (!same_size(weight, input)) throw new ValueError('Weights and input must have the same size.');
  const products = losses.mul(weight);
  if (reduction === 'mean' && divide_by_weights) return products.sum().div(weight.sum());
  return reduced(products, reduction, `Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`);
}

type WeightLastArguments = Arguments<
  WeightedLossOptions,
  ['input', 'target', 'size_average', 'reduce', 'reduction', 'weight']
>;
const weight_last: ParameterSpec[] = ['input', 'target', ...legacy, mean, ['weight', null]];
const l1_loss_arguments = signature<WeightedLossOptions>('l1_loss', weight_last);
const mse_loss_arguments = signature<WeightedLossOptions>('mse_loss', weight_last);

/**
 * `|input - target|`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 */
export function l1_loss(...args: WeightLastArguments): Tensor {
  const options = l1_loss_arguments(args);
  const { weight } = options;
  const [input, target] = broadcast(options.input, options.target);
  if (weight === null) return aten.l1_loss(input, target, code_of(options));
  return tidy(() => weighted(input.sub(target).abs(), weight, options.input, reduction_of(options), true));
}

/**
 * `(input - target)²`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export function mse_loss(...args: WeightLastArguments): Tensor {
  const options = mse_loss_arguments(args);
  const { weight } = options;
  const [input, target] = broadcast(options.input, options.target);
  if (weight === null) return aten.mse_loss(input, target, code_of(options));
  return tidy(() => weighted(input.sub(target).pow(2), weight, options.input, reduction_of(options), true));
}

export interface SmoothL1LossOptions extends LossOptions {
  beta?: number;
}
const smooth_l1_loss_arguments = signature<SmoothL1LossOptions>('smooth_l1_loss', [
  'input',
  'target',
  ...legacy,
  mean,
  ['beta', 1],
]);

/**
 * The square of the difference divided by `2 β` where it is smaller than `β`, its magnitude less `β / 2` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 */
export function smooth_l1_loss(
  ...args: Arguments<SmoothL1LossOptions, ['input', 'target', 'size_average', 'reduce', 'reduction', 'beta']>
): Tensor {
  const options = smooth_l1_loss_arguments(args);
  const { beta } = options;
  const [input, target] = broadcast(options.input, options.target);
  return beta === 0
    ? aten.l1_loss(input, target, code_of(options))
    : aten.smooth_l1_loss(input, target, code_of(options), beta);
}

export interface HuberLossOptions {
  input: Tensor;
  target: Tensor;
  reduction?: Reduction;
  delta?: number;
  weight?: Tensor | null;
}
const huber_loss_arguments = signature<HuberLossOptions>('huber_loss', [
  'input',
  'target',
  mean,
  ['delta', 1],
  ['weight', null],
]);

/**
 * Half the square of the difference where it is smaller than `δ`, and `δ (|difference| - δ / 2)` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 */
export function huber_loss(
  ...args: Arguments<HuberLossOptions, ['input', 'target', 'reduction', 'delta', 'weight']>
): Tensor {
  const options = huber_loss_arguments(args);
  const { reduction, delta, weight } = options;
  const [input, target] = broadcast(options.input, options.target);
  if (weight === null) return aten.huber_loss(input, target, reduction_code(reduction), delta);
  return tidy(() => {
    const losses = aten.huber_loss(input, target, reduction_code('none'), delta);
    return weighted(losses, weight, options.input, reduction, false);
  });
}

export interface NLLLossOptions extends WeightedLossOptions {
  ignore_index?: number;
}
const nll_loss_arguments = signature<NLLLossOptions>('nll_loss', [
  'input',
  'target',
  ['weight', null],
  ['size_average', null],
  ['ignore_index', -100],
  ['reduce', null],
  mean,
]);

/**
 * The negative of what `input`, logarithms of probabilities `(N, C, *)`, gives to the classes in `target`, `(N, *)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 */
export function nll_loss(
  ...args: Arguments<
    NLLLossOptions,
    ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction']
  >
): Tensor {
  const options = nll_loss_arguments(args);
  return aten.nll_loss_nd(options.input, options.target, options.weight, code_of(options), options.ignore_index);
}

export interface CrossEntropyOptions extends NLLLossOptions {
  label_smoothing?: number;
}
const cross_entropy_arguments = signature<CrossEntropyOptions>('cross_entropy', [
  'input',
  'target',
  ['weight', null],
  ['size_average', null],
  ['ignore_index', -100],
  ['reduce', null],
  mean,
  ['label_smoothing', 0],
]);

/**
 * The negative logarithm of the probability that the softmax of `input`, `(C)`, `(N, C)` or `(N, C, *)`, gives to the
 * classes in `target`: whole numbers `()`, `(N)` or `(N, *)`, or probabilities of the shape of the input.
 * @param weight a weight for each class (default: all 1)
 * @param ignore_index elements of this class do not count (default: -100)
 * @param label_smoothing the share of the target that is spread over all classes (default: 0)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export function cross_entropy(
  ...args: Arguments<
    CrossEntropyOptions,
    ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing']
  >
): Tensor {
  const options = cross_entropy_arguments(args);
  const { input, target, weight, ignore_index, label_smoothing } = options;
  return aten.cross_entropy_loss(input, target, weight, code_of(options), ignore_index, label_smoothing);
}

const binary_cross_entropy_arguments = signature<WeightedLossOptions>('binary_cross_entropy', [
  'input',
  'target',
  ['weight', null],
  ...legacy,
  mean,
]);

/** @throws ValueError unless input and target have the same sizes */
function weight_for_binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | null): Tensor | null {
  if (!same_size(input, target)) {
    throw new ValueError(
      `Using a target size (${String(target.shape)}) that is different to the input size ` +
        `(${String(input.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  }
  if (weight === null || same_size(weight, target)) return weight;
  return aten.broadcast_tensors([weight, target])[0]!;
}

/**
 * `-(target · log(input) + (1 - target) · log(1 - input))`, for an input of probabilities.
 * @param weight what to multiply the losses by; it is broadcast to them
 * @throws ValueError unless input and target have the same sizes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 */
export function binary_cross_entropy(
  ...args: Arguments<
    WeightedLossOptions,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const options = binary_cross_entropy_arguments(args);
  const { input, target } = options;
  const code = code_of(options);
  return aten.binary_cross_entropy(
    input,
    target,
    weight_for_binary_cross_entropy(input, target, options.weight),
    code,
  );
}

export interface BinaryCrossEntropyWithLogitsOptions extends WeightedLossOptions {
  pos_weight?: Tensor | null;
}
const binary_cross_entropy_with_logits_arguments = signature<BinaryCrossEntropyWithLogitsOptions>(
  'binary_cross_entropy_with_logits',
  ['input', 'target', ['weight', null], ...legacy, mean, ['pos_weight', null]],
);

/**
 * `binary_cross_entropy` of the sigmoid of the input, computed more precisely than by taking one after the other.
 * @param weight what to multiply the losses by; it is broadcast to them
 * @param pos_weight what to multiply the part of the positive targets by; it is broadcast, too
 * @throws ValueError unless input and target have the same sizes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 */
export function binary_cross_entropy_with_logits(
  ...args: Arguments<
    BinaryCrossEntropyWithLogitsOptions,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction', 'pos_weight']
  >
): Tensor {
  const options = binary_cross_entropy_with_logits_arguments(args);
  const { input, target, weight, pos_weight } = options;
  const code = code_of(options);
  check_logit_sizes(input, target);
  return aten.binary_cross_entropy_with_logits(input, target, weight, pos_weight, code);
}

export interface KLDivOptions extends LegacyReduction {
  input: Tensor;
  target: Tensor;
  /** As elsewhere, or `'batchmean'` for the sum divided by the size of the batch, which is what the name means. */
  reduction?: Reduction | 'batchmean';
  log_target?: boolean;
}
const kl_div_arguments = signature<KLDivOptions>('kl_div', [
  'input',
  'target',
  ...legacy,
  mean,
  ['log_target', false],
]);

/**
 * The Kullback-Leibler divergence of `target`, probabilities, from `input`, logarithms of probabilities.
 * @param log_target whether the target holds logarithms as well (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
 */
export function kl_div(
  ...args: Arguments<KLDivOptions, ['input', 'target', 'size_average', 'reduce', 'reduction', 'log_target']>
): Tensor {
  const { input, target, size_average, reduce, reduction, log_target } = kl_div_arguments(args);
  const is_legacy = size_average !== null || reduce !== null;
  if (!is_legacy && reduction === 'mean') {
    warn(
      "reduction: 'mean' divides the total loss by both the batch size and the support size." +
        "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
        "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
    );
  }
  const effective = effective_reduction(reduction, size_average, reduce);
  const code = reduction_code(effective === 'batchmean' ? 'sum' : effective);
  const loss = aten.kl_div(input, target, code, { log_target });
  return reduction === 'batchmean' && input.dim() !== 0 ? loss.div(input.size(0)) : loss;
}

export interface PoissonNLLLossOptions extends LossOptions {
  log_input?: boolean;
  full?: boolean;
  eps?: number;
}
const poisson_nll_loss_arguments = signature<PoissonNLLLossOptions>('poisson_nll_loss', [
  'input',
  'target',
  ['log_input', true],
  ['full', false],
  ['size_average', null],
  ['eps', 1e-8],
  ['reduce', null],
  mean,
]);

/**
 * The negative log likelihood of counts in `target` under Poisson distributions of the means in `input`.
 * @param log_input whether the input holds logarithms of the means (default: true)
 * @param full add the term that depends on the target alone, in Stirling's approximation (default: false)
 * @param eps keeps the logarithm of 0 away where `log_input` is false (default: 1e-8)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html
 */
export function poisson_nll_loss(
  ...args: Arguments<
    PoissonNLLLossOptions,
    ['input', 'target', 'log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']
  >
): Tensor {
  const options = poisson_nll_loss_arguments(args);
  const { input, target, log_input, full, eps } = options;
  return aten.poisson_nll_loss(input, target, log_input, full, eps, code_of(options));
}

export interface GaussianNLLLossOptions {
  input: Tensor;
  target: Tensor;
  var: Tensor | number;
  full?: boolean;
  eps?: number;
  reduction?: Reduction;
}
const gaussian_nll_loss_arguments = signature<GaussianNLLLossOptions>('gaussian_nll_loss', [
  'input',
  'target',
  'var',
  ['full', false],
  ['eps', 1e-6],
  mean,
]);

/** The variances in a shape that fits that of the input. */
function fitting_variance(variance: Tensor, input: Tensor): Tensor {
  const sizes = input.shape;
  const given = variance.shape;
  if (sizes.equals(given)) return variance;
  if (sizes.slice(0, -1).equals(given)) return variance.unsqueeze(-1);
  const differing = given.filter((size, i) => size !== sizes[i]);
  if (sizes.length === given.length && differing.length === 1 && differing[0] === 1) return variance;
  throw new ValueError('var is of incorrect size');
}

/**
 * The negative log likelihood of `target` under normal distributions of the means in `input` and the variances `var`.
 * @param full add the constant term (default: false)
 * @param eps the least variance (default: 1e-6)
 * @throws ValueError for a negative variance, or one of a shape that does not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html
 */
export function gaussian_nll_loss(
  ...args: Arguments<GaussianNLLLossOptions, ['input', 'target', 'var', 'full', 'eps', 'reduction']>
): Tensor {
  const options = gaussian_nll_loss_arguments(args);
  const { input, target, full, eps, reduction } = options;
  const given = options.var;
  if (typeof given !== 'number') check_tensor('gaussian_nll_loss', 'var', given);
  return tidy(() => {
    const negative = given instanceof Tensor ? given.lt(0).any().item() : given < 0;
    if (negative) throw new ValueError('var has negative entry/entries');
    const variance = fitting_variance(given instanceof Tensor ? given : aten.full_like(input, given), input).clone();
    const message = `${String(reduction)} is not valid`;
    check_reduction(reduction, message);
    no_grad(() => variance.clamp_min_(eps));
    let loss = variance.log().add(input.sub(target).pow(2).div(variance)).mul(0.5);
    if (full) loss = loss.add(0.5 * Math.log(2 * Math.PI));
    return reduced(loss, reduction, message);
  });
}

export interface MarginLossOptions extends LossOptions {
  margin?: number;
}
const hinge_embedding_loss_arguments = signature<MarginLossOptions>('hinge_embedding_loss', [
  'input',
  'target',
  ['margin', 1],
  ...legacy,
  mean,
]);

/**
 * `input` where the target is 1, and `max(0, margin - input)` where it is -1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html
 */
export function hinge_embedding_loss(
  ...args: Arguments<MarginLossOptions, ['input', 'target', 'margin', 'size_average', 'reduce', 'reduction']>
): Tensor {
  const options = hinge_embedding_loss_arguments(args);
  return aten.hinge_embedding_loss(options.input, options.target, options.margin, code_of(options));
}

const plain: ParameterSpec[] = ['input', 'target', ...legacy, mean];
type PlainArguments = Arguments<LossOptions, ['input', 'target', 'size_average', 'reduce', 'reduction']>;
const multilabel_margin_loss_arguments = signature<LossOptions>('multilabel_margin_loss', plain);
const soft_margin_loss_arguments = signature<LossOptions>('soft_margin_loss', plain);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html */
export function multilabel_margin_loss(...args: PlainArguments): Tensor {
  const options = multilabel_margin_loss_arguments(args);
  return aten.multilabel_margin_loss(options.input, options.target, code_of(options));
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html */
export function soft_margin_loss(...args: PlainArguments): Tensor {
  const options = soft_margin_loss_arguments(args);
  return aten.soft_margin_loss(options.input, options.target, code_of(options));
}

const multilabel_soft_margin_loss_arguments = signature<WeightedLossOptions>('multilabel_soft_margin_loss', [
  'input',
  'target',
  ['weight', null],
  ...legacy,
  mean,
]);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html */
export function multilabel_soft_margin_loss(
  ...args: Arguments<
    WeightedLossOptions,
    ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const options = multilabel_soft_margin_loss_arguments(args);
  const { input, target, weight } = options;
  const reduction = reduction_of(options);
  return tidy(() => {
    const negative = aten.log_sigmoid(input.neg());
    let loss = target.mul(aten.log_sigmoid(input)).add(aten.rsub(target, 1).mul(negative)).neg();
    if (weight !== null) loss = loss.mul(weight);
    const dim = input.dim() - 1;
    loss = loss.sum(dim).div(input.size(dim));
    return reduced(loss, reduction, `${String(reduction)} is not valid`);
  });
}

export interface PairLossOptions extends LegacyReduction {
  input1: Tensor;
  input2: Tensor;
  target: Tensor;
  margin?: number;
  reduction?: Reduction;
}
type PairArguments = Arguments<
  PairLossOptions,
  ['input1', 'input2', 'target', 'margin', 'size_average', 'reduce', 'reduction']
>;
const pair_specs: ParameterSpec[] = ['input1', 'input2', 'target', ['margin', 0], ...legacy, mean];
const cosine_embedding_loss_arguments = signature<PairLossOptions>('cosine_embedding_loss', pair_specs);
const margin_ranking_loss_arguments = signature<PairLossOptions>('margin_ranking_loss', pair_specs);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html */
export function cosine_embedding_loss(...args: PairArguments): Tensor {
  const options = cosine_embedding_loss_arguments(args);
  const { input1, input2, target, margin } = options;
  return aten.cosine_embedding_loss(input1, input2, target, margin, code_of(options));
}

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html */
export function margin_ranking_loss(...args: PairArguments): Tensor {
  const options = margin_ranking_loss_arguments(args);
  const { input1, input2, target, margin } = options;
  const code = code_of(options);
  if (input1.dim() !== input2.dim() || input1.dim() !== target.dim()) {
    const shape = (tensor: Tensor): string => String(new Size(tensor.shape));
    throw new RuntimeError(
      'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
        `input1: ${shape(input1)}, input2: ${shape(input2)}, target: ${shape(target)} `,
    );
  }
  return aten.margin_ranking_loss(input1, input2, target, margin, code);
}

export interface MultiMarginLossOptions extends WeightedLossOptions {
  p?: number;
  margin?: number;
}
const multi_margin_loss_arguments = signature<MultiMarginLossOptions>('multi_margin_loss', [
  'input',
  'target',
  ['p', 1],
  ['margin', 1],
  ['weight', null],
  ...legacy,
  mean,
]);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html */
export function multi_margin_loss(
  ...args: Arguments<
    MultiMarginLossOptions,
    ['input', 'target', 'p', 'margin', 'weight', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const options = multi_margin_loss_arguments(args);
  const { input, target, p, margin, weight } = options;
  const code = code_of(options);
  if (p !== 1 && p !== 2) throw new ValueError('only p == 1 and p == 2 supported');
  if (weight !== null && weight.dim() !== 1) throw new ValueError('weight must be one-dimensional');
  return aten.multi_margin_loss(input, target, p, margin, weight, code);
}

export interface TripletMarginLossOptions extends LegacyReduction {
  anchor: Tensor;
  positive: Tensor;
  negative: Tensor;
  margin?: number;
  p?: number;
  eps?: number;
  swap?: boolean;
  reduction?: Reduction;
}
const triplet_margin_loss_arguments = signature<TripletMarginLossOptions>('triplet_margin_loss', [
  'anchor',
  'positive',
  'negative',
  ['margin', 1],
  ['p', 2],
  ['eps', 1e-6],
  ['swap', false],
  ...legacy,
  mean,
]);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html */
export function triplet_margin_loss(
  ...args: Arguments<
    TripletMarginLossOptions,
    ['anchor', 'positive', 'negative', 'margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction']
  >
): Tensor {
  const options = triplet_margin_loss_arguments(args);
  const { anchor, positive, negative, margin, p, eps, swap } = options;
  const code = code_of(options);
  if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${float_str(margin)}`);
  return aten.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, code);
}

/** How far two tensors are apart: `(N, *)` each, gives `(N)` or any shape that can be compared. */
export type DistanceFunction = (x: Tensor, y: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions {
  anchor: Tensor;
  positive: Tensor;
  negative: Tensor;
  /** How far apart two of them are (default: `F.pairwise_distance`). */
  distance_function?: DistanceFunction | null;
  /** How much farther the negative should be than the positive (default: 1). */
  margin?: number;
  /** Take the distance of positive and negative where that is smaller (default: false). */
  swap?: boolean;
  reduction?: Reduction;
}
const triplet_margin_with_distance_loss_arguments = signature<TripletMarginWithDistanceLossOptions>(
  'triplet_margin_with_distance_loss',
  ['anchor', 'positive', 'negative'],
  [['distance_function', null], ['margin', 1], ['swap', false], mean],
);

/**
 * As `triplet_margin_loss`, with any distance.
 * @throws ValueError for an unknown reduction, or a margin that is not positive
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_with_distance_loss.html
 */
export function triplet_margin_with_distance_loss(
  ...args: Arguments<TripletMarginWithDistanceLossOptions, ['anchor', 'positive', 'negative']>
): Tensor {
  const options = triplet_margin_with_distance_loss_arguments(args);
  const { anchor, positive, negative, margin, swap, reduction } = options;
  const message = `${String(reduction)} is not a valid value for reduction`;
  check_reduction(reduction, message);
  if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${float_str(margin)}`);
  const dimensions = [anchor.dim(), positive.dim(), negative.dim()];
  if (dimensions[0] !== dimensions[1] || dimensions[1] !== dimensions[2]) {
    throw new RuntimeError(
      'The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: ' +
        `anchor ${dimensions[0]}D, positive ${dimensions[1]}D, and negative ${dimensions[2]}D inputs`,
    );
  }
  if (options.distance_function !== null && typeof options.distance_function !== 'function') {
    throw wrong_type('triplet_margin_with_distance_loss', 'distance_function', 'function', options.distance_function);
  }
  // Whatever the function of the user's keeps is not ours to free.
  const distance = options.distance_function ?? ((x, y) => aten.pairwise_distance(x, y));
  const to_positive = distance(anchor, positive);
  let to_negative = distance(anchor, negative);
  if (swap) to_negative = aten.minimum(to_negative, distance(positive, negative));
  const loss = to_positive.add(margin).sub(to_negative).clamp_min(0);
  return reduced(loss, reduction, message);
}

export interface CTCLossOptions {
  log_probs: Tensor;
  targets: Tensor;
  input_lengths: Tensor | readonly number[];
  target_lengths: Tensor | readonly number[];
  blank?: number;
  reduction?: Reduction;
  zero_infinity?: boolean;
}
const ctc_loss_arguments = signature<CTCLossOptions>('ctc_loss', [
  'log_probs',
  'targets',
  'input_lengths',
  'target_lengths',
  ['blank', 0],
  mean,
  ['zero_infinity', false],
]);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html */
export function ctc_loss(
  ...args: Arguments<
    CTCLossOptions,
    ['log_probs', 'targets', 'input_lengths', 'target_lengths', 'blank', 'reduction', 'zero_infinity']
  >
): Tensor {
  const { log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity } =
    ctc_loss_arguments(args);
  // The operator has one form for lengths in tensors and one for lengths in lists.
  return aten.ctc_loss(
    log_probs,
    targets,
    input_lengths as Tensor,
    target_lengths as Tensor,
    blank,
    reduction_code(reduction),
    zero_infinity,
  );
}
