import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { type Rate, times } from './arithmetic.ts';
import {
  call_epoch_function,
  type EpochFunction,
  function_state,
  is_epoch_function,
  restore_function,
} from './epoch_function.ts';
import { check_optimizer, map_pairs, type PerGroup, rate_of, rates_of } from './groups.ts';
import { given_state, LRScheduler, type LRSchedulerStateDict, type LRSchedulerStateDictLike } from './scheduler.ts';

export interface LambdaLRParameters {
  optimizer: Optimizer;
  lr_lambda: PerGroup<EpochFunction>;
  last_epoch?: number;
}
type LambdaLRNames = ['optimizer', 'lr_lambda', 'last_epoch'];

const lambda_arguments = signature<LambdaLRParameters>('LambdaLR', ['optimizer', 'lr_lambda', ['last_epoch', -1]]);
const multiplicative_arguments = signature<LambdaLRParameters>('MultiplicativeLR', [
  'optimizer',
  'lr_lambda',
  ['last_epoch', -1],
]);

/** What the two schedulers have in common whose factors are functions of the user's. */
abstract class FunctionLR extends LRScheduler {
  /** The functions, one for each group. */
  declare lr_lambdas: EpochFunction[];

  constructor({ optimizer, lr_lambda, last_epoch }: Required<LambdaLRParameters>) {
    check_optimizer(optimizer);
    const count = optimizer.param_groups.length;
    const given = Array.isArray(lr_lambda) ? (lr_lambda as EpochFunction[]) : null;
    if (given !== null && given.length !== count) {
      throw new ValueError(`Expected ${count} lr_lambdas, but got ${given.length}`);
    }
    const lr_lambdas = given ?? new Array<EpochFunction>(count).fill(lr_lambda as EpochFunction);
    super(optimizer, last_epoch, { lr_lambdas: [...lr_lambdas] });
  }

  /**
   * As that of other schedulers. A function is not saved; of an object with a `__call__` the properties are.
   */
  override state_dict(): LRSchedulerStateDict {
    const { lr_lambdas, ...state } = super.state_dict();
    return { ...state, lr_lambdas: (lr_lambdas as EpochFunction[]).map(function_state) };
  }

  override load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    const { lr_lambdas, ...state } = given_state(state_dict);
    super.load_state_dict(state);
    if (Array.isArray(lr_lambdas)) lr_lambdas.forEach((saved, i) => restore_function(this.lr_lambdas[i], saved));
  }
}

/**
 * The learning rate that a group began with, times a function of the epoch.
 *
 * ```ts
 * const scheduler = new optim.lr_scheduler.LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
 * ```
 *
 * @param optimizer whose learning rates are to be set
 * @param lr_lambda gives the factor for an epoch; or an array of functions, one for each group
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for an array of another length than that of the groups
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export class LambdaLR extends FunctionLR {
  constructor(...args: Arguments<LambdaLRParameters, LambdaLRNames>) {
    super(lambda_arguments(args));
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    return map_pairs(this.lr_lambdas, this.base_lrs, (fn, lr) => times(lr, call_epoch_function(fn, this.last_epoch)));
  }
}

/**
 * Multiplies the learning rate in each step by a function of the epoch.
 *
 * @param optimizer whose learning rates are to be set
 * @param lr_lambda gives the factor for an epoch; or an array of functions, one for each group
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for an array of another length than that of the groups
 * @throws TypeError for what is no function
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html
 */
export class MultiplicativeLR extends FunctionLR {
  constructor(...args: Arguments<LambdaLRParameters, LambdaLRNames>) {
    const parameters = multiplicative_arguments(args);
    for (const fn of [parameters.lr_lambda].flat() as unknown[]) {
      if (!is_epoch_function(fn)) throw new TypeError(`lr_lambda should be a function, but got ${type_name(fn)}`);
    }
    super(parameters);
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    if (this._is_initial) return rates_of(this.optimizer, 'lr');
    return map_pairs(this.lr_lambdas, this.optimizer.param_groups, (fn, group) =>
      times(rate_of(group, 'lr'), call_epoch_function(fn, this.last_epoch)),
    );
  }
}
