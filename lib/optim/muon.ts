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
    return this._run_step(closure, (group, _chunk, gradients) => {
      const { tensors } = gradients;
      if (tensors[0]!.is_complex()) throw new RuntimeError('Muon does not support complex parameters');
      check_dense('Muon', gradients);
      for (const param of tensors) this.#update(group, param);
    });
  }

  protected override _option_repr(name: string, value: unknown): string {
    // Whole numbers among these are floats in Python.
    if (name === 'ns_coefficients') return `(${(value as readonly number[]).map(float_str).join(', ')})`;
    return super._option_repr(name, value);
  }

  #update(group: MuonParamGroup, param: Tensor): void {
    const { momentum } = group;
    const lr = to_scalar(group.lr);
    const grad = param.grad!;
    if (grad.ndim !== 2) throw new ValueError('Param gradient must be a 2D matrix');
    const state = this.state.get(param);
    const buffer = (state['momentum_buffer'] ??= aten.zeros_like(grad)) as Tensor;
    buffer.lerp_(grad, 1 - momentum);
    const update = orthogonal(group, group.nesterov ? grad.lerp(buffer, momentum) : buffer);
    const rate = multiply(lr, shape_factor(group, param));
    param.mul_(complement(multiply(lr, group.weight_decay)) as Tensor);
    param.add_(update, { alpha: -number_of('lr', rate) });
  }
}

function check_not_negative(name: string, what: string, value: unknown): void {
  if (number_of(name, value) >= 0) return;
  throw new ValueError(`${what} should be >= 0 but is: ${option_text(value)}`);
}

/** A matrix with nearly the same singular vectors, whose singular values are all near one. */
function orthogonal({ ns_coefficients, ns_steps, eps }: MuonParamGroup, matrix: Tensor): Tensor {
  if (ns_steps >= 100) throw new ValueError('Number of steps must be less than 100 for computational efficiency');
  if (ns_coefficients.length !== 3) throw new ValueError('Coefficients must be a tuple of exactly 3 values');
  const [a, b, c] = ns_coefficients;
  const tall = matrix.size(0) > matrix.size(1);
  let result = matrix.to(bfloat16);
  if (tall) result = result.t();
  result.div_(aten.linalg_vector_norm(result).clamp({ min: eps }));
  for (let i = 0; i < ns_steps; i++) {
    const transposed = result.t();
    const gram = aten.mm(result, transposed);
    const update = aten.addmm(gram, gram, gram, { beta: b, alpha: c });
    const next = aten.addmm(result, update, result, { beta: a });
    for (const tensor of [transposed, gram, update]) native.dispose(tensor._h);
    if (i > 0) native.dispose(result._h);
    result = next;
  }
  return tall ? result.t() : result;
}

/** What the learning rate is multiplied by. */
function shape_factor({ adjust_lr_fn }: MuonParamGroup, param: Tensor): number {
  const [rows, columns] = param.shape as readonly number[] as [number, number];
  if (adjust_lr_fn === 'match_rms_adamw') return 0.2 * Math.sqrt(Math.max(rows, columns));
  return Math.sqrt(Math.max(1, rows / columns));
}
