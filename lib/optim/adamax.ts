import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_decay_rates, check_dense } from './options.ts';
import { check_foreach, check_lr, check_range, factor_of, goes_one_by_one, gradient_of, to_scalar } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { complement, divide, number_tensor, power } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface AdamaxOptions extends CapturableOptions {
  lr?: number | Tensor;
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
}

/** A parameter group of `Adamax`, with all its options. */
export interface AdamaxParamGroup extends ParamGroup, Required<AdamaxOptions> {
  lr: number | Tensor;
}

interface AdamaxParameters extends AdamaxOptions {
  params: Params<AdamaxParamGroup>;
}

const adamax_arguments = signature<AdamaxParameters>(
  'Adamax',
  ['params', ['lr', 2e-3], ['betas', [0.9, 0.999]], ['eps', 1e-8], ['weight_decay', 0], ['foreach', null]],
  [['maximize', false], ['differentiable', false], ['capturable', false]],
);

/** What Adamax remembers of a parameter. */
interface AdamaxState {
  step: Tensor;
  exp_avg: Tensor;
  exp_inf: Tensor;
}

/**
 * Adamax: Adam with the largest of the latest gradients for a divisor, where Adam has the root of their mean square.
 *
 * ```ts
 * const optimizer = new optim.Adamax(model.parameters(), { lr: 0.002 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.002)
 * @param betas the decay rates of the gradient's average and of its largest value (default: `[0.9, 0.999]`)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 */
export class Adamax extends Optimizer<AdamaxParamGroup> {
  constructor(...args: Arguments<AdamaxParameters, ['params', 'lr', 'betas', 'eps', 'weight_decay', 'foreach']>) {
    const { params, lr, betas, eps, weight_decay, foreach, ...flags } = adamax_arguments(args);
    const { maximize, differentiable, capturable } = flags;
    check_lr(lr);
    check_range('eps', 'epsilon value', eps, 0);
    check_decay_rates(betas);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    super(params, { lr, betas, eps, weight_decay, foreach, maximize, differentiable, capturable });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdamaxParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { maximize: false, foreach: null, capturable: false, differentiable: false });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: AdamaxParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('Adamax', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]), undefined, !group.foreach);
    if (goes_one_by_one(group, gradients) || group.lr instanceof Tensor) {
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    } else {
      in_pieces(chunk, gradients, states, ['step'], (piece) => update_all(group, piece));
    }
  }

  #state_of(group: AdamaxParamGroup, param: Tensor): AdamaxState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(group, param, 0);
      state['exp_avg'] = aten.zeros_like(param);
      state['exp_inf'] = aten.zeros_like(param);
    }
    return state as unknown as AdamaxState;
  }
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: AdamaxParamGroup, piece: Piece<AdamaxState>): void {
  const { eps, weight_decay } = group;
  const [beta1, beta2] = group.betas;
  const { chunk, params } = piece;
  let { grads } = piece;
  const step = piece.count();
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  const exp_avgs = piece.column('exp_avg');
  const exp_infs = piece.column('exp_inf');
  aten._foreach_lerp_(exp_avgs, grads, 1 - beta1);
  aten._foreach_mul_(exp_infs, chunk.scalar(beta2) as number);
  const sizes = chunk.absolute(grads);
  aten._foreach_add_(sizes, chunk.scalar(eps) as number);
  aten._foreach_maximum_(exp_infs, sizes);
  const step_size = (group.lr as number) / (complement(power(beta1, step)) as number);
  aten._foreach_addcdiv_(params, exp_avgs, exp_infs, -step_size);
}

/** One parameter by itself. */
function update_one(group: AdamaxParamGroup, param: Tensor, state: AdamaxState): void {
  const { eps, weight_decay, capturable, differentiable } = group;
  const lr = to_scalar(group.lr);
  const [beta1, beta2] = group.betas;
  let grad = gradient_of(group, param);
  state.step.add_(1);
  if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });
  param = as_real(param);
  grad = as_real(grad);
  const exp_avg = as_real(state.exp_avg);
  const exp_inf = as_real(state.exp_inf);
  exp_avg.lerp_(grad, 1 - beta1);
  if (differentiable) {
    const sizes = aten.cat([exp_inf.mul_(beta2).unsqueeze(0), grad.abs().add_(eps).unsqueeze_(0)], 0);
    exp_inf.copy_(aten.amax(sizes, 0));
  } else {
    aten.maximum(exp_inf.mul_(beta2), grad.abs().add_(eps), { out: exp_inf });
  }
  if (capturable) {
    const correction = (power(beta1, state.step) as Tensor).sub(1).div_(lr as number);
    param.addcdiv_(exp_avg, exp_inf.mul(correction));
    return;
  }
  const step_size = divide(lr, complement(power(beta1, state.step.item())));
  param.addcdiv_(exp_avg, exp_inf, { value: -factor_of(step_size, "addcdiv_(): argument 'value'") });
}
