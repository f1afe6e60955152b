import { type Arguments, signature } from '../../arguments.ts';
import type { Optimizer } from '../optimizer.ts';
import { power, type Rate, times } from './arithmetic.ts';
import { check_numbers, rate_of, rates_of } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface ExponentialLRParameters {
  optimizer: Optimizer;
  gamma: number;
  last_epoch?: number;
}

const exponential_lr_arguments = signature<ExponentialLRParameters>('ExponentialLR', [
  'optimizer',
  'gamma',
  ['last_epoch', -1],
]);

/**
 * Multiplies the learning rate by `gamma` in every epoch.
 *
 * @param optimizer whose learning rates are to be set
 * @param gamma the factor
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends LRScheduler {
  declare gamma: number;

  constructor(...args: Arguments<ExponentialLRParameters, ['optimizer', 'gamma', 'last_epoch']>) {
    const { optimizer, gamma, last_epoch } = exponential_lr_arguments(args);
    check_numbers({ gamma });
    super(optimizer, last_epoch, { gamma });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    if (this._is_initial) return rates_of(this.optimizer, 'lr');
    return (this.optimizer.param_groups).map((group) => times(rate_of(group, 'lr'), this.gamma));
  }

  override _get_closed_form_lr(): Rate[] {
    const factor = power(this.gamma, this.last_epoch);
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}
