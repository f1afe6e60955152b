/**
 * From unconstrained numbers to those that satisfy a constraint: `biject_to(constraint)` one to one, for samplers that
 * need densities, and `transform_to(constraint)` any way that suits optimizers.
 * @see https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraint_registry
 */
import { NotImplementedError, TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
import * as constraints from './constraints.ts';
import { Constraint } from './constraints.ts';
import {
  AffineTransform,
  CatTransform,
  ComposeTransform,
  CorrCholeskyTransform,
  ExpTransform,
  IndependentTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
  SigmoidTransform,
  SoftmaxTransform,
  StackTransform,
  StickBreakingTransform,
  type Transform,
  identity_transform,
} from './transforms.ts';

type ConstraintClass<C extends Constraint> = abstract new (...args: never) => C;
type Factory<C extends Constraint> = (constraint: C) => Transform;

/** Which transform leads to which class of constraints; it is called with a constraint. */
export interface ConstraintRegistry {
  /**
   * @throws NotImplementedError for constraints of a class that nothing is registered for
   */
  (constraint: Constraint): Transform;
  /**
   * Registers how transforms are made for constraints of a class, or of the class of a given constraint.
   * @throws TypeError for anything else
   */
  register<C extends Constraint>(constraint: ConstraintClass<C> | C, factory: Factory<C>): Factory<C>;
  /** Without a factory: a function that registers the one it is given. */
  register<C extends Constraint>(constraint: ConstraintClass<C> | C): (factory: Factory<C>) => Factory<C>;
}

/** Makes an empty registry. */
export function ConstraintRegistry(): ConstraintRegistry {
  const factories = new Map<object, Factory<never>>();

  const registry = (constraint: Constraint): Transform => {
    const factory = constraint instanceof Constraint ? factories.get(constraint.constructor) : undefined;
    if (factory !== undefined) return (factory as Factory<Constraint>)(constraint);
    const name = constraint instanceof Constraint ? constraint.constructor.name : type_name(constraint);
    throw new NotImplementedError(`Cannot transform ${name} constraints`);
  };

  const register = (constraint: unknown, factory?: Factory<never>): unknown => {
    if (factory === undefined) return (one: Factory<never>) => register(constraint, one);
    let cls: unknown = constraint instanceof Constraint ? constraint.constructor : constraint;
    if (typeof cls === 'function') cls = (cls.prototype as object | undefined)?.constructor;
    if (typeof cls !== 'function' || !(cls.prototype instanceof Constraint)) {
      throw new TypeError(
        `Expected constraint to be either a Constraint subclass or instance, but got ${String(constraint)}`,
      );
    }
    factories.set(cls, factory);
    return factory;
  };

  return Object.assign(registry, { register }) as ConstraintRegistry;
}

/** One-to-one transforms, whose Jacobian is known. */
export const biject_to: ConstraintRegistry = ConstraintRegistry();
/** Transforms that need not be one to one. */
export const transform_to: ConstraintRegistry = ConstraintRegistry();

function lower_bounded({ lower_bound }: { lower_bound: constraints.Bound }): Transform {
  return new ComposeTransform([new ExpTransform(), new AffineTransform(lower_bound, 1)]);
}

function bounded(constraint: { lower_bound: constraints.Bound; upper_bound: constraints.Bound }): Transform {
  const { lower_bound, upper_bound } = constraint;
  if (lower_bound === 0 && upper_bound === 1) return new SigmoidTransform();
  const scale =
    typeof upper_bound !== 'number'
      ? upper_bound.sub(lower_bound)
      : typeof lower_bound === 'number'
        ? upper_bound - lower_bound
        : lower_bound.neg().add(upper_bound);
  return new ComposeTransform([new SigmoidTransform(), new AffineTransform(lower_bound, scale)]);
}

for (const registry of [biject_to, transform_to]) {
  registry.register(constraints.real, () => identity_transform);
  registry.register(constraints._GreaterThan, lower_bounded);
  registry.register(constraints._GreaterThanEq, lower_bounded);
  registry.register(
    constraints._LessThan,
    ({ upper_bound }) => new ComposeTransform([new ExpTransform(), new AffineTransform(upper_bound, -1)]),
  );
  registry.register(constraints._Interval, bounded);
  registry.register(constraints._HalfOpenInterval, bounded);
  registry.register(constraints.corr_cholesky, () => new CorrCholeskyTransform());
  registry.register(
    constraints._IndependentConstraint,
    ({ base_constraint, reinterpreted_batch_ndims }) =>
      new IndependentTransform(registry(base_constraint), reinterpreted_batch_ndims),
  );
  registry.register(
    constraints._Cat,
    ({ cseq, dim, lengths }) => new CatTransform(cseq.map(registry), dim, lengths),
  );
  registry.register(constraints._Stack, ({ cseq, dim }) => new StackTransform(cseq.map(registry), dim));
}
biject_to.register(constraints.simplex, () => new StickBreakingTransform());
transform_to.register(constraints.simplex, () => new SoftmaxTransform());
transform_to.register(constraints.lower_cholesky, () => new LowerCholeskyTransform());
transform_to.register(constraints.positive_definite, () => new PositiveDefiniteTransform());
transform_to.register(constraints.positive_semidefinite, () => new PositiveDefiniteTransform());
