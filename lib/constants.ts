/**
 * Numbers, and what LibTorch was built with.
 * @see https://docs.pytorch.org/docs/stable/constants.html
 */
import { native } from './native.ts';

/** Euler's number. */
export const e: number = Math.E;
/** Infinity. */
export const inf: number = Infinity;
/** Not a number. */
export const nan: number = NaN;
/** The circle constant. */
export const pi: number = Math.PI;
/** The index that makes a dimension of size 1: `x.index([torch.newaxis, 0])`. */
export const newaxis: null = null;

const parts = native.built_with();

/** Was LibTorch built with LAPACK, which `torch.linalg` needs on the CPU? */
export const has_lapack: boolean = parts.includes('lapack');
/** Was LibTorch built with Intel's MKL? */
export const has_mkl: boolean = parts.includes('mkl');
/** Was LibTorch built with OpenMP? */
export const has_openmp: boolean = parts.includes('openmp');
/** Can LibTorch compute Fourier transforms? */
export const has_spectral: boolean = true;

/** Was LibTorch built with the C++ library's newer binary interface? All since 2.7 are. */
export function compiled_with_cxx11_abi(): boolean {
  return true;
}
