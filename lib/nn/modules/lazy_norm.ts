/** What batch norms and instance norms that find out their features from the first input have in common. */
import type { Arguments } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { UninitializedBuffer, UninitializedParameter, is_lazy } from '../parameter.ts';
import type { BatchNormOptions, _NormBase } from './batchnorm.ts';
import { family } from './family.ts';
import { LazyModuleMixin } from './lazy.ts';
import type { LazyClass, LazyModule } from './lazy.ts';

export type LazyNormOptions = Omit<BatchNormOptions, 'num_features'>;
export type LazyNormArguments = Arguments<
  LazyNormOptions,
  ['eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype']
>;
const lazy_norm_arguments = family<LazyNormOptions>(
  [
    ['eps', 1e-5],
    ['momentum', 0.1],
    ['affine', true],
    ['track_running_stats', true],
    ['device', null],
    ['dtype', null],
  ],
  [['bias', true]],
);

/** The arguments for the constructor of a layer whose parameters and buffers are not known yet. */
function unknown_features(options: Required<LazyNormOptions>): Required<BatchNormOptions> {
  return { ...options, num_features: 0, affine: false, track_running_stats: false, bias: false };
}

/** Puts parameters and buffers without a shape in the place of those that the constructor made. */
function begin_lazily(module: _NormBase, options: Required<LazyNormOptions>): void {
  const { affine, track_running_stats, bias, device, dtype } = options;
  module.affine = affine;
  module.track_running_stats = track_running_stats;
  if (affine) {
    module.weight = new UninitializedParameter({ device, dtype });
    if (bias) module.bias = new UninitializedParameter({ device, dtype });
  }
  if (track_running_stats) {
    module.running_mean = new UninitializedBuffer({ device, dtype });
    module.running_var = new UninitializedBuffer({ device, dtype });
    module.num_batches_tracked = aten.zeros([], { device, dtype: int64 });
  }
}

/** Gives a layer the features of its first input. */
function initialize_norm(module: _NormBase & LazyModule, input: Tensor): void {
  if (!module.has_uninitialized_params()) return;
  const features = input.size(1);
  module.num_features = features;
  for (const member of [module.weight, module.bias, module.running_mean, module.running_var]) {
    if (is_lazy(member)) member.materialize([features]);
  }
  module.reset_parameters();
}

// TypeScript wants the constructors of mixins to be of exactly this kind.
type NormConstructor = new (...args: any[]) => _NormBase & { reset_parameters(): void };
type LazyNormConstructor<B extends NormConstructor> = new (...args: LazyNormArguments) => InstanceType<B> & LazyModule;

/** A class like the norm `Base` that takes `num_features` from its first input. */
export function LazyNormMixin<B extends NormConstructor>(Base: B): LazyNormConstructor<B> & LazyClass {
  abstract class LazyNorm extends LazyModuleMixin(Base as NormConstructor) {
    constructor(...args: any[]) {
      const options = lazy_norm_arguments(new.target.name, args);
      super(unknown_features(options));
      begin_lazily(this, options);
    }

    override _inferred_size(): number {
      return this.num_features;
    }

    override initialize_parameters(input: Tensor): void {
      initialize_norm(this, input);
    }
  }
  return LazyNorm as unknown as LazyNormConstructor<B> & LazyClass;
}
