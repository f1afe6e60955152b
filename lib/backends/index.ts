/**
 * The libraries that LibTorch computes with: whether they are there, whether they may be used, and how precisely.
 * @see https://docs.pytorch.org/docs/stable/backends.html
 */
import { native } from '../native.ts';

export * as cuda from './cuda.ts';
export { cudnn } from './cudnn.ts';
export { mkldnn } from './mkldnn.ts';

const built_with = (part: string) => (): boolean => native.built_with().includes(part);

/** The processor. See https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.cpu */
export const cpu = {
  /** The vector instructions whose kernels run: `'DEFAULT'`, `'AVX2'`, `'AVX512'`, … */
  get_cpu_capability: (): string => native.cpu_capability(),
};

/** Intel's MKL. See https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.mkl */
export const mkl = {
  /** Was LibTorch built with it? */
  is_available: built_with('mkl'),
};

/** OpenMP, by which operators use several threads. See https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.openmp */
export const openmp = {
  /** Was LibTorch built with it? */
  is_available: built_with('openmp'),
};

/** Apple's GPUs. See https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.mps */
export const mps = {
  /** Was LibTorch built for them? */
  is_built: (): boolean => native.compiled_accelerator() === 'mps',
  /** Is there one that can be used? */
  is_available: (): boolean => native.accelerator() === 'mps',
};
