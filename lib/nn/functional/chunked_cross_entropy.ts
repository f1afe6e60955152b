/**
 * The cross entropy of a linear layer, piece by piece: never are there more logits than those of one piece of the
 * batch. The gradients are computed along with the loss, or for a loss that is not reduced from its inputs once more.
 */
import { Function, type FunctionCtx } from '../../autograd/function/index.ts';
import { is_grad_enabled, no_grad } from '../../autograd/grad_mode.ts';
import { bfloat16, float16, float32 } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import { RuntimeError } from '../../errors.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import type { ResolvedLinearCrossEntropyOptions } from '../modules/linear_cross_entropy_options.ts';

export interface ChunkedCrossEntropyInput {
  /** `(N, in_features)` */
  input: Tensor;
  /** `(num_classes, in_features)` */
  linear_weight: Tensor;
  /** Classes, `(N)`. */
  target: Tensor;
  linear_bias: Tensor | null;
  weight: Tensor | null;
  reduction: 'mean' | 'sum' | 'none';
  ignore_index: number;
  options: ResolvedLinearCrossEntropyOptions;
}

/** Which gradients are wanted: of the input, the layer's weight and its bias. */
type Wanted = readonly [input: boolean, linear_weight: boolean, linear_bias: boolean];
type Gradients = readonly [input: Tensor | null, linear_weight: Tensor | null, linear_bias: Tensor | null];

/** In which types the parts of the computation are. */
interface Types {
  input: DType;
  /** What is added up in. */
  sums: DType;
  logits: DType;
  loss: DType;
  input_gradient: DType;
}

function types_of(input: DType, { acc_dtype: sums, acc_policy }: ResolvedLinearCrossEntropyOptions): Types {
  if (input === sums) return { input, sums, logits: input, loss: input, input_gradient: input };
  const is_half = input === float16 || input === bfloat16;
  if (!is_half || sums !== float32) {
    throw new RuntimeError(
      'linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, but got ' +
        `${String(sums)} acc_dtype and ${String(input)} inputs.`,
    );
  }
  const saves_memory = acc_policy !== 'accurate';
  return {
    input,
    sums,
    // bfloat16 has too few digits for a softmax.
    logits: input === float16 && saves_memory ? input : sums,
    // float16 has too little range for a sum.
    loss: input === float16 ? sums : input,
    input_gradient: saves_memory ? input : sums,
  };
}

/** The sum over some rows, and what they add to the gradients. */
class Pieces {
  readonly #types: Types;
  readonly #given: ChunkedCrossEntropyInput;
  readonly #size: number;
  /** The layer's parameters in the type of the logits. */
  readonly #weight: Tensor;
  readonly #bias: Tensor | null;
  /** Targets without those that do not count, which are 0 where they are out of range. */
  readonly #target: Tensor;
  /** Is the target one that does not count? */
  readonly #ignored: Tensor;
  readonly #logits: Tensor;

  constructor(given: ChunkedCrossEntropyInput) {
    const { input, linear_weight, linear_bias, target, ignore_index, options } = given;
    const num_classes = linear_weight.size(0);
    this.#given = given;
    this.#types = types_of(input.dtype, options);
    this.#size = options.batch_chunk_size;
    this.#weight = linear_weight.to(this.#types.logits);
    this.#bias = linear_bias?.to(this.#types.logits) ?? null;
    this.#ignored = target.eq(ignore_index);
    const in_range = ignore_index >= 0 && ignore_index < num_classes;
    this.#target = in_range ? target : target.masked_fill(this.#ignored, 0);
    this.#logits = aten.empty([this.#size, num_classes], { dtype: this.#types.logits, device: input.device });
  }

  /** How much each row counts. */
  #row_weights(): Tensor {
    const { weight } = this.#given;
    if (weight === null) return this.#ignored.logical_not().to(this.#types.sums);
    return weight.index_select(0, this.#target).to(this.#types.sums).masked_fill(this.#ignored, 0);
  }

  /** What each row's gradient is multiplied by, with the opposite sign. */
  #row_factors(grad_output: Tensor | null): Tensor {
    const weights = this.#row_weights();
    if (grad_output !== null) return weights.neg_().mul_(grad_output.to(weights.dtype));
    if (this.#given.reduction === 'sum') return weights.neg_();
    const total = weights.sum();
    return weights.div_(total.neg().masked_fill(total.eq(0), NaN));
  }

  /** Calls `visit` for each piece; what it makes is freed behind it. */
  #for_each(visit: (start: number, length: number) => void): void {
    const rows = this.#given.input.size(0);
    for (let start = 0; start < rows; start += this.#size) {
      const length = Math.min(this.#size, rows - start);
      tidy(() => visit(start, length));
    }
  }

  /** The logits of a piece, from each row its maximum subtracted, in memory that all pieces share. */
  #shifted_logits(input: Tensor): Tensor {
    const logits = this.#logits.narrow(0, 0, input.size(0));
    aten.mm(input.to(this.#types.logits), this.#weight.t(), { out: logits });
    if (this.#bias !== null) logits.add_(this.#bias);
    return logits.sub_(logits.amax(1, true));
  }

  /** The logit of each row's target. */
  #of_target(logits: Tensor, target: Tensor): Tensor {
    return logits.gather(1, target.unsqueeze(1)).squeeze(1).to(this.#types.sums);
  }

  /** The loss of each row, `(N)`. */
  losses(): Tensor {
    const { input } = this.#given;
    const losses = aten.empty([input.size(0)], { dtype: input.dtype, device: input.device });
    const weights = this.#row_weights();
    this.#for_each((start, length) => {
      const logits = this.#shifted_logits(input.narrow(0, start, length));
      const of_target = this.#of_target(logits, this.#target.narrow(0, start, length));
      const denominators = logits.exp_().sum(1, false, { dtype: this.#types.sums });
      const loss = denominators.log_().sub_(of_target).mul_(weights.narrow(0, start, length));
      losses.narrow(0, start, length).copy_(loss);
    });
    return losses;
  }

  /**
   * The reduced loss and its gradients.
   * @param grad_output for a loss that is not reduced, the gradient of each row; the sum means nothing then
   */
  sum(wanted: Wanted, grad_output: Tensor | null = null): [loss: Tensor, ...gradients: Gradients] {
    const { input, reduction } = this.#given;
    const { loss: loss_type, sums, logits: logits_type } = this.#types;
    const { device } = input;
    const rows = input.size(0);
    const factors = this.#row_factors(grad_output);
    const loss = aten.zeros([], { dtype: loss_type, device });
    if (reduction === 'mean' && rows === 0) loss.fill_(NaN);
    const gradients = new GradientSums(this.#types, this.#given, this.#weight, wanted);

    this.#for_each((start, length) => {
      const piece = input.narrow(0, start, length);
      const target = this.#target.narrow(0, start, length);
      const factor = factors.narrow(0, start, length);
      const logits = this.#shifted_logits(piece);
      loss.add_(factor.dot(this.#of_target(logits, target)));
      const denominators = logits.exp_().sum(1, false, { dtype: sums });
      // The softmax, each row multiplied by its factor.
      if (wanted.includes(true)) logits.mul_(factor.div(denominators).to(logits_type).unsqueeze(1));
      loss.sub_(factor.dot(denominators.log_()));
      gradients.add(start, piece, target, factor, logits);
    });
    return [loss.to(input.dtype), ...gradients.results()];
  }
}

/** The gradients so far. */
class GradientSums {
  readonly #types: Types;
  readonly #weight: Tensor;
  readonly #input_gradient: Tensor | null;
  readonly #weight_gradient: Tensor | null;
  readonly #bias_gradient: Tensor | null;
  /** Whether the layer's weight gets what a piece adds to its gradient without memory of its own for that. */
  readonly #adds_directly: boolean;

  constructor(types: Types, { input, linear_weight, options }: ChunkedCrossEntropyInput, weight: Tensor, wanted: Wanted) {
    const { device } = input;
    this.#types = types;
    this.#weight = weight;
    const [of_input, of_weight, of_bias] = wanted;
    this.#input_gradient = of_input ? aten.empty(input.shape, { dtype: types.input_gradient, device }) : null;
    this.#weight_gradient = of_weight ? aten.zeros(linear_weight.shape, { dtype: types.input, device }) : null;
    this.#bias_gradient = of_bias ? aten.zeros([linear_weight.size(0)], { dtype: types.input, device }) : null;
    this.#adds_directly = options.acc_policy === 'compact' && types.logits === types.input;
  }

  /** Adds those of a piece; `softmax` is multiplied by the rows' factors. */
  add(start: number, input: Tensor, target: Tensor, factor: Tensor, softmax: Tensor): void {
    if (this.#bias_gradient !== null) this.#add_to_bias(this.#bias_gradient, target, factor, softmax);
    if (this.#input_gradient !== null) {
      const gradient = this.#weight.index_select(0, target).mul_(factor.to(this.#weight.dtype).unsqueeze(1));
      aten.addmm(gradient, softmax, this.#weight, { alpha: -1, out: gradient });
      this.#input_gradient.narrow(0, start, input.size(0)).copy_(gradient);
    }
    if (this.#weight_gradient !== null) this.#add_to_weight(this.#weight_gradient, input, target, factor, softmax);
  }

  #add_to_bias(sum: Tensor, target: Tensor, factor: Tensor, softmax: Tensor): void {
    const { input, sums } = this.#types;
    const piece = input === sums ? sum : aten.zeros_like(sum, { dtype: sums });
    piece.sub_(softmax.sum([0], false, { dtype: sums })).index_add_(0, target, factor);
    if (piece !== sum) sum.add_(piece.to(input));
  }

  #add_to_weight(sum: Tensor, input: Tensor, target: Tensor, factor: Tensor, softmax: Tensor): void {
    const wide_input = input.to(this.#types.sums);
    const of_targets = wide_input.mul(factor.unsqueeze(1));
    if (this.#adds_directly) {
      sum.addmm_(softmax.t(), input, { alpha: -1 });
      sum.index_add_(0, target, of_targets.to(this.#types.input));
      return;
    }
    const piece = aten.mm(softmax.to(this.#types.sums).t(), wide_input);
    sum.sub_(piece.index_add_(0, target, of_targets, { alpha: -1 }));
  }

  results(): Gradients {
    const of_input = this.#input_gradient?.to(this.#types.input) ?? null;
    return [of_input, this.#weight_gradient, this.#bias_gradient];
  }
}

/** The gradients, which the first backward pass uses up unless they are to be kept. */
function precomputed(gradients: Gradients, keep: boolean): (grad_output: Tensor) => Gradients {
  let remaining: Gradients | null = gradients;
  return (grad_output) => {
    if (keep) return gradients.map((one) => one?.mul(grad_output) ?? null) as unknown as Gradients;
    if (remaining === null) {
      throw new RuntimeError(
        'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
      );
    }
    const scaled = remaining.map((one) => one?.mul_(grad_output) ?? null) as unknown as Gradients;
    remaining = null;
    return scaled;
  };
}

/** Computes the loss along with what gives the gradients of the inputs. */
type Compute = () => readonly [loss: Tensor, backward: (grad_output: Tensor) => Gradients];

/** What the forward leaves for the backward. */
interface Context extends FunctionCtx {
  gradients: (grad_output: Tensor) => Gradients;
}

class ChunkedCrossEntropy extends Function {
  static override forward(
    ctx: Context,
    _input: Tensor,
    _linear_weight: Tensor,
    _linear_bias: Tensor | null,
    compute: Compute,
  ): Tensor {
    const [loss, gradients] = compute();
    ctx.gradients = gradients;
    return loss;
  }

  static override backward(ctx: Context, grad_output: Tensor): (Tensor | null)[] {
    return [...no_grad(() => ctx.gradients(grad_output)), null];
  }
}

/** The loss of a batch, `()` or, where it is not reduced, `(N)`. */
export function chunked_cross_entropy(given: ChunkedCrossEntropyInput): Tensor {
  const inputs = [given.input, given.linear_weight, given.linear_bias];
  const wanted = inputs.map((one) => is_grad_enabled() && one !== null && one.requires_grad) as unknown as Wanted;
  const plain = {
    ...given,
    input: given.input.detach(),
    linear_weight: given.linear_weight.detach(),
    linear_bias: given.linear_bias?.detach() ?? null,
    weight: given.weight?.detach() ?? null,
  };
  const losses: Compute = () => [
    new Pieces(plain).losses(),
    (grad_output) => {
      const [, ...gradients] = new Pieces(plain).sum(wanted, grad_output);
      return gradients;
    },
  ];
  const sum: Compute = () => {
    const [loss, ...gradients] = new Pieces(plain).sum(wanted);
    return [loss, precomputed(gradients, given.options.allow_retain_graph)];
  };
  return ChunkedCrossEntropy.apply(
    given.input,
    given.linear_weight,
    given.linear_bias,
    given.reduction === 'none' ? losses : sum,
  );
}
