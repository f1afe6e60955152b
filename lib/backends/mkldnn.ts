/**
 * oneDNN, which LibTorch calls by its old name MKL-DNN.
 * @see https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.mkldnn
 */
import type { Guard } from '../autograd/grad_mode.ts';
import { native } from '../native.ts';
import { define_precision, define_switches, type Float32Precision, with_settings } from './switches.ts';

/** What `flags` can set. */
export interface MkldnnFlags {
  enabled: boolean;
  deterministic: boolean;
  fp32_precision: Float32Precision;
}

/** `torch.backends.mkldnn`. */
export interface Mkldnn extends MkldnnFlags {
  /** May oneDNN be used at all? */
  enabled: boolean;
  /** Are only algorithms used that always give the same? */
  deterministic: boolean;
  fp32_precision: Float32Precision;
  readonly matmul: { fp32_precision: Float32Precision };
  readonly conv: { fp32_precision: Float32Precision };
  readonly rnn: { fp32_precision: Float32Precision };
  /** Was LibTorch built with it? */
  is_available(): boolean;
  /** Sets flags inside a callback or the block of a `using`; what is left out is as in Python: off. */
  flags(values?: Partial<MkldnnFlags>): Guard;
  flags<T>(values: Partial<MkldnnFlags>, callback: () => T): T;
}

function precision_of(operation: string): { fp32_precision: Float32Precision } {
  const target = {};
  define_precision(target, 'mkldnn', operation);
  return target as { fp32_precision: Float32Precision };
}

const defaults: MkldnnFlags = { enabled: false, deterministic: false, fp32_precision: 'none' };

/** oneDNN's switches. */
export const mkldnn: Mkldnn = {
  matmul: precision_of('matmul'),
  conv: precision_of('conv'),
  rnn: precision_of('rnn'),
  is_available: () => native.built_with().includes('mkldnn'),
  flags<T>(values: Partial<MkldnnFlags> = {}, callback?: () => T): T | Guard {
    return with_settings('flags', mkldnn as MkldnnFlags, { ...defaults, ...values }, callback);
  },
} as Mkldnn;
define_switches(mkldnn, { enabled: 'mkldnn.enabled', deterministic: 'mkldnn.deterministic' });
define_precision(mkldnn, 'mkldnn', 'all');
