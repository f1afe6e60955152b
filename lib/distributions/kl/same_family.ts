/** Kullback-Leibler divergences of two distributions of one family. */
import { NotImplementedError } from '../../errors.ts';
import { softplus } from '../../nn/functional.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { Bernoulli } from '../bernoulli.ts';
import { Beta } from '../beta.ts';
import { Binomial } from '../binomial.ts';
import { Categorical } from '../categorical.ts';
import { Cauchy } from '../cauchy.ts';
import { ContinuousBernoulli } from '../continuous_bernoulli.ts';
import { Dirichlet } from '../dirichlet.ts';
import { Exponential } from '../exponential.ts';
import { Gamma } from '../gamma.ts';
import { Geometric } from '../geometric.ts';
import { Gumbel } from '../gumbel.ts';
import { HalfNormal } from '../half_normal.ts';
import { Laplace } from '../laplace.ts';
import { Normal } from '../normal.ts';
import { OneHotCategorical } from '../one_hot_categorical.ts';
import { Pareto } from '../pareto.ts';
import { Poisson } from '../poisson.ts';
import { Uniform } from '../uniform.ts';
import { log_beta } from './moments.ts';
import { type Pair, same } from './pair.ts';

/** `p * (log p - log q)`, which is 0 where `p` is 0 and otherwise infinite where `q` is. */
function term(p: Tensor, difference_of_logs: Tensor, q: Tensor): Tensor {
  return p.mul(difference_of_logs).masked_fill(q.eq(0), Infinity).masked_fill(p.eq(0), 0);
}

function bernoulli(p: Bernoulli, q: Bernoulli): Tensor {
  const success = softplus(q.logits.neg()).sub(softplus(p.logits.neg()));
  const failure = softplus(q.logits).sub(softplus(p.logits));
  return term(p.probs, success, q.probs).add(term(aten.rsub(p.probs, 1), failure, aten.rsub(q.probs, 1)));
}

function binomial(p: Binomial, q: Binomial): Tensor {
  if (p.total_count.lt(q.total_count).any().item()) {
    throw new NotImplementedError('KL between Binomials where q.total_count > p.total_count is not implemented');
  }
  const trial = p.probs
    .mul(p.logits.sub(q.logits))
    .add(p.probs.neg().log1p())
    .sub(q.probs.neg().log1p());
  return p.total_count.mul(trial).masked_fill(p.total_count.gt(q.total_count), Infinity);
}

function categorical(p: Categorical, q: Categorical): Tensor {
  return term(p.probs, p.logits.sub(q.logits), q.probs).sum(-1);
}

function dirichlet(p: Dirichlet, q: Dirichlet): Tensor {
  const [a, b] = [p.concentration, q.concentration];
  const [total_a, total_b] = [a.sum(-1), b.sum(-1)];
  const normalizers = total_a.lgamma().sub(total_b.lgamma()).sub(a.lgamma().sub(b.lgamma()).sum(-1));
  const logs = a.digamma().sub(total_a.digamma().unsqueeze(-1));
  return normalizers.add(a.sub(b).mul(logs).sum(-1));
}

function beta(p: Beta, q: Beta): Tensor {
  const [a1, a0, b1, b0] = [p.concentration1, p.concentration0, q.concentration1, q.concentration0];
  const [total_a, total_b] = [a1.add(a0), b1.add(b0)];
  return log_beta(b1, b0)
    .sub(log_beta(a1, a0))
    .add(a1.sub(b1).mul(a1.digamma()))
    .add(a0.sub(b0).mul(a0.digamma()))
    .add(total_b.sub(total_a).mul(total_a.digamma()));
}

/** By the means, since the density's logarithm is linear. */
function continuous_bernoulli(p: ContinuousBernoulli, q: ContinuousBernoulli): Tensor {
  return q.entropy().sub(p.entropy()).add(q.mean.sub(p.mean).mul(q.logits));
}

function exponential(p: Exponential, q: Exponential): Tensor {
  const ratio = q.rate.div(p.rate);
  return ratio.sub(ratio.log()).sub(1);
}

function gamma(p: Gamma, q: Gamma): Tensor {
  const [a, b] = [p.concentration, q.concentration];
  return b
    .mul(p.rate.div(q.rate).log())
    .add(b.lgamma().sub(a.lgamma()))
    .add(a.sub(b).mul(a.digamma()))
    .add(q.rate.sub(p.rate).mul(a.div(p.rate)));
}

const EULER = 0.5772156649015329;

function gumbel(p: Gumbel, q: Gumbel): Tensor {
  const ratio = p.scale.div(q.scale);
  const shift = p.loc.sub(q.loc).div(q.scale);
  return shift
    .sub(ratio.log())
    .add(ratio.mul(EULER))
    .add(ratio.add(1).lgamma().sub(shift).exp())
    .sub(1 + EULER);
}

function geometric(p: Geometric, q: Geometric): Tensor {
  return p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits);
}

function cauchy(p: Cauchy, q: Cauchy): Tensor {
  const distance = p.scale.add(q.scale).pow(2).add(p.loc.sub(q.loc).pow(2));
  return distance.log().sub(p.scale.mul(q.scale).mul(4).log());
}

function laplace(p: Laplace, q: Laplace): Tensor {
  const ratio = p.scale.div(q.scale);
  const distance = p.loc.sub(q.loc).abs();
  return distance
    .div(q.scale)
    .sub(ratio.log())
    .add(ratio.mul(distance.div(p.scale).neg().exp()))
    .sub(1);
}

/** Of the ratio of the scales, and of the square of the means' distance in units of the second one. */
function gaussian(ratio: Tensor, distance?: Tensor): Tensor {
  const squared = ratio.pow(2);
  const sum = distance === undefined ? squared : squared.add(distance);
  return sum.sub(1).sub(squared.log()).mul(0.5);
}

function normal(p: Normal, q: Normal): Tensor {
  return gaussian(p.scale.div(q.scale), p.loc.sub(q.loc).div(q.scale).pow(2));
}

function half_normal(p: HalfNormal, q: HalfNormal): Tensor {
  return gaussian(p.scale.div(q.scale));
}

function pareto(p: Pareto, q: Pareto): Tensor {
  const alphas = q.alpha.div(p.alpha);
  return q.alpha
    .mul(p.scale.div(q.scale).log())
    .sub(alphas.log())
    .add(alphas)
    .sub(1)
    .masked_fill(p.scale.lt(q.scale), Infinity);
}

function poisson(p: Poisson, q: Poisson): Tensor {
  return p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate));
}

function uniform(p: Uniform, q: Uniform): Tensor {
  const outside = q.low.gt(p.low).bitwise_or(q.high.lt(p.high));
  return q.high.sub(q.low).div(p.high.sub(p.low)).log().masked_fill(outside, Infinity);
}

export const SAME_FAMILY: readonly Pair[] = [
  same(Bernoulli, bernoulli),
  same(Beta, beta),
  same(Binomial, binomial),
  same(Categorical, categorical),
  same(Cauchy, cauchy),
  same(ContinuousBernoulli, continuous_bernoulli),
  same(Dirichlet, dirichlet),
  same(Exponential, exponential),
  same(Gamma, gamma),
  same(Geometric, geometric),
  same(Gumbel, gumbel),
  same(HalfNormal, half_normal),
  same(Laplace, laplace),
  same(Normal, normal),
  same(OneHotCategorical, (p, q) => categorical(p._categorical, q._categorical)),
  same(Pareto, pareto),
  same(Poisson, poisson),
  same(Uniform, uniform),
];
