import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import { float_str } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_dense, check_foreach, check_lr } from './options.ts';
import { check_range, goes_one_by_one, gradient_of, number_of, to_scalar, uses_lists } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { add, complement, default_rounded, divide, multiply, type Num, number_tensor, power } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface ASGDOptions extends CapturableOptions {
  lr?: number | Tensor;
  lambd?: number;
  alpha?: number;
  t0?: number;
  weight_decay?: number;
}

/** A parameter group of `ASGD`, with all its options. */
export interface ASGDParamGroup extends ParamGroup, Required<ASGDOptions> {
  lr: number | Tensor;
}

interface ASGDParameters extends ASGDOptions {
  params: Params<ASGDParamGroup>;
}

const asgd_arguments = signature<ASGDParameters>('ASGD', [
  'params',
  ['lr', 1e-2],
  ['lambd', 1e-4],
  ['alpha', 0.75],
  ['t0', 1e6],
  ['weight_decay', 0],
  ['foreach', null],
  ['maximize', false],
  ['differentiable', false],
  ['capturable', false],
]);

/** What ASGD remembers of a parameter. */
interface ASGDState {
  step: Tensor;
  /** The learning rate, as it has decayed. */
  eta: Tensor;
  /** How much the parameter counts in its average. */
  mu: Tensor;
  /** The average. */
  ax: Tensor;
}

/**
 * Averaged stochastic gradient descent: what `optimizer.state.get(param).ax` holds is the mean of the parameter's
 * values since step `t0`.
 *
 * ```ts
 * const optimizer = new optim.ASGD(model.parameters(), { lr: 0.01, t0: 1000 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate at the start, a number or a tensor of one element (default: 0.01)
 * @param lambd how fast the learning rate decays, and how much the parameter shrinks with each step (default: 1e-4)
 * @param alpha the power by which the learning rate decays (default: 0.75)
 * @param t0 the step from which on to average (default: 1e6)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (default: false)
 * @param differentiable record the step, so that it can be differentiated (default: false)
 * @param capturable make steps that a graph of CUDA can hold (default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export class ASGD extends Optimizer<ASGDParamGroup> {
  constructor(
    ...args: Arguments<
      ASGDParameters,
      [
        'params', 'lr', 'lambd', 'alpha', 't0', 'weight_decay', 'foreach', 'maximize', 'differentiable', 'capturable',
      ]
    >
  ) {
    const { params, lr, lambd, alpha, t0, weight_decay, ...flags } = asgd_arguments(args);
    const { foreach, maximize, differentiable, capturable } = flags;
    check_lr(lr);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    super(params, { lr, lambd, alpha, t0, weight_decay, foreach, maximize, differentiable, capturable });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: ASGDParamGroup[] }): void {
    super.__setstate__(state);
    const flags = { foreach: null, maximize: false, differentiable: false, capturable: false };
    fill_in(this, flags, ['step', 'eta', 'mu'], () => on_device);
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  protected override _option_repr(name: string, value: unknown): string {
    // Whole numbers that Python's defaults have as floats.
    return name === 't0' && value === 1e6 ? float_str(value) : super._option_repr(name, value);
  }

  #update(group: ASGDParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('ASGD', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) {
      const numbers = states.map(({ step, mu, eta }) => [step, mu, eta]);
      check_capturable(tensors, numbers, 'params, mus, etas, and state_steps', !group.foreach);
    }
    if (goes_one_by_one(group, gradients) || group.lr instanceof Tensor) {
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    } else {
      const lists = uses_lists(group, gradients);
      in_pieces(chunk, gradients, states, ['step', 'eta', 'mu'], (piece) => update_all(group, piece, lists));
    }
  }

  #state_of(group: ASGDParamGroup, param: Tensor): ASGDState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(on_device, param, 0);
      state['eta'] = number_tensor(on_device, param, number_of('lr', group.lr));
      state['mu'] = number_tensor(on_device, param, 1);
      state['ax'] = aten.zeros_like(param);
    }
    return state as unknown as ASGDState;
  }
}

/** Where the numbers in the state are. */
const on_device = { capturable: true };

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: ASGDParamGroup, piece: Piece<ASGDState>, lists: boolean): void {
  const { lambd, alpha, t0, weight_decay } = group;
  const lr = group.lr as number;
  const { chunk, params } = piece;
  const step = piece.count();
  const eta = piece.number('eta');
  let { grads } = piece;
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  if (lists) {
    grads = chunk.sum(grads, params, lambd);
    aten._foreach_addcmul_(params, grads, piece.column('eta'), -1);
  } else {
    aten._foreach_mul_(params, chunk.scalar(1 - lambd * eta) as number);
    aten._foreach_add_(params, grads, { alpha: -eta });
  }

  const averages = piece.column('ax');
  const mu = piece.number('mu');
  if (lists) {
    const distances = chunk.difference(params, averages, 1);
    aten._foreach_addcmul_(averages, distances, piece.column('mu'), 1);
  } else if (mu === 1) {
    aten._foreach_copy_(averages, params);
  } else {
    const distances = chunk.difference(params, averages, 1);
    aten._foreach_mul_(distances, chunk.scalar(mu) as number);
    aten._foreach_add_(averages, distances);
  }

  if (lists) {
    // Python computes this one with the tensor that counts the steps, and so in its precision.
    const decayed = power(add(multiply(piece.tensors('step')[0]!, lambd * lr), 1), alpha);
    piece.fill('eta', (divide(lr, decayed) as Tensor).item());
  } else {
    piece.fill('eta', default_rounded(lr / (power(1 + lambd * lr * step, alpha) as number)));
  }
  piece.fill('mu', default_rounded(1 / Math.max(1, step - t0)));
}

/** One parameter by itself. */
function update_one(group: ASGDParamGroup, param: Tensor, state: ASGDState): void {
  const { lambd, alpha, t0, weight_decay, capturable } = group;
  const lr = to_scalar(group.lr);
  const { step, eta, mu } = state;
  let grad = as_real(gradient_of(group, param));
  param = as_real(param);
  const average = as_real(state.ax);
  step.add_(1);
  if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });
  if (capturable) {
    param.mul_(complement(eta.mul(lambd)) as Tensor);
    param.addcmul_(grad, eta, { value: -1 });
  } else {
    const rate = eta.item();
    param.mul_(1 - lambd * rate);
    param.add_(grad, { alpha: -rate });
  }
  if (capturable || mu.item() !== 1) average.add_(param.sub(average).mul_(mu));
  else average.copy_(param);

  const decayed = (count: Num): Num =>
    divide(lr, power(add(1, multiply(multiply(lambd, lr), count)), alpha));
  if (capturable) {
    eta.copy_(decayed(step) as Tensor);
    mu.copy_(aten.maximum(step.sub(t0), aten.ones_like(step)).reciprocal());
  } else {
    const count = step.item();
    const rate = decayed(count);
    if (rate instanceof Tensor) eta.copy_(rate);
    else eta.fill_(default_rounded(rate));
    mu.fill_(default_rounded(1 / Math.max(1, count - t0)));
  }
}
