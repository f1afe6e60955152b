/**
 * cuDNN, NVIDIA's library for convolutions and recurrent layers.
 * @see https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.cudnn
 */
import { is_kwargs } from '../arguments.ts';
import type { Guard } from '../autograd/grad_mode.ts';
import { native } from '../native.ts';
import { define_precision, define_switches, type Float32Precision, with_settings } from './switches.ts';

/** What `flags` can set. */
export interface CudnnFlags {
  enabled: boolean;
  benchmark: boolean;
  benchmark_limit: number | null;
  deterministic: boolean;
  allow_tf32: boolean;
}

/** `torch.backends.cudnn`. */
export interface Cudnn extends CudnnFlags {
  /** May cuDNN be used at all? */
  enabled: boolean;
  /** Are several algorithms tried for each new shape, to keep the fastest? */
  benchmark: boolean;
  /** How many algorithms are tried, 0 for all; null without cuDNN. */
  benchmark_limit: number | null;
  /** Are only algorithms used that always give the same? */
  deterministic: boolean;
  /** May convolutions round float32 to TF32? */
  allow_tf32: boolean;
  fp32_precision: Float32Precision;
  readonly conv: { fp32_precision: Float32Precision };
  readonly rnn: { fp32_precision: Float32Precision };
  /** Is cuDNN there? */
  is_available(): boolean;
  /** Its version, such as 91900; null without it. */
  version(): number | null;
  /** Sets flags inside a callback or the block of a `using`; what is left out is as in Python: off. */
  flags(values?: Partial<CudnnFlags>): Guard;
  flags<T>(values: Partial<CudnnFlags>, callback: () => T): T;
}

const conv = {};
const rnn = {};
define_precision(conv, 'cuda', 'conv');
define_precision(rnn, 'cuda', 'rnn');

const defaults: CudnnFlags = {
  enabled: false,
  benchmark: false,
  benchmark_limit: 10,
  deterministic: false,
  allow_tf32: true,
};

/** cuDNN's switches. */
export const cudnn: Cudnn = {
  conv,
  rnn,
  is_available: () => native.cuda_versions().cudnn !== null,
  version: () => native.cuda_versions().cudnn,
  flags<T>(values: Partial<CudnnFlags> = {}, callback?: () => T): T | Guard {
    const all: Partial<CudnnFlags> = { ...defaults, ...(is_kwargs(values) ? values : {}) };
    if (!cudnn.is_available()) delete all.benchmark_limit;
    return with_settings('flags', cudnn as CudnnFlags, all, callback);
  },
  get benchmark_limit() {
    return cudnn.is_available() ? native.cudnn_benchmark_limit() : null;
  },
  set benchmark_limit(limit) {
    if (limit !== null) native.cudnn_benchmark_limit(limit);
  },
} as Cudnn;
define_switches(cudnn, {
  enabled: 'cudnn.enabled',
  benchmark: 'cudnn.benchmark',
  deterministic: 'cudnn.deterministic',
  allow_tf32: 'cudnn.allow_tf32',
});
define_precision(cudnn, 'cuda', 'all');
