import { type Arguments, is_kwargs, signature } from '../arguments.ts';
import { enable_grad, no_grad } from '../autograd/grad_mode.ts';
import { AssertionError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { strong_wolfe } from './line_search.ts';
import { type Closure, Optimizer, type ParamGroup, type Params } from './optimizer.ts';
import { as_real, check_lr, number_of, to_scalar } from './options.ts';
import { divide, is_less, least, multiply, type Num, subtract } from './scalars.ts';

export interface LBFGSOptions {
  lr?: number | Tensor;
  max_iter?: number;
  max_eval?: number | null;
  tolerance_grad?: number;
  tolerance_change?: number;
  history_size?: number;
  line_search_fn?: 'strong_wolfe' | null;
}

/** The parameter group of `LBFGS`, with all its options. */
export interface LBFGSParamGroup extends ParamGroup, Required<LBFGSOptions> {
  lr: number | Tensor;
  max_eval: number;
}

interface LBFGSParameters extends LBFGSOptions {
  params: Params<LBFGSParamGroup>;
}

const lbfgs_arguments = signature<LBFGSParameters>('LBFGS', [
  'params',
  ['lr', 1],
  ['max_iter', 20],
  ['max_eval', null],
  ['tolerance_grad', 1e-7],
  ['tolerance_change', 1e-9],
  ['history_size', 100],
  ['line_search_fn', null],
]);

/** What LBFGS remembers, all parameters being one long vector. */
interface LBFGSState {
  func_evals: number;
  n_iter: number;
  /** The direction of the last step, and how far it went. */
  d?: Tensor;
  t?: Num;
  /** The changes of the gradient and of the parameters in past steps, and one over their products. */
  old_dirs?: Tensor[];
  old_stps?: Tensor[];
  ro?: Tensor[];
  /** The diagonal of the first estimate of the inverse of the Hessian. */
  H_diag?: Num;
  prev_flat_grad?: Tensor;
  prev_loss?: number;
  al?: (Tensor | null)[];
}

/** The loss, a number or a tensor. */
type Loss = number | Tensor;

/**
 * L-BFGS: steps by an estimate of the inverse of the Hessian, which is made of the latest changes of the gradient. A
 * step evaluates the closure many times.
 *
 * ```ts
 * const optimizer = new optim.LBFGS(model.parameters(), { line_search_fn: 'strong_wolfe' });
 * optimizer.step(() => {
 *   optimizer.zero_grad();
 *   const loss = loss_fn(model(input), target);
 *   loss.backward();
 *   return loss;
 * });
 * ```
 *
 * @param params tensors or `[name, tensor]` pairs; a single parameter group at most
 * @param lr the learning rate, a number or a tensor of one element (default: 1)
 * @param max_iter how many iterations a step makes at most (default: 20)
 * @param max_eval how often a step evaluates the closure at most (null: one and a quarter times `max_iter`)
 * @param tolerance_grad a step ends where no element of the gradient is larger (default: 1e-7)
 * @param tolerance_change a step ends where neither the loss nor a parameter changes by more (default: 1e-9)
 * @param history_size how many changes to remember (default: 100)
 * @param line_search_fn `'strong_wolfe'` looks for a good step size in each iteration (null: go by `lr`)
 * @throws ValueError for options out of their range, and for several groups
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
 */
export class LBFGS extends Optimizer<LBFGSParamGroup> {
  constructor(
    ...args: Arguments<
      LBFGSParameters,
      [
        'params', 'lr', 'max_iter', 'max_eval', 'tolerance_grad', 'tolerance_change', 'history_size', 'line_search_fn',
      ]
    >
  ) {
    const { params, lr, max_iter, tolerance_grad, tolerance_change, ...rest } = lbfgs_arguments(args);
    const { history_size, line_search_fn } = rest;
    check_lr(lr);
    const max_eval = rest.max_eval ?? Math.floor((max_iter * 5) / 4);
    super(params, { lr, max_iter, max_eval, tolerance_grad, tolerance_change, history_size, line_search_fn });
    if (this.param_groups.length !== 1) {
      throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  /**
   * Makes up to `max_iter` iterations.
   *
   * @param closure computes the loss anew, gradients included, and returns it
   * @returns the loss before the step
   * @throws TypeError without a closure
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
   */
  override step<T>(closure: Closure<T>): T;
  override step(closure?: unknown): unknown {
    const call = is_kwargs(closure) ? closure['closure'] : closure;
    if (typeof call !== 'function') {
      throw new TypeError(`step(): argument 'closure' must be a function, not ${type_name(call)}`);
    }
    if (this.param_groups.length !== 1) {
      throw new AssertionError(`Expected exactly one param_group, but got ${this.param_groups.length}`);
    }
    return no_grad(() => this.#step(() => enable_grad(call as () => Loss)));
  }

  #step(closure: () => Loss): Loss {
    const { max_iter, max_eval, tolerance_grad, tolerance_change, line_search_fn, history_size, ...group } =
      this.param_groups[0]!;
    const { params } = group;
    const lr = to_scalar(group.lr);
    const state = this.state.get(params[0]!) as unknown as LBFGSState;
    state.func_evals ??= 0;
    state.n_iter ??= 0;

    const first_loss = closure();
    let loss = number_of('loss', first_loss);
    let evaluations = 1;
    state.func_evals += 1;
    let gradient = flat_gradient(params);
    if (is_small(gradient, tolerance_grad)) return first_loss;

    let { d, t, old_dirs = [], old_stps = [], ro = [], H_diag = 1, prev_flat_grad, prev_loss } = state;
    for (let iteration = 1; iteration <= max_iter; iteration++) {
      state.n_iter += 1;
      if (state.n_iter === 1) {
        d = gradient.neg();
        [old_dirs, old_stps, ro, H_diag] = [[], [], [], 1];
      } else {
        const change = gradient.sub(prev_flat_grad!);
        const moved = d!.mul(t as Tensor);
        const product = change.dot(moved);
        if (is_less(1e-10, product)) {
          if (old_dirs.length === history_size) for (const list of [old_dirs, old_stps, ro]) list.shift();
          old_dirs.push(change);
          old_stps.push(moved);
          ro.push(divide(1, product) as Tensor);
          H_diag = product.div(change.dot(change));
        }
        state.al ??= Array<null>(history_size).fill(null);
        d = direction(gradient, old_dirs, old_stps, ro, H_diag, state.al);
      }
      if (prev_flat_grad === undefined) prev_flat_grad = gradient.clone();
      else prev_flat_grad.copy_(gradient);
      prev_loss = loss;

      t = state.n_iter === 1 ? multiply(least(1, divide(1, gradient.abs().sum())), lr) : lr;
      const slope = gradient.dot(d);
      if (is_less(-tolerance_change, slope)) break;

      let searched = 0;
      let done = false;
      if (line_search_fn !== null) {
        if (line_search_fn !== 'strong_wolfe') throw new RuntimeError("only 'strong_wolfe' is supported");
        const start = params.map((param) => param.clone());
        const along = d;
        const found = strong_wolfe(
          (distance) => {
            move(params, distance, along);
            const value = number_of('loss', closure());
            const there = flat_gradient(params);
            params.forEach((param, i) => param.copy_(start[i]!));
            return [value, there];
          },
          { step: t, direction: d, loss, gradient, slope },
          max_eval - evaluations,
        );
        ({ loss, gradient, step: t, evaluations: searched } = found);
        move(params, t, d);
        done = is_small(gradient, tolerance_grad);
      } else {
        move(params, t, d);
        if (iteration !== max_iter) {
          loss = number_of('loss', closure());
          gradient = flat_gradient(params);
          done = is_small(gradient, tolerance_grad);
          searched = 1;
        }
      }
      evaluations += searched;
      state.func_evals += searched;

      if (iteration === max_iter || evaluations >= max_eval || done) break;
      if (is_small(d.mul(t as Tensor), tolerance_change)) break;
      if (Math.abs(loss - prev_loss) < tolerance_change) break;
    }
    Object.assign(state, { d, t, old_dirs, old_stps, ro, H_diag, prev_flat_grad, prev_loss });
    return first_loss;
  }
}

/** The gradients of all parameters as one vector. */
function flat_gradient(params: readonly Tensor[]): Tensor {
  const grads = params.map((param) => param.grad);
  // One call where there are only dense real gradients; of a single one it would give no copy.
  if (params.length > 1 && grads.every((grad): grad is Tensor => grad !== null && !grad.is_sparse)) {
    if (!grads.some((grad) => grad.is_complex())) return aten.flatten_dense_tensors(grads);
  }
  const views = params.map((param, i) => {
    const grad = grads[i];
    if (grad == null) return as_real(aten.zeros_like(param)).reshape([-1]);
    return as_real((grad.is_sparse ? grad.to_dense() : grad).view([-1])).view([-1]);
  });
  return aten.cat(views, 0);
}

/** Adds to all parameters `distance` times their part of `direction`. */
function move(params: readonly Tensor[], distance: Num, direction: Tensor): void {
  const real = params.map(as_real);
  aten._foreach_add_(real, aten.unflatten_dense_tensors(direction, real), { alpha: number_of('lr', distance) });
}

/** Is no element of a vector larger than `tolerance`? */
function is_small(vector: Tensor, tolerance: number): boolean {
  return vector.abs().max().le(tolerance).item() as unknown as boolean;
}

/** The negative gradient times the estimate of the inverse of the Hessian. */
function direction(
  gradient: Tensor,
  old_dirs: readonly Tensor[],
  old_stps: readonly Tensor[],
  ro: readonly Tensor[],
  diagonal: Num,
  al: (Tensor | null)[],
): Tensor {
  const q = gradient.neg();
  for (let i = old_dirs.length - 1; i >= 0; i--) {
    const factor = old_stps[i]!.dot(q).mul(ro[i]!);
    al[i] = factor;
    q.add_(old_dirs[i]!, { alpha: -factor.item() });
  }
  const r = q.mul(diagonal as Tensor);
  for (let i = 0; i < old_dirs.length; i++) {
    const factor = subtract(al[i]!, old_dirs[i]!.dot(r).mul(ro[i]!));
    r.add_(old_stps[i]!, { alpha: number_of('lr', factor) });
  }
  return r;
}
