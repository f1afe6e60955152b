import { type Arguments, signature } from '../arguments.ts';
import { bfloat16 } from '../dtype.ts';
import { RuntimeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { float_str, str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { type Closure, option_text, Optimizer, type ParamGroup, type Params } from './optimizer.ts';
import { check_dense, check_one_element, number_of, to_scalar } from './options.ts';
import { complement, multiply } from './scalars.ts';
import type { Chunk, Gradients } from './tensor_lists.ts';

export interface MuonOptions {
  lr?: number | Tensor;
  weight_decay?: number;
  momentum?: number;
  nesterov?: boolean;
  ns_coefficients?: readonly [a: number, b: number, c: number];
  eps?: number;
  ns_steps?: number;
  adjust_lr_fn?: 'original' | 'match_rms_adamw' | null;
}

/** A parameter group of `Muon`, with all its options. */
export interface MuonParamGroup extends ParamGroup, Required<MuonOptions> {
  lr: number | Tensor;
}

interface MuonParameters extends MuonOptions {
  params: Params<MuonParamGroup>;
}

const muon_arguments = signature<MuonParameters>('Muon', [
  'params',
  ['lr', 1e-3],
  ['weight_decay', 0.1],
  ['momentum', 0.95],
  ['nesterov', true],
  ['ns_coefficients', [3.4445, -4.775, 2.0315]],
  ['eps', 1e-7],
  ['ns_steps', 5],
  ['adjust_lr_fn', null],
]);

/**
 * Muon: the momentum of a matrix made orthogonal, by a few steps of a Newton-Schulz iteration in bfloat16. For the
 * weights of hidden layers; everything else, biases and embeddings, is for another optimizer.
 *
 * ```ts
 * const optimizer = new optim.Muon(model.parameters().filter((param) => param.ndim === 2), { lr: 0.02 });
 * ```
 *
 * @param params matrices, `[name, matrix]` pairs or parameter groups
 * @param lr the learning rate, a number or a tensor of one element (default: 0.001)
 * @param weight_decay how much the parameter shrinks in a step, times the learning rate (default: 0.1)
 * @param momentum the decay rate of the running average of the gradient (default: 0.95)
 * @param nesterov go by the average of that average and the gradient (default: true)
 * @param ns_coefficients those of the iteration's polynomial (default: `[3.4445, -4.775, 2.0315]`)
 * @param eps the least number to divide by (default: 1e-7)
 * @param ns_steps how many steps the iteration makes (default: 5)
 * @param adjust_lr_fn how the learning rate depends on the shape: `'original'`, the same as null, for steps whose size
 *   is the same for each row, or `'match_rms_adamw'` for steps of the size of AdamW's
 * @throws ValueError for options out of their range, and for parameters that are no matrices
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html
 */
export class Muon extends Optimizer<MuonParamGroup> {
  constructor(
    ...args: Arguments<
      MuonParameters,
      ['params', 'lr', 'weight_decay', 'momentum', 'nesterov', 'ns_coefficients', 'eps', 'ns_steps', 'adjust_lr_fn']
    >
  ) {
    const { params, lr, weight_decay, momentum, nesterov, ...rest } = muon_arguments(args);
    const { ns_coefficients, eps, ns_steps, adjust_lr_fn } = rest;
    check_one_element('lr', lr);
    check_not_negative('lr', 'Learning rate', lr);
    check_not_negative('momentum', 'momentum', momentum);
    check_not_negative('weight_decay', 'weight decay', weight_decay);
    if (adjust_lr_fn !== null && adjust_lr_fn !== 'original' && adjust_lr_fn !== 'match_rms_adamw') {
      throw new ValueError(`Adjust learning rate function ${str(adjust_lr_fn)} is not supported`);
    }
    super(params, { lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn });
    for (const group of this.param_groups) {
      for (const param of group.params) {
        if (param.ndim === 2) continue;
        throw new ValueError(
          `Muon only supports 2D parameters whereas we found a parameter with size: ${String(param.size())}`,
        );
      }
    }
  }

  override step(closure?: null): null;
  override step<T>(closure: Closure<T>): T;
  override step(closure?: Closure<unknown> | null): unknown {
    return this._run_step(closure, (group, chunk, gradients) => {
      if (gradients.tensors[0]!.is_complex()) throw new RuntimeError('Muon does not support complex parameters');
      check_dense('Muon', gradients);
      const workspaces = new Map<string, Workspace>();
      try {
        this.#update(group, chunk, gradients, workspaces);
      } finally {
        for (const workspace of workspaces.values()) workspace.dispose();
      }
    });
  }

  protected override _option_repr(name: string, value: unknown): string {
    // Whole numbers among these are floats in Python.
    if (name === 'ns_coefficients') return `(${(value as readonly number[]).map(float_str).join(', ')})`;
    return super._option_repr(name, value);
  }

  #update(group: MuonParamGroup, chunk: Chunk, gradients: Gradients, workspaces: Map<string, Workspace>): void {
    const { momentum, ns_steps, ns_coefficients } = group;
    const grads = gradients.tensors.map((param) => param.grad!);
    if (grads.some((grad) => grad.ndim !== 2)) throw new ValueError('Param gradient must be a 2D matrix');
    const buffers = gradients.tensors.map((param, i) => {
      const state = this.state.get(param);
      return (state['momentum_buffer'] ??= aten.zeros_like(grads[i]!)) as Tensor;
    });
    aten._foreach_lerp_(chunk.column('momentum_buffer', buffers), gradients.grads, 1 - momentum);
    if (ns_steps >= 100) throw new ValueError('Number of steps must be less than 100 for computational efficiency');
    if (ns_coefficients.length !== 3) throw new ValueError('Coefficients must be a tuple of exactly 3 values');

    const lr = to_scalar(group.lr);
    const kept = complement(multiply(lr, group.weight_decay));
    if (typeof kept === 'number') aten._foreach_mul_(gradients.params, chunk.scalar(kept) as number);
    gradients.tensors.forEach((param, i) => {
      const grad = grads[i]!;
      const workspace = workspace_for(grad, group, workspaces);
      const update = workspace.orthogonal(group, grad, buffers[i]!);
      if (typeof kept !== 'number') param.mul_(kept);
      param.add_(update, { alpha: -number_of('lr', multiply(lr, workspace.factor)) });
    });
  }
}

function check_not_negative(name: string, what: string, value: unknown): void {
  if (number_of(name, value) >= 0) return;
  throw new ValueError(`${what} should be >= 0 but is: ${option_text(value)}`);
}

/** The workspace for gradients of a shape, of which there is one during a step. */
function workspace_for(grad: Tensor, group: MuonParamGroup, made: Map<string, Workspace>): Workspace {
  const key = `${String(grad.shape)} ${String(grad.stride())}`;
  let workspace = made.get(key);
  if (workspace === undefined) made.set(key, (workspace = new Workspace(grad, group)));
  return workspace;
}

/** A matrix, and its transpose. */
type Transposable = readonly [matrix: Tensor, transpose: Tensor];

/** The matrices that are made of a gradient: where they are small, making them takes as long as filling them. */
class Workspace {
  /** What the learning rate is multiplied by for matrices of this shape. */
  readonly factor: number;
  readonly #is_tall: boolean;
  /** The gradient after momentum, before and after it is cut to bfloat16; the latter is never taller than it is wide. */
  readonly #moved: Tensor;
  readonly #cut: Tensor;
  readonly #start: Transposable;
  readonly #gram: Tensor;
  readonly #polynomial: Tensor;
  /** What the steps go back and forth between. */
  readonly #results: readonly [Transposable, Transposable];

  constructor(grad: Tensor, group: MuonParamGroup) {
    const [rows, columns] = grad.shape as readonly number[] as [number, number];
    this.factor = shape_factor(group, rows, columns);
    this.#is_tall = rows > columns;
    this.#moved = aten.empty_like(grad);
    this.#cut = aten.empty_like(grad, { dtype: bfloat16 });
    const transpose = this.#cut.t();
    this.#start = this.#is_tall ? [transpose, this.#cut] : [this.#cut, transpose];
    const least = Math.min(rows, columns);
    const empty = (width: number): Tensor => aten.empty([least, width], { dtype: bfloat16, device: grad.device });
    this.#gram = empty(least);
    this.#polynomial = empty(least);
    const result = (): Transposable => {
      const matrix = empty(Math.max(rows, columns));
      return [matrix, matrix.t()];
    };
    this.#results = [result(), result()];
  }

  /**
   * A matrix with nearly the same singular vectors as the gradient after momentum, whose singular values are all near
   * one. Good until the next one is made.
   */
  orthogonal(group: MuonParamGroup, grad: Tensor, buffer: Tensor): Tensor {
    const { momentum, nesterov, ns_coefficients, ns_steps, eps } = group;
    this.#cut.copy_(nesterov ? aten.lerp(grad, buffer, momentum, { out: this.#moved }) : buffer);
    const [a, b, c] = ns_coefficients;
    let from = this.#start;
    const size = aten.linalg_vector_norm(from[0]);
    from[0].div_(size.clamp_min_(eps));
    native.dispose(size._h);
    // What is of bfloat16 needs no copy in Python, which divides the buffer itself.
    if (!nesterov && buffer.dtype === bfloat16) buffer.copy_(this.#cut);
    for (let i = 0; i < ns_steps; i++) {
      const to = this.#results[i % 2]!;
      const gram = aten.mm(from[0], from[1], { out: this.#gram });
      const polynomial = aten.addmm(gram, gram, gram, { beta: b, alpha: c, out: this.#polynomial });
      aten.addmm(from[0], polynomial, from[0], { beta: a, out: to[0] });
      from = to;
    }
    return this.#is_tall ? from[1] : from[0];
  }

  dispose(): void {
    const pairs = [this.#start, ...this.#results].flat();
    for (const tensor of [this.#moved, this.#gram, this.#polynomial, ...pairs]) native.dispose(tensor._h);
  }
}

/** What the learning rate is multiplied by. */
function shape_factor({ adjust_lr_fn }: MuonParamGroup, rows: number, columns: number): number {
  if (adjust_lr_fn === 'match_rms_adamw') return 0.2 * Math.sqrt(Math.max(rows, columns));
  return Math.sqrt(Math.max(1, rows / columns));
}
