/**
 * Functions that make functions: gradients, Jacobians and batches of what is given them, and modules with their
 * parameters as arguments.
 * @see https://docs.pytorch.org/docs/stable/func.html
 */
export type { Argnums } from './arguments.ts';
export { replace_all_batch_norm_modules_ } from './batch_norm.ts';
export { debug_unwrap } from './debug_unwrap.ts';
export { functional_call, stack_module_state } from './functional_call.ts';
export { grad, grad_and_value, vjp, type VjpFunction } from './grad.ts';
export { hessian, jacfwd, type Jacobian, jacrev } from './jacobian.ts';
export { jvp, linearize } from './jvp.ts';
export { rearrange } from './rearrange.ts';
export { type BatchDims, type Randomness, vmap, type VmapOptions } from './vmap.ts';
