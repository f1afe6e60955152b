/**
 * Versions, as `torch.version` has them.
 */
import { native } from './native.ts';

/** The version of the LibTorch that is loaded, which is the version of PyTorch whose API this is. */
export const __version__: string = native.version();

const { runtime } = native.cuda_versions();

/** The version of CUDA that LibTorch was built with, such as `'13.0'`; null for a LibTorch without CUDA. */
export const cuda: string | null =
  runtime === null ? null : `${Math.floor(runtime / 1000)}.${Math.floor((runtime % 1000) / 10)}`;
