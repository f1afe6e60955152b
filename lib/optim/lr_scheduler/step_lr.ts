import { type Arguments, signature } from '../../arguments.ts';
import { Counter } from '../../counter.ts';
import { TypeError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { floor_quotient, modulo, power, type Rate, times } from './arithmetic.ts';
import { check_numbers, rate_of, rates_of } from './groups.ts';
import { LRScheduler, type LRSchedulerStateDictLike } from './scheduler.ts';

export interface StepLRParameters {
  optimizer: Optimizer;
  step_size: number;
  gamma?: number;
  last_epoch?: number;
}

const step_lr_arguments = signature<StepLRParameters>('StepLR', [
  'optimizer',
  'step_size',
  ['gamma', 0.1],
  ['last_epoch', -1],
]);

/**
 * Multiplies the learning rate by `gamma` every `step_size` epochs.
 *
 * ```ts
 * const scheduler = new optim.lr_scheduler.StepLR(optimizer, { step_size: 30, gamma: 0.1 });
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   train();
 *   scheduler.step();
 * }
 * ```
 *
 * @param optimizer whose learning rates are to be set
 * @param step_size after how many epochs
 * @param gamma the factor (default: 0.1)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends LRScheduler {
  declare step_size: number;
  declare gamma: number;

  constructor(...args: Arguments<StepLRParameters, ['optimizer', 'step_size', 'gamma', 'last_epoch']>) {
    const { optimizer, step_size, gamma, last_epoch } = step_lr_arguments(args);
    check_numbers({ step_size, gamma });
    super(optimizer, last_epoch, { step_size, gamma });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    if (this.last_epoch === 0 || modulo(this.last_epoch, this.step_size) !== 0) return rates_of(this.optimizer, 'lr');
    return (this.optimizer.param_groups).map((group) => times(rate_of(group, 'lr'), this.gamma));
  }

  override _get_closed_form_lr(): Rate[] {
    const factor = power(this.gamma, floor_quotient(this.last_epoch, this.step_size));
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}

export interface MultiStepLRParameters {
  optimizer: Optimizer;
  milestones: Iterable<number>;
  gamma?: number;
  last_epoch?: number;
}

const multi_step_lr_arguments = signature<MultiStepLRParameters>('MultiStepLR', [
  'optimizer',
  'milestones',
  ['gamma', 0.1],
  ['last_epoch', -1],
]);

/**
 * Multiplies the learning rate by `gamma` at certain epochs.
 *
 * @param optimizer whose learning rates are to be set
 * @param milestones the epochs; twice for one that is there twice
 * @param gamma the factor (default: 0.1)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 */
export class MultiStepLR extends LRScheduler {
  /** The epochs, and how often each was given. */
  declare milestones: Counter<number>;
  declare gamma: number;

  constructor(...args: Arguments<MultiStepLRParameters, ['optimizer', 'milestones', 'gamma', 'last_epoch']>) {
    const { optimizer, milestones, gamma, last_epoch } = multi_step_lr_arguments(args);
    check_numbers({ gamma });
    if (typeof (milestones as Partial<Iterable<number>> | null)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`'${type_name(milestones)}' object is not iterable`);
    }
    super(optimizer, last_epoch, { milestones: new Counter(milestones), gamma });
  }

  override load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    super.load_state_dict(state_dict);
    const milestones: unknown = this.milestones;
    if (milestones instanceof Counter) return;
    if (!(milestones instanceof Map)) {
      throw new TypeError(`load_state_dict(): 'milestones' must be a Counter, not ${type_name(milestones)}`);
    }
    this.milestones = Counter.of_counts(milestones as Map<number, number>);
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const times_here = this.milestones.get(this.last_epoch);
    if (times_here === undefined) return rates_of(this.optimizer, 'lr');
    const factor = power(this.gamma, times_here);
    return (this.optimizer.param_groups).map((group) => times(rate_of(group, 'lr'), factor));
  }

  override _get_closed_form_lr(): Rate[] {
    let passed = 0;
    for (const [milestone, count] of this.milestones) if (milestone <= this.last_epoch) passed += count;
    const factor = power(this.gamma, passed);
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}
