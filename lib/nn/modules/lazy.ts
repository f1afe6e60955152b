/**
 * Layers that find out the sizes of their parameters from the first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.lazy.LazyModuleMixin.html
 */
import { is_kwargs } from '../../arguments.ts';
import { NotImplementedError, RuntimeError, TypeError } from '../../errors.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor } from '../checked_arguments.ts';
import { is_lazy } from '../parameter.ts';
import type { Module } from './module.ts';
import type { StateDict } from './state_dict.ts';

/** What {@link LazyModuleMixin} adds to a class. */
export interface LazyModule {
  /** Whether there is a parameter or a buffer whose shape is not known yet. */
  has_uninitialized_params(): boolean;
  /**
   * Gives parameters and buffers their shapes, and values, from the arguments of the first call.
   * @throws NotImplementedError if a subclass does not define it
   */
  initialize_parameters(...args: unknown[]): void;
  /** The size that is 0 until it is known; only then are there values to be drawn. */
  _inferred_size(): number;
}

// TypeScript wants the constructors of mixins to be of exactly this kind.
type AnyConstructor<T> = new (...args: any[]) => T;

/** The class that a module of a lazy class has after its first call. */
export type LazyClass = { cls_to_become: { prototype: Module } | null };

/** A module whose initial values can be drawn. */
type Resettable = Module & { reset_parameters(): void };

/**
 * A class like `Base` whose parameters may be uninitialized: at the first call they get shapes and values, and the
 * module becomes one of the class `cls_to_become`.
 *
 * ```ts
 * class LazyScale extends LazyModuleMixin(Scale) {
 *   static override cls_to_become = Scale;
 *   override initialize_parameters(input: Tensor): void { ... }
 *   override _inferred_size(): number { ... }
 * }
 * ```
 */
export function LazyModuleMixin<B extends AnyConstructor<Resettable>>(
  Base: B,
): B & AnyConstructor<LazyModule> & LazyClass {
  class Lazy extends (Base as AnyConstructor<Resettable>) implements LazyModule {
    static cls_to_become: { prototype: Module } | null = null;

    initialize_parameters(...args: unknown[]): void {
      void args;
      throw new NotImplementedError(`initialize_parameters is not implemented for ${this._get_name()}`);
    }

    _inferred_size(): number {
      return 1;
    }

    has_uninitialized_params(): boolean {
      return [...this._parameters.values(), ...this._buffers.values()].some(is_lazy);
    }

    override reset_parameters(): void {
      if (!this.has_uninitialized_params() && this._inferred_size() !== 0) super.reset_parameters();
    }

    override forward(...args: unknown[]): unknown {
      const [first] = args;
      const given = is_kwargs(first) ? [first['input']] : args;
      if (given[0] === undefined) {
        throw new TypeError("initialize_parameters() missing 1 required positional argument: 'input'");
      }
      check_tensor('forward', 'input', given[0]);
      this.initialize_parameters(...given);
      if (this.has_uninitialized_params()) {
        throw new RuntimeError(`module ${this._get_name()} has not been fully initialized`);
      }
      const { cls_to_become } = this.constructor as unknown as LazyClass;
      if (cls_to_become !== null) Object.setPrototypeOf(this, cls_to_become.prototype);
      return super.forward(...args) as unknown;
    }

    override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
      super._save_to_state_dict(destination, prefix, keep_vars);
      // What has no shape cannot be detached and used, so it is saved as it is.
      for (const [name, member] of [...this._parameters, ...this._buffers]) {
        if (is_lazy(member) && destination.has(prefix + name)) destination.set(prefix + name, member);
      }
    }

    override _load_from_state_dict(
      state_dict: OrderedDict<string, unknown>,
      prefix: string,
      ...rest: [Record<string, unknown>, boolean, string[], string[], string[]]
    ): void {
      for (const [name, member] of [...this._parameters, ...this._buffers]) {
        const given = state_dict.get(prefix + name);
        if (is_lazy(member) && given !== undefined && !is_lazy(given)) member.materialize((given as Tensor).shape);
      }
      super._load_from_state_dict(state_dict, prefix, ...rest);
    }
  }
  return Lazy as unknown as B & AnyConstructor<LazyModule> & LazyClass;
}
