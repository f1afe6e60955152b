import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, EULER, type Validation } from './distribution.ts';
import { broadcast_all, type Value, type ValueArguments } from './shapes.ts';
import { TransformedFamily } from './transformed_family.ts';
import { AffineTransform, ExpTransform } from './transforms.ts';
import { Uniform } from './uniform.ts';

export interface GumbelParameters extends Validation {
  loc: Value;
  scale: Value;
}

const gumbel_arguments = signature<GumbelParameters>('Gumbel', ['loc', 'scale', ['validate_args', null]]);

/**
 * The Gumbel distribution, of the largest of many numbers.
 * @param loc the mode
 * @throws ValueError for a scale that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.gumbel.Gumbel
 */
export class Gumbel extends TransformedFamily<Uniform> {
  static override readonly __module__: string = 'torch.distributions.gumbel';
  static override readonly arg_constraints: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
  static override readonly support: constraints.Constraint = constraints.real;

  declare readonly loc: Tensor;
  declare readonly scale: Tensor;

  constructor(...args: Arguments<GumbelParameters, ['loc', 'scale', 'validate_args']>) {
    const given = gumbel_arguments(args);
    const { validate_args } = given;
    const [loc, scale] = broadcast_all(given.loc, given.scale);
    const { tiny, eps } = new finfo(loc.dtype);
    const uniform = new Uniform(aten.full_like(loc, tiny), aten.full_like(loc, 1 - eps), { validate_args });
    const steps = [
      new ExpTransform().inv,
      new AffineTransform(0, aten.ones_like(scale).neg()),
      new ExpTransform().inv,
      new AffineTransform(loc, scale.neg()),
    ];
    super(uniform, steps, { validate_args: false });
    this._with_parameters({ loc, scale }, validate_args);
  }

  override get mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER));
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }
  override get variance(): Tensor {
    return this.stddev.pow(2);
  }

  override log_prob(...args: ValueArguments): Tensor {
    const y = this.loc.sub(this._value(args)).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }

  override entropy(): Tensor {
    return this.scale.log().add(1 + EULER);
  }
}
