/**
 * The functions behind the layers, without their parameters.
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html
 */
export * from './functional/activation.ts';
export * from './functional/attention.ts';
export * from './functional/convolution.ts';
export * from './functional/distance.ts';
export * from './functional/dropout.ts';
export * from './functional/interpolate.ts';
export * from './functional/linear.ts';
export * from './functional/linear_cross_entropy.ts';
export * from './functional/loss.ts';
export * from './functional/normalization.ts';
export * from './functional/padding.ts';
export * from './functional/pooling.ts';
export * from './functional/scaled_mm.ts';
export * from './functional/sparse.ts';
export * from './functional/vision.ts';
