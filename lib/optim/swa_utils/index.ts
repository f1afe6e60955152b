/**
 * Averages of the models that training has gone through: their mean (stochastic weight averaging), or a moving one.
 * @see https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export { AveragedModel } from './averaged_model.ts';
export type { AveragedModelParameters } from './averaged_model.ts';
export { get_ema_avg_fn, get_ema_multi_avg_fn, get_swa_avg_fn, get_swa_multi_avg_fn } from './averaging.ts';
export type { AvgFn, MultiAvgFn } from './averaging.ts';
export { SWALR } from './swalr.ts';
export type { SWALRParameters } from './swalr.ts';
export { update_bn } from './update_bn.ts';
export type { UpdateBnParameters } from './update_bn.ts';
