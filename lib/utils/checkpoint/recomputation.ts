/**
 * Checkpoints that leave the backward pass as it is: hooks on the saved tensors keep nothing, and the first that is
 * asked for lets all be computed again.
 */
import { is_instance } from '../../arguments.ts';
import { enable_grad, is_grad_enabled } from '../../autograd/grad_mode.ts';
import { saved_tensors_hooks } from '../../autograd/saved_tensors.ts';
import { RuntimeError } from '../../errors.ts';
import { named } from '../../named_error.ts';
import { native } from '../../native.ts';
import { Tensor } from '../../tensor.ts';
import type { Restore } from './state.ts';

/** A recomputation did not do what the forward did. */
export class CheckpointError extends RuntimeError {}
named(CheckpointError, 'CheckpointError');

/** Thrown out of a recomputation that has all that is needed. */
const STOP: unique symbol = Symbol('recomputed enough');

/** Stands for a saved tensor, by backward pass: the tensor, or null when it has been asked for. */
type Holder = Map<number, Tensor | null>;

/** One checkpointed call. */
interface Frame {
  recompute: () => void;
  early_stop: boolean;
  /** In the order in which the forward saved them. They are kept by the graph alone. */
  holders: WeakRef<Holder>[];
  descriptions: (string | null)[];
  recomputed: Set<number>;
  forward_completed: boolean;
}

/** What the two runs have to agree in. */
function description(tensor: Tensor): string {
  return `{'shape': ${String(tensor.shape)}, 'dtype': ${String(tensor.dtype)}, 'device': device(type='${tensor.device.type}'${
    tensor.device.index === null ? '' : `, index=${tensor.device.index}`
  })}`;
}

let anonymous_passes = -1;

/** Computes the call again and fills the holders that are still there. */
function recompute(frame: Frame, pass: number): void {
  let count = 0;
  let ignore_mismatch = false;
  const recomputed: (Tensor | undefined)[] = [];
  const pack = (x: Tensor): Tensor => {
    const tensor = x.requires_grad ? x.detach() : x;
    const position = count++;
    if (position >= frame.holders.length) {
      if (!frame.forward_completed) {
        ignore_mismatch = true;
        return tensor;
      }
      throw new CheckpointError(
        `torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass.`,
      );
    }
    const holder = frame.holders[position]!.deref();
    if (holder !== undefined) {
      holder.set(pass, tensor);
      recomputed[position] = tensor;
    }
    if (frame.early_stop && count === frame.holders.length) throw STOP;
    return tensor;
  };
  try {
    saved_tensors_hooks(pack, (x: Tensor) => x, () => enable_grad(frame.recompute));
  } catch (error) {
    if (error !== STOP) throw error;
  }
  frame.recomputed.add(pass);
  if (!ignore_mismatch) check_same(frame, count, recomputed);
}

function check_same(frame: Frame, count: number, recomputed: readonly (Tensor | undefined)[]): void {
  if (count !== frame.holders.length) {
    throw new CheckpointError(
      `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during forward: ${frame.holders.length}\nNumber of tensors saved during recomputation: ${count}.`,
    );
  }
  let different = '';
  frame.holders.forEach((_, i) => {
    const before = frame.descriptions[i]!;
    const tensor = recomputed[i];
    if (before === null || tensor === undefined) return;
    const after = description(tensor);
    if (after !== before) {
      different += `tensor at position ${i}:\nsaved metadata: ${before}\nrecomputed metadata: ${after}\n`;
    }
  });
  if (different !== '') {
    throw new CheckpointError(
      `torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n${different}.`,
    );
  }
}

function unpack(frame: Frame, holder: Holder): Tensor {
  let pass = native.current_graph_task();
  // Outside of a backward pass each look is one of its own.
  if (pass === -1) pass = --anonymous_passes;
  if (!frame.recomputed.has(pass)) recompute(frame, pass);
  const tensor = holder.get(pass);
  if (tensor === undefined || tensor === null) {
    throw new CheckpointError(
      'torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise please open an issue with details on your use case.',
    );
  }
  holder.set(pass, null);
  return tensor;
}

/** How a checkpoint without a backward pass of its own is made. */
export interface RecomputationOptions {
  early_stop: boolean;
  check_metadata: boolean;
  /** Around the recomputation. */
  restore: Restore;
  /** Around the forward. */
  around_forward: Restore;
}

/** Calls `run` so that what it saves for the backward pass is computed again when it is needed. */
export function with_recomputation<T>(
  run: (...args: readonly unknown[]) => T,
  args: readonly unknown[],
  { early_stop, check_metadata, restore, around_forward }: RecomputationOptions,
): T {
  if (!is_grad_enabled()) return run(...args);
  const versions = args.map((one) => (is_instance(one, Tensor) ? one._version : 0));
  const frame: Frame = {
    recompute: () => {
      check_unchanged(args, versions);
      restore(() => run(...args));
    },
    early_stop,
    holders: [],
    descriptions: [],
    recomputed: new Set(),
    forward_completed: false,
  };
  const pack = (tensor: Tensor): Holder => {
    const holder: Holder = new Map();
    frame.holders.push(new WeakRef(holder));
    frame.descriptions.push(check_metadata ? description(tensor) : null);
    return holder;
  };
  const result = saved_tensors_hooks(pack, (holder: Holder) => unpack(frame, holder), () => around_forward(() => run(...args)));
  frame.forward_completed = true;
  return result;
}

function check_unchanged(args: readonly unknown[], versions: readonly number[]): void {
  args.forEach((one, i) => {
    if (!is_instance(one, Tensor) || one._version === versions[i]) return;
    const step = one.grad_fn;
    const origin =
      step === null
        ? ''
        : `, which is output ${native.gradient_edge(one._h)[1]} of ${step.name().replace(/Backward\d*$/, '')},`;
    throw new RuntimeError(
      `one of the variables needed for gradient computation has been modified by an inplace operation: [${one.type()} [${one.shape.join(', ')}]]${origin} is at version ${one._version}; expected version ${versions[i]} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).`,
    );
  });
}
