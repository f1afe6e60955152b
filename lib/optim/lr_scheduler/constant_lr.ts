import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { Optimizer } from '../optimizer.ts';
import { quotient, type Rate, times } from './arithmetic.ts';
import { check_numbers, rate_of, rates_of } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface ConstantLRParameters {
  optimizer: Optimizer;
  factor?: number;
  total_iters?: number;
  last_epoch?: number;
}

const constant_lr_arguments = signature<ConstantLRParameters>('ConstantLR', [
  'optimizer',
  ['factor', 1 / 3],
  ['total_iters', 5],
  ['last_epoch', -1],
]);

/**
 * A smaller learning rate, `factor` times the group's own, for the first `total_iters` epochs.
 *
 * @param optimizer whose learning rates are to be set
 * @param factor from 0 to 1 (default: 1/3)
 * @param total_iters for how many epochs (default: 5)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for a factor out of its range
 * @throws ZeroDivisionError (from `step`) at the end of a factor of zero, which nothing undoes
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html
 */
export class ConstantLR extends LRScheduler {
  declare factor: number;
  declare total_iters: number;

  constructor(...args: Arguments<ConstantLRParameters, ['optimizer', 'factor', 'total_iters', 'last_epoch']>) {
    const { optimizer, factor, total_iters, last_epoch } = constant_lr_arguments(args);
    check_numbers({ factor, total_iters });
    if (factor > 1 || factor < 0) {
      throw new ValueError('Constant multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, last_epoch, { factor, total_iters });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const groups = this.optimizer.param_groups;
    if (this.last_epoch === 0) return groups.map((group) => times(rate_of(group, 'lr'), this.factor));
    if (this.last_epoch !== this.total_iters) return rates_of(this.optimizer, 'lr');
    return groups.map((group) => times(rate_of(group, 'lr'), quotient(1, this.factor)));
  }

  override _get_closed_form_lr(): Rate[] {
    const over = this.last_epoch >= this.total_iters ? 1 : 0;
    return this.base_lrs.map((lr) => times(lr, this.factor + over * (1 - this.factor)));
  }
}
