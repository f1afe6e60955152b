// Everything in Python's `torch` namespace.

// LibTorch's operators; what is exported by name below comes first.
export * from './generated/functions.ts';

export * from './errors.ts';
export * from './dtype.ts';
export { device, type DeviceLike } from './device.ts';
export * from './layout.ts';
export { Size } from './size.ts';
export { Complex } from './complex.ts';
export { Tensor, type Scalar } from './tensor.ts';
export { as_tensor, from_numpy, frombuffer, is_tensor, tensor, type TensorData } from './creation.ts';
export { slice, Slice, type Index } from './indexing.ts';
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
export { get_printoptions, set_printoptions } from './tensor_str.ts';
export { get_num_interop_threads, get_num_threads, set_num_interop_threads, set_num_threads } from './threads.ts';
export { __version__ } from './version.ts';
export { load, save } from './serialization/index.ts';
export { OrderedDict } from './ordered_dict.ts';

export * as autograd from './autograd/index.ts';
export * as cuda from './cuda/index.ts';
export * as memory from './memory.ts';
export * as nn from './nn/index.ts';
export * as optim from './optim/index.ts';
export * as utils from './utils/index.ts';
export * as __config__ from './config.ts';
