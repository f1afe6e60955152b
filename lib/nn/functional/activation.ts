import type { Arguments } from '../../arguments.ts';
import type { dtype as DType } from '../../dtype.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';

export interface ActivationOptions {
  input: Tensor;
  /** Overwrite the input rather than make a new tensor (default: false). */
  inplace?: boolean;
}
type ActivationArguments = Arguments<ActivationOptions, ['input', 'inplace']>;

type InplaceOperator = (input: Tensor) => Tensor;

/** A function with an `inplace` switch, from the two operators that it chooses between. */
function with_inplace(
  name: string,
  operators: () => [fresh: InplaceOperator, in_place: InplaceOperator],
): (...args: ActivationArguments) => Tensor {
  const parse = signature<ActivationOptions>(name, ['input', ['inplace', false]]);
  return (...args) => {
    const { input, inplace } = parse(args);
    return operators()[inplace ? 1 : 0]!(input);
  };
}

const relu_arguments = signature<ActivationOptions>('relu', ['input', ['inplace', false]]);

/**
 * `max(0, x)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 */
export function relu(...args: ActivationArguments): Tensor {
  const { input, inplace } = relu_arguments(args);
  return inplace ? aten.relu_(input) : aten.relu(input);
}

/** `min(max(0, x), 6)`. See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html */
export const relu6: (...args: ActivationArguments) => Tensor = with_inplace('relu6', () => [aten.relu6, aten.relu6_]);
/** A scaled ELU. See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.selu.html */
export const selu: (...args: ActivationArguments) => Tensor = with_inplace('selu', () => [aten.selu, aten.selu_]);
/** `x · sigmoid(x)`. See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.silu.html */
export const silu: (...args: ActivationArguments) => Tensor = with_inplace('silu', () => [aten.silu, aten.silu_]);
/** `x · tanh(softplus(x))`. See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mish.html */
export const mish: (...args: ActivationArguments) => Tensor = with_inplace('mish', () => [aten.mish, aten.mish_]);
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html */
export const hardswish: (...args: ActivationArguments) => Tensor = with_inplace('hardswish', () => [
  aten.hardswish,
  aten.hardswish_,
]);
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html */
export const hardsigmoid: (...args: ActivationArguments) => Tensor = with_inplace('hardsigmoid', () => [
  aten.hardsigmoid,
  aten.hardsigmoid_,
]);

/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu_.html */
export const relu_: typeof aten.relu_ = aten.relu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.selu_.html */
export const selu_: typeof aten.selu_ = aten.selu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.elu_.html */
export const elu_: typeof aten.elu_ = aten.elu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.celu_.html */
export const celu_: typeof aten.celu_ = aten.celu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu_.html */
export const leaky_relu_: typeof aten.leaky_relu_ = aten.leaky_relu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rrelu_.html */
export const rrelu_: typeof aten.rrelu_ = aten.rrelu_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh_.html */
export const hardtanh_: typeof aten.hardtanh_ = aten.hardtanh_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.threshold_.html */
export const threshold_: typeof aten.threshold_ = aten.threshold_;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html */
export const gelu: typeof aten.gelu = aten.gelu;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html */
export const hardshrink: typeof aten.hardshrink = aten.hardshrink;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softshrink.html */
export const softshrink: typeof aten.softshrink = aten.softshrink;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html */
export const softplus: typeof aten.softplus = aten.softplus;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html */
export const prelu: typeof aten.prelu = aten.prelu;
/** See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html */
export const logsigmoid: typeof aten.log_sigmoid = aten.log_sigmoid;

/** The hyperbolic tangent. */
export const tanh: typeof aten.tanh = aten.tanh;

/** `1 / (1 + exp(-x))` */
export const sigmoid: typeof aten.sigmoid = aten.sigmoid;

const tanhshrink_arguments = signature<{ input: Tensor }>('tanhshrink', ['input']);

/** `x - tanh(x)` */
export function tanhshrink(...args: Arguments<{ input: Tensor }, ['input']>): Tensor {
  const { input } = tanhshrink_arguments(args);
  return tidy(() => aten.sub(input, aten.tanh(input)));
}

const softsign_arguments = signature<{ input: Tensor }>('softsign', ['input']);

/** `x / (1 + |x|)` */
export function softsign(...args: Arguments<{ input: Tensor }, ['input']>): Tensor {
  const { input } = softsign_arguments(args);
  return tidy(() => aten.div(input, aten.add(aten.abs(input), 1)));
}

export interface FunctionalThresholdOptions extends ActivationOptions {
  threshold: number;
  value: number;
}
const threshold_arguments = signature<FunctionalThresholdOptions>('threshold', [
  'input',
  'threshold',
  'value',
  ['inplace', false],
]);

/** `x` where it is above `threshold`, and `value` elsewhere. */
export function threshold(
  ...args: Arguments<FunctionalThresholdOptions, ['input', 'threshold', 'value', 'inplace']>
): Tensor {
  const options = threshold_arguments(args);
  const operator = options.inplace ? aten.threshold_ : aten.threshold;
  return operator(options.input, options.threshold, options.value);
}

/** The name under which Python defines {@link threshold}. */
export const _threshold: typeof threshold = threshold;

export interface FunctionalAlphaOptions extends ActivationOptions {
  alpha?: number;
}
const elu_arguments = signature<FunctionalAlphaOptions>('elu', ['input', ['alpha', 1], ['inplace', false]]);
const celu_arguments = signature<FunctionalAlphaOptions>('celu', ['input', ['alpha', 1], ['inplace', false]]);

/** `x` where it is positive, and `α (exp(x) - 1)` elsewhere. */
export function elu(...args: Arguments<FunctionalAlphaOptions, ['input', 'alpha', 'inplace']>): Tensor {
  const { input, alpha, inplace } = elu_arguments(args);
  return inplace ? aten.elu_(input, alpha) : aten.elu(input, alpha);
}

/** `x` where it is positive, and `α (exp(x / α) - 1)` elsewhere. */
export function celu(...args: Arguments<FunctionalAlphaOptions, ['input', 'alpha', 'inplace']>): Tensor {
  const { input, alpha, inplace } = celu_arguments(args);
  return inplace ? aten.celu_(input, alpha) : aten.celu(input, alpha);
}

export interface FunctionalLeakyReLUOptions extends ActivationOptions {
  negative_slope?: number;
}
const leaky_relu_arguments = signature<FunctionalLeakyReLUOptions>('leaky_relu', [
  'input',
  ['negative_slope', 0.01],
  ['inplace', false],
]);

/** `x` where it is positive, and `negative_slope · x` elsewhere. */
export function leaky_relu(
  ...args: Arguments<FunctionalLeakyReLUOptions, ['input', 'negative_slope', 'inplace']>
): Tensor {
  const { input, negative_slope, inplace } = leaky_relu_arguments(args);
  return inplace ? aten.leaky_relu_(input, negative_slope) : aten.leaky_relu(input, negative_slope);
}

export interface FunctionalHardtanhOptions extends ActivationOptions {
  min_val?: number;
  max_val?: number;
}
const hardtanh_arguments = signature<FunctionalHardtanhOptions>('hardtanh', [
  'input',
  ['min_val', -1],
  ['max_val', 1],
  ['inplace', false],
]);

/** `x`, but `min_val` where it is less, and `max_val` where it is more. */
export function hardtanh(
  ...args: Arguments<FunctionalHardtanhOptions, ['input', 'min_val', 'max_val', 'inplace']>
): Tensor {
  const { input, min_val, max_val, inplace } = hardtanh_arguments(args);
  if (min_val > max_val) throw new ValueError('min_val cannot be greater than max_val');
  return inplace ? aten.hardtanh_(input, min_val, max_val) : aten.hardtanh(input, min_val, max_val);
}

export interface FunctionalRReLUOptions extends ActivationOptions {
  lower?: number;
  upper?: number;
  training?: boolean;
}
const rrelu_arguments = signature<FunctionalRReLUOptions>('rrelu', [
  'input',
  ['lower', 1 / 8],
  ['upper', 1 / 3],
  ['training', false],
  ['inplace', false],
]);

/** As `leaky_relu`, with slopes drawn between `lower` and `upper` in training, and their mean otherwise. */
export function rrelu(
  ...args: Arguments<FunctionalRReLUOptions, ['input', 'lower', 'upper', 'training', 'inplace']>
): Tensor {
  const { input, lower, upper, training, inplace } = rrelu_arguments(args);
  return inplace ? aten.rrelu_(input, lower, upper, training) : aten.rrelu(input, lower, upper, training);
}

export interface FunctionalGluOptions {
  input: Tensor;
  dim?: number;
}
const glu_arguments = signature<FunctionalGluOptions>('glu', ['input', ['dim', -1]]);

/**
 * The first half of a dimension times the sigmoid of the second half.
 * @throws RuntimeError for a tensor without dimensions, or an odd size
 */
export function glu(...args: Arguments<FunctionalGluOptions, ['input', 'dim']>): Tensor {
  const { input, dim } = glu_arguments(args);
  if (input.dim() === 0) throw new RuntimeError('glu does not support scalars because halving size must be even');
  return aten.glu(input, dim);
}

export interface SoftmaxOptions {
  input: Tensor;
  /** The dimension along which the results sum to 1; leaving it out is deprecated. */
  dim?: number | null;
  /** Ignored: where Python's warning points to. */
  _stacklevel?: number;
  /** The type to convert the input to before. */
  dtype?: DType | null;
}
type SoftmaxArguments = Arguments<SoftmaxOptions, ['input', 'dim', '_stacklevel', 'dtype']>;

/** The reader of one function's arguments, which chooses a dimension where none is given. */
function softmax_signature(
  name: string,
): (args: readonly unknown[]) => { input: Tensor; dim: number; dtype: DType | null } {
  const parse = signature<SoftmaxOptions>(name, ['input', ['dim', null], ['_stacklevel', 3], ['dtype', null]]);
  return (args) => {
    const { input, dim, dtype } = parse(args);
    if (dim !== null) return { input, dim, dtype };
    warn(`Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`);
    const dimensions = input.dim();
    return { input, dim: dimensions === 0 || dimensions === 1 || dimensions === 3 ? 0 : 1, dtype };
  };
}
const softmax_arguments = softmax_signature('softmax');
const softmin_arguments = softmax_signature('softmin');
const log_softmax_arguments = softmax_signature('log_softmax');

/**
 * `exp(x)`, divided by its sum along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
 */
export function softmax(...args: SoftmaxArguments): Tensor {
  const { input, dim, dtype } = softmax_arguments(args);
  return aten.softmax(input, dim, dtype);
}

/**
 * `exp(-x)`, divided by its sum along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html
 */
export function softmin(...args: SoftmaxArguments): Tensor {
  const { input, dim, dtype } = softmin_arguments(args);
  return tidy(() => aten.softmax(aten.neg(input), dim, dtype));
}

/**
 * The logarithm of `softmax`, computed more precisely than by taking one after the other.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
 */
export function log_softmax(...args: SoftmaxArguments): Tensor {
  const { input, dim, dtype } = log_softmax_arguments(args);
  return aten.log_softmax(input, dim, dtype);
}

export interface GumbelSoftmaxOptions {
  logits: Tensor;
  tau?: number;
  hard?: boolean;
  /** @deprecated without effect */
  eps?: number;
  dim?: number;
}
const gumbel_softmax_arguments = signature<GumbelSoftmaxOptions>('gumbel_softmax', [
  'logits',
  ['tau', 1],
  ['hard', false],
  ['eps', 1e-10],
  ['dim', -1],
]);

/**
 * Draws from the distribution that `logits` describe, so that gradients flow to them.
 * @param tau the temperature: the lower, the closer to a single 1 among zeros (default: 1)
 * @param hard give exactly that, with the gradient of the soft result (default: false)
 * @param dim the dimension along which the results sum to 1 (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html
 */
export function gumbel_softmax(
  ...args: Arguments<GumbelSoftmaxOptions, ['logits', 'tau', 'hard', 'eps', 'dim']>
): Tensor {
  const { logits, tau, hard, eps, dim } = gumbel_softmax_arguments(args);
  if (eps !== 1e-10) warn('`eps` parameter is deprecated and has no effect.');
  return tidy(() => {
    const exponential = aten.empty_like(logits, { memory_format: contiguous_format }).exponential_();
    const soft = logits.sub(exponential.log()).div(tau).softmax(dim);
    if (!hard) return soft;
    const index = aten.argmax(soft, dim, true);
    const one_hot = aten.zeros_like(logits, { memory_format: contiguous_format }).scatter_(dim, index, 1);
    return one_hot.sub(soft.detach()).add(soft);
  });
}
