import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_decay_rates, check_dense } from './options.ts';
import { check_foreach, check_lr, check_range, goes_one_by_one, gradient_of, to_scalar } from './options.ts';
import { uses_lists } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { complement, divide, multiply, type Num, number_tensor, power, subtract } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface RAdamOptions extends CapturableOptions {
  lr?: number | Tensor;
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  decoupled_weight_decay?: boolean;
}

/** A parameter group of `RAdam`, with all its options. */
export interface RAdamParamGroup extends ParamGroup, Required<RAdamOptions> {
  lr: number | Tensor;
}

interface RAdamParameters extends RAdamOptions {
  params: Params<RAdamParamGroup>;
}

const radam_arguments = signature<RAdamParameters>(
  'RAdam',
  [
    'params',
    ['lr', 1e-3],
    ['betas', [0.9, 0.999]],
    ['eps', 1e-8],
    ['weight_decay', 0],
    ['decoupled_weight_decay', false],
  ],
  [['foreach', null], ['maximize', false], ['capturable', false], ['differentiable', false]],
);

/** What RAdam remembers of a parameter. */
interface RAdamState {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
}

/**
 * RAdam: Adam that divides only once it has seen enough gradients for their mean square to mean something.
 *
 * ```ts
 * const optimizer = new optim.RAdam(model.parameters(), { lr: 0.001 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.001)
 * @param betas the decay rates of the averages of the gradient and of its square (default: `[0.9, 0.999]`)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param decoupled_weight_decay shrink the parameter itself, as `AdamW` does (default: false)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (by name only; default: false)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html
 */
export class RAdam extends Optimizer<RAdamParamGroup> {
  constructor(
    ...args: Arguments<
      RAdamParameters,
      ['params', 'lr', 'betas', 'eps', 'weight_decay', 'decoupled_weight_decay']
    >
  ) {
    const { params, lr, betas, eps, weight_decay, decoupled_weight_decay, ...flags } = radam_arguments(args);
    const { foreach, maximize, capturable, differentiable } = flags;
    check_lr(lr);
    check_range('eps', 'epsilon value', eps, 0);
    check_decay_rates(betas);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    super(params, {
      lr, betas, eps, weight_decay, maximize, foreach, capturable, decoupled_weight_decay, differentiable,
    });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: RAdamParamGroup[] }): void {
    super.__setstate__(state);
    const flags = { foreach: null, maximize: false, differentiable: false, capturable: false };
    fill_in(this, { ...flags, decoupled_weight_decay: false });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: RAdamParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('RAdam', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]), undefined, !group.foreach);
    if (goes_one_by_one(group, gradients) || group.lr instanceof Tensor) {
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    } else {
      const lists = uses_lists(group, gradients);
      in_pieces(chunk, gradients, states, ['step'], (piece) => update_all(group, piece, lists));
    }
  }

  #state_of(group: RAdamParamGroup, param: Tensor): RAdamState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(group, param, 0);
      state['exp_avg'] = aten.zeros_like(param);
      state['exp_avg_sq'] = aten.zeros_like(param);
    }
    return state as unknown as RAdamState;
  }
}

/** Of how many gradients the averages consist: after many steps, and after `step` of them. */
function averaged(beta2: number, step: Num): { at_most: number; now: Num } {
  const at_most = 2 / (1 - beta2) - 1;
  const weight = power(beta2, step);
  const now = subtract(at_most, divide(multiply(multiply(2, step), weight), complement(weight)));
  return { at_most, now };
}

/** What the adaptive step has to be multiplied by, since it varies more after few steps. */
function rectification({ at_most, now }: { at_most: number; now: Num }): Num {
  const numerator = multiply(multiply(subtract(now, 4), subtract(now, 2)), at_most);
  return power(divide(numerator, multiply((at_most - 4) * (at_most - 2), now)), 0.5);
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: RAdamParamGroup, piece: Piece<RAdamState>, lists: boolean): void {
  const { eps, weight_decay } = group;
  const lr = group.lr as number;
  const [beta1, beta2] = group.betas;
  const { chunk, params } = piece;
  let { grads } = piece;
  const step = piece.count();
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) {
    if (group.decoupled_weight_decay) aten._foreach_mul_(params, chunk.scalar(1 - lr * weight_decay) as number);
    else grads = chunk.sum(grads, params, weight_decay);
  }
  const exp_avgs = piece.column('exp_avg');
  const exp_avg_sqs = piece.column('exp_avg_sq');
  aten._foreach_lerp_(exp_avgs, grads, 1 - beta1);
  aten._foreach_mul_(exp_avg_sqs, chunk.scalar(beta2) as number);
  aten._foreach_addcmul_(exp_avg_sqs, grads, grads, 1 - beta2);

  const correction1 = complement(power(beta1, step)) as number;
  const correction2 = power(complement(power(beta2, step)), 0.5) as number;
  const length = averaged(beta2, step);
  const adaptive = (length.now as number) > 5;
  const rect = adaptive ? (rectification(length) as number) : 0;
  if (lists) {
    const factors = chunk.square_root(exp_avg_sqs, 1);
    aten._foreach_add_(factors, chunk.scalar(eps) as number);
    aten._foreach_div_(factors, chunk.scalar(-(correction2 * ((lr * rect) / correction1))) as number);
    aten._foreach_reciprocal_(factors);
    aten._foreach_add_(factors, chunk.scalar(-((lr * (adaptive ? 0 : 1)) / correction1)) as number);
    aten._foreach_addcmul_(params, exp_avgs, factors, 1);
    return;
  }
  const updates = chunk.quotient(exp_avgs, correction1);
  aten._foreach_mul_(updates, chunk.scalar(lr) as number);
  if (adaptive) {
    const factors = chunk.square_root(exp_avg_sqs, 1);
    aten._foreach_add_(factors, chunk.scalar(eps) as number);
    aten._foreach_reciprocal_(factors);
    aten._foreach_mul_(factors, chunk.scalar(correction2) as number);
    aten._foreach_mul_(updates, factors);
    aten._foreach_mul_(updates, chunk.scalar(rect) as number);
  }
  aten._foreach_add_(params, updates, { alpha: -1 });
}

/** One parameter by itself. */
function update_one(group: RAdamParamGroup, param: Tensor, state: RAdamState): void {
  const { eps, weight_decay, capturable, differentiable } = group;
  const lr = to_scalar(group.lr) as Tensor;
  const [beta1, beta2] = group.betas;
  let grad = as_real(gradient_of(group, param));
  param = as_real(param);
  const exp_avg = as_real(state.exp_avg);
  const exp_avg_sq = as_real(state.exp_avg_sq);
  state.step.add_(1);
  const step: Num = capturable ? state.step : state.step.item();
  if (weight_decay !== 0) {
    if (group.decoupled_weight_decay) param.mul_(complement(multiply(lr, weight_decay)) as Tensor);
    else grad = grad.add(param, { alpha: weight_decay });
  }
  exp_avg.lerp_(grad, 1 - beta1);
  exp_avg_sq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
  const average = exp_avg.div(complement(power(beta1, step)) as Tensor).mul(lr);
  const length = averaged(beta2, step);
  const adaptive = (): Tensor => {
    const root = exp_avg_sq.sqrt();
    const correction = power(complement(power(beta2, step)), 0.5);
    return divide(correction, differentiable ? root.add(eps) : root.add_(eps)) as Tensor;
  };
  if (length.now instanceof Tensor) {
    // Which of the two it is has to be decided on the device.
    const factor = multiply(rectification(length), adaptive()) as Tensor;
    param.add_(average.mul(aten.where(length.now.gt(5), factor, 1)), { alpha: -1 });
  } else if (length.now > 5) {
    param.add_(average.mul(adaptive()).mul(rectification(length) as Tensor), { alpha: -1 });
  } else {
    param.add_(average, { alpha: -1 });
  }
}
