import { type Arguments, signature } from '../arguments.ts';
import { AssertionError, RuntimeError, ValueError } from '../errors.ts';
import { tidy } from '../memory.ts';
import { aten } from '../ops.ts';
import { float_str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import { type Closure, fill_in, Optimizer, type OptimizerState, type ParamGroup, type Params } from './optimizer.ts';
import { check_dense, check_one_element, number_of, to_scalar } from './options.ts';
import { complement, divide, least, multiply, number_tensor, power } from './scalars.ts';
import type { Chunk, Gradients, Tensors } from './tensor_lists.ts';

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
    return this._run_step(closure, (group, chunk, gradients) => {
      const { tensors } = gradients;
      if (tensors[0]!.is_complex()) throw new RuntimeError('Adafactor does not support complex parameters');
      check_dense('Adafactor', gradients);
      if (this.grad_scale != null || this.found_inf != null) {
        throw new AssertionError('Grad scaling should occur outside of optimizer.step()');
      }
      const states = tensors.map((param) => this.#state_of(param));
      update(group, chunk, gradients, states);
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

/** The 2-norm of each tensor. */
function norms(tensors: Tensors): number[] {
  return tidy(() => aten.stack(aten._foreach_norm(tensors)).tolist() as number[]);
}

/** A root mean square, from the 2-norm of `count` numbers, over `d`. */
function root_mean_square(norm: number, count: number, d = 1): number {
  return norm / ((power(count, 0.5) as number) * d);
}

/** The running averages of the squares along one dimension, with the latest gradients in them. */
function average_along(grads: Tensors, dim: number, averages: Tensors, weights: readonly number[]): void {
  const means = grads.map((grad) => aten.linalg_vector_norm(grad, 2, [dim], true));
  aten._foreach_mul_(means, means);
  aten._foreach_div_(means, grads.map((grad) => grad.size(dim)));
  aten._foreach_lerp_(averages, means, weights);
}

/** What the squares of the elements of matrices are by now, from those of their rows and columns. */
function of_matrices(grads: Tensors, states: readonly AdafactorState[], weights: readonly number[], eps: number) {
  const missing = 'row_var and col_var should be defined when grad is multidimensional';
  const rows = states.map(({ row_var }) => present(row_var, missing));
  const columns = states.map(({ col_var }) => present(col_var, missing));
  average_along(grads, -1, rows, weights);
  average_along(grads, -2, columns, weights);
  const estimates = rows.map((row, i) => row.matmul(columns[i]!));
  const means = rows.map((row) => row.mean([-2], true));
  aten._foreach_clamp_min_(means, eps);
  aten._foreach_div_(estimates, means);
  return estimates;
}

/** What the squares of the elements of vectors are by now. */
function of_vectors(grads: Tensors, states: readonly AdafactorState[], weights: readonly number[]): Tensors {
  const missing = 'variance should be defined when grad is a vector';
  const variances = states.map(({ variance }) => present(variance, missing));
  aten._foreach_lerp_(variances, aten._foreach_mul(grads, grads), weights);
  return aten._foreach_clone(variances);
}

function present(tensor: Tensor | undefined, message: string): Tensor {
  if (tensor === undefined) throw new AssertionError(message);
  return tensor;
}

function update(
  group: AdafactorParamGroup,
  chunk: Chunk,
  { tensors, params }: Gradients,
  states: readonly AdafactorState[],
): void {
  const { beta2_decay, d, weight_decay, foreach } = group;
  const lr = to_scalar(group.lr);
  const eps2 = group.eps[1];
  const steps = chunk.count(states.map(({ step }) => step));
  const weights = steps.map((step) => power(step, beta2_decay) as number);
  const rates = norms(params).map((norm, i) => {
    const size = Math.max(eps2, root_mean_square(norm, tensors[i]!.numel()));
    return multiply(size, least(lr, 1 / (power(steps[i]!, 0.5) as number)));
  });
  if (weight_decay !== 0) {
    const kept = complement(multiply(lr, weight_decay));
    if (typeof kept === 'number') aten._foreach_mul_(params, chunk.scalar(kept) as number);
    else for (const param of tensors) param.mul_(kept);
  }

  // What `grad` gives stays with the parameter, so it is not to be among what is disposed of.
  const given = tensors.map((param) => param.grad!);
  tidy(() => {
    const eps1 = group.eps[0] ?? new finfo(tensors[0]!.dtype).eps;
    const grads = group.maximize ? aten._foreach_neg(given) : given;
    const updates: Tensor[] = [];
    for (const are_matrices of [true, false]) {
      const places = grads.flatMap((grad, i) => (grad.ndim > 1 === are_matrices ? [i] : []));
      if (places.length === 0) continue;
      const of = <T>(items: readonly T[]): T[] => places.map((i) => items[i]!);
      const estimates = are_matrices
        ? of_matrices(of(grads), of(states), of(weights), eps1)
        : of_vectors(of(grads), of(states), of(weights));
      places.forEach((i, j) => (updates[i] = estimates[j]!));
    }
    aten._foreach_clamp_min_(updates, eps1 * eps1);
    aten._foreach_rsqrt_(updates);
    aten._foreach_mul_(updates, grads);
    const factors = norms(updates).map((norm, i) => {
      const divisor = Math.max(1, root_mean_square(norm, updates[i]!.numel(), d));
      return -number_of('lr', divide(rates[i]!, divisor));
    });
    if (foreach) {
      aten._foreach_mul_(updates, factors);
      aten._foreach_add_(params, updates);
    } else {
      tensors.forEach((param, i) => param.add_(updates[i]!, { alpha: factors[i]! }));
    }
  });
}
