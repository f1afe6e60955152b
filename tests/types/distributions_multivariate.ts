/** What the types say of distributions of vectors, of those made of others, and of divergences: compiled, never run. */
import torch, { distributions, Size, Tensor } from 'tstorch';
import { kl_divergence, MultivariateNormal, Normal, register_kl, TransformedDistribution } from 'tstorch/distributions';

const { transforms } = distributions;
declare const x: Tensor;

export function vectors(): Tensor[] {
  const normals: MultivariateNormal[] = [
    new MultivariateNormal(x, x),
    new MultivariateNormal(x, null, x),
    new MultivariateNormal(x, null, null, x, false),
    new MultivariateNormal(x, { precision_matrix: x }),
    new MultivariateNormal({ loc: x, scale_tril: x, validate_args: null }),
    // @ts-expect-error a vector has to be a tensor
    new MultivariateNormal(1, x),
    // @ts-expect-error no such parameter
    new MultivariateNormal(x, { covariance: x }),
  ];
  const low_rank = new distributions.LowRankMultivariateNormal(x, x, { cov_diag: x });
  const wishart = new distributions.Wishart(3, { scale_tril: x });
  const factors = new distributions.LKJCholesky(3, { concentration: 0.5 });
  const logistic = new distributions.LogisticNormal({ loc: x, scale: 1 });
  // @ts-expect-error the rank-one factor alone
  void new distributions.LowRankMultivariateNormal(x, x);
  const wider: MultivariateNormal = normals[0]!.expand([2, 3]);
  const shape: Size = wider.event_shape;
  void shape;
  return [
    wider.loc,
    wider.covariance_matrix,
    wider.rsample(),
    wider.rsample({ sample_shape: [2] }),
    low_rank.scale_tril,
    wishart.df,
    wishart.rsample([2], 3),
    wishart.sample({ max_try_correction: 3 }),
    factors.concentration,
    logistic.base_dist.base_dist.loc,
    logistic.log_prob({ value: x }),
  ];
}

export function made_of_others(): Tensor[] {
  const rows = new distributions.Independent(new Normal(x, 1), 1);
  const named = new distributions.Independent({ base_distribution: rows, reinterpreted_batch_ndims: 1 });
  const weights = new distributions.Categorical(x);
  const mixture = new distributions.MixtureSameFamily(weights, rows, { validate_args: false });
  const log_normal = new TransformedDistribution(new Normal(0, 1), new transforms.ExpTransform());
  const parts = [new transforms.ExpTransform(), new transforms.AffineTransform(0, 2)];
  const several = new TransformedDistribution(rows, parts);
  // @ts-expect-error weights are a Categorical
  void new distributions.MixtureSameFamily(rows, rows);
  // @ts-expect-error how many dimensions?
  void new distributions.Independent(rows);
  // @ts-expect-error transforms alone
  void new TransformedDistribution(new Normal(0, 1), ['exp']);
  return [
    rows.base_dist.loc,
    named.base_dist.base_dist.scale,
    mixture.component_distribution.base_dist.loc,
    mixture.mixture_distribution.logits,
    mixture.log_prob(x),
    mixture.cdf({ x }),
    log_normal.base_dist.loc,
    several.expand([2]).base_dist.base_dist.scale,
  ];
}

class Mine extends Normal {
  readonly mine = true;
}

export function divergences(): Tensor {
  const registered = register_kl(Mine, Normal)((p, q) => (p.mine ? p.loc.sub(q.loc) : p.scale));
  const value: Tensor = registered(new Mine(0, 1), new Normal(0, 1));
  register_kl({ type_p: Normal, type_q: Mine })((p, q) => torch.tensor(p.batch_shape.length + Number(q.mine)));
  // @ts-expect-error a divergence is a tensor
  register_kl(Normal, Normal)(() => 3);
  // @ts-expect-error classes alone
  register_kl(3, Normal);
  // @ts-expect-error distributions alone
  kl_divergence(new Normal(0, 1), x);
  const named = kl_divergence({ p: new Mine(0, 1), q: new Normal(0, 1) });
  return kl_divergence(new Normal(0, 1), new Mine(0, 1)).add(named).add(value);
}
