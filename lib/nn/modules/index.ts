/** All modules, file by file. */
import * as activation from './activation.ts';
import * as batchnorm from './batchnorm.ts';
import { register_layers } from './chain.ts';
import * as channelshuffle from './channelshuffle.ts';
import * as conv from './conv.ts';
import * as dropout from './dropout.ts';
import * as flatten from './flatten.ts';
import * as fold from './fold.ts';
import * as instancenorm from './instancenorm.ts';
import { Identity, Linear } from './linear.ts';
import * as normalization from './normalization.ts';
import * as padding from './padding.ts';
import * as pixelshuffle from './pixelshuffle.ts';
import * as pooling from './pooling.ts';
import { Embedding } from './sparse.ts';
import * as upsampling from './upsampling.ts';

export * from './activation.ts';
export * from './adaptive.ts';
export * from './batchnorm.ts';
export * from './channelshuffle.ts';
export * from './container.ts';
export * from './conv.ts';
export * from './distance.ts';
export * from './dropout.ts';
export * from './flatten.ts';
export * from './fold.ts';
export * from './instancenorm.ts';
export { Bilinear, Identity, LazyLinear, Linear } from './linear.ts';
export type { BilinearOptions, FactoryOptions, LazyLinearOptions, LinearOptions } from './linear.ts';
export * from './linear_cross_entropy_options.ts';
export * from './loss.ts';
export { Module } from './module.ts';
export type {
  NamedMembersOptions,
  NamedModulesOptions,
  RegisterBufferOptions,
  StateDictOptions,
  ToEmptyOptions,
} from './module.ts';
export * from './normalization.ts';
export * from './padding.ts';
export * from './pixelshuffle.ts';
export * from './pooling.ts';
export * from './rnn.ts';
export * from './sparse.ts';
export * from './transformer.ts';
export * from './upsampling.ts';
export { IncompatibleKeys } from './state_dict.ts';
export type { LoadStateDictOptions, StateDict, StateDictLike } from './state_dict.ts';
export type { OptionalSizeLike, SizeLike } from './sizes.ts';
export type { ToOptions } from './to_arguments.ts';

export type {
  BackwardHookFunction,
  BackwardPreHookFunction,
  ForwardHook,
  ForwardHookOptions,
  ForwardHookWithKwargs,
  ForwardPreHook,
  ForwardPreHookWithKwargs,
  HookOptions,
  ModuleGradients,
} from './module_hooks.ts';
export type { RegistrationHook } from './registration_hooks.ts';

/** Layers that find out their sizes from the first input. */
export * as lazy from './lazy.ts';
/** Hooks on all modules at once. */
export * as module from './global_hooks.ts';

const FAMILIES = [
  activation,
  batchnorm,
  channelshuffle,
  conv,
  dropout,
  flatten,
  fold,
  instancenorm,
  normalization,
  padding,
  pixelshuffle,
  pooling,
  upsampling,
];
register_layers([Identity, Linear, Embedding, ...FAMILIES.flatMap((family) => Object.values(family))]);
