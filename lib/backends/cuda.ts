/**
 * What LibTorch may do on NVIDIA's GPUs.
 * @see https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.cuda
 */
import { is_built } from '../cuda/device.ts';
import { RuntimeError } from '../errors.ts';
import { native } from '../native.ts';
import { define_precision, define_switches, type Float32Precision } from './switches.ts';

export { is_built };

/** `torch.backends.cuda.matmul`: how precise products of matrices are. */
export interface CudaMatmul {
  /** May they round float32 to TF32? */
  allow_tf32: boolean;
  /** May sums in float16 be rounded on the way? */
  allow_fp16_reduced_precision_reduction: boolean;
  /** May sums in bfloat16 be rounded on the way? */
  allow_bf16_reduced_precision_reduction: boolean;
  /** May products in float16 be added up in float16? */
  allow_fp16_accumulation: boolean;
  fp32_precision: Float32Precision;
}

/** Products of matrices. */
export const matmul: CudaMatmul = {} as CudaMatmul;
const MATMUL = [
  'allow_tf32',
  'allow_fp16_reduced_precision_reduction',
  'allow_bf16_reduced_precision_reduction',
  'allow_fp16_accumulation',
];
define_switches(matmul, Object.fromEntries(MATMUL.map((name) => [name, `cuda.matmul.${name}`])));
define_precision(matmul, 'cuda', 'matmul');

/** May attention use FlashAttention? */
export function flash_sdp_enabled(): boolean {
  return native.backend_switch('cuda.flash_sdp');
}

/** Sets whether attention may use FlashAttention. */
export function enable_flash_sdp(enabled: boolean): void {
  native.backend_switch('cuda.flash_sdp', enabled);
}

/** May attention use the kernel that saves memory? */
export function mem_efficient_sdp_enabled(): boolean {
  return native.backend_switch('cuda.mem_efficient_sdp');
}

/** Sets whether attention may use the kernel that saves memory. */
export function enable_mem_efficient_sdp(enabled: boolean): void {
  native.backend_switch('cuda.mem_efficient_sdp', enabled);
}

/** May attention be composed of plain operators? */
export function math_sdp_enabled(): boolean {
  return native.backend_switch('cuda.math_sdp');
}

/** Sets whether attention may be composed of plain operators. */
export function enable_math_sdp(enabled: boolean): void {
  native.backend_switch('cuda.math_sdp', enabled);
}

/** May attention use cuDNN? */
export function cudnn_sdp_enabled(): boolean {
  return native.backend_switch('cuda.cudnn_sdp');
}

/** Sets whether attention may use cuDNN. */
export function enable_cudnn_sdp(enabled: boolean): void {
  native.backend_switch('cuda.cudnn_sdp', enabled);
}

/** May attention of plain operators add up in half precision? */
export function fp16_bf16_reduction_math_sdp_allowed(): boolean {
  return native.backend_switch('cuda.fp16_bf16_reduction_math_sdp');
}

/** Sets whether attention of plain operators may add up in half precision. */
export function allow_fp16_bf16_reduction_math_sdp(enabled: boolean): void {
  native.backend_switch('cuda.fp16_bf16_reduction_math_sdp', enabled);
}

/** The libraries for linear algebra. */
export type LinalgLibrary = 'default' | 'cusolver' | 'magma';
const LIBRARIES: readonly LinalgLibrary[] = ['default', 'cusolver', 'magma'];

/**
 * The library that linear algebra uses where there is a choice; sets it first if one is given.
 * @throws RuntimeError for another name
 * @see https://docs.pytorch.org/docs/stable/backends.html#torch.backends.cuda.preferred_linalg_library
 */
export function preferred_linalg_library(backend: LinalgLibrary | null = null): LinalgLibrary {
  if (backend !== null && !LIBRARIES.includes(backend)) {
    throw new RuntimeError(`Unknown input value. Choose from: ${LIBRARIES.join(', ')}.`);
  }
  return native.preferred_linalg_library(backend ?? undefined) as LinalgLibrary;
}
