/** How the parameters of models are averaged. */
import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { str, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';

/** Gives the new average, from that so far, the parameter of the model, and the number of models in the average. */
export type AvgFn = (averaged: Tensor, current: Tensor, num_averaged: Tensor | number) => Tensor;

/** The same for many parameters at once, in place. */
export type MultiAvgFn = (
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  num_averaged: Tensor | number,
) => void;

type DecayArguments = Arguments<{ decay?: number }, ['decay']>;

const decay_arguments = signature<{ decay?: number }>('get_ema_avg_fn', [['decay', 0.999]]);

function decay_of(args: DecayArguments): number {
  const { decay } = decay_arguments(args);
  if (typeof decay !== 'number') throw new TypeError(`argument 'decay' must be a number, not ${type_name(decay)}`);
  if (decay >= 0 && decay <= 1) return decay;
  throw new ValueError(`Invalid decay value ${str(decay)} provided. Please provide a value in [0,1] range.`);
}

/** Operators that interpolate take no whole numbers. */
function interpolates(tensor: Tensor | undefined): boolean {
  return tensor !== undefined && (tensor.is_floating_point() || tensor.is_complex());
}

/**
 * The function for `multi_avg_fn` that keeps an exponential moving average:
 * `decay * average + (1 - decay) * parameter`.
 *
 * @param decay from 0 to 1 (default: 0.999)
 * @throws ValueError for a decay out of its range
 * @see https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export function get_ema_multi_avg_fn(...args: DecayArguments): MultiAvgFn {
  const decay = decay_of(args);
  return (averaged, current) =>
    no_grad(() => {
      if (interpolates(averaged[0])) {
        aten._foreach_lerp_(averaged, current, 1 - decay);
      } else {
        averaged.forEach((average, i) => average.copy_(average.mul(decay).add(current[i]!.mul(1 - decay))));
      }
    });
}

/**
 * The function for `multi_avg_fn` that keeps the mean of all models.
 * @see https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export function get_swa_multi_avg_fn(): MultiAvgFn {
  return (averaged, current, num_averaged) =>
    no_grad(() => {
      const counted = num_averaged instanceof Tensor;
      if (interpolates(averaged[0])) {
        // Python divides by a tensor, in floats of 32 bits.
        const weight = counted ? num_averaged.add(1).reciprocal().item() : 1 / (num_averaged + 1);
        return void aten._foreach_lerp_(averaged, current, weight);
      }
      const differences = aten._foreach_sub(current, averaged);
      if (counted) {
        const counts = new Array<Tensor>(averaged.length).fill(num_averaged.add(1));
        aten._foreach_addcdiv_(averaged, differences, counts);
      } else {
        aten._foreach_add_(averaged, differences, { alpha: 1 / (num_averaged + 1) });
      }
    });
}

/**
 * The function for `avg_fn` that keeps an exponential moving average: `decay * average + (1 - decay) * parameter`.
 *
 * @param decay from 0 to 1 (default: 0.999)
 * @throws ValueError for a decay out of its range
 * @see https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export function get_ema_avg_fn(...args: DecayArguments): AvgFn {
  const decay = decay_of(args);
  return (averaged, current) => no_grad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/**
 * The function for `avg_fn` that keeps the mean of all models.
 * @see https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export function get_swa_avg_fn(): AvgFn {
  return (averaged, current, num_averaged) =>
    no_grad(() => {
      const count = num_averaged instanceof Tensor ? num_averaged.add(1) : num_averaged + 1;
      return averaged.add(current.sub(averaged).div(count as Tensor));
    });
}
