import { type Arguments, signature } from '../arguments.ts';
import { Complex } from '../complex.ts';
import { ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { float_str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, type CapturableOptions, check_capturable, check_dense, check_foreach, check_lr } from './options.ts';
import { factor_of, goes_one_by_one, gradient_of, number_of } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { number_tensor } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface RpropOptions extends CapturableOptions {
  lr?: number | Tensor;
  etas?: readonly [shrink: number, grow: number];
  step_sizes?: readonly [least: number, most: number];
}

/** A parameter group of `Rprop`, with all its options. */
export interface RpropParamGroup extends ParamGroup, Required<RpropOptions> {
  lr: number | Tensor;
}

interface RpropParameters extends RpropOptions {
  params: Params<RpropParamGroup>;
}

const rprop_arguments = signature<RpropParameters>(
  'Rprop',
  ['params', ['lr', 1e-2], ['etas', [0.5, 1.2]], ['step_sizes', [1e-6, 50]]],
  [['capturable', false], ['foreach', null], ['maximize', false], ['differentiable', false]],
);

/** What Rprop remembers of a parameter. */
interface RpropState {
  step: Tensor;
  /** The last gradient, with zeros where it has turned round. */
  prev: Tensor;
  step_size: Tensor;
}

/**
 * Rprop: each element has a step size of its own, which grows while its gradient keeps its sign and shrinks when it
 * turns round. Nothing else of the gradient counts, so it is meant for gradients over all the data.
 *
 * ```ts
 * const optimizer = new optim.Rprop(model.parameters(), { lr: 0.01 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the step size at the start, a number or a tensor of one element (default: 0.01)
 * @param etas what a step size is multiplied by to shrink and to grow (default: `[0.5, 1.2]`)
 * @param step_sizes the least and the greatest step size (default: `[1e-6, 50]`)
 * @param capturable make steps that a graph of CUDA can hold (by name only; default: false)
 * @param foreach not needed here: both ways of Python's give the same numbers (by name only)
 * @param maximize go up, not down (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html
 */
export class Rprop extends Optimizer<RpropParamGroup> {
  constructor(...args: Arguments<RpropParameters, ['params', 'lr', 'etas', 'step_sizes']>) {
    const { params, lr, etas, step_sizes, ...flags } = rprop_arguments(args);
    const { capturable, foreach, maximize, differentiable } = flags;
    check_lr(lr);
    if (!(number_of('etas', etas[0]) > 0 && etas[0] < 1 && number_of('etas', etas[1]) > 1)) {
      throw new ValueError(`Invalid eta values: ${float_str(etas[0])}, ${float_str(etas[1])}`);
    }
    super(params, { lr, etas, step_sizes, foreach, maximize, differentiable, capturable });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: RpropParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { maximize: false, foreach: null, capturable: false, differentiable: false });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: RpropParamGroup, chunk: Chunk, gradients: Gradients): void {
    check_dense('Rprop', gradients);
    const { tensors } = gradients;
    const states = tensors.map((param) => this.#state_of(group, param));
    check_foreach(group);
    if (group.capturable) check_capturable(tensors, states.map(({ step }) => [step]));
    if (goes_one_by_one(group, gradients)) tensors.forEach((param, i) => update_one(group, param, states[i]!));
    else in_pieces(chunk, gradients, states, [], (piece) => update_all(group, piece));
  }

  #state_of(group: RpropParamGroup, param: Tensor): RpropState {
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      const lr = factor_of(group.lr, "full_like(): argument 'fill_value' (position 2)");
      state['step'] = number_tensor(group, param, 0);
      state['prev'] = aten.zeros_like(param);
      state['step_size'] = aten.full_like(param.grad!, param.is_complex() ? new Complex(lr, lr) : lr);
    }
    return state as unknown as RpropState;
  }
}

/** Puts `value` where `mask` is true, and frees the mask. */
function put(tensor: Tensor, mask: Tensor, value: number): void {
  tensor.masked_fill_(mask, value);
  native.dispose(mask._h);
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: RpropParamGroup, piece: Piece<RpropState>): void {
  const [shrink, grow] = group.etas;
  const [smallest, largest] = group.step_sizes;
  const { chunk, params } = piece;
  piece.count_each();
  const previous = piece.column('prev');
  const step_sizes = piece.column('step_size');
  const signs = aten._foreach_mul(piece.grads, previous);
  if (group.maximize) aten._foreach_neg_(signs);
  aten._foreach_sign_(signs);
  aten._foreach_copy_(previous, piece.grads);
  if (group.maximize) aten._foreach_neg_(previous);
  const gradients = piece.tensors('prev');
  signs.forEach((sign, i) => {
    const turned = sign.lt(0);
    gradients[i]!.masked_fill_(turned, 0);
    put(sign, sign.gt(0), grow);
    put(sign, turned, shrink);
    put(sign, sign.eq(0), 1);
  });
  aten._foreach_mul_(step_sizes, signs);
  aten._foreach_clamp_min_(step_sizes, smallest);
  aten._foreach_clamp_max_(step_sizes, largest);
  const directions = chunk.derive(0, previous, aten._foreach_sign, aten._foreach_sign_);
  aten._foreach_addcmul_(params, directions, step_sizes, -1);
  for (const sign of signs) native.dispose(sign._h);
}

/** One parameter by itself. */
function update_one(group: RpropParamGroup, param: Tensor, state: RpropState): void {
  const [shrink, grow] = group.etas;
  const [smallest, largest] = group.step_sizes;
  let grad = as_real(gradient_of(group, param));
  const previous = as_real(state.prev);
  const step_size = as_real(state.step_size);
  param = as_real(param);
  state.step.add_(1);
  const sign = grad.mul(group.differentiable ? previous.clone() : previous).sign();
  const turned = sign.lt(0);
  put(sign, sign.gt(0), grow);
  sign.masked_fill_(turned, shrink);
  put(sign, sign.eq(0), 1);
  step_size.mul_(sign).clamp_(smallest, largest);
  grad = grad.clone();
  grad.masked_fill_(turned, 0);
  param.addcmul_(grad.sign(), step_size, { value: -1 });
  previous.copy_(grad);
}
