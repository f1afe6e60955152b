import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { Module } from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { float_str, str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';

/** Whether all samples of a batch are dropped together, or each on its own. */
export type StochasticDepthMode = 'batch' | 'row';

/** Arguments of {@link stochastic_depth}. */
export interface StochasticDepthOptions {
  /** A batch of any shape. */
  input: Tensor;
  /** How likely it is to be dropped. */
  p: number;
  mode: StochasticDepthMode;
  /** Nothing is dropped otherwise (default: true). */
  training?: boolean;
}
const stochastic_depth_arguments = signature<StochasticDepthOptions>('stochastic_depth', [
  'input',
  'p',
  'mode',
  ['training', true],
]);

/**
 * Drops whole samples at random and scales up the rest, which makes a network of residual blocks less deep at times.
 * @throws ValueError for a probability that is none and an unknown mode
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.stochastic_depth.html
 */
export function stochastic_depth(...args: Arguments<StochasticDepthOptions, ['input', 'p', 'mode', 'training']>): Tensor {
  const { input, p, mode, training } = stochastic_depth_arguments(args);
  if (!(p >= 0 && p <= 1)) throw new ValueError(`drop probability has to be between 0 and 1, but got ${str(p)}`);
  if (mode !== 'batch' && mode !== 'row') {
    throw new ValueError(`mode has to be either 'batch' or 'row', but got ${str(mode)}`);
  }
  if (!training || p === 0) return input;
  const survival_rate = 1 - p;
  const size = new Array<number>(input.ndim).fill(1);
  if (mode === 'row') size[0] = input.size(0);
  const noise = aten.empty(size, { dtype: input.dtype, device: input.device }).bernoulli_(survival_rate);
  if (survival_rate > 0) noise.div_(survival_rate);
  return input.mul(noise);
}

const module_arguments = signature<Pick<StochasticDepthOptions, 'p' | 'mode'>>('StochasticDepth', ['p', 'mode']);

/**
 * {@link stochastic_depth} as a module, which does nothing in evaluation.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.StochasticDepth.html
 */
export class StochasticDepth extends Module {
  p: number;
  mode: StochasticDepthMode;

  constructor(...args: Arguments<Pick<StochasticDepthOptions, 'p' | 'mode'>, ['p', 'mode']>) {
    super();
    const { p, mode } = module_arguments(args);
    this.p = p;
    this.mode = mode;
  }

  override forward(input: Tensor): Tensor {
    return stochastic_depth(input, this.p, this.mode, this.training);
  }

  override __repr__(): string {
    return `${type_name(this)}(p=${float_str(this.p)}, mode=${this.mode})`;
  }
}
