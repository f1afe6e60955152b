import { is_array, is_instance } from '../../arguments.ts';
import { Function, type FunctionCtx } from '../../autograd/function/index.ts';
import { enable_grad, no_grad } from '../../autograd/grad_mode.ts';
import { backward as run_backward } from '../../autograd/index.ts';
import { RuntimeError } from '../../errors.ts';
import { native } from '../../native.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { autocast_state, random_state, type Restore } from './state.ts';

/** What the forward leaves for the backward. */
interface Context extends FunctionCtx {
  run: (...args: readonly unknown[]) => unknown;
  restore: Restore;
  /** The arguments, null in the place of tensors. */
  inputs: unknown[];
  positions: number[];
}

/**
 * A function of which nothing is kept but its arguments: the backward pass computes it again, and goes backwards
 * through that by a pass of its own.
 */
export class CheckpointFunction extends Function {
  static override forward(ctx: Context, run: Context['run'], preserve_rng_state: boolean, ...args: unknown[]): unknown {
    if (!args.some((one) => is_instance(one, Tensor) && one.requires_grad)) {
      warn('None of the inputs have requires_grad=True. Gradients will be None');
    }
    const autocast = autocast_state(args);
    const random: Restore = preserve_rng_state ? random_state(args) : (body) => body();
    ctx.run = run;
    ctx.restore = (body) => random(() => autocast(body));
    ctx.inputs = args.map((one) => (is_instance(one, Tensor) ? null : one));
    ctx.positions = args.flatMap((one, i) => (is_instance(one, Tensor) ? [i] : []));
    ctx.save_for_backward(...args.filter((one) => is_instance(one, Tensor)));
    return no_grad(() => run(...args));
  }

  static override backward(ctx: Context, ...gradients: Tensor[]): (Tensor | null)[] {
    if (!native.is_checkpoint_valid()) {
      throw new RuntimeError(
        'When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call .backward() without passing the `inputs` argument.',
      );
    }
    const inputs = [...ctx.inputs];
    ctx.saved_tensors.forEach((one, i) => {
      inputs[ctx.positions[i]!] = one.detach().requires_grad_(one.requires_grad);
    });
    const result = ctx.restore(() => enable_grad(() => ctx.run(...inputs)));
    const outputs: readonly unknown[] = is_array(result) ? result : [result];
    const used = outputs.flatMap((one, i) => (is_instance(one, Tensor) && one.requires_grad ? [i] : []));
    if (used.length === 0) {
      throw new RuntimeError('none of output has requires_grad=True, this checkpoint() is not necessary');
    }
    run_backward(
      used.map((i) => outputs[i] as Tensor),
      used.map((i) => gradients[i]!),
    );
    return [null, null, ...inputs.map((one) => (is_instance(one, Tensor) ? one.grad : null))];
  }
}
