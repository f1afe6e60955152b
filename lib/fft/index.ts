/**
 * Discrete Fourier transforms. LibTorch has all of them; the functions are generated from its schemas.
 * @see https://docs.pytorch.org/docs/stable/fft.html
 */
export * from '../generated/fft.ts';
