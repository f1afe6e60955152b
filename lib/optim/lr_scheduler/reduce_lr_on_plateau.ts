import { type Arguments, signature } from '../../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../../errors.ts';
import { str, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import type { Optimizer } from '../optimizer.ts';
import { larger } from './arithmetic.ts';
import { check_numbers, check_optimizer, type PerGroup, rate_of, rates_of, set_rate } from './groups.ts';
import { LRScheduler, type LRSchedulerStateDictLike, warn_about_epoch } from './scheduler.ts';

export interface ReduceLROnPlateauParameters {
  optimizer: Optimizer;
  mode?: 'min' | 'max';
  factor?: number;
  patience?: number;
  threshold?: number;
  threshold_mode?: 'rel' | 'abs';
  cooldown?: number;
  min_lr?: PerGroup<number>;
  eps?: number;
}
type ReduceLROnPlateauNames = [
  'optimizer',
  'mode',
  'factor',
  'patience',
  'threshold',
  'threshold_mode',
  'cooldown',
  'min_lr',
  'eps',
];

const plateau_arguments = signature<ReduceLROnPlateauParameters>('ReduceLROnPlateau', [
  'optimizer',
  ['mode', 'min'],
  ['factor', 0.1],
  ['patience', 10],
  ['threshold', 1e-4],
  ['threshold_mode', 'rel'],
  ['cooldown', 0],
  ['min_lr', 0],
  ['eps', 1e-8],
]);

/** What a step of `ReduceLROnPlateau` is given. */
export interface PlateauStepParameters {
  metrics: number | Tensor;
  epoch?: number | null;
}

const step_arguments = signature<PlateauStepParameters>('step', ['metrics', ['epoch', null]]);

/** Python's `float(value)` of a metric. */
function to_number(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (value instanceof Tensor) return Number(value.item());
  throw new TypeError(`float() argument must be a string or a real number, not '${type_name(value)}'`);
}

/** A metric that every other is better than. */
function worst(mode: unknown, threshold_mode: unknown): number {
  if (mode !== 'min' && mode !== 'max') throw new ValueError(`mode ${str(mode)} is unknown!`);
  if (threshold_mode !== 'rel' && threshold_mode !== 'abs') {
    throw new ValueError(`threshold mode ${str(threshold_mode)} is unknown!`);
  }
  return mode === 'min' ? Infinity : -Infinity;
}

/**
 * Lowers the learning rate when a metric, the loss of the validation say, has not become better for some time.
 *
 * ```ts
 * const scheduler = new optim.lr_scheduler.ReduceLROnPlateau(optimizer, { mode: 'min', patience: 5 });
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   train();
 *   scheduler.step(validate());
 * }
 * ```
 *
 * @param optimizer whose learning rates are to be set
 * @param mode is it better if the metric is smaller (`'min'`, the default) or larger (`'max'`)?
 * @param factor what learning rates are multiplied by, below 1 (default: 0.1)
 * @param patience how many epochs may pass without a better metric (default: 10)
 * @param threshold by how much a better metric has to be better (default: 0.0001)
 * @param threshold_mode is the threshold a part of the best metric (`'rel'`, the default), or always the same
 *   (`'abs'`)?
 * @param cooldown how many epochs do not count after the learning rate was lowered (default: 0)
 * @param min_lr no learning rate becomes lower; a number, or one for each group (default: 0)
 * @param eps a change that is not larger than this is not made (default: 1e-8)
 * @throws ValueError for arguments that make no sense
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 */
export class ReduceLROnPlateau extends LRScheduler {
  declare factor: number;
  /** The lowest learning rate of all groups, if one was given for all. */
  declare default_min_lr: number | null;
  /** The lowest learning rate of each group. */
  declare min_lrs: number[];
  declare patience: number;
  declare cooldown: number;
  declare eps: number;
  /** A metric that every other is better than. */
  declare mode_worse: number;
  declare mode: 'min' | 'max';
  declare threshold: number;
  declare threshold_mode: 'rel' | 'abs';
  /** The best metric so far. */
  declare best: number;
  /** How many epochs do not count yet. */
  declare cooldown_counter: number;
  /** For how many epochs the metric has not become better. */
  declare num_bad_epochs: number;

  constructor(...args: Arguments<ReduceLROnPlateauParameters, ReduceLROnPlateauNames>) {
    const { optimizer, factor, patience, cooldown, eps, min_lr, ...rest } = plateau_arguments(args);
    check_numbers({ factor, patience, cooldown, eps, threshold: rest.threshold });
    if (factor >= 1) throw new ValueError('Factor should be < 1.0.');
    check_optimizer(optimizer);
    const count = optimizer.param_groups.length;
    const given = Array.isArray(min_lr) ? (min_lr as readonly number[]) : null;
    if (given !== null && given.length !== count) {
      throw new ValueError(`expected ${count} min_lrs, got ${given.length}`);
    }
    for (const value of given ?? [min_lr]) check_numbers({ min_lr: value });
    super(optimizer, -1, {
      factor,
      default_min_lr: given === null ? min_lr : null,
      min_lrs: given === null ? new Array(count).fill(min_lr) : [...given],
      patience,
      cooldown,
      eps,
      last_epoch: 0,
      _last_lr: rates_of(optimizer, 'lr'),
      ...rest,
    });
  }

  protected override _start(): void {
    this.mode_worse = worst(this.mode, this.threshold_mode);
    this._reset();
  }

  /** @internal Forgets the metrics. */
  _reset(): void {
    this.best = this.mode_worse;
    this.cooldown_counter = 0;
    this.num_bad_epochs = 0;
  }

  /** Are there epochs that do not count, since the learning rate has just been lowered? */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }

  /**
   * Takes note of an epoch's metric, and lowers the learning rates if it is time to.
   * @param metrics the metric
   * @param epoch the number of the epoch (deprecated)
   */
  override step(...args: Arguments<PlateauStepParameters, ['metrics', 'epoch']>): void;
  /** @internal Nobody can call this: it tells TypeScript that the class is a scheduler, whose steps need no metric. */
  override step(metrics: never): void;
  override step(...args: unknown[]): void {
    const { metrics, epoch } = step_arguments(args);
    const current = to_number(metrics);
    if (epoch !== null) warn_about_epoch();
    this.last_epoch = epoch ?? this.last_epoch + 1;

    if (this.#is_better(current)) {
      this.best = current;
      this.num_bad_epochs = 0;
    } else {
      this.num_bad_epochs += 1;
    }
    if (this.in_cooldown) {
      this.cooldown_counter -= 1;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this.#reduce();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._last_lr = rates_of(this.optimizer, 'lr');
  }

  #is_better(metric: number): boolean {
    const { best, threshold } = this;
    const relative = this.threshold_mode === 'rel';
    if (this.mode === 'min') return metric < (relative ? best * (1 - threshold) : best - threshold);
    return metric > (relative ? best * (threshold + 1) : best + threshold);
  }

  #reduce(): void {
    const groups = this.optimizer.param_groups;
    if (groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null) {
        throw new RuntimeError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when ` +
            `\`ReduceLROnPlateau\` was initialized (${this.min_lrs.length}), usually due to a new param group being ` +
            'added to the optimizer. Please modify the `min_lrs` field to match the length of the `optimizer` param ' +
            'groups.',
        );
      }
      this.min_lrs = new Array<number>(groups.length).fill(this.default_min_lr);
    }
    groups.forEach((group, i) => {
      const lr = to_number(rate_of(group, 'lr'));
      const lower = larger(lr * this.factor, this.min_lrs[i]!);
      if (lr - lower > this.eps) set_rate(group, 'lr', lower);
    });
  }

  override load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    super.load_state_dict(state_dict);
    this.mode_worse = worst(this.mode, this.threshold_mode);
  }
}
