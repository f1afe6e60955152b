/**
 * Optimizers.
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export { Adam } from './adam.ts';
export type { AdamOptions, AdamParamGroup, Betas } from './adam.ts';
export { AdamW } from './adamw.ts';
export type { AdamWOptions } from './adamw.ts';
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
export type { CommonOptions } from './options.ts';
export { SGD } from './sgd.ts';
export type { SGDOptions, SGDParamGroup } from './sgd.ts';

export * as lr_scheduler from './lr_scheduler/index.ts';
export * as swa_utils from './swa_utils/index.ts';
