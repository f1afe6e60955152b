/**
 * Optimizers.
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export { Adadelta } from './adadelta.ts';
export type { AdadeltaOptions, AdadeltaParamGroup } from './adadelta.ts';
export { Adafactor } from './adafactor.ts';
export type { AdafactorOptions, AdafactorParamGroup } from './adafactor.ts';
export { Adagrad } from './adagrad.ts';
export type { AdagradOptions, AdagradParamGroup } from './adagrad.ts';
export { Adam } from './adam.ts';
export type { AdamOptions, AdamParamGroup, Betas } from './adam.ts';
export { Adamax } from './adamax.ts';
export type { AdamaxOptions, AdamaxParamGroup } from './adamax.ts';
export { AdamW } from './adamw.ts';
export type { AdamWOptions } from './adamw.ts';
export { ASGD } from './asgd.ts';
export type { ASGDOptions, ASGDParamGroup } from './asgd.ts';
export { LBFGS } from './lbfgs.ts';
export type { LBFGSOptions, LBFGSParamGroup } from './lbfgs.ts';
export { Muon } from './muon.ts';
export type { MuonOptions, MuonParamGroup } from './muon.ts';
export { NAdam } from './nadam.ts';
export type { NAdamOptions, NAdamParamGroup } from './nadam.ts';
export {
  Optimizer,
  OptimizerState,
  register_optimizer_step_post_hook,
  register_optimizer_step_pre_hook,
} from './optimizer.ts';
export type {
  Closure,
  NamedParam,
  OptimizerPostHook,
  OptimizerPreHook,
  OptimizerStateDict,
  OptimizerStateDictLike,
  ParamGroup,
  ParamGroupLike,
  Params,
  ParamState,
} from './optimizer.ts';
export type { CapturableOptions, CommonOptions } from './options.ts';
export { RAdam } from './radam.ts';
export type { RAdamOptions, RAdamParamGroup } from './radam.ts';
export { RMSprop } from './rmsprop.ts';
export type { RMSpropOptions, RMSpropParamGroup } from './rmsprop.ts';
export { Rprop } from './rprop.ts';
export type { RpropOptions, RpropParamGroup } from './rprop.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions, SGDParamGroup } from './sgd.ts';
export { SparseAdam } from './sparse_adam.ts';
export type { SparseAdamOptions, SparseAdamParamGroup } from './sparse_adam.ts';
export { swap_in_optimizer_params_and_state } from './stateless.ts';

export * as lr_scheduler from './lr_scheduler/index.ts';
export * as swa_utils from './swa_utils/index.ts';
