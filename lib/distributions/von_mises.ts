import { type Arguments, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { float64 } from '../dtype.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import * as constraints from './constraints.ts';
import { type ArgConstraints, Distribution, type Validation } from './distribution.ts';
import type { SampleArguments, Shape, Value, ValueArguments } from './shapes.ts';

/**
 * Polynomials for the modified Bessel functions of order 0 and 1, below 3.75 and above (Abramowitz and Stegun, 9.8.1 to
 * 9.8.4).
 */
const BESSEL = [
  {
    below: [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2],
    above: [
      0.39894228, 0.1328592e-1, 0.225319e-2, -0.157565e-2, 0.916281e-2, -0.2057706e-1, 0.2635537e-1, -0.1647633e-1,
      0.392377e-2,
    ],
  },
  {
    below: [0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3],
    above: [
      0.39894228, -0.3988024e-1, -0.362018e-2, 0.163801e-2, -0.1031555e-1, 0.2282967e-1, -0.2895312e-1, 0.1787654e-1,
      -0.420059e-2,
    ],
  },
] as const;

function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const [last, ...others] = [...coefficients].reverse();
  return others.slice(1).reduce(
    (sum, coefficient) => x.mul(sum).add(coefficient),
    x.mul(last!).add(others[0]!),
  );
}

/** The logarithm of the modified Bessel function of the first kind, for positive numbers. */
function log_modified_bessel(x: Tensor, order: 0 | 1): Tensor {
  const { below, above } = BESSEL[order];
  let small = polynomial(x.div(3.75).pow(2), below);
  if (order === 1) small = x.abs().mul(small);
  const large = x.sub(x.log().mul(0.5)).add(polynomial(x.reciprocal().mul(3.75), above).log());
  return aten.where(x.lt(3.75), small.log(), large);
}

/** Draws angles around 0, in double precision: candidates are drawn until one has been accepted everywhere. */
function draw_by_rejection(concentration: Tensor, proposal: Tensor, shape: Shape): Tensor {
  const { dtype, device } = concentration;
  let angles = aten.zeros(shape, { dtype, device });
  let done = aten.zeros(shape, { device }).bool();
  while (!done.all().item()) {
    const [u1, u2, u3] = aten.rand([3, ...shape], { dtype, device }).unbind(0) as [Tensor, Tensor, Tensor];
    const z = u1.mul(Math.PI).cos();
    const f = proposal.mul(z).add(1).div(proposal.add(z));
    const c = concentration.mul(proposal.sub(f));
    const accept = c
      .mul(aten.rsub(c, 2))
      .sub(u2)
      .gt(0)
      .bitwise_or(c.div(u2).log().add(1).sub(c).ge(0));
    angles = aten.where(accept, u3.sub(0.5).sign().mul(f.acos()), angles);
    done = done.bitwise_or(accept);
  }
  return angles;
}

export interface VonMisesParameters extends Validation {
  loc: Value;
  concentration: Value;
}

const von_mises_arguments = signature<VonMisesParameters>('VonMises', [
  'loc',
  'concentration',
  ['validate_args', null],
]);

/**
 * Angles, in radians: the normal distribution of the circle.
 * @param loc the mean angle
 * @param concentration how close to it angles are; about the inverse of a variance
 * @throws ValueError for a concentration that is not positive
 * @see https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.von_mises.VonMises
 */
export class VonMises extends Distribution {
  static override readonly __module__: string = 'torch.distributions.von_mises';
  static readonly arg_constraints: ArgConstraints = { loc: constraints.real, concentration: constraints.positive };
  static readonly support: constraints.Constraint = constraints.real;

  declare readonly loc: Tensor;
  declare readonly concentration: Tensor;

  constructor(...args: Arguments<VonMisesParameters, ['loc', 'concentration', 'validate_args']>) {
    const { loc, concentration, validate_args } = von_mises_arguments(args);
    super();
    this._broadcast({ loc, concentration }, validate_args);
  }

  /** The mean direction. */
  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  /** The circular variance, from 0 to 1. */
  override get variance(): Tensor {
    const { concentration } = this;
    const length = log_modified_bessel(concentration, 1).sub(log_modified_bessel(concentration, 0)).exp();
    return aten.rsub(length, 1);
  }

  /** Samples are from -pi to pi. */
  override sample(...args: SampleArguments): Tensor {
    const shape = this._sample_shape(args);
    return no_grad(() => {
      const kappa = this.concentration.to(float64);
      const tau = kappa.pow(2).mul(4).add(1).sqrt().add(1);
      const rho = tau.sub(tau.mul(2).sqrt()).div(kappa.mul(2));
      const proposal = rho.pow(2).add(1).div(rho.mul(2));
      // For small ones this is a difference of nearly equal numbers.
      const steady = aten.where(kappa.lt(1e-5), kappa.reciprocal().add(kappa), proposal);
      const angles = draw_by_rejection(kappa, steady, shape);
      const turned = angles.add(Math.PI).add(this.loc.to(float64)).remainder(2 * Math.PI);
      return turned.sub(Math.PI).to(this.loc.dtype);
    });
  }

  override log_prob(...args: ValueArguments): Tensor {
    const value = this._value(args);
    const { concentration } = this;
    return concentration
      .mul(value.sub(this.loc).cos())
      .sub(Math.log(2 * Math.PI))
      .sub(log_modified_bessel(concentration, 0));
  }
}
