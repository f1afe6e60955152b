import { native } from './native.ts';

/** The version of the LibTorch that is loaded, which is the version of PyTorch whose API this is. */
export const __version__: string = native.version();
