// Everything in Python's `torch` namespace.

// LibTorch's operators; what is exported by name below comes first.
export * from './generated/functions.ts';

export * from './errors.ts';
export {
  bfloat16, bit, bits16, bits1x8, bits2x4, bits4x2, bits8, bool, cdouble, cfloat, chalf, complex128, complex32,
  complex64, double, dtype, float, float16, float32, float64, float4_e2m1fn_x2, float8_e4m3fn, float8_e4m3fnuz,
  float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu, get_default_dtype, half, int, int1, int16, int2, int3, int32, int4,
  int5, int6, int64, int7, int8, long, qint32, qint8, quint2x4, quint4x2, quint8, set_default_dtype, short, uint1,
  uint16, uint2, uint3, uint32, uint4, uint5, uint6, uint64, uint7, uint8,
} from './dtype.ts';
export { device, type DeviceLike } from './device.ts';
export {
  _mkldnn, channels_last, channels_last_3d, contiguous_format, jagged, layout, legacy_contiguous_format, memory_format,
  preserve_format,
  sparse_bsc, sparse_bsr, sparse_coo, sparse_csc, sparse_csr, strided,
} from './layout.ts';
export { Size } from './size.ts';
export { Complex } from './complex.ts';
export { Tensor, type Scalar } from './tensor.ts';
export {
  autocast_decrement_nesting, autocast_increment_nesting, clear_autocast_cache, get_autocast_cpu_dtype,
  get_autocast_dtype, get_autocast_gpu_dtype, is_autocast_cache_enabled, is_autocast_cpu_enabled, is_autocast_enabled,
  set_autocast_cache_enabled, set_autocast_cpu_dtype, set_autocast_cpu_enabled, set_autocast_dtype,
  set_autocast_enabled, set_autocast_gpu_dtype,
} from './autocast_state.ts';
export {
  is_anomaly_check_nan_enabled, is_anomaly_enabled, set_anomaly_enabled,
} from './autograd/anomaly_state.ts';
export {
  compiled_with_cxx11_abi, e, has_lapack, has_mkl, has_openmp, has_spectral, inf, nan, newaxis, pi,
} from './constants.ts';
export { asarray, as_tensor, from_numpy, frombuffer, is_tensor, tensor, type TensorData } from './creation.ts';
export { get_default_device, set_default_device } from './default_device.ts';
export { get_device_module } from './device_module.ts';
export {
  are_deterministic_algorithms_enabled, get_deterministic_debug_mode, get_float32_matmul_precision,
  is_deterministic_algorithms_warn_only_enabled, is_warn_always_enabled, set_deterministic_debug_mode,
  set_float32_matmul_precision, set_flush_denormal, set_warn_always, use_deterministic_algorithms,
} from './determinism.ts';
export {
  atleast_1d, atleast_2d, atleast_3d, block_diag, broadcast_shapes, broadcast_tensors, cartesian_prod, cdist,
  chain_matmul, eig, einsum, lobpcg, lstsq, lu, matrix_rank, meshgrid, nonzero, norm, pca_lowrank, solve, split, stft, svd_lowrank,
  symeig, tensordot, unique, unique_consecutive, unravel_index,
} from './functional/index.ts';
export { get_device, is_inference, is_storage, numel, typename } from './inquiries.ts';
export {
  BFloat16Tensor, BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor,
  type LegacyTensorType, LongTensor, set_default_tensor_type, ShortTensor,
} from './legacy_tensor.ts';
export { TypedStorage, UntypedStorage } from './storage.ts';
export { hspmm as hsmm, mm as dsmm, mm as spmm, sspaddmm as saddmm } from './generated/functions.ts';
export { finfo, iinfo } from './type_info.ts';
export { slice, Slice, type Index } from './indexing.ts';
export {
  sparse_bsc_tensor, sparse_bsr_tensor, sparse_compressed_tensor, sparse_coo_tensor, sparse_csc_tensor,
  sparse_csr_tensor,
} from './sparse/creation.ts';
export { promote_types, result_type } from './type_promotion.ts';
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from './autograd/grad_mode.ts';
export {
  default_generator,
  Generator,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  type Seed,
  set_rng_state,
} from './random.ts';
export { ops } from './_ops.ts';
export { get_printoptions, set_printoptions } from './tensor_str.ts';
export { get_num_interop_threads, get_num_threads, set_num_interop_threads, set_num_threads } from './threads.ts';
export { Event, Stream } from './streams.ts';
export { __version__ } from './version.ts';
export { vmap } from './func/vmap.ts';
export { load, save } from './serialization/index.ts';
export { OrderedDict } from './ordered_dict.ts';
export { autocast, GradScaler } from './amp/index.ts';

export * as accelerator from './accelerator/index.ts';
export * as amp from './amp/index.ts';
export * as autograd from './autograd/index.ts';
export * as backends from './backends/index.ts';
export * as cpu from './cpu/index.ts';
export * as cuda from './cuda/index.ts';
export * as distributions from './distributions/index.ts';
export * as fft from './fft/index.ts';
export * as func from './func/index.ts';
export * as hub from './hub/index.ts';
export * as linalg from './linalg/index.ts';
export * as masked from './masked/index.ts';
export * as memory from './memory.ts';
export * as nested from './nested/index.ts';
export * as nn from './nn/index.ts';
export * as optim from './optim/index.ts';
export type * as return_types from './return_types.ts';
export * as random from './random.ts';
export * as signal from './signal/index.ts';
export * as sparse from './sparse/index.ts';
export * as special from './special/index.ts';
export * as testing from './testing/index.ts';
export * as utils from './utils/index.ts';
export * as version from './version.ts';
export * as __config__ from './config.ts';
