import { type Arguments, signature } from '../arguments.ts';
import { Complex } from '../complex.ts';
import { AssertionError, RuntimeError } from '../errors.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, check_foreach, check_fused, check_fused_param, check_lr, check_range } from './options.ts';
import { type CommonOptions, factor_of, goes_one_by_one, gradient_of, to_scalar, uses_lists } from './options.ts';
import { in_pieces, type Piece } from './pieces.ts';
import { divide, number_tensor } from './scalars.ts';
import { values_at, with_values } from './sparse_values.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface AdagradOptions extends CommonOptions {
  lr?: number | Tensor;
  lr_decay?: number;
  weight_decay?: number;
  initial_accumulator_value?: number;
  eps?: number;
}

/** A parameter group of `Adagrad`, with all its options. */
export interface AdagradParamGroup extends ParamGroup, Required<AdagradOptions> {
  lr: number | Tensor;
}

interface AdagradParameters extends AdagradOptions {
  params: Params<AdagradParamGroup>;
}

const adagrad_arguments = signature<AdagradParameters>(
  'Adagrad',
  [
    'params',
    ['lr', 1e-2],
    ['lr_decay', 0],
    ['weight_decay', 0],
    ['initial_accumulator_value', 0],
    ['eps', 1e-10],
    ['foreach', null],
  ],
  [['maximize', false], ['differentiable', false], ['fused', null]],
);

/** What Adagrad remembers of a parameter. */
interface AdagradState {
  step: Tensor;
  /** The sum of the squares of all gradients. */
  sum: Tensor;
}

/**
 * Adagrad: the gradient over the root of the sum of its squares so far. Gradients may be sparse.
 *
 * ```ts
 * const optimizer = new optim.Adagrad(model.parameters(), { lr: 0.01 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.01)
 * @param lr_decay how fast the learning rate decays (default: 0)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param initial_accumulator_value what the sums start from (default: 0)
 * @param eps added to the divisor, so that it is not zero (default: 1e-10)
 * @param foreach compute in the order of Python's operators on lists, whose numbers may differ a little from those of
 *   its loop (null: on a GPU)
 * @param maximize go up, not down (by name only; default: false)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @param fused use LibTorch's fused operator, whose numbers differ a little (by name only)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 */
export class Adagrad extends Optimizer<AdagradParamGroup> {
  constructor(
    ...args: Arguments<
      AdagradParameters,
      ['params', 'lr', 'lr_decay', 'weight_decay', 'initial_accumulator_value', 'eps', 'foreach']
    >
  ) {
    const { params, lr, lr_decay, weight_decay, initial_accumulator_value, eps, ...flags } = adagrad_arguments(args);
    const { foreach, maximize, differentiable, fused } = flags;
    check_lr(lr);
    check_range('lr_decay', 'lr_decay value', lr_decay, 0);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    check_range('initial_accumulator_value', 'initial_accumulator_value value', initial_accumulator_value, 0);
    check_range('eps', 'epsilon value', eps, 0);
    super(params, {
      lr, lr_decay, eps, weight_decay, initial_accumulator_value, foreach, maximize, differentiable, fused,
    });
    check_fused(flags);
    if (flags.fused) this._step_supports_amp_scaling = true;
    for (const group of this.param_groups) {
      for (const param of group.params) this.#start(group, param);
    }
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdagradParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { foreach: null, maximize: false, differentiable: false, fused: null });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  /** Moves the sums into memory that other processes can share. */
  share_memory(): void {
    for (const { params } of this.param_groups) {
      for (const param of params) (this.state.get(param)['sum'] as Tensor).share_memory_();
    }
  }

  #update(group: AdagradParamGroup, chunk: Chunk, gradients: Gradients): void {
    const { tensors } = gradients;
    if (group.fused) tensors.forEach(check_fused_param);
    const states = tensors.map((param) => {
      const state = this.state.get(param);
      if (Object.keys(state).length === 0) this.#start(group, param);
      return state as unknown as AdagradState;
    });
    if (group.fused) return this.#update_fused(group, chunk, gradients, states);
    check_foreach(group);
    if (this.grad_scale != null || this.found_inf != null) {
      throw new AssertionError('Expected grad_scale and found_inf to be None');
    }
    if (gradients.any_sparse || goes_one_by_one(group, gradients) || group.lr instanceof Tensor) {
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    } else {
      const lists = uses_lists(group, gradients);
      in_pieces(chunk, gradients, states, ['step'], (piece) => update_all(group, piece, lists));
    }
  }

  #start(group: AdagradParamGroup, param: Tensor): void {
    const state = this.state.get(param);
    const value = this.defaults['initial_accumulator_value'] as number;
    state['step'] = number_tensor(group, param, 0);
    state['sum'] = aten.full_like(param, param.is_complex() ? new Complex(value, value) : value);
  }

  #update_fused(
    group: AdagradParamGroup,
    chunk: Chunk,
    gradients: Gradients,
    states: readonly AdagradState[],
  ): void {
    if (gradients.any_sparse) throw new RuntimeError('`fused` does not support sparse grad or complex param');
    if (group.differentiable) throw new RuntimeError('adagrad with fused=True does not support differentiable=True');
    const { device } = gradients.tensors[0]!;
    const steps = chunk.column('step', states.map(({ step }) => step));
    const found_inf = this.found_inf?.to(device) ?? null;
    const { lr_decay, weight_decay, eps, maximize } = group;
    aten._foreach_add_(steps, 1);
    aten._fused_adagrad_(gradients.params, gradients.grads, chunk.column('sum', states.map(({ sum }) => sum)), steps, {
      lr: group.lr as number,
      lr_decay,
      weight_decay,
      eps,
      maximize,
      grad_scale: this.grad_scale?.to(device) ?? null,
      found_inf,
    });
    // A step that a gradient scaler found to have overflowed has not been one.
    if (found_inf !== null) aten._foreach_sub_(steps, states.map(() => found_inf));
  }
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: AdagradParamGroup, piece: Piece<AdagradState>, lists: boolean): void {
  const { lr_decay, weight_decay, eps } = group;
  const { chunk, params } = piece;
  let { grads } = piece;
  const step = piece.count();
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  const sums = piece.column('sum');
  aten._foreach_addcmul_(sums, grads, grads, 1);
  const divisors = chunk.square_root(sums, 1);
  aten._foreach_add_(divisors, chunk.scalar(eps) as number);
  const rate = (group.lr as number) / (1 + (step - 1) * lr_decay);
  if (lists) aten._foreach_addcdiv_(params, chunk.times(grads, -rate), divisors, 1);
  else aten._foreach_addcdiv_(params, grads, divisors, -rate);
}

/** One parameter by itself. */
function update_one(group: AdagradParamGroup, param: Tensor, state: AdagradState): void {
  const { lr_decay, weight_decay, eps } = group;
  state.step.add_(1);
  const step = state.step.item();
  let grad = gradient_of(group, param);
  if (weight_decay !== 0) {
    if (grad.is_sparse) throw new RuntimeError('weight_decay option is not compatible with sparse gradients');
    grad = grad.add(param, { alpha: weight_decay });
  }
  const decayed = divide(to_scalar(group.lr), 1 + (step - 1) * lr_decay);
  const rate = factor_of(decayed, grad.is_sparse ? "add_(): argument 'alpha'" : "addcdiv_(): argument 'value'");
  if (grad.is_sparse) {
    grad = grad.coalesce();
    const values = aten._values(grad);
    state.sum.add_(with_values(grad, values.pow(2)));
    const divisors = values_at(state.sum, grad).sqrt_().add_(eps);
    param.add_(with_values(grad, values.div(divisors)), { alpha: -rate });
    return;
  }
  grad = as_real(grad);
  const sum = as_real(state.sum);
  sum.addcmul_(grad, grad, { value: 1 });
  const divisor = group.differentiable ? sum.sqrt().add(eps) : sum.sqrt().add_(eps);
  as_real(param).addcdiv_(grad, divisor, { value: -rate });
}
