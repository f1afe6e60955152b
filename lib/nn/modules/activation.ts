/**
 * Functions of one input without parameters (`PReLU` apart), applied to each element unless said otherwise.
 * @see https://docs.pytorch.org/docs/stable/nn.html#non-linear-activations-weighted-sum-nonlinearity
 */
import type { Arguments } from '../../arguments.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, repr, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import * as init from '../init.ts';
import type { Parameter } from '../parameter.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { empty_parameter } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

export * from './multihead_attention.ts';

export interface InplaceOptions {
  /** Overwrite the input rather than make a new tensor (default: false). */
  inplace?: boolean;
}

function inplace_repr(inplace: boolean): string {
  return inplace ? 'inplace=True' : '';
}

function with_inplace(text: string, inplace: boolean): string {
  return inplace ? `${text}, inplace=True` : text;
}

export interface ThresholdOptions extends InplaceOptions {
  threshold: number;
  value: number;
}
const threshold_arguments = signature<ThresholdOptions>('Threshold', ['threshold', 'value', ['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Threshold {
  (...args: Input): Tensor;
}

/**
 * `x` where it is above `threshold`, and `value` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Threshold.html
 */
export class Threshold extends Module {
  threshold: number;
  value: number;
  inplace: boolean;

  constructor(...args: Arguments<ThresholdOptions, ['threshold', 'value', 'inplace']>) {
    super();
    const options = threshold_arguments(args);
    this.threshold = options.threshold;
    this.value = options.value;
    this.inplace = options.inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const operator = this.inplace ? aten.threshold_ : aten.threshold;
    return operator(input, this.threshold, this.value);
  }

  override extra_repr(): string {
    return with_inplace(`threshold=${float_str(this.threshold)}, value=${float_str(this.value)}`, this.inplace);
  }
}

const relu_arguments = signature<InplaceOptions>('ReLU', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ReLU {
  (...args: Input): Tensor;
}

/**
 * `max(0, x)`
 * @param inplace overwrite the input (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = relu_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.relu_(input) : aten.relu(input);
  }

  override extra_repr(): string {
    return inplace_repr(this.inplace);
  }
}

export interface RReLUOptions extends InplaceOptions {
  lower?: number;
  upper?: number;
}
const rrelu_arguments = signature<RReLUOptions>('RReLU', [
  ['lower', 1 / 8],
  ['upper', 1 / 3],
  ['inplace', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface RReLU {
  (...args: Input): Tensor;
}

/**
 * `x` where it is positive, and `a x` elsewhere, with `a` drawn between `lower` and `upper` for each element; their
 * mean in evaluation mode.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html
 */
export class RReLU extends Module {
  lower: number;
  upper: number;
  inplace: boolean;

  constructor(...args: Arguments<RReLUOptions, ['lower', 'upper', 'inplace']>) {
    super();
    const options = rrelu_arguments(args);
    this.lower = options.lower;
    this.upper = options.upper;
    this.inplace = options.inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const operator = this.inplace ? aten.rrelu_ : aten.rrelu;
    return operator(input, this.lower, this.upper, this.training);
  }

  override extra_repr(): string {
    return with_inplace(`lower=${float_str(this.lower)}, upper=${float_str(this.upper)}`, this.inplace);
  }
}

export interface HardtanhOptions extends InplaceOptions {
  min_val?: number;
  max_val?: number;
  /** @deprecated use `min_val` */
  min_value?: number | null;
  /** @deprecated use `max_val` */
  max_value?: number | null;
}
const hardtanh_arguments = signature<HardtanhOptions>('Hardtanh', [
  ['min_val', -1],
  ['max_val', 1],
  ['inplace', false],
  ['min_value', null],
  ['max_value', null],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Hardtanh {
  (...args: Input): Tensor;
}

/**
 * `x`, but `min_val` where it is less, and `max_val` where it is more.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 */
export class Hardtanh extends Module {
  min_val: number;
  max_val: number;
  inplace: boolean;

  constructor(...args: Arguments<HardtanhOptions, ['min_val', 'max_val', 'inplace', 'min_value', 'max_value']>) {
    super();
    const options = hardtanh_arguments(args);
    for (const side of ['min', 'max'] as const) {
      if (options[`${side}_value`] === null) continue;
      warn(
        `keyword argument \`${side}_value\` is deprecated and renamed to \`${side}_val\``,
        'FutureWarning',
      );
    }
    this.min_val = options.min_value ?? options.min_val;
    this.max_val = options.max_value ?? options.max_val;
    this.inplace = options.inplace;
    if (this.max_val <= this.min_val) {
      throw new AssertionError(
        `max_val (${float_str(this.max_val)}) must be greater than min_val (${float_str(this.min_val)})`,
      );
    }
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    const operator = this.inplace ? aten.hardtanh_ : aten.hardtanh;
    return operator(input, this.min_val, this.max_val);
  }

  override extra_repr(): string {
    return with_inplace(`min_val=${float_str(this.min_val)}, max_val=${float_str(this.max_val)}`, this.inplace);
  }
}

const relu6_arguments = signature<InplaceOptions>('ReLU6', [['inplace', false]]);

/**
 * `min(max(0, x), 6)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 */
export class ReLU6 extends Hardtanh {
  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super(0, 6, relu6_arguments(args).inplace);
  }

  override extra_repr(): string {
    return inplace_repr(this.inplace);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Sigmoid {
  (...args: Input): Tensor;
}

/**
 * `1 / (1 + exp(-x))`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.sigmoid(input);
  }
}

const hardsigmoid_arguments = signature<InplaceOptions>('Hardsigmoid', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Hardsigmoid {
  (...args: Input): Tensor;
}

/**
 * `min(max(0, x / 6 + 1 / 2), 1)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 */
export class Hardsigmoid extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = hardsigmoid_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.hardsigmoid_(input) : aten.hardsigmoid(input);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Tanh {
  (...args: Input): Tensor;
}

/**
 * The hyperbolic tangent.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.tanh(input);
  }
}

const silu_arguments = signature<InplaceOptions>('SiLU', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface SiLU {
  (...args: Input): Tensor;
}

/**
 * `x · sigmoid(x)`, also called swish.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 */
export class SiLU extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = silu_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.silu_(input) : aten.silu(input);
  }

  override extra_repr(): string {
    return inplace_repr(this.inplace);
  }
}

const mish_arguments = signature<InplaceOptions>('Mish', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Mish {
  (...args: Input): Tensor;
}

/**
 * `x · tanh(softplus(x))`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html
 */
export class Mish extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = mish_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.mish_(input) : aten.mish(input);
  }

  override extra_repr(): string {
    return inplace_repr(this.inplace);
  }
}

const hardswish_arguments = signature<InplaceOptions>('Hardswish', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Hardswish {
  (...args: Input): Tensor;
}

/**
 * `x · min(max(0, x + 3), 6) / 6`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 */
export class Hardswish extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = hardswish_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.hardswish_(input) : aten.hardswish(input);
  }
}

export interface AlphaOptions extends InplaceOptions {
  alpha?: number;
}
const elu_arguments = signature<AlphaOptions>('ELU', [
  ['alpha', 1],
  ['inplace', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface ELU {
  (...args: Input): Tensor;
}

/**
 * `x` where it is positive, and `α (exp(x) - 1)` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html
 */
export class ELU extends Module {
  alpha: number;
  inplace: boolean;

  constructor(...args: Arguments<AlphaOptions, ['alpha', 'inplace']>) {
    super();
    const options = elu_arguments(args);
    this.alpha = options.alpha;
    this.inplace = options.inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.elu_(input, this.alpha) : aten.elu(input, this.alpha);
  }

  override extra_repr(): string {
    return with_inplace(`alpha=${float_str(this.alpha)}`, this.inplace);
  }
}

const celu_arguments = signature<AlphaOptions>('CELU', [
  ['alpha', 1],
  ['inplace', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CELU {
  (...args: Input): Tensor;
}

/**
 * `x` where it is positive, and `α (exp(x / α) - 1)` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CELU.html
 */
export class CELU extends Module {
  alpha: number;
  inplace: boolean;

  constructor(...args: Arguments<AlphaOptions, ['alpha', 'inplace']>) {
    super();
    const options = celu_arguments(args);
    this.alpha = options.alpha;
    this.inplace = options.inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.celu_(input, this.alpha) : aten.celu(input, this.alpha);
  }

  override extra_repr(): string {
    return with_inplace(`alpha=${float_str(this.alpha)}`, this.inplace);
  }
}

const selu_arguments = signature<InplaceOptions>('SELU', [['inplace', false]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface SELU {
  (...args: Input): Tensor;
}

/**
 * A scaled ELU whose outputs keep mean 0 and variance 1 through many layers.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html
 */
export class SELU extends Module {
  inplace: boolean;

  constructor(...args: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = selu_arguments(args).inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace ? aten.selu_(input) : aten.selu(input);
  }

  override extra_repr(): string {
    return inplace_repr(this.inplace);
  }
}

const glu_arguments = signature<{ dim?: number }>('GLU', [['dim', -1]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface GLU {
  (...args: Input): Tensor;
}

/**
 * The first half of a dimension times the sigmoid of the second half.
 * @param dim the dimension, of an even size (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html
 */
export class GLU extends Module {
  dim: number;

  constructor(...args: Arguments<{ dim?: number }, ['dim']>) {
    super();
    this.dim = glu_arguments(args).dim;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.glu(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${this.dim}`;
  }
}

export interface GELUOptions {
  approximate?: 'none' | 'tanh';
}
const gelu_arguments = signature<GELUOptions>('GELU', [['approximate', 'none']]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface GELU {
  (...args: Input): Tensor;
}

/**
 * `x Φ(x)`, where `Φ` is the share of a standard normal distribution below `x`.
 * @param approximate `'tanh'` for a quicker formula that is nearly the same (default: `'none'`)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html
 */
export class GELU extends Module {
  approximate: 'none' | 'tanh';

  constructor(...args: Arguments<GELUOptions, ['approximate']>) {
    super();
    this.approximate = gelu_arguments(args).approximate;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.approximate === 'none' ? aten.gelu(input) : aten.gelu(input, { approximate: this.approximate });
  }

  override extra_repr(): string {
    return `approximate=${repr(this.approximate)}`;
  }
}

const hardshrink_arguments = signature<{ lambd?: number }>('Hardshrink', [['lambd', 0.5]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Hardshrink {
  (...args: Input): Tensor;
}

/**
 * `x` where it is further than `λ` from 0, and 0 elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html
 */
export class Hardshrink extends Module {
  lambd: number;

  constructor(...args: Arguments<{ lambd?: number }, ['lambd']>) {
    super();
    this.lambd = hardshrink_arguments(args).lambd;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.hardshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float_str(this.lambd);
  }
}

export interface LeakyReLUOptions extends InplaceOptions {
  negative_slope?: number;
}
const leaky_relu_arguments = signature<LeakyReLUOptions>('LeakyReLU', [
  ['negative_slope', 0.01],
  ['inplace', false],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LeakyReLU {
  (...args: Input): Tensor;
}

/**
 * `x` where it is positive, and `negative_slope · x` elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 */
export class LeakyReLU extends Module {
  negative_slope: number;
  inplace: boolean;

  constructor(...args: Arguments<LeakyReLUOptions, ['negative_slope', 'inplace']>) {
    super();
    const options = leaky_relu_arguments(args);
    this.negative_slope = options.negative_slope;
    this.inplace = options.inplace;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.inplace
      ? aten.leaky_relu_(input, this.negative_slope)
      : aten.leaky_relu(input, this.negative_slope);
  }

  override extra_repr(): string {
    return with_inplace(`negative_slope=${float_str(this.negative_slope)}`, this.inplace);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LogSigmoid {
  (...args: Input): Tensor;
}

/**
 * `log(sigmoid(x))`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html
 */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.log_sigmoid(input);
  }
}

export interface SoftplusOptions {
  beta?: number;
  threshold?: number;
}
const softplus_arguments = signature<SoftplusOptions>('Softplus', [
  ['beta', 1],
  ['threshold', 20],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softplus {
  (...args: Input): Tensor;
}

/**
 * `log(1 + exp(β x)) / β`, a smooth ReLU.
 * @param beta how sharp the bend is (default: 1)
 * @param threshold where `β x` is above it, the output is `x` (default: 20)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 */
export class Softplus extends Module {
  beta: number;
  threshold: number;

  constructor(...args: Arguments<SoftplusOptions, ['beta', 'threshold']>) {
    super();
    const options = softplus_arguments(args);
    this.beta = options.beta;
    this.threshold = options.threshold;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.softplus(input, this.beta, this.threshold);
  }

  override extra_repr(): string {
    return `beta=${float_str(this.beta)}, threshold=${float_str(this.threshold)}`;
  }
}

const softshrink_arguments = signature<{ lambd?: number }>('Softshrink', [['lambd', 0.5]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softshrink {
  (...args: Input): Tensor;
}

/**
 * `x` moved by `λ` towards 0, and 0 where it is no further than that.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softshrink.html
 */
export class Softshrink extends Module {
  lambd: number;

  constructor(...args: Arguments<{ lambd?: number }, ['lambd']>) {
    super();
    this.lambd = softshrink_arguments(args).lambd;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.softshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float_str(this.lambd);
  }
}

export interface PReLUOptions extends FactoryOptions {
  num_parameters?: number;
  init?: number;
}
const prelu_arguments = signature<PReLUOptions>('PReLU', [
  ['num_parameters', 1],
  ['init', 0.25],
  ['device', null],
  ['dtype', null],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface PReLU {
  (...args: Input): Tensor;
}

/**
 * `x` where it is positive, and `a x` elsewhere, with a slope `a` that is learnt.
 * @param num_parameters one slope for all, or one for each channel (default: 1)
 * @param init the slope to begin with (default: 0.25)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html
 */
export class PReLU extends Module {
  num_parameters: number;
  init: number;
  weight: Parameter;

  constructor(...args: Arguments<PReLUOptions, ['num_parameters', 'init', 'device', 'dtype']>) {
    super();
    const options = prelu_arguments(args);
    this.num_parameters = options.num_parameters;
    this.init = options.init;
    this.weight = empty_parameter([options.num_parameters], options);
    this.reset_parameters();
  }

  /** Sets the slopes back to the one to begin with. */
  reset_parameters(): void {
    init.constant_(this.weight, this.init);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.prelu(input, this.weight);
  }

  override extra_repr(): string {
    return `num_parameters=${this.num_parameters}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softsign {
  (...args: Input): Tensor;
}

/**
 * `x / (1 + |x|)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softsign.html
 */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.softsign(input);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Tanhshrink {
  (...args: Input): Tensor;
}

/**
 * `x - tanh(x)`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html
 */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.tanhshrink(input);
  }
}

export interface DimOptions {
  /** The dimension along which the values sum to 1; leaving it out is deprecated. */
  dim?: number | null;
}
const softmin_arguments = signature<DimOptions>('Softmin', [['dim', null]]);
const softmax_arguments = signature<DimOptions>('Softmax', [['dim', null]]);
const log_softmax_arguments = signature<DimOptions>('LogSoftmax', [['dim', null]]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softmin {
  (...args: Input): Tensor;
}

/**
 * `exp(-x)`, divided by its sum along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html
 */
export class Softmin extends Module {
  dim: number | null;

  constructor(...args: Arguments<DimOptions, ['dim']>) {
    super();
    this.dim = softmin_arguments(args).dim;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return F.softmin(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${str(this.dim)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softmax {
  (...args: Input): Tensor;
}

/**
 * `exp(x)`, divided by its sum along a dimension: numbers between 0 and 1 that sum to 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 */
export class Softmax extends Module {
  dim: number | null;

  constructor(...args: Arguments<DimOptions, ['dim']>) {
    super();
    this.dim = softmax_arguments(args).dim;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.dim === null ? F.softmax(input) : aten.softmax(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${str(this.dim)}`;
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Softmax2d {
  (...args: Input): Tensor;
}

/**
 * Softmax over the channels of each pixel: takes `(N, C, H, W)` or `(C, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html
 */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    check_tensor('forward', 'input', input);
    const dimensions = input.dim();
    if (dimensions !== 3 && dimensions !== 4) {
      throw new ValueError(`Softmax2d: expected input to be 3D or 4D, got ${dimensions}D instead`);
    }
    return aten.softmax(input, -3);
  }
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LogSoftmax {
  (...args: Input): Tensor;
}

/**
 * The logarithm of {@link Softmax}, computed more precisely than by taking one after the other.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 */
export class LogSoftmax extends Module {
  dim: number | null;

  constructor(...args: Arguments<DimOptions, ['dim']>) {
    super();
    this.dim = log_softmax_arguments(args).dim;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return this.dim === null ? F.log_softmax(input) : aten.log_softmax(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${str(this.dim)}`;
  }
}
