import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { Dirichlet } from './dirichlet.ts';
import { type ArgConstraints, own, type Validation } from './distribution.ts';
import { ExponentialFamily } from './exp_family.ts';
import {
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  type Value,
  type ValueArguments,
} from './shapes.ts';

export interface BetaParameters extends Validation {
  concentration1: Value;
  concentration0: Value;
}

const beta_arguments = signature<BetaParameters>('Beta', [
  'concentration1',
  'concentration0',
  ['validate_args', null],
]);

/**
 * Numbers between 0 and 1: the first of two of a `Dirichlet` distribution.
 * @param concentration1 how much 1 weighs, alpha
 * @param concentration0 how much 0 weighs, beta
 * @throws ValueError for weights that are not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.beta.Beta
 */
export class Beta extends ExponentialFamily {
  static override readonly __module__: string = 'torch.distributions.beta';
  static readonly arg_constraints: ArgConstraints = {
    concentration1: constraints.positive,
    concentration0: constraints.positive,
  };
  static readonly support: constraints.Constraint = constraints.unit_interval;
  static override readonly has_rsample: boolean = true;

  readonly _dirichlet: Dirichlet;

  constructor(...args: Arguments<BetaParameters, ['concentration1', 'concentration0', 'validate_args']>) {
    const { concentration1, concentration0, validate_args } = beta_arguments(args);
    super();
    const concentration = aten.stack(broadcast_all(concentration1, concentration0), -1);
    this._dirichlet = new Dirichlet(concentration, { validate_args });
    this.__init__(this._dirichlet.batch_shape, [], validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = this._copy(batch_shape);
    own(copy, '_dirichlet', this._dirichlet.expand(batch_shape));
    return copy;
  }

  get concentration1(): Tensor {
    return this._dirichlet.concentration.select(-1, 0);
  }
  get concentration0(): Tensor {
    return this._dirichlet.concentration.select(-1, 1);
  }
  override get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }
  override get mode(): Tensor {
    return this._dirichlet.mode.select(-1, 0);
  }
  override get variance(): Tensor {
    const total = this.concentration1.add(this.concentration0);
    return this.concentration1.mul(this.concentration0).div(total.pow(2).mul(total.add(1)));
  }

  override rsample(...args: SampleArguments): Tensor {
    return this._dirichlet.rsample(...args).select(-1, 0);
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    return this._dirichlet.log_prob(aten.stack([value, aten.rsub(value, 1)], -1));
  }

  override entropy(): Tensor {
    return this._dirichlet.entropy();
  }

  override get _natural_params(): readonly Tensor[] {
    return [this.concentration1, this.concentration0];
  }

  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.lgamma().add(y.lgamma()).sub(x.add(y).lgamma());
  }
}
