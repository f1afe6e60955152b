/**
 * Jacobians, Hessians and products with them, of functions of tensors.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#functional-higher-level-api
 */
export { hessian, type HessianOptions, jacobian, type JacobianOptions, type Strategy } from './jacobian.ts';
export { hvp, jvp, type ProductOptions, vhp, vjp } from './products.ts';
