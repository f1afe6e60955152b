import type { Arguments } from '../../arguments.ts';
import type { DeviceLike } from '../../device.ts';
import type { dtype as DType } from '../../dtype.ts';
import { AssertionError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import * as init from '../init.ts';
import { Parameter, UninitializedParameter, is_lazy } from '../parameter.ts';
import { anything_of, forward_arguments, input_of } from './forward_arguments.ts';
import type { Input, ReadBy } from './forward_arguments.ts';
import { LazyModuleMixin } from './lazy.ts';
import { Module } from './module.ts';

/** Where, and in which type, a layer makes its parameters. */
export interface FactoryOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
}

/** A new parameter, whose values are still undefined. */
export function empty_parameter(size: readonly number[], { device, dtype }: Required<FactoryOptions>): Parameter {
  return new Parameter(aten.empty(size, { device, dtype }));
}

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Identity {
  (...args: Input): Tensor;
}

/** Gives its input back; takes and ignores any arguments. */
export class Identity extends Module {
  constructor(...args: unknown[]) {
    super();
    void args;
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = anything_of(args);
    return input;
  }
}

export interface LinearOptions extends FactoryOptions {
  in_features: number;
  out_features: number;
  bias?: boolean;
}

const linear_arguments = signature<LinearOptions>('Linear', [
  'in_features',
  'out_features',
  ['bias', true],
  ['device', null],
  ['dtype', null],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Linear {
  (...args: Input): Tensor;
}

/**
 * A fully connected layer: `y = x Wᵀ + b`.
 *
 * Takes `(*, in_features)`, with any number of dimensions before, and gives `(*, out_features)`. The parameters
 * `weight`, `(out_features, in_features)`, and `bias`, `(out_features)`, begin evenly distributed between `±√k` with
 * `k = 1 / in_features`.
 *
 * @param in_features the size of each input
 * @param out_features the size of each output
 * @param bias whether there is a bias to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear extends Module {
  in_features: number;
  out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: Arguments<LinearOptions, ['in_features', 'out_features', 'bias', 'device', 'dtype']>) {
    super();
    const options = linear_arguments(args);
    this.in_features = options.in_features;
    this.out_features = options.out_features;
    this.weight = empty_parameter([options.out_features, options.in_features], options);
    this.bias = options.bias ? empty_parameter([options.out_features], options) : null;
    this.reset_parameters();
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    // With a = √5 this is the even distribution between ±1/√in_features, which PyTorch has had from its beginnings.
    init.kaiming_uniform_(this.weight, Math.sqrt(5));
    if (this.bias !== null) reset_bias(this.bias, this.weight);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    return aten.linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return (
      `in_features=${this.in_features}, out_features=${this.out_features}, bias=${str(this.bias !== null)}`
    );
  }
}

/** Fills a bias evenly between `±1/√fan_in`, where the fan is that of the weight. */
export function reset_bias(bias: Parameter, weight: Parameter): void {
  const [fan_in] = init._calculate_fan_in_and_fan_out(weight);
  const bound = fan_in > 0 ? 1 / Math.sqrt(fan_in) : 0;
  init.uniform_(bias, -bound, bound);
}

/** A `Linear` under a name of its own, which attention uses. */
export class NonDynamicallyQuantizableLinear extends Linear {}

export interface BilinearOptions extends FactoryOptions {
  in1_features: number;
  in2_features: number;
  out_features: number;
  bias?: boolean;
}

const bilinear_arguments = signature<BilinearOptions>('Bilinear', [
  'in1_features',
  'in2_features',
  'out_features',
  ['bias', true],
  ['device', null],
  ['dtype', null],
]);

const two_inputs = forward_arguments<{ input1: Tensor; input2: Tensor }, ['input1', 'input2']>(['input1', 'input2']);
type TwoInputs = ReadBy<typeof two_inputs>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface Bilinear {
  (...args: TwoInputs): Tensor;
}

/**
 * A layer of two inputs: `y = x₁ᵀ A x₂ + b`.
 *
 * Takes `(*, in1_features)` and `(*, in2_features)` and gives `(*, out_features)`. The parameters `weight`,
 * `(out_features, in1_features, in2_features)`, and `bias`, `(out_features)`, begin evenly distributed between `±√k`
 * with `k = 1 / in1_features`.
 *
 * @param in1_features the size of each first input, more than 0
 * @param in2_features the size of each second input
 * @param out_features the size of each output
 * @param bias whether there is a bias to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
 */
export class Bilinear extends Module {
  in1_features: number;
  in2_features: number;
  out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    ...args: Arguments<BilinearOptions, ['in1_features', 'in2_features', 'out_features', 'bias', 'device', 'dtype']>
  ) {
    super();
    const options = bilinear_arguments(args);
    this.in1_features = options.in1_features;
    this.in2_features = options.in2_features;
    this.out_features = options.out_features;
    this.weight = empty_parameter([options.out_features, options.in1_features, options.in2_features], options);
    this.bias = options.bias ? empty_parameter([options.out_features], options) : null;
    this.reset_parameters();
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    if (this.in1_features <= 0) {
      throw new ValueError(`in1_features must be > 0, but got (in1_features=${this.in1_features})`);
    }
    const bound = 1 / Math.sqrt(this.in1_features);
    init.uniform_(this.weight, -bound, bound);
    if (this.bias !== null) init.uniform_(this.bias, -bound, bound);
  }

  override forward(input1: Tensor, input2: Tensor): Tensor;
  override forward(...args: TwoInputs): Tensor {
    const [input1, input2] = two_inputs(args);
    return aten.bilinear(input1, input2, this.weight, this.bias);
  }

  override extra_repr(): string {
    return (
      `in1_features=${this.in1_features}, in2_features=${this.in2_features}, ` +
      `out_features=${this.out_features}, bias=${str(this.bias !== null)}`
    );
  }
}

export interface LazyLinearOptions extends FactoryOptions {
  out_features: number;
  bias?: boolean;
}
const lazy_linear_arguments = signature<LazyLinearOptions>('LazyLinear', [
  'out_features',
  ['bias', true],
  ['device', null],
  ['dtype', null],
]);

/**
 * A {@link Linear} that takes `in_features` from its first input, and is a `Linear` from then on.
 * @param out_features the size of each output
 * @param bias whether there is a bias to learn (default: true)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html
 */
export class LazyLinear extends LazyModuleMixin(Linear) {
  static override cls_to_become = Linear;

  constructor(...args: Arguments<LazyLinearOptions, ['out_features', 'bias', 'device', 'dtype']>) {
    super(0, 0, false);
    const { out_features, bias, device, dtype } = lazy_linear_arguments(args);
    this.weight = new UninitializedParameter({ device, dtype });
    this.out_features = out_features;
    if (bias) this.bias = new UninitializedParameter({ device, dtype });
  }

  override _inferred_size(): number {
    return this.in_features;
  }

  override initialize_parameters(input: Tensor): void {
    const { weight, bias, out_features } = this;
    const in_features = input.size(-1);
    if (this.has_uninitialized_params()) {
      this.in_features = in_features;
      if (is_lazy(weight)) weight.materialize([out_features, in_features]);
      if (is_lazy(bias)) bias.materialize([out_features]);
      this.reset_parameters();
    }
    if (this.in_features === 0) {
      if (in_features !== this.weight.size(-1)) {
        throw new AssertionError(
          `The in_features inferred from input: ${in_features} is not equal to in_features from self.weight: ` +
            String(this.weight.size(-1)),
        );
      }
      this.in_features = in_features;
    }
  }
}
