import { type Arguments, signature } from '../arguments.ts';
import { ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { float_str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { type Closure, fill_in, option_text, Optimizer } from './optimizer.ts';
import type { OptimizerState, ParamGroup, Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_dense, check_foreach } from './options.ts';
import { check_lr, check_range, factor_of, goes_one_by_one, gradient_of, number_of } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { number_tensor } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface AdadeltaOptions extends CapturableOptions {
  lr?: number | Tensor;
  rho?: number;
  eps?: number;
  weight_decay?: number;
}

/** A parameter group of `Adadelta`, with all its options. */
export interface AdadeltaParamGroup extends ParamGroup, Required<AdadeltaOptions> {
  lr: number | Tensor;
}

interface AdadeltaParameters extends AdadeltaOptions {
  params: Params<AdadeltaParamGroup>;
}

const adadelta_arguments = signature<AdadeltaParameters>(
  'Adadelta',
  ['params', ['lr', 1], ['rho', 0.9], ['eps', 1e-6], ['weight_decay', 0], ['foreach', null]],
  [['capturable', false], ['maximize', false], ['differentiable', false]],
);

/** What Adadelta remembers of a parameter. */
interface AdadeltaState {
  step: Tensor;
  square_avg: Tensor;
  acc_delta: Tensor;
}

/**
 * Adadelta: steps as long as those before, over as much as the gradient has lately been.
 *
 * ```ts
 * const optimizer = new optim.Adadelta(model.parameters(), { rho: 0.95 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr what each step is multiplied by, a number or a tensor of one element (default: 1)
 * @param rho the decay rate of the running averages (default: 0.9)
 * @param eps added to the averages before their root is taken (default: 1e-6)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @param maximize go up, not down (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 */
export class Adadelta extends Optimizer<AdadeltaParamGroup> {
  constructor(
    ...args: Arguments<AdadeltaParameters, ['params', 'lr', 'rho', 'eps', 'weight_decay', 'foreach']>
  ) {
    const { params, lr, rho, eps, weight_decay, foreach, ...rest } = adadelta_arguments(args);
    const { capturable, maximize, differentiable } = rest;
    check_lr(lr);
    if (!(number_of('rho', rho) >= 0 && rho <= 1)) throw new ValueError(`Invalid rho value: ${option_text(rho)}`);
    check_range('eps', 'epsilon value', eps, 0);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    super(params, { lr, rho, eps, weight_decay, maximize, capturable, foreach, differentiable });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdadeltaParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { maximize: false, foreach: null, capturable: false, differentiable: false });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  protected override _option_repr(name: string, value: unknown): string {
    // Whole numbers that Python's defaults have as floats.
    return name === 'lr' && value === 1 ? float_str(value) : super._option_repr(name, value);
  }

  #update(group: AdadeltaParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('Adadelta', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]), undefined, false);
    if (goes_one_by_one(group, gradients)) tensors.forEach((param, i) => update_one(group, param, states[i]!));
    else in_pieces(chunk, gradients, states, [], (piece) => update_all(group, piece));
  }

  #state_of(group: AdadeltaParamGroup, param: Tensor): AdadeltaState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = number_tensor(group, param, 0);
      state['square_avg'] = aten.zeros_like(param);
      state['acc_delta'] = aten.zeros_like(param);
    }
    return state as unknown as AdadeltaState;
  }
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: AdadeltaParamGroup, piece: Piece<AdadeltaState>): void {
  const { rho, eps, weight_decay } = group;
  const { chunk, params } = piece;
  let { grads } = piece;
  piece.count_each();
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  const square_avgs = piece.column('square_avg');
  const acc_deltas = piece.column('acc_delta');
  aten._foreach_mul_(square_avgs, chunk.scalar(rho) as number);
  aten._foreach_addcmul_(square_avgs, grads, grads, 1 - rho);
  const deviations = chunk.plus(square_avgs, eps, 1);
  aten._foreach_sqrt_(deviations);
  const deltas = chunk.plus(acc_deltas, eps, 2);
  aten._foreach_sqrt_(deltas);
  aten._foreach_div_(deltas, deviations);
  aten._foreach_mul_(deltas, grads);
  aten._foreach_mul_(acc_deltas, chunk.scalar(rho) as number);
  aten._foreach_addcmul_(acc_deltas, deltas, deltas, 1 - rho);
  aten._foreach_add_(params, deltas, { alpha: -factor_of(group.lr, "_foreach_add_(): argument 'alpha'") });
}

/** One parameter by itself. */
function update_one(group: AdadeltaParamGroup, param: Tensor, state: AdadeltaState): void {
  const { rho, eps, weight_decay } = group;
  state.step.add_(1);
  let grad = gradient_of(group, param);
  if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });
  grad = as_real(grad);
  const square_avg = as_real(state.square_avg);
  const acc_delta = as_real(state.acc_delta);
  square_avg.mul_(rho).addcmul_(grad, grad, { value: 1 - rho });
  const deviation = square_avg.add(eps).sqrt_();
  let delta = acc_delta.add(eps).sqrt_();
  if (group.differentiable) delta = delta.clone();
  delta.div_(deviation).mul_(grad);
  acc_delta.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
  if (param.is_complex()) delta = aten.view_as_complex(delta);
  param.add_(delta, { alpha: -factor_of(group.lr, "add_(): argument 'alpha'") });
}
