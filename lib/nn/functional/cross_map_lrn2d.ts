import { Function, type FunctionCtx } from '../../autograd/function/index.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { tidy } from '../../memory.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

export interface CrossMapLRN2dSettings {
  size: number;
  alpha: number;
  beta: number;
  k: number;
}

/** What the forward leaves for the backward. */
interface Context extends FunctionCtx {
  scale: Tensor;
  settings: CrossMapLRN2dSettings;
}

/** `k + α / size · Σ x²` over the channels around each, of `(N, C, H, W)`. The sums run on from channel to channel. */
function scales(input: Tensor, { size, alpha, k }: CrossMapLRN2dSettings): Tensor {
  const channels = input.size(1);
  const reach = Math.trunc((size - 1) / 2 + 1);
  const squares = input.pow(2);
  const result = aten.empty_like(input, { memory_format: null });
  const first = result.select(1, 0).zero_();
  for (let channel = 0; channel < Math.min(reach, channels); channel++) first.add_(squares.select(1, channel));
  for (let channel = 1; channel < channels; channel++) {
    const sum = result.select(1, channel).copy_(result.select(1, channel - 1));
    if (channel < channels - reach + 1) sum.add_(squares.select(1, channel + reach - 1));
    // The first channel stays in all sums, as it did in Lua's Torch.
    if (channel > reach) sum.sub_(squares.select(1, channel - reach));
  }
  return result.mul_(alpha / size).add_(k);
}

/** The gradient as Lua's Torch computed it, with full windows. */
function gradient_of(
  input: Tensor,
  output: Tensor,
  scale: Tensor,
  grad_output: Tensor,
  { size, alpha, beta }: CrossMapLRN2dSettings,
): Tensor {
  const [batch, channels, height, width] = input.shape as unknown as [number, number, number, number];
  const result = scale.pow(-beta).mul_(grad_output);
  const ratios = aten.zeros([channels + size - 1, height, width], { dtype: input.dtype, device: input.device });
  const inner = ratios.narrow(0, Math.trunc(size - (size - 1) / 2), channels);
  const factor = -((2 * alpha * beta) / size);
  for (let sample = 0; sample < batch; sample++) {
    tidy(() => {
      aten.mul(grad_output.select(0, sample), output.select(0, sample), { out: inner });
      inner.div_(scale.select(0, sample));
      const sum = ratios.narrow(0, 0, size - 1).sum(0);
      for (let channel = 0; channel < channels; channel++) {
        sum.add_(ratios.select(0, channel + size - 1));
        const [x, gradient] = [input, result].map((one) => one.select(0, sample).select(0, channel));
        gradient!.addcmul_(x!, sum, { value: factor });
        sum.sub_(ratios.select(0, channel));
      }
    });
  }
  return result;
}

class CrossMapLRN2d extends Function {
  static override forward(ctx: Context, input: Tensor, settings: CrossMapLRN2dSettings): Tensor {
    const [output, scale] = tidy(() => {
      const sums = scales(input, settings);
      return [sums.pow(-settings.beta).mul_(input), sums] as const;
    });
    ctx.scale = scale;
    ctx.settings = settings;
    ctx.save_for_backward(input, output);
    return output;
  }

  static override backward(ctx: Context, grad_output: Tensor): [input: Tensor, settings: null] {
    const [input, output] = ctx.saved_tensors;
    return [no_grad(() => gradient_of(input!, output!, ctx.scale, grad_output, ctx.settings)), null];
  }
}

/**
 * Divides each element of `(N, C, H, W)` by a power of a sum of squares over the channels around it. It has the
 * gradient that Lua's Torch gave it, which is not exactly the derivative.
 */
export function cross_map_lrn2d(input: Tensor, settings: CrossMapLRN2dSettings): Tensor {
  return CrossMapLRN2d.apply(input, settings);
}
