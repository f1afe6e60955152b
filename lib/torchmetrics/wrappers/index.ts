/**
 * `torchmetrics.wrappers`: metrics made of metrics.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * from './abstract.ts';
export * from './bootstrapping.ts';
export * from './classwise.ts';
export * from './minmax.ts';
export * from './running.ts';
export * from './tracker.ts';
