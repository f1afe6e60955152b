/**
 * Special functions of mathematics. LibTorch has all of them; the functions are generated from its schemas.
 * @see https://docs.pytorch.org/docs/stable/special.html
 */
export * from '../generated/special.ts';
