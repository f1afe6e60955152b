import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_decay_rates, check_dense } from './options.ts';
import { check_foreach, check_lr, check_range, goes_one_by_one, gradient_of, number_of } from './options.ts';
import { to_scalar, uses_lists } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { add, complement, divide, multiply, negate, type Num, number_tensor, power } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface NAdamOptions extends CapturableOptions {
  lr?: number | Tensor;
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  momentum_decay?: number;
  decoupled_weight_decay?: boolean;
}

/** A parameter group of `NAdam`, with all its options. */
export interface NAdamParamGroup extends ParamGroup, Required<NAdamOptions> {
  lr: number | Tensor;
}

interface NAdamParameters extends NAdamOptions {
  params: Params<NAdamParamGroup>;
}

const nadam_arguments = signature<NAdamParameters>(
  'NAdam',
  [
    'params',
    ['lr', 2e-3],
    ['betas', [0.9, 0.999]],
    ['eps', 1e-8],
    ['weight_decay', 0],
    ['momentum_decay', 4e-3],
    ['decoupled_weight_decay', false],
  ],
  [['foreach', null], ['maximize', false], ['capturable', false], ['differentiable', false]],
);

/** What NAdam remembers of a parameter. */
interface NAdamState {
  step: Tensor;
  /** The product of all momenta so far. */
  mu_product: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
}

/**
 * NAdam: Adam with Nesterov's momentum, which grows with the steps.
 *
 * ```ts
 * const optimizer = new optim.NAdam(model.parameters(), { lr: 0.002 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.002)
 * @param betas the decay rates of the averages of the gradient and of its square (default: `[0.9, 0.999]`)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param momentum_decay how fast the momentum grows (default: 0.004)
 * @param decoupled_weight_decay shrink the parameter itself, as `AdamW` does (default: false)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (by name only; default: false)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 */
export class NAdam extends Optimizer<NAdamParamGroup> {
  constructor(
    ...args: Arguments<
      NAdamParameters,
      ['params', 'lr', 'betas', 'eps', 'weight_decay', 'momentum_decay', 'decoupled_weight_decay']
    >
  ) {
    const { params, lr, betas, eps, weight_decay, momentum_decay, ...flags } = nadam_arguments(args);
    const { decoupled_weight_decay, foreach, maximize, capturable, differentiable } = flags;
    check_lr(lr);
    check_range('eps', 'epsilon value', eps, 0);
    check_decay_rates(betas);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    check_range('momentum_decay', 'momentum_decay value', momentum_decay, 0);
    super(params, {
      lr, betas, eps, weight_decay, momentum_decay, decoupled_weight_decay, maximize, foreach, capturable,
      differentiable,
    });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: NAdamParamGroup[] }): void {
    super.__setstate__(state);
    const flags = { maximize: false, foreach: null, capturable: false, differentiable: false };
    fill_in(this, { ...flags, decoupled_weight_decay: false }, ['step', 'mu_product']);
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: NAdamParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('NAdam', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) {
      const what = group.foreach
        ? 'params, mu_products, and state_steps'
        : 'params, mu_products and state_steps';
      check_capturable(tensors, states.map(({ step, mu_product }) => [step, mu_product]), what, !group.foreach);
    }
    if (goes_one_by_one(group, gradients) || group.lr instanceof Tensor) {
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    } else {
      const lists = uses_lists(group, gradients);
      in_pieces(chunk, gradients, states, ['step', 'mu_product'], (piece) => update_all(group, piece, lists));
    }
  }

  #state_of(group: NAdamParamGroup, param: Tensor): NAdamState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(group, param, 0);
      state['mu_product'] = number_tensor(group, param, 1);
      state['exp_avg'] = aten.zeros_like(param);
      state['exp_avg_sq'] = aten.zeros_like(param);
    }
    return state as unknown as NAdamState;
  }
}

/** The momentum of a step. */
function momentum_of({ betas, momentum_decay }: NAdamParamGroup, step: Num): Num {
  const decay = power(0.96, multiply(step, momentum_decay));
  return multiply(betas[0], complement(multiply(0.5, decay)));
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: NAdamParamGroup, piece: Piece<NAdamState>, lists: boolean): void {
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

  const correction = complement(power(beta2, step)) as number;
  let divisors;
  if (lists) {
    divisors = chunk.square_root(exp_avg_sqs, 1);
    aten._foreach_div_(divisors, chunk.scalar(power(correction, 0.5) as number) as number);
  } else {
    divisors = chunk.quotient(exp_avg_sqs, correction, 1);
    aten._foreach_sqrt_(divisors);
  }
  aten._foreach_add_(divisors, chunk.scalar(eps) as number);

  const mu = momentum_of(group, step) as number;
  const next_mu = momentum_of(group, step + 1) as number;
  piece.multiply('mu_product', mu);
  const mu_product = piece.number('mu_product');
  aten._foreach_addcdiv_(params, grads, divisors, (-lr * (1 - mu)) / (1 - mu_product));
  aten._foreach_addcdiv_(params, exp_avgs, divisors, (-lr * next_mu) / (1 - mu_product * next_mu));
}

/** One parameter by itself. */
function update_one(group: NAdamParamGroup, param: Tensor, state: NAdamState): void {
  const { eps, weight_decay, capturable, differentiable } = group;
  const lr = to_scalar(group.lr);
  const [beta1, beta2] = group.betas;
  const { mu_product } = state;
  let grad = as_real(gradient_of(group, param));
  param = as_real(param);
  let exp_avg = as_real(state.exp_avg);
  const exp_avg_sq = as_real(state.exp_avg_sq);
  state.step.add_(1);
  const step: Num = capturable ? state.step : state.step.item();
  const correction = complement(power(beta2, step));
  if (weight_decay !== 0) {
    if (group.decoupled_weight_decay) param.mul_(complement(multiply(lr, weight_decay)) as Tensor);
    else grad = grad.add(param, { alpha: weight_decay });
  }
  const mu = momentum_of(group, step);
  const next_mu = momentum_of(group, add(step, 1));
  mu_product.mul_(mu as Tensor);
  exp_avg.lerp_(grad, 1 - beta1);
  exp_avg_sq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
  const divisor = exp_avg_sq.div(correction as Tensor).sqrt();
  const share = (momentum: Num, product: Num): Num =>
    divide(multiply(negate(lr), momentum), complement(product));
  if (differentiable || capturable) {
    const sum = divisor.add(eps);
    const next_product = mu_product.mul(next_mu as Tensor);
    grad = grad.mul(share(complement(mu), mu_product) as Tensor);
    exp_avg = exp_avg.mul(share(next_mu, next_product) as Tensor);
    param.addcdiv_(grad, sum);
    param.addcdiv_(exp_avg, sum);
    return;
  }
  const product = mu_product.item();
  divisor.add_(eps);
  param.addcdiv_(grad, divisor, { value: number_of('lr', share(complement(mu), product)) });
  param.addcdiv_(exp_avg, divisor, { value: number_of('lr', share(next_mu, multiply(product, next_mu))) });
}
