/**
 * Linear algebra. LibTorch has all of it; the functions are generated from its schemas.
 * @see https://docs.pytorch.org/docs/stable/linalg.html
 */
export * from '../generated/linalg.ts';
export { LinAlgError } from '../errors.ts';
