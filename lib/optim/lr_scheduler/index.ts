/**
 * Schedulers of learning rates.
 * @see https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export type { Rate } from './arithmetic.ts';
export { ChainedScheduler } from './chained_scheduler.ts';
export type { ChainedSchedulerParameters } from './chained_scheduler.ts';
export { ConstantLR } from './constant_lr.ts';
export type { ConstantLRParameters } from './constant_lr.ts';
export { CosineAnnealingLR } from './cosine_annealing_lr.ts';
export type { CosineAnnealingLRParameters } from './cosine_annealing_lr.ts';
export { CosineAnnealingWarmRestarts } from './cosine_annealing_warm_restarts.ts';
export type { CosineAnnealingWarmRestartsParameters } from './cosine_annealing_warm_restarts.ts';
export { CyclicLR } from './cyclic_lr.ts';
export type { CyclicLRParameters } from './cyclic_lr.ts';
export type { EpochFunction } from './epoch_function.ts';
export { ExponentialLR } from './exponential_lr.ts';
export type { ExponentialLRParameters } from './exponential_lr.ts';
export type { PerGroup } from './groups.ts';
export { LambdaLR, MultiplicativeLR } from './lambda_lr.ts';
export type { LambdaLRParameters } from './lambda_lr.ts';
export { LinearLR } from './linear_lr.ts';
export type { LinearLRParameters } from './linear_lr.ts';
export { OneCycleLR } from './one_cycle_lr.ts';
export type { OneCycleLRParameters, SchedulePhase } from './one_cycle_lr.ts';
export { PolynomialLR } from './polynomial_lr.ts';
export type { PolynomialLRParameters } from './polynomial_lr.ts';
export { ReduceLROnPlateau } from './reduce_lr_on_plateau.ts';
export type { PlateauStepParameters, ReduceLROnPlateauParameters } from './reduce_lr_on_plateau.ts';
export { _LRScheduler, LRScheduler } from './scheduler.ts';
export type { LRSchedulerStateDict, LRSchedulerStateDictLike } from './scheduler.ts';
export { SequentialLR } from './sequential_lr.ts';
export type { SequentialLRParameters } from './sequential_lr.ts';
export { MultiStepLR, StepLR } from './step_lr.ts';
export type { MultiStepLRParameters, StepLRParameters } from './step_lr.ts';
