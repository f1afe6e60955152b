import { grad } from '../autograd/index.ts';
import { NotImplementedError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { Distribution } from './distribution.ts';
import { sum_rightmost } from './shapes.ts';

/** The gradients of the sum of `f(...parameters)`, which can be differentiated again; and what `f` gives. */
export function with_gradients(
  f: (...parameters: Tensor[]) => Tensor,
  parameters: readonly Tensor[],
): { value: Tensor; leaves: Tensor[]; gradients: Tensor[] } {
  const leaves = parameters.map((one) => one.detach().requires_grad_());
  const value = f(...leaves);
  const gradients = [...grad(value.sum(), leaves, { create_graph: true })] as Tensor[];
  return { value, leaves, gradients };
}

/**
 * Distributions whose density is `exp(<t(x), theta> - F(theta) + k(x))`. A subclass defines the natural parameters
 * theta and the log normalizer F, and gets entropies and Kullback-Leibler divergences by differentiating it.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.exp_family.ExponentialFamily
 */
export class ExponentialFamily extends Distribution {
  static override readonly __module__: string = 'torch.distributions.exp_family';

  /** The natural parameters. */
  get _natural_params(): readonly Tensor[] {
    throw new NotImplementedError('');
  }

  /** The log normalizer, of natural parameters. */
  _log_normalizer(...natural_params: Tensor[]): Tensor {
    void natural_params;
    throw new NotImplementedError('');
  }

  /** The expected value of the carrier measure, `k(x)`. */
  protected get _mean_carrier_measure(): number {
    throw new NotImplementedError('');
  }

  /** The entropy, by the Bregman divergence of the log normalizer. */
  override entropy(): Tensor {
    const carrier = this._mean_carrier_measure;
    const parameters = this._natural_params;
    const { value, leaves, gradients } = with_gradients((...of) => this._log_normalizer(...of), parameters);
    return leaves.reduce(
      (sum, leaf, i) => sum.sub(sum_rightmost(leaf.mul(gradients[i]!), this.event_shape.length)),
      value.sub(carrier),
    );
  }
}
