import { type Arguments, signature } from '../arguments.ts';
import { KeyError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_dense, check_foreach } from './options.ts';
import { check_lr, check_range, factor_of, goes_one_by_one, gradient_of, number_of } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { number_tensor } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface RMSpropOptions extends CapturableOptions {
  lr?: number | Tensor;
  alpha?: number;
  eps?: number;
  weight_decay?: number;
  momentum?: number;
  centered?: boolean;
}

/** A parameter group of `RMSprop`, with all its options. */
export interface RMSpropParamGroup extends ParamGroup, Required<RMSpropOptions> {
  lr: number | Tensor;
}

interface RMSpropParameters extends RMSpropOptions {
  params: Params<RMSpropParamGroup>;
}

const rmsprop_arguments = signature<RMSpropParameters>('RMSprop', [
  'params',
  ['lr', 1e-2],
  ['alpha', 0.99],
  ['eps', 1e-8],
  ['weight_decay', 0],
  ['momentum', 0],
  ['centered', false],
  ['capturable', false],
  ['foreach', null],
  ['maximize', false],
  ['differentiable', false],
]);

/** What RMSprop remembers of a parameter. */
interface RMSpropState {
  step: Tensor;
  square_avg: Tensor;
  momentum_buffer?: Tensor;
  grad_avg?: Tensor;
}

/**
 * RMSprop: the gradient over the root of the running average of its square.
 *
 * ```ts
 * const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.01, momentum: 0.9 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.01)
 * @param alpha the decay rate of the running averages (default: 0.99)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param momentum how much of the last step is made again (default: 0)
 * @param centered divide by an estimate of the gradient's standard deviation instead (default: false)
 * @param capturable make steps that a graph of CUDA can hold (default: false)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (default: false)
 * @param differentiable record the step, so that it can be differentiated (default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export class RMSprop extends Optimizer<RMSpropParamGroup> {
  constructor(
    ...args: Arguments<
      RMSpropParameters,
      [
        'params', 'lr', 'alpha', 'eps', 'weight_decay', 'momentum', 'centered', 'capturable', 'foreach', 'maximize',
        'differentiable',
      ]
    >
  ) {
    const { params, lr, alpha, eps, weight_decay, momentum, centered, ...flags } = rmsprop_arguments(args);
    const { capturable, foreach, maximize, differentiable } = flags;
    check_lr(lr);
    check_range('eps', 'epsilon value', eps, 0);
    check_range('momentum', 'momentum value', momentum, 0);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    check_range('alpha', 'alpha value', alpha, 0);
    super(params, {
      lr, momentum, alpha, eps, centered, weight_decay, capturable, foreach, maximize, differentiable,
    });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: RMSpropParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, {
      momentum: 0, centered: false, foreach: null, maximize: false, differentiable: false, capturable: false,
    });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: RMSpropParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('RMSprop', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]));
    if (goes_one_by_one(group, gradients)) tensors.forEach((param, i) => update_one(group, param, states[i]!));
    else in_pieces(chunk, gradients, states, [], (piece) => update_all(group, piece));
  }

  #state_of(group: RMSpropParamGroup, param: Tensor): RMSpropState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(group, param, 0);
      state['square_avg'] = aten.zeros_like(param);
      if (group.momentum > 0) state['momentum_buffer'] = aten.zeros_like(param);
      if (group.centered) state['grad_avg'] = aten.zeros_like(param);
    }
    // These options cannot be turned on later.
    if (group.momentum > 0 && state['momentum_buffer'] === undefined) throw new KeyError("'momentum_buffer'");
    if (group.centered && state['grad_avg'] === undefined) throw new KeyError("'grad_avg'");
    return state as unknown as RMSpropState;
  }
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: RMSpropParamGroup, piece: Piece<RMSpropState>): void {
  const { alpha, eps, weight_decay, momentum } = group;
  const { chunk, params } = piece;
  const lr = number_of('lr', group.lr);
  let { grads } = piece;
  piece.count_each();
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  const square_avgs = piece.column('square_avg');
  aten._foreach_mul_(square_avgs, chunk.scalar(alpha) as number);
  aten._foreach_addcmul_(square_avgs, grads, grads, 1 - alpha);
  let divisors;
  if (group.centered) {
    const grad_avgs = piece.column('grad_avg');
    aten._foreach_lerp_(grad_avgs, grads, 1 - alpha);
    divisors = chunk.derive(
      1,
      square_avgs,
      (items) => aten._foreach_addcmul(items, grad_avgs, grad_avgs, -1),
      (copy) => aten._foreach_addcmul_(copy, grad_avgs, grad_avgs, -1),
    );
    aten._foreach_sqrt_(divisors);
  } else {
    divisors = chunk.square_root(square_avgs, 1);
  }
  aten._foreach_add_(divisors, chunk.scalar(eps) as number);
  if (momentum > 0) {
    const buffers = piece.column('momentum_buffer');
    aten._foreach_mul_(buffers, chunk.scalar(momentum) as number);
    aten._foreach_addcdiv_(buffers, grads, divisors, 1);
    aten._foreach_add_(params, buffers, { alpha: -lr });
  } else {
    aten._foreach_addcdiv_(params, grads, divisors, -lr);
  }
}

/** One parameter by itself. */
function update_one(group: RMSpropParamGroup, param: Tensor, state: RMSpropState): void {
  const { alpha, eps, weight_decay, momentum } = group;
  const lr = factor_of(group.lr, momentum > 0 ? "add_(): argument 'alpha'" : "addcdiv_(): argument 'value'");
  let grad = gradient_of(group, param);
  state.step.add_(1);
  if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });
  param = as_real(param);
  grad = as_real(grad);
  const square_avg = as_real(state.square_avg);
  square_avg.mul_(alpha).addcmul_(grad, grad, { value: 1 - alpha });
  let divisor: Tensor;
  if (group.centered) {
    const grad_avg = as_real(state.grad_avg!);
    grad_avg.lerp_(grad, 1 - alpha);
    divisor = square_avg.addcmul(grad_avg, grad_avg, { value: -1 }).sqrt_();
  } else {
    divisor = square_avg.sqrt();
  }
  divisor = group.differentiable ? divisor.add(eps) : divisor.add_(eps);
  if (momentum > 0) {
    const buffer = as_real(state.momentum_buffer!);
    buffer.mul_(momentum).addcdiv_(grad, divisor);
    param.add_(buffer, { alpha: -lr });
  } else {
    param.addcdiv_(grad, divisor, { value: -lr });
  }
}
