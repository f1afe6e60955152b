/**
 * Whether gradients are recorded, as a namespace of its own.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#locally-disabling-gradient-computation
 */
export { enable_grad, inference_mode, no_grad, set_grad_enabled } from './grad_mode.ts';
