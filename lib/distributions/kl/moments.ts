/** Expected values that the divergences of different families are put together from. */
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import type { Beta } from '../beta.ts';
import type { Gamma } from '../gamma.ts';
import type { Pareto } from '../pareto.ts';
import type { Uniform } from '../uniform.ts';

/** The logarithm of the beta function. */
export function log_beta(a: Tensor, b: Tensor): Tensor {
  return a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma());
}

/** `E[log x]` */
export function beta_log_mean(p: Beta): Tensor {
  return p.concentration1.digamma().sub(p.concentration1.add(p.concentration0).digamma());
}

/** `E[log x]` */
export function pareto_log_mean(p: Pareto): Tensor {
  return p.scale.log().add(p.alpha.reciprocal());
}

/** `E[x ** order]`, of those that are finite. */
export function pareto_moment(p: Pareto, order: number): Tensor {
  return p.alpha.mul(p.scale.pow(order)).div(p.alpha.sub(order));
}

/** `E[log x]` between two numbers, of which the lower one may be 0. */
export function uniform_log_mean(low: Tensor, high: Tensor): Tensor {
  return aten.xlogy(high, high).sub(aten.xlogy(low, low)).div(high.sub(low)).sub(1);
}

/** `E[exp(-x / scale)]` */
export function gamma_exp_mean(p: Gamma, scale: Tensor): Tensor {
  return p.rate.mul(scale).reciprocal().add(1).pow(p.concentration.neg());
}

/** `E[exp((loc - x) / scale)]` */
export function uniform_exp_mean(p: Uniform, loc: Tensor, scale: Tensor): Tensor {
  const difference = loc.sub(p.low).div(scale).exp().sub(loc.sub(p.high).div(scale).exp());
  return difference.mul(scale.div(p.high.sub(p.low)));
}

/** `E|x - center|` of normal numbers. */
export function normal_distance_mean(loc: Tensor, scale: Tensor, center: Tensor): Tensor {
  const z = loc.sub(center).div(scale);
  const density = z.pow(2).mul(-0.5).exp().mul(Math.sqrt(2 / Math.PI));
  return scale.mul(density.add(z.mul(z.mul(Math.SQRT1_2).erf())));
}
