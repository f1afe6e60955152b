import { type Arguments, signature } from '../../arguments.ts';
import type { Optimizer } from '../optimizer.ts';
import { check_list, check_parts, CompositeLR, optimizer_of } from './composition.ts';
import { rates_of } from './groups.ts';
import type { LRScheduler } from './scheduler.ts';

export interface ChainedSchedulerParameters {
  schedulers: readonly LRScheduler[];
  optimizer?: Optimizer | null;
}

const chained_scheduler_arguments = signature<ChainedSchedulerParameters>('ChainedScheduler', [
  'schedulers',
  ['optimizer', null],
]);

/**
 * Several schedulers at once: each step makes a step of one after the other. They have to be of those that compute a
 * learning rate from the last one.
 *
 * @param schedulers those that it is made of
 * @param optimizer whose learning rates are set (default: that of the first scheduler)
 * @throws ValueError for an empty array, or for schedulers of different optimizers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html
 */
export class ChainedScheduler extends CompositeLR {
  constructor(...args: Arguments<ChainedSchedulerParameters, ['schedulers', 'optimizer']>) {
    const { schedulers, optimizer: given } = chained_scheduler_arguments(args);
    const { name } = new.target;
    check_list(schedulers, `${name} expects at least one scheduler to be chained, but got no scheduler.`);
    const optimizer = given ?? optimizer_of(schedulers[0]);
    check_parts(name, optimizer, schedulers);
    super(optimizer, -1, { _schedulers: schedulers });
  }

  protected override _start(): void {
    this._last_lr = rates_of(this.optimizer, 'lr');
  }

  /** Makes a step of each scheduler. */
  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step();
    this._last_lr = rates_of(this.optimizer, 'lr');
  }
}
