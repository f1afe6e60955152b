/** What distributions that are given probabilities or their logits have in common. */
import { enable_grad } from '../autograd/grad_mode.ts';
import { ValueError } from '../errors.ts';
import { softmax } from '../nn/functional.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import { own, type Validation } from './distribution.ts';

/** Either probabilities or their logits; `T` is what they may be. */
export interface ProbsOrLogits<T> extends Validation {
  probs?: T | null;
  logits?: T | null;
}

interface Both {
  readonly probs: Tensor;
  readonly logits: Tensor;
}

/** Of what probabilities are: of yes and no, or of several categories that stand along the last dimension. */
export type Outcomes = 'binary' | 'categories';

/** Probabilities, away from 0 and 1 by what the dtype can tell apart. */
export function clamp_probs(probs: Tensor): Tensor {
  const { eps } = new finfo(probs.dtype);
  return probs.clamp(eps, 1 - eps);
}

function probs_to_logits(probs: Tensor, outcomes: Outcomes): Tensor {
  const inside = clamp_probs(probs);
  return outcomes === 'binary' ? inside.log().sub(inside.neg().log1p()) : inside.log();
}

function logits_to_probs(logits: Tensor, outcomes: Outcomes): Tensor {
  return outcomes === 'binary' ? logits.sigmoid() : softmax(logits, -1);
}

/** The parameter that was given, and its name; fails unless it is exactly one. */
export function given_parameter<T>(probs: T | null, logits: T | null): [name: 'probs' | 'logits', value: T] {
  if (probs !== null && logits === null) return ['probs', probs];
  if (probs === null && logits !== null) return ['logits', logits];
  throw new ValueError('Either `probs` or `logits` must be specified, but not both.');
}

/**
 * Gives a class the attributes `probs` and `logits`: what an object does not own it computes from the other.
 * @param finish what is done to probabilities that were computed
 */
export function compute_on_demand(
  cls: { readonly prototype: Both },
  outcomes: Outcomes,
  finish = (probs: Tensor): Tensor => probs,
): void {
  const define = (name: keyof Both, compute: (object: Both) => Tensor): void => {
    Object.defineProperty(cls.prototype, name, {
      configurable: true,
      get(this: Both): Tensor {
        return own(this, name, enable_grad(() => compute(this)));
      },
    });
  };
  define('probs', ({ logits }) => finish(logits_to_probs(logits, outcomes)));
  define('logits', ({ probs }) => probs_to_logits(probs, outcomes));
}

/** The names for `lazy_parameters`: only the one that is there is checked. */
export const PROBS_AND_LOGITS: readonly string[] = ['probs', 'logits'];

/** The one of the two that is there already. */
export function param_of(object: Both): Tensor {
  return Object.hasOwn(object, 'probs') ? object.probs : object.logits;
}
