import { type Arguments, signature } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { bisect_right } from './arithmetic.ts';
import { check_list, check_parts, CompositeLR } from './composition.ts';
import { rate_of, set_rate } from './groups.ts';
import type { LRScheduler } from './scheduler.ts';

export interface SequentialLRParameters {
  optimizer: Optimizer;
  schedulers: readonly LRScheduler[];
  milestones: readonly number[];
  last_epoch?: number;
}

const sequential_lr_arguments = signature<SequentialLRParameters>('SequentialLR', [
  'optimizer',
  'schedulers',
  'milestones',
  ['last_epoch', -1],
]);

/**
 * One scheduler after the other.
 *
 * ```ts
 * const warm_up = new optim.lr_scheduler.LinearLR(optimizer, { total_iters: 5 });
 * const decay = new optim.lr_scheduler.ExponentialLR(optimizer, { gamma: 0.9 });
 * const scheduler = new optim.lr_scheduler.SequentialLR(optimizer, [warm_up, decay], [5]);
 * ```
 *
 * @param optimizer whose learning rates are to be set
 * @param schedulers those that it is made of, in their order
 * @param milestones the epochs at which the second one begins, the third, and so on
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError if the schedulers and the milestones do not fit, or not the optimizer
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 */
export class SequentialLR extends CompositeLR {
  /** @internal */
  declare _milestones: readonly number[];

  constructor(...args: Arguments<SequentialLRParameters, ['optimizer', 'schedulers', 'milestones', 'last_epoch']>) {
    const { optimizer, schedulers, milestones, last_epoch } = sequential_lr_arguments(args);
    const { name } = new.target;
    check_list(schedulers, `${name} expects at least one scheduler, but got no scheduler.`);
    check_parts(name, optimizer, schedulers);
    if (!Array.isArray(milestones)) throw new TypeError(`object of type '${type_name(milestones)}' has no len()`);
    if (milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone ' +
          `points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ` +
          `${milestones.length}`,
      );
    }
    super(optimizer, last_epoch, { _schedulers: schedulers, _milestones: milestones });
  }

  protected override _start(last_epoch: number): void {
    this.last_epoch = last_epoch + 1;
    for (const group of this.optimizer.param_groups) {
      set_rate(group, 'lr', rate_of(group, 'initial_lr'));
    }
    // Each scheduler has made its first step when it was made; only the one that begins should have.
    this.recursive_undo();
    const first = this._schedulers[bisect_right(this._milestones, 0)]!;
    first._initial_step();
    this._last_lr = first.get_last_lr();
  }

  /** Takes back the first step of each scheduler that a scheduler is made of. */
  recursive_undo(sched: LRScheduler = this): void {
    if (sched instanceof CompositeLR) for (const part of sched._schedulers) this.recursive_undo(part);
    else if (sched.last_epoch !== undefined) sched.last_epoch -= 1;
  }

  /** Goes to the next epoch, with the scheduler whose turn it is. */
  override step(): void {
    this.last_epoch += 1;
    const index = bisect_right(this._milestones, this.last_epoch);
    const scheduler = this._schedulers[index]!;
    if (index > 0 && this._milestones[index - 1] === this.last_epoch) scheduler._update_lr(0);
    else scheduler.step();
    this._last_lr = scheduler.get_last_lr();
  }
}
