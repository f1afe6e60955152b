/**
 * Functional programming with modules: their parameters as arguments.
 * @see https://docs.pytorch.org/docs/stable/func.html
 */
export { functional_call, stack_module_state } from './functional_call.ts';
