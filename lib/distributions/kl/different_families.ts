/**
 * Kullback-Leibler divergences of distributions of different families: the cross entropy of `q` by moments of `p`, less
 * the entropy of `p`; or infinity, where `p` has values that `q` has not.
 */
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { Bernoulli } from '../bernoulli.ts';
import { Beta } from '../beta.ts';
import { Binomial } from '../binomial.ts';
import { ContinuousBernoulli } from '../continuous_bernoulli.ts';
import type { Distribution } from '../distribution.ts';
import { Exponential } from '../exponential.ts';
import { Gamma } from '../gamma.ts';
import { Gumbel } from '../gumbel.ts';
import { Laplace } from '../laplace.ts';
import { Normal } from '../normal.ts';
import { Pareto } from '../pareto.ts';
import { Poisson } from '../poisson.ts';
import { Uniform } from '../uniform.ts';
import {
  beta_log_mean,
  gamma_exp_mean,
  log_beta,
  normal_distance_mean,
  pareto_log_mean,
  pareto_moment,
  uniform_exp_mean,
  uniform_log_mean,
} from './moments.ts';
import { type DistributionClass, type Pair, pair } from './pair.ts';

/** What the classes of `p` have in common here. */
type WithMoments = Distribution & { readonly mean: Tensor; readonly variance: Tensor };

function to_exponential(p: WithMoments, q: Exponential, mean = p.mean): Tensor {
  return q.rate.mul(mean).sub(q.rate.log()).sub(p.entropy());
}

function squared_distance(p: WithMoments, loc: Tensor): Tensor {
  return p.variance.add(p.mean.sub(loc).pow(2));
}

/** `squared` is `E[(x - loc) ** 2]`, of `loc` of `q`. */
function to_normal(p: WithMoments, q: Normal, squared = squared_distance(p, q.loc)): Tensor {
  return squared.div(q.variance).add(Math.log(2 * Math.PI)).mul(0.5).add(q.scale.log()).sub(p.entropy());
}

function to_gamma(p: WithMoments, q: Gamma, log_mean: Tensor, mean = p.mean): Tensor {
  return q.concentration
    .lgamma()
    .sub(q.concentration.mul(q.rate.log()))
    .sub(q.concentration.sub(1).mul(log_mean))
    .add(q.rate.mul(mean))
    .sub(p.entropy());
}

/** `exp_mean` is `E[exp((loc - x) / scale)]`, of `loc` and `scale` of `q`. */
function to_gumbel(p: WithMoments, q: Gumbel, exp_mean: Tensor): Tensor {
  return q.scale.log().add(p.mean.sub(q.loc).div(q.scale)).add(exp_mean).sub(p.entropy());
}

/** The density's logarithm is linear, so that it suffices to compare means. */
function to_continuous_bernoulli(p: WithMoments, q: ContinuousBernoulli): Tensor {
  return q.entropy().add(q.mean.sub(p.mean).mul(q.logits)).sub(p.entropy());
}

function to_uniform(p: Distribution, q: Uniform): Tensor {
  return q.high.sub(q.low).log().sub(p.entropy());
}

function bernoulli_poisson(p: Bernoulli, q: Poisson): Tensor {
  return q.rate.sub(p.probs.mul(q.rate.log())).sub(p.entropy());
}

function beta_uniform(p: Beta, q: Uniform): Tensor {
  return to_uniform(p, q).masked_fill(q.low.gt(0).bitwise_or(q.high.lt(1)), Infinity);
}

/** As in Python, an interval that only just holds the values counts as too small. */
function continuous_bernoulli_uniform(p: ContinuousBernoulli, q: Uniform): Tensor {
  return to_uniform(p, q).masked_fill(q.low.ge(0).bitwise_or(q.high.le(1)), Infinity);
}

/** As in Python, an interval that touches 0 or 1 counts as too large. */
function uniform_continuous_bernoulli(p: Uniform, q: ContinuousBernoulli): Tensor {
  return to_continuous_bernoulli(p, q).masked_fill(p.low.le(0).bitwise_or(p.high.ge(1)), Infinity);
}

function uniform_beta(p: Uniform, q: Beta): Tensor {
  const log_mean = uniform_log_mean(p.low, p.high);
  const log_rest_mean = uniform_log_mean(aten.rsub(p.high, 1), aten.rsub(p.low, 1));
  return log_beta(q.concentration1, q.concentration0)
    .sub(q.concentration1.sub(1).mul(log_mean))
    .sub(q.concentration0.sub(1).mul(log_rest_mean))
    .sub(p.entropy())
    .masked_fill(p.low.lt(0).bitwise_or(p.high.gt(1)), Infinity);
}

function uniform_pareto(p: Uniform, q: Pareto): Tensor {
  return q.alpha
    .add(1)
    .mul(uniform_log_mean(p.low, p.high))
    .sub(q.alpha.log())
    .sub(q.alpha.mul(q.scale.log()))
    .sub(p.entropy())
    .masked_fill(p.low.lt(q.scale), Infinity);
}

/** Infinite where the interval goes below 0. */
function where_positive(p: Uniform, divergence: Tensor): Tensor {
  return divergence.masked_fill(p.low.lt(0), Infinity);
}

/** Infinite where the first distribution has no mean. */
function pareto_exponential(p: Pareto, q: Exponential): Tensor {
  return to_exponential(p, q, pareto_moment(p, 1)).masked_fill(p.alpha.le(1), Infinity);
}

/** Infinite where the first distribution has no mean. */
function pareto_gamma(p: Pareto, q: Gamma): Tensor {
  return to_gamma(p, q, pareto_log_mean(p), pareto_moment(p, 1)).masked_fill(p.alpha.le(1), Infinity);
}

/** Infinite where the first distribution has no variance. */
function pareto_normal(p: Pareto, q: Normal): Tensor {
  const squared = pareto_moment(p, 2).sub(q.loc.mul(2).mul(pareto_moment(p, 1))).add(q.loc.pow(2));
  return to_normal(p, q, squared).masked_fill(p.alpha.le(2), Infinity);
}

function normal_laplace(p: Normal, q: Laplace): Tensor {
  const distance = normal_distance_mean(p.loc, p.scale, q.loc);
  return q.scale.mul(2).log().add(distance.div(q.scale)).sub(p.entropy());
}

function normal_gumbel(p: Normal, q: Gumbel): Tensor {
  const exponent = q.loc.sub(p.loc).div(q.scale).add(p.scale.div(q.scale).pow(2).mul(0.5));
  return to_gumbel(p, q, exponent.exp());
}

function exponential_gumbel(p: Exponential, q: Gumbel): Tensor {
  const product = p.rate.mul(q.scale);
  return to_gumbel(p, q, q.loc.div(q.scale).exp().mul(product.div(product.add(1))));
}

const EULER = 0.5772156649015329;

/** Infinitely far away, for each distribution of the batch of `p`. */
function infinite(p: Distribution): Tensor {
  const { dtype, device } = p.mean;
  return aten.full(p.batch_shape, Infinity, { dtype, device });
}

function infinite_to(type_p: DistributionClass, ...types_q: readonly DistributionClass[]): Pair[] {
  return types_q.map((type_q) => pair(type_p, type_q, infinite));
}

export const DIFFERENT_FAMILIES: readonly Pair[] = [
  pair(Bernoulli, Poisson, bernoulli_poisson),
  ...infinite_to(Poisson, Bernoulli, Binomial),

  pair(Beta, ContinuousBernoulli, to_continuous_bernoulli),
  pair(Beta, Exponential, to_exponential),
  pair(Beta, Gamma, (p, q) => to_gamma(p, q, beta_log_mean(p))),
  pair(Beta, Normal, to_normal),
  pair(Beta, Uniform, beta_uniform),
  ...infinite_to(Beta, Pareto),

  pair(ContinuousBernoulli, Exponential, to_exponential),
  pair(ContinuousBernoulli, Normal, to_normal),
  pair(ContinuousBernoulli, Uniform, continuous_bernoulli_uniform),
  ...infinite_to(ContinuousBernoulli, Pareto),

  pair(Exponential, Gamma, (p, q) => to_gamma(p, q, p.rate.log().add(EULER).neg())),
  pair(Exponential, Gumbel, exponential_gumbel),
  pair(Exponential, Normal, to_normal),
  ...infinite_to(Exponential, Uniform, Pareto, ContinuousBernoulli, Beta),

  pair(Gamma, Exponential, to_exponential),
  pair(Gamma, Gumbel, (p, q) => to_gumbel(p, q, q.loc.div(q.scale).exp().mul(gamma_exp_mean(p, q.scale)))),
  pair(Gamma, Normal, to_normal),
  ...infinite_to(Gamma, Uniform, Pareto, ContinuousBernoulli, Beta),

  pair(Gumbel, Normal, to_normal),
  ...infinite_to(Gumbel, Uniform, Pareto, Gamma, Exponential, ContinuousBernoulli, Beta),

  pair(Laplace, Normal, to_normal),
  ...infinite_to(Laplace, Uniform, Pareto, Gamma, Exponential, ContinuousBernoulli, Beta),

  pair(Normal, Gumbel, normal_gumbel),
  pair(Normal, Laplace, normal_laplace),
  ...infinite_to(Normal, Uniform, Pareto, Gamma, Exponential, ContinuousBernoulli, Beta),

  pair(Pareto, Exponential, pareto_exponential),
  pair(Pareto, Gamma, pareto_gamma),
  pair(Pareto, Normal, pareto_normal),
  ...infinite_to(Pareto, Uniform, ContinuousBernoulli, Beta),

  pair(Uniform, Beta, uniform_beta),
  pair(Uniform, ContinuousBernoulli, uniform_continuous_bernoulli),
  pair(Uniform, Exponential, (p, q) => where_positive(p, to_exponential(p, q))),
  pair(Uniform, Gamma, (p, q) => where_positive(p, to_gamma(p, q, uniform_log_mean(p.low, p.high)))),
  pair(Uniform, Gumbel, (p, q) => to_gumbel(p, q, uniform_exp_mean(p, q.loc, q.scale))),
  pair(Uniform, Normal, to_normal),
  pair(Uniform, Pareto, uniform_pareto),
];
