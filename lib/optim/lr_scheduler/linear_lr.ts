import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { Optimizer } from '../optimizer.ts';
import { quotient, type Rate, smaller, times } from './arithmetic.ts';
import { check_numbers, rate_of, rates_of } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface LinearLRParameters {
  optimizer: Optimizer;
  start_factor?: number;
  end_factor?: number;
  total_iters?: number;
  last_epoch?: number;
}

const linear_lr_arguments = signature<LinearLRParameters>('LinearLR', [
  'optimizer',
  ['start_factor', 1 / 3],
  ['end_factor', 1],
  ['total_iters', 5],
  ['last_epoch', -1],
]);

/**
 * The learning rate times a factor that goes from one number to another on a straight line: a warm-up, say.
 *
 * @param optimizer whose learning rates are to be set
 * @param start_factor the factor at first, above 0 and up to 1 (default: 1/3)
 * @param end_factor the factor at last, from 0 to 1 (default: 1)
 * @param total_iters after how many epochs (default: 5)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for a factor out of its range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends LRScheduler {
  declare start_factor: number;
  declare end_factor: number;
  declare total_iters: number;

  constructor(
    ...args: Arguments<LinearLRParameters, ['optimizer', 'start_factor', 'end_factor', 'total_iters', 'last_epoch']>
  ) {
    const { optimizer, start_factor, end_factor, total_iters, last_epoch } = linear_lr_arguments(args);
    check_numbers({ start_factor, end_factor, total_iters });
    if (start_factor > 1 || start_factor <= 0) {
      throw new ValueError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.');
    }
    if (end_factor > 1 || end_factor < 0) {
      throw new ValueError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, last_epoch, { start_factor, end_factor, total_iters });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const { last_epoch, total_iters, start_factor } = this;
    const groups = this.optimizer.param_groups;
    if (last_epoch === 0) return groups.map((group) => times(rate_of(group, 'lr'), start_factor));
    if (this._is_initial || last_epoch > total_iters) return rates_of(this.optimizer, 'lr');
    const range = this.end_factor - start_factor;
    const factor = 1 + quotient(range, total_iters * start_factor + (last_epoch - 1) * range);
    return groups.map((group) => times(rate_of(group, 'lr'), factor));
  }

  override _get_closed_form_lr(): Rate[] {
    const { start_factor, end_factor, total_iters } = this;
    const part = (end_factor - start_factor) * smaller(total_iters, this.last_epoch);
    return this.base_lrs.map((lr) => times(lr, start_factor + quotient(part, total_iters)));
  }
}
