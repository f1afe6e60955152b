/** Options of an optimizer's parameter groups, as schedulers read and write them. */
import { KeyError, TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Optimizer, type ParamGroup } from '../optimizer.ts';
import { to_scalar } from '../options.ts';
import type { Rate } from './arithmetic.ts';

/** One value for all parameter groups, or one for each. */
export type PerGroup<T> = T | readonly T[];

/** @throws TypeError for what is no optimizer */
export function check_optimizer(optimizer: unknown): asserts optimizer is Optimizer {
  if (!(optimizer instanceof Optimizer)) throw new TypeError(`${type_name(optimizer)} is not an Optimizer`);
}

/** @throws TypeError unless all of the values are numbers; Python would find that out when it computes with them */
export function check_numbers(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number') throw new TypeError(`argument '${name}' must be a number, not ${type_name(value)}`);
  }
}

function copy(value: Rate): Rate {
  return value instanceof Tensor ? value.clone() : value;
}

/** The option `key` of a group. */
export function rate_of(group: ParamGroup, key: string): Rate {
  const value = group[key];
  if (value === undefined) throw new KeyError(`'${key}'`);
  return value as Rate;
}

/** The option `key` of each group. Tensors are copied, so that nobody changes the groups' own. */
export function rates_of({ param_groups }: Optimizer, key: string): Rate[] {
  return (param_groups).map((group) => copy(rate_of(group, key)));
}

/** Sets the option `key` of a group. Where it is a tensor it stays this tensor and gets another value. */
export function set_rate(group: ParamGroup, key: string, value: Rate): void {
  const present = rate_of(group, key);
  if (present instanceof Tensor) present.fill_(to_scalar(value) as Tensor);
  else group[key] = value;
}

/**
 * The values of an argument for each group.
 * @throws ValueError for a list of another length than that of the groups
 * @throws TypeError for values that are neither numbers nor tensors
 */
export function per_group(name: string, optimizer: Optimizer, value: PerGroup<Rate>): Rate[] {
  const count = optimizer.param_groups.length;
  const values = Array.isArray(value) ? (value as readonly Rate[]) : new Array<Rate>(count).fill(value as Rate);
  if (values.length !== count) {
    throw new ValueError(
      `${name} must have the same length as optimizer.param_groups. ` +
        `${name} has ${values.length} values, param_groups has ${count}.`,
    );
  }
  for (const item of values) {
    if (!(item instanceof Tensor)) check_numbers({ [name]: item });
  }
  return values.map(copy);
}

/**
 * Goes through two lists together.
 * @throws ValueError if one is shorter
 */
export function map_pairs<A, B, R>(first: readonly A[], second: readonly B[], map: (a: A, b: B) => R): R[] {
  if (first.length !== second.length) {
    const relation = second.length < first.length ? 'shorter' : 'longer';
    throw new ValueError(`zip() argument 2 is ${relation} than argument 1`);
  }
  return first.map((item, i) => map(item, second[i]!));
}

/** How an optimizer calls what momentum cycles: `momentum` itself, or the first of its `betas`. */
export function uses_beta1({ defaults }: Optimizer): boolean {
  if (!('momentum' in defaults) && !('betas' in defaults)) {
    throw new ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
  }
  return 'betas' in defaults;
}

export function set_momentum(group: ParamGroup, use_beta1: boolean, value: Rate): void {
  if (use_beta1) group['betas'] = Object.freeze([value, ...(group['betas'] as Rate[]).slice(1)]);
  else group['momentum'] = value;
}

/** Notes in each group between which values its momentum goes, and starts at the upper one. */
export function start_momentum(
  optimizer: Optimizer,
  use_beta1: boolean,
  base_momentums: readonly Rate[],
  max_momentums: readonly Rate[],
): void {
  (optimizer.param_groups).forEach((group, i) => {
    set_momentum(group, use_beta1, max_momentums[i]!);
    group['max_momentum'] = max_momentums[i]!;
    group['base_momentum'] = base_momentums[i]!;
  });
}
