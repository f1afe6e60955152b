import type { Tensor } from '../tensor.ts';
import type { Constraint } from './constraints.ts';
import { type Distribution, own } from './distribution.ts';
import { batch_shape_of, type ExpandArguments } from './shapes.ts';
import { TransformedDistribution } from './transformed_distribution.ts';

/**
 * A transformed distribution that has a name, parameters and a support of its own: what `static support` says counts
 * and not the codomain of the last transform.
 */
export class TransformedFamily<D extends Distribution = Distribution> extends TransformedDistribution<D> {
  static readonly support?: Constraint;
  static override readonly has_rsample: boolean = true;

  override get support(): Constraint {
    return this._class.support ?? super.support;
  }

  override get has_rsample(): boolean {
    return this._class.has_rsample;
  }

  /** Sets parameters that the base distribution does not have, and checks them; they have one shape already. */
  protected _with_parameters(parameters: Readonly<Record<string, Tensor>>, validate_args: boolean | null): void {
    for (const [name, value] of Object.entries(parameters)) own(this, name, value);
    this.__init__(this.batch_shape, this.event_shape, validate_args);
  }

  override expand(...args: ExpandArguments): this {
    return this._expanded(batch_shape_of(args), this.arg_constraints, () => super.expand(...args));
  }
}
