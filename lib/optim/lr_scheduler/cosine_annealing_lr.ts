import { type Arguments, signature } from '../../arguments.ts';
import type { Optimizer } from '../optimizer.ts';
import { cos, minus, modulo, plus, quotient, type Rate, times } from './arithmetic.ts';
import { check_numbers, map_pairs, rate_of, rates_of } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

/** `low + (high - low) * weight / 2`: where between `low` and `high`, for a weight from 0 to 2. */
export function between(low: Rate, high: Rate, weight: number): Rate {
  return plus(quotient(times(minus(high, low), weight), 2), low);
}

export interface CosineAnnealingLRParameters {
  optimizer: Optimizer;
  T_max: number;
  eta_min?: number;
  last_epoch?: number;
}

const cosine_annealing_lr_arguments = signature<CosineAnnealingLRParameters>('CosineAnnealingLR', [
  'optimizer',
  'T_max',
  ['eta_min', 0],
  ['last_epoch', -1],
]);

/**
 * Lowers the learning rate to `eta_min` in `T_max` epochs along half a wave of the cosine; then it goes up again.
 *
 * @param optimizer whose learning rates are to be set
 * @param T_max after how many epochs the learning rate is lowest
 * @param eta_min the lowest learning rate (default: 0)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends LRScheduler {
  declare T_max: number;
  declare eta_min: number;

  constructor(...args: Arguments<CosineAnnealingLRParameters, ['optimizer', 'T_max', 'eta_min', 'last_epoch']>) {
    const { optimizer, T_max, eta_min, last_epoch } = cosine_annealing_lr_arguments(args);
    check_numbers({ T_max, eta_min });
    super(optimizer, last_epoch, { T_max, eta_min });
  }

  /** Each learning rate is computed from the last one, so that other schedulers may have a say. */
  override get_lr(): Rate[] {
    this._check_within_step();
    const { last_epoch, T_max, eta_min } = this;
    const groups = this.optimizer.param_groups;
    if (this._is_initial) return rates_of(this.optimizer, 'lr');
    if (this._step_count === 1 && last_epoch > 0) {
      const weight = 1 + cos(quotient(last_epoch * Math.PI, T_max));
      return map_pairs(this.base_lrs, groups, (lr) => between(eta_min, lr, weight));
    }
    if (modulo(last_epoch - 1 - T_max, 2 * T_max) === 0) {
      // It has just been lowest, and there is nothing to multiply.
      const weight = 1 - cos(quotient(Math.PI, T_max));
      return map_pairs(this.base_lrs, groups, (lr, group) =>
        plus(rate_of(group, 'lr'), quotient(times(minus(lr, eta_min), weight), 2)),
      );
    }
    const weight_now = 1 + cos(quotient(Math.PI * last_epoch, T_max));
    const weight_before = 1 + cos(quotient(Math.PI * (last_epoch - 1), T_max));
    const factor = quotient(weight_now, weight_before);
    return groups.map((group) => plus(times(minus(rate_of(group, 'lr'), eta_min), factor), eta_min));
  }

  override _get_closed_form_lr(): Rate[] {
    const weight = 1 + cos(quotient(Math.PI * this.last_epoch, this.T_max));
    return this.base_lrs.map((lr) => between(this.eta_min, lr, weight));
  }
}
