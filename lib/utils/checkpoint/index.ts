/**
 * Computing again instead of remembering: the memory of a backward pass for time.
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html
 */
import { is_array, is_instance, is_kwargs } from '../../arguments.ts';
import { type Guard, scoped } from '../../autograd/grad_mode.ts';
import { NotImplementedError, TypeError, ValueError } from '../../errors.ts';
import { Sequential } from '../../nn/modules/container.ts';
import type { Module } from '../../nn/modules/module.ts';
import { repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { with_recomputation } from './recomputation.ts';
import { CheckpointFunction } from './reentrant.ts';
import { autocast_state, random_state, type Restore } from './state.ts';

export { CheckpointError } from './recomputation.ts';
export { CheckpointFunction } from './reentrant.ts';

/** What `checkpoint` takes by name. */
export interface CheckpointOptions {
  /** Whether the backward pass runs another inside; better not. Has to be given. */
  use_reentrant?: boolean;
  /** Whether the recomputation draws the same random numbers (default: true). */
  preserve_rng_state?: boolean;
  /** Gives two functions, around the forward and around the recomputation: each calls what it is given. */
  context_fn?: () => readonly [forward: Restore, recompute: Restore];
  /** `'default'` compares what both runs save, `'none'` does not. */
  determinism_check?: 'default' | 'none';
  debug?: boolean;
  /** Whether a recomputation ends when it has all that is needed (default: true). */
  early_stop?: boolean;
}

const OPTIONS = new Set(['use_reentrant', 'preserve_rng_state', 'context_fn', 'determinism_check', 'debug', 'early_stop']);

let early_stop_override: boolean | null = null;

/**
 * Whether recomputations end when they have all that is needed, in checkpoints made inside.
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.set_checkpoint_early_stop
 */
export function set_checkpoint_early_stop(enable: boolean): Guard;
export function set_checkpoint_early_stop<T>(enable: boolean, callback: () => T): T;
export function set_checkpoint_early_stop<T>(enable: boolean, callback?: () => T): T | Guard {
  return scoped(
    'set_checkpoint_early_stop',
    () => {
      const before = early_stop_override;
      early_stop_override = enable;
      return () => {
        early_stop_override = before;
      };
    },
    callback,
  );
}

/**
 * Calls a function without keeping what its backward needs: the backward pass calls it again.
 *
 * ```ts
 * const y = checkpoint(block, x, { use_reentrant: false });
 * ```
 * @param run has to do the same when it is called again
 * @param args its arguments, and perhaps a last object of options; other names in it are handed on to `run`
 * @returns what `run` gives
 * @throws CheckpointError from the backward pass, if the second call did something else
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.checkpoint
 */
export function checkpoint<A extends readonly unknown[], R>(
  run: (...args: A) => R,
  ...args: [...A, options: CheckpointOptions] | A
): R {
  if (typeof run !== 'function') throw new TypeError(`'${type_name(run)}' object is not callable`);
  const call = run as unknown as (...args: readonly unknown[]) => R;
  const last: unknown = args[args.length - 1];
  const options: CheckpointOptions & Record<string, unknown> = is_kwargs(last) ? last : {};
  const positional: readonly unknown[] = is_kwargs(last) ? args.slice(0, -1) : args;
  const others = Object.entries(options).filter(([name]) => !OPTIONS.has(name));
  const { preserve_rng_state = true, context_fn, determinism_check = 'default', debug = false, early_stop = true } = options;
  if (options.use_reentrant === undefined) {
    warn(
      'torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for more details on the differences between the two variants.',
    );
  }
  if (options.use_reentrant ?? true) {
    if (others.length > 0) {
      throw new ValueError(`Unexpected keyword arguments: ${others.map(([name]) => name).join(',')}`);
    }
    if (context_fn !== undefined || debug) {
      throw new ValueError('Passing `context_fn` or `debug` is only supported when use_reentrant=False.');
    }
    return (CheckpointFunction.apply as (...all: unknown[]) => R)(call, preserve_rng_state, ...positional);
  }
  if (debug) throw new NotImplementedError('checkpoint(): debug=True needs to look at every operator, which is not possible');
  if (determinism_check !== 'default' && determinism_check !== 'none') {
    throw new ValueError(
      `determinism_check should be one of ['default', 'none'], but got ${typeof determinism_check === 'string' ? String(determinism_check) : repr(determinism_check)}`,
    );
  }
  const all = others.length > 0 ? [...positional, Object.fromEntries(others)] : positional;
  const [around_forward, around_recomputation] = context_fn?.() ?? [same, same];
  const random: Restore = preserve_rng_state ? random_state(positional) : same;
  const autocast = autocast_state(positional);
  return with_recomputation(call, all, {
    early_stop: early_stop_override ?? early_stop,
    check_metadata: determinism_check === 'default',
    restore: (body) => random(() => autocast(() => around_recomputation(body))),
    around_forward,
  });
}

function same<T>(body: () => T): T {
  return body();
}

/**
 * Calls the parts of a model one after the other, in segments that are checkpointed, all but the last.
 * @param functions a `Sequential`, or an array of functions or modules
 * @param segments how many
 * @param input of the first of them
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.checkpoint_sequential
 */
export function checkpoint_sequential(
  functions: Sequential | readonly (((input: Tensor) => Tensor) | Module)[],
  segments: number,
  input: Tensor,
  options: Pick<CheckpointOptions, 'use_reentrant' | 'preserve_rng_state'> = {},
): Tensor {
  const { use_reentrant, preserve_rng_state = true, ...others } = options;
  if (use_reentrant === undefined) {
    warn(
      'torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. In version 2.9 we will raise an exception if use_reentrant is not passed. use_reentrant=False is recommended, but if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for more details on the differences between the two variants.',
    );
  }
  const unexpected = Object.keys(others);
  if (unexpected.length > 0) throw new ValueError(`Unexpected keyword arguments: ${unexpected.join(',')}`);
  if (!is_instance(functions, Sequential) && !is_array(functions)) {
    throw new TypeError(`object of type '${type_name(functions)}' has no len()`);
  }
  const list = (is_array(functions) ? functions : [...functions.children()]) as readonly ((input: Tensor) => Tensor)[];
  const size = Math.trunc(list.length / segments);
  if (!Number.isInteger(segments) || segments < 1 || size < 1) {
    throw new ValueError(`checkpoint_sequential(): cannot cut ${list.length} functions into ${String(segments)} segments`);
  }
  const run = (start: number, end: number) => (x: Tensor) => list.slice(start, end).reduce((value, one) => one(value), x);
  let value = input;
  for (let start = 0; start < size * (segments - 1); start += size) {
    value = checkpoint(run(start, start + size), value, { use_reentrant: use_reentrant ?? true, preserve_rng_state });
  }
  return run(size * (segments - 1), list.length)(value);
}
