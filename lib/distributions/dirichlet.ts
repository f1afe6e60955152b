import { type Arguments, signature } from '../arguments.ts';
import { Function, type FunctionCtx } from '../autograd/function/index.ts';
import { ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, own, type Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import { check_tensor, type SampleArguments, type ValueArguments } from './shapes.ts';

/** Draws samples, whose gradients LibTorch has but does not connect. */
class DirichletSample extends Function {
  static override forward(ctx: FunctionCtx, concentration: Tensor): Tensor {
    const sample = aten._sample_dirichlet(concentration);
    ctx.save_for_backward(sample, concentration);
    return sample;
  }

  static override backward(ctx: FunctionCtx, grad_output: Tensor): Tensor {
    const [sample, concentration] = ctx.saved_tensors as [Tensor, Tensor];
    const total = concentration.sum(-1, true).expand_as(concentration);
    const centred = grad_output.sub(sample.mul(grad_output).sum(-1, true));
    return aten._dirichlet_grad(sample, concentration, total).mul(centred);
  }
}

export interface DirichletParameters extends Validation {
  concentration: Tensor;
}

const dirichlet_arguments = signature<DirichletParameters>('Dirichlet', ['concentration', ['validate_args', null]]);

/**
 * Vectors of positive numbers whose sum is 1.
 * @param concentration how much each of them weighs, along the last dimension
 * @throws ValueError for weights that are not positive, or without a dimension
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.dirichlet.Dirichlet
 */
export class Dirichlet extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.dirichlet';
  static readonly arg_constraints: ArgConstraints = {
    concentration: constraints.independent(constraints.positive, 1),
  };
  static readonly support: constraints.Constraint = constraints.simplex;
  static override readonly has_rsample: boolean = true;

  declare readonly concentration: Tensor;

  constructor(...args: Arguments<DirichletParameters, ['concentration', 'validate_args']>) {
    const { concentration, validate_args } = dirichlet_arguments(args);
    check_tensor(concentration);
    if (concentration.dim() < 1) throw new ValueError('`concentration` parameter must be at least one-dimensional.');
    super();
    own(this, 'concentration', concentration);
    this.__init__(concentration.shape.slice(0, -1), concentration.shape.slice(-1), validate_args);
  }

  override get mean(): Tensor {
    return this.concentration.div(this.concentration.sum(-1, true));
  }
  override get mode(): Tensor {
    const excess = this.concentration.sub(1).clamp(0);
    const mode = excess.div(excess.sum(-1, true));
    const corner = aten.one_hot(mode.argmax(-1), this.event_shape[0]!).to(mode);
    return corner.where(this.concentration.lt(1).all(-1, true), mode);
  }
  override get variance(): Tensor {
    const { concentration } = this;
    const total = concentration.sum(-1, true);
    return concentration.mul(total.sub(concentration)).div(total.pow(2).mul(total.add(1)));
  }

  override rsample(...args: SampleArguments): Tensor {
    return DirichletSample.apply(this.concentration.expand(this._sample_shape(args)));
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const { concentration } = this;
    return concentration
      .sub(1)
      .xlogy(value)
      .sum(-1)
      .add(concentration.sum(-1).lgamma())
      .sub(concentration.lgamma().sum(-1));
  }

  override entropy(): Tensor {
    const { concentration } = this;
    const total = concentration.sum(-1);
    return concentration
      .lgamma()
      .sum(-1)
      .sub(total.lgamma())
      .sub(aten.rsub(total, concentration.size(-1)).mul(total.digamma()))
      .sub(concentration.sub(1).mul(concentration.digamma()).sum(-1));
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration];
  }

  override _log_normalizer(x: Tensor): Tensor {
    return x.lgamma().sum(-1).sub(x.sum(-1).lgamma());
  }
}
