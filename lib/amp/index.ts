/**
 * Automatic mixed precision: `autocast` runs what loses little by it in a narrower dtype, and `GradScaler` keeps
 * gradients in the range of that dtype.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
export {
  autocast, type AutocastParameters, custom_bwd, custom_fwd, type CustomFwdParameters, is_autocast_available,
} from './autocast_mode.ts';
export {
  GradScaler, type GradScalerParameters, type GradScalerState, type Scalable, type Scaled,
} from './grad_scaler.ts';
