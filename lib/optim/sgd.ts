import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, RuntimeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { check_foreach, check_fused, check_fused_param, check_lr, check_range, type CommonOptions } from './options.ts';
import { number_of, to_scalar } from './options.ts';
import type { Chunk, Gradients, Tensors } from './tensor_lists.ts';

export interface SGDOptions extends CommonOptions {
  lr?: number | Tensor;
  momentum?: number;
  dampening?: number;
  weight_decay?: number | Tensor;
  nesterov?: boolean;
}

/** A parameter group of `SGD`, with all its options. */
export interface SGDParamGroup extends ParamGroup, Required<SGDOptions> {
  lr: number | Tensor;
}

interface SGDParameters extends SGDOptions {
  params: Params<SGDParamGroup>;
}

const sgd_arguments = signature<SGDParameters>(
  'SGD',
  ['params', ['lr', 1e-3], ['momentum', 0], ['dampening', 0], ['weight_decay', 0], ['nesterov', false]],
  [['maximize', false], ['foreach', null], ['differentiable', false], ['fused', null]],
);

/**
 * Stochastic gradient descent, with momentum if that is wanted:
 *
 * ```ts
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 * optimizer.zero_grad();
 * loss_fn(model(input), target).backward();
 * optimizer.step();
 * ```
 *
 * A step goes by `lr` times the gradient, or times the momentum buffer, which is `momentum` times itself plus
 * `1 - dampening` times the gradient, and in the first step the gradient.
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.001)
 * @param momentum the part of the buffer that is kept (default: 0)
 * @param dampening how much less the gradient counts than the momentum buffer (default: 0)
 * @param weight_decay how much of the parameter is added to its gradient (default: 0)
 * @param nesterov go by the gradient plus `momentum` times the buffer (default: false)
 * @param maximize go up, not down (by name only; default: false)
 * @param foreach update all parameters with one operator after the other (null: yes, wherever that gives the same
 *   numbers) or, if false, one parameter after the other where it matters, on a GPU (by name only)
 * @param differentiable record the step, so that it can be differentiated (by name only; default: false)
 * @param fused use LibTorch's fused operator, whose numbers differ a little (by name only)
 * @throws ValueError for options out of their range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer<SGDParamGroup> {
  constructor(
    ...args: Arguments<SGDParameters, ['params', 'lr', 'momentum', 'dampening', 'weight_decay', 'nesterov']>
  ) {
    const { params, lr, momentum, dampening, weight_decay, nesterov, ...common } = sgd_arguments(args);
    check_lr(lr);
    check_range('momentum', 'momentum value', momentum, 0);
    check_range('weight_decay', 'weight_decay value', weight_decay, 0);
    number_of('dampening', dampening);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError('Nesterov momentum requires a momentum and zero dampening');
    }
    const { maximize, foreach, differentiable, fused } = common;
    super(params, {
      lr, momentum, dampening, weight_decay, nesterov, maximize, foreach, differentiable, fused,
    });
    check_fused(common);
    if (common.fused) this._step_supports_amp_scaling = true;
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: SGDParamGroup[] }): void {
    super.__setstate__(state);
    fill_in(this, { nesterov: false, maximize: false, foreach: null, differentiable: false, fused: false });
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => this.#update(group, chunk, gradients));
  }

  #update(group: SGDParamGroup, chunk: Chunk, gradients: Gradients): void {
    const { tensors } = gradients;
    const buffers = group.momentum === 0 ? [] : tensors.map((param) => momentum_buffer_of(this.state, param));
    if (group.fused) return this.#update_fused(group, chunk, gradients, buffers);
    if (this.grad_scale != null || this.found_inf != null) {
      throw new AssertionError('Expected grad_scale and found_inf to be None');
    }
    check_foreach(group);
    const one_by_one =
      gradients.any_sparse ||
      this.defaults['differentiable'] === true ||
      buffers.includes(null) ||
      needs_grad(group.lr) ||
      needs_grad(group.weight_decay) ||
      (group.foreach === false && !tensors[0]!.is_cpu);
    if (one_by_one) tensors.forEach((param, i) => this.#update_one(group, param, buffers[i] ?? null));
    else update_all(group, chunk, gradients, buffers as Tensors);
  }

  #update_one(group: SGDParamGroup, param: Tensor, buffer: Tensor | null): void {
    const { momentum, dampening, weight_decay, nesterov } = group;
    const lr = to_scalar(group.lr);
    let grad = param.grad!;
    if (group.maximize) grad = aten.neg(grad);

    if (needs_grad(weight_decay)) grad = grad.addcmul_(param.clone(), weight_decay as Tensor);
    else if (number_of('weight_decay', weight_decay) !== 0) {
      grad = grad.add(param, { alpha: number_of('weight_decay', weight_decay) });
    }

    if (momentum !== 0) {
      if (buffer === null) {
        buffer = grad.detach().clone();
        this.state.get(param)['momentum_buffer'] = buffer;
      } else {
        buffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
      }
      grad = nesterov ? grad.add(buffer, { alpha: momentum }) : buffer;
    }

    if (needs_grad(lr)) param.addcmul_(grad, lr as Tensor, { value: -1 });
    else param.add_(grad, { alpha: -number_of('lr', lr) });
  }

  #update_fused(group: SGDParamGroup, chunk: Chunk, gradients: Gradients, buffers: (Tensor | null)[]): void {
    const { tensors } = gradients;
    tensors.forEach(check_fused_param);
    if (gradients.any_sparse) throw new RuntimeError('`_fused_sgd` does not support sparse gradients');
    const first = buffers.length > 0 && buffers.every((buffer) => buffer === null);
    if (buffers.includes(null)) {
      if (!first) throw new RuntimeError('`fused` needs the momentum buffers of all parameters or of none');
      buffers = tensors.map((param) => (this.state.get(param)['momentum_buffer'] = aten.empty_like(param.grad!)));
    }
    const { momentum, dampening, weight_decay, nesterov, maximize } = group;
    const { device } = tensors[0]!;
    aten._fused_sgd_(
      gradients.params,
      gradients.grads,
      momentum === 0 ? [] : chunk.column('momentum_buffer', buffers as Tensors),
      {
        weight_decay: number_of('weight_decay', weight_decay),
        momentum,
        lr: group.lr as number,
        dampening,
        nesterov,
        maximize,
        is_first_step: first,
        grad_scale: this.grad_scale?.to(device) ?? null,
        found_inf: this.found_inf?.to(device) ?? null,
      },
    );
  }
}

function needs_grad(value: unknown): boolean {
  return value instanceof Tensor && value.requires_grad;
}

function momentum_buffer_of(states: OptimizerState, param: Tensor): Tensor | null {
  return (states.get(param)['momentum_buffer'] as Tensor | null | undefined) ?? null;
}

/** All parameters at once, with the operators that the loop over them would use, in the same order. */
function update_all(group: SGDParamGroup, chunk: Chunk, gradients: Gradients, buffers: Tensors): void {
  const { momentum, dampening, nesterov } = group;
  const { params } = gradients;
  const weight_decay = number_of('weight_decay', group.weight_decay);

  let grads = gradients.grads;
  if (group.maximize) grads = chunk.negative(grads);
  if (weight_decay !== 0) grads = chunk.sum(grads, params, weight_decay);
  if (momentum !== 0) {
    const list = chunk.column('momentum_buffer', buffers);
    aten._foreach_mul_(list, chunk.scalar(momentum) as number);
    aten._foreach_add_(list, grads, { alpha: 1 - dampening });
    grads = nesterov ? chunk.sum(grads, list, momentum) : list;
  }
  aten._foreach_add_(params, grads, { alpha: -number_of('lr', group.lr) });
}
