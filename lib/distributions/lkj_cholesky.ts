import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { finfo } from '../type_info.ts';
import { Beta } from './beta.ts';
import { type Constraint, corr_cholesky, positive } from './constraints.ts';
import { type ArgConstraints, Distribution, own, standard_normal, type Validation } from './distribution.ts';
import {
  batch_shape_of,
  broadcast_all,
  type ExpandArguments,
  type SampleArguments,
  sample_shape_of,
  type Value,
  type ValueArguments,
} from './shapes.ts';

interface LKJParameters extends Validation {
  dim: number;
  concentration?: Value;
}
const lkj_arguments = signature<LKJParameters>('LKJCholesky', [
  'dim',
  ['concentration', 1],
  ['validate_args', null],
]);

/**
 * Cholesky factors of random correlation matrices, whose density is proportional to the determinant of the matrix to
 * the power `concentration - 1`: with 1 all matrices are equally likely, with more the ones near the identity are
 * likelier. (Lewandowski, Kurowicka and Joe, 2009)
 *
 * @param dim how many rows the matrices have, at least 2
 * @param concentration positive (default: 1)
 * @throws ValueError for a `dim` that is no whole number from 2 on
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.lkj_cholesky.LKJCholesky
 */
export class LKJCholesky extends Distribution {
  static override readonly __module__: string = 'torch.distributions.lkj_cholesky';
  static readonly arg_constraints: ArgConstraints = { concentration: positive };
  static readonly support: Constraint = corr_cholesky;

  /** How many rows the matrices have. */
  declare readonly dim: number;
  declare readonly concentration: Tensor;
  /** How the squared length of a row's part below the diagonal is distributed, for each row. */
  declare private _beta: Beta;

  constructor(...args: Arguments<LKJParameters, ['dim', 'concentration', 'validate_args']>) {
    super();
    const { dim, concentration, validate_args } = lkj_arguments(args);
    if (typeof dim !== 'number') {
      throw new TypeError(`'<' not supported between instances of '${type_name(dim)}' and 'int'`);
    }
    if (dim < 2 || !Number.isInteger(dim)) {
      throw new ValueError(`Expected dim to be an integer greater than or equal to 2. Found dim=${dim}.`);
    }
    this.dim = dim;
    [this.concentration] = broadcast_all(concentration);
    const { dtype, device } = this.concentration;
    // Row i + 1 of the onion: i elements before the diagonal; the first row has none, and its draw is not used.
    const counts = aten.cat([
      aten.zeros([1], { dtype, device }),
      aten.arange(dim - 1, { dtype, device }),
    ]);
    const rest = this.concentration.add(0.5 * (dim - 2)).unsqueeze(-1);
    this._beta = new Beta(counts.add(0.5), rest.sub(counts.mul(0.5)));
    this.__init__(this.concentration.shape, [dim, dim], validate_args);
  }

  override expand(...args: ExpandArguments): this {
    const batch_shape = batch_shape_of(args);
    const copy = super.expand(batch_shape);
    own(copy, 'dim', this.dim);
    copy._beta = this._beta.expand(batch_shape.concat(this.dim));
    return copy;
  }

  /** Draws row by row: a direction, and how far from the diagonal it leads. */
  override sample(...args: SampleArguments): Tensor {
    const sample_shape = sample_shape_of(args);
    return no_grad(() => {
      const length = this._beta.sample(sample_shape).unsqueeze(-1);
      const normal = standard_normal(this._extended_shape(sample_shape), this.concentration).tril(-1);
      const direction = normal.div(normal.norm(2, -1, true));
      direction.select(-2, 0).fill_(0); // zeros over the length zero
      const below = length.sqrt().mul(direction);
      const { tiny } = new finfo(below.dtype);
      const diagonal = aten.rsub(below.pow(2).sum(-1), 1).clamp(tiny).sqrt();
      return below.add(diagonal.diag_embed());
    });
  }

  override log_prob(...args: ValueArguments): Tensor {
    const diagonal = this._value(args).diagonal(0, -2, -1).narrow(-1, 1, this.dim - 1);
    const { dim, concentration } = this;
    const { dtype, device } = concentration;
    const later_rows = aten.arange(dim - 2, -1, -1, { dtype, device });
    const powers = concentration.sub(1).mul(2).unsqueeze(-1).add(later_rows);
    const half_degrees = concentration.add(0.5 * (dim - 1));
    const log_volume = half_degrees
      .sub(0.5)
      .mvlgamma(dim - 1)
      .sub(half_degrees.lgamma().mul(dim - 1))
      .add(0.5 * (dim - 1) * Math.log(Math.PI));
    return powers.mul(diagonal.log()).sum(-1).sub(log_volume);
  }
}
