/** What schedulers made of schedulers have in common. */
import { AttributeError, TypeError, ValueError } from '../../errors.ts';
import { str, type_name } from '../../repr.ts';
import type { Optimizer } from '../optimizer.ts';
import { ReduceLROnPlateau } from './reduce_lr_on_plateau.ts';
import { given_state, LRScheduler, type LRSchedulerStateDict, type LRSchedulerStateDictLike } from './scheduler.ts';

/** A scheduler made of others. Their states are part of its own. */
export abstract class CompositeLR extends LRScheduler {
  /** @internal */
  declare _schedulers: readonly LRScheduler[];

  /** As that of other schedulers, with the states of those that it is made of. */
  override state_dict(): LRSchedulerStateDict {
    const { _schedulers, ...state } = super.state_dict();
    return { ...state, _schedulers: (_schedulers as LRScheduler[]).map((scheduler) => scheduler.state_dict()) };
  }

  override load_state_dict(state_dict: LRSchedulerStateDictLike | { state_dict: LRSchedulerStateDictLike }): void {
    const { _schedulers, ...state } = given_state(state_dict);
    super.load_state_dict(state);
    if (!Array.isArray(_schedulers)) return;
    _schedulers.forEach((saved, i) => this._schedulers[i]?.load_state_dict(saved as LRSchedulerStateDictLike));
  }
}

/** @throws TypeError, ValueError for what is no array, or an empty one */
export function check_list(schedulers: unknown, complaint: string): asserts schedulers is readonly LRScheduler[] {
  if (!Array.isArray(schedulers)) throw new TypeError(`object of type '${type_name(schedulers)}' has no len()`);
  if (schedulers.length < 1) throw new ValueError(complaint);
}

/** The optimizer of something that should be a scheduler. */
export function optimizer_of(scheduler: unknown): Optimizer {
  const optimizer = (scheduler as Partial<LRScheduler> | null | undefined)?.optimizer;
  if (optimizer !== undefined) return optimizer;
  throw new AttributeError(`'${type_name(scheduler)}' object has no attribute 'optimizer'`);
}

/**
 * @param name of the class that the schedulers are for
 * @throws TypeError for what is no scheduler
 * @throws ValueError for a scheduler of another optimizer, or one that has to be given a metric
 */
export function check_parts(name: string, optimizer: Optimizer, schedulers: readonly LRScheduler[]): void {
  schedulers.forEach((scheduler: LRScheduler | null | undefined, i) => {
    if (scheduler?.optimizer === undefined) {
      throw new TypeError(`${name} at index ${i} should have \`optimizer\` as its attribute.`);
    }
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new ValueError(
        `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified ` +
          `when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
      );
    }
    if (scheduler.optimizer !== optimizer) {
      throw new ValueError(
        `${name} expects all schedulers to belong to the same optimizer, but got scheduler ` +
          `${scheduler.constructor.name} at index ${i} has ${str(scheduler.optimizer)}, which is different from ` +
          `${type_name(optimizer)}.`,
      );
    }
  });
}
