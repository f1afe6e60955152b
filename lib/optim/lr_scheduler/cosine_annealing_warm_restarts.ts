import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { str, type_name } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { cos, larger, log, modulo, power, type Rate } from './arithmetic.ts';
import { between } from './cosine_annealing_lr.ts';
import { check_numbers } from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface CosineAnnealingWarmRestartsParameters {
  optimizer: Optimizer;
  T_0: number;
  T_mult?: number;
  eta_min?: number;
  last_epoch?: number;
}

const warm_restarts_arguments = signature<CosineAnnealingWarmRestartsParameters>('CosineAnnealingWarmRestarts', [
  'optimizer',
  'T_0',
  ['T_mult', 1],
  ['eta_min', 0],
  ['last_epoch', -1],
]);

const step_arguments = signature<{ epoch?: number | null }>('step', [['epoch', null]]);

/**
 * Lowers the learning rate along half a wave of the cosine, and then begins again at the top.
 *
 * It may be stepped after each batch, with a fraction of an epoch: `scheduler.step(epoch + batch / batches)`.
 *
 * @param optimizer whose learning rates are to be set
 * @param T_0 after how many epochs it begins again for the first time
 * @param T_mult by how much each stretch is longer than that before it (default: 1)
 * @param eta_min the lowest learning rate (default: 0)
 * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for arguments that make no sense
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  declare T_0: number;
  /** How many epochs there are in the present stretch. */
  declare T_i: number;
  declare T_mult: number;
  declare eta_min: number;
  /** How many epochs of the present stretch are over. */
  declare T_cur: number;

  constructor(
    ...args: Arguments<
      CosineAnnealingWarmRestartsParameters,
      ['optimizer', 'T_0', 'T_mult', 'eta_min', 'last_epoch']
    >
  ) {
    const { optimizer, T_0, T_mult, eta_min, last_epoch } = warm_restarts_arguments(args);
    if (!Number.isInteger(T_0) || T_0 <= 0) throw new ValueError(`Expected positive integer T_0, but got ${str(T_0)}`);
    if (!Number.isInteger(T_mult) || T_mult < 1) {
      throw new ValueError(`Expected integer T_mult >= 1, but got ${str(T_mult)}`);
    }
    if (typeof eta_min !== 'number') {
      throw new ValueError(
        `Expected float or int eta_min, but got ${str(eta_min)} of type <class '${type_name(eta_min)}'>`,
      );
    }
    super(optimizer, last_epoch, { T_0, T_i: T_0, T_mult, eta_min, T_cur: last_epoch });
  }

  override get_lr(): Rate[] {
    this._check_within_step();
    const weight = 1 + cos((Math.PI * this.T_cur) / this.T_i);
    return this.base_lrs.map((lr) => between(this.eta_min, lr, weight));
  }

  /**
   * Goes to the next epoch, or to a certain one, and sets its learning rates.
   * @param epoch where to go; may be a fraction
   * @throws ValueError for a negative one
   */
  override step(epoch?: number | null | { epoch?: number | null }): void {
    const given = step_arguments([epoch]).epoch;
    if (given !== null) check_numbers({ epoch: given });
    const target = given ?? larger(0, this.last_epoch + 1);
    if (given === null && this.last_epoch >= 0) this._next();
    else this._go_to(target);
    this.last_epoch = Math.floor(target);
    this._set_lrs(() => this.get_lr());
  }

  /** @internal One epoch on. */
  protected _next(): void {
    this.T_cur += 1;
    if (this.T_cur < this.T_i) return;
    this.T_cur = modulo(this.T_cur, this.T_i);
    this.T_i *= this.T_mult;
  }

  /** @internal */
  protected _go_to(epoch: number): void {
    if (epoch < 0) throw new ValueError(`Expected non-negative epoch, but got ${str(epoch)}`);
    const { T_0, T_mult } = this;
    if (epoch < T_0) {
      this.T_i = T_0;
      this.T_cur = epoch;
    } else if (T_mult === 1) {
      this.T_cur = modulo(epoch, T_0);
    } else {
      const restarts = Math.trunc(log((epoch / T_0) * (T_mult - 1) + 1, T_mult));
      const stretch = power(T_mult, restarts);
      this.T_cur = epoch - (T_0 * (stretch - 1)) / (T_mult - 1);
      this.T_i = T_0 * stretch;
    }
  }
}
