import { type Arguments, signature } from '../arguments.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { list_repr } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { type Closure, option_text, Optimizer, type ParamGroup, type Params } from './optimizer.ts';
import { check_decay_rates, check_one_element, gradient_of, number_of, to_scalar } from './options.ts';
import { complement, divide, multiply, negate, power } from './scalars.ts';
import { values_at, with_values } from './sparse_values.ts';

export interface SparseAdamOptions {
  lr?: number | Tensor;
  betas?: readonly [number, number];
  eps?: number;
  maximize?: boolean;
}

/** A parameter group of `SparseAdam`, with all its options. */
export interface SparseAdamParamGroup extends ParamGroup, Required<SparseAdamOptions> {
  lr: number | Tensor;
}

interface SparseAdamParameters extends SparseAdamOptions {
  params: Params<SparseAdamParamGroup>;
}

const sparse_adam_arguments = signature<SparseAdamParameters>('SparseAdam', [
  'params',
  ['lr', 1e-3],
  ['betas', [0.9, 0.999]],
  ['eps', 1e-8],
  ['maximize', false],
]);

/** What SparseAdam remembers of a parameter. */
interface SparseAdamState {
  step: number;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
}

/**
 * Adam for sparse gradients, such as those of an `nn.Embedding` made with `sparse: true`: what has no gradient in a
 * step neither moves nor has its averages decay.
 *
 * ```ts
 * const optimizer = new optim.SparseAdam(embedding.parameters(), { lr: 0.001 });
 * ```
 *
 * @param params tensors, `[name, tensor]` pairs or parameter groups; the tensors themselves have to be dense
 * @param lr the learning rate, a number or a tensor of one element (default: 0.001)
 * @param betas the decay rates of the averages of the gradient and of its square (default: `[0.9, 0.999]`)
 * @param eps added to the divisor, so that it is not zero (default: 1e-8)
 * @param maximize go up, not down (default: false)
 * @throws ValueError for options out of their range, and for sparse or complex parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html
 */
export class SparseAdam extends Optimizer<SparseAdamParamGroup> {
  constructor(...args: Arguments<SparseAdamParameters, ['params', 'lr', 'betas', 'eps', 'maximize']>) {
    const { params, lr, betas, eps, maximize } = sparse_adam_arguments(args);
    check_one_element('lr', lr);
    if (!(number_of('lr', lr) > 0)) throw new ValueError(`Invalid learning rate: ${option_text(lr)}`);
    if (!(number_of('eps', eps) > 0)) throw new ValueError(`Invalid epsilon value: ${option_text(eps)}`);
    check_decay_rates(betas);
    super(params, { lr, betas, eps, maximize });
    const sparse = this.#places((param) => param.is_sparse);
    if (sparse !== '[]') {
      throw new ValueError(`Sparse params at indices ${sparse}: SparseAdam requires dense parameter tensors`);
    }
    const complex = this.#places((param) => param.is_complex());
    if (complex !== '[]') {
      throw new ValueError(`Complex params at indices ${complex}: SparseAdam does not support complex parameters`);
    }
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, _chunk, { tensors }) => {
      const states = tensors.map((param) => this.#state_of(param));
      tensors.forEach((param, i) => update_one(group, param, states[i]!));
    });
  }

  /** `[[group, parameter], ...]` of the parameters that meet a condition. */
  #places(condition: (param: Tensor) => boolean): string {
    const places = this.param_groups.flatMap(({ params }, i) =>
      params.flatMap((param, j) => (condition(param) ? [list_repr([i, j])] : [])),
    );
    return `[${places.join(', ')}]`;
  }

  #state_of(param: Tensor): SparseAdamState {
    if (!param.grad!.is_sparse) {
      throw new RuntimeError('SparseAdam does not support dense gradients, please consider Adam instead');
    }
    const state = this.state.get(param);
    if (Object.keys(state).length === 0) {
      state['step'] = 0;
      state['exp_avg'] = aten.zeros_like(param);
      state['exp_avg_sq'] = aten.zeros_like(param);
    }
    state['step'] = (state['step'] as number) + 1;
    return state as unknown as SparseAdamState;
  }
}

function update_one(group: SparseAdamParamGroup, param: Tensor, { step, exp_avg, exp_avg_sq }: SparseAdamState): void {
  const [beta1, beta2] = group.betas;
  const grad = gradient_of(group, param).coalesce();
  const values = aten._values(grad);
  if (values.numel() === 0) return;

  // How much the averages grow, where the gradient is; then what they are there.
  const old_averages = values_at(exp_avg, grad);
  const averages = values.sub(old_averages).mul_(1 - beta1);
  exp_avg.add_(with_values(grad, averages));
  const old_squares = values_at(exp_avg_sq, grad);
  const squares = values.pow(2).sub_(old_squares).mul_(1 - beta2);
  exp_avg_sq.add_(with_values(grad, squares));
  averages.add_(old_averages);
  const divisors = squares.add_(old_squares).sqrt_().add_(group.eps);

  const correction1 = complement(power(beta1, step));
  const correction2 = Math.sqrt(complement(power(beta2, step)) as number);
  const step_size = divide(multiply(to_scalar(group.lr), correction2), correction1);
  param.add_(with_values(grad, multiply(negate(step_size), averages.div_(divisors)) as Tensor));
}
