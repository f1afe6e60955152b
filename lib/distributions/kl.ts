/**
 * Kullback-Leibler divergences: `kl_divergence(p, q)`, from a table of pairs of classes that can be extended.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.kl
 */
import { type Arguments, signature } from '../arguments.ts';
import { NotImplementedError, TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { Distribution } from './distribution.ts';
import { ExponentialFamily, with_gradients } from './exp_family.ts';
import { Independent } from './independent.ts';
import { DIFFERENT_FAMILIES } from './kl/different_families.ts';
import { MULTIVARIATE } from './kl/multivariate.ts';
import { type DistributionClass, type Divergence, type Pair, same } from './kl/pair.ts';
import { SAME_FAMILY } from './kl/same_family.ts';
import { sum_rightmost } from './shapes.ts';
import { TransformedDistribution } from './transformed_distribution.ts';

/** By the Bregman divergence of the log normalizer, which distributions of one class share. */
function exponential_families(p: ExponentialFamily, q: ExponentialFamily): Tensor {
  if (p.constructor !== q.constructor) {
    throw new NotImplementedError(
      // The gap is Python's.
      `The cross KL-divergence between different exponential families cannot${' '.repeat(28)} ` +
        'be computed using Bregman divergences',
    );
  }
  const { value, leaves, gradients } = with_gradients((...of) => p._log_normalizer(...of), p._natural_params);
  const others = q._natural_params;
  return leaves.reduce((sum, leaf, i) => {
    const term = others[i]!.sub(leaf).mul(gradients[i]!);
    return sum.sub(sum_rightmost(term, q.event_shape.length));
  }, q._log_normalizer(...others).sub(value));
}

function independents(p: Independent, q: Independent): Tensor {
  if (p.reinterpreted_batch_ndims !== q.reinterpreted_batch_ndims) throw new NotImplementedError('');
  return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims);
}

/** Transforms that are the same change nothing. */
function transformed(p: TransformedDistribution, q: TransformedDistribution): Tensor {
  const same_transforms =
    p.transforms.length === q.transforms.length && p.transforms.every((one, i) => one.__eq__(q.transforms[i]));
  if (!same_transforms || !p.event_shape.equals(q.event_shape)) throw new NotImplementedError('');
  return kl_divergence(p.base_dist, q.base_dist);
}

type Row = Map<DistributionClass, Divergence<Distribution, Distribution>>;
const table = new Map<DistributionClass, Row>();

function add([type_p, type_q, divergence]: Pair): void {
  let row = table.get(type_p);
  if (row === undefined) table.set(type_p, (row = new Map()));
  row.set(type_q, divergence);
}

[
  ...SAME_FAMILY,
  ...DIFFERENT_FAMILIES,
  ...MULTIVARIATE,
  same(ExponentialFamily, exponential_families),
  same(Independent, independents),
  same(TransformedDistribution, transformed),
].forEach(add);

/** The class of an object and those it extends, the most special one first. */
function classes_of(value: object): DistributionClass[] {
  const classes: DistributionClass[] = [];
  let prototype = Object.getPrototypeOf(value) as object | null;
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype) as object | null) {
    classes.push(prototype.constructor as DistributionClass);
  }
  return classes;
}

/** The registered pair for two distributions: the one with the most special class of `p`. */
function dispatch(p: Distribution, q: Distribution): Divergence<Distribution, Distribution> | undefined {
  const [types_p, types_q] = [classes_of(p), classes_of(q)];
  const first_p = types_p.find((type_p) => types_q.some((type_q) => table.get(type_p)?.has(type_q)));
  if (first_p === undefined) return undefined;
  const row = table.get(first_p)!;
  const divergence = row.get(types_q.find((type_q) => row.has(type_q))!)!;
  const first_q = types_q.find((type_q) => types_p.some((type_p) => table.get(type_p)?.has(type_q)))!;
  const by_q = table.get(types_p.find((type_p) => table.get(type_p)?.has(first_q))!)!.get(first_q);
  if (by_q !== divergence) {
    const [name_p, name_q] = [p.constructor.name, q.constructor.name];
    warn(
      `Ambiguous kl_divergence(${name_p}, ${name_q}). Please register_kl(${first_p.name}, ${first_q.name})`,
      'RuntimeWarning',
    );
  }
  return divergence;
}

interface DivergenceParameters {
  p: Distribution;
  q: Distribution;
}
const divergence_arguments = signature<DivergenceParameters>('kl_divergence', ['p', 'q']);

/**
 * The Kullback-Leibler divergence of `p` from `q`, the mean of `log p(x) - log q(x)` for samples of `p`.
 *
 * ```ts
 * kl_divergence(new Normal(0, 1), new Normal(1, 2));
 * ```
 *
 * @returns one number for each distribution of the batch
 * @throws NotImplementedError for classes that no function is registered for
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.kl.kl_divergence
 */
export function kl_divergence(...args: Arguments<DivergenceParameters, ['p', 'q']>): Tensor {
  const { p, q } = divergence_arguments(args);
  const known = p instanceof Distribution && q instanceof Distribution ? dispatch(p, q) : undefined;
  if (known !== undefined) return known(p, q);
  throw new NotImplementedError(
    `No KL(p || q) is implemented for p type ${type_name(p)} and q type ${type_name(q)}`,
  );
}

interface RegisterParameters<P extends Distribution, Q extends Distribution> {
  type_p: DistributionClass<P>;
  type_q: DistributionClass<Q>;
}
const register_arguments = signature<RegisterParameters<Distribution, Distribution>>('register_kl', [
  'type_p',
  'type_q',
]);

function check_class(name: string, cls: unknown): void {
  if (cls === Distribution || (typeof cls === 'function' && cls.prototype instanceof Distribution)) return;
  const text = typeof cls === 'function' ? `<class '${cls.name}'>` : String(cls);
  throw new TypeError(`Expected ${name} to be a Distribution subclass but got ${text}`);
}

/**
 * Registers a function as the divergence of distributions of two classes, and of classes that extend them as long as
 * these have no function of their own:
 *
 * ```ts
 * register_kl(Mine, Normal)((p, q) => p.loc.sub(q.loc).abs());
 * ```
 *
 * Where one function fits better for `p` and another one for `q`, the former is taken, with a warning.
 * @returns a function that registers the function it is given, and gives it back
 * @throws TypeError for anything but classes of distributions
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.kl.register_kl
 */
export function register_kl<P extends Distribution, Q extends Distribution>(
  ...args: Arguments<RegisterParameters<P, Q>, ['type_p', 'type_q']>
): <F extends Divergence<P, Q>>(fun: F) => F {
  const { type_p, type_q } = register_arguments(args);
  check_class('type_p', type_p);
  check_class('type_q', type_q);
  return (fun) => {
    add([type_p, type_q, fun as unknown as Divergence<Distribution, Distribution>]);
    return fun;
  };
}
