import { AssertionError, RuntimeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { type Guard, scoped } from './grad_mode.ts';
import { saved_tensors_hooks } from './saved_tensors.ts';

let active = false;

/**
 * Tensors that are saved for the backward pass may be changed in place inside: the backward pass, which has to be run
 * inside too, sees them as they were. Copies of them are kept for that, which takes memory.
 * @throws RuntimeError if it is called inside another
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.allow_mutation_on_saved_tensors
 */
export function allow_mutation_on_saved_tensors(): Guard;
export function allow_mutation_on_saved_tensors<T>(callback: () => T): T;
export function allow_mutation_on_saved_tensors<T>(callback?: () => T): T | Guard {
  return scoped(
    'allow_mutation_on_saved_tensors',
    () => {
      if (active) throw new RuntimeError('allow_mutation_on_saved_tensors contexts cannot be nested');
      let inside = true;
      const hooks = saved_tensors_hooks<Tensor>(
        (tensor) => tensor.detach().clone(),
        (copy) => {
          if (inside) return copy;
          throw new AssertionError(
            "Trying to backward outside of the 'allow_mutation_on_saved_tensors' contextin which the graph was originally recorded.",
          );
        },
      );
      active = true;
      return () => {
        active = false;
        inside = false;
        hooks[Symbol.dispose]();
      };
    },
    callback,
  );
}
