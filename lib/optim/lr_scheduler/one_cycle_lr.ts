import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { str } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { cos, minus, plus, quotient, type Rate, times } from './arithmetic.ts';
import {
  check_numbers,
  check_optimizer,
  per_group,
  type PerGroup,
  rate_of,
  set_momentum,
  start_momentum,
  uses_beta1,
} from './groups.ts';
import { LRScheduler } from './scheduler.ts';

export interface OneCycleLRParameters {
  optimizer: Optimizer;
  max_lr: PerGroup<Rate>;
  total_steps?: number | null;
  epochs?: number | null;
  steps_per_epoch?: number | null;
  pct_start?: number;
  anneal_strategy?: 'cos' | 'linear';
  cycle_momentum?: boolean;
  base_momentum?: PerGroup<Rate>;
  max_momentum?: PerGroup<Rate>;
  div_factor?: number;
  final_div_factor?: number;
  three_phase?: boolean;
  last_epoch?: number;
}
type OneCycleLRNames = [
  'optimizer',
  'max_lr',
  'total_steps',
  'epochs',
  'steps_per_epoch',
  'pct_start',
  'anneal_strategy',
  'cycle_momentum',
  'base_momentum',
  'max_momentum',
  'div_factor',
  'final_div_factor',
  'three_phase',
  'last_epoch',
];

const one_cycle_lr_arguments = signature<OneCycleLRParameters>('OneCycleLR', [
  'optimizer',
  'max_lr',
  ['total_steps', null],
  ['epochs', null],
  ['steps_per_epoch', null],
  ['pct_start', 0.3],
  ['anneal_strategy', 'cos'],
  ['cycle_momentum', true],
  ['base_momentum', 0.85],
  ['max_momentum', 0.95],
  ['div_factor', 25],
  ['final_div_factor', 1e4],
  ['three_phase', false],
  ['last_epoch', -1],
]);

/** A part of the cycle: the step that it ends at, and between which of a group's options the values go. */
export interface SchedulePhase {
  end_step: number;
  start_lr: 'initial_lr' | 'max_lr' | 'min_lr';
  end_lr: 'initial_lr' | 'max_lr' | 'min_lr';
  start_momentum: 'base_momentum' | 'max_momentum';
  end_momentum: 'base_momentum' | 'max_momentum';
}

function phases(total_steps: number, pct_start: number, three_phase: boolean): SchedulePhase[] {
  const last = total_steps - 1;
  const up: SchedulePhase = {
    end_step: pct_start * total_steps - 1,
    start_lr: 'initial_lr',
    end_lr: 'max_lr',
    start_momentum: 'max_momentum',
    end_momentum: 'base_momentum',
  };
  const down = { start_lr: 'max_lr', start_momentum: 'base_momentum', end_momentum: 'max_momentum' } as const;
  if (!three_phase) return [up, { end_step: last, ...down, end_lr: 'min_lr' }];
  return [
    up,
    { end_step: 2 * pct_start * total_steps - 2, ...down, end_lr: 'initial_lr' },
    {
      end_step: last,
      start_lr: 'initial_lr',
      end_lr: 'min_lr',
      start_momentum: 'max_momentum',
      end_momentum: 'max_momentum',
    },
  ];
}

/** The phase that a step is in, and how much of it is over, from 0 to 1. */
function phase_at(schedule: readonly SchedulePhase[], step: number): { phase: SchedulePhase; part: number } {
  const later = schedule.findIndex(({ end_step }) => step <= end_step);
  const index = later < 0 ? schedule.length - 1 : later;
  const phase = schedule[index]!;
  const start = schedule[index - 1]?.end_step ?? 0;
  return { phase, part: quotient(step - start, phase.end_step - start) };
}

/** The value on the way from `start` to `end`. */
function between(anneal_strategy: 'cos' | 'linear', start: Rate, end: Rate, part: number): Rate {
  if (anneal_strategy === 'linear') return plus(times(minus(end, start), part), start);
  return plus(times(quotient(minus(start, end), 2), cos(Math.PI * part) + 1), end);
}

/** @throws ValueError for what is not a whole number above zero */
function check_count(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new ValueError(`Expected positive integer ${name}, but got ${str(value)}`);
}

function count_steps({ total_steps, epochs, steps_per_epoch }: Required<OneCycleLRParameters>): number {
  if (total_steps !== null) return check_count('total_steps', total_steps);
  if (epochs === null || steps_per_epoch === null) {
    throw new ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  return check_count('epochs', epochs) * check_count('steps_per_epoch', steps_per_epoch);
}

/**
 * One cycle for the whole training: the learning rate goes up to `max_lr`, and then down to almost nothing; the
 * momentum, if there is one, goes down and up. Call `step()` after each batch.
 *
 * ```ts
 * const scheduler = new optim.lr_scheduler.OneCycleLR(optimizer, {
 *   max_lr: 0.01, epochs: 10, steps_per_epoch: loader.length,
 * });
 * ```
 *
 * @param optimizer whose learning rates are to be set
 * @param max_lr the highest learning rate; a number, or one for each group
 * @param total_steps how many steps there are; if it is left out, `epochs * steps_per_epoch`
 * @param epochs how many epochs there are
 * @param steps_per_epoch how many steps an epoch has
 * @param pct_start the part of the cycle in which the learning rate goes up, from 0 to 1 (default: 0.3)
 * @param anneal_strategy along a wave (`'cos'`, the default) or on straight lines (`'linear'`)
 * @param cycle_momentum change the momentum too, or the first of the betas (default: true)
 * @param base_momentum its lower limit; a number, or one for each group (default: 0.85)
 * @param max_momentum its upper limit; a number, or one for each group (default: 0.95)
 * @param div_factor the first learning rate is `max_lr / div_factor` (default: 25)
 * @param final_div_factor the last one is the first one divided by this (default: 10000)
 * @param three_phase go down to the first learning rate as fast as it went up, and then to the last one
 *   (default: false)
 * @param last_epoch the last batch before this one, if training goes on where it was left (default: -1)
 * @throws ValueError for arguments that make no sense, for an optimizer without momentum if that is to change, and
 *   (from `step`) after more steps than `total_steps`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 */
export class OneCycleLR extends LRScheduler {
  /** How many steps there are. */
  declare total_steps: number;
  declare cycle_momentum: boolean;
  /** Is what cycles the first of the betas, and not a momentum? Undefined where neither does. */
  declare use_beta1?: boolean;
  /** @internal */
  declare _schedule_phases: SchedulePhase[];
  /** @internal */
  declare _anneal_func_type: 'cos' | 'linear';

  constructor(...args: Arguments<OneCycleLRParameters, OneCycleLRNames>) {
    const options = one_cycle_lr_arguments(args);
    const { optimizer, pct_start, anneal_strategy, cycle_momentum, three_phase, last_epoch } = options;
    check_optimizer(optimizer);
    const total_steps = count_steps(options);
    if (typeof pct_start !== 'number' || !(pct_start >= 0 && pct_start <= 1)) {
      throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${str(pct_start)}`);
    }
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${str(anneal_strategy)}`);
    }
    const max_lrs = per_group('max_lr', optimizer, options.max_lr);
    const { div_factor, final_div_factor } = options;
    check_numbers({ div_factor, final_div_factor });
    if (last_epoch === -1) {
      (optimizer.param_groups).forEach((group, i) => {
        group['initial_lr'] = quotient(max_lrs[i]!, div_factor);
        group['max_lr'] = max_lrs[i]!;
        group['min_lr'] = quotient(rate_of(group, 'initial_lr'), final_div_factor);
      });
    }
    const fields = {
      total_steps,
      _schedule_phases: phases(total_steps, pct_start, three_phase),
      _anneal_func_type: anneal_strategy,
      cycle_momentum,
    };
    let momentum = {};
    if (cycle_momentum) {
      const use_beta1 = uses_beta1(optimizer);
      const max_momentums = per_group('max_momentum', optimizer, options.max_momentum);
      const base_momentums = per_group('base_momentum', optimizer, options.base_momentum);
      if (last_epoch === -1) start_momentum(optimizer, use_beta1, base_momentums, max_momentums);
      momentum = { use_beta1 };
    }
    super(optimizer, last_epoch, { ...fields, ...momentum });
  }

  /** Computes the learning rates at `last_epoch`, and sets the momentum. */
  override get_lr(): Rate[] {
    this._check_within_step();
    const { last_epoch, total_steps } = this;
    if (last_epoch > total_steps) {
      throw new ValueError(`Tried to step ${last_epoch} times. The specified number of total steps is ${total_steps}`);
    }
    const { phase, part } = phase_at(this._schedule_phases, last_epoch);
    return (this.optimizer.param_groups).map((group) => {
      const anneal = (start: string, end: string): Rate => {
        return between(this._anneal_func_type, rate_of(group, start), rate_of(group, end), part);
      };
      const lr = anneal(phase.start_lr, phase.end_lr);
      if (this.cycle_momentum) {
        set_momentum(group, this.use_beta1!, anneal(phase.start_momentum, phase.end_momentum));
      }
      return lr;
    });
  }
}
