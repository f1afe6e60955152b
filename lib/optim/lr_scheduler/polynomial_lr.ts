import { type Arguments, signature } from '../../arguments.ts';
import type { Optimizer } from '../optimizer.ts';
import { power, quotient, type Rate, smaller, times, true_quotient } from './arithmetic.ts';
import { check_numbers, rate_of, rates_of } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface PolynomialLRParameters {
  optimizer: Optimizer;
  total_iters?: number;
  power?: number;
  last_epoch?: number;
}

const polynomial_lr_arguments = signature<PolynomialLRParameters>('PolynomialLR', [
  'optimizer',
  ['total_iters', 5],
  ['power', 1],
  ['last_epoch', -1],
]);

/**
 * Lowers the learning rate to zero in `total_iters` epochs, in proportion to a power of the epochs that are left.
 *
 * @param optimizer whose learning rates are to be set
 * @param total_iters after how many epochs (default: 5)
 * @param power the exponent (default: 1, a straight line)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html
 */
export class PolynomialLR extends LRScheduler {
  declare total_iters: number;
  declare power: number;

  constructor(...args: Arguments<PolynomialLRParameters, ['optimizer', 'total_iters', 'power', 'last_epoch']>) {
    const { optimizer, total_iters, power: exponent, last_epoch } = polynomial_lr_arguments(args);
    check_numbers({ total_iters, power: exponent });
    super(optimizer, last_epoch, { total_iters, power: exponent });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const { last_epoch, total_iters } = this;
    if (this._is_initial || last_epoch > total_iters) return rates_of(this.optimizer, 'lr');
    const left = 1 - true_quotient(last_epoch, total_iters);
    const left_before = 1 - true_quotient(last_epoch - 1, total_iters);
    const factor = power(quotient(left, left_before), this.power);
    return (this.optimizer.param_groups).map((group) => times(rate_of(group, 'lr'), factor));
  }

  override _get_closed_form_lr(): Rate[] {
    const { last_epoch, total_iters } = this;
    const factor = power(1 - true_quotient(smaller(total_iters, last_epoch), total_iters), this.power);
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}
