import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { str } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { cos, larger, minus, plus, quotient, type Rate, smaller, times } from '../lr_scheduler/arithmetic.ts';
import { check_optimizer, per_group, type PerGroup, rate_of } from '../lr_scheduler/groups.ts';
import { LRScheduler } from '../lr_scheduler/scheduler.ts';

export interface SWALRParameters {
  optimizer: Optimizer;
  swa_lr: PerGroup<Rate>;
  anneal_epochs?: number;
  anneal_strategy?: 'cos' | 'linear';
  last_epoch?: number;
}
type SWALRNames = ['optimizer', 'swa_lr', 'anneal_epochs', 'anneal_strategy', 'last_epoch'];

const swalr_arguments = signature<SWALRParameters>('SWALR', [
  'optimizer',
  'swa_lr',
  ['anneal_epochs', 10],
  ['anneal_strategy', 'cos'],
  ['last_epoch', -1],
]);

/**
 * Takes the learning rate to a fixed one, and leaves it there: for the last part of training, in which models are
 * averaged.
 *
 * @param optimizer whose learning rates are to be set
 * @param swa_lr the learning rate in the end; a number, or one for each group
 * @param anneal_epochs after how many epochs (default: 10)
 * @param anneal_strategy along a wave (`'cos'`, the default) or on a straight line (`'linear'`)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for arguments that make no sense
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html
 */
export class SWALR extends LRScheduler {
  declare anneal_epochs: number;
  /** @internal */
  declare _anneal_strategy: 'cos' | 'linear';

  constructor(...args: Arguments<SWALRParameters, SWALRNames>) {
    const { optimizer, swa_lr, anneal_epochs, anneal_strategy, last_epoch } = swalr_arguments(args);
    check_optimizer(optimizer);
    per_group('swa_lr', optimizer, swa_lr).forEach((lr, i) => (optimizer.param_groups[i]!['swa_lr'] = lr));
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${str(anneal_strategy)}`);
    }
    if (!Number.isInteger(anneal_epochs) || anneal_epochs < 0) {
      throw new ValueError(`anneal_epochs must be equal or greater than 0, got ${str(anneal_epochs)}`);
    }
    super(optimizer, last_epoch, { _anneal_strategy: anneal_strategy, anneal_epochs });
  }

  /** How much of the way is done, after a part of the time. */
  anneal_func(t: number): number {
    return this._anneal_strategy === 'cos' ? (1 - cos(Math.PI * t)) / 2 : t;
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const done = this._step_count - 1;
    const step = this.anneal_epochs === 0 ? larger(1, done) : done;
    const way = (steps: number): number =>
      this.anneal_func(larger(0, smaller(1, steps / larger(1, this.anneal_epochs))));
    const [before, now] = [way(step - 1), way(step)];
    return this.optimizer.param_groups.map((group) => {
      const [lr, swa_lr] = [rate_of(group, 'lr'), rate_of(group, 'swa_lr')];
      // The learning rate was so far on its way from here.
      const start = before === 1 ? swa_lr : quotient(minus(lr, times(swa_lr, before)), 1 - before);
      return plus(times(swa_lr, now), times(start, 1 - now));
    });
  }
}
