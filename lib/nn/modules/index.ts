/** All modules, file by file. */
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
