import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, RuntimeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { float_str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { check_dense, check_one_element, gradient_of, number_of, to_scalar } from './options.ts';
import { complement, divide, least, multiply, number_tensor, power } from './scalars.ts';

export interface AdafactorOptions {
  lr?: number | Tensor;
  beta2_decay?: number;
  eps?: readonly [for_squares: number | null, for_steps: number];
  d?: number;
  weight_decay?: number;
  foreach?: boolean | null;
  maximize?: boolean;
}

/** A parameter group of `Adafactor`, with all its options. */
export interface AdafactorParamGroup extends ParamGroup, Required<AdafactorOptions> {
  lr: number | Tensor;
}

interface AdafactorParameters extends AdafactorOptions {
  params: Params<AdafactorParamGroup>;
}

const adafactor_arguments = signature<AdafactorParameters>(
  'Adafactor',
  ['params', ['lr', 1e-2], ['beta2_decay', -0.8], ['eps', [null, 1e-3]], ['d', 1], ['weight_decay', 0]],
  [['foreach', null], ['maximize', false]],
);

/** What Adafactor remembers of a parameter: of a matrix the mean squares of rows and columns, else of each element. */
interface AdafactorState {
  step: Tensor;
  row_var?: Tensor;
  col_var?: Tensor;
  variance?: Tensor;
}

/**
 * Adafactor: like Adam, but it remembers of a matrix of gradients only how large its rows and its columns have been.
 *
 * ```ts
 * const optimizer = new optim.Adafactor(model.parameters(), { lr: 0.01 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the greatest learning rate, relative to the size of the parameter, a number or a tensor of one element
 *   (default: 0.01)
 * @param beta2_decay the power of the step by which the latest gradient counts in the averages (default: -0.8)
 * @param eps the least root of a mean square (null: the dtype's epsilon) and the least size of a parameter to count
 *   with (default: `[null, 0.001]`)
 * @param d the greatest root mean square of a step, before it is multiplied by the learning rate (default: 1)
 * @param weight_decay how much the parameter shrinks in a step, times the learning rate (default: 0)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (by name only; null: no)
 * @param maximize go up, not down (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 */
export class Adafactor extends Optimizer<AdafactorParamGroup> {
  constructor(...args: Arguments<AdafactorParameters, ['params', 'lr', 'beta2_decay', 'eps', 'd', 'weight_decay']>) {
    const { params, lr, beta2_decay, eps, d, weight_decay, foreach, maximize } = adafactor_arguments(args);
    check_one_element('lr', lr);
    check(number_of('lr', lr) >= 0, 'Learning rate should be >= 0', lr);
    check(number_of('beta2_decay', beta2_decay) <= 0, 'beta2_decay should be <= 0', beta2_decay);
    check(eps[0] === null || number_of('eps', eps[0]) >= 0, 'epsilon1 should be >= 0', eps[0]);
    check(number_of('eps', eps[1]) >= 0, 'epsilon2 should be >= 0', eps[1]);
    check(number_of('d', d) >= 1, 'Clipping threshold d should be >= 1', d);
    check(number_of('weight_decay', weight_decay) >= 0, 'weight_decay should be >= 0', weight_decay);
    super(params, { lr, beta2_decay, eps, d, weight_decay, foreach, maximize });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdafactorParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { foreach: null });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, _chunk, gradients) => {
      const { tensors } = gradients;
      if (tensors[0]!.is_complex()) throw new RuntimeError('Adafactor does not support complex parameters');
      check_dense('Adafactor', gradients);
      if (this.grad_scale != null || this.found_inf != null) {
        throw new AssertionError('Grad scaling should occur outside of optimizer.step()');
      }
      const states = tensors.map((param) => this.#state_of(param));
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    });
  }

  protected override _option_repr(name: string, value: unknown): string {
    // Whole numbers that Python's defaults have as floats.
    const is_float = name === 'beta2_decay' || (name === 'd' && value === 1) || (name === 'weight_decay' && value === 0);
    return is_float ? float_str(value) : super._option_repr(name, value);
  }

  #state_of(param: Tensor): AdafactorState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      const grad = param.grad!;
      state['step'] = number_tensor({}, param, 0);
      if (grad.ndim > 1) {
        const shape = [...grad.shape];
        state['row_var'] = grad.new_zeros([...shape.slice(0, -1), 1]);
        state['col_var'] = grad.new_zeros([...shape.slice(0, -2), 1, shape.at(-1)!]);
      } else {
        state['variance'] = aten.zeros_like(grad);
      }
    }
    return state as unknown as AdafactorState;
  }
}

function check(condition: boolean, what: string, value: unknown): void {
  if (!condition) throw new ValueError(`${what} but is: ${float_str(value)}`);
}

/** The 2-norm of a tensor. */
function norm(tensor: Tensor): number {
  const result = aten.linalg_vector_norm(tensor);
  const value = result.item();
  native.dispose(result._h);
  return value;
}

/** The running averages of the squares along one dimension, with the latest gradient in them. */
function average_along(grad: Tensor, dim: number, averages: Tensor, weight: number): void {
  const means = aten.linalg_vector_norm(grad, 2, [dim], true);
  means.mul_(means).div_(grad.size(dim));
  averages.lerp_(means, weight);
  native.dispose(means._h);
}

function update_one(group: AdafactorParamGroup, param: Tensor, state: AdafactorState): void {
  const { beta2_decay, d, weight_decay, foreach } = group;
  const lr = to_scalar(group.lr);
  const eps1 = group.eps[0] ?? new finfo(param.dtype).eps;
  const eps2 = group.eps[1];
  const grad = gradient_of(group, param);
  state.step.add_(1);
  const step = state.step.item();
  const weight = power(step, beta2_decay) as number;
  const rate = least(lr, 1 / (power(step, 0.5) as number));
  const size = Math.max(eps2, norm(param) / (power(param.numel(), 0.5) as number));
  const alpha = multiply(size, rate);
  if (weight_decay !== 0) param.mul_(complement(multiply(lr, weight_decay)) as Tensor);

  let estimate: Tensor;
  if (grad.ndim > 1) {
    const { row_var, col_var } = state;
    if (row_var === undefined || col_var === undefined) {
      throw new AssertionError('row_var and col_var should be defined when grad is multidimensional');
    }
    average_along(grad, -1, row_var, weight);
    average_along(grad, -2, col_var, weight);
    estimate = row_var.matmul(col_var);
    const mean = row_var.mean([-2], true).clamp_min_(eps1);
    estimate.div_(mean);
    native.dispose(mean._h);
  } else {
    const { variance } = state;
    if (variance === undefined) throw new AssertionError('variance should be defined when grad is a vector');
    const squares = grad.mul(grad);
    variance.lerp_(squares, weight);
    native.dispose(squares._h);
    estimate = variance.clone();
  }
  const update = estimate.clamp_min_(eps1 * eps1).rsqrt_().mul_(grad);
  const divisor = Math.max(1, norm(update) / ((power(update.numel(), 0.5) as number) * d));
  const factor = -number_of('lr', divide(alpha, divisor));
  if (foreach) param.add_(update.mul_(factor));
  else param.add_(update, { alpha: factor });
  native.dispose(update._h);
}
