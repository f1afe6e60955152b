/**
 * What all schedulers of learning rates have in common.
 * @see https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
import { is_kwargs, signature } from '../../arguments.ts';
import { KeyError, NotImplementedError, TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import type { Optimizer } from '../optimizer.ts';
import type { Rate } from './arithmetic.ts';
import { check_numbers, check_optimizer, map_pairs, rate_of, rates_of, set_rate } from './groups.ts';

/** What `state_dict()` gives. */
export type LRSchedulerStateDict = Record<string, unknown>;

/** What `load_state_dict()` takes: what `state_dict()` has given, be it here or in Python. */
export type LRSchedulerStateDictLike = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

const step_arguments = signature<{ epoch?: number | null }>('step', [['epoch', null]]);

/** The functions that note for schedulers that an optimizer has made a step. */
const noting_steps = new WeakSet<object>();

/** From now on an optimizer notes that it has made a step. */
function note_steps(optimizer: Optimizer): void {
  const step = optimizer.step as (...args: unknown[]) => unknown;
  if (noting_steps.has(step)) return;
  const value = (...args: unknown[]): unknown => {
    optimizer._opt_called = true;
    return step.apply(optimizer, args);
  };
  noting_steps.add(value);
  Object.defineProperty(optimizer, 'step', { value, writable: true, configurable: true });
}

/** Warns whoever gives `step()` an epoch. */
export function warn_about_epoch(): void {
  warn(
    'The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use ' +
      '`scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed ' +
      'form is used instead of the new chainable form, where available. Please open an issue if you are unable to ' +
      'replicate your use case: https://github.com/pytorch/pytorch/issues/new/choose.',
  );
}

/**
 * What all schedulers are made of: an optimizer, the learning rates that its groups began with, and the number of steps
 * so far. Call `scheduler.step()` after `optimizer.step()`, once an epoch or once a batch, as the scheduler has it.
 *
 * A scheduler of your own defines `get_lr`. The first step is made in the constructor, before the subclass has its class
 * fields and `#private` methods: what `get_lr` reads has to be handed to `super`, in an object, and declared with
 * `declare`:
 *
 * ```ts
 * class Halving extends optim.lr_scheduler.LRScheduler {
 *   declare every: number;
 *   constructor(optimizer: optim.Optimizer, every: number, last_epoch = -1) {
 *     super(optimizer, last_epoch, { every });
 *   }
 *   override get_lr() {
 *     return this.base_lrs.map((lr) => Number(lr) * 0.5 ** Math.floor(this.last_epoch / this.every));
 *   }
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html
 */
export class LRScheduler {
  /** The optimizer whose learning rates are set. */
  declare optimizer: Optimizer;
  /** The learning rates that the groups began with. */
  declare base_lrs: Rate[];
  /** The number of the epoch, or the batch, that the learning rates are for. */
  declare last_epoch: number;
  /** @internal */
  declare _step_count: number;
  /** @internal */
  declare _last_lr: Rate[];
  /** @internal Is this the step that the constructor makes? */
  declare _is_initial: boolean;
  /** @internal Is it `step()` that asks for the learning rates? */
  declare _get_lr_called_within_step: boolean;

  static {
    this.prototype._is_initial = false;
    this.prototype._get_lr_called_within_step = false;
  }

  /** The learning rates at `last_epoch` without those before, where there is a formula: `step(epoch)` asks for it. */
  _get_closed_form_lr?(): Rate[];

  /**
   * @param optimizer whose learning rates are to be set
   * @param last_epoch the last epoch before this one, if training goes on where it was left (default: -1)
   * @param fields what the scheduler is to remember besides; it is part of `state_dict()`
   * @throws TypeError if there is no optimizer
   * @throws KeyError if training goes on, but the groups do not say what their learning rates were at first
   */
  constructor(optimizer: Optimizer, last_epoch: number = -1, fields: Readonly<Record<string, unknown>> = {}) {
    check_optimizer(optimizer);
    check_numbers({ last_epoch });
    Object.assign(this, fields);
    this.optimizer = optimizer;
    this._start(last_epoch);
  }

  /** @internal The rest of construction. */
  protected _start(last_epoch: number): void {
    const { optimizer } = this;
    (optimizer.param_groups).forEach((group, i) => {
      if ('initial_lr' in group) return;
      if (last_epoch !== -1) {
        throw new KeyError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.\n` +
            'This typically happens when:\n' +
            "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
            "2. You're using last_epoch >= 0 for a fresh training run (not recommended)",
        );
      }
      const lr = rate_of(group, 'lr');
      group['initial_lr'] = lr instanceof Tensor ? lr.clone() : lr;
    });
    this.base_lrs = rates_of(optimizer, 'initial_lr');
    this.last_epoch = last_epoch;
    note_steps(optimizer);
    this._initial_step();
  }

  /** @internal Makes the first step. */
  _initial_step(): void {
    this._step_count = 0;
    this._is_initial = true;
    try {
      this.step();
    } finally {
      this._is_initial = false;
    }
  }

  /**
   * Everything that the scheduler remembers, but for the optimizer, to be saved.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html
   */
  state_dict(): LRSchedulerStateDict {
    const { optimizer, ...state } = this;
    void optimizer;
    return state;
  }

  /**
   * Takes over the state of another scheduler of the kind. The learning rates themselves are part of the optimizer's
   * state, which is loaded by itself.
   *
   * @param state_dict what `state_dict()` has given, or what `torch.load` has read of a file, be it Python's
   */
  load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    Object.assign(this, given_state(state_dict));
  }

  /** The learning rates that were set last, one for each group. */
  get_last_lr(): Rate[] {
    return this._last_lr;
  }

  /** Computes the learning rates at `last_epoch`. To see those that are in use, call `get_last_lr()`. */
  get_lr(): Rate[] {
    throw new NotImplementedError();
  }

  /**
   * Goes to the next epoch, or to the next batch, and sets its learning rates.
   * @param epoch to go there instead (deprecated)
   */
  step(epoch?: number | null | { epoch?: number | null }): void {
    const target = step_arguments([epoch]).epoch;
    if (this._step_count === 1) this.#check_order();
    this._step_count += 1;
    if (target !== null) warn_about_epoch();
    this._update_lr(target);
  }

  /** Warns if the first step of the scheduler comes before that of the optimizer. */
  #check_order(): void {
    if (!noting_steps.has(this.optimizer.step as object)) {
      warn(
        'Seems like `optimizer.step()` has been overridden after learning rate scheduler initialization. Please, ' +
          'make sure to call `optimizer.step()` before `lr_scheduler.step()`. See more details at ' +
          'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
      );
    } else if (!this.optimizer._opt_called) {
      warn(
        'Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should ' +
          'call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this ' +
          'will result in PyTorch skipping the first value of the learning rate schedule. See more details at ' +
          'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
      );
    }
  }

  /** @internal Sets the learning rates of the next epoch, or of a certain one. */
  _update_lr(epoch: number | null = null): void {
    if (epoch !== null) check_numbers({ epoch });
    this.last_epoch = epoch ?? this.last_epoch + 1;
    const closed_form = epoch !== null && this._get_closed_form_lr !== undefined;
    this._set_lrs(() => (closed_form ? this._get_closed_form_lr!() : this.get_lr()));
  }

  /** @internal Sets the learning rates to what `compute` gives. */
  protected _set_lrs(compute: () => Rate[]): void {
    this._get_lr_called_within_step = true;
    let rates: Rate[];
    try {
      rates = compute();
    } finally {
      this._get_lr_called_within_step = false;
    }
    if (this._is_initial) check_initial(rates);
    map_pairs(this.optimizer.param_groups, rates, (group, lr) => set_rate(group, 'lr', lr));
    this._last_lr = rates_of(this.optimizer, 'lr');
  }

  /** @internal Warns whoever calls `get_lr()` but `step()`. */
  protected _check_within_step(): void {
    if (this._get_lr_called_within_step) return;
    warn('To get the last learning rate computed by the scheduler, please use `get_last_lr()`.');
  }
}

/** What `LRScheduler` was called at first; classes that extend it are schedulers as well. */
export class _LRScheduler extends LRScheduler {}

/** A class field that is not there yet is `undefined`, and whatever is computed with it not a number. */
function check_initial(rates: readonly Rate[]): void {
  if (!rates.some((rate) => rate === undefined || Number.isNaN(rate))) return;
  throw new ValueError(
    'get_lr() gave something that is not a number in the constructor, where the fields of a subclass are not there ' +
      'yet; hand them to super(optimizer, last_epoch, { ... })',
  );
}

/** A state dict as an object. */
export function given_state(
  given: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike },
): Record<string, unknown> {
  const named = is_kwargs(given) && 'state_dict' in given;
  const state: unknown = named ? given['state_dict'] : given;
  if (state instanceof Map) return Object.fromEntries(state as Map<string, unknown>);
  if (is_kwargs(state)) return { ...state };
  throw new TypeError(`load_state_dict(): expected what a scheduler's state_dict() gives, but got ${type_name(state)}`);
}
