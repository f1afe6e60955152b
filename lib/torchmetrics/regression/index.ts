/**
 * `torchmetrics.regression`: metrics of predicted numbers.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * from './correlation.ts';
export * from './errors.ts';
export * from './explained.ts';
