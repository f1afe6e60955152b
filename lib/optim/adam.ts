import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, KeyError, RuntimeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { check_capturable, check_fused, check_fused_param, check_one_element, check_range } from './options.ts';
import { check_foreach, check_lr, type CommonOptions, number_of, to_scalar } from './options.ts';
import { complement, divide, number_tensor, power } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

/** The decay rates of the two running averages: two numbers, or two tensors of one element. */
export type Betas = readonly [number | Tensor, number | Tensor];

export interface AdamOptions extends CommonOptions {
  lr?: number | Tensor;
  betas?: Betas;
  eps?: number;
  weight_decay?: number;
  amsgrad?: boolean;
  capturable?: boolean;
  decoupled_weight_decay?: boolean;
}

/** A parameter group of `Adam` or `AdamW`, with all its options. */
export interface AdamParamGroup extends ParamGroup, Required<AdamOptions> {
  lr: number | Tensor;
}

interface AdamParameters extends AdamOptions {
  params: Params<AdamParamGroup>;
}

const adam_arguments = signature<AdamParameters>(
  'Adam',
  ['params', ['lr', 1e-3], ['betas', [0.9, 0.999]], ['eps', 1e-8], ['weight_decay', 0], ['amsgrad', false]],
  [
    ['foreach', null],
    ['maximize', false],
    ['capturable', false],
    ['differentiable', false],
    ['fused', null],
    ['decoupled_weight_decay', false],
  ],
);

/** What Adam remembers of a parameter. */
interface AdamState {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  max_exp_avg_sq?: Tensor;
}

/**
 * Adam: steps of about the learning rate in each parameter, from running averages of the gradient and of its square.
 *
 * ```ts
 * const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3, betas: [0.9, 0.999] });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.001)
 * @param betas the decay rates of the averages of the gradient and of its square (default: `[0.9, 0.999]`)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param amsgrad divide by the largest average of the square so far (default: false)
 * @param foreach update all parameters with one operator after the other (null: yes, wherever that gives the same
 *   numbers) or, if false, one parameter after the other where it matters, on a GPU (by name only)
 * @param maximize go up, not down (by name only; default: false)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @param fused use LibTorch's fused operator, whose numbers differ a little (by name only)
 * @param decoupled_weight_decay shrink the parameter itself, as `AdamW` does (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer<AdamParamGroup> {
  constructor(...args: Arguments<AdamParameters, ['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad']>) {
    const options = adam_arguments(args);
    const { params, lr, eps, weight_decay, amsgrad, decoupled_weight_decay, capturable, ...rest } = options;
    const { betas, maximize, foreach, differentiable, fused } = rest;
    if (lr instanceof Tensor && foreach && !capturable) {
      throw new ValueError('lr as a Tensor is not supported for capturable=False and foreach=True');
    }
    check_lr(lr);
    check_range('eps', 'epsilon value', eps, 0);
    check_betas(betas, foreach === true && !capturable);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    super(params, {
      lr, betas: betas.map(to_scalar), eps, weight_decay, amsgrad, maximize, foreach, capturable, differentiable, fused,
      decoupled_weight_decay,
    });
    check_fused(rest);
    if (rest.fused) this._step_supports_amp_scaling = true;
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdamParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, {
      amsgrad: false, maximize: false, foreach: null, capturable: false, differentiable: false,
      decoupled_weight_decay: false, fused: null,
    });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: AdamParamGroup, chunk: Chunk, gradients: Gradients): void {
    if (gradients.any_sparse) {
      throw new RuntimeError('Adam does not support sparse gradients, please consider SparseAdam instead');
    }
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    if (group.foreach && !group.capturable && group.lr instanceof Tensor) {
      throw new RuntimeError('lr as a Tensor is not supported for capturable=False and foreach=True');
    }
    if (group.fused) return this.#update_fused(group, chunk, gradients, states);
    if (this.grad_scale != null || this.found_inf != null) {
      throw new AssertionError('Expected grad_scale and found_inf to be None');
    }
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]), undefined, !group.foreach);
    const [beta1, beta2] = group.betas;
    const one_by_one =
      group.capturable ||
      group.differentiable ||
      group.lr instanceof Tensor ||
      beta1 instanceof Tensor ||
      beta2 instanceof Tensor ||
      tensors[0]!.is_complex() ||
      (group.foreach === false && !tensors[0]!.is_cpu);
    if (one_by_one) tensors.forEach((param, i) => update_one(group, param, states[i]!));
    else update_all(group, chunk, gradients, states);
  }

  #state_of(group: AdamParamGroup, param: Tensor): AdamState {
    const state = this.state.get(param);
    if (state['exp_avg'] === undefined) {
      if (group.fused) check_fused_param(param);
      state['step'] = number_tensor(group, param, 0);
      state['exp_avg'] = aten.zeros_like(param);
      state['exp_avg_sq'] = aten.zeros_like(param);
      if (group.amsgrad) state['max_exp_avg_sq'] = aten.zeros_like(param);
    }
    if (group.amsgrad && state['max_exp_avg_sq'] === undefined) throw new KeyError("'max_exp_avg_sq'");
    if (group.differentiable && (state['step'] as Tensor).requires_grad) {
      throw new RuntimeError('`requires_grad` is not supported for `step` in differentiable mode');
    }
    return state as unknown as AdamState;
  }

  #update_fused(group: AdamParamGroup, chunk: Chunk, gradients: Gradients, states: readonly AdamState[]): void {
    if (group.differentiable) throw new RuntimeError('Adam with fused=True does not support differentiable=True');
    const [beta1, beta2] = group.betas;
    const { device } = gradients.tensors[0]!;
    const steps = chunk.column('step', states.map(({ step }) => step));
    const found_inf = this.found_inf?.to(device) ?? null;
    aten._foreach_add_(steps, 1);
    const update = group.decoupled_weight_decay ? aten._fused_adamw_ : aten._fused_adam_;
    update(
      gradients.params,
      gradients.grads,
      chunk.column('exp_avg', states.map(({ exp_avg }) => exp_avg)),
      chunk.column('exp_avg_sq', states.map(({ exp_avg_sq }) => exp_avg_sq)),
      group.amsgrad ? chunk.column('max_exp_avg_sq', states.map(({ max_exp_avg_sq }) => max_exp_avg_sq!)) : [],
      steps,
      {
        lr: (group.lr instanceof Tensor && group.lr.is_cpu ? group.lr.item() : group.lr) as number,
        beta1: number_of('betas', beta1),
        beta2: number_of('betas', beta2),
        weight_decay: group.weight_decay,
        eps: group.eps,
        amsgrad: group.amsgrad,
        maximize: group.maximize,
        grad_scale: this.grad_scale?.to(device) ?? null,
        found_inf,
      },
    );
    // A step that a gradient scaler found to have overflowed has not been one.
    if (found_inf !== null) aten._foreach_sub_(steps, states.map(() => found_inf));
  }
}

function check_betas(betas: Betas, foreach_only: boolean): void {
  betas.forEach((beta, i) => {
    if (!(number_of('betas', beta) >= 0 && number_of('betas', beta) < 1)) {
      check_range('betas', `beta parameter at index ${i}`, beta, 0, 1);
    }
  });
  if (betas[0] instanceof Tensor !== betas[1] instanceof Tensor) {
    throw new ValueError('betas must be either both floats or both Tensors');
  }
  betas.forEach((beta, i) => {
    if (!(beta instanceof Tensor)) return;
    if (foreach_only) {
      throw new ValueError(`betas[${i}] as a Tensor is not supported for capturable=False and foreach=True`);
    }
    check_one_element(`betas[${i}]`, beta);
  });
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: AdamParamGroup, chunk: Chunk, gradients: Gradients, states: readonly AdamState[]): void {
  const { eps, weight_decay } = group;
  const lr = group.lr as number;
  const [beta1, beta2] = group.betas as readonly [number, number];
  const { params } = gradients;
  const exp_avgs = chunk.column('exp_avg', states.map((state) => state.exp_avg));
  const exp_avg_sqs = chunk.column('exp_avg_sq', states.map((state) => state.exp_avg_sq));
  const steps = chunk.count(states.map((state) => state.step));

  let grads = gradients.grads;
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) {
    if (group.decoupled_weight_decay) aten._foreach_mul_(params, chunk.scalar(1 - lr * weight_decay) as number);
    else grads = chunk.sum(grads, params, weight_decay);
  }
  aten._foreach_lerp_(exp_avgs, grads, 1 - beta1);
  aten._foreach_mul_(exp_avg_sqs, chunk.scalar(beta2) as number);
  aten._foreach_addcmul_(exp_avg_sqs, grads, grads, 1 - beta2);

  let squares = exp_avg_sqs;
  if (group.amsgrad) {
    squares = chunk.column('max_exp_avg_sq', states.map((state) => state.max_exp_avg_sq!));
    aten._foreach_maximum_(squares, exp_avg_sqs);
  }
  const divisors = chunk.square_root(squares);
  const step_size = (step: number) => -(lr / (1 - native.c_pow(beta1, step)));
  const correction = (step: number) => Math.sqrt(1 - native.c_pow(beta2, step));
  if (steps.every((step) => step === steps[0])) {
    aten._foreach_div_(divisors, chunk.scalar(correction(steps[0]!)) as number);
    aten._foreach_add_(divisors, chunk.scalar(eps) as number);
    aten._foreach_addcdiv_(params, exp_avgs, divisors, step_size(steps[0]!));
  } else {
    aten._foreach_div_(divisors, steps.map(correction));
    aten._foreach_add_(divisors, chunk.scalar(eps) as number);
    aten._foreach_addcdiv_(params, exp_avgs, divisors, steps.map(step_size));
  }
}

/** `1 - beta ** step` for a number of steps that is known. */
function bias_correction(beta: number | Tensor, step: number): number | Tensor {
  return complement(power(beta, step));
}

/** `1 - beta ** step` for a number of steps that is in a tensor. */
function bias_correction_tensor(beta: number | Tensor, step: Tensor): Tensor {
  if (!(beta instanceof Tensor)) return aten.rsub(aten.pow(beta, step), 1);
  // The gradient of `beta` needs the exponent, which the next step overwrites.
  return aten.rsub(aten.pow(beta, beta.requires_grad ? step.clone() : step), 1);
}

/** One parameter by itself: where options are tensors, where the step is recorded, where a graph of CUDA holds it. */
function update_one(group: AdamParamGroup, param: Tensor, state: AdamState): void {
  const { eps, weight_decay, amsgrad, capturable, differentiable } = group;
  const lr = to_scalar(group.lr);
  const [beta1, beta2] = group.betas;
  let { exp_avg, exp_avg_sq, max_exp_avg_sq } = state;
  let grad = param.grad!;
  if (group.maximize) grad = aten.neg(grad);

  state.step.add_(1);
  if (weight_decay !== 0) {
    if (!group.decoupled_weight_decay) grad = grad.add(param, { alpha: weight_decay });
    else if (lr instanceof Tensor) param.mul_(aten.rsub(lr.mul(weight_decay), 1));
    else param.mul_(1 - lr * weight_decay);
  }
  if (param.is_complex()) {
    [param, grad, exp_avg, exp_avg_sq] = [param, grad, exp_avg, exp_avg_sq].map((x) => aten.view_as_real(x)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    if (max_exp_avg_sq !== undefined) max_exp_avg_sq = aten.view_as_real(max_exp_avg_sq);
  }

  if (beta1 instanceof Tensor) exp_avg.lerp_(grad, aten.rsub(beta1.to(param.device, param.dtype), 1));
  else exp_avg.lerp_(grad, 1 - beta1);
  if (differentiable && beta2 instanceof Tensor && beta2.requires_grad) {
    exp_avg_sq.lerp_(grad.square(), aten.rsub(beta2, 1));
  } else {
    exp_avg_sq.mul_(beta2 as Tensor).addcmul_(grad, grad, { value: number_of('betas', complement(beta2)) });
  }

  if (capturable || differentiable) {
    const step_size = divide(lr, bias_correction_tensor(beta1, state.step)) as Tensor;
    const negative = step_size.neg();
    const correction = bias_correction_tensor(beta2, state.step).sqrt();
    let squares = exp_avg_sq;
    if (amsgrad) {
      squares = max_exp_avg_sq!;
      squares.copy_(aten.maximum(differentiable ? squares.clone() : squares, exp_avg_sq));
    }
    const divisor = squares.sqrt().div(correction.mul(negative)).add_(divide(eps, negative) as Tensor);
    param.addcdiv_(differentiable ? exp_avg.clone() : exp_avg, divisor);
    return;
  }
  const step = state.step.item();
  const step_size = number_of('lr', divide(lr, bias_correction(beta1, step)));
  const squared_correction = bias_correction(beta2, step);
  const correction = squared_correction instanceof Tensor ? squared_correction.pow(0.5) : Math.sqrt(squared_correction);
  if (amsgrad) aten.maximum(max_exp_avg_sq!, exp_avg_sq, { out: max_exp_avg_sq! });
  const squares = amsgrad ? max_exp_avg_sq! : exp_avg_sq;
  const divisor = squares.sqrt().div(correction as Tensor).add_(eps);
  param.addcdiv_(exp_avg, divisor, { value: -step_size });
}
