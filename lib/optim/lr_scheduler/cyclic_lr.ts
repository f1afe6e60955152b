import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { Optimizer } from '../optimizer.ts';
import { minus, plus, power, quotient, type Rate, times } from './arithmetic.ts';
import { call_epoch_function, type EpochFunction, function_state, restore_function } from './epoch_function.ts';
import {
  check_numbers,
  check_optimizer,
  map_pairs,
  per_group,
  type PerGroup,
  set_momentum,
  set_rate,
  start_momentum,
  uses_beta1,
} from './groups.ts';
import { given_state, LRScheduler, type LRSchedulerStateDict, type LRSchedulerStateDictLike } from './scheduler.ts';

export interface CyclicLRParameters {
  optimizer: Optimizer;
  base_lr: PerGroup<Rate>;
  max_lr: PerGroup<Rate>;
  step_size_up?: number;
  step_size_down?: number | null;
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  gamma?: number;
  scale_fn?: EpochFunction | null;
  scale_mode?: 'cycle' | 'iterations';
  cycle_momentum?: boolean;
  base_momentum?: PerGroup<Rate>;
  max_momentum?: PerGroup<Rate>;
  last_epoch?: number;
}
type CyclicLRNames = [
  'optimizer',
  'base_lr',
  'max_lr',
  'step_size_up',
  'step_size_down',
  'mode',
  'gamma',
  'scale_fn',
  'scale_mode',
  'cycle_momentum',
  'base_momentum',
  'max_momentum',
  'last_epoch',
];

const cyclic_lr_arguments = signature<CyclicLRParameters>('CyclicLR', [
  'optimizer',
  'base_lr',
  'max_lr',
  ['step_size_up', 2000],
  ['step_size_down', null],
  ['mode', 'triangular'],
  ['gamma', 1],
  ['scale_fn', null],
  ['scale_mode', 'cycle'],
  ['cycle_momentum', true],
  ['base_momentum', 0.8],
  ['max_momentum', 0.9],
  ['last_epoch', -1],
]);

/** How the height of a cycle depends on its number, or on that of the step. */
interface Scale {
  of: 'cycle' | 'iterations';
  scale(x: number, gamma: number): number;
}

const scales: Readonly<Record<string, Scale>> = {
  triangular: { of: 'cycle', scale: () => 1 },
  triangular2: { of: 'cycle', scale: (cycle) => 1 / power(2, cycle - 1) },
  exp_range: { of: 'iterations', scale: (step, gamma) => power(gamma, step) },
};

function scale_of(mode: string): Scale | undefined {
  return Object.hasOwn(scales, mode) ? scales[mode] : undefined;
}

/**
 * A learning rate that goes up and down on straight lines between two limits; the momentum, if there is one, goes down
 * and up. Call `step()` after each batch.
 *
 * @param optimizer whose learning rates are to be set
 * @param base_lr the lower limit; a number, or one for each group
 * @param max_lr the upper limit; a number, or one for each group
 * @param step_size_up how many steps it takes to go up (default: 2000)
 * @param step_size_down how many it takes to go down (default: as many)
 * @param mode what the height of a cycle does: `'triangular'` (the default) leaves it, `'triangular2'` halves it each
 *   time, `'exp_range'` multiplies it by `gamma` in each step
 * @param gamma for `'exp_range'` (default: 1)
 * @param scale_fn gives the factor of the height, and takes the place of `mode`
 * @param scale_mode is `scale_fn` given the number of the cycle, from 1 on (`'cycle'`, the default), or that of the
 *   step (`'iterations'`)?
 * @param cycle_momentum change the momentum too, or the first of the betas (default: true)
 * @param base_momentum its lower limit; a number, or one for each group (default: 0.8)
 * @param max_momentum its upper limit; a number, or one for each group (default: 0.9)
 * @param last_epoch the last batch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for an unknown mode, or for an optimizer without momentum if that is to change
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html
 */
export class CyclicLR extends LRScheduler {
  declare max_lrs: Rate[];
  /** How many steps a cycle has. */
  declare total_size: number;
  /** The part of a cycle in which the learning rate goes up. */
  declare step_ratio: number;
  declare mode: string;
  declare gamma: number;
  declare scale_mode: 'cycle' | 'iterations';
  declare cycle_momentum: boolean;
  /** Is what cycles the first of the betas, and not a momentum? Undefined where neither does. */
  declare use_beta1?: boolean;
  declare base_momentums?: Rate[];
  declare max_momentums?: Rate[];
  /** @internal */
  declare _scale_fn_custom: EpochFunction | null;

  constructor(...args: Arguments<CyclicLRParameters, CyclicLRNames>) {
    const { optimizer, mode, gamma, scale_fn, cycle_momentum, last_epoch, ...given } = cyclic_lr_arguments(args);
    check_optimizer(optimizer);
    const base_lrs = per_group('base_lr', optimizer, given.base_lr);
    if (last_epoch === -1) {
      (optimizer.param_groups).forEach((group, i) => set_rate(group, 'lr', base_lrs[i]!));
    }
    const max_lrs = per_group('max_lr', optimizer, given.max_lr);
    const { step_size_up } = given;
    const step_size_down = given.step_size_down ?? step_size_up;
    check_numbers({ step_size_up, step_size_down, gamma });
    const total_size = step_size_up + step_size_down;
    const step_ratio = quotient(step_size_up, total_size);

    const scale = scale_of(mode);
    if (scale === undefined && scale_fn === null) throw new ValueError('mode is invalid and scale_fn is None');
    const scale_mode = scale_fn === null ? scale!.of : given.scale_mode;

    const fields = { max_lrs, total_size, step_ratio, mode, gamma, _scale_fn_custom: scale_fn, scale_mode };
    let momentum = {};
    if (cycle_momentum) {
      const use_beta1 = uses_beta1(optimizer);
      const base_momentums = per_group('base_momentum', optimizer, given.base_momentum);
      const max_momentums = per_group('max_momentum', optimizer, given.max_momentum);
      if (last_epoch === -1) start_momentum(optimizer, use_beta1, base_momentums, max_momentums);
      momentum = { use_beta1, base_momentums, max_momentums };
    }
    super(optimizer, last_epoch, { ...fields, cycle_momentum, ...momentum });
    this.base_lrs = base_lrs;
  }

  /** The factor of a cycle's height. */
  scale_fn(x: number): number {
    if (this._scale_fn_custom !== null) return call_epoch_function(this._scale_fn_custom, x);
    return scale_of(this.mode)!.scale(x, this.gamma);
  }

  /** Computes the learning rates at `last_epoch`, and sets the momentum. */
  override get_lr(): Rate[] {
    this._check_within_step();
    const { last_epoch, step_ratio } = this;
    const cycles = quotient(last_epoch, this.total_size);
    const cycle = Math.floor(1 + cycles);
    // How much of the cycle is over.
    const x = 1 + cycles - cycle;
    const height = x <= step_ratio ? quotient(x, step_ratio) : quotient(x - 1, step_ratio - 1);
    const scale = (): number => this.scale_fn(this.scale_mode === 'cycle' ? cycle : last_epoch);

    const rates = map_pairs(this.base_lrs, this.max_lrs, (low, high) =>
      plus(times(times(minus(high, low), height), scale()), low),
    );
    if (this.cycle_momentum) {
      const momentums = map_pairs(this.base_momentums!, this.max_momentums!, (low, high) =>
        minus(high, times(times(minus(high, low), height), scale())),
      );
      map_pairs(this.optimizer.param_groups, momentums, (group, momentum) =>
        set_momentum(group, this.use_beta1!, momentum),
      );
    }
    return rates;
  }

  /** As that of other schedulers. A function is not saved; of an object with a `__call__` the properties are. */
  override state_dict(): LRSchedulerStateDict {
    const { _scale_fn_custom: fn, ...state } = super.state_dict();
    return { ...state, _scale_fn_custom: fn === null ? null : function_state(fn as EpochFunction) };
  }

  override load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    const { _scale_fn_custom: saved, ...state } = given_state(state_dict);
    super.load_state_dict(state);
    restore_function(this._scale_fn_custom, saved);
    if (this._scale_fn_custom === null) this.scale_mode = scale_of(this.mode)?.of ?? this.scale_mode;
  }
}
