/**
 * `torchmetrics.image`: metrics of images against what they should be.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/
 */
export * from './psnr.ts';
